#include "jacobian/value/field.h"

#ifdef JAC_ARB

#include <float.h>
#include <math.h>
#if __has_include(<flint/arb_hypgeom.h>)
#include <flint/arb_hypgeom.h>
#include <flint/arb_poly.h>
#else
#include <arb_hypgeom.h>
#include <arb_poly.h>
#endif

typedef const struct jac_field *field_t;

/* The i-th element of an array. */
static arb_ptr at(void *x, size_t i) {
  return (arb_ptr)x + i;
}
static arb_srcptr of(const void *x, size_t i) {
  return (arb_srcptr)x + i;
}

static void clear(field_t f, size_t n, void *x) {
  (void)f;
  for (size_t i = 0; i < n; i++)
    arb_clear(at(x, i));
}
static void copy(field_t f, size_t n, void *out, const void *a) {
  (void)f;
  for (size_t i = 0; i < n; i++)
    arb_set(at(out, i), of(a, i));
}
static void set(field_t f, void *out, double x) {
  (void)f;
  arb_set_d(out, x);
}
static void add(field_t f, size_t n, void *out, const void *a, const void *b) {
  for (size_t i = 0; i < n; i++)
    arb_add(at(out, i), of(a, i), of(b, i), f->bits);
}
static void subtract(field_t f, size_t n, void *out, const void *a, const void *b) {
  for (size_t i = 0; i < n; i++)
    arb_sub(at(out, i), of(a, i), of(b, i), f->bits);
}
static void scale(field_t f, size_t n, void *out, const void *s, const void *a) {
  for (size_t i = 0; i < n; i++)
    arb_mul(at(out, i), s, of(a, i), f->bits);
}
static void accumulate(field_t f, size_t n, void *out, const void *s, const void *a) {
  for (size_t i = 0; i < n; i++)
    arb_addmul(at(out, i), s, of(a, i), f->bits);
}
static void divide(field_t f, void *out, const void *a, const void *b) {
  arb_div(out, a, b, f->bits);
}

/* Series of f(x + t), of length n, by composition: every derivative at once. */
typedef void series_fn(arb_poly_t y, const arb_poly_t x, slong n, slong bits);

static void tanh_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_poly_t c;
  arb_poly_init(c);
  arb_poly_sinh_cosh_series(y, c, x, n, bits);
  arb_poly_div_series(y, y, c, n, bits);
  arb_poly_clear(c);
}

/* 1/(1 + e^-x) */
static void sigmoid_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_poly_t e;
  arb_poly_init(e);
  arb_poly_neg(e, x);
  arb_poly_exp_series(e, e, n, bits);
  arb_poly_add_si(e, e, 1, bits);
  arb_poly_inv_series(y, e, n, bits);
  arb_poly_clear(e);
}

/* Its slope is the sigmoid; its value is log(1 + e^-|x|) beside max(x, 0). */
static void softplus_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_t v, e;
  arb_init(v);
  arb_init(e);
  arb_poly_get_coeff_arb(v, x, 0);
  bool positive = arf_sgn(arb_midref(v)) > 0;
  if (positive)
    arb_neg(e, v);
  else
    arb_set(e, v);
  arb_exp(e, e, bits);
  arb_log1p(e, e, bits);
  if (positive)
    arb_add(e, e, v, bits);
  sigmoid_series(y, x, n, bits);
  arb_poly_integral(y, y, bits);
  arb_poly_truncate(y, n);
  arb_poly_set_coeff_arb(y, 0, e);
  arb_clear(v);
  arb_clear(e);
}

static void silu_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  sigmoid_series(y, x, n, bits);
  arb_poly_mullow(y, y, x, n, bits);
}

/* Gamma(x + 1) */
static void factorial_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_poly_t one;
  arb_poly_init(one);
  arb_poly_one(one);
  arb_poly_add(y, x, one, bits);
  arb_poly_gamma_series(y, y, n, bits);
  arb_poly_clear(one);
}

/* erfc(-x/sqrt(2))/2 */
static void normal_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_t root;
  arb_init(root);
  arb_set_ui(root, 2);
  arb_rsqrt(root, root, bits);
  arb_neg(root, root);
  arb_poly_scalar_mul(y, x, root, bits);
  arb_hypgeom_erfc_series(y, y, n, bits);
  arb_poly_scalar_mul_2exp_si(y, y, -1);
  arb_clear(root);
}

/* exp(-x^2/2)/sqrt(2 pi) */
static void density_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_t factor;
  arb_init(factor);
  arb_const_pi(factor, bits);
  arb_mul_2exp_si(factor, factor, 1);
  arb_rsqrt(factor, factor, bits);
  arb_poly_mullow(y, x, x, n, bits);
  arb_poly_scalar_mul_2exp_si(y, y, -1);
  arb_poly_neg(y, y);
  arb_poly_exp_series(y, y, n, bits);
  arb_poly_scalar_mul(y, y, factor, bits);
  arb_clear(factor);
}

