#include "jacobian/formula/differentiate.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

struct lowering {
  struct jac_arena *arena;
  const struct jac_environment *env;
  struct jac_error *err;
  enum jac_status status;
  size_t fresh; /* indices made so far */
  const char *used[64];
  size_t nused;
};

static node_t lower(struct lowering *l, node_t n, node_t row, node_t col);

static node_t fail(struct lowering *l, const char *what) {
  if (l->status == JAC_OK)
    l->status = jac_fail(l->err, JAC_EINPUT,
                         _("%s has no formula of entries to differentiate"), what);
  return NULL;
}

/* Shapes come from values: what an expression is, it is at any point. Free indices are 1
 * there. */
static bool shape(struct lowering *l, node_t n, size_t *rows, size_t *cols) {
  struct jac_result result;
  struct jac_index_value index[32];
  size_t count = 0;
  for (size_t k = 0; k < l->nused && count < 32; k++)
    index[count++] = (struct jac_index_value){l->used[k], 1};
  struct jac_environment env = *l->env;
  env.type = NULL;
  if (l->status != JAC_OK)
    return false;
  l->status = jac_formula_value(n, &env, index, count, &result, NULL, l->err);
  *rows = result.rows;
  *cols = result.cols;
  jac_result_free(&result);
  return l->status == JAC_OK;
}

static node_t fresh(struct lowering *l) {
  static const char *const names[] = {"k", "l", "m", "p", "q", "r", "t", "u",
                                      "v", "a", "b", "c", "d", "g", "h"};
  for (; l->fresh < sizeof names / sizeof names[0]; l->fresh++) {
    bool taken = false;
    for (size_t k = 0; k < l->nused; k++)
      taken = taken || strcmp(l->used[k], names[l->fresh]) == 0;
    for (size_t k = 0; k < l->env->nnamed; k++)
      taken = taken || strcmp(l->env->named[k].name, names[l->fresh]) == 0;
    for (size_t k = 0; k < l->env->nwhere; k++)
      taken = taken || strcmp(l->env->where_left[k]->name, names[l->fresh]) == 0;
    if (!taken && l->nused < 64) {
      l->used[l->nused++] = names[l->fresh];
      return jac_node_named(l->arena, JAC_NAME, names[l->fresh++], 0, NULL);
    }
  }
  return fail(l, _("a formula with so many sums"));
}

static node_t over(struct lowering *l, enum jac_kind kind, node_t index, node_t body) {
  return index == NULL ? NULL : jac_node_named(l->arena, kind, index->name, 1, &body);
}

/* A name at its indices: as many as it has dimensions over 1. */
static node_t at(struct lowering *l, node_t n, node_t row, node_t col) {
  node_t index[2];
  size_t count = 0, rows, cols;
  if (!shape(l, n, &rows, &cols))
    return NULL;
  bool two = rows > 1 && cols > 1;
  /* The variables of a map keep both indices: z[n,i]. */
  if (l->env->map != NULL && jac_map_find(l->env->map, n->name) < l->env->map->nvar)
    two = l->env->map->var[jac_map_find(l->env->map, n->name)].ndim == 2;
  if (two || rows > 1)
    index[count++] = row != NULL ? row : jac_number(l->arena, 1.0);
  if (two || cols > 1)
    index[count++] = col != NULL ? col : jac_number(l->arena, 1.0);
  return count == 0 ? n : jac_node_named(l->arena, JAC_ENTRY, n->name, count, index);
}

/* A child of another shape than its parent's is repeated: it loses an index. */
static node_t child_at(struct lowering *l, node_t n, node_t row, node_t col) {
  size_t rows, cols;
  if (!shape(l, n, &rows, &cols))
    return NULL;
  return lower(l, n, rows == 1 ? NULL : row, cols == 1 ? NULL : col);
}

