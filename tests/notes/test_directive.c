/* Directives taken apart. */
#include "jacobian/notes/directive.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct jac_directive d;

static void reads(const char *text) {
  struct jac_error err = {JAC_OK, ""};
  enum jac_status status = jac_directive_read(text, &d, NULL, &err);
  ck_assert_msg(status == JAC_OK, "%s: %s", text, err.message);
}

static void says(const char *found, const char *expected) {
  if (expected == NULL)
    ck_assert_msg(found == NULL, "%s", found);
  else
    ck_assert_str_eq(found, expected);
}

static const struct {
  const char *text, *subject, *wrt;
  size_t batch;
  enum jac_vectors vectors;
} subjects[] = {
    {"linear", "linear", NULL, 0, JAC_VECTORS_UNSAID},
    {"linear wrt=W", "linear", "W", 0, JAC_VECTORS_UNSAID},
    {" linear ; wrt = W ;batch=3; ", "linear", "W", 3, JAC_VECTORS_UNSAID},
    {"linear batch=3 wrt=z^{k-1}", "linear", "z^{k-1}", 3, JAC_VECTORS_UNSAID},
    {"linear, wrt=W, batch=2", "linear", "W", 2, JAC_VECTORS_UNSAID},
    {"linear wrt=W vectors=columns", "linear", "W", 0, JAC_VECTORS_COLUMNS},
    {"linear tanh softmax cross-entropy; vectors=rows",
     "linear tanh softmax cross-entropy", NULL, 0, JAC_VECTORS_ROWS},
    {"linear:3x4,bias tanh", "linear:3x4,bias tanh", NULL, 0, JAC_VECTORS_UNSAID},
    {"leaky-relu,slope=0.1 wrt=z", "leaky-relu,slope=0.1", "z", 0, JAC_VECTORS_UNSAID},
    {"h = tanh(W h_0 + U x)", "h = tanh(W h_0 + U x)", NULL, 0, JAC_VECTORS_UNSAID},
    {"f(x) = x^T\\; A x; wrt=x", "f(x) = x^T\\; A x", "x", 0, JAC_VECTORS_UNSAID},
    {"f(x) = \\begin{cases} 1; 2 \\end{cases} wrt=x", "f(x) = \\begin{cases} 1", NULL, 0,
     JAC_VECTORS_UNSAID},
    {"f(batch=x) wrt=x", "f(batch=x)", "x", 0, JAC_VECTORS_UNSAID},
    {"wrt=W", NULL, "W", 0, JAC_VECTORS_UNSAID},
    {"vectors=rows", NULL, NULL, 0, JAC_VECTORS_ROWS},
};

START_TEST(subject_and_keys) {
  if (strstr(subjects[_i].text, "cases") != NULL) {
    ck_assert_int_eq(jac_directive_read(subjects[_i].text, &d, NULL, NULL), JAC_EINPUT);
    return;
  }
  reads(subjects[_i].text);
  ck_assert(!d.off);
  says(d.subject, subjects[_i].subject);
  says(d.wrt, subjects[_i].wrt);
  ck_assert_uint_eq(d.batch, subjects[_i].batch);
  ck_assert_int_eq(d.vectors, subjects[_i].vectors);
  jac_directive_free(&d);
}
END_TEST

START_TEST(off) {
  reads("  off ");
  ck_assert(d.off);
  ck_assert_ptr_null(d.subject);
}
END_TEST

START_TEST(lets) {
  reads("linear; let x = z, a^{[l]} = y, w_{i,j} = W_{j,i}; let \\theta=W");
  static const char *const expected[][2] = {
      {"x", "z"}, {"a^{[l]}", "y"}, {"w_{i,j}", "W_{j,i}"}, {"\\theta", "W"}};
  ck_assert_uint_eq(d.lets, 4);
  for (size_t k = 0; k < 4; k++) {
    says(d.let[k].name, expected[k][0]);
    says(d.let[k].value, expected[k][1]);
  }
  jac_directive_free(&d);
}
END_TEST

START_TEST(shapes) {
  reads("f(x) = x^T A x; x in R^n, A in R^{m x n}; a, b \\in \\mathbb{R}^{3}; c in R; "
        "B \xE2\x88\x88 \xE2\x84\x9D^{m\xC3\x97n}; C \\in\\mathbb{R}^{batch \\times "
        "input}; "
        "D in R^{3x2}, E in R^{mxn}, F in R^{max}, G in R^{a, b}; x^{(1)} in R^2");
  static const char *const expected[][3] = {
      {"x", "n", NULL},        {"A", "m", "n"},   {"a", "3", NULL},
      {"b", "3", NULL},        {"c", NULL, NULL}, {"B", "m", "n"},
      {"C", "batch", "input"}, {"D", "3", "2"},   {"E", "m", "n"},
      {"F", "max", NULL},      {"G", "a", "b"},   {"x^{(1)}", "2", NULL}};
  ck_assert_uint_eq(d.shapes, 12);
  for (size_t k = 0; k < 12; k++) {
    says(d.shape[k].name, expected[k][0]);
    says(d.shape[k].rows, expected[k][1]);
    says(d.shape[k].columns, expected[k][2]);
  }
  jac_directive_free(&d);
}
END_TEST

