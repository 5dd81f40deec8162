/* TikZ: a heat map with a scale, digits white on dark cells. */
#include "jacobian/text.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/picture/palette.h"

#include <math.h>

/* Lengths are in points. */
enum { HEIGHT = 18, GAP = 12, BAR = 10 };

struct map {
  const struct jac_labelled *l;
  const struct jac_view *view;
  double largest; /* magnitude, in all slices */
  double height;  /* of a row */
};

/* Rows as high as fractions need, one below the other where there are both. */
static double row_height(const struct jac_labelled *l) {
  const struct jac_latex_step *step = l->step;
  double line = fmax(step->scale * (jac_sheet_tall(&l->sheet) ? 26.0 : 14.0), 10.0);
  return fmax(l->both ? line + 14.0 * step->scale + 2.0 : line + 4.0, HEIGHT);
}

static double largest_of(const struct jac_view *view) {
  double largest = 0.0;
  for (size_t s = 0; s < view->layout.slices; s++)
    for (size_t i = 0; i < view->layout.rows; i++)
      for (size_t j = 0; j < view->layout.cols; j++) {
        double value = fabs(jac_view_value(view, s, i, j));
        if (isfinite(value))
          largest = fmax(largest, value);
      }
  return largest;
}

static unsigned char shade_of(const struct map *m, size_t i, size_t j) {
  const struct jac_sheet *sheet = &m->l->sheet;
  if (jac_sheet_dots(sheet, i, j))
    return JAC_SHADE_ZERO;
  if (jac_sheet_zero(sheet, i, j))
    return JAC_SHADE_ALWAYS_ZERO;
  double value =
      sheet->source->value(sheet->source->context, sheet->row.at[i], sheet->col.at[j]);
  bool numbers = m->view->entries == JAC_ENTRIES_NUMBERS || m->l->both;
  if (m->view->entries == JAC_ENTRIES_STRUCTURE)
    return value != 0.0 ? JAC_SHADE_MARK : JAC_SHADE_MARK_ZERO;
  if (!numbers || m->view->layout.form == JAC_FORM_REDUCED)
    return JAC_SHADE_SYMBOL;
  if (!isfinite(value))
    return JAC_SHADE_NOT_FINITE;
  return value == 0.0 ? JAC_SHADE_ZERO : jac_shade(value, m->largest);
}

static void add_color(unsigned char shade, struct jac_buffer *out) {
  long color = jac_shade_color(shade);
  jac_buffer_printf(out, "{rgb,255:red,%ld;green,%ld;blue,%ld}", color >> 16,
                    color >> 8 & 0xFF, color & 0xFF);
}

/* One cell: its colour, and what it says. */
static void add_cell(const struct map *m, size_t i, size_t j, double x, double width,
                     struct jac_buffer *out) {
  const struct jac_sheet *sheet = &m->l->sheet;
  unsigned char shade = shade_of(m, i, j);
  double y = (double)i * m->height;
  bool dots = jac_sheet_dots(sheet, i, j), zero = jac_sheet_zero(sheet, i, j);
  if (!dots) {
    jac_buffer_add(out, "\\fill[fill=");
    add_color(shade, out);
    jac_buffer_printf(out, ", draw=white] (%.1f,%.1f) rectangle +(%.1f,%.1f);\n", x, y,
                      width, m->height);
  }
  if (zero || (m->view->entries == JAC_ENTRIES_STRUCTURE && !dots))
    return;
  jac_buffer_printf(out, "\\node[align=center%s] at (%.1f,%.1f) {$",
                    jac_shade_dark(shade) ? ", text=white" : "", x + width / 2.0,
                    y + m->height / 2.0);
  jac_labelled_cell(m->l, i, j, "$\\\\$", out);
  jac_buffer_add(out, "$};\n");
}

