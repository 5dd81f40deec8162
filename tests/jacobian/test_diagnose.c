/* Classic mistakes planted in Jacobians are named; garbage is not. */
#include "jacobian/diagnose.h"
#include "jacobian/order.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <string.h>

struct case_ {
  struct jac_map *map;
  struct jac_array3 truth, wrong;
  struct jac_suspects suspects;
  struct jac_quantity quantity[2];
  double q[2][64];
};

static double at(const struct jac_array3 *a, size_t s, size_t i, size_t j) {
  return *jac_array3_at(a, s, i, j);
}

/* A dense random truth over the shape of a map, so that every mistake shows. */
static void make(struct case_ *c, const char *spec, size_t batch, const char *wrt,
                 gsl_rng *rng) {
  struct jac_error err;
  size_t slices, rows, cols;
  ck_assert_msg(jac_module_new(spec, batch, &c->map, &err) == JAC_OK, "%s", err.message);
  size_t v = jac_map_find(c->map, wrt);
  jac_map_jacobian_shape(c->map, v, &slices, &rows, &cols);
  ck_assert_int_eq(jac_array3_alloc(slices, rows, cols, &c->truth, &err), JAC_OK);
  ck_assert_int_eq(jac_array3_alloc(slices, rows, cols, &c->wrong, &err), JAC_OK);
  for (size_t k = 0; k < slices * rows * cols; k++)
    c->wrong.data[k] = c->truth.data[k] = gsl_ran_ugaussian(rng);
  for (size_t k = 0; k < 64; k++) {
    c->q[0][k] = gsl_rng_uniform_pos(rng);
    c->q[1][k] = gsl_rng_uniform_pos(rng);
  }
  c->quantity[0] = (struct jac_quantity){"y(1 - y)", c->q[0], false, true};
  c->quantity[1] = (struct jac_quantity){"z", c->q[1], true, false};
  c->suspects = (struct jac_suspects){.map = c->map,
                                      .wrt = v,
                                      .truth = &c->truth,
                                      .quantity = c->quantity,
                                      .nquantity = 2};
}

static void drop(struct case_ *c) {
  jac_array3_free(&c->truth);
  jac_array3_free(&c->wrong);
  jac_map_free(c->map);
}

/* Plants a mistake. */
static void plant(struct case_ *c, enum jac_mistake mistake) {
  const struct jac_array3 *t = &c->truth;
  for (size_t s = 0; s < t->slices; s++)
    for (size_t i = 0; i < t->rows; i++)
      for (size_t j = 0; j < t->cols; j++) {
        double *w = jac_array3_at(&c->wrong, s, i, j), x = at(t, s, i, j), sum = 0.0;
        size_t index[3];
        const struct jac_variable *var = &c->map->var[c->suspects.wrt];
        for (size_t k = 0; k < t->slices; k++)
          sum += at(t, k, i, j);
        switch (mistake) {
        case JAC_MISTAKE_TRANSPOSED:
          *w = at(t, s, j, i);
          break;
        case JAC_MISTAKE_SIGN:
          *w = -x;
          break;
        case JAC_MISTAKE_ORDER:
          jac_number_to_index(var, JAC_ORDER_C, j, index);
          *w = at(t, s, i, jac_index_to_number(var, JAC_ORDER_F, index));
          break;
        case JAC_MISTAKE_SUMMED:
          *w = sum;
          break;
        case JAC_MISTAKE_AVERAGED:
          *w = sum / (double)t->slices;
          break;
        case JAC_MISTAKE_DIAGONAL:
          *w = i == j ? x : 0.0;
          break;
        case JAC_MISTAKE_NO_DIAGONAL:
          *w = i == j ? 0.0 : x;
          break;
        case JAC_MISTAKE_IDENTITY_ADDED:
          *w = x + (i == j);
          break;
        case JAC_MISTAKE_IDENTITY_MISSING:
          *w = x - (i == j);
          break;
        case JAC_MISTAKE_TRANSPOSED_SIGN:
          *w = -at(t, s, j, i);
          break;
        case JAC_MISTAKE_ROWS_SHIFTED:
          *w = at(t, s, (i + 1) % t->rows, j);
          break;
        case JAC_MISTAKE_COLS_SHIFTED:
          *w = at(t, s, i, (j + t->cols - 1) % t->cols);
          break;
        case JAC_MISTAKE_ROWS_PERMUTED:
          *w = at(t, s, i < 2 ? 1 - i : i, j);
          break;
        case JAC_MISTAKE_COLS_PERMUTED:
          *w = at(t, s, i, j < 2 ? 1 - j : j);
          break;
        case JAC_MISTAKE_SAMPLES_PERMUTED:
          *w = at(t, t->slices - 1 - s, i, j);
          break;
        case JAC_MISTAKE_QUANTITY:
          *w = x * c->q[0][s * t->rows + i];
          break;
        case JAC_MISTAKE_FACTOR:
          *w = 2.0 * x;
          break;
        case JAC_MISTAKE_ZERO:
          *w = 0.0;
          break;
        case JAC_MISTAKE_PATTERN:
          *w = i == 0 && j == 1 ? 0.0 : x;
          break;
        default:
          break;
        }
      }
}

