/* The rules of products, quotients and powers. */
#include "jacobian/algebra/index_internal.h"

#include "jacobian/algebra/flat.h"
#include "jacobian/algebra/product.h"

#include <math.h>

/* vec(A)^T vec(B) as the sum over the entries of both; NULL: it is none. */
static term_t scalar_of_flat(struct job *j, term_t a, term_t b) {
  term_t column = jac_dim_is_one(a->type.rows) ? jac_make_turned(j->m, a) : a;
  term_t x = column ? jac_unflattened(j->m, column) : NULL;
  term_t y = x ? jac_unflattened(j->m, b) : NULL;
  return y && jac_dim_same(x->type.rows, y->type.rows)
             ? jac_make_measure(j->m, JAC_C_TOTAL, jac_make_hadamard(j->m, x, y))
             : NULL;
}

/* a x b is [a]_x b, and -[b]_x a. */
void jac_job_cross(struct job *j, term_t t, term_t row, const mono *prefix) {
  for (size_t side = 0; side < 2; side++) {
    term_t moving = t->child[1 - side], other = t->child[side];
    if (!jac_term_depends(moving, j->variable))
      continue;
    mono p = *prefix;
    term_t k = jac_job_sum_over(j, &p, moving->type.rows);
    if (side)
      p.coefficient = -p.coefficient;
    jac_job_times(
        j, &p,
        jac_make_entry(j->m, jac_make_skew(j->m, jac_job_called(j, other)), row, k), 1);
    jac_job_d(j, moving, k, NULL, &p);
  }
}

void jac_job_product(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= jac_term_depends(t->child[0], j->variable) &&
                            jac_term_depends(t->child[1], j->variable)
                        ? JAC_RULE_PRODUCT
                        : JAC_RULE_SUM;
  term_t a = t->child[0], b = t->child[1];
  char kind = jac_product_kind(t);
  term_t flat = jac_type_is_number(t->type) ? scalar_of_flat(j, a, b) : NULL;
  if (flat) {
    jac_job_d(j, flat, NULL, NULL, prefix);
    return;
  }
  for (int side = 0; side < 2; side++) {
    mono p = *prefix;
    term_t moving = side ? b : a, other = side ? a : b;
    if (!jac_term_depends(moving, j->variable))
      continue;
    term_t mr = row, mc = col, or = row, oc = col;
    if (kind == 'p') {
      term_t k = jac_job_sum_over(j, &p, a->type.cols);
      mr = side ? k : row;
      mc = side ? col : k;
      or = side ? row : k;
      oc = side ? k : col;
    } else if (kind == 'd') {
      bool rows = !jac_dim_is_one(a->type.rows), cols = !jac_dim_is_one(a->type.cols);
      term_t k = rows ? jac_job_sum_over(j, &p, a->type.rows) : NULL;
      term_t l = cols ? jac_job_sum_over(j, &p, a->type.cols) : NULL;
      term_t any = k ? k : l;
      bool both = k && l;
      mr = both ? k : any;
      mc = both ? l : any;
      or = mr;
      oc = mc;
    } else if (kind == 'o') {
      mr = mc = side ? col : row;
      or = oc = side ? row : col;
    }
    jac_job_times(j, &p, jac_job_entry(j, other, or, oc), 1);
    jac_job_spread(j, moving, mr, mc, &p);
  }
}

void jac_job_divide(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  j->form->rules |= jac_term_depends(t->child[1], j->variable) ? JAC_RULE_QUOTIENT : 0;
  term_t a = t->child[0], b = t->child[1];
  mono p = *prefix;
  jac_job_times(j, &p, jac_job_entry(j, b, row, col), -1);
  jac_job_spread(j, a, row, col, &p);
  if (!jac_term_depends(b, j->variable))
    return;
  p = *prefix;
  p.coefficient = -p.coefficient;
  jac_job_times(j, &p, jac_job_entry(j, a, row, col), 1);
  jac_job_times(j, &p, jac_job_entry(j, b, row, col), -2);
  jac_job_spread(j, b, row, col, &p);
}

/* Whether a term is worked out from numbers alone: 1/3, 2 - 1. */
static bool is_constant(term_t t, double *x) {
  double a, b;
  if (t->kind == JAC_TERM_NUMBER) {
    *x = t->number;
    return true;
  }
  if (t->kind != JAC_TERM_OP || !jac_type_is_number(t->type) || t->count > 2 ||
      !is_constant(t->child[0], &a) || (t->count == 2 && !is_constant(t->child[1], &b)))
    return false;
  switch (t->construct) {
  case JAC_C_NEGATE:
    *x = -a;
    return true;
  case JAC_C_ADD:
    *x = a + b;
    return true;
  case JAC_C_SUBTRACT:
    *x = a - b;
    return true;
  case JAC_C_DIVIDE:
    *x = a / b;
    return b != 0;
  default:
    return false;
  }
}

