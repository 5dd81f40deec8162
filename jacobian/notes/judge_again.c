/* Second thoughts about a claim: earlier definitions, values said, other meanings. Long:
 * a short function for each, below each other in the order in which they are tried. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/notes/apart.h"
#include "jacobian/notes/otherwise.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counts the numbers of n; false: a name stands in it, outside of derivatives. */
static bool numbers_alone(const struct jac_syntax *n, size_t *numbers, bool *derivative) {
  if (n->form == JAC_S_NAME || n->form == JAC_S_MATRIX)
    return false;
  if (n->form == JAC_S_FRACTION && n->child[0]->form == JAC_S_SIDE &&
      jac_is_differential(n->child[0]->child[0]))
    return *derivative = true;
  *numbers += n->form == JAC_S_NUMBER;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !numbers_alone(n->child[k], numbers, derivative))
      return false;
  return true;
}

/* -4, 14 x 3, 2 x 3 dL/dx: worked out. 0 and 1 are said of derivatives in general. */
static bool worked_number(const struct jac_syntax *n) {
  size_t numbers = 0;
  bool derivative = false;
  return !(n->form == JAC_S_NUMBER && (n->number == 0 || n->number == 1)) &&
         numbers_alone(n, &numbers, &derivative) && numbers > (size_t)derivative;
}

void jac_judging_among(struct judging *j, const struct jac_fact *fact, size_t count,
                       struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_scope scope = {.pool = &j->pool, .fact = fact, .count = count};
  struct jac_pool store = JAC_POOL_INIT;
  struct jac_evidence *evidence = jac_memory_take(1, sizeof *evidence);
  if (evidence)
    evidence->store = &store;
  if (!evidence || !jac_evidence_make(evidence, &scope)) {
    bool limit = j->pool.limit || store.limit;
    jac_pool_free(&store);
    free(evidence);
    if (limit) /* this claim's, not the machine's */
      jac_judging_unread(r, _("it is too large to be worked out"));
    else
      j->status = jac_fail_memory(j->err);
    return;
  }
  claim->scope = &scope;
  claim->evidence = evidence;
  j->status = jac_judge_claim(claim, r, j->err);
  claim->scope = NULL;
  claim->evidence = NULL;
  jac_pool_free(&store);
  free(evidence);
}

void jac_judging_claim(struct judging *j, struct jac_claim_written *claim,
                       struct jac_judgement_of *r) {
  jac_judging_among(j, j->section.fact, j->section.facts, claim, r);
}

/* What is tried for whether it holds: what would be right instead, of which nobody is
 * told, is looked for only where a refutation counts, since an equation without it is to
 * be solved. */
static void try_among(struct judging *j, const struct jac_fact *fact, size_t count,
                      bool refutes, struct jac_claim_written *claim,
                      struct jac_judgement_of *r) {
  bool correct = claim->correct;
  claim->correct = correct && refutes;
  jac_judging_among(j, fact, count, claim, r);
  claim->correct = correct;
}

/* Whether a section that is over defines, nearer to the claim, what this one defines. */
static bool nearer(const struct judging *j, const struct jac_fact *f) {
  bool defined = false;
  if (f->kind != JAC_FACT_DEFINITION)
    return false;
  for (size_t k = 0; k < j->section.facts; k++) {
    const struct jac_fact *own = &j->section.fact[k];
    if (own->kind != JAC_FACT_DEFINITION || !jac_notation_equal(own->left, f->left))
      continue;
    if (own->line == 0 || own->line >= f->line) /* a module's, or nearer itself */
      return false;
    defined = true;
  }
  return defined;
}

/* What a claim that fails mentions, where a section that is over defines it otherwise,
 * nearer to the claim: it may be meant so. */
static void mind_nearer(struct judging *j, const struct jac_link *link,
                        struct jac_judgement_of *r) {
  struct jac_definition d;
  for (size_t k = 0; k < j->nearlier && r->verdict == JAC_DOES_NOT_HOLD; k++) {
    const struct jac_fact *f = &j->earlier[k];
    if (!nearer(j, f) || !jac_definition_read(j->section.pool, f->left, &d) ||
        !(jac_notation_has(link->left, d.name) || jac_notation_has(link->right, d.name)))
      continue;
    r->verdict = JAC_NOT_UNDERSTOOD;
    r->correction[0] = '\0';
    snprintf(r->diagnosis, sizeof r->diagnosis,
             _("line %zu, in another section, says otherwise what %s is"), f->line,
             jac_notation_key(j->section.pool, d.name));
  }
}

