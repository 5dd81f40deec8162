/* A Jacobian as one display: left side, matrices, what the entries name. */
#include "jacobian/text.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 3, TALL = 30 };

/* How tightly a display is set. */
struct setting {
  double sep, scale;
  const char *size; /* "" or a size command */
};

static const struct setting settings[] = {
    {5.0, 1.0, ""}, {3.0, 1.0, ""}, {3.0, 0.9, "\\small"}, {3.0, 0.8, "\\footnotesize"}};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* One slice: its matrix, or symbols and numbers. */
struct panel {
  struct jac_view_source source[2];
  struct jac_sheet sheet[2];
};

struct display {
  struct jac_view *view;
  struct jac_axis slices; /* which are written */
  struct panel *panel;    /* one for each of slices; owned */
  size_t kinds;           /* matrices in each */
  struct jac_buffer left;
  const struct setting *setting;
  bool one_line;
  double width; /* of the whole, in points */
};

static void free_panels(struct display *d) {
  for (size_t k = 0; d->panel != NULL && k < d->slices.count; k++)
    for (size_t m = 0; m < d->kinds; m++)
      jac_sheet_free(&d->panel[k].sheet[m]);
  free(d->panel);
  d->panel = NULL;
}

static void display_free(struct display *d) {
  free_panels(d);
  jac_axis_free(&d->slices);
  jac_buffer_free(&d->left);
}

static enum jac_status make_panels(struct display *d, size_t rows, size_t cols,
                                   struct jac_error *err) {
  enum jac_status status = JAC_OK;
  bool both = d->kinds > 1;
  free_panels(d);
  d->panel = calloc(d->slices.count, sizeof *d->panel);
  if (d->panel == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < d->slices.count; k++)
    for (size_t m = 0;
         m < d->kinds && d->slices.at[k] != JAC_AXIS_DOTS && status == JAC_OK; m++) {
      bool numbers = both ? m == 1 : d->view->entries == JAC_ENTRIES_NUMBERS;
      struct jac_view_source *source = &d->panel[k].source[m];
      jac_view_source(d->view, d->slices.at[k], numbers, source);
      status = jac_sheet_make(&source->source, jac_view_kind(d->view, numbers),
                              d->view->precision, rows, cols, &d->panel[k].sheet[m], err);
    }
  return status;
}

/* The label of a slice behind the left side takes room too. */
static double left_width(const struct display *d) {
  return jac_latex_width(d->left.text) + (d->slices.count > 1 ? 25.0 : 0.0) + 13.0;
}

/* The widest line when each matrix has its own, or the one line that holds all. */
static double width_of(const struct display *d, const struct setting *setting,
                       bool one_line) {
  double widest = 0.0, sum = 0.0;
  for (size_t k = 0; k < d->slices.count; k++)
    for (size_t m = 0; m < d->kinds; m++) {
      if (d->slices.at[k] == JAC_AXIS_DOTS)
        continue;
      double width = jac_sheet_width(&d->panel[k].sheet[m], setting->sep);
      sum += width + (m == 0 ? left_width(d) + 20.0 : 13.0);
      widest = fmax(widest, left_width(d) + width);
    }
  return (one_line ? sum - 20.0 : widest) * setting->scale;
}

/* The loosest setting in which it fits; false: in none. */
static bool settle(struct display *d, size_t tightest) {
  for (size_t k = 0; k <= tightest; k++)
    for (int one = 1; one >= 0; one--) {
      d->setting = &settings[k];
      d->one_line = one == 1;
      d->width = width_of(d, d->setting, d->one_line);
      if (d->width <= JAC_LATEX_LINE && !(one == 1 && k > 1 && d->slices.count > 1))
        return true;
    }
  return false;
}

/* Whether with fewer columns blocks would no longer be seen. */
static bool blocks_end(const struct display *d, size_t cols) {
  const struct jac_sheet *sheet = &d->panel->sheet[0];
  return jac_axis_ruled(&sheet->col) &&
         !jac_axis_shows_blocks(sheet->source->cols, sheet->source->block_cols, cols - 1);
}

/* Long: one search over widths. */
static enum jac_status display_make(struct jac_view *view, size_t elide,
                                    struct display *d, struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  bool fit = elide == JAC_ELIDE_FIT;
  size_t most = jac_latex_most(layout->cols, elide), rows = layout->rows;
  size_t high = jac_latex_most(layout->rows, elide);
  *d = (struct display){.view = view,
                        .kinds = view->entries == JAC_ENTRIES_BOTH ? 2 : 1,
                        .left = JAC_BUFFER_INIT};
  jac_latex_left(layout->map, layout->wrt, &d->left);
  rows = d->kinds * (rows < high ? rows : high);
  size_t slices = elide == JAC_ELIDE_NEVER ? elide : rows < TALL / 3 ? TALL / rows : 3;
  enum jac_status status = jac_axis_make(layout->slices, 0, slices, 0, &d->slices, err);
  for (size_t cols = layout->cols < most ? layout->cols : most; status == JAC_OK;
       cols--) {
    status = make_panels(d, high, cols, err);
    /* Smaller letters are for what can be shown whole. */
    bool whole = cols >= layout->cols || cols <= LEAST || !fit || blocks_end(d, cols);
    if (status == JAC_OK &&
        (settle(d, whole ? SETTINGS - 1 : 1) || !fit || cols <= LEAST))
      break;
  }
  return status == JAC_OK ? jac_buffer_status(&d->left, err) : status;
}

