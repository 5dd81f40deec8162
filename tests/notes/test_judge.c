/* Notes judged: what holds in tests/notes/claims/right.md holds, what is wrong in
 * wrong.md is found wrong, and what is said of single claims. */
#include "jacobian/notes/judge.h"
#include "jacobian/notes/read.h"
#include "layers/subject.h"
#include "tests/slow.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_notes_modules modules = {jac_subject_facts, NULL};

static void judge(const char *text, struct jac_findings *findings) {
  struct jac_document document;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_notes_read(text, strlen(text), JAC_NOTES_MARKDOWN, &document, &err) ==
                    JAC_OK,
                "%s", err.message);
  ck_assert_int_eq(jac_notes_judge(&document, &modules, findings, &err), JAC_OK);
  jac_document_free(&document);
}

static void judge_file(const char *path, struct jac_findings *findings) {
  FILE *file = fopen(path, "rb");
  static char text[1 << 20];
  ck_assert_msg(file != NULL, "%s", path);
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  judge(text, findings);
}

START_TEST(right_claims_hold) {
  struct jac_findings f;
  size_t holds = 0;
  judge_file("tests/notes/claims/right.md", &f);
  for (size_t k = 0; k < f.count; k++) {
    ck_assert_msg(f.finding[k].verdict != JAC_FINDING_WRONG &&
                      f.finding[k].verdict != JAC_FINDING_UNREAD,
                  "line %zu: %s: %s: %s", f.finding[k].line,
                  jac_finding_name(f.finding[k].verdict), f.finding[k].claim,
                  f.finding[k].diagnosis != NULL ? f.finding[k].diagnosis : "");
    holds += f.finding[k].verdict == JAC_FINDING_HOLDS;
  }
  ck_assert_uint_ge(holds, 100);
  jac_findings_free(&f);
}
END_TEST

/* Nothing wrong holds; nearly all is refuted, the rest said not to be true as it is read.
 */
START_TEST(wrong_claims_do_not) {
  struct jac_findings f;
  size_t wrong = 0, doubted = 0;
  judge_file("tests/notes/claims/wrong.md", &f);
  for (size_t k = 0; k < f.count; k++) {
    bool doubt = f.finding[k].verdict == JAC_FINDING_UNREAD &&
                 strstr(f.finding[k].diagnosis, "not true as it is read") != NULL;
    ck_assert_msg(f.finding[k].verdict == JAC_FINDING_WRONG || doubt ||
                      f.finding[k].verdict == JAC_FINDING_UNJUDGED,
                  "line %zu: %s: %s", f.finding[k].line,
                  jac_finding_name(f.finding[k].verdict), f.finding[k].claim);
    wrong += f.finding[k].verdict == JAC_FINDING_WRONG;
    doubted += doubt;
  }
  ck_assert_uint_ge(wrong, 60);
  ck_assert_uint_le(doubted, 3);
  jac_findings_free(&f);
}
END_TEST

/* Notes in which nobody says what letters mean: what is right holds, what is wrong is
 * found, and what is not said is neither. */
START_TEST(plain_notes) {
  static const struct {
    const char *path;
    unsigned verdicts;
    size_t least;
  } files[] = {
      {"plain_right", 1u << JAC_FINDING_HOLDS | 1u << JAC_FINDING_CONVENTION, 24},
      {"plain_wrong", 1u << JAC_FINDING_WRONG, 9}, /* one more is doubted */
      {"plain_unclear", 1u << JAC_FINDING_UNREAD, 10}};
  struct jac_findings f;
  size_t judged = 0;
  char path[80];
  snprintf(path, sizeof path, "tests/notes/claims/%s.md", files[_i].path);
  judge_file(path, &f);
  for (size_t k = 0; k < f.count; k++) {
    unsigned bit = 1u << f.finding[k].verdict;
    if (_i == 1 && f.finding[k].verdict == JAC_FINDING_UNREAD &&
        strstr(f.finding[k].diagnosis, "not true as it is read") != NULL)
      continue;
    ck_assert_msg((bit & (files[_i].verdicts | 1u << JAC_FINDING_UNJUDGED)) != 0,
                  "%s:%zu: %s: %s: %s", path, f.finding[k].line,
                  jac_finding_name(f.finding[k].verdict), f.finding[k].claim,
                  f.finding[k].diagnosis != NULL ? f.finding[k].diagnosis : "");
    judged += (bit & files[_i].verdicts) != 0;
  }
  ck_assert_uint_ge(judged, files[_i].least);
  jac_findings_free(&f);
}
END_TEST