/* The section's facts with those of sections before it: in front of its own, or, what is
 * nearer, behind those that the claim sees. How many were added. */
static size_t with_earlier(const struct judging *j, size_t visible, bool near,
                           struct jac_fact *all) {
  const struct jac_section *s = &j->section;
  size_t n = 0, before = near ? visible : 0;
  memcpy(all, s->fact, before * sizeof *all);
  for (size_t k = 0; k < j->nearlier; k++)
    if (!near || nearer(j, &j->earlier[k]))
      all[before + n++] = j->earlier[k];
  memcpy(all + before + n, s->fact + before, (s->facts - before) * sizeof *all);
  return n;
}

/* What sections before this one defined may explain a claim that holds by it; it refutes
 * none. */
static void judge_by_earlier(struct judging *j, struct jac_claim_written *claim,
                             struct jac_judgement_of *r) {
  struct jac_section *s = &j->section;
  struct jac_fact *all = jac_memory_take(j->nearlier + s->facts + 1, sizeof *all);
  if (!all) {
    j->status = jac_fail_memory(j->err);
    return;
  }
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  for (int near = 0; near < 2 && !j->status && !jac_judging_good(&again); near++) {
    size_t n = with_earlier(j, claim->visible, near, all);
    if (!n)
      continue;
    claim->visible += n;
    try_among(j, all, n + s->facts, false, claim, &again);
    claim->visible -= n;
  }
  free(all);
  if (j->status || !jac_judging_good(&again))
    return;
  *r = again;
  r->verdict = JAC_HOLDS_CONVENTION;
  size_t n = strlen(r->convention);
  snprintf(r->convention + n, sizeof r->convention - n, "%s%s", n ? ", " : "",
           _("by what a section before it says"));
}

void jac_judging_guesses(struct judging *j, const struct jac_link *link,
                         struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_section *s = &j->section;
  struct jac_judgement_of best = {.verdict = JAC_NOT_UNDERSTOOD};
  for (size_t k = 0; k < 3 && link->guess[k] && !j->status; k++) {
    size_t facts = s->facts;
    if (jac_section_adjoints(s, link, link->guess[k]))
      jac_judging_claim(j, claim, r);
    s->facts = facts;
    if (jac_judging_good(r)) {
      r->verdict = JAC_HOLDS_CONVENTION;
      size_t n = strlen(r->convention);
      snprintf(r->convention + n, sizeof r->convention - n,
               strcmp(link->guess[k], "bar") == 0
                   ? _("%sa bar is the derivative of a loss%s")
                   : _("%sdelta is the derivative of a loss by %s"),
               n ? ", " : "", strcmp(link->guess[k], "bar") == 0 ? "" : link->guess[k]);
      return;
    }
    if (k == 0 || r->verdict == JAC_NOT_UNDERSTOOD)
      best = *r;
    if (best.verdict == JAC_DOES_NOT_HOLD && strcmp(link->guess[k], "bar") == 0) {
      best.verdict = JAC_NOT_JUDGED; /* a mean, an estimate: a bar is many things */
      snprintf(best.diagnosis, sizeof best.diagnosis, "%s",
               _("nothing says what the bar stands for"));
      best.correction[0] = '\0';
    }
  }
  *r = best;
}

/* Whether a value of a name is said before the claim. */
static bool valued_before(const struct jac_section *s, const struct jac_link *link,
                          const struct jac_syntax *name) {
  for (size_t k = 0; k < s->facts && k < link->visible; k++)
    if (s->fact[k].kind == JAC_FACT_USE && s->fact[k].guess &&
        jac_notation_equal(s->fact[k].left, name))
      return true;
  return false;
}

/* f'(2) */
static bool slope_at_number(const struct jac_syntax *n) {
  return n->form == JAC_S_SIDE && n->count == 2 && n->child[0]->form == JAC_S_SCRIPT &&
         n->child[0]->number > 0 && n->child[1]->form == JAC_S_GROUP &&
         worked_number(n->child[1]);
}

/* A slope at a number, or a derivative that no small change mends. */
static bool unexplained(const struct jac_link *link, const struct jac_judgement_of *r) {
  return slope_at_number(link->left) ||
         (!r->correction[0] && jac_mentions_derivative(link->left));
}

