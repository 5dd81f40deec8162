/* Windows of general sizes, of one channel. */
#ifndef VISUAL_CLI_GENERAL_WINDOW_H
#define VISUAL_CLI_GENERAL_WINDOW_H

#include "visual/cli/general_internal.h"

/* Whether a module's windows have a general form with these options. */
bool jac_general_window_is(const struct jac_options *options,
                           const struct jac_module *module);

/* Adds what the options ask for to the subject's text. Errors: JAC_EINPUT, a variable
 * that it has not; JAC_ENOMEM. */
enum jac_status jac_general_window_write(struct jac_general_subject *subject,
                                         struct jac_error *err);

#endif
