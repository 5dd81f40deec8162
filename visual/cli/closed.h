/* show --entries closed: a Jacobian as an expression of matrices. */
#ifndef VISUAL_CLI_CLOSED_H
#define VISUAL_CLI_CLOSED_H

#include "jacobian/error.h"
#include "visual/cli/options.h"

/* Writes the definition and the closed form, or where there is none the entries in
 * indices, by each variable. Errors: as derive has them. */
enum jac_status jac_closed_show(const struct jac_options *options, struct jac_error *err);

#endif
