#include "jacobian/formula/number.h"

#ifdef JAC_ARB

#include <float.h>
#include <math.h>
#if __has_include(<flint/arb_hypgeom.h>)
#include <flint/arb_hypgeom.h>
#else
#include <arb_hypgeom.h>
#endif

typedef const struct jac_number_type *type_t;

static void init(type_t type, void *x) {
  (void)type;
  arb_init(x);
}
static void clear(type_t type, void *x) {
  (void)type;
  arb_clear(x);
}
static void set(type_t type, void *result, const void *x) {
  (void)type;
  arb_set(result, x);
}
static void set_double(type_t type, void *result, double x) {
  (void)type;
  arb_set_d(result, x);
}
static double get(type_t type, const void *x) {
  (void)type;
  return arf_get_d(arb_midref((const arb_struct *)x), ARF_RND_NEAR);
}
static void add(type_t type, void *result, const void *a, const void *b) {
  arb_add(result, a, b, type->bits);
}
static void subtract(type_t type, void *result, const void *a, const void *b) {
  arb_sub(result, a, b, type->bits);
}
static void multiply(type_t type, void *result, const void *a, const void *b) {
  arb_mul(result, a, b, type->bits);
}
static void divide(type_t type, void *result, const void *a, const void *b) {
  arb_div(result, a, b, type->bits);
}
static void power(type_t type, void *result, const void *a, const void *b) {
  arb_pow(result, a, b, type->bits);
}

/* exp(-|x|) without the overflow of exp(|x|): 1/(1 + e^-x), or e^x/(1 + e^x). */
static void sigmoid(arb_t y, const arb_t x, slong bits) {
  bool positive = arf_sgn(arb_midref(x)) > 0;
  arb_t e, one;
  arb_init(e);
  arb_init(one);
  if (positive)
    arb_neg(e, x);
  else
    arb_set(e, x);
  arb_exp(e, e, bits);
  arb_add_ui(one, e, 1, bits);
  if (positive)
    arb_inv(y, one, bits);
  else
    arb_div(y, e, one, bits);
  arb_clear(e);
  arb_clear(one);
}

static void softplus(arb_t y, const arb_t x, slong bits) {
  bool positive = arf_sgn(arb_midref(x)) > 0;
  arb_t e;
  arb_init(e);
  if (positive)
    arb_neg(e, x);
  else
    arb_set(e, x);
  arb_exp(e, e, bits);
  arb_log1p(e, e, bits);
  if (positive)
    arb_add(y, x, e, bits);
  else
    arb_set(y, e);
  arb_clear(e);
}

/* erfc(-x/sqrt(2))/2. */
static void normal(arb_t y, const arb_t x, slong bits) {
  arb_t t;
  arb_init(t);
  arb_set_ui(t, 2);
  arb_rsqrt(t, t, bits);
  arb_mul(t, t, x, bits);
  arb_neg(t, t);
  arb_hypgeom_erfc(t, t, bits);
  arb_mul_2exp_si(y, t, -1);
  arb_clear(t);
}

/* exp(-x^2/2)/sqrt(2 pi). */
static void density(arb_t y, const arb_t x, slong bits) {
  arb_t t;
  arb_init(t);
  arb_const_pi(t, bits);
  arb_mul_2exp_si(t, t, 1);
  arb_rsqrt(t, t, bits);
  arb_mul(y, x, x, bits);
  arb_mul_2exp_si(y, y, -1);
  arb_neg(y, y);
  arb_exp(y, y, bits);
  arb_mul(y, y, t, bits);
  arb_clear(t);
}

/* (x + |x|)/2, which holds for a ball across 0 too. */
static void relu(arb_t y, const arb_t x, slong bits) {
  arb_t t;
  arb_init(t);
  if (arb_is_positive(x))
    arb_set(y, x);
  else if (arb_is_nonpositive(x))
    arb_zero(y);
  else {
    arb_abs(t, x);
    arb_add(y, x, t, bits);
    arb_mul_2exp_si(y, y, -1);
  }
  arb_clear(t);
}

static void absolute(arb_t y, const arb_t x, slong bits) {
  (void)bits;
  arb_abs(y, x);
}
static void sign(arb_t y, const arb_t x, slong bits) {
  (void)bits;
  arb_sgn(y, x);
}
/* 1 right of 0, 0 elsewhere; a ball across 0 may be either. */
static void step(arb_t y, const arb_t x, slong bits) {
  if (arb_is_positive(x))
    arb_one(y);
  else if (arb_is_nonpositive(x))
    arb_zero(y);
  else {
    arb_sgn(y, x);
    arb_add_ui(y, y, 1, bits);
    arb_mul_2exp_si(y, y, -1);
  }
}

