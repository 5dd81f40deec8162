/* A group of numbers, normalised: with the digits in which they differ, at any size. */
#include "layers/norm_internal.h"

#include <math.h>

double jac_norm_unit(const struct norm *m, const gsl_matrix *z, size_t g) {
  double largest = 0.0;
  for (size_t a = 0; a < group_size(m); a++)
    largest = fmax(largest, fabs(get(m, z, g, a)));
  return largest > 1e100 ? 0x1p-700 : largest < 1e-100 ? 0x1p400 : 1.0;
}

/* What a + b loses to rounding, s being the sum (Knuth). */
static double lost(double a, double b, double s) {
  double back = s - a;
  return (a - (s - back)) + (b - back);
}

void jac_take_mean(double *x, size_t n) {
  double sum = 0.0, rest = 0.0;
  for (size_t a = 0; a < n; a++) {
    double next = sum + x[a];
    rest += lost(sum, x[a], next);
    sum = next;
  }
  double mean = sum / (double)n;
  rest = (fma(-mean, (double)n, sum) + rest) / (double)n;
  for (size_t a = 0; a < n; a++) {
    double off = x[a] - mean;
    x[a] = off + (lost(x[a], -mean, off) - rest);
  }
}

double jac_normalise(const struct norm *m, const gsl_matrix *z, size_t g, double *x) {
  size_t n = group_size(m);
  double unit = jac_norm_unit(m, z, g), squares = 0.0;
  for (size_t a = 0; a < n; a++)
    x[a] = get(m, z, g, a) * unit;
  if (m->family->center)
    jac_take_mean(x, n);
  for (size_t a = 0; a < n; a++)
    squares += x[a] * x[a];
  double variance = squares / (double)n + JAC_NORM_EPS * unit * unit;
  if (variance == 0.0) /* all are equal, and so large that eps vanished */
    return 1.0 / sqrt(JAC_NORM_EPS);
  double scale = 1.0 / sqrt(variance);
  for (size_t a = 0; a < n; a++) { /* what vanished in these units is scaled at once */
    double own = get(m, z, g, a);
    bool vanished = !m->family->center && fabs(own * unit) < 1e-290;
    x[a] = vanished ? own * (scale * unit) : x[a] * scale;
  }
  return scale * unit;
}