static void gelu_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  normal_series(y, x, n, bits);
  arb_poly_mullow(y, y, x, n, bits);
}

/* One over another function. */
#define RECIPROCAL(name, of)                                                             \
  static void name##_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {     \
    of(y, x, n, bits);                                                                   \
    arb_poly_inv_series(y, y, n, bits);                                                  \
  }
RECIPROCAL(sec, arb_poly_cos_series)
RECIPROCAL(csc, arb_poly_sin_series)
RECIPROCAL(cot, arb_poly_tan_series)
RECIPROCAL(sech, arb_poly_cosh_series)
RECIPROCAL(csch, arb_poly_sinh_series)

static void coth_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_poly_t s;
  arb_poly_init(s);
  arb_poly_sinh_cosh_series(s, y, x, n, bits);
  arb_poly_div_series(y, y, s, n, bits);
  arb_poly_clear(s);
}

/* log(x + sqrt(x^2 + sign)) */
static void area_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits,
                        slong sign) {
  arb_poly_t one, root;
  arb_poly_init(one);
  arb_poly_init(root);
  arb_poly_set_si(one, sign);
  arb_poly_mullow(root, x, x, n, bits);
  arb_poly_add(root, root, one, bits);
  arb_poly_sqrt_series(root, root, n, bits);
  arb_poly_add(root, root, x, bits);
  arb_poly_log_series(y, root, n, bits);
  arb_poly_clear(one);
  arb_poly_clear(root);
}

static void asinh_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  area_series(y, x, n, bits, 1);
}

static void acosh_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  area_series(y, x, n, bits, -1);
}

/* log((1 + x)/(1 - x))/2 */
static void atanh_series(arb_poly_t y, const arb_poly_t x, slong n, slong bits) {
  arb_poly_t one, below;
  arb_poly_init(one);
  arb_poly_init(below);
  arb_poly_set_si(one, 1);
  arb_poly_sub(below, one, x, bits);
  arb_poly_add(one, one, x, bits);
  arb_poly_div_series(one, one, below, n, bits);
  arb_poly_log_series(y, one, n, bits);
  arb_poly_scalar_mul_2exp_si(y, y, -1);
  arb_poly_clear(one);
  arb_poly_clear(below);
}

static series_fn *const smooth[JAC_CONSTRUCTS] = {
    [JAC_C_EXP] = arb_poly_exp_series,
    [JAC_C_LOG] = arb_poly_log_series,
    [JAC_C_TANH] = tanh_series,
    [JAC_C_SIGMOID] = sigmoid_series,
    [JAC_C_SQRT] = arb_poly_sqrt_series,
    [JAC_C_ERF] = arb_hypgeom_erf_series,
    [JAC_C_SIN] = arb_poly_sin_series,
    [JAC_C_COS] = arb_poly_cos_series,
    [JAC_C_TAN] = arb_poly_tan_series,
    [JAC_C_SINH] = arb_poly_sinh_series,
    [JAC_C_COSH] = arb_poly_cosh_series,
    [JAC_C_ATAN] = arb_poly_atan_series,
    [JAC_C_ASIN] = arb_poly_asin_series,
    [JAC_C_ACOS] = arb_poly_acos_series,
    [JAC_C_ASINH] = asinh_series,
    [JAC_C_ACOSH] = acosh_series,
    [JAC_C_ATANH] = atanh_series,
    [JAC_C_SOFTPLUS] = softplus_series,
    [JAC_C_NORMAL] = normal_series,
    [JAC_C_DENSITY] = density_series,
    [JAC_C_GELU] = gelu_series,
    [JAC_C_SEC] = sec_series,
    [JAC_C_CSC] = csc_series,
    [JAC_C_COT] = cot_series,
    [JAC_C_SECH] = sech_series,
    [JAC_C_CSCH] = csch_series,
    [JAC_C_COTH] = coth_series,
    [JAC_C_SILU] = silu_series,
    [JAC_C_FACTORIAL] = factorial_series,
    [JAC_C_RECIPROCAL] = arb_poly_inv_series,
};

static void by_series(field_t f, series_fn *series, size_t order, void *d, arb_srcptr x) {
  arb_poly_t y, t;
  arb_poly_init(y);
  arb_poly_init(t);
  arb_poly_set_coeff_arb(t, 0, x);
  arb_poly_set_coeff_si(t, 1, 1);
  series(y, t, (slong)order + 1, f->bits);
  ulong factorial = 1;
  for (size_t k = 0; k <= order; k++) {
    arb_poly_get_coeff_arb(at(d, k), y, (slong)k);
    factorial *= k ? k : 1;
    arb_mul_ui(at(d, k), at(d, k), factorial, f->bits);
  }
  for (size_t k = 1; k <= order && !arb_is_finite(at(d, 0)); k++)
    arb_indeterminate(at(d, k)); /* no slopes where there is no value */
  arb_poly_clear(y);
  arb_poly_clear(t);
}

