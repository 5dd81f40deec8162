/* What the files of networks share. */
#ifndef LAYERS_NETWORK_INTERNAL_H
#define LAYERS_NETWORK_INTERNAL_H

#include "layers/network.h"

struct network {
  struct jac_map map;
  size_t count;
  struct jac_map **module;
  size_t *owner, *inner; /* of each variable: its module, and its place there */
  size_t *ordinal; /* of each variable: its module's number in its family, 0: none */
  char reason[160];
};

extern const struct jac_map_type jac_network_type;

/* The local Jacobian of a module m at x with respect to its variable v, in the form of
 * the network map: slices where that is uncoupled, else full. */
enum jac_status jac_network_local(const struct jac_map *map, const struct jac_map *m,
                                  jac_point x, size_t v, struct jac_array3 *J);

/* z + f(z) for a network f whose outputs are as many as its inputs; takes f over, and
 * frees it where it fails. */
enum jac_status jac_residual_new(struct jac_map *f, struct jac_map **map,
                                 struct jac_error *err);

/* The ordinals of a residual block's variables. */
const size_t *jac_residual_ordinals(const struct jac_map *map);
bool jac_is_residual(const struct jac_map *map);

#endif
