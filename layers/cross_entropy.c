/* cross-entropy of logits z against a distribution y, a sample:
 * L[n] = -sum_i y[n,i] log s[n,i], s = softmax(z).
 *
 * Its gradient is s sum(y) - y for z, which is s - y where y sums to 1, and -log s for y.
 */
#include "layers/loss.h"
#include "layers/stable.h"

/* log s_i = (z_i - largest) - rest: no overflow, and no cancellation where s_i is near 1.
 */
static double cost(const double *z, const double *y, size_t n) {
  double largest, rest = jac_log_sum_exp(z, n, &largest), sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += y[i] == 0.0 ? 0.0 : y[i] * (rest - (z[i] - largest));
  return sum;
}

static double total(const double *y, size_t n) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += y[i];
  return sum;
}

static void gradient(const double *z, const double *y, size_t n, size_t wrt,
                     double *row) {
  if (wrt == JAC_LOSS_Z) {
    double sum = total(y, n);
    jac_softmax_row(z, n, row);
    for (size_t i = 0; i < n; i++)
      row[i] = row[i] * sum - y[i];
    return;
  }
  double largest, rest = jac_log_sum_exp(z, n, &largest);
  for (size_t i = 0; i < n; i++)
    row[i] = rest - (z[i] - largest);
}

/* By the chain rule through log s instead: sum_j -y_j (delta_ij - s_i). */
static void fast(const double *z, const double *y, size_t n, size_t wrt, double *row) {
  double largest, rest = jac_log_sum_exp(z, n, &largest), sum = total(y, n);
  if (wrt == JAC_LOSS_Z)
    jac_softmax_row(z, n, row);
  for (size_t i = 0; i < n; i++)
    row[i] = wrt == JAC_LOSS_Y ? (largest - z[i]) + rest
                               : row[i] * (sum - y[i]) - y[i] * (1.0 - row[i]);
}

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, y[n,i]*log(exp(z[n,i]) / sum(j, exp(z[n,j]))))",
    .entry = {"s[n,i]*sum(j, y[n,j]) - y[n,i]", "-log(s[n,i])"},
    .where = "s[n,i] = exp(z[n,i]) / sum(j, exp(z[n,j]))",
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
};

const struct jac_module jac_module_cross_entropy = {
    .name = "cross-entropy",
    .matrices = "-sum(y .* logsoftmax(z))",
    .sizes = "N",
    .nsize = 1,
    .example = "cross-entropy:3",
    .definition = "L[n] = -sum(i, y[n,i]*log(exp(z[n,i]) / sum(j, exp(z[n,j]))))",
    .options = jac_loss_options,
    .make = jac_loss_make,
    .family = &loss,
};
