#include "visual/export.h"

#include "visual/csv.h"
#include "visual/npy.h"
#include "visual/number.h"
#include "visual/text.h"

#include <stdlib.h>

static bool has_sample_column(const struct jac_view *view) {
  const struct jac_layout *layout = &view->layout;
  return layout->form == JAC_FORM_BATCH || layout->slices > 1;
}

/* The name of the rows' labels, and where the numbers are taken: rows of numbers have no
 * other room for it. */
static void add_corner(const struct jac_view *view, struct jac_buffer *line) {
  static const struct jac_style ascii = {.unicode = false};
  struct jac_buffer text = JAC_BUFFER_INIT;
  bool numbers = view->point != NULL && view->entries != JAC_ENTRIES_SYMBOLS;
  jac_buffer_add(&text, "output");
  for (size_t v = 0; v < view->layout.map->nvar && numbers; v++) {
    jac_buffer_add(&text, v == 0 ? " at " : " and ");
    jac_text_values(view, &ascii, v, &text);
  }
  jac_csv_add_text(line, text.text);
  line->failed = line->failed || text.failed;
  jac_buffer_free(&text);
}

static void add_csv_header(const struct jac_view *view, struct jac_buffer *line) {
  struct jac_buffer label = JAC_BUFFER_INIT;
  size_t slice =
      view->layout.slices > 1 && jac_view_own_columns(view) ? JAC_INDEX_ANY : 0;
  jac_buffer_add(line, has_sample_column(view) ? "sample," : "");
  add_corner(view, line);
  for (size_t col = 0; col < view->layout.cols; col++) {
    jac_buffer_clear(&label);
    jac_view_col_label(view, JAC_NOTATION_LATEX, slice, col, &label);
    jac_buffer_add_char(line, ',');
    jac_csv_add_text(line, label.text);
  }
  line->failed = line->failed || label.failed;
  jac_buffer_free(&label);
}

/* 0 alone is a zero whatever the values. */
static void add_number(double value, struct jac_buffer *line) {
  if (value == 0.0)
    jac_buffer_add(line, JAC_ZERO_HERE);
  else
    jac_number_add(line, value, 17);
}

static enum jac_status add_csv_row(struct jac_view *view, size_t slice, size_t row,
                                   struct jac_buffer *line, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  if (has_sample_column(view))
    jac_buffer_printf(line, "%zu,", slice + 1);
  jac_view_row_label(view, JAC_NOTATION_LATEX, slice, row, &text);
  jac_csv_add_text(line, text.text);
  for (size_t col = 0; status == JAC_OK && col < view->layout.cols; col++) {
    jac_buffer_add_char(line, ',');
    if (view->entries == JAC_ENTRIES_SYMBOLS) {
      jac_buffer_clear(&text);
      status = jac_view_symbol(view, slice, row, col, JAC_NOTATION_LATEX, &text, err);
      jac_csv_add_text(line, text.text);
    } else if (jac_view_zero(view, slice, row, col))
      jac_buffer_add_char(line, '0');
    else
      add_number(jac_view_value(view, slice, row, col), line);
  }
  line->failed = line->failed || text.failed;
  jac_buffer_free(&text);
  return status;
}

enum jac_status jac_view_csv(struct jac_view *view, FILE *file, struct jac_error *err) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  add_csv_header(view, &line);
  fprintf(file, "%s\n", line.text);
  enum jac_status status = jac_buffer_status(&line, err);
  for (size_t s = 0; s < view->layout.slices; s++)
    for (size_t row = 0; status == JAC_OK && row < view->layout.rows; row++) {
      jac_buffer_clear(&line);
      status = add_csv_row(view, s, row, &line, err);
      if (status == JAC_OK)
        status = jac_buffer_status(&line, err);
      fprintf(file, "%s\n", line.text);
    }
  jac_buffer_free(&line);
  return status;
}

enum jac_status jac_view_npy(const struct jac_view *view, FILE *file,
                             struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  double *row = calloc(layout->cols + 1, sizeof *row);
  if (row == NULL)
    return jac_fail_memory(err);
  jac_npy_write_header(file, layout->ndim, layout->dims);
  for (size_t s = 0; s < layout->slices; s++)
    for (size_t r = 0; r < layout->rows; r++) {
      jac_view_row(view, s, r, row);
      jac_npy_write_numbers(file, layout->cols, row);
    }
  free(row);
  return JAC_OK;
}
