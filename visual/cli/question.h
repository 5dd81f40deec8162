/* One question of the quiz: made from a module and a seed, asked as text, answered by a
 * word. It reads and writes nothing. */
#ifndef VISUAL_CLI_QUESTION_H
#define VISUAL_CLI_QUESTION_H

#include "jacobian/buffer.h"
#include "visual/style.h"

#include <stdbool.h>

enum jac_question_kind {
  JAC_QUESTION_MISTAKE, /* which mistake is in this Jacobian? */
  JAC_QUESTION_SHAPE,   /* what shape has it? */
  JAC_QUESTION_ENTRY,   /* which formula is this entry? */
  JAC_QUESTION_BLOCK    /* what is the block between two samples? */
};
enum { JAC_QUESTION_KINDS = 4, JAC_QUESTION_CHOICES = 4 };

struct jac_question {
  enum jac_question_kind kind;
  struct jac_buffer text;    /* all that is asked, the choices included */
  size_t choices;            /* how many; 0: a shape is asked for */
  size_t right;              /* the right choice, from 0 */
  size_t ndim, shape[3];     /* the right shape */
  struct jac_buffer because; /* the right answer, and why */
};

enum jac_answer { JAC_ANSWER_RIGHT, JAC_ANSWER_WRONG, JAC_ANSWER_UNREAD };

/* The number-th question (from 0) of a seed's quiz on a module, by its name or as a spec;
 * NULL: on modules that are drawn. The same arguments give the same question. Free it
 * with jac_question_free in any case. Errors: JAC_EINPUT for the module, JAC_ENOMEM. */
enum jac_status jac_question_new(const char *module, unsigned long seed, size_t number,
                                 const struct jac_style *style,
                                 struct jac_question *question, struct jac_error *err);
void jac_question_free(struct jac_question *question);

/* "b", "2" or "B" for a choice; "2x3x6", "2 x 3 x 6" or "(2, 3, 6)" for a shape. UNREAD:
 * it is neither. */
enum jac_answer jac_question_judge(const struct jac_question *question, const char *word);

#endif
