/* check --claim: a formula for the Jacobian, judged as verify judges it. */
#ifndef VISUAL_CLI_CLAIM_H
#define VISUAL_CLI_CLAIM_H

#include "jacobian/buffer.h"
#include "jacobian/check.h"
#include "visual/cli/options.h"
#include "visual/cli/subject.h"

/* What became of a claim. */
struct jac_claim_verdict {
  struct jac_check_result result; /* it agrees or differs, and where most */
  bool shape_wrong;
  char how[400];  /* the convention under which it holds; empty: the project's */
  bool certified; /* with --certify: intervals tell what became of it ... */
  bool refuted;   /* ... that it does not hold, however nearly it does */
  struct jac_buffer diagnosis; /* where it does not hold; freed by the caller */
};

/* Judges the options' claim for every value of the subject's variables; where it holds at
 * those that are set alone, the diagnosis says so. JAC_EINPUT, with the place, for what
 * is not understood; JAC_EREFUSED, with the reason, for what cannot be judged. */
enum jac_status jac_claim_judge(const struct jac_options *options,
                                const struct jac_subject *subject, size_t wrt,
                                const struct jac_array3 *J,
                                struct jac_claim_verdict *verdict, struct jac_error *err);

#endif
