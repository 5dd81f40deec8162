/* Rectifiers: relu, leaky-relu, elu, selu, celu, gelu. At 0, where a kink is one, the
 * derivative is taken from the left, as PyTorch does. NaN stays NaN. */
#include "jacobian/text.h"
#include "layers/entrywise.h"

#include <math.h>

static double relu_f(double z, double c) {
  (void)c;
  return z < 0.0 ? 0.0 : z;
}

static double relu_slope(double z, double c) {
  (void)c;
  return isnan(z) ? z : z > 0.0 ? 1.0 : 0.0;
}

static double leaky_f(double z, double c) {
  return z > 0.0 ? z : c * z;
}

static double leaky_slope(double z, double c) {
  return isnan(z) ? z : z > 0.0 ? 1.0 : c;
}

static double elu_f(double z, double c) {
  return z > 0.0 ? z : c * expm1(z);
}

static double elu_slope(double z, double c) {
  return z > 0.0 ? 1.0 : c * exp(z);
}

static double elu_fast(double z, double c) {
  return z > 0.0 ? 1.0 : c / exp(-z);
}

/* The scale and alpha of Klambauer et al. 2017, with which zero mean and unit variance
 * are a fixed point. */
static const double selu_scale = 1.0507009873554805, selu_alpha = 1.6732632423543772;

static double selu_f(double z, double c) {
  (void)c;
  return selu_scale * elu_f(z, selu_alpha);
}

static double selu_slope(double z, double c) {
  (void)c;
  return selu_scale * elu_slope(z, selu_alpha);
}

static double selu_fast(double z, double c) {
  (void)c;
  return selu_scale * elu_fast(z, selu_alpha);
}

static double celu_f(double z, double c) {
  return z > 0.0 ? z : c * expm1(z / c);
}

static double celu_slope(double z, double c) {
  return z > 0.0 ? 1.0 : exp(z / c);
}

static double celu_fast(double z, double c) {
  return z > 0.0 ? 1.0 : 1.0 / exp(-z / c);
}

/* The distribution of the standard normal law. */
static double distribution(double z) {
  return 0.5 * erfc(-z * sqrt(0.5));
}

static double gelu_f(double z, double c) {
  (void)c;
  return isinf(z) && z < 0.0 ? 0.0 : z * distribution(z);
}

/* Phi(z) + z phi(z). Far from 0 the rounding of z^2 and of z/sqrt(2) would cost as many
 * places as their size: what they lose is put back (by fma), and e^{-z^2/2} is taken in
 * two halves, for it may lie below the smallest normal number. */
static double gelu_slope(double z, double c) {
  (void)c;
  if (!(fabs(z) < 40.0))
    return isnan(z) ? z : z > 0.0;
  const double root = 0x1.6a09e667f3bcdp-1, root_rest = -0x1.bdd3413b26456p-55;
  double square = z * z, square_rest = fma(z, z, -square);
  double half = exp(-0.25 * square) * (1.0 - 0.25 * square_rest);
  double at = -z * root, at_rest = fma(-z, root, -at) - z * root_rest;
  double tail = erfc(at) - 1.1283791670955126 * at_rest * half * half;
  return 0.5 * tail + half * (z * 0.39894228040143267794) * half;
}

static double gelu_fast(double z, double c) {
  (void)c;
  double root = z * sqrt(0.5);
  return 0.5 * erfc(-root) + root * exp(-root * root) / sqrt(3.14159265358979323846);
}

static const struct jac_entrywise relu_family = {
    .f = relu_f,
    .slope = relu_slope,
    .fast = relu_slope,
    .entry = "delta(o,i)*ind(z[n,o] > 0)",
};
const struct jac_module jac_module_relu = {
    .name = "relu",
    .matrices = "relu(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "relu:3",
    .definition = "y[n,o] = relu(z[n,o])",
    .make = jac_entrywise_make,
    .family = &relu_family,
};

static const struct jac_entrywise leaky_relu_family = {
    .f = leaky_f,
    .slope = leaky_slope,
    .fast = leaky_slope,
    .entry = "delta(o,i)*(ind(z[n,o] > 0) + slope*ind(z[n,o] <= 0))",
    .constant_name = "slope",
    .constant = 0.01,
};
static const struct jac_module_option leaky_relu_options[] = {
    {"slope", "0.01", N_("the slope below 0")}, {NULL, NULL, NULL}};
