#include "jacobian/define/printed.h"

#include "jacobian/buffer.h"
#include "jacobian/formula/differentiate.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/latex.h"
#include "jacobian/formula/read.h"
#include "jacobian/formula/render.h"
#include "jacobian/values.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* Deeper formulas are not printed: their derivatives would fill pages. */
enum { DEEPEST = 40 };

struct printing {
  struct jac_arena arena;
  struct jac_environment env; /* quantities */
  node_t right;
  struct jac_map *map;
  struct jac_printed *printed;
  bool column;
};

void jac_printed_free(struct jac_printed *printed) {
  free(printed->definition);
  free(printed->where);
  for (size_t k = 0; k < JAC_VARIABLES_MOST; k++)
    free(printed->entry[k]);
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

static bool deep(node_t n, size_t depth) {
  bool is = depth > DEEPEST;
  for (size_t k = 0; k < n->count && !is; k++)
    is = deep(n->child[k], depth + 1);
  return is;
}

/* One side of an equation, its bytes in the text; NULL: this reader does not know it. */
static node_t side(struct printing *p, const char *from, size_t length, bool latex,
                   const struct jac_vocabulary *vocabulary) {
  char *part = malloc(length + 1);
  node_t read = NULL;
  struct jac_error quiet;
  if (part == NULL)
    return NULL;
  memcpy(part, from, length);
  part[length] = '\0';
  enum jac_status status =
      latex ? jac_latex_read(&p->arena, part, vocabulary, &read, NULL, &quiet)
            : jac_formula_read(&p->arena, part, &read, NULL, &quiet);
  free(part);
  return status == JAC_OK ? read : NULL;
}

/* The equations as trees; false: they are not known to this reader. */
static bool read_equations(struct printing *p, const char *text, const char *name) {
  bool latex = jac_latex_looks(text);
  struct jac_word word[JAC_VARIABLES_MOST + JAC_EQUATIONS];
  struct jac_vocabulary vocabulary = {word, 0, 0};
  struct jac_environment *env = &p->env;
  for (size_t v = 0; v < p->map->nvar; v++)
    word[vocabulary.count++] = (struct jac_word){.name = p->map->var[v].name};
  for (const char *at = text; at != NULL && at[strspn(at, " ")] != '\0';) {
    const char *end = outside(at, ';'), *equals = outside(at, '=');
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at), start = 0;
    node_t left = jac_node_named(&p->arena, JAC_NAME, name, 0, NULL);
    if (env->nwhere == JAC_EQUATIONS)
      return false;
    if (equals != NULL && (size_t)(equals - at) < length && equals[1] != '=')
      start = (size_t)(equals - at) + 1;
    if (start > 0)
      left = side(p, at, start - 1, latex, &vocabulary);
    node_t right = side(p, at + start, length - start, latex, &vocabulary);
    if (left == NULL || right == NULL || deep(right, 0))
      return false;
    /* f(x) = ...: the function's name is the output's. */
    if (left->kind == JAC_MULTIPLY)
      left = left->child[0];
    if (left->kind == JAC_CALL)
      left = jac_node_named(&p->arena, JAC_NAME, left->name, 0, NULL);
    if (left == NULL || (left->kind != JAC_NAME && left->kind != JAC_ENTRY))
      return false;
    word[vocabulary.count++] = (struct jac_word){.name = left->name};
    env->where_left[env->nwhere] = left;
    env->where_right[env->nwhere++] = right;
    at = end != NULL ? end + 1 : NULL;
  }
  if (env->nwhere == 0)
    return false;
  node_t left = env->where_left[env->nwhere - 1];
  p->right = left->kind == JAC_ENTRY
                 ? jac_node_named(&p->arena, JAC_NAME, left->name, 0, NULL)
                 : env->where_right[env->nwhere - 1];
  return p->right != NULL;
}

static void write_equation(node_t left, node_t right, struct jac_buffer *out) {
  jac_formula_render(left, JAC_NOTATION_ASCII, NULL, out);
  jac_buffer_add(out, " = ");
  jac_formula_render(right, JAC_NOTATION_ASCII, NULL, out);
}

