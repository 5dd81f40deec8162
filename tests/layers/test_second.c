/* Second derivatives: the published Hessians, the mixed partials, and every module with
 * every pair of its variables against differences of its own explicit Jacobian. */
#include "tests/slow.h"
#include "jacobian/check.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/define/second.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4000 };

/* A map with its second derivatives by two variables at drawn values. */
struct second {
  struct jac_map *map, *second;
  struct jac_values values;
  jac_point x;
  struct jac_array3 H;
};

static void second_of(struct jac_map *map, const char *first, const char *then,
                      struct second *s) {
  struct jac_error err = {.message = ""};
  *s = (struct second){.map = map};
  size_t a = jac_map_find(map, first), b = jac_map_find(map, then);
  ck_assert_uint_lt(a, map->nvar);
  ck_assert_uint_lt(b, map->nvar);
  ck_assert_msg(jac_second_new(map, NULL, a, JAC_ORDER_F, &s->second, &err) == JAC_OK,
                "%s", err.message);
  ck_assert(!s->second->of_differences);
  ck_assert_int_eq(jac_values_new(map, 3, &s->values, NULL), JAC_OK);
  s->x = jac_values_point(&s->values);
  ck_assert_int_eq(jac_map_jacobian_new(s->second, s->x, b, &s->H, NULL), JAC_OK);
}

static void free_second(struct second *s) {
  jac_array3_free(&s->H);
  jac_values_free(&s->values);
  jac_map_free(s->second);
  jac_map_free(s->map);
}

static struct jac_map *defined(const char *text, const struct jac_formula_size *size,
                               size_t count) {
  struct jac_map *map;
  struct jac_error err = {.message = ""};
  ck_assert_msg(jac_formula_map_new(text, size, count, &map, &err) == JAC_OK, "%s",
                err.message);
  return map;
}

static struct jac_map *module(const char *spec, size_t batch) {
  struct jac_map *map;
  ck_assert_int_eq(jac_network_new(&spec, 1, batch, NULL, &map, NULL), JAC_OK);
  return map;
}

static const char *part_name(const struct jac_map_parts *parts, size_t k, size_t v) {
  size_t own = jac_network_variable(parts->whole, k, v);
  return own < parts->whole->nvar ? parts->whole->var[own].name : NULL;
}

static double at(const struct second *s, size_t k, size_t i, size_t j) {
  return *jac_array3_at(&s->H, k, i, j);
}

static void softmax(const gsl_matrix *z, double *s) {
  double sum = 0.0;
  for (size_t i = 0; i < z->size2; i++)
    sum += s[i] = exp(gsl_matrix_get(z, 0, i));
  for (size_t i = 0; i < z->size2; i++)
    s[i] /= sum;
}

static double delta(size_t i, size_t j) {
  return i == j ? 1.0 : 0.0;
}

START_TEST(cross_entropy_is_diag_s_less_s_s) {
  struct second h;
  double s[4];
  second_of(module("cross-entropy:4", 1), "z", "z", &h);
  softmax(h.x[0], s);
  ck_assert_uint_eq(h.H.slices, 1);
  ck_assert_uint_eq(h.H.rows, 4);
  for (size_t i = 0; i < 4; i++)
    for (size_t j = 0; j < 4; j++)
      ck_assert_double_eq_tol(at(&h, 0, i, j), s[i] * (delta(i, j) - s[j]), 1e-14);
  free_second(&h);
}
END_TEST

START_TEST(softmax_has_a_slice_for_each_output) {
  struct second h;
  double s[3];
  second_of(module("softmax:3", 1), "z", "z", &h);
  softmax(h.x[0], s);
  ck_assert_uint_eq(h.H.slices, 3);
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; i < 3; i++)
      for (size_t j = 0; j < 3; j++)
        ck_assert_double_eq_tol(at(&h, k, i, j),
                                s[k] * ((delta(k, i) - s[i]) * (delta(k, j) - s[j]) -
                                        s[i] * (delta(i, j) - s[j])),
                                1e-14);
  free_second(&h);
}
END_TEST

