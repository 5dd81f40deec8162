/* The generated blocks of notes: what changes, and that nothing else does. */
#include "visual/refresh.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct told {
  size_t count, lines[8];
  char errors[8][80];
};

/* Gives the command back in brackets; "fail" fails. */
static enum jac_status run(void *context, const char *command, struct jac_buffer *out,
                           struct jac_error *err) {
  (void)context;
  if (strcmp(command, "fail") == 0)
    return jac_fail(err, JAC_EINPUT, "it failed");
  jac_buffer_printf(out, "[%s]\n\nmore\n", command);
  return JAC_OK;
}

static void tell(void *context, size_t line, const char *command, const char *error) {
  struct told *told = context;
  (void)command;
  told->lines[told->count] = line;
  snprintf(told->errors[told->count++], 80, "%s", error != NULL ? error : "");
}

static struct told refresh(bool latex, const char *text, const char *expected) {
  struct told told = {.count = 0};
  struct jac_refresh r = {.latex = latex, .run = run, .tell = tell, .context = &told};
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_refresh_text(&r, text, &out, &err) == JAC_OK, "%s", err.message);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
  return told;
}

START_TEST(blocks_are_written_anew) {
  struct told told = refresh(false,
                             "before\n<!-- jacobian-run: a b -->\nold\n"
                             "<!-- jacobian-end -->\nbehind\n",
                             "before\n<!-- jacobian-run: a b -->\n[a b]\n\nmore\n"
                             "<!-- jacobian-end -->\nbehind\n");
  ck_assert_uint_eq(told.count, 1);
  ck_assert_uint_eq(told.lines[0], 2);
  told = refresh(false, "<!--jacobian-run: a-->\n[a]\n\nmore\n<!-- jacobian-end -->",
                 "<!--jacobian-run: a-->\n[a]\n\nmore\n<!-- jacobian-end -->");
  ck_assert_uint_eq(told.count, 0); /* as it was */
}
END_TEST

START_TEST(blocks_keep_their_place) {
  refresh(false, "* item\n\n  <!-- jacobian-run: a -->\n  <!-- jacobian-end -->\n",
          "* item\n\n  <!-- jacobian-run: a -->\n  [a]\n\n  more\n"
          "  <!-- jacobian-end -->\n");
  refresh(
      false, "<!-- jacobian-run: a -->\r\n<!-- jacobian-end -->\r\nx\r\n",
      "<!-- jacobian-run: a -->\r\n[a]\r\n\r\nmore\r\n<!-- jacobian-end -->\r\nx\r\n");
  refresh(true, "x % jacobian-run: b\n% jacobian-run: a\n% jacobian-end\n",
          "x % jacobian-run: b\n% jacobian-run: a\n[a]\n\nmore\n% jacobian-end\n");
}
END_TEST

START_TEST(code_holds_no_blocks) {
  static const char fenced[] = "```\n<!-- jacobian-run: a -->\n```\n",
                    verbatim[] =
                        "\\begin{verbatim}\n% jacobian-run: a\n\\end{verbatim}\n";
  refresh(false, fenced, fenced);
  refresh(true, verbatim, verbatim);
}
END_TEST

START_TEST(fences_close_as_they_open) {
  static const char longer[] =
      "````md\n```\n<!-- jacobian-run: a -->\n<!-- jacobian-end -->\n````\n";
  static const char other[] = "~~~\n```\n<!-- jacobian-run: a -->\n"
                              "<!-- jacobian-end -->\n~~~\n";
  static const char named[] = "```\n``` c\n<!-- jacobian-run: a -->\n"
                              "<!-- jacobian-end -->\n```\n";
  refresh(false, longer, longer);
  refresh(false, other, other);
  refresh(false, named, named);
  refresh(false, "````\n```\n````\n<!-- jacobian-run: a -->\n<!-- jacobian-end -->\n",
          "````\n```\n````\n<!-- jacobian-run: a -->\n[a]\n\nmore\n"
          "<!-- jacobian-end -->\n");
}
END_TEST

START_TEST(quotations_hold_blocks) {
  refresh(false, "> note\n> <!-- jacobian-run: a -->\n> old\n> <!-- jacobian-end -->\n",
          "> note\n> <!-- jacobian-run: a -->\n> [a]\n>\n> more\n"
          "> <!-- jacobian-end -->\n");
}
END_TEST

START_TEST(a_block_that_fails_stays) {
  struct told told = refresh(false,
                             "<!-- jacobian-run: fail -->\nold\n<!-- jacobian-end -->\n"
                             "<!-- jacobian-run: a -->\n<!-- jacobian-end -->\n",
                             "<!-- jacobian-run: fail -->\nold\n<!-- jacobian-end -->\n"
                             "<!-- jacobian-run: a -->\n[a]\n\nmore\n"
                             "<!-- jacobian-end -->\n");
  ck_assert_uint_eq(told.count, 2);
  ck_assert_str_eq(told.errors[0], "it failed");
  ck_assert_uint_eq(told.lines[1], 4);
}
END_TEST

