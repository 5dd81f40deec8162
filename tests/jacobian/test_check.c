#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#ifdef _OPENMP
#include <omp.h>
#endif

/* A module at seeded values, with its Jacobian. */
struct case_ {
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  size_t wrt;
};

static struct case_ make(const char *spec, size_t batch, const char *wrt,
                         unsigned long seed) {
  struct case_ c;
  struct jac_error err;
  ck_assert_msg(jac_module_new(spec, batch, &c.map, &err) == JAC_OK, "%s", err.message);
  ck_assert_int_eq(jac_values_new(c.map, seed, &c.x, &err), JAC_OK);
  c.wrt = jac_map_find(c.map, wrt);
  ck_assert_uint_lt(c.wrt, c.map->nvar);
  ck_assert_int_eq(jac_map_jacobian_new(c.map, jac_values_point(&c.x), c.wrt, &c.J, &err),
                   JAC_OK);
  return c;
}

static void drop(struct case_ *c) {
  jac_array3_free(&c->J);
  jac_values_free(&c->x);
  jac_map_free(c->map);
}

static void run(struct case_ *c, enum jac_difference_mode mode,
                struct jac_check_result results[JAC_REFERENCES]) {
  struct jac_error err;
  struct jac_check_options options = {mode, 1};
  ck_assert_int_eq(
      jac_check(c->map, jac_values_point(&c->x), c->wrt, &c->J, &options, results, &err),
      JAC_OK);
}

static const char *const specs[] = {"linear:3x2",
                                    "linear:1x1",
                                    "linear:4x3,bias",
                                    "tanh:4",
                                    "sigmoid:3",
                                    "relu:5",
                                    "softmax:4",
                                    "softmax:1",
                                    "mse:3",
                                    "cross-entropy:4",
                                    "mse:2,reduction=mean",
                                    "cross-entropy:3,reduction=sum"};
enum { SPECS = sizeof specs / sizeof specs[0] };

/* Every variable of every module agrees with all references: no false alarm. */
START_TEST(right_jacobians_agree) {
  for (unsigned long seed = 1; seed <= 8; seed++)
    for (size_t batch = 1; batch <= 3; batch++) {
      struct jac_error err;
      struct jac_map *map;
      ck_assert_int_eq(jac_module_new(specs[_i], batch, &map, &err), JAC_OK);
      for (size_t v = 0; v < map->nvar; v++)
        for (int mode = 0; mode < 2; mode++) {
          struct case_ c = make(specs[_i], batch, map->var[v].name, seed);
          struct jac_check_result results[JAC_REFERENCES];
          run(&c, (enum jac_difference_mode)mode, results);
          for (int r = 0; r < JAC_REFERENCES; r++)
            ck_assert_msg(
                results[r].verdict == JAC_VERDICT_AGREES && results[r].unreliable == 0,
                "%s wrt %s, batch %zu, seed %lu, reference %d: error %g", specs[_i],
                map->var[v].name, batch, seed, r, results[r].max_abs_error);
          drop(&c);
        }
      jac_map_free(map);
    }
}
END_TEST

/* One entry changed by a millionth of the scale is found by all three, at its place. */
START_TEST(one_wrong_entry_is_found) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (unsigned long seed = 1; seed <= 40; seed++) {
    struct case_ c = make(specs[_i], 1 + seed % 3, seed % 2 == 0 ? "z" : "z", seed);
    size_t s = gsl_rng_uniform_int(rng, c.J.slices),
           i = gsl_rng_uniform_int(rng, c.J.rows), j = gsl_rng_uniform_int(rng, c.J.cols);
    *jac_array3_at(&c.J, s, i, j) += 1e-6;
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    for (int r = 0; r < JAC_REFERENCES; r++) {
      ck_assert_int_eq(results[r].verdict, JAC_VERDICT_DIFFERS);
      ck_assert_uint_eq(results[r].wrong, 1);
      ck_assert_uint_eq(results[r].worst.slice, s);
      ck_assert_uint_eq(results[r].worst.row, i);
      ck_assert_uint_eq(results[r].worst.col, j);
      ck_assert_double_eq_tol(results[r].max_abs_error, 1e-6, 1e-7);
    }
    drop(&c);
  }
  gsl_rng_free(rng);
}
END_TEST

