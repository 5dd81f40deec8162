/* A Jacobian as one display: left side, matrices, what the entries name. */
#include "jacobian/text.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 3, TALL = 30 };

/* How tightly a display is set. */
struct setting {
  double sep, scale;
  const char *size; /* "" or a size command */
};

static const struct setting settings[] = {{5.0, 1.0, ""},
                                          {3.0, 1.0, ""},
                                          {3.0, 0.93, "\\small"},
                                          {3.0, 0.86, "\\footnotesize"},
                                          {2.0, 0.79, "\\scriptsize"},
                                          {2.0, 0.66, "\\tiny"}};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* One slice: its matrix, or symbols and numbers. */
struct panel {
  struct jac_view_source source[2];
  struct jac_sheet sheet[2];
  struct jac_buffer names; /* a line for each entry that has a name; owned */
};

struct display {
  struct jac_view *view;
  const struct jac_latex *options;
  struct jac_axis slices; /* which are written */
  struct panel *panel;    /* one for each of slices; owned */
  size_t kinds;           /* matrices in each */
  struct jac_buffer left, where;
  const struct setting *setting;
  size_t tightest; /* of the settings */
  bool one_line;
  bool named;   /* entries are too long for a matrix: J_{1,2}, and lines that say it */
  double width; /* of the whole, in points */
};

static void free_panels(struct display *d) {
  for (size_t k = 0; d->panel != NULL && k < d->slices.count; k++) {
    for (size_t m = 0; m < d->kinds; m++)
      jac_sheet_free(&d->panel[k].sheet[m]);
    jac_buffer_free(&d->panel[k].names);
  }
  free(d->panel);
  d->panel = NULL;
}

static void display_free(struct display *d) {
  free_panels(d);
  jac_axis_free(&d->slices);
  jac_buffer_free(&d->left);
  jac_buffer_free(&d->where);
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
    d->panel[k].names = (struct jac_buffer)JAC_BUFFER_INIT;
  for (size_t k = 0; k < d->slices.count; k++) {
    for (size_t m = 0;
         m < d->kinds && d->slices.at[k] != JAC_AXIS_DOTS && status == JAC_OK; m++) {
      bool numbers = both ? m == 1 : d->view->entries == JAC_ENTRIES_NUMBERS;
      struct jac_view_source *source = &d->panel[k].source[m];
      jac_view_source(d->view, d->slices.at[k], numbers, source);
      source->named = d->named;
      enum jac_sheet_kind kind = jac_view_kind(d->view, numbers);
      struct jac_sheet *sheet = &d->panel[k].sheet[m];
      status = m == 0 ? jac_sheet_make(&source->source, kind, d->view->precision, rows,
                                       cols, sheet, err)
                      : jac_sheet_make_like(&d->panel[k].sheet[0], &source->source, kind,
                                            d->view->precision, sheet, err);
    }
    if (d->named && d->slices.at[k] != JAC_AXIS_DOTS && status == JAC_OK)
      status = jac_latex_names(&d->panel[k].sheet[0], &d->panel[k].source[0],
                               jac_latex_line(d->options), &d->panel[k].names, err);
  }
  return status;
}

static double width_at(const char *math, const struct setting *setting) {
  return jac_latex_between(jac_latex_display_width(math), jac_latex_tiny_width(math),
                           setting->scale);
}

/* The label of a slice behind the left side takes room too. */
static double left_width(const struct display *d, const struct setting *setting) {
  return width_at(d->left.text, setting) +
         setting->scale * ((d->slices.count > 1 ? 25.0 : 0.0) + 13.0);
}

/* The widest line when each matrix has its own, or the one line that holds all. */
static double width_of(const struct display *d, const struct setting *setting,
                       bool one_line) {
  const double surely = 1.12; /* lines of formulas are estimated to a tenth */
  double widest = surely * width_at(d->where.text, setting), sum = 0.0;
  double left = left_width(d, setting);
  for (size_t k = 0; k < d->slices.count; k++)
    for (size_t m = 0; m < d->kinds; m++) {
      if (d->slices.at[k] == JAC_AXIS_DOTS)
        continue;
      double width = jac_sheet_width(&d->panel[k].sheet[m], setting->sep, setting->scale);
      sum += width + (m == 0 ? left + 20.0 : 13.0);
      widest = fmax(widest, left + width);
      widest = fmax(widest, surely * width_at(d->panel[k].names.text, setting));
    }
  return one_line ? fmax(sum - 20.0, widest) : widest;
}

