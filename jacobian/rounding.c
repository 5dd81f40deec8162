#include "jacobian/rounding.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

enum { MOST = 9 }; /* places: beyond, nothing is lost that a check would see */

/* Whether x is so many places of that size. */
static bool is_multiple(double x, double places) {
  double scaled = x * places;
  return fabs(scaled - nearbyint(scaled)) <= 4.0 * DBL_EPSILON * fabs(scaled);
}

/* 10 to the number of decimals that the k-th digit of x stands at. */
static double places_of_digits(double x, int digits) {
  return pow(10.0, digits - 1 - floor(log10(fabs(x)) + 1e-12));
}

static bool all_have(const double *data, size_t count, int decimals, int digits) {
  for (size_t k = 0; k < count; k++) {
    if (data[k] == 0.0)
      continue;
    if (!isfinite(data[k]) ||
        !is_multiple(data[k], digits > 0 ? places_of_digits(data[k], digits)
                                         : pow(10.0, decimals)))
      return false;
  }
  return true;
}

static double largest(const double *data, size_t count) {
  double most = 0.0;
  for (size_t k = 0; k < count; k++)
    most = fmax(most, fabs(data[k]));
  return most;
}

/* What they were rounded to, where half a place is below that part of the largest, and of
 * more than so many digits. */
static struct jac_rounding find(const double *data, size_t count, double part,
                                int few_digits) {
  struct jac_rounding r = {0, 0};
  double most = largest(data, count);
  if (!(most > 0.0) || !isfinite(most))
    return r;
  int decimals = 0, digits = 1;
  while (decimals < MOST && !all_have(data, count, decimals, 0))
    decimals++;
  while (digits < MOST && !all_have(data, count, 0, digits))
    digits++;
  if (decimals > 0 && decimals < MOST && 0.5 * pow(10.0, -decimals) <= part * most)
    r.decimals = decimals;
  if (digits > few_digits && digits < MOST)
    r.digits = digits;
  return r;
}

struct jac_rounding jac_rounding_find(const double *data, size_t count) {
  return find(data, count, 5e-3, 2);
}

struct jac_rounding jac_rounding_find_coarse(const double *data, size_t count) {
  return find(data, count, 5e-2, 1);
}

double jac_rounding_error(const struct jac_rounding *r, double x) {
  double error = 0.0;
  if (r->decimals > 0)
    error = 0.5 * pow(10.0, -r->decimals);
  if (r->digits > 0 && x != 0.0)
    error = fmax(error, 0.5 / places_of_digits(x, r->digits));
  return error * (1.0 + 1e-9);
}
