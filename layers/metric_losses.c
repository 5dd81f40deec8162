/* Losses of how near embeddings are.
 *
 * cosine-loss: 1 - cos(z, y) where the two belong together; apart: max(0, cos - margin).
 * triplet: an anchor z is to be nearer to y than to q by a margin (Schroff et al. 2015):
 * max(0, ||z - y|| - ||z - q|| + margin). Where the margin is just kept, and
 * where two are equal, there is a kink; the derivative there is 0. */
#include "jacobian/text.h"
#include "layers/across.h"
#include "layers/loss.h"
#include "layers/stable.h"

#include <math.h>

enum { Z = JAC_LOSS_Z, Y = JAC_LOSS_Y, Q = JAC_LOSS_MORE };

static double norm(const double *x, size_t n) {
  return jac_distance(x, NULL, n);
}

static double cosine(const struct jac_loss_sample *s) {
  double sum = 0.0, a = norm(s->x[Z], s->n), b = norm(s->x[Y], s->n);
  for (size_t i = 0; i < s->n; i++)
    sum += s->x[Z][i] / a * (s->x[Y][i] / b);
  return sum;
}

/* The gradient of the cosine, times a factor: what of y is orthogonal to z, over
 * ||z|| ||y||. */
static void cosine_gradient(const struct jac_loss_sample *s, size_t wrt, double factor,
                            double *row) {
  const double *own = s->x[wrt], *other = s->x[wrt == Z ? Y : Z];
  double a = norm(own, s->n), b = norm(other, s->n);
  struct jac_across across = jac_across_of(s->n, other, own, 1);
  for (size_t i = 0; i < s->n; i++)
    row[i] = factor == 0.0
                 ? 0.0
                 : factor * jac_across_entry(&across, i, other[i], own[i]) / b / a;
}

/* By the quotient rule, over common denominators. */
static void cosine_fast(const struct jac_loss_sample *s, size_t wrt, double factor,
                        double *row) {
  const double *own = s->x[wrt], *other = s->x[wrt == Z ? Y : Z];
  double a = norm(own, s->n), b = norm(other, s->n), inner = 0.0;
  for (size_t i = 0; i < s->n; i++)
    inner += own[i] / a * (other[i] / b);
  for (size_t i = 0; i < s->n; i++)
    row[i] = factor == 0.0
                 ? 0.0
                 : factor / a * (other[i] / b) - factor / a * inner * (own[i] / a);
}

static double together_cost(const struct jac_loss_sample *s) {
  return 1.0 - cosine(s);
}

static void together_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  cosine_gradient(s, wrt, -1.0, row);
}

static void together_fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  cosine_fast(s, wrt, -1.0, row);
}

static double apart_cost(const struct jac_loss_sample *s) {
  double over = cosine(s) - s->c;
  return over <= 0.0 ? 0.0 : over;
}

static void apart_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  cosine_gradient(s, wrt, cosine(s) > s->c ? 1.0 : 0.0, row);
}

static void apart_fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  cosine_fast(s, wrt, cosine(s) > s->c ? 1.0 : 0.0, row);
}

#define COSINE "sum(i, z[n,i]*y[n,i])/(sqrt(sum(i, z[n,i]^2))*sqrt(sum(i, y[n,i]^2)))"
#define COSINE_WHERE                                                                     \
  "c[n] = sum(i, z[n,i]*y[n,i])/(a[n]*b[n]); "                                           \
  "a[n] = sqrt(sum(i, z[n,i]^2)); b[n] = sqrt(sum(i, y[n,i]^2))"

static const struct jac_loss apart = {
    .cost = apart_cost,
    .gradient = apart_gradient,
    .fast = apart_fast,
    .cost_text = "max(0, " COSINE " - margin)",
    .entry = {"ind(c[n] > margin)*(y[n,i]/b[n] - c[n]*z[n,i]/a[n])/a[n]",
              "ind(c[n] > margin)*(z[n,i]/a[n] - c[n]*y[n,i]/b[n])/b[n]"},
    .where = COSINE_WHERE,
    .constant_name = "margin",
    .least = -1.0,
    .most = 1.0,
};

static const struct jac_loss together = {
    .cost = together_cost,
    .gradient = together_gradient,
    .fast = together_fast,
    .cost_text = "1 - " COSINE,
    .entry = {"-(y[n,i]/b[n] - c[n]*z[n,i]/a[n])/a[n]",
              "-(z[n,i]/a[n] - c[n]*y[n,i]/b[n])/b[n]"},
    .where = COSINE_WHERE,
    .flag = "apart",
    .flagged = &apart,
};

