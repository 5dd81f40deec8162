/* Which rule an operation has; those of determinants and inverses. */
#include "jacobian/algebra/index_internal.h"

#include "jacobian/algebra/product.h"

/* The determinant of a power, an exponential or a product of Kronecker by that of what it
 * is made of, or its logarithm; NULL: it is none of them. */
static term_t plainer_det(struct job *j, term_t x, bool logarithm) {
  struct jac_make *m = j->m;
  if (x->kind != JAC_TERM_OP)
    return NULL;
  if (x->construct == JAC_C_EXPM) {
    term_t trace = jac_make_measure(m, JAC_C_TRACE, x->child[0]);
    return logarithm ? trace : jac_make_each(m, JAC_C_EXP, trace);
  }
  bool kron = reads(x, "(p,q)(r,s)->(p*r,q*s)");
  if (!kron && !(x->construct == JAC_C_POWER && reads(x, "(n,n)1->(n,n)")))
    return NULL;
  term_t out = NULL;
  for (size_t k = 0; k < (kron ? 2 : 1); k++) {
    term_t of = x->child[k], det = jac_make_measure(m, JAC_C_DET, of),
           power = kron ? jac_make_size(m, x->child[1 - k]->type.rows) : x->child[1];
    if (!jac_dim_same(of->type.rows, of->type.cols))
      return NULL;
    term_t part = logarithm ? jac_make_times(m, power, jac_make_each(m, JAC_C_LOG, det))
                            : jac_make_raised(m, det, power);
    out = !out        ? part
          : logarithm ? jac_make_add(m, out, part)
                      : jac_make_times(m, out, part);
  }
  return out;
}

/* det(X), or its logarithm. */
void jac_job_det(struct job *j, term_t t, bool logarithm, const mono *prefix) {
  term_t plainer = plainer_det(j, t->child[0], logarithm);
  if (plainer) {
    j->form->rules |= JAC_RULE_DET;
    jac_job_d(j, plainer, NULL, NULL, prefix);
    return;
  }
  j->form->rules |= JAC_RULE_DET;
  term_t x = t->child[0], inverse = jac_make_inverse(j->m, x);
  mono p = *prefix;
  term_t k = jac_job_sum_over(j, &p, x->type.rows),
         l = jac_job_sum_over(j, &p, x->type.cols);
  if (j->failed || !inverse)
    return;
  j->form->inverse = true;
  if (!logarithm)
    jac_job_times(j, &p, jac_job_called(j, t), 1);
  jac_job_times(j, &p, jac_make_entry(j->m, inverse, l, k), 1);
  jac_job_d(j, x, k, l, &p);
}

void jac_job_inverse(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= JAC_RULE_INVERSE;
  term_t x = t->child[0];
  mono p = *prefix;
  p.coefficient = -p.coefficient;
  term_t k = jac_job_sum_over(j, &p, x->type.rows),
         l = jac_job_sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  jac_job_times(j, &p, jac_job_entry(j, t, row, k), 1);
  jac_job_times(j, &p, jac_job_entry(j, t, l, col), 1);
  jac_job_d(j, x, k, l, &p);
}

/* The larger or smaller of two: where one is. */
static void d_larger(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= JAC_RULE_MAX;
  bool max = t->construct == JAC_C_MAX;
  for (size_t side = 0; side < 2; side++) {
    term_t x = t->child[side], y = t->child[1 - side];
    if (!jac_term_depends(x, j->variable))
      continue;
    mono p = *prefix;
    jac_job_times(j, &p,
                  jac_make_compare(j->m, max ? JAC_C_MORE : JAC_C_LESS,
                                   jac_job_entry(j, x, row, col),
                                   jac_job_entry(j, y, row, col)),
                  1);
    jac_job_spread(j, x, row, col, &p);
  }
}

/* e^{s A} by what s moves with, A at rest: A e^{s A} ds. */
static void d_expm(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  term_t x = t->child[0];
  mono p = *prefix;
  while (x->kind == JAC_TERM_OP && x->construct == JAC_C_NEGATE) {
    p.coefficient = -p.coefficient;
    x = x->child[0];
  }
  bool scaled = x->kind == JAC_TERM_OP && jac_product_kind(x) == 's' &&
                !jac_type_is_number(x->type);
  size_t number = scaled && jac_type_is_number(x->child[0]->type) ? 0 : 1;
  term_t matrix = scaled ? x->child[1 - number] : NULL;
  if (!matrix || jac_term_depends(matrix, j->variable)) {
    jac_job_refuse(j, "expm");
    return;
  }
  term_t k = jac_job_sum_over(j, &p, matrix->type.cols);
  if (j->failed)
    return;
  jac_job_times(j, &p, jac_job_entry(j, matrix, row, k), 1);
  jac_job_times(j, &p, jac_job_entry(j, t, k, col), 1);
  jac_job_d(j, x->child[number], NULL, NULL, &p);
}

