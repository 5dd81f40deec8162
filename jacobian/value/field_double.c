#include "jacobian/value/field.h"

#include <math.h>
#include <string.h>

typedef const struct jac_field *field_t;

static void copy(field_t f, size_t n, void *out, const void *a) {
  (void)f;
  memmove(out, a, n * sizeof(double));
}

static void set(field_t f, void *out, double x) {
  (void)f;
  *(double *)out = x;
}

static void add(field_t f, size_t n, void *out, const void *a, const void *b) {
  double *o = out;
  const double *x = a, *y = b;
  (void)f;
  for (size_t i = 0; i < n; i++)
    o[i] = x[i] + y[i];
}

static void subtract(field_t f, size_t n, void *out, const void *a, const void *b) {
  double *o = out;
  const double *x = a, *y = b;
  (void)f;
  for (size_t i = 0; i < n; i++)
    o[i] = x[i] - y[i];
}

static void scale(field_t f, size_t n, void *out, const void *s, const void *a) {
  double *o = out, by = *(const double *)s;
  const double *x = a;
  (void)f;
  for (size_t i = 0; i < n; i++)
    o[i] = by * x[i];
}

static void accumulate(field_t f, size_t n, void *out, const void *s, const void *a) {
  double *o = out, by = *(const double *)s;
  const double *x = a;
  (void)f;
  for (size_t i = 0; i < n; i++)
    o[i] += by * x[i];
}

static void divide(field_t f, void *out, const void *a, const void *b) {
  (void)f;
  *(double *)out = *(const double *)a / *(const double *)b;
}

static void function(field_t f, const struct jac_function *fn, size_t order, void *d,
                     const void *x) {
  (void)f;
  fn->real(*(const double *)x, order, d);
}

/* p (p-1) ... (p-k+1) x^(p-k): exactly zero beyond a whole p, whatever x is. */
static void power(field_t f, const void *p, size_t order, void *d, const void *x) {
  double exponent = *(const double *)p, base = *(const double *)x, factor = 1.0;
  double *out = d;
  (void)f;
  for (size_t k = 0; k <= order; k++) {
    double here = exponent - (double)k;
    out[k] = factor == 0.0 ? 0.0 : factor * pow(base, here);
    factor *= here;
  }
}

static int compare(field_t f, const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  (void)f;
  return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
}

static bool zero(field_t f, size_t n, const void *a) {
  const double *x = a;
  (void)f;
  for (size_t i = 0; i < n; i++)
    if (x[i] != 0.0)
      return false;
  return true;
}

static double largest(field_t f, size_t n, const void *a) {
  const double *x = a;
  double most = 0.0;
  (void)f;
  for (size_t i = 0; i < n; i++) {
    double size = fabs(x[i]);
    most = size > most && size < INFINITY ? size : most;
  }
  return most;
}

static double get(field_t f, const void *a) {
  (void)f;
  return *(const double *)a;
}

const struct jac_field jac_field_double = {
    .name = "double",
    .size = sizeof(double),
    .copy = copy,
    .set = set,
    .add = add,
    .subtract = subtract,
    .scale = scale,
    .accumulate = accumulate,
    .divide = divide,
    .function = function,
    .power = power,
    .compare = compare,
    .zero = zero,
    .largest = largest,
    .get = get,
};
