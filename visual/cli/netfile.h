/* Networks and functions in a text file of their own: net.jac. */
#ifndef VISUAL_CLI_NETFILE_H
#define VISUAL_CLI_NETFILE_H

#include "jacobian/error.h"
#include "visual/cli/options.h"

/* What a file NAME.jac holds stands in its place: modules, one or more a line, among the
 * specs; or the equations of a function with the sizes of its variables (z: batch x 3),
 * as --define and --size. After # a line is a comment. --module NAME.jac makes NAME a
 * spec of its own. The options own what is made. Errors: JAC_EIO, JAC_EINPUT with the
 * line. */
enum jac_status jac_netfile_expand(struct jac_options *options, struct jac_error *err);

/* Leaves out the equations after the one of --of, so that its value is the output.
 * Errors: JAC_EINPUT names the values that there are. */
enum jac_status jac_netfile_cut(struct jac_options *options, struct jac_error *err);

#endif
