/* bce-logits: the cross-entropy of sigmoid(z) against y, summed over the features,
 * without ever forming a probability of 0 or 1: z - z y + log(1 + e^-z) where z > 0. */
#include "layers/loss.h"

#include <math.h>

static double sigmoid(double z) {
  double e = exp(-fabs(z));
  return z >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += fmax(z[i], 0.0) - z[i] * y[i] + log1p(exp(-fabs(z[i])));
  return sum;
}

/* sigmoid(z) - y; where both are near 1, by what they lack of it. */
static double slope(double z, double y) {
  return z > 0.0 && y > 0.5 ? (1.0 - y) - sigmoid(-z) : sigmoid(z) - y;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? slope(z[i], y[i]) : -z[i];
}

static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? (1.0 - y[i]) * sigmoid(z[i]) - y[i] * sigmoid(-z[i])
                               : 0.0 - z[i];
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, log(1 + exp(z[n,i])) - z[n,i]*y[n,i])",
    .entry = {"sigmoid(z[n,i]) - y[n,i]", "-z[n,i]"},
    .steady = "sum(i, softplus(z[n,i]) - z[n,i]*y[n,i])",
    .domain = {JAC_REAL, JAC_PROBABILITY},
};

const struct jac_module jac_module_bce_logits = {
    .name = "bce-logits",
    .matrices = "sum(softplus(z) - z .* y)",
    .sizes = "N",
    .nsize = 1,
    .example = "bce-logits:3",
    .definition = "L[n] = sum(i, log(1 + exp(z[n,i])) - z[n,i]*y[n,i])",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
