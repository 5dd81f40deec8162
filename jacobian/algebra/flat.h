/* What vec makes a column of, as the matrix that it was. */
#ifndef JACOBIAN_ALGEBRA_FLAT_H
#define JACOBIAN_ALGEBRA_FLAT_H

#include "jacobian/algebra/make.h"

/* The matrix M with vec(M) the term: of vec(A), sums and multiples of such, functions
 * entry by entry, (B (x) A) vec(X), which is vec(A X B^T). NULL: there is none that it is
 * written by. */
const struct jac_term *jac_unflattened(struct jac_make *make,
                                       const struct jac_term *term);

#endif