/* J|_{n=1} = matrix = matrix. */
static void add_panel(const struct display *d, size_t k, const char *align,
                      struct jac_buffer *out) {
  if (d->slices.at[k] == JAC_AXIS_DOTS) {
    jac_buffer_printf(out, "%s\\vdots", align);
    return;
  }
  jac_buffer_add(out, d->left.text);
  if (d->view->layout.slices > 1)
    jac_buffer_printf(out, "\\big|_{n=%zu}", d->slices.at[k] + 1);
  for (size_t m = 0; m < d->kinds; m++) {
    bool apart = m > 0 && !d->one_line;
    jac_buffer_printf(out, "%s%s= ", apart ? " \\\\[1ex]\n" : " ",
                      m == 0 || apart ? align : "");
    jac_sheet_matrix(&d->panel[k].sheet[m], out);
  }
}

enum jac_status jac_latex_where(const struct jac_view *view, const char *first,
                                struct jac_buffer *out, struct jac_error *err) {
  const struct jac_map *map = view->layout.map;
  bool symbols =
      view->entries == JAC_ENTRIES_SYMBOLS || view->entries == JAC_ENTRIES_BOTH;
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (map->where == NULL || !symbols)
    return JAC_OK;
  enum jac_status status = jac_where_add(map, JAC_NOTATION_LATEX, &text, err);
  const char *at = text.text;
  for (bool begun = false; status == JAC_OK && *at != '\0'; begun = true) {
    const char *end = strstr(at, "; ");
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    jac_buffer_add(out, begun ? " \\\\[1ex]\n" : first);
    jac_buffer_printf(
        out, begun ? "&\\hphantom{\\text{%s}}\\quad " : "&\\text{%s}\\quad ", _("where"));
    jac_buffer_add_bytes(out, at, length);
    at += length + (end != NULL ? 2 : 0);
  }
  jac_buffer_free(&text);
  return status;
}

/* Slices beside each other on one line, or each equals sign under the one before. */
static enum jac_status add_body(const struct display *d, struct jac_buffer *out,
                                struct jac_error *err) {
  bool beside = d->one_line && d->slices.count > 1;
  struct jac_buffer where = JAC_BUFFER_INIT;
  enum jac_status status = jac_latex_where(d->view, " \\\\[1ex]\n", &where, err);
  bool aligned = where.length > 0 || !d->one_line;
  jac_buffer_add(out, aligned ? "\\begin{aligned}\n" : "");
  for (size_t k = 0; k < d->slices.count; k++) {
    if (k > 0)
      jac_buffer_add(out, beside ? ",\\qquad\n" : " \\\\[1ex]\n");
    add_panel(d, k, aligned && (k == 0 || !beside) ? "&" : "", out);
  }
  jac_buffer_add(out, where.text);
  jac_buffer_add(out, aligned ? "\n\\end{aligned}" : "");
  out->failed = out->failed || where.failed;
  jac_buffer_free(&where);
  return status;
}

enum jac_status jac_latex_fragment(struct jac_view *view, size_t elide,
                                   struct jac_buffer *out, struct jac_error *err) {
  struct display d;
  enum jac_status status = display_make(view, elide, &d, err);
  if (status == JAC_OK) {
    bool resized = d.setting->size[0] != '\0';
    if (resized)
      jac_buffer_printf(out, "\\begingroup%s\n", d.setting->size);
    jac_buffer_add(out, "\\[\n");
    if (d.setting->sep < 5.0)
      jac_buffer_printf(out, "\\setlength{\\arraycolsep}{%gpt}\n", d.setting->sep);
    if (d.view->entries != JAC_ENTRIES_NUMBERS || jac_axis_ruled(&d.panel->sheet->row))
      jac_buffer_add(out, "\\renewcommand{\\arraystretch}{1.2}\n");
    status = add_body(&d, out, err);
    jac_buffer_printf(out, "\n\\]\n%s", resized ? "\\endgroup\n" : "");
  }
  display_free(&d);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_latex_math(struct jac_view *view, size_t elide,
                               struct jac_buffer *out, struct jac_error *err) {
  struct display d;
  enum jac_status status = display_make(view, elide, &d, err);
  if (status == JAC_OK)
    status = add_body(&d, out, err);
  display_free(&d);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
