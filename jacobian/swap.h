/* The input where the output is meant, and the reverse: what a Jacobian is then. */
#ifndef JACOBIAN_SWAP_H
#define JACOBIAN_SWAP_H

#include "jacobian/formula/evaluate.h"

enum { JAC_NATIVE_INDICES = 8 };

/* The indices of an entry formula (n, o, l; m, q, i; h, i, j) at the native place s, i, j
 * of the Jacobian with respect to variable v; returns how many. */
size_t jac_native_indices(const struct jac_map *map, size_t v, size_t s, size_t i,
                          size_t j, struct jac_index_value index[JAC_NATIVE_INDICES]);

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
