#include "jacobian/formula/simplify.h"

#include <math.h>
#include <string.h>

typedef const struct jac_node *node_t;

static node_t negate(struct jac_arena *a, node_t x) {
  if (x == NULL)
    return NULL;
  if (x->kind == JAC_NEGATE)
    return x->child[0];
  if (x->kind == JAC_NUMBER)
    return jac_number(a, x->number == 0.0 ? 0.0 : -x->number);
  return jac_unary(a, JAC_NEGATE, x);
}

static bool both_numbers(node_t x, node_t y) {
  return x->kind == JAC_NUMBER && y->kind == JAC_NUMBER;
}

static node_t add(struct jac_arena *a, node_t x, node_t y) {
  if (jac_is_number(x, 0.0))
    return y;
  if (jac_is_number(y, 0.0))
    return x;
  if (both_numbers(x, y))
    return jac_number(a, x->number + y->number);
  /* Numbers in one sum are added up: 2 + k - 1 is k + 1. */
  if (y->kind == JAC_NUMBER && x->kind == JAC_ADD)
    for (size_t k = 0; k < 2; k++)
      if (x->child[k]->kind == JAC_NUMBER)
        return add(a, x->child[1 - k], jac_number(a, x->child[k]->number + y->number));
  return jac_binary(a, JAC_ADD, x, y);
}

static node_t divide(struct jac_arena *a, node_t x, node_t y);

static bool negative(node_t x) {
  return x->kind == JAC_NEGATE || (x->kind == JAC_NUMBER && x->number < 0.0);
}

/* Signs of factors go to the front of the product, what divides to its end, and a factor
 * that stands twice is a square. */
static node_t multiply(struct jac_arena *a, enum jac_kind kind, node_t x, node_t y) {
  if (jac_is_number(x, 0.0) || jac_is_number(y, 0.0))
    return jac_number(a, 0.0);
  if (jac_is_number(x, 1.0))
    return y;
  if (jac_is_number(y, 1.0))
    return x;
  if (both_numbers(x, y))
    return jac_number(a, x->number * y->number);
  if (negative(x))
    return negate(a, multiply(a, kind, negate(a, x), y));
  if (negative(y))
    return negate(a, multiply(a, kind, x, negate(a, y)));
  if (y->kind == JAC_DIVIDE)
    return divide(a, multiply(a, kind, x, y->child[0]), y->child[1]);
  if (y->kind == JAC_MULTIPLY)
    return multiply(a, kind, multiply(a, kind, x, y->child[0]), y->child[1]);
  if (x->kind != JAC_NUMBER && jac_equal(x, y))
    return jac_binary(a, JAC_POWER, x, jac_number(a, 2.0));
  return jac_binary(a, kind, x, y);
}

static node_t divide(struct jac_arena *a, node_t x, node_t y) {
  if (jac_is_number(x, 0.0) && !jac_is_number(y, 0.0))
    return x;
  if (jac_is_number(y, 1.0))
    return x;
  if (x->kind == JAC_NEGATE)
    return negate(a, divide(a, x->child[0], y));
  return jac_binary(a, JAC_DIVIDE, x, y);
}

static node_t power(struct jac_arena *a, node_t x, node_t y) {
  if (jac_is_number(y, 1.0))
    return x;
  if (jac_is_number(y, 0.0))
    return jac_number(a, 1.0);
  return jac_binary(a, JAC_POWER, x, y);
}

static bool compare(const char *sign, double x, double y) {
  if (strcmp(sign, "=") == 0)
    return x == y;
  if (strcmp(sign, "!=") == 0)
    return x != y;
  bool less = sign[0] == '<' ? x < y : x > y;
  return less || (sign[1] == '=' && x == y);
}

