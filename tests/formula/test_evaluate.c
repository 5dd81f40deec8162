/* Values of formulas against C, and what has no value. */
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/simplify.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <math.h>
#include <string.h>

static double value_of(const char *formula, struct jac_error *err) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_arena a = JAC_ARENA_INIT;
  const struct jac_node *tree;
  double value = NAN;
  static const struct jac_index_value index[] = {{"n", 1}, {"o", 2}};
  ck_assert_int_eq(jac_module_new("linear:3x2,bias", 1, &map, err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, err), JAC_OK);
  for (size_t k = 0; k < 3; k++)
    gsl_matrix_set(x.matrix[0], 0, k, (double)k - 0.5);
  ck_assert_int_eq(jac_formula_read(&a, formula, &tree, NULL, err), JAC_OK);
  struct jac_environment env = {.map = map, .x = jac_values_point(&x)};
  err->status = jac_formula_evaluate(tree, &env, index, 2, &value, err);
  jac_arena_free(&a);
  jac_values_free(&x);
  jac_map_free(map);
  return value;
}

static const struct {
  const char *formula;
  double value;
} known[] = {
    {"2 + 3*4^2/8 - 1", 7},
    {"-2^2", -4},
    {"2^3^2", 512},
    {"exp(1) - 2.718281828459045", 0},
    {"log(exp(2))", 2},
    {"sqrt(16) + abs(-3) + sign(-2) + sign(0)", 6},
    {"sin(0) + cos(0)", 1},
    {"erf(0) + Phi(0)", 0.5},
    {"phi(0)*sqrt(2*pi)", 1},
    {"max(2, 3) + min(2, 3)", 5},
    {"relu(-1) + relu(2) + sigmoid(0) + tanh(0)", 2.5},
    {"sum(i, z[n,i])", 1.5},
    {"max(i, z[n,i])", 1.5},
    {"sum(i, i)*0 + sum(i, z[n,i]*ind(i >= 2 and i != 3))", 0.5},
    {"ind(1 < 2) + ind(2 <= 1) + ind(1 = 1) + ind(2 > 1)", 3},
    {"delta(n, 1) + delta(o, 1)", 1},
    {"z[n,o]", 0.5},
    {"z[n,o+1]", 1.5},
    {"3 .* 4", 12},
    {"det([1, 2; 3, 4])", -2},
    {"tr(inv([1, 2; 3, 4])*[5, 6; 7, 8])", 2},
    {"tr([eye(2), 0; 0, eye(2)])", 4},
    {"norm([3; 4]) + normone([1, -2]) + dot([1, 2], [3; 4])", 19},
    {"tr([1, 2; 3, 4]^2 - [1, 2; 3, 4]*[1, 2; 3, 4]')", -1},
    {"tr(kron([1, 2; 3, 4], [0, 1; 1, 2]))", 10},
    {"tr(([2, 4] ./ [1, 2])'*[1, 1])", 4},
    {"sum(i = 1:3, i^2) + prod(i = 1:4, i)", 38},
    {"logsumexp([0, 0]) - log(2)", 0},
    {"tr(outer([1, 2], [3, 4]))", 11},
    {"tr(softmax([1; 1])*[1, 1])", 1},
    {"cases(5, 1 > 2, 7)", 7},
};

START_TEST(values_are_right) {
  struct jac_error err = {JAC_OK, ""};
  if (_i == 13) { /* an index that indexes nothing has no range */
    value_of(known[_i].formula, &err);
    ck_assert_int_eq(err.status, JAC_EINPUT);
    return;
  }
  double value = value_of(known[_i].formula, &err);
  ck_assert_msg(err.status == JAC_OK, "%s: %s", known[_i].formula, err.message);
  ck_assert_double_eq_tol(value, known[_i].value, 1e-14);
}
END_TEST

