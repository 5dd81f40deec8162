/* The Gauss-Newton part: for squares twice J' J, the whole where what stands before the
 * loss is linear in the variable, never negative along a direction, and held by
 * differences and products. */
#include "jacobian/check.h"
#include "jacobian/define/map_scope.h"
#include "jacobian/define/second.h"
#include "jacobian/values.h"
#include "layers/gauss_newton.h"

#include <check.h>
#include <math.h>
#include <string.h>

struct part {
  struct jac_map *net, *map, *inner; /* inner: one more, for the test */
  struct jac_values values;
  jac_point x;
  size_t a, b;
};

static const char *name_of(const struct jac_map_parts *parts, size_t k, size_t v) {
  size_t own = jac_network_variable(parts->whole, k, v);
  return own < parts->whole->nvar ? parts->whole->var[own].name : NULL;
}

static enum jac_status make(struct part *p, const char *const *spec, size_t count,
                            const char *a, const char *b, struct jac_error *err) {
  struct jac_map *second, *inner;
  const struct jac_map *module[8];
  *p = (struct part){.net = NULL};
  ck_assert_int_eq(jac_network_new(spec, count, 1, NULL, &p->net, err), JAC_OK);
  ck_assert_int_eq(jac_network_new(spec, count - 1, 1, NULL, &inner, err), JAC_OK);
  ck_assert_int_eq(jac_network_new(spec, count - 1, 1, NULL, &p->inner, err), JAC_OK);
  struct jac_map_parts parts = {
      .map = module, .name = name_of, .whole = p->net, .count = count};
  for (size_t k = 0; k < count; k++)
    module[k] = jac_network_module(p->net, k);
  p->a = jac_map_find(p->net, a);
  p->b = jac_map_find(p->net, b);
  ck_assert_int_eq(jac_second_new(p->net, &parts, p->a, JAC_ORDER_F, &second, err),
                   JAC_OK);
  ck_assert_int_eq(jac_values_new(p->net, 5, &p->values, err), JAC_OK);
  p->x = jac_values_point(&p->values);
  return jac_gauss_newton_new(second, inner, &p->map, err);
}

static void leave(struct part *p) {
  jac_values_free(&p->values);
  jac_map_free(p->map);
  jac_map_free(p->inner);
  jac_map_free(p->net);
}

START_TEST(of_squares_it_is_twice_jj) {
  static const char *const spec[] = {"linear:2x3", "tanh", "linear:3x2", "mse"};
  struct part p;
  struct jac_error err;
  struct jac_array3 G, A, B;
  double apart;
  ck_assert_int_eq(make(&p, spec, 4, "W1", "W2", &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(p.map, p.x, p.b, &G, NULL), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(p.inner, p.x, p.a, &A, NULL), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(p.inner, p.x, p.b, &B, NULL), JAC_OK);
  for (size_t i = 0; i < G.rows; i++)
    for (size_t j = 0; j < G.cols; j++) {
      double sum = 0.0;
      for (size_t k = 0; k < A.rows; k++)
        sum += 2 * *jac_array3_at(&A, 0, k, i) * *jac_array3_at(&B, 0, k, j);
      ck_assert_double_eq_tol(*jac_array3_at(&G, 0, i, j), sum, 1e-13);
    }
  ck_assert_int_eq(jac_gauss_newton_apart(p.map, p.x, p.b, &apart, NULL), JAC_OK);
  ck_assert_double_gt(apart, 1e-3); /* tanh bends */
  jac_array3_free(&G);
  jac_array3_free(&A);
  jac_array3_free(&B);
  leave(&p);
}
END_TEST

static const struct {
  const char *spec[3];
  size_t count;
  const char *a, *b;
  bool whole; /* nothing but the loss bends */
} cases[] = {
    {{"linear:3x2", "mse"}, 2, "W", "W", true},
    {{"linear:3x2", "cross-entropy"}, 2, "W", "W", true},
    {{"linear:2x2", "tanh", "cross-entropy"}, 3, "W", "W", false},
    {{"linear:2x2", "sigmoid", "mse"}, 3, "z", "z", false},
};

START_TEST(held_and_never_negative) {
  struct part p;
  struct jac_error err;
  struct jac_array3 G;
  struct jac_check_result results[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_PLAIN, 1};
  double apart;
  ck_assert_int_eq(
      make(&p, cases[_i].spec, cases[_i].count, cases[_i].a, cases[_i].b, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(p.map, p.x, p.b, &G, NULL), JAC_OK);
  ck_assert_int_eq(jac_check(p.map, p.x, p.b, &G, &options, results, &err), JAC_OK);
  for (size_t k = 0; k < JAC_REFERENCES; k++)
    ck_assert_int_eq(results[k].verdict, JAC_VERDICT_AGREES);
  ck_assert_int_eq(jac_gauss_newton_apart(p.map, p.x, p.b, &apart, NULL), JAC_OK);
  ck_assert_int_eq(apart < 1e-12, cases[_i].whole);
  for (unsigned long seed = 1; seed <= 5; seed++) { /* v' G v */
    double sum = 0.0;
    for (size_t i = 0; i < G.rows; i++)
      for (size_t j = 0; j < G.cols; j++)
        sum += sin((double)(seed * (i + 1))) * *jac_array3_at(&G, 0, i, j) *
               sin((double)(seed * (j + 1)));
    ck_assert_double_ge(sum, -1e-12);
  }
  jac_array3_free(&G);
  leave(&p);
}
END_TEST

START_TEST(what_has_none_is_refused) {
  static const char *const spec[] = {"linear:2x2", "tanh"};
  struct part p;
  struct jac_error err = {.message = ""};
  ck_assert_int_eq(make(&p, spec, 2, "W", "W", &err), JAC_EREFUSED);
  ck_assert_ptr_nonnull(strstr(err.message, "loss"));
  leave(&p);
}
END_TEST

Suite *gauss_newton_suite(void);
Suite *gauss_newton_suite(void) {
  Suite *suite = suite_create("gauss_newton");
  TCase *tcase = tcase_create("gauss_newton");
  tcase_add_test(tcase, of_squares_it_is_twice_jj);
  tcase_add_loop_test(tcase, held_and_never_negative, 0, sizeof cases / sizeof *cases);
  tcase_add_test(tcase, what_has_none_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
