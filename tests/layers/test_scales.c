/* Right Jacobians at numbers of every scale a double has, alone and mixed: whatever
 * cannot be told there, none is called wrong; and what is wrong there still is. */
#include "tests/slow.h"
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>

static const double scales[] = {1e-320, 1e-300, 1e-200, 1e-160, 1e-20, 1.0,
                                1e8,    1e16,   1e150,  1e200,  1e300};
enum { SCALES = sizeof scales / sizeof scales[0] };

/* All numbers of that scale, the first alone beside zeros, or each of a scale of its
 * own. */
static void fill(const struct jac_map *map, struct jac_values *x, size_t v,
                 size_t pattern, double scale, gsl_rng *rng) {
  if (map->var[v].domain != JAC_REAL)
    return;
  for (size_t k = 0; k < jac_variable_size(&map->var[v]); k++) {
    double part = 4.0 * gsl_rng_uniform(rng) - 2.0;
    double own = pattern == 3 ? scales[gsl_rng_uniform_int(rng, SCALES)] : scale;
    x->matrix[v]->data[k] = pattern == 1            ? scale
                            : pattern == 2 && k > 0 ? 0.0
                                                    : own * part;
  }
}

static enum jac_verdict worst_of(const struct jac_map *map, const struct jac_values *x,
                                 size_t wrt, const struct jac_array3 *J,
                                 struct jac_check_result r[JAC_REFERENCES]) {
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_check(map, jac_values_point(x), wrt, J, &options, r, &err) == JAC_OK,
                "%s", err.message);
  for (size_t k = 0; k < JAC_REFERENCES; k++)
    if (r[k].verdict == JAC_VERDICT_DIFFERS)
      return JAC_VERDICT_DIFFERS;
  return JAC_VERDICT_AGREES;
}

/* at: the variable that is of that scale; nvar: all of them. */
static void check_at(const struct jac_map *map, size_t at, size_t pattern, size_t s,
                     gsl_rng *rng) {
  struct jac_values x;
  struct jac_check_result r[JAC_REFERENCES];
  ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++)
    if (at == v || at == map->nvar)
      fill(map, &x, v, pattern, scales[s], rng);
  for (size_t v = 0; v < map->nvar; v++) {
    struct jac_array3 J;
    if (map->var[v].domain != JAC_REAL)
      continue;
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), v, &J, NULL),
                     JAC_OK);
    ck_assert_msg(worst_of(map, &x, v, &J, r) != JAC_VERDICT_DIFFERS,
                  "%s by %s, scale %g of %s, pattern %zu", map->spec, map->var[v].name,
                  scales[s], at == map->nvar ? "all" : map->var[at].name, pattern);
    jac_array3_free(&J);
  }
  jac_values_free(&x);
}

START_TEST(every_scale) {
  if ((size_t)_i % every() != 0)
    return;
  const struct jac_module *module = jac_module_at((size_t)_i);
  struct jac_map *map;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 1 + (unsigned long)_i);
  ck_assert_int_eq(jac_module_new(module->example, 1, &map, NULL), JAC_OK);
  for (size_t at = 0; at <= map->nvar; at++)
    for (size_t s = 0; s < SCALES; s++)
      for (size_t pattern = 0; pattern < 3; pattern++)
        check_at(map, at, pattern, s, rng);
  jac_map_free(map);
  gsl_rng_free(rng);
}
END_TEST

/* A slope that is off by a thousandth is found at tiny and at large numbers. */
START_TEST(wrong_ones_are_found) {
  static const char *const specs[] = {"tanh:3",     "cosine:3",    "softmax:3",
                                      "distance:3", "normalize:3", "bilinear:2x2x2",
                                      "rms-norm:3", "linear:3x2"};
  static const double at[] = {1e-200, 1e-20, 1e-8, 1.0, 1e6};
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  struct jac_check_result r[JAC_REFERENCES];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  ck_assert_int_eq(jac_module_new(specs[_i], 1, &map, NULL), JAC_OK);
  for (size_t s = 0; s < sizeof at / sizeof at[0]; s++) {
    ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
    for (size_t v = 0; v < map->nvar; v++)
      fill(map, &x, v, 0, at[s], rng);
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, NULL),
                     JAC_OK);
    size_t most = 0;
    for (size_t k = 0; k < J.slices * J.rows * J.cols; k++)
      most = fabs(J.data[k]) > fabs(J.data[most]) ? k : most;
    J.data[most] *= 1.001;
    if (J.data[most] != 0.0)
      ck_assert_msg(worst_of(map, &x, 0, &J, r) == JAC_VERDICT_DIFFERS, "%s at %g",
                    specs[_i], at[s]);
    jac_array3_free(&J);
    jac_values_free(&x);
  }
  gsl_rng_free(rng);
  jac_map_free(map);
}
END_TEST

/* Far from y and q the distances are nearly one; with y - q = d and z = t w the slope is
 * that of d.w/|w|, to first order in 1/t. */
START_TEST(a_triplet_far_away) {
  static const double y[] = {0.3, -0.2, 0.7}, q[] = {-0.4, 0.1, 0.9}, w[] = {1, -2, 2};
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  ck_assert_int_eq(jac_module_new("triplet:3", 1, &map, NULL), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
  double t = pow(10.0, 9.0 + 20.0 * _i), inner = 0.0;
  for (size_t k = 0; k < 3; k++) {
    x.matrix[0]->data[k] = t * w[k];
    x.matrix[1]->data[k] = y[k];
    x.matrix[2]->data[k] = q[k];
    inner += (y[k] - q[k]) * w[k] / 3.0;
  }
  /* |z - y| - |z - q| = -d.w/|w| + O(1/t); its gradient is -(d - (d.w) w/|w|^2)/(t |w|).
   */
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, NULL), JAC_OK);
  for (size_t k = 0; k < 3; k++) {
    double slope = -(y[k] - q[k] - inner * w[k] / 3.0) / (3.0 * t);
    ck_assert_double_eq_tol(J.data[k] * t, slope * t, 1e-8);
  }
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *scales_suite(void);
Suite *scales_suite(void) {
  Suite *suite = suite_create("scales");
  TCase *tc = tcase_create("scales");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, every_scale, 0, (int)jac_module_count());
  tcase_add_loop_test(tc, wrong_ones_are_found, 0, 8);
  tcase_add_loop_test(tc, a_triplet_far_away, 0, 5);
  suite_add_tcase(suite, tc);
  return suite;
}
