/* The rules of differentiation, said of functions that nobody defines: (f g)' = f' g +
 * f g', d/dx f(g(x)) = f'(g(x)) g'(x). */
#ifndef JACOBIAN_NOTES_RULE_H
#define JACOBIAN_NOTES_RULE_H

#include "jacobian/notes/section.h"

enum { JAC_RULE_NAMES = 8 };

/* How the names of any matrices begin. */
#define JAC_RULE_GENERIC "generic"

/* Such a claim, with every function at its variable: d/dx (f(x) g(x)) = ... */
struct jac_rule {
  const struct jac_syntax *left, *right;        /* NULL: it is not read so */
  struct jac_fact fact[4 * JAC_RULE_NAMES + 1]; /* what its names are, and nothing else */
  size_t facts;
  size_t functions;                  /* of any kind, among its names */
  const struct jac_syntax *constant; /* of a product, and taken to be constant; or NULL */
  const struct jac_syntax *matrix;   /* a function said to be one, not defined; or NULL */
  bool sure; /* they are matrices: said, transposed, with a trace or a determinant */
  bool any;  /* of matrices: nothing more is said of them, by which it may hold */
  bool
      tells; /* it says nothing but the rule: where it fails it is no equation to solve */
};

/* Reads a claim so, with the k-th name as the variable; false: there is none, or it is no
 * rule. */
bool jac_rule_read(struct jac_section *section, const struct jac_link *link, size_t k,
                   struct jac_rule *rule);

/* The same of square matrices of one size that hang on a number: said to be matrices, or
 * inverted, transposed, with a trace or a determinant. False: it is no such rule. */
bool jac_rule_of_matrices(struct jac_section *section, const struct jac_link *link,
                          struct jac_rule *rule);

/* The same of functions that the section defines, f(x) = ... and g(x) = ...: left and
 * right at their variable, to be judged in the section. */
bool jac_rule_own(struct jac_section *section, const struct jac_link *link,
                  struct jac_rule *rule);

/* Whether f^{-1} of (f^{-1})' = 1 / (f' \circ f^{-1}) is the inverse of f, no power. */
bool jac_rule_inverse(const struct jac_link *link);

#endif