/* Single claims: the verdict of the last link, and what is said. */
static const struct {
  const char *subject, *latex;
  enum jac_finding_verdict verdict;
  const char *says; /* in the convention, the diagnosis or the correction */
} claims[] = {
    {"linear", "J_{M_W}^{z^{k-1}} = W", JAC_FINDING_WRONG, "it is the transpose"},
    {"linear", "J_{M_W}^{z^{k-1}} = W^T = W", JAC_FINDING_WRONG, "it is the transpose"},
    {"linear", "J_{M_W}^{z^{k-1}} = I \\otimes z^{k-1}", JAC_FINDING_WRONG,
     "its shape is"},
    {"softmax", "J = \\operatorname{diag}(s) - s s^\\top", JAC_FINDING_CONVENTION,
     "column vectors"},
    {"softmax", "\\frac{\\partial s}{\\partial z} = s(1-s)", JAC_FINDING_WRONG,
     "it is the diagonal only"},
    {"softmax", "\\frac{\\partial s_i}{\\partial z_j} = s_i s_j - s_i \\delta_{ij}",
     JAC_FINDING_WRONG, "it has the opposite sign"},
    {"softmax", "\\frac{\\partial s_i}{\\partial z_j} = s_i", JAC_FINDING_WRONG, NULL},
    {NULL, "\\nabla_x (x^T A x) = 2Ax", JAC_FINDING_CONVENTION,
     "only for symmetric matrices"},
    {NULL, "\\frac{\\partial a^T X b}{\\partial X} = b a^T", JAC_FINDING_CONVENTION,
     "a gradient is a row (numerator layout)"},
    {NULL, "\\frac{\\partial}{\\partial X} \\operatorname{Tr}(X^T X) = X",
     JAC_FINDING_WRONG, "a factor 2 is missing"},
    /* A fraction is given another number, not one more before it. */
    {NULL, "\\nabla_x (\\frac{1}{6} x^T x) = \\frac{x}{6}", JAC_FINDING_WRONG,
     "\\frac{x}{3}"},
    {NULL, "\\nabla_x (x^T x) = \\frac{x}{2}", JAC_FINDING_WRONG, "2 x"},
    {NULL, "\\nabla_x (-\\frac{1}{2} x^T x) = -\\frac{x}{2}", JAC_FINDING_WRONG, "-x"},
    {"y = W x + b",
     "\\frac{\\partial L}{\\partial x} = \\frac{\\partial L}{\\partial y} "
     "\\frac{\\partial "
     "y}{\\partial x} = W^T \\frac{\\partial L}{\\partial y}",
     JAC_FINDING_HOLDS, NULL},
    {"y = W x + b",
     "\\frac{\\partial L}{\\partial W} = x^T \\frac{\\partial L}{\\partial y}",
     JAC_FINDING_WRONG, "\\frac{\\partial L}{\\partial y} x^T"},
    {"y = W x + b", "\\frac{\\partial y}{\\partial x} = W^T", JAC_FINDING_CONVENTION,
     "the transpose layout"},
    {"y = W x + b; let a = x", "\\frac{\\partial y}{\\partial a} = W", JAC_FINDING_HOLDS,
     NULL},
    {"y = A * x; * is elementwise", "\\frac{\\partial y_i}{\\partial x_i} = A_i",
     JAC_FINDING_HOLDS, NULL},
    {"tanh", "\\frac{\\partial y}{\\partial z} = 1 - y^2", JAC_FINDING_CONVENTION,
     "a vector stands for the diagonal"},
    {"tanh", "\\frac{\\partial y}{\\partial q} = 1 - y^2", JAC_FINDING_UNREAD,
     "nothing says how y depends on q"},
    {"tanh", "\\frac{\\partial y}{\\partial z} = \\lambda y", JAC_FINDING_UNREAD,
     "nothing says what lambda is"},
    {"tanh", "\\frac{\\partial y}{\\partial z} = \\foo y", JAC_FINDING_UNREAD,
     "nothing says what \\foo is"},
    {"tanh", "\\frac{\\partial y_i}{\\partial z_j} = \\delta_{ij} (1 - z_i^2)",
     JAC_FINDING_WRONG, "z stands where y was meant"},
    {"sigmoid", "\\frac{\\partial y_i}{\\partial z_i} = z_i (1 - z_i)", JAC_FINDING_WRONG,
     "z stands where y was meant"},
    {NULL, "J_{F}(M) = A", JAC_FINDING_UNREAD, "nothing says"},
    {"y = W x", "J_{q}^{r} = W", JAC_FINDING_UNREAD, "depends on r"},
    {"y = W x", "J_y \\left( x \\right) = W", JAC_FINDING_HOLDS, NULL},
    {"y = W x", "(J_y)_{1,2} = W_{1,2}", JAC_FINDING_HOLDS, NULL},
    {"y = W x", "J_y + 1 = W", JAC_FINDING_WRONG, NULL},
    {"y = A x; A in R^{2 x 3}", "\\frac{\\partial y}{\\partial x} = A", JAC_FINDING_HOLDS,
     NULL},
    {"h_i = \\tanh(x_i)",
     "\\frac{\\partial h_i}{\\partial x_j} = \\delta_{ij} (1 - h_i^2)", JAC_FINDING_HOLDS,
     NULL},
    {"linear; vectors=columns", "J_{M_W}^{z} = W", JAC_FINDING_HOLDS, NULL},
    {"linear; batch=2; bogus", "J = W", JAC_FINDING_UNREAD, "not understood"},
    {"y = ", "J = W", JAC_FINDING_UNREAD, NULL},
    {"y + 1", "J = W", JAC_FINDING_UNREAD, NULL},
    {"linear tanh linear", "\\frac{\\partial y}{\\partial z^{2}} = W_3^\\top",
     JAC_FINDING_HOLDS, NULL},
    {"conv1d", "y = z", JAC_FINDING_UNREAD, "conv1d has no definition in vectors"},
    {"sofmax", "y = z", JAC_FINDING_UNREAD, "did you mean softmax?"},
    {NULL, "x \\leftarrow x - \\eta g", JAC_FINDING_UNJUDGED, "no equality"},
    /* A line that goes on with a sign, or ends with one or within brackets, ends nothing.
     */
    {"linear",
     "\\begin{aligned} \\frac{\\partial y}{\\partial z} &= W^\\top \\\\ &\\quad - "
     "W^\\top "
     "\\end{aligned}",
     JAC_FINDING_WRONG, "too many"},
    {"linear",
     "\\begin{aligned} \\frac{\\partial y}{\\partial z} &= 2 W^\\top \\\\ &\\qquad {} - "
     "W^\\top \\end{aligned}",
     JAC_FINDING_HOLDS, NULL},
    {"linear", "\\frac{\\partial y}{\\partial z} = W^\\top + \\\\ 0 W^\\top",
     JAC_FINDING_HOLDS, NULL},
    {"linear",
     "\\begin{split} \\frac{\\partial y}{\\partial z} &= (2 \\\\ &\\quad - 1) W^\\top "
     "\\end{split}",
     JAC_FINDING_HOLDS, NULL},
    {"linear", "a = b \\\\ -\\frac{\\partial y}{\\partial z} = -W^\\top",
     JAC_FINDING_HOLDS, NULL},
    {NULL,
     "J = \\begin{pmatrix} \\frac{\\partial f_1}{\\partial x_1} & \\cdots & "
     "\\frac{\\partial "
     "f_1}{\\partial x_n} \\\\ \\vdots & \\ddots & \\vdots \\\\ \\frac{\\partial "
     "f_m}{\\partial "
     "x_1} & \\cdots & \\frac{\\partial f_m}{\\partial x_n} \\end{pmatrix} \\in "
     "\\mathbb{R}^{n \\times m}",
     JAC_FINDING_UNJUDGED, NULL},
};

