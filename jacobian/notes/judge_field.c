/* Rules of vectors and fields, judged by their components. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/notes/field.h"
#include "jacobian/text.h"

#include <stdio.h>

/* Under what its names are taken to be: it holds where all components do, and fails
 * where one does. */
static enum jac_verdict verdict(struct judging *j, const struct jac_link *link,
                                const struct jac_claim_written *claim,
                                struct jac_field_rule *rule,
                                struct jac_judgement_of *last) {
  const struct jac_syntax *left[3], *right[3];
  struct jac_fact fact[JAC_FIELD_FACTS];
  size_t facts = 0;
  size_t count = jac_field_claims(&j->section, link, rule, left, right, fact, &facts);
  enum jac_verdict all = count ? JAC_HOLDS : JAC_NOT_UNDERSTOOD;
  for (size_t k = 0; k < count && !j->status; k++) {
    struct jac_claim_written mine = *claim;
    struct jac_judgement_of one = {.verdict = JAC_NOT_UNDERSTOOD};
    mine.left = left[k];
    mine.right = right[k];
    mine.visible = facts;
    mine.correct = false;
    jac_judging_among(j, fact, facts, &mine, &one);
    if (one.verdict == JAC_DOES_NOT_HOLD) {
      *last = one;
      return JAC_DOES_NOT_HOLD;
    }
    if (!jac_judging_good(&one))
      all = JAC_NOT_UNDERSTOOD;
    else
      *last = one;
  }
  return all;
}

/* Whether a name may be of a kind that the claim's author left terms out for: what is
 * written out is not zero. */
static bool may_be(const struct jac_field_rule *rule, const struct jac_field_name *name,
                   enum jac_field_as as) {
  bool field = !rule->curve && name->vector;
  switch (as) {
  case JAC_FIELD_CONSTANT:
    return !name->derived;
  case JAC_FIELD_GRADIENT:
    return field && !name->curled;
  case JAC_FIELD_CURL:
    return field && !name->diverged;
  default:
    return field && !name->curled && !name->diverged;
  }
}

/* A name under whose kind the rule may hold, alone or with all others of that kind; NULL:
 * there is none. */
static const struct jac_field_name *exception(struct judging *j,
                                              const struct jac_link *link,
                                              const struct jac_claim_written *claim,
                                              const struct jac_field_rule *rule) {
  struct jac_judgement_of one;
  for (size_t k = 0; k < 2 * rule->names; k++)
    for (int as = JAC_FIELD_CONSTANT; as < JAC_FIELD_KINDS && !j->status; as++) {
      struct jac_field_rule other = *rule;
      const struct jac_field_name *name = &rule->name[k / 2];
      if (!may_be(rule, name, (enum jac_field_as)as))
        continue;
      for (size_t i = 0; i < rule->names; i++)
        if (i == k / 2 || (k % 2 && may_be(rule, &rule->name[i], (enum jac_field_as)as)))
          other.name[i].as = (enum jac_field_as)as;
      if (verdict(j, link, claim, &other, &one) != JAC_DOES_NOT_HOLD)
        return name;
    }
  return NULL;
}

static void refute(struct judging *j, const struct jac_link *link,
                   const struct jac_claim_written *claim, struct jac_field_rule *rule,
                   const struct jac_judgement_of *last, struct jac_judgement_of *r) {
  const struct jac_field_name *name = exception(j, link, claim, rule);
  if (name) {
    char words[200];
    snprintf(words, sizeof words, _("it holds at most for some kinds of %s"),
             jac_notation_key(&j->pool, name->name));
    jac_judging_unread(r, words);
  } else {
    *r = *last;
    r->correction[0] = '\0';
    r->sure = true;
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s",
             rule->curve ? _("it is not so for vectors in general")
                         : _("it is not so for functions and fields in general"));
  }
}

/* u x v of L = u x v, L(t) = u x v, the last before a claim; NULL: it is no product. */
static const struct jac_syntax *product_of(const struct jac_section *s,
                                           const struct jac_link *link,
                                           const struct jac_syntax *name) {
  const struct jac_syntax *found = NULL;
  struct jac_definition d;
  for (size_t k = 0; k < s->facts && k < link->visible; k++)
    if (s->fact[k].kind == JAC_FACT_DEFINITION && s->fact[k].left &&
        jac_definition_read(s->pool, s->fact[k].left, &d) && d.params < 2 &&
        jac_notation_equal(d.name, name))
      found = s->fact[k].right;
  const struct jac_syntax *inside = found ? jac_inside(found) : NULL;
  return inside && inside->form == JAC_S_INFIX && inside->row &&
                 (inside->row->id == JAC_C_CROSS || inside->row->id == JAC_C_CDOT)
             ? inside
             : NULL;
}

/* dL/dt of L = u x v: of the product. */
static struct jac_link of_product(const struct jac_section *s,
                                  const struct jac_link *link) {
  struct jac_link meant = *link;
  const struct jac_syntax *left = link->left;
  const struct jac_syntax *above =
      left && left->form == JAC_S_FRACTION ? jac_inside(left->child[0]) : NULL;
  if (!above || above->form != JAC_S_SIDE || above->count != 2 ||
      above->child[1]->form != JAC_S_NAME)
    return meant;
  const struct jac_syntax *product = product_of(s, link, above->child[1]);
  const struct jac_syntax *top[2] = {above->child[0], product}, *part[2];
  part[0] = product ? jac_notation_node(s->pool, above, 2, top) : NULL;
  part[1] = left->child[1];
  if (part[0])
    meant.left = jac_notation_node(s->pool, left, 2, part);
  return meant;
}

bool jac_judging_field(struct judging *j, const struct jac_link *written,
                       const struct jac_claim_written *claim,
                       struct jac_judgement_of *r) {
  const struct jac_link meant = of_product(&j->section, written), *link = &meant;
  struct jac_field_rule rule;
  struct jac_judgement_of last = {.verdict = JAC_NOT_UNDERSTOOD};
  if (link->condition || link->subject || !jac_field_read(&j->section, link, &rule))
    return false;
  enum jac_verdict found = verdict(j, link, claim, &rule, &last);
  if (found == JAC_HOLDS) {
    *r = last;
    r->verdict = JAC_HOLDS_CONVENTION;
    r->diagnosis[0] = '\0';
    snprintf(r->convention, sizeof r->convention, "%s",
             rule.curve ? _("a rule for any functions, of vectors and of numbers")
                        : _("a rule for any functions and fields"));
  } else if (found == JAC_DOES_NOT_HOLD && rule.tells)
    refute(j, link, claim, &rule, &last, r);
  else if (jac_judging_good(r) && (found == JAC_DOES_NOT_HOLD || rule.cross))
    jac_judging_unread(r, _("it is true of numbers, and not of vectors in general"));
  else
    return false;
  return true;
}
