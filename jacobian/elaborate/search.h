/* The search over readings, cheapest first: a reading is the choices that are forced on
 * an elaboration; the others take their cheapest alternatives. */
#ifndef JACOBIAN_ELABORATE_SEARCH_H
#define JACOBIAN_ELABORATE_SEARCH_H

#include "jacobian/elaborate/elaborate.h"

enum { JAC_FORCED = 20 };

struct jac_candidate {
  unsigned price;
  size_t count;
  struct jac_forced forced[JAC_FORCED];
};

struct jac_search {
  struct jac_candidate *waiting; /* a heap, cheapest first */
  size_t count, most;
  uint64_t visited[4096];
  uint64_t readings[4096]; /* those that were run */
  bool full;               /* some were dropped */
  bool failed;             /* for want of memory */
};

/* Begins with the reading that forces nothing. The structure is zeroed. */
void jac_search_start(struct jac_search *search);
void jac_search_free(struct jac_search *search);

/* The cheapest that waits; false: none does. */
bool jac_search_next(struct jac_search *search, struct jac_candidate *candidate);

/* Whether e has run a reading that was run before: what was forced made no difference. */
bool jac_search_same(struct jac_search *search, const struct jac_elaboration *e);

/* Puts one back, whose price was found to be another. */
void jac_search_again(struct jac_search *search, const struct jac_candidate *candidate);

/* The neighbours of a reading that e has run: one choice made otherwise, among those that
 * the conflict rests on (0: all). price: what the run cost. */
void jac_search_branch(struct jac_search *search, const struct jac_elaboration *e,
                       const struct jac_candidate *from, uint64_t conflict,
                       unsigned price);

#endif
