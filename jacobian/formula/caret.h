/* An error with its place: the message, the formula, a caret below. */
#ifndef JACOBIAN_FORMULA_CARET_H
#define JACOBIAN_FORMULA_CARET_H

#include "jacobian/error.h"

#include <stddef.h>

/* Appends to err's message the part of the text around the byte at position, with a caret
 * under it. Does nothing when err is NULL. Returns err's status. */
enum jac_status jac_caret(struct jac_error *err, const char *text, size_t position);

#endif