/* Accuracy on smooth modules: estimated and true errors under 1e-8 of the scale. The
 * truth is the explicit Jacobian, which other tests hold against published formulas. */
START_TEST(differences_are_accurate) {
  for (unsigned long seed = 1; seed <= 10; seed++) {
    struct case_ c = make(specs[_i], 2, "z", seed);
    struct jac_array3 value, error;
    struct jac_error err;
    ck_assert_int_eq(jac_difference_new(c.map, jac_values_point(&c.x), c.wrt,
                                        JAC_DIFFERENCE_COMPRESSED, &value, &error, NULL,
                                        &err),
                     JAC_OK);
    double scale = 1e-3;
    for (size_t k = 0; k < c.J.slices * c.J.rows * c.J.cols; k++)
      scale = fmax(scale, fabs(c.J.data[k]));
    for (size_t k = 0; k < c.J.slices * c.J.rows * c.J.cols; k++) {
      ck_assert_double_le(fabs(value.data[k] - c.J.data[k]), 1e-8 * scale);
      ck_assert_double_le(error.data[k], 1e-8 * scale);
    }
    jac_array3_free(&value);
    jac_array3_free(&error);
    drop(&c);
  }
}
END_TEST

#ifdef _OPENMP
/* Large enough for threads; 2 and 3 threads do not divide the 61 groups evenly. */
START_TEST(threads_change_no_bit) {
  struct case_ c = make("softmax:61", 16, "z", 1);
  struct jac_array3 value[3], error[3];
  size_t evaluations[3], bytes = 16 * 61 * 61 * sizeof(double);
  for (int t = 0; t < 3; t++) {
    omp_set_num_threads(t + 1);
    ck_assert_int_eq(jac_difference_new(c.map, jac_values_point(&c.x), c.wrt,
                                        JAC_DIFFERENCE_COMPRESSED, &value[t], &error[t],
                                        &evaluations[t], NULL),
                     JAC_OK);
    ck_assert_mem_eq(value[t].data, value[0].data, bytes);
    ck_assert_mem_eq(error[t].data, error[0].data, bytes);
    ck_assert_uint_eq(evaluations[t], evaluations[0]);
  }
  for (int t = 0; t < 3; t++) {
    jac_array3_free(&value[t]);
    jac_array3_free(&error[t]);
  }
  drop(&c);
}
END_TEST
#endif

/* linear with respect to W: evaluations grow with the inputs, not with inputs x outputs.
 */
START_TEST(compression_costs_the_inputs) {
  size_t count[2];
  for (size_t k = 0; k < 2; k++) {
    struct case_ c = make(k == 0 ? "linear:5x2" : "linear:5x40", 2, "W", 1);
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    count[k] = results[0].evaluations;
    drop(&c);
  }
  ck_assert_uint_eq(count[0], count[1]);
  ck_assert_uint_eq(count[0], 1 + 5 * 6);
}
END_TEST

static void relu_at(double z, struct jac_check_result results[JAC_REFERENCES]) {
  struct case_ c = make("relu:3", 1, "z", 1);
  gsl_matrix_set(c.x.matrix[0], 0, 1, z);
  struct jac_error err;
  ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), 0, &c.J, &err),
                   JAC_OK);
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  drop(&c);
}

START_TEST(a_kink_is_named_with_its_interval) {
  struct jac_check_result results[JAC_REFERENCES];
  relu_at(0.0, results);
  ck_assert_int_eq(results[0].verdict, JAC_VERDICT_NOT_DIFFERENTIABLE);
  ck_assert_uint_eq(results[0].kinks, 1);
  ck_assert_uint_eq(results[0].list[0].row, 1);
  ck_assert_uint_eq(results[0].list[0].col, 1);
  ck_assert_double_eq_tol(results[0].list[0].left, 0.0, 1e-12);
  ck_assert_double_eq_tol(results[0].list[0].right, 1.0, 1e-12);
}
END_TEST

/* Kinks at outputs that are not small, where rounding drowns the smallest steps; and
 * seams where only the second derivative jumps, which are no kinks. */
