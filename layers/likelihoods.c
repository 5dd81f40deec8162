/* Negative log-likelihoods of two laws, summed over the features; what does not depend on
 * z is left out, as PyTorch does.
 *
 * poisson: counts y of rate e^z: L[n] = sum_i e^{z_i} - y_i z_i; its gradient is e^z - y.
 * gaussian-nll: y of mean z and variance v: L[n] = sum_i (log v_i + (z_i - y_i)^2/v_i)/2,
 * with gradients (z - y)/v for z and (1 - (z - y)^2/v)/(2 v) for v. */
#include "layers/loss.h"

#include <math.h>

enum { V = JAC_LOSS_MORE };

static double poisson_cost(const struct jac_loss_sample *s) {
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += exp(s->x[JAC_LOSS_Z][i]) - s->x[JAC_LOSS_Y][i] * s->x[JAC_LOSS_Z][i];
  return sum;
}

static void poisson_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = wrt == JAC_LOSS_Z ? exp(z[i]) - y[i] : -z[i];
}

/* Term by term: the rate, and the product. */
static void poisson_fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  for (size_t i = 0; i < s->n; i++) {
    row[i] = -s->x[wrt == JAC_LOSS_Z ? JAC_LOSS_Y : JAC_LOSS_Z][i];
    row[i] += wrt == JAC_LOSS_Z ? 1.0 / exp(-s->x[JAC_LOSS_Z][i]) : 0.0;
  }
}

static const struct jac_loss poisson = {
    .cost = poisson_cost,
    .gradient = poisson_gradient,
    .fast = poisson_fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, exp(z[n,i]) - y[n,i]*z[n,i])",
    .entry = {"exp(z[n,i]) - y[n,i]", "-z[n,i]"},
    .domain = {JAC_REAL, JAC_POSITIVE},
};

const struct jac_module jac_module_poisson = {
    .name = "poisson",
    .matrices = "sum(exp(z) - y .* z)",
    .sizes = "N",
    .nsize = 1,
    .example = "poisson:3",
    .definition = "L[n] = sum(i, exp(z[n,i]) - y[n,i]*z[n,i])",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &poisson,
};

static double gaussian_cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++)
    sum += 0.5 * (log(s->x[V][i]) + (z[i] - y[i]) * (z[i] - y[i]) / s->x[V][i]);
  return sum;
}

static void gaussian_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++) {
    double v = s->x[V][i], off = z[i] - y[i];
    row[i] = wrt == JAC_LOSS_Z   ? off / v
             : wrt == JAC_LOSS_Y ? -off / v
                                 : (1.0 - off * off / v) / (2.0 * v);
  }
}

/* In standard deviations: the square of (z - y)/sqrt(v), and its logarithm. */
static void gaussian_fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++) {
    double root = sqrt(s->x[V][i]), off = (z[i] - y[i]) / root;
    row[i] = wrt == JAC_LOSS_Z   ? off / root
             : wrt == JAC_LOSS_Y ? (y[i] - z[i]) / root / root
                                 : 0.5 / root / root - 0.5 * off / root * (off / root);
  }
}

static const struct jac_loss gaussian = {
    .cost = gaussian_cost,
    .gradient = gaussian_gradient,
    .fast = gaussian_fast,
    .note = JAC_LOSS_SUMMED,
    .cost_text = "sum(i, log(v[n,i]) + (z[n,i] - y[n,i])^2/v[n,i])/2",
    .entry = {"(z[n,i] - y[n,i])/v[n,i]", "(y[n,i] - z[n,i])/v[n,i]"},
    .domain = {JAC_REAL, JAC_REAL},
    .more = {{"v", "v", JAC_POSITIVE, "(1 - (z[n,i] - y[n,i])^2/v[n,i])/(2*v[n,i])",
              false}},
};

const struct jac_module jac_module_gaussian_nll = {
    .name = "gaussian-nll",
    .sizes = "N",
    .nsize = 1,
    .example = "gaussian-nll:3",
    .definition = "L[n] = sum(i, log(v[n,i]) + (z[n,i] - y[n,i])^2/v[n,i])/2",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &gaussian,
};
