/* The four forms, numberings, and readings of foreign arrays. */
#include "jacobian/against.h"
#include "jacobian/form.h"
#include "jacobian/values.h"
#include "layers/module.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const specs[] = {"linear:3x2,bias",      "linear:1x4",
                                    "linear:4x1",           "softmax:3",
                                    "mse:3,reduction=mean", "cross-entropy:2"};
enum { SPECS = sizeof specs / sizeof specs[0] };

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

static struct jac_array3 native_of(const struct case_ *c, size_t wrt) {
  struct jac_array3 J;
  ck_assert_int_eq(jac_map_jacobian_new(c->map, jac_values_point(&c->x), wrt, &J, NULL),
                   JAC_OK);
  return J;
}

static size_t count(const struct jac_array3 *a) {
  return a->slices * a->rows * a->cols;
}

/* Native to any form and back is the same numbers, in every order. */
START_TEST(forms_convert_back_and_forth) {
  for (size_t batch = 1; batch <= 4; batch++) {
    struct case_ c = make(specs[_i], batch, batch);
    for (size_t v = 0; v < c.map->nvar; v++) {
      struct jac_array3 J = native_of(&c, v);
      for (int form = 0; form < JAC_FORMS; form++)
        for (int order = 0; order < 2; order++) {
          struct jac_layout layout;
          struct jac_array3 out, back;
          double outside;
          if (jac_layout_make(c.map, v, (enum jac_form)form, (enum jac_order)order,
                              &layout, NULL) != JAC_OK)
            continue;
          ck_assert_int_eq(jac_layout_from_native(&layout, &J, &out, NULL), JAC_OK);
          ck_assert_int_eq(jac_layout_to_native(&layout, &out, &back, &outside, NULL),
                           JAC_OK);
          ck_assert_uint_eq(count(&back), count(&J));
          ck_assert_mem_eq(back.data, J.data, count(&J) * sizeof(double));
          ck_assert_double_eq(outside, 0.0);
          jac_array3_free(&out);
          jac_array3_free(&back);
        }
      jac_array3_free(&J);
    }
    drop(&c);
  }
}
END_TEST

/* full: for W the slices one under the other, for z the slices on the diagonal. */
START_TEST(full_is_the_slices) {
  struct case_ c = make("linear:3x2", 3, 5);
  for (size_t v = 0; v < 2; v++) {
    struct jac_array3 J = native_of(&c, v), full;
    struct jac_layout layout;
    ck_assert_int_eq(jac_layout_make(c.map, v, JAC_FORM_FULL, JAC_ORDER_F, &layout, NULL),
                     JAC_OK);
    ck_assert_int_eq(jac_layout_from_native(&layout, &J, &full, NULL), JAC_OK);
    ck_assert_uint_eq(full.rows, 6);
    ck_assert_uint_eq(full.cols, v == 0 ? 9 : 6);
    for (size_t i = 0; i < full.rows; i++)
      for (size_t j = 0; j < full.cols; j++) {
        size_t n = i / 2, o = i % 2;
        double expected = v == 1       ? *jac_array3_at(&J, n, o, j)
                          : j / 3 == n ? *jac_array3_at(&J, n, o, j % 3)
                                       : 0.0;
        ck_assert_double_eq(*jac_array3_at(&full, 0, i, j), expected);
      }
    jac_array3_free(&J);
    jac_array3_free(&full);
  }
  drop(&c);
}
END_TEST

/* The course's two results: I (x) z in column numbering, W^T; and z (x) I in row
 * numbering. */
START_TEST(linear_is_the_course) {
  struct case_ c = make("linear:3x2", 1, 9);
  struct jac_array3 Jz = native_of(&c, 0), Jw = native_of(&c, 1), C;
  struct jac_layout layout;
  ck_assert_int_eq(jac_layout_make(c.map, 1, JAC_FORM_MATRIX, JAC_ORDER_C, &layout, NULL),
                   JAC_OK);
  ck_assert_int_eq(jac_layout_from_native(&layout, &Jw, &C, NULL), JAC_OK);
  for (size_t o = 0; o < 2; o++)
    for (size_t i = 0; i < 3; i++) {
      double z = gsl_matrix_get(c.x.matrix[0], 0, i);
      ck_assert_double_eq(*jac_array3_at(&Jz, 0, o, i),
                          gsl_matrix_get(c.x.matrix[1], i, o));
      for (size_t j = 0; j < 2; j++) {
        ck_assert_double_eq(*jac_array3_at(&Jw, 0, o, j * 3 + i), j == o ? z : 0.0);
        ck_assert_double_eq(*jac_array3_at(&C, 0, o, i * 2 + j), j == o ? z : 0.0);
      }
    }
  jac_array3_free(&Jz);
  jac_array3_free(&Jw);
  jac_array3_free(&C);
  drop(&c);
}
END_TEST

