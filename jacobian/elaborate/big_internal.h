/* Sums and products over indices: shared by what they run over and what they are. */
#ifndef JACOBIAN_ELABORATE_BIG_INTERNAL_H
#define JACOBIAN_ELABORATE_BIG_INTERNAL_H

#include "jacobian/elaborate/elaborate_internal.h"

/* One index of a sum with its bounds. */
struct over {
  node *letter, *first, *last;
  node *set; /* it is in it, or NULL */
  node *condition[4];
  size_t conditions;
};

/* Reads what stands below a sum; false: it is not read, or e->unfit says why. */
bool jac_one_over(elaboration *e, node *n, struct over over[3], size_t *count);

/* \sum_{i < j}: over j as well, which stands in the body and is no other index. */
void jac_over_pairs(elaboration *e, node *body, struct over over[3], size_t *count);

/* 1 \le i < j \le n: there are n of what the letter counts. */
bool jac_up_to(elaboration *e, const struct over *o, struct jac_index *index,
               const struct over *all, size_t count);

/* A sum from 2 to n of what no size is told of: there are n of it. */
void jac_end_there(elaboration *e, const struct jac_index *index, term *last);

/* Whether a name stands below another in n: its entries are those of all, not of a set.
 */
bool jac_is_below(node *n, node *name);

/* What a letter runs over where nothing says how far: the same in every sum over it, or
 * over its set. */
void jac_same_range(elaboration *e, const struct over *o, node *above,
                    struct jac_index *index);

#endif
