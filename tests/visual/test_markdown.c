/* Markdown, and that a reader of Markdown who knows no mathematics leaves it as it is:
 * md4c without its extension for formulas. */
#include "layers/module.h"
#include "tests/golden.h"
#include "tests/visual/view_case.h"
#include "visual/latex/modules.h"
#include "visual/mark.h"
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
                    type == MD_BLOCK_TR || type == MD_BLOCK_TH || type == MD_BLOCK_TD ||
                    type == MD_BLOCK_CODE || type == MD_BLOCK_UL || type == MD_BLOCK_LI,
                "block %d after %s", (int)type, ((struct jac_buffer *)text)->text);
  return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *text) {
  (void)type;
  (void)detail;
  (void)text;
  return 0;
}

/* No emphasis, no links: code and mathematics alone. */
static int enter_span(MD_SPANTYPE type, void *detail, void *text) {
  (void)detail;
  ck_assert_msg(type == MD_SPAN_CODE || type == MD_SPAN_LATEXMATH ||
                    type == MD_SPAN_LATEXMATH_DISPLAY,
                "span %d after %s", (int)type, ((struct jac_buffer *)text)->text);
  return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *text) {
  (void)type;
  (void)detail;
  (void)text;
  return 0;
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE size, void *text) {
  (void)type;
  jac_buffer_add_bytes(text, bytes, size);
  return 0;
}

/* Between the delimiters of the flavour. */
static const char *const displays[][2] = {{"$$\n", "\n$$"}, {"```math\n", "\n```"}};
static const char *const inlines[][2] = {{"$", "$"}, {"$`", "`$"}};

static void add_packed(const char *text, size_t length, struct jac_buffer *out) {
  for (size_t k = 0; k < length; k++)
    if (!isspace((unsigned char)text[k]))
      jac_buffer_add_char(out, text[k]);
}

/* Every formula stands in the same letters in what the reader hands on, blanks apart:
 * GitHub's for a reader who knows no mathematics, the others' for one who knows dollars.
 */
static void check_survives(const char *markdown, enum jac_flavour flavour) {
  bool github = flavour == JAC_FLAVOUR_GITHUB;
  struct jac_buffer read = JAC_BUFFER_INIT, packed = JAC_BUFFER_INIT;
  MD_PARSER parser = {.flags = MD_FLAG_TABLES | (github ? 0 : MD_FLAG_LATEXMATHSPANS),
                      .enter_block = enter_block,
                      .leave_block = leave_block,
                      .enter_span = enter_span,
                      .leave_span = leave_span,
                      .text = add_text};
  size_t formulas = 0;
  ck_assert_int_eq(md_parse(markdown, (MD_SIZE)strlen(markdown), &parser, &read), 0);
  add_packed(read.text, read.length, &packed);
  for (const char *at = markdown; *at != '\0';) {
    const char *const *pair = displays[github];
    if (strncmp(at, pair[0], strlen(pair[0])) != 0)
      pair = inlines[github];
    if (strncmp(at, pair[0], strlen(pair[0])) != 0) {
      at++;
      continue;
    }
    struct jac_buffer math = JAC_BUFFER_INIT;
    at += strlen(pair[0]);
    const char *end = strstr(at, pair[1]);
    ck_assert_ptr_nonnull(end);
    add_packed(at, (size_t)(end - at), &math);
    ck_assert_msg(strstr(packed.text, math.text) != NULL, "%s\nin\n%s", math.text,
                  packed.text);
    ck_assert_msg(strstr(math.text, "\\cr") == NULL && strstr(math.text, "\\gt") == NULL,
                  "%s", math.text);
    jac_buffer_free(&math);
    at = end + strlen(pair[1]);
    formulas++;
  }
  ck_assert_uint_gt(formulas, 0);
  jac_buffer_free(&read);
  jac_buffer_free(&packed);
}

