/* What a formula that cannot be made most likely meant, found by trying. */
#ifndef VISUAL_CLI_REPAIR_H
#define VISUAL_CLI_REPAIR_H

#include "jacobian/map.h"
#include "visual/cli/options.h"

/* jac_define_make; where that fails, small changes are tried (a vector as a column, a
 * product or power entry by entry), and the message says the first that works. */
enum jac_status jac_define_repaired(const struct jac_options *options,
                                    struct jac_map **map, struct jac_error *err);

#endif
