/* Jupyter notebooks, and what is refused in any format. */
#include "tests/notes/note_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const char notebook[] =
    "{\n"
    " \"cells\": [\n"
    "  {\"cell_type\": \"code\", \"source\": [\"$x$\"]},\n"
    "  {\"cell_type\": \"markdown\", \"metadata\": {\"a\": [\"}\", 1.5e3, null, {}]},\n"
    "   \"source\": [\n"
    "    \"# Head\\n\",\n"
    "    \"<!-- jacobian: linear -->\\n\",\n"
    "    \"\\u00e9\\ud83d\\ude00 $$ \\\\frac{a}{b}\\n\",\n"
    "    \" = \\\"c\\\" $$\"\n"
    "   ]},\n"
    "  {\"source\": \"a\\n\\n$\\\\def\\\\a{b}\\\\a$\", \"cell_type\": \"markdown\"},\n"
    "  {\"cell_type\": \"markdown\", \"source\": []},\n"
    "  {\"cell_type\": \"markdown\", \"source\": [\"$\\\\a$\\n$$ % jacobian: "
    "tanh\\n$$\"]}\n"
    " ], \"nbformat\": 4\n"
    "}\n";

START_TEST(cells) {
  note_expect(notebook, JAC_NOTES_NOTEBOOK,
              "6:6 h1\n"
              "7:21 directive linear\n"
              "8:25 $$ \\frac{a}{b}  = \"c\"\n"
              "11:20 $ b\n"
              "13:41 $ b\n"
              "13:63 directive tanh\n");
}
END_TEST

/* The same from an editor: a form feed ends a cell only with the empty line behind it,
 * the last cell may lack it, macros go on, and what is open in a cell ends with it. */
START_TEST(cells_of_an_editor) {
  note_expect("# Head\n$$ a \f$$" JAC_NOTES_CELL_END JAC_NOTES_CELL_END
              "$\\def\\a{b}\\a$\n```" JAC_NOTES_CELL_END "$\\a$\n$$ c\n$$",
              JAC_NOTES_CELLS,
              "1:1 h1\n"
              "2:1 $$ a \f\n"
              "6:1 $ b\n"
              "9:1 $ b\n"
              "10:1 $$ c\n");
  struct jac_document document =
      note_read("a" JAC_NOTES_CELL_END "\n$x$" JAC_NOTES_CELL_END "$y$", JAC_NOTES_CELLS);
  ck_assert_uint_eq(document.count, 2);
  ck_assert_uint_eq(document.item[0].cell, 2);
  ck_assert_uint_eq(document.item[0].cell_line, 2);
  ck_assert_uint_eq(document.item[1].cell, 3);
  ck_assert_uint_eq(document.item[1].cell_line, 1);
  jac_document_free(&document);
}
END_TEST

START_TEST(places) {
  struct jac_document document = note_read(notebook, JAC_NOTES_NOTEBOOK);
  static const size_t cell[] = {2, 2, 2, 3, 5}, line[] = {1, 2, 3, 3, 1};
  for (size_t k = 0; k < 5; k++) {
    ck_assert_uint_eq(document.item[k].cell, cell[k]);
    ck_assert_uint_eq(document.item[k].cell_line, line[k]);
  }
  const struct jac_item *item = &document.item[2];
  for (size_t k = 0; k < item->length; k++) {
    /* The byte of the file is the byte of the formula, or begins its escape. */
    char c = document.source[item->at[k]];
    ck_assert(c == item->text[k] || c == '\\');
  }
  struct jac_place place =
      jac_item_place(&document, item, (size_t)(strchr(item->text, '=') - item->text));
  ck_assert_uint_eq(place.line, 9);
  ck_assert_uint_eq(place.column, 7);
  jac_document_free(&document);
}
END_TEST

/* What is read, refused or not, in one line that names the line. */
static void refused(const char *text, size_t length, enum jac_notes_format format,
                    const char *message) {
  struct jac_document document;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_notes_read(text, length, format, &document, &err), JAC_EINPUT);
  ck_assert_msg(strstr(err.message, message) != NULL, "%s", err.message);
  ck_assert_ptr_null(strchr(err.message, '\n'));
  ck_assert_ptr_null(document.item);
}

START_TEST(no_notebooks) {
  static const char *const texts[] = {"{}", "[]", "{\"cells\": 1}", "1"};
  for (size_t k = 0; k < 4; k++)
    refused(texts[k], strlen(texts[k]), JAC_NOTES_NOTEBOOK, "line 1");
  refused("{\n\"cells\": [\n}", 14, JAC_NOTES_NOTEBOOK, "line 3 is no JSON");
  refused("", 0, JAC_NOTES_NOTEBOOK, "line 1 is no JSON");
  static const char zero[] =
      "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"\\u0000\"}]}";
  refused(zero, strlen(zero), JAC_NOTES_NOTEBOOK, "line 1 is no JSON");
  note_expect("{\"cells\": [1, [], {}, {\"cell_type\": \"markdown\"},"
              "{\"cell_type\": \"markdown\", \"source\": 1},"
              "{\"cell_type\": \"markdown\", \"source\": [1, \"$a$\", [\"]\"]]}]}",
              JAC_NOTES_NOTEBOOK, "1:129 $ a\n");
}
END_TEST