static node_t product(struct lowering *l, node_t n, node_t row, node_t col) {
  size_t ar, ac, br, bc;
  if (n->child[0]->kind == JAC_NAME && strcmp(n->child[0]->name, "I") == 0)
    return lower(l, n->child[1], row, col);
  if (!shape(l, n->child[0], &ar, &ac) || !shape(l, n->child[1], &br, &bc))
    return NULL;
  bool numbers = ar * ac == 1 || br * bc == 1;
  if (numbers || ac != br || ac == 1)
    return jac_binary(l->arena, JAC_MULTIPLY, child_at(l, n->child[0], row, col),
                      child_at(l, n->child[1], row, col));
  node_t k = fresh(l);
  if (k == NULL)
    return NULL;
  node_t body = jac_binary(l->arena, JAC_MULTIPLY, lower(l, n->child[0], row, k),
                           lower(l, n->child[1], k, col));
  return over(l, JAC_SUM, k, body);
}

static node_t power(struct lowering *l, node_t n, node_t row, node_t col) {
  size_t rows, cols;
  if (!shape(l, n->child[0], &rows, &cols))
    return NULL;
  bool matrix = rows == cols && rows > 1 && n->name[0] == '\0';
  if (!matrix)
    return jac_node_named(l->arena, JAC_POWER, "", 2,
                          (node_t[]){lower(l, n->child[0], row, col), n->child[1]});
  if (n->child[1]->kind == JAC_NUMBER && n->child[1]->number >= 2.0 &&
      n->child[1]->number <= 4.0) {
    node_t all = n->child[0];
    for (int k = 1; k < n->child[1]->number; k++)
      all = jac_binary(l->arena, JAC_MULTIPLY, all, n->child[0]);
    return lower(l, all, row, col);
  }
  node_t child[] = {n, row, col};
  bool inverse =
      n->child[1]->kind == JAC_NEGATE && jac_is_number(n->child[1]->child[0], 1.0);
  return inverse ? jac_node(l->arena, JAC_AT, 3, child) : fail(l, _("this power"));
}

static node_t sum_of(struct lowering *l, node_t n, size_t *count,
                     node_t (*each)(struct lowering *l, node_t entry)) {
  size_t rows, cols;
  if (!shape(l, n, &rows, &cols))
    return NULL;
  node_t i = rows > 1 ? fresh(l) : NULL, j = cols > 1 ? fresh(l) : NULL;
  node_t body = lower(l, n, i, j);
  if (each != NULL && body != NULL)
    body = each(l, body);
  *count = rows * cols;
  body = j != NULL ? over(l, JAC_SUM, j, body) : body;
  return i != NULL ? over(l, JAC_SUM, i, body) : body;
}

static node_t call_one(struct lowering *l, const char *name, node_t x) {
  return jac_node_named(l->arena, JAC_CALL, name, 1, &x);
}
static node_t square(struct lowering *l, node_t x) {
  return jac_binary(l->arena, JAC_POWER, x, jac_number(l->arena, 2.0));
}
static node_t exponential(struct lowering *l, node_t x) {
  return call_one(l, "exp", x);
}
static node_t magnitude(struct lowering *l, node_t x) {
  return call_one(l, "abs", x);
}

/* The sum of exponentials in the row, or in the column of what is upright. */
static node_t normaliser(struct lowering *l, node_t x, node_t row, node_t col) {
  size_t rows, cols;
  if (!shape(l, x, &rows, &cols))
    return NULL;
  node_t k = fresh(l);
  if (k == NULL)
    return NULL;
  bool upright = cols == 1;
  return over(l, JAC_SUM, k,
              exponential(l, lower(l, x, upright ? k : row, upright ? col : k)));
}

static node_t diagonal(struct lowering *l, node_t n, node_t row, node_t col) {
  size_t rows, cols;
  node_t x = n->child[0];
  if (!shape(l, x, &rows, &cols))
    return NULL;
  if (rows > 1 && cols > 1)
    return lower(l, x, row, row);
  return jac_binary(l->arena, JAC_MULTIPLY, jac_binary(l->arena, JAC_DELTA, row, col),
                    lower(l, x, rows > 1 ? row : NULL, cols > 1 ? row : NULL));
}

