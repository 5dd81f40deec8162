/* Certified intervals: of every function against its double, of every module's Jacobian,
 * at kinks, seams, jumps and poles, and of Jacobians that are a little wrong. Where the
 * build has no Arb there is nothing to test but that this is said. */
#include "tests/slow.h"
#include "jacobian/certify.h"
#include "jacobian/formula/evaluate.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

static bool available(void) {
  return jac_certify_available(NULL) == JAC_OK;
}

/* A formula of x at a number, as an interval of its value or of its slope. */
static struct jac_enclosure value_of(const char *text, double x, bool slope, long bits) {
  struct jac_arena arena = JAC_ARENA_INIT;
  struct jac_certainty certainty = {.side = 1};
  struct jac_number_type ball = jac_ball_of(bits, &certainty), dual = jac_dual_of(&ball);
  struct jac_named named = {.name = "x", .ndim = 1, .dims = {1}, .data = &x, .tda = 1};
  struct jac_environment env = {.named = &named, .nnamed = 1, .seed = &x};
  struct jac_error err = {JAC_OK, ""};
  struct jac_result result;
  const struct jac_node *tree;
  env.type = slope ? &dual : &ball;
  ck_assert_int_eq(jac_formula_read(&arena, text, &tree, NULL, &err), JAC_OK);
  ck_assert_msg(jac_formula_value(tree, &env, NULL, 0, &result, NULL, &err) == JAC_OK,
                "%s: %s", text, err.message);
  struct jac_enclosure e = result.enclosure[0];
  jac_result_free(&result);
  jac_arena_free(&arena);
  return e;
}

static const struct {
  const char *formula, *derivative;
} functions[] = {
    {"exp(x)", "exp(x)"},
    {"log(x^2 + 1)", "2*x/(x^2 + 1)"},
    {"tanh(x)", "1 - tanh(x)^2"},
    {"sigmoid(x)", "sigmoid(x)*sigmoid(-x)"},
    {"relu(x)", "ind(x > 0)"},
    {"sqrt(x^2 + 1)", "x/sqrt(x^2 + 1)"},
    {"abs(x)", "sign(x)"},
    {"erf(x)", "2/sqrt(pi)*exp(-x^2)"},
    {"sin(x)*cos(x)", "1 - 2*sin(x)^2"},
    {"tan(x)", "1 + tan(x)^2"},
    {"sinh(x) - cosh(x)", "exp(-x)"},
    {"arctan(x)", "1/(1 + x^2)"},
    {"softplus(x)", "sigmoid(x)"},
    {"Phi(x)", "phi(x)"},
    {"phi(x)", "-x*phi(x)"},
    {"x^3/e", "3*x^2/exp(1)"},
    {"max(x, 1) + min(x, 2)", "ind(x > 1) + ind(x < 2)"},
};

/* The double lies near its interval; the interval of the derivative that dual numbers
 * make meets that of the derivative's formula. */
START_TEST(functions_are_enclosed) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (int k = 0; k < 200 && available(); k++) {
    double x = 12.0 * gsl_rng_uniform(rng) - 6.0, scale = fmax(1.0, exp(fabs(x)));
    struct jac_arena arena = JAC_ARENA_INIT;
    struct jac_named named = {"x", 1, {1}, &x, 1, false, 0};
    struct jac_environment env = {.named = &named, .nnamed = 1};
    const struct jac_node *tree;
    double plain;
    jac_formula_read(&arena, functions[_i].formula, &tree, NULL, NULL);
    ck_assert_int_eq(jac_formula_evaluate(tree, &env, NULL, 0, &plain, NULL), JAC_OK);
    struct jac_enclosure y = value_of(functions[_i].formula, x, false, 128);
    ck_assert_double_le(jac_enclosure_farthest(&y, plain), 1e-14 * scale);
    ck_assert_double_le(y.radius, 1e-30 * scale * scale);
    struct jac_enclosure slope = value_of(functions[_i].formula, x, true, 128);
    struct jac_enclosure other = value_of(functions[_i].derivative, x, false, 256);
    double apart = fabs((slope.middle - other.middle) + (slope.rest - other.rest));
    ck_assert_msg(apart <= slope.radius + other.radius, "%s at %.17g: apart %g",
                  functions[_i].formula, x, apart);
    jac_arena_free(&arena);
  }
  gsl_rng_free(rng);
  jac_ball_cleanup();
}
END_TEST

