/* The size of brackets in LaTeX. */
#ifndef JACOBIAN_ALGEBRA_BRACKETS_H
#define JACOBIAN_ALGEBRA_BRACKETS_H

#include "jacobian/buffer.h"

/* From there on, \left and \right stay only around what is taller than a line: around
 * (W x + b) they add but blanks. */
void jac_brackets_settle(struct jac_buffer *text, size_t from);

/* From there on, no blank stands between a digit, or a digit below, and a bracket: in
 * Unicode, 2(x + y). */
void jac_brackets_draw_near(struct jac_buffer *text, size_t from);

#endif
