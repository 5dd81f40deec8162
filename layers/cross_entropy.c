/* cross-entropy of logits z against a distribution y, a sample:
 * L[n] = -sum_i y[n,i] log s[n,i], s = softmax(z).
 *
 * Its gradient is s sum(y) - y for z, which is s - y where y sums to 1, and -log s for y.
 * Smoothing takes t = (1 - smoothing) y + smoothing/N for y, and weights of classes w
 * take w t: all that follows has t where y stands above. A class that is ignored has 0
 * for y, and smoothing spreads what is left: y without it has q for y, smoothing
 * sum(q)/N. */
#include "jacobian/text.h"
#include "layers/loss.h"
#include "layers/stable.h"

#include <math.h>

enum { WEIGHT = JAC_LOSS_MORE };

/* What smoothing spreads: 1, or the sum of y over the classes that count. */
static double spread(const struct jac_loss_sample *s) {
  double sum = s->ignore > 0 ? 0.0 : 1.0;
  for (size_t i = 0; i < s->n && s->ignore > 0; i++)
    sum += jac_loss_label(s, i);
  return sum;
}

/* What every class has of that; taken once, for it is a sum. */
static double share(const struct jac_loss_sample *s) {
  return s->c == 0.0 ? 0.0 : s->c / (double)s->n * spread(s);
}

static double smooth(const struct jac_loss_sample *s, double share, size_t i) {
  double y = jac_loss_label(s, i);
  return s->c == 0.0 ? y : (1.0 - s->c) * y + share;
}

static double weight(const struct jac_loss_sample *s, size_t i) {
  return s->x[WEIGHT] != NULL ? s->x[WEIGHT][i] : 1.0;
}

static double target(const struct jac_loss_sample *s, double share, size_t i) {
  return weight(s, i) * smooth(s, share, i);
}

/* log s_i = (z_i - largest) - rest: no overflow, and no cancellation where s_i is near 1.
 */
static double cost(const struct jac_loss_sample *s) {
  const double *z = s->x[JAC_LOSS_Z];
  double largest, rest = jac_log_sum_exp(z, s->n, &largest), sum = 0.0;
  double even = share(s);
  for (size_t i = 0; i < s->n; i++) {
    double t = target(s, even, i);
    sum += t == 0.0 ? 0.0 : t * (rest - (z[i] - largest));
  }
  return sum;
}

static double total(const struct jac_loss_sample *s) {
  double sum = 0.0, even = share(s);
  for (size_t i = 0; i < s->n; i++)
    sum += target(s, even, i);
  return sum;
}

/* The sum of all t but t_i, from all of them; where t_i is most of these, from the
 * others. */
static double other_targets(const struct jac_loss_sample *s, double even, double all,
                            size_t i) {
  double t = target(s, even, i), sum = 0.0;
  if (fabs(t) <= 0.5 * fabs(all))
    return all - t;
  for (size_t j = 0; j < s->n; j++)
    sum += j == i ? 0.0 : target(s, even, j);
  return sum;
}

/* s_i (sum of the other t) - t_i (1 - s_i): where s_i and t_i are near 1, as they are
 * when a class is learnt, s_i - t_i would cancel. */
static void by_logits(const struct jac_loss_sample *s, double *row) {
  const double *z = s->x[JAC_LOSS_Z];
  double largest, rest = jac_log_sum_exp(z, s->n, &largest);
  double even = share(s), all = total(s);
  jac_softmax_row(z, s->n, row);
  for (size_t i = 0; i < s->n; i++) {
    double log_s = (z[i] - largest) - rest;
    double other_s = row[i] > 0.5 ? -expm1(log_s) : 1.0 - row[i];
    row[i] = row[i] * other_targets(s, even, all, i) - target(s, even, i) * other_s;
  }
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z];
  if (wrt == JAC_LOSS_Z) {
    by_logits(s, row);
    return;
  }
  double largest, rest = jac_log_sum_exp(z, s->n, &largest), even = 0.0, own = share(s);
  for (size_t i = 0; i < s->n; i++) {
    double cost_i = rest - (z[i] - largest);
    even += s->c / (double)s->n * weight(s, i) * cost_i;
    row[i] = cost_i * (wrt == WEIGHT ? smooth(s, own, i) : weight(s, i) * (1.0 - s->c));
  }
  for (size_t i = 0; i < s->n && wrt == JAC_LOSS_Y && s->ignore > 0; i++)
    row[i] = i + 1 == s->ignore ? 0.0 : row[i] + even;
}

/* 1 - s_i from the exponentials of the others. */
static double others(double s, const double *z, size_t n, size_t i) {
  double sum = 0.0;
  if (!(s > 0.5))
    return 1.0 - s;
  for (size_t j = 0; j < n; j++)
    sum += j == i ? 0.0 : exp(z[j] - z[i]);
  return s * sum;
}

/* The sum of all t but t_i; of what t_i is most of, nothing is taken away: the others are
 * added from both sides. */
static double but(const struct jac_loss_sample *s, double own, double sum, size_t i) {
  double t = target(s, own, i), before = 0.0, behind = 0.0;
  if (fabs(t) <= 0.5 * fabs(sum))
    return sum - t;
  for (size_t j = 0; j < i; j++)
    before += target(s, own, j);
  for (size_t j = s->n; j-- > i + 1;)
    behind += target(s, own, j);
  return before + behind;
}

