/* show of a module whose sizes are words: linear, linear:nxp, --batch N. */
#ifndef VISUAL_CLI_GENERAL_H
#define VISUAL_CLI_GENERAL_H

#include "visual/cli/options.h"

/* Whether the options name a module of general sizes, or ask for what only that has. */
bool jac_general_asked(const struct jac_options *options);

/* Shows it. Errors: JAC_EINPUT, what cannot be asked of it; JAC_EREFUSED, a module that
 * cannot be written so, with the reason; JAC_ENOMEM. */
enum jac_status jac_general_show(const struct jac_options *options,
                                 struct jac_error *err);

#endif
