#include "visual/npy.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A file of the given version made by hand, as NEP 1 describes it. */
static size_t make(char *file, int version, const char *dict, const void *data,
                   size_t size) {
  size_t length = strlen(dict), start = version == 1 ? 10 : 12;
  memset(file, 0, start);
  memcpy(file, "\x93NUMPY", 6);
  file[6] = (char)version;
  file[8] = (char)(length & 0xFF);
  file[9] = (char)(length >> 8);
  memcpy(file + start, dict, length);
  memcpy(file + start + length, data, size);
  return start + length + size;
}

#define HEAD(descr, order, shape)                                                        \
  "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }     \n"

START_TEST(reads_every_kind_of_number) {
  static const unsigned char f8[] = {0, 0, 0, 0, 0, 0, 0xF8, 0xBF};
  static const unsigned char f8_big[] = {0xBF, 0xF8, 0, 0, 0, 0, 0, 0};
  static const unsigned char f4[] = {0, 0, 0xC0, 0xBF};
  static const unsigned char i1[] = {0x80}, i2[] = {0xFE, 0xFF}, u2_big[] = {1, 2};
  static const unsigned char i8[] = {0, 0, 0, 0, 0, 0, 0, 0x80}, yes[] = {1};
  const struct {
    const char *dict;
    const void *data;
    size_t size;
    double value;
  } cases[] = {
      {HEAD("<f8", "False", "(1,)"), f8, 8, -1.5},
      {HEAD(">f8", "False", "(1, 1)"), f8_big, 8, -1.5},
      {HEAD("<f4", "False", "()"), f4, 4, -1.5},
      {HEAD("|i1", "False", "(1,)"), i1, 1, -128.0},
      {HEAD("<i2", "False", "(1,)"), i2, 2, -2.0},
      {HEAD(">u2", "True", "(1L, 1L)"), u2_big, 2, 258.0},
      {HEAD("<i8", "False", "(1,)"), i8, 8, -0x1p63},
      {HEAD("|b1", "False", "(1,)"), yes, 1, 1.0},
      {"{\"shape\":(1,),\"fortran_order\":False,\"descr\":\"<f8\"}", f8, 8, -1.5},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
    for (int version = 1; version <= 3; version++) {
      char file[256];
      struct jac_error err = {JAC_OK, ""};
      struct jac_table table;
      size_t size = make(file, version, cases[k].dict, cases[k].data, cases[k].size);
      ck_assert_msg(jac_npy_parse("x.npy", file, size, &table, &err) == JAC_OK, "%s: %s",
                    cases[k].dict, err.message);
      ck_assert_double_eq(table.data[0], cases[k].value);
      ck_assert_uint_eq(jac_table_size(&table), 1);
      jac_table_free(&table);
    }
}
END_TEST

START_TEST(fortran_order_is_transposed) {
  char file[512];
  unsigned char data[24];
  struct jac_table table;
  for (size_t k = 0; k < sizeof data; k++)
    data[k] = (unsigned char)k;
  size_t size = make(file, 1, HEAD("|u1", "True", "(2, 3, 4)"), data, sizeof data);
  ck_assert_int_eq(jac_npy_parse("x", file, size, &table, NULL), JAC_OK);
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 3; j++)
      for (size_t k = 0; k < 4; k++)
        ck_assert_double_eq(table.data[(i * 3 + j) * 4 + k], (double)(i + 2 * j + 6 * k));
  jac_table_free(&table);
}
END_TEST

