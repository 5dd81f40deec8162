/* Sizes, and their unification with a trail: what was unified since a mark can be undone.
 */
#ifndef JACOBIAN_ELABORATE_DIM_H
#define JACOBIAN_ELABORATE_DIM_H

#include "jacobian/elaborate/term.h"

struct jac_dims {
  struct jac_pool *pool;
  struct jac_dim **all; /* in order of making */
  size_t count, capacity;
  struct jac_dim **trail; /* roots that were given a parent, or bound */
  struct jac_dim *was;    /* what they were */
  size_t trailed, trail_capacity;
  struct jac_dim *one;
  bool spelled;      /* a matrix is written out: free sizes are the largest index seen */
  bool strict;       /* sizes of different names differ */
  uint64_t conflict; /* of the last clash: the choices that both sides rest on */
};

bool jac_dims_start(struct jac_dims *dims, struct jac_pool *pool);

struct jac_dim *jac_dim_free_new(struct jac_dims *dims, const char *name);
struct jac_dim *jac_dim_fixed_new(struct jac_dims *dims, size_t size);
/* A size that has an index, 1 too. */
struct jac_dim *jac_dim_side_new(struct jac_dims *dims, size_t size);
struct jac_dim *jac_dim_product(struct jac_dims *dims, struct jac_dim *a,
                                struct jac_dim *b);
struct jac_dim *jac_dim_sum(struct jac_dims *dims, struct jac_dim *a, struct jac_dim *b);
/* m + k - 1: what is taken off is a number. */
struct jac_dim *jac_dim_less(struct jac_dims *dims, struct jac_dim *a, size_t less);
/* Whether a size is a summand of another: m of m + 1, of m + k - 1. */
bool jac_dim_is_summand(const struct jac_dim *part, const struct jac_dim *whole);

/* Makes two sizes one, resting on the choices `because` too. False: they differ. */
bool jac_dim_unify(struct jac_dims *dims, struct jac_dim *a, struct jac_dim *b,
                   uint64_t because);

size_t jac_dims_mark(const struct jac_dims *dims);
void jac_dims_undo(struct jac_dims *dims, size_t mark);

/* All choices that a size rests on. */
uint64_t jac_dim_because(const struct jac_dim *dim);

/* Gives every root a size: fixed ones their own, free ones different ones, from `first`
 * on: 4 3 5 2 ...; in turns of `turn` (another turn, other sizes). False: products that
 * should be equal are not. */
bool jac_dims_sizes(struct jac_dims *dims, unsigned turn);
/* Makes those of 4 and more 2 or 3: for what takes too much work. */
void jac_dims_shrink(struct jac_dims *dims);

/* "n x d", "3 x 1", as the author calls them, else by letters. */
void jac_type_words(struct jac_type type, char *out, size_t size);

#endif
