#include "jacobian/formula/formula_map.h"

#include "jacobian/buffer.h"
#include "jacobian/formula/caret.h"
#include "jacobian/formula/differentiate.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/formula/spell.h"
#include "jacobian/order.h"
#include "jacobian/text.h"
#include "jacobian/values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { MOST_VARIABLES = 24 };

struct formula_map {
  struct jac_map map;
  struct jac_arena arena;
  struct jac_environment env; /* quantities; named is filled at each evaluation */
  node_t right;
  size_t rows, cols; /* of the value: a column's are turned in the map */
  node_t derivative[MOST_VARIABLES];
  char *definition, *where, *entry[MOST_VARIABLES];
};

static void free_map(struct jac_map *map) {
  struct formula_map *f = (struct formula_map *)map;
  jac_arena_free(&f->arena);
  free(f->definition);
  free(f->where);
  for (size_t k = 0; k < MOST_VARIABLES; k++)
    free(f->entry[k]);
}

/* The environment at a point; named has room for every variable. */
static struct jac_environment at_point(const struct formula_map *f, jac_point x,
                                       struct jac_named *named) {
  struct jac_environment env = f->env;
  for (size_t v = 0; v < f->map.nvar; v++) {
    const struct jac_variable *var = &f->map.var[v];
    named[v] =
        (struct jac_named){.name = var->name,
                           .ndim = var->ndim,
                           .dims = {var->dims[0], var->ndim > 1 ? var->dims[1] : 0},
                           .data = x[v]->data,
                           .tda = x[v]->tda};
  }
  env.named = named;
  env.nnamed = f->map.nvar;
  return env;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct formula_map *f = (const struct formula_map *)map;
  struct jac_named named[MOST_VARIABLES];
  struct jac_environment env = at_point(f, x, named);
  struct jac_result result;
  if (jac_formula_value(f->right, &env, NULL, 0, &result, NULL, NULL) != JAC_OK) {
    gsl_matrix_set_all(y, NAN); /* no value here: an inverse that does not exist */
    return JAC_OK;
  }
  for (size_t k = 0; k < map->rows * map->cols; k++)
    gsl_matrix_set(y, k / map->cols, k % map->cols, result.value[k]);
  jac_result_free(&result);
  return JAC_OK;
}

/* The derivatives of all outputs along a direction, or along one number. */
static enum jac_status along(const struct formula_map *f, jac_point x, const double *seed,
                             const double *tangent, size_t ntangent, double *out) {
  struct jac_named named[MOST_VARIABLES];
  struct jac_environment env = at_point(f, x, named);
  struct jac_number_type dual = jac_dual_of(&jac_double);
  struct jac_result result;
  size_t outputs = f->map.rows * f->map.cols;
  env.type = &dual;
  env.seed = seed;
  env.tangent = tangent;
  env.ntangent = ntangent;
  enum jac_status status =
      jac_formula_value(f->right, &env, NULL, 0, &result, NULL, NULL);
  for (size_t k = 0; k < outputs; k++)
    out[k] = status == JAC_OK && !isnan(result.value[k]) ? result.slope[k] : NAN;
  jac_result_free(&result);
  return status == JAC_ENOMEM ? status : JAC_OK;
}

/* Output k and the variable's number j as the indices of the derivative's formula. */
static size_t indices(const struct formula_map *f, size_t v, size_t k, size_t j,
                      struct jac_index_value index[4]) {
  const struct jac_variable *var = &f->map.var[v];
  size_t at[3], count = 0;
  jac_number_to_index(var, JAC_ORDER_F, j, at);
  index[count++] = (struct jac_index_value){"n", k / f->map.cols + 1};
  index[count++] = (struct jac_index_value){"o", k % f->map.cols + 1};
  index[count++] = (struct jac_index_value){"i", at[0] + 1};
  if (var->ndim > 1)
    index[count++] = (struct jac_index_value){"j", at[1] + 1};
  return count;
}

