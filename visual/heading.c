/* The text view's heading: which function, which variable, which shape, which convention,
 * at which point. */
#include "jacobian/text.h"
#include "visual/grid.h"
#include "visual/number.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <stdio.h>
#include <string.h>

void jac_text_wrap(const struct jac_style *style, const char *text,
                   struct jac_buffer *out) {
  size_t used = 0;
  for (const char *word = text; *word != '\0';) {
    size_t length = strcspn(word, " "), width = 0;
    for (size_t k = 0; k < length; k++)
      width += ((unsigned char)word[k] & 0xC0) != 0x80;
    if (used == 0)
      jac_buffer_add(out, "  ");
    else if (style->width > 0 && used + 1 + width > style->width) {
      jac_buffer_add(out, "\n    ");
      used = 2;
    } else
      jac_buffer_add_char(out, ' ');
    used += (used == 0 ? 2 : used == 2 ? 2 : 1) + width;
    jac_buffer_add_bytes(out, word, length);
    word += length + (word[length] == ' ');
  }
  jac_buffer_add_char(out, '\n');
}

/* "2 x 6", with the sign of multiplication where there is one. */
static void add_shape(const struct jac_style *style, size_t ndim, const size_t *dims,
                      struct jac_buffer *out) {
  for (size_t k = 0; k < ndim; k++)
    jac_buffer_printf(out, "%s%zu",
                      k == 0           ? ""
                      : style->unicode ? " × "
                                       : " x ",
                      dims[k]);
}

static void add_columns(const struct jac_view *view, struct jac_buffer *line) {
  const struct jac_layout *layout = &view->layout;
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  bool f = layout->order == JAC_ORDER_F;
  if (var->role != JAC_PARAMETER || var->ndim < 2)
    jac_buffer_printf(line, _("columns are entries of %s"), var->name);
  else if (layout->form == JAC_FORM_REDUCED)
    jac_buffer_printf(line, _("columns of blocks are columns of %s"), var->name);
  else if (var->ndim == 2)
    jac_buffer_printf(line,
                      f ? _("columns are entries of %s, column by column (order F)")
                        : _("columns are entries of %s, row by row (order C)"),
                      var->name);
  else
    jac_buffer_printf(line,
                      f ? _("columns are entries of %s, first index fastest (order F)")
                        : _("columns are entries of %s, last index fastest (order C)"),
                      var->name);
}

static void add_form(const struct jac_view *view, const struct jac_style *style,
                     struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  struct jac_buffer line = JAC_BUFFER_INIT, shape = JAC_BUFFER_INIT;
  if (layout->form == JAC_FORM_REDUCED) {
    const size_t *dims = layout->dims + layout->ndim - 3, block[2] = {1, dims[2]};
    add_shape(style, 2, dims, &shape);
    jac_buffer_printf(&line, _("reduced form, %s blocks of "), shape.text);
    add_shape(style, 2, block, &line);
    jac_buffer_add(&line, _(": "));
  } else {
    add_shape(style, layout->ndim, layout->dims, &shape);
    jac_buffer_printf(&line,
                      layout->form == JAC_FORM_MATRIX  ? _("matrix form, %s: ")
                      : layout->form == JAC_FORM_BATCH ? _("batch form, %s: ")
                                                       : _("full form, %s: "),
                      shape.text);
  }
  if (layout->form == JAC_FORM_BATCH)
    jac_buffer_add(&line, layout->map->of == NULL ? _("a slice per sample, ")
                                                  : _("a slice per output, "));
  if (layout->map->of != NULL)
    jac_buffer_printf(&line, _("rows are entries of %s, "),
                      layout->map->of->var[layout->map->of_wrt].name);
  else
    jac_buffer_add(&line, _("rows are outputs, "));
  add_columns(view, &line);
  jac_text_wrap(style, line.text, out);
  out->failed = out->failed || line.failed || shape.failed;
  jac_buffer_free(&line);
  jac_buffer_free(&shape);
}

/* The first numbers of a large variable. */
enum { WHOLE = 16, FIRST = 6 };

void jac_text_values(const struct jac_view *view, const struct jac_style *style, size_t v,
                     struct jac_buffer *line) {
  const struct jac_variable *var = &view->layout.map->var[v];
  const gsl_matrix *m = view->point[v];
  bool whole = m->size1 * m->size2 <= WHOLE && var->ndim < 3;
  jac_buffer_printf(line, whole ? "%s = " : _("%s of "), var->name);
  if (!whole) {
    add_shape(style, var->ndim, var->dims, line);
    jac_buffer_add(line, ": ");
  }
  size_t size = m->size1 * m->size2, shown = whole || size < FIRST ? size : FIRST;
  for (size_t k = 0; k < shown; k++) {
    size_t i = k / m->size2, j = k % m->size2;
    jac_buffer_add(line, j > 0 ? " " : i > 0 ? "; " : "");
    jac_number_add(line, gsl_matrix_get(m, i, j) + 0.0, view->precision); /* -0 is 0 */
  }
  jac_buffer_add(line, shown == size ? "" : style->unicode ? " …" : " ...");
}