static void function(type_t type, enum jac_function f, void *result, const void *x) {
  static void (*const functions[JAC_FUNCTIONS])(arb_t, const arb_t, slong) = {
      [JAC_F_EXP] = arb_exp,         [JAC_F_LOG] = arb_log,
      [JAC_F_TANH] = arb_tanh,       [JAC_F_SIGMOID] = sigmoid,
      [JAC_F_RELU] = relu,           [JAC_F_SQRT] = arb_sqrt,
      [JAC_F_ABS] = absolute,        [JAC_F_SIGN] = sign,
      [JAC_F_ERF] = arb_hypgeom_erf, [JAC_F_SIN] = arb_sin,
      [JAC_F_COS] = arb_cos,         [JAC_F_TAN] = arb_tan,
      [JAC_F_SINH] = arb_sinh,       [JAC_F_COSH] = arb_cosh,
      [JAC_F_ATAN] = arb_atan,       [JAC_F_SEC] = arb_sec,
      [JAC_F_CSC] = arb_csc,         [JAC_F_COT] = arb_cot,
      [JAC_F_SECH] = arb_sech,       [JAC_F_CSCH] = arb_csch,
      [JAC_F_COTH] = arb_coth,       [JAC_F_ASIN] = arb_asin,
      [JAC_F_ACOS] = arb_acos,       [JAC_F_ASINH] = arb_asinh,
      [JAC_F_ACOSH] = arb_acosh,     [JAC_F_ATANH] = arb_atanh,
      [JAC_F_STEP] = step,           [JAC_F_SOFTPLUS] = softplus,
      [JAC_F_NORMAL] = normal,       [JAC_F_DENSITY] = density,
  };
  arb_t y;
  arb_init(y);
  functions[f](y, x, type->bits);
  arb_swap(result, y);
  arb_clear(y);
}

static int compare(type_t type, const void *a, const void *b) {
  if (arb_gt(a, b))
    return 1;
  if (arb_lt(a, b))
    return -1;
  if (arb_is_exact(a) && arb_is_exact(b) && arb_equal(a, b))
    return 0;
  if (type->certainty != NULL)
    type->certainty->undecided = true;
  return 2;
}

/* At least the radius, as a double. */
static double upper(const mag_t radius) {
  arf_t r;
  arf_init(r);
  arf_set_mag(r, radius);
  double bound = arf_get_d(r, ARF_RND_UP);
  arf_clear(r);
  return bound;
}

static void enclose(type_t type, const void *x, struct jac_enclosure *enclosure) {
  arb_t rest;
  arf_t least;
  (void)type;
  *enclosure = (struct jac_enclosure){NAN, 0.0, INFINITY};
  if (!arb_is_finite(x))
    return;
  arb_init(rest);
  arf_init(least);
  enclosure->middle = arf_get_d(arb_midref((const arb_struct *)x), ARF_RND_NEAR);
  if (isfinite(enclosure->middle)) {
    arb_set_d(rest, enclosure->middle);
    arb_sub(rest, x, rest, 200);
    enclosure->rest = arf_get_d(arb_midref(rest), ARF_RND_NEAR);
    /* What rest loses on its way to a double is part of the radius. */
    arf_set_d(least, enclosure->rest);
    arb_sub_arf(rest, rest, least, 200);
    arb_get_mag(arb_radref(rest), rest);
    enclosure->radius = upper(arb_radref(rest));
  }
  /* What lies beyond the largest double for certain is infinite among doubles. */
  arb_get_abs_lbound_arf(least, x, 64);
  if (!isfinite(enclosure->middle) && arf_cmp_d(least, DBL_MAX) > 0)
    enclosure->radius = 0.0;
  arf_clear(least);
  arb_clear(rest);
}

struct jac_number_type jac_ball_of(long bits, struct jac_certainty *certainty) {
  return (struct jac_number_type){
      .name = "ball",
      .size = sizeof(arb_struct),
      .bits = bits,
      .certainty = certainty,
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
      .enclose = enclose,
  };
}

const char *jac_ball_library(void) {
  return "FLINT " FLINT_VERSION;
}

void jac_ball_cleanup(void) {
  flint_cleanup();
}

#else

struct jac_number_type jac_ball_of(long bits, struct jac_certainty *certainty) {
  struct jac_number_type type = jac_double;
  (void)bits;
  (void)certainty;
  return type;
}

const char *jac_ball_library(void) {
  return NULL;
}

void jac_ball_cleanup(void) {
}

#endif