/* At numbers whose exponentials overflow: the published Hessians, by the weights of what
 * is left of softmax there. */
START_TEST(what_overflows_has_its_hessian) {
  static const double z[3] = {1000.0, 999.0, -1000.0};
  static const struct {
    const char *spec;
    size_t outputs;
    bool linear; /* the cost's, s_i (delta - s_j); else softmax's own */
    double sign; /* of what is differentiated, and of z in the weights */
    double scale;
  } c[] = {{"softmax:3", 3, false, 1.0, 1.0},
           {"softmin:3", 3, false, -1.0, 1.0},
           {"softmax:3,temperature=2", 3, false, 1.0, 0.5},
           {"log-softmax:3", 3, true, -1.0, 1.0},
           {"cross-entropy:3", 1, true, 1.0, 1.0},
           {"cross-entropy:3,reduction=sum", 1, true, 1.0, 1.0}};
  for (size_t m = 0; m < sizeof c / sizeof c[0]; m++) {
    struct second h;
    double s[3], sum = 0.0;
    second_of(module(c[m].spec, 1), "z", "z", &h);
    bool turned = !c[m].linear && c[m].sign < 0.0;
    for (size_t i = 0; i < 3; i++) {
      gsl_matrix_set(h.values.matrix[0], 0, i, turned ? -z[i] : z[i]);
      sum += s[i] = exp(c[m].scale * (z[i] - 1000.0));
    }
    for (size_t i = 0; i < 3; i++)
      s[i] /= sum;
    jac_array3_free(&h.H);
    ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 0, &h.H, NULL), JAC_OK);
    ck_assert_uint_eq(h.H.slices, c[m].outputs);
    for (size_t k = 0; k < c[m].outputs; k++)
      for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
          double cost = s[i] * (delta(i, j) - s[j]);
          double own = s[k] * ((delta(k, i) - s[i]) * (delta(k, j) - s[j]) - cost);
          double truth = c[m].linear ? c[m].sign * cost : own * c[m].scale * c[m].scale;
          ck_assert_msg(fabs(at(&h, k, i, j) - truth) <= 1e-14, "%s: %g, not %g",
                        c[m].spec, at(&h, k, i, j), truth);
        }
    free_second(&h);
  }
}
END_TEST

/* poisson'' is exp(z): beyond a double it is infinite, and 0 beside the diagonal. */
START_TEST(what_is_infinite_is_not_nan) {
  struct second h;
  second_of(module("poisson:2", 1), "z", "z", &h);
  gsl_matrix_set(h.values.matrix[0], 0, 0, 1000.0);
  gsl_matrix_set(h.values.matrix[0], 0, 1, 1.0);
  jac_array3_free(&h.H);
  ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 0, &h.H, NULL), JAC_OK);
  ck_assert(at(&h, 0, 0, 0) == INFINITY);
  ck_assert_double_eq(at(&h, 0, 0, 1), 0.0);
  ck_assert_double_eq(at(&h, 0, 1, 0), 0.0);
  ck_assert_double_eq_tol(at(&h, 0, 1, 1), exp(1.0), 1e-15);
  free_second(&h);
}
END_TEST

/* Where terms of 1e-7 cancel to 1e-17 their rounding is no difference; a wrong entry of
 * that size is one. */
START_TEST(what_cancels_is_checked_to_its_rounding) {
  static const double z[3] = {1000.0, -1000.0, 1000.0};
  struct second h;
  struct jac_check_result results[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  second_of(module("layer-norm:3", 1), "z", "z", &h);
  for (size_t i = 0; i < 3; i++)
    gsl_matrix_set(h.values.matrix[0], 0, i, z[i]);
  for (int wrong = 0; wrong < 2; wrong++) {
    jac_array3_free(&h.H);
    ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 0, &h.H, NULL), JAC_OK);
    if (wrong)
      *jac_array3_at(&h.H, 1, 1, 1) *= 1.01;
    ck_assert_int_eq(jac_check(h.second, h.x, 0, &h.H, &options, results, NULL), JAC_OK);
    ck_assert_int_eq(results[0].verdict,
                     wrong ? JAC_VERDICT_DIFFERS : JAC_VERDICT_AGREES);
  }
  free_second(&h);
}
END_TEST