static void undecided(field_t f) {
  if (f->undecided)
    f->undecided->order = true;
}

/* Functions of pieces: the value on each side of 0, at 0 as the double has it; across 0
 * no slope is known. */
static void by_pieces(field_t f, const struct jac_function *fn, size_t order, void *d,
                      arb_srcptr x) {
  double there[JAC_LEVELS + 1];
  if (!arb_is_zero(x) && arb_contains_zero(x)) {
    undecided(f);
    for (size_t k = 0; k <= order; k++)
      arb_indeterminate(at(d, k));
    return;
  }
  fn->real(arf_sgn(arb_midref(x)), order, there);
  for (size_t k = 0; k <= order; k++)
    arb_set_d(at(d, k), there[k]);
  if (fn->id == JAC_C_ABS)
    arb_abs(at(d, 0), x);
  if (fn->id == JAC_C_RELU && arb_is_positive(x))
    arb_set(at(d, 0), x);
}

static void function(field_t f, const struct jac_function *fn, size_t order, void *d,
                     const void *x) {
  if (!arb_is_finite(x))
    for (size_t k = 0; k <= order; k++)
      arb_indeterminate(at(d, k));
  else if (smooth[fn->id])
    by_series(f, smooth[fn->id], order, d, x);
  else
    by_pieces(f, fn, order, d, x);
}

/* p (p-1) ... (p-k+1) x^(p-k): exactly zero beyond a whole p, whatever x is. */
static void power(field_t f, const void *p, size_t order, void *d, const void *x) {
  arb_t factor, here;
  fmpz_t n;
  arb_init(factor);
  arb_init(here);
  fmpz_init(n);
  arb_one(factor);
  for (size_t k = 0; k <= order; k++) {
    arb_sub_ui(here, p, k, f->bits);
    if (arb_is_zero(factor))
      arb_zero(at(d, k));
    else {
      if (arb_get_unique_fmpz(n, here) && arb_is_exact(here))
        arb_pow_fmpz(at(d, k), x, n, f->bits);
      else
        arb_pow(at(d, k), x, here, f->bits);
      arb_mul(at(d, k), at(d, k), factor, f->bits);
    }
    arb_mul(factor, factor, here, f->bits);
  }
  arb_clear(factor);
  arb_clear(here);
  fmpz_clear(n);
}

static int compare(field_t f, const void *a, const void *b) {
  if (arb_gt(a, b))
    return 1;
  if (arb_lt(a, b))
    return -1;
  if (arb_is_exact(a) && arb_is_exact(b) && arb_equal(a, b))
    return 0;
  undecided(f);
  return 2;
}

static bool zero(field_t f, size_t n, const void *a) {
  (void)f;
  for (size_t i = 0; i < n; i++)
    if (!arb_is_zero(of(a, i)))
      return false;
  return true;
}

static double get(field_t f, const void *a) {
  (void)f;
  return arf_get_d(arb_midref((const arb_struct *)a), ARF_RND_NEAR);
}

static double largest(field_t f, size_t n, const void *a) {
  double most = 0.0;
  for (size_t i = 0; i < n; i++) {
    double size = fabs(get(f, of(a, i)));
    most = size > most && isfinite(size) ? size : most;
  }
  return most;
}

/* At least the distance of anything in the ball from middle. */
static double radius(field_t f, const void *a, double middle) {
  arb_t rest;
  arf_t most;
  arb_init(rest);
  arf_init(most);
  arb_set_d(rest, middle);
  arb_sub(rest, a, rest, f->bits);
  arb_get_abs_ubound_arf(most, rest, 64);
  double bound = arf_get_d(most, ARF_RND_UP);
  arb_clear(rest);
  arf_clear(most);
  return isnan(bound) || !arb_is_finite(a) ? INFINITY : bound;
}

bool jac_field_balls(void) {
  return true;
}

struct jac_field jac_field_ball(long bits, struct jac_undecided *of_order) {
  return (struct jac_field){
      .name = "ball",
      .size = sizeof(arb_struct),
      .bits = bits,
      .undecided = of_order,
      .clear = clear,
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
      .radius = radius,
  };
}

#else

bool jac_field_balls(void) {
  return false;
}

struct jac_field jac_field_ball(long bits, struct jac_undecided *of_order) {
  (void)bits;
  (void)of_order;
  return jac_field_double;
}

#endif
