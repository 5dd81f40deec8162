/* A table of texts with labelled rows and columns, set for a terminal: aligned, ruled,
 * coloured, and wrapped by columns where it is too wide. It knows nothing of Jacobians.
 */
#ifndef VISUAL_GRID_H
#define VISUAL_GRID_H

#include "jacobian/buffer.h"
#include "visual/style.h"

enum jac_paint {
  JAC_PAINT_PLAIN,
  JAC_PAINT_TITLE, /* bold */
  JAC_PAINT_FAINT, /* structural zeros, legends */
  JAC_PAINT_WRONG, /* red */
  JAC_PAINT_BLOCK  /* and above: colours that tell neighbouring blocks apart */
};

/* How the texts of a column stand under each other. */
enum jac_align {
  JAC_ALIGN_POINT, /* numbers: the places before and after the point */
  JAC_ALIGN_CENTER,
  JAC_ALIGN_LEFT
};

struct jac_grid {
  size_t rows, cols;         /* labels not counted */
  size_t all_cols;           /* as the parts of a wide one count them: cols, or more */
  struct jac_cell *cells;    /* (rows + 1) x (cols + 1): labels first; owned */
  bool *rule_row, *rule_col; /* a rule stands before this row or column; owned */
  enum jac_align align;
  struct jac_buffer text; /* of all cells; owned */
};

/* An empty grid. Errors: JAC_ELIMIT, JAC_ENOMEM. */
enum jac_status jac_grid_alloc(size_t rows, size_t cols, enum jac_align align,
                               struct jac_grid *grid, struct jac_error *err);
void jac_grid_free(struct jac_grid *grid);

/* Sets a cell; row 0 holds the columns' labels and column 0 the rows'. The text is
 * copied. point: how many characters stand before the place of alignment (JAC_ALIGN_POINT
 * only; jac_grid_point finds it in a number). paint is a jac_paint, or JAC_PAINT_BLOCK +
 * k. */
void jac_grid_set(struct jac_grid *grid, size_t row, size_t col, const char *text,
                  size_t point, unsigned paint);

/* How many characters of a number's text stand before its point or exponent. */
size_t jac_grid_point(const char *number);

/* Whether it is narrow enough to stand in one part. */
bool jac_grid_fits(const struct jac_grid *grid, const struct jac_style *style);

/* Adds the grid's lines to out, indented by two blanks. Where it is wider than the style
 * it is cut before a rule if possible, and each part says 'columns 9-16 of 24'. How many
 * columns were shown: all, but where the style has no more parts. */
size_t jac_grid_print(const struct jac_grid *grid, const struct jac_style *style,
                      struct jac_buffer *out);

/* Adds text in a colour; nothing but the text where the style has none. */
void jac_paint_add(const struct jac_style *style, unsigned paint, const char *text,
                   struct jac_buffer *out);

#endif
