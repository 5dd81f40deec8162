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

static void free_labelled(struct jac_labelled *l) {
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
  if (l->both && l->stacked)
    cell = fmax(cell, l->other.width[col]);
  else if (l->both)
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

/* Numbers behind symbols are not aligned. */
static enum jac_sheet_kind other_kind(const struct jac_view *view) {
  enum jac_sheet_kind kind = jac_view_kind(view, true);
  return kind == JAC_SHEET_NUMBERS ? JAC_SHEET_CENTRED : kind;
}

static enum jac_status make(struct jac_view *view, size_t rows, size_t cols,
                            struct jac_labelled *l, struct jac_error *err) {
  bool numbers = view->entries == JAC_ENTRIES_NUMBERS;
  const struct jac_sheet_source *source = &l->source.source;
  enum jac_status status = jac_sheet_make(source, jac_view_kind(view, numbers),
                                          view->precision, rows, cols, &l->sheet, err);
  if (status == JAC_OK && l->both)
    status = jac_sheet_make(&l->other_source.source, other_kind(view), view->precision,
                            rows, cols, &l->other, err);
  if (status != JAC_OK)
    return status;
  l->row = labels(&l->sheet.row, source->context, source->row_label);
  l->col = labels(&l->sheet.col, source->context, source->col_label);
  return l->row == NULL || l->col == NULL ? jac_fail_memory(err) : JAC_OK;
}

/* The largest letters with which so much stands on a line. */
static const char *size_for(double width) {
  static const struct {
    const char *name;
    double scale;
  } sizes[] = {{"\\footnotesize", 0.8}, {"\\scriptsize", 0.7}, {"\\tiny", 0.5}};
  size_t k = 0, last = sizeof sizes / sizeof sizes[0] - 1;
  while (k < last && sizes[k].scale * width > JAC_LATEX_LINE)
    k++;
  return sizes[k].name;
}

/* Long: one search over widths, with its ways to end. */
static enum jac_status make_fitting(struct jac_view *view, size_t slice, size_t elide,
                                    double line, double apart, bool stacked,
                                    struct jac_labelled *l, struct jac_error *err) {
  enum { LEAST = 3 };
  enum jac_status status = JAC_OK;
  *l = (struct jac_labelled){
      .both = view->entries == JAC_ENTRIES_BOTH, .stacked = stacked, .size = ""};
  jac_view_source(view, slice, view->entries == JAC_ENTRIES_NUMBERS, &l->source);
  jac_view_source(view, slice, true, &l->other_source);
  const struct jac_sheet_source *source = &l->source.source;
  double rest = JAC_LATEX_LINE - line; /* becomes smaller too */
  size_t all = source->cols, cols = jac_latex_most(all, elide);
  for (cols = cols < all ? cols : all; status == JAC_OK; cols--) {
    free_labelled(l);
    status = make(view, jac_latex_most(view->layout.rows, elide), cols, l, err);
    double width = status == JAC_OK ? whole_width(l, apart) : 0.0;
    bool last = elide != JAC_ELIDE_FIT || cols <= LEAST;
    /* Smaller letters keep a small matrix whole, and blocks in sight. */
    bool worth = last || cols == all ||
                 (jac_axis_ruled(&l->sheet.col) &&
                  !jac_axis_shows_blocks(all, source->block_cols, cols - 1));
    if (last && l->both && !l->stacked && 0.8 * (width + rest) > JAC_LATEX_LINE) {
      l->stacked = true;
      width = whole_width(l, apart);
    }
    l->size = width > line && worth ? size_for(width + rest) : "";
    if (last || width <= line || (worth && 0.8 * (width + rest) <= JAC_LATEX_LINE))
      break;
  }
  return status;
}

enum jac_status jac_latex_slices(struct jac_view *view, size_t elide, double line,
                                 double apart, bool stacked, jac_latex_slice *add,
                                 struct jac_buffer *out, struct jac_error *err) {
  enum { SLICES = 4 };
  const struct jac_layout *layout = &view->layout;
  struct jac_axis slices;
  enum jac_status status = jac_axis_make(
      layout->slices, 0, elide == JAC_ELIDE_NEVER ? elide : SLICES, 0, &slices, err);
  for (size_t k = 0; k < slices.count && status == JAC_OK; k++) {
    struct jac_labelled l;
    struct jac_buffer left = JAC_BUFFER_INIT;
    if (slices.at[k] == JAC_AXIS_DOTS) {
      jac_buffer_add(out, "\\begin{center}$\\vdots$\\end{center}\n");
      continue;
    }
    jac_latex_left(layout->map, layout->wrt, &left);
    if (layout->slices > 1)
      jac_buffer_printf(&left, "\\big|_{n=%zu}", slices.at[k] + 1);
    status = make_fitting(view, slices.at[k], elide, line, apart, stacked, &l, err);
    if (status == JAC_OK)
      add(view, &l, left.text, out);
    free_labelled(&l);
    out->failed = out->failed || left.failed;
    jac_buffer_free(&left);
  }
  jac_axis_free(&slices);
  struct jac_buffer where = JAC_BUFFER_INIT;
  if (status == JAC_OK)
    status = jac_latex_where(view, "", &where, err);
  if (where.length > 0)
    jac_buffer_printf(out, "\\[\n\\begin{aligned}\n%s\n\\end{aligned}\n\\]\n",
                      where.text);
  out->failed = out->failed || where.failed;
  jac_buffer_free(&where);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

/* Cells that are zero, dots or marks are the same in both sheets. */
void jac_labelled_cell(const struct jac_labelled *l, size_t i, size_t j,
                       const char *between, struct jac_buffer *out) {
  jac_buffer_add(out, jac_sheet_cell(&l->sheet, i, j));
  if (l->both && !jac_sheet_dots(&l->sheet, i, j) && !jac_sheet_zero(&l->sheet, i, j))
    jac_buffer_printf(out, "%s%s", between, jac_sheet_cell(&l->other, i, j));
}
