/* What the ways of writing judgements share. */
#ifndef VISUAL_VERIFY_INTERNAL_H
#define VISUAL_VERIFY_INTERNAL_H

#include "visual/verify.h"

/* Every displayed formula is counted, and every link of one: the verdicts add up to the
 * links; alone: formulas that hold no equality to judge. */
struct jac_verify_totals {
  size_t verdict[JAC_FINDINGS], displays, links, alone;
};

struct jac_verify_totals jac_verify_count(const struct jac_verified *files, size_t count);

/* A claim on one line, cut where it is long. */
void jac_verify_claim(const char *claim, size_t most, struct jac_buffer *out);

/* Why it has its verdict, on one line. */
void jac_verify_message(const struct jac_finding *finding, struct jac_buffer *out);

/* One finding, of its file. */
struct jac_verify_place {
  const char *file;
  const struct jac_finding *finding;
};

/* What has one verdict for one reason. */
struct jac_verify_cause {
  char *why; /* owned; with the name that is missing, where there is one */
  struct jac_verify_place *place; /* owned, in file order */
  size_t count;
};

struct jac_verify_causes {
  struct jac_verify_cause *cause; /* what blocks most comes first */
  size_t count;
};

/* Whether findings of a verdict are told of by their reason: what is not understood, and
 * what holds in the convention that its section has. */
bool jac_verify_grouped(const struct jac_finding *finding);

/* Of one such verdict. False: memory ran out; what is there is to be freed all the same.
 */
bool jac_verify_group(const struct jac_verified *files, size_t count,
                      enum jac_finding_verdict verdict, struct jac_verify_causes *causes);
void jac_verify_causes_free(struct jac_verify_causes *causes);

#endif