static enum jac_status explicit(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct formula_map *f = (const struct formula_map *)map;
  struct jac_named named[MOST_VARIABLES];
  struct jac_environment env = at_point(f, x, named);
  const struct jac_variable *var = &map->var[wrt];
  size_t outputs = map->rows * map->cols, inputs = jac_variable_size(var);
  double *column = malloc(outputs * sizeof *column);
  gsl_matrix *y = gsl_matrix_alloc(map->rows, map->cols);
  enum jac_status status = column == NULL || y == NULL ? JAC_ENOMEM : forward(map, x, y);
  for (size_t j = 0; j < inputs && status == JAC_OK; j++){
      if (f->derivative[wrt] == NULL)
          status = along(f, x, x[wrt]->data + jac_number_to_offset(var, JAC_ORDER_F, j),
                         NULL, 0, column);
      for (size_t k = 0; k < outputs && status == JAC_OK; k++){
          struct jac_index_value index[4]; size_t count = indices(f, wrt, k, j, index);
          if (f->derivative[wrt] != NULL &&
              jac_formula_evaluate(f->derivative[wrt], &env, index, count, &column[k],
                                   NULL) != JAC_OK) column[k] = NAN;
          /* What has no value here has no derivative, though its formula may have one. */
          if (isnan(y->data[k])) column[k] = NAN;
          if (column[k] != 0.0) * jac_array3_at(J, 0, k, j) = column[k];}
}
free(column);
gsl_matrix_free(y);
return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct formula_map *f = (const struct formula_map *)map;
  size_t outputs = map->rows * map->cols, cols = gradient->size2;
  double *column = malloc(outputs * sizeof *column);
  enum jac_status status = column == NULL ? JAC_ENOMEM : JAC_OK;
  for (size_t e = 0; e < gradient->size1 * cols && status == JAC_OK; e++) {
    double sum = 0.0;
    status =
        along(f, x, gsl_matrix_const_ptr(x[wrt], e / cols, e % cols), NULL, 0, column);
    for (size_t k = 0; k < outputs; k++)
      sum += column[k] * gsl_matrix_get(cotangent, k / map->cols, k % map->cols);
    gsl_matrix_set(gradient, e / cols, e % cols, sum);
  }
  free(column);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct formula_map *f = (const struct formula_map *)map;
  size_t outputs = map->rows * map->cols;
  size_t count = (x[wrt]->size1 - 1) * x[wrt]->tda + x[wrt]->size2;
  double *column = malloc(outputs * sizeof *column),
         *moves = calloc(count, sizeof *moves);
  enum jac_status status = column == NULL || moves == NULL ? JAC_ENOMEM : JAC_OK;
  for (size_t i = 0; i < tangent->size1 && status == JAC_OK; i++)
    for (size_t j = 0; j < tangent->size2; j++)
      moves[i * x[wrt]->tda + j] = gsl_matrix_get(tangent, i, j);
  if (status == JAC_OK)
    status = along(f, x, x[wrt]->data, moves, count, column);
  for (size_t k = 0; k < outputs && status == JAC_OK; k++)
    gsl_matrix_set(out, k / map->cols, k % map->cols, column[k]);
  free(column);
  free(moves);
  return status;
}

static const struct jac_map_type formula_type = {.name = "formula",
                                                 .forward = forward,
                                                 .jacobian = explicit,
                                                 .vjp = vjp,
                                                 .jvp = jvp,
                                                 .free = free_map};