/* The loosest setting in which it fits; false: in none. */
static bool settle(struct display *d, size_t tightest) {
  for (size_t k = 0; k <= tightest; k++)
    for (int one = 1; one >= 0; one--) {
      d->setting = &settings[k];
      d->one_line = one == 1;
      d->width = width_of(d, d->setting, d->one_line);
      if (d->width <= jac_latex_line(d->options) &&
          !(one == 1 && k > 1 && d->slices.count > 1))
        return true;
    }
  return false;
}

/* Makes the panels with as many columns as fit; false: none do. */
static bool fit_panels(struct display *d, struct jac_error *err,
                       enum jac_status *status) {
  const struct jac_layout *layout = &d->view->layout;
  size_t elide = d->options->elide;
  bool fit = elide == JAC_ELIDE_FIT;
  size_t most = jac_latex_most(layout->cols, elide);
  size_t high = jac_latex_most(layout->rows, elide);
  for (size_t cols = layout->cols < most ? layout->cols : most;; cols--) {
    *status = make_panels(d, high, cols, err);
    if (*status != JAC_OK)
      return false;
    /* Smaller letters are for what can be shown whole. */
    bool last = cols <= LEAST || !fit;
    bool whole = last || cols >= layout->cols ||
                 jac_sheet_at_least(&d->panel->sheet[0], high, cols);
    bool settled = settle(d, whole || d->tightest < 1 ? d->tightest : 1);
    if (settled || last)
      return !fit || (settled && d->panel->sheet[0].honest);
  }
}

/* Of at most so many slices, behind left, or the Jacobian's own name. bare: the setting
 * is not written, as in Markdown, which has no other letters: where the author says what
 * a line holds, only what fits as it is does. */
static enum jac_status display_make(struct jac_view *view,
                                    const struct jac_latex *options, size_t most,
                                    const char *left, bool bare, struct display *d,
                                    struct jac_error *err) {
  const struct jac_layout *layout = &view->layout;
  size_t high = jac_latex_most(layout->rows, options->elide), rows = layout->rows;
  *d = (struct display){.view = view,
                        .options = options,
                        .tightest = bare && options->paper.line > 0.0 ? 0 : SETTINGS - 1,
                        .kinds = view->entries == JAC_ENTRIES_BOTH ? 2 : 1,
                        .left = JAC_BUFFER_INIT,
                        .where = JAC_BUFFER_INIT};
  if (left != NULL)
    jac_buffer_add(&d->left, left);
  else
    jac_latex_called(view, options, &d->left);
  rows = d->kinds * (rows < high ? rows : high);
  size_t slices = options->elide == JAC_ELIDE_NEVER ? options->elide
                  : rows < TALL / 3                 ? TALL / rows
                                                    : 3;
  enum jac_status status = jac_axis_make(layout->slices < most ? layout->slices : most, 0,
                                         slices, 0, &d->slices, err);
  if (status == JAC_OK)
    status =
        jac_latex_where(view, " \\\\[1ex]\n", jac_latex_line(options), &d->where, err);
  bool symbols =
      jac_view_kind(view, view->entries == JAC_ENTRIES_NUMBERS) == JAC_SHEET_SYMBOLS;
  if (status == JAC_OK && !fit_panels(d, err, &status) && status == JAC_OK && symbols) {
    d->named = true;
    fit_panels(d, err, &status);
  }
  d->left.failed = d->left.failed || d->where.failed;
  return status == JAC_OK ? jac_buffer_status(&d->left, err) : status;
}

