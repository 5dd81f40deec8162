/* A sheet as a matrix of amsmath. */
#include "visual/latex/sheet.h"

#include <string.h>

/* c for a column, a rule before each block. */
static void add_preamble(const struct jac_sheet *sheet, struct jac_buffer *out) {
  jac_buffer_add(out, "\\begin{array}{@{\\,}");
  for (size_t j = 0; j < sheet->col.count; j++)
    jac_buffer_add(out, sheet->col.rule[j] ? "|c" : "c");
  jac_buffer_add(out, "@{\\,}}\n");
}

bool jac_sheet_tall(const struct jac_sheet *sheet) {
  for (size_t i = 0; i < sheet->row.count; i++)
    for (size_t j = 0; j < sheet->col.count; j++)
      if (strstr(jac_sheet_cell(sheet, i, j), "\\frac") != NULL)
        return true;
  return false;
}

void jac_sheet_matrix(const struct jac_sheet *sheet, bool square,
                      struct jac_buffer *out) {
  enum { AMSMATH_COLUMNS = 10 };
  bool array = sheet->col.count > AMSMATH_COLUMNS || jac_axis_ruled(&sheet->col) ||
               jac_axis_ruled(&sheet->row);
  /* Rows with fractions would touch each other. */
  const char *end = jac_sheet_tall(sheet) ? " \\\\[0.6ex]\n" : " \\\\\n";
  if (array) {
    jac_buffer_add(out, square ? "\\left[" : "\\left(");
    add_preamble(sheet, out);
  } else
    jac_buffer_add(out, square ? "\\begin{bmatrix}\n" : "\\begin{pmatrix}\n");
  for (size_t i = 0; i < sheet->row.count; i++) {
    jac_buffer_add(out, sheet->row.rule[i] ? "  \\hline\n  " : "  ");
    for (size_t j = 0; j < sheet->col.count; j++)
      jac_buffer_printf(out, "%s%s", j > 0 ? " & " : "", jac_sheet_cell(sheet, i, j));
    jac_buffer_add(out, i + 1 < sheet->row.count ? end : "\n");
  }
  if (array)
    jac_buffer_add(out, square ? "\\end{array}\\right]" : "\\end{array}\\right)");
  else
    jac_buffer_add(out, square ? "\\end{bmatrix}" : "\\end{pmatrix}");
}
