/* Arrays whose axes were moved: the order found brings them back. */
#include "jacobian/against.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *spec, *wrt;
  size_t batch;
} cases[] = {{"linear:3x2", "W", 2},
             {"linear:3x2", "z", 2},
             {"linear:2x2", "W", 3},
             {"batch-norm:3", "z", 2},
             {"conv1d:2x3x2,length=4", "W", 1}};

/* The Jacobian as the output's shape followed by the variable's own, and that shape. */
static size_t spread(const struct jac_map *map, size_t wrt, const struct jac_array3 *J,
                     struct jac_foreign *f) {
  struct jac_layout layout;
  struct jac_array3 full;
  struct jac_error err;
  const struct jac_variable *var = &map->var[wrt];
  ck_assert_int_eq(jac_layout_make(map, wrt, JAC_FORM_FULL, JAC_ORDER_C, &layout, &err),
                   0);
  ck_assert_int_eq(jac_layout_from_native(&layout, J, &full, &err), 0);
  f->ndim = 2 + var->ndim;
  f->dims[0] = map->rows;
  f->dims[1] = map->cols;
  memcpy(f->dims + 2, var->dims, var->ndim * sizeof var->dims[0]);
  f->data = full.data;
  return full.rows * full.cols;
}

/* g[i] = f[j] where j[axes[k]] = i[k]: by its definition, number by number. */
static double *move_axes(const struct jac_foreign *f, const size_t *axes, size_t total,
                         struct jac_foreign *g) {
  double *data = malloc(total * sizeof *data);
  ck_assert_ptr_nonnull(data);
  g->ndim = f->ndim;
  g->data = data;
  for (size_t k = 0; k < f->ndim; k++)
    g->dims[k] = f->dims[axes[k]];
  for (size_t n = 0; n < total; n++) {
    size_t from[JAC_AGAINST_DIMS], rest = n, at = 0;
    for (size_t k = f->ndim; k-- > 0; rest /= g->dims[k])
      from[axes[k]] = rest % g->dims[k];
    for (size_t k = 0; k < f->ndim; k++)
      at = at * f->dims[k] + from[k];
    data[n] = f->data[at];
  }
  return data;
}

START_TEST(moved_axes_are_found) {
  struct jac_map *map;
  struct jac_values x;
  struct jac_array3 J;
  struct jac_error err;
  ck_assert_int_eq(jac_module_new(cases[_i].spec, cases[_i].batch, &map, &err), 0);
  ck_assert_int_eq(jac_values_new(map, 5, &x, &err), 0);
  size_t wrt = jac_map_find(map, cases[_i].wrt);
  ck_assert_int_eq(jac_map_jacobian_new(map, jac_values_point(&x), wrt, &J, &err), 0);
  struct jac_foreign f, g, h;
  size_t total = spread(map, wrt, &J, &f);
  static const size_t orders[][JAC_AGAINST_DIMS] = {{2, 3, 0, 1, 4},
                                                    {0, 2, 1, 3, 4},
                                                    {3, 2, 1, 0, 4},
                                                    {1, 0, 3, 2, 4},
                                                    {2, 0, 3, 1, 4}};
  for (size_t o = 0; o < sizeof orders / sizeof orders[0]; o++) {
    size_t axes[JAC_AGAINST_DIMS];
    bool found;
    double *moved = move_axes(&f, orders[o], total, &g);
    ck_assert_int_eq(
        jac_against_axes(map, wrt, JAC_ORDER_F, &g, &J, 1e-9, axes, &found, &err), 0);
    ck_assert(found);
    double *back = move_axes(&g, axes, total, &h);
    /* It may be another form than the one it was made from (for W, reduced): it is read
     * as the Jacobian, number by number. */
    struct jac_reading reading;
    ck_assert_int_eq(jac_against_read(map, wrt, JAC_ORDER_F, &h, &reading, &err), 0);
    ck_assert(reading.fits && !reading.transposed);
    for (size_t n = 0; n < J.slices * J.rows * J.cols; n++)
      ck_assert_double_eq_tol(reading.native.data[n], J.data[n], 1e-12);
    jac_array3_free(&reading.native);
    /* One number off: no order of the axes is right. */
    moved[total / 2] += 1.0;
    ck_assert_int_eq(
        jac_against_axes(map, wrt, JAC_ORDER_F, &g, &J, 1e-9, axes, &found, &err), 0);
    ck_assert(!found);
    moved[total / 2] = NAN;
    ck_assert_int_eq(
        jac_against_axes(map, wrt, JAC_ORDER_F, &g, &J, 1e-9, axes, &found, &err), 0);
    ck_assert(!found);
    free(back);
    free(moved);
  }
  struct jac_foreign matrix = {.ndim = 2, .dims = {f.dims[0], total / f.dims[0]}};
  size_t axes[JAC_AGAINST_DIMS];
  bool found = true;
  matrix.data = f.data;
  ck_assert_int_eq(
      jac_against_axes(map, wrt, JAC_ORDER_F, &matrix, &J, 1e-9, axes, &found, &err), 0);
  ck_assert(!found);
  free((double *)(size_t)f.data);
  jac_array3_free(&J);
  jac_values_free(&x);
  jac_map_free(map);
}
END_TEST

Suite *axes_suite(void);
Suite *axes_suite(void) {
  Suite *suite = suite_create("axes");
  TCase *tc = tcase_create("orders");
  tcase_add_loop_test(tc, moved_axes_are_found, 0, (int)(sizeof cases / sizeof cases[0]));
  suite_add_tcase(suite, tc);
  return suite;
}