START_TEST(refuses_what_is_wrong) {
  static const char zero[64];
  const struct {
    const char *dict;
    size_t size;
    const char *message;
  } cases[] = {
      {HEAD("<f8", "False", "(2,)"), 8,
       "x.npy is cut off: its shape needs 2 numbers, it has 1"},
      {HEAD("<f8", "False", "(1,)"), 9,
       "x.npy has 1 bytes more than its shape says: save one array alone"},
      {HEAD("|O", "False", "(1,)"), 8,
       "x.npy holds '|O', not real numbers that can be read: save a.astype('float64') "
       "instead"},
      {HEAD("<c16", "False", "(1,)"), 16,
       "x.npy holds '<c16', not real numbers that can be read: save "
       "a.astype('float64') instead"},
      {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", 8,
       "x.npy holds records with fields: save one field alone with np.save"},
      {HEAD("<f8", "False", "(0, 3)"), 0, "x.npy: its array is empty"},
      {HEAD("<f8", "False", "(4294967296, 4294967296, 2)"), 8,
       "x.npy: its shape is too large"},
      {HEAD("<f8", "False", "(99999999999999999999,)"), 8,
       "x.npy: its shape is too large"},
      {HEAD("<f8", "False", "(2305843009213693952,)"), 8,
       "x.npy is cut off: its shape needs 2305843009213693952 numbers, it has 1"},
      {HEAD("<f8", "False", "(1, 1, 1, 1, 1, 1)"), 8,
       "x.npy has more than 5 dimensions, the most that is read"},
      {HEAD("<f8", "__import__('os')", "(1,)"), 8,
       "x.npy: the NPY header is damaged: save the array again with np.save"},
      {"{'descr': '<f8'}", 8,
       "x.npy: the NPY header is damaged: save the array again with np.save"},
      {"{'descr': '<f8", 8,
       "x.npy: the NPY header is damaged: save the array again with np.save"},
      {"", 8, "x.npy: the NPY header is damaged: save the array again with np.save"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    char file[256];
    struct jac_error err = {JAC_OK, ""};
    struct jac_table table;
    size_t size = make(file, 1, cases[k].dict, zero, cases[k].size);
    ck_assert_int_ne(jac_npy_parse("x.npy", file, size, &table, &err), JAC_OK);
    ck_assert_str_eq(err.message, cases[k].message);
    ck_assert_ptr_null(table.data);
  }
}
END_TEST

START_TEST(every_cut_is_refused) {
  char file[256], *exact;
  double value = 2.0;
  struct jac_table table;
  size_t size = make(file, 2, HEAD("<f8", "False", "(1, 1)"), &value, sizeof value);
  for (size_t cut = 0; cut < size; cut++) {
    exact = malloc(cut + 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, file, cut);
    ck_assert_int_eq(jac_npy_parse("x", exact, cut, &table, NULL), JAC_EINPUT);
    free(exact);
  }
}
END_TEST

START_TEST(writes_what_numpy_writes) {
  const double data[6] = {1, -2.5, 0, 1e300, 5e-324, 3};
  const size_t dims[2] = {2, 3};
  char *bytes = NULL;
  size_t size = 0;
  FILE *file = tmpfile();
  jac_npy_write_header(file, 2, dims);
  jac_npy_write_numbers(file, 2, data);
  jac_npy_write_numbers(file, 4, data + 2);
  size = (size_t)ftell(file);
  rewind(file);
  bytes = malloc(size);
  ck_assert_uint_eq(fread(bytes, 1, size, file), size);
  fclose(file);
  ck_assert_uint_eq(size, 128 + 6 * 8);
  ck_assert_int_eq(memcmp(bytes, "\x93NUMPY\x01\x00\x76\x00", 10), 0);
  const char *dict = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }  ";
  ck_assert_int_eq(memcmp(bytes + 10, dict, strlen(dict)), 0);
  ck_assert_int_eq(bytes[127], '\n');
  static const unsigned char second[8] = {0, 0, 0, 0, 0, 0, 0x04, 0xC0};
  ck_assert_int_eq(memcmp(bytes + 128 + 8, second, 8), 0);
  struct jac_table table;
  ck_assert_int_eq(jac_npy_parse("x", bytes, size, &table, NULL), JAC_OK);
  ck_assert_uint_eq(table.dims[1], 3);
  ck_assert_int_eq(memcmp(table.data, data, sizeof data), 0);
  jac_table_free(&table);
  free(bytes);
}
END_TEST

Suite *npy_suite(void);
Suite *npy_suite(void) {
  Suite *suite = suite_create("npy");
  TCase *tc = tcase_create("npy");
  tcase_add_test(tc, reads_every_kind_of_number);
  tcase_add_test(tc, fortran_order_is_transposed);
  tcase_add_test(tc, refuses_what_is_wrong);
  tcase_add_test(tc, every_cut_is_refused);
  tcase_add_test(tc, writes_what_numpy_writes);
  suite_add_tcase(suite, tc);
  return suite;
}
