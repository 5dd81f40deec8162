#include "visual/cli/sweep.h"

#include "jacobian/text.h"

#include <math.h>

/* One character a decade above 1e-17. */
static void bar(double value, const struct jac_style *style, struct jac_buffer *out) {
  double decades = value > 0.0 && isfinite(value) ? log10(value) + 17.0 : 0.0;
  for (int k = 0; k < (int)decades && k < 30; k++)
    jac_buffer_add(out, style->unicode ? "▪" : "#");
}

enum jac_status jac_sweep_text(const struct jac_map *map, jac_point x, size_t wrt,
                               const struct jac_array3 *J, unsigned long seed,
                               const struct jac_style *style, struct jac_buffer *out,
                               struct jac_error *err) {
  struct jac_sweep s;
  enum jac_status status = jac_sweep(map, x, wrt, J, seed, &s, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_add(out, _("\n  step     remainder  central difference's error\n"));
  for (size_t k = 0; k < JAC_SWEEP_STEPS; k++) {
    jac_buffer_printf(out, "  %-8.0e %-10.2g %-10.2g ", s.step[k], s.remainder[k],
                      s.central[k]);
    bar(s.central[k], style, out);
    jac_buffer_add(out, s.step[k] == s.best_step ? _(" best") : "");
    jac_buffer_add(out, "\n");
  }
  if (isnan(s.order))
    jac_buffer_add(out, _("  the remainder is rounding alone: the map is linear here\n"));
  else
    jac_buffer_printf(
        out, _("  the remainder |f(x + hd) - f(x) - h J d| falls as h^%.2f: %s\n"),
        s.order,
        s.order > 1.5 ? _("2 is what a right Jacobian gives")
                      : _("1 is what a wrong Jacobian gives"));
  jac_buffer_add(out, _("  above the best step truncation rules, below it rounding\n"));
  return jac_buffer_status(out, err);
}
