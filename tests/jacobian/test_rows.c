/* Rows one after the other are the rows of the dense Jacobian: of every module and some
 * networks, in both numberings, each way that they can be come by. */
#include "jacobian/form.h"
#include "jacobian/rows.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* All the rows of all slices, against its array in that layout. */
static void compare(const struct jac_map *map, jac_point x, size_t wrt,
                    enum jac_order order, size_t memory) {
  struct jac_layout layout;
  struct jac_array3 J;
  struct jac_rows rows;
  struct jac_error err = {JAC_OK, ""};
  enum jac_form form = map->coupled     ? JAC_FORM_FULL
                       : map->batch > 1 ? JAC_FORM_BATCH
                                        : JAC_FORM_MATRIX;
  ck_assert_int_eq(jac_layout_make(map, wrt, form, order, &layout, &err), JAC_OK);
  ck_assert_int_eq(jac_layout_jacobian_new(&layout, x, &J, &err), JAC_OK);
  ck_assert_int_eq(jac_rows_new(map, wrt, order, memory, &rows, &err), JAC_OK);
  ck_assert_uint_eq(rows.slices, J.slices);
  /* Twice: nothing stays of the first time. */
  for (int time = 0; time < 2; time++)
    ck_assert_int_eq(jac_rows_at(&rows, x, &err), JAC_OK);
  ck_assert_uint_eq(rows.rows, J.rows);
  for (size_t at = 0; at < J.slices * rows.rows; at++) {
    size_t count, k = 0, r = at % rows.rows;
    rows.slice = at / rows.rows;
    ck_assert_int_eq(jac_rows_read(&rows, r, &count, &err), JAC_OK);
    for (size_t c = 0; c < J.cols; c++) {
      double value = k < count && rows.column[k] == c ? rows.value[k++] : 0.0;
      double dense = *jac_array3_at(&J, rows.slice, r, c);
      ck_assert_msg(fabs(value - dense) <= 1e-13 * fmax(1.0, fabs(dense)),
                    "%s wrt %s, order %d, way %d: (%zu, %zu) is %.17g, dense %.17g",
                    map->spec, map->var[wrt].name, (int)order, (int)rows.way, r, c, value,
                    dense);
    }
    ck_assert_uint_eq(k, count);
  }
  jac_rows_free(&rows);
  jac_array3_free(&J);
}

static void compare_batch(const char *const *spec, size_t count, size_t batch) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_network_new(spec, count, batch, NULL, &map, &err) == JAC_OK, "%s",
                err.message);
  ck_assert_int_eq(jac_values_new(map, 7, &x, &err), JAC_OK);
  for (size_t v = 0; v < map->nvar; v++)
    for (int order = 0; order < 2; order++) {
      compare(map, jac_values_point(&x), v, (enum jac_order)order, SIZE_MAX);
      compare(map, jac_values_point(&x), v, (enum jac_order)order, 0);
    }
  jac_values_free(&x);
  jac_map_free(map);
}

/* One sample, and several, which have a slice each where they are not coupled. */
static void compare_all(const char *const *spec, size_t count) {
  compare_batch(spec, count, 1);
  compare_batch(spec, count, 3);
}

START_TEST(modules) {
  const char *spec = jac_module_at((size_t)_i)->example;
  compare_all(&spec, 1);
}
END_TEST

START_TEST(networks) {
  compare_all((const char *[]){"linear:3x4,bias", "tanh", "linear:2", "softmax"}, 4);
  compare_all((const char *[]){"linear:3x3", "skip", "tanh", "linear:3x3", "add"}, 5);
  compare_all((const char *[]){"conv1d:2x2x3,length=4", "relu", "flatten", "linear:2"},
              4);
  compare_all((const char *[]){"tanh:4", "sigmoid"}, 2);
  compare_all((const char *[]){"linear:3x4", "rotary"}, 2);
}
END_TEST

/* 8 GiB dense, 8 MiB here: the packed way is taken whatever the memory. */
START_TEST(larger_than_memory) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_rows rows;
  struct jac_error err = {JAC_OK, ""};
  const char *spec = "linear:1024x1024";
  size_t count;
  ck_assert_int_eq(jac_network_new(&spec, 1, 1, NULL, &map, &err), JAC_OK);
  ck_assert_int_eq(jac_values_new(map, 1, &x, &err), JAC_OK);
  ck_assert_int_eq(jac_rows_new(map, 1, JAC_ORDER_F, 0, &rows, &err), JAC_OK);
  ck_assert_int_eq(rows.way, JAC_ROWS_PACKED);
  ck_assert_int_eq(jac_rows_at(&rows, jac_values_point(&x), &err), JAC_OK);
  ck_assert_int_eq(jac_rows_read(&rows, 1023, &count, &err), JAC_OK);
  ck_assert_uint_eq(count, 1024);
  for (size_t k = 0; k < count; k++) {
    ck_assert_uint_eq(rows.column[k], 1023 * 1024 + k);
    ck_assert_double_eq(rows.value[k], gsl_matrix_get(x.matrix[0], 0, k));
  }
  jac_rows_free(&rows);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *rows_suite(void);
Suite *rows_suite(void) {
  Suite *suite = suite_create("rows");
  TCase *tests = tcase_create("rows");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, modules, 0, (int)jac_module_count());
  tcase_add_test(tests, networks);
  tcase_add_test(tests, larger_than_memory);
  suite_add_tcase(suite, tests);
  return suite;
}
