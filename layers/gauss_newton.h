/* The Gauss-Newton part of a network's second derivatives: J' H J, where H is the Hessian
 * of the last module, a loss, by what it is given, and J the Jacobian of all before it.
 * It is what is left where the curvature of these is left out: positive semidefinite for
 * a convex loss. */
#ifndef LAYERS_GAUSS_NEWTON_H
#define LAYERS_GAUSS_NEWTON_H

#include "layers/network.h"

/* The map whose Jacobian it is, in the shape of `second`, the second derivatives of a
 * network of several modules that gives one number (jacobian/define/second.h). inner: the
 * network without its last module, its variables the first of the network's. Takes both
 * over, and frees them where it fails; the network must outlive it. jacobian() multiplies
 * explicit matrices; the products go through the network's own fast ones, and forward()
 * is J(x_0)' times the loss's gradient, with x_0 the last point where jacobian() was
 * asked for: they hold it independently. Errors: JAC_EREFUSED for what is no such
 * network, JAC_ENOMEM. */
enum jac_status jac_gauss_newton_new(struct jac_map *second, struct jac_map *inner,
                                     struct jac_map **map, struct jac_error *err);

/* The largest difference between the whole second derivative and this part of it. */
enum jac_status jac_gauss_newton_apart(const struct jac_map *map, jac_point x, size_t wrt,
                                       double *largest, struct jac_error *err);

#endif
