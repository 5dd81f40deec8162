#include "layers/across.h"

#include <math.h>

/* sum += x y, without what rounding would lose of either (Ogita, Rump and Oishi 2005). */
static void add_product(double sum[2], double x, double y) {
  double product = x * y, rest = fma(x, y, -product);
  double total = sum[0] + product, old = total - product;
  sum[1] += sum[0] - old + (product - (total - old)) + rest;
  sum[0] = total;
}

struct jac_across jac_across_of(size_t n, const double *v, const double *w,
                                size_t stride) {
  struct jac_across a = {.scale = 1.0, .part = 1.0};
  int exponent = 0;
  for (size_t i = 0; i < n; i++) {
    if (fabs(w[i * stride]) > fabs(w[a.largest * stride]))
      a.largest = i;
    if (fabs(v[i]) > 0x1p990)
      a.part = 0x1p-30; /* its products with w, of which there are n, are numbers */
  }
  frexp(w[a.largest * stride], &exponent);
  a.scale = ldexp(1.0, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
  for (size_t i = 0; i < n; i++) {
    double own = w[i * stride] * a.scale;
    add_product(a.square, own, own);
    add_product(a.inner, own, a.part * v[i]);
    if (i != a.largest) {
      add_product(a.other_square, own, own);
      add_product(a.other_inner, own, a.part * v[i]);
    }
  }
  return a;
}

/* What the largest entry of w gives to itself cancels, and would take with it what the
 * others are too small to keep beside it. */
double jac_across_entry(const struct jac_across *a, size_t i, double v, double w) {
  const double *square = i == a->largest ? a->other_square : a->square;
  const double *inner = i == a->largest ? a->other_inner : a->inner;
  v *= a->part;
  double own = w * a->scale, first = v * square[0], second = own * inner[0];
  double rest = fma(v, square[0], -first) - fma(own, inner[0], -second) +
                (v * square[1] - own * inner[1]);
  return (first - second + rest) / (a->square[0] + a->square[1]) / a->part;
}
