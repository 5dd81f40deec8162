/* The rules of functions of a number, entry by entry, and of softmax. */
#include "jacobian/algebra/index_internal.h"

#include <math.h>

/* The slope of a function of one number, at x; y is its value. */
static bool slope(struct job *j, enum jac_construct_id id, term_t x, term_t y, mono *p) {
  struct jac_make *m = j->m;
  term_t one = jac_make_number(m, 1);
  switch (id) {
  case JAC_C_EXP:
    return jac_job_times(j, p, y, 1), true;
  case JAC_C_LOG:
    return jac_job_times(j, p, x, -1), true;
  case JAC_C_TANH:
    return jac_job_times(j, p, jac_make_subtract(m, one, jac_make_power(m, y, 2)), 1),
           true;
  case JAC_C_SIGMOID:
    return jac_job_times(j, p, y, 1),
           jac_job_times(j, p, jac_make_subtract(m, one, y), 1), true;
  case JAC_C_RELU:
    return jac_job_times(j, p, jac_make_compare(m, JAC_C_MORE, x, jac_make_number(m, 0)),
                         1),
           true;
  case JAC_C_SQRT:
    p->coefficient /= 2;
    return jac_job_times(j, p, y, -1), true;
  case JAC_C_ABS:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_SIGN, x), 1), true;
  case JAC_C_SIGN:
  case JAC_C_HEAVISIDE:
    p->coefficient = 0;
    return true;
  case JAC_C_SIN:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_COS, x), 1), true;
  case JAC_C_COS:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, jac_make_each(m, JAC_C_SIN, x), 1), true;
  case JAC_C_TAN:
    return jac_job_times(j, p, jac_make_add(m, one, jac_make_power(m, y, 2)), 1), true;
  case JAC_C_SEC:
    return jac_job_times(j, p, y, 1),
           jac_job_times(j, p, jac_make_each(m, JAC_C_TAN, x), 1), true;
  case JAC_C_CSC:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, y, 1),
           jac_job_times(j, p, jac_make_each(m, JAC_C_COT, x), 1), true;
  case JAC_C_COT:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, jac_make_add(m, one, jac_make_power(m, y, 2)), 1), true;
  case JAC_C_SINH:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_COSH, x), 1), true;
  case JAC_C_COSH:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_SINH, x), 1), true;
  case JAC_C_SECH:
  case JAC_C_CSCH:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, y, 1),
           jac_job_times(
               j, p, jac_make_each(m, id == JAC_C_SECH ? JAC_C_TANH : JAC_C_COTH, x), 1),
           true;
  case JAC_C_COTH:
    return jac_job_times(j, p, jac_make_subtract(m, one, jac_make_power(m, y, 2)), 1),
           true;
  case JAC_C_ATAN:
    return jac_job_times(j, p, jac_make_add(m, one, jac_make_power(m, x, 2)), -1), true;
  case JAC_C_ASIN:
  case JAC_C_ACOS:
    p->coefficient *= id == JAC_C_ACOS ? -1 : 1;
    return jac_job_times(
               j, p,
               jac_make_each(m, JAC_C_SQRT,
                             jac_make_subtract(m, one, jac_make_power(m, x, 2))),
               -1),
           true;
  case JAC_C_ASINH:
  case JAC_C_ACOSH: {
    term_t square = jac_make_power(m, x, 2);
    term_t under = id == JAC_C_ASINH ? jac_make_add(m, one, square)
                                     : jac_make_subtract(m, square, one);
    return jac_job_times(j, p, jac_make_each(m, JAC_C_SQRT, under), -1), true;
  }
  case JAC_C_ATANH:
    return jac_job_times(j, p, jac_make_subtract(m, one, jac_make_power(m, x, 2)), -1),
           true;
  case JAC_C_SOFTPLUS:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_SIGMOID, x), 1), true;
  case JAC_C_NORMAL:
    return jac_job_times(j, p, jac_make_each(m, JAC_C_DENSITY, x), 1), true;
  case JAC_C_DENSITY:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, x, 1), jac_job_times(j, p, y, 1), true;
  case JAC_C_GELU:
    return jac_job_times(
               j, p,
               jac_make_add(m, jac_make_each(m, JAC_C_NORMAL, x),
                            jac_make_times(m, x, jac_make_each(m, JAC_C_DENSITY, x))),
               1),
           true;
  case JAC_C_SILU: {
    term_t s = jac_make_each(m, JAC_C_SIGMOID, x);
    return jac_job_times(
               j, p,
               jac_make_add(m, s, jac_make_times(m, y, jac_make_subtract(m, one, s))), 1),
           true;
  }
  case JAC_C_ERF:
    p->coefficient *= 2 / sqrt(acos(-1.0));
    return jac_job_times(
               j, p,
               jac_make_each(m, JAC_C_EXP, jac_make_negate(m, jac_make_power(m, x, 2))),
               1),
           true;
  case JAC_C_RECIPROCAL:
    p->coefficient = -p->coefficient;
    return jac_job_times(j, p, x, -2), true;
  default:
    return false;
  }
}

