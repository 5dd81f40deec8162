/* huber: half the square of the error up to 1, linear beyond, summed over the features.
 * Its derivative is the error cut to [-1, 1], which is continuous at the seam. */
#include "layers/loss.h"

#include <math.h>

static double cut(double d) {
  return d > 1.0 ? 1.0 : d < -1.0 ? -1.0 : d;
}

static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += fabs(z[i] - y[i]) <= 1.0 ? 0.5 * (z[i] - y[i]) * (z[i] - y[i])
                                    : fabs(z[i] - y[i]) - 0.5;
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? cut(z[i] - y[i]) : -cut(z[i] - y[i]);
}

static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? cut(z[i] - y[i]) : cut(y[i] - z[i]);
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, ind(abs(z[n,i] - y[n,i]) <= 1)*(z[n,i] - y[n,i])^2/2 + "
                 "ind(abs(z[n,i] - y[n,i]) > 1)*(abs(z[n,i] - y[n,i]) - 1/2))",
    .entry = {"max(-1, min(1, z[n,i] - y[n,i]))", "-max(-1, min(1, z[n,i] - y[n,i]))"},
};

const struct jac_module jac_module_huber = {
    .name = "huber",
    .sizes = "N",
    .nsize = 1,
    .example = "huber:3",
    .definition = "L[n] = sum(i, ind(abs(z[n,i] - y[n,i]) <= 1)*(z[n,i] - y[n,i])^2/2 + "
                  "ind(abs(z[n,i] - y[n,i]) > 1)*(abs(z[n,i] - y[n,i]) - 1/2))",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
