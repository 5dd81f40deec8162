/* The value of an entry-level formula: one number, at given indices. */
#ifndef JACOBIAN_FORMULA_EVALUATE_H
#define JACOBIAN_FORMULA_EVALUATE_H

#include "jacobian/formula/read.h"
#include "jacobian/map.h"

/* What names mean. Indices count from 1, as in formulas. */
struct jac_environment {
  const struct jac_map *map; /* its variables and constants, by their names */
  jac_point x;
  /* Quantities defined by formulas of their own, "s[n,o] = ...": nwhere of them. */
  const struct jac_node *where_left[JAC_EQUATIONS], *where_right[JAC_EQUATIONS];
  size_t nwhere;
};

/* An index with its value. */
struct jac_index_value {
  const char *name;
  size_t value;
};

/* The value of tree where the free indices have these values; a sum runs over the sizes
 * of what its index indexes. Errors: JAC_EINPUT names what has no meaning, or an index
 * whose range is not known or that is out of it. */
enum jac_status jac_formula_evaluate(const struct jac_node *tree,
                                     const struct jac_environment *environment,
                                     const struct jac_index_value *index, size_t count,
                                     double *value, struct jac_error *err);

#endif