START_TEST(no_text) {
  static const struct {
    const char *text;
    size_t length;
    const char *message;
  } cases[] = {
      {"a\n\xFF", 3, "line 2 is not UTF-8"},
      {"a\nb\n\xC3", 5, "line 3 is not UTF-8"},
      {"\xC0\x80", 2, "line 1 is not UTF-8"},
      {"\xED\xA0\x80", 3, "line 1 is not UTF-8"},
      {"\xF4\x90\x80\x80", 4, "line 1 is not"},
      {"\xE0\x80\x80", 3, "line 1 is not UTF-8"},
      {"\xF0\x80\x80\x80", 4, "line 1 is not"},
      {"a\n\0b", 4, "line 2 holds a zero byte"},
      {"\xFE\xFF\0a", 4, "line 1 is not UTF-8"},
      {"\x80", 1, "line 1 is not UTF-8"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
    for (int format = 0; format < 3; format++)
      refused(cases[k].text, cases[k].length, (enum jac_notes_format)format,
              cases[k].message);
  note_expect("\xEF\xBB\xBF# \xF0\x9F\x98\x80 \xED\x9F\xBF $a$\n", JAC_NOTES_MARKDOWN,
              "1:1 h1\n1:8 $ a\n");
}
END_TEST

/* Much of one sign ends, in every format, without an error or with a limit. */
START_TEST(hostile) {
  static const char *const units[] = {"{",
                                      "}",
                                      "$",
                                      "$ ",
                                      "$$ ",
                                      "$a ",
                                      "${",
                                      "\\",
                                      "\\[",
                                      "\\\\[ ",
                                      "\\(",
                                      "%",
                                      "%\n",
                                      "[",
                                      "<!--",
                                      "<pre>",
                                      "`",
                                      "> ",
                                      "- ",
                                      "\n",
                                      "$$\n\n",
                                      "\\begin{align}",
                                      "\\end{align}",
                                      "\\def\\a{",
                                      "\\newcommand{\\a}[9]{",
                                      "\\verb|",
                                      "\\begin{verbatim}",
                                      "\\iffalse",
                                      "#",
                                      "# \n",
                                      "&",
                                      "{%",
                                      "\\text{$",
                                      "$$a\n\\",
                                      "`$`",
                                      "~~~\n",
                                      "\\let\\a\\a",
                                      "\\section",
                                      "a\n=\n",
                                      "<!-- jacobian: a -->"};
  size_t size = 1 << 16;
  char *text = malloc(size + 32);
  for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
    size_t length = 0, unit = strlen(units[k]);
    for (; length < size; length += unit)
      memcpy(text + length, units[k], unit);
    for (int format = 0; format < 2; format++) {
      struct jac_document document;
      enum jac_status status =
          jac_notes_read(text, length, (enum jac_notes_format)format, &document, NULL);
      ck_assert(status == JAC_OK || status == JAC_ELIMIT);
      jac_document_free(&document);
    }
  }
  free(text);
}
END_TEST

START_TEST(limits) {
  struct jac_document document;
  struct jac_error err = {JAC_OK, ""};
  size_t length = 4 * (size_t)JAC_NOTES_ITEMS + 8;
  char *text = malloc(length);
  for (size_t k = 0; k < length; k += 4)
    memcpy(text + k, "$a$ ", 4);
  ck_assert_int_eq(jac_notes_read(text, length, JAC_NOTES_MARKDOWN, &document, &err),
                   JAC_ELIMIT);
  ck_assert_ptr_nonnull(strstr(err.message, "formulas"));
  ck_assert_int_eq(jac_notes_read(text, (size_t)JAC_NOTES_LONGEST + 1, JAC_NOTES_LATEX,
                                  &document, &err),
                   JAC_ELIMIT);
  /* A formula too long is said to be; the next one is read. */
  memset(text, 'a', length);
  memcpy(text, "$$", 2);
  memcpy(text + 100000, "$$\n\n$b$", 7);
  ck_assert_int_eq(jac_notes_read(text, 100007, JAC_NOTES_MARKDOWN, &document, &err),
                   JAC_OK);
  ck_assert_ptr_nonnull(strstr(document.item[0].problem, "longer than 65536"));
  jac_document_free(&document);
  free(text);
}
END_TEST

START_TEST(formats_of_names) {
  ck_assert_int_eq(jac_notes_format_of("a.tex"), JAC_NOTES_LATEX);
  ck_assert_int_eq(jac_notes_format_of("a.b.IPYNB"), JAC_NOTES_NOTEBOOK);
  ck_assert_int_eq(jac_notes_format_of("a.md"), JAC_NOTES_MARKDOWN);
  ck_assert_int_eq(jac_notes_format_of("-"), JAC_NOTES_MARKDOWN);
}
END_TEST

Suite *notebook_suite(void);
Suite *notebook_suite(void) {
  Suite *suite = suite_create("notes: notebooks and hostile files");
  TCase *tests = tcase_create("notebook");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, cells);
  tcase_add_test(tests, cells_of_an_editor);
  tcase_add_test(tests, places);
  tcase_add_test(tests, no_notebooks);
  tcase_add_test(tests, no_text);
  tcase_add_test(tests, hostile);
  tcase_add_test(tests, limits);
  tcase_add_test(tests, formats_of_names);
  suite_add_tcase(suite, tests);
  return suite;
}