static enum jac_status write_equations(struct printing *p, struct jac_error *err) {
  struct jac_buffer definition = JAC_BUFFER_INIT, where = JAC_BUFFER_INIT;
  const struct jac_environment *env = &p->env;
  size_t last = env->nwhere - 1;
  write_equation(env->where_left[last], env->where_right[last], &definition);
  for (size_t k = 0; k < last; k++) {
    jac_buffer_add(&where, k > 0 ? "; " : "");
    write_equation(env->where_left[k], env->where_right[k], &where);
  }
  bool failed = definition.failed || where.failed;
  p->printed->definition = jac_buffer_take(&definition);
  p->printed->where = last > 0 ? jac_buffer_take(&where) : NULL;
  jac_buffer_free(&where);
  p->map->definition = p->printed->definition;
  p->map->where = p->printed->where;
  return failed ? jac_fail_memory(err) : JAC_OK;
}

/* The derivative by every variable, as a formula where there is one. */
static enum jac_status derive(struct printing *p, const struct jac_environment *env,
                              struct jac_error *err) {
  struct jac_error quiet;
  struct jac_map *map = p->map;
  node_t n = map->rows > 1 ? jac_node_named(&p->arena, JAC_NAME, "n", 0, NULL) : NULL;
  node_t o = map->cols > 1 ? jac_node_named(&p->arena, JAC_NAME, "o", 0, NULL) : NULL;
  node_t index[2] = {jac_node_named(&p->arena, JAC_NAME, "i", 0, NULL),
                     jac_node_named(&p->arena, JAC_NAME, "j", 0, NULL)};
  for (size_t v = 0; v < map->nvar; v++) /* indices must not be variables too */
    if (strlen(map->var[v].name) == 1 && strchr("noij", map->var[v].name[0]) != NULL)
      return JAC_OK;
  for (size_t v = 0; v < map->nvar; v++) {
    const struct jac_variable *var = &map->var[v];
    node_t entry, raw, textbook, by[2];
    size_t count = 0;
    bool column = p->column && map->cols > 1;
    if (var->dims[0] > 1)
      by[count++] = index[0];
    if (var->ndim > 1 && var->dims[1] > 1)
      by[count++] = index[1];
    enum jac_status status = jac_formula_entry(&p->arena, p->right, env, column ? o : n,
                                               column ? NULL : o, &entry, &quiet);
    if (status == JAC_OK)
      status = jac_formula_derivative(&p->arena, entry, env, var->name, by, count, &raw,
                                      &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    if (status != JAC_OK || p->arena.failed)
      continue;
    textbook = jac_formula_textbook(&p->arena, raw, env);
    if (textbook == NULL)
      continue;
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_formula_render(textbook, JAC_NOTATION_ASCII, NULL, &text);
    p->printed->entry[v] = jac_buffer_take(&text);
    if (p->printed->entry[v] == NULL)
      return jac_fail_memory(err);
    map->var[v].entry = p->printed->entry[v];
  }
  return JAC_OK;
}

/* At a point that is drawn: the reader's shapes come from values. */
static enum jac_status derive_somewhere(struct printing *p, struct jac_error *err) {
  struct jac_values x;
  struct jac_named named[JAC_VARIABLES_MOST];
  struct jac_result result;
  struct jac_map *map = p->map;
  enum jac_status status = jac_values_new(map, 1, &x, err);
  if (status != JAC_OK)
    return status;
  for (size_t v = 0; v < map->nvar; v++)
    named[v] = (struct jac_named){
        .name = map->var[v].name,
        .ndim = map->var[v].ndim,
        .dims = {map->var[v].dims[0], map->var[v].ndim > 1 ? map->var[v].dims[1] : 0},
        .data = x.matrix[v]->data,
        .tda = x.matrix[v]->tda};
  struct jac_environment env = p->env;
  env.named = named;
  env.nnamed = map->nvar;
  env.liberties = JAC_LIBERTY_BROADCAST;
  if (jac_formula_value(p->right, &env, NULL, 0, &result, NULL, NULL) == JAC_OK) {
    bool fits = result.rows * result.cols == map->rows * map->cols;
    jac_result_free(&result);
    if (fits)
      status = derive(p, &env, err);
  }
  jac_values_free(&x);
  return status;
}

enum jac_status jac_printed_make(struct jac_map *map, const char *text, const char *name,
                                 bool column, struct jac_printed *printed,
                                 struct jac_error *err) {
  struct printing p = {
      .arena = JAC_ARENA_INIT, .map = map, .printed = printed, .column = column};
  enum jac_status status = JAC_OK;
  if (read_equations(&p, text, name)) {
    status = write_equations(&p, err);
    if (status == JAC_OK)
      status = derive_somewhere(&p, err);
  }
  jac_arena_free(&p.arena);
  return status;
}
