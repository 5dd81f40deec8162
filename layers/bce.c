/* bce: the cross-entropy of probabilities z in (0, 1) against y, summed over the
 * features. At 0 and 1 a logarithm is infinite, and so is the cost unless y is that same
 * end (PyTorch stops it at 100). */
#include "layers/loss.h"

#include <math.h>

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += -(y[i] == 0.0 ? 0.0 : y[i] * log(z[i])) -
           (y[i] == 1.0 ? 0.0 : (1.0 - y[i]) * log1p(-z[i]));
  return sum;
}

/* (z - y)/(z (1 - z)); where y is 0 or 1 only one logarithm is there, also at its end. */
static double slope(double z, double y) {
  if (y == 0.0)
    return 1.0 / (1.0 - z);
  return y == 1.0 ? -1.0 / z : (z - y) / (z * (1.0 - z));
}

/* log((1 - z)/z); near 1/2 the two logarithms would cancel, and 1 - 2 z is exact. */
static double log_odds(double z) {
  if (z >= 0.25 && z <= 0.75)
    return log1p((1.0 - 2.0 * z) / z);
  return log1p(-z) - log(z);
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? slope(z[i], y[i]) : log_odds(z[i]);
}

/* The two logarithms one by one. */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++) {
    double one = y[i] == 0.0 ? 0.0 : y[i] / z[i];
    double other = y[i] == 1.0 ? 0.0 : (1.0 - y[i]) / (1.0 - z[i]);
    row[i] = wrt == JAC_LOSS_Z ? other - one : -log(z[i]) + log1p(-z[i]);
  }
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "-sum(i, y[n,i]*log(z[n,i]) + (1 - y[n,i])*log(1 - z[n,i]))",
    .entry = {"(z[n,i] - y[n,i])/(z[n,i]*(1 - z[n,i]))", "log(1 - z[n,i]) - log(z[n,i])"},
    .domain = {JAC_PROBABILITY, JAC_PROBABILITY},
};

const struct jac_module jac_module_bce = {
    .name = "bce",
    .matrices = "-sum(y .* log(z) + (1 - y) .* log(1 - z))",
    .sizes = "N",
    .nsize = 1,
    .example = "bce:3",
    .definition = "L[n] = -sum(i, y[n,i]*log(z[n,i]) + (1 - y[n,i])*log(1 - z[n,i]))",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
