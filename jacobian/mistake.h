/* The classic mistakes, one table: a row a kind says where it applies, what it makes of
 * an entry, the sentence that names it and why people make it. The diagnosis, the quiz,
 * the page's game and the trial all use this table and nothing else. */
#ifndef JACOBIAN_MISTAKE_H
#define JACOBIAN_MISTAKE_H

#include "jacobian/suspects.h"

/* One way of one mistake: what an entry is made from. */
struct jac_mistake_case {
  const struct jac_suspects *s;
  const struct jac_array3 *t; /* the truth */
  size_t way;                 /* below what ways gives */
  double factor;              /* JAC_MISTAKE_FACTOR */
  const size_t *line;         /* the permuted kinds: which line stands in each place */
};

struct jac_mistake_kind {
  const char *name;     /* a word or two: JSON and tables */
  const char *sentence; /* a clause, to be translated; NULL: the diagnosis makes it */
  const char *why;      /* where it comes from and how to see it, to be translated */
  unsigned level;       /* in lessons: 1 to JAC_MISTAKE_LEVELS; 0: never asked */
  /* By roles and shapes alone. NULL: always. */
  bool (*applies)(const struct jac_suspects *s);
  /* How many ways there are. NULL: one. */
  size_t (*ways)(const struct jac_suspects *s);
  /* The wrong entry. NULL: entries are put where zeros are, or the reverse. */
  double (*entry)(const struct jac_mistake_case *c, size_t slice, size_t row, size_t col);
};

enum { JAC_MISTAKE_LEVELS = 3 };

/* The row of a kind. */
const struct jac_mistake_kind *jac_mistake_kind(enum jac_mistake mistake);

bool jac_mistake_applies(const struct jac_suspects *s, enum jac_mistake mistake);
size_t jac_mistake_ways(const struct jac_suspects *s, enum jac_mistake mistake);

/* What a diagnosis says of a way: the factor, the name. */
struct jac_diagnosis jac_mistake_diagnosis(const struct jac_mistake_case *c,
                                           enum jac_mistake mistake);

/* Plants the mistake in a copy of the truth, allocated here and freed by the caller with
 * jac_array3_free; the draw says in which way and is used for all that is random.
 * *expected is what a diagnosis should say. *planted false, and nothing to free: the kind
 * does not apply, or leaves the truth as it is (to the eye: every difference is below a
 * fiftieth of the largest entry), or a number that is not finite. */
enum jac_status jac_mistake_plant(const struct jac_suspects *s, enum jac_mistake mistake,
                                  unsigned long draw, struct jac_array3 *wrong,
                                  struct jac_diagnosis *expected, bool *planted,
                                  struct jac_error *err);

#endif
