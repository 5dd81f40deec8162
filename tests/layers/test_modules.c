/* Every module of the table, by being in it: references, structure, extreme inputs. And
 * what specs may say. */
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct case_ {
  struct jac_map *map;
  struct jac_values x;
};

static struct case_ make(const char *spec, size_t batch, unsigned long seed) {
  struct case_ c;
  struct jac_error err;
  ck_assert_msg(jac_module_new(spec, batch, &c.map, &err) == JAC_OK, "%s", err.message);
  ck_assert_int_eq(jac_values_new(c.map, seed, &c.x, &err), JAC_OK);
  return c;
}

static void drop(struct case_ *c) {
  jac_values_free(&c->x);
  jac_map_free(c->map);
}

static struct jac_array3 jacobian_of(const struct case_ *c, size_t v) {
  struct jac_array3 J;
  ck_assert_int_eq(jac_map_jacobian_new(c->map, jac_values_point(&c->x), v, &J, NULL),
                   JAC_OK);
  return J;
}

/* (y_i <z,z> - z_i <z,y>)/(||z||^3 ||y||), of whole numbers and powers of two: with
 * y = z + (0, d) that is (-12, 9) d/(125 ||y||), beside terms a million times as large or
 * 1e200 times. */
START_TEST(what_is_nearly_parallel_keeps_its_places) {
  static const char *const specs[] = {"cosine:2", "cosine-loss:2"};
  static const double z[][2] = {{3.0, 4.0}, {3.0, 4.0}, {1.0, 1e-200}};
  static const double y[][2] = {{3.0, 4.0 + 0x1p-40}, {3.0, 4.0}, {1.0, 1.0}};
  const double right[][2] = {{-12.0 * 0x1p-40 / 625.0, 9.0 * 0x1p-40 / 625.0},
                             {0.0, 0.0},
                             {-1e-200 / sqrt(2.0), 1.0 / sqrt(2.0)}};
  for (int at = 0; at < 3; at++) {
    struct case_ c = make(specs[_i], 1, 1);
    for (size_t j = 0; j < 2; j++) {
      gsl_matrix_set(c.x.matrix[0], 0, j, z[at][j]);
      gsl_matrix_set(c.x.matrix[1], 0, j, y[at][j]);
    }
    struct jac_array3 J = jacobian_of(&c, 0);
    for (size_t j = 0; j < 2; j++) {
      double truth = right[at][j] * (_i == 0 ? 1.0 : -1.0);
      ck_assert(fabs(J.data[j] - truth) <= 1e-12 * fabs(truth));
    }
    jac_array3_free(&J);
    drop(&c);
  }
}
END_TEST

/* A shift of all logits changes nothing; and thousands of classes are a moment's work. */
static const char *const classifiers[] = {"focal:5000", "cross-entropy:50000",
                                          "cross-entropy:5000,smoothing=0.1,ignore=7"};
enum { CLASSIFIERS = sizeof classifiers / sizeof classifiers[0] };

START_TEST(losses_of_many_classes_add_up_to_nothing) {
  struct case_ c = make(classifiers[_i], 1, 1);
  struct jac_array3 J = jacobian_of(&c, 0);
  double sum = 0.0, size = 0.0;
  for (size_t j = 0; j < J.cols; j++) {
    sum += J.data[j];
    size += fabs(J.data[j]);
  }
  ck_assert(size > 0.01 && fabs(sum) < 1e-13 * size);
  jac_array3_free(&J);
  drop(&c);
}
END_TEST

START_TEST(references_agree) {
  const char *spec = jac_module_at((size_t)_i)->example;
  for (size_t batch = 1; batch <= 3; batch++)
    for (unsigned long seed = 1; seed <= 10; seed++) {
      struct case_ c = make(spec, batch, seed);
      for (size_t v = 0; v < c.map->nvar; v++) {
        struct jac_array3 J = jacobian_of(&c, v);
        struct jac_check_result results[JAC_REFERENCES];
        struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, seed};
        ck_assert_int_eq(
            jac_check(c.map, jac_values_point(&c.x), v, &J, &options, results, NULL),
            JAC_OK);
        for (int r = 0; r < JAC_REFERENCES; r++)
          ck_assert_msg(results[r].verdict == JAC_VERDICT_AGREES,
                        "%s wrt %s, batch %zu, seed %lu, reference %d: %g against %g",
                        spec, c.map->var[v].name, batch, seed, r,
                        results[r].worst.jacobian, results[r].worst.reference);
        jac_array3_free(&J);
      }
      drop(&c);
    }
}
END_TEST