static const struct {
  enum jac_mistake mistake;
  const char *spec;
  size_t batch;
  const char *wrt, *words;
} cases[] = {
    {JAC_MISTAKE_TRANSPOSED, "softmax:4", 2, "z", "it is the transpose"},
    {JAC_MISTAKE_SIGN, "softmax:4", 1, "z", "it has the opposite sign"},
    {JAC_MISTAKE_ORDER, "linear:3x2", 2, "W", "its parameters are numbered"},
    {JAC_MISTAKE_SUMMED, "softmax:3", 3, "z", "it is summed over the samples"},
    {JAC_MISTAKE_AVERAGED, "softmax:3", 3, "z", "it is averaged over the samples"},
    {JAC_MISTAKE_DIAGONAL, "softmax:4", 2, "z", "it has the diagonal only"},
    {JAC_MISTAKE_NO_DIAGONAL, "softmax:4", 2, "z", "its diagonal is missing"},
    {JAC_MISTAKE_IDENTITY_ADDED, "softmax:4", 1, "z", "it is the Jacobian plus"},
    {JAC_MISTAKE_IDENTITY_MISSING, "softmax:4", 1, "z", "it is the Jacobian minus"},
    {JAC_MISTAKE_TRANSPOSED_SIGN, "softmax:4", 1, "z", "it is the transpose with"},
    {JAC_MISTAKE_ROWS_SHIFTED, "linear:4x5", 1, "z", "its rows are shifted"},
    {JAC_MISTAKE_COLS_SHIFTED, "linear:4x5", 2, "z", "its columns are shifted"},
    {JAC_MISTAKE_ROWS_PERMUTED, "linear:4x5", 1, "z", "its rows are the right ones"},
    {JAC_MISTAKE_COLS_PERMUTED, "linear:4x5", 1, "z", "its columns are the right ones"},
    {JAC_MISTAKE_SAMPLES_PERMUTED, "linear:4x3", 3, "z", "its samples are in another"},
    {JAC_MISTAKE_QUANTITY, "linear:4x3", 2, "z", "there is a factor y(1 - y) too many"},
    {JAC_MISTAKE_FACTOR, "linear:4x3", 1, "z", "it is 2 times"},
    {JAC_MISTAKE_ZERO, "linear:4x3", 1, "z", "it is zero"},
    {JAC_MISTAKE_PATTERN, "linear:4x3", 1, "z", "entries are zero that should not be"},
};

START_TEST(planted_mistakes_are_named) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (int k = 0; k < 200; k++) {
    struct case_ c;
    struct jac_diagnosis found[JAC_DIAGNOSES];
    size_t count;
    struct jac_buffer text = JAC_BUFFER_INIT;
    make(&c, cases[_i].spec, cases[_i].batch, cases[_i].wrt, rng);
    plant(&c, cases[_i].mistake);
    ck_assert_int_eq(jac_diagnose(&c.suspects, &c.wrong, found, &count, NULL), JAC_OK);
    ck_assert_uint_ge(count, 1);
    jac_diagnosis_write(&c.suspects, &found[0], &text);
    ck_assert_msg(strncmp(text.text, cases[_i].words, strlen(cases[_i].words)) == 0,
                  "planted %d, said: %s", (int)cases[_i].mistake, text.text);
    jac_buffer_free(&text);
    drop(&c);
  }
  gsl_rng_free(rng);
}
END_TEST