void jac_job_operation(struct job *j, term_t t, term_t row, term_t col,
                       const mono *prefix) {
  mono p = *prefix;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE) {
    jac_job_entrywise(j, t, row, col, prefix);
    return;
  }
  if (t->construct == JAC_C_CROSS && reads(t, "(3,1)(3,1)->(3,1)")) {
    jac_job_cross(j, t, row, prefix);
    return;
  }
  if (t->construct == JAC_C_CROSS && reads(t, "(1,3)(1,3)->(1,3)")) {
    jac_job_cross(j,
                  jac_make_cross(j->m, jac_make_transpose(j->m, t->child[0]),
                                 jac_make_transpose(j->m, t->child[1])),
                  col, prefix);
    return;
  }
  if (jac_product_kind(t)) {
    jac_job_product(j, t, row, col, prefix);
    return;
  }
  switch (t->construct) {
  case JAC_C_ADD:
  case JAC_C_SUBTRACT:
    jac_job_spread(j, t->child[0], row, col, prefix);
    p.coefficient *= t->construct == JAC_C_ADD ? 1 : -1;
    {
      jac_job_spread(j, t->child[1], row, col, &p);
      return;
    }
  case JAC_C_NEGATE:
    p.coefficient = -p.coefficient;
    {
      jac_job_d(j, t->child[0], row, col, &p);
      return;
    }
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE: {
    jac_job_divide(j, t, row, col, prefix);
    return;
  }
  case JAC_C_POWER:
  case JAC_C_DOTPOWER: {
    jac_job_power(j, t, row, col, prefix);
    return;
  }
  case JAC_C_TRANSPOSE: {
    jac_job_d(j, t->child[0], col, row, prefix);
    return;
  }
  case JAC_C_INVERSE:
    if (jac_type_is_number(t->type)) {
      jac_job_times(j, &p, t->child[0], -2);
      p.coefficient = -p.coefficient;
      {
        jac_job_d(j, t->child[0], NULL, NULL, &p);
        return;
      }
    }
    {
      jac_job_inverse(j, t, row, col, prefix);
      return;
    }
  case JAC_C_EXPM: {
    d_expm(j, t, row, col, prefix);
    return;
  }
  case JAC_C_DET: {
    jac_type_is_number(t->child[0]->type) ? jac_job_d(j, t->child[0], NULL, NULL, prefix)
                                          : jac_job_det(j, t, false, prefix);
    return;
  }
  case JAC_C_DIAG:
    if (jac_type_is_number(t->type)) {
      jac_job_d(j, t->child[0], NULL, NULL, prefix);
      return;
    }
    if (jac_dim_is_one(t->type.cols)) {
      jac_job_d(j, t->child[0], row, row, prefix);
      return;
    }
    jac_job_times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, row, col), 1);
    {
      jac_job_spread(j, t->child[0], row, row, &p);
      return;
    }
  case JAC_C_VEC:
    if (jac_dim_is_one(t->child[0]->type.cols)) {
      jac_job_d(j, t->child[0], row, NULL, prefix);
      return;
    }
    if (jac_dim_is_one(t->child[0]->type.rows)) {
      jac_job_d(j, t->child[0], NULL, row, prefix);
      return;
    }
    {
      jac_job_refuse(j, "vec");
      return;
    }
  case JAC_C_SYM:
    p.coefficient /= 2;
    jac_job_d(j, t->child[0], row, col, &p);
    {
      jac_job_d(j, t->child[0], col, row, &p);
      return;
    }
  case JAC_C_SOFTMAX:
  case JAC_C_LOGSOFTMAX: {
    jac_type_is_number(t->type)
        ? (void)0
        : jac_job_softmax(j, t, t->construct == JAC_C_LOGSOFTMAX, row, col, prefix);
    return;
  }
  case JAC_C_PRODUCTALL: {
    jac_type_is_number(t->child[0]->type) ? jac_job_d(j, t->child[0], NULL, NULL, prefix)
                                          : jac_job_product_all(j, t, prefix);
    return;
  }
  case JAC_C_MAX:
  case JAC_C_MIN:
    if (t->count == 2) {
      d_larger(j, t, row, col, prefix);
      return;
    }
    {
      jac_job_measure(j, t, prefix);
      return;
    }
  case JAC_C_NORM:
  case JAC_C_NORM1:
  case JAC_C_NORMMAX:
  case JAC_C_TRACE:
  case JAC_C_TOTAL:
  case JAC_C_MEAN:
  case JAC_C_VARIANCE:
  case JAC_C_LOGSUMEXP: {
    jac_job_measure(j, t, prefix);
    return;
  }
  default: {
    jac_job_refuse(j, jac_construct(t->construct)->plain);
    return;
  }
  }
}
