#include "visual/engine/engine.h"

#include <check.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *answer(const char *question) {
  char *text = jac_engine_answer(question);
  ck_assert_ptr_nonnull(text);
  json_t *json = json_loads(text, 0, NULL);
  ck_assert_msg(json != NULL, "%s", text);
  free(text);
  return json;
}

static void expect_error(const char *question, const char *part) {
  json_t *json = answer(question);
  const char *error = json_string_value(json_object_get(json, "error"));
  ck_assert_uint_eq(json_object_size(json), 1);
  ck_assert_msg(error != NULL && strstr(error, part) != NULL, "%s", error);
  json_decref(json);
}

static double number(const json_t *json, const char *member, size_t s, size_t i,
                     size_t j) {
  const json_t *rows = json_array_get(json_object_get(json, member), s);
  return json_number_value(json_array_get(json_array_get(rows, i), j));
}

START_TEST(wrong_questions_are_told) {
  expect_error("", "object");
  expect_error("[]", "object");
  expect_error("{}", "question");
  expect_error("{\"ask\": 3}", "question");
  expect_error("{\"ask\": \"open\"}", "no module");
  expect_error("{\"ask\": \"open\", \"spec\": [\"linaer:3x2\"]}", "linear");
  expect_error("{\"ask\": \"open\", \"spec\": [\"tanh:3\"], \"batch\": 0}", "sample");
  expect_error("{\"ask\": \"open\", \"spec\": [\"tanh:3\"], \"form\": \"round\"}",
               "form");
  expect_error("{\"ask\": \"open\", \"spec\": [\"tanh:3\"], \"set\": [\"z\"]}", "set");
  expect_error("{\"ask\": \"open\", \"spec\": [\"tanh:3\"], \"set\": [\"z=@x\"]}", "set");
  expect_error("{\"ask\": \"jacobian\", \"spec\": [\"tanh:3\"], \"wrt\": \"W\"}", "W");
  expect_error("{\"ask\": \"curve\", \"spec\": [\"tanh:3\"], \"row\": 3}", "entry");
  expect_error("{\"ask\": \"claim\", \"spec\": [\"tanh:3\"]}", "formula");
}
END_TEST

START_TEST(differences_and_curve_meet_the_jacobian) {
  static const char about[] = "\"spec\": [\"linear:2x2\", \"tanh\"], \"wrt\": \"W\", "
                              "\"set\": [\"z=1 2\", \"W=0.1 0.2; 0.3 0.4\"]";
  char question[200];
  snprintf(question, sizeof question, "{\"ask\": \"differences\", %s}", about);
  json_t *differences = answer(question);
  snprintf(question, sizeof question, "{\"ask\": \"curve\", %s, \"row\": 1, \"col\": 3}",
           about);
  json_t *curve = answer(question);
  /* tanh'(z . w_2) z_2, with z . w_2 = 1 and z_2 = 2 */
  double truth = 2.0 * 0.41997434161402614;
  ck_assert_double_eq_tol(number(differences, "values", 0, 1, 3), truth, 1e-10);
  ck_assert_double_eq(number(differences, "values", 0, 0, 3), 0.0);
  ck_assert_double_eq_tol(json_number_value(json_object_get(curve, "jacobian")), truth,
                          1e-15);
  const json_t *central = json_object_get(curve, "central");
  const json_t *forward = json_object_get(curve, "forward");
  ck_assert_double_eq_tol(json_number_value(json_array_get(central, 20)), truth, 1e-9);
  ck_assert_double_eq_tol(json_number_value(json_array_get(forward, 20)), truth, 1e-4);
  json_decref(differences);
  json_decref(curve);
}
END_TEST

static const char *const specs[] = {
    "\"linear:3x3\"], \"wrt\": \"z\"",
    "\"linear:3x2\"], \"wrt\": \"W\", \"batch\": 2",
    "\"softmax:3\"]",
    "\"sigmoid:3\"], \"batch\": 2, \"form\": \"full\"",
    "\"linear:3x4,bias\", \"tanh\", \"linear:2\", \"mse\"], \"wrt\": \"W1\"",
    "\"batch-norm:2\"], \"batch\": 3",
    "\"layer-norm:3\"]",
};

