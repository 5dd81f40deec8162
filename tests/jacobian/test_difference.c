/* Differences know when they fail: their error estimates are honest at random points of
 * functions with poles, edges, waves and values of every scale, and what no step can tell
 * is never told. */
#include "jacobian/check.h"
#include "jacobian/order.h"

#include <check.h>
#include <float.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

/* A function of one number with its derivative, in more digits than the map has. */
struct function {
  const char *name;
  double (*f)(double x);
  long double (*slope)(long double x);
  double least, most; /* where it is asked: by powers of ten where least > 0 */
};

#define FUNCTION(name, value, derivative)                                                \
  static double name(double x) {                                                         \
    return value;                                                                        \
  }                                                                                      \
  static long double name##_slope(long double x) {                                       \
    return derivative;                                                                   \
  }
FUNCTION(reciprocal, 1.0 / x, -1.0L / (x * x))
FUNCTION(logarithm, log(x), 1.0L / x)
FUNCTION(root, sqrt(x), 0.5L / sqrtl(x))
FUNCTION(power, x *sqrt(x), 1.5L * sqrtl(x))
FUNCTION(exponential, exp(x), expl(x))
FUNCTION(tangent, tan(x), 1.0L / (cosl(x) * cosl(x)))
FUNCTION(wave, sin(50.0 * x), 50.0L * cosl(50.0L * x))
FUNCTION(fast, 1e-6 * sin(1e6 * x), cosl(1e6L * x))
FUNCTION(steep, tanh(1e4 * x), 1e4L / (coshl(1e4L * x) * coshl(1e4L * x)))
FUNCTION(cubic, x *x *x, 3.0L * x * x)
FUNCTION(bell, exp(-x *x), -2.0L * x * expl(-x * x))
FUNCTION(hyperbola, sqrt(1.0 + x * x), x / sqrtl(1.0L + x * x))
FUNCTION(arc, atan(x), 1.0L / (1.0L + x * x))
FUNCTION(logistic, 1.0 / (1.0 + exp(-x)),
         expl(-fabsl(x)) / ((1.0L + expl(-fabsl(x))) * (1.0L + expl(-fabsl(x)))))
FUNCTION(entropy, x *log(x), logl(x) + 1.0L)
FUNCTION(tiny, 1e-30 * sin(x), 1e-30L * cosl(x))
FUNCTION(huge, 1e30 * cos(x), -1e30L * sinl(x))
FUNCTION(shifted, 1e6 + sin(x), cosl(x))
FUNCTION(hinge, x > 0.0 ? x : 0.0, x > 0.0L ? 1.0L : 0.0L)
FUNCTION(seam, fabs(x) < 1.0 ? 0.5 * x * x : fabs(x) - 0.5,
         fabsl(x) < 1.0L ? x : (x > 0.0L ? 1.0L : -1.0L))

#define ROW(name, least, most)                                                           \
  { #name, name, name##_slope, least, most }
static const struct function functions[] = {
    ROW(reciprocal, 1e-12, 1e12),
    ROW(logarithm, 1e-30, 1e12),
    ROW(root, 1e-30, 1e12),
    ROW(power, 1e-12, 1e6),
    ROW(exponential, -30, 30),
    ROW(tangent, -6, 6),
    ROW(wave, -3, 3),
    ROW(fast, -3, 3),
    ROW(steep, -3e-4, 3e-4),
    ROW(cubic, 1e-9, 1e9),
    ROW(bell, -3, 3),
    ROW(hyperbola, 1e-9, 1e9),
    ROW(arc, 1e-9, 1e9),
    ROW(logistic, -20, 20),
    ROW(entropy, 1e-20, 1e6),
    ROW(tiny, -3, 3),
    ROW(huge, -3, 3),
    ROW(shifted, -3, 3),
    ROW(hinge, -1e-3, 1e-3),
    ROW(seam, -2, 2),
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], COUNT = 8 };

