/* One question of the quiz: made from a module and a seed, asked as text, answered by a
 * word. It reads and writes nothing. */
#ifndef VISUAL_CLI_QUESTION_H
#define VISUAL_CLI_QUESTION_H

#include "jacobian/buffer.h"
#include "jacobian/mistake.h"
#include "visual/style.h"

#include <stdbool.h>

enum jac_question_kind {
  JAC_QUESTION_MISTAKE,   /* which mistake is in this Jacobian? */
  JAC_QUESTION_SHAPE,     /* what shape has it? */
  JAC_QUESTION_ENTRY,     /* which formula is this entry? */
  JAC_QUESTION_BLOCK,     /* what is the block between two samples? */
  JAC_QUESTION_TRANSPOSE, /* W or W^T? */
  JAC_QUESTION_CHAIN,     /* which product of the modules' Jacobians? */
  JAC_QUESTION_FORMULA    /* which formula, typed and judged? */
};
enum { JAC_QUESTION_KINDS = 7, JAC_QUESTION_CHOICES = 4 };

/* What is to be asked. */
struct jac_question_wish {
  const char *module;       /* by its name or as a spec; NULL: one that is drawn */
  int kind;                 /* enum jac_question_kind; -1: by turn */
  enum jac_mistake mistake; /* of a mistake; JAC_MISTAKES: one that is drawn */
  unsigned level;           /* 1 to JAC_MISTAKE_LEVELS: which kinds there are */
};

struct jac_question {
  enum jac_question_kind kind;
  enum jac_mistake mistake; /* which was planted, where one was */
  struct jac_buffer text;   /* all that is asked, the choices included */
  size_t choices;           /* how many; 0: a shape or a formula is asked for */
  size_t right;             /* the right choice, from 0 */
  size_t ndim, shape[3];    /* the right shape; ndim 0: a formula is asked for */
  struct jac_buffer reason[JAC_QUESTION_CHOICES]; /* why a choice is not the right one */
  struct jac_buffer hint;
  struct jac_buffer because;            /* the right answer, and why */
  struct jac_question_subject *subject; /* of a formula */
};

enum jac_answer { JAC_ANSWER_RIGHT, JAC_ANSWER_WRONG, JAC_ANSWER_UNREAD };

/* The number-th question (from 0) of a seed's quiz. The same arguments give the same
 * question; what a module cannot be asked becomes a question of its shape. Free it with
 * jac_question_free in any case. Errors: JAC_EINPUT for the module, JAC_ENOMEM. */
enum jac_status jac_question_new(const struct jac_question_wish *wish, unsigned long seed,
                                 size_t number, const struct jac_style *style,
                                 struct jac_question *question, struct jac_error *err);
void jac_question_free(struct jac_question *question);

/* "b", "2" or "B" for a choice; "2x3x6", "2 x 3 x 6" or "(2, 3, 6)" for a shape; a
 * formula as --claim takes it. UNREAD: it is none. Adds to reply why an answer is wrong
 * or cannot be read, or under which convention it is right. */
enum jac_answer jac_question_judge(const struct jac_question *question, const char *word,
                                   struct jac_buffer *reply);

#endif
