/* The macros \jacobian[OPTIONS]{SPEC} of a LaTeX file, and the file of what they give. */
#ifndef VISUAL_MACROS_H
#define VISUAL_MACROS_H

#include "visual/refresh.h"

/* Adds a line \jacobianentry{OPTIONS}{SPEC}{...} for each macro of a text, once for the
 * same; nothing where it has none. Blocks are counted in refresh->blocks; one whose
 * command fails is told and left out. Errors: JAC_ENOMEM. */
enum jac_status jac_macros_write(struct jac_refresh *refresh, const char *text,
                                 struct jac_buffer *out, struct jac_error *err);

#endif
