/* nicematrix: labelled borders, coloured blocks. Rows are named behind the matrix, with
 * an arrow, for a name before it would read as a factor. */
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
  jac_buffer_add(out, "}[first-row, last-col, margin,\n"
                      "  code-for-first-row=\\scriptstyle\\color{black!60}, "
                      "code-for-last-col=\\scriptstyle\\color{black!60}]\n");
  add_colors(sheet, out);
  jac_buffer_add(out, "  ");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_printf(out, "%s%s", j > 0 ? " & " : "", l->col[j]);
  jac_buffer_add(out, " & \\\\\n");
  for (size_t i = 0; i < sheet->row.count; i++) {
    jac_buffer_add(out, sheet->row.rule[i] ? "  \\hline\n  " : "  ");
    for (size_t j = 0; j < sheet->col.count; j++)
      jac_buffer_printf(out, "%s%s", j > 0 ? " & " : "", jac_sheet_cell(sheet, i, j));
    jac_buffer_printf(
        out, *l->row[i] != '\0' ? " & \\leftarrow %s \\\\\n" : " & %s \\\\\n", l->row[i]);
  }
  jac_buffer_add(out, "\\end{pNiceArray}");
}

static void add_slice(const struct jac_view *view, const struct jac_labelled *l,
                      const char *left, struct jac_buffer *out) {
  struct jac_buffer math = JAC_BUFFER_INIT;
  (void)view;
  for (int other = 0; other < (l->both ? 2 : 1); other++) {
    const struct jac_sheet *sheet = other ? &l->other : &l->sheet;
    bool tall = jac_sheet_tall(sheet) && jac_axis_ruled(&sheet->row);
    jac_buffer_clear(&math);
    jac_buffer_printf(&math, "\\renewcommand{\\arraystretch}{%s}\n%s = \\;\n",
                      tall ? "1.9" : "1.3", left);
    add_array(l, sheet, &math);
    jac_latex_display(math.text, l->step->size, &(struct jac_latex){.bare = true}, out);
  }
  out->failed = out->failed || math.failed;
  jac_buffer_free(&math);
}

static const struct jac_latex_step steps[] = {{"", 1.0, 10.0},
                                              {"\\small", 0.93, 10.0},
                                              {"\\footnotesize", 0.9, 10.0},
                                              {"\\scriptsize", 0.83, 10.0},
                                              {"\\tiny", 0.68, 10.0},
                                              {NULL, 0.0, 0.0}};

enum jac_status jac_latex_nice(struct jac_view *view, const struct jac_latex *options,
                               struct jac_buffer *out, struct jac_error *err) {
  const struct jac_latex_room room = {.beside = 58.0, .stacked = true, .step = steps};
  return jac_latex_slices(view, options, &room, add_slice, out, err);
}