START_TEST(exceptions) {
  reads("linear; * is elementwise; \xE2\x8A\x97 is outer; T is a number; ' is transpose; "
        "1 is a row; \\mathbf{1} is a column; \\otimes is kronecker; * is the product; "
        "f' is derivative");
  static const struct {
    const char *sign;
    enum jac_meaning meaning;
  } expected[] = {{"*", JAC_MEANS_ELEMENTWISE},
                  {"\xE2\x8A\x97", JAC_MEANS_OUTER},
                  {"T", JAC_MEANS_NUMBER},
                  {"'", JAC_MEANS_TRANSPOSE},
                  {"1", JAC_MEANS_ROW},
                  {"\\mathbf{1}", JAC_MEANS_COLUMN},
                  {"\\otimes", JAC_MEANS_KRONECKER},
                  {"*", JAC_MEANS_PRODUCT},
                  {"f'", JAC_MEANS_DERIVATIVE}};
  ck_assert_uint_eq(d.exceptions, 9);
  for (size_t k = 0; k < 9; k++) {
    says(d.exception[k].sign, expected[k].sign);
    ck_assert_int_eq(d.exception[k].meaning, expected[k].meaning);
  }
  jac_directive_free(&d);
}
END_TEST

static const struct {
  const char *text;
  size_t position;
  const char *message;
} wrong[] = {
    {"", 0, "a directive is SUBJECT"},
    {" ; ;", 4, "a directive is SUBJECT"},
    {"linear; foo", 8, "'foo' is not understood"},
    {"linear; let x", 12, "let A = B"},
    {"linear; let x =", 12, "let A = B"},
    {"linear; let x = z,", 18, "let A = B"},
    {"linear let x = z", 7, "a semicolon before let"},
    {"linear batch=0", 13, "a number of samples"},
    {"linear batch=2.5", 13, "a number of samples"},
    {"linear batch=99999999999999999999", 13, "a number of samples"},
    {"linear wrt=", 7, "a value after ="},
    {"linear wrt=W b", 13, "'b' is not understood"},
    {"linear wrt=W wrt=b", 17, "one wrt= only"},
    {"linear vectors=up", 15, "rows or columns"},
    {"linear; x in Q^n", 13, "R, R^n or R^{m x n}"},
    {"linear; x in R^{}", 16, "one size or two"},
    {"linear; x in R^{a x b x c}", 16, "one size or two"},
    {"linear; x in R^n, y", 8, "x in R^n"},
    {"linear; * is nice", 13, "elementwise, outer"},
    {"off; linear", 0, NULL},
};

START_TEST(errors) {
  struct jac_error err = {JAC_OK, ""};
  size_t position = 99;
  enum jac_status status = jac_directive_read(wrong[_i].text, &d, &position, &err);
  if (wrong[_i].message == NULL) {
    ck_assert_int_ne(status, JAC_OK);
    return;
  }
  ck_assert_int_eq(status, JAC_EINPUT);
  ck_assert_msg(strstr(err.message, wrong[_i].message) != NULL, "%s", err.message);
  ck_assert_ptr_null(strchr(err.message, '\n'));
  ck_assert_uint_eq(position, wrong[_i].position);
  ck_assert_ptr_null(d.subject);
}
END_TEST

START_TEST(too_much) {
  struct jac_error err = {JAC_OK, ""};
  char text[20000] = "linear; let a=b";
  for (size_t k = 0; k < 40; k++)
    strcat(text, ", a=b");
  ck_assert_int_eq(jac_directive_read(text, &d, NULL, &err), JAC_ELIMIT);
  memset(text, '{', sizeof text - 1);
  ck_assert_int_eq(jac_directive_read(text, &d, NULL, &err), JAC_ELIMIT);
  text[8000] = '\0';
  reads(text);
  jac_directive_free(&d);
}
END_TEST

Suite *directive_suite(void);
Suite *directive_suite(void) {
  Suite *suite = suite_create("notes: directives");
  TCase *tests = tcase_create("directives");
  tcase_add_loop_test(tests, subject_and_keys, 0, sizeof subjects / sizeof subjects[0]);
  tcase_add_test(tests, off);
  tcase_add_test(tests, lets);
  tcase_add_test(tests, shapes);
  tcase_add_test(tests, exceptions);
  tcase_add_loop_test(tests, errors, 0, sizeof wrong / sizeof wrong[0]);
  tcase_add_test(tests, too_much);
  suite_add_tcase(suite, tests);
  return suite;
}