START_TEST(kinks_and_seams) {
  static const struct {
    const char *spec;
    double z[4];
    size_t kinks;
  } cases[] = {
      {"max-pool1d:2,length=4", {1, 1, 2, 0}, 2},
      {"max-pool1d:2,length=4", {1000, 1000, 3, 3}, 4},
      {"max-pool1d:2,length=4", {1, 1 + 1e-7, 2, 0}, 0},
      {"elu:4", {0, 1e-5, -1e-7, 1}, 0},
      {"leaky-relu:4", {0, 1, -1, 0}, 2},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct case_ c = make(cases[k].spec, 1, "z", 1);
    for (size_t j = 0; j < 4; j++)
      gsl_matrix_set(c.x.matrix[0], 0, j, cases[k].z[j]);
    ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), 0, &c.J, NULL),
                     JAC_OK);
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    ck_assert_msg(results[0].kinks == cases[k].kinks && results[0].wrong == 0,
                  "case %zu: %zu kinks, %zu wrong", k, results[0].kinks,
                  results[0].wrong);
    ck_assert_int_eq(results[0].verdict, cases[k].kinks > 0
                                             ? JAC_VERDICT_NOT_DIFFERENTIABLE
                                             : JAC_VERDICT_AGREES);
    drop(&c);
  }
}
END_TEST

START_TEST(near_a_kink_there_is_a_derivative) {
  static const double z[] = {1e-2, -1e-2, 1e-3, -1e-5, 1e-6, -1e-8, 1e-10, 1e-12};
  struct jac_check_result results[JAC_REFERENCES];
  relu_at(z[_i], results);
  ck_assert_msg(results[0].verdict == JAC_VERDICT_AGREES, "z = %g: %d", z[_i],
                results[0].verdict);
}
END_TEST

/* At +-1000 softmax is flat, sigmoid saturated: nothing overflows, nothing is called
 * wrong. */
START_TEST(extreme_inputs_agree) {
  static const char *const names[] = {"softmax:3", "sigmoid:3", "tanh:3",
                                      "cross-entropy:3"};
  struct case_ c = make(names[_i], 1, "z", 1);
  struct jac_error err;
  static const double extremes[][3] = {
      {1000, -1000, 0}, {1000, 999, -1000}, {30, -40, 20}};
  for (size_t k = 0; k < 3; k++) {
    for (size_t j = 0; j < 3; j++)
      gsl_matrix_set(c.x.matrix[0], 0, j, extremes[k][j]);
    ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), 0, &c.J, &err),
                     JAC_OK);
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    for (int r = 0; r < JAC_REFERENCES; r++)
      ck_assert_msg(results[r].verdict == JAC_VERDICT_AGREES, "%s %zu %d: %g against %g",
                    names[_i], k, r, results[r].worst.jacobian,
                    results[r].worst.reference);
  }
  drop(&c);
}
END_TEST

/* Many kinks at once: tenths, halves and whole numbers in modules of pieces. A right
 * Jacobian is never wrong there, and a slope outside all pieces always is. */
START_TEST(pieces_meet_in_many_places) {
  static const char *const pieces[] = {
      "hinge:3",    "relu:3",      "max-pool1d:2,channels=2,length=4",
      "maxout:4",   "mae:3",       "huber:3",
      "hardtanh:3", "hardswish:3", "leaky-relu:3",
      "prelu:3",    "triplet:3",   "hinge:4,margin=0.5"};
  static const double units[] = {1.0, 0.5, 0.1};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (unsigned long round = 0; round < 90; round++) {
    struct case_ c = make(pieces[_i], 3, "z", round);
    gsl_matrix *z = c.x.matrix[c.wrt];
    for (size_t k = 0; k < z->size1 * z->size2; k++)
      z->data[k] = units[round % 3] * ((double)gsl_rng_uniform_int(rng, 7) - 3.0);
    ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), c.wrt, &c.J, NULL),
                     JAC_OK);
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    ck_assert_msg(results[0].verdict != JAC_VERDICT_DIFFERS,
                  "%s round %lu: %.17g, not %.17g", pieces[_i], round,
                  results[0].list[0].reference, results[0].list[0].jacobian);
    bool changed = false;
    for (size_t k = 0; k < c.J.slices * c.J.rows * c.J.cols; k++)
      if (c.J.data[k] != 0.0) {
        c.J.data[k] += 9.0;
        changed = true;
      }
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    ck_assert_msg(!changed || results[0].verdict == JAC_VERDICT_DIFFERS, "%s round %lu",
                  pieces[_i], round);
    drop(&c);
  }
  gsl_rng_free(rng);
}
END_TEST