/* u of D_u f: without its value nothing is said. */
static bool is_direction(const struct jac_syntax *left, const struct jac_syntax *name) {
  const struct jac_syntax *sign = left->form == JAC_S_SIDE ? left->child[0] : left;
  return sign->form == JAC_S_SCRIPT && jac_is_name(sign->child[0], "D") &&
         sign->child[1] && jac_notation_equal(jac_inside(sign->child[1]), name);
}

/* The values that were said, of what the claim may be worked out with, as definitions.
 * Whether one is a direction's. */
static bool take_values(struct judging *j, const struct jac_link *link, bool number) {
  struct jac_section *s = &j->section;
  size_t facts = s->facts;
  bool direction = false;
  for (size_t k = 0; k < facts; k++) {
    const struct jac_fact *value = &s->fact[k];
    if (value->kind != JAC_FACT_USE || !value->guess)
      continue;
    direction = direction || is_direction(link->left, value->left);
    if ((number || !value->passing || jac_notation_has(link->left, value->left)) &&
        (k < link->visible || !valued_before(s, link, value->left)) &&
        !jac_notation_has(link->right, value->left))
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                            .left = value->left,
                                            .right = value->right,
                                            .strong = true});
  }
  return direction;
}

/* With the values that were said: of x for dL/dx = 14 x 3, of A for a gradient that is
 * written out in numbers. A value of what stands in the claim itself is not used, since
 * the claim would hold by accident. */
static void judge_at_values(struct judging *j, const struct jac_link *link,
                            struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_section *s = &j->section;
  size_t facts = s->facts;
  bool number = worked_number(link->right), direction = take_values(j, link, number);
  struct jac_judgement_of again = *r;
  if (s->facts > facts)
    jac_judging_claim(j, claim, &again);
  s->facts = facts;
  bool refuted = direction && again.verdict == JAC_DOES_NOT_HOLD;
  if (jac_judging_good(&again) || (refuted && !jac_judging_good(r)))
    *r = again;
  else if (number && unexplained(link, r)) {
    r->verdict = JAC_NOT_JUDGED;
    r->correction[0] = '\0';
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s", _("a worked number"));
  }
}

bool jac_judging_said(struct judging *j, struct jac_claim_written *claim,
                      struct jac_evidence *evidence) {
  const struct jac_syntax *c = claim->condition;
  if (!c || c->form != JAC_S_CHAIN || c->count != 3 ||
      c->child[1]->row->id != JAC_C_EQUAL || c->child[0]->form != JAC_S_NAME ||
      c->child[2]->form != JAC_S_NUMBER)
    return false;
  const struct jac_usage *u =
      jac_usage_of(evidence, jac_notation_key(j->section.pool, c->child[0]));
  if (!u || u->index || u->defined || u->denominator) {
    if (!jac_notation_has(claim->left, c->child[0]) &&
        !jac_notation_has(claim->right, c->child[0]))
      claim->condition = NULL;
    return false;
  }
  claim->condition = NULL;
  return jac_section_fact(&j->section, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                                                         .left = c->child[0],
                                                         .right = c->child[2],
                                                         .strong = true}) != NULL;
}

/* df/dx |_{x = 1} = 2x = 2: the right side at the same point. */
static void judge_there(struct judging *j, const struct jac_link *link,
                        struct jac_claim_written *claim, struct jac_judgement_of *r) {
  struct jac_syntax like = *link->left;
  like.start = link->right->start;
  like.end = link->right->end;
  const struct jac_syntax *child[2] = {link->right, link->left->child[1]};
  const struct jac_syntax *there = jac_notation_node(&j->pool, &like, 2, child);
  if (!there || link->right->form == JAC_S_POINT)
    return;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  claim->right = there;
  try_among(j, j->section.fact, j->section.facts, false, claim, &again);
  claim->right = link->right;
  if (jac_judging_good(&again))
    *r = again;
}

/* What would refute a claim, but may be of something else. */
static void refuted_by_far(struct judging *j, const struct jac_way *way,
                           const struct jac_fact *later, struct jac_judgement_of *r) {
  r->verdict = JAC_NOT_UNDERSTOOD;
  r->correction[0] = '\0';
  if (way->from)
    snprintf(
        r->diagnosis, sizeof r->diagnosis,
        _("what is said before line %zu, of another exercise perhaps, would refute it"),
        way->from);
  else
    snprintf(r->diagnosis, sizeof r->diagnosis,
             _("what is said of %s on line %zu, behind it, would refute it"),
             jac_notation_key(j->section.pool, later->left), later->line);
}