/* (u^(1/4))^3 is u^(3/4): below a root u is not negative. NULL: it is no root. */
static term_t of_root(struct job *j, term_t a, term_t n) {
  double inner, outer;
  bool power = a->kind == JAC_TERM_OP && jac_type_is_number(a->type) &&
               (a->construct == JAC_C_POWER || a->construct == JAC_C_DOTPOWER);
  if (!power || !is_constant(a->child[1], &inner) || !is_constant(n, &outer) ||
      inner == floor(inner))
    return NULL;
  double product = inner * outer, whole = round(product);
  return jac_make_power(j->m, a->child[0],
                        fabs(product - whole) < 1e-12 ? whole : product);
}

/* x^n with a constant n: n x^{n-1}; else e^{n log x}. Squares of matrices are products.
 */
void jac_job_power(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  j->form->rules |= JAC_RULE_POWER;
  term_t a = t->child[0], n = t->child[1];
  bool matrix = t->construct == JAC_C_POWER && reads(t, "(n,n)1->(n,n)") &&
                !jac_type_is_number(a->type);
  if (matrix) {
    double power;
    if (!is_constant(n, &power) || power == 0 || fabs(power) > 6 ||
        power != floor(power)) {
      jac_job_refuse(j, "a power of a matrix");
      return;
    }
    if (power < 0) /* X^-2 is X^-1 X^-1 */
      a = jac_make_inverse(j->m, a);
    term_t product = a;
    for (int k = 1; k < (int)fabs(power); k++)
      product = jac_make_times(j->m, product, a);
    if (product)
      jac_job_d(j, product, row, col, prefix);
    return;
  }
  term_t root = of_root(j, a, n);
  if (root) {
    jac_job_d(j, root, row, col, prefix);
    return;
  }
  term_t factors = a->kind == JAC_TERM_OP && a->construct == JAC_C_NORM
                       ? jac_job_factored(j, a)
                       : NULL;
  if (factors) {
    jac_job_d(j,
              jac_make_times(j->m, jac_make_raised(j->m, factors->child[0], n),
                             jac_make_raised(j->m, factors->child[1], n)),
              NULL, NULL, prefix);
    return;
  }
  /* Of an even power of a norm no norm is divided by: it has a slope at zero too. */
  if (a->kind == JAC_TERM_OP && a->construct == JAC_C_NORM &&
      n->kind == JAC_TERM_NUMBER && n->number >= 2 && fmod(n->number, 2) == 0) {
    mono p = *prefix;
    jac_job_times(j, &p, jac_make_number(j->m, n->number), 1);
    if (n->number > 2)
      jac_job_times(j, &p, jac_job_called(j, a), n->number - 2);
    term_t x = a->child[0], unrolled = jac_unflattened(j->m, x);
    x = unrolled ? unrolled : x;
    term_t k = jac_job_sum_over(j, &p, x->type.rows),
           l = jac_job_sum_over(j, &p, x->type.cols);
    jac_job_times(j, &p, jac_job_entry(j, x, k, l), 1);
    jac_job_d(j, x, k, l, &p);
    return;
  }
  term_t x = jac_job_entry(j, a, row, col), e = jac_job_entry(j, n, row, col);
  double constant;
  if (is_constant(e, &constant))
    e = jac_make_number(j->m, constant);
  if (!e) {
    jac_job_refuse(j, "memory");
    return;
  }
  if (!jac_term_depends(n, j->variable)) {
    mono p = *prefix;
    jac_job_times(j, &p, e, 1);
    if (e->kind == JAC_TERM_NUMBER) {
      if (e->number != 1)
        jac_job_times(j, &p, x, e->number - 1);
    } else {
      size_t first;
      jac_readings_of(JAC_C_POWER, &first);
      struct jac_term *power =
          jac_pool_take(j->m->pool, sizeof *power + 2 * sizeof(term_t));
      if (!power) {
        jac_job_refuse(j, "memory");
        return;
      }
      power->kind = JAC_TERM_OP;
      power->type = x->type;
      power->construct = JAC_C_POWER;
      power->reading = jac_reading_at(first);
      power->count = 2;
      power->child[0] = x;
      power->child[1] = jac_make_subtract(j->m, e, jac_make_number(j->m, 1));
      jac_job_times(j, &p, power, 1);
    }
    jac_job_spread(j, a, row, col, &p);
    return;
  }
  mono p = *prefix;
  jac_job_times(j, &p, jac_job_entry(j, t, row, col), 1);
  jac_job_times(j, &p, jac_make_each(j->m, JAC_C_LOG, x), 1);
  jac_job_spread(j, n, row, col, &p);
  if (jac_term_depends(a, j->variable)) {
    p = *prefix;
    jac_job_times(j, &p, jac_job_entry(j, t, row, col), 1);
    jac_job_times(j, &p, e, 1);
    jac_job_times(j, &p, x, -1);
    jac_job_spread(j, a, row, col, &p);
  }
}
