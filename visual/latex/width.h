/* How wide a formula will be, estimated: which of several ways of setting it fits. */
#ifndef VISUAL_LATEX_WIDTH_H
#define VISUAL_LATEX_WIDTH_H

/* The width of LaTeX mathematics in points, in text style at 10 pt (Computer Modern),
 * right to within a tenth or so. */
double jac_latex_width(const char *math);

/* The same in display style, where fractions are larger. */
double jac_latex_display_width(const char *math);

/* The same in \tiny, where scripts and what fractions hold are no smaller than the rest.
 */
double jac_latex_tiny_width(const char *math);

/* The width in letters of so much of the size of the document's (1: all; 0.66: \tiny) of
 * what has these widths in the largest and in the smallest. */
double jac_latex_between(double width, double tiny_width, double scale);

/* Both, and what is left of the second where columns of matrices are closer. */
struct jac_latex_extent {
  double width, tiny, least;
};
struct jac_latex_extent jac_latex_extent(const char *math);
struct jac_latex_extent jac_latex_extent_more(struct jac_latex_extent extent,
                                              double more);

/* The largest letters in which it fits on the line. */
const char *jac_latex_size_of(struct jac_latex_extent extent, double line);

/* The largest letters in which so much fits on the line: "" or a size command. Letters
 * shrink less than their size, scripts less still. */
const char *jac_latex_size(double width, double line);

/* What fits on a line of article, and nearly on one of beamer. */
#define JAC_LATEX_LINE 330.0

#endif