/* The names of steady formulas are nobody's index: norms add over l and m. */
START_TEST(steady_formulas_stand_in_networks) {
  static const char *const specs[][2] = {{"batch-norm:3", "cross-entropy"},
                                         {"batch-norm:3", "focal"},
                                         {"batch-norm:3", "log-softmax"},
                                         {"layer-norm:3", "cross-entropy"},
                                         {"batch-norm:3", "rotate,by=axis"}};
  for (size_t k = 0; k < sizeof specs / sizeof specs[0]; k++) {
    struct jac_map *map, *second;
    const struct jac_map *part[2];
    ck_assert_int_eq(jac_network_new(specs[k], 2, 1, NULL, &map, NULL), JAC_OK);
    struct jac_map_parts parts = {2, part, part_name, map};
    for (size_t i = 0; i < 2; i++)
      part[i] = jac_network_module(map, i);
    ck_assert_int_eq(jac_second_new(map, &parts, 0, JAC_ORDER_F, &second, NULL), JAC_OK);
    ck_assert_msg(!second->of_differences, "%s %s", specs[k][0], specs[k][1]);
    jac_map_free(second);
    jac_map_free(map);
  }
}
END_TEST

/* softplus'' is sigma (1 - sigma): 0 far out, a quarter at 0. */
START_TEST(softplus_far_out_is_straight) {
  struct second h;
  second_of(module("softplus:3", 1), "z", "z", &h);
  for (size_t i = 0; i < 3; i++)
    gsl_matrix_set(h.values.matrix[0], 0, i, i == 1 ? 0.0 : i == 0 ? 1000.0 : -1000.0);
  jac_array3_free(&h.H);
  ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 0, &h.H, NULL), JAC_OK);
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; i < 3; i++)
      ck_assert_double_eq(at(&h, k, i, k), k == 1 && i == 1 ? 0.25 : 0.0);
  free_second(&h);
}
END_TEST

/* Exp(r) z = z + r x z + r x (r x z)/2 + ...: at r = 0 the second derivative of entry o
 * by r_i and r_j is (delta_oi z_j + delta_oj z_i)/2 - delta_ij z_o; near 0 it is off by
 * no more than r z. */
START_TEST(small_turns_have_second_derivatives) {
  static const double r[] = {0.0, 1e-12, 1e-8, 1e-6, 1e-4, 1e-3};
  for (size_t m = 0; m < sizeof r / sizeof r[0]; m++) {
    struct second h;
    second_of(module("rotate,by=axis", 1), "r", "r", &h);
    for (size_t i = 0; i < 3; i++)
      gsl_matrix_set(h.values.matrix[1], 0, i, i == 0 ? r[m] : 0.0);
    jac_array3_free(&h.H);
    ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 1, &h.H, NULL), JAC_OK);
    for (size_t o = 0; o < 3; o++)
      for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
          const double *z = h.x[0]->data;
          double truth =
              (delta(o, i) * z[j] + delta(o, j) * z[i]) / 2.0 - delta(i, j) * z[o];
          ck_assert_double_eq_tol(at(&h, o, i, j), truth, 1e-14 + 10.0 * r[m]);
        }
    free_second(&h);
  }
}
END_TEST

START_TEST(linear_mixes_its_variables_by_deltas) {
  struct second h;
  second_of(module("linear:3x2", 1), "z", "W", &h);
  for (size_t o = 0; o < 2; o++)
    for (size_t i = 0; i < 3; i++)
      for (size_t j = 0; j < 6; j++) /* column by column */
        ck_assert_double_eq(at(&h, o, i, j), delta(i, j % 3) * delta(o, j / 3));
  free_second(&h);
}
END_TEST

