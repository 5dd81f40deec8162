/* --gauss-newton: a part of second derivatives in place of the whole. */
#ifndef VISUAL_CLI_GAUSS_H
#define VISUAL_CLI_GAUSS_H

#include "visual/cli/subject.h"

/* Puts the part in place of the subject's map, that of second derivatives. Errors:
 * JAC_EINPUT, JAC_EREFUSED for what is no network that ends in a loss, JAC_ENOMEM. */
enum jac_status jac_gauss_make(const struct jac_options *options,
                               struct jac_subject *subject, struct jac_error *err);

/* The line that says what it is and how far it is from the whole, to be freed, as the
 * map's note; without the option nothing. */
enum jac_status jac_gauss_say(const struct jac_options *options,
                              struct jac_subject *subject, char **note,
                              struct jac_error *err);

#endif
