#include "jacobian/formula/evaluate_internal.h"

#include <string.h>

typedef const struct jac_node *node_t;

/* What stands for an expression's shape, without evaluating it: 0 when not known. */
static bool shape_of(struct jac_evaluation *e, node_t n, size_t nested, size_t *rows,
                     size_t *cols) {
  struct jac_named named;
  size_t which;
  if (nested >= JAC_MOST_NESTED)
    return false;
  switch (n->kind) {
  case JAC_NAME:
    if (jac_evaluation_named(e, n->name, &named) && named.ndim <= 2) {
      bool upright = named.ndim == 1 && named.column;
      *rows = named.ndim == 2 ? named.dims[0] : upright ? named.dims[0] : 1;
      *cols = named.ndim == 2 ? named.dims[1] : upright ? 1 : named.dims[0];
      return true;
    }
    which = jac_evaluation_where(e, n->name);
    return which < e->env->nwhere && e->env->where_left[which]->count == 0 &&
           shape_of(e, e->env->where_right[which], nested + 1, rows, cols);
  case JAC_TRANSPOSE:
    return shape_of(e, n->child[0], nested + 1, cols, rows);
  case JAC_NEGATE:
    return shape_of(e, n->child[0], nested + 1, rows, cols);
  case JAC_ADD:
  case JAC_HADAMARD: {
    size_t r, c;
    bool first = shape_of(e, n->child[0], nested + 1, rows, cols);
    bool second = shape_of(e, n->child[1], nested + 1, &r, &c);
    if (second && (!first || r * c > *rows * *cols)) {
      *rows = r;
      *cols = c;
    }
    return first || second;
  }
  case JAC_MULTIPLY: {
    size_t r, c;
    bool first = shape_of(e, n->child[0], nested + 1, rows, cols);
    bool second = shape_of(e, n->child[1], nested + 1, &r, &c);
    if (!first || !second)
      return false;
    if (*rows * *cols == 1) {
      *rows = r;
      *cols = c;
    } else if (r * c != 1)
      *cols = c;
    return true;
  }
  case JAC_POWER:
    return shape_of(e, n->child[0], nested + 1, rows, cols);
  case JAC_DIVIDE: { /* what is below is a number, or of the same shape */
    bool above = shape_of(e, n->child[0], nested + 1, rows, cols);
    return (above && *rows * *cols > 1) ||
           shape_of(e, n->child[1], nested + 1, rows, cols) || above;
  }
  case JAC_CALL:
    if (n->count == 1 &&
        (jac_function_find(n->name) != JAC_FUNCTIONS || strcmp(n->name, "softmax") == 0 ||
         strcmp(n->name, "logsoftmax") == 0 || strcmp(n->name, "inv") == 0))
      return shape_of(e, n->child[0], nested + 1, rows, cols);
    return false;
  default:
    return false;
  }
}

static size_t range_in(struct jac_evaluation *e, const char *index, node_t n,
                       size_t nested);

/* The range of place k of an entry with this many indices. */
static size_t range_at(struct jac_evaluation *e, node_t n, size_t k, size_t nested) {
  struct jac_named named;
  if (jac_evaluation_named(e, n->name, &named)) {
    if (n->count == 1 && named.ndim == 2 && named.dims[0] == 1)
      return named.dims[1];
    if (n->count == 1 && named.ndim == 2 && named.dims[1] == 1)
      return named.dims[0];
    if (named.channels > 0 && n->count == 3)
      return k == 0 ? named.dims[0] : k == 2 ? named.channels : 0;
    return k < named.ndim ? named.dims[k] : 0;
  }
  size_t which = jac_evaluation_where(e, n->name), rows, cols;
  if (which == e->env->nwhere || nested >= JAC_MOST_NESTED)
    return 0;
  node_t left = e->env->where_left[which], right = e->env->where_right[which];
  if (left->count > k)
    return range_in(e, left->child[k]->name, right, nested + 1);
  if (left->count > 0 || !shape_of(e, right, nested + 1, &rows, &cols))
    return 0;
  return n->count == 1 ? rows * cols : k == 0 ? rows : cols;
}

static size_t range_in(struct jac_evaluation *e, const char *index, node_t n,
                       size_t nested) {
  size_t rows, cols;
  if (n->kind == JAC_ENTRY)
    for (size_t k = 0; k < n->count; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0) {
        size_t range = range_at(e, n, k, nested);
        if (range > 0)
          return range;
      }
  if (n->kind == JAC_AT)
    for (size_t k = 1; k < n->count; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0 &&
          shape_of(e, n->child[0], nested, &rows, &cols))
        return n->count == 2 ? rows * cols : k == 1 ? rows : cols;
  for (size_t k = 0; k < n->count; k++) {
    size_t range = range_in(e, index, n->child[k], nested);
    if (range > 0)
      return range;
  }
  return 0;
}

/* An index that stands in no place of its own runs to the constant of its capital: k to
 * K. */
size_t jac_evaluation_range(struct jac_evaluation *e, const char *index, node_t body) {
  size_t range = range_in(e, index, body, 0);
  const struct jac_map *map = e->env->map;
  for (size_t k = 0; map != NULL && range == 0 && k < map->nconstant; k++)
    if (index[1] == '\0' && map->constant[k].name[0] == index[0] - 'a' + 'A' &&
        map->constant[k].name[1] == '\0')
      range = (size_t)map->constant[k].value;
  return range;
}
