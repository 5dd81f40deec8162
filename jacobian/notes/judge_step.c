/* a = b = c where a is not understood: the step from b to c by itself. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

/* The side before a link's own, in one chain of equalities, or NULL. */
static const struct jac_syntax *side_before(const struct jac_section *s,
                                            const struct jac_link *link) {
  const struct jac_link *before = link > s->link ? link - 1 : NULL;
  return before && before->item == link->item && before->link + 1 == link->link &&
                 before->left == link->left && !before->reason && !link->reason
             ? before->right
             : NULL;
}

/* theta of \nabla J(\theta), \nabla_\theta J, \frac{\partial J}{\partial \theta}; NULL:
 * it is none, or has several. */
static const struct jac_syntax *variable_of(const struct jac_syntax *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_FRACTION)
    return n->child[1]->form == JAC_S_SIDE && n->child[1]->count == 2 &&
                   jac_is_differential(n->child[1]->child[0])
               ? n->child[1]->child[1]
               : NULL;
  if (n->form != JAC_S_SIDE)
    return NULL;
  const struct jac_syntax *sign = n->child[0], *last = n->child[n->count - 1];
  if (sign->form == JAC_S_FRACTION)
    return variable_of(sign);
  if (sign->form == JAC_S_SCRIPT && jac_is_name(sign->child[0], "nabla"))
    return sign->child[1];
  if (!jac_is_name(sign, "nabla") || last->form != JAC_S_GROUP)
    return NULL;
  last = last->child[0]->form == JAC_S_SIDE ? last->child[0]->child[1] : last;
  last = last->form == JAC_S_GROUP ? last->child[0] : NULL;
  return last && jac_name_like(last) ? last : NULL;
}

/* It is never refuted by that: who says f'(c) = (f(b) - f(a)) / (b - a) = 0 knows more of
 * what stands there than the formula says. */
void jac_judging_step(struct judging *j, const struct jac_link *link,
                      struct jac_claim_written *claim, struct jac_judgement_of *r) {
  const struct jac_syntax *before = side_before(&j->section, link);
  if (r->verdict != JAC_NOT_UNDERSTOOD || !before || !link->right || link->subject)
    return;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  const struct jac_syntax *by = link->left ? variable_of(link->left) : NULL;
  size_t facts = j->section.facts;
  if (by)
    jac_section_fact(&j->section, (struct jac_fact){.kind = JAC_FACT_MEANING,
                                                    .saying = JAC_SAYS_WRT,
                                                    .left = by,
                                                    .strong = true});
  claim->left = before;
  claim->step = true;
  claim->correct = false;
  jac_judging_claim(j, claim, &again);
  j->section.facts = facts;
  claim->left = link->left;
  claim->step = false;
  claim->correct = true;
  if (!jac_judging_good(&again) || again.special)
    return;
  *r = again;
  r->verdict = JAC_HOLDS_CONVENTION;
  size_t n = strlen(r->convention);
  snprintf(r->convention + n, sizeof r->convention - n, "%s%s", n ? ", " : "",
           _("as the side before it says: what stands on the left is not understood"));
}