START_TEST(single_claims) {
  char text[2000];
  struct jac_findings f;
  snprintf(text, sizeof text, "%s%s%s\n$$%s$$\n",
           claims[_i].subject != NULL ? "<!-- jacobian: " : "",
           claims[_i].subject != NULL ? claims[_i].subject : "",
           claims[_i].subject != NULL ? " -->\n" : "", claims[_i].latex);
  judge(text, &f);
  ck_assert_uint_ge(f.count, 1);
  /* A fault of the directive is the first finding, a claim's the last. */
  bool directive = f.finding[0].verdict == JAC_FINDING_UNREAD && f.finding[0].link == 0;
  const struct jac_finding *last = &f.finding[directive ? 0 : f.count - 1];
  ck_assert_msg(last->verdict == claims[_i].verdict, "%s: %s, %s", claims[_i].latex,
                jac_finding_name(last->verdict),
                last->diagnosis != NULL ? last->diagnosis : "");
  if (claims[_i].says != NULL) {
    char all[3000];
    snprintf(all, sizeof all, "%s|%s|%s",
             last->convention != NULL ? last->convention : "",
             last->diagnosis != NULL ? last->diagnosis : "",
             last->correction != NULL ? last->correction : "");
    ck_assert_msg(strstr(all, claims[_i].says) != NULL, "%s: %s", claims[_i].latex, all);
  }
  jac_findings_free(&f);
}
END_TEST

