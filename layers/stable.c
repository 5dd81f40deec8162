#include "layers/stable.h"

#include <math.h>

static double max_of(const double *z, size_t n) {
  double max = z[0];
  for (size_t j = 1; j < n; j++)
    if (z[j] > max || isnan(z[j]))
      max = z[j];
  return max;
}

/* exp(a - b), what the difference loses to rounding included (Knuth's two-sum). */
static double exp_difference(double a, double b) {
  double d = a - b, back = a - d;
  double lost = (a - (d + back)) + (back - b);
  double e = exp(d);
  return isfinite(lost) ? e + e * lost : e;
}

void jac_softmax_row(const double *z, size_t n, double *s) {
  double max = max_of(z, n), sum = 0.0;
  for (size_t j = 0; j < n; j++)
    sum += s[j] = exp_difference(z[j], max);
  for (size_t j = 0; j < n; j++)
    s[j] /= sum;
}

/* log1p of the sum without the largest term, which is 1: exact where the others vanish.
 */
double jac_log_sum_exp(const double *z, size_t n, double *largest) {
  double rest = 0.0;
  size_t at = 0;
  *largest = max_of(z, n);
  while (at + 1 < n && z[at] != *largest)
    at++;
  for (size_t j = 0; j < n; j++)
    rest += j == at ? 0.0 : exp_difference(z[j], *largest);
  return log1p(rest);
}

double jac_softmax_others(const double *s, size_t n, size_t o) {
  double others = 0.0;
  if (!(s[o] > 0.5))
    return 1.0 - s[o];
  for (size_t i = 0; i < n; i++)
    others += i == o ? 0.0 : s[i];
  return others;
}

double jac_distance(const double *a, const double *b, size_t n) {
  double largest = 0.0, squares = 0.0;
  int exponent;
  for (size_t i = 0; i < n; i++)
    largest = fmax(largest, fabs(b == NULL ? a[i] : a[i] - b[i]));
  if (isinf(largest))
    return largest;
  frexp(largest, &exponent);
  double scale = ldexp(1.0, exponent > 1000    ? -1000
                            : exponent < -1000 ? 1000
                                               : -exponent);
  for (size_t i = 0; i < n; i++) {
    double x = scale * (b == NULL ? a[i] : a[i] - b[i]);
    squares += x * x;
  }
  return sqrt(squares) / scale;
}
