/* Recurrent modules walked through time, for those who show backpropagation through it:
 * s_t = f(s_{t-1}, z_t; W, U, b), the state s being h, or h then c. */
#ifndef LAYERS_RECURRENT_H
#define LAYERS_RECURRENT_H

#include "layers/layer.h"

/* How many steps a recurrent module takes; 0 for any other map. */
size_t jac_recurrent_steps(const struct jac_map *map);

/* The factor of step t, from 1 on: d s_t / d s_{t-1}, a slice a sample, into a fresh
 * array. JAC_ENOMEM. */
enum jac_status jac_recurrent_factor(const struct jac_map *map, jac_point x, size_t t,
                                     struct jac_array3 *J);

/* The same in matrices, equations in plain notation: A_t of the first, and then what it
 * names. */
struct jac_recurrent_equation {
  const char *left, *right; /* NULL: the end */
};
const struct jac_recurrent_equation *
jac_recurrent_factor_in_matrices(const struct jac_map *map);

/* Whether an entry of these factors is 0 whatever the values: c meets c entry by entry.
 */
bool jac_recurrent_zero(const struct jac_map *map, size_t row, size_t col);

/* What the use of a shared parameter in step t alone adds to the Jacobian with respect to
 * it: d s_T / d s_t times the derivative of s_t with all before held; a slice a sample,
 * into a fresh array. The Jacobian is the sum over t. */
enum jac_status jac_recurrent_use(const struct jac_map *map, jac_point x, size_t wrt,
                                  size_t t, struct jac_array3 *J);

#endif