START_TEST(enclosures_measure) {
  struct jac_enclosure e = {1.0, 0x1p-60, 0x1p-80};
  ck_assert_double_eq(jac_enclosure_nearest(&e, 1.0), 0.0);
  ck_assert_double_le(fabs(jac_enclosure_farthest(&e, 1.5) - 0.5), 1e-15);
  ck_assert_double_le(jac_enclosure_nearest(&e, 1.5), 0.5);
  ck_assert_double_ge(jac_enclosure_nearest(&e, 1.5), 0.49);
  if (!available())
    return;
  e = value_of("x*x", 1e300, false, 128); /* beyond the doubles, for certain */
  ck_assert(isinf(e.middle) && e.radius == 0.0);
  e = value_of("log(x)", -1.0, false, 128);
  ck_assert(isnan(e.middle) && isinf(e.radius));
  e = value_of("exp(x)", -800.0, false, 2048); /* below them */
  ck_assert_double_eq(e.middle, 0.0);
  ck_assert_double_le(e.radius, 1e-320);
}
END_TEST

START_TEST(modules_are_proved) {
  if ((size_t)_i % every() != 0)
    return;
  const struct jac_module *module = jac_module_at((size_t)_i);
  for (unsigned long seed = 1; seed <= 2 && available(); seed++) {
    struct jac_map *map;
    struct jac_values x;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_int_eq(jac_module_new(module->example, 3, &map, &err), JAC_OK);
    ck_assert_int_eq(jac_values_new(map, seed, &x, &err), JAC_OK);
    for (size_t v = 0; v < map->nvar; v++) {
      struct jac_array3 J;
      struct jac_certificate cert;
      struct jac_check_result result;
      jac_point point = jac_values_point(&x);
      ck_assert_int_eq(jac_map_jacobian_new(map, point, v, &J, &err), JAC_OK);
      enum jac_status status = jac_certify(map, point, v, &J, &cert, &result, &err);
      ck_assert_msg(status == JAC_OK, "%s: %s", map->spec, err.message);
      ck_assert_msg(result.verdict == JAC_VERDICT_AGREES && cert.proved == cert.entries,
                    "%s wrt %s: %zu of %zu, %zu wrong", map->spec, map->var[v].name,
                    cert.proved, cert.entries, result.wrong);
      ck_assert_double_le(cert.ulps, 1e4);
      /* What is wrong by one part in 10^9 is proved wrong. */
      size_t size = J.slices * J.rows * J.cols, at = 0;
      for (size_t k = 0; k < size; k++)
        at = fabs(J.data[k]) > fabs(J.data[at]) ? k : at;
      J.data[at] = J.data[at] == 0.0 ? 1e-9 : J.data[at] * (1.0 + 1e-9);
      ck_assert_int_eq(jac_certify(map, point, v, &J, &cert, &result, &err), JAC_OK);
      ck_assert_int_eq(result.verdict, JAC_VERDICT_DIFFERS);
      ck_assert_uint_eq(result.wrong, 1);
      jac_array3_free(&J);
    }
    jac_values_free(&x);
    jac_map_free(map);
  }
}
END_TEST

/* One variable z of one number: the map y = formula, at z. */
static struct jac_certified_entry at(const char *formula, double z, double jacobian) {
  struct jac_formula_size size = {"z", 1, {1}, false};
  struct jac_map *map;
  struct jac_error err = {JAC_OK, ""};
  struct jac_certifier *certifier;
  struct jac_certified_entry entry;
  ck_assert_msg(jac_formula_map_new(formula, &size, 1, &map, &err) == JAC_OK, "%s: %s",
                formula, err.message);
  gsl_matrix_view m = gsl_matrix_view_array(&z, 1, 1);
  const gsl_matrix *x[] = {&m.matrix};
  ck_assert_int_eq(jac_certifier_new(map, x, &certifier, &err), JAC_OK);
  ck_assert_msg(jac_certify_entry(certifier, 0, 0, 0, 0, jacobian, &entry, &err) ==
                    JAC_OK,
                "%s: %s", formula, err.message);
  jac_certifier_free(certifier);
  jac_map_free(map);
  return entry;
}

