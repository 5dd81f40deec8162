/* Which product an operation is, however it is written. */
#ifndef JACOBIAN_ALGEBRA_PRODUCT_H
#define JACOBIAN_ALGEBRA_PRODUCT_H

#include "jacobian/elaborate/term.h"

/* What kind of product an operation is: 'p' of matrices, 's' with a number, 'd' a scalar
 * product, 'h' entry by entry, 'o' outer, 0: none of these. */
char jac_product_kind(const struct jac_term *term);

#endif
