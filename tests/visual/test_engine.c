#include "jacobian/mistake.h"
#include "visual/engine/engine.h"

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *answer(const char *question) {
  struct jac_engine_numbers numbers;
  char *text = jac_engine_answer_apart(question, &numbers);
  free(numbers.data);
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
    "\"tanh:3\"], \"batch\": 2",
    "\"attention:2x2\"], \"batch\": 2",
};

static json_t *ask_about(const char *ask, const char *more, const char *spec) {
  char question[300];
  snprintf(question, sizeof question, "{\"ask\": \"%s\", %s \"spec\": [%s}", ask, more,
           spec);
  return answer(question);
}

enum { NUMBERS = 400 };

/* The numbers of nested lists, one after the other. */
static size_t numbers(const json_t *json, double *to) {
  size_t count = 0;
  if (!json_is_array(json)) {
    *to = json_number_value(json);
    return 1;
  }
  for (size_t k = 0; k < json_array_size(json); k++)
    count += numbers(json_array_get(json, k), to + count);
  ck_assert_uint_lt(count, NUMBERS);
  return count;
}

/* The largest difference, relative to the largest number of the second. */
static double apart(const json_t *a, const json_t *b) {
  double x[NUMBERS], y[NUMBERS], most = 0.0, scale = 0.0;
  size_t count = numbers(a, x);
  ck_assert_uint_eq(numbers(b, y), count);
  for (size_t k = 0; k < count; k++) {
    most = fmax(most, fabs(x[k] - y[k]));
    scale = fmax(scale, fabs(y[k]));
  }
  return most / scale;
}

/* Whatever is planted differs from the truth; of the answers the first is the diagnosis,
 * and no sentence comes twice. */
START_TEST(planted_mistakes_are_recognised) {
  char more[80];
  for (unsigned draw = 1; draw <= 6; draw++) {
    json_t *all = ask_about("mistake", "", specs[_i]);
    json_t *truth = ask_about("jacobian", "", specs[_i]);
    const json_t *list = json_object_get(all, "mistakes");
    const json_t *right = json_object_get(json_object_get(truth, "show"), "values");
    ck_assert_uint_ge(json_array_size(list), 2);
    for (size_t k = 0; k < json_array_size(list); k++) {
      snprintf(more, sizeof more, "\"mistake\": \"%s\", \"draw\": %u,",
               json_string_value(json_array_get(list, k)), draw);
      json_t *one = ask_about("mistake", more, specs[_i]);
      const json_t *choices = json_object_get(one, "choices");
      if (json_object_get(one, "values") !=
          NULL) { /* another draw may have no such way */
        ck_assert_msg(apart(json_object_get(one, "values"), right) > 0.01, "%s", more);
        ck_assert_uint_ge(json_array_size(choices), 2);
        for (size_t c = 1; c < json_array_size(choices); c++)
          ck_assert_str_ne(
              json_string_value(json_object_get(json_array_get(choices, c), "text")),
              json_string_value(json_object_get(one, "diagnosis")));
        ck_assert_uint_gt(strlen(json_string_value(json_object_get(one, "why"))), 20);
      }
      json_decref(one);
    }
    json_decref(truth);
    json_decref(all);
  }
}
END_TEST

/* Each mistake of the lessons can be told apart in one of the specs at least. */
START_TEST(no_mistake_is_never_planted) {
  const struct jac_mistake_kind *kind = jac_mistake_kind((enum jac_mistake)_i);
  bool found = kind->level == 0;
  for (size_t k = 0; k < 10 * (sizeof specs / sizeof specs[0]) && !found; k++) {
    char more[80];
    snprintf(more, sizeof more, "\"mistake\": \"%s\", \"draw\": %zu,", kind->name, k);
    json_t *json =
        ask_about("mistake", more, specs[k % (sizeof specs / sizeof specs[0])]);
    found = json_object_get(json, "values") != NULL;
    json_decref(json);
  }
  ck_assert_msg(found, "%s", kind->name);
}
END_TEST

/* What the page lights up: rows know their output, columns their place in the storage. */
static const char *put(const json_t *json, size_t step) {
  const json_t *steps = json_object_get(json, "steps");
  return json_string_value(json_object_get(json_array_get(steps, step), "put"));
}