/* By the chain rule through log s instead: sum_j -t_j (delta_ij - s_i). */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z];
  double largest, rest = jac_log_sum_exp(z, s->n, &largest), sum = total(s);
  double own = share(s), even = 0.0;
  if (wrt == JAC_LOSS_Z)
    jac_softmax_row(z, s->n, row);
  for (size_t i = 0; i < s->n; i++) {
    double t = target(s, own, i), minus_log = (largest - z[i]) + rest;
    row[i] = wrt == JAC_LOSS_Z
                 ? row[i] * but(s, own, sum, i) - t * others(row[i], z, s->n, i)
             : wrt == WEIGHT ? minus_log * smooth(s, own, i)
                             : minus_log * weight(s, i) - minus_log * weight(s, i) * s->c;
  }
  for (size_t j = 0; j < s->n; j++)
    even += weight(s, j) * s->c * ((largest - z[j]) + rest) / (double)s->n;
  for (size_t i = 0; i < s->n && wrt == JAC_LOSS_Y && s->ignore > 0; i++)
    row[i] = i + 1 == s->ignore ? 0.0 : row[i] + even;
}

#define S "exp(z[n,i]) / sum(j, exp(z[n,j]))"
#define STEADY                                                                           \
  "M[n] = max(j, z[n,j]); P[n,i] = z[n,i] - M[n] - log(sum(j, exp(z[n,j] - M[n])))"

#define Q "q[n,i] = ind(i != ignore)*y[n,i]"
#define T "t[n,i] = (1 - smoothing)*q[n,i] + smoothing/N*sum(j, q[n,j])"

static const struct jac_loss ignoring_weighted = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, w[i]*t[n,i]*log(" S "))",
    .entry = {"s[n,i]*sum(j, w[j]*t[n,j]) - w[i]*t[n,i]",
              "-ind(i != ignore)*((1 - smoothing)*w[i]*log(s[n,i]) + "
              "smoothing/N*sum(j, w[j]*log(s[n,j])))"},
    .where = "s[n,i] = " S "; " T "; " Q,
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .more = {{"w", "w", JAC_POSITIVE, "-t[n,i]*log(s[n,i])", true}},
    .weighted = true,
    .constant_name = "smoothing",
    .most = 1.0,
};

static const struct jac_loss ignoring_smoothed = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, t[n,i]*log(" S "))",
    .entry = {"s[n,i]*sum(j, t[n,j]) - t[n,i]",
              "-ind(i != ignore)*((1 - smoothing)*log(s[n,i]) + smoothing/N*sum(j, "
              "log(s[n,j])))"},
    .where = "s[n,i] = " S "; " T "; " Q,
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "smoothing",
    .most = 1.0,
};

static const struct jac_loss ignoring = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, ind(i != ignore)*y[n,i]*log(" S "))",
    .entry = {"s[n,i]*sum(j, q[n,j]) - q[n,i]", "-ind(i != ignore)*log(s[n,i])"},
    .where = "s[n,i] = " S "; " Q,
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "smoothing",
    .most = 1.0,
};

static const struct jac_loss weighted = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, w[i]*t[n,i]*log(" S "))",
    .entry = {"s[n,i]*sum(j, w[j]*t[n,j]) - w[i]*t[n,i]",
              "-(1 - smoothing)*w[i]*log(s[n,i])"},
    .where = "s[n,i] = " S "; t[n,i] = (1 - smoothing)*y[n,i] + smoothing/N",
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .more = {{"w", "w", JAC_POSITIVE, "-t[n,i]*log(s[n,i])", true}},
    .weighted = true,
    .constant_name = "smoothing",
    .most = 1.0,
    .ignoring = &ignoring_weighted,
};

static const struct jac_loss smoothed = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, ((1 - smoothing)*y[n,i] + smoothing/N)*log(" S "))",
    .entry = {"s[n,i]*sum(j, t[n,j]) - t[n,i]", "-(1 - smoothing)*log(s[n,i])"},
    .where = "s[n,i] = " S "; t[n,i] = (1 - smoothing)*y[n,i] + smoothing/N",
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "smoothing",
    .most = 1.0,
    .ignoring = &ignoring_smoothed,
};

static const struct jac_slip slips[] = {
    {"z", N_("the labels are left out"), "s[n,i]*sum(j, y[n,j])"},
    {"z", N_("softmax is left out: z stands where s is meant"), "z[n,i] - y[n,i]"},
    {"z", N_("softmax is not differentiated: it is the derivative by the probabilities"),
     "-y[n,i]/s[n,i]"},
    {NULL, NULL, NULL}};

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "-sum(i, y[n,i]*log(" S "))",
    .entry = {"s[n,i]*sum(j, y[n,j]) - y[n,i]", "-log(s[n,i])"},
    .where = "s[n,i] = " S,
    .slip = slips,
    .steady = "-sum(i, y[n,i]*P[n,i])",
    .steady_where = STEADY,
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "smoothing",
    .most = 1.0,
    .with = &smoothed,
    .flag = "weighted",
    .flagged = &weighted,
    .ignoring = &ignoring,
};

static const struct jac_module_option options[] = {
    JAC_LOSS_REDUCTION,
    {"smoothing", "0", N_("how much of y is spread evenly over the classes")},
    {"weighted", NULL, N_("a weight w for each class; the mean is weighted too")},
    JAC_LOSS_IGNORE,
    {NULL, NULL, NULL}};

const struct jac_module jac_module_cross_entropy = {
    .name = "cross-entropy",
    .matrices = "-sum(y .* logsoftmax(z))",
    .quantity = "softmax(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "cross-entropy:3",
    .definition = "L[n] = -sum(i, y[n,i]*log(" S "))",
    .options = options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
