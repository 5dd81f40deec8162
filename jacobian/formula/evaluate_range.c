#include "jacobian/formula/evaluate_internal.h"

#include <string.h>

typedef const struct jac_node *node_t;

struct shape {
  size_t rows, cols; /* 0: not known */
};

static const struct shape unknown = {0, 0};

static size_t entries(struct shape s) {
  return s.rows * s.cols;
}

static struct shape shape_of(struct jac_evaluation *e, node_t n, size_t nested);

static struct shape shape_of_name(struct jac_evaluation *e, node_t n, size_t nested) {
  struct jac_named named;
  if (jac_evaluation_named(e, n->name, &named) && named.ndim <= 2) {
    if (named.ndim == 2)
      return (struct shape){named.dims[0], named.dims[1]};
    return named.column ? (struct shape){named.dims[0], 1}
                        : (struct shape){1, named.dims[0]};
  }
  size_t which = jac_evaluation_where(e, n->name);
  bool whole = which < e->env->nwhere && e->env->where_left[which]->count == 0;
  return whole ? shape_of(e, e->env->where_right[which], nested) : unknown;
}

static bool keeps_shape(node_t n) {
  return n->count == 1 &&
         (jac_function_find(n->name) != JAC_FUNCTIONS ||
          strcmp(n->name, "softmax") == 0 || strcmp(n->name, "logsoftmax") == 0 ||
          strcmp(n->name, "inv") == 0);
}

/* Of a sum, a product, a quotient. */
static struct shape shape_of_two(enum jac_kind kind, struct shape a, struct shape b) {
  if (kind == JAC_DIVIDE) /* what is below is a number, or of the same shape */
    return entries(a) > 1 || entries(b) == 0 ? a : b;
  if (kind != JAC_MULTIPLY)
    return entries(b) > entries(a) ? b : a;
  if (entries(a) == 0 || entries(b) == 0)
    return unknown;
  if (entries(a) == 1)
    return b;
  return entries(b) == 1 ? a : (struct shape){a.rows, b.cols};
}

/* What stands for an expression's shape, without evaluating it. */
static struct shape shape_of(struct jac_evaluation *e, node_t n, size_t nested) {
  struct shape a;
  if (nested++ >= JAC_MOST_NESTED)
    return unknown;
  switch (n->kind) {
  case JAC_NAME:
    return shape_of_name(e, n, nested);
  case JAC_CALL:
    return keeps_shape(n) ? shape_of(e, n->child[0], nested) : unknown;
  case JAC_NEGATE:
  case JAC_POWER:
    return shape_of(e, n->child[0], nested);
  case JAC_TRANSPOSE:
    a = shape_of(e, n->child[0], nested);
    return (struct shape){a.cols, a.rows};
  case JAC_ADD:
  case JAC_HADAMARD:
  case JAC_MULTIPLY:
  case JAC_DIVIDE:
    a = shape_of(e, n->child[0], nested);
    return shape_of_two(n->kind, a, shape_of(e, n->child[1], nested));
  default:
    return unknown;
  }
}

static size_t range_in(struct jac_evaluation *e, const char *index, node_t n,
                       size_t nested);

/* The range of place k of values that have a name, with this many indices. */
static size_t range_of_values(const struct jac_named *named, size_t count, size_t k) {
  if (count == 1 && named->ndim == 2 && (named->dims[0] == 1 || named->dims[1] == 1))
    return named->dims[0] == 1 ? named->dims[1] : named->dims[0];
  if (named->channels > 0 && count == 3)
    return k == 0 ? named->dims[0] : k == 2 ? named->channels : 0;
  return k < named->ndim ? named->dims[k] : 0;
}

/* The range of place k of something with `count` indices and a shape. */
static size_t range_of_shape(struct shape s, size_t count, size_t k) {
  return count == 1 ? entries(s) : k == 0 ? s.rows : s.cols;
}

/* The range of place k of an entry with this many indices. */
static size_t range_at(struct jac_evaluation *e, node_t n, size_t k, size_t nested) {
  struct jac_named named;
  if (jac_evaluation_named(e, n->name, &named))
    return range_of_values(&named, n->count, k);
  size_t which = jac_evaluation_where(e, n->name);
  if (which == e->env->nwhere || nested >= JAC_MOST_NESTED)
    return 0;
  node_t left = e->env->where_left[which], right = e->env->where_right[which];
  if (left->count > k)
    return range_in(e, left->child[k]->name, right, nested + 1);
  return left->count > 0 ? 0
                         : range_of_shape(shape_of(e, right, nested + 1), n->count, k);
}

static size_t range_in(struct jac_evaluation *e, const char *index, node_t n,
                       size_t nested) {
  if (n->kind == JAC_ENTRY)
    for (size_t k = 0; k < n->count; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0) {
        size_t range = range_at(e, n, k, nested);
        if (range > 0)
          return range;
      }
  if (n->kind == JAC_AT)
    for (size_t k = 1; k < n->count; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0) {
        size_t range =
            range_of_shape(shape_of(e, n->child[0], nested), n->count - 1, k - 1);
        if (range > 0)
          return range;
      }
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
