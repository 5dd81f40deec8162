/* The explicit Jacobian against finite differences. */
#include "jacobian/check_internal.h"

#include <math.h>
#include <stdint.h>

static enum jac_status visit(void *context, const struct jac_difference_group *group) {
  struct jac_checking *c = context;
  const struct jac_array3 *J = c->J;
  for (size_t s = 0; s < J->slices; s++)
    for (size_t i = 0; i < J->rows; i++) {
      const struct jac_difference_entry *e = &group->entry[s * J->rows + i];
      size_t j = group->column[i];
      bool outside = j == SIZE_MAX;
      if (outside && (e->state != JAC_ENTRY_SMOOTH || fabs(e->value) <= 10.0 * e->error))
        continue;
      struct jac_checked_entry checked = {.slice = s,
                                          .row = i,
                                          .col = outside ? J->cols : j,
                                          .jacobian =
                                              outside ? 0.0 : *jac_array3_at(J, s, i, j),
                                          .reference = e->value,
                                          .left = e->left,
                                          .right = e->right,
                                          .kink = e->state == JAC_ENTRY_KINK};
      double scale = fmax(c->row_scale[s * J->rows + i], fabs(e->value));
      checked.tolerance = 10.0 * e->error + 1e-9 * scale;
      if (e->state == JAC_ENTRY_NONFINITE)
        checked.reference = NAN;
      else if (!checked.kink && !outside && e->error > 1e-3 * scale && e->error > 1e-9) {
        c->result->unreliable++;
        if (fabs(checked.jacobian - checked.reference) <= checked.tolerance)
          continue;
      }
      jac_checking_entry(c, &checked);
    }
  return JAC_OK;
}

/* What stands outside the declared structure must be zero in J: differences by colour
 * would never look there. */
static void check_outside(struct jac_checking *c) {
  const struct jac_array3 *J = c->J;
  const struct jac_pattern *p = c->pattern;
  for (size_t k = 0; k < J->slices * J->rows && !p->dense; k++) {
    size_t i = k % J->rows, e = p->start[i], end = p->start[i + 1];
    const double *row = J->data + k * J->cols;
    for (size_t j = 0; j < J->cols; j++) {
      if (e < end && p->column[e] == j)
        e++;
      else if (!(row[j] == 0.0)) {
        struct jac_checked_entry entry = {.slice = k / J->rows,
                                          .row = i,
                                          .col = j,
                                          .jacobian = row[j],
                                          .tolerance = 1e-9 * c->row_scale[k]};
        jac_checking_entry(c, &entry);
      }
    }
  }
}

enum jac_status jac_check_difference(struct jac_checking *c,
                                     const struct jac_check_options *options,
                                     struct jac_error *err) {
  if (options->mode == JAC_DIFFERENCE_COMPRESSED)
    check_outside(c);
  return jac_difference(c->map, c->x, c->wrt, c->pattern, options->mode, visit, c,
                        &c->result->evaluations, err);
}
