/* dL/dw = -dL/dz dz/dw, where dL/dw = dL/dz dz/dw holds: whatever the quantities are, the
 * number before the chain is wrong. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

/* L of dL/dw; NULL: it is no such derivative. */
static node *numerator_of(node *n) {
  n = jac_inside(n);
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  node *below = above ? jac_inside(n->child[1]) : NULL;
  return above && above->form == JAC_S_SIDE && above->count == 2 &&
                 jac_is_differential(above->child[0]) && below->form == JAC_S_SIDE &&
                 below->count == 2 && jac_is_differential(below->child[0])
             ? above->child[1]
             : NULL;
}

/* Whether a derivative of y stands in n. */
static bool derives(node *n, node *y) {
  node *of = numerator_of(n);
  if (of && jac_notation_equal(of, y))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && derives(n->child[k], y))
      return true;
  return false;
}

/* Whether what n differentiates, but for y, is defined: along F(x, y) = 0 it is true that
 * dF/dx = -dF/dy dy/dx. */
static bool explicit_but(const struct jac_section *s, node *n, node *y) {
  node *of = numerator_of(n);
  bool derivative;
  if (of && !jac_notation_equal(of, y) &&
      !jac_section_defined(s, jac_notation_key(s->pool, of), &derivative))
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !explicit_but(s, n->child[k], y))
      return false;
  return true;
}

/* 2 and 1/2. */
static bool number_of(node *n, double *number) {
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : n;
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  if (above->form != JAC_S_NUMBER || above->number == 0 ||
      (below && (below->form != JAC_S_NUMBER || below->number == 0)))
    return false;
  *number *= above->number / (below ? below->number : 1);
  return true;
}

/* n without the signs and numbers before it, whose product is *number; NULL: there are
 * none. */
static node *without_number(struct jac_pool *pool, node *n, double *number) {
  node *rest = n;
  for (int k = 0; rest && k < 4; k++) {
    if (rest->form == JAC_S_TERMS && rest->count == 1 && rest->text[0] == '-') {
      *number = -*number;
      rest = rest->child[0];
    } else if (rest->form == JAC_S_SIDE && number_of(rest->child[0], number)) {
      rest = rest->count == 2
                 ? rest->child[1]
                 : jac_notation_node(pool, rest, rest->count - 1, rest->child + 1);
    } else
      break;
  }
  return rest == n ? NULL : rest;
}

bool jac_judging_implicit(struct judging *j, const struct jac_link *link) {
  node *y = link->left ? numerator_of(link->left) : NULL;
  double number = 1;
  node *chain = y && link->right ? without_number(&j->pool, link->right, &number) : NULL;
  return chain && number == -1 && derives(chain, y) &&
         !explicit_but(&j->section, chain, y);
}

static void refute(struct jac_judgement_of *r, double number) {
  *r = (struct jac_judgement_of){.verdict = JAC_DOES_NOT_HOLD, .sure = true};
  double factor = fabs(number);
  if (number == -1)
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s", _("it has the opposite sign"));
  else if (factor > 1)
    snprintf(r->diagnosis, sizeof r->diagnosis, _("there is a factor %g too many"),
             number);
  else
    snprintf(r->diagnosis, sizeof r->diagnosis, _("a factor %g is missing"), 1 / number);
}

/* The chain of a claim that is still open, without the number before it; or NULL. */
static node *chain_of(struct judging *j, const struct jac_link *link, double *number) {
  node *y = link->left ? numerator_of(link->left) : NULL;
  if (!y || !link->right || link->subject || link->condition)
    return NULL;
  node *chain = without_number(&j->pool, link->right, number);
  return chain && *number != 1 && derives(chain, y) &&
                 (*number > 0 || explicit_but(&j->section, chain, y))
             ? chain
             : NULL;
}

void jac_judging_coefficient(struct judging *j, const struct jac_link *link,
                             const struct jac_claim_written *claim,
                             struct jac_judgement_of *r) {
  bool open =
      r->verdict == JAC_NOT_UNDERSTOOD || (r->verdict == JAC_DOES_NOT_HOLD && !r->sure);
  double number = 1;
  node *written = link->right, *chain = open ? chain_of(j, link, &number) : NULL;
  if (!chain)
    return;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  struct jac_claim_written mine = *claim;
  mine.right = chain;
  mine.correct = false;
  /* In its place: what stands beside it is looked at. */
  struct jac_link *here = &j->section.link[link - j->section.link];
  here->right = chain;
  jac_judging_link(j, here, &mine, &again);
  here->right = written;
  if (!j->status && jac_judging_good(&again))
    refute(r, number);
}
