/* A formula in the lines of a terminal. */
#ifndef VISUAL_FORMULA_LINES_H
#define VISUAL_FORMULA_LINES_H

#include "jacobian/buffer.h"

/* Adds the formula and a newline, behind what stands before it in its first line, in
 * lines of at most width characters (0: one line); the others are indented by so many
 * blanks. A line ends before a blank: best outside brackets behind a semicolon, then
 * before a plus or a minus, then before a product's sign. */
void jac_formula_lines(const char *before, const char *formula, size_t indent,
                       size_t width, struct jac_buffer *out);

#endif
