/* Equations that are too long for a line. */
#ifndef VISUAL_LATEX_BREAK_H
#define VISUAL_LATEX_BREAK_H

#include "jacobian/buffer.h"

/* Adds LEFT &= RIGHT, for align, with the right side on as many lines as it takes in
 * letters of 10 points on a line of so many. */
void jac_latex_broken(const char *left, const char *right, double line,
                      struct jac_buffer *out);

/* Adds LEFT = RIGHT, for a display: on several lines they are aligned. */
void jac_latex_one_or_broken(const char *left, const char *right, double line,
                             struct jac_buffer *out);

#endif
