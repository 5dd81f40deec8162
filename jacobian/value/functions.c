/* Functions of one number: the value and the derivatives up to an order, in forms that
 * keep their digits far out too. */
#include "jacobian/value/field.h"

#include <math.h>

static const double pi = 3.14159265358979323846, half_root = 0.70710678118654752440;

/* A row: the function's name, its construct, and what fills d[0..3]. All four are
 * computed; order says how many are wanted. */
#define FUNCTION(name, ID)                                                               \
  static void name##_all(double x, double d[4]);                                         \
  static void name##_real(double x, size_t order, double *d) {                           \
    double all[4];                                                                       \
    name##_all(x, all);                                                                  \
    for (size_t k = 0; k <= order; k++)                                                  \
      d[k] = all[k];                                                                     \
  }                                                                                      \
  const struct jac_function jac_f_##name = {JAC_C_##ID, name##_real};                    \
  static void name##_all(double x, double d[4])

static void fill(double d[4], double a, double b, double c, double e) {
  d[0] = a;
  d[1] = b;
  d[2] = c;
  d[3] = e;
}

FUNCTION(exp, EXP) {
  double y = exp(x);
  fill(d, y, y, y, y);
}

/* Below 0 there is no logarithm, and no slope of it. */
FUNCTION(log, LOG) {
  double y = log(x), r = x < 0.0 ? NAN : 1.0 / x;
  fill(d, y, r, -r * r, 2.0 * r * r * r);
}

FUNCTION(tanh, TANH) {
  double t = tanh(x), c = cosh(x), s = 1.0 / (c * c);
  fill(d, t, s, -2.0 * t * s, s * (4.0 * t * t - 2.0 * s));
}

/* s(x) and s(-x), each to its last digits. */
static void logistic(double x, double *s, double *other) {
  double small = exp(-fabs(x)), large = 1.0 / (1.0 + small);
  *s = x >= 0.0 ? large : small * large;
  *other = x >= 0.0 ? small * large : large;
}

FUNCTION(sigmoid, SIGMOID) {
  double s, o;
  logistic(x, &s, &o);
  fill(d, s, s * o, s * o * (o - s), s * o * (1.0 - 6.0 * s * o));
}

FUNCTION(softplus, SOFTPLUS) {
  double s, o;
  logistic(x, &s, &o);
  fill(d, fmax(x, 0.0) + log1p(exp(-fabs(x))), s, s * o, s * o * (o - s));
}

FUNCTION(silu, SILU) {
  double s, o;
  logistic(x, &s, &o);
  double s1 = s * o, s2 = s1 * (o - s), s3 = s1 * (1.0 - 6.0 * s1);
  fill(d, x * s, s + x * s1, 2.0 * s1 + x * s2, 3.0 * s2 + x * s3);
}

/* By the field's convention the slope at 0 is 0. */
FUNCTION(relu, RELU) {
  fill(d, x > 0.0 || isnan(x) ? x : 0.0, x > 0.0, 0.0, 0.0);
}

FUNCTION(step, HEAVISIDE) {
  fill(d, x > 0.0, 0.0, 0.0, 0.0);
}

FUNCTION(abs, ABS) {
  fill(d, fabs(x), (x > 0.0) - (x < 0.0), 0.0, 0.0);
}

FUNCTION(sign, SIGN) {
  fill(d, (x > 0.0) - (x < 0.0), 0.0, 0.0, 0.0);
}

FUNCTION(sqrt, SQRT) {
  double y = sqrt(x), r = 1.0 / y;
  fill(d, y, 0.5 * r, -0.25 * r / x, 0.375 * r / x / x);
}

FUNCTION(reciprocal, RECIPROCAL) {
  double r = 1.0 / x;
  fill(d, r, -r * r, 2.0 * r * r * r, -6.0 * r * r * r * r);
}

FUNCTION(erf, ERF) {
  double g = 2.0 / sqrt(pi) * exp(-x * x);
  fill(d, erf(x), g, -2.0 * x * g, (4.0 * x * x - 2.0) * g);
}

/* The logarithmic derivative of the gamma function and its first two derivatives, x > 0:
 * by recurrence up to 12, from there by their series (Abramowitz and
 * Stegun 6.3.18, 6.4.11). */
static void polygamma(double x, double psi[3]) {
  static const double bernoulli[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                                     5.0 / 66, -691.0 / 2730, 7.0 / 6};
  double below[3] = {0.0, 0.0, 0.0};
  while (x < 12.0) {
    below[0] += 1.0 / x;
    below[1] += 1.0 / (x * x);
    below[2] += 2.0 / (x * x * x);
    x += 1.0;
  }
  double r = 1.0 / x, power = 1.0;
  psi[0] = log(x) - 0.5 * r;
  psi[1] = r + 0.5 * r * r;
  psi[2] = -r * r - r * r * r;
  for (int k = 1; k <= 7; k++) {
    power *= r * r;
    double t = bernoulli[k - 1] * power;
    psi[0] -= t / (2 * k);
    psi[1] += t * r;
    psi[2] -= (2 * k + 1) * t * r * r;
  }
  psi[0] -= below[0];
  psi[1] += below[1];
  psi[2] -= below[2];
}