/* Entrywise, of one sample. */
struct entrywise {
  struct jac_map map;
  struct jac_variable var;
  const struct function *function;
  double factor; /* what the Jacobian is multiplied by; 1: right */
};

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t k = 0; k < map->cols; k++)
    y->data[k] = ((const struct entrywise *)map)->function->f(x[0]->data[k]);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct entrywise *e = (const struct entrywise *)map;
  (void)wrt;
  for (size_t k = 0; k < map->cols; k++)
    *jac_array3_at(J, 0, k, k) = (double)e->function->slope(x[0]->data[k]) * e->factor;
  return JAC_OK;
}

static enum jac_status product(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *in, gsl_matrix *out) {
  const struct entrywise *e = (const struct entrywise *)map;
  (void)wrt;
  for (size_t k = 0; k < map->cols; k++)
    out->data[k] = (double)e->function->slope(x[0]->data[k]) * e->factor * in->data[k];
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map, (void)wrt;
  return (struct jac_structure){.width = 1};
}

static const struct jac_map_type type = {.name = "entrywise",
                                         .forward = forward,
                                         .jacobian = jacobian,
                                         .vjp = product,
                                         .jvp = product,
                                         .structure = structure};

static void make(struct entrywise *e, const struct function *function, double factor) {
  *e = (struct entrywise){.function = function, .factor = factor};
  e->var = (struct jac_variable){
      .name = "z", .symbol = "z", .role = JAC_DATA, .ndim = 2, .dims = {1, COUNT}};
  e->map = (struct jac_map){.type = &type,
                            .spec = "entrywise",
                            .batch = 1,
                            .rows = 1,
                            .cols = COUNT,
                            .nvar = 1,
                            .var = &e->var};
}

static double draw(const struct function *f, gsl_rng *rng) {
  double u = gsl_rng_uniform_pos(rng);
  return f->least > 0.0 ? f->least * pow(f->most / f->least, u)
                        : f->least + u * (f->most - f->least);
}

static void draw_all(const struct function *f, gsl_rng *rng, gsl_matrix *z) {
  for (size_t k = 0; k < COUNT; k++)
    z->data[k] = draw(f, rng);
}

/* The true error is within the estimate nearly always, and within ten of it, which is
 * what the comparison takes, even more; and most entries can be told. */
START_TEST(estimates_are_honest) {
  const struct function *function = &functions[_i];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_matrix *z = gsl_matrix_alloc(1, COUNT);
  const gsl_matrix *x[] = {z};
  struct entrywise e;
  size_t all = 0, within = 0, told = 0, far = 0;
  make(&e, function, 1.0);
  for (int round = 0; round < 500; round++) {
    struct jac_array3 value, error;
    draw_all(function, rng, z);
    ck_assert_int_eq(jac_difference_new(&e.map, x, 0, JAC_DIFFERENCE_COMPRESSED, &value,
                                        &error, NULL, NULL),
                     JAC_OK);
    for (size_t k = 0; k < COUNT; k++) {
      double d = *jac_array3_at(&value, 0, k, k), bound = *jac_array3_at(&error, 0, k, k);
      double truth = (double)function->slope(z->data[k]), off = fabs(d - truth);
      /* The difference of an argument's last place is no fault of the steps. */
      all++;
      within += off <= bound;
      far += !(off <= 10.0 * bound);
      told += bound <= 1e-3 * fabs(truth) || fabs(truth) < 1e-9;
    }
    jac_array3_free(&value);
    jac_array3_free(&error);
  }
  gsl_matrix_free(z);
  gsl_rng_free(rng);
  ck_assert_msg((double)within >= 0.999 * (double)all && far == 0,
                "%s: %zu of %zu within, %zu far", function->name, within, all, far);
  ck_assert_msg((double)told >= 0.99 * (double)all, "%s: %zu of %zu told", function->name,
                told, all);
}
END_TEST

