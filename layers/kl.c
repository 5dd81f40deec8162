/* kl: the divergence of Kullback and Leibler of a distribution y from that whose
 * logarithms z are: L[n] = sum_i y[n,i] (log y[n,i] - z[n,i]), where y log y is 0 at 0.
 * Its gradient is -y for z, and log y - z + 1 for y. */
#include "layers/loss.h"

#include <math.h>

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += y[i] == 0.0 ? 0.0 : y[i] * (log(y[i]) - z[i]);
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? -y[i] : log(y[i]) - z[i] + 1.0;
}

/* By the product rule, y/y first. */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? 0.0 - y[i] : 1.0 + (log(y[i]) - z[i]);
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, y[n,i]*(log(y[n,i]) - z[n,i]))",
    .entry = {"-y[n,i]", "log(y[n,i]) - z[n,i] + 1"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
};

const struct jac_module jac_module_kl = {
    .name = "kl",
    .matrices = "sum(y .* (log(y) - z))",
    .sizes = "N",
    .nsize = 1,
    .example = "kl:3",
    .definition = "L[n] = sum(i, y[n,i]*(log(y[n,i]) - z[n,i]))",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
