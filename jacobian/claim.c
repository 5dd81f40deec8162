#include "jacobian/claim.h"

#include "jacobian/claim_names_internal.h"
#include "jacobian/formula/caret.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/read.h"
#include "jacobian/order.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { MOST_FREE = 6 };

void jac_claimed_free(struct jac_claimed *claimed) {
  free(claimed->data);
  free(claimed->enclosure);
  *claimed = (struct jac_claimed){0};
}

void jac_claim_free(struct jac_claim *claim) {
  jac_arena_free(&claim->arena);
  free(claim->text);
  *claim = (struct jac_claim){.arena = JAC_ARENA_INIT};
}

enum jac_status jac_claim_read(const struct jac_map *map, const char *text,
                               struct jac_claim *claim, struct jac_error *err) {
  struct jac_word word[80];
  struct jac_vocabulary vocabulary = {word, jac_claim_vocabulary(map, word, 80), 0};
  size_t position = 0;
  *claim = (struct jac_claim){.arena = JAC_ARENA_INIT};
  size_t length = strlen(text) + 1;
  claim->text = malloc(length);
  if (claim->text == NULL)
    return jac_fail_memory(err);
  memcpy(claim->text, text, length);
  enum jac_status status =
      jac_latex_looks(text)
          ? jac_latex_read(&claim->arena, text, &vocabulary, &claim->tree, &position, err)
          : jac_formula_read(&claim->arena, text, &claim->tree, &position, err);
  return status == JAC_EINPUT ? jac_caret(err, text, position) : status;
}

/* Free names: indices of an entry. */
struct indices {
  const char *name[MOST_FREE];
  size_t count;
  bool many;
};

static bool known(const struct jac_environment *env, const char *name) {
  static const char *const own[] = {"I", "1", ".", "pi", "e"};
  bool is = false;
  for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
    is = is || strcmp(own[k], name) == 0;
  for (size_t k = 0; k < env->nnamed; k++)
    is = is || strcmp(env->named[k].name, name) == 0;
  for (size_t k = 0; k < env->nwhere; k++)
    is = is || strcmp(env->where_left[k]->name, name) == 0;
  for (size_t k = 0; k < env->map->nconstant; k++)
    is = is || strcmp(env->map->constant[k].name, name) == 0;
  return is;
}

/* Adds a name in its place by the alphabet. */
static void add_free(struct indices *f, const char *name) {
  for (size_t k = 0; k < f->count; k++)
    if (strcmp(f->name[k], name) == 0)
      return;
  if (f->count == MOST_FREE) {
    f->many = true;
    return;
  }
  size_t at = f->count++;
  for (; at > 0 && strcmp(f->name[at - 1], name) > 0; at--)
    f->name[at] = f->name[at - 1];
  f->name[at] = name;
}

static void find_free(const struct jac_environment *env, node_t n, struct indices *f,
                      bool index) {
  if (n->kind == JAC_NAME) {
    if (index && n->name[1] == '\0' && !known(env, n->name))
      add_free(f, n->name);
    return;
  }
  bool binds = n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT;
  bool indices = index || n->kind == JAC_ENTRY || n->kind == JAC_DELTA ||
                 n->kind == JAC_COMPARE || n->kind == JAC_AT;
  for (size_t k = 0; k < n->count; k++) {
    struct indices inside = {.count = 0};
    bool at = indices && !(n->kind == JAC_AT && k == 0);
    find_free(env, n->child[k], &inside, at);
    f->many = f->many || inside.many;
    for (size_t j = 0; j < inside.count; j++)
      if (!binds || k > 0 || strcmp(inside.name[j], n->name) != 0)
        add_free(f, inside.name[j]);
  }
}

/* The native names n, o, i, j of the modules' own entry formulas; of a map that couples
 * samples, m is the variable's. */
static bool native(const struct jac_map *map, const struct indices *f) {
  for (size_t k = 0; k < f->count; k++)
    if (strcmp(f->name[k], "n") == 0 || strcmp(f->name[k], "o") == 0 ||
        (map->coupled && strcmp(f->name[k], "m") == 0))
      return true;
  return false;
}

