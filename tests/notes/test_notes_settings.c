/* Macros said in settings, as the manuals of MathJax, KaTeX, Jupyter Book, Sphinx and
 * MyST have them. */
#include "jacobian/notes/settings.h"
#include "jacobian/notes/yaml.h"
#include "tests/notes/note_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void gives(const char *text, bool yaml, const char *expected) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_notes_settings(text, strlen(text), yaml, &out);
  ck_assert_msg(strcmp(out.text != NULL ? out.text : "", expected) == 0,
                "%s\n---- gives\n%s", text, out.text != NULL ? out.text : "");
  jac_buffer_free(&out);
}

START_TEST(scripts) {
  gives(
      "window.MathJax = {\n  tex: {\n    macros: {\n      RR: \"{\\\\bf R}\", // reals\n"
      "      bold: [\"{\\\\bf #1}\", 1],\n    },\n    tags: 'ams'\n  }\n};\n",
      false, "\\newcommand{\\RR}{{\\bf R}}\n\\newcommand{\\bold}[1]{{\\bf #1}}\n");
  gives("TeX: { Macros: { 'abs': ['\\\\lvert #1\\\\rvert', 1] } }", false,
        "\\newcommand{\\abs}[1]{\\lvert #1\\rvert}\n");
  /* KaTeX counts the arguments itself. */
  gives("renderMathInElement(document.body, {macros: {\"\\\\d\": \"\\\\mathrm{d}\",\n"
        "\"\\\\p\": \"\\\\frac{\\\\partial #1}{\\\\partial #2}\"}});",
        false,
        "\\newcommand{\\d}{\\mathrm{d}}\n"
        "\\newcommand{\\p}[2]{\\frac{\\partial #1}{\\partial #2}}\n");
  gives("mathjax3_config = {'tex': {'macros': {'R': r'\\mathbb{R}', 'v': [r'{\\bf #1}', "
        "1]}}}\n",
        false, "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\v}[1]{{\\bf #1}}\n");
  gives("latex_preamble = r'''\n\\newcommand{\\E}{{\\mathrm E}}\n'''\n", false,
        "\\newcommand{\\E}{{\\mathrm E}}\n");
  /* A default comes first in LaTeX: what cannot be said so is left out. */
  gives("macros: {a: ['x #1', 2, 'd'], b: 'y'}", false, "\\newcommand{\\b}{y}\n");
}
END_TEST

START_TEST(yaml) {
  gives("parse:\n  mathjax3_config:\n    tex:\n      macros:\n"
        "        \"R\": \"\\\\mathbb{R}\" \n"
        "        N: '\\mathbb{N}'\n"
        "        vect: [\"{\\\\mathbf #1}\", 1]\n"
        "        # a comment\n"
        "        pd:\n          - \"\\\\frac{#1}{#2}\"\n          - 2\n"
        "        d: \\mathrm{d}\n"
        "    other: 3\n",
        true,
        "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\N}{\\mathbb{N}}\n"
        "\\newcommand{\\vect}[1]{{\\mathbf #1}}\n\\newcommand{\\pd}[2]{\\frac{#1}{#2}}\n"
        "\\newcommand{\\d}{\\mathrm{d}}\n");
  gives("macros: {R: '\\mathbb{R}', S: \"\\\\mathbb{S}\"}\n", true,
        "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\S}{\\mathbb{S}}\n");
  /* MyST: names have their backslash; `math` holds other things elsewhere. */
  gives("math:\n  '\\dobs': '\\mathbf{d}'\n  '\\blue':\n    macro: '{#1}'\n", true,
        "\\newcommand{\\dobs}{\\mathbf{d}}\n\\newcommand{\\blue}[1]{{#1}}\n");
  gives("math: true\nmathjax: true\nmath:\n  engine: katex\n", true, "");
  gives("header-includes: |\n  \\newcommand{\\R}{\\mathbb{R}}\nmacros:\n", true,
        "\\newcommand{\\R}{\\mathbb{R}}\n");
}
END_TEST