START_TEST(forms_are_refused_with_the_reason) {
  struct jac_error err;
  struct jac_layout layout;
  struct case_ c = make("mse:3,reduction=mean", 2, 1);
  ck_assert_int_eq(jac_layout_make(c.map, 0, JAC_FORM_BATCH, JAC_ORDER_F, &layout, &err),
                   JAC_EREFUSED);
  ck_assert_str_eq(
      err.message,
      "mse:3,reduction=mean has no batch form, for its samples are coupled (one "
      "mean is taken over the batch): take --form full");
  ck_assert_int_eq(jac_form_default(c.map), JAC_FORM_FULL);
  drop(&c);
  c = make("linear:3x2", 2, 1);
  ck_assert_int_eq(jac_layout_make(c.map, 0, JAC_FORM_MATRIX, JAC_ORDER_F, &layout, &err),
                   JAC_EREFUSED);
  ck_assert_str_eq(err.message,
                   "the matrix form is for one sample, and there are 2: take "
                   "--form batch or --form full");
  ck_assert_int_eq(jac_form_default(c.map), JAC_FORM_BATCH);
  drop(&c);
}
END_TEST

START_TEST(shapes_are_those_of_the_design) {
  static const struct {
    size_t batch, wrt;
    enum jac_form form;
    size_t ndim, dims[4];
  } cases[] = {
      {1, 1, JAC_FORM_MATRIX, 2, {2, 6}},     {2, 1, JAC_FORM_BATCH, 3, {2, 2, 6}},
      {2, 1, JAC_FORM_FULL, 2, {4, 6}},       {2, 0, JAC_FORM_FULL, 2, {4, 6}},
      {1, 1, JAC_FORM_REDUCED, 3, {2, 2, 3}}, {2, 1, JAC_FORM_REDUCED, 4, {2, 2, 2, 3}},
      {1, 0, JAC_FORM_REDUCED, 3, {2, 3, 1}}, {1, 0, JAC_FORM_BATCH, 3, {1, 2, 3}},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct case_ c = make("linear:3x2", cases[k].batch, 1);
    struct jac_layout layout;
    ck_assert_int_eq(
        jac_layout_make(c.map, cases[k].wrt, cases[k].form, JAC_ORDER_F, &layout, NULL),
        JAC_OK);
    ck_assert_uint_eq(layout.ndim, cases[k].ndim);
    for (size_t d = 0; d < layout.ndim; d++)
      ck_assert_uint_eq(layout.dims[d], cases[k].dims[d]);
    drop(&c);
  }
}
END_TEST

/* Numbers to indices to numbers, and the offset in storage, for up to three dimensions.
 */
START_TEST(numbers_are_indices) {
  struct jac_variable var = {.role = JAC_PARAMETER, .ndim = 3, .dims = {2, 3, 4}};
  for (var.ndim = 1; var.ndim <= 3; var.ndim++)
    for (size_t k = 0; k < jac_variable_size(&var); k++) {
      size_t index[3] = {0};
      for (int order = 0; order < 2; order++) {
        jac_number_to_index(&var, (enum jac_order)order, k, index);
        ck_assert_uint_eq(jac_index_to_number(&var, (enum jac_order)order, index), k);
      }
      ck_assert_uint_eq(jac_number_to_offset(&var, JAC_ORDER_C, k), k);
      jac_number_to_index(&var, JAC_ORDER_F, k, index);
      ck_assert_uint_eq(index[0], k % 2);
    }
}
END_TEST

/* Every form's array, written out and read again, is recognised and gives the native one;
 * so is the output's shape followed by the variable's, as PyTorch has it. */
START_TEST(foreign_arrays_are_read) {
  for (size_t batch = 1; batch <= 3; batch++) {
    struct case_ c = make(specs[_i], batch, 3);
    for (size_t v = 0; v < c.map->nvar; v++) {
      struct jac_array3 J = native_of(&c, v);
      for (int form = 0; form <= JAC_FORMS; form++) {
        struct jac_layout layout;
        struct jac_array3 out;
        struct jac_reading r;
        bool torch = form == JAC_FORMS;
        if (jac_layout_make(c.map, v, torch ? JAC_FORM_FULL : (enum jac_form)form,
                            torch ? JAC_ORDER_C : JAC_ORDER_F, &layout, NULL) != JAC_OK)
          continue;
        ck_assert_int_eq(jac_layout_from_native(&layout, &J, &out, NULL), JAC_OK);
        struct jac_foreign f = {.ndim = layout.ndim, .data = out.data};
        memcpy(f.dims, layout.dims, sizeof layout.dims);
        if (torch) {
          size_t dims[4] = {c.map->rows, c.map->cols, c.map->var[v].dims[0],
                            c.map->var[v].dims[1]};
          f.ndim = 2 + c.map->var[v].ndim;
          memcpy(f.dims, dims, sizeof dims);
        }
        ck_assert_int_eq(jac_against_read(c.map, v, JAC_ORDER_F, &f, &r, NULL), JAC_OK);
        ck_assert_msg(r.fits && !r.transposed, "%s: %s", specs[_i], r.expected);
        ck_assert_double_eq(r.outside, 0.0);
        ck_assert_mem_eq(r.native.data, J.data, count(&J) * sizeof(double));
        jac_array3_free(&r.native);
        jac_array3_free(&out);
      }
      jac_array3_free(&J);
    }
    drop(&c);
  }
}
END_TEST

