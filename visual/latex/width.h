/* How wide a formula will be, estimated: which of several ways of setting it fits. */
#ifndef VISUAL_LATEX_WIDTH_H
#define VISUAL_LATEX_WIDTH_H

/* The width of LaTeX mathematics in points, in text style at 10 pt (Computer Modern),
 * right to within a tenth or so. */
double jac_latex_width(const char *math);

/* The same in display style, where fractions are larger. */
double jac_latex_display_width(const char *math);

/* The largest letters in which so much fits on the line: "" or a size command. Letters
 * shrink less than their size, scripts less still. */
const char *jac_latex_size(double width, double line);

/* What fits on a line of article, and nearly on one of beamer. */
#define JAC_LATEX_LINE 330.0

#endif
