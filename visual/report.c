#include "visual/report.h"

#include "jacobian/form.h"
#include "jacobian/text.h"

void jac_report_row(const struct jac_report *r, const struct jac_checked_entry *e,
                    enum jac_notation notation, struct jac_buffer *out) {
  bool coupled = r->map->coupled;
  jac_label_output(r->map, notation, coupled ? e->row / r->map->cols : e->slice,
                   coupled ? e->row % r->map->cols : e->row, out);
}

void jac_report_column(const struct jac_report *r, const struct jac_checked_entry *e,
                       enum jac_notation notation, struct jac_buffer *out) {
  struct jac_layout layout;
  size_t index[3];
  if (jac_layout_make(r->map, r->wrt, r->map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH,
                      JAC_ORDER_F, &layout, NULL) != JAC_OK ||
      e->col >= layout.cols) {
    jac_buffer_add(out, _("(outside the structure)"));
    return;
  }
  jac_layout_variable(&layout, e->slice, e->col, index);
  jac_label_entry(&r->map->var[r->wrt], notation, index, out);
}
