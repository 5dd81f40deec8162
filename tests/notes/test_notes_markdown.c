/* Markdown notes: every container, what is no formula, what the transport adds. */
#include "tests/notes/note_case.h"

#include <check.h>

#define MD(text, expected) note_expect(text, JAC_NOTES_MARKDOWN, expected)

START_TEST(containers) {
  MD("# A\n\n$$x = 1$$\n", "1:1 h1\n3:1 $$ x = 1\n");
  MD("$$\nx\n=\n1\n$$\n", "1:1 $$ x = 1\n");
  MD("a $x$, $y_1$\n", "1:3 $ x\n1:8 $ y_1\n");
  MD("a $`x`$ and $ x = y $\n", "1:3 $ x\n1:13 $ x = y\n");
  MD("\\[ J = W \\]\n\\( x_1 \\)\n", "1:1 \\[ J = W\n2:1 \\( x_1\n");
  MD("\\\\[ J = W \\\\]\n\\\\( x_1 \\\\)\n", "1:1 \\[ J = W\n2:1 \\( x_1\n");
  MD("- b\n  ```math\n  x\n  y\n  ```\n", "3:3 math x y\n");
  /* MyST: the options of a directive are no part of its formula. */
  MD("```{math}\n:label: a\nx = y\n```\n", "2:1 math x = y\n");
  MD("```{math}\n---\nlabel: a\n---\nx\n```\n", "2:1 math x\n");
  MD("```math\n:label\n```\n", "2:1 math :label\n");
  MD("text\n\\begin{align*}\nx &= 1 \\\\\n\ny &= 2\n\\end{align*}\n",
     "2:1 align* x &= 1 \\\\  y &= 2\n");
  MD("> $$\n> x\n> y\n> $$\n", "1:3 $$ x y\n");
  MD("A\n===\n\nB $x$\n---\n## C ##\n", "1:1 h1\n4:1 h2\n4:3 $ x\n6:1 h2\n");
  MD("A\r\n=\r\n\r\n$$\r\nx\r\n$$\r\n", "1:1 h1\n4:1 $$ x\n");
  MD("", "");
}
END_TEST

START_TEST(lists_and_headings_inside) {
  MD("$$\na\n- b\n$$\n\n    $$ code $$\n", "1:1 $$ a - b\n");
  MD("$$\na\n---\n$$\n", "1:1 $$ a ---\n");
  MD("$$\na\n# b\n$$\n# C\n", "1:1 $$ a # b\n5:1 h1\n");
  MD("$$x$$\n---\n", "1:1 $$ x\n");
  MD("$$\n1. a\n* b*c*d\n$$\n", "1:1 $$ 1. a * b*c*d\n");
}
END_TEST

START_TEST(directives) {
  MD("<!-- jacobian: linear wrt=W -->\n<!--jacobian:off-->\n<!-- note -->\n",
     "1:16 directive linear wrt=W\n2:14 directive off\n");
  MD("<!-- jacobian:\n linear;\n wrt=W -->", "2:2 directive linear;  wrt=W\n");
  MD("`<!-- jacobian: a -->`\n\n```\n<!-- jacobian: b -->\n```\n", "");
  MD("<!-- $$ no $$\n$no$ -->\n", "");
  MD("<!-- jacobian: linear\n\n$$x$$\n",
     "1:16 directive linear ! this comment does not end: --> is missing\n3:1 $$ x\n");
  MD("$$ % jacobian: tanh\nx $$\n", "1:16 directive tanh\n1:1 $$ x\n");
}
END_TEST

START_TEST(no_formulas) {
  MD("US$5-US$6\n", "");
  MD("`$x$` ``$$x$$`` \\$5\\$ $5 and $6\n", "");
  MD("```\n$$x$$\n```\n~~~latex\n$$x$$\n~~~\n\n    $$x$$\n", "");
  MD("See \\[1\\], \\[[a](b_c)\\], \\(as said\\).\n", "");
  MD("<pre>\n$$x$$\n</pre>\n<code>$x$</code> $y$\n", "4:18 $ y\n");
  MD("$$ $$\n$$\\newcommand{\\a}{b}$$\n", "");
  MD("a $ b\n\nc $ d\n", "");
}
END_TEST

