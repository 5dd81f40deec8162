/* Simplifications that hold everywhere: zeros and ones vanish, numbers are added up,
 * signs move to the front, deltas of numbers become numbers. */
#ifndef JACOBIAN_FORMULA_SIMPLIFY_H
#define JACOBIAN_FORMULA_SIMPLIFY_H

#include "jacobian/formula/tree.h"

/* An index given a number (from 1). */
struct jac_binding {
  const char *name;
  size_t value;
};

/* The tree with the indices bound (those bound by a sum inside stay) and simplified. NULL
 * when the arena failed. */
const struct jac_node *jac_specialise(struct jac_arena *arena,
                                      const struct jac_node *tree,
                                      const struct jac_binding *binding, size_t count);

#endif