/* The gamma function of x + 1, where it is that of no negative number. */
FUNCTION(factorial, FACTORIAL) {
  double f = x > -1.0 ? tgamma(x + 1.0) : NAN, p[3] = {NAN, NAN, NAN};
  if (x > -1.0)
    polygamma(x + 1.0, p);
  fill(d, f, f * p[0], f * (p[0] * p[0] + p[1]),
       f * (p[0] * p[0] * p[0] + 3.0 * p[0] * p[1] + p[2]));
}

FUNCTION(density, DENSITY) {
  double g = exp(-0.5 * x * x) / sqrt(2.0 * pi);
  fill(d, g, -x * g, (x * x - 1.0) * g, (3.0 - x * x) * x * g);
}

FUNCTION(normal, NORMAL) {
  double g = exp(-0.5 * x * x) / sqrt(2.0 * pi);
  fill(d, 0.5 * erfc(-x * half_root), g, -x * g, (x * x - 1.0) * g);
}

/* x Phi(x) */
FUNCTION(gelu, GELU) {
  double g = exp(-0.5 * x * x) / sqrt(2.0 * pi), p = 0.5 * erfc(-x * half_root);
  fill(d, x * p, p + x * g, (2.0 - x * x) * g, (x * x - 4.0) * x * g);
}

FUNCTION(sin, SIN) {
  double s = sin(x), c = cos(x);
  fill(d, s, c, -s, -c);
}

FUNCTION(cos, COS) {
  double s = sin(x), c = cos(x);
  fill(d, c, -s, -c, s);
}

FUNCTION(tan, TAN) {
  double t = tan(x), c = cos(x), s = 1.0 / (c * c);
  fill(d, t, s, 2.0 * t * s, s * (2.0 * s + 4.0 * t * t));
}

FUNCTION(sec, SEC) {
  double y = 1.0 / cos(x), t = tan(x);
  fill(d, y, y * t, y * (2.0 * y * y - 1.0), y * t * (6.0 * y * y - 1.0));
}

FUNCTION(csc, CSC) {
  double y = 1.0 / sin(x), t = cos(x) * y;
  fill(d, y, -y * t, y * (2.0 * y * y - 1.0), -y * t * (6.0 * y * y - 1.0));
}

FUNCTION(cot, COT) {
  double r = 1.0 / sin(x), t = cos(x) * r, s = r * r;
  fill(d, t, -s, 2.0 * t * s, -s * (2.0 * s + 4.0 * t * t));
}

FUNCTION(sinh, SINH) {
  double s = sinh(x), c = cosh(x);
  fill(d, s, c, s, c);
}

FUNCTION(cosh, COSH) {
  double s = sinh(x), c = cosh(x);
  fill(d, c, s, c, s);
}

FUNCTION(sech, SECH) {
  double y = 1.0 / cosh(x), t = tanh(x);
  fill(d, y, -y * t, y * (2.0 * t * t - 1.0), y * t * (5.0 - 6.0 * t * t));
}

FUNCTION(csch, CSCH) {
  double y = 1.0 / sinh(x), t = 1.0 / tanh(x);
  fill(d, y, -y * t, y * (2.0 * t * t - 1.0), y * t * (5.0 - 6.0 * t * t));
}

FUNCTION(coth, COTH) {
  double y = 1.0 / sinh(x), t = 1.0 / tanh(x), s = y * y;
  fill(d, t, -s, 2.0 * t * s, -s * (2.0 * s + 4.0 * t * t));
}

FUNCTION(atan, ATAN) {
  double r = 1.0 / (1.0 + x * x);
  fill(d, atan(x), r, -2.0 * x * r * r, (6.0 * x * x - 2.0) * r * r * r);
}

FUNCTION(asin, ASIN) {
  double q = (1.0 - x) * (1.0 + x), r = 1.0 / sqrt(q);
  fill(d, asin(x), r, x * r / q, (1.0 + 2.0 * x * x) * r / q / q);
}

FUNCTION(acos, ACOS) {
  double q = (1.0 - x) * (1.0 + x), r = 1.0 / sqrt(q);
  fill(d, acos(x), -r, -x * r / q, -(1.0 + 2.0 * x * x) * r / q / q);
}

FUNCTION(asinh, ASINH) {
  double q = 1.0 + x * x, r = 1.0 / sqrt(q);
  fill(d, asinh(x), r, -x * r / q, (2.0 * x * x - 1.0) * r / q / q);
}

FUNCTION(acosh, ACOSH) {
  double q = (x - 1.0) * (x + 1.0), r = x > 1.0 ? 1.0 / sqrt(q) : NAN;
  fill(d, acosh(x), r, -x * r / q, (2.0 * x * x + 1.0) * r / q / q);
}

FUNCTION(atanh, ATANH) {
  double r = fabs(x) < 1.0 ? 1.0 / ((1.0 - x) * (1.0 + x)) : NAN;
  fill(d, atanh(x), r, 2.0 * x * r * r, (6.0 * x * x + 2.0) * r * r * r);
}