START_TEST(transport) {
  MD("$x\\_1 + \\text{a\\_b}$\n", "1:1 $ x_1 + \\text{a\\_b}\n");
  MD("$$a \\\\\\\\ b \\\\\\\\\\\nc \\newline d \\\\[0.5em] e$$\n",
     "1:1 $$ a \\\\ b \\\\ c \\\\ d \\\\[0.5em] e\n");
  MD("$$a \\\\\\\\\\frac 1 2 \\\\\\frac 3 4$$\n",
     "1:1 $$ a \\\\\\frac 1 2 \\\\\\frac 3 4\n");
  MD("\\\\( \\\\{x\\\\}, \\\\_1 \\\\)\n", "1:1 \\( \\{x\\}, _1\n");
  MD("$a \xE2\x88\x92 b$\n", "1:1 $ a - b\n");
  MD("|a|b|\n|-|-|\n|$x|_1$|$$y$$|\n", "3:2 $ x|_1\n3:9 $$ y\n");
  MD("<td>$a &lt; b &amp;= c$</td>\n", "1:5 $ a < b &= c\n");
  MD("{% raw %}\n$$ {% raw %}{{a}}{% endraw %} $$\n{% endraw %}\n", "2:1 $$ {{a}}\n");
  MD("$$x \\text{ if $i = j$} y$$ $a \\text{ or $b$} c$\n",
     "1:1 $$ x \\text{ if $i = j$} y\n1:28 $ a \\text{ or $b$} c\n");
  MD("$x % no\n + 1$\n", "1:1 $ x   + 1\n");
}
END_TEST

START_TEST(without_end) {
  MD("$$ x\n\n$$y$$\n", "1:1 $$ x ! $$ is not closed before the blank line\n3:1 $$ y\n");
  MD("\\begin{align} x\n\n# A\n$y$\n",
     "1:1 align x ! \\begin{align} has no \\end{align}\n3:1 h1\n4:1 $ y\n");
  MD("$$\nx\n\n$$\n\ny $a$\n", "1:1 $$ x\n6:3 $ a\n");
  MD("$$\nx\n\n= y\n$$\n", "1:1 $$ x  = y\n");
  MD("$$\nx\n\n \n\n$$\n", "1:1 $$ x\n");
  MD("$$\nx\n\n\\[ y_1 \\]\n$$z$$",
     "1:1 $$ x ! $$ is not closed before the blank line\n4:1 \\[ y_1\n5:1 $$ z\n");
  MD("$a\n\nb$ $$ {c $$ d\n", "3:4 $$ {c\n");
  MD("cost $5 then $$x$$\n", "1:14 $$ x\n");
}
END_TEST

START_TEST(author_macros) {
  MD("$$\n\\def\\bz{\\mathbf{z}}\n\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial "
     "#2}}\n"
     "$$\n$\\pd{L}{\\bz}$\n",
     "5:1 $ \\frac{\\partial L}{\\partial \\mathbf{z}}\n");
}
END_TEST

/* The place of every byte of a formula, after comments, quotes and escapes. */
START_TEST(places) {
  const char *text = "\xC3\xA9 $$ a\xE2\x88\x92\\_b % c\n> \xCE\xB1 $$\n";
  struct jac_document document = note_read(text, JAC_NOTES_MARKDOWN);
  ck_assert_uint_eq(document.count, 1);
  const struct jac_item *item = &document.item[0];
  ck_assert_str_eq(item->text, "a-_b \n> \xCE\xB1");
  static const size_t expected[][2] = {{1, 6}, {1, 7}, {1, 9}, {1, 10}, {1, 11}, {1, 15},
                                       {2, 1}, {2, 2}, {2, 3}, {2, 3},  {2, 4}};
  for (size_t k = 0; k <= item->length; k++) {
    struct jac_place place = jac_item_place(&document, item, k);
    ck_assert_uint_eq(place.line, expected[k][0]);
    ck_assert_uint_eq(place.column, expected[k][1]);
  }
  struct jac_place end = jac_document_place(&document, item->end);
  ck_assert_uint_eq(end.line, 2);
  ck_assert_uint_eq(end.column, 7);
  jac_document_free(&document);
}
END_TEST

/* The same places counted from the start, in lines longer and shorter than a block. */
START_TEST(places_in_long_lines) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (int k = 0; k < 3000; k++)
    jac_buffer_add(&text, k % 700 == 699 ? "\n" : k % 3 == 0 ? "\xC3\xA9" : "a");
  struct jac_document document = note_read(text.text, JAC_NOTES_MARKDOWN);
  size_t line = 1, column = 0;
  for (size_t k = 0; k <= text.length; k++) {
    column += ((unsigned char)text.text[k] & 0xC0) != 0x80;
    struct jac_place place = jac_document_place(&document, k);
    ck_assert_uint_eq(place.line, line);
    ck_assert_uint_eq(place.column, column);
    if (text.text[k] == '\n') {
      line++;
      column = 0;
    }
  }
  jac_document_free(&document);
  jac_buffer_free(&text);
}
END_TEST

Suite *notes_markdown_suite(void);
Suite *notes_markdown_suite(void) {
  Suite *suite = suite_create("notes: markdown");
  TCase *tests = tcase_create("markdown");
  tcase_add_test(tests, containers);
  tcase_add_test(tests, lists_and_headings_inside);
  tcase_add_test(tests, directives);
  tcase_add_test(tests, no_formulas);
  tcase_add_test(tests, transport);
  tcase_add_test(tests, without_end);
  tcase_add_test(tests, author_macros);
  tcase_add_test(tests, places);
  tcase_add_test(tests, places_in_long_lines);
  suite_add_tcase(suite, tests);
  return suite;
}
