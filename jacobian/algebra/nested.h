/* Sums within sums, as they are worked out fastest. */
#ifndef JACOBIAN_ALGEBRA_NESTED_H
#define JACOBIAN_ALGEBRA_NESTED_H

#include "jacobian/algebra/make.h"

/* The term with every factor before the sums that do not concern it: of sum_i sum_j a_i
 * b_ij c_j it is sum_i a_i (sum_j b_ij c_j), whose inner sum has a value for each i; a
 * product of n matrices, written out, has n (and not exponentially many) such. The same
 * value; the term itself where nothing is gained, or memory ran out. */
const struct jac_term *jac_nested(struct jac_make *m, const struct jac_term *term);

#endif
