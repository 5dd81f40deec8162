#include "visual/general.h"

#include "jacobian/text.h"
#include "visual/grid.h"
#include "visual/latex/dots.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shown whole up to here; the others have their first two and their last, blocks their
 * first and last, or so many before the dots (head). */
enum { WHOLE = 4, PLACES = 32 };

static void put(struct jac_axis *axis, size_t at, bool rule) {
  axis->rule[axis->count] = rule;
  axis->at[axis->count++] = at;
}

/* A run of size places from first on, with head of them before the dots. */
static void put_run(struct jac_axis *axis, size_t first, size_t size, size_t head,
                    bool rule) {
  for (size_t k = 0; k < size; k++)
    if (size <= WHOLE || k < head || k + 1 == size)
      put(axis, first + k, rule && k == 0);
    else if (k == head)
      put(axis, JAC_AXIS_DOTS, false);
}

/* first: how many runs, or places of the only one, before the dots. */
static enum jac_status make_axis(size_t size, size_t block, size_t head, size_t first,
                                 struct jac_axis *axis, struct jac_error *err) {
  bool ruled = block > 1 && block < size;
  size_t blocks = ruled ? size / block : 1;
  *axis = (struct jac_axis){.at = malloc(PLACES * sizeof *axis->at),
                            .rule = malloc(PLACES * sizeof *axis->rule)};
  if (axis->at == NULL || axis->rule == NULL) {
    jac_axis_free(axis);
    return jac_fail_memory(err);
  }
  if (!ruled)
    put_run(axis, 0, size, first, false);
  for (size_t k = 0; ruled && k < blocks; k++)
    if (blocks <= WHOLE || k < first || k + 1 == blocks)
      put_run(axis, k * block, block, head, k > 0);
    else if (k == first)
      put(axis, JAC_AXIS_DOTS, true);
  return JAC_OK;
}

enum jac_status jac_general_alloc(struct jac_general *g, size_t rows, size_t cols,
                                  struct jac_error *err) {
  *g = (struct jac_general){.rows = rows, .cols = cols};
  g->cell = calloc(rows * cols + 1, sizeof *g->cell);
  g->row_name = calloc(rows + 1, sizeof *g->row_name);
  g->col_name = calloc(cols + 1, sizeof *g->col_name);
  g->row_rule = calloc(rows + 1, sizeof *g->row_rule);
  g->col_rule = calloc(cols + 1, sizeof *g->col_rule);
  if (g->cell != NULL && g->row_name != NULL && g->col_name != NULL &&
      g->row_rule != NULL && g->col_rule != NULL)
    return JAC_OK;
  jac_general_free(g);
  return jac_fail_memory(err);
}

void jac_general_free(struct jac_general *g) {
  for (size_t k = 0; g->cell != NULL && k < g->rows * g->cols; k++)
    free(g->cell[k]);
  for (size_t k = 0; g->row_name != NULL && k < g->rows; k++)
    free(g->row_name[k]);
  for (size_t k = 0; g->col_name != NULL && k < g->cols; k++)
    free(g->col_name[k]);
  free(g->cell);
  free(g->row_name);
  free(g->col_name);
  free(g->row_rule);
  free(g->col_rule);
  *g = (struct jac_general){0};
}

/* Takes a text with its words; frees it. */
static enum jac_status take(struct jac_buffer *text, const struct jac_words *words,
                            const char *spec, char **cell, struct jac_error *err) {
  struct jac_buffer named = JAC_BUFFER_INIT;
  bool all = !text->failed && jac_words_add(words, text->text, &named);
  bool failed = text->failed;
  jac_buffer_free(text);
  *cell = jac_buffer_take(&named);
  jac_buffer_free(&named);
  if (failed || *cell == NULL)
    return jac_fail_memory(err);
  return all ? JAC_OK
             : jac_fail(err, JAC_EREFUSED,
                        _("%s has no general form: a number in it depends on the sizes "
                          "in a way that has no word; give its sizes as numbers"),
                        spec);
}

/* The sign of dots in a terminal's text. */
static const char *sign(const char *latex, enum jac_notation notation) {
  static const char *const signs[][3] = {
      {"\\cdots", "⋯", "..."}, {"\\vdots", "⋮", ":"}, {"\\ddots", "⋱", "..."}};
  for (size_t k = 0; k < 3; k++)
    if (strcmp(latex, signs[k][0]) == 0)
      return signs[k][notation];
  return latex;
}

/* Whether it is a parameter's slices one under the other, which have the same places. */
static bool is_stacked(const struct jac_view *view) {
  const struct jac_layout *layout = &view->layout;
  return layout->form == JAC_FORM_FULL && !layout->map->coupled &&
         layout->map->var[layout->wrt].role == JAC_PARAMETER;
}