static size_t native_indices(const struct jac_map *map, size_t v, size_t s, size_t i,
                             size_t j, struct jac_index_value index[8]) {
  static const char *const parameter[3][3] = {{"i"}, {"i", "j"}, {"h", "i", "j"}};
  const struct jac_variable *var = &map->var[v];
  size_t n = map->coupled ? i / map->cols : s, o = map->coupled ? i % map->cols : i;
  size_t count = 0, at[3];
  index[count++] = (struct jac_index_value){"n", n + 1};
  if (map->channels > 0)
    index[count++] = (struct jac_index_value){"l", o / map->channels + 1};
  index[count++] =
      (struct jac_index_value){"o", (map->channels > 0 ? o % map->channels : o) + 1};
  jac_number_to_index(var, JAC_ORDER_F,
                      !map->coupled && var->role == JAC_DATA ? s * var->dims[1] + j : j,
                      at);
  if (var->role == JAC_DATA) {
    index[count++] = (struct jac_index_value){"m", at[0] + 1};
    if (var->channels > 0)
      index[count++] = (struct jac_index_value){"q", at[1] / var->channels + 1};
    index[count++] = (struct jac_index_value){
        "i", (var->channels > 0 ? at[1] % var->channels : at[1]) + 1};
    return count;
  }
  for (size_t d = 0; d < var->ndim; d++)
    index[count++] = (struct jac_index_value){parameter[var->ndim - 1][d], at[d] + 1};
  return count;
}

/* The order of the free names that a manner asks for: which is the output's, which of the
 * variable's dimensions the others are. */
static bool permute(size_t number, size_t count, size_t order[MOST_FREE]) {
  static const size_t two[][2] = {{0, 1}, {1, 0}};
  static const size_t three[][3] = {{0, 1, 2}, {2, 0, 1}, {1, 0, 2},
                                    {0, 2, 1}, {2, 1, 0}, {1, 2, 0}};
  if (count == 2 && number < 2)
    memcpy(order, two[number], sizeof two[0]);
  else if (count == 3 && number < 6)
    memcpy(order, three[number], sizeof three[0]);
  else if (count == 1 && number == 0)
    order[0] = 0;
  else
    return false;
  return true;
}

static size_t own_indices(const struct jac_map *map, size_t v, size_t i, size_t j,
                          const struct indices *f, const size_t order[MOST_FREE],
                          bool columns, struct jac_index_value index[8]) {
  const struct jac_variable *var = &map->var[v];
  size_t at[3], count = 0, first = var->role == JAC_DATA ? 1 : 0;
  jac_number_to_index(var, JAC_ORDER_F, j, at);
  index[count++] = (struct jac_index_value){f->name[order[0]], i + 1};
  for (size_t d = first; d < var->ndim && count < f->count; d++) {
    size_t dim = columns && var->ndim == 2 && first == 0 ? 1 - d : d;
    index[count] = (struct jac_index_value){f->name[order[count]], at[dim] + 1};
    count++;
  }
  return count;
}

/* The claim's number, and its interval where the type has them, at one place. */
static enum jac_status one_entry(const struct jac_claim *claim,
                                 const struct jac_environment *env,
                                 const struct jac_index_value *index, size_t count,
                                 struct jac_claimed *c, size_t place,
                                 struct jac_error *err) {
  struct jac_result result;
  enum jac_status status =
      jac_formula_value(claim->tree, env, index, count, &result, NULL, err);
  if (status != JAC_OK)
    return status;
  if (result.rows * result.cols != 1)
    status =
        jac_fail(err, JAC_EINPUT, _("the value is a matrix of %zux%zu, not a number"),
                 result.rows, result.cols);
  else
    c->data[place] = result.value[0];
  if (status == JAC_OK && c->enclosure != NULL)
    c->enclosure[place] = result.enclosure[0];
  jac_result_free(&result);
  return status;
}

/* Room for what a claim gives, all zero. */
static enum jac_status make_room(struct jac_claimed *c, size_t slices, size_t rows,
                                 size_t cols, const struct jac_number_type *type,
                                 struct jac_error *err) {
  if (c->data != NULL)
    return JAC_OK;
  size_t count = slices * rows * cols + 1;
  bool certified = type != NULL && type->enclose != NULL;
  c->slices = slices;
  c->rows = rows;
  c->cols = cols;
  c->data = calloc(count, sizeof *c->data);
  c->enclosure = certified ? calloc(count, sizeof *c->enclosure) : NULL;
  return c->data == NULL || (certified && c->enclosure == NULL) ? jac_fail_memory(err)
                                                                : JAC_OK;
}

