/* The structure as text: a mark for what can be non-zero. Small ones are a table with
 * labels, large ones a picture, of which a mark may stand for several entries. */
#include "jacobian/text.h"
#include "visual/grid.h"
#include "visual/text.h"

enum mark { ALWAYS_ZERO, ZERO_HERE, NON_ZERO };

static const char *mark_text(const struct jac_style *style, enum mark mark) {
  static const char *const unicode[] = {"·", "□", "■"}, *const ascii[] = {".", "0", "#"};
  return style->unicode ? unicode[mark] : ascii[mark];
}

static enum mark entry_mark(struct jac_view *view, size_t row, size_t col) {
  if (jac_view_zero(view, 0, row, col))
    return ALWAYS_ZERO;
  if (view->native == NULL)
    return NON_ZERO;
  for (size_t s = 0; s < view->layout.slices; s++)
    if (jac_view_value(view, s, row, col) != 0.0)
      return NON_ZERO;
  return ZERO_HERE;
}

/* How many entries of a row, or rows, a mark stands for. */
struct scale {
  size_t rows, cols;
};

/* The most that the entries behind one mark are. */
static enum mark area_mark(struct jac_view *view, size_t row, size_t col,
                           struct scale scale) {
  enum mark most = ALWAYS_ZERO;
  for (size_t i = row; i < row + scale.rows && i < view->layout.rows; i++)
    for (size_t j = col; j < col + scale.cols && j < view->layout.cols; j++) {
      enum mark mark = entry_mark(view, i, j);
      if (mark == NON_ZERO)
        return mark;
      most = mark > most ? mark : most;
    }
  return most;
}

/* So many to a mark that count of them take at most room. */
static size_t per_mark(size_t count, size_t room) {
  return count <= room ? 1 : (count + room - 1) / room;
}

static void add_picture(struct jac_view *view, const struct jac_style *style,
                        struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  size_t room = style->width == 0 ? 118 : style->width > 12 ? style->width - 2 : 10;
  struct scale scale = {per_mark(layout->rows, 48), per_mark(layout->cols, room)};
  for (size_t row = 0; row < layout->rows; row += scale.rows) {
    jac_buffer_add(out, "  ");
    for (size_t col = 0; col < layout->cols; col += scale.cols)
      jac_buffer_add(out, mark_text(style, area_mark(view, row, col, scale)));
    jac_buffer_add_char(out, '\n');
  }
  if (scale.rows > 1 || scale.cols > 1) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_printf(
        &line, _("a mark stands for %zu x %zu entries, not zero if one of them is"),
        scale.rows, scale.cols);
    jac_buffer_add_char(out, '\n');
    jac_text_wrap(style, line.text, out);
    jac_buffer_free(&line);
  }
}

/* Long: one walk over a table with its borders. */
static void set_table(struct jac_view *view, const struct jac_style *style,
                      struct jac_grid *grid) {
  const struct jac_layout *layout = &view->layout;
  struct jac_buffer label = JAC_BUFFER_INIT;
  size_t any = layout->slices > 1 && jac_view_own_columns(view) ? JAC_INDEX_ANY : 0;
  size_t any_row = layout->slices > 1 ? JAC_INDEX_ANY : 0;
  for (size_t row = 0; row <= grid->rows; row++)
    for (size_t col = 0; col <= grid->cols; col++) {
      enum mark mark;
      jac_buffer_clear(&label);
      if (row > 0 && col > 0) {
        mark = entry_mark(view, row - 1, col - 1);
        jac_grid_set(grid, row, col, mark_text(style, mark), 0,
                     mark == ALWAYS_ZERO ? JAC_PAINT_FAINT : JAC_PAINT_PLAIN);
        continue;
      }
      if (col > 0)
        jac_view_col_label(view, jac_style_notation(style), any, col - 1, &label);
      else if (row > 0)
        jac_view_row_label(view, jac_style_notation(style), any_row, row - 1, &label);
      jac_grid_set(grid, row, col, label.text, 0, JAC_PAINT_TITLE);
      if (col > 1)
        grid->rule_col[col] =
            layout->block_cols > 1 && (col - 1) % layout->block_cols == 0;
      if (row > 1)
        grid->rule_row[row] =
            layout->block_rows > 1 && (row - 1) % layout->block_rows == 0;
    }
  grid->text.failed = grid->text.failed || label.failed;
  jac_buffer_free(&label);
}

enum jac_status jac_text_structure(struct jac_view *view, const struct jac_style *style,
                                   struct jac_buffer *out, struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  struct jac_buffer line = JAC_BUFFER_INIT;
  bool table = layout->rows <= 40 && layout->cols <= 60;
  jac_buffer_add_char(out, '\n');
  if (layout->slices > 1) {
    jac_buffer_printf(&line,
                      layout->map->of == NULL ? _("each of the %zu samples")
                                              : _("each of the %zu outputs"),
                      layout->slices);
    jac_text_wrap(style, line.text, out);
    jac_buffer_add_char(out, '\n');
  }
  if (table) {
    struct jac_grid grid;
    enum jac_status status =
        jac_grid_alloc(layout->rows, layout->cols, JAC_ALIGN_CENTER, &grid, err);
    if (status != JAC_OK)
      return status;
    set_table(view, style, &grid);
    table = jac_grid_fits(&grid, style);
    if (table)
      jac_grid_print(&grid, style, out);
    jac_grid_free(&grid);
  }
  if (!table)
    add_picture(view, style, out);
  jac_buffer_clear(&line);
  jac_buffer_printf(&line, _("%s not zero   %s zero at these values   %s always zero"),
                    mark_text(style, NON_ZERO), mark_text(style, ZERO_HERE),
                    mark_text(style, ALWAYS_ZERO));
  jac_buffer_add_char(out, '\n');
  jac_text_wrap(style, line.text, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
  return JAC_OK;
}
