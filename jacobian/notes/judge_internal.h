/* Formulas being judged: shared by the way through a document and second thoughts. */
#ifndef JACOBIAN_NOTES_JUDGE_INTERNAL_H
#define JACOBIAN_NOTES_JUDGE_INTERNAL_H

#include "jacobian/judge/judge.h"
#include "jacobian/notes/judge.h"
#include "jacobian/notes/section.h"

#include <stdio.h>

enum { EARLIER = 120 };

struct judging {
  const struct jac_document *document;
  const struct jac_notes_modules *modules;
  struct jac_findings *out;
  struct jac_pool pool;
  struct jac_section section;
  size_t said[8];                   /* facts said above headings of each level */
  size_t judged;                    /* findings before this section */
  struct jac_fact earlier[EARLIER]; /* what is over, the last */
  size_t nearlier;
  bool quiet;  /* facts are gathered, nothing is judged */
  size_t seen; /* facts behind the last item of the walk */
  struct jac_error *err;
  enum jac_status status;
};

void jac_judging_start(struct judging *j, const struct jac_document *document,
                       const struct jac_notes_modules *modules,
                       struct jac_findings *findings, struct jac_error *err);
/* Goes through a document up to the end of the section that an item is in; past the last
 * one: through all of it. */
enum jac_status jac_judging_walk(struct judging *j, size_t item);
void jac_judging_stop(struct judging *j);

/* The claim with facts of its own: a guess, the values at a point. */
void jac_judging_claim(struct judging *j, struct jac_claim_written *claim,
                       struct jac_judgement_of *r);
/* The claim among other facts than its section's; its scope is gone afterwards. */
void jac_judging_among(struct judging *j, const struct jac_fact *fact, size_t count,
                       struct jac_claim_written *claim, struct jac_judgement_of *r);
/* A rule of differentiation that is not said of the section's own functions. */
void jac_judging_rule(struct judging *j, const struct jac_link *link,
                      const struct jac_claim_written *claim, struct jac_judgement_of *r);
/* A total differential of what nobody defines; false: r is left as it is. */
bool jac_judging_total(struct judging *j, const struct jac_link *link,
                       struct jac_judgement_of *r);
/* The derivative of a row of functions or matrices with dots; false: r is left as it is.
 */
bool jac_judging_row(struct judging *j, const struct jac_link *link,
                     struct jac_judgement_of *r);
/* What else a refuted claim may mean, in words; NULL: nothing is known. */
const char *jac_judging_doubt(const struct judging *j, const struct jac_link *link,
                              const struct jac_judgement_of *r);
/* Whether it holds, with or without a convention. */
static inline bool jac_judging_good(const struct jac_judgement_of *r) {
  return r->verdict == JAC_HOLDS || r->verdict == JAC_HOLDS_CONVENTION;
}
/* It is not understood, and why. */
static inline void jac_judging_unread(struct jac_judgement_of *r, const char *why) {
  *r = (struct jac_judgement_of){.verdict = JAC_NOT_UNDERSTOOD};
  snprintf(r->diagnosis, sizeof r->diagnosis, "%s", why);
}
/* A rule of vectors and fields that nobody defines; false: r is left as it is. */
bool jac_judging_field(struct judging *j, const struct jac_link *link,
                       const struct jac_claim_written *claim, struct jac_judgement_of *r);
/* What follows from the side before it, where the left side is not understood. */
void jac_judging_step(struct judging *j, const struct jac_link *link,
                      struct jac_claim_written *claim, struct jac_judgement_of *r);
/* A chain of derivatives that holds, but for the number before it. */
void jac_judging_coefficient(struct judging *j, const struct jac_link *link,
                             const struct jac_claim_written *claim,
                             struct jac_judgement_of *r);
/* Whether it may be of F(x, y) = 0: dF/dx = -dF/dy dy/dx, where nothing says what y is.
 */
bool jac_judging_implicit(struct judging *j, const struct jac_link *link);
/* What a claim is by itself. */
void jac_judging_link(struct judging *j, const struct jac_link *link,
                      struct jac_claim_written *claim, struct jac_judgement_of *r);
/* "For y = 1": y is 1 in the claim, unless it is an index. */
bool jac_judging_said(struct judging *j, struct jac_claim_written *claim,
                      struct jac_evidence *evidence);
/* A claim whose left side is guessed: each guess in turn. */
void jac_judging_guesses(struct judging *j, const struct jac_link *link,
                         struct jac_claim_written *claim, struct jac_judgement_of *r);
/* A verdict by the form of a claim, with the words of its convention or diagnosis. */
void jac_judging_say(struct jac_judgement_of *r, enum jac_verdict verdict,
                     const char *words);

/* Two equations that stand side by side without a sign between them; r is changed where
 * they hold. */
void jac_judging_beside(struct judging *j, const struct jac_link *link,
                        struct jac_claim_written *claim, struct jac_judgement_of *r);
/* What is said of the claim's names and not made use of: it may make a claim right that
 * is refuted. */
void jac_judging_mind(struct judging *j, const struct jac_link *link,
                      struct jac_judgement_of *r);

/* What a claim that is refuted may be meant as, and who may explain one that is not
 * understood. */
void jac_judging_again(struct judging *j, const struct jac_link *link,
                       struct jac_claim_written *claim, struct jac_judgement_of *r);

#endif