static void refused(bool latex, const char *text, const char *why) {
  struct told told = {.count = 0};
  struct jac_refresh r = {.latex = latex, .run = run, .tell = tell, .context = &told};
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_refresh_text(&r, text, &out, &err), JAC_EINPUT);
  ck_assert_msg(strstr(err.message, why) != NULL, "%s", err.message);
  jac_buffer_free(&out);
}

START_TEST(a_block_wants_an_end) {
  refused(false, "\n<!-- jacobian-run: a -->\nold\n", "line 2: this block has no end");
  /* Else what the author wrote between the two would be gone. */
  refused(false,
          "<!-- jacobian-run: a -->\nold\n\nprose\n<!-- jacobian-run: b -->\n"
          "<!-- jacobian-end -->\n",
          "line 1: this block has no end");
  refused(true, "% jacobian-run: a\nprose\n% jacobian-run: b\n% jacobian-end\n",
          "line 1: this block has no end");
}
END_TEST

START_TEST(a_block_stands_alone) {
  refused(false, "x <!-- jacobian-run: a --> y <!-- jacobian-end -->\n", "line 1: a");
  refused(false, "\n<!-- jacobian-run: a\n  b -->\n<!-- jacobian-end -->\n", "line 2: a");
  static const char quoted[] = "write `<!-- jacobian-run: a -->`\n";
  refresh(false, quoted, quoted);
}
END_TEST

/* A notebook with this list of cells is refreshed to that one, and then stays. */
static void refresh_cells(const char *before, const char *after, size_t stale) {
  for (int again = 0; again < 2; again++) {
    struct told told = {.count = 0};
    struct jac_refresh r = {.run = run, .tell = tell, .context = &told};
    struct jac_buffer out = JAC_BUFFER_INIT;
    struct jac_error err = {JAC_OK, ""};
    ck_assert_msg(jac_refresh_notebook(&r, again ? after : before, &out, &err) == JAC_OK,
                  "%s", err.message);
    ck_assert_str_eq(out.text, after);
    ck_assert_uint_eq(r.stale, again ? 0 : stale);
    jac_buffer_free(&out);
  }
}

START_TEST(a_notebook_keeps_its_other_bytes) {
  static const char cell[] = "{\"cell_type\":\"markdown\", \"source\":"
                             " \"<!-- jacobian-run: \\u00e9 -->\\n%s"
                             "<!-- jacobian-end -->\",\"t\": {\"a\": 0.1}}";
  static const char code[] = "{\"cell_type\":\"code\",\"source\":[\"\\u00e9\"],"
                             "\"o\":[1e-05, 0.10, 12345678901234567890123, \"\\/\"]}";
  char before[512], after[512], one[256];
  snprintf(one, sizeof one, cell, "");
  snprintf(before, sizeof before, "\n{ \"cells\" : [ %s,\t%s ], \"nbformat\":4 }", one,
           code);
  snprintf(one, sizeof one, cell, "[\\u00E9]\\n\\nmore\\n");
  snprintf(after, sizeof after, "\n{ \"cells\" : [ %s,\t%s ], \"nbformat\":4 }", one,
           code);
  /* The cell that changes is written by jansson: its escapes have capitals. */
  memcpy(strstr(after, "\\u00e9"), "\\u00E9", 6);
  refresh_cells(before, after, 1);
}
END_TEST

START_TEST(notebooks_are_refreshed) {
  static const char before[] = "{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",\n"
                               "   \"metadata\": {},\n   \"source\": [\n"
                               "    \"# T\\n\",\n"
                               "    \"<!-- jacobian-run: a -->\\n\",\n"
                               "    \"<!-- jacobian-end -->\"\n   ]\n  }\n ],\n"
                               " \"nbformat\": 4\n}\n",
                    after[] = "{\n \"cells\": [\n  {\n   \"cell_type\": \"markdown\",\n"
                              "   \"metadata\": {},\n   \"source\": [\n"
                              "    \"# T\\n\",\n"
                              "    \"<!-- jacobian-run: a -->\\n\",\n"
                              "    \"[a]\\n\",\n    \"\\n\",\n    \"more\\n\",\n"
                              "    \"<!-- jacobian-end -->\"\n   ]\n  }\n ],\n"
                              " \"nbformat\": 4\n}\n";
  refresh_cells(before, after, 1);
}
END_TEST

Suite *refresh_suite(void);
Suite *refresh_suite(void) {
  Suite *suite = suite_create("refresh");
  TCase *tc = tcase_create("blocks");
  tcase_add_test(tc, blocks_are_written_anew);
  tcase_add_test(tc, blocks_keep_their_place);
  tcase_add_test(tc, code_holds_no_blocks);
  tcase_add_test(tc, a_block_that_fails_stays);
  tcase_add_test(tc, a_block_wants_an_end);
  tcase_add_test(tc, notebooks_are_refreshed);
  tcase_add_test(tc, a_notebook_keeps_its_other_bytes);
  tcase_add_test(tc, a_block_stands_alone);
  tcase_add_test(tc, quotations_hold_blocks);
  tcase_add_test(tc, fences_close_as_they_open);
  suite_add_tcase(suite, tc);
  return suite;
}
