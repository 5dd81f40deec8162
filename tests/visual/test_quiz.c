/* The quiz's questions, without a terminal. */
#include "tests/slow.h"
#include "layers/module.h"
#include "visual/cli/question.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_style plain = {false, true, 80, 0};

static void ask_kind(const char *module, int kind, unsigned level, unsigned long seed,
                     size_t number, struct jac_question *q) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_question_wish wish = {module, kind, JAC_MISTAKES, level};
  ck_assert_msg(jac_question_new(&wish, seed, number, &plain, q, &err) == JAC_OK,
                "%s seed %lu number %zu: %s", module != NULL ? module : "any", seed,
                number, err.message);
}

static void ask(const char *module, unsigned long seed, size_t number,
                struct jac_question *q) {
  ask_kind(module, -1, 3, seed, number, q);
}

static enum jac_answer judge(const struct jac_question *q, const char *word,
                             struct jac_buffer *reply) {
  jac_buffer_clear(reply);
  return jac_question_judge(q, word, reply);
}

/* One answer is right, the others are not; a shape's answer is right in every spelling.
 */
static void judge_all(const struct jac_question *q) {
  char word[400];
  struct jac_buffer reply = JAC_BUFFER_INIT;
  ck_assert_uint_gt(q->hint.length, 10);
  if (q->choices > 0) {
    ck_assert_uint_ge(q->choices, 2);
    /* The explanation begins with the choice as it stands in the question. */
    char line[200] = "  ";
    size_t length = strcspn(q->because.text, "\n");
    ck_assert_int_eq(q->because.text[0], (int)('a' + q->right));
    ck_assert_uint_lt(length, sizeof line - 3);
    memcpy(line + 2, q->because.text, length);
    ck_assert_msg(strstr(q->text.text, line) != NULL, "%s", line);
    for (size_t k = 0; k < q->choices; k++) {
      snprintf(word, sizeof word, "%c", (int)('a' + k));
      ck_assert_int_eq(judge(q, word, &reply),
                       k == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG);
      ck_assert_int_eq(reply.length > 10, k != q->right); /* the reason */
      snprintf(word, sizeof word, " %zu)", k + 1);
      ck_assert_int_eq(judge(q, word, &reply),
                       k == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG);
    }
    ck_assert_int_eq(judge(q, "2x6", &reply), JAC_ANSWER_UNREAD);
    jac_buffer_free(&reply);
    return;
  }
  if (q->ndim == 0) { /* a formula: the entry that the module itself has is right */
    snprintf(word, sizeof word, "%.*s", (int)strcspn(q->because.text, "\n"),
             q->because.text);
    ck_assert_msg(judge(q, word, &reply) == JAC_ANSWER_RIGHT, "%s", word);
    char wrong[500];
    snprintf(wrong, sizeof wrong, "3.7*(%s)", word);
    ck_assert_int_eq(judge(q, wrong, &reply), JAC_ANSWER_WRONG);
    ck_assert_uint_gt(reply.length, 5);
    ck_assert_int_eq(judge(q, "tanh(", &reply), JAC_ANSWER_UNREAD);
    ck_assert_uint_gt(reply.length, 5);
    jac_buffer_free(&reply);
    return;
  }
  static const char *const between[] = {"x", " x ", ", ", "*", " ", "×"};
  for (size_t b = 0; b < sizeof between / sizeof between[0]; b++) {
    size_t used = (size_t)snprintf(word, sizeof word, b == 2 ? "(" : "");
    for (size_t k = 0; k < q->ndim; k++)
      used += (size_t)snprintf(word + used, sizeof word - used, "%s%zu",
                               k > 0 ? between[b] : "", q->shape[k]);
    snprintf(word + used, sizeof word - used, b == 2 ? ")" : "");
    ck_assert_msg(judge(q, word, &reply) == JAC_ANSWER_RIGHT, "%s", word);
  }
  snprintf(word, sizeof word, "%zux%zu", q->shape[1], q->shape[0] + 1);
  ck_assert_int_eq(judge(q, word, &reply), JAC_ANSWER_WRONG);
  ck_assert_uint_gt(reply.length, 10);
  ck_assert_int_eq(judge(q, "who knows", &reply), JAC_ANSWER_UNREAD);
  ck_assert_int_eq(judge(q, "", &reply), JAC_ANSWER_UNREAD);
  jac_buffer_free(&reply);
}