/* A directive ends at the next heading, or at off. */
/* The verdicts of a small note, what is not judged left out; with a convention is with.
 */
static void add_verdicts(const char *note, char *out, size_t size) {
  struct jac_findings f;
  size_t at = 0;
  judge(note, &f);
  out[0] = '\0';
  for (size_t k = 0; k < f.count && at < size; k++) {
    enum jac_finding_verdict v = f.finding[k].verdict;
    if (v == JAC_FINDING_UNJUDGED)
      continue;
    v = v == JAC_FINDING_CONVENTION ? JAC_FINDING_HOLDS : v;
    at += (size_t)snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "",
                           jac_finding_name(v));
  }
  jac_findings_free(&f);
}

/* tests/notes/small.md: notes between lines of ---, their verdicts in a comment before.
 */
START_TEST(small_notes) {
  static char text[1 << 18];
  FILE *file = fopen("tests/notes/small.md", "rb");
  ck_assert_ptr_nonnull(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  size_t notes = 0;
  for (char *note = text, *next; note != NULL; note = next) {
    char found[400], expected[400];
    next = strstr(note, "\n---\n");
    if (next != NULL) {
      next[1] = '\0';
      next += 5;
    }
    ck_assert_msg(sscanf(note, "<!-- %399[^>]", expected) == 1, "%.200s", note);
    expected[strcspn(expected, "-") - 1] = '\0';
    if (is_left_out(notes++))
      continue;
    add_verdicts(strchr(note, '\n') + 1, found, sizeof found);
    if (found[0] == '\0')
      strcpy(found, "nothing");
    ck_assert_msg(strcmp(found, expected) == 0, "%s\n%s, not %s", note, found, expected);
  }
  ck_assert_uint_gt(notes, 3);
}
END_TEST

START_TEST(directives_end) {
  struct jac_findings f;
  judge("<!-- jacobian: linear -->\n$$J = W^T$$\n# Next\n$$J = W^T$$\n"
        "<!-- jacobian: linear -->\n<!-- jacobian: off -->\n$$J = W^T$$\n",
        &f);
  ck_assert_uint_eq(f.count, 3);
  ck_assert_int_eq(f.finding[0].verdict, JAC_FINDING_HOLDS);
  ck_assert_str_eq(f.finding[1].diagnosis, "a definition");
  ck_assert_int_eq(f.finding[2].verdict, JAC_FINDING_UNJUDGED);
  ck_assert_uint_eq(f.finding[1].line, 4);
  ck_assert_uint_eq(f.finding[1].column, 7);
  ck_assert_uint_eq(f.displays, 3);
  jac_findings_free(&f);
}
END_TEST

Suite *judge_suite(void);
Suite *judge_suite(void) {
  Suite *suite = suite_create("judge");
  TCase *tc = tcase_create("judge");
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, small_notes);
  tcase_add_test(tc, right_claims_hold);
  tcase_add_test(tc, wrong_claims_do_not);
  tcase_add_loop_test(tc, plain_notes, 0, 3);
  tcase_add_loop_test(tc, single_claims, 0, sizeof claims / sizeof claims[0]);
  tcase_add_test(tc, directives_end);
  suite_add_tcase(suite, tc);
  return suite;
}
