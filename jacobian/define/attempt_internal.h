/* The ways in which a claim about a Jacobian's entries can be meant: what stands on its
 * left. */
#ifndef JACOBIAN_DEFINE_ATTEMPT_INTERNAL_H
#define JACOBIAN_DEFINE_ATTEMPT_INTERNAL_H

#include "jacobian/define/claim.h"

enum { JAC_CLAIM_LETTERS = 6, JAC_CLAIM_ATTEMPTS = 64 };

struct jac_attempt {
  enum jac_manner manner;
  const char *left; /* plain notation */
  bool diagonal;    /* the claim is its diagonal alone */
  unsigned price;
  char words[120];
};

struct jac_asking {
  const struct jac_map_claim *claim;
  struct jac_pool pool;
  const struct jac_syntax *right;
  bool latex;
  const struct jac_scope *scope;      /* of the names, for a look */
  char letter[JAC_CLAIM_LETTERS + 1]; /* that nothing explains or binds */
  size_t letters;
  struct jac_attempt attempt[JAC_CLAIM_ATTEMPTS];
  size_t attempts;
};

/* Fills the attempts; none: the free letters do not fit. output and definition are the
 * scope's. */
void jac_attempts_find(struct jac_asking *a, const char *output, const char *definition);

#endif
