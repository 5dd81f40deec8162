/* In which line of a file NAME.jac a fault is. */
#ifndef VISUAL_CLI_ORIGIN_H
#define VISUAL_CLI_ORIGIN_H

#include "layers/module.h"
#include "visual/cli/options.h"

/* The map of what the options name, specs or a definition, as it stands. */
enum jac_status jac_origin_make(const struct jac_options *options,
                                const struct jac_module_library *library,
                                struct jac_map **map, struct jac_error *err);

/* Says in front of the message of making that map which file and line it is about: the
 * first line with which it comes. Nothing where there are no files, or no such line. */
void jac_origin_say(const struct jac_options *options,
                    const struct jac_module_library *library, struct jac_error *err);

#endif
