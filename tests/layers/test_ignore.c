/* ignore=C of cross-entropy and nll, against what PyTorch's ignore_index is documented to
 * do: such samples cost nothing, and the mean is over the others. */
#include "layers/module.h"

#include <check.h>
#include <math.h>

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

Suite *ignore_suite(void);
Suite *ignore_suite(void) {
  Suite *suite = suite_create("ignore");
  TCase *tc = tcase_create("losses");
  tcase_add_loop_test(tc, ignored_samples_do_not_count, 0,
                      (int)(sizeof cases / sizeof cases[0]));
  suite_add_tcase(suite, tc);
  return suite;
}
