#include "visual/grid.h"

#include "jacobian/text.h"
#include "visual/label.h"

#include <stdlib.h>
#include <string.h>

struct jac_cell {
  size_t start;                 /* of its text in grid.text */
  unsigned short before, after; /* widths of the text around its point */
  unsigned paint;
};

/* The widths of one column: around the point, and as a whole. */
struct column {
  size_t before, after, width;
};

static const size_t indent = 2;

enum jac_status jac_grid_alloc(size_t rows, size_t cols, enum jac_align align,
                               struct jac_grid *grid, struct jac_error *err) {
  size_t count;
  *grid = (struct jac_grid){.rows = rows, .cols = cols, .all_cols = cols, .align = align};
  grid->text = (struct jac_buffer)JAC_BUFFER_INIT;
  if (__builtin_mul_overflow(rows + 1, cols + 1, &count))
    return jac_fail(err, JAC_ELIMIT, _("the table is too large to be set as text"));
  grid->cells = calloc(count, sizeof *grid->cells);
  grid->rule_row = calloc(rows + 1, sizeof(bool));
  grid->rule_col = calloc(cols + 1, sizeof(bool));
  jac_buffer_add_char(&grid->text, '\0');
  if (grid->cells != NULL && grid->rule_row != NULL && grid->rule_col != NULL)
    return JAC_OK;
  jac_grid_free(grid);
  return jac_fail_memory(err);
}

void jac_grid_free(struct jac_grid *grid) {
  free(grid->cells);
  free(grid->rule_row);
  free(grid->rule_col);
  jac_buffer_free(&grid->text);
  *grid = (struct jac_grid){.rows = 0};
  grid->text = (struct jac_buffer)JAC_BUFFER_INIT;
}

void jac_grid_set(struct jac_grid *grid, size_t row, size_t col, const char *text,
                  size_t point, unsigned paint) {
  struct jac_cell *cell = &grid->cells[row * (grid->cols + 1) + col];
  size_t width = jac_label_width(text);
  cell->start = grid->text.length;
  cell->before = (unsigned short)(point < width ? point : width);
  cell->after = (unsigned short)(width - cell->before);
  cell->paint = paint;
  jac_buffer_add(&grid->text, text);
  jac_buffer_add_char(&grid->text, '\0');
}

size_t jac_grid_point(const char *number) {
  return strcspn(number, ".e");
}

static const char *sgr(unsigned paint) {
  static const char *const blocks[] = {"36", "33", "35", "32", "34"};
  switch (paint) {
  case JAC_PAINT_PLAIN:
    return NULL;
  case JAC_PAINT_TITLE:
    return "1";
  case JAC_PAINT_FAINT:
    return "2";
  case JAC_PAINT_WRONG:
    return "1;31";
  default:
    return blocks[(paint - JAC_PAINT_BLOCK) % (sizeof blocks / sizeof blocks[0])];
  }
}

void jac_paint_add(const struct jac_style *style, unsigned paint, const char *text,
                   struct jac_buffer *out) {
  const char *code = style->color && *text != '\0' ? sgr(paint) : NULL;
  if (code != NULL)
    jac_buffer_printf(out, "\033[%sm", code);
  jac_buffer_add(out, text);
  if (code != NULL)
    jac_buffer_add(out, "\033[0m");
}

/* The lines of one part: columns first to last - 1. */
struct part {
  const struct jac_grid *grid;
  const struct jac_style *style;
  const struct column *column; /* [0]: the rows' labels */
  size_t first, last;
  struct jac_buffer *out;
};

static const struct jac_cell *cell_at(const struct jac_grid *grid, size_t row,
                                      size_t col) {
  return &grid->cells[row * (grid->cols + 1) + col];
}

static struct column measure(const struct jac_grid *grid, size_t col) {
  struct column column = {0, 0, 0};
  size_t label = 0;
  for (size_t row = 0; row <= grid->rows; row++) {
    const struct jac_cell *cell = cell_at(grid, row, col);
    size_t width = (size_t)cell->before + cell->after;
    if (row == 0 || col == 0 || grid->align != JAC_ALIGN_POINT)
      label = width > label ? width : label;
    else {
      column.before = cell->before > column.before ? cell->before : column.before;
      column.after = cell->after > column.after ? cell->after : column.after;
    }
  }
  column.width = column.before + column.after;
  if (label > column.width) {
    /* Numbers stand in the middle of a wide label. */
    column.before += (label - column.width + 1) / 2;
    column.width = label;
    column.after = label - column.before;
  }
  return column;
}

/* Blanks are owed until something follows them: no line ends in blanks. */
static void pay(struct part *part, size_t *owed) {
  for (; *owed > 0; (*owed)--)
    jac_buffer_add_char(part->out, ' ');
}

static void add_cell(struct part *part, size_t row, size_t col, size_t *owed) {
  const struct jac_grid *grid = part->grid;
  const struct jac_cell *cell = cell_at(grid, row, col);
  const struct column *column = &part->column[col];
  size_t width = (size_t)cell->before + cell->after, left;
  if (col == 0 || grid->align == JAC_ALIGN_LEFT)
    left = 0;
  else if (row == 0 || grid->align == JAC_ALIGN_CENTER)
    left = (column->width - width) / 2;
  else
    left = column->before - cell->before;
  *owed += left;
  if (width > 0) {
    pay(part, owed);
    jac_paint_add(part->style, cell->paint, grid->text.text + cell->start, part->out);
  }
  *owed += column->width - left - width;
}

