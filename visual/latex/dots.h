/* Dots that never lie: 0 ... 0 only over zeros, one of each block or band in sight. */
#ifndef VISUAL_LATEX_DOTS_H
#define VISUAL_LATEX_DOTS_H

#include "visual/latex/axis.h"

/* A matrix of which it is known where it is written as zero. */
struct jac_dots {
  size_t rows, cols, block_cols;
  void *context;
  bool (*zero)(void *context, size_t row, size_t col);
  size_t most; /* entries that one dots' claim may be read from; 0: 200000 */
};

/* Brings into *cols, an axis of the matrix's columns, what the written rows need so that
 * dots stand inside runs of zeros and inside runs of others alone, with a zero beside
 * those of zeros. False: that takes more than most places, and *cols is as it was; or
 * memory ran out, and err says so. */
bool jac_dots_columns(const struct jac_dots *dots, const struct jac_axis *rows,
                      size_t most, struct jac_axis *cols, struct jac_error *err);

/* What stands at a place of which the row or the column is dots: \cdots or \vdots over
 * what is like its neighbours, \ddots where the pattern goes on, nothing over a
 * rectangle of zeros. */
const char *jac_dots_cell(const struct jac_dots *dots, const struct jac_axis *rows,
                          const struct jac_axis *cols, size_t i, size_t j);

#endif