/* The labels, and lines between blocks. */
static void add_borders(const struct map *m, const double *x, struct jac_buffer *out) {
  const struct jac_sheet *sheet = &m->l->sheet;
  size_t rows = sheet->row.count, cols = sheet->col.count;
  for (size_t j = 0; j < cols; j++) {
    jac_buffer_printf(out, "\\node[above] at (%.1f,0) {$%s$};\n", (x[j] + x[j + 1]) / 2.0,
                      m->l->col[j]);
    if (sheet->col.rule[j])
      jac_buffer_printf(out, "\\draw (%.1f,0) -- (%.1f,%.1f);\n", x[j], x[j],
                        (double)rows * m->height);
  }
  for (size_t i = 0; i < rows; i++) {
    jac_buffer_printf(out, "\\node[left] at (0,%.1f) {$%s$};\n",
                      ((double)i + 0.5) * m->height, m->l->row[i]);
    if (sheet->row.rule[i])
      jac_buffer_printf(out, "\\draw (0,%.1f) -- (%.1f,%.1f);\n", (double)i * m->height,
                        x[cols], (double)i * m->height);
  }
  jac_buffer_printf(out, "\\draw (0,0) rectangle (%.1f,%.1f);\n", x[cols],
                    (double)rows * m->height);
}

/* The scale, from the largest magnitude down to its negative. */
static void add_scale(const struct map *m, double x, size_t rows,
                      struct jac_buffer *out) {
  enum { STEPS = 2 * JAC_SHADE_LEVELS };
  double height = fmax((double)rows * m->height, 54.0), step = height / STEPS;
  for (int k = 0; k < STEPS; k++) {
    double value = m->largest * (1.0 - (2.0 * k + 1.0) / STEPS);
    jac_buffer_add(out, "\\fill[fill=");
    add_color(jac_shade(value, m->largest), out);
    jac_buffer_printf(out, "] (%.1f,%.2f) rectangle +(%d,%.2f);\n", x, step * k, BAR,
                      step + 0.1);
  }
  for (int k = 0; k < 3; k++) {
    jac_buffer_printf(out, "\\node[right] at (%.1f,%.1f) {$", x + BAR, height * k / 2.0);
    jac_latex_number(k == 1 ? 0.0 : k == 0 ? m->largest : -m->largest, 3, out);
    jac_buffer_add(out, "$};\n");
  }
}

static void add_map(const struct map *m, struct jac_buffer *out) {
  enum { COLUMNS = 512 };
  const struct jac_sheet *sheet = &m->l->sheet;
  double x[COLUMNS + 1] = {0.0};
  size_t cols = sheet->col.count < COLUMNS ? sheet->col.count : COLUMNS;
  for (size_t j = 0; j < cols; j++)
    x[j + 1] = x[j] + jac_labelled_width(m->l, j);
  jac_buffer_printf(out,
                    "\\begin{tikzpicture}[x=1pt, y=-1pt, font=%s,\n"
                    "  inner sep=2pt, baseline=(current bounding box.center)]\n",
                    m->l->step->size);
  for (size_t i = 0; i < sheet->row.count; i++)
    for (size_t j = 0; j < cols; j++)
      add_cell(m, i, j, x[j], x[j + 1] - x[j], out);
  add_borders(m, x, out);
  if (m->largest > 0.0 && m->view->layout.form != JAC_FORM_REDUCED &&
      (m->view->entries == JAC_ENTRIES_NUMBERS || m->l->both))
    add_scale(m, x[cols] + GAP, sheet->row.count, out);
  jac_buffer_add(out, "\\end{tikzpicture}\n");
}

static void add_slice(const struct jac_view *view, const struct jac_labelled *l,
                      const char *left, struct jac_buffer *out) {
  struct map map = {l, view, largest_of(view), row_height(l)};
  jac_buffer_printf(out, "\\begin{center}\n$%s =$\\enspace\n", left);
  add_map(&map, out);
  jac_buffer_add(out, "\\end{center}%\n");
}

static const struct jac_latex_step steps[] = {{"\\footnotesize", 0.9, 8.0},
                                              {"\\scriptsize", 0.83, 6.0},
                                              {"\\tiny", 0.68, 5.0},
                                              {NULL, 0.0, 0.0}};

enum jac_status jac_latex_tikz(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err) {
  bool scale = view->entries == JAC_ENTRIES_NUMBERS || view->entries == JAC_ENTRIES_BOTH;
  const struct jac_latex_room room = {
      .beside = scale ? 103.0 : 32.0, .least = 20.0, .stacked = true, .step = steps};
  return jac_latex_slices(view, options, &room, add_slice, out, err);
}