const struct jac_module jac_module_leaky_relu = {
    .name = "leaky-relu",
    .matrices = "max(z, 0) + slope*min(z, 0)",
    .sizes = "N",
    .nsize = 1,
    .example = "leaky-relu:3",
    .definition = "y[n,o] = max(z[n,o], 0) + slope*min(z[n,o], 0)",
    .options = leaky_relu_options,
    .make = jac_entrywise_make,
    .family = &leaky_relu_family,
};

static const struct jac_entrywise elu_family = {
    .f = elu_f,
    .slope = elu_slope,
    .fast = elu_fast,
    .entry = "delta(o,i)*(ind(z[n,o] > 0) + alpha*ind(z[n,o] <= 0)*exp(z[n,o]))",
    .constant_name = "alpha",
    .constant = 1,
};
static const struct jac_module_option elu_options[] = {
    {"alpha", "1", N_("minus the limit below 0")}, {NULL, NULL, NULL}};
const struct jac_module jac_module_elu = {
    .name = "elu",
    .matrices = "max(z, 0) + alpha*(exp(min(z, 0)) - 1)",
    .sizes = "N",
    .nsize = 1,
    .example = "elu:3",
    .definition = "y[n,o] = max(z[n,o], 0) + alpha*(exp(min(z[n,o], 0)) - 1)",
    .options = elu_options,
    .make = jac_entrywise_make,
    .family = &elu_family,
};

static const struct jac_entrywise gelu_family = {
    .f = gelu_f,
    .slope = gelu_slope,
    .fast = gelu_fast,
    .entry = "delta(o,i)*(Phi(z[n,o]) + z[n,o]*phi(z[n,o]))",
};
const struct jac_module jac_module_gelu = {
    .name = "gelu",
    .matrices = "gelu(z)",
    .functions = "Phi phi",
    .sizes = "N",
    .nsize = 1,
    .example = "gelu:3",
    .definition = "y[n,o] = z[n,o]*Phi(z[n,o])",
    .make = jac_entrywise_make,
    .family = &gelu_family,
};

static const struct jac_entrywise selu_family = {
    .f = selu_f,
    .slope = selu_slope,
    .fast = selu_fast,
    .entry = "delta(o,i)*1.0507009873554805*(ind(z[n,o] > 0) + "
             "1.6732632423543772*ind(z[n,o] <= 0)*exp(z[n,o]))",
};
const struct jac_module jac_module_selu = {
    .name = "selu",
    .matrices =
        "1.0507009873554805*(max(z, 0) + 1.6732632423543772*(exp(min(z, 0)) - 1))",
    .sizes = "N",
    .nsize = 1,
    .example = "selu:3",
    .definition = "y[n,o] = 1.0507009873554805*(max(z[n,o], 0) + "
                  "1.6732632423543772*(exp(min(z[n,o], 0)) - 1))",
    .make = jac_entrywise_make,
    .family = &selu_family,
};

static const struct jac_entrywise celu_family = {
    .f = celu_f,
    .slope = celu_slope,
    .fast = celu_fast,
    .entry = "delta(o,i)*(ind(z[n,o] > 0) + ind(z[n,o] <= 0)*exp(z[n,o]/alpha))",
    .constant_name = "alpha",
    .constant = 1,
    .divides = true,
};
static const struct jac_module_option celu_options[] = {
    {"alpha", "1", N_("minus the limit below 0")}, {NULL, NULL, NULL}};
const struct jac_module jac_module_celu = {
    .name = "celu",
    .matrices = "max(z, 0) + alpha*(exp(min(z, 0)/alpha) - 1)",
    .sizes = "N",
    .nsize = 1,
    .example = "celu:3",
    .definition = "y[n,o] = max(z[n,o], 0) + alpha*(exp(min(z[n,o], 0)/alpha) - 1)",
    .options = celu_options,
    .make = jac_entrywise_make,
    .family = &celu_family,
};