/* A right slope raises no alarm, one that is off by 1e-6 is found. */
START_TEST(right_and_wrong_slopes) {
  const struct function *function = &functions[_i];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_matrix *z = gsl_matrix_alloc(1, COUNT);
  const gsl_matrix *x[] = {z};
  const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  size_t found = 0;
  for (int round = 0; round < 200; round++)
    for (int wrong = 0; wrong < 2; wrong++) {
      struct entrywise e;
      struct jac_array3 J;
      struct jac_check_result results[JAC_REFERENCES];
      make(&e, function, wrong ? 1.0 + 1e-5 : 1.0);
      if (!wrong)
        draw_all(function, rng, z);
      ck_assert_int_eq(jac_map_jacobian_new(&e.map, x, 0, &J, NULL), JAC_OK);
      ck_assert_int_eq(jac_check(&e.map, x, 0, &J, &options, results, NULL), JAC_OK);
      bool differs = results[0].verdict == JAC_VERDICT_DIFFERS;
      ck_assert_msg(wrong || !differs, "%s: %g against %g at %g", function->name,
                    results[0].worst.jacobian, results[0].worst.reference,
                    z->data[results[0].worst.col]);
      found += wrong && differs;
      jac_array3_free(&J);
    }
  gsl_matrix_free(z);
  gsl_rng_free(rng);
  ck_assert_msg(found >= 195, "%s: %zu of 200 found", function->name, found);
}
END_TEST

FUNCTION(far_wave, sin(x), cosl(x))
FUNCTION(far_step, 1.0 / (1.0 + exp(1e12 - x)),
         expl(1e12L - x) / ((1.0L + expl(1e12L - x)) * (1.0L + expl(1e12L - x))))
FUNCTION(far_root, 1.0 / sqrt(1.0 + (x - 1e10) * (x - 1e10)),
         (1e10L - x) / powl(1.0L + (x - 1e10L) * (x - 1e10L), 1.5L))

/* Beside large numbers the first steps are large, and the last too: a right slope raises
 * no alarm, and where a step can tell, a wrong one does. */
START_TEST(far_from_zero) {
  static const struct {
    struct function function;
    double x;
    bool told;
  } at[] = {
      {ROW(far_wave, 0, 0), 1e5, true},        {ROW(far_wave, 0, 0), 1e8, true},
      {ROW(far_wave, 0, 0), 1e12, false},      {ROW(far_wave, 0, 0), 1e14, false},
      {ROW(far_wave, 0, 0), 1e16, false},      {ROW(far_wave, 0, 0), 1e150, false},
      {ROW(far_step, 0, 0), 1e12, false},      {ROW(far_step, 0, 0), 1e12 + 1.0, false},
      {ROW(far_root, 0, 0), 1e10 + 0.5, true}, {ROW(far_root, 0, 0), 1e10 + 3.0, true}};
  gsl_matrix *z = gsl_matrix_alloc(1, COUNT);
  const gsl_matrix *x[] = {z};
  const struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  for (int wrong = 0; wrong < 2; wrong++) {
    struct entrywise e;
    struct jac_array3 J;
    struct jac_check_result results[JAC_REFERENCES];
    make(&e, &at[_i].function, wrong ? 1.01 : 1.0);
    for (size_t k = 0; k < COUNT; k++)
      z->data[k] = at[_i].x * (1.0 + 2.0 * DBL_EPSILON * (double)k);
    ck_assert_int_eq(jac_map_jacobian_new(&e.map, x, 0, &J, NULL), JAC_OK);
    ck_assert_int_eq(jac_check(&e.map, x, 0, &J, &options, results, NULL), JAC_OK);
    bool differs = results[0].verdict == JAC_VERDICT_DIFFERS;
    ck_assert_msg(wrong ? differs || !at[_i].told : !differs, "%s at %g: %g, not %g",
                  at[_i].function.name, at[_i].x, results[0].worst.reference,
                  results[0].worst.jacobian);
    jac_array3_free(&J);
  }
  gsl_matrix_free(z);
}
END_TEST

Suite *difference_suite(void);
Suite *difference_suite(void) {
  Suite *suite = suite_create("difference");
  TCase *tc = tcase_create("estimates");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, estimates_are_honest, 0, FUNCTIONS);
  tcase_add_loop_test(tc, right_and_wrong_slopes, 0, FUNCTIONS);
  tcase_add_loop_test(tc, far_from_zero, 0, 10);
  suite_add_tcase(suite, tc);
  return suite;
}
