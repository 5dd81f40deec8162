#include "visual/latex/latex.h"
enum jac_status jac_latex_table(struct jac_view *view, size_t elide,struct jac_buffer *out, struct jac_error *err) {
  return jac_latex_fragment(view, elide, out, err);
}