/* What holds by a way to take the facts. */
static void take_way(const struct jac_way *way, const struct jac_judgement_of *again,
                     struct jac_judgement_of *r) {
  *r = *again;
  size_t n = strlen(r->convention);
  if (way->unseen) {
    r->verdict = JAC_NOT_UNDERSTOOD;
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s",
             _("it holds where its names are not what their use in it tells: declare "
               "them"));
  } else if (way->words[0]) {
    r->verdict = JAC_HOLDS_CONVENTION;
    snprintf(r->convention + n, sizeof r->convention - n, "%s%s", n ? ", " : "",
             way->words);
  }
}

/* A claim that fails by the facts as they are may hold by them taken otherwise. */
static void judge_otherwise(struct judging *j, const struct jac_link *link,
                            struct jac_claim_written *claim, struct jac_judgement_of *r) {
  const struct jac_section *s = &j->section;
  struct jac_fact *facts = jac_memory_take(s->facts + 1, sizeof *facts);
  if (!facts) {
    j->status = jac_fail_memory(j->err);
    return;
  }
  struct jac_way way;
  size_t visible = claim->visible;
  const struct jac_fact *later = jac_said_later(s, link);
  for (size_t k = 0; !j->status && jac_otherwise(s, link, k, facts, &way); k++) {
    struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
    bool far = way.from || (way.behind && later);
    try_among(j, facts, way.count, far, claim, &again);
    if (far && again.verdict != JAC_DOES_NOT_HOLD)
      refuted_by_far(j, &way, later, r);
    if (!jac_judging_good(&again) ||
        strcmp(again.convention, _("the chain rule, formally")) == 0)
      continue;
    take_way(&way, &again, r);
    break;
  }
  claim->visible = visible;
  free(facts);
}

/* Whether no blank line parts a line from a claim. */
static bool same_paragraph(const struct jac_document *d, size_t line,
                           const struct jac_link *link) {
  size_t end = link->item->start, at = end;
  for (size_t here = jac_document_place(d, end).line; here > line && at > 0;) {
    size_t start = at;
    while (start > 0 && d->source[start - 1] != '\n')
      start--;
    bool blank = true;
    for (size_t k = start; k < at && blank; k++)
      blank = strchr(" \t\r", d->source[k]) != NULL;
    if (blank && at < end)
      return false;
    at = start ? start - 1 : 0;
    here--;
  }
  return true;
}

/* What holds but for what a sentence says of a name, of an example or a model perhaps, is
 * not refuted by it. */
static void judge_without(struct judging *j, const struct jac_link *link,
                          struct jac_claim_written *claim, struct jac_judgement_of *r) {
  enum { MOST = 6 };
  const struct jac_section *s = &j->section;
  struct jac_fact *facts = jac_memory_take(s->facts + 1, sizeof *facts);
  if (!facts) {
    j->status = jac_fail_memory(j->err);
    return;
  }
  const struct jac_fact *f;
  for (size_t k = 0; k < MOST && !j->status && (f = jac_without(s, k, facts)); k++) {
    struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
    if (same_paragraph(j->document, f->line, link))
      continue; /* it leads to the claim */
    try_among(j, facts, s->facts, false, claim, &again);
    if (!jac_judging_good(&again) ||
        strcmp(again.convention, _("the chain rule, formally")) == 0)
      continue;
    r->verdict = JAC_NOT_UNDERSTOOD;
    r->correction[0] = '\0';
    snprintf(r->diagnosis, sizeof r->diagnosis,
             _("it holds but for what line %zu says of %s"), f->line,
             jac_notation_key(s->pool, f->left));
    break;
  }
  free(facts);
}

/* df/dx = 0 that does not hold. */
static bool is_equation(const struct jac_link *link, const struct jac_judgement_of *r) {
  return r->verdict == JAC_DOES_NOT_HOLD && link->right->form == JAC_S_NUMBER &&
         link->right->number == 0;
}

