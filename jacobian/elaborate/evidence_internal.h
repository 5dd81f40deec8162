/* What the files that see names share: evidence_see.c goes through a formula,
 * evidence_pair.c sees derivatives, evidence_definition.c reads left sides,
 * evidence_name.c names and their indices, evidence_layer.c layers. */
#ifndef JACOBIAN_ELABORATE_EVIDENCE_INTERNAL_H
#define JACOBIAN_ELABORATE_EVIDENCE_INTERNAL_H

#include "jacobian/elaborate/evidence.h"

#include <string.h>

typedef const struct jac_syntax node;

static inline void *jac_evidence_take(struct jac_evidence *e, size_t size) {
  return jac_pool_take(e->store ? e->store : e->pool, size);
}

/* One way through a formula. */
struct walk {
  struct jac_evidence *e;
  const char *bound[16]; /* the letters that sums bind here */
  size_t nbound;
  bool operand;        /* what is seen has something to act on */
  const char *left[6]; /* the letters of a definition's left side */
  size_t nleft;
  bool defines; /* the right side of a definition */
};

static inline bool among(const char *const *list, size_t count, const char *text) {
  for (size_t k = 0; k < count; k++)
    if (strcmp(list[k], text) == 0)
      return true;
  return false;
}

static inline bool parenthesis(node *n) {
  return n->form == JAC_S_GROUP && strcmp(n->text, "()") == 0;
}

/* evidence_name.c */

/* Whether a notation may be an item of an index: i, 2, i + 1. */
bool jac_index_item(node *n);

/* Whether what stands above makes a name of its own with it: z^{(l)}; \sigma^2 not. */
bool jac_layered(node *above);

/* A script without what stands below it. */
node *jac_without_below(struct jac_pool *pool, node *n);

/* Whether a notation may be defined: a name with its scripts. */
bool jac_named(node *n);

/* evidence_step.c */

/* Finds the recurrences among the definitions. */
void jac_find_steps(struct jac_evidence *e);

/* evidence_see.c */

/* All names in n, which may be NULL. */
void jac_see(struct walk *w, node *n);
/* C of f(x) = x^3 + C, whose right side is given. */
void jac_see_constant(struct walk *w, node *side);

/* x^T \beta: the product of two vectors, of which the second is no number for that. */
void jac_see_paired(struct walk *w, node *f, node *next);

/* The factor k among those that stand side by side. */
void jac_see_factor(struct walk *w, node *side, size_t k);

/* A name with its scripts; behind: the bracket directly behind it, or NULL. */
void jac_see_name(struct walk *w, node *n, node *behind);

/* What the signs of n tell of the names in it. */
void jac_see_around(struct walk *w, node *n);
/* An integral: what of it is of numbers. */
void jac_see_integral(struct walk *w, node *n);

/* Every name in n bounds a sum, or is a size. */
void jac_see_bounds(struct walk *w, node *n);

/* evidence_pair.c */

/* Every name in n is differentiated (above), or by it; straight: by a straight d. */
void jac_see_differential(struct walk *w, node *n, bool above, bool straight);

/* The pair, which is made; NULL where there are too many. */
struct jac_pair *jac_see_pair(struct walk *w, const char *numerator, node *denominator);

/* The names among the factors from ... to of a numerator, each with those of a
 * denominator, in pairs. */
void jac_see_pairs(struct walk *w, node *above, size_t from, size_t to, node *below);

/* d/dx x: whether what is differentiated is by itself. */
bool jac_by_itself(node *below, node *next);

/* x^T Q x: Q is that of a quadratic form. */
void jac_see_quadratic(struct walk *w, node *before, node *f, node *next);

/* Whether what an operator stands before is a quantity: f, f(x), not x^T A x. */
bool jac_quantity_operand(node *side, size_t k);

/* A fraction of differentials; false: it is none, and nothing was seen. */
bool jac_see_fraction(struct walk *w, node *above, node *below);

/* evidence_ones.c */

/* A product that begins with ones: 1 1^T x. */
bool jac_begins_with_ones(struct walk *w, node *const *factor, size_t count);
/* n of 1/n 1 1^T, (1^T x)/n: how many ones there are. */
void jac_see_count(struct walk *w, node *below);
/* \mathbf 1_n, 1_n^T. */
bool jac_sized_ones(node *n);

/* evidence_world.c */

/* What a formula, or what is said, tells of whether all is numbers. */
void jac_see_world(struct jac_evidence *e, node *left, node *right);
/* Whether nothing in a formula speaks of arrays, no capital letter either. */
bool jac_of_numbers(node *n);
void jac_told_world(struct jac_evidence *e, const struct jac_fact *fact);

/* evidence_layer.c */

/* The letter above a name that is defined is a layer's. */
void jac_layer_letters(struct jac_evidence *e, node *name);

/* n with the indices of its names one on, from l to l + 1; side: 1 those below, 2 those
 * above. */
const struct jac_syntax *jac_index_on(struct jac_pool *pool, const struct jac_syntax *n,
                                      const char *letter, size_t side);
/* Another definition, one index on, where nothing else defines that; whether it was made.
 */
bool jac_define_on(struct jac_evidence *e, const struct jac_definition *d,
                   const char *letter, size_t side);
/* z^{l} = ... says what z^{l+1} is. */
void jac_shift_layers(struct jac_evidence *e);

#endif
