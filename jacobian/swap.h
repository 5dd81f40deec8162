/* The input where the output is meant, and the reverse: what a Jacobian is then. */
#ifndef JACOBIAN_SWAP_H
#define JACOBIAN_SWAP_H

#include "jacobian/map.h"

/* The Jacobian whose entry formula has z where it should have y (the definition's right
 * side, or the quantity that is y), in native form; *there false, and nothing to free,
 * where the entry does not mention y, or z and y differ in shape. */
enum jac_status jac_swap_z_for_y(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, bool *there,
                                 struct jac_error *err);

/* The explicit Jacobian at the output in z's place; *there as above. */
enum jac_status jac_swap_y_for_z(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, bool *there,
                                 struct jac_error *err);

#endif
