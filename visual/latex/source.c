/* A view as the source of sheets. */
#include "visual/latex/latex.h"
#include "visual/number.h"

#include <string.h>

static bool zero(void *context, size_t row, size_t col) {
  const struct jac_view_source *s = context;
  return jac_view_zero(s->view, s->slice, row, col);
}

static double value(void *context, size_t row, size_t col) {
  const struct jac_view_source *s = context;
  return jac_view_value(s->view, s->slice, row, col);
}

static enum jac_status symbol(void *context, size_t row, size_t col,
                              struct jac_buffer *out, struct jac_error *err) {
  const struct jac_view_source *s = context;
  if (s->named) {
    /* One name for one entry: of several samples it says which. */
    jac_buffer_add(out, "J_{");
    if (s->view->layout.slices > 1)
      jac_buffer_printf(out, "%zu,", s->slice + 1);
    jac_buffer_printf(out, "%zu,%zu}", row + 1, col + 1);
    return JAC_OK;
  }
  return jac_view_symbol(s->view, s->slice, row, col, JAC_NOTATION_LATEX, out, err);
}

static void row_label(void *context, size_t row, struct jac_buffer *out) {
  const struct jac_view_source *s = context;
  jac_view_row_label(s->view, JAC_NOTATION_LATEX, s->slice, row, out);
}

static void col_label(void *context, size_t col, struct jac_buffer *out) {
  const struct jac_view_source *s = context;
  jac_view_col_label(s->view, JAC_NOTATION_LATEX, s->slice, col, out);
}

static size_t width(const struct jac_view_source *s) {
  return s->view->layout.block_cols;
}

static bool block_zero(void *context, size_t row, size_t col) {
  const struct jac_view_source *s = context;
  return jac_block_zero(s->view, s->slice, row, col * width(s));
}

/* Whether anything in the block is not zero. */
static double block_value(void *context, size_t row, size_t col) {
  const struct jac_view_source *s = context;
  for (size_t k = 0; k < width(s); k++)
    if (jac_view_value(s->view, s->slice, row, col * width(s) + k) != 0.0)
      return 1.0;
  return 0.0;
}

/* Whether dots may stand for the middle of a block: nothing from the entry before them on
 * reads as zero. */
static bool alike(const struct jac_view_source *s, size_t row, size_t first) {
  bool values = s->numbers && s->view->entries != JAC_ENTRIES_STRUCTURE;
  for (size_t k = s->shown - 3; k < width(s); k++)
    if (jac_view_zero(s->view, s->slice, row, first + k) ||
        (values && jac_view_value(s->view, s->slice, row, first + k) == 0.0))
      return false;
  return true;
}

/* A block as the name of a sample, or as a row of its entries. */
static enum jac_status block_symbol(void *context, size_t row, size_t col,
                                    struct jac_buffer *out, struct jac_error *err) {
  struct jac_view_source *s = context;
  size_t first = col * width(s);
  enum jac_status status = JAC_OK;
  if (s->named)
    return symbol(context, row, col, out, err);
  if (!s->numbers &&
      jac_block_sample(s->view, JAC_NOTATION_LATEX, s->slice, row, first, out))
    return JAC_OK;
  bool elided = width(s) > s->shown && alike(s, row, first);
  jac_buffer_add(out, "\\begin{pmatrix} ");
  for (size_t k = 0; k < width(s) && status == JAC_OK; k++) {
    bool dots = elided && k == s->shown - 2;
    if (dots)
      k = width(s) - 2;
    jac_buffer_add(out, k > 0 ? " & " : "");
    if (dots)
      jac_buffer_add(out, "\\cdots");
    else if (s->numbers && jac_view_zero(s->view, s->slice, row, first + k))
      jac_buffer_add_char(out, '0');
    else if (s->numbers && jac_view_value(s->view, s->slice, row, first + k) == 0.0)
      jac_buffer_add(out, JAC_ZERO_HERE);
    else if (s->numbers)
      jac_latex_number(jac_view_value(s->view, s->slice, row, first + k),
                       s->view->precision, out);
    else
      status = jac_view_symbol(s->view, s->slice, row, first + k, JAC_NOTATION_LATEX, out,
                               err);
  }
  jac_buffer_add(out, " \\end{pmatrix}");
  return status;
}

static void block_label(void *context, size_t col, struct jac_buffer *out) {
  const struct jac_view_source *s = context;
  const struct jac_variable *var = &s->view->layout.map->var[s->view->layout.wrt];
  size_t index[3] = {JAC_INDEX_ALL, JAC_INDEX_ALL, JAC_INDEX_ALL};
  index[var->ndim - 1] = col;
  jac_label_entry(var, JAC_NOTATION_LATEX, index, out);
}

void jac_view_source(struct jac_view *view, size_t slice, bool numbers,
                     struct jac_view_source *s) {
  const struct jac_layout *layout = &view->layout;
  bool reduced = layout->form == JAC_FORM_REDUCED && layout->block_cols > 1;
  *s = (struct jac_view_source){
      .view = view, .slice = slice, .numbers = numbers, .shown = 6};
  s->source = (struct jac_sheet_source){
      .rows = layout->rows,
      .cols = reduced ? layout->cols / layout->block_cols : layout->cols,
      .block_rows = reduced ? 0 : layout->block_rows,
      .block_cols = reduced ? 0 : layout->block_cols,
      .context = s,
      .zero = reduced ? block_zero : zero,
      .value = reduced ? block_value : value,
      .symbol = reduced ? block_symbol : symbol,
      .row_label = row_label,
      .col_label = reduced ? block_label : col_label,
  };
}

enum jac_sheet_kind jac_view_kind(const struct jac_view *view, bool numbers) {
  if (view->entries == JAC_ENTRIES_STRUCTURE)
    return JAC_SHEET_STRUCTURE;
  if (view->layout.form == JAC_FORM_REDUCED && view->layout.block_cols > 1)
    return JAC_SHEET_SYMBOLS;
  return numbers ? JAC_SHEET_NUMBERS : JAC_SHEET_SYMBOLS;
}
