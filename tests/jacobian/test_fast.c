/* Fast ways against plain ones, at random: rows written past the cache, forms written in
 * place, estimates of many outputs at once, numbers read in storage order. */
#include "jacobian/form.h"
#include "jacobian/stencil_internal.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *fast_suite(void);

static unsigned long state = 1;

/* A number from 0 to below bound. */
static size_t draw(size_t bound) {
  state = state * 6364136223846793005ul + 1442695040888963407ul;
  return (size_t)(state >> 33) % bound;
}

static double draw_number(void) {
  return ldexp((double)draw(1 << 20) - (1 << 19), -(int)draw(30));
}

/* The array stands for a large one, of which only a piece is there. */
START_TEST(rows_are_filled_alike) {
  enum { SIZE = 400 };
  for (int round = 0; round < 500; round++) {
    double out[SIZE], x[SIZE];
    for (size_t k = 0; k < SIZE; k++) {
      out[k] = -7.0;
      x[k] = draw_number();
    }
    struct jac_array3 large = jac_array3_over(out, 1, draw(2) << 30, 1);
    size_t from = draw(20), count = draw(SIZE - 20), at = draw(count + 1);
    double a = draw(4) == 0   ? 0.0
               : draw(4) == 0 ? 1.0
                              : draw_number(),
           b = draw(2) == 0 ? 0.0 : draw_number();
    bool but = draw(2) == 0 && at < count;
    if (but)
      jac_array3_fill_but(&large, out + from, x, count, a, b, at, 3.0);
    else
      jac_array3_fill(&large, out + from, x, count, a, b);
    jac_array3_written();
    for (size_t k = 0; k < SIZE; k++) {
      double wanted = -7.0;
      if (k >= from && k < from + count)
        wanted = but && k == from + at ? 3.0 : a * x[k - from] + b;
      ck_assert_msg(out[k] == wanted, "round %d, %zu of %zu from %zu: %g, not %g", round,
                    k, count, from, out[k], wanted);
    }
  }
}
END_TEST

static const struct {
  const char *spec[4];
  size_t count;
} subjects[] = {
    {{"linear:3x4,bias"}, 1},
    {{"tanh:5"}, 1},
    {{"softmax:4"}, 1},
    {{"log-softmax:4"}, 1},
    {{"conv1d:2x3x2,length=5,stride=2,bias"}, 1},
    {{"max-pool1d:2,channels=2,length=6"}, 1},
    {{"layer-norm:4"}, 1},
    {{"rms-norm:3"}, 1},
    {{"batch-norm:3"}, 1},
    {{"attention:3x2"}, 1},
    {{"mse:3"}, 1},
    {{"cross-entropy:3,reduction=mean"}, 1},
    {{"linear:3x4", "tanh", "linear:2", "softmax"}, 4},
    {{"linear:3x4", "tanh", "dropout"}, 3},
    {{"conv1d:2x2x2,length=5", "max-pool1d:2", "flatten", "linear:2"}, 4},
    {{"linear:3x2", "batch-norm", "tanh", "linear:2,bias"}, 4},
    {{"attention:2x3", "linear:2", "tanh"}, 3},
};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

/* Into arrays that hold something else, and are wider than a line of the cache. */
static void compare_forms(const struct jac_map *map, jac_point x, size_t wrt,
                          enum jac_form form, enum jac_order order) {
  struct jac_layout layout;
  struct jac_array3 native, plain, fast, fresh;
  if (jac_layout_make(map, wrt, form, order, &layout, NULL) != JAC_OK)
    return;
  ck_assert_int_eq(jac_map_jacobian_new(map, x, wrt, &native, NULL), JAC_OK);
  ck_assert_int_eq(jac_layout_from_native(&layout, &native, &plain, NULL), JAC_OK);
  ck_assert_int_eq(jac_array3_alloc(layout.slices, layout.rows, layout.cols, &fast, NULL),
                   JAC_OK);
  fast.clear = false;
  size_t count = layout.slices * layout.rows * layout.cols;
  for (size_t k = 0; k < count; k++)
    fast.data[k] = NAN;
  ck_assert_int_eq(jac_layout_jacobian(&layout, x, &fast, NULL), JAC_OK);
  ck_assert_int_eq(jac_layout_jacobian_new(&layout, x, &fresh, NULL), JAC_OK);
  for (size_t s = 0; s < layout.slices; s++)
    for (size_t i = 0; i < layout.rows; i++)
      for (size_t j = 0; j < layout.cols; j++) {
        size_t at[3], k = (s * layout.rows + i) * layout.cols + j;
        double wanted = 0.0;
        if (jac_layout_native(&layout, s, i, j, at))
          wanted = *jac_array3_at(&native, at[0], at[1], at[2]);
        ck_assert_msg(plain.data[k] == wanted, "%s", map->spec);
        ck_assert_msg(fabs(fast.data[k] - wanted) <= 1e-15 * (1.0 + fabs(wanted)),
                      "%s, %s: %g, not %g", map->spec, jac_form_name(form), fast.data[k],
                      wanted);
        ck_assert_msg(fresh.data[k] == fast.data[k], "%s", map->spec);
      }
  jac_array3_free(&native);
  jac_array3_free(&plain);
  jac_array3_free(&fast);
  jac_array3_free(&fresh);
}