/* z W y mixes z and W by deltas and y: all references find an entry that is off. */
START_TEST(what_is_no_term_is_held_all_the_same) {
  struct jac_map *map = module("bilinear:2x3x2", 1), *second;
  struct jac_values x;
  struct jac_array3 H;
  struct jac_check_result result[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  ck_assert_int_eq(jac_second_new(map, NULL, 0, JAC_ORDER_F, &second, NULL), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 3, &x, NULL), JAC_OK);
  jac_point at = jac_values_point(&x);
  ck_assert_int_eq(jac_map_jacobian_new(second, at, 2, &H, NULL), JAC_OK);
  for (size_t k = 0; k < 48; k++) { /* outputs x z x w_111 w_211 w_121 ... */
    size_t o = k / 24, i = k / 12 % 2, j = k % 12;
    double truth =
        delta(i, j % 2) * delta(o, j / 6) * gsl_matrix_get(at[1], 0, j / 2 % 3);
    ck_assert_double_eq_tol(*jac_array3_at(&H, o, i, j), truth, 1e-11);
  }
  for (int wrong = 0; wrong < 2; wrong++) {
    *jac_array3_at(&H, 1, 1, 1) += wrong ? 1e-5 : 0.0;
    ck_assert_int_eq(jac_check(second, at, 2, &H, &options, result, NULL), JAC_OK);
    for (size_t k = 0; k < JAC_REFERENCES; k++)
      ck_assert_int_eq(result[k].verdict,
                       wrong ? JAC_VERDICT_DIFFERS : JAC_VERDICT_AGREES);
  }
  jac_array3_free(&H);
  jac_values_free(&x);
  jac_map_free(second);
  jac_map_free(map);
}
END_TEST

START_TEST(quadratic_form_is_a_and_its_transpose) {
  struct jac_formula_size size[] = {{"x", 1, {3, 0}, false}, {"A", 2, {3, 3}, false}};
  struct second h;
  second_of(defined("f = x*A*x'", size, 2), "x", "x", &h);
  const gsl_matrix *A = h.x[jac_map_find(h.map, "A")];
  for (size_t i = 0; i < 3; i++)
    for (size_t j = 0; j < 3; j++)
      ck_assert_double_eq_tol(at(&h, 0, i, j),
                              gsl_matrix_get(A, i, j) + gsl_matrix_get(A, j, i), 1e-14);
  free_second(&h);
}
END_TEST

/* Boyd and Vandenberghe, Convex Optimization, 7.1.1: X' diag(p (1 - p)) X. */
START_TEST(logistic_regression_is_x_d_x) {
  enum { N = 4, D = 2 };
  struct jac_formula_size size[] = {
      {"X", 2, {N, D}, false}, {"w", 2, {D, 1}, false}, {"y", 2, {N, 1}, false}};
  struct second h;
  second_of(defined("f = sum(log(1 + exp(X*w))) - y'*X*w", size, 3), "w", "w", &h);
  const gsl_matrix *X = h.x[jac_map_find(h.map, "X")], *w = h.x[jac_map_find(h.map, "w")];
  for (size_t i = 0; i < D; i++)
    for (size_t j = 0; j < D; j++) {
      double sum = 0.0;
      for (size_t n = 0; n < N; n++) {
        double score = 0.0;
        for (size_t d = 0; d < D; d++)
          score += gsl_matrix_get(X, n, d) * gsl_matrix_get(w, d, 0);
        double p = 1.0 / (1.0 + exp(-score));
        sum += p * (1.0 - p) * gsl_matrix_get(X, n, i) * gsl_matrix_get(X, n, j);
      }
      ck_assert_double_eq_tol(at(&h, 0, i, j), sum, 1e-13);
    }
  free_second(&h);
}
END_TEST

