/* Sigmoid and what is made of it: tanh, silu, softplus, logsigmoid, mish. Only
 * exponentials of negative numbers are taken, so that +-1000 is as good as any. */
#include "layers/entrywise.h"

#include <math.h>

static double tanh_f(double z, double c) {
  (void)c;
  return tanh(z);
}

/* 4 e^{-2|z|} / (1 + e^{-2|z|})^2 keeps all digits where 1 - tanh(z)^2 cancels. */
static double tanh_slope(double z, double c) {
  (void)c;
  double e = exp(-2.0 * fabs(z));
  return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

static double tanh_fast(double z, double c) {
  (void)c;
  double sech = 1.0 / cosh(z);
  return sech * sech;
}

static double sigmoid_f(double z, double c) {
  (void)c;
  double e = exp(-fabs(z));
  return z >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

static double sigmoid_slope(double z, double c) {
  (void)c;
  double e = exp(-fabs(z));
  return e / ((1.0 + e) * (1.0 + e));
}

static double sigmoid_fast(double z, double c) {
  return sigmoid_f(z, c) * sigmoid_f(-z, c);
}

static double silu_f(double z, double c) {
  return z * sigmoid_f(z, c);
}

static double silu_slope(double z, double c) {
  if (z < -60.0) /* e^z (1 + z), in two steps where e^z alone would lose its digits */
    return exp(0.5 * z) * (1.0 + z) * exp(0.5 * z);
  return sigmoid_f(z, c) * (1.0 + z * sigmoid_f(-z, c));
}

static double silu_fast(double z, double c) {
  return sigmoid_f(z, c) + z * sigmoid_slope(z, c);
}

static double softplus_f(double z, double c) {
  (void)c;
  return fmax(z, 0.0) + log1p(exp(-fabs(z))) + (isnan(z) ? z : 0.0);
}

static double softplus_fast(double z, double c) {
  (void)c;
  return 1.0 / (1.0 + exp(-z));
}

static double logsigmoid_f(double z, double c) {
  return -softplus_f(-z, c);
}

static double logsigmoid_slope(double z, double c) {
  return sigmoid_f(-z, c);
}

static double logsigmoid_fast(double z, double c) {
  (void)c;
  return 1.0 / (1.0 + exp(z));
}

/* 1 - tanh(softplus(z)) = 2/((1 + e^z)^2 + 1). */
static double mish_rest(double z) {
  double e = exp(-fabs(z));
  return z >= 0.0 ? 2.0 * e * e / (1.0 + 2.0 * e + 2.0 * e * e)
                  : 2.0 / (e * e + 2.0 * e + 2.0);
}

/* tanh(softplus(z)) */
static double mish_gate(double z) {
  double e = exp(-fabs(z));
  return z >= 0.0 ? (1.0 + 2.0 * e) / (1.0 + 2.0 * e + 2.0 * e * e)
                  : (e * e + 2.0 * e) / (e * e + 2.0 * e + 2.0);
}

static double mish_f(double z, double c) {
  (void)c;
  return z * mish_gate(z);
}

static double mish_slope(double z, double c) {
  double gate = mish_gate(z);
  return gate + z * sigmoid_f(z, c) * mish_rest(z) * (1.0 + gate);
}

/* e^z (4 (z + 1) + 4 e^{2z} + e^{3z} + e^z (4 z + 6)) / (2 e^z + e^{2z} + 2)^2 (Misra
 * 2019, equation 2), divided by the largest power of e^z. */
static double mish_fast(double z, double c) {
  (void)c;
  double e = exp(-fabs(z));
  if (z < 0.0)
    return e * (4.0 * (z + 1.0) + e * (4.0 * z + 6.0 + e * (4.0 + e))) /
           ((2.0 + e * (2.0 + e)) * (2.0 + e * (2.0 + e)));
  double below = 1.0 + e * (2.0 + e * 2.0);
  return (1.0 + e * (4.0 + e * (4.0 * z + 6.0 + e * 4.0 * (z + 1.0)))) / (below * below);
}

static const struct jac_entrywise tanh_family = {
    .f = tanh_f,
    .slope = tanh_slope,
    .fast = tanh_fast,
    .entry = "delta(o,i)*(1 - tanh(z[n,o])^2)",
};
const struct jac_module jac_module_tanh = {
    .name = "tanh",
    .matrices = "tanh(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "tanh:3",
    .definition = "y[n,o] = tanh(z[n,o])",
    .make = jac_entrywise_make,
    .family = &tanh_family,
};

static const struct jac_entrywise sigmoid_family = {
    .f = sigmoid_f,
    .slope = sigmoid_slope,
    .fast = sigmoid_fast,
    .entry = "delta(o,i)*sigmoid(z[n,o])*(1 - sigmoid(z[n,o]))",
};
const struct jac_module jac_module_sigmoid = {
    .name = "sigmoid",
    .matrices = "sigmoid(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "sigmoid:3",
    .definition = "y[n,o] = sigmoid(z[n,o])",
    .make = jac_entrywise_make,
    .family = &sigmoid_family,
};

static const struct jac_entrywise softplus_family = {
    .f = softplus_f,
    .slope = sigmoid_f,
    .fast = softplus_fast,
    .entry = "delta(o,i)*sigmoid(z[n,o])",
    .steady = "y[n,o] = softplus(z[n,o])",
};
const struct jac_module jac_module_softplus = {
    .name = "softplus",
    .matrices = "softplus(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "softplus:3",
    .definition = "y[n,o] = log(1 + exp(z[n,o]))",
    .make = jac_entrywise_make,
    .family = &softplus_family,
};

static const struct jac_entrywise silu_family = {
    .f = silu_f,
    .slope = silu_slope,
    .fast = silu_fast,
    .entry = "delta(o,i)*sigmoid(z[n,o])*(1 + z[n,o]*(1 - sigmoid(z[n,o])))",
};
const struct jac_module jac_module_silu = {
    .name = "silu",
    .matrices = "silu(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "silu:3",
    .definition = "y[n,o] = z[n,o]*sigmoid(z[n,o])",
    .make = jac_entrywise_make,
    .family = &silu_family,
};

static const struct jac_entrywise logsigmoid_family = {
    .f = logsigmoid_f,
    .slope = logsigmoid_slope,
    .fast = logsigmoid_fast,
    .entry = "delta(o,i)*(1 - sigmoid(z[n,o]))",
};
const struct jac_module jac_module_logsigmoid = {
    .name = "logsigmoid",
    .matrices = "log(sigmoid(z))",
    .sizes = "N",
    .nsize = 1,
    .example = "logsigmoid:3",
    .definition = "y[n,o] = log(sigmoid(z[n,o]))",
    .make = jac_entrywise_make,
    .family = &logsigmoid_family,
};

static const struct jac_entrywise mish_family = {
    .f = mish_f,
    .slope = mish_slope,
    .fast = mish_fast,
    .entry = "delta(o,i)*(tanh(softplus(z[n,o])) + z[n,o]*sigmoid(z[n,o])*(1 - "
             "tanh(softplus(z[n,o]))^2))",
};
const struct jac_module jac_module_mish = {
    .name = "mish",
    .matrices = "z .* tanh(softplus(z))",
    .sizes = "N",
    .nsize = 1,
    .example = "mish:3",
    .definition = "y[n,o] = z[n,o]*tanh(softplus(z[n,o]))",
    .make = jac_entrywise_make,
    .family = &mish_family,
};
