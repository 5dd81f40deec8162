/* jacobian quiz [MODULE]: questions in the terminal. */
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/question.h"
#include "visual/grid.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUESTIONS = 5, LINE = 200 };

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

struct score {
  size_t asked, right;
  bool over; /* nobody answers any more */
};

static void answer(const struct jac_question *q, const struct jac_style *style,
                   struct score *score) {
  char line[LINE];
  struct jac_buffer out = JAC_BUFFER_INIT;
  enum jac_answer answer = JAC_ANSWER_UNREAD;
  while (answer == JAC_ANSWER_UNREAD) {
    fputs("> ", stdout);
    fflush(stdout);
    if (!read_line(line) || strcmp(line, "q") == 0) {
      score->over = true;
      fputs("\n", stdout);
      return;
    }
    answer = *line == '?' ? JAC_ANSWER_WRONG : jac_question_judge(q, line);
    if (answer == JAC_ANSWER_UNREAD)
      printf("%s\n",
             q->choices > 0
                 ? _("A letter, please; ? tells the answer, q ends the quiz.")
                 : _("A shape such as 2x6, please; ? tells the answer, q ends the "
                     "quiz."));
  }
  score->asked++;
  score->right += answer == JAC_ANSWER_RIGHT;
  if (answer == JAC_ANSWER_RIGHT)
    jac_paint_add(style, JAC_PAINT_TITLE, _("Right: "), &out);
  else
    jac_paint_add(style, JAC_PAINT_WRONG, *line == '?' ? _("It is: ") : _("No, it is: "),
                  &out);
  printf("%s%s\n", out.text, q->because.text);
  jac_buffer_free(&out);
}

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_style style = jac_options_style(options);
  struct score score = {0, 0, false};
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
    enum jac_status status = jac_question_new(
        options->nspec > 0 ? options->spec[0] : NULL, seed, k, &style, &q, err);
    if (status == JAC_OK) {
      if (k == 0)
        printf(_("Quiz --seed %lu: %zu questions. ? tells the answer, q ends it.\n"),
               seed, questions);
      printf("\n%zu/%zu  %s", k + 1, questions, q.text.text);
      answer(&q, &style, &score);
    }
    jac_question_free(&q);
    if (status != JAC_OK)
      return JAC_EXIT_FAULT;
  }
  printf(_("%zu of %zu right\n"), score.right, score.asked);
  return JAC_EXIT_OK;
}

const struct jac_command jac_command_quiz = {
    .name = "quiz",
    .usage = N_("[MODULE] [OPTIONS]"),
    .summary =
        N_("questions about Jacobians: find the mistake, say the shape, the entry"),
    .details = N_("A Jacobian with a classic mistake in it, a shape, an entry, a block: "
                  "each answer\n"
                  "is explained. --seed N asks the same of everyone."),
    .examples = "  jacobian quiz\n"
                "  jacobian quiz softmax --seed 7\n"
                "  jacobian quiz linear:3x3 --questions 10\n",
    .run = run,
};
