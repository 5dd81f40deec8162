/* The command line: words become options. */
#ifndef VISUAL_CLI_ARGUMENTS_H
#define VISUAL_CLI_ARGUMENTS_H

#include "visual/cli/command.h"

/* Reads the words after the command's name, argv[0]; argv may be reordered. An option
 * that would do nothing, that stands there twice, or whose value is none is an error that
 * says what does apply. Free with jac_options_free in any case. */
enum jac_status jac_options_read(int argc, char **argv, const struct jac_command *command,
                                 struct jac_options *options, struct jac_error *err);

#endif
