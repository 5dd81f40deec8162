/* Matrices and displays of a chain on paper, as wide as the line. */
#include "visual/chain_internal.h"
#include "visual/latex/width.h"

#include <math.h>

bool jac_chain_never_zero(void *context, size_t row, size_t col) {
  (void)context;
  (void)row;
  (void)col;
  return false;
}

enum jac_status jac_chain_paper_matrix(const struct jac_chain_run *r,
                                       const struct jac_sheet_source *source,
                                       enum jac_sheet_kind kind, struct jac_buffer *out,
                                       double *widest) {
  enum { LEAST = 3 };
  const struct jac_latex *latex = &r->how->latex;
  double left = jac_latex_width(out->text), line = jac_latex_line(latex);
  size_t rows = jac_latex_most(source->rows, latex->elide);
  size_t cols = jac_latex_most(source->cols, latex->elide);
  for (cols = cols < source->cols ? cols : source->cols;; cols--) {
    struct jac_sheet sheet;
    enum jac_status status =
        jac_sheet_make(source, kind, r->how->precision, rows, cols, &sheet, r->err);
    if (status != JAC_OK)
      return status;
    double width = left + jac_sheet_width(&sheet, 5.0, 1.0);
    bool last = cols <= LEAST || latex->elide != JAC_ELIDE_FIT;
    bool worth = last || cols == source->cols || jac_sheet_at_least(&sheet, rows, cols);
    if (width <= line || last || (worth && 0.83 * width <= line)) {
      *widest = fmax(*widest, width);
      jac_buffer_add(out, " = ");
      jac_sheet_matrix(&sheet, latex->square, out);
      jac_sheet_free(&sheet);
      return JAC_OK;
    }
    jac_sheet_free(&sheet);
  }
}

enum jac_status jac_chain_paper_display(const struct jac_chain_run *r,
                                        struct jac_buffer *math, double width,
                                        enum jac_status status) {
  if (status == JAC_OK)
    status = jac_buffer_status(math, r->err);
  if (status == JAC_OK)
    jac_prose_display(r->prose, math->text,
                      jac_latex_size(width, jac_latex_line(&r->how->latex)));
  jac_buffer_free(math);
  return status;
}
