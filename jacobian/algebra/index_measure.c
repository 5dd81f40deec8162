/* The rules of numbers of all entries, and of sums over an index. */
#include "jacobian/algebra/index_internal.h"

#include "jacobian/algebra/flat.h"

/* X^n of a matrix, n a letter. */
static bool is_power(const struct job *j, term_t x) {
  return x->construct == JAC_C_POWER && reads(x, "(n,n)1->(n,n)") &&
         x->child[1]->kind != JAC_TERM_NUMBER &&
         !jac_term_depends(x->child[1], j->variable);
}

/* tr(A (x) B) is tr(A) tr(B); of tr(e^X) it is (e^X)^T, of tr(X^n) it is n (X^(n-1))^T.
 */
static void d_trace(struct job *j, term_t t, const mono *prefix) {
  mono p = *prefix;
  bool power = is_power(j, t);
  if (t->construct != JAC_C_EXPM && !power) {
    term_t a = jac_make_measure(j->m, JAC_C_TRACE, t->child[0]),
           b = jac_make_measure(j->m, JAC_C_TRACE, t->child[1]);
    bool square = jac_dim_same(t->child[0]->type.rows, t->child[0]->type.cols) &&
                  jac_dim_same(t->child[1]->type.rows, t->child[1]->type.cols);
    term_t both = square ? jac_make_times(j->m, a, b) : NULL;
    if (both)
      jac_job_d(j, both, NULL, NULL, prefix);
    else
      jac_job_refuse(j, "a trace of a Kronecker product");
    return;
  }
  term_t x = t->child[0];
  term_t k = jac_job_sum_over(j, &p, x->type.rows),
         l = jac_job_sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  if (power) {
    jac_job_times(j, &p, t->child[1], 1);
    t = jac_make_less_power(j->m, t);
    j->form->rules |= JAC_RULE_POWER;
  }
  jac_job_times(j, &p, jac_job_entry(j, t, l, k), 1);
  jac_job_d(j, x, k, l, &p);
}

term_t jac_job_factored(struct job *j, term_t t) {
  term_t x = t->child[0];
  bool kron = x->kind == JAC_TERM_OP && reads(x, "(p,q)(r,s)->(p*r,q*s)");
  if (!kron || (t->construct != JAC_C_TOTAL && t->construct != JAC_C_MEAN &&
                t->construct != JAC_C_NORM && t->construct != JAC_C_NORM1))
    return NULL;
  return jac_make_times(j->m, jac_make_measure(j->m, t->construct, x->child[0]),
                        jac_make_measure(j->m, t->construct, x->child[1]));
}

/* What an entry's differential has before it in that of a number of all entries. */
static void weigh_entry(struct job *j, term_t t, term_t x, term_t k, term_t l, mono *p) {
  term_t at = jac_job_entry(j, x, k, l);
  switch (t->construct) {
  case JAC_C_NORM:
    jac_job_times(j, p, at, 1);
    jac_job_times(j, p, jac_job_called(j, t), -1);
    break;
  case JAC_C_NORM1:
    jac_job_times(j, p, jac_make_each(j->m, JAC_C_SIGN, at), 1);
    break;
  case JAC_C_MEAN:
  case JAC_C_VARIANCE:
    jac_job_times(j, p, jac_make_size(j->m, x->type.rows), -1);
    jac_job_times(j, p, jac_make_size(j->m, x->type.cols), -1);
    if (t->construct == JAC_C_VARIANCE) {
      term_t mean = jac_job_called(j, jac_make_measure(j->m, JAC_C_MEAN, x));
      p->coefficient *= 2;
      jac_job_times(j, p, jac_make_subtract(j->m, at, mean), 1);
    }
    break;
  case JAC_C_MAX:
  case JAC_C_MIN:
    jac_job_times(j, p, jac_make_compare(j->m, JAC_C_EQUAL, at, jac_job_called(j, t)), 1);
    break;
  case JAC_C_NORMMAX:
    jac_job_times(j, p,
                  jac_make_compare(j->m, JAC_C_EQUAL, jac_make_each(j->m, JAC_C_ABS, at),
                                   jac_job_called(j, t)),
                  1);
    jac_job_times(j, p, jac_make_each(j->m, JAC_C_SIGN, at), 1);
    break;
  case JAC_C_LOGSUMEXP:
    if (!jac_dim_is_one(x->type.cols) && !jac_dim_is_one(x->type.rows)) {
      j->form->rules |= JAC_RULE_LOGSUMEXP;
      jac_job_times(
          j, p,
          jac_make_divide(
              j->m, jac_make_each(j->m, JAC_C_EXP, at),
              jac_job_called(j, jac_make_measure(j->m, JAC_C_TOTAL,
                                                 jac_make_each(j->m, JAC_C_EXP, x)))),
          1);
    } else
      jac_job_times(j, p, jac_job_entry(j, jac_make_softmax(j->m, x), k, l), 1);
    break;
  default:
    break;
  }
}

