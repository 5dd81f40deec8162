/* An entry of a term written out in sums over the entries of what it is made of. */
#ifndef JACOBIAN_ALGEBRA_EXPAND_H
#define JACOBIAN_ALGEBRA_EXPAND_H

#include "jacobian/algebra/make.h"

/* The entry at places (NULL where that side is 1). What has no such form stays an entry.
 * NULL: memory ran out. */
const struct jac_term *jac_expand(struct jac_make *make, const struct jac_term *term,
                                  const struct jac_term *row,
                                  const struct jac_term *column);

#endif