/* Whatever is planted is named by the diagnosis, and has another Jacobian's values. */
START_TEST(planted_mistakes_are_recognised) {
  char question[256];
  snprintf(question, sizeof question, "{\"ask\": \"mistake\", \"spec\": [%s}", specs[_i]);
  json_t *all = answer(question);
  const json_t *list = json_object_get(all, "mistakes");
  ck_assert_uint_ge(json_array_size(list), 2);
  for (size_t k = 0; k < json_array_size(list); k++) {
    snprintf(question, sizeof question,
             "{\"ask\": \"mistake\", \"mistake\": \"%s\", \"spec\": [%s}",
             json_string_value(json_array_get(list, k)), specs[_i]);
    json_t *one = answer(question);
    ck_assert_ptr_nonnull(json_object_get(one, "values"));
    ck_assert_uint_gt(strlen(json_string_value(json_object_get(one, "diagnosis"))), 5);
    json_decref(one);
  }
  json_decref(all);
}
END_TEST

/* Each of the classic mistakes can be told apart in one of the specs at least. */
START_TEST(no_mistake_is_never_planted) {
  static const char *const names[] = {"transposed",  "sign",     "order",  "summed",
                                      "diagonal",    "identity", "factor", "rows",
                                      "no diagonal", "quantity"};
  bool found = false;
  for (size_t k = 0; k < sizeof specs / sizeof specs[0] && !found; k++) {
    char question[256];
    snprintf(question, sizeof question,
             "{\"ask\": \"mistake\", \"mistake\": \"%s\", \"spec\": [%s}", names[_i],
             specs[k]);
    json_t *json = answer(question);
    found = json_object_get(json, "values") != NULL;
    json_decref(json);
  }
  ck_assert_msg(found, "%s", names[_i]);
}
END_TEST

/* What the page lights up: rows know their output, columns their place in the storage. */
START_TEST(places_of_rows_and_columns) {
  json_t *json = answer("{\"ask\": \"jacobian\", \"spec\": [\"linear:3x2\"], "
                        "\"wrt\": \"W\", \"batch\": 2}");
  ck_assert_double_eq(number(json, "outputs", 1, 1, 0), 1.0);
  ck_assert_double_eq(number(json, "outputs", 1, 1, 1), 1.0);
  ck_assert_double_eq(number(json, "entries", 0, 4, 0), 1.0);
  ck_assert_double_eq(number(json, "entries", 0, 4, 1), 1.0);
  const json_t *rows = json_array_get(json_object_get(json, "structure"), 0);
  ck_assert_str_eq(json_string_value(json_array_get(rows, 0)), "111000");
  ck_assert_str_eq(json_string_value(json_array_get(rows, 1)), "000111");
  json_decref(json);
}
END_TEST

START_TEST(every_question_has_an_answer) {
  static const char *const names[] = {"modules",     "open",  "jacobian",
                                      "differences", "curve", "check",
                                      "chain",       "claim", "mistake"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    char question[256];
    snprintf(question, sizeof question,
             "{\"ask\": \"%s\", \"claim\": \"W[j,i]\", \"spec\": [%s}", names[k],
             specs[_i]);
    json_t *json = answer(question);
    ck_assert_msg(json_object_get(json, "error") == NULL ||
                      strcmp(names[k], "claim") == 0,
                  "%s: %s", question, json_string_value(json_object_get(json, "error")));
    json_decref(json);
  }
}
END_TEST

Suite *engine_suite(void);
Suite *engine_suite(void) {
  enum { SPECS = sizeof specs / sizeof specs[0] };
  Suite *suite = suite_create("engine");
  TCase *tests = tcase_create("questions");
  tcase_add_test(tests, wrong_questions_are_told);
  tcase_add_test(tests, differences_and_curve_meet_the_jacobian);
  tcase_add_test(tests, places_of_rows_and_columns);
  tcase_add_loop_test(tests, planted_mistakes_are_recognised, 0, SPECS);
  tcase_add_loop_test(tests, no_mistake_is_never_planted, 0, 10);
  tcase_add_loop_test(tests, every_question_has_an_answer, 0, SPECS);
  suite_add_tcase(suite, tests);
  return suite;
}