/* Petersen and Pedersen, 57 and 60: of X^{-T} by X_kl. */
START_TEST(log_det_is_two_inverses) {
  struct jac_formula_size size[] = {{"X", 2, {2, 2}, false}};
  struct second h;
  second_of(defined("f = log(det(X)^2)", size, 1), "X", "X", &h);
  const gsl_matrix *X = h.x[0];
  double a = gsl_matrix_get(X, 0, 0), b = gsl_matrix_get(X, 0, 1);
  double c = gsl_matrix_get(X, 1, 0), d = gsl_matrix_get(X, 1, 1), det = a * d - b * c;
  double inverse[2][2] = {{d / det, -b / det}, {-c / det, a / det}};
  for (size_t r = 0; r < 4; r++)
    for (size_t q = 0; q < 4; q++) {
      double want = -2.0 * inverse[r / 2][q % 2] * inverse[q / 2][r % 2];
      ck_assert_double_eq_tol(at(&h, 0, r, q), want, 1e-11 * (1.0 + fabs(want)));
    }
  free_second(&h);
}
END_TEST

/* Rows are numbered as the order says, columns are native. */
START_TEST(rows_follow_the_order) {
  struct jac_map *map = module("linear:2x2", 1), *c;
  struct jac_values x;
  struct jac_array3 H;
  ck_assert_int_eq(jac_second_new(map, NULL, 1, JAC_ORDER_C, &c, NULL), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(c, jac_values_point(&x), 0, &H, NULL), JAC_OK);
  for (size_t o = 0; o < 2; o++)
    for (size_t r = 0; r < 4; r++) /* W_11 W_12 W_21 W_22 */
      for (size_t i = 0; i < 2; i++)
        ck_assert_double_eq(*jac_array3_at(&H, o, r, i),
                            delta(o, r % 2) * delta(i, r / 2));
  jac_array3_free(&H);
  jac_values_free(&x);
  jac_map_free(c);
  jac_map_free(map);
}
END_TEST

START_TEST(samples_that_are_not_coupled_are_refused) {
  struct jac_map *map = module("softmax:3", 2), *second;
  struct jac_error err = {.message = ""};
  ck_assert_int_eq(jac_second_new(map, NULL, 0, JAC_ORDER_F, &second, &err),
                   JAC_EREFUSED);
  ck_assert_ptr_nonnull(strstr(err.message, "leave --batch out"));
  ck_assert_ptr_null(second);
  jac_map_free(map);
}
END_TEST

/* Holds every pair of variables of a module; whether it has a term. */
static bool hold_all(const struct jac_map *map) {
  bool term = false;
  for (size_t a = 0; a < map->nvar; a++)
    for (size_t b = a; b < map->nvar; b++) {
      struct jac_map *second;
      struct jac_values x;
      struct jac_array3 H;
      struct jac_check_result result[JAC_REFERENCES];
      struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
      if (map->var[a].secondary || map->var[b].secondary ||
          jac_variable_size(&map->var[a]) * jac_variable_size(&map->var[b]) * map->rows *
                  map->cols >
              MOST)
        continue;
      ck_assert_int_eq(jac_second_new(map, NULL, a, JAC_ORDER_F, &second, NULL), JAC_OK);
      term = term || !second->of_differences;
      ck_assert_int_eq(jac_values_new(map, 1, &x, NULL), JAC_OK);
      jac_point at = jac_values_point(&x);
      ck_assert_int_eq(jac_map_jacobian_new(second, at, b, &H, NULL), JAC_OK);
      ck_assert_int_eq(jac_check(second, at, b, &H, &options, result, NULL), JAC_OK);
      for (size_t k = 0; k < JAC_REFERENCES; k++)
        ck_assert_msg(result[k].verdict != JAC_VERDICT_DIFFERS,
                      "%s by %s and %s, reference %zu: %g is off by %g", map->spec,
                      map->var[a].name, map->var[b].name, k, result[k].worst.jacobian,
                      result[k].max_abs_error);
      jac_array3_free(&H);
      jac_values_free(&x);
      jac_map_free(second);
    }
  return term;
}

/* One sample told from itself alone costs nothing, whatever its numbers: its second
 * derivatives are 0, and what rounding leaves of them is no difference. A number that is
 * more than rounding is one. */
