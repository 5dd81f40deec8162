#include "tests/visual/view_case.h"
#include "visual/csv.h"
#include "visual/export.h"
#include "visual/npy.h"

#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What was written to a file, as bytes with a final zero. */
static char *contents(FILE *file, size_t *size) {
  ck_assert_int_eq(ferror(file), 0);
  *size = (size_t)ftell(file);
  rewind(file);
  char *bytes = calloc(*size + 1, 1);
  ck_assert_ptr_nonnull(bytes);
  ck_assert_uint_eq(fread(bytes, 1, *size, file), *size);
  fclose(file);
  return bytes;
}

static json_t *as_json(struct jac_view *view) {
  size_t size;
  FILE *file = tmpfile();
  json_error_t error;
  ck_assert_int_eq(jac_view_json(view, file, NULL), JAC_OK);
  char *text = contents(file, &size);
  json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(json != NULL, "%s in %s", error.text, text);
  free(text);
  return json;
}

/* The numbers of nested lists in order, and the sizes of the lists. */
static size_t flatten(const json_t *json, double *out, size_t depth, size_t *dims) {
  if (json_is_number(json)) {
    *out = json_number_value(json);
    return 1;
  }
  size_t count = 0;
  ck_assert_uint_lt(depth, 4);
  dims[depth] = json_array_size(json);
  for (size_t k = 0; k < json_array_size(json); k++)
    count += flatten(json_array_get(json, k), out + count, depth + 1, dims);
  return count;
}

static const struct {
  const char *spec;
  size_t batch;
  const char *wrt;
} modules[] = {{"linear:3x2,bias", 1, "W"}, {"linear:3x2,bias", 2, "W"},
               {"linear:3x2", 2, "z"},      {"linear:1x1,bias", 1, "b"},
               {"softmax:4", 3, "z"},       {"mse:3,reduction=mean", 2, "z"}};

/* Every module in every form that it has, in both orders. */
#define FOR_ALL_VIEWS(c, body)                                                           \
  for (size_t k_ = 0; k_ < sizeof modules / sizeof modules[0]; k_++)                     \
    for (int form_ = 0; form_ < JAC_FORMS; form_++)                                      \
      for (int order_ = JAC_ORDER_F; order_ <= JAC_ORDER_C; order_++) {                  \
        bool coupled_ = strstr(modules[k_].spec, "mean") != NULL;                        \
        if ((form_ == JAC_FORM_MATRIX && modules[k_].batch > 1) ||                       \
            (coupled_ && form_ != JAC_FORM_FULL))                                        \
          continue;                                                                      \
        view_case_new(modules[k_].spec, modules[k_].batch, modules[k_].wrt,              \
                      (enum jac_form)form_, (enum jac_order)order_, JAC_ENTRIES_NUMBERS, \
                      &(c));                                                             \
        body;                                                                            \
        view_case_free(&(c));                                                            \
      }

static void check_shape(const struct jac_view *view, size_t ndim, const size_t *dims) {
  ck_assert_uint_eq(ndim, view->layout.ndim);
  for (size_t k = 0; k < ndim; k++)
    ck_assert_uint_eq(dims[k], view->layout.dims[k]);
}

/* The same numbers through the forms' own conversion. */
static void check_numbers(const struct view_case *c, const double *numbers) {
  struct jac_array3 truth;
  ck_assert_int_eq(jac_layout_from_native(&c->view.layout, &c->native, &truth, NULL),
                   JAC_OK);
  size_t count = truth.slices * truth.rows * truth.cols;
  ck_assert_int_eq(memcmp(numbers, truth.data, count * sizeof *numbers), 0);
  jac_array3_free(&truth);
}

static void check_json(struct view_case *c) {
  /* Bits that 16 digits would lose. */
  c->native.data[0] = 0.1 + 0.2;
  json_t *json = as_json(&c->view);
  double numbers[256];
  size_t dims[4] = {0}, shape[4];
  flatten(json_object_get(json, "values"), numbers, 0, dims);
  check_shape(&c->view, c->view.layout.ndim, dims);
  check_numbers(c, numbers);
  const json_t *list = json_object_get(json, "shape");
  for (size_t k = 0; k < json_array_size(list); k++)
    shape[k] = (size_t)json_integer_value(json_array_get(list, k));
  check_shape(&c->view, json_array_size(list), shape);
  ck_assert_str_eq(json_string_value(json_object_get(json, "module")), c->map->spec);
  ck_assert_str_eq(json_string_value(json_object_get(json, "form")),
                   jac_form_name(c->view.layout.form));
  ck_assert_int_eq(json_integer_value(json_object_get(json, "batch")),
                   (json_int_t)c->map->batch);
  ck_assert(json_is_null(json_object_get(json, "symbols")));
  json_decref(json);
}

