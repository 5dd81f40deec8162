/* --gauss-newton: a part of second derivatives in place of the whole. */
#ifndef VISUAL_CLI_GAUSS_H
#define VISUAL_CLI_GAUSS_H

#include "layers/network.h"
#include "visual/cli/options.h"

/* Puts the part in place of *map, that of second derivatives; *map is NULL after an
 * error. library: the modules from outside. Errors: JAC_EINPUT, JAC_EREFUSED for what is
 * no network that ends in a loss, JAC_ENOMEM. */
enum jac_status jac_gauss_make(const struct jac_options *options,
                               const struct jac_module_library *library,
                               struct jac_map **map, struct jac_error *err);

/* The line that says what the map, the part by variable `by` at the point, is and how far
 * it is from the whole, to be freed, as the map's note. */
enum jac_status jac_gauss_say(struct jac_map *map, jac_point at, size_t by, char **note,
                              struct jac_error *err);

#endif