static const struct jac_module_option cosine_options[] = {
    JAC_LOSS_REDUCTION,
    {"apart", NULL, N_("z and y are to differ: the cost is max(0, cos - margin)")},
    {"margin", "0", N_("with apart: the cosine that costs nothing yet")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_cosine_loss = {
    .name = "cosine-loss",
    .matrices = "1 - sum(z .* y)/(norm(z)*norm(y))",
    .sizes = "N",
    .nsize = 1,
    .example = "cosine-loss:3",
    .definition = "L[n] = 1 - " COSINE,
    .options = cosine_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &together,
};

/* ||z - x[v]|| */
static double apart_from(const struct jac_loss_sample *s, size_t v) {
  return jac_distance(s->x[Z], s->x[v], s->n);
}

/* What of two distances is added, that their sum be a number. */
static double part_of(double near, double far) {
  return isfinite(near + far) ? 1.0 : 0.5;
}

/* ||z - q|| - ||z - y||, as the difference of the squares over the sum: far from both the
 * distances are nearly equal, and their difference would be rounding. */
static double farther(const struct jac_loss_sample *s, double near, double far) {
  double sum = 0.0, part = part_of(near, far), both = part * near + part * far;
  for (size_t i = 0; i < s->n && both != 0.0; i++)
    sum += (s->x[Y][i] - s->x[Q][i]) * (part * ((s->x[Z][i] - s->x[Y][i]) / both) +
                                        part * ((s->x[Z][i] - s->x[Q][i]) / both));
  return isfinite(sum) ? sum : far - near;
}

static double triplet_over(const struct jac_loss_sample *s) {
  return s->c - farther(s, apart_from(s, Y), apart_from(s, Q));
}

static double triplet_cost(const struct jac_loss_sample *s) {
  double over = triplet_over(s);
  return over <= 0.0 ? 0.0 : over;
}

/* The unit vector from x[v] to z, d away, at i; 0 where they are equal. */
static double direction(const struct jac_loss_sample *s, size_t v, double d, size_t i) {
  return d == 0.0 ? 0.0 : (s->x[Z][i] - s->x[v][i]) / d;
}

/* The difference of the two directions, which are nearly one where z is far away. */
static double turn(const struct jac_loss_sample *s, double near, double far, size_t i) {
  double by = farther(s, near, far) / far;
  if (near == 0.0 || far == 0.0 || !(fabs(by) < 0.5))
    return direction(s, Y, near, i) - direction(s, Q, far, i);
  return direction(s, Y, near, i) * by + (s->x[Q][i] - s->x[Y][i]) / far;
}

static void triplet_gradient(const struct jac_loss_sample *s, size_t wrt, double *row) {
  double near = apart_from(s, Y), far = apart_from(s, Q);
  bool over = triplet_over(s) > 0.0;
  for (size_t i = 0; i < s->n; i++)
    row[i] = !over      ? 0.0
             : wrt == Z ? turn(s, near, far, i)
             : wrt == Y ? -direction(s, Y, near, i)
                        : direction(s, Q, far, i);
}

/* Distance by distance; where these are nearly one, from the middle of y and q: with
 * w = z - (y + q)/2 and d = y - q the directions are (w - d/2)/near and (w + d/2)/far. */
static void triplet_fast(const struct jac_loss_sample *s, size_t wrt, double *row) {
  double near = apart_from(s, Y), far = apart_from(s, Q), inner = 0.0;
  double part = part_of(near, far), both = part * near + part * far;
  const double *z = s->x[Z], *y = s->x[Y], *q = s->x[Q];
  for (size_t i = 0; i < s->n && both != 0.0; i++)
    inner += part * ((z[i] - 0.5 * y[i] - 0.5 * q[i]) / both) * (y[i] - q[i]);
  double ratio = near > 0.0 && far > 0.0 ? far / near : 0.0;
  bool alike = ratio > 0.5 && ratio < 1.5;
  bool over = alike ? 2.0 * inner < s->c : near + s->c > far;
  for (size_t i = 0; i < s->n; i++) {
    double w = z[i] - 0.5 * y[i] - 0.5 * q[i], d = y[i] - q[i];
    double a = near > 0.0 ? (z[i] - y[i]) / near : 0.0;
    double b = far > 0.0 ? (z[i] - q[i]) / far : 0.0;
    double turned =
        alike ? 2.0 * inner / near * (w / far) - (0.5 + 0.5 / ratio) * (d / near) : a - b;
    row[i] = !over ? 0.0 : wrt == Z ? turned : wrt == Y ? -a : b;
  }
}

#define NEAR "sqrt(sum(i, (z[n,i] - y[n,i])^2))"
#define FAR "sqrt(sum(i, (z[n,i] - q[n,i])^2))"

static const struct jac_loss triplet = {
    .cost = triplet_cost,
    .gradient = triplet_gradient,
    .fast = triplet_fast,
    .cost_text = "max(0, " NEAR " - " FAR " + margin)",
    .entry = {"ind(a[n] + margin > b[n])*((z[n,i] - y[n,i])/a[n] - (z[n,i] - "
              "q[n,i])/b[n])",
              "ind(a[n] + margin > b[n])*(y[n,i] - z[n,i])/a[n]"},
    .where = "a[n] = " NEAR "; b[n] = " FAR,
    .more = {{"q", "q", JAC_REAL, "ind(a[n] + margin > b[n])*(z[n,i] - q[n,i])/b[n]",
              false}},
    .constant_name = "margin",
    .constant = 1.0,
    .most = 1e300,
};

static const struct jac_module_option triplet_options[] = {
    JAC_LOSS_REDUCTION,
    {"margin", "1", N_("by how much nearer y must be than q")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_triplet = {
    .name = "triplet",
    .matrices = "max(0, norm(z - y) - norm(z - q) + margin)",
    .sizes = "N",
    .nsize = 1,
    .example = "triplet:3",
    .definition = "L[n] = max(0, " NEAR " - " FAR " + margin)",
    .options = triplet_options,
    .make = jac_loss_make,
    .loss = true,
    .family = &triplet,
};