static bool is(node_t n, const char *name) {
  return strcmp(n->name, name) == 0;
}

static node_t call(struct lowering *l, node_t n, node_t row, node_t col) {
  size_t count;
  node_t x = n->child[0];
  if (n->count == 1 && jac_function_find(n->name) != JAC_FUNCTIONS)
    return call_one(l, n->name, lower(l, x, row, col));
  if (is(n, "softmax"))
    return jac_binary(l->arena, JAC_DIVIDE, exponential(l, lower(l, x, row, col)),
                      normaliser(l, x, row, col));
  if (is(n, "logsoftmax"))
    return jac_binary(
        l->arena, JAC_ADD, lower(l, x, row, col),
        jac_unary(l->arena, JAC_NEGATE, call_one(l, "log", normaliser(l, x, row, col))));
  if (is(n, "logsumexp"))
    return call_one(l, "log", sum_of(l, x, &count, exponential));
  if (is(n, "sum"))
    return sum_of(l, x, &count, NULL);
  if (is(n, "mean")) {
    node_t total = sum_of(l, x, &count, NULL);
    return jac_binary(l->arena, JAC_DIVIDE, total, jac_number(l->arena, (double)count));
  }
  if (is(n, "norm"))
    return call_one(l, "sqrt", sum_of(l, x, &count, square));
  if (is(n, "normone"))
    return sum_of(l, x, &count, magnitude);
  if (is(n, "dot"))
    return lower(l,
                 call_one(l, "sum", jac_binary(l->arena, JAC_HADAMARD, x, n->child[1])),
                 NULL, NULL);
  if (is(n, "tr")) {
    node_t k = fresh(l);
    return k == NULL ? NULL : over(l, JAC_SUM, k, lower(l, x, k, k));
  }
  if (is(n, "diag"))
    return diagonal(l, n, row, col);
  if (is(n, "det"))
    return n;
  if (is(n, "silu") || is(n, "gelu")) {
    node_t inside = lower(l, x, row, col);
    return jac_binary(l->arena, JAC_MULTIPLY, inside,
                      call_one(l, is(n, "silu") ? "sigmoid" : "Phi", inside));
  }
  if (is(n, "ones"))
    return jac_number(l->arena, 1.0);
  if (is(n, "eye"))
    return jac_binary(l->arena, JAC_DELTA, row, col);
  if (is(n, "max") || is(n, "min")) {
    node_t two[] = {child_at(l, x, row, col), child_at(l, n->child[1], row, col)};
    return jac_node_named(l->arena, JAC_CALL, n->name, 2, two);
  }
  return fail(l, n->name);
}

static node_t entrywise(struct lowering *l, node_t n, node_t row, node_t col) {
  node_t child[JAC_FORMULA_CHILDREN];
  for (size_t k = 0; k < n->count; k++)
    if ((child[k] = child_at(l, n->child[k], row, col)) == NULL)
      return NULL;
  return jac_node_named(l->arena, n->kind == JAC_HADAMARD ? JAC_MULTIPLY : n->kind, "",
                        n->count, child);
}

