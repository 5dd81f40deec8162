/* Differentials: dY of a term as a sum of products of whole matrices with dX, by the
 * rules d(A B) = dA B + A dB, d f(U) = f'(U) . dU, d tr(A) = tr(dA). Nothing is
 * rearranged. */
#ifndef JACOBIAN_ALGEBRA_DIFFERENTIAL_H
#define JACOBIAN_ALGEBRA_DIFFERENTIAL_H

#include "jacobian/algebra/index.h"

enum { JAC_DIFFERENTIALS = 40 };

struct jac_differential {
  struct jac_make *make;
  /* Quantities and the symbols that stand for their differentials: the variable first,
   * then those with a definition, as they are added. */
  const struct jac_symbol *symbol[JAC_DIFFERENTIALS], *differential[JAC_DIFFERENTIALS];
  size_t count;
  unsigned rules;      /* of enum jac_rule: those that were used */
  const char *refusal; /* what there is no rule for, or NULL */
};

/* Adds a quantity: its differential is a new symbol, which body (NULL: it is free)
 * defines. NULL: there are too many, or memory ran out. */
const struct jac_symbol *jac_differential_add(struct jac_differential *d,
                                              const struct jac_symbol *symbol,
                                              const struct jac_term *body);

/* The differential of a term. NULL: it is zero, or there is none (refusal says so), or
 * memory ran out. */
const struct jac_term *jac_differential_of(struct jac_differential *d,
                                           const struct jac_term *term);

/* The sum of the products of entries of a and dx, as one writes it for their shape: a'
 * dx, dx a', tr(a' dx). */
const struct jac_term *jac_differential_pair(struct jac_make *make,
                                             const struct jac_term *a,
                                             const struct jac_term *dx);

#endif