/* Names that are neither quantities nor indices nor known constants, in order. */
static enum jac_status find_variables(struct formula_map *f, node_t n,
                                      const char *const *bound, size_t nbound,
                                      const char *text, struct jac_error *err) {
  bool name = n->kind == JAC_NAME || n->kind == JAC_ENTRY;
  bool known = !name || strcmp(n->name, ".") == 0 || strcmp(n->name, "1") == 0 ||
               strcmp(n->name, "pi") == 0;
  for (size_t k = 0; k < nbound; k++)
    known = known || strcmp(bound[k], n->name) == 0;
  for (size_t k = 0; k < f->env.nwhere; k++)
    known = known || strcmp(f->env.where_left[k]->name, n->name) == 0;
  known = known || jac_map_find(&f->map, n->name) < f->map.nvar;
  if (!known) {
    if (f->map.nvar == MOST_VARIABLES)
      return jac_fail(err, JAC_ELIMIT, _("a formula of more than %d variables"),
                      MOST_VARIABLES);
    if (strlen(n->name) >= JAC_NAME_SIZE) {
      jac_fail(err, JAC_EINPUT, _("the name %s is too long"), n->name);
      return jac_caret(err, text, n->position);
    }
    struct jac_variable *var = &f->map.var[f->map.nvar++];
    snprintf(var->name, sizeof var->name, "%.*s", JAC_NAME_SIZE - 1, n->name);
    var->dims[2] = n->position; /* until it has a size */
  }
  const char *inside[JAC_FORMULA_DEPTH];
  bool binds = n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT;
  if (nbound > 0)
    memcpy(inside, bound, nbound * sizeof *bound);
  if (binds && nbound < JAC_FORMULA_DEPTH)
    inside[nbound] = n->name;
  for (size_t k = 0; k < n->count; k++) {
    enum jac_status status =
        find_variables(f, n->child[k], inside, nbound + (binds && k == 0), text, err);
    if (status != JAC_OK)
      return status;
  }
  return JAC_OK;
}

/* The next sign of a kind outside all brackets, or NULL. */
static const char *outside(const char *text, char sign) {
  size_t depth = 0;
  for (; *text != '\0'; text++) {
    if (strchr("([{", *text) != NULL)
      depth++;
    else if (strchr(")]}", *text) != NULL)
      depth -= depth > 0;
    else if (*text == sign && depth == 0)
      return text;
  }
  return NULL;
}

static enum jac_status read_definition(struct formula_map *f, const char *text,
                                       const struct jac_formula_size *size, size_t count,
                                       struct jac_error *err) {
  node_t left[JAC_EQUATIONS], right[JAC_EQUATIONS];
  size_t equations = 0, position = 0;
  enum jac_status status = JAC_OK;
  bool named = false;
  char *part = malloc(strlen(text) + 2);
  if (part == NULL)
    return jac_fail_memory(err);
  bool latex = jac_latex_looks(text);
  struct jac_word word[MOST_VARIABLES + 2 * JAC_EQUATIONS];
  struct jac_vocabulary vocabulary = {word, 0, 0};
  for (size_t k = 0; k < count && k < MOST_VARIABLES; k++)
    word[vocabulary.count++] = (struct jac_word){.name = size[k].name};
  for (const char *at = text; status == JAC_OK && at != NULL;) {
    const char *end = outside(at, ';'), *equals = outside(at, '=');
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    size_t start = 0;
    if (equals != NULL && (size_t)(equals - at) < length && equals[1] != '=')
      start = (size_t)(equals - at) + 1;
    if (equations == JAC_EQUATIONS) {
      status = jac_fail(err, JAC_ELIMIT, _("more than %d equations"), JAC_EQUATIONS);
      break;
    }
    /* Without a name of its own the output is y, unless that is a variable. */
    named = start > 0;
    left[equations] = jac_node_named(&f->arena, JAC_NAME,
                                     strchr(text, 'y') == NULL ? "y" : "f", 0, NULL);
    for (int side = start > 0 ? 0 : 1; side < 2 && status == JAC_OK; side++) {
      size_t from = side == 0 ? 0 : start,
             size_of = side == 0 ? start - 1 : length - start;
      size_t place = (size_t)(at - text) + from; /* blanks before: places stay */
      memset(part, ' ', place);
      memcpy(part + place, at + from, size_of);
      part[place + size_of] = '\0';
      node_t *to = side == 0 ? &left[equations] : &right[equations];
      status = latex ? jac_latex_read(&f->arena, part, &vocabulary, to, &position, err)
                     : jac_formula_read(&f->arena, part, to, &position, err);
      if (status == JAC_EINPUT)
        jac_caret(err, text, position);
    }
    /* f(x) = ...: the function's name is the output's. */
    if (status == JAC_OK && left[equations]->kind == JAC_MULTIPLY)
      left[equations] = left[equations]->child[0];
    if (status == JAC_OK && left[equations]->kind == JAC_CALL)
      left[equations] =
          jac_node_named(&f->arena, JAC_NAME, left[equations]->name, 0, NULL);
    bool last = end == NULL || end[1 + strspn(end + 1, " ")] == '\0';
    bool entry = !last && left[equations]->kind == JAC_ENTRY; /* s[i] = x[i]^2; ... */
    if (status == JAC_OK && left[equations]->kind != JAC_NAME && !entry)
      status =
          jac_fail(err, JAC_EINPUT,
                   _("the left side of a definition is a name, as in y = tanh(z*W)"));
    if (status == JAC_OK)
      word[vocabulary.count++] = (struct jac_word){.name = left[equations]->name};
    equations++;
    at = end != NULL ? end + 1 : NULL;
    if (at != NULL && at[strspn(at, " ")] == '\0')
      at = NULL;
  }
  free(part);
  if (status != JAC_OK)
    return status;
  f->right = right[equations - 1];
  /* The output is a quantity too: derivatives may call it by its name. */
  f->env.nwhere = named || strchr(text, 'y') == NULL ? equations : equations - 1;
  memcpy(f->env.where_left, left, equations * sizeof *left);
  memcpy(f->env.where_right, right, equations * sizeof *right);
  struct jac_buffer definition = JAC_BUFFER_INIT, where = JAC_BUFFER_INIT;
  jac_buffer_printf(&definition, "%s = ", left[equations - 1]->name);
  jac_formula_render(f->right, JAC_NOTATION_ASCII, NULL, &definition);
  for (size_t k = 0; k + 1 < equations; k++) {
    jac_buffer_add(&where, k > 0 ? "; " : "");
    jac_formula_render(left[k], JAC_NOTATION_ASCII, NULL, &where);
    jac_buffer_add(&where, " = ");
    jac_formula_render(right[k], JAC_NOTATION_ASCII, NULL, &where);
  }
  f->definition = jac_buffer_take(&definition);
  f->where = equations > 1 ? jac_buffer_take(&where) : NULL;
  jac_buffer_free(&where);
  if (f->definition == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < equations && status == JAC_OK; k++) {
    const char *index[JAC_FORMULA_CHILDREN];
    for (size_t i = 0; i < left[k]->count; i++)
      index[i] = left[k]->child[i]->name;
    status = find_variables(f, right[k], index, left[k]->count, text, err);
  }
  return status;
}

