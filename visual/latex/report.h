/* What `check` found as a table on paper, from the objects that its JSON has. */
#ifndef VISUAL_LATEX_REPORT_H
#define VISUAL_LATEX_REPORT_H

#include "visual/latex/latex.h"

#include <jansson.h>

/* One comparison: texts, and mathematics in LaTeX ("" where there is none). */
struct jac_report_line {
  const char *module, *against, *verdict,
      *diagnosis; /* borrowed; diagnosis may be NULL */
  bool file;      /* against is a file's name, or a formula that was claimed */
  struct jac_buffer variable, error, worst; /* owned */
};

void jac_report_line_read(const json_t *object, struct jac_report_line *line);
void jac_report_line_free(struct jac_report_line *line);

/* Adds the comparison table, with booktabs. */
void jac_report_latex(const json_t *array, const struct jac_latex *options,
                      struct jac_buffer *out);

#endif
