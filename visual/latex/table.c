/* booktabs: a Jacobian as a table, outputs down the side, the variable's entries above.
 */
#include "visual/latex/latex.h"
#include "visual/latex/width.h"

static void add_table(const struct jac_labelled *l, struct jac_buffer *out) {
  const struct jac_sheet *sheet = &l->sheet;
  jac_buffer_add(out, "\\renewcommand{\\arraystretch}{1.2}\n\\begin{tabular}{@{}l");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_add(out, sheet->col.rule[j] ? "@{\\hspace{2.5em}}c" : "c");
  jac_buffer_add(out, "@{}}\n\\toprule\n");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_printf(out, " & $%s$",
                      sheet->col.at[j] == JAC_AXIS_DOTS ? "\\cdots" : l->col[j]);
  jac_buffer_add(out, " \\\\\n\\midrule\n");
  for (size_t i = 0; i < sheet->row.count; i++) {
    if (sheet->row.rule[i])
      jac_buffer_add(out, "\\addlinespace\n");
    jac_buffer_printf(out, "$%s$",
                      sheet->row.at[i] == JAC_AXIS_DOTS ? "\\vdots" : l->row[i]);
    for (size_t j = 0; j < sheet->col.count; j++) {
      bool lines = l->stacked && !jac_sheet_zero(sheet, i, j);
      jac_buffer_add(out, lines ? " & $\\begin{gathered}" : " & $");
      jac_labelled_cell(l, i, j, lines ? " \\\\ {}= " : " = ", out);
      jac_buffer_add(out, lines ? "\\end{gathered}$" : "$");
    }
    jac_buffer_add(out, " \\\\\n");
  }
  jac_buffer_add(out, "\\bottomrule\n\\end{tabular}\n");
}

static void add_slice(const struct jac_view *view, const struct jac_labelled *l,
                      const char *left, struct jac_buffer *out) {
  (void)view;
  jac_buffer_printf(out, "\\begin{center}%s\n$%s$\\\\[1ex]\n", l->size, left);
  add_table(l, out);
  jac_buffer_add(out, "\\end{center}\n");
}

enum jac_status jac_latex_table(struct jac_view *view, size_t elide,
                                struct jac_buffer *out, struct jac_error *err) {
  return jac_latex_slices(view, elide, JAC_LATEX_LINE, 14.0, false, add_slice, out, err);
}
