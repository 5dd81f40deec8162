/* Rules of differentiation as claims of their own. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/notes/rule.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

/* It holds: of any functions, which it says nothing else of. */
static void holds(struct judging *j, const struct jac_rule *rule,
                  struct jac_judgement_of *r) {
  r->verdict = JAC_HOLDS_CONVENTION;
  r->diagnosis[0] = '\0';
  if (rule->constant)
    snprintf(r->convention, sizeof r->convention,
             _("a rule for any functions that are numbers, where %s is constant"),
             jac_notation_key(&j->pool, rule->constant));
  else
    snprintf(r->convention, sizeof r->convention, "%s",
             _("a rule for any functions that are numbers"));
}

/* A claim as a rule writes it. */
static struct jac_claim_written as_written(const struct jac_claim_written *claim,
                                           const struct jac_rule *rule) {
  struct jac_claim_written mine = *claim;
  mine.left = rule->left;
  mine.right = rule->right;
  mine.correct = false;
  return mine;
}

/* A rule by its own facts, which are all. */
static void among_its_own(struct judging *j, const struct jac_rule *rule,
                          struct jac_claim_written *mine, struct jac_judgement_of *r) {
  *r = (struct jac_judgement_of){.verdict = JAC_NOT_UNDERSTOOD};
  mine->visible = rule->facts;
  jac_judging_among(j, rule->fact, rule->facts, mine, r);
}

/* Of functions that the section defines: judged there, at their variable. */
static bool of_own(struct judging *j, const struct jac_link *link,
                   const struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_rule rule;
  if (!jac_rule_own(&j->section, link, &rule))
    return false;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  struct jac_claim_written mine = as_written(claim, &rule);
  jac_judging_claim(j, &mine, &again);
  if (!jac_judging_good(&again) && (r->sure || again.verdict != JAC_DOES_NOT_HOLD))
    return false;
  *r = again;
  r->sure = true;
  if (r->verdict == JAC_DOES_NOT_HOLD)
    jac_judging_mind(j, link, r);
  return true;
}

/* What was read of a matrix A(t) that nobody defines, as A t, refutes nothing. */
static void doubt_matrix(struct judging *j, const struct jac_rule *rule,
                         struct jac_judgement_of *r) {
  if (!rule->matrix || r->verdict != JAC_DOES_NOT_HOLD)
    return;
  *r = (struct jac_judgement_of){.verdict = JAC_NOT_UNDERSTOOD};
  snprintf(r->diagnosis, sizeof r->diagnosis, _("nothing says what %s is"),
           jac_notation_key(&j->pool, rule->matrix));
}

/* Of any functions: each name that may be the variable in turn. */
static void of_any(struct judging *j, const struct jac_link *link,
                   const struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_judgement_of last = {.verdict = JAC_NOT_UNDERSTOOD};
  struct jac_rule rule;
  bool refuted = true, tells = false;
  for (size_t k = 0; !j->status && jac_rule_read(&j->section, link, k, &rule); k++) {
    if (!rule.functions && r->verdict == JAC_DOES_NOT_HOLD)
      return; /* of a quantity, and read */
    doubt_matrix(j, &rule, r);
    if (!rule.left)
      continue;
    struct jac_claim_written mine = as_written(claim, &rule);
    among_its_own(j, &rule, &mine, &last);
    if (jac_judging_good(&last)) {
      holds(j, &rule, &last);
      *r = last;
      return;
    }
    tells = tells || rule.tells;
    refuted = refuted && last.verdict == JAC_DOES_NOT_HOLD;
  }
  if (!refuted || !tells || last.verdict != JAC_DOES_NOT_HOLD)
    return;
  if (r->verdict != JAC_DOES_NOT_HOLD || !r->sure)
    *r = last;
  r->sure = true;
}

/* Whether it holds, or may, where the names are numbers. */
static bool of_numbers(struct judging *j, const struct jac_link *link,
                       const struct jac_claim_written *claim,
                       const struct jac_judgement_of *r) {
  struct jac_judgement_of number = *r;
  if (!jac_judging_good(&number))
    of_any(j, link, claim, &number);
  return number.verdict != JAC_DOES_NOT_HOLD;
}

/* Of matrices: what holds of numbers need not hold of them. False: it is no such rule. */
static bool of_matrices(struct judging *j, const struct jac_link *link,
                        const struct jac_claim_written *claim,
                        struct jac_judgement_of *r) {
  struct jac_rule rule;
  if (!jac_rule_of_matrices(&j->section, link, &rule))
    return false;
  struct jac_judgement_of last;
  struct jac_claim_written mine = as_written(claim, &rule);
  mine.correct = claim->correct;
  among_its_own(j, &rule, &mine, &last);
  if (strstr(last.diagnosis, JAC_RULE_GENERIC) ||
      strstr(last.correction, JAC_RULE_GENERIC)) { /* in names that nobody wrote */
    mine.correct = false;
    among_its_own(j, &rule, &mine, &last);
  }
  if (jac_judging_good(&last)) {
    last.verdict = JAC_HOLDS_CONVENTION;
    last.diagnosis[0] = '\0';
    snprintf(last.convention, sizeof last.convention, "%s",
             _("a rule for any square matrices"));
    *r = last;
  } else if (last.verdict == JAC_DOES_NOT_HOLD && rule.tells &&
             (rule.sure || !of_numbers(j, link, claim, r))) {
    *r = last;
    r->sure = true;
  } else if (!rule.any)
    return false;
  else
    jac_judging_unread(
        r, rule.sure ? _("it is not so for matrices in general")
                     : _("it is true of numbers, and not of matrices in general"));
  return true;
}

void jac_judging_rule(struct judging *j, const struct jac_link *link,
                      const struct jac_claim_written *claim, struct jac_judgement_of *r) {
  if (link->condition || link->subject || of_matrices(j, link, claim, r) ||
      jac_judging_good(r))
    return;
  if (jac_rule_inverse(link)) {
    jac_judging_unread(r, _("the inverse of a function is not read"));
  } else if (!of_own(j, link, claim, r) && !j->status)
    of_any(j, link, claim, r);
}
