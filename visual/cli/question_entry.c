/* Which formula is this entry; which formula is the Jacobian? */
#include "jacobian/text.h"
#include "visual/cli/claim.h"
#include "visual/cli/question_internal.h"
#include "visual/text.h"

#include <stdlib.h>
#include <string.h>

/* Entries that are written differently, with where they stand; the first is asked for. */
struct symbols {
  char *text[JAC_QUESTION_CHOICES];
  size_t row[JAC_QUESTION_CHOICES], col[JAC_QUESTION_CHOICES], count;
};

static enum jac_status collect(struct jac_making *m, struct symbols *s) {
  size_t rows = m->view.layout.rows, cols = m->view.layout.cols, all = rows * cols;
  size_t start = jac_making_pick(m, all), step = 1 + jac_making_pick(m, all);
  enum jac_status status = JAC_OK;
  while (all % 2 == 0 && step % 2 == 0)
    step++;
  for (size_t k = 0; k < 4 * all && s->count < JAC_QUESTION_CHOICES && status == JAC_OK;
       k++) {
    size_t at = (start + k * step) % all;
    struct jac_buffer text = JAC_BUFFER_INIT;
    status = jac_view_symbol(&m->view, 0, at / cols, at % cols,
                             jac_style_notation(m->style), &text, m->err);
    bool known = status != JAC_OK;
    for (size_t c = 0; c < s->count; c++)
      known = known || strcmp(s->text[c], text.text) == 0;
    if (!known && (s->text[s->count] = jac_buffer_take(&text)) != NULL) {
      s->row[s->count] = at / cols;
      s->col[s->count++] = at % cols;
    }
    jac_buffer_free(&text);
  }
  return status;
}

/* The value of entry k says whether another symbol could stand for it: equal values do
 * not tell two apart. */
static bool told_apart(const struct jac_making *m, const struct symbols *s, size_t k) {
  double a = jac_view_value(&m->view, 0, s->row[0], s->col[0]);
  double b = jac_view_value(&m->view, 0, s->row[k], s->col[k]);
  return a != b;
}

static enum jac_status ask_entry(struct jac_making *m, bool *asked) {
  struct symbols s = {.count = 0};
  *asked = false;
  if (m->map->var[m->wrt].entry == NULL)
    return JAC_OK;
  enum jac_status status = jac_making_view(m, JAC_ENTRIES_SYMBOLS);
  if (status == JAC_OK)
    status = collect(m, &s);
  struct jac_choice choice[JAC_QUESTION_CHOICES] = {{NULL, NULL}};
  size_t count = 0;
  struct jac_buffer place = JAC_BUFFER_INIT;
  for (size_t k = 0; k < s.count && status == JAC_OK; k++) {
    if (k > 0 && !told_apart(m, &s, k))
      continue;
    jac_buffer_clear(&place);
    jac_making_place(m, 0, s.row[k], s.col[k], &place);
    choice[count++] =
        (struct jac_choice){jac_making_text("%s", s.text[k]),
                            k > 0 ? jac_making_text(_("That is %s."), place.text) : NULL};
  }
  *asked = status == JAC_OK && count >= 2;
  if (*asked) {
    enum jac_notation notation = jac_style_notation(m->style);
    struct jac_buffer label = JAC_BUFFER_INIT;
    jac_text_heading(&m->view, m->style, &m->q->text);
    jac_view_row_label(&m->view, notation, 0, s.row[0], &label);
    jac_buffer_printf(&m->q->text, _("\nWhat stands in row %s, "), label.text);
    jac_buffer_printf(&m->q->hint,
                      _("Hold everything fast but the variable of the column "
                        "and differentiate %s"),
                      label.text);
    jac_buffer_clear(&label);
    jac_view_col_label(&m->view, notation, 0, s.col[0], &label);
    jac_buffer_printf(&m->q->text, _("column %s?\n"), label.text);
    jac_buffer_printf(&m->q->hint, _(" by %s."), label.text);
    jac_buffer_free(&label);
    status = jac_making_choices(m, choice, count);
    if (status == JAC_OK)
      status = jac_making_truth(m);
  } else
    for (size_t k = 0; k < count; k++) {
      free(choice[k].text);
      free(choice[k].why);
    }
  jac_buffer_free(&place);
  for (size_t k = 0; k < s.count; k++)
    free(s.text[k]);
  return status;
}

/* What a typed formula is judged by. */
struct jac_question_subject {
  struct jac_subject subject;
  size_t wrt;
  struct jac_array3 J;
};

