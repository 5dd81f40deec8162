/* What the files of questions share: a question while it is made. */
#ifndef VISUAL_CLI_QUESTION_INTERNAL_H
#define VISUAL_CLI_QUESTION_INTERNAL_H

#include "jacobian/values.h"
#include "visual/cli/question.h"
#include "visual/view.h"

#include <gsl/gsl_rng.h>

struct jac_making {
  struct jac_question *q;
  const struct jac_style *style;
  const struct jac_question_wish *wish;
  gsl_rng *draw;
  struct jac_map *map;
  struct jac_values values;
  size_t wrt;
  struct jac_array3 J; /* the truth */
  struct jac_view view;
  bool has_view;
  struct jac_error *err;
};

/* A kind of question: a row of the table in question.c. */
struct jac_question_type {
  const char *const *specs; /* modules that suit it, ended by NULL */
  size_t batch, batches;    /* the batch is drawn: batch to batch + batches - 1 */
  unsigned level;           /* from which on it is asked */
  /* Fills the question about making's map; *asked false: it cannot be asked of it. */
  enum jac_status (*ask)(struct jac_making *m, bool *asked);
};

extern const struct jac_question_type jac_question_mistake, jac_question_shape,
    jac_question_entry, jac_question_block, jac_question_transpose, jac_question_chain,
    jac_question_formula;

/* A number below count. */
size_t jac_making_pick(struct jac_making *m, size_t count);

/* The view of the Jacobian, once. */
enum jac_status jac_making_view(struct jac_making *m, enum jac_entries entries);

/* A choice, owned: its text, and why it is not right (NULL for the right one). */
struct jac_choice {
  char *text, *why;
};

/* Adds the choices in an order that is drawn, the first being the right one, and frees
 * them. JAC_ENOMEM where a text is missing. */
enum jac_status jac_making_choices(struct jac_making *m, struct jac_choice *choice,
                                   size_t count);

/* The text of a format, owned; NULL when memory runs out. */
char *jac_making_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The label of a native row and of a column, as text in out. */
void jac_making_place(struct jac_making *m, size_t slice, size_t row, size_t col,
                      struct jac_buffer *out);

/* The right Jacobian with its heading, for the explanation. */
enum jac_status jac_making_truth(struct jac_making *m);

/* Judges a formula; frees what it is about. */
enum jac_answer jac_question_judge_formula(const struct jac_question *q, const char *word,
                                           struct jac_buffer *reply);
void jac_question_subject_free(struct jac_question_subject *subject);

#endif