START_TEST(json_holds_the_same_bits) {
  struct view_case c;
  FOR_ALL_VIEWS(c, check_json(&c))
}
END_TEST

static void check_csv(struct view_case *c) {
  size_t size;
  FILE *file = tmpfile();
  struct jac_table table;
  struct jac_error err = {JAC_OK, ""};
  const struct jac_layout *layout = &c->view.layout;
  c->native.data[0] = 0.1 + 0.2;
  ck_assert_int_eq(jac_view_csv(&c->view, file, NULL), JAC_OK);
  char *text = contents(file, &size);
  ck_assert_msg(jac_csv_parse("x", text, size, &table, &err) == JAC_OK, "%s\n%s",
                err.message, text);
  bool samples = layout->form == JAC_FORM_BATCH || layout->slices > 1;
  ck_assert_uint_eq(table.ndim, samples ? 3 : 2);
  ck_assert_uint_eq(table.dims[table.ndim - 1], layout->cols);
  ck_assert_uint_eq(table.dims[table.ndim - 2], layout->rows);
  check_numbers(c, table.data);
  jac_table_free(&table);
  free(text);
}

START_TEST(csv_is_read_back) {
  struct view_case c;
  FOR_ALL_VIEWS(c, check_csv(&c))
}
END_TEST

static void check_npy(struct view_case *c) {
  size_t size;
  FILE *file = tmpfile();
  struct jac_table table;
  ck_assert_int_eq(jac_view_npy(&c->view, file, NULL), JAC_OK);
  char *bytes = contents(file, &size);
  ck_assert_int_eq(jac_npy_parse("x", bytes, size, &table, NULL), JAC_OK);
  check_shape(&c->view, table.ndim, table.dims);
  check_numbers(c, table.data);
  jac_table_free(&table);
  free(bytes);
}

START_TEST(npy_is_read_back) {
  struct view_case c;
  FOR_ALL_VIEWS(c, check_npy(&c))
}
END_TEST

/* The labels that the conventions give, written out by hand. */
static void check_labels(const char *spec, size_t batch, const char *wrt,
                         enum jac_form form, const char *rows, const char *columns) {
  static const char *const names[] = {"rows", "columns"};
  const char *const expected[] = {rows, columns};
  struct view_case c;
  view_case_new(spec, batch, wrt, form, JAC_ORDER_F, JAC_ENTRIES_NUMBERS, &c);
  json_t *json = as_json(&c.view);
  for (size_t k = 0; k < 2; k++) {
    char *text = json_dumps(json_object_get(json, names[k]), JSON_COMPACT);
    ck_assert_str_eq(text, expected[k]);
    free(text);
  }
  json_decref(json);
  view_case_free(&c);
}

START_TEST(labels_follow_the_conventions) {
  check_labels("linear:2x2", 1, "W", JAC_FORM_MATRIX, "[\"z^{k}_{1,1}\",\"z^{k}_{1,2}\"]",
               "[\"w_{1,1}\",\"w_{2,1}\",\"w_{1,2}\",\"w_{2,2}\"]");
  check_labels("linear:2x1", 2, "W", JAC_FORM_BATCH,
               "[[\"z^{k}_{1,1}\"],[\"z^{k}_{2,1}\"]]", "[\"w_{1,1}\",\"w_{2,1}\"]");
  check_labels("linear:2x1", 2, "z", JAC_FORM_BATCH,
               "[[\"z^{k}_{1,1}\"],[\"z^{k}_{2,1}\"]]",
               "[[\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\"],"
               "[\"z^{k-1}_{2,1}\",\"z^{k-1}_{2,2}\"]]");
  check_labels("linear:2x1", 2, "z", JAC_FORM_FULL, "[\"z^{k}_{1,1}\",\"z^{k}_{2,1}\"]",
               "[\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\","
               "\"z^{k-1}_{2,1}\",\"z^{k-1}_{2,2}\"]");
  check_labels("linear:2x2", 1, "W", JAC_FORM_REDUCED,
               "[\"z^{k}_{1,1}\",\"z^{k}_{1,2}\"]",
               "[[\"w_{1,1}\",\"w_{2,1}\"],[\"w_{1,2}\",\"w_{2,2}\"]]");
  check_labels("mse:2,reduction=none", 2, "z", JAC_FORM_BATCH,
               "[[\"\\\\ell_{1}\"],[\"\\\\ell_{2}\"]]",
               "[[\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\"],"
               "[\"z^{k-1}_{2,1}\",\"z^{k-1}_{2,2}\"]]");
}
END_TEST