static void add_point(const struct jac_view *view, const struct jac_style *style,
                      struct jac_buffer *out) {
  for (size_t v = 0; v < view->layout.map->nvar; v++) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_add(&line, v == 0 ? _("at ") : _("and "));
    jac_text_values(view, style, v, &line);
    jac_text_wrap(style, line.text, out);
    out->failed = out->failed || line.failed;
    jac_buffer_free(&line);
  }
}

/* One of the map's equations, if there is one, on lines of its own. */
static void add_equation(const struct jac_map *map, const char *equation,
                         const char *before, const struct jac_style *style,
                         struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_buffer_add(&line, before);
  if (equation != NULL &&
      jac_equation_add(map, equation, jac_style_notation(style), &line, NULL) == JAC_OK)
    jac_text_wrap(style, line.text, out);
  jac_buffer_free(&line);
}

/* What the definition names, and the entries where they are shown as symbols. */
static void add_where(const struct jac_view *view, bool symbols,
                      const struct jac_style *style, struct jac_buffer *out) {
  const struct jac_map *map = view->layout.map;
  const char *entry = map->var[view->layout.wrt].entry;
  struct jac_buffer line = JAC_BUFFER_INIT;
  if (map->where == NULL || map->definition == NULL || (symbols && entry == NULL)) {
    add_equation(map, map->where, _("where "), style, out);
    return;
  }
  if (jac_explanation_add(map, symbols ? entry : NULL, jac_style_notation(style), &line,
                          NULL) == JAC_OK &&
      line.length > 0) {
    struct jac_buffer whole = JAC_BUFFER_INIT;
    jac_buffer_printf(&whole, "%s%s", _("where "), line.text);
    jac_text_wrap(style, whole.text, out);
    out->failed = out->failed || whole.failed;
    jac_buffer_free(&whole);
  }
  jac_buffer_free(&line);
}

void jac_text_where(const struct jac_view *view, const struct jac_style *style,
                    struct jac_buffer *out) {
  const struct jac_map *map = view->layout.map;
  struct jac_buffer line = JAC_BUFFER_INIT, whole = JAC_BUFFER_INIT;
  struct jac_error quiet;
  if ((map->where != NULL || map->shown_where != NULL) &&
      jac_where_add(map, map->var[view->layout.wrt].entry, jac_style_notation(style),
                    &line, &quiet) == JAC_OK &&
      line.length > 0) {
    jac_buffer_printf(&whole, "%s%s", _("where "), line.text);
    jac_text_wrap(style, whole.failed ? "" : whole.text, out);
  }
  out->failed = out->failed || line.failed || whole.failed;
  jac_buffer_free(&line);
  jac_buffer_free(&whole);
}

/* The whole as matrices, where it has such a form. */
static void add_closed(const struct jac_view *view, const struct jac_style *style,
                       struct jac_buffer *out) {
  struct jac_entry_writer *writer = view->layout.map->var[view->layout.wrt].writer;
  struct jac_buffer line = JAC_BUFFER_INIT;
  if (writer != NULL && writer->closed(writer, jac_style_notation(style), &line))
    jac_text_wrap(style, line.text, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}

/* What is known of second derivatives: whether they are by differences, and symmetric. */
static void add_second(const struct jac_view *view, const struct jac_style *style,
                       struct jac_buffer *out) {
  const struct jac_map *map = view->layout.map;
  if (map->of == NULL)
    return;
  if (map->of_wrt == view->layout.wrt)
    jac_text_wrap(style,
                  map->rows == 1
                      ? _("symmetric: the order of two derivatives does not matter "
                          "where they are continuous")
                      : _("each slice is symmetric: the order of two derivatives does "
                          "not matter where they are continuous"),
                  out);
  if (map->of_differences)
    jac_text_wrap(style,
                  _("by differences of fast products: its definition is no term of "
                    "matrices here"),
                  out);
}

void jac_text_heading(const struct jac_view *view, const struct jac_style *style,
                      struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  const struct jac_map *map = layout->map;
  struct jac_buffer line = JAC_BUFFER_INIT;
  char wrt[JAC_WRT_SIZE];
  jac_buffer_printf(&line,
                    map->of == NULL ? _("Jacobian of %s with respect to %s")
                                    : _("Second derivatives of %s with respect to %s"),
                    map->spec, jac_map_wrt(map, layout->wrt, wrt));
  jac_paint_add(style, JAC_PAINT_TITLE, line.text, out);
  jac_buffer_add_char(out, '\n');
  add_equation(map, jac_map_shown(map), "", style, out);
  bool symbols =
      view->entries != JAC_ENTRIES_NUMBERS && view->entries != JAC_ENTRIES_STRUCTURE;
  if (map->shown == NULL)
    add_where(view, symbols, style, out);
  else if (symbols)
    add_equation(map, map->shown_where, _("where "), style, out);
  if (map->note != NULL)
    jac_text_wrap(style, _(map->note), out);
  add_closed(view, style, out);
  add_form(view, style, out);
  add_second(view, style, out);
  if (view->point != NULL &&
      (view->entries == JAC_ENTRIES_NUMBERS || view->entries == JAC_ENTRIES_BOTH))
    add_point(view, style, out);
  out->failed = out->failed || line.failed;
  jac_buffer_free(&line);
}
