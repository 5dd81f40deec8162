/* LaTeX notes: every container, what is skipped, the author's own macros. */
#include "tests/notes/note_case.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TEX(text, expected) note_expect(text, JAC_NOTES_LATEX, expected)

START_TEST(every_environment) {
  static const char *const names[] = {
      "equation", "equation*",    "align",       "align*",    "gather",
      "gather*",  "multline",     "multline*",   "flalign",   "flalign*",
      "alignat",  "alignat*",     "eqnarray",    "eqnarray*", "dmath",
      "dmath*",   "IEEEeqnarray", "displaymath", "math",      "IEEEeqnarray*"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT, expected = JAC_BUFFER_INIT;
    const char *columns =
        strstr(names[k], "alignat") || strstr(names[k], "IEEE") ? "{2}" : "";
    jac_buffer_printf(&text, "a\n \\begin{%s}%s\n x &= 1 \\\\\n y\n\\end{%s} b", names[k],
                      columns, names[k]);
    jac_buffer_printf(&expected, "2:2 %s x &= 1 \\\\  y\n", names[k]);
    TEX(text.text, expected.text);
    jac_buffer_free(&text);
    jac_buffer_free(&expected);
  }
}
END_TEST

START_TEST(signs) {
  TEX("\\[ a \\\\[2pt] b \\] $$c$$ $d$$e$ \\(f\\)",
      "1:1 \\[ a \\\\[2pt] b\n1:19 $$ c\n1:25 $ d\n1:28 $ e\n1:32 \\( f\n");
  TEX("\\$5 $x\\$y$ $ a $ $2$3", "1:5 $ x\\$y\n1:12 $ a\n1:18 $ 2\n");
  TEX("$x \\text{ for $y$} z$", "1:1 $ x \\text{ for $y$} z\n");
  TEX("$a \xE2\x88\x92 b\\_c \\newline d$", "1:1 $ a - b\\_c \\\\ d\n");
}
END_TEST

START_TEST(text_around) {
  TEX("\\par\\noindent\\textbf{B $x$}\\par\n$y$ \\textbf{C}\\par",
      "1:14 h6\n1:24 $ x\n2:1 $ y\n");
  TEX("\\part{A}\n\\section*{B $x$}\n\\subsection{C}\n\\paragraph{D}\n",
      "1:1 h1\n2:1 h3\n2:13 $ x\n3:1 h4\n4:1 h6\n");
  TEX("% jacobian: linear wrt=W\n  %% jacobian: off\n\\% jacobian: no\n",
      "1:13 directive linear wrt=W\n2:16 directive off\n");
  TEX("\\[ % jacobian: tanh\n x % \\] $\n = 1 \\]",
      "1:16 directive tanh\n1:1 \\[ x   = 1\n");
  TEX("\\begin{align*}\n y &= W x \\\\\n\\intertext{with $a \\in {b}$ and "
      "$c$:}\n &= z\n\\end{align*}",
      "3:17 $ a \\in {b}\n3:33 $ c\n1:1 align* y &= W x \\\\   &= z\n");
  TEX("% $x$\n\\verb|$x$| \\verb*+$x$+ \\lstinline!$x$! $y$", "2:40 $ y\n");
  TEX("\\begin{verbatim}\n$$x$$ \\end{lstlisting}\n\\end{verbatim}\n$y$", "4:1 $ y\n");
  TEX("\\begin{lstlisting}[language=C]\n% $ \\[\n\\end{lstlisting}\n$y$", "4:1 $ y\n");
  TEX("\\iffalse $x$ \\fi $y$ \\end{document} $z$", "1:18 $ y\n");
  TEX("\\begin{comment}\n$x$\n\\end{comment}", "");
}
END_TEST

START_TEST(without_end) {
  TEX("\\begin{align} x = 1\n\nb $y$\n\\begin{align} z \\end{align}",
      "1:1 align x = 1 ! \\begin{align} has no \\end{align}\n3:3 $ y\n4:1 align z\n");
  TEX("\\[ x\n\n$y$", "1:1 \\[ x ! \\[ is not closed before the blank line\n3:1 $ y\n");
  TEX("\\begin{equation} x\n\n y \\end{equation}", "1:1 equation x   y\n");
  TEX("\\[ x\n\n y \\]", "1:1 \\[ x   y\n");
  TEX("\\[ x\n\n \\[ y \\]",
      "1:1 \\[ x ! \\[ is not closed before the blank line\n3:2 \\[ y\n");
  TEX("$x\n\n$y$", "3:1 $ y\n");
  TEX("$$ x", "1:1 $$ x ! $$ is not closed before the blank line\n");
}
END_TEST

