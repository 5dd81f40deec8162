/* Inside `check --claim`: what judging and certifying share. */
#ifndef VISUAL_CLI_CLAIM_INTERNAL_H
#define VISUAL_CLI_CLAIM_INTERNAL_H

#include "jacobian/against.h"
#include "jacobian/claim.h"
#include "visual/cli/claim.h"

enum { JAC_CLAIM_POINTS = 3 }; /* the one that is given, and drawn ones */

/* A convention: how names are bound, how the result is laid out. */
struct jac_convention {
  struct jac_claim_manner manner;
  bool other_order, transposed;
  const char *words;
};

/* The claim's numbers as the map's native Jacobian; its data may be turned. */
enum jac_status jac_claim_place(const struct jac_map *map, size_t wrt,
                                enum jac_order order, struct jac_claimed *given,
                                const struct jac_convention *c,
                                struct jac_reading *reading, struct jac_error *err);

/* A claim that holds in doubles, judged by intervals at points that are drawn: fills
 * verdict's certified and refuted, its result and diagnosis. JAC_EREFUSED for what cannot
 * be certified. */
enum jac_status jac_claim_certify(const struct jac_options *options,
                                  const struct jac_subject *subject, size_t wrt,
                                  const struct jac_claim *claim,
                                  const struct jac_convention *c,
                                  struct jac_claim_verdict *verdict,
                                  struct jac_error *err);

#endif
