#include "tests/golden.h"
#include "tests/visual/view_case.h"
#include "visual/text.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The text of a view whose lines are all within the width and end in no blank. */
static void check_text(struct view_case *c, const struct jac_style *style,
                       const char *name) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  char path[128];
  ck_assert_msg(jac_view_text(&c->view, style, &out, &err) == JAC_OK, "%s", err.message);
  for (const char *line = out.text; *line != '\0';) {
    size_t length = strcspn(line, "\n"), width = 0;
    for (size_t k = 0; k < length; k++) {
      width += ((unsigned char)line[k] & 0xC0) != 0x80;
      ck_assert(style->unicode || (unsigned char)line[k] < 0x80);
    }
    ck_assert_msg(length == 0 || line[length - 1] != ' ', "%s: blanks at an end", name);
    ck_assert_msg(style->color || style->width == 0 || width <= style->width,
                  "%s: too wide: %.*s", name, (int)length, line);
    line += length + (line[length] == '\n');
  }
  snprintf(path, sizeof path, "tests/visual/golden/%s.txt", name);
  golden_check(path, out.text);
  jac_buffer_free(&out);
}

static const struct jac_style wide = {false, true, 80, 0}, narrow = {false, true, 40, 0},
                              ascii = {false, false, 80, 0},
                              colored = {true, true, 80, 0};

static const struct {
  const char *name, *spec;
  size_t batch;
  const char *wrt;
  enum jac_form form;
  enum jac_order order;
  enum jac_entries entries;
  const struct jac_style *style;
} cases[] = {
    {"linear-W", "linear:3x2,bias", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
    {"linear-W-ascii", "linear:3x2,bias", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &ascii},
    {"linear-W-color", "linear:3x2,bias", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &colored},
    {"linear-W-C", "linear:3x2", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_C,
     JAC_ENTRIES_NUMBERS, &wide},
    {"linear-W-narrow", "linear:3x4", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &narrow},
    {"linear-W-reduced", "linear:3x2", 2, "W", JAC_FORM_REDUCED, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
    {"linear-z-batch", "linear:3x2", 3, "z", JAC_FORM_BATCH, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
    {"linear-z-full", "linear:3x2", 2, "z", JAC_FORM_FULL, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
    {"linear-W-structure", "linear:3x2", 2, "W", JAC_FORM_FULL, JAC_ORDER_F,
     JAC_ENTRIES_STRUCTURE, &wide},
    {"linear-W-structure-large", "linear:30x20", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_STRUCTURE, &wide},
    {"linear-W-symbols", "linear:3x2,bias", 1, "W", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_SYMBOLS, &wide},
    {"linear-W-reduced-symbols", "linear:3x2", 1, "W", JAC_FORM_REDUCED, JAC_ORDER_F,
     JAC_ENTRIES_SYMBOLS, &wide},
    {"linear-W-reduced-both", "linear:3x2", 2, "W", JAC_FORM_REDUCED, JAC_ORDER_F,
     JAC_ENTRIES_BOTH, &ascii},
    {"softmax-symbols", "softmax:3", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F,
     JAC_ENTRIES_SYMBOLS, &wide},
    {"softmax-symbols-ascii", "softmax:3", 2, "z", JAC_FORM_FULL, JAC_ORDER_F,
     JAC_ENTRIES_SYMBOLS, &ascii},
    {"tanh-both", "tanh:3", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_BOTH,
     &wide},
    {"softmax-batch", "softmax:3", 2, "z", JAC_FORM_BATCH, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
    {"mse-mean", "mse:3,reduction=mean", 2, "z", JAC_FORM_FULL, JAC_ORDER_F,
     JAC_ENTRIES_NUMBERS, &wide},
};

START_TEST(golden_texts) {
  struct view_case c;
  view_case_new(cases[_i].spec, cases[_i].batch, cases[_i].wrt, cases[_i].form,
                cases[_i].order, cases[_i].entries, &c);
  check_text(&c, cases[_i].style, cases[_i].name);
  view_case_free(&c);
}
END_TEST

START_TEST(odd_numbers_stay_aligned) {
  struct view_case c;
  view_case_new("linear:4x3", 1, "z", JAC_FORM_MATRIX, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  const double odd[12] = {1e-300, 1e300,   (double)NAN, (double)INFINITY,
                          0.0,    -2.5,    123456.0,    -(double)INFINITY,
                          -1e-5,  1.0 / 3, 1234567.0,   -0.0};
  memcpy(c.native.data, odd, sizeof odd);
  check_text(&c, &wide, "odd-numbers");
  view_case_free(&c);
}
END_TEST

START_TEST(large_ones_say_what_is_missing) {
  struct view_case c;
  struct jac_buffer out = JAC_BUFFER_INIT;
  view_case_new("linear:2x300", 3, "W", JAC_FORM_FULL, JAC_ORDER_F, JAC_ENTRIES_NUMBERS,
                &c);
  ck_assert_int_eq(jac_view_text(&c.view, &wide, &out, NULL), JAC_OK);
  ck_assert_ptr_nonnull(strstr(out.text, "\n  not all is shown: rows 1-20 of 900, "
                                         "columns 1-20 of 600; -o FILE.csv writes\n"));
  ck_assert_ptr_nonnull(strstr(out.text, " of 600\n"));
  ck_assert_ptr_null(strstr(out.text, "..."));
  jac_buffer_free(&out);
  view_case_free(&c);
}
END_TEST

Suite *text_suite(void);
Suite *text_suite(void) {
  Suite *suite = suite_create("text");
  TCase *tc = tcase_create("text view");
  tcase_add_loop_test(tc, golden_texts, 0, (int)(sizeof cases / sizeof cases[0]));
  tcase_add_test(tc, odd_numbers_stay_aligned);
  tcase_add_test(tc, large_ones_say_what_is_missing);
  suite_add_tcase(suite, tc);
  return suite;
}
