/* Formulas of activations, written as of one number. */
#ifndef VISUAL_SCALAR_H
#define VISUAL_SCALAR_H

#include "jacobian/buffer.h"

/* Adds a formula of entries, in any notation, as one of z alone: without indices and
 * deltas, its numbers to five digits. */
void jac_scalar_add(const char *formula, struct jac_buffer *out);

/* The text without the brackets around all of it, which it loses. */
const char *jac_scalar_bare(struct jac_buffer *text);

#endif