static const struct {
  const char *formula;
  double z;
  enum jac_certified kind;
  double left, right; /* where proved: the derivative, twice */
} places[] = {
    {"y = relu(z)", 0, JAC_CERTIFIED_KINK, 0, 1},
    {"y = abs(z)", 0, JAC_CERTIFIED_KINK, -1, 1},
    {"y = abs(-3*z)", 0, JAC_CERTIFIED_KINK, -3, 3},
    {"y = max(2*z, z)", 0, JAC_CERTIFIED_KINK, 1, 2},
    {"y = max(-z, z)*min(z, 1)", 1, JAC_CERTIFIED_KINK, 2, 1},
    {"y = sign(z)", 0, JAC_CERTIFIED_POLE, NAN, NAN},
    {"y = ind(z > 0)", 0, JAC_CERTIFIED_POLE, NAN, NAN},
    {"y = sqrt(z)", 0, JAC_CERTIFIED_POLE, NAN, NAN},
    {"y = 1/z", 0, JAC_CERTIFIED_POLE, NAN, NAN},
    {"y = log(z)", -1, JAC_CERTIFIED_POLE, NAN, NAN},
    {"y = relu(z)^2", 0, JAC_CERTIFIED_PROVED, 0, 0},
    {"y = ind(abs(z) <= 1)*z^2/2 + ind(abs(z) > 1)*(abs(z) - 1/2)", 1,
     JAC_CERTIFIED_PROVED, 1, 1},
    {"y = max(1*z, z)", 3, JAC_CERTIFIED_PROVED, 1, 1},
    {"y = tanh(z)", 1e300, JAC_CERTIFIED_PROVED, 0, 0},
    {"y = 3*z^2", 1e-300, JAC_CERTIFIED_PROVED, 6e-300, 6e-300},
    {"y = det([z, 2; 3, 4])", 1, JAC_CERTIFIED_PROVED, 4, 4},
    {"y = det([z, 0, 0; 0, 5, 1; 0, 1, 2])", 0, JAC_CERTIFIED_PROVED, 9, 9},
    {"y = det([0, z; 3, 0])", 0, JAC_CERTIFIED_PROVED, -3, -3},
    {"y = ind(exp(z) > exp(z)*1)*z + z", 1, JAC_CERTIFIED_UNDECIDED, 0, 0},
};

START_TEST(kinks_seams_and_poles) {
  if (!available())
    return;
  struct jac_certified_entry e = at(places[_i].formula, places[_i].z, 0.0);
  ck_assert_msg(e.kind == places[_i].kind, "%s at %g: kind %d", places[_i].formula,
                places[_i].z, (int)e.kind);
  if (e.kind == JAC_CERTIFIED_KINK) {
    ck_assert_double_eq(e.left.middle, places[_i].left);
    ck_assert_double_eq(e.right.middle, places[_i].right);
  } else if (e.kind == JAC_CERTIFIED_PROVED)
    ck_assert_double_le(jac_enclosure_farthest(&e.truth, places[_i].left),
                        1e-15 * fabs(places[_i].left) + 1e-320);
}
END_TEST

START_TEST(what_cannot_be_certified_is_said) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_certifier *certifier;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_module_new("linear:400x300", 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
  struct jac_array3 J;
  struct jac_certificate cert;
  struct jac_check_result result;
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, &err), JAC_OK);
  enum jac_status status =
      jac_certify(map, jac_values_point(&x), 0, &J, &cert, &result, &err);
  ck_assert_int_eq(status, available() ? JAC_ELIMIT : JAC_EREFUSED);
  map->definition = NULL;
  ck_assert_int_eq(jac_certifier_new(map, jac_values_point(&x), &certifier, &err),
                   JAC_EREFUSED);
  ck_assert_ptr_null(certifier);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *certify_suite(void);
Suite *certify_suite(void) {
  Suite *suite = suite_create("certify");
  TCase *tests = tcase_create("certify");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, functions_are_enclosed, 0,
                      sizeof functions / sizeof functions[0]);
  tcase_add_test(tests, enclosures_measure);
  tcase_add_loop_test(tests, modules_are_proved, 0, (int)jac_module_count());
  tcase_add_loop_test(tests, kinks_seams_and_poles, 0, sizeof places / sizeof places[0]);
  tcase_add_test(tests, what_cannot_be_certified_is_said);
  suite_add_tcase(suite, tests);
  return suite;
}
