/* Derivatives of matrices as wholes, by vec: of products of Kronecker, exponentials, and
 * what is built of them, where the index form has no rule. */
#ifndef JACOBIAN_ALGEBRA_BY_VEC_H
#define JACOBIAN_ALGEBRA_BY_VEC_H

#include "jacobian/algebra/make.h"

/* The rules that were used, a bit each. */
enum jac_vec_rule {
  JAC_VEC_KRON = 1,
  JAC_VEC_EXPM = 2,
  JAC_VEC_PRODUCT = 4,
  JAC_VEC_ENTRYWISE = 8,
  JAC_VEC_INVERSE = 16,
  JAC_VEC_TRANSPOSE = 32,
  JAC_VEC_NUMBER = 64
};

/* d vec(term) / d vec(variable), both column by column; the rules that it took go to
 * *rules. NULL: there is no rule for a part of it, or nothing depends on the variable, or
 * memory ran out. */
const struct jac_term *jac_by_vec(struct jac_make *make, const struct jac_term *term,
                                  const struct jac_symbol *variable, unsigned *rules);

/* The matrix P with vec(A (x) B) = P (vec(A) (x) vec(B)). */
const struct jac_term *jac_kron_places(struct jac_make *make, const struct jac_term *a,
                                       const struct jac_term *b);

#endif