/* A comparison of numbers is the number 1 or 0. */
static node_t condition(struct jac_arena *a, node_t node, const node_t *child) {
  if (node->kind == JAC_COMPARE && both_numbers(child[0], child[1]))
    return jac_number(a, compare(node->name, child[0]->number, child[1]->number) ? 1 : 0);
  if (node->kind == JAC_AND) {
    if (jac_is_number(child[0], 0.0) || jac_is_number(child[1], 1.0))
      return child[0];
    if (jac_is_number(child[1], 0.0) || jac_is_number(child[0], 1.0))
      return child[1];
  }
  return jac_rebuild(a, node, child);
}

/* One node over simplified children. */
/* What is known not to be the case falls away, and so does what follows one that is. */
static node_t cases(struct jac_arena *a, node_t node, const node_t *child) {
  node_t kept[JAC_FORMULA_CHILDREN];
  size_t count = 0, k = 0;
  for (; k + 1 < node->count; k += 2) {
    bool known = child[k + 1]->kind == JAC_NUMBER;
    if (known && child[k + 1]->number != 0.0)
      break;
    if (!known) {
      kept[count++] = child[k];
      kept[count++] = child[k + 1];
    }
  }
  if (k < node->count) /* it is the case, or the otherwise */
    kept[count++] = child[k];
  if (count == 1)
    return kept[0];
  return count == 0 || count == node->count ? jac_rebuild(a, node, child)
                                            : jac_node(a, JAC_CASES, count, kept);
}

static node_t simplest(struct jac_arena *a, node_t node, const node_t *child) {
  switch (node->kind) {
  case JAC_ADD:
    return add(a, child[0], child[1]);
  case JAC_NEGATE:
    return negate(a, child[0]);
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return multiply(a, node->kind, child[0], child[1]);
  case JAC_DIVIDE:
    return divide(a, child[0], child[1]);
  case JAC_POWER:
    return power(a, child[0], child[1]);
  case JAC_DELTA:
    if (both_numbers(child[0], child[1]))
      return jac_number(a, child[0]->number == child[1]->number ? 1.0 : 0.0);
    return jac_equal(child[0], child[1]) ? jac_number(a, 1.0)
                                         : jac_rebuild(a, node, child);
  case JAC_COMPARE:
  case JAC_AND:
    return condition(a, node, child);
  case JAC_INDICATOR:
    return child[0]->kind == JAC_NUMBER ? child[0] : jac_rebuild(a, node, child);
  case JAC_CASES:
    return cases(a, node, child);
  case JAC_SUM:
    return jac_is_number(child[0], 0.0) ? child[0] : jac_rebuild(a, node, child);
  default:
    return jac_rebuild(a, node, child);
  }
}

struct scope {
  const struct jac_binding *binding;
  size_t count;
  const char *bound[JAC_FORMULA_DEPTH]; /* indices of the sums around */
  size_t depth;
};

static node_t specialise(struct jac_arena *a, node_t node, struct scope *s) {
  if (node == NULL)
    return NULL;
  if (node->kind == JAC_NAME) {
    for (size_t k = 0; k < s->depth; k++)
      if (strcmp(s->bound[k], node->name) == 0)
        return node;
    for (size_t k = 0; k < s->count; k++)
      if (strcmp(s->binding[k].name, node->name) == 0)
        return jac_number(a, (double)s->binding[k].value);
    return node;
  }
  node_t child[JAC_FORMULA_CHILDREN];
  bool binds =
      node->kind == JAC_SUM || node->kind == JAC_MAX || node->kind == JAC_PRODUCT;
  if (binds)
    s->bound[s->depth++] = node->name;
  for (size_t k = 0; k < node->count; k++)
    if ((child[k] = specialise(a, node->child[k], s)) == NULL)
      return NULL;
  if (binds)
    s->depth--;
  return simplest(a, node, child);
}

const struct jac_node *jac_specialise(struct jac_arena *arena,
                                      const struct jac_node *tree,
                                      const struct jac_binding *binding, size_t count) {
  struct scope scope = {.binding = binding, .count = count};
  return specialise(arena, tree, &scope);
}
