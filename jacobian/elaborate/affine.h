/* Places as sums: i + k - 1, n - 1. What they are at least, over all that indices run
 * over. */
#ifndef JACOBIAN_ELABORATE_AFFINE_H
#define JACOBIAN_ELABORATE_AFFINE_H

#include "jacobian/elaborate/term.h"

enum { JAC_AFFINE_PARTS = 8 };

/* An index or a size, so many times. */
struct jac_affine_part {
  const struct jac_index *index; /* or NULL: the size */
  const struct jac_dim *size;
  double times;
};

struct jac_affine {
  double constant;
  size_t count;
  struct jac_affine_part part[JAC_AFFINE_PARTS];
};

/* A number made of indices, sizes and numbers by sums alone; false: it is not. */
bool jac_affine_of(const struct jac_term *term, struct jac_affine *out);
/* a += times b; false: it has too many parts. */
bool jac_affine_add(struct jac_affine *a, const struct jac_affine *b, double times);
/* a += times a size; false: it has too many parts. */
bool jac_affine_add_size(struct jac_affine *a, const struct jac_dim *size, double times);
/* How often an index is in it. */
double jac_affine_times(const struct jac_affine *a, const struct jac_index *index);
/* What it is at least, every index from 1 to the end of its range and every size from 1
 * on; -INFINITY: there is no such bound. */
double jac_affine_least(const struct jac_affine *a);
/* ... at most. */
double jac_affine_most(const struct jac_affine *a);

#endif