/* What is not zero is declared; and something of what is declared is not zero. */
START_TEST(structure_is_declared) {
  struct case_ c = make(jac_module_at((size_t)_i)->example, 2, 3);
  for (size_t v = 0; v < c.map->nvar; v++) {
    struct jac_array3 J = jacobian_of(&c, v);
    struct jac_pattern p;
    ck_assert_int_eq(jac_pattern_new(c.map, v, &p, NULL), JAC_OK);
    size_t inside = 0;
    for (size_t s = 0; s < J.slices; s++)
      for (size_t i = 0; i < J.rows; i++)
        for (size_t j = 0; j < J.cols; j++) {
          bool zero = *jac_array3_at(&J, s, i, j) == 0.0;
          ck_assert_msg(zero || jac_pattern_has(&p, i, j), "%s wrt %s (%zu, %zu)",
                        c.map->spec, c.map->var[v].name, i, j);
          inside += !zero;
        }
    ck_assert(inside > 0 || c.map->var[v].domain == JAC_CLASS);
    ck_assert_uint_le(inside, J.slices * jac_pattern_count(&p));
    jac_pattern_free(&p);
    jac_array3_free(&J);
  }
  drop(&c);
}
END_TEST

static void set_all(struct case_ *c, size_t v, double value) {
  gsl_matrix *m = c->x.matrix[v];
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      gsl_matrix_set(m, i, j, (i + j) % 2 == 0 ? value : -value);
}

/* At +-1000 every Jacobian is finite (but probabilities end at 1, and e^1000 is
 * infinite). */
START_TEST(large_inputs_stay_finite) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  if (strcmp(module->name, "bce") == 0 || strcmp(module->name, "poisson") == 0)
    return;
  struct case_ c = make(module->example, 2, 1);
  if (c.map->var[0].domain != JAC_CLASS)
    set_all(&c, 0, 1000.0);
  gsl_matrix *y = gsl_matrix_alloc(c.map->rows, c.map->cols);
  ck_assert_int_eq(jac_map_forward(c.map, jac_values_point(&c.x), y, NULL), JAC_OK);
  for (size_t k = 0; k < c.map->rows * c.map->cols; k++)
    ck_assert_msg(isfinite(y->data[k]), "%s", module->name);
  for (size_t v = 0; v < c.map->nvar; v++) {
    struct jac_array3 J = jacobian_of(&c, v);
    for (size_t k = 0; k < J.slices * J.rows * J.cols; k++)
      ck_assert_msg(isfinite(J.data[k]), "%s wrt %s", module->name, c.map->var[v].name);
    jac_array3_free(&J);
  }
  gsl_matrix_free(y);
  drop(&c);
}
END_TEST

/* What is not a number in is not a number out, in its own sample. */
START_TEST(not_a_number_stays) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  struct case_ c = make(module->example, 1, 1);
  gsl_matrix_set(c.x.matrix[0], 0, 0, NAN);
  gsl_matrix *y = gsl_matrix_alloc(c.map->rows, c.map->cols);
  ck_assert_int_eq(jac_map_forward(c.map, jac_values_point(&c.x), y, NULL), JAC_OK);
  bool any = false;
  for (size_t k = 0; k < c.map->rows * c.map->cols; k++)
    any = any || isnan(y->data[k]);
  ck_assert_msg(any, "%s", module->name);
  gsl_matrix_free(y);
  drop(&c);
}
END_TEST

