/* What an unknown loss of a claim hangs on: by what it is differentiated. */
#include "jacobian/judge/judge_internal.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_syntax node;

/* Whether a quantity is defined by what mentions another. */
bool jac_defined_by(const struct jac_evidence *all, node *a, node *b) {
  for (size_t k = 0; k < all->definitions; k++) {
    const struct jac_fact *fact = all->definition[k].fact;
    if (fact->left && fact->right && jac_notation_equal(fact->left, a) &&
        jac_notation_has(fact->right, b))
      return true;
  }
  return false;
}

/* Whether y is made of the claim's h and of x as well, of which h is made. */
static bool two_ways(const struct jac_evidence *all, const struct jac_evidence *own,
                     const struct jac_pair *y) {
  node *of[sizeof own->pair / sizeof *own->pair];
  size_t count = 0;
  for (size_t k = 0; k < own->pairs; k++)
    if (own->pair[k].numerator == y->numerator &&
        !jac_notation_equal(own->pair[k].denominator, y->denominator) &&
        jac_defined_by(all, y->denominator, own->pair[k].denominator))
      of[count++] = own->pair[k].denominator;
  for (size_t k = 0; k < count * count; k++)
    if (k / count != k % count && jac_defined_by(all, of[k / count], of[k % count]))
      return true;
  return false;
}

/* The section differentiates the loss by such a y: it hangs on y, and on x both ways. */
static void downstream(const struct jac_evidence *all, struct jac_evidence *own) {
  size_t most = sizeof own->pair / sizeof *own->pair;
  for (size_t k = 0; k < all->pairs && own->pairs < most; k++)
    if (two_ways(all, own, &all->pair[k]))
      own->pair[own->pairs++] = all->pair[k];
}

/* What is differentiated by what, in the claim and in the definitions that it leads to:
 * that is what a loss nobody defines depends on. */
bool jac_own_pairs(const struct jac_claim_written *claim, struct jac_evidence *own) {
  *own = (struct jac_evidence){.pool = claim->scope->pool};
  jac_evidence_see(own, claim->left);
  jac_evidence_see(own, claim->right);
  const struct jac_evidence *all = claim->evidence;
  bool *seen = jac_memory_take(all->definitions + 1, sizeof *seen);
  if (!seen)
    return false;
  for (int round = 0; round < 6; round++)
    for (size_t k = 0; k < all->definitions; k++) {
      const struct jac_definition *d = &all->definition[k];
      if (seen[k] || !d->fact->right ||
          (!jac_usage_met(own, d->key) && !jac_usage_met(own, d->base)))
        continue;
      seen[k] = true;
      jac_evidence_see(own, d->fact->right);
    }
  free(seen);
  downstream(all, own);
  return true;
}
