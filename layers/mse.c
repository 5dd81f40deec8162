/* mse: the squared error of a sample, summed over its features:
 * L[n] = sum_i (z[n,i] - y[n,i])^2; its gradient is 2 (z - y), and -2 (z - y) for y. */
#include "layers/loss.h"

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += (z[i] - y[i]) * (z[i] - y[i]);
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? 2.0 * (z[i] - y[i]) : 2.0 * (y[i] - z[i]);
}

static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double factor = wrt == JAC_LOSS_Z ? 2.0 : -2.0;
  for (size_t i = 0; i < s->n; i++)
    row[i] = factor * (z[i] - y[i]);
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, (z[n,i] - y[n,i])^2)",
    .entry = {"2*(z[n,i] - y[n,i])", "-2*(z[n,i] - y[n,i])"},
};

const struct jac_module jac_module_mse = {
    .name = "mse",
    .matrices = "sum((z - y).^2)",
    .sizes = "N",
    .nsize = 1,
    .example = "mse:3",
    .definition = "L[n] = sum(i, (z[n,i] - y[n,i])^2)",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
