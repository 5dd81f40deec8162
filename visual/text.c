#include "visual/text.h"

#include "jacobian/text.h"
#include "visual/grid.h"
#include "visual/number.h"

#include <string.h>

/* A cell's text and where it is aligned. */
struct face {
  struct jac_buffer text;
  size_t point;
  unsigned paint;
};

static const char *dot(const struct jac_style *style) {
  return style->unicode ? "·" : ".";
}

/* The colour of a column's block, where there are several blocks. */
static unsigned block_paint(const struct jac_view *view, size_t col) {
  size_t width = view->layout.block_cols;
  if (width == 0 || width >= view->layout.cols)
    return JAC_PAINT_PLAIN;
  return JAC_PAINT_BLOCK + (unsigned)(col / width % 1000);
}

/* Whether the symbol is the number, as 0 or 1: it is said once. */
static bool says_number(const struct jac_view *view, size_t slice, size_t row, size_t col,
                        const char *symbol) {
  struct jac_buffer number = JAC_BUFFER_INIT;
  jac_number_add(&number, jac_view_value(view, slice, row, col), view->precision);
  bool same = !number.failed && strcmp(number.text, symbol) == 0;
  jac_buffer_free(&number);
  return same;
}

static enum jac_status make_face(struct jac_view *view, const struct jac_style *style,
                                 size_t slice, size_t row, size_t col, struct face *face,
                                 struct jac_error *err) {
  enum jac_status status = JAC_OK;
  jac_buffer_clear(&face->text);
  face->paint = block_paint(view, col);
  if (jac_view_zero(view, slice, row, col)) {
    jac_buffer_add(&face->text, dot(style));
    face->point = 1;
    face->paint = JAC_PAINT_FAINT;
    return JAC_OK;
  }
  if (view->entries != JAC_ENTRIES_NUMBERS) {
    status = jac_view_symbol(view, slice, row, col, jac_style_notation(style),
                             &face->text, err);
    face->point = jac_label_width(face->text.text);
  }
  if (view->entries == JAC_ENTRIES_SYMBOLS)
    return status;
  size_t before = face->text.length;
  if (before > 0 && says_number(view, slice, row, col, face->text.text))
    return status;
  if (before > 0)
    jac_buffer_add(&face->text, " = ");
  jac_number_add(&face->text, jac_view_value(view, slice, row, col), view->precision);
  if (before == 0)
    face->point = jac_grid_point(face->text.text);
  return status;
}

static void set_labels(const struct jac_view *view, const struct jac_style *style,
                       size_t slice, struct jac_grid *grid) {
  const struct jac_layout *layout = &view->layout;
  struct jac_buffer label = JAC_BUFFER_INIT;
  for (size_t row = 0; row < grid->rows; row++) {
    jac_buffer_clear(&label);
    jac_view_row_label(view, jac_style_notation(style), slice, row, &label);
    jac_grid_set(grid, row + 1, 0, label.text, 0, JAC_PAINT_TITLE);
    grid->rule_row[row + 1] = layout->block_rows > 1 && row % layout->block_rows == 0;
  }
  for (size_t col = 0; col < grid->cols; col++) {
    jac_buffer_clear(&label);
    jac_view_col_label(view, jac_style_notation(style), slice, col, &label);
    jac_grid_set(grid, 0, col + 1, label.text, 0, JAC_PAINT_TITLE);
    grid->rule_col[col + 1] = layout->block_cols > 1 && col % layout->block_cols == 0;
  }
  grid->text.failed = grid->text.failed || label.failed;
  jac_buffer_free(&label);
}

enum jac_status jac_text_slice(struct jac_view *view, const struct jac_style *style,
                               size_t slice, struct jac_buffer *out,
                               struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  struct jac_grid grid;
  struct face face = {JAC_BUFFER_INIT, 0, 0};
  enum jac_status status = jac_grid_alloc(
      jac_text_shown(layout->rows, layout->cols),
      jac_text_shown(layout->cols, layout->rows),
      view->entries == JAC_ENTRIES_SYMBOLS ? JAC_ALIGN_CENTER : JAC_ALIGN_POINT, &grid,
      err);
  if (status != JAC_OK)
    return status;
  grid.all_cols = layout->cols;
  set_labels(view, style, slice, &grid);
  for (size_t row = 0; row < grid.rows; row++)
    for (size_t col = 0; status == JAC_OK && col < grid.cols; col++) {
      status = make_face(view, style, slice, row, col, &face, err);
      jac_grid_set(&grid, row + 1, col + 1, face.text.text, face.point, face.paint);
    }
  grid.text.failed = grid.text.failed || face.text.failed;
  size_t shown = status == JAC_OK ? jac_grid_print(&grid, style, out) : 0;
  if (status == JAC_OK && style->parts > 0) /* else the whole view says so, at its end */
    jac_text_elided(style, grid.rows, layout->rows, shown, layout->cols, out);
  jac_buffer_free(&face.text);
  jac_grid_free(&grid);
  return status;
}