/* Cut anywhere, or hostile, it ends, and reads nothing behind its end. */
START_TEST(cut_short) {
  static const char whole[] =
      "macros: {a: ['x', 1, 'y'], 'b': \"\\\\c\", d: {e: f}}\nmath:\n  '\\a':\n    - "
      "'b'\n"
      "    - 1\n  '\\c':\n    macro: d\nmacros = {r: String.raw`x`, 'y': r'z'}\n";
  for (size_t length = 0; length <= strlen(whole); length++)
    for (int quotes = 0; quotes < 2; quotes++) {
      struct jac_buffer out = JAC_BUFFER_INIT;
      char *copy = malloc(length + 1);
      memcpy(copy, whole, length);
      jac_notes_settings(copy, length, quotes, &out);
      free(copy);
      jac_buffer_free(&out);
    }
  static const char *const parts[] = {"macros: {", "macros:\n", "'",
                                      "macros: [", "- '\n",     "\\def\\"};
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT, out = JAC_BUFFER_INIT;
    jac_buffer_add(&text, "macros: {");
    for (size_t n = 0; n < 30000; n++)
      jac_buffer_add(&text, parts[k]);
    jac_notes_settings(text.text, text.length, true, &out);
    jac_notes_settings(text.text, text.length, false, &out);
    jac_buffer_free(&text);
    jac_buffer_free(&out);
  }
}
END_TEST

START_TEST(what_stands_before) {
  static const char before[] = "% \\newcommand{\\x}{no}\n\\newcommand{\\R}{\\mathbb{R}}\n"
                               "\\newcommand{\\x}{b} text $y$ \\def\\W{W}\n";
  static const char text[] = "$\\R \\x$ \\newcommand{\\x}{c} $\\x \\W$\n";
  static const char *const expected[] = {"\\mathbb{R} b", "c W"};
  struct jac_document document;
  ck_assert_int_eq(jac_notes_read_after(before, text, strlen(text), JAC_NOTES_MARKDOWN,
                                        &document, NULL),
                   JAC_OK);
  ck_assert_uint_eq(document.count, 2);
  for (size_t k = 0; k < 2; k++)
    ck_assert_str_eq(document.item[k].text, expected[k]);
  jac_document_free(&document);
}
END_TEST

/* What breaks YAML for certain is told with its line; what is YAML, and what only looks
 * broken, is not. */
START_TEST(broken_yaml) {
  static const struct {
    const char *text;
    size_t line;
    char sign;
  } tried[] = {{"a: 1\nb: [1,\n  2]\nc: {x: y}\n", 0, '\0'},
               {"project:\n  type: [book\nbook:\n  a: b\n", 2, '['},
               {"a:\n  {b: c\nd: 1\n", 2, '{'},
               {"a: {b: [1, {c: 2}]\n", 1, '{'},
               {"a: 1\nb: \"x\ny: z\n", 2, '"'},
               {"- 'it''s\n- b\n", 1, '\''},
               {"- a: 'it''s'\n  b: \"\\\"\"\n", 0, '\0'},
               {"a:\n\tb: 1\n", 2, '\t'},
               {"a: |\n  [ \"\n  {\n\n  '\nb: 1\n", 0, '\0'},
               {"a: it's [here\nb: 5\" wide\n", 0, '\0'},
               {"a: some words\n  [that go on\nb: 1\n", 0, '\0'},
               {"# [\na: 1 # {\nb: [x, # ]\n  y]\n", 0, '\0'},
               {"a: [it's, don't]\nb: [ 'x]', \"]\" ]\n", 0, '\0'},
               {"\"a: [\": 1\n? b\n: c\n---\n...\n", 0, '\0'},
               {"a: words\n  - [that go on\nb: [1\n", 3, '['},
               {"{\n\t\"a\": 1,\n\t\"b\": '\n'}\n", 0, '\0'},
               {"- a: |\n    [\n  b: {\n", 3, '{'},
               {"-\n  [1\n", 2, '['},
               {"a: [# ]\n  b:\"c, \"d\":\"]\"]\n", 0, '\0'},
               {"", 0, '\0'},
               {"a: [", 1, '['},
               {"a: '", 1, '\''},
               {"a: \"\\", 1, '"'}};
  for (size_t k = 0; k < sizeof tried / sizeof tried[0]; k++) {
    char sign = '\0';
    size_t length = strlen(tried[k].text);
    char *copy = malloc(length + 1); /* nothing behind the end is read */
    memcpy(copy, tried[k].text, length);
    size_t line = jac_notes_yaml_fault(copy, length, &sign);
    free(copy);
    ck_assert_msg(line == tried[k].line, "%zu: %s", line, tried[k].text);
    ck_assert_msg(line == 0 || sign == tried[k].sign, "%c: %s", sign, tried[k].text);
  }
}
END_TEST

Suite *notes_settings_suite(void);
Suite *notes_settings_suite(void) {
  Suite *suite = suite_create("notes: settings");
  TCase *tests = tcase_create("settings");
  tcase_add_test(tests, scripts);
  tcase_add_test(tests, yaml);
  tcase_add_test(tests, cut_short);
  tcase_add_test(tests, what_stands_before);
  tcase_add_test(tests, broken_yaml);
  suite_add_tcase(suite, tests);
  return suite;
}
