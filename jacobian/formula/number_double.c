#include "jacobian/formula/number.h"

#include <math.h>

typedef const struct jac_number_type *type_t;

static void init(type_t type, void *x) {
  (void)type;
  *(double *)x = 0.0;
}
static void clear(type_t type, void *x) {
  (void)type;
  (void)x;
}
static void set(type_t type, void *result, const void *x) {
  (void)type;
  *(double *)result = *(const double *)x;
}
static void set_double(type_t type, void *result, double x) {
  (void)type;
  *(double *)result = x;
}
static double get(type_t type, const void *x) {
  (void)type;
  return *(const double *)x;
}
static void add(type_t type, void *result, const void *a, const void *b) {
  (void)type;
  *(double *)result = *(const double *)a + *(const double *)b;
}
static void subtract(type_t type, void *result, const void *a, const void *b) {
  (void)type;
  *(double *)result = *(const double *)a - *(const double *)b;
}
static void multiply(type_t type, void *result, const void *a, const void *b) {
  (void)type;
  *(double *)result = *(const double *)a * *(const double *)b;
}
static void divide(type_t type, void *result, const void *a, const void *b) {
  (void)type;
  *(double *)result = *(const double *)a / *(const double *)b;
}
static void power(type_t type, void *result, const void *a, const void *b) {
  (void)type;
  *(double *)result = pow(*(const double *)a, *(const double *)b);
}

static double sigmoid(double x) {
  double t = exp(-fabs(x));
  return x >= 0.0 ? 1.0 / (1.0 + t) : t / (1.0 + t);
}
static double relu(double x) {
  return x > 0.0 ? x : 0.0;
}
static double sign(double x) {
  return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
}
static double step(double x) {
  return x > 0.0 ? 1.0 : 0.0;
}
static double softplus(double x) {
  return (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
}
static double normal(double x) {
  return 0.5 * erfc(-x / sqrt(2.0));
}
static double density(double x) {
  return exp(-0.5 * x * x) / sqrt(8.0 * atan(1.0));
}
static double secant(double x) {
  return 1.0 / cos(x);
}
static double cosecant(double x) {
  return 1.0 / sin(x);
}
static double cotangent(double x) {
  return 1.0 / tan(x);
}
static double hyperbolic_secant(double x) {
  return 1.0 / cosh(x);
}
static double hyperbolic_cosecant(double x) {
  return 1.0 / sinh(x);
}
static double hyperbolic_cotangent(double x) {
  return 1.0 / tanh(x);
}

static void function(type_t type, enum jac_function f, void *result, const void *x) {
  static double (*const functions[JAC_FUNCTIONS])(double) = {
      [JAC_F_EXP] = exp,
      [JAC_F_LOG] = log,
      [JAC_F_TANH] = tanh,
      [JAC_F_SIGMOID] = sigmoid,
      [JAC_F_RELU] = relu,
      [JAC_F_SQRT] = sqrt,
      [JAC_F_ABS] = fabs,
      [JAC_F_SIGN] = sign,
      [JAC_F_ERF] = erf,
      [JAC_F_SIN] = sin,
      [JAC_F_COS] = cos,
      [JAC_F_TAN] = tan,
      [JAC_F_SINH] = sinh,
      [JAC_F_COSH] = cosh,
      [JAC_F_ATAN] = atan,
      [JAC_F_SEC] = secant,
      [JAC_F_CSC] = cosecant,
      [JAC_F_COT] = cotangent,
      [JAC_F_SECH] = hyperbolic_secant,
      [JAC_F_CSCH] = hyperbolic_cosecant,
      [JAC_F_COTH] = hyperbolic_cotangent,
      [JAC_F_ASIN] = asin,
      [JAC_F_ACOS] = acos,
      [JAC_F_ASINH] = asinh,
      [JAC_F_ACOSH] = acosh,
      [JAC_F_ATANH] = atanh,
      [JAC_F_STEP] = step,
      [JAC_F_SOFTPLUS] = softplus,
      [JAC_F_NORMAL] = normal,
      [JAC_F_DENSITY] = density,
  };
  (void)type;
  *(double *)result = functions[f](*(const double *)x);
}

static int compare(type_t type, const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  (void)type;
  return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
}

const struct jac_number_type jac_double = {
    .name = "double",
    .size = sizeof(double),
    .init = init,
    .clear = clear,
    .set = set,
    .set_double = set_double,
    .get = get,
    .add = add,
    .subtract = subtract,
    .multiply = multiply,
    .divide = divide,
    .power = power,
    .function = function,
    .compare = compare,
};