START_TEST(zero_but_for_rounding_is_no_difference) {
  struct second h;
  struct jac_check_result result[JAC_REFERENCES], other;
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  size_t left = 0;
  for (unsigned long seed = 1; seed <= 40; seed++) {
    second_of(module("contrastive:2", 1), "z", "z", &h);
    jac_array3_free(&h.H);
    jac_values_free(&h.values);
    ck_assert_int_eq(jac_values_new(h.map, seed, &h.values, NULL), JAC_OK);
    h.x = jac_values_point(&h.values);
    ck_assert_int_eq(jac_map_jacobian_new(h.second, h.x, 0, &h.H, NULL), JAC_OK);
    left += at(&h, 0, 0, 0) != 0.0;
    ck_assert_int_eq(jac_check(h.second, h.x, 0, &h.H, &options, result, NULL), JAC_OK);
    for (size_t k = 0; k < JAC_REFERENCES; k++)
      ck_assert_msg(result[k].verdict == JAC_VERDICT_AGREES, "seed %lu, %zu: %g", seed, k,
                    result[k].max_abs_error);
    struct jac_array3 zero;
    ck_assert_int_eq(jac_array3_alloc(h.H.slices, h.H.rows, h.H.cols, &zero, NULL),
                     JAC_OK);
    ck_assert_int_eq(
        jac_check_against(h.second, h.x, 0, &h.H, &zero, 1e-9, NULL, &other, NULL),
        JAC_OK);
    ck_assert_int_eq(other.verdict, JAC_VERDICT_AGREES);
    jac_array3_free(&zero);
    *jac_array3_at(&h.H, 0, 1, 0) = 1e-12;
    ck_assert_int_eq(jac_check(h.second, h.x, 0, &h.H, &options, result, NULL), JAC_OK);
    for (size_t k = 0; k < JAC_REFERENCES; k++)
      ck_assert_int_eq(result[k].verdict, JAC_VERDICT_DIFFERS);
    free_second(&h);
  }
  ck_assert_uint_gt(left, 10);
}
END_TEST

START_TEST(every_module_by_every_pair) {
  size_t terms = 0;
  for (size_t k = 0; k < jac_module_count(); k += every()) {
    const char *spec = jac_module_at(k)->example;
    struct jac_map *map;
    if (jac_network_new(&spec, 1, 1, NULL, &map, NULL) != JAC_OK)
      continue;
    if (map->coupled) {
      jac_map_free(map);
      ck_assert_int_eq(jac_network_new(&spec, 1, 3, NULL, &map, NULL), JAC_OK);
    }
    terms += hold_all(map);
    jac_map_free(map);
  }
  ck_assert_uint_ge(terms, part_of(40));
}
END_TEST

Suite *second_suite(void);
Suite *second_suite(void) {
  Suite *suite = suite_create("second derivatives");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, cross_entropy_is_diag_s_less_s_s);
  tcase_add_test(tests, softmax_has_a_slice_for_each_output);
  tcase_add_test(tests, what_overflows_has_its_hessian);
  tcase_add_test(tests, what_is_infinite_is_not_nan);
  tcase_add_test(tests, what_cancels_is_checked_to_its_rounding);
  tcase_add_test(tests, steady_formulas_stand_in_networks);
  tcase_add_test(tests, softplus_far_out_is_straight);
  tcase_add_test(tests, small_turns_have_second_derivatives);
  tcase_add_test(tests, linear_mixes_its_variables_by_deltas);
  tcase_add_test(tests, what_is_no_term_is_held_all_the_same);
  tcase_add_test(tests, quadratic_form_is_a_and_its_transpose);
  tcase_add_test(tests, logistic_regression_is_x_d_x);
  tcase_add_test(tests, log_det_is_two_inverses);
  tcase_add_test(tests, rows_follow_the_order);
  tcase_add_test(tests, samples_that_are_not_coupled_are_refused);
  tcase_add_test(tests, zero_but_for_rounding_is_no_difference);
  tcase_add_test(tests, every_module_by_every_pair);
  suite_add_tcase(suite, tests);
  return suite;
}