/* J|_{n=1} = matrix = matrix. */
static void add_panel(const struct display *d, size_t k, const char *align,
                      struct jac_buffer *out) {
  jac_buffer_add(out, align);
  if (d->slices.at[k] == JAC_AXIS_DOTS) {
    jac_buffer_add(out, "\\vdots");
    return;
  }
  jac_buffer_add(out, d->left.text);
  if (d->slices.count > 1)
    jac_latex_at_slice(d->view->layout.map, d->slices.at[k], out);
  for (size_t m = 0; m < d->kinds; m++) {
    jac_buffer_add(out, m > 0 && !d->one_line ? " \\\\[1ex]\n&\\qquad = " : " = ");
    jac_sheet_matrix(&d->panel[k].sheet[m], d->options->square, out);
  }
  jac_buffer_add(out, d->panel[k].names.text);
}

/* Whether it has several lines. */
static bool aligned(const struct display *d) {
  return d->where.length > 0 || d->named || !d->one_line;
}

/* Slices beside each other on one line, or one under the other. */
static void add_body(const struct display *d, struct jac_buffer *out) {
  bool beside = d->one_line && d->slices.count > 1 && !d->named, lines = aligned(d);
  jac_buffer_add(out, lines ? "\\begin{aligned}\n" : "");
  for (size_t k = 0; k < d->slices.count; k++) {
    if (k > 0)
      jac_buffer_add(out, beside ? ",\\qquad\n" : " \\\\[1ex]\n");
    add_panel(d, k, lines && (k == 0 || !beside) ? "&" : "", out);
    out->failed = out->failed || d->panel[k].names.failed;
  }
  jac_buffer_add(out, d->where.text);
  jac_buffer_add(out, lines ? "\n\\end{aligned}" : "");
}

/* How far apart rows stand: fractions must touch neither each other nor the rules. */
static const char *stretch(const struct display *d) {
  bool tall = false, ruled = false;
  for (size_t k = 0; k < d->slices.count; k++)
    for (size_t m = 0; m < d->kinds && d->slices.at[k] != JAC_AXIS_DOTS; m++) {
      tall = tall || jac_sheet_tall(&d->panel[k].sheet[m]);
      ruled = ruled || jac_axis_ruled(&d->panel[k].sheet[m].row);
    }
  if (tall && ruled)
    return "1.9";
  return ruled || d->view->entries != JAC_ENTRIES_NUMBERS ? "1.2" : NULL;
}

/* How far apart columns and rows stand, for LaTeX. */
static void add_setting(const struct display *d, struct jac_buffer *out) {
  const char *apart = stretch(d);
  if (d->setting->sep < 5.0)
    jac_buffer_printf(out, "\\setlength{\\arraycolsep}{%gpt}\n", d->setting->sep);
  if (apart != NULL)
    jac_buffer_printf(out, "\\renewcommand{\\arraystretch}{%s}\n", apart);
}

enum jac_status jac_latex_fragment(struct jac_view *view, const struct jac_latex *options,
                                   struct jac_buffer *out, struct jac_error *err) {
  struct display d;
  struct jac_buffer math = JAC_BUFFER_INIT, setting = JAC_BUFFER_INIT;
  enum jac_status status = display_make(view, options, SIZE_MAX, NULL, false, &d, err);
  if (status == JAC_OK) {
    add_setting(&d, &setting);
    add_body(&d, &math);
    jac_latex_enclose(setting.text, math.text, d.setting->size, options, out);
  }
  out->failed = out->failed || math.failed || setting.failed;
  jac_buffer_free(&setting);
  jac_buffer_free(&math);
  display_free(&d);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_latex_math(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err) {
  struct display d;
  enum jac_status status = display_make(view, options, SIZE_MAX, NULL, true, &d, err);
  if (status == JAC_OK)
    add_body(&d, out);
  display_free(&d);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_latex_first(struct jac_view *view, const char *left,
                                const struct jac_latex *options, bool paper,
                                struct jac_buffer *out, const char **size,
                                struct jac_error *err) {
  struct display d;
  enum jac_status status = display_make(view, options, 1, left, !paper, &d, err);
  if (status == JAC_OK) {
    *size = d.setting->size;
    if (paper)
      add_setting(&d, out);
    add_body(&d, out);
  }
  display_free(&d);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