START_TEST(forms_are_written_in_place) {
  for (size_t batch = 1; batch <= 3; batch++) {
    struct jac_map *map;
    struct jac_values x;
    struct jac_error err;
    ck_assert_msg(jac_network_new(subjects[_i].spec, subjects[_i].count, batch, NULL,
                                  &map, &err) == JAC_OK,
                  "%s", err.message);
    ck_assert_int_eq(jac_values_new(map, batch, &x, &err), JAC_OK);
    for (size_t v = 0; v < map->nvar; v++)
      for (int form = 0; form < JAC_FORMS; form++)
        for (int order = 0; order < 2; order++)
          compare_forms(map, jac_values_point(&x), v, (enum jac_form)form,
                        order == 0 ? JAC_ORDER_F : JAC_ORDER_C);
    jac_values_free(&x);
    jac_map_free(map);
  }
}
END_TEST

/* Values around smooth points, kinks, and some that are not finite. */
START_TEST(estimates_are_alike) {
  enum { OUTPUTS = 150 };
  for (int round = 0; round < 50; round++) {
    double values[(JAC_POINTS + 1) * OUTPUTS], steps[JAC_STEPS * OUTPUTS];
    struct jac_stencil s = {values, steps, NULL, OUTPUTS, OUTPUTS, draw(2) == 0};
    struct jac_difference_entry entry[OUTPUTS];
    bool agreed[OUTPUTS], rough = draw(2) == 0;
    double h[JAC_POINTS], most = 0.0, worst = 0.0, value = 0.0, error = 0.0;
    for (size_t t = 0; t < OUTPUTS; t++) {
      steps[t] = draw_number();
      for (size_t p = 0; p < JAC_POINTS; p++) {
        h[p] = ldexp(p % 2 == 0 ? 1.0 : -1.0, -7 - (int)(p / 2));
        steps[(1 + p) * OUTPUTS + t] = 1.0 / h[p];
      }
      for (size_t p = 0; p < 3; p++)
        steps[(1 + JAC_POINTS + p) * OUTPUTS + t] = 1.0 / (h[2 * p] - h[2 * p + 1]);
      double a = draw_number(), b = draw_number(), c = draw_number();
      double kink = rough && draw(40) == 0 ? 1.0 : 0.0;
      for (size_t p = 0; p <= JAC_POINTS; p++) {
        double at = p < JAC_POINTS ? h[p] : 0.0;
        values[p * OUTPUTS + t] = a + b * sin(at) + c * at * at + kink * fabs(at);
      }
      if (rough && draw(60) == 0)
        values[draw(JAC_POINTS + 1) * OUTPUTS + t] = draw(2) == 0 ? NAN : INFINITY;
    }
    size_t bad = jac_stencil_smooth(&s, 0, 0, OUTPUTS, entry, agreed, &value, &error),
           counted = 0;
    for (size_t k = 0; k < OUTPUTS; k++) {
      struct jac_estimate e = jac_stencil_estimate(&s, k, s.shared ? 0 : k, 0.0);
      counted += !e.finite || e.part;
      if (!e.finite)
        continue;
      ck_assert(entry[k].value == e.value && entry[k].error == e.error);
      ck_assert(entry[k].left == e.left && entry[k].right == e.right);
      ck_assert_int_eq(agreed[k], e.meet);
      most = fmax(most, fabs(e.value));
      worst = fmax(worst, e.error);
    }
    ck_assert_uint_eq(bad, counted);
    ck_assert(bad > 0 || (value == most && error == worst));
  }
}
END_TEST

START_TEST(numbers_are_read_in_storage_order) {
  for (int round = 0; round < 200; round++) {
    struct jac_variable var = {.role = draw(2) == 0 ? JAC_DATA : JAC_PARAMETER,
                               .ndim = 1 + draw(3)};
    if (var.role == JAC_DATA)
      var.ndim = 2;
    for (size_t d = 0; d < var.ndim; d++)
      var.dims[d] = 1 + draw(5);
    enum jac_order order = draw(2) == 0 ? JAC_ORDER_F : JAC_ORDER_C;
    size_t rows, cols, size = jac_variable_size(&var);
    jac_variable_storage(&var, &rows, &cols);
    gsl_matrix *m = gsl_matrix_alloc(rows, cols), *back = gsl_matrix_calloc(rows, cols);
    double vector[125];
    for (size_t k = 0; k < size; k++)
      m->data[k] = (double)k;
    jac_vec(&var, order, m, vector);
    for (size_t k = 0; k < size; k++)
      ck_assert(vector[k] == (double)jac_number_to_offset(&var, order, k));
    jac_unvec(&var, order, vector, back);
    ck_assert(memcmp(m->data, back->data, size * sizeof *vector) == 0);
    gsl_matrix_free(m);
    gsl_matrix_free(back);
  }
}
END_TEST

Suite *fast_suite(void) {
  Suite *suite = suite_create("fast");
  TCase *tcase = tcase_create("fast");
  tcase_add_test(tcase, rows_are_filled_alike);
  tcase_add_loop_test(tcase, forms_are_written_in_place, 0, SUBJECTS);
  tcase_add_test(tcase, estimates_are_alike);
  tcase_add_test(tcase, numbers_are_read_in_storage_order);
  suite_add_tcase(suite, tcase);
  return suite;
}