static const struct {
  const char *formula, *message;
} none[] = {
    {"q", "q: it has no meaning here"},
    {"q[1]", "q: with these indices it has no meaning here"},
    {"W[1]", "W: with these indices it has no meaning here"},
    {"z[n,7]", "z: an index is out of its range"},
    {"z[0,1]", "z: an index is out of its range"},
    {"foo(1)", "foo: no function is called so"},
    {"exp(1, 2, 3)", "exp: no function is called so with this number of arguments"},
    {"sum(k, 1)", "k: the range of this index is not known"},
    {"W", "the value is a matrix of 3x2, not a number"},
    {"W*W",
     "W is 3x2 and W is 3x2: a product needs as many columns on its left as rows on "
     "its right"},
    {"W + W'", "W is 3x2 and W' is 2x3: they need one shape"},
    {"tr([W, W; 1, 1])", "a block of 1x1 stands where 1x2 is needed"},
    {"W^2", "W is 3x2 and 2 is 1x1: a power needs a square matrix"},
    {"W/W",
     "W is 3x2 and W is 3x2: a matrix cannot be divided by a matrix: multiply by its "
     "inverse, or divide entries"},
    {"W[1,2,3]", "W: with these indices it has no meaning here"},
    {"W[1.5,1]", "W: an index is out of its range"},
    {"sum(i, [1, 2; 3, 4]*i)", "i: the range of this index is not known"},
    {"sum(i = 1:2, ones(i))", "the terms of a sum have several shapes"},
    {"ind(I > 1)", "a comparison is between numbers, not matrices"},
    {"I[1,.]", "the size of I or of the ones is not known here"},
    {"sum(i = 1:2, I)", "the size of I or of the ones is not known here"},
    {"I + 1*W", "I stands where a matrix of 3x2 is needed"},
    {"I + ones(3)*ones(2)'", "I stands where a matrix of 3x2 is needed"},
    {"diag(I)", "the size of I or of the ones is not known here"},
    {"W^I", "the size of I or of the ones is not known here"},
    {"det(W)", "a determinant needs a square matrix, not 3x2"},
    {"tr(W)", "a trace needs a square matrix, not 3x2"},
    {"inv(W)", "an inverse needs a square matrix, not 3x2"},
    {"kron(I, W)", "the size of I is not known here: write I_n"},
};

START_TEST(what_has_no_value_is_named) {
  struct jac_error err = {JAC_OK, ""};
  value_of(none[_i].formula, &err);
  bool unknown = _i == 0 || strstr(none[_i].message, "no meaning here") != NULL ||
                 strstr(none[_i].message, "ones is not known here") != NULL;
  ck_assert_int_eq(err.status, unknown ? JAC_EUNKNOWN : JAC_EINPUT);
  ck_assert_str_eq(err.message, none[_i].message);
}
END_TEST

