/* hinge: with y the class k (Weston and Watkins 1999), the sum over the other classes of
 * what they lack of a margin below z_k: L[n] = sum_{j != k} max(0, margin - z_k + z_j);
 * of a distribution y that is weighted by y. Its gradient has 1 at every class that
 * lacks, and minus their number at k.
 *
 * binary: each feature by itself, y being 1 or -1: sum_i max(0, margin - y_i z_i). A
 * margin that is just kept is a kink; the derivative there is 0. */
#include "jacobian/text.h"
#include "layers/loss.h"

#include <gsl/gsl_math.h>
#include <math.h>

/* What class j lacks of the margin below class k. */
static double lack(const struct jac_loss_sample *s, size_t k, size_t j) {
  return s->c - s->x[JAC_LOSS_Z][k] + s->x[JAC_LOSS_Z][j];
}

static double cost(const struct jac_loss_sample *s) {
  double sum = 0.0;
  for (size_t k = 0; k < s->n; k++)
    for (size_t j = 0; j < s->n; j++)
      if (j != k && !(lack(s, k, j) <= 0.0) && s->x[JAC_LOSS_Y][k] != 0.0)
        sum += s->x[JAC_LOSS_Y][k] * lack(s, k, j);
  return sum;
}

static void gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++) {
    row[i] = 0.0;
    for (size_t j = 0; j < s->n; j++)
      if (j != i && wrt == JAC_LOSS_Z)
        row[i] += (lack(s, j, i) > 0.0 ? y[j] : 0.0) - (lack(s, i, j) > 0.0 ? y[i] : 0.0);
      else if (j != i)
        row[i] += fmax(lack(s, i, j), 0.0);
  }
}

/* Class by class what each pair adds. */
static void fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  for (size_t i = 0; i < s->n; i++)
    row[i] = 0.0;
  for (size_t k = 0; k < s->n; k++)
    for (size_t j = 0; j < s->n; j++)
      if (j != k && lack(s, k, j) > 0.0) {
        row[k] += wrt == JAC_LOSS_Z ? -s->x[JAC_LOSS_Y][k] : lack(s, k, j);
        row[j] += wrt == JAC_LOSS_Z ? s->x[JAC_LOSS_Y][k] : 0.0;
      }
}

static double binary_cost(const struct jac_loss_sample *s) {
  double sum = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    double lacks = s->c - s->x[JAC_LOSS_Y][i] * s->x[JAC_LOSS_Z][i];
    sum += lacks <= 0.0 ? 0.0 : lacks;
  }
  return sum;
}

static void binary_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  const double *z = s->x[JAC_LOSS_Z], *y = s->x[JAC_LOSS_Y];
  for (size_t i = 0; i < s->n; i++)
    row[i] = s->c - y[i] * z[i] > 0.0 ? -(wrt == JAC_LOSS_Z ? y[i] : z[i]) : 0.0;
}

static const struct jac_loss binary = {
    .cost = binary_cost,
    .gradient = binary_gradient,
    .fast = binary_gradient,
    .cost_text = "sum(i, max(0, margin - y[n,i]*z[n,i]))",
    .entry = {"-y[n,i]*ind(y[n,i]*z[n,i] < margin)",
              "-z[n,i]*ind(y[n,i]*z[n,i] < margin)"},
    .domain = {JAC_REAL, JAC_SIGN},
    .constant_name = "margin",
    .constant = 1.0,
    .most = 1e300,
};

static const struct jac_loss loss = {
    .cost = cost,
    .gradient = gradient,
    .fast = fast,
    .cost_text = "sum(i, sum(j, y[n,i]*ind(i != j)*max(0, margin - z[n,i] + z[n,j])))",
    .entry = {"sum(j, ind(i != j)*(y[n,j]*ind(margin - z[n,j] + z[n,i] > 0) - "
              "y[n,i]*ind(margin - z[n,i] + z[n,j] > 0)))",
              "sum(j, ind(i != j)*max(0, margin - z[n,i] + z[n,j]))"},
    .domain = {JAC_REAL, JAC_DISTRIBUTION},
    .constant_name = "margin",
    .constant = 1.0,
    .most = 1e300,
    .flag = "binary",
    .flagged = &binary,
};

static const struct jac_module_option options[] = {
    JAC_LOSS_REDUCTION,
    {"margin", "1", N_("by how much the right class must be ahead")},
    {"binary", NULL, N_("each feature by itself, y being 1 or -1")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_hinge = {
    .name = "hinge",
    .sizes = "N",
    .nsize = 1,
    .example = "hinge:3",
    .definition =
        "L[n] = sum(i, sum(j, y[n,i]*ind(i != j)*max(0, margin - z[n,i] + z[n,j])))",
    .options = options,
    .make = jac_loss_make,
    .loss = true,
    .family = &loss,
};
