/* The manual's pages, written from the tables that the program itself works by. */
#ifndef VISUAL_CLI_MANUAL_H
#define VISUAL_CLI_MANUAL_H

#include "jacobian/buffer.h"
#include "visual/cli/command.h"

/* Adds the page of a command, or jacobian(1) for NULL, as mdoc in the language in use. */
void jac_manual(const struct jac_command *command, struct jac_buffer *out);

#endif
