/* What the files about derivatives share: derivative.c reads fractions,
 * derivative_letter.c nabla, J and H, derivative_there.c those of any function at a
 * point, derivative_along.c those along a vector; derivative_layout.c gives what was read
 * its shape. */
#ifndef JACOBIAN_ELABORATE_DERIVATIVE_INTERNAL_H
#define JACOBIAN_ELABORATE_DERIVATIVE_INTERNAL_H

#include "jacobian/elaborate/elaborate_internal.h"

enum { JAC_VARIABLES = 8 }; /* at most, that a derivative is by */

/* The order of a differential's sign: 2 of \partial^2, 9 of what is not read. */
size_t jac_order_of(node *sign);

/* By the variables one after the other: a second derivative has one row for each value of
 * the first. hessian: of one variable, by it twice. */
term *jac_derive(elaboration *e, term *y, size_t count, node *const *variable,
                 bool hessian, node *where);

/* By all variables at once, side by side; transposed: as in jac_derivative. */
term *jac_derive_by_all(elaboration *e, term *y, size_t count, node *const *variable,
                        int transposed, node *where);

/* x_k of \partial_k f(x), the k-th argument of \partial_k f(x, y); below itself: it is by
 * what stands there. */
node *jac_numbered(elaboration *e, node *below, size_t count, node *const *operand);

/* What the claim differentiates by first: a \nabla alone, behind it, is by it. */
void jac_differentiated_by(elaboration *e, size_t count, node *const *variable);
/* \nabla, \nabla_x, \nabla^2 (the sign) of the operands; of none, of the loss. */
term *jac_nabla(elaboration *e, node *sign, size_t count, node *const *operand,
                node *where);

/* x of h(f(x)): what is inside the call's bracket, at the end. */
node *jac_deep_inside(node *call);
/* \nabla f(S y), where nothing says what f is: its gradient there, or of the whole; not
 * taken: something says it. */
term *jac_nabla_of_any(elaboration *e, node *sign, size_t order, node *const *operand,
                       node *where, bool *taken);
/* Whether H_f(...) is the Hessian there of an f that nobody defines: H_f(x_0 + t d),
 * H_f(x_0) beside f(x_0 + t d). */
bool jac_hessian_there(elaboration *e, node *below, node *bracket);

#endif
