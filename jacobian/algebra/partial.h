/* How a derivative is written: the left side of what says what it is. */
#ifndef JACOBIAN_ALGEBRA_PARTIAL_H
#define JACOBIAN_ALGEBRA_PARTIAL_H

#include "jacobian/algebra/write.h"

/* Adds the derivative of what stands above by one or two things below: dy_i/dx_j,
 * d^2 f/dx dy; what stands there twice is a square. */
void jac_partial_write(struct jac_writing *w, const struct jac_term *above,
                       const struct jac_term *const *below, size_t count,
                       struct jac_buffer *out);

#endif
