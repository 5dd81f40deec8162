/* The reduced form as text: a table of blocks, each one row of a column of W. */
#include "visual/grid.h"
#include "visual/number.h"
#include "visual/text.h"

#include <string.h>

bool jac_block_zero(const struct jac_view *view, size_t slice, size_t row, size_t first) {
  for (size_t k = 0; k < view->layout.block_cols; k++)
    if (!jac_view_zero(view, slice, row, first + k))
      return false;
  return true;
}

/* Whether the block's symbols are the entries of a sample of variable v, in order. */
static bool is_sample(struct jac_view *view, size_t v, size_t slice, size_t row,
                      size_t first) {
  const struct jac_variable *var = &view->layout.map->var[v];
  struct jac_buffer symbol = JAC_BUFFER_INIT, label = JAC_BUFFER_INIT;
  bool same = var->role == JAC_DATA && var->dims[1] == view->layout.block_cols;
  for (size_t k = 0; same && k < var->dims[1]; k++) {
    const size_t index[2] = {slice, k};
    jac_buffer_clear(&symbol);
    jac_buffer_clear(&label);
    jac_label_entry(var, JAC_NOTATION_LATEX, index, &label);
    same = jac_view_symbol(view, slice, row, first + k, JAC_NOTATION_LATEX, &symbol,
                           NULL) == JAC_OK &&
           strcmp(symbol.text, label.text) == 0;
  }
  jac_buffer_free(&symbol);
  jac_buffer_free(&label);
  return same;
}

bool jac_block_sample(struct jac_view *view, enum jac_notation notation, size_t slice,
                      size_t row, size_t first, struct jac_buffer *out) {
  const struct jac_map *map = view->layout.map;
  const size_t index[2] = {slice, JAC_INDEX_ALL};
  for (size_t v = 0; v < map->nvar; v++)
    if (is_sample(view, v, slice, row, first)) {
      jac_label_indexed(map->var[v].symbol, notation, map->batch > 1 ? 2 : 0, index,
                        map->var[v].dims, out);
      return true;
    }
  return false;
}

/* A whole sample by its name, z^{k-1}, else the symbols one by one. */
static enum jac_status add_symbols(struct jac_view *view, enum jac_notation notation,
                                   size_t slice, size_t row, size_t first,
                                   struct jac_buffer *out, struct jac_error *err) {
  if (jac_block_sample(view, notation, slice, row, first, out))
    return JAC_OK;
  enum jac_status status = JAC_OK;
  jac_buffer_add_char(out, '(');
  for (size_t k = 0; status == JAC_OK && k < view->layout.block_cols; k++) {
    jac_buffer_add(out, k > 0 ? "  " : "");
    status = jac_view_symbol(view, slice, row, first + k, notation, out, err);
  }
  jac_buffer_add_char(out, ')');
  return status;
}

static enum jac_status add_block(struct jac_view *view, const struct jac_style *style,
                                 size_t slice, size_t row, size_t first,
                                 struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (view->entries != JAC_ENTRIES_NUMBERS)
    status = add_symbols(view, jac_style_notation(style), slice, row, first, out, err);
  if (view->entries == JAC_ENTRIES_SYMBOLS || status != JAC_OK)
    return status;
  jac_buffer_add(out, view->entries == JAC_ENTRIES_BOTH ? " = (" : "(");
  for (size_t k = 0; k < view->layout.block_cols; k++) {
    jac_buffer_add(out, k > 0 ? "  " : "");
    jac_number_add(out, jac_view_value(view, slice, row, first + k), view->precision);
  }
  jac_buffer_add_char(out, ')');
  return status;
}

static void set_labels(const struct jac_view *view, const struct jac_style *style,
                       size_t slice, struct jac_grid *grid) {
  const struct jac_layout *layout = &view->layout;
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  struct jac_buffer label = JAC_BUFFER_INIT;
  for (size_t row = 0; row < grid->rows; row++) {
    jac_buffer_clear(&label);
    jac_view_row_label(view, jac_style_notation(style), slice, row, &label);
    jac_grid_set(grid, row + 1, 0, label.text, 0, JAC_PAINT_TITLE);
  }
  for (size_t col = 0; col < grid->cols; col++) {
    size_t index[3] = {JAC_INDEX_ALL, JAC_INDEX_ALL, JAC_INDEX_ALL};
    index[var->ndim - 1] = col;
    jac_buffer_clear(&label);
    jac_label_entry(var, jac_style_notation(style), index, &label);
    jac_grid_set(grid, 0, col + 1, label.text, 0, JAC_PAINT_TITLE);
  }
  grid->text.failed = grid->text.failed || label.failed;
  jac_buffer_free(&label);
}

enum jac_status jac_text_blocks(struct jac_view *view, const struct jac_style *style,
                                size_t slice, struct jac_buffer *out,
                                struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  struct jac_grid grid;
  struct jac_buffer text = JAC_BUFFER_INIT;
  size_t blocks = layout->cols / layout->block_cols;
  enum jac_status status =
      jac_grid_alloc(jac_text_shown(layout->rows, blocks),
                     jac_text_shown(blocks, layout->rows), JAC_ALIGN_CENTER, &grid, err);
  if (status != JAC_OK)
    return status;
  grid.all_cols = blocks;
  set_labels(view, style, slice, &grid);
  for (size_t row = 0; row < grid.rows; row++)
    for (size_t col = 0; status == JAC_OK && col < grid.cols; col++) {
      size_t first = col * layout->block_cols;
      bool zero = jac_block_zero(view, slice, row, first);
      jac_buffer_clear(&text);
      if (zero)
        jac_buffer_add_char(&text, '0');
      else
        status = add_block(view, style, slice, row, first, &text, err);
      jac_grid_set(&grid, row + 1, col + 1, text.text, 0,
                   zero ? (unsigned)JAC_PAINT_FAINT
                        : JAC_PAINT_BLOCK + (unsigned)(col % 1000));
    }
  grid.text.failed = grid.text.failed || text.failed;
  if (status == JAC_OK)
    jac_grid_print(&grid, style, out);
  jac_buffer_free(&text);
  jac_grid_free(&grid);
  return status;
}