START_TEST(every_module_has_questions) {
  if ((size_t)_i % every() != 0)
    return;
  const struct jac_module *module = jac_module_at((size_t)_i);
  for (size_t number = 0; number < 9; number++) {
    struct jac_question q;
    ask(number % 2 == 0 ? module->name : module->example, 3, number, &q);
    judge_all(&q);
    jac_question_free(&q);
  }
}
END_TEST

START_TEST(same_seed_same_quiz) {
  size_t kinds[JAC_QUESTION_KINDS] = {0};
  bool differs = false;
  for (unsigned long seed = 0; seed < part_of(20); seed++)
    for (size_t number = 0; number < 9; number++) {
      struct jac_question a, b, c;
      ask(NULL, seed, number, &a);
      ask(NULL, seed, number, &b);
      ask(NULL, seed + 1, number, &c);
      ck_assert_str_eq(a.text.text, b.text.text);
      ck_assert_str_eq(a.because.text, b.because.text);
      differs = differs || strcmp(a.text.text, c.text.text) != 0;
      kinds[a.kind]++;
      judge_all(&a);
      jac_question_free(&a);
      jac_question_free(&b);
      jac_question_free(&c);
    }
  ck_assert(differs);
  for (size_t k = 0; k < JAC_QUESTION_KINDS; k++)
    ck_assert_uint_gt(kinds[k], part_of(20) / 4);
}
END_TEST

/* What is asked and what is answered are of the same Jacobian, known by other means. */
START_TEST(answers_are_true) {
  size_t zero = 0, shapes = 0;
  for (unsigned long seed = 0; seed < 40; seed++) {
    struct jac_question q;
    ask_kind("softmax:3", JAC_QUESTION_BLOCK, 3, seed, 4, &q);
    ck_assert_ptr_nonnull(strstr(q.because.text, ") zero"));
    jac_question_free(&q);
    ask_kind("batch-norm:2", JAC_QUESTION_BLOCK, 3, seed, 4, &q);
    zero += strstr(q.because.text, ") not zero") != NULL;
    jac_question_free(&q);
    ask_kind("tanh:3", JAC_QUESTION_SHAPE, 3, seed, 1, &q);
    ck_assert(q.shape[0] == (q.ndim == 3 ? q.shape[0] : 3 * (q.shape[0] / 3)));
    if (q.ndim == 3)
      ck_assert(q.shape[1] == 3 && q.shape[2] == 3 && q.shape[0] >= 2);
    else
      ck_assert(q.shape[0] == q.shape[1] && q.shape[0] >= 6);
    shapes += q.ndim == 3;
    jac_question_free(&q);
  }
  ck_assert(zero > 5 && shapes > 5 && shapes < 35);
}
END_TEST

enum { NUMBERS = 200 };

/* The numbers of the tables in a text, row by row; a dot is a structural zero. rows and
 * cols: of one sample. */
static size_t read_tables(const char *text, double value[NUMBERS], size_t *cols) {
  size_t count = 0;
  for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
    char line[400];
    snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
    if (strncmp(line, "  zᵏ", 5) != 0 && strncmp(line, "  ℓ", 4) != 0)
      continue;
    if (strstr(line, "=") != NULL || strtok(line, " ") == NULL)
      continue;
    size_t before = count;
    for (char *word = strtok(NULL, " "); word != NULL; word = strtok(NULL, " ")) {
      char *end;
      double number = strtod(word, &end);
      if (*end == '\0' || strcmp(word, "·") == 0)
        value[count++] = *end == '\0' ? number : 0.0;
      else
        ck_assert_str_eq(word, "│");
    }
    *cols = count - before;
  }
  return count;
}

static bool near(double a, double b, double scale) {
  return fabs(a - b) <= 2e-3 * scale;
}

/* Whether a statement that can be judged by itself is true of the table. */
static bool is_true(const char *statement, const double *a, const double *t, size_t count,
                    size_t cols, double scale) {
  bool holds = true;
  bool sign = strstr(statement, "opposite sign") != NULL,
       turned = strstr(statement, "transpose") != NULL;
  double twice = strstr(statement, "it is 2 times") != NULL ? 2.0
                 : strstr(statement, "it is 1/2") != NULL   ? 0.5
                                                            : 0.0;
  bool kept = strstr(statement, "diagonal only") != NULL,
       lost = strstr(statement, "diagonal is missing") != NULL;
  double identity = strstr(statement, "plus the identity") != NULL    ? 1.0
                    : strstr(statement, "minus the identity") != NULL ? -1.0
                                                                      : 0.0;
  if (!sign && !turned && !kept && !lost && twice == 0.0 && identity == 0.0)
    return false;
  for (size_t k = 0; k < count; k++) {
    size_t square = cols * cols, i = k % square / cols, j = k % cols;
    double x = turned ? t[k - k % square + j * cols + i] : t[k];
    if (sign)
      x = -x;
    if (twice > 0.0)
      x *= twice;
    if (i == j)
      x += identity;
    if ((kept && i != j) || (lost && i == j))
      x = 0.0;
    holds = holds && near(a[k], x, scale);
  }
  return holds;
}