static enum jac_status give_sizes(struct formula_map *f, const char *text,
                                  const struct jac_formula_size *size, size_t count,
                                  struct jac_error *err) {
  for (size_t v = 0; v < f->map.nvar; v++) {
    struct jac_variable *var = &f->map.var[v];
    size_t position = var->dims[2], k = 0;
    while (k < count && strcmp(size[k].name, var->name) != 0)
      k++;
    /* I is the identity where it has no size of its own. */
    if (k == count && (strcmp(var->name, "I") == 0 || strcmp(var->name, "e") == 0)) {
      memmove(var, var + 1, (f->map.nvar - v - 1) * sizeof *var);
      f->map.nvar--;
      v--;
      continue;
    }
    if (k == count) {
      jac_fail(err, JAC_EINPUT, _("%s has no size: add --size %s=3x2, or 1 for a number"),
               var->name, var->name);
      return jac_caret(err, text, position);
    }
    struct jac_buffer symbol = JAC_BUFFER_INIT;
    jac_spell_latex(var->name, 0, NULL, &symbol);
    snprintf(var->symbol, sizeof var->symbol, "%s", symbol.text);
    jac_buffer_free(&symbol);
    var->role = JAC_PARAMETER;
    var->ndim = size[k].ndim;
    memcpy(var->dims, size[k].dims, sizeof size[k].dims);
    var->dims[2] = 0;
  }
  if (f->map.nvar == 0)
    return jac_fail(err, JAC_EINPUT,
                    _("the formula has no variable to differentiate by"));
  return JAC_OK;
}

