/* What the names of a text mean to its reader: LaTeX alone does not tell whether h_t is
 * an entry of h or a name, z^{k-1} a power or a name, f(x) a call or a product. */
#ifndef JACOBIAN_FORMULA_VOCABULARY_H
#define JACOBIAN_FORMULA_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

/* A name as readers write it: "W", "z^{k-1}", "h_t", "hat_y", "W^{(2)}". */
struct jac_word {
  const char *name;
  const char *means; /* the name or function it stands for; NULL: itself */
  bool function;     /* f(x) is a call, not a product */
  bool depends;      /* a quantity: y(x) is y, its point written beside it */
};

enum jac_manner {
  JAC_STAR_ELEMENTWISE = 1, /* * is the elementwise product */
  JAC_OTIMES_OUTER = 2,     /* a \otimes b is a b^T */
  JAC_T_NUMBER = 4,         /* ^T is a power */
  JAC_OTIMES_ELEMENTWISE = 8
};

struct jac_vocabulary {
  const struct jac_word *word;
  size_t count;
  unsigned manners;
};

/* The word of that name, or NULL. vocabulary may be NULL. */
const struct jac_word *jac_vocabulary_find(const struct jac_vocabulary *vocabulary,
                                           const char *name);

#endif