/* Whether the judge takes the module's own entry: what it cannot read is not asked. */
static bool readable(struct jac_making *m) {
  struct jac_options options = {
      .claim = m->map->var[m->wrt].entry, .order = JAC_ORDER_F, .seed = 1};
  struct jac_subject subject = {.map = m->map, .values = m->values};
  struct jac_claim_verdict verdict = {.diagnosis = JAC_BUFFER_INIT};
  struct jac_error quiet = {JAC_OK, ""};
  bool right =
      jac_claim_judge(&options, &subject, m->wrt, &m->J, &verdict, &quiet) == JAC_OK &&
      verdict.result.verdict == JAC_VERDICT_AGREES;
  jac_buffer_free(&verdict.diagnosis);
  return right;
}

static enum jac_status ask_formula(struct jac_making *m, bool *asked) {
  bool zero = true; /* of such a Jacobian any formula would do */
  for (size_t k = 0; k < m->J.slices * m->J.rows * m->J.cols; k++)
    zero = zero && m->J.data[k] == 0.0;
  *asked = false;
  if (m->map->var[m->wrt].entry == NULL || m->map->coupled || m->map->channels > 0 ||
      zero || !readable(m))
    return JAC_OK;
  enum jac_status status = jac_making_view(m, JAC_ENTRIES_SYMBOLS);
  struct jac_question_subject *subject = calloc(1, sizeof *subject);
  if (status != JAC_OK || subject == NULL) {
    free(subject);
    return status != JAC_OK ? status : jac_fail_memory(m->err);
  }
  *asked = true;
  jac_text_heading(&m->view, m->style, &m->q->text);
  jac_buffer_add(
      &m->q->text,
      _("\nWrite this Jacobian as a formula: an entry, with i for the output "
        "and j for the\nvariable (delta(i,j)*...), or a matrix (diag(...)).\n"));
  jac_buffer_printf(&m->q->hint, _("The entry in row 1, column 1 is "));
  status = jac_view_symbol(&m->view, 0, 0, 0, jac_style_notation(m->style), &m->q->hint,
                           m->err);
  jac_buffer_add(&m->q->hint, ".");
  jac_buffer_printf(&m->q->because, "%s\n", m->map->var[m->wrt].entry);
  if (status == JAC_OK)
    status = jac_making_truth(m);
  /* The map stays with the question. */
  jac_view_free(&m->view);
  m->has_view = false;
  *subject = (struct jac_question_subject){
      .subject = {.map = m->map, .values = m->values}, .wrt = m->wrt, .J = m->J};
  m->map = NULL;
  m->values = (struct jac_values){0};
  m->J = (struct jac_array3){0};
  m->q->subject = subject;
  return status;
}

void jac_question_subject_free(struct jac_question_subject *subject) {
  if (subject == NULL)
    return;
  jac_array3_free(&subject->J);
  jac_subject_free(&subject->subject);
  free(subject);
}

enum jac_answer jac_question_judge_formula(const struct jac_question *q, const char *word,
                                           struct jac_buffer *reply) {
  const struct jac_question_subject *s = q->subject;
  struct jac_options options = {.claim = word, .order = JAC_ORDER_F, .seed = 1};
  struct jac_claim_verdict verdict;
  struct jac_error err = {JAC_OK, ""};
  word += strspn(word, " \t");
  if (*word == '\0' ||
      jac_claim_judge(&options, &s->subject, s->wrt, &s->J, &verdict, &err) != JAC_OK) {
    jac_buffer_add(reply, *word == '\0'
                              ? _("A formula, please; h gives a hint, ? tells the "
                                  "answer, q ends the quiz.")
                              : err.message);
    return JAC_ANSWER_UNREAD;
  }
  bool right = !verdict.shape_wrong && verdict.result.verdict != JAC_VERDICT_DIFFERS;
  if (right && verdict.how[0] != '\0')
    jac_buffer_printf(reply, _("It holds %s."), verdict.how);
  else if (!right && verdict.diagnosis.length > 0)
    jac_buffer_printf(reply, _("Most likely: %s."), verdict.diagnosis.text);
  jac_buffer_free(&verdict.diagnosis);
  return right ? JAC_ANSWER_RIGHT : JAC_ANSWER_WRONG;
}

static const char *const entries[] = {"linear:3x2",      "linear:2x3", "softmax:3",
                                      "tanh:3",          "sigmoid:3",  "layer-norm:3",
                                      "cross-entropy:3", "mse:3",      NULL};
static const char *const formulas[] = {"tanh:3",        "sigmoid:3",  "softmax:3",
                                       "mse:3",         "softplus:3", "cross-entropy:3",
                                       "log-softmax:3", NULL};

const struct jac_question_type jac_question_entry = {
    .specs = entries, .batch = 1, .batches = 1, .level = 1, .ask = ask_entry};
const struct jac_question_type jac_question_formula = {
    .specs = formulas, .batch = 1, .batches = 1, .level = 3, .ask = ask_formula};
