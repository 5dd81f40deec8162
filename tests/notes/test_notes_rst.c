/* reStructuredText, as docutils' specification of its markup and Sphinx's `math` say. */
#include "tests/notes/note_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RST(text, expected) note_expect(text, JAC_NOTES_RST, expected)

START_TEST(formulas) {
  RST("Let :math:`y = x W` and :math:`W`.\n", "1:5 $ y = x W\n1:25 $ W\n");
  RST(".. math:: a = b\n", "1:1 math a = b\n");
  RST(".. math::\n\n   a\n   = b\n\ntext :math:`c`\n", "1:1 math a = b\n6:6 $ c\n");
  RST(".. math::\n   :label: eq\n\n   a = b\n", "1:1 math a = b\n");
  RST("- text\n\n  .. math:: x\n\n     y = z\n\n  :math:`q`\n",
      "3:3 math x \\\\ y = z\n7:3 $ q\n");
  RST("1. .. math:: x_1\n2. b\n", "1:4 math x_1\n");
  /* Empty lines part formulas, but not in an environment. */
  RST(".. math::\n\n   a = 1\n\n   b = 2\n", "1:1 math a = 1 \\\\ b = 2\n");
  RST(".. math::\n\n   a = 1 \\\\\n\n   b = 2\n", "1:1 math a = 1 \\\\ b = 2\n");
  RST(".. math::\n\n   \\begin{aligned} a\n\n   b \\end{aligned}\n",
      "1:1 math \\begin{aligned} a b \\end{aligned}\n");
  RST(".. math::\n   :nowrap:\n\n   \\begin{align*}\n   a &= 1 \\\\\n   &= 2\n"
      "   \\end{align*}\n",
      "4:4 align* a &= 1 \\\\    &= 2\n");
  RST(".. admonition:: A\n\n    .. math::\n\n        x = 1\n\nend\n", "3:5 math x = 1\n");
  RST(":math:`a\nb` c\n", "1:1 $ a b\n");
  RST(".. default-role:: math\n\nThe `x` of :ref:`y`, ``z``, `t`_.\n", "3:5 $ x\n");
  RST(".. math:: \\newcommand{\\R}{\\mathbb{R}}\n\n:math:`x \\in \\R`\n",
      "3:1 $ x \\in \\mathbb{R}\n");
  RST("", "");
}
END_TEST

/* What is not finished is told, and where; what is behind it is read. */
START_TEST(unfinished) {
  RST("a :math:`d\ne\n\nf :math:`g`\n",
      "1:3 :math:` d e ! :math:` is not closed before the blank line\n4:3 $ g\n");
  RST("a :math:`d", "1:3 :math:` d ! :math:` is not closed before the blank line\n");
  RST(".. math::\n\nx = y\n\n.. math:: z\n",
      "1:1 math .. math:: ! '.. math::' holds no formula: indent the lines of one under "
      "it\n5:1 math z\n");
  RST(".. math::\n   :label: a\n", "1:1 math .. math::    :label: a ! '.. math::' holds "
                                   "no formula: indent the lines of "
                                   "one under it\n");
  RST("A :math:`` and :math:x\n", "");
}
END_TEST

START_TEST(titles) {
  RST("A\n===\n\nB\n---\n\nC :math:`x`\n~~~\n\nD\n---\n",
      "1:1 h1\n4:1 h2\n7:1 h3\n7:3 $ x\n10:1 h2\n");
  RST("=====\n  A\n=====\n\nB\n=====\n", "1:1 h1\n5:1 h2\n");
  /* A transition, and the borders of a table, are none. */
  RST("a\n\n----\n\nb\n\n=== ===\na   b\n=== ===\n", "");
}
END_TEST

START_TEST(directives_and_comments) {
  RST(".. jacobian: linear wrt=W\n\n.. math:: J = W^\\top\n",
      "1:14 directive linear wrt=W\n3:1 math J = W^\\top\n");
  RST("..\n   jacobian: off\n", "2:14 directive off\n");
  RST(".. jacobian: linear;\n   wrt=W\nx\n", "1:14 directive linear;    wrt=W\n");
  RST(".. comment :math:`x`\n   .. math:: y\n\n.. _target: :math:`z`\n", "");
}
END_TEST

START_TEST(what_is_code) {
  RST("So::\n\n   :math:`x`\n\n   .. math:: y\n\n:math:`z`\n", "7:1 $ z\n");
  RST(".. code-block:: rst\n\n   .. math:: y\n\n:math:`z`\n", "5:1 $ z\n");
  RST("``:math:`x` `` and :math:`y`\n", "1:20 $ y\n");
  RST("The `link <a>`_ of $x$, `a`\n", "");
}
END_TEST

/* Whatever is cut off or hostile: no byte is read past the end, and time is linear. */
START_TEST(cut_short) {
  static const char whole[] =
      "A\n===\n.. math::\n   :label: a\n\n   x\n\n   y\n\n.. jacobian: a\n..\n"
      "- .. math:: \\begin{align} x \\end{align}\n::\n\n  a\n:math:`x` "
      "``y``\n===\nB\n===\n";
  for (size_t length = 0; length < strlen(whole); length++) {
    struct jac_document document;
    char *copy = strndup(whole, length);
    ck_assert_int_eq(jac_notes_read(copy, length, JAC_NOTES_RST, &document, NULL),
                     JAC_OK);
    jac_document_free(&document);
    free(copy);
  }
}
END_TEST

START_TEST(long_and_hostile) {
  static const char *const parts[] = {":math:`", "`",        ".. math::\n\n",
                                      "::\n ",   "===\na\n", "- .. math:: x\n   "};
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    for (size_t n = 0; n < 60000; n++)
      jac_buffer_add(&text, parts[k]);
    struct jac_document document;
    jac_notes_read(text.text, text.length, JAC_NOTES_RST, &document, NULL);
    jac_document_free(&document);
    jac_buffer_free(&text);
  }
}
END_TEST

Suite *notes_rst_suite(void);
Suite *notes_rst_suite(void) {
  Suite *suite = suite_create("notes: reStructuredText");
  TCase *tests = tcase_create("rst");
  tcase_add_test(tests, formulas);
  tcase_add_test(tests, unfinished);
  tcase_add_test(tests, titles);
  tcase_add_test(tests, directives_and_comments);
  tcase_add_test(tests, what_is_code);
  tcase_add_test(tests, cut_short);
  tcase_add_test(tests, long_and_hostile);
  suite_add_tcase(suite, tests);
  return suite;
}