/* do_j/dz_i beside do_i/dz_i: for another j. */
static void judge_apart(struct judging *j, const struct jac_link *link,
                        struct jac_claim_written *claim, struct jac_judgement_of *r) {
  const struct jac_syntax *given = claim->condition;
  const struct jac_syntax *apart = given ? NULL : jac_apart(&j->section, link);
  if (!apart)
    return;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  claim->condition = apart;
  try_among(j, j->section.fact, j->section.facts, false, claim, &again);
  claim->condition = given;
  if (!jac_judging_good(&again))
    return;
  *r = again;
  r->verdict = JAC_HOLDS_CONVENTION;
  size_t n = strlen(r->convention);
  if (apart->form == JAC_S_LIST)
    snprintf(r->convention + n, sizeof r->convention - n, _("%sfor different indices"),
             n ? ", " : "");
  else
    snprintf(r->convention + n, sizeof r->convention - n, _("%sfor %s other than %s"),
             n ? ", " : "", jac_notation_key(j->section.pool, apart->child[0]),
             jac_notation_key(j->section.pool, apart->child[2]));
}

/* 3, -2, 1/2. */
static bool worked_out(const struct jac_syntax *n) {
  size_t numbers = 0;
  bool derivative = false;
  return numbers_alone(n, &numbers, &derivative) && numbers > 0 && !derivative;
}

/* Entries of one kind: names, or numbers. */
static bool entries(const struct jac_syntax *n, bool names) {
  if (n->form != JAC_S_MATRIX && n->form != JAC_S_ROW && n->form != JAC_S_GROUP)
    return names ? n->form == JAC_S_NAME : worked_out(n);
  for (size_t k = 0; k < n->count; k++)
    if (!n->child[k] || !entries(n->child[k], names))
      return false;
  return n->count > 0;
}

/* (r s; s t) = (2 3; 3 2): letters for the entries that follow. */
static bool names_entries(const struct judging *j, const struct jac_link *link) {
  const struct jac_section *s = &j->section;
  const struct jac_link *next = link + 1;
  return next < s->link + s->links && next->item == link->item && !next->first &&
         jac_inside(link->right)->form == JAC_S_MATRIX && entries(link->right, true) &&
         next->right && jac_inside(next->right)->form == JAC_S_MATRIX &&
         entries(next->right, false);
}

/* Long: what is tried, in turn. */
void jac_judging_again(struct judging *j, const struct jac_link *link,
                       struct jac_claim_written *claim, struct jac_judgement_of *r) {
  if (is_equation(link, r)) {
    r->verdict = JAC_NOT_JUDGED;
    r->correction[0] = '\0';
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s", _("an equation to solve"));
  }
  if (r->verdict == JAC_DOES_NOT_HOLD && names_entries(j, link)) {
    r->verdict = JAC_NOT_JUDGED;
    r->correction[0] = '\0';
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s", _("letters for the entries"));
  }
  if (r->verdict == JAC_DOES_NOT_HOLD && link->left->form == JAC_S_POINT)
    judge_there(j, link, claim, r);
  if (!j->status && r->verdict == JAC_DOES_NOT_HOLD)
    judge_at_values(j, link, claim, r);
  if (!j->status && r->verdict == JAC_DOES_NOT_HOLD && !link->subject)
    judge_otherwise(j, link, claim, r);
  if (!j->status && r->verdict == JAC_DOES_NOT_HOLD && !link->subject)
    judge_without(j, link, claim, r);
  if (!j->status && r->verdict == JAC_DOES_NOT_HOLD)
    judge_apart(j, link, claim, r);
  if (!j->status && r->verdict == JAC_DOES_NOT_HOLD)
    jac_judging_beside(j, link, claim, r);
  bool refuted = r->verdict == JAC_DOES_NOT_HOLD;
  if (!j->status && refuted)
    jac_judging_mind(j, link, r);
  const struct jac_judgement_of minded = *r;
  bool open = r->verdict == JAC_NOT_UNDERSTOOD ||
              (r->verdict == JAC_DOES_NOT_HOLD && !r->correction[0]);
  if (!j->status && open && j->nearlier && !link->subject &&
      jac_mentions_derivative(link->left))
    judge_by_earlier(j, claim, r);
  if (refuted && minded.verdict == JAC_NOT_UNDERSTOOD && r->verdict == JAC_DOES_NOT_HOLD)
    *r = minded; /* what is doubted is not refuted by what is over */
  mind_nearer(j, link, r);
}
