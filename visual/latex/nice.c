/* nicematrix: labelled borders, coloured blocks, dots that run through. */
#include "visual/latex/latex.h"
#include "visual/latex/width.h"

/* Colours of neighbouring blocks. */
static const char *const colors[] = {"blue!12", "orange!18", "green!14", "red!12"};
enum { COLORS = sizeof colors / sizeof colors[0] };

/* The place behind the block that begins at start; without rules each place is a block
 * of its own. */
static size_t block_end(const struct jac_axis *axis, size_t start, bool ruled) {
  size_t end = start + 1;
  while (ruled && end < axis->count && !axis->rule[end])
    end++;
  return end;
}

/* Whether the block has entries and one of them can be non-zero. */
static bool lives(const struct jac_sheet *sheet, size_t top, size_t bottom, size_t left,
                  size_t right) {
  for (size_t i = top; i < bottom; i++)
    for (size_t j = left; j < right; j++)
      if (!jac_sheet_dots(sheet, i, j) && !jac_sheet_zero(sheet, i, j))
        return true;
  return false;
}

/* The blocks that are not zero, where some are. */
static void add_colors(const struct jac_sheet *sheet, struct jac_buffer *out) {
  bool rows = jac_axis_ruled(&sheet->row), cols = jac_axis_ruled(&sheet->col),
       zero = false;
  struct jac_buffer text = JAC_BUFFER_INIT;
  size_t bottom, right;
  for (size_t i = 0; i < sheet->row.count; i = bottom) {
    bottom = block_end(&sheet->row, i, rows);
    size_t number = 0;
    for (size_t j = 0; j < sheet->col.count; j = right, number++) {
      right = block_end(&sheet->col, j, cols);
      if (lives(sheet, i, bottom, j, right))
        jac_buffer_printf(&text, "  \\rectanglecolor{%s}{%zu-%zu}{%zu-%zu}\n",
                          colors[cols ? number % COLORS : 0], i + 1, j + 1, bottom,
                          right);
      else
        zero = zero || !jac_sheet_dots(sheet, i, j);
    }
  }
  if (zero || cols)
    jac_buffer_printf(out, "\\CodeBefore\n%s\\Body\n", text.text);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
}

static void add_array(const struct jac_labelled *l, const struct jac_sheet *sheet,
                      struct jac_buffer *out) {
  jac_buffer_add(out, "\\begin{pNiceArray}{");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_add(out, sheet->col.rule[j] ? "|c" : "c");
  jac_buffer_add(out, "}[first-row, first-col, margin,\n"
                      "  code-for-first-row=\\scriptstyle, "
                      "code-for-first-col=\\scriptstyle]\n");
  add_colors(sheet, out);
  jac_buffer_add(out, "  ");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_printf(out, " & %s", l->col[j]);
  jac_buffer_add(out, " \\\\\n");
  for (size_t i = 0; i < sheet->row.count; i++) {
    jac_buffer_printf(out, "%s  %s", sheet->row.rule[i] ? "  \\hline\n" : "", l->row[i]);
    for (size_t j = 0; j < sheet->col.count; j++) {
      bool row = sheet->row.at[i] == JAC_AXIS_DOTS,
           col = sheet->col.at[j] == JAC_AXIS_DOTS;
      jac_buffer_add(out, " & ");
      if (row || col)
        jac_buffer_add(out, row && col ? "\\Ddots" : row ? "\\Vdots" : "\\Cdots");
      else
        jac_buffer_add(out, jac_sheet_cell(sheet, i, j));
    }
    jac_buffer_add(out, " \\\\\n");
  }
  jac_buffer_add(out, "\\end{pNiceArray}");
}

static void add_slice(const struct jac_view *view, const struct jac_labelled *l,
                      const char *left, struct jac_buffer *out) {
  bool small = l->size[0] != '\0';
  (void)view;
  if (small)
    jac_buffer_printf(out, "\\begingroup%s\n", l->size);
  for (int other = 0; other < (l->both ? 2 : 1); other++) {
    jac_buffer_printf(out, "\\[\n\\renewcommand{\\arraystretch}{1.3}\n%s = \\;\n", left);
    add_array(l, other ? &l->other : &l->sheet, out);
    jac_buffer_add(out, "\n\\]\n");
  }
  jac_buffer_add(out, small ? "\\endgroup\n" : "");
}

enum jac_status jac_latex_nice(struct jac_view *view, size_t elide,
                               struct jac_buffer *out, struct jac_error *err) {
  double line = JAC_LATEX_LINE - 95.0; /* what the left side and the brackets leave */
  return jac_latex_slices(view, elide, line, 10.0, true, add_slice, out, err);
}
