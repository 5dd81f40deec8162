#include "visual/picture/sample.h"

#include "visual/picture/palette.h"

#include <math.h>
#include <stdlib.h>

enum kind { ALWAYS_ZERO, ZERO, NOT_ZERO, NOT_FINITE };

/* What is known of a cell while its entries are read. */
struct cell {
  double value;
  enum kind kind;
};

/* Whether a zero is one whatever the values matters in cells without anything more. */
static void read_row(const struct jac_view *view, size_t slice, size_t row,
                     const double *value, struct jac_sample *sample, struct cell *cell) {
  for (size_t col = 0; col < view->layout.cols; col++) {
    struct cell *c = &cell[col / sample->per_col];
    if (value[col] == 0.0) {
      if (c->kind == ALWAYS_ZERO && !jac_view_zero(view, slice, row, col))
        c->kind = ZERO;
      continue;
    }
    sample->not_zero++;
    enum kind kind = isfinite(value[col]) ? NOT_ZERO : NOT_FINITE;
    if (kind > c->kind)
      c->kind = kind;
    if (kind == NOT_ZERO && fabs(value[col]) > fabs(c->value))
      c->value = value[col];
  }
}

static void read_sheet(const struct jac_view *view, size_t sheet, double *value,
                       struct jac_sample *sample, struct cell *cell) {
  size_t slice = sample->slice[sheet];
  cell += sheet * sample->rows * sample->cols;
  for (size_t row = 0; row < view->layout.rows; row++) {
    jac_view_row(view, slice, row, value);
    read_row(view, slice, row, value, sample,
             cell + row / sample->per_row * sample->cols);
  }
}

static unsigned char shade_of(const struct jac_view *view, const struct cell *cell,
                              double largest) {
  bool numbers =
      view->entries == JAC_ENTRIES_NUMBERS || view->entries == JAC_ENTRIES_BOTH;
  if (view->entries == JAC_ENTRIES_SYMBOLS && cell->kind != ALWAYS_ZERO)
    return JAC_SHADE_SYMBOL;
  switch (cell->kind) {
  case ALWAYS_ZERO:
    return JAC_SHADE_ALWAYS_ZERO;
  case ZERO:
    return numbers ? JAC_SHADE_ZERO : JAC_SHADE_MARK_ZERO;
  case NOT_FINITE:
    return JAC_SHADE_NOT_FINITE;
  default:
    return numbers ? jac_shade(cell->value, largest) : JAC_SHADE_MARK;
  }
}

void jac_sample_choose(size_t slices, struct jac_sample *sample) {
  sample->sheets = slices < JAC_SHEETS ? slices : JAC_SHEETS;
  for (size_t k = 0; k < sample->sheets; k++)
    sample->slice[k] = k;
  sample->slice[sample->sheets - 1] = slices - 1;
}

enum jac_status jac_sample_new(const struct jac_view *view, size_t per_row,
                               size_t per_col, struct jac_sample *sample,
                               struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  *sample = (struct jac_sample){.per_row = per_row, .per_col = per_col};
  sample->rows = (layout->rows + per_row - 1) / per_row;
  sample->cols = (layout->cols + per_col - 1) / per_col;
  jac_sample_choose(layout->slices, sample);
  size_t cells = sample->sheets * sample->rows * sample->cols;
  struct cell *cell = calloc(cells, sizeof *cell);
  double *value = calloc(layout->cols, sizeof *value);
  sample->shade = malloc(cells);
  if (cell == NULL || value == NULL || sample->shade == NULL) {
    free(cell);
    free(value);
    jac_sample_free(sample);
    return jac_fail_memory(err);
  }
  for (size_t k = 0; k < sample->sheets; k++)
    read_sheet(view, k, value, sample, cell);
  for (size_t k = 0; k < cells; k++)
    sample->largest = fmax(sample->largest, fabs(cell[k].value));
  for (size_t k = 0; k < cells; k++) {
    sample->shade[k] = shade_of(view, &cell[k], sample->largest);
    sample->has[cell[k].kind] = true;
  }
  sample->entries = sample->sheets * layout->rows * layout->cols;
  free(cell);
  free(value);
  return JAC_OK;
}

void jac_sample_free(struct jac_sample *sample) {
  free(sample->shade);
  sample->shade = NULL;
}