/* Long: the measures that are worked out otherwise come first. Numbers of all entries of
 * a matrix. */
void jac_job_measure(struct job *j, term_t t, const mono *prefix) {
  bool largest = t->construct == JAC_C_MAX || t->construct == JAC_C_MIN ||
                 t->construct == JAC_C_NORMMAX;
  j->form->rules |= t->construct == JAC_C_NORM ? JAC_RULE_NORM
                    : largest                  ? JAC_RULE_MAX
                                               : JAC_RULE_SUM;
  term_t x = t->child[0];
  mono p = *prefix;
  bool square = t->construct == JAC_C_TRACE;
  term_t matrix = square ? NULL : jac_unflattened(j->m, x);
  x = matrix ? matrix : x;
  if (square && x->kind == JAC_TERM_OP &&
      (x->construct == JAC_C_EXPM || is_power(j, x) ||
       reads(x, "(p,q)(r,s)->(p*r,q*s)"))) {
    d_trace(j, x, prefix);
    return;
  }
  term_t factors = jac_job_factored(j, t);
  if (factors) {
    jac_job_d(j, factors, NULL, NULL, prefix);
    return;
  }
  term_t k = jac_job_sum_over(j, &p, x->type.rows);
  term_t l = square ? k : jac_job_sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  weigh_entry(j, t, x, k, l, &p);
  if (!j->failed)
    jac_job_d(j, x, jac_dim_is_one(x->type.rows) ? NULL : k,
              jac_dim_is_one(x->type.cols) ? NULL : l, &p);
}

/* The product over all but one, times the derivative of that one. */
static void d_big_product(struct job *j, term_t t, const mono *prefix) {
  struct jac_make *m = j->m;
  mono p = *prefix;
  struct jac_index *k = jac_make_new_index(m, "", t->index->range),
                   *l = jac_make_new_index(m, "", t->index->range);
  term_t one = jac_make_index(m, k), other = jac_make_index(m, l);
  if (!one || !other || p.overs == JAC_OVERS) {
    jac_job_refuse(j, "it is too long");
    return;
  }
  term_t part[4];
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, one) : NULL;
  p.over[p.overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  term_t apart = jac_make_compare(m, JAC_C_UNEQUAL, other, one), condition = apart;
  if (t->child[3])
    condition = jac_make_times(m, jac_make_put(m, t->child[3], t->index, other), apart);
  term_t rest =
      jac_make_over(m, JAC_C_PRODUCT, l, jac_make_put(m, t->child[0], t->index, other),
                    t->child[1], t->child[2], condition);
  jac_job_times(j, &p, rest, 1);
  jac_job_d(j, part[0], NULL, NULL, &p);
}

void jac_job_big(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  bool largest = t->construct == JAC_C_BIGMAX || t->construct == JAC_C_BIGMIN;
  j->form->rules |= largest ? JAC_RULE_MAX : JAC_RULE_SUM;
  if (t->construct == JAC_C_PRODUCT) {
    if (!jac_type_is_number(t->type)) {
      jac_job_refuse(j, "a product of matrices");
      return;
    }
    {
      d_big_product(j, t, prefix);
      return;
    }
  }
  mono p = *prefix;
  struct jac_index *k = jac_make_new_index(j->m, "", t->index->range);
  term_t at = k ? jac_make_index(j->m, k) : NULL, part[4];
  if (!at || p.overs == JAC_OVERS) {
    jac_job_refuse(j, "it is too long");
    return;
  }
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(j->m, t->child[c], t->index, at) : NULL;
  p.over[p.overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  if (t->construct != JAC_C_SUM)
    jac_job_times(j, &p,
                  jac_make_compare(j->m, JAC_C_EQUAL, part[0], jac_job_called(j, t)), 1);
  jac_job_d(j, part[0], row, col, &p);
}

/* The product of all entries. */
void jac_job_product_all(struct job *j, term_t t, const mono *prefix) {
  struct jac_make *m = j->m;
  term_t x = t->child[0];
  bool column = jac_dim_is_one(x->type.cols);
  if (!column && !jac_dim_is_one(x->type.rows)) {
    jac_job_refuse(j, "the product of a matrix's entries");
    return;
  }
  struct jac_index *l = jac_make_new_index(m, "", column ? x->type.rows : x->type.cols);
  term_t other = l ? jac_make_index(m, l) : NULL;
  term_t body =
      other ? jac_make_entry(m, x, column ? other : NULL, column ? NULL : other) : NULL;
  term_t product = jac_make_over(m, JAC_C_PRODUCT, l, body, NULL, NULL, NULL);
  if (!product) {
    jac_job_refuse(j, "memory");
    return;
  }
  d_big_product(j, product, prefix);
}
