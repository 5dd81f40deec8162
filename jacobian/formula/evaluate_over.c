/* Over an index, and under a condition: sums, products, maxima; indicators, cases. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* The first and last number of an index. */
static bool bounds(struct jac_evaluation *e, node_t n, size_t *from, size_t *to) {
  size_t range = jac_evaluation_range(e, n->name, n->child[0]), number;
  *from = 1;
  *to = range;
  if (n->count == 3) {
    double low = jac_evaluation_number(e, n->child[1]);
    node_t last = n->child[2];
    struct jac_named named;
    /* A size that nobody named is the range of what is indexed. */
    bool unnamed = last->kind == JAC_NAME && range > 0 &&
                   !jac_evaluation_size(e, last->name, &number) &&
                   !jac_evaluation_named(e, last->name, &named);
    unnamed = unnamed && !jac_evaluation_constant(e, last->name);
    double high = unnamed ? (double)range : jac_evaluation_number(e, last);
    if (e->status != JAC_OK)
      return false;
    if (!(low >= 0.0 && low < 1e9 && high >= 0.0 && high < 1e9)) {
      jac_evaluation_fail(e, n, _("%s: it runs from %g to %g"), n->name, low, high);
      return false;
    }
    *from = (size_t)low;
    *to = (size_t)high;
    return true;
  }
  if (range > 0)
    return true;
  jac_evaluation_fail(e, n, _("%s: the range of this index is not known"), n->name);
  return false;
}

static void accumulate(struct jac_evaluation *e, enum jac_kind kind, void *sum,
                       const void *term) {
  const struct jac_number_type *type = e->type;
  if (kind == JAC_SUM)
    type->add(type, sum, sum, term);
  else if (kind == JAC_PRODUCT)
    type->multiply(type, sum, sum, term);
  else if (type->compare(type, term, sum) == 1)
    type->set(type, sum, term);
}

/* One more term of a sum; false: it failed. */
static bool add_term(struct jac_evaluation *e, node_t n, bool first, value_t *sum) {
  struct jac_chunk *chunk = e->pool.chunk;
  size_t used = e->pool.used, size = e->type->size;
  value_t term = jac_evaluation_node(e, n->child[0]);
  if (e->status == JAC_OK && term.flexible != JAC_FIXED)
    jac_evaluation_sizeless(e, n);
  if (first && e->status == JAC_OK) {
    *sum = jac_value_new(e, term.rows, term.cols);
    for (size_t j = 0; j < sum->rows * sum->cols && e->status == JAC_OK; j++)
      e->type->set(e->type, sum->data + j * size, term.data + j * size);
    return e->status == JAC_OK;
  }
  if (e->status == JAC_OK && (term.rows != sum->rows || term.cols != sum->cols))
    jac_evaluation_fail(e, n, _("the terms of a sum have several shapes"));
  if (e->status != JAC_OK)
    return false;
  for (size_t j = 0; j < sum->rows * sum->cols; j++)
    accumulate(e, n->kind, sum->data + j * size, term.data + j * size);
  jac_pool_back(e->type, &e->pool, chunk, used);
  return true;
}

value_t jac_evaluation_over(struct jac_evaluation *e, node_t n) {
  size_t from, to, place = e->count;
  if (place == JAC_MOST_INDICES)
    return jac_evaluation_fail(e, n, _("more than %d indices"), JAC_MOST_INDICES);
  if (!bounds(e, n, &from, &to))
    return jac_value_new(e, 1, 1);
  e->index[e->count++] = (struct jac_index_value){n->name, from};
  value_t sum = {0};
  bool good = true;
  for (size_t k = from; k <= to && good; k++) {
    e->index[place].value = k;
    good = add_term(e, n, k == from, &sum);
  }
  e->count = place;
  if (from > to)
    return jac_value_number(e, n->kind == JAC_PRODUCT ? 1.0 : 0.0);
  return e->status == JAC_OK ? sum : jac_value_new(e, 1, 1);
}

/* Whether a comparison's sign holds of an order: -1, 0, 1, or another number where there
 * is none. */
static bool holds(const char *sign, int order) {
  bool equal = sign[1] == '=' && order == 0;
  switch (sign[0]) {
  case '=':
    return order == 0;
  case '!':
    return order != 0;
  case '<':
    return order == -1 || equal;
  default:
    return order == 1 || equal;
  }
}

/* The two sides of a comparison; false: it failed. */
static bool compared(struct jac_evaluation *e, node_t n, value_t *a, value_t *b) {
  *a = jac_evaluation_node(e, n->child[0]);
  *b = jac_evaluation_node(e, n->child[1]);
  if (e->status == JAC_OK && (a->flexible != JAC_FIXED || b->flexible != JAC_FIXED))
    jac_evaluation_fail(e, n, _("a comparison is between numbers, not matrices"));
  return e->status == JAC_OK;
}

bool jac_evaluation_truth(struct jac_evaluation *e, node_t n) {
  value_t a, b;
  if (n->kind == JAC_AND)
    return jac_evaluation_truth(e, n->child[0]) && jac_evaluation_truth(e, n->child[1]);
  if (n->kind != JAC_COMPARE)
    return jac_evaluation_number(e, n) != 0.0;
  if (compared(e, n, &a, &b) && a.rows * a.cols * b.rows * b.cols != 1)
    jac_evaluation_fail(e, n, _("a comparison is between numbers, not matrices"));
  return e->status == JAC_OK && holds(n->name, e->type->compare(e->type, a.data, b.data));
}

/* Of matrices, a comparison holds entry by entry: ind(X > 0). */
value_t jac_evaluation_indicator(struct jac_evaluation *e, node_t n) {
  node_t condition = n->child[0];
  value_t a, b;
  if (condition->kind != JAC_COMPARE)
    return jac_value_number(e, jac_evaluation_truth(e, condition));
  if (!compared(e, condition, &a, &b))
    return jac_value_number(e, 0.0);
  if (a.rows * a.cols == 1 || b.rows * b.cols != 1)
    return jac_value_number(e, jac_evaluation_truth(e, condition));
  value_t v = jac_value_new(e, a.rows, a.cols);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++) {
    int order = e->type->compare(e->type, a.data + k * e->type->size, b.data);
    e->type->set_double(e->type, v.data + k * e->type->size,
                        holds(condition->name, order));
  }
  return v;
}

value_t jac_evaluation_cases(struct jac_evaluation *e, node_t n) {
  for (size_t k = 0; k + 1 < n->count && e->status == JAC_OK; k += 2)
    if (jac_evaluation_truth(e, n->child[k + 1]))
      return jac_evaluation_node(e, n->child[k]);
  return n->count % 2 == 1 ? jac_evaluation_node(e, n->child[n->count - 1])
                           : jac_value_number(e, 0.0);
}
