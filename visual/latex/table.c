/* booktabs: a Jacobian as a table, outputs down the side, the variable's entries above.
 */
#include "visual/latex/latex.h"
#include "visual/latex/width.h"

static void add_table(const struct jac_labelled *l, struct jac_buffer *out) {
  const struct jac_sheet *sheet = &l->sheet;
  bool tall = jac_sheet_tall(sheet);
  jac_buffer_printf(out, "\\renewcommand{\\arraystretch}{%s}%%\n", tall ? "1.7" : "1.2");
  jac_buffer_printf(out, "\\setlength{\\tabcolsep}{%gpt}%%\n\\begin{tabular}{@{}l",
                    l->step->apart / 2.0);
  for (size_t j = 0; j < sheet->col.count; j++)
    if (sheet->col.rule[j])
      jac_buffer_printf(out, "@{\\hspace{%gpt}}c", 1.7 * l->step->apart);
    else
      jac_buffer_add_char(out, 'c');
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
      jac_buffer_add(out, lines ? " & $\\begin{array}{@{}c@{}}" : " & $");
      jac_labelled_cell(l, i, j, lines ? " \\\\ {}= " : " = ", out);
      jac_buffer_add(out, lines ? "\\end{array}$" : "$");
    }
    jac_buffer_add(out, " \\\\\n");
  }
  jac_buffer_add(out, "\\bottomrule\n\\end{tabular}\n");
}

/* The name keeps to its table: no page ends between them. */
static void add_slice(const struct jac_view *view, const struct jac_labelled *l,
                      const char *left, struct jac_buffer *out) {
  (void)view;
  jac_buffer_printf(out, "\\begin{center}%s%%\n$%s$\\\\*[1ex]\n", l->step->size, left);
  add_table(l, out);
  jac_buffer_add(out, "\\end{center}%\n");
}

static const struct jac_latex_step steps[] = {{"", 1.0, 12.0},
                                              {"\\small", 0.93, 10.0},
                                              {"\\footnotesize", 0.9, 8.0},
                                              {"\\scriptsize", 0.83, 6.0},
                                              {"\\tiny", 0.68, 5.0},
                                              {NULL, 0.0, 0.0}};

enum jac_status jac_latex_table(struct jac_view *view, const struct jac_latex *options,
                                struct jac_buffer *out, struct jac_error *err) {
  /* Its name stands above, not beside. */
  const struct jac_latex_room room = {
      .above = true, .rule = 0.7, .beside = 10.0, .step = steps};
  return jac_latex_slices(view, options, &room, add_slice, out, err);
}
