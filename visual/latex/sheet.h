/* One matrix as it will be set: the rows and columns that are written, each cell's text
 * in LaTeX. It knows nothing of what the matrix is. */
#ifndef VISUAL_LATEX_SHEET_H
#define VISUAL_LATEX_SHEET_H

#include "jacobian/buffer.h"
#include "visual/latex/axis.h"

enum jac_sheet_kind {
  JAC_SHEET_SYMBOLS,
  JAC_SHEET_NUMBERS, /* point under point */
  JAC_SHEET_CENTRED, /* numbers as they are */
  JAC_SHEET_STRUCTURE
};

/* Where the cells come from; context goes to every function. */
struct jac_sheet_source {
  size_t rows, cols, block_rows, block_cols;
  void *context;
  bool (*zero)(void *context, size_t row, size_t col); /* whatever the values */
  double (*value)(void *context, size_t row, size_t col);
  /* Adds the symbol, which is not a structural zero; NULL: there are none. */
  enum jac_status (*symbol)(void *context, size_t row, size_t col, struct jac_buffer *out,
                            struct jac_error *err);
  void (*row_label)(void *context, size_t row, struct jac_buffer *out);
  void (*col_label)(void *context, size_t col, struct jac_buffer *out);
};

struct jac_sheet {
  const struct jac_sheet_source *source; /* borrowed */
  enum jac_sheet_kind kind;
  bool honest; /* dots stand inside runs: what they hide is what stands beside them */
  struct jac_axis row, col;
  char **cell;   /* row.count x col.count texts, owned */
  double *width; /* of each column, in points; owned */
  double *tiny;  /* the same in the smallest letters; owned */
};

/* The sheet of a source with at most rows x cols written. Numbers have the same decimals
 * everywhere and stand point under point, where that is short. Free with jac_sheet_free.
 * Errors: JAC_ENOMEM, those of symbol. */
enum jac_status jac_sheet_make(const struct jac_sheet_source *source,
                               enum jac_sheet_kind kind, int precision, size_t rows,
                               size_t cols, struct jac_sheet *sheet,
                               struct jac_error *err);
/* The same rows and columns as another sheet, of another kind or source. */
enum jac_status jac_sheet_make_like(const struct jac_sheet *like,
                                    const struct jac_sheet_source *source,
                                    enum jac_sheet_kind kind, int precision,
                                    struct jac_sheet *sheet, struct jac_error *err);
void jac_sheet_free(struct jac_sheet *sheet);

/* Whether a sheet with a column less would show fewer blocks, or dots that are no longer
 * honest: smaller letters are better then. */
bool jac_sheet_at_least(const struct jac_sheet *sheet, size_t rows, size_t cols);

const char *jac_sheet_cell(const struct jac_sheet *sheet, size_t i, size_t j);
bool jac_sheet_dots(const struct jac_sheet *sheet, size_t i, size_t j);
bool jac_sheet_zero(const struct jac_sheet *sheet, size_t i, size_t j);

/* The width of the matrix with its brackets, sep points on each side of a column, in
 * letters of so much of the size of the document's. */
double jac_sheet_width(const struct jac_sheet *sheet, double sep, double scale);

/* Whether a cell holds a fraction, which wants room above and below. */
bool jac_sheet_tall(const struct jac_sheet *sheet);

/* Adds the matrix, a line a row: pmatrix (square: bmatrix) up to ten columns without
 * blocks, else an array with rules between blocks. */
void jac_sheet_matrix(const struct jac_sheet *sheet, bool square, struct jac_buffer *out);

/* Adds one number as LaTeX: 1.2 \cdot 10^{-5}, \infty. */
void jac_latex_number(double value, int digits, struct jac_buffer *out);

#endif
