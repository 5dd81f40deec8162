#include "jacobian/formula/evaluate.h"

#include "jacobian/formula/evaluate_internal.h"
#include "jacobian/formula/render.h"
#include "jacobian/order.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

/* At most this many nodes in one evaluation. */
enum { MOST_STEPS = 1 << 28 };

value_t jac_evaluation_fail(struct jac_evaluation *e, node_t node, const char *format,
                            ...) {
  char text[400];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (e->status == JAC_OK) {
    e->status = jac_fail(e->err, JAC_EINPUT, "%s", text);
    e->position = node->position;
  }
  return jac_value_new(e, 1, 1);
}

value_t jac_evaluation_sizeless(struct jac_evaluation *e, node_t n) {
  value_t v =
      jac_evaluation_fail(e, n, _("the size of I or of the ones is not known here"));
  if (e->status == JAC_EINPUT)
    e->status = JAC_EUNKNOWN;
  return v;
}

double jac_evaluation_number(struct jac_evaluation *e, node_t node) {
  value_t v = jac_evaluation_node(e, node);
  if (e->status == JAC_OK && v.flexible != JAC_FIXED)
    v = jac_value_settle(e, node, v, 1, 1);
  if (e->status != JAC_OK)
    return NAN;
  if (v.rows == 1 && v.cols == 1)
    return jac_value_get(e, v, 0, 0);
  jac_evaluation_fail(e, node, _("a matrix of %zux%zu stands where one number is needed"),
                      v.rows, v.cols);
  return NAN;
}

/* Products with an indicator or a delta that is 0 are 0, whatever stands beside it. */
static value_t product(struct jac_evaluation *e, node_t n) {
  value_t a = jac_evaluation_node(e, n->child[0]);
  bool selects = n->child[0]->kind == JAC_DELTA || n->child[0]->kind == JAC_INDICATOR;
  if (selects && e->status == JAC_OK && a.rows * a.cols == 1 &&
      jac_value_get(e, a, 0, 0) == 0.0)
    return a;
  value_t b = jac_evaluation_node(e, n->child[1]);
  if (e->status != JAC_OK)
    return a;
  return n->kind == JAC_HADAMARD ? jac_value_hadamard(e, n, a, b)
                                 : jac_value_multiply(e, n, a, b);
}

/* 1 b or c 1^T, a row or a column repeated as often as the term beside it needs. */
static bool repeats_ones(node_t n) {
  while (n->kind == JAC_NEGATE)
    n = n->child[0];
  if (n->kind != JAC_MULTIPLY)
    return false;
  node_t last = n->child[1];
  while (n->kind == JAC_MULTIPLY)
    n = n->child[0];
  if (last->kind == JAC_TRANSPOSE)
    last = last->child[0];
  else
    last = NULL;
  return strcmp(n->name, "1") == 0 || strcmp(n->name, "ones") == 0 ||
         (last != NULL &&
          (strcmp(last->name, "1") == 0 || strcmp(last->name, "ones") == 0));
}

static value_t sum_of_two(struct jac_evaluation *e, node_t n) {
  value_t term[2] = {{.rows = 0}};
  size_t first = repeats_ones(n->child[0]) ? 1 : 0, second = 1 - first;
  size_t rows = e->beside_rows, cols = e->beside_cols;
  term[first] = jac_evaluation_node(e, n->child[first]);
  if (e->status == JAC_OK && repeats_ones(n->child[second])) {
    e->beside_rows = term[first].rows;
    e->beside_cols = term[first].cols;
  }
  if (e->status == JAC_OK)
    term[second] = jac_evaluation_node(e, n->child[second]);
  e->beside_rows = rows;
  e->beside_cols = cols;
  return e->status == JAC_OK ? jac_value_add(e, n, term[0], term[1]) : term[first];
}

static value_t binary(struct jac_evaluation *e, node_t n) {
  value_t a = jac_evaluation_node(e, n->child[0]);
  value_t b = e->status == JAC_OK ? jac_evaluation_node(e, n->child[1]) : a;
  if (e->status != JAC_OK)
    return a;
  return n->kind == JAC_DIVIDE ? jac_value_divide(e, n, a, b)
                               : jac_value_power(e, n, a, b);
}

