/* The explicit Jacobian against finite differences. */
#include "jacobian/check_internal.h"

#include <math.h>
#include <stdint.h>

/* At a kink any number between the one-sided derivatives is neither wrong nor right; one
 * outside is wrong, and the nearer side is what it is held against. A side without a
 * value or a bound says nothing. */
static void judge_kink(struct jac_checked_entry *checked,
                       const struct jac_difference_entry *e, double scale) {
  double low = fmin(e->left, e->right), high = fmax(e->left, e->right);
  checked->left = e->left;
  checked->right = e->right;
  checked->kink = true;
  checked->tolerance = 1e-4 * fmax(scale, fmax(fabs(low), fabs(high)));
  if (!isfinite(low) || !isfinite(high) || !isfinite(e->left) || !isfinite(e->right))
    return;
  double nearest = checked->jacobian < low ? low : high;
  if (checked->jacobian < low - checked->tolerance ||
      checked->jacobian > high + checked->tolerance) {
    checked->kink = false;
    checked->reference = nearest;
  }
}

/* Whether a difference says nothing of an entry: its error is large beside it, and more
 * than what rounding leaves of a derivative that is 0, if that is little: of y = x - 1e16
 * rounding leaves thousands. At the least of a square the outputs are 0 themselves: there
 * it is what they are a step away that is rounded. */
static bool unreliable(const struct jac_checking *c, const struct jac_difference_entry *e,
                       double scale, double jacobian) {
  /* A slope without bound shows only at steps that rounding leaves alone. */
  double infinite = isinf(jacobian) ? fmax(1.0, fabs(e->value)) : INFINITY;
  double rounding = 1e4 * fmax(c->noise, c->noise_beside);
  return !isfinite(e->error) || c->blurred || e->error > 1e-6 * infinite ||
         (e->error > 1e-3 * scale && !(e->error <= rounding && rounding <= 1e-3));
}

/* What no step can tell may still be told to be wrong, by more than its error. */
static bool told_wrong(const struct jac_checking *c, const struct jac_checked_entry *e) {
  return !c->blurred && isfinite(e->jacobian) &&
         fabs(e->jacobian - e->reference) > e->tolerance;
}

/* Whether an output that no entry is declared for moves, smoothly; that it has a kink
 * there is kept. */
static bool tells_outside(struct jac_checking *c, const struct jac_difference_entry *e,
                          double scale) {
  c->parted = c->parted || e->state == JAC_ENTRY_KINK;
  return e->state == JAC_ENTRY_SMOOTH && fabs(e->value) > 10.0 * e->error &&
         !unreliable(c, e, scale, 0.0);
}

static enum jac_status visit(void *context, const struct jac_difference_group *group) {
  struct jac_checking *c = context;
  const struct jac_array3 *J = c->J;
  for (size_t s = 0; s < J->slices; s++)
    for (size_t i = 0; i < J->rows; i++) {
      const struct jac_difference_entry *e = &group->entry[s * J->rows + i];
      size_t j = group->column[i];
      bool outside = j == SIZE_MAX;
      double scale = fmax(c->row_scale[s * J->rows + i], fabs(e->value));
      if (outside && !tells_outside(c, e, scale))
        continue;
      struct jac_checked_entry checked = {
          .slice = s,
          .row = i,
          .col = outside ? J->cols : j,
          .jacobian = outside ? 0.0 : *jac_array3_at(J, s, i, j),
          .reference = e->value,
          .tolerance = 10.0 * e->error + 1e-9 * scale + jac_checking_row_noise(c, s, i) +
                       jac_checking_blur(c, s, i)};
      if (e->state == JAC_ENTRY_NONFINITE) {
        checked.jacobian = checked.reference = NAN;
        jac_checking_entry(c, &checked);
        continue;
      }
      if (e->state == JAC_ENTRY_KINK)
        judge_kink(&checked, e, c->row_scale[s * J->rows + i]);
      else if (!outside && unreliable(c, e, scale, checked.jacobian) &&
               !told_wrong(c, &checked)) {
        c->result->unreliable++;
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
                                          .tolerance =
                                              1e-9 * c->row_scale[k] +
                                              jac_checking_row_noise(c, k / J->rows, i)};
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
  c->parted = false;
  enum jac_status status =
      jac_difference(c->map, c->x, c->wrt, c->pattern, options->mode, c->output_noise,
                     visit, c, &c->result->evaluations, err);
  if (status != JAC_OK || !c->parted)
    return status;
  /* By which column the output has none, as sign(x) at 0, tells each column alone. */
  struct jac_check_options plain = *options;
  plain.mode = JAC_DIFFERENCE_PLAIN;
  *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_DIFFERENCE};
  return jac_difference(c->map, c->x, c->wrt, c->pattern, plain.mode, c->output_noise,
                        visit, c, &c->result->evaluations, err);
}
