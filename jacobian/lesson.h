/* 'Find the mistake': a Jacobian with one planted, and answers of which one is true. */
#ifndef JACOBIAN_LESSON_H
#define JACOBIAN_LESSON_H

#include "jacobian/mistake.h"

enum { JAC_LESSON_CHOICES = 4 };

/* An answer, and the entry that speaks for or against it. */
struct jac_lesson_choice {
  struct jac_diagnosis diagnosis;
  size_t slice, row, col; /* where the table is furthest from what would stand there */
  double would;           /* with this mistake; of the true one: in the right Jacobian */
  double shown;           /* in the table */
};

struct jac_lesson {
  struct jac_array3 wrong;                             /* native */
  size_t choices;                                      /* 2 to JAC_LESSON_CHOICES */
  struct jac_lesson_choice choice[JAC_LESSON_CHOICES]; /* the first is the true one */
};

/* Plants a mistake (JAC_MISTAKES: one that is drawn among those of the level and below;
 * of another kind only where lessons ask it at all) that differs from the truth and that
 * the diagnosis names first, and adds answers that the shape allows, that would be wrong
 * Jacobians too, and that are not true of this one. *made false, and nothing to free:
 * there is no such mistake here, or no second answer. Errors: JAC_ENOMEM. Free with
 * jac_lesson_free. */
enum jac_status jac_lesson_make(const struct jac_suspects *s, enum jac_mistake mistake,
                                unsigned level, unsigned long draw,
                                struct jac_lesson *lesson, bool *made,
                                struct jac_error *err);
void jac_lesson_free(struct jac_lesson *lesson);

#endif