START_TEST(not_a_number_is_named) {
  struct case_ c = make("linear:3x2", 2, "z", 1);
  gsl_matrix_set(c.x.matrix[1], 1, 0, NAN);
  struct jac_error err;
  ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), c.wrt, &c.J, &err),
                   JAC_OK);
  struct jac_check_result results[JAC_REFERENCES];
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  for (int r = 0; r < JAC_REFERENCES; r++) {
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_UNTOLD);
    ck_assert_uint_gt(results[r].valueless, 0);
    ck_assert_uint_eq(results[r].first_nonfinite.row, 0);
  }
  drop(&c);
}
END_TEST

/* z W + b, b so large that the last places of the outputs hide z: nothing is agreed. */
START_TEST(what_rounding_hides_is_not_agreed) {
  static const double large[] = {1e13, 1e14, 1e16};
  for (size_t k = 0; k < sizeof large / sizeof large[0]; k++) {
    struct case_ c = make("linear:2x2,bias", 1, "z", 1);
    gsl_matrix_set_all(c.x.matrix[jac_map_find(c.map, "b")], large[k]);
    struct jac_check_result results[JAC_REFERENCES];
    run(&c, JAC_DIFFERENCE_COMPRESSED, results);
    ck_assert_msg(results[0].verdict == JAC_VERDICT_UNTOLD, "%g: %s", large[k],
                  jac_verdict_name(results[0].verdict));
    ck_assert_uint_eq(results[0].unreliable, 4);
    for (int r = 1; r < JAC_REFERENCES; r++)
      ck_assert_int_eq(results[r].verdict, JAC_VERDICT_AGREES);
    drop(&c);
  }
}
END_TEST

/* An entry outside the declared structure, which compressed differences never perturb
 * alone. */
START_TEST(entries_outside_the_structure_are_seen) {
  struct case_ c = make("linear:3x2", 2, "W", 1);
  *jac_array3_at(&c.J, 1, 0, 4) = 0.25;
  struct jac_check_result results[JAC_REFERENCES];
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  for (int r = 0; r < JAC_REFERENCES; r++) {
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_DIFFERS);
    ck_assert_uint_eq(results[r].worst.col, 4);
  }
  drop(&c);
}
END_TEST

/* y = z W whose structure forgets that output 0 depends on column 1 too. */
static struct jac_structure wrong_structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.width = 1};
}

START_TEST(a_wrong_structure_is_seen) {
  struct case_ c = make("softmax:3", 1, "z", 1);
  struct jac_map_type type = *c.map->type;
  type.structure = wrong_structure;
  c.map->type = &type;
  struct jac_check_result results[JAC_REFERENCES];
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  ck_assert_int_eq(results[0].verdict, JAC_VERDICT_DIFFERS);
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      if (i != j)
        *jac_array3_at(&c.J, 0, i, j) = 0.0;
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  for (int r = 0; r < JAC_REFERENCES; r++)
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_DIFFERS);
  drop(&c);
}
END_TEST

/* Large: products are probed at random, and still name the entry. */
START_TEST(large_ones_are_probed) {
  struct case_ c = make("linear:80x80", 2, "W", 1);
  struct jac_check_result results[JAC_REFERENCES];
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  ck_assert_int_eq(results[2].probed, true);
  for (int r = 0; r < JAC_REFERENCES; r++)
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_AGREES);
  *jac_array3_at(&c.J, 1, 7, 7 * 80 + 33) *= 1.001;
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  for (int r = 0; r < JAC_REFERENCES; r++) {
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_DIFFERS);
    ck_assert_uint_eq(results[r].worst.row, 7);
    ck_assert_uint_eq(results[r].worst.col, 7 * 80 + 33);
  }
  drop(&c);
}
END_TEST