/* What stands at a place of dots; where rows or columns of the matrix itself go on in no
 * such way, dots would lie. */
static enum jac_status add_dots(const struct jac_view *view, const struct jac_dots *dots,
                                const struct jac_axis *row, const struct jac_axis *col,
                                size_t i, size_t j, enum jac_notation notation,
                                struct jac_buffer *text, struct jac_error *err) {
  bool slices = is_stacked(view) && row->at[i] == JAC_AXIS_DOTS && row->rule[i];
  const char *cell = slices ? "\\vdots" : jac_dots_cell(dots, row, col, i, j);
  bool corner = row->at[i] == JAC_AXIS_DOTS && col->at[j] == JAC_AXIS_DOTS;
  if (!corner && strcmp(cell, "\\ddots") == 0)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s has no general form in rows and columns with dots: give its "
                      "sizes as numbers"),
                    view->layout.map->spec);
  jac_buffer_add(text, sign(cell, notation));
  return JAC_OK;
}

static enum jac_status symbol(struct jac_view *view, struct jac_view_source *source,
                              size_t slice, size_t row, size_t col,
                              enum jac_notation notation, struct jac_buffer *text,
                              struct jac_error *err) {
  const struct jac_sheet_source *s = &source->source;
  if (s->zero(s->context, row, col)) {
    jac_buffer_add(text, "0");
    return JAC_OK;
  }
  if (notation == JAC_NOTATION_LATEX)
    return s->symbol(s->context, row, col, text, err);
  if (s->cols != view->layout.cols) {
    if (!jac_block_sample(view, notation, slice, row, col * view->layout.block_cols,
                          text))
      return jac_fail(err, JAC_EREFUSED,
                      _("%s has no reduced form with a name: take --form matrix"),
                      view->layout.map->spec);
    return JAC_OK;
  }
  return jac_view_symbol(view, slice, row, col, notation, text, err);
}

/* Long: the cells in order, dots or symbols, then the labels. */
static enum jac_status fill(struct jac_view *view, const struct jac_words *words,
                            size_t slice, enum jac_notation notation,
                            struct jac_view_source *source, const struct jac_axis *row,
                            const struct jac_axis *col, struct jac_general *g,
                            struct jac_error *err) {
  const struct jac_sheet_source *s = &source->source;
  struct jac_dots dots = {s->rows, s->cols, s->block_cols, s->context, s->zero, 4000000};
  enum jac_status status = jac_general_alloc(g, row->count, col->count, err);
  for (size_t i = 0; i < row->count && status == JAC_OK; i++)
    for (size_t j = 0; j < col->count && status == JAC_OK; j++) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      bool hidden = row->at[i] == JAC_AXIS_DOTS || col->at[j] == JAC_AXIS_DOTS;
      status = hidden ? add_dots(view, &dots, row, col, i, j, notation, &text, err)
                      : symbol(view, source, slice, row->at[i], col->at[j], notation,
                               &text, err);
      if (status == JAC_OK)
        status =
            take(&text, words, view->layout.map->spec, &g->cell[i * g->cols + j], err);
      jac_buffer_free(&text);
    }
  for (size_t i = 0; i < row->count && status == JAC_OK; i++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    if (row->at[i] != JAC_AXIS_DOTS)
      jac_view_row_label(view, notation, slice, row->at[i], &text);
    g->row_rule[i] = row->rule[i];
    status = take(&text, words, view->layout.map->spec, &g->row_name[i], err);
  }
  for (size_t j = 0; j < col->count && status == JAC_OK; j++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    if (col->at[j] != JAC_AXIS_DOTS && s->cols == view->layout.cols)
      jac_view_col_label(view, notation, slice, col->at[j], &text);
    else if (col->at[j] != JAC_AXIS_DOTS && notation == JAC_NOTATION_LATEX)
      s->col_label(s->context, col->at[j], &text);
    else if (col->at[j] != JAC_AXIS_DOTS)
      jac_buffer_printf(&text, "%s[:,%zu]", view->layout.map->var[view->layout.wrt].name,
                        col->at[j] + 1);
    g->col_rule[j] = col->rule[j];
    status = take(&text, words, view->layout.map->spec, &g->col_name[j], err);
  }
  return status;
}

/* Whether dots inside a block would stand for a walk through two indices at once, the
 * entries of a kernel one after the other: their ends would not say which. */
