/* Variables by the names that people give them. */
#ifndef VISUAL_CLI_VARIABLE_H
#define VISUAL_CLI_VARIABLE_H

#include "layers/network.h"
#include "visual/cli/options.h"

/* The variable of that name in the map that the options' specs name. Errors: JAC_EINPUT
 * says what is near, or which option of a module has it. */
enum jac_status jac_variable_find(const struct jac_options *options,
                                  const struct jac_module_library *library,
                                  const struct jac_map *map, const char *name,
                                  size_t *found, struct jac_error *err);

#endif