START_TEST(symbols_are_latex) {
  struct view_case c;
  size_t size;
  view_case_new("softmax:2", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_SYMBOLS,
                &c);
  json_t *json = as_json(&c.view);
  char *text = json_dumps(json_object_get(json, "symbols"), JSON_COMPACT);
  ck_assert_str_eq(text, "[[\"s_{1,1}(1 - s_{1,1})\",\"-s_{1,1} s_{1,2}\"],"
                         "[\"-s_{1,2} s_{1,1}\",\"s_{1,2}(1 - s_{1,2})\"]]");
  free(text);
  json_decref(json);
  FILE *file = tmpfile();
  ck_assert_int_eq(jac_view_csv(&c.view, file, NULL), JAC_OK);
  text = contents(file, &size);
  ck_assert_str_eq(text,
                   "output,\"z^{k-1}_{1,1}\",\"z^{k-1}_{1,2}\"\n"
                   "\"z^{k}_{1,1}\",\"s_{1,1}(1 - s_{1,1})\",\"-s_{1,1} s_{1,2}\"\n"
                   "\"z^{k}_{1,2}\",\"-s_{1,2} s_{1,1}\",\"s_{1,2}(1 - s_{1,2})\"\n");
  free(text);
  view_case_free(&c);
}
END_TEST

/* Without a formula, or with one that is not understood, numbers remain. */
START_TEST(symbols_that_cannot_be_had) {
  static const char *const formulas[] = {NULL, "z[n,"};
  for (size_t k = 0; k < 2; k++) {
    struct view_case c;
    struct jac_view view;
    struct jac_error err = {JAC_OK, ""};
    view_case_new("softmax:2", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                  &c);
    jac_point point = jac_values_point(&c.values);
    c.map->var[0].entry = formulas[k];
    ck_assert_int_ne(
        jac_view_new(&c.view.layout, point, &c.native, JAC_ENTRIES_BOTH, 4, &view, &err),
        JAC_OK);
    ck_assert_str_ne(err.message, "");
    ck_assert_int_eq(jac_view_new(&c.view.layout, point, &c.native, JAC_ENTRIES_NUMBERS,
                                  4, &view, NULL),
                     JAC_OK);
    ck_assert(jac_view_has_symbols(&view) == (formulas[k] != NULL));
    struct jac_buffer symbol = JAC_BUFFER_INIT;
    ck_assert_int_ne(jac_view_symbol(&view, 0, 0, 0, JAC_NOTATION_LATEX, &symbol, &err),
                     JAC_OK);
    jac_buffer_free(&symbol);
    jac_view_free(&view);
    view_case_free(&c);
  }
}
END_TEST

START_TEST(what_is_not_finite_is_a_string) {
  struct view_case c;
  view_case_new("linear:3x1", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  c.native.data[0] = (double)NAN;
  c.native.data[1] = (double)INFINITY;
  c.native.data[2] = -(double)INFINITY;
  json_t *json = as_json(&c.view);
  char *text = json_dumps(json_object_get(json, "values"), JSON_COMPACT);
  ck_assert_str_eq(text, "[[\"nan\",\"inf\",\"-inf\"]]");
  free(text);
  json_decref(json);
  view_case_free(&c);
}
END_TEST

Suite *export_suite(void);
Suite *export_suite(void) {
  Suite *suite = suite_create("export");
  TCase *tc = tcase_create("JSON, CSV, NPY");
  tcase_add_test(tc, json_holds_the_same_bits);
  tcase_add_test(tc, csv_is_read_back);
  tcase_add_test(tc, npy_is_read_back);
  tcase_add_test(tc, labels_follow_the_conventions);
  tcase_add_test(tc, symbols_are_latex);
  tcase_add_test(tc, symbols_that_cannot_be_had);
  tcase_add_test(tc, what_is_not_finite_is_a_string);
  suite_add_tcase(suite, tc);
  return suite;
}
