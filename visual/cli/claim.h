/* check --claim: a formula for the Jacobian, judged under every convention that people
 * use. */
#ifndef VISUAL_CLI_CLAIM_H
#define VISUAL_CLI_CLAIM_H

#include "jacobian/check.h"
#include "visual/cli/options.h"
#include "visual/cli/subject.h"

/* What became of a claim. */
struct jac_claim_verdict {
  struct jac_check_result result; /* against the explicit Jacobian, at the point given */
  bool shape_wrong;
  char how[160]; /* the convention under which it holds; empty: the project's */
  struct jac_buffer diagnosis; /* where it does not hold; freed by the caller */
};

/* Judges the options' claim at the subject's point and at two more that are drawn, so
 * that no chance value makes it hold. JAC_EINPUT, with the place, for what cannot be
 * read. */
enum jac_status jac_claim_judge(const struct jac_options *options,
                                const struct jac_subject *subject, size_t wrt,
                                const struct jac_array3 *J,
                                struct jac_claim_verdict *verdict, struct jac_error *err);

#endif
