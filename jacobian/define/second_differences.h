/* Second derivatives of a map of which no term is known: differences of its fast
 * products, and of its explicit Jacobian not one number. So differences of that hold
 * them, and the products each other. */
#ifndef JACOBIAN_DEFINE_SECOND_DIFFERENCES_H
#define JACOBIAN_DEFINE_SECOND_DIFFERENCES_H

#include "jacobian/map.h"

/* The Jacobian of second (a map of second derivatives, jac_map.of) by variable wrt: the
 * differences of the other map's rows, each from a vector-Jacobian product. JAC_ENOMEM.
 */
enum jac_status jac_second_by_rows(const struct jac_map *second, jac_point x, size_t wrt,
                                   struct jac_array3 *J);

/* The differences, by variable wrt, of the other map's Jacobian-vector product along a
 * direction of its variable `of`: an output a row of out, its columns in native order.
 * JAC_ENOMEM. */
enum jac_status jac_second_along(const struct jac_map *second, jac_point x, size_t of,
                                 const gsl_matrix *way, size_t wrt, double *out);

#endif
