/* Markdown, and that a reader of Markdown who knows no mathematics leaves it as it is:
 * md4c without its extension for formulas. */
#include "layers/module.h"
#include "tests/golden.h"
#include "tests/visual/view_case.h"
#include "visual/latex/modules.h"
#include "visual/markdown.h"

#include <check.h>
#include <ctype.h>
#include <md4c.h>
#include <stdio.h>
#include <string.h>

static int enter_block(MD_BLOCKTYPE type, void *detail, void *text) {
  (void)detail;
  ck_assert_msg(type == MD_BLOCK_DOC || type == MD_BLOCK_P || type == MD_BLOCK_TABLE ||
                    type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY ||
                    type == MD_BLOCK_TR || type == MD_BLOCK_TH || type == MD_BLOCK_TD,
                "block %d after %s", (int)type, ((struct jac_buffer *)text)->text);
  return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *text) {
  (void)type;
  (void)detail;
  (void)text;
  return 0;
}

/* No emphasis, no links: code alone. */
static int enter_span(MD_SPANTYPE type, void *detail, void *text) {
  (void)detail;
  ck_assert_msg(type == MD_SPAN_CODE, "span %d after %s", (int)type,
                ((struct jac_buffer *)text)->text);
  return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *text) {
  (void)type;
  (void)detail;
  (void)text;
  return 0;
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE size, void *text) {
  ck_assert_msg(type == MD_TEXT_NORMAL || type == MD_TEXT_CODE || type == MD_TEXT_SOFTBR,
                "text of type %d", (int)type);
  jac_buffer_add_bytes(text, bytes, size);
  return 0;
}

/* What stands in the source between dollars stands in the same letters in what the reader
 * hands on, blanks apart. */
static void check_survives(const char *markdown) {
  struct jac_buffer read = JAC_BUFFER_INIT, packed = JAC_BUFFER_INIT;
  MD_PARSER parser = {.flags = MD_FLAG_TABLES,
                      .enter_block = enter_block,
                      .leave_block = leave_block,
                      .enter_span = enter_span,
                      .leave_span = leave_span,
                      .text = add_text};
  ck_assert_int_eq(md_parse(markdown, (MD_SIZE)strlen(markdown), &parser, &read), 0);
  for (const char *at = read.text; *at != '\0'; at++)
    if (!isspace((unsigned char)*at))
      jac_buffer_add_char(&packed, *at);
  const char *at = markdown;
  while ((at = strchr(at, '$')) != NULL) {
    struct jac_buffer math = JAC_BUFFER_INIT;
    at += strspn(at, "$");
    size_t length = strcspn(at, "$");
    for (size_t k = 0; k < length; k++)
      if (!isspace((unsigned char)at[k]))
        jac_buffer_add_char(&math, at[k]);
    ck_assert_msg(strstr(packed.text, math.text) != NULL, "%s\nin\n%s", math.text,
                  packed.text);
    ck_assert_msg(strstr(at, "\n\n") == NULL || strstr(at, "\n\n") > at + length,
                  "a blank line in a formula");
    jac_buffer_free(&math);
    at += length;
    at += strspn(at, "$");
  }
  jac_buffer_free(&read);
  jac_buffer_free(&packed);
}

START_TEST(golden_markdown) {
  struct view_case c;
  struct jac_buffer out = JAC_BUFFER_INIT;
  view_case_new("linear:3x2", 2, "W", JAC_FORM_BATCH, JAC_ORDER_F, JAC_ENTRIES_BOTH, &c);
  ck_assert_int_eq(jac_view_markdown(&c.view, &(struct jac_latex){0}, &out, NULL),
                   JAC_OK);
  golden_check("tests/visual/golden/linear-W.md", out.text);
  jac_buffer_free(&out);
  view_case_free(&c);
}
END_TEST

/* Every module, variable, form. */
START_TEST(readers_of_markdown_leave_it) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_map *map;
  ck_assert_int_eq(jac_module_new(module->example, 2, &map, NULL), JAC_OK);
  jac_modules_markdown_head(&out);
  ck_assert_int_eq(jac_module_markdown(map, "a|b`c", &out, NULL), JAC_OK);
  check_survives(out.text);
  for (size_t v = 0; v < map->nvar; v++)
    for (int form = 0; form < JAC_FORMS; form++) {
      struct jac_layout layout;
      struct view_case c;
      if (map->var[v].entry == NULL ||
          jac_layout_make(map, v, (enum jac_form)form, JAC_ORDER_F, &layout, NULL) !=
              JAC_OK)
        continue;
      jac_buffer_clear(&out);
      view_case_new(module->example, 2, map->var[v].name, (enum jac_form)form,
                    JAC_ORDER_F, JAC_ENTRIES_BOTH, &c);
      ck_assert_int_eq(jac_view_markdown(&c.view, &(struct jac_latex){0}, &out, NULL),
                       JAC_OK);
      check_survives(out.text);
      view_case_free(&c);
    }
  jac_buffer_free(&out);
  jac_map_free(map);
}
END_TEST

static void check_math(const char *latex, bool cell, const char *expected) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_markdown_math(latex, cell, &out);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
}

START_TEST(mathematics_is_respelled) {
  check_math("z^{k-1}_{1,2} + w_{1}", false, "z_{1,2}^{k-1} + w_{1}");
  check_math("e^{z^{k-1}_{n,o}}", false, "e^{z_{n,o}^{k-1}}");
  check_math("\\mathbf{1}_{z^{k}_{1} > 0}", false,
             "\\mathbf{1}\\mathstrut_{z_{1}^{k} \\gt 0}");
  check_math("a & b \\\\[1ex]\nc", false, "a & b \\cr\nc");
  check_math("\\\\a", false, "\\cr a");
  check_math("\\left|x\\right|", true, "\\left\\vert x\\right\\vert");
  check_math("a|b", true, "a\\vert b");
  check_math("\\operatorname{relu}(x)\\,y\\{z\\}", false,
             "\\mathrm{relu}(x) y\\lbrace z\\rbrace");
  check_math("\\begin{array}{@{\\,}c|c@{\\,}}", false, "\\begin{array}{c|c}");
  check_math("x^{", false, "x^{");
  check_math("x^{a}_{b", false, "x_{b^{a}");
}
END_TEST

static void check_code(const char *text, bool cell, const char *expected) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_markdown_code(text, cell, &out);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
}

START_TEST(code_holds_anything) {
  check_code("linear:3x2", false, "`linear:3x2`");
  check_code("a`b``c", false, "``` a`b``c ```");
  check_code("a\n\n# b", false, "`a  # b`");
  check_code("a|b", true, "`a\\|b`");
}
END_TEST

Suite *markdown_suite(void);
Suite *markdown_suite(void) {
  Suite *suite = suite_create("markdown");
  TCase *tc = tcase_create("Markdown");
  tcase_add_test(tc, golden_markdown);
  tcase_add_loop_test(tc, readers_of_markdown_leave_it, 0, (int)jac_module_count());
  tcase_add_test(tc, mathematics_is_respelled);
  tcase_add_test(tc, code_holds_anything);
  suite_add_tcase(suite, tc);
  return suite;
}
