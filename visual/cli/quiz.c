/* jacobian quiz [MODULE]: questions in the terminal. */
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/question.h"
#include "visual/grid.h"

#include <string.h>
#include <time.h>

enum { QUESTIONS = 5, LINE = 500 };

/* One line of what was typed; false at the end of it. The rest of a longer line is
 * skipped. */
static bool read_line(char line[LINE]) {
  if (fgets(line, LINE, stdin) == NULL)
    return false;
  if (strchr(line, '\n') == NULL)
    for (int c = getchar(); c != '\n' && c != EOF;)
      c = getchar();
  line[strcspn(line, "\r\n")] = '\0';
  return true;
}

/* Kinds that were missed wait here until they are asked again. */
enum { WAITING = 8, APART = 2 };

struct missed {
  int kind;
  enum jac_mistake mistake;
  size_t when; /* the number of the question that was missed */
};

struct score {
  size_t asked, right, second;
  size_t in_a_row;
  unsigned level;
  bool over; /* nobody answers any more */
  struct missed waiting[WAITING];
  size_t nwaiting;
};

static void say(const struct jac_style *style, unsigned paint, const char *text) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_paint_add(style, paint, text, &out);
  fputs(out.text, stdout);
  jac_buffer_free(&out);
}

/* One answer: judged, its reason said. *asked_for is set where the answer was to be told;
 * the score's over where nobody answers. */
static enum jac_answer one_answer(const struct jac_question *q, bool *told,
                                  struct score *score) {
  char line[LINE];
  for (;;) {
    struct jac_buffer reply = JAC_BUFFER_INIT;
    fputs("> ", stdout);
    fflush(stdout);
    if (!read_line(line) || strcmp(line, "q") == 0) {
      score->over = true;
      fputs("\n", stdout);
      return JAC_ANSWER_UNREAD;
    }
    if (*line == '?') {
      *told = true;
      return JAC_ANSWER_WRONG;
    }
    if (strcmp(line, "h") == 0) {
      printf("%s\n", q->hint.text);
      continue;
    }
    enum jac_answer answer = jac_question_judge(q, line, &reply);
    if (answer == JAC_ANSWER_UNREAD || (answer == JAC_ANSWER_RIGHT && reply.length > 0))
      printf("%s\n", reply.text);
    else if (answer == JAC_ANSWER_WRONG)
      printf(_("No. %s\n"), reply.length > 0 ? reply.text : "");
    jac_buffer_free(&reply);
    if (answer != JAC_ANSWER_UNREAD)
      return answer;
  }
}

/* Two tries; the first counts in full. */
static void answer(const struct jac_question *q, size_t number,
                   const struct jac_style *style, struct score *score) {
  bool told = false, first = true;
  enum jac_answer answer = one_answer(q, &told, score);
  if (answer == JAC_ANSWER_WRONG && !told) {
    /* Of two choices one is left. */
    first = false;
    if (q->choices != 2) {
      printf("%s\n", _("Once more; h gives a hint."));
      answer = one_answer(q, &told, score);
    }
  }
  if (score->over)
    return;
  score->asked++;
  if (answer == JAC_ANSWER_RIGHT && first)
    score->right++;
  else if (answer == JAC_ANSWER_RIGHT)
    score->second++;
  bool good = answer == JAC_ANSWER_RIGHT && first;
  if (!good && score->nwaiting < WAITING)
    score->waiting[score->nwaiting++] = (struct missed){(int)q->kind, q->mistake, number};
  score->in_a_row = good ? score->in_a_row + 1 : 0;
  if (answer == JAC_ANSWER_RIGHT)
    say(style, JAC_PAINT_TITLE, _("Right: "));
  else
    say(style, JAC_PAINT_WRONG, told ? _("It is: ") : _("No, it is: "));
  printf("%s\n", q->because.text);
}

/* What comes next: a kind that was missed some questions ago, or the next by turn; three
 * right in a row are a level. */
static struct jac_question_wish next_wish(const char *module, size_t number,
                                          struct score *score) {
  if (score->in_a_row >= 3 && score->level < JAC_MISTAKE_LEVELS) {
    score->level++;
    score->in_a_row = 0;
    printf(_("\nLevel %u\n"), score->level);
  }
  struct jac_question_wish wish = {module, -1, JAC_MISTAKES, score->level};
  if (score->nwaiting == 0 || score->waiting[0].when + APART > number)
    return wish;
  wish.kind = score->waiting[0].kind;
  wish.mistake = score->waiting[0].mistake;
  memmove(score->waiting, score->waiting + 1,
          --score->nwaiting * sizeof score->waiting[0]);
  return wish;
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  struct score score = {.level = options->level > 0 ? (unsigned)options->level : 1};
  size_t questions = options->questions > 0 ? options->questions : QUESTIONS;
  unsigned long seed = options->seed;
  if (options->nspec > 1) {
    jac_fail(err, JAC_EINPUT, _("a quiz is about one module, or any: name one at most"));
    return JAC_EXIT_FAULT;
  }
  if (!options->seed_given)
    seed = (unsigned long)time(NULL) % 100000;
  for (size_t k = 0; k < questions && !score.over; k++) {
    struct jac_question q;
    struct jac_question_wish wish =
        next_wish(options->nspec > 0 ? options->spec[0] : NULL, k, &score);
    enum jac_status status = jac_question_new(&wish, seed, k, &style, &q, err);
    if (status == JAC_OK) {
      if (k == 0)
        printf(_("Quiz --seed %lu: %zu questions. h gives a hint, ? tells the answer, q "
                 "ends it.\n"),
               seed, questions);
      printf("\n%zu/%zu  %s", k + 1, questions, q.text.text);
      answer(&q, k, &style, &score);
    }
    jac_question_free(&q);
    if (status != JAC_OK)
      return JAC_EXIT_FAULT;
  }
  printf(_("%zu of %zu right"), score.right, score.asked);
  if (score.second > 0)
    printf(_(", %zu at the second try"), score.second);
  fputs("\n", stdout);
  return JAC_EXIT_OK;
}

const struct jac_command jac_command_quiz = {
    .name = "quiz",
    .usage = N_("[MODULE] [OPTIONS]"),
    .summary =
        N_("questions about Jacobians: find the mistake, say the shape, the entry"),
    .details = N_(
        "A Jacobian with a classic mistake in it, a shape, an entry, W or W^T, a block,\n"
        "the chain rule, a formula to type. A wrong answer is told why it is wrong, and\n"
        "has a second try; what was missed comes back; three right in a row lead to the\n"
        "next level. --seed N asks the same of everyone."),
    .examples = "  jacobian quiz\n"
                "  jacobian quiz softmax --seed 7\n"
                "  jacobian quiz --level 3\n"
                "  jacobian quiz linear:3x3 --questions 10\n",
    .run = run,
};