/* Whether the part that is shown has a structural zero, which wants a legend. */
static bool any_zero(struct jac_view *view) {
  size_t rows = view->layout.rows, cols = view->layout.cols;
  for (size_t row = 0; row < jac_text_shown(rows, cols); row++)
    for (size_t col = 0; col < jac_text_shown(cols, rows); col++)
      if (jac_view_zero(view, 0, row, col))
        return true;
  return false;
}

static void add_note(const struct jac_style *style, const char *text,
                     struct jac_buffer *out) {
  struct jac_buffer lines = JAC_BUFFER_INIT;
  jac_text_wrap(style, text, &lines);
  if (!lines.failed)
    lines.text[lines.length - 1] = '\0';
  jac_paint_add(style, JAC_PAINT_FAINT, lines.text, out);
  jac_buffer_add_char(out, '\n');
  out->failed = out->failed || lines.failed;
  jac_buffer_free(&lines);
}

/* Of lines, which of them are shown. */
static void add_parts(size_t rows, size_t all_rows, size_t cols, size_t all_cols,
                      struct jac_buffer *line) {
  if (rows < all_rows)
    jac_buffer_printf(line, _(" rows 1-%zu of %zu,"), rows, all_rows);
  if (cols < all_cols)
    jac_buffer_printf(line, _(" columns 1-%zu of %zu,"), cols, all_cols);
  if (!line->failed && line->text[line->length - 1] == ',')
    line->text[line->length - 1] = ';';
}

void jac_text_elided(const struct jac_style *style, size_t rows, size_t all_rows,
                     size_t cols, size_t all_cols, struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_buffer_add(&line, _("not all is shown:"));
  add_parts(rows, all_rows, cols, all_cols, &line);
  jac_buffer_add(&line, _(" --format json has all"));
  if (rows < all_rows || cols < all_cols)
    add_note(style, line.failed ? "" : line.text, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

/* What is not shown, and how to see it. */
static void add_elision(const struct jac_view *view, const struct jac_style *style,
                        size_t slices, struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  size_t rows = jac_text_shown(layout->rows, layout->cols);
  size_t cols = jac_text_shown(layout->cols, layout->rows);
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_buffer_add(&line, _("not all is shown:"));
  if (slices < layout->slices)
    jac_buffer_printf(&line, _(" samples 1-%zu of %zu,"), slices, layout->slices);
  add_parts(rows, layout->rows, cols, layout->cols, &line);
  if (!line.failed && line.text[line.length - 1] == ';') {
    jac_buffer_add(&line,
                   _(" -o FILE.csv writes all, --entries structure shows its shape"));
    add_note(style, line.text, out);
  }
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

static void add_sample(const struct jac_view *view, const struct jac_style *style,
                       size_t slice, struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  if (view->layout.map->of == NULL)
    jac_buffer_printf(&line, _("sample %zu of %zu"), slice + 1, view->layout.slices);
  else
    jac_label_slice(view->layout.map, jac_style_notation(style), slice, &line);
  jac_buffer_add_char(out, '\n');
  jac_paint_add(style, JAC_PAINT_TITLE, line.text, out);
  jac_buffer_add_char(out, '\n');
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

/* As many slices as have at most twice the limit of rows, and one at least. */
static size_t shown_slices(const struct jac_layout *layout) {
  size_t rows = jac_text_shown(layout->rows, layout->cols),
         twice = JAC_TEXT_LIMIT + JAC_TEXT_LIMIT;
  size_t most = twice / (rows + 1) + 1;
  return layout->slices < most ? layout->slices : most;
}

enum jac_status jac_view_text(struct jac_view *view, const struct jac_style *style,
                              struct jac_buffer *out, struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  enum jac_status status = JAC_OK;
  size_t slices = shown_slices(layout);
  jac_text_heading(view, style, out);
  if (view->entries == JAC_ENTRIES_STRUCTURE) {
    status = jac_text_structure(view, style, out, err);
    return status == JAC_OK ? jac_buffer_status(out, err) : status;
  }
  bool blocks = layout->form == JAC_FORM_REDUCED && layout->block_cols > 1;
  for (size_t s = 0; status == JAC_OK && s < slices; s++) {
    if (layout->slices > 1)
      add_sample(view, style, s, out);
    else
      jac_buffer_add_char(out, '\n');
    status = blocks ? jac_text_blocks(view, style, s, out, err)
                    : jac_text_slice(view, style, s, out, err);
  }
  if (status != JAC_OK)
    return status;
  if (any_zero(view)) {
    struct jac_buffer legend = JAC_BUFFER_INIT;
    jac_buffer_printf(&legend,
                      blocks ? _("%s is a block of zeros, whatever the values")
                             : _("%s is zero, whatever the values"),
                      blocks ? "0" : dot(style));
    jac_buffer_add_char(out, '\n');
    add_note(style, legend.text, out);
    jac_buffer_free(&legend);
  }
  add_elision(view, style, slices, out);
  return jac_buffer_status(out, err);
}