/* The derivative by every variable, as a formula where there is one. */
static enum jac_status derive(struct formula_map *f, const struct jac_environment *env,
                              struct jac_error *err) {
  struct jac_error quiet;
  node_t n = f->map.rows > 1 ? jac_node_named(&f->arena, JAC_NAME, "n", 0, NULL) : NULL;
  node_t o = f->map.cols > 1 ? jac_node_named(&f->arena, JAC_NAME, "o", 0, NULL) : NULL;
  node_t index[2] = {jac_node_named(&f->arena, JAC_NAME, "i", 0, NULL),
                     jac_node_named(&f->arena, JAC_NAME, "j", 0, NULL)};
  for (size_t v = 0; v < f->map.nvar; v++) /* indices must not be variables too */
    if (strlen(f->map.var[v].name) == 1 && strchr("noij", f->map.var[v].name[0]) != NULL)
      return JAC_OK;
  for (size_t v = 0; v < f->map.nvar; v++) {
    const struct jac_variable *var = &f->map.var[v];
    node_t entry, raw, textbook, by[2];
    size_t count = 0;
    bool column = f->cols == 1 && f->rows > 1;
    if (var->dims[0] > 1)
      by[count++] = index[0];
    if (var->ndim > 1 && var->dims[1] > 1)
      by[count++] = index[1];
    enum jac_status status = jac_formula_entry(&f->arena, f->right, env, column ? o : n,
                                               column ? NULL : o, &entry, &quiet);
    if (status == JAC_OK)
      status = jac_formula_derivative(&f->arena, entry, env, var->name, by, count, &raw,
                                      &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    if (status != JAC_OK || f->arena.failed)
      continue;
    textbook = jac_formula_textbook(&f->arena, raw, env);
    if (textbook == NULL)
      continue;
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_formula_render(textbook, JAC_NOTATION_ASCII, NULL, &text);
    f->derivative[v] = textbook;
    f->entry[v] = jac_buffer_take(&text);
    if (f->entry[v] == NULL)
      return jac_fail_memory(err);
    f->map.var[v].entry = f->entry[v];
  }
  return JAC_OK;
}

/* The value's shape, at a point that is drawn. */
static enum jac_status find_shape(struct formula_map *f, const char *text,
                                  struct jac_error *err) {
  struct jac_values x;
  struct jac_named named[MOST_VARIABLES];
  struct jac_result result;
  size_t position = 0;
  enum jac_status status = jac_values_new(&f->map, 1, &x, err);
  if (status != JAC_OK)
    return status;
  struct jac_environment env = at_point(f, jac_values_point(&x), named);
  status = jac_formula_value(f->right, &env, NULL, 0, &result, &position, err);
  if (status == JAC_EINPUT || status == JAC_EUNKNOWN)
    jac_caret(err, text, position);
  if (status == JAC_OK) {
    f->rows = result.rows;
    f->cols = result.cols;
    jac_result_free(&result);
    bool column = f->cols == 1;
    f->map.rows = column ? 1 : f->rows;
    f->map.cols = column ? f->rows : f->cols;
    f->map.batch = f->map.rows;
    f->map.coupled = f->map.rows > 1;
    f->map.coupled_reason = _("a formula is one function of all its entries");
    status = derive(f, &env, err);
  }
  jac_values_free(&x);
  return status;
}

enum jac_status jac_formula_map_new(const char *definition,
                                    const struct jac_formula_size *size, size_t count,
                                    struct jac_map **map, struct jac_error *err) {
  struct formula_map *f = calloc(1, sizeof *f);
  *map = NULL;
  if (f == NULL)
    return jac_fail_memory(err);
  f->map.type = &formula_type;
  f->map.batch = 1;
  f->map.var = calloc(MOST_VARIABLES, sizeof *f->map.var);
  f->map.spec = malloc(strlen(definition) + 1);
  f->env.liberties = JAC_LIBERTY_BROADCAST;
  enum jac_status status = JAC_OK;
  if (f->map.var == NULL || f->map.spec == NULL)
    status = jac_fail_memory(err);
  else
    strcpy(f->map.spec, definition);
  if (status == JAC_OK)
    status = read_definition(f, definition, size, count, err);
  if (status == JAC_OK)
    status = give_sizes(f, definition, size, count, err);
  f->map.definition = f->definition;
  f->map.where = f->where;
  snprintf(f->map.output_symbol, sizeof f->map.output_symbol, "y");
  if (status == JAC_OK)
    status = find_shape(f, definition, err);
  if (status == JAC_OK)
    *map = &f->map;
  else
    jac_map_free(&f->map);
  return status;
}
