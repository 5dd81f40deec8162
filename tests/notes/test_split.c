/* Displays taken apart: each row is a display, with its statements by | and their sides
 * by their signs. */
#include "jacobian/notes/split.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *display, *parts;
} displays[] = {
    {"", ""},
    {"x", "x"},
    {"a = b", "a = b"},
    {"a &= b \\\\ &= c", "a = b = c"},
    {"a &= b \\\\[0.5em] &= c", "a = b = c"},
    {"a = b \\\\ c = d", "a = b|c = d"},
    {"a = b, \\quad c = d", "a = b|c = d"},
    {"a = b \\implies c = d", "a = b|c = d"},
    {"a = b \\qquad = c", "a = b = c"},
    {"f(x = 1) = {a = b}", "f(x = 1) = {a = b}"},
    {"\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "a = b = c"},
    {"J = \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} = K",
     "J = \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} = K"},
    {"a := b \\approx c \\equiv d", "a = b = c = d"},
    {"a \\stackrel{!}{=} b", "a = b"},
    {"x \\in \\mathbb{R}^n", "x \\in \\mathbb{R}^n"},
    {"x \\leftarrow x - g", "x ? x - g"},
    {"a < b", "a ? b"},
    {"a = b + \\\\ c", "a = b + \\\\ c"},
    {"a = b \\\\ + c", "a = b \\\\ + c"},
    {"a = \\left( b = c \\right) d.", "a = \\left( b = c \\right) d"},
    {"a = \\left. b \\right|_{x = 0}", "a = \\left. b \\right|_{x = 0}"},
    {"a = \\{ b = c \\}", "a = \\{ b = c \\}"},
    {"a = b; c = d", "a = b|c = d"},
    {"\\, a = b \\, ,", "a = b"},
    {"a = b \\nonumber", "a = b"},
    {"\\quad a = b", "a = b"},
};

START_TEST(displays_are_taken_apart) {
  struct jac_statements s;
  char out[600] = "";
  ck_assert_int_eq(jac_notes_split(displays[_i].display, &s, NULL), JAC_OK);
  for (size_t k = 0; k < s.count; k++)
    for (size_t i = 0; i < s.statement[k].count; i++) {
      const struct jac_side *side = &s.statement[k].side[i];
      static const char *const signs[] = {" = ", " \\in ", " ? "};
      size_t used = strlen(out);
      snprintf(out + used, sizeof out - used, "%s%.*s",
               i > 0   ? signs[side->before]
               : k > 0 ? "|"
                       : "",
               (int)side->length, displays[_i].display + side->start);
    }
  ck_assert_str_eq(out, displays[_i].parts);
  jac_statements_free(&s);
}
END_TEST

Suite *split_suite(void);
Suite *split_suite(void) {
  Suite *suite = suite_create("split");
  TCase *tc = tcase_create("split");
  tcase_add_loop_test(tc, displays_are_taken_apart, 0,
                      sizeof displays / sizeof displays[0]);
  suite_add_tcase(suite, tc);
  return suite;
}
