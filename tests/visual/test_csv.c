#include "visual/csv.h"
#include "visual/number.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum jac_status parse(const char *text, struct jac_table *table,
                             struct jac_error *err) {
  return jac_csv_parse("x.csv", text, strlen(text), table, err);
}

START_TEST(reads_one_table_however_it_is_written) {
  static const char *const texts[] = {
      "1,2.5,-3\n4,5e3,6\n",
      "1;2.5;-3\r\n4;5e3;6",
      "1\t2.5\t-3\n4\t5e3\t6\n",
      "1 2.5   -3\n  4 5e3 6  \n\n\n",
      "\xEF\xBB\xBF# made by hand\n 1 , 2.5 , -3 \n\n+4,5.0E+3,\"6\"\n",
      "a,b,c\n1,2.5,-3\n4,5e3,6\n",
      "r,1,2.5,-3\ns,4,5e3,6\n",
      ",\"w_{1,1}\",\"w \"\"2\"\"\",c\nr,1,2.5,-3\ns,4,5e3,6\n",
      ",0,1,2\n0,1,2.5,-3\n1,4,5e3,6\n",
      ",1,2,3\na,1,2.5,-3\nb,4,5e3,6\n",
      "\"\na\",b,c\n1,2.5,-3\n4,5e3,6\n",
  };
  static const double truth[6] = {1, 2.5, -3, 4, 5000, 6};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct jac_table table;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_msg(parse(texts[k], &table, &err) == JAC_OK, "%zu: %s", k, err.message);
    ck_assert_uint_eq(table.ndim, 2);
    ck_assert_msg(table.dims[0] == 2 && table.dims[1] == 3, "%zu: %zux%zu", k,
                  table.dims[0], table.dims[1]);
    ck_assert_int_eq(memcmp(table.data, truth, sizeof truth), 0);
    jac_table_free(&table);
  }
}
END_TEST

START_TEST(nan_and_infinity_are_numbers) {
  struct jac_table table;
  ck_assert_int_eq(parse("nan,-inf\nInfinity,1e-400\n", &table, NULL), JAC_OK);
  ck_assert(isnan(table.data[0]) && isinf(table.data[1]) && table.data[1] < 0);
  ck_assert(isinf(table.data[2]));
  ck_assert_double_eq(table.data[3], 0.0);
  jac_table_free(&table);
}
END_TEST

/* As spreadsheets write where the comma is the decimal point. */
START_TEST(commas_are_points_where_they_do_not_separate) {
  static const char *const texts[] = {"1,5;-2\n3;0,25e1\n", "1,5\t-2\n3\t2,5\n",
                                      "a;b\n1,5;-2\n3;2.5\n"};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct jac_table table;
    ck_assert_int_eq(parse(texts[k], &table, NULL), JAC_OK);
    ck_assert_double_eq(table.data[0], 1.5);
    ck_assert_double_eq(table.data[1], -2.0);
    ck_assert_double_eq(table.data[3], 2.5);
    jac_table_free(&table);
  }
}
END_TEST

START_TEST(a_column_of_samples_makes_slices) {
  struct jac_table table;
  const char *text = "sample,output,a,b\n1,r,1,2\n1,s,3,4\n2,r,5,6\n2,s,7,8\n";
  ck_assert_int_eq(parse(text, &table, NULL), JAC_OK);
  ck_assert_uint_eq(table.ndim, 3);
  for (size_t k = 0; k < 3; k++)
    ck_assert_uint_eq(table.dims[k], 2);
  for (size_t k = 0; k < 8; k++)
    ck_assert_double_eq(table.data[k], (double)(k + 1));
  jac_table_free(&table);
}
END_TEST

START_TEST(errors_name_line_and_column) {
  static const char *const cases[][2] = {
      {"1,2\n3\n", "x.csv:2:1: this row has 1 cells, the first row has 2"},
      {"1,2\n\n3,4,5\n", "x.csv:3:3: this row has 3 cells, the first row has 2"},
      {"1,2\n3,\n", "x.csv:2:2: the cell is empty, a number is needed"},
      {"1,x\n3,4\n", "x.csv:1:2: 'x' is not a number"},
      {"a,b\n1,2\n3,0x10\n", "x.csv:3:2: '0x10' is not a number"},
      {"1 2\n3 1,5\n", "x.csv:2:2: '1,5' is not a number: write a decimal point"},
      {"1;2\n3;1,5,5\n", "x.csv:2:2: '1,5,5' is not a number: write a decimal point"},
      {"1.000,5;2;3\n", "x.csv:1:1: '1.000,5' is not a number"},
      {"1;2\n3;1.000,5\n", "x.csv:2:2: '1.000,5' is not a number"},
      {"1,2\n3,1e999\n", "x.csv:2:2: 1e999 is too large for a double"},
      {"a,b\n", "x.csv holds labels but no numbers"},
      {"\xFF\xFE"
       "1",
       "x.csv is in UTF-16: save it in UTF-8"},
      {"\n \n", "x.csv holds no numbers"},
      {"1,\"2\n3,4\n", "x.csv:2: a quotation mark is out of place"},
      {"1,2\"\n", "x.csv:1: a quotation mark is out of place"},
      {"sample,output,a\n1,r,1\n1,s,2\n2,r,3\n",
       "x.csv:2:1: samples must be 1, 2, 3, ... with as many rows each"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct jac_table table;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_int_eq(parse(cases[k][0], &table, &err), JAC_EINPUT);
    ck_assert_str_eq(err.message, cases[k][1]);
    ck_assert_ptr_null(table.data);
  }
  struct jac_table table;
  ck_assert_int_eq(jac_csv_parse("x", "1,2\0x\n", 6, &table, NULL), JAC_EINPUT);
}
END_TEST

START_TEST(seventeen_digits_give_the_same_bits) {
  uint64_t state = 88172645463325252u;
  for (size_t k = 0; k < 2000; k++) {
    double value, back;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    memcpy(&value, &state, sizeof value);
    if (!isfinite(value))
      continue;
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_number_add(&text, value, 17);
    ck_assert_int_eq(jac_number_read(text.text, &back), JAC_NUMBER_OK);
    ck_assert_int_eq(memcmp(&value, &back, sizeof value), 0);
    jac_buffer_free(&text);
  }
}
END_TEST

START_TEST(quotes_only_where_needed) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_csv_add_text(&text, "z");
  jac_csv_add_text(&text, "w_{1,2}");
  jac_csv_add_text(&text, "a \"b\"");
  ck_assert_str_eq(text.text, "z\"w_{1,2}\"\"a \"\"b\"\"\"");
  jac_buffer_free(&text);
}
END_TEST

Suite *csv_suite(void);
Suite *csv_suite(void) {
  Suite *suite = suite_create("csv");
  TCase *tc = tcase_create("csv");
  tcase_add_test(tc, reads_one_table_however_it_is_written);
  tcase_add_test(tc, nan_and_infinity_are_numbers);
  tcase_add_test(tc, commas_are_points_where_they_do_not_separate);
  tcase_add_test(tc, a_column_of_samples_makes_slices);
  tcase_add_test(tc, errors_name_line_and_column);
  tcase_add_test(tc, seventeen_digits_give_the_same_bits);
  tcase_add_test(tc, quotes_only_where_needed);
  suite_add_tcase(suite, tc);
  return suite;
}