START_TEST(the_table_is_complete) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  struct case_ c = make(module->example, 2, 1);
  ck_assert_ptr_nonnull(module->definition);
  ck_assert_ptr_nonnull(c.map->definition);
  ck_assert_str_eq(c.map->spec, module->example);
  ck_assert_ptr_eq(jac_module_find(module->name, NULL, NULL), module);
  ck_assert(!c.map->coupled || c.map->coupled_reason != NULL);
  drop(&c);
}
END_TEST

/* Layer norm's textbook Jacobian, written out naively. */
START_TEST(layer_norm_is_the_textbook_s) {
  struct case_ c = make("layer-norm:4", 1, 5);
  struct jac_array3 J = jacobian_of(&c, 0);
  const double *z = c.x.matrix[0]->data, *gamma = c.x.matrix[1]->data;
  long double mean = 0, variance = 0;
  for (int i = 0; i < 4; i++)
    mean += z[i] / 4.0L;
  for (int i = 0; i < 4; i++)
    variance += (z[i] - mean) * (z[i] - mean) / 4.0L;
  long double sigma = sqrtl(variance + 1e-5L);
  for (size_t o = 0; o < 4; o++)
    for (size_t i = 0; i < 4; i++) {
      long double expected =
          gamma[o] * (((o == i) - 0.25L) / sigma -
                      (z[o] - mean) * (z[i] - mean) / (4.0L * sigma * sigma * sigma));
      ck_assert_double_eq_tol(*jac_array3_at(&J, 0, o, i), (double)expected, 1e-14);
    }
  jac_array3_free(&J);
  drop(&c);
}
END_TEST

/* Batch norm over three samples: d y[n,o] / d z[m,i] from the quotient rule, naively. */
START_TEST(batch_norm_is_the_textbook_s) {
  struct case_ c = make("batch-norm:2", 3, 5);
  struct jac_array3 J = jacobian_of(&c, 0);
  for (size_t o = 0; o < 2; o++) {
    long double mean = 0, variance = 0;
    for (size_t n = 0; n < 3; n++)
      mean += gsl_matrix_get(c.x.matrix[0], n, o) / 3.0L;
    for (size_t n = 0; n < 3; n++)
      variance += powl(gsl_matrix_get(c.x.matrix[0], n, o) - mean, 2) / 3.0L;
    long double sigma = sqrtl(variance + 1e-5L);
    for (size_t n = 0; n < 3; n++)
      for (size_t m = 0; m < 3; m++)
        for (size_t i = 0; i < 2; i++) {
          long double zn = gsl_matrix_get(c.x.matrix[0], n, o) - mean,
                      zm = gsl_matrix_get(c.x.matrix[0], m, o) - mean;
          long double expected = gsl_matrix_get(c.x.matrix[1], 0, o) *
                                 (((n == m) - 1.0L / 3.0L) / sigma -
                                  zn * zm / (3.0L * sigma * sigma * sigma));
          ck_assert_double_eq_tol(*jac_array3_at(&J, 0, n * 2 + o, m * 2 + i),
                                  i == o ? (double)expected : 0.0, 1e-14);
        }
  }
  jac_array3_free(&J);
  drop(&c);
}
END_TEST

/* Attention with respect to V is A (x) I, A the softmax of Q K^T / sqrt(D), naively. */
START_TEST(attention_is_the_textbook_s) {
  struct case_ c = make("attention:2x3", 4, 5);
  struct jac_array3 J = jacobian_of(&c, 2);
  for (size_t n = 0; n < 4; n++) {
    long double weight[4], sum = 0;
    for (size_t m = 0; m < 4; m++) {
      long double score = 0;
      for (size_t d = 0; d < 2; d++)
        score += (long double)gsl_matrix_get(c.x.matrix[0], n, d) *
                 gsl_matrix_get(c.x.matrix[1], m, d);
      sum += weight[m] = expl(score / sqrtl(2.0L));
    }
    for (size_t m = 0; m < 4; m++)
      for (size_t o = 0; o < 3; o++)
        for (size_t i = 0; i < 3; i++)
          ck_assert_double_eq_tol(*jac_array3_at(&J, 0, n * 3 + o, m * 3 + i),
                                  o == i ? (double)(weight[m] / sum) : 0.0, 1e-15);
  }
  jac_array3_free(&J);
  drop(&c);
}
END_TEST