term_t jac_index_slope(struct jac_make *m, enum jac_construct_id id, term_t x, term_t y) {
  struct jac_index_form form = {.make = m};
  struct job *j = jac_pool_take(m->pool, sizeof *j);
  struct jac_expansion one = {.count = 0};
  mono p = {.coefficient = 1};
  if (!j || !x || !y)
    return NULL;
  j->form = &form;
  j->m = m;
  return slope(j, id, x, y, &p) && !j->failed && jac_expansion_add(m, &one, &p)
             ? p.coefficient == 0 ? jac_make_number(m, 0) : jac_expansion_term(m, &one)
             : NULL;
}

void jac_job_entrywise(struct job *j, term_t t, term_t row, term_t col,
                       const mono *prefix) {
  mono p = *prefix;
  term_t x = t->child[0];
  if (t->construct == JAC_C_LOG && x->kind == JAC_TERM_OP && x->construct == JAC_C_DET &&
      !jac_type_is_number(x->child[0]->type)) {
    jac_job_det(j, x, true, prefix);
    return;
  }
  term_t soft = x->kind == JAC_TERM_SYMBOL && x->symbol->body && x->symbol != j->variable
                    ? x->symbol->body
                    : x;
  if (t->construct == JAC_C_LOG && !jac_job_is_step(j, x) && soft->kind == JAC_TERM_OP &&
      soft->construct == JAC_C_SOFTMAX && !jac_type_is_number(soft->type)) {
    jac_job_softmax(j, soft, true, row, col, prefix);
    return;
  }
  j->form->rules |= JAC_RULE_CHAIN;
  if (!slope(j, t->construct, jac_job_entry(j, t->child[0], row, col),
             jac_job_entry(j, t, row, col), &p)) {
    jac_job_refuse(j, "this function");
    return;
  }
  if (p.coefficient != 0)
    jac_job_d(j, t->child[0], row, col, &p);
}

/* Of softmax, or of its logarithm; of a matrix row by row. */
void jac_job_softmax(struct job *j, term_t t, bool log, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= log ? JAC_RULE_LOGSOFTMAX : JAC_RULE_SOFTMAX;
  term_t x = t->child[0];
  bool column = jac_dim_is_one(x->type.cols);
  mono p = *prefix;
  if (!log)
    jac_job_times(j, &p, jac_job_entry(j, t, row, col), 1);
  jac_job_d(j, x, row, col, &p);
  p.coefficient = -p.coefficient;
  term_t k = jac_job_sum_over(j, &p, column ? x->type.rows : x->type.cols);
  term_t down = column ? k : row, across = column ? NULL : k;
  jac_job_times(j, &p,
                jac_job_entry(j, log ? jac_make_softmax(j->m, x) : t, down, across), 1);
  jac_job_d(j, x, down, across, &p);
}