/* A claim for an entry, at every entry of a slice. */
static enum jac_status
entries(const struct jac_map *map, size_t wrt, const struct jac_claim *claim,
        const struct jac_claim_manner *manner, const struct jac_claim_names *names,
        const struct indices *f, size_t s, struct jac_claimed *c, struct jac_error *err) {
  const struct jac_variable *var = &map->var[wrt];
  bool by_name = native(map, f);
  size_t order[MOST_FREE] = {0}, needed = var->role == JAC_DATA ? 2 : 1 + var->ndim;
  bool diagonal = !by_name && f->count == 1 && needed == 2;
  if (by_name ? manner->indices > 0 || manner->columns
              : !diagonal &&
                    (f->count != needed || !permute(manner->indices, f->count, order)))
    return jac_fail(err, JAC_EREFUSED, _("it has %zu free indices, an entry has %zu"),
                    f->count, needed);
  if (diagonal != manner->entrywise || (diagonal && manner->indices > 0))
    return jac_fail(err, JAC_EREFUSED,
                    _("it has one free index: it tells the diagonal alone"));
  for (size_t i = 0; i < c->rows; i++)
    for (size_t j = 0; j < c->cols; j++) {
      struct jac_index_value index[8] = {{f->count > 0 ? f->name[0] : "", i + 1}};
      size_t count = by_name ? native_indices(map, wrt, s, i, j, index)
                     : diagonal
                         ? 1
                         : own_indices(map, wrt, i, j, f, order, manner->columns, index);
      if (diagonal && i != j)
        continue;
      enum jac_status status =
          one_entry(claim, by_name ? &names->whole : &names->env, index, count, c,
                    (s * c->rows + i) * c->cols + j, err);
      if (status != JAC_OK)
        return status;
    }
  if (!by_name && !diagonal)
    snprintf(c->meaning, sizeof c->meaning,
             f->count == 2 ? _("%s the output's index and %s the variable's")
                           : _("%s the output's index, %s and %s the variable's"),
             f->name[order[0]], f->name[order[1]],
             f->count == 3 ? f->name[order[2]] : "");
  return JAC_OK;
}

/* A claim for the matrix of a sample. */
static enum jac_status matrix(const struct jac_claim *claim,
                              const struct jac_claim_manner *manner,
                              struct jac_environment *env, size_t s, size_t slices,
                              size_t rows, size_t cols, struct jac_claimed *c,
                              struct jac_error *err) {
  struct jac_result result;
  size_t position = 0;
  env->want_rows = rows;
  env->want_cols = cols;
  enum jac_status status =
      jac_formula_value(claim->tree, env, NULL, 0, &result, &position, err);
  if (status == JAC_EINPUT || status == JAC_EUNKNOWN)
    return jac_caret(err, claim->text, position);
  if (status != JAC_OK)
    return status;
  bool vector = (result.rows == 1 || result.cols == 1) && rows == cols && rows > 1 &&
                result.rows * result.cols == rows;
  if (vector != manner->entrywise) {
    jac_result_free(&result);
    return jac_fail(err, JAC_EREFUSED, _("it is a vector: it tells the diagonal alone"));
  }
  size_t r = vector ? rows : result.rows, k = vector ? cols : result.cols;
  status = make_room(c, slices, r, k, env->type, err);
  for (size_t d = 0; d < result.rows * result.cols && status == JAC_OK; d++) {
    size_t place = vector ? (s * rows + d) * cols + d : s * r * k + d;
    c->data[place] = result.value[d];
    if (c->enclosure != NULL)
      c->enclosure[place] = result.enclosure[d];
  }
  jac_result_free(&result);
  return status;
}

enum jac_status jac_claim_evaluate(const struct jac_map *map, jac_point x, size_t wrt,
                                   const struct jac_claim *claim,
                                   const struct jac_claim_manner *manner,
                                   const struct jac_number_type *type,
                                   struct jac_claimed *claimed, struct jac_error *err) {
  size_t slices, rows, cols;
  enum jac_status status = JAC_OK;
  *claimed = (struct jac_claimed){0};
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  for (size_t s = 0; s < slices && status == JAC_OK; s++) {
    struct jac_claim_names *names = malloc(sizeof *names);
    struct indices f = {.count = 0};
    if (names == NULL)
      return jac_fail_memory(err);
    status = jac_claim_names_make(map, x, s, manner->columns, type, names, err);
    if (status != JAC_OK) {
      free(names);
      break;
    }
    find_free(&names->env, claim->tree, &f, false);
    claimed->nindices = f.count;
    if (f.many)
      status = jac_fail(err, JAC_EINPUT, _("an entry has at most %d indices"), MOST_FREE);
    else if (f.count == 0 && manner->indices == 0)
      status = matrix(claim, manner, &names->env, s, slices, rows, cols, claimed, err);
    else if (f.count == 0)
      status = jac_fail(err, JAC_EREFUSED, _("it has no indices"));
    else {
      status = make_room(claimed, slices, rows, cols, type, err);
      if (status == JAC_OK)
        status = entries(map, wrt, claim, manner, names, &f, s, claimed, err);
    }
    jac_claim_names_free(names);
    free(names);
  }
  if (status != JAC_OK)
    jac_claimed_free(claimed);
  return status;
}