static node_t lower(struct lowering *l, node_t n, node_t row, node_t col) {
  if (l->status != JAC_OK || n == NULL)
    return NULL;
  switch (n->kind) {
  case JAC_NAME:
    if (is(n, "I") && row != NULL && col != NULL)
      return jac_binary(l->arena, JAC_DELTA, row, col);
    if (is(n, "1"))
      return jac_number(l->arena, 1.0);
    return row == NULL && col == NULL && l->env->map == NULL ? n : at(l, n, row, col);
  case JAC_MULTIPLY:
    return product(l, n, row, col);
  case JAC_POWER:
    return power(l, n, row, col);
  case JAC_NEGATE:
    return jac_unary(l->arena, JAC_NEGATE, lower(l, n->child[0], row, col));
  case JAC_ADD:
  case JAC_HADAMARD:
  case JAC_DIVIDE:
    return entrywise(l, n, row, col);
  case JAC_TRANSPOSE:
    return lower(l, n->child[0], col, row);
  case JAC_CALL:
    return call(l, n, row, col);
  case JAC_SUM: {
    node_t body = lower(l, n->child[0], row, col);
    if (n->count == 1)
      return jac_node_named(l->arena, JAC_SUM, n->name, 1, &body);
    return jac_node_named(l->arena, JAC_SUM, n->name, 3,
                          (node_t[]){body, n->child[1], n->child[2]});
  }
  case JAC_AT:
    if (n->count == 3) { /* a point is the place that is asked for */
      bool any_row = is(n->child[1], "."), any_col = is(n->child[2], ".");
      return lower(l, n->child[0], any_row ? row : n->child[1],
                   any_col ? col : n->child[2]);
    }
    {
      size_t rows, cols;
      if (!shape(l, n->child[0], &rows, &cols))
        return NULL;
      return lower(l, n->child[0], rows > 1 ? n->child[1] : NULL,
                   rows > 1 ? NULL : n->child[1]);
    }
  case JAC_INDICATOR: /* of matrices it holds entry by entry */
    if (n->child[0]->kind == JAC_COMPARE) {
      node_t two[] = {child_at(l, n->child[0]->child[0], row, col),
                      child_at(l, n->child[0]->child[1], row, col)};
      return jac_unary(l->arena, JAC_INDICATOR, jac_rebuild(l->arena, n->child[0], two));
    }
    return n;
  case JAC_MATRIX:
  case JAC_DERIVATIVE:
    return fail(l, _("an explicit matrix"));
  case JAC_ENTRY:
    for (size_t k = 0; k < n->count; k++)
      if (n->child[k]->kind == JAC_NAME && is(n->child[k], "."))
        return fail(l, _("a row or column of a matrix"));
    return n;
  default:
    return n;
  }
}

/* Every index that a tree binds or uses is taken. */
static void take_indices(struct lowering *l, node_t n) {
  bool binds = n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT;
  if ((binds || (n->kind == JAC_NAME && n->name[1] == '\0')) && l->nused < 64) {
    bool known = false;
    for (size_t k = 0; k < l->env->nnamed; k++)
      known = known || strcmp(l->env->named[k].name, n->name) == 0;
    for (size_t k = 0; k < l->env->nwhere; k++)
      known = known || strcmp(l->env->where_left[k]->name, n->name) == 0;
    for (size_t k = 0; k < l->env->nsize; k++)
      known = known || strcmp(l->env->size[k].name, n->name) == 0;
    if (l->env->map != NULL)
      known = known || jac_map_find(l->env->map, n->name) < l->env->map->nvar;
    for (size_t k = 0; k < l->nused; k++)
      known = known || strcmp(l->used[k], n->name) == 0;
    if (!known && strcmp(n->name, "I") != 0 && strcmp(n->name, "1") != 0)
      l->used[l->nused++] = n->name;
  }
  for (size_t k = 0; k < n->count; k++)
    take_indices(l, n->child[k]);
}

enum jac_status jac_formula_entry(struct jac_arena *arena, const struct jac_node *tree,
                                  const struct jac_environment *environment,
                                  const struct jac_node *row, const struct jac_node *col,
                                  const struct jac_node **entry, struct jac_error *err) {
  struct lowering l = {.arena = arena, .env = environment, .err = err};
  if (row != NULL)
    l.used[l.nused++] = row->name;
  if (col != NULL)
    l.used[l.nused++] = col->name;
  take_indices(&l, tree);
  *entry = lower(&l, tree, row, col);
  return l.status != JAC_OK ? l.status : jac_arena_status(arena, err);
}
