/* Second derivatives: the map whose outputs are the entries of another map's Jacobian.
 *
 * Its own Jacobian is one slice for each output of the other map, that map's first
 * variable x its second; of a number, one matrix: the Hessian, or the mixed partials. All
 * that takes maps takes it. forward() is the other map's explicit Jacobian; jacobian() is
 * the second derivative of the term that its definition is; the products go the other way
 * round, a derivative of the derivative along a direction: they and the differences of
 * forward() are independent of jacobian(), and hold it.
 */
#ifndef JACOBIAN_DEFINE_SECOND_H
#define JACOBIAN_DEFINE_SECOND_H

#include "jacobian/define/map_scope.h"
#include "jacobian/map.h"
#include "jacobian/order.h"

/* The second derivatives of a map, by variable first and then by any of its variables
 * (the same ones: a point of the one is a point of the other); order numbers the rows.
 * The map is borrowed, and must outlive it. parts: of a network, else NULL. Where the
 * map's definition is no term (it has none, it has three indices), or its values are not
 * those of the map at points that are tried, of_differences says so: jacobian() is then
 * by differences of the map's vector-Jacobian products, and the products are by
 * differences of its Jacobian-vector ones; forward() is still its explicit Jacobian, and
 * the three hold each other as well as differences can be known. Errors:
 * JAC_EREFUSED for several samples that are not coupled, JAC_ENOMEM. */
enum jac_status jac_second_new(const struct jac_map *map,
                               const struct jac_map_parts *parts, size_t first,
                               enum jac_order order, struct jac_map **second,
                               struct jac_error *err);

#endif