START_TEST(derivations_have_their_numbers) {
  json_t *json =
      answer("{\"ask\": \"derive\", \"spec\": [\"linear:2x2\"], \"wrt\": \"W\", "
             "\"set\": [\"z=3 -5\", \"W=1 2; 3 4\"], \"output\": [0, 1], "
             "\"place\": [1, 1]}");
  ck_assert_str_eq(put(json, 1), "3 \\cdot 2 + (-5) \\cdot 4");
  ck_assert_str_eq(put(json, 3), "(-5) \\cdot 1");
  const json_t *steps = json_object_get(json, "steps");
  const json_t *value = json_object_get(json_array_get(steps, 4), "value");
  static const double kron[2][4] = {{3, -5, 0, 0}, {0, 0, 3, -5}};
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 4; j++)
      ck_assert_double_eq(json_number_value(json_array_get(json_array_get(value, i), j)),
                          kron[i][j]);
  json_decref(json);
  /* t is the temperature that the spec says: S = e^(1/2) + 1. */
  json = answer("{\"ask\": \"derive\", \"spec\": [\"softmax:2,temperature=2\"], "
                "\"set\": [\"z=1 0\"], \"output\": [0, 0], \"place\": [0, 1]}");
  steps = json_object_get(json, "steps");
  value = json_object_get(json_array_get(steps, 0), "value");
  ck_assert_double_eq_tol(json_number_value(json_array_get(json_array_get(value, 0), 0)),
                          exp(0.5) + 1.0, 1e-14);
  json_decref(json);
  /* Of a definition with another shape, two halves one above the other: no numbers. */
  json = answer("{\"ask\": \"derive\", \"spec\": [\"glu:4\"]}");
  steps = json_object_get(json, "steps");
  ck_assert_uint_gt(json_array_size(steps), 2);
  for (size_t k = 0; k < json_array_size(steps); k++)
    ck_assert(json_is_null(json_object_get(json_array_get(steps, k), "value")));
  json_decref(json);
}
END_TEST

static void expect_line(const char *left, const char *right, const char *verdict,
                        bool untrue) {
  char question[400];
  snprintf(
      question, sizeof question,
      "{\"ask\": \"line\", \"spec\": [\"linear:2x3\"], \"wrt\": \"W\", \"delta\": 1, "
      "\"left\": \"%s\", \"right\": \"%s\"}",
      left, right);
  json_t *json = answer(question);
  const json_t *line = json_object_get(json, "line");
  ck_assert_str_eq(json_string_value(json_object_get(line, "verdict")), verdict);
  ck_assert_int_eq(json_is_true(json_object_get(line, "untrue")), untrue);
  json_decref(json);
}

START_TEST(lines_are_judged_as_in_notes) {
  expect_line("y_i", "\\\\sum_k z_k W_{ki}", "holds", false);
  expect_line("y_i", "\\\\sum_k z_k W_{ik}", "not judged", true);
  expect_line("q", "3", "not judged", false);
  expect_line("\\\\frac{\\\\partial L}{\\\\partial W}", "z^T \\\\delta", "holds", false);
  expect_line("\\\\frac{\\\\partial L}{\\\\partial W}", "\\\\delta z^T", "does not hold",
              false);
  expect_error("{\"ask\": \"line\", \"spec\": [\"tanh:3\"], \"left\": \"y\"}", "formula");
  expect_error("{\"ask\": \"line\", \"spec\": [\"tanh:3\"], \"left\": \"y\", \"right\": "
               "\"$$z\"}",
               "without $");
}
END_TEST

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
  tcase_add_test(tests, derivations_have_their_numbers);
  tcase_add_test(tests, lines_are_judged_as_in_notes);
  tcase_add_test(tests, places_of_rows_and_columns);
  tcase_add_loop_test(tests, planted_mistakes_are_recognised, 0, SPECS);
  tcase_add_loop_test(tests, no_mistake_is_never_planted, 0, JAC_MISTAKES);
  tcase_add_loop_test(tests, every_question_has_an_answer, 0, SPECS);
  suite_add_tcase(suite, tests);
  return suite;
}