START_TEST(self_reference_ends) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err = {JAC_OK, ""};
  const struct jac_node *tree;
  double value;
  static const char *const formulas[] = {"sum(i, s[i])", "s[1]", "s[0]", "t[1]"};
  ck_assert_int_eq(jac_module_new("linear:3x2", 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
  struct jac_environment env = {.map = map, .x = jac_values_point(&x)};
  ck_assert_int_eq(jac_formula_read_equations(&a, "s[n] = t[n]; t[n] = s[n]",
                                              env.where_left, env.where_right,
                                              &env.nwhere, &err),
                   JAC_OK);
  for (size_t k = 0; k < 4; k++) {
    ck_assert_int_eq(jac_formula_read(&a, formulas[k], &tree, NULL, &err), JAC_OK);
    ck_assert_int_ne(jac_formula_evaluate(tree, &env, NULL, 0, &value, &err), JAC_OK);
  }
  ck_assert_str_eq(err.message, "t: it is defined by itself");
  jac_arena_free(&a);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* What is kept of two recursions is each one's own, however many places they take: the
 * sum of a and 1000 b up to 39 against a loop. */
START_TEST(recursions_are_kept_apart) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_arena arena = JAC_ARENA_INIT;
  struct jac_error err = {JAC_OK, ""};
  const struct jac_node *tree;
  double value, expected = 0.0, a[40] = {0}, b[40] = {0};
  ck_assert_int_eq(jac_module_new("linear:3x2", 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
  struct jac_environment env = {.map = map, .x = jac_values_point(&x)};
  ck_assert_int_eq(
      jac_formula_read_equations(&arena,
                                 "a[i] = cases(i, i < 3, a[i-1] - b[i-2] + i); "
                                 "b[i] = cases(2*i, i < 3, a[i-2] - b[i-1])",
                                 env.where_left, env.where_right, &env.nwhere, &err),
      JAC_OK);
  ck_assert_int_eq(
      jac_formula_read(&arena, "sum(i = 1:39, a[i] + 1000*b[i])", &tree, NULL, &err),
      JAC_OK);
  ck_assert_int_eq(jac_formula_evaluate(tree, &env, NULL, 0, &value, &err), JAC_OK);
  for (size_t i = 1; i < 40; i++) {
    a[i] = i < 3 ? (double)i : a[i - 1] - b[i - 2] + (double)i;
    b[i] = i < 3 ? 2.0 * (double)i : a[i - 2] - b[i - 1];
    expected += a[i] + 1000.0 * b[i];
  }
  ck_assert_double_eq(value, expected);
  jac_arena_free(&arena);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

/* Simplified formulas have the values of the formulas. */
START_TEST(simplified_is_equal) {
  static const char *const formulas[] = {"0/x + x/1 + x^0",
                                         "(-x)/y",
                                         "(-3)*x",
                                         "2*3*x",
                                         "0*x + x*0 + 1*x*1",
                                         "x - x",
                                         "-(-(-x))",
                                         "x^1 + (2 + 3)",
                                         "ind(1 < 2 and 2 < 1)",
                                         "ind(3 > 2 and x > 0)",
                                         "delta(i, i)*x",
                                         "sum(i, 0)",
                                         "x*(-2)",
                                         "ind(2 >= 2)*x",
                                         "ind(1 != 1)*x",
                                         "ind(x > 0 and 1 < 2)"};
  static const char *const expected[] = {
      "x + 1", "-x / y",     "-3*x", "6*x", "x",    "x - x", "-x", "x + 5",
      "0",     "ind(x > 0)", "x",    "0",   "-x*2", "x",     "0",  "ind(x > 0)"};
  struct jac_arena a = JAC_ARENA_INIT;
  const struct jac_node *tree, *wanted;
  ck_assert_int_eq(jac_formula_read(&a, formulas[_i], &tree, NULL, NULL), JAC_OK);
  ck_assert_int_eq(jac_formula_read(&a, expected[_i], &wanted, NULL, NULL), JAC_OK);
  ck_assert_msg(jac_equal(jac_specialise(&a, tree, NULL, 0), wanted), "%s", formulas[_i]);
  jac_arena_free(&a);
}
END_TEST

START_TEST(trees_have_bounds) {
  struct jac_arena a = JAC_ARENA_INIT;
  struct jac_error err;
  const struct jac_node *x = jac_number(&a, 1.0);
  for (int k = 0; k < JAC_FORMULA_DEPTH + 10; k++)
    x = jac_unary(&a, JAC_NEGATE, x);
  ck_assert_ptr_null(x);
  ck_assert_int_eq(jac_arena_status(&a, &err), JAC_ELIMIT);
  ck_assert_ptr_null(jac_number(&a, 1.0));
  jac_arena_free(&a);
}
END_TEST

START_TEST(several_equations) {
  struct jac_arena a = JAC_ARENA_INIT;
  const struct jac_node *left[JAC_EQUATIONS], *right[JAC_EQUATIONS];
  struct jac_error err;
  size_t count;
  ck_assert_int_eq(
      jac_formula_read_equations(&a, "x = 1; y = 2", left, right, &count, &err), JAC_OK);
  ck_assert_uint_eq(count, 2);
  ck_assert_str_eq(left[1]->name, "y");
  ck_assert_int_eq(jac_formula_read_equations(&a, "x = 1; y", left, right, &count, &err),
                   JAC_EINPUT);
  char many[4 * JAC_EQUATIONS + 4] = "a=1";
  for (size_t k = 1; k <= JAC_EQUATIONS; k++)
    strcat(many, ";a=1");
  ck_assert_int_eq(jac_formula_read_equations(&a, many, left, right, &count, &err),
                   JAC_ELIMIT);
  many[4 * JAC_EQUATIONS - 1] = '\0'; /* one fewer */
  ck_assert_int_eq(jac_formula_read_equations(&a, many, left, right, &count, &err),
                   JAC_OK);
  jac_arena_free(&a);
}
END_TEST

Suite *evaluate_suite(void);
Suite *evaluate_suite(void) {
  Suite *suite = suite_create("evaluate");
  TCase *tc = tcase_create("values");
  tcase_add_loop_test(tc, values_are_right, 0, (int)(sizeof known / sizeof known[0]));
  tcase_add_loop_test(tc, what_has_no_value_is_named, 0,
                      (int)(sizeof none / sizeof none[0]));
  tcase_add_loop_test(tc, simplified_is_equal, 0, 16);
  tcase_add_test(tc, self_reference_ends);
  tcase_add_test(tc, recursions_are_kept_apart);
  tcase_add_test(tc, trees_have_bounds);
  tcase_add_test(tc, several_equations);
  suite_add_tcase(suite, tc);
  return suite;
}