static void add_line(struct part *part, size_t row) {
  size_t owed = indent;
  const char *bar = part->style->unicode ? "│" : "|";
  add_cell(part, row, 0, &owed);
  for (size_t col = part->first; col < part->last; col++) {
    if (part->grid->rule_col[col] && col > part->first) {
      owed += 1;
      pay(part, &owed);
      jac_paint_add(part->style, JAC_PAINT_FAINT, bar, part->out);
      owed += 1;
    } else
      owed += 2;
    add_cell(part, row, col, &owed);
  }
  jac_buffer_add_char(part->out, '\n');
}

/* A rule across, with a cross at every rule down. */
static void add_rule(struct part *part) {
  const char *dash = part->style->unicode ? "─" : "-";
  const char *cross = part->style->unicode ? "┼" : "+";
  struct jac_buffer line = JAC_BUFFER_INIT;
  for (size_t k = 0; k < part->column[0].width; k++)
    jac_buffer_add_char(&line, ' ');
  for (size_t col = part->first; col < part->last; col++) {
    bool rule = part->grid->rule_col[col] && col > part->first;
    jac_buffer_add(&line, col == part->first ? " " : dash);
    jac_buffer_add(&line, rule ? cross : dash);
    jac_buffer_add(&line, rule ? dash : "");
    for (size_t k = 0; k < part->column[col].width; k++)
      jac_buffer_add(&line, dash);
  }
  for (size_t k = 0; k < indent; k++)
    jac_buffer_add_char(part->out, ' ');
  jac_paint_add(part->style, JAC_PAINT_FAINT, line.text, part->out);
  jac_buffer_add_char(part->out, '\n');
  part->out->failed = part->out->failed || line.failed;
  jac_buffer_free(&line);
}

static void print_part(struct part *part, bool wrapped) {
  const struct jac_grid *grid = part->grid;
  if (wrapped) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    if (part->last - part->first == 1)
      jac_buffer_printf(&line, _("column %zu of %zu"), part->first, grid->all_cols);
    else
      jac_buffer_printf(&line, _("columns %zu-%zu of %zu"), part->first, part->last - 1,
                        grid->all_cols);
    jac_buffer_add(part->out, "  ");
    jac_paint_add(part->style, JAC_PAINT_FAINT, line.text, part->out);
    jac_buffer_add_char(part->out, '\n');
    part->out->failed = part->out->failed || line.failed;
    jac_buffer_free(&line);
  }
  for (size_t row = 0; row <= grid->rows; row++) {
    if (row > 1 && grid->rule_row[row])
      add_rule(part);
    add_line(part, row);
  }
}

/* How many columns fit behind first: up to the last rule that fits, if there is one. */
static size_t fitting(const struct jac_grid *grid, const struct column *column,
                      size_t width, size_t first) {
  size_t used = indent + column[0].width, last = first, rule = 0;
  for (; last <= grid->cols; last++) {
    used += column[last].width + (grid->rule_col[last] && last > first ? 3 : 2);
    if (width > 0 && used > width && last > first)
      break;
    if (last > first && grid->rule_col[last])
      rule = last;
  }
  if (last <= grid->cols && grid->rule_col[last])
    return last;
  return last <= grid->cols && rule > first ? rule : last;
}

/* Behind which column it ends: the first few parts stand for many. */
static size_t last_column(const struct jac_grid *grid, const struct column *column,
                          const struct jac_style *style) {
  size_t count = 0, first = 1, kept = grid->cols;
  while (first <= grid->cols) {
    first = fitting(grid, column, style->width, first);
    if (++count == style->parts)
      kept = first - 1;
  }
  return style->parts > 0 && count > style->parts + 1 ? kept : grid->cols;
}

size_t jac_grid_print(const struct jac_grid *grid, const struct jac_style *style,
                      struct jac_buffer *out) {
  struct column *column = calloc(grid->cols + 1, sizeof *column);
  if (column == NULL || grid->text.failed) {
    free(column);
    out->failed = true;
    return 0;
  }
  for (size_t col = 0; col <= grid->cols; col++)
    column[col] = measure(grid, col);
  size_t shown = last_column(grid, column, style);
  struct part part = {grid, style, column, 1, 1, out};
  while (part.first <= shown) {
    part.last = fitting(grid, column, style->width, part.first);
    bool wrapped = part.first > 1 || part.last <= grid->cols;
    if (part.first > 1)
      jac_buffer_add_char(out, '\n');
    print_part(&part, wrapped);
    part.first = part.last;
  }
  free(column);
  return shown;
}

bool jac_grid_fits(const struct jac_grid *grid, const struct jac_style *style) {
  size_t used = indent + measure(grid, 0).width;
  for (size_t col = 1; col <= grid->cols; col++)
    used += measure(grid, col).width + (grid->rule_col[col] && col > 1 ? 3 : 2);
  return style->width == 0 || used <= style->width;
}
