/* Cheap ones: hardtanh, hardswish, softsign, of cuts and quotients. At their seams the
 * derivative is the one that PyTorch takes. NaN stays NaN. */
#include "layers/entrywise.h"

#include <math.h>

static double cut(double z, double low, double high) {
  return z < low ? low : z > high ? high : z;
}

static double hardtanh_f(double z, double c) {
  (void)c;
  return cut(z, -1.0, 1.0);
}

static double hardtanh_slope(double z, double c) {
  (void)c;
  return isnan(z) ? z : fabs(z) < 1.0 ? 1.0 : 0.0;
}

static double hardswish_f(double z, double c) {
  (void)c;
  return isinf(z) && z < 0.0 ? 0.0 : z * (cut(z + 3.0, 0.0, 6.0) / 6.0);
}

/* Exact to the last place also near its zero at -1.5. */
static double hardswish_slope(double z, double c) {
  (void)c;
  return z < -3.0 ? 0.0 : z > 3.0 ? 1.0 : (z + 1.5) / 3.0;
}

/* By the product rule on z and its gate. */
static double hardswish_fast(double z, double c) {
  (void)c;
  return z < -3.0 ? 0.0 : z > 3.0 ? 1.0 : (z + 3.0) / 6.0 + z / 6.0;
}

static double softsign_f(double z, double c) {
  (void)c;
  return isinf(z) ? copysign(1.0, z) : z / (1.0 + fabs(z));
}

static double softsign_slope(double z, double c) {
  (void)c;
  double root = 1.0 / (1.0 + fabs(z));
  return root * root;
}

/* By the quotient rule: (1 + |z| - z sign(z)) / (1 + |z|)^2. */
static double softsign_fast(double z, double c) {
  (void)c;
  double below = 1.0 + fabs(z);
  return 1.0 / below / below;
}

static const struct jac_entrywise hardtanh_family = {
    .f = hardtanh_f,
    .slope = hardtanh_slope,
    .fast = hardtanh_slope,
    .entry = "delta(o,i)*ind(abs(z[n,o]) < 1)",
};
const struct jac_module jac_module_hardtanh = {
    .name = "hardtanh",
    .matrices = "max(-1, min(1, z))",
    .sizes = "N",
    .nsize = 1,
    .example = "hardtanh:3",
    .definition = "y[n,o] = max(-1, min(1, z[n,o]))",
    .make = jac_entrywise_make,
    .family = &hardtanh_family,
};

static const struct jac_entrywise hardswish_family = {
    .f = hardswish_f,
    .slope = hardswish_slope,
    .fast = hardswish_fast,
    .entry = "delta(o,i)*(ind(abs(z[n,o]) <= 3)*(z[n,o]/3 + 1/2) + ind(z[n,o] > 3))",
};
const struct jac_module jac_module_hardswish = {
    .name = "hardswish",
    .matrices = "z .* max(0, min(6, z + 3))/6",
    .sizes = "N",
    .nsize = 1,
    .example = "hardswish:3",
    .definition = "y[n,o] = z[n,o]*max(0, min(6, z[n,o] + 3))/6",
    .make = jac_entrywise_make,
    .family = &hardswish_family,
};

static const struct jac_entrywise softsign_family = {
    .f = softsign_f,
    .slope = softsign_slope,
    .fast = softsign_fast,
    .entry = "delta(o,i)/(1 + abs(z[n,o]))^2",
};
const struct jac_module jac_module_softsign = {
    .name = "softsign",
    .matrices = "z ./ (1 + abs(z))",
    .sizes = "N",
    .nsize = 1,
    .example = "softsign:3",
    .definition = "y[n,o] = z[n,o]/(1 + abs(z[n,o]))",
    .make = jac_entrywise_make,
    .family = &softsign_family,
};