/* Long: columns, then rows, which have other indices. */
static bool winds(const struct jac_view *view, size_t slice, const struct jac_axis *row,
                  const struct jac_axis *col, bool blocks) {
  const struct jac_layout *layout = &view->layout;
  size_t ndim = layout->map->var[layout->wrt].ndim, channels = layout->map->channels;
  size_t input = layout->map->var[layout->wrt].channels;
  for (size_t j = 0; j < col->count && !blocks; j++) {
    size_t from[3] = {0}, to[3] = {0}, changed = 0;
    if (col->at[j] != JAC_AXIS_DOTS || col->rule[j])
      continue;
    jac_layout_variable(layout, slice, col->at[j - 1], from);
    jac_layout_variable(layout, slice, col->at[j + 1], to);
    for (size_t k = 0; k < ndim; k++)
      changed += from[k] != to[k];
    if (changed > 1 || (input > 1 && from[1] / input != to[1] / input &&
                        from[1] % input != to[1] % input))
      return true;
  }
  for (size_t i = 0; i < row->count && channels > 1; i++) {
    size_t sample, from, to;
    if (row->at[i] != JAC_AXIS_DOTS || row->rule[i])
      continue;
    jac_layout_output(layout, slice, row->at[i - 1], &sample, &from);
    jac_layout_output(layout, slice, row->at[i + 1], &sample, &to);
    if (from / channels != to / channels && from % channels != to % channels)
      return true;
  }
  return false;
}

enum jac_status jac_general_new(struct jac_view *view, const struct jac_words *words,
                                size_t slice, bool narrow, enum jac_notation notation,
                                struct jac_general *g, struct jac_error *err) {
  struct jac_view_source source;
  struct jac_axis row = {0}, col = {0};
  *g = (struct jac_general){0};
  jac_view_source(view, slice, false, &source);
  source.shown = WHOLE;
  enum jac_status status =
      view->pattern.kind == JAC_PATTERN_SPARSE && words->count > 0
          ? jac_fail(err, JAC_EREFUSED,
                     _("%s has no general form in rows and columns with dots: give its "
                       "sizes as numbers"),
                     view->layout.map->spec)
          : make_axis(source.source.rows, source.source.block_rows,
                      is_stacked(view) && !narrow ? 2 : 1, narrow ? 1 : 2, &row, err);
  if (status == JAC_OK)
    status = make_axis(source.source.cols, source.source.block_cols, 1, narrow ? 1 : 2,
                       &col, err);
  if (status == JAC_OK &&
      winds(view, slice, &row, &col, source.source.cols != view->layout.cols))
    status = jac_fail(err, JAC_EREFUSED,
                      _("%s has no general form in rows and columns with dots: give its "
                        "sizes as numbers"),
                      view->layout.map->spec);
  if (status == JAC_OK)
    status = fill(view, words, slice, notation, &source, &row, &col, g, err);
  jac_axis_free(&row);
  jac_axis_free(&col);
  if (status != JAC_OK)
    jac_general_free(g);
  return status;
}

size_t jac_general_slices(const struct jac_view *view, size_t slice[4]) {
  size_t slices = view->layout.slices, count = 0;
  for (size_t k = 0; k < slices && slices <= WHOLE; k++)
    slice[count++] = k;
  if (count == 0) {
    slice[count++] = 0;
    slice[count++] = JAC_INDEX_ANY;
    slice[count++] = slices - 1;
  }
  return count;
}

/* One entry of a matrix that has the same rule everywhere. */
struct dense {
  const struct jac_map *map;
  const struct jac_variable *variable; /* or NULL: the outputs */
  bool named;
};

static enum jac_status dense_entry(const struct dense *d, size_t row, size_t col,
                                   enum jac_notation notation, struct jac_buffer *text,
                                   struct jac_error *err) {
  size_t at[2] = {row, col};
  if (d->variable != NULL)
    jac_label_entry(d->variable, notation, d->variable->ndim == 1 ? at + 1 : at, text);
  else if (d->named)
    jac_label_output(d->map, notation, row, col, text);
  else
    return jac_output_add(d->map, row, col, notation, text, err);
  return JAC_OK;
}

static enum jac_status make_dense(const struct dense *d, size_t rows, size_t cols,
                                  const struct jac_words *words,
                                  enum jac_notation notation, struct jac_general *g,
                                  struct jac_error *err) {
  struct jac_axis row = {0}, col = {0};
  *g = (struct jac_general){0};
  enum jac_status status = make_axis(rows, 0, 1, 2, &row, err);
  if (status == JAC_OK) /* gates, and states, stand side by side */
    status =
        make_axis(cols, words->count > 0 ? jac_words_part(cols) : 0, 1, 2, &col, err);
  if (status == JAC_OK)
    status = jac_general_alloc(g, row.count, col.count, err);
  for (size_t k = 0; status == JAC_OK && k < g->rows * g->cols; k++) {
    size_t i = row.at[k / g->cols], j = col.at[k % g->cols];
    struct jac_buffer text = JAC_BUFFER_INIT;
    if (i == JAC_AXIS_DOTS || j == JAC_AXIS_DOTS)
      jac_buffer_add(&text,
                     sign(i != j ? i == JAC_AXIS_DOTS ? "\\vdots" : "\\cdots" : "\\ddots",
                          notation));
    else
      status = dense_entry(d, i, j, notation, &text, err);
    g->col_rule[k % g->cols] = col.rule[k % g->cols];
    if (status == JAC_OK)
      status = take(&text, words, d->map->spec, &g->cell[k], err);
    jac_buffer_free(&text);
  }
  jac_axis_free(&row);
  jac_axis_free(&col);
  if (status != JAC_OK)
    jac_general_free(g);
  return status;
}