START_TEST(golden_markdown) {
  struct view_case c;
  struct jac_buffer out = JAC_BUFFER_INIT;
  const struct jac_latex latex = {.flavour = JAC_FLAVOUR_PANDOC};
  view_case_new("linear:3x2", 2, "W", JAC_FORM_BATCH, JAC_ORDER_F, JAC_ENTRIES_BOTH, &c);
  ck_assert_int_eq(jac_view_markdown(&c.view, &latex, &out, NULL), JAC_OK);
  golden_check("tests/visual/golden/linear-W.md", out.text);
  jac_buffer_free(&out);
  view_case_free(&c);
}
END_TEST

/* Every module, variable, form, for GitHub and for the others. */
START_TEST(readers_of_markdown_leave_it) {
  const struct jac_module *module = jac_module_at((size_t)_i / 2);
  const struct jac_latex latex = {.flavour =
                                      _i % 2 ? JAC_FLAVOUR_GITHUB : JAC_FLAVOUR_PANDOC};
  struct jac_buffer out = JAC_BUFFER_INIT;
  struct jac_map *map;
  ck_assert_int_eq(jac_module_new(module->example, 2, &map, NULL), JAC_OK);
  ck_assert_int_eq(jac_module_markdown(map, "a|b`c", &latex, &out, NULL), JAC_OK);
  check_survives(out.text, latex.flavour);
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
      ck_assert_int_eq(jac_view_markdown(&c.view, &latex, &out, NULL), JAC_OK);
      check_survives(out.text, latex.flavour);
      view_case_free(&c);
    }
  jac_buffer_free(&out);
  jac_map_free(map);
}
END_TEST

static void check_math(const char *latex, enum jac_flavour flavour, bool cell,
                       const char *expected) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_markdown_inline(latex, flavour, cell, &out);
  ck_assert_str_eq(out.text, expected);
  jac_buffer_free(&out);
}

START_TEST(mathematics_is_respelled) {
  check_math("z^{k-1}_{1,2} + w_{1}", JAC_FLAVOUR_PANDOC, false,
             "$z^{k-1}_{1,2} + w_{1}$");
  check_math("z^{k-1}_{1,2}", JAC_FLAVOUR_GITHUB, false, "$`z^{k-1}_{1,2}`$");
  check_math("\\mathbf{1}_{a<b}", JAC_FLAVOUR_PANDOC, false, "$\\mathbf{1}_{a < b}$");
  check_math("\\left|x\\right|", JAC_FLAVOUR_MYST, true,
             "$\\left\\vert x\\right\\vert$");
  check_math("|x|", JAC_FLAVOUR_MYST, false, "$|x|$");
  check_math("\\begin{array}{@{\\,}c|c@{\\,}}", JAC_FLAVOUR_JUPYTER, false,
             "$\\begin{array}{c|c}$");
}
END_TEST

/* A label as each flavour has it, where it has any. */
START_TEST(displays_have_labels) {
  static const char *const expected[] = {[JAC_FLAVOUR_PANDOC] = "$$\nx\n$$ {#eq-x}\n\n",
                                         [JAC_FLAVOUR_GITHUB] = "```math\nx\n```\n\n",
                                         [JAC_FLAVOUR_JUPYTER] = "$$\nx\n$$\n\n",
                                         [JAC_FLAVOUR_MYST] = "$$\nx\n$$ (eq-x)\n\n"};
  const struct jac_latex latex = {.flavour = (enum jac_flavour)_i, .label = "eq-x"};
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_markdown_display("x", &latex, &out);
  ck_assert_str_eq(out.text, expected[_i]);
  jac_buffer_free(&out);
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
  tcase_add_loop_test(tc, readers_of_markdown_leave_it, 0, 2 * (int)jac_module_count());
  tcase_add_loop_test(tc, displays_have_labels, 0, 4);
  tcase_add_test(tc, mathematics_is_respelled);
  tcase_add_test(tc, code_holds_anything);
  suite_add_tcase(suite, tc);
  return suite;
}