static const struct {
  const char *spec;
  size_t features;
  const char *message;
} wrong[] = {
    {"conv1d:2x3x4", 0,
     "conv1d needs the positions of a sample's data: add ,length=L with a number"},
    {"conv1d:5x1x1,length=4", 0,
     "conv1d: a window of 5 positions does not fit in length 4"},
    {"conv1d:2x2x1,length=3", 4,
     "the module before gives 4 features, conv1d wants 6 = 2 "
     "channels x 3"},
    {"conv1d:2x3x1", 4,
     "the module before gives 4 features, conv1d wants a multiple of its 3 "
     "channels"},
    {"max-pool1d:2,length=x", 0,
     "max-pool1d: length=x: a whole number from 1 to 1000000000 is "
     "needed"},
    {"dropout:3,p=1", 0, "dropout: p=1: a probability from 0 to below 1 is needed"},
    {"dropout:3,p=nan", 0, "dropout: p=nan: a finite number is needed"},
    {"celu:3,alpha=0", 0, "celu: alpha=0: a number other than 0 is needed"},
    {"conv1d:2x1x1,length=4,padding=-1", 0,
     "conv1d: padding=-1: a whole number from 0 to 1000000000 is needed"},
    {"elu:3,alpha=", 0, "elu: the option alpha needs a value, as in alpha=1"},
    {"tanh:3,slope=1", 0,
     "tanh has no option 'slope': `jacobian modules tanh` lists its "
     "options"},
    {"nothing-like-it:3", 0,
     "no module is called 'nothing-like-it': `jacobian modules` lists "
     "what there is"},
    {"linear:1x2x3x4", 0,
     "'linear:1x2x3x4': sizes are whole numbers from 1 on joined by x, as "
     "in linear:3x2"},
    {"linear:2x2,a,b,c,d,e,f,g,h,i", 0,
     "'linear:2x2,a,b,c,d,e,f,g,h,i': more than 8 options"},
    {"linear:2x2,abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", 0,
     "'linear:2x2,abcdefghijklmnopqrstuvwxyzabcdefghijklmnop': an option is longer than "
     "31 "
     "letters"},
};

START_TEST(wrong_specs_are_explained) {
  struct jac_spec spec;
  struct jac_map *map = NULL;
  struct jac_error err = {JAC_OK, ""};
  struct jac_module_place place = {.batch = 1, .features = wrong[_i].features};
  enum jac_status status = jac_spec_read(wrong[_i].spec, &spec, &err);
  if (status == JAC_OK)
    status = jac_module_make(&spec, &place, &map, &err);
  ck_assert_int_ne(status, JAC_OK);
  ck_assert_ptr_null(map);
  ck_assert_str_eq(err.message, wrong[_i].message);
}
END_TEST

START_TEST(sizes_come_from_the_place) {
  struct jac_spec spec;
  struct jac_map *map;
  struct jac_module_place place = {.batch = 2, .features = 12};
  static const struct {
    const char *spec, *full;
    size_t out;
  } cases[] = {
      {"tanh", "tanh:12", 12},
      {"linear:5", "linear:12x5", 5},
      {"conv1d:2x3x4", "conv1d:2x3x4", 12},
      {"avg-pool1d:2,channels=3", "avg-pool1d:2,channels=3", 6},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    ck_assert_int_eq(jac_spec_read(cases[k].spec, &spec, NULL), JAC_OK);
    ck_assert_int_eq(jac_module_make(&spec, &place, &map, NULL), JAC_OK);
    ck_assert_str_eq(map->spec, cases[k].full);
    ck_assert_uint_eq(map->cols, cases[k].out);
    jac_map_free(map);
  }
}
END_TEST

START_TEST(kinks_follow_pytorch) {
  static const struct {
    const char *spec;
    double at, expected;
  } cases[] = {{"relu:1", 0, 0},      {"leaky-relu:1", 0, 0.01}, {"elu:1,alpha=2", 0, 2},
               {"relu:1", -0.0, 0},   {"gelu:1", 0, 0.5},        {"silu:1", 0, 0.5},
               {"softplus:1", 0, 0.5}};
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct case_ c = make(cases[k].spec, 1, 1);
    gsl_matrix_set(c.x.matrix[0], 0, 0, cases[k].at);
    struct jac_array3 J = jacobian_of(&c, 0);
    ck_assert_double_eq(J.data[0], cases[k].expected);
    jac_array3_free(&J);
    drop(&c);
  }
}
END_TEST