enum jac_status jac_general_forward(const struct jac_map *map,
                                    const struct jac_words *words, bool named,
                                    enum jac_notation notation, struct jac_general *g,
                                    struct jac_error *err) {
  struct dense d = {map, NULL, named};
  return make_dense(&d, map->rows, map->cols, words, notation, g, err);
}

enum jac_status jac_general_variable(const struct jac_map *map, size_t v,
                                     const struct jac_words *words,
                                     enum jac_notation notation, struct jac_general *g,
                                     struct jac_error *err) {
  struct dense d = {map, &map->var[v], false};
  size_t rows, cols;
  jac_variable_storage(&map->var[v], &rows, &cols);
  return make_dense(&d, rows, cols, words, notation, g, err);
}

void jac_general_latex(const struct jac_general *g, bool square, struct jac_buffer *out) {
  bool ruled = g->cols > 10;
  for (size_t j = 0; j < g->cols; j++)
    ruled = ruled || g->col_rule[j];
  const char *kind = square ? "bmatrix" : "pmatrix";
  if (!ruled)
    jac_buffer_printf(out, "\\begin{%s}\n", kind);
  else {
    jac_buffer_printf(out, "\\left%s\\begin{array}{", square ? "[" : "(");
    for (size_t j = 0; j < g->cols; j++)
      jac_buffer_add(out, g->col_rule[j] ? "|c" : "c");
    jac_buffer_add(out, "}\n");
  }
  for (size_t i = 0; i < g->rows; i++) {
    jac_buffer_add(out, g->row_rule[i] ? "  \\hline\n  " : "  ");
    for (size_t j = 0; j < g->cols; j++)
      jac_buffer_printf(out, "%s%s", j > 0 ? " & " : "", g->cell[i * g->cols + j]);
    jac_buffer_add(out, i + 1 < g->rows ? " \\\\\n" : "\n");
  }
  if (!ruled)
    jac_buffer_printf(out, "\\end{%s}", kind);
  else
    jac_buffer_printf(out, "\\end{array}\\right%s", square ? "]" : ")");
}

double jac_general_apart(const struct jac_general *g) {
  return g->cols > 6 ? 3.0 : 5.0;
}

struct jac_latex_extent jac_general_extent(const struct jac_general *g) {
  const double tight = JAC_GENERAL_TIGHT;
  struct jac_latex_extent whole = {14.0, 14.0, 14.0};
  for (size_t j = 0; j < g->cols; j++) {
    struct jac_latex_extent most = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < g->rows; i++) {
      struct jac_latex_extent cell = jac_latex_extent(g->cell[i * g->cols + j]);
      most.width = fmax(most.width, cell.width);
      most.tiny = fmax(most.tiny, cell.tiny);
    }
    whole.width += most.width + 2.0 * jac_general_apart(g);
    whole.tiny += most.tiny + 2.0 * jac_general_apart(g);
    whole.least += most.tiny + 2.0 * tight;
  }
  return whole;
}

enum jac_status jac_general_text(const struct jac_general *g,
                                 const struct jac_style *style, struct jac_buffer *out,
                                 struct jac_error *err) {
  struct jac_grid grid;
  enum jac_status status = jac_grid_alloc(g->rows, g->cols, JAC_ALIGN_CENTER, &grid, err);
  if (status != JAC_OK)
    return status;
  for (size_t i = 0; i < g->rows; i++) {
    jac_grid_set(&grid, i + 1, 0, g->row_name[i] != NULL ? g->row_name[i] : "", 0,
                 JAC_PAINT_TITLE);
    grid.rule_row[i + 1] = g->row_rule[i];
    for (size_t j = 0; j < g->cols; j++) {
      const char *cell = g->cell[i * g->cols + j];
      jac_grid_set(&grid, i + 1, j + 1, cell, 0,
                   strcmp(cell, "0") == 0 ? JAC_PAINT_FAINT : JAC_PAINT_PLAIN);
    }
  }
  for (size_t j = 0; j < g->cols; j++) {
    jac_grid_set(&grid, 0, j + 1, g->col_name[j] != NULL ? g->col_name[j] : "", 0,
                 JAC_PAINT_TITLE);
    grid.rule_col[j + 1] = g->col_rule[j];
  }
  jac_grid_print(&grid, style, out);
  jac_grid_free(&grid);
  return jac_buffer_status(out, err);
}
