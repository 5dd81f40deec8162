/* How far the places of entries reach: x[i+1] stands one beyond i. */
#ifndef JACOBIAN_ELABORATE_EXTENT_H
#define JACOBIAN_ELABORATE_EXTENT_H

#include "jacobian/elaborate/affine.h"

enum { JAC_EXTENTS = 24 };

/* A place of an entry of a named matrix. Where a sum binds an index, `low` and `high`
 * have the ends of the sum instead. */
struct jac_extent {
  const struct jac_term *entry;
  const struct jac_symbol *base;
  bool column;
  const struct jac_dim *along; /* the side that the place is in */
  struct jac_affine at, low, high;
};

/* The places in a term, and in what its names stand for, that are sums of indices; what
 * stands below a condition is left out: cases, ind(i < n)*x[i+1]. How many, JAC_EXTENTS
 * at most. */
size_t jac_extent_find(const struct jac_term *term, struct jac_extent out[JAC_EXTENTS]);

/* Whether it is beyond its side's end whatever the sizes are, once every index of it
 * stands at its last place; before its first. */
bool jac_extent_beyond(const struct jac_extent *reach);
bool jac_extent_before(const struct jac_extent *reach);

/* Up to which number an index of a definition may run, so that all places exist, where
 * the sides are numbers; 0: nothing says it. */
size_t jac_extent_most(const struct jac_extent *reach, size_t count,
                       const struct jac_index *index);

#endif