/* The first of equals is the maximum; at equality mae's derivative is given as 0. */
START_TEST(ties_follow_pytorch) {
  struct case_ c = make("max-pool1d:3,length=3", 1, 1);
  for (size_t i = 0; i < 3; i++)
    gsl_matrix_set(c.x.matrix[0], 0, i, i == 0 ? 1.0 : 2.0);
  struct jac_array3 J = jacobian_of(&c, 0);
  static const double expected[] = {0, 1, 0};
  for (size_t i = 0; i < 3; i++)
    ck_assert_double_eq(J.data[i], expected[i]);
  jac_array3_free(&J);
  drop(&c);
  c = make("mae:2", 1, 1);
  gsl_matrix_memcpy(c.x.matrix[1], c.x.matrix[0]);
  J = jacobian_of(&c, 0);
  ck_assert_double_eq(J.data[0], 0.0);
  ck_assert_double_eq(J.data[1], 0.0);
  jac_array3_free(&J);
  drop(&c);
}
END_TEST

/* What is shown without --set is to show what a mask does; drawn by p all the same. */
START_TEST(a_mask_drops_some_and_keeps_some) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_map *map;
  double kept = 0.0;
  ck_assert_int_eq(jac_module_new("dropout:3,p=0.4", 1, &map, &err), JAC_OK);
  size_t m = jac_map_find(map, "m");
  enum { SEEDS = 2000 };
  for (unsigned long seed = 1; seed <= SEEDS; seed++) {
    struct jac_values x;
    double sum = 0.0;
    ck_assert_int_eq(jac_values_new(map, seed, &x, &err), JAC_OK);
    for (size_t k = 0; k < 3; k++)
      sum += x.matrix[m]->data[k];
    ck_assert_msg(sum > 0.0 && sum < 3.0, "seed %lu: %g of 3 are kept", seed, sum);
    kept += sum;
    jac_values_free(&x);
  }
  /* Of three that are not all alike: (3 p^2 q + 2 * 3 p q^2) / (3 p^2 q + 3 p q^2) = 1 + q,
   * one kept of three or two, where q = 0.6 keeps. */
  ck_assert_double_eq_tol(kept / SEEDS, 1.6, 0.05);
  jac_map_free(map);
}
END_TEST

Suite *modules_suite(void);
Suite *modules_suite(void) {
  Suite *suite = suite_create("modules");
  TCase *tc = tcase_create("modules");
  int modules = (int)jac_module_count();
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, references_agree, 0, modules);
  tcase_add_loop_test(tc, structure_is_declared, 0, modules);
  tcase_add_loop_test(tc, large_inputs_stay_finite, 0, modules);
  tcase_add_loop_test(tc, not_a_number_stays, 0, modules);
  tcase_add_loop_test(tc, the_table_is_complete, 0, modules);
  tcase_add_loop_test(tc, what_is_nearly_parallel_keeps_its_places, 0, 2);
  tcase_add_loop_test(tc, losses_of_many_classes_add_up_to_nothing, 0, CLASSIFIERS);
  tcase_add_test(tc, layer_norm_is_the_textbook_s);
  tcase_add_test(tc, batch_norm_is_the_textbook_s);
  tcase_add_test(tc, attention_is_the_textbook_s);
  tcase_add_loop_test(tc, wrong_specs_are_explained, 0,
                      (int)(sizeof wrong / sizeof wrong[0]));
  tcase_add_test(tc, sizes_come_from_the_place);
  tcase_add_test(tc, kinks_follow_pytorch);
  tcase_add_test(tc, ties_follow_pytorch);
  tcase_add_test(tc, a_mask_drops_some_and_keeps_some);
  suite_add_tcase(suite, tc);
  return suite;
}