/* The table is not the right one, and of the answers one alone is true: read from the
 * text as it is printed, and judged without the table of mistakes. */
START_TEST(one_answer_is_true) {
  size_t told = 0;
  for (unsigned long seed = 0; seed < part_of(3000); seed++) {
    struct jac_question q;
    double table[NUMBERS], truth[NUMBERS], scale = 0.0, apart = 0.0;
    size_t cols = 0;
    /* layer-norm:2's Jacobian is about 1e-6: beside an identity nobody sees it. */
    ask_kind(seed % 2 == 0 ? NULL : "layer-norm:2", JAC_QUESTION_MISTAKE,
             1 + (unsigned)(seed / 2 % 3), seed, 0, &q);
    if (q.kind == JAC_QUESTION_MISTAKE) {
      size_t count = read_tables(q.text.text, table, &cols);
      ck_assert_uint_eq(read_tables(q.because.text, truth, &cols), count);
      ck_assert_uint_gt(count, 1);
      for (size_t k = 0; k < count; k++) {
        scale = fmax(scale, fmax(fabs(table[k]), fabs(truth[k])));
        apart = fmax(apart, fabs(table[k] - truth[k]));
      }
      ck_assert_msg(apart > 0.01 * scale, "seed %lu: %s", seed, q.text.text);
      const char *line = strstr(q.text.text, "Which?");
      for (size_t c = 0; c < q.choices; c++) {
        line = strchr(line, '\n') + 1;
        char statement[200];
        snprintf(statement, sizeof statement, "%.*s", (int)strcspn(line, "\n"), line);
        bool true_one = is_true(statement, table, truth, count, cols, scale);
        ck_assert_msg(c == q.right || !true_one, "seed %lu, %s: %s", seed, statement,
                      q.text.text);
        told += true_one;
      }
    }
    jac_question_free(&q);
  }
  ck_assert_uint_gt(told, part_of(400));
}
END_TEST

/* W or W^T, products of Jacobians, formulas: each is asked in all its ways. */
START_TEST(products_and_formulas) {
  static const int kinds[] = {JAC_QUESTION_TRANSPOSE, JAC_QUESTION_CHAIN,
                              JAC_QUESTION_FORMULA};
  for (size_t k = 0; k < 3; k++) {
    size_t asked = 0;
    for (unsigned long seed = 0; seed < part_of(60); seed++) {
      struct jac_question q;
      ask_kind(NULL, kinds[k], 3, seed, 2, &q);
      asked += (int)q.kind == kinds[k];
      judge_all(&q);
      jac_question_free(&q);
    }
    ck_assert_uint_ge(asked, part_of(60) * 5 /
                                 6); /* the others: numbers that tell nothing apart */
  }
}
END_TEST

START_TEST(bad_modules) {
  static const char *const bad[] = {"sofmax", "linear:0x2", "", "linear:3x"};
  struct jac_question q;
  struct jac_error err = {JAC_OK, ""};
  struct jac_question_wish wish = {bad[_i], -1, JAC_MISTAKES, 1};
  ck_assert_int_eq(jac_question_new(&wish, 1, 0, &plain, &q, &err), JAC_EINPUT);
  ck_assert_uint_gt(strlen(err.message), 0);
  jac_question_free(&q);
}
END_TEST

Suite *quiz_suite(void);
Suite *quiz_suite(void) {
  Suite *suite = suite_create("quiz");
  TCase *tc = tcase_create("questions");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, every_module_has_questions, 0, (int)jac_module_count());
  tcase_add_test(tc, same_seed_same_quiz);
  tcase_add_test(tc, answers_are_true);
  tcase_add_test(tc, one_answer_is_true);
  tcase_add_test(tc, products_and_formulas);
  tcase_add_loop_test(tc, bad_modules, 0, 4);
  suite_add_tcase(suite, tc);
  return suite;
}