/* What follows the definitions, and what comes of it. */
static const struct {
  const char *definitions, *formula, *expanded;
} macros[] = {
    {"\\newcommand{\\R}{\\mathbb{R}}", "x \\in \\R^n", "x \\in \\mathbb{R}^n"},
    {"\\newcommand\\R{\\mathbb{R}}", "\\R^n", "\\mathbb{R}^n"},
    {"\\newcommand*{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}", "\\pd{L}{W} \\pd xy",
     "\\frac{\\partial L}{\\partial W} \\frac{\\partial x}{\\partial y}"},
    {"\\newcommand{\\D}[2][x]{d_{#1} #2}", "\\D{f} \\D[y]{f} \\D[{]}]f",
     "d_{x} f d_{y} f d_{{]}} f"},
    {"\\newcommand{\\a}{1}\\renewcommand{\\a}{2}\\providecommand{\\a}{3}", "\\a", "2"},
    {"\\providecommand{\\a}{3}", "\\a", "3"},
    {"\\def\\a{x}\\def\\b#1#2{#2#1}", "\\b\\a y", "yx"},
    {"\\def\\a{\\alpha}", "\\a x\\a", "\\alpha x\\alpha"},
    {"\\newcommand{\\d}[1]{\\partial#1}", "\\d x \\d{\\alpha}y",
     "\\partial x \\partial\\alpha y"},
    {"\\newcommand{\\x}{x}", "\\frac\\x y \\alpha\\x", "\\frac x y \\alpha x"},
    {"\\DeclareMathOperator{\\relu}{ReLU}\\DeclareMathOperator*{\\am}{arg\\,min}",
     "\\relu(x) \\am_x", "\\operatorname{ReLU}(x) \\operatorname*{arg\\,min}_x"},
    {"\\let\\old\\vec\\renewcommand{\\vec}[1]{\\old{\\mathbf{#1}}}", "\\vec{x}",
     "\\vec{\\mathbf{x}}"},
    {"\\newcommand{\\a}{x}\\let\\b=\\a\\renewcommand{\\a}{y}", "\\a \\b", "y x"},
    {"\\newcommand{\\a}{% why $\n  x}", "\\a", "x"},
    {"\\newcommand{\\a}[1]{\\b{#1}{2}}\\newcommand{\\b}[2]{#1+#2}", "\\a{y}", "y+2"},
    {"\\newcommand{\\a}[1]{\\b}\\newcommand{\\b}[1]{<#1>}", "\\a{y}{z}", "<z>"},
    {"\\newcommand{\\ab}{1}\\newcommand{\\a}{2}\\newcommand{\\abc}{3}",
     "\\a \\ab \\abc \\abcd", "2 1 3 \\abcd"},
    {"\\newcommand{\\m}{a \xE2\x88\x92 b}", "\\m", "a - b"},
    {"\\long\\def\\a{1} \\def\\b #1{#1}", "\\a\\b 2", "12"},
};

START_TEST(author_macros) {
  struct jac_buffer text = JAC_BUFFER_INIT, expected = JAC_BUFFER_INIT;
  jac_buffer_printf(&text, "%s\n\n\\[%s\\]", macros[_i].definitions, macros[_i].formula);
  struct jac_document document = note_read(text.text, JAC_NOTES_LATEX);
  ck_assert_uint_eq(document.count, 1);
  ck_assert_str_eq(document.item[0].text, macros[_i].expanded);
  jac_document_free(&document);
  jac_buffer_clear(&text);
  /* The same inside the formulas of Markdown. */
  jac_buffer_printf(&text, "$%s$\n\n$$%s$$", macros[_i].definitions, macros[_i].formula);
  document = note_read(text.text, JAC_NOTES_MARKDOWN);
  ck_assert_uint_ge(document.count, 1);
  ck_assert_str_eq(document.item[document.count - 1].text, macros[_i].expanded);
  jac_document_free(&document);
  jac_buffer_free(&text);
  jac_buffer_free(&expected);
}
END_TEST

START_TEST(shorthands_of_environments) {
  TEX("\\newcommand{\\eq}[2][a]{\\begin{align*}#1 #2\\end{align*}}\n a \\eq{x} $y$ "
      "\\eq[b]{z",
      "2:4 align* a x\n2:11 $ y\n");
  TEX("\\def\\a#1{\\begin{gather}\\a#1\\end{gather}}\\a{x}",
      "1:41 displaymath \\a{x} ! macros nest deeper than 200 at \\a\n");
  TEX("\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\n\\be x = 1 \\ee $y$",
      "2:1 equation x = 1\n2:15 $ y\n");
  TEX("\\def\\be{\\begin{equation}}\n\\be x\n\n\\be y",
      "2:1 equation x ! \\begin{equation} has no \\end{equation}\n"
      "4:1 equation y ! \\begin{equation} has no \\end{equation}\n");
  TEX("\\newcommand{\\ba}{\\begin{align}}\\newcommand{\\ea}{\\end{align}}\n\\ba x \\ea",
      "2:1 align x\n");
}
END_TEST

