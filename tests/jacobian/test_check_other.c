/* An array of somebody's own against the explicit Jacobian: at kinks, many of them, and
 * at numbers near the largest there are. */
#include "jacobian/check.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <math.h>

enum { N = 60 };

static void against(double diagonal, double corner, struct jac_check_result *result) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J, other;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_module_new("relu:60", 1, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
  gsl_matrix_set_zero(x.matrix[0]);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &other, &err),
                   JAC_OK);
  for (size_t k = 0; k < N; k++)
    *jac_array3_at(&other, 0, k, k) = diagonal;
  *jac_array3_at(&other, 0, N - 1, 2) = corner;
  ck_assert_int_eq(jac_check_against(map, jac_values_point(&x), 0, &J, &other, 1e-6, NULL,
                                     result, &err),
                   JAC_OK);
  jac_array3_free(&other);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
}

/* Between 0 and 1 is neither right nor wrong, however many there are. */
START_TEST(every_kink_is_excused) {
  struct jac_check_result r;
  against(0.5, 0.0, &r);
  ck_assert_int_eq(r.verdict, JAC_VERDICT_NOT_DIFFERENTIABLE);
  ck_assert_uint_eq(r.wrong, 0);
  ck_assert_uint_eq(r.kinks, N);
  against(1.5, 0.0, &r);
  ck_assert_int_eq(r.verdict, JAC_VERDICT_DIFFERS);
  ck_assert_uint_eq(r.wrong, N);
}
END_TEST

/* The one wrong entry is behind more kinks than are listed: it is the error, and shown.
 */
START_TEST(a_wrong_one_among_kinks_is_shown) {
  struct jac_check_result r;
  size_t shown = 0;
  against(1.0, 0.25, &r);
  ck_assert_int_eq(r.verdict, JAC_VERDICT_DIFFERS);
  ck_assert_uint_eq(r.wrong, 1);
  ck_assert_uint_eq(r.worst.row, N - 1);
  ck_assert_uint_eq(r.worst.col, 2);
  ck_assert_double_eq_tol(r.max_abs_error, 0.25, 1e-15);
  for (size_t k = 0; k < r.listed; k++)
    shown += !r.list[k].kink && r.list[k].col == 2;
  ck_assert_uint_eq(shown, 1);
}
END_TEST

/* gamma r overflows where gamma r (1 - 1/N - x^2/N) has a value: that is no difference.
 * An infinite entry of usual numbers is. */
START_TEST(what_overflows_within_is_not_judged) {
  static const double gammas[] = {9e307, 1.0};
  for (size_t k = 0; k < 2; k++) {
    struct jac_map *map;
    struct jac_values x;
    struct jac_array3 J;
    struct jac_error err = {JAC_OK, ""};
    struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
    struct jac_check_result r[JAC_REFERENCES];
    ck_assert_int_eq(jac_module_new("layer-norm:3", 1, &map, &err), JAC_OK);
    ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
    gsl_matrix_set_all(x.matrix[1], gammas[k]);
    ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), 0, &J, &err),
                     JAC_OK);
    *jac_array3_at(&J, 0, 0, 0) = INFINITY;
    ck_assert_int_eq(jac_check(map, jac_values_point(&x), 0, &J, &options, r, &err),
                     JAC_OK);
    for (size_t j = 0; j < JAC_REFERENCES; j++)
      ck_assert_int_eq(r[j].verdict, k == 0 ? JAC_VERDICT_UNTOLD : JAC_VERDICT_DIFFERS);
    jac_array3_free(&J);
    jac_values_free(&x);
    jac_map_free(map);
  }
}
END_TEST

Suite *check_other_suite(void);
Suite *check_other_suite(void) {
  Suite *suite = suite_create("check_other");
  TCase *tc = tcase_create("check_other");
  tcase_add_test(tc, every_kink_is_excused);
  tcase_add_test(tc, a_wrong_one_among_kinks_is_shown);
  tcase_add_test(tc, what_overflows_within_is_not_judged);
  suite_add_tcase(suite, tc);
  return suite;
}
