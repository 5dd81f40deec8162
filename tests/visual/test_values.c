#include "visual/input.h"
#include "visual/output.h"
#include "visual/values.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(inline_values) {
  static const char *const texts[] = {"1 2 3; 4 5 6",
                                      "1,2,3;4,5,6",
                                      "[1, 2, 3; 4, 5, 6]",
                                      " 1 2 ,3 ;\n 4 5 6; ",
                                      "1 2 3\n4 5 6\n",
                                      "[[1,2,3],[4,5,6]]",
                                      "[1 2 3] [4 5 6]",
                                      "[[1., 2., 3.],\n [4., 5., 6.]]",
                                      "[[1. 2. 3.]\n [4. 5. 6.]]",
                                      "2/2 4/2 9/3; 8/2 -10/-2 6/1"};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct jac_table table;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_msg(jac_values_parse("W", texts[k], &table, &err) == JAC_OK, "%s",
                  err.message);
    ck_assert_uint_eq(table.dims[0], 2);
    ck_assert_uint_eq(table.dims[1], 3);
    for (size_t j = 0; j < 6; j++)
      ck_assert_double_eq(table.data[j], (double)(j + 1));
    jac_table_free(&table);
  }
}
END_TEST

START_TEST(inline_errors) {
  static const char *const cases[][2] = {
      {"", "W: no numbers are given"},
      {" ; ", "W: no numbers are given"},
      {"1 2; 3", "W: row 2 has 1 numbers, the first row has 2"},
      {"1 two", "W: 'two' (row 1, number 2) is not a number"},
      {"1;1e999", "W: '1e999' (row 2, number 1) is too large for a double"},
      {"1,,2", "W: row 1: a number is missing at a comma"},
      {"1,2,", "W: row 1: a number is missing at a comma"},
      {"[[1,2],[3]]", "W: row 2 has 1 numbers, the first row has 2"},
      {"[1,2", "W: a closing bracket is missing"},
      {"1,2]", "W: row 1: a bracket is out of place: write '1 2; 3 4' or [[1,2],[3,4]]"},
      {"1 [2]", "W: row 1: a bracket is out of place: write '1 2; 3 4' or [[1,2],[3,4]]"},
      {"[[1,]]", "W: row 1: a number is missing at a comma"},
      {"[[[1]]]",
       "W: row 1: a bracket is out of place: write '1 2; 3 4' or [[1,2],[3,4]]"},
      {"1/0", "W: '1/0' (row 1, number 1) is not a number"},
      {"1/", "W: '1/' (row 1, number 1) is not a number"},
      {"1/2/3", "W: '1/2/3' (row 1, number 1) is not a number"},
      {"@", "W: a file's name is missing after @"},
      {"@/nowhere/x.csv", "cannot read /nowhere/x.csv: No such file or directory"},
      {"@/", "/ is a directory, a file is needed"},
      {"@/dev/null", "/dev/null is empty"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct jac_table table;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_int_ne(jac_values_parse("W", cases[k][0], &table, &err), JAC_OK);
    ck_assert_str_eq(err.message, cases[k][1]);
  }
}
END_TEST

/* A map of which only the variables count here. */
static struct jac_variable variables[] = {
    {.name = "z", .role = JAC_DATA, .ndim = 2, .dims = {1, 3}},
    {.name = "W", .role = JAC_PARAMETER, .ndim = 2, .dims = {3, 2}},
    {.name = "b", .role = JAC_PARAMETER, .ndim = 1, .dims = {2}},
    {.name = "K", .role = JAC_PARAMETER, .ndim = 3, .dims = {2, 3, 2}},
};
static char spec[] = "toy:3x2";
static const struct jac_map map = {.batch = 1, .spec = spec, .nvar = 4, .var = variables};

static enum jac_status fit(const char *text, size_t v, enum jac_order order,
                           gsl_matrix **storage, struct jac_error *err) {
  struct jac_table table;
  size_t rows, cols;
  ck_assert_int_eq(jac_values_parse("x", text, &table, NULL), JAC_OK);
  jac_variable_storage(&map.var[v], &rows, &cols);
  *storage = gsl_matrix_calloc(rows, cols);
  enum jac_status status = jac_values_fit(&table, &map, v, order, *storage, err);
  jac_table_free(&table);
  return status;
}

START_TEST(shapes_that_fit) {
  const struct {
    const char *text;
    size_t v;
  } cases[] = {{"1 2 3", 0}, {"1 2; 3 4; 5 6", 1}, {"1 2", 2}, {"1; 2", 2}};
  gsl_matrix *m;
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    ck_assert_int_eq(fit(cases[k].text, cases[k].v, JAC_ORDER_F, &m, NULL), JAC_OK);
    for (size_t j = 0; j < m->size1 * m->size2; j++)
      ck_assert_double_eq(m->data[j], (double)(j + 1));
    gsl_matrix_free(m);
  }
}
END_TEST