value_t jac_evaluation_node(struct jac_evaluation *e, node_t n) {
  if (e->status == JAC_OK && ++e->steps > MOST_STEPS)
    e->status = jac_fail(e->err, JAC_ELIMIT, _("evaluating the formula takes too long"));
  if (e->status != JAC_OK)
    return jac_value_new(e, 1, 1);
  switch (n->kind) {
  case JAC_NUMBER:
    return jac_value_number(e, n->number);
  case JAC_NAME:
    return jac_evaluation_name(e, n);
  case JAC_ENTRY:
    return jac_evaluation_entry(e, n);
  case JAC_CALL:
    return jac_value_call(e, n);
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
    return jac_evaluation_over(e, n);
  case JAC_DELTA: {
    double a = jac_evaluation_number(e, n->child[0]);
    return jac_value_number(e, a == jac_evaluation_number(e, n->child[1]));
  }
  case JAC_INDICATOR:
    return jac_evaluation_indicator(e, n);
  case JAC_CASES:
    return jac_evaluation_cases(e, n);
  case JAC_NEGATE:
    return jac_value_negate(e, jac_evaluation_node(e, n->child[0]));
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return product(e, n);
  case JAC_ADD:
    return sum_of_two(e, n);
  case JAC_DIVIDE:
  case JAC_POWER:
    return binary(e, n);
  case JAC_COMPARE:
  case JAC_AND:
    return jac_value_number(e, jac_evaluation_truth(e, n));
  case JAC_TRANSPOSE:
    return jac_value_transpose(e, jac_evaluation_node(e, n->child[0]));
  case JAC_AT:
    return jac_evaluation_pick(e, n, jac_evaluation_node(e, n->child[0]), n->count - 1,
                               n->child + 1);
  case JAC_MATRIX:
    return jac_value_matrix(e, n);
  default:
    return jac_evaluation_fail(e, n, _("it has no value"));
  }
}

void jac_result_free(struct jac_result *result) {
  free(result->value);
  free(result->slope);
  free(result->enclosure);
  *result = (struct jac_result){0};
}

static void copy_out(struct jac_evaluation *e, value_t v, struct jac_result *result) {
  size_t count = v.rows * v.cols;
  const struct jac_number_type *base = e->type->base;
  result->value = malloc((count + 1) * sizeof(double));
  result->slope = base != NULL ? malloc((count + 1) * sizeof(double)) : NULL;
  if (e->type->enclose != NULL)
    result->enclosure = malloc((count + 1) * sizeof *result->enclosure);
  if (result->value == NULL || (base != NULL && result->slope == NULL) ||
      (e->type->enclose != NULL && result->enclosure == NULL)) {
    e->status = jac_fail_memory(e->err);
    return;
  }
  for (size_t k = 0; k < count; k++) {
    const char *at = v.data + k * e->type->size;
    result->value[k] = e->type->get(e->type, at);
    if (base != NULL)
      result->slope[k] = base->get(base, at + base->size);
    if (result->enclosure != NULL)
      e->type->enclose(e->type, at, &result->enclosure[k]);
  }
  result->rows = v.rows;
  result->cols = v.cols;
}

enum jac_status jac_formula_value(const struct jac_node *tree,
                                  const struct jac_environment *environment,
                                  const struct jac_index_value *index, size_t count,
                                  struct jac_result *result, size_t *position,
                                  struct jac_error *err) {
  *result = (struct jac_result){0};
  struct jac_evaluation e = {.env = environment,
                             .type = environment->type != NULL ? environment->type
                                                               : &jac_double,
                             .count = count,
                             .err = err};
  if (count > JAC_MOST_INDICES)
    return jac_fail(err, JAC_ELIMIT, _("more than %d indices"), JAC_MOST_INDICES);
  if (count > 0)
    memcpy(e.index, index, count * sizeof *index);
  value_t v = jac_evaluation_node(&e, tree);
  if (e.status == JAC_OK && v.flexible != JAC_FIXED)
    jac_evaluation_sizeless(&e, tree);
  if (e.status == JAC_OK)
    copy_out(&e, v, result);
  if (e.status != JAC_OK)
    jac_result_free(result);
  jac_pool_back(e.type, &e.pool, NULL, 0);
  jac_pool_back(e.type, &e.kept, NULL, 0);
  free(e.memo);
  if (position != NULL)
    *position = e.position;
  return e.status;
}

enum jac_status jac_formula_evaluate(const struct jac_node *tree,
                                     const struct jac_environment *environment,
                                     const struct jac_index_value *index, size_t count,
                                     double *value, struct jac_error *err) {
  struct jac_result result;
  enum jac_status status =
      jac_formula_value(tree, environment, index, count, &result, NULL, err);
  if (status == JAC_OK && result.rows * result.cols != 1)
    status =
        jac_fail(err, JAC_EINPUT, _("the value is a matrix of %zux%zu, not a number"),
                 result.rows, result.cols);
  if (status == JAC_OK)
    *value = result.value[0];
  jac_result_free(&result);
  return status;
}
