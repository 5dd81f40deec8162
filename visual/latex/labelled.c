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
  /* The head of a table is in its letters, a border of labels in smaller ones. */
  cell = fmax(cell, (l->room->above ? 1.0 : 0.8) * jac_latex_width(l->col[col]));
  return fmax(l->step->scale * cell + l->step->apart, l->room->least);
}

static double whole_width(const struct jac_labelled *l) {
  double width = 0.0;
  for (size_t k = 0; k < l->sheet.row.count; k++)
    width = fmax(width, l->step->scale * jac_latex_width(l->row[k]));
  for (size_t k = 0; k < l->sheet.col.count; k++)
    width += jac_labelled_width(l, k) +
             (l->sheet.col.rule[k] ? l->room->rule * l->step->apart : 0.0);
  return width;
}

/* The loosest step up to the tightest that is allowed in which a line holds it. */
static bool settle(struct jac_labelled *l, double line, bool tight) {
  for (l->step = l->room->step;; l->step++) {
    bool last = !tight || l->step[1].size == NULL;
    if (whole_width(l) <= line)
      return true;
    if (last)
      return false;
  }
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
    status = jac_sheet_make_like(&l->sheet, &l->other_source.source, other_kind(view),
                                 view->precision, &l->other, err);
  if (status != JAC_OK)
    return status;
  l->row = labels(&l->sheet.row, source->context, source->row_label);
  l->col = labels(&l->sheet.col, source->context, source->col_label);
  return l->row == NULL || l->col == NULL ? jac_fail_memory(err) : JAC_OK;
}

/* With as many columns as a line holds; *fits says whether one does. */
static enum jac_status make_fitting(struct jac_view *view,
                                    const struct jac_latex *options, double line,
                                    struct jac_labelled *l, bool *fits,
                                    struct jac_error *err) {
  enum { LEAST = 3 };
  enum jac_status status = JAC_OK;
  size_t elide = options->elide, high = jac_latex_most(view->layout.rows, elide);
  size_t all = l->source.source.cols, cols = jac_latex_most(all, elide);
  for (cols = cols < all ? cols : all;; cols--) {
    free_labelled(l);
    status = make(view, high, cols, l, err);
    if (status != JAC_OK)
      return status;
    bool last = elide != JAC_ELIDE_FIT || cols <= LEAST;
    /* Smaller letters keep a small matrix whole, and blocks in sight. */
    bool worth = last || cols == all || jac_sheet_at_least(&l->sheet, high, cols);
    *fits = settle(l, line, worth);
    if (last && l->both && !l->stacked && !*fits) {
      l->stacked = true;
      *fits = settle(l, line, worth);
    }
    if (last || *fits)
      break;
  }
  *fits = elide != JAC_ELIDE_FIT || (*fits && l->sheet.honest);
  return status;
}

/* A slice; entries that are too long for it get names. */
static enum jac_status make_slice(struct jac_view *view, size_t slice,
                                  const struct jac_latex *options,
                                  const struct jac_latex_room *room, double line,
                                  struct jac_labelled *l, struct jac_error *err) {
  bool fits;
  *l = (struct jac_labelled){.both = view->entries == JAC_ENTRIES_BOTH,
                             .stacked = room->stacked,
                             .room = room,
                             .names = JAC_BUFFER_INIT};
  bool numbers = view->entries == JAC_ENTRIES_NUMBERS;
  jac_view_source(view, slice, numbers, &l->source);
  jac_view_source(view, slice, true, &l->other_source);
  enum jac_status status = make_fitting(view, options, line, l, &fits, err);
  if (status != JAC_OK || fits || jac_view_kind(view, numbers) != JAC_SHEET_SYMBOLS)
    return status;
  l->source.named = true;
  l->source.shown = l->other_source.shown = 3;
  l->stacked = room->stacked;
  status = make_fitting(view, options, line, l, &fits, err);
  if (status == JAC_OK)
    status =
        jac_latex_names(&l->sheet, &l->source, jac_latex_line(options), &l->names, err);
  return status;
}

enum jac_status jac_latex_slices(struct jac_view *view, const struct jac_latex *options,
                                 const struct jac_latex_room *room, jac_latex_slice *add,
                                 struct jac_buffer *out, struct jac_error *err) {
  enum { SLICES = 4 };
  const struct jac_layout *layout = &view->layout;
  struct jac_axis slices;
  enum jac_status status = jac_axis_make(
      layout->slices, 0, options->elide == JAC_ELIDE_NEVER ? options->elide : SLICES, 0,
      &slices, err);
  for (size_t k = 0; k < slices.count && status == JAC_OK; k++) {
    struct jac_labelled l;
    struct jac_buffer left = JAC_BUFFER_INIT;
    if (slices.at[k] == JAC_AXIS_DOTS) {
      jac_buffer_add(out, "\\begin{center}$\\vdots$\\end{center}%\n");
      continue;
    }
    jac_latex_called(view, options, &left);
    if (layout->slices > 1)
      jac_latex_at_slice(layout->map, slices.at[k], &left);
    status = make_slice(view, slices.at[k], options, room,
                        jac_latex_line(options) - room->beside -
                            (room->above ? 0.0 : jac_latex_width(left.text)),
                        &l, err);
    if (status == JAC_OK)
      add(view, &l, left.text, out);
    if (l.names.length > 0)
      jac_latex_lines(l.names.text, options, out);
    out->failed = out->failed || l.names.failed;
    free_labelled(&l);
    jac_buffer_free(&l.names);
    out->failed = out->failed || left.failed;
    jac_buffer_free(&left);
  }
  jac_axis_free(&slices);
  struct jac_buffer where = JAC_BUFFER_INIT;
  if (status == JAC_OK)
    status = jac_latex_where(view, "", jac_latex_line(options), &where, err);
  if (where.length > 0)
    jac_latex_lines(where.text, options, out);
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