START_TEST(three_dimensions_are_one_row_in_the_numbering) {
  gsl_matrix *m;
  const char *row = "1 2 3 4 5 6 7 8 9 10 11 12";
  for (int order = JAC_ORDER_F; order <= JAC_ORDER_C; order++) {
    ck_assert_int_eq(fit(row, 3, (enum jac_order)order, &m, NULL), JAC_OK);
    for (size_t h = 0; h < 2; h++)
      for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 2; j++)
          ck_assert_double_eq(gsl_matrix_get(m, h * 3 + i, j),
                              (double)(1 + (order == JAC_ORDER_F ? h + 2 * i + 6 * j
                                                                 : h * 6 + i * 2 + j)));
    gsl_matrix_free(m);
  }
}
END_TEST

START_TEST(shapes_that_do_not_fit) {
  const struct {
    const char *text;
    size_t v;
    const char *message;
  } cases[] = {
      {"1 2 3; 4 5 6", 1, "W is 2x3, toy:3x2 needs 3x2 (its transpose would fit)"},
      {"1", 1, "W is 1x1, toy:3x2 needs 3x2 (one number is not repeated)"},
      {"1; 2; 3", 0, "z is 3x1, toy:3x2 needs 1x3 (its transpose would fit)"},
      {"1 2 3; 4 5 6", 0, "z is 2x3, toy:3x2 needs 1x3 (add --batch 2)"},
      {"1 2 3", 2, "b is 1x3, toy:3x2 needs 1x2"},
      {"1 2 3 4 5 6; 7 8 9 10 11 12", 3,
       "K is 2x6, toy:3x2 needs 2x3x2 (write it as one row)"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    gsl_matrix *m;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_int_eq(fit(cases[k].text, cases[k].v, JAC_ORDER_F, &m, &err), JAC_EINPUT);
    ck_assert_str_eq(err.message, cases[k].message);
    gsl_matrix_free(m);
  }
}
END_TEST

static char folder[] = "/tmp/jacobian-test-XXXXXX";

static void check_file(const char *name, const char *text) {
  struct jac_input input;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_input_read(name, &input, &err) == JAC_OK, "%s", err.message);
  ck_assert_str_eq(input.bytes, text);
  jac_input_free(&input);
}

static void write_file(const char *name, const char *text) {
  struct jac_output output;
  ck_assert_int_eq(jac_output_open(name, &output, NULL), JAC_OK);
  fputs(text, output.file);
  ck_assert_int_eq(jac_output_close(&output, NULL), JAC_OK);
}

START_TEST(files_are_whole_or_absent) {
  struct jac_output output;
  struct stat about;
  ck_assert_ptr_nonnull(mkdtemp(folder));
  ck_assert_int_eq(chdir(folder), 0);
  ck_assert_int_eq(jac_output_open("new", &output, NULL), JAC_OK);
  fputs("half", output.file);
  ck_assert_int_ne(access("new", F_OK), 0);
  jac_output_abandon(&output);
  ck_assert_int_ne(access("new", F_OK), 0);
  mode_t old = umask(027);
  write_file("new", "first");
  umask(old);
  check_file("new", "first");
  ck_assert_int_eq(stat("new", &about), 0);
  ck_assert_uint_eq(about.st_mode & 0777, 0640);
  ck_assert_int_eq(chmod("new", 0604), 0);
  ck_assert_int_eq(symlink("new", "link"), 0);
  write_file("link", "second");
  check_file("new", "second");
  ck_assert_int_eq(stat("new", &about), 0);
  ck_assert_uint_eq(about.st_mode & 0777, 0604);
  ck_assert_int_eq(lstat("link", &about), 0);
  ck_assert(S_ISLNK(about.st_mode));
  unlink("link");
  unlink("new");
  ck_assert_int_eq(chdir("/"), 0);
  ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

START_TEST(outputs_that_fail) {
  static const char *const cases[][2] = {
      {"/nowhere/x", "cannot write /nowhere/x: No such file or directory"},
      {"/tmp", "cannot write /tmp: Is a directory"},
      {"", "cannot write '': No such file or directory"},
  };
  struct jac_output output;
  struct jac_error err;
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    ck_assert_int_eq(jac_output_open(cases[k][0], &output, &err), JAC_EIO);
    ck_assert_str_eq(err.message, cases[k][1]);
  }
  for (size_t size = 1; size < 100000; size *= 100) {
    ck_assert_int_eq(jac_output_open("/dev/full", &output, &err), JAC_OK);
    for (size_t k = 0; k < size; k++)
      fputs("many bytes", output.file);
    ck_assert_int_eq(jac_output_close(&output, &err), JAC_EIO);
    ck_assert_str_eq(err.message, "cannot write /dev/full: No space left on device");
  }
}
END_TEST

/* Tests of shortages may have run before in the same process. */
static void plenty(void) {
  jac_memory_forget();
}

Suite *values_suite(void);
Suite *values_suite(void) {
  Suite *suite = suite_create("values");
  TCase *tc = tcase_create("values and files");
  tcase_add_checked_fixture(tc, plenty, NULL);
  tcase_add_test(tc, inline_values);
  tcase_add_test(tc, inline_errors);
  tcase_add_test(tc, shapes_that_fit);
  tcase_add_test(tc, three_dimensions_are_one_row_in_the_numbering);
  tcase_add_test(tc, shapes_that_do_not_fit);
  tcase_add_test(tc, files_are_whole_or_absent);
  tcase_add_test(tc, outputs_that_fail);
  suite_add_tcase(suite, tc);
  return suite;
}
