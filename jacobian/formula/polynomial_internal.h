/* Inside the simplifier: sums of products of powers. */
#ifndef JACOBIAN_FORMULA_POLYNOMIAL_INTERNAL_H
#define JACOBIAN_FORMULA_POLYNOMIAL_INTERNAL_H

#include "jacobian/formula/tree.h"

enum { JAC_FACTORS = 24, JAC_TERMS = 48 };

/* coefficient * product of base^power. */
struct jac_factor {
  const struct jac_node *base;
  double power;
};
struct jac_term {
  double coefficient;
  size_t count;
  struct jac_factor factor[JAC_FACTORS];
};
struct jac_polynomial {
  size_t count;
  struct jac_term term[];
};

/* Multiplies a term by base^power; false when it is full. */
bool jac_term_multiply(struct jac_term *term, const struct jac_node *base, double power);

/* Whether two terms have the same factors. */
bool jac_term_same(const struct jac_term *a, const struct jac_term *b);

/* Adds a term, merged with one of the same factors; false when it is full. */
bool jac_polynomial_add(struct jac_polynomial *p, const struct jac_term *term);

/* Room for JAC_TERMS terms, none yet; freed with free(). NULL: no memory. */
struct jac_polynomial *jac_polynomial_new(void);

/* Takes what all terms share out of them. */
struct jac_term jac_polynomial_content(struct jac_polynomial *p);

/* Puts terms and factors in an order that depends on what they are alone, with the first
 * term positive; the sign that was taken out. */
double jac_polynomial_order(struct jac_polynomial *p);

/* The tree of a polynomial, common factors in front. */
const struct jac_node *jac_polynomial_tree(struct jac_arena *arena,
                                           struct jac_polynomial *p);

#endif
