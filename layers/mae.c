/* mae: the absolute error of a sample, summed over its features. At equality there is no
 * derivative; 0 is given, as PyTorch does. */
#include "layers/loss.h"

#include <math.h>

static double sign(double d) {
  return d > 0.0 ? 1.0 : d < 0.0 ? -1.0 : d;
}

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += fabs(z[i] - y[i]);
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? sign(z[i] - y[i]) : -sign(z[i] - y[i]);
}

static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? sign(z[i] - y[i]) : sign(y[i] - z[i]);
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, abs(z[n,i] - y[n,i]))",
    .entry = {"sign(z[n,i] - y[n,i])", "-sign(z[n,i] - y[n,i])"},
};

const struct jac_module jac_module_mae = {
    .name = "mae",
    .matrices = "normone(z - y)",
    .sizes = "N",
    .nsize = 1,
    .example = "mae:3",
    .definition = "L[n] = sum(i, abs(z[n,i] - y[n,i]))",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
