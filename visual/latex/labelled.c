/* A slice with labels at its borders: what nicematrix, TikZ and tables start from. */
#include "visual/latex/latex.h"
#include "visual/latex/width.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t jac_latex_most(size_t size, size_t elide) {
  enum { WHOLE = 12, SOME = 8 };
  if (elide != JAC_ELIDE_FIT)
    return elide;
  return size <= WHOLE ? WHOLE : SOME;
}

static void free_texts(char **text, size_t count) {
  for (size_t k = 0; text != NULL && k < count; k++)
    free(text[k]);
  free(text);
}

void jac_labelled_free(struct jac_labelled *l) {
  free_texts(l->row, l->sheet.row.count);
  free_texts(l->col, l->sheet.col.count);
  l->row = l->col = NULL;
  jac_sheet_free(&l->sheet);
  jac_sheet_free(&l->other);
}

static char **labels(const struct jac_axis *axis, void *context,
                     void (*add)(void *, size_t, struct jac_buffer *)) {
  char **text = calloc(axis->count + 1, sizeof *text);
  for (size_t k = 0; text != NULL && k < axis->count; k++) {
    struct jac_buffer label = JAC_BUFFER_INIT;
    if (axis->at[k] != JAC_AXIS_DOTS)
      add(context, axis->at[k], &label);
    text[k] = jac_buffer_take(&label);
    if (text[k] == NULL)
      text[k] = calloc(1, 1);
    if (text[k] == NULL) {
      free_texts(text, k);
      return NULL;
    }
  }
  return text;
}

double jac_labelled_width(const struct jac_labelled *l, size_t col) {
  double cell = l->sheet.width[col];
  if (l->both)
    cell += l->other.width[col] + 13.0;
  return fmax(cell, 0.8 * jac_latex_width(l->col[col]));
}

static double whole_width(const struct jac_labelled *l, double apart) {
  double width = 0.0;
  for (size_t k = 0; k < l->sheet.row.count; k++)
    width = fmax(width, jac_latex_width(l->row[k]));
  for (size_t k = 0; k < l->sheet.col.count; k++)
    width += jac_labelled_width(l, k) + apart;
  return width;
}

static enum jac_status make(struct jac_view *view, size_t rows, size_t cols,
                            struct jac_labelled *l, struct jac_error *err) {
  bool numbers = view->entries == JAC_ENTRIES_NUMBERS;
  const struct jac_sheet_source *source = &l->source.source;
  enum jac_status status =
      jac_sheet_make(source, jac_view_kind(view, numbers), view->precision, rows, cols,
                     &l->sheet, err);
  if (status == JAC_OK && l->both)
    status = jac_sheet_make(&l->other_source.source, jac_view_kind(view, true),
                            view->precision, rows, cols, &l->other, err);
  if (status != JAC_OK)
    return status;
  l->row = labels(&l->sheet.row, source->context, source->row_label);
  l->col = labels(&l->sheet.col, source->context, source->col_label);
  return l->row == NULL || l->col == NULL ? jac_fail_memory(err) : JAC_OK;
}

enum jac_status jac_labelled_make(struct jac_view *view, size_t slice, size_t elide,
                                  double line, double apart, struct jac_labelled *l,
                                  struct jac_error *err) {
  enum { LEAST = 3 };
  size_t all = view->layout.cols, cols = jac_latex_most(all, elide);
  enum jac_status status = JAC_OK;
  *l = (struct jac_labelled){.both = view->entries == JAC_ENTRIES_BOTH};
  jac_view_source(view, slice, view->entries == JAC_ENTRIES_NUMBERS, &l->source);
  jac_view_source(view, slice, true, &l->other_source);
  for (cols = cols < all ? cols : all; status == JAC_OK; cols--) {
    jac_labelled_free(l);
    status = make(view, jac_latex_most(view->layout.rows, elide), cols, l, err);
    if (elide != JAC_ELIDE_FIT || cols <= LEAST ||
        (status == JAC_OK && whole_width(l, apart) <= line))
      break;
  }
  return status;
}

/* Cells that are zero, dots or marks are the same in both sheets. */
void jac_labelled_cell(const struct jac_labelled *l, size_t i, size_t j,
                       const char *between, struct jac_buffer *out) {
  jac_buffer_add(out, jac_sheet_cell(&l->sheet, i, j));
  if (l->both && !jac_sheet_dots(&l->sheet, i, j) && !jac_sheet_zero(&l->sheet, i, j))
    jac_buffer_printf(out, "%s%s", between, jac_sheet_cell(&l->other, i, j));
}
