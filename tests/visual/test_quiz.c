/* The quiz's questions, without a terminal. */
#include "layers/module.h"
#include "visual/cli/question.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_style plain = {false, true, 80};

static void ask(const char *module, unsigned long seed, size_t number,
                struct jac_question *q) {
  struct jac_error err = {JAC_OK, ""};
  ck_assert_msg(jac_question_new(module, seed, number, &plain, q, &err) == JAC_OK,
                "%s seed %lu number %zu: %s", module != NULL ? module : "any", seed,
                number, err.message);
}

/* One answer is right, the others are not; a shape's answer is right in every spelling.
 */
static void judge_all(const struct jac_question *q) {
  char word[80];
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
      ck_assert_int_eq(jac_question_judge(q, word),
                       k == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG);
      snprintf(word, sizeof word, " %zu)", k + 1);
      ck_assert_int_eq(jac_question_judge(q, word),
                       k == q->right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG);
    }
    ck_assert_int_eq(jac_question_judge(q, "2x6"), JAC_ANSWER_UNREAD);
    return;
  }
  static const char *const between[] = {"x", " x ", ", ", "*", " ", "×"};
  for (size_t b = 0; b < sizeof between / sizeof between[0]; b++) {
    size_t used = (size_t)snprintf(word, sizeof word, b == 2 ? "(" : "");
    for (size_t k = 0; k < q->ndim; k++)
      used += (size_t)snprintf(word + used, sizeof word - used, "%s%zu",
                               k > 0 ? between[b] : "", q->shape[k]);
    snprintf(word + used, sizeof word - used, b == 2 ? ")" : "");
    ck_assert_msg(jac_question_judge(q, word) == JAC_ANSWER_RIGHT, "%s", word);
  }
  snprintf(word, sizeof word, "%zux%zu", q->shape[1], q->shape[0] + 1);
  ck_assert_int_eq(jac_question_judge(q, word), JAC_ANSWER_WRONG);
  ck_assert_int_eq(jac_question_judge(q, "who knows"), JAC_ANSWER_UNREAD);
  ck_assert_int_eq(jac_question_judge(q, ""), JAC_ANSWER_UNREAD);
}

START_TEST(every_module_has_questions) {
  const struct jac_module *module = jac_module_at((size_t)_i);
  for (size_t number = 0; number < 10; number++) {
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
  for (unsigned long seed = 0; seed < 20; seed++)
    for (size_t number = 0; number < 5; number++) {
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
    ck_assert_uint_gt(kinds[k], 5);
}
END_TEST

/* What is asked and what is answered are of the same Jacobian, known by other means. */
START_TEST(answers_are_true) {
  size_t zero = 0, shapes = 0;
  for (unsigned long seed = 0; seed < 40; seed++) {
    struct jac_question q;
    ask("softmax:3", seed, 4, &q);
    ck_assert_ptr_nonnull(strstr(q.because.text, ") zero"));
    jac_question_free(&q);
    ask("batch-norm:2", seed, 4, &q);
    zero += strstr(q.because.text, ") not zero") != NULL;
    jac_question_free(&q);
    ask("tanh:3", seed, 1, &q);
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

START_TEST(bad_modules) {
  static const char *const bad[] = {"sofmax", "linear:0x2", "", "linear:3x"};
  struct jac_question q;
  struct jac_error err = {JAC_OK, ""};
  ck_assert_int_eq(jac_question_new(bad[_i], 1, 0, &plain, &q, &err), JAC_EINPUT);
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
  tcase_add_loop_test(tc, bad_modules, 0, 4);
  suite_add_tcase(suite, tc);
  return suite;
}