/* What is no definition stays, for the reader of formulas to say so. */
START_TEST(malformed_definitions) {
  static const char *const texts[] = {"\\newcommand{x}{y}",
                                      "\\newcommand{\\a}[x]{y}",
                                      "\\newcommand{\\a}[1{y}",
                                      "\\newcommand{\\a}[2][x",
                                      "\\newcommand{\\a}",
                                      "\\newcommand{\\a",
                                      "\\def x{y}",
                                      "\\def\\a\\b{y}",
                                      "\\def\\a#1",
                                      "\\let x y",
                                      "\\let\\a=",
                                      "\\DeclareMathOperator{x}{y}",
                                      "\\DeclareMathOperator{\\a}"};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT, expected = JAC_BUFFER_INIT;
    jac_buffer_printf(&text, "$$%s$$", texts[k]);
    jac_buffer_printf(&expected, "1:1 $$ %s\n", texts[k]);
    note_expect(text.text, JAC_NOTES_MARKDOWN, expected.text);
    jac_buffer_free(&text);
    jac_buffer_free(&expected);
  }
  TEX("\\def\\a{ $x$", "1:9 $ x\n");
}
END_TEST

/* What a macro gave stands where the macro was written, its arguments where they were. */
START_TEST(places_after_expansion) {
  struct jac_document document =
      note_read("\\newcommand{\\p}[2]{[#2|#1]}\n\\[ a \\p{bc}\n d \\]", JAC_NOTES_LATEX);
  const struct jac_item *item = &document.item[0];
  ck_assert_str_eq(item->text, "a [d|bc]");
  static const size_t expected[][2] = {{2, 4}, {2, 5}, {2, 6},  {3, 2},
                                       {2, 6}, {2, 9}, {2, 10}, {2, 6}};
  for (size_t k = 0; k < item->length; k++) {
    struct jac_place place = jac_item_place(&document, item, k);
    ck_assert_uint_eq(place.line, expected[k][0]);
    ck_assert_uint_eq(place.column, expected[k][1]);
  }
  jac_document_free(&document);
}
END_TEST

START_TEST(bombs) {
  static const struct {
    const char *text, *problem;
  } cases[] = {
      {"\\def\\a{\\a}\\[\\a\\]", "the macro \\a expands without end"},
      {"\\def\\a{x\\a y}\\[\\a\\]", "macros nest deeper than 200 at \\a"},
      {"\\def\\a#1{\\a{#1#1}}\\[\\a{x}\\]", "the macro \\a expands without end"},
      {"\\def\\a{xxxxxxxxxxxxxxxx}\\def\\b{"
       "\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a}"
       "\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b}"
       "\\def\\d{\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c}"
       "\\def\\e{\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d\\d}\\[\\e\\]",
       "the macro \\"},
      {"\\newcommand{\\p}[2]{#1#2}\\[\\p{x}\\]", "the macro \\p has too few arguments"},
      {"\\newcommand{\\p}[1]{#1}\\[{a\\p}\\]", "the macro \\p has too few arguments"},
      {"\\def\\a#1.{#1}\\[\\a x.\\]", "the macro \\a has delimited arguments"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
    struct jac_document document = note_read(cases[k].text, JAC_NOTES_LATEX);
    ck_assert_uint_eq(document.count, 1);
    ck_assert_ptr_nonnull(document.item[0].problem);
    ck_assert_msg(strncmp(document.item[0].problem, cases[k].problem,
                          strlen(cases[k].problem)) == 0,
                  "%s", document.item[0].problem);
    ck_assert_ptr_nonnull(strchr(document.item[0].text, '\\'));
    jac_document_free(&document);
  }
}
END_TEST

/* Bombs in every formula are bounded together. */
START_TEST(many_bombs) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&text, "\\def\\a{xxxxxxxxxxxxxxxx\\a}\\def\\b{y}");
  for (int k = 0; k < 1000; k++)
    jac_buffer_add(&text, "$\\a$ $\\b$");
  struct jac_document document = note_read(text.text, JAC_NOTES_LATEX);
  ck_assert_uint_eq(document.count, 2000);
  ck_assert_str_eq(document.item[1].text, "y");
  ck_assert_ptr_nonnull(strstr(document.item[1999].problem, "in this file"));
  jac_document_free(&document);
  jac_buffer_free(&text);
}
END_TEST

Suite *notes_latex_suite(void);
Suite *notes_latex_suite(void) {
  Suite *suite = suite_create("notes: latex");
  TCase *tests = tcase_create("latex");
  tcase_add_test(tests, every_environment);
  tcase_add_test(tests, signs);
  tcase_add_test(tests, text_around);
  tcase_add_test(tests, without_end);
  tcase_add_loop_test(tests, author_macros, 0, sizeof macros / sizeof macros[0]);
  tcase_add_test(tests, shorthands_of_environments);
  tcase_add_test(tests, malformed_definitions);
  tcase_add_test(tests, places_after_expansion);
  tcase_add_test(tests, bombs);
  tcase_add_test(tests, many_bombs);
  suite_add_tcase(suite, tests);
  return suite;
}
