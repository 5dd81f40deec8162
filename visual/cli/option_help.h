/* What is said about options: for the help, the manual and the shells' completion. */
#ifndef VISUAL_CLI_OPTION_HELP_H
#define VISUAL_CLI_OPTION_HELP_H

#include "jacobian/buffer.h"
#include "visual/cli/command.h"

#include <stdio.h>

/* What the option takes, in the reader's language; NULL: nothing. */
const char *jac_option_value(const struct jac_option *option);

/* Adds what it does, and from its row where: formats, options that must stand there too.
 */
void jac_option_describe(const struct jac_option *option,
                         const struct jac_command *command, struct jac_buffer *out);

/* Writes the list of the command's options. */
void jac_options_help(const struct jac_command *command, FILE *out);

#endif
