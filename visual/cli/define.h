/* --define and --size: a function that is typed. */
#ifndef VISUAL_CLI_DEFINE_H
#define VISUAL_CLI_DEFINE_H

#include "jacobian/map.h"
#include "visual/cli/options.h"

/* The map of the options' formula; a variable's size is --size's, or that of its values
 * in
 * --set. */
enum jac_status jac_define_make(const struct jac_options *options, struct jac_map **map,
                                struct jac_error *err);

#endif