START_TEST(garbage_has_no_diagnosis) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (int k = 0; k < 1000; k++) {
    struct case_ c;
    struct jac_diagnosis found[JAC_DIAGNOSES];
    size_t count;
    make(&c, "linear:3x3", 1 + (size_t)k % 3, k % 2 == 0 ? "z" : "W", rng);
    for (size_t e = 0; e < c.wrong.slices * c.wrong.rows * c.wrong.cols; e++)
      c.wrong.data[e] = gsl_ran_ugaussian(rng);
    ck_assert_int_eq(jac_diagnose(&c.suspects, &c.wrong, found, &count, NULL), JAC_OK);
    ck_assert_uint_eq(count, 0);
    drop(&c);
  }
  gsl_rng_free(rng);
}
END_TEST

static void say_factor(double factor, size_t batch, const char *words) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  struct case_ c;
  struct jac_buffer text = JAC_BUFFER_INIT;
  make(&c, "linear:7x2", batch, "z", rng);
  jac_diagnosis_write(
      &c.suspects,
      &(struct jac_diagnosis){.mistake = JAC_MISTAKE_FACTOR, .factor = factor}, &text);
  ck_assert_str_eq(text.text, words);
  jac_buffer_free(&text);
  drop(&c);
  gsl_rng_free(rng);
}

START_TEST(factors_have_names) {
  say_factor(0.5, 1, "it is 1/2 times the Jacobian");
  say_factor(-2.0, 1, "it is -2 times the Jacobian");
  say_factor(3.0, 3, "it is batch times the Jacobian (the number of samples)");
  say_factor(1.0 / 3.0, 3, "it is 1/batch times the Jacobian (a mean over the samples?)");
  say_factor(7.0, 3, "it is n times the Jacobian (the number of features)");
  say_factor(0.5, 2,
             "it is 1/2 times the Jacobian, which is 1/batch here (a mean over the "
             "samples?)");
  say_factor(1.25, 3, "it is 1.25 times the Jacobian");
}
END_TEST

START_TEST(other_jacobians_and_hidden_mistakes) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  struct case_ c;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  struct jac_buffer text = JAC_BUFFER_INIT;
  static const char *const name = "W";
  make(&c, "softmax:3", 1, "z", rng);
  for (size_t e = 0; e < 9; e++)
    c.wrong.data[e] = gsl_ran_ugaussian(rng);
  c.suspects.other = &c.wrong;
  c.suspects.other_name = &name;
  c.suspects.nother = 1;
  ck_assert_int_eq(jac_diagnose(&c.suspects, &c.wrong, found, &count, NULL), JAC_OK);
  ck_assert_uint_eq(count, 1);
  jac_diagnosis_write(&c.suspects, &found[0], &text);
  ck_assert_str_eq(text.text, "it is the Jacobian with respect to W");
  jac_buffer_clear(&text);
  jac_diagnosis_hidden(&c.suspects, &text);
  ck_assert_str_eq(text.text, "");
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      *jac_array3_at(&c.truth, 0, i, j) = (double)(i + 1) * (double)(j + 1);
  jac_diagnosis_hidden(&c.suspects, &text);
  ck_assert_str_eq(text.text, "this Jacobian is symmetric: a transpose would not show");
  jac_buffer_free(&text);
  drop(&c);
  gsl_rng_free(rng);
}
END_TEST

Suite *diagnose_suite(void);
Suite *diagnose_suite(void) {
  Suite *suite = suite_create("diagnose");
  TCase *tc = tcase_create("mistakes");
  tcase_set_timeout(tc, 30);
  tcase_add_loop_test(tc, planted_mistakes_are_named, 0,
                      (int)(sizeof cases / sizeof cases[0]));
  tcase_add_test(tc, garbage_has_no_diagnosis);
  tcase_add_test(tc, factors_have_names);
  tcase_add_test(tc, other_jacobians_and_hidden_mistakes);
  suite_add_tcase(suite, tc);
  return suite;
}
