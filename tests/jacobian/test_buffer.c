#include "jacobian/buffer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(grows_and_hands_over) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  ck_assert_str_eq(b.text, "");
  for (int k = 0; k < 1000; k++)
    jac_buffer_printf(&b, "%d,", k % 10);
  ck_assert_uint_eq(b.length, 2000);
  ck_assert_int_eq(jac_buffer_status(&b, NULL), JAC_OK);
  char *text = jac_buffer_take(&b);
  ck_assert_uint_eq(strlen(text), 2000);
  ck_assert_str_eq(text + 1996, "8,9,");
  free(text);
  ck_assert_str_eq(b.text, "");
  jac_buffer_add_char(&b, 'x');
  jac_buffer_clear(&b);
  ck_assert_str_eq(b.text, "");
  jac_buffer_free(&b);
}
END_TEST

START_TEST(takes_an_empty_string) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  char *text = jac_buffer_take(&b);
  ck_assert_str_eq(text, "");
  free(text);
}
END_TEST

START_TEST(reports_what_does_not_fit) {
  struct jac_buffer b = JAC_BUFFER_INIT;
  struct jac_error err;
  jac_buffer_add_bytes(&b, "x", (size_t)-1 / 2);
  jac_buffer_add(&b, "more");
  ck_assert_int_eq(jac_buffer_status(&b, &err), JAC_ENOMEM);
  ck_assert_str_eq(err.message, "out of memory");
  ck_assert_ptr_null(jac_buffer_take(&b));
}
END_TEST

START_TEST(long_messages_are_cut_between_characters) {
  struct jac_error err;
  char text[2000];
  for (size_t k = 0; k + 2 < sizeof text; k += 2)
    memcpy(text + k, "\xC3\xA9", 3);
  ck_assert_int_eq(jac_fail(&err, JAC_EINPUT, "x%s", text), JAC_EINPUT);
  size_t length = strlen(err.message);
  ck_assert_uint_ge(length, 1020);
  ck_assert_uint_eq(length % 2, 1);
  ck_assert_int_eq(jac_fail(NULL, JAC_EIO, "nobody listens"), JAC_EIO);
}
END_TEST

Suite *buffer_suite(void);
Suite *buffer_suite(void) {
  Suite *suite = suite_create("buffer");
  TCase *tc = tcase_create("buffer and errors");
  tcase_add_test(tc, grows_and_hands_over);
  tcase_add_test(tc, takes_an_empty_string);
  tcase_add_test(tc, reports_what_does_not_fit);
  tcase_add_test(tc, long_messages_are_cut_between_characters);
  suite_add_tcase(suite, tc);
  return suite;
}
