/* ignore=C of cross-entropy and nll, against what PyTorch's ignore_index is documented to
 * do: such samples cost nothing, and the mean is over the others. */
#include "layers/module.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { BATCH = 4, CLASSES = 3 };

static const double logits[BATCH][CLASSES] = {
    {0.3, -1.2, 2.0}, {1.1, 0.4, -0.7}, {-2.0, 0.6, 0.1}, {0.9, 0.9, -1.4}};

/* Classes from 1; 0: none. */
static const int labels[BATCH] = {2, 3, 0, 1};

/* The gradient of a sample by its logits (with a softmax of its own in long double), or
 * by its log-probabilities. */
static double expected(bool logarithms, double smoothing, size_t n, size_t i) {
  long double sum = 0.0L;
  double t = (1.0 - smoothing) * (labels[n] == (int)i + 1) + smoothing / (double)CLASSES;
  for (size_t j = 0; j < CLASSES; j++)
    sum += expl(logits[n][j]);
  return logarithms ? -t : (double)(expl(logits[n][i]) / sum) - t;
}

static const struct {
  const char *spec;
  int ignore, count; /* how many samples count */
  double smoothing;
  bool logarithms, mean;
} cases[] = {
    {"cross-entropy:3,ignore=3", 3, 2, 0.0, false, false},
    {"cross-entropy:3,ignore=3,reduction=mean", 3, 2, 0.0, false, true},
    {"cross-entropy:3,ignore=-100,reduction=mean", -100, 3, 0.0, false, true},
    {"cross-entropy:3,ignore=1,smoothing=0.3,reduction=mean", 1, 2, 0.3, false, true},
    {"cross-entropy:3,ignore=-100,smoothing=0.3", -100, 3, 0.3, false, false},
    {"nll:3,ignore=2,reduction=mean", 2, 2, 0.0, true, true},
    {"nll:3,ignore=2", 2, 2, 0.0, true, false},
};

START_TEST(ignored_samples_do_not_count) {
  struct jac_map *map;
  struct jac_array3 J;
  struct jac_error err;
  double y[BATCH][CLASSES] = {{0}};
  for (size_t n = 0; n < BATCH; n++)
    if (labels[n] > 0)
      y[n][labels[n] - 1] = 1.0;
  gsl_matrix_const_view Z = gsl_matrix_const_view_array(logits[0], BATCH, CLASSES);
  gsl_matrix_view Y = gsl_matrix_view_array(y[0], BATCH, CLASSES);
  const gsl_matrix *x[] = {&Z.matrix, &Y.matrix};
  ck_assert_msg(jac_module_new(cases[_i].spec, BATCH, &map, &err) == JAC_OK, "%s",
                err.message);
  ck_assert_int_eq(jac_map_jacobian_new(map, x, 0, &J, &err), JAC_OK);
  for (size_t n = 0; n < BATCH; n++)
    for (size_t i = 0; i < CLASSES; i++) {
      bool counts = labels[n] > 0 && labels[n] != cases[_i].ignore;
      double share = cases[_i].mean ? cases[_i].count : 1.0;
      double want =
          counts ? expected(cases[_i].logarithms, cases[_i].smoothing, n, i) / share
                 : 0.0;
      double is = cases[_i].mean ? *jac_array3_at(&J, 0, 0, n * CLASSES + i)
                                 : *jac_array3_at(&J, n, 0, i);
      ck_assert_msg(fabs(is - want) < 1e-15, "%s: sample %zu, class %zu: %g is not %g",
                    cases[_i].spec, n, i, is, want);
    }
  jac_array3_free(&J);
  jac_map_free(map);
}
END_TEST

/* PyTorch's mean with weights: the sum of w_y times the costs over the sum of w_y. */
START_TEST(means_are_weighted) {
  static const char *const specs[] = {
      "cross-entropy:3,weighted,reduction=mean",
      "cross-entropy:3,weighted,ignore=-100,reduction=mean",
      "nll:3,weighted,reduction=mean",
      "nll:3,weighted,ignore=1,reduction=mean",
  };
  static const double w[CLASSES] = {0.5, 2.0, 3.0};
  bool logarithms = specs[_i][0] == 'n';
  int ignore = strstr(specs[_i], "ignore=1") != NULL ? 1 : -100;
  struct jac_map *map;
  struct jac_array3 J;
  struct jac_error err;
  double y[BATCH][CLASSES] = {{0}}, count = 0.0, total = 0.0, by_class[CLASSES] = {0},
         labelled[CLASSES] = {0};
  for (size_t n = 0; n < BATCH; n++) {
    if (labels[n] == 0)
      continue;
    size_t c = (size_t)labels[n] - 1;
    double sum = 0.0;
    y[n][c] = 1.0;
    if (labels[n] == ignore)
      continue;
    for (size_t j = 0; j < CLASSES; j++)
      sum += exp(logits[n][j]);
    double cost = (logarithms ? 0.0 : log(sum)) - logits[n][c];
    count += w[c];
    total += w[c] * cost;
    by_class[c] += cost;
    labelled[c] += 1.0;
  }
  gsl_matrix_const_view Z = gsl_matrix_const_view_array(logits[0], BATCH, CLASSES);
  gsl_matrix_view Y = gsl_matrix_view_array(y[0], BATCH, CLASSES);
  gsl_matrix_const_view W = gsl_matrix_const_view_array(w, 1, CLASSES);
  const gsl_matrix *x[] = {&Z.matrix, &Y.matrix, &W.matrix};
  ck_assert_msg(jac_module_new(specs[_i], BATCH, &map, &err) == JAC_OK, "%s",
                err.message);
  ck_assert_int_eq(jac_map_jacobian_new(map, x, 0, &J, &err), JAC_OK);
  for (size_t n = 0; n < BATCH; n++)
    for (size_t i = 0; i < CLASSES; i++) {
      bool counts = labels[n] > 0 && labels[n] != ignore;
      double want =
          counts ? w[labels[n] - 1] * expected(logarithms, 0.0, n, i) / count : 0.0;
      ck_assert_double_eq_tol(*jac_array3_at(&J, 0, 0, n * CLASSES + i), want, 1e-14);
    }
  jac_array3_free(&J);
  ck_assert_int_eq(jac_map_jacobian_new(map, x, 2, &J, &err), JAC_OK);
  for (size_t i = 0; i < CLASSES; i++)
    ck_assert_double_eq_tol(*jac_array3_at(&J, 0, 0, i),
                            (by_class[i] - labelled[i] * total / count) / count, 1e-14);
  jac_array3_free(&J);
  jac_map_free(map);
}
END_TEST

Suite *ignore_suite(void);
Suite *ignore_suite(void) {
  Suite *suite = suite_create("ignore");
  TCase *tc = tcase_create("losses");
  tcase_add_loop_test(tc, ignored_samples_do_not_count, 0,
                      (int)(sizeof cases / sizeof cases[0]));
  tcase_add_loop_test(tc, means_are_weighted, 0, 4);
  suite_add_tcase(suite, tc);
  return suite;
}
