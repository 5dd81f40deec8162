/* Equations that are too long for a line. */
#ifndef VISUAL_LATEX_BREAK_H
#define VISUAL_LATEX_BREAK_H

#include "jacobian/buffer.h"

/* Adds LEFT &= RIGHT, for align, with the right side on as many lines as it takes in
 * letters of 10 points on a line of so many. */
void jac_latex_broken(const char *left, const char *right, double line,
                      struct jac_buffer *out);

/* Adds mathematics in which lines may end: a fraction that is wider than room is
 * 1/denominator times brackets, and brackets that are do not grow. */
void jac_latex_loose(const char *math, double room, struct jac_buffer *out);

/* Adds mathematics whose cases, where there are any, are on as many lines as it takes for
 * the whole to be no wider than room. */
void jac_latex_cases(const char *math, double room, struct jac_buffer *out);

/* Adds LEFT = RIGHT for a paragraph, on several lines where it is wider than room. */
void jac_latex_fit(const char *left, const char *right, double room,
                   struct jac_buffer *out);

/* Adds LEFT = RIGHT, for a display: on several lines they are aligned. */
void jac_latex_one_or_broken(const char *left, const char *right, double line,
                             struct jac_buffer *out);

#endif