/* More rows than are worth a product each: random cotangents. */
START_TEST(many_rows_are_probed) {
  struct case_ c = make("linear:2x5000", 1, "z", 1);
  struct jac_check_result results[JAC_REFERENCES];
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  ck_assert_int_eq(results[JAC_REFERENCE_VJP].probed, true);
  for (int r = 0; r < JAC_REFERENCES; r++)
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_AGREES);
  *jac_array3_at(&c.J, 0, 4321, 1) += 1e-3;
  run(&c, JAC_DIFFERENCE_COMPRESSED, results);
  for (int r = 0; r < JAC_REFERENCES; r++) {
    ck_assert_int_eq(results[r].verdict, JAC_VERDICT_DIFFERS);
    ck_assert_uint_eq(results[r].worst.col, 1);
  }
  drop(&c);
}
END_TEST

/* The map's own functions, with their messages, against the explicit Jacobian. */
/* A formula that takes more than may be is no want of memory. */
START_TEST(what_a_map_lacks_is_said) {
  struct jac_map *map;
  struct jac_error err;
  ck_assert_int_eq(jac_module_new("tanh:2", 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_map_fail(map, JAC_OK, &err), JAC_OK);
  ck_assert_int_eq(jac_map_fail(map, JAC_ELIMIT, &err), JAC_ELIMIT);
  ck_assert_str_eq(err.message,
                   "tanh:2 is too large to be worked out: take smaller sizes");
  ck_assert_int_eq(jac_map_fail(map, JAC_ENOMEM, &err), JAC_ENOMEM);
  ck_assert_str_eq(err.message, "out of memory");
  jac_map_free(map);
}
END_TEST

START_TEST(products_through_the_map) {
  struct case_ c = make("linear:3x2", 2, "W", 5);
  struct jac_error err;
  gsl_matrix *v = gsl_matrix_alloc(2, 2), *t = gsl_matrix_alloc(3, 2),
             *g = gsl_matrix_alloc(3, 2), *out = gsl_matrix_alloc(2, 2);
  gsl_matrix_set_all(v, 1.0);
  gsl_matrix_set_all(t, 1.0);
  jac_point x = jac_values_point(&c.x);
  ck_assert_int_eq(jac_map_vjp(c.map, x, c.wrt, v, g, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jvp(c.map, x, c.wrt, t, out, &err), JAC_OK);
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 2; j++) {
      double sum = 0.0;
      for (size_t s = 0; s < 2; s++)
        sum += *jac_array3_at(&c.J, s, j, j * 3 + i);
      ck_assert_double_eq_tol(gsl_matrix_get(g, i, j), sum, 1e-15);
    }
  for (size_t s = 0; s < 2; s++)
    for (size_t o = 0; o < 2; o++) {
      double sum = 0.0;
      for (size_t k = 0; k < 6; k++)
        sum += *jac_array3_at(&c.J, s, o, k);
      ck_assert_double_eq_tol(gsl_matrix_get(out, s, o), sum, 1e-15);
    }
  gsl_matrix_free(v);
  gsl_matrix_free(t);
  gsl_matrix_free(g);
  gsl_matrix_free(out);
  drop(&c);
}
END_TEST

Suite *check_suite(void);
Suite *check_suite(void) {
  Suite *suite = suite_create("check");
  TCase *tc = tcase_create("references");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, right_jacobians_agree, 0, SPECS);
  tcase_add_loop_test(tc, one_wrong_entry_is_found, 3, SPECS);
  tcase_add_loop_test(tc, differences_are_accurate, 0, SPECS);
  tcase_add_test(tc, compression_costs_the_inputs);
  tcase_add_test(tc, a_kink_is_named_with_its_interval);
  tcase_add_test(tc, kinks_and_seams);
  tcase_add_loop_test(tc, near_a_kink_there_is_a_derivative, 0, 8);
  tcase_add_loop_test(tc, extreme_inputs_agree, 0, 4);
  tcase_add_loop_test(tc, pieces_meet_in_many_places, 0, 12);
  tcase_add_test(tc, not_a_number_is_named);
  tcase_add_test(tc, what_rounding_hides_is_not_agreed);
  tcase_add_test(tc, entries_outside_the_structure_are_seen);
  tcase_add_test(tc, a_wrong_structure_is_seen);
  tcase_add_test(tc, large_ones_are_probed);
  tcase_add_test(tc, many_rows_are_probed);
  tcase_add_test(tc, products_through_the_map);
  tcase_add_test(tc, what_a_map_lacks_is_said);
#ifdef _OPENMP
  tcase_add_test(tc, threads_change_no_bit);
#endif
  suite_add_tcase(suite, tc);
  return suite;
}