START_TEST(foreign_transposes_and_misfits_are_told) {
  static const double data[24] = {1, 2, 3, 4, 5, 6};
  struct case_ c = make("linear:3x2", 1, 3);
  struct jac_reading r;
  struct jac_foreign f = {.ndim = 2, .dims = {3, 2}, .data = data};
  ck_assert_int_eq(jac_against_read(c.map, 0, JAC_ORDER_F, &f, &r, NULL), JAC_OK);
  ck_assert(r.fits && r.transposed);
  ck_assert_double_eq(*jac_array3_at(&r.native, 0, 1, 0), 2.0);
  jac_array3_free(&r.native);
  f.dims[0] = 4;
  ck_assert_int_eq(jac_against_read(c.map, 0, JAC_ORDER_F, &f, &r, NULL), JAC_OK);
  ck_assert(!r.fits);
  ck_assert_ptr_nonnull(strstr(r.expected, "matrix 2x3"));
  drop(&c);
  c = make("softmax:2", 2, 3);
  struct jac_foreign full = {.ndim = 2, .dims = {4, 4}, .data = data};
  ck_assert_int_eq(jac_against_read(c.map, 0, JAC_ORDER_F, &full, &r, NULL), JAC_OK);
  ck_assert(r.fits);
  ck_assert_double_eq(r.outside, 4.0);
  jac_array3_free(&r.native);
  drop(&c);
}
END_TEST

START_TEST(sizes_beyond_the_machine_are_refused) {
  struct jac_error err;
  struct jac_array3 a;
  size_t bytes;
  ck_assert(!jac_array3_bytes((size_t)1 << 40, (size_t)1 << 40, 1, &bytes));
  ck_assert_int_eq(jac_array3_alloc((size_t)1 << 40, (size_t)1 << 40, 2, &a, &err),
                   JAC_ELIMIT);
  struct jac_map *map;
  ck_assert_int_eq(jac_module_new("linear:1000000000x1000000000", 1000000000, &map, &err),
                   JAC_OK);
  struct jac_layout layout;
  ck_assert_int_eq(jac_layout_make(map, 1, JAC_FORM_FULL, JAC_ORDER_F, &layout, &err),
                   JAC_ELIMIT);
  jac_map_free(map);
  ck_assert_int_eq(
      jac_module_new("linear:9000000000000000000x9000000000000000000", 1, &map, &err),
      JAC_ELIMIT);
  ck_assert_ptr_null(map);
}
END_TEST

START_TEST(points_and_arrays_are_checked) {
  struct case_ c = make("linear:3x2", 1, 1);
  struct jac_error err;
  gsl_matrix *wrong = gsl_matrix_calloc(2, 3);
  const gsl_matrix *point[] = {c.x.matrix[0], wrong};
  ck_assert_int_eq(jac_map_check_point(c.map, jac_values_point(&c.x), &err), JAC_OK);
  ck_assert_int_eq(jac_map_check_point(c.map, point, &err), JAC_EINPUT);
  ck_assert_str_eq(err.message, "W is 2x3, linear:3x2 needs 3x2");
  struct jac_array3 J;
  ck_assert_int_eq(jac_array3_alloc(1, 3, 2, &J, &err), JAC_OK);
  ck_assert_int_eq(jac_map_jacobian(c.map, jac_values_point(&c.x), 0, &J, &err),
                   JAC_EINPUT);
  ck_assert_str_eq(err.message,
                   "the Jacobian of linear:3x2 with respect to z is 1x2x3, the "
                   "array is 1x3x2");
  jac_array3_free(&J);
  gsl_matrix_free(wrong);
  jac_map_free(NULL);
  drop(&c);
}
END_TEST

Suite *form_suite(void);
Suite *form_suite(void) {
  Suite *suite = suite_create("form");
  TCase *tc = tcase_create("forms");
  tcase_add_loop_test(tc, forms_convert_back_and_forth, 0, SPECS);
  tcase_add_test(tc, full_is_the_slices);
  tcase_add_test(tc, linear_is_the_course);
  tcase_add_test(tc, forms_are_refused_with_the_reason);
  tcase_add_test(tc, shapes_are_those_of_the_design);
  tcase_add_test(tc, numbers_are_indices);
  tcase_add_loop_test(tc, foreign_arrays_are_read, 0, SPECS);
  tcase_add_test(tc, foreign_transposes_and_misfits_are_told);
  tcase_add_test(tc, sizes_beyond_the_machine_are_refused);
  tcase_add_test(tc, points_and_arrays_are_checked);
  suite_add_tcase(suite, tc);
  return suite;
}
