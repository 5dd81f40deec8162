/* Integrals between bounds: against closed forms in libm's functions, and what has no
 * value that a sum of steps could find. */
#include "build.h"

#include "jacobian/value/field.h"

#include <check.h>
#include <math.h>

static const double PI = 3.14159265358979323846;

static term_t minus(term_t a) {
  return op2(JAC_C_SUBTRACT, number(0), a);
}
static term_t times(term_t a, term_t b) {
  return op2(JAC_C_SIDE, a, b);
}
static term_t over(term_t a, term_t b) {
  return op2(JAC_C_DIVIDE, a, b);
}
static term_t gauss(term_t t) {
  return op1(JAC_C_EXP, minus(times(t, t)));
}

/* The value where x is so much. */
static double value_at(term_t term, double x) {
  struct jac_given given = {"x", &x};
  struct jac_sample sample = {.given = &given, .givens = 1};
  struct jac_value v = value_in(term, &sample);
  double y = v.x[0];
  jac_value_free(&v);
  jac_sample_clear(&sample);
  return y;
}

static void near(double a, double b) {
  ck_assert_msg(fabs(a - b) <= 4e-14 * fmax(1.0, fabs(b)), "%.17g, not %.17g", a, b);
}

START_TEST(closed_forms) {
  struct jac_symbol *x = symbol_of("x", 1, 1), *t = symbol_of("t", 1, 1);
  term_t one = number(1), zero = number(0), X = sym(x), T = sym(t);
  term_t erf_of = integral_of(gauss(T), t, zero, X);
  term_t log_of = integral_of(over(one, T), t, one, X);
  term_t back = integral_of(over(one, T), t, X, one);
  term_t root = integral_of(over(one, op1(JAC_C_SQRT, T)), t, zero, X);
  term_t ends = integral_of(op1(JAC_C_LOG, T), t, zero, X);
  term_t gamma = integral_of(
      times(op2(JAC_C_POWER, T, op2(JAC_C_SUBTRACT, X, one)), op1(JAC_C_EXP, minus(T))),
      t, zero, NULL);
  term_t normal = integral_of(gauss(T), t, NULL, X);
  term_t cauchy =
      integral_of(over(one, op2(JAC_C_ADD, times(T, T), times(X, X))), t, NULL, NULL);
  static const double points[] = {0.3, 0.9, 1.0, 1.7, 4.0};
  for (size_t k = 0; k < sizeof points / sizeof points[0]; k++) {
    double at = points[k];
    near(value_at(erf_of, at), sqrt(PI) / 2 * erf(at));
    near(value_at(erf_of, -at), -sqrt(PI) / 2 * erf(at));
    near(value_at(log_of, at), log(at));
    near(value_at(back, at), -log(at));
    near(value_at(root, at), 2 * sqrt(at));
    near(value_at(ends, at), at * log(at) - at);
    if (at > 0.5) /* steeper at 0 the steps do not reach it */
      near(value_at(gamma, at), tgamma(at));
    else
      ck_assert(isnan(value_at(gamma, at)));
    near(value_at(normal, at), sqrt(PI) / 2 * (1 + erf(at)));
    near(value_at(cauchy, at), PI / at);
  }
}
END_TEST

START_TEST(slopes_of_bounds_and_of_what_stands_inside) {
  struct jac_symbol *x = symbol_of("x", 1, 1), *t = symbol_of("t", 1, 1);
  term_t zero = number(0), X = sym(x), T = sym(t);
  term_t sine = integral_of(op1(JAC_C_SIN, times(X, T)), t, zero, times(X, X));
  /* (1 - cos x^3) / x */
  term_t slope = deriv(sine, x, JAC_LAYOUT_GRADIENT);
  term_t second = deriv(slope, x, JAC_LAYOUT_GRADIENT);
  for (int k = 2; k < 8; k++) {
    double at = k / 5.0, u = at * at * at;
    near(value_at(sine, at), (1 - cos(u)) / at);
    near(value_at(slope, at), 3 * at * sin(u) - (1 - cos(u)) / (at * at));
    near(value_at(second, at), 9 * u * cos(u) + 2 * (1 - cos(u)) / u);
  }
  /* the variable of an integral is its own: x within is not the bound x */
  term_t inner = integral_of(times(X, X), x, zero, X);
  near(value_at(deriv(inner, x, JAC_LAYOUT_GRADIENT), 1.3), 1.3 * 1.3);
  /* in itself again */
  struct jac_symbol *s = symbol_of("s", 1, 1);
  term_t twice = integral_of(integral_of(times(T, sym(s)), s, zero, T), t, zero, X);
  near(value_at(twice, 1.2), pow(1.2, 4) / 8);
}
END_TEST

START_TEST(no_value) {
  struct jac_symbol *x = symbol_of("x", 1, 1), *t = symbol_of("t", 1, 1);
  term_t one = number(1), X = sym(x), T = sym(t);
  term_t pole = integral_of(over(one, T), t, number(-1), X);
  term_t kink = integral_of(op1(JAC_C_ABS, op2(JAC_C_SUBTRACT, T, X)), t, number(0), one);
  term_t endless = integral_of(op1(JAC_C_EXP, times(X, T)), t, number(0), NULL);
  term_t wave = integral_of(op1(JAC_C_SIN, T), t, X, NULL);
  term_t harmonic = integral_of(over(one, T), t, X, NULL);
  const term_t all[] = {pole, kink, endless, wave, harmonic};
  for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
    ck_assert_msg(isnan(value_at(all[k], 0.37)), "%zu", k);
    ck_assert(isnan(value_at(deriv(all[k], x, JAC_LAYOUT_GRADIENT), 0.37)));
  }
  struct jac_field ball = jac_field_ball(128, NULL);
  struct jac_sample sample = {.field = &ball};
  struct jac_value v;
  if (jac_field_balls())
    ck_assert_int_eq(jac_value(pole, &sample, NULL, NULL, 0, &v, NULL), JAC_EINPUT);
  jac_sample_clear(&sample);
}
END_TEST

Suite *integral_suite(void);
Suite *integral_suite(void) {
  Suite *suite = suite_create("integral");
  TCase *tests = tcase_create("integral");
  tcase_add_checked_fixture(tests, NULL, build_free);
  tcase_add_test(tests, closed_forms);
  tcase_add_test(tests, slopes_of_bounds_and_of_what_stands_inside);
  tcase_add_test(tests, no_value);
  suite_add_tcase(suite, tests);
  return suite;
}
