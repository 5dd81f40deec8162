/* focal: the cross-entropy of logits z against y, in which what is known well counts less
 * (Lin et al. 2017): L[n] = -sum_i y[n,i] (1 - s[n,i])^gamma log s[n,i], s = softmax(z).
 *
 * With d_i = s_i times the derivative of -(1 - s_i)^gamma log s_i by s_i, which is
 * gamma s_i (1 - s_i)^(gamma - 1) log s_i - (1 - s_i)^gamma, softmax's Jacobian gives
 * d L / d z_i = y_i d_i - s_i sum_j y_j d_j; gamma = 0 is the cross-entropy. */
#include "jacobian/text.h"
#include "layers/loss.h"
#include "layers/stable.h"

#include <math.h>

/* s_i, 1 - s_i and log s_i, none of them by a difference that cancels. */
struct class {
  double s, rest, log;
};

/* The logarithm of the sum of all exponentials, of which the largest has its own place.
 */
struct total {
  double largest, rest;
};

static struct total total(const struct jac_loss_sample *s) {
  struct total t;
  t.rest = jac_log_sum_exp(s->x[JAC_LOSS_Z], s->n, &t.largest);
  return t;
}

static struct class class(const struct jac_loss_sample *s, struct total t, size_t i) {
  double log = (s->x[JAC_LOSS_Z][i] - t.largest) - t.rest;
  return (struct class){exp(log), -expm1(log), log};
}

static double cost(const struct jac_loss_sample *s) {
  struct total t = total(s);
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    struct class k = class(s, t, i);
    sum -= s->x[JAC_LOSS_Y][i] == 0.0 ? 0.0
                                      : s->x[JAC_LOSS_Y][i] * pow(k.rest, s->c) * k.log;
  }
  return sum;
}

/* d_i */
static double slope(const struct jac_loss_sample *s, struct class k) {
  double first =
      s->c == 0.0 || k.rest == 0.0 ? 0.0 : s->c * k.s * pow(k.rest, s->c - 1.0) * k.log;
  return first - pow(k.rest, s->c);
}

/* y_i d_i (1 - s_i) - s_i (sum of the other y_j d_j): those before i, then those after.
 */
static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *y = s->x[JAC_LOSS_Y];
  struct total t = total(s);
  double before = 0.0, after = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    struct class k = class(s, t, i);
    row[i] = wrt == JAC_LOSS_Z ? before : -pow(k.rest, s->c) * k.log;
    before += y[i] * slope(s, k);
  }
  for (size_t i = s->n; i-- > 0 && wrt == JAC_LOSS_Z;) {
    struct class k = class(s, t, i);
    double own = y[i] * slope(s, k);
    row[i] = own * k.rest - k.s * (row[i] + after);
    after += own;
  }
}

/* Through log s: its Jacobian is delta_ij - s_j, and the cost's derivative by log s_i is
 * y_i d_i. */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *y = s->x[JAC_LOSS_Y];
  struct total t = total(s);
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    struct class k = class(s, t, i);
    double near = pow(k.rest, s->c);
    row[i] = wrt == JAC_LOSS_Y ? near * -k.log : y[i] * slope(s, k);
    sum += row[i];
  }
  for (size_t i = 0; i < s->n && wrt == JAC_LOSS_Z; i++)
    row[i] -= class(s, t, i).s * sum;
}

#define S "exp(z[n,i]) / sum(j, exp(z[n,j]))"
#define STEADY                                                                           \
  "M[n] = max(j, z[n,j]); P[n,i] = z[n,i] - M[n] - log(sum(j, exp(z[n,j] - M[n])))"

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, y[n,i]*(1 - s[n,i])^gamma*log(s[n,i]))",
    .entry = {"y[n,i]*d[n,i] - s[n,i]*sum(j, y[n,j]*d[n,j])",
              "-(1 - s[n,i])^gamma*log(s[n,i])"},
    .where = "s[n,i] = " S "; d[n,i] = gamma*s[n,i]*(1 - s[n,i])^(gamma - "
             "1)*log(s[n,i]) - (1 - s[n,i])^gamma",
    .steady = "-sum(i, y[n,i]*(1 - exp(P[n,i]))^gamma*P[n,i])",
    .steady_where = STEADY,
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "gamma",
    .constant = 2.0,
    .most = 100.0,
};

static const struct jac_module_option options[] = {
    JAC_LOSS_REDUCTION,
    {"gamma", "2", N_("how much less counts what is known well; 0: cross-entropy")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_focal = {
    .name = "focal",
    .sizes = "N",
    .nsize = 1,
    .example = "focal:3",
    .definition = "L[n] = -sum(i, y[n,i]*(1 - s[n,i])^gamma*log(s[n,i]))",
    .options = options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
