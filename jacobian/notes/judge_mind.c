/* What a claim that is refuted leaves out of account. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

static void doubt(struct jac_judgement_of *r) {
  r->verdict = JAC_NOT_UNDERSTOOD;
  r->correction[0] = '\0';
}

/* R'(x_0) = 0, which is not the claim itself. */
static bool value_at(const struct jac_link *link, const struct jac_fact *f) {
  node *n = f->left;
  return f->kind == JAC_FACT_USE && n && f->right && jac_number_alone(f->right) &&
         n->form == JAC_S_SIDE && n->count == 2 && n->child[1]->form == JAC_S_GROUP &&
         !jac_notation_equal(n, link->left);
}

/* A name that n has, and that stands in the claim or in what it differentiates. */
static node *shared(const struct judging *j, const struct jac_link *link, node *n) {
  if (n->form == JAC_S_SCRIPT)
    return shared(j, link, n->child[0]);
  if (jac_name_like(n) && !n->row) {
    if (jac_notation_has(link->left, n) || jac_notation_has(link->right, n))
      return n;
    node *f = link->left->form == JAC_S_SIDE ? link->left->child[0] : link->left;
    while (f->form == JAC_S_SCRIPT)
      f = f->child[0];
    bool derivative;
    const struct jac_fact *d = jac_section_defined(
        &j->section, jac_notation_key(j->section.pool, f), &derivative);
    return d && d->right && jac_notation_has(d->right, n) ? n : NULL;
  }
  node *found = NULL;
  for (size_t k = n->form == JAC_S_BIG ? 2 : 0; k < n->count && !found; k++)
    found = n->child[k] ? shared(j, link, n->child[k]) : NULL;
  return found;
}

/* \sum_i w_i = 1, which is made use of. */
static bool says_sum(node *l, node *r) {
  return l->form == JAC_S_BIG && l->child[2]->form == JAC_S_SCRIPT &&
         r->form == JAC_S_NUMBER && r->number == 1;
}

/* ||u|| = 1 of a u that nothing defines, which is made use of. */
static bool used_length(const struct judging *j, node *l, node *r) {
  node *u = jac_of_length_one(l, r);
  bool derivative;
  return u && !jac_section_defined(&j->section, jac_notation_key(j->section.pool, u),
                                   &derivative);
}

/* Long: what is no constraint. V V' = I, p + q = 1, g(x) = 0 in a
 * sentence: what it is about is no longer free. Of which name of the claim, or NULL. */
static node *constrained(const struct judging *j, const struct jac_link *link,
                         const struct jac_fact *f) {
  node *l = f->left, *r = f->right;
  if (f->kind != JAC_FACT_USE || f->guess || f->strong || !l || !r || jac_name_like(l) ||
      jac_mentions_derivative(l) || jac_mentions_derivative(r) ||
      jac_notation_equal(l, link->left) || says_sum(l, r) || used_length(j, l, r) ||
      (l->form == JAC_S_SIDE && l->count == 2 && l->child[1]->form == JAC_S_GROUP))
    return NULL;
  bool identity = jac_name_like(r) && r->form != JAC_S_NUMBER &&
                  (r->form == JAC_S_SCRIPT ? r->child[0] : r)->text[0] == 'I';
  return jac_number_alone(r) || identity ? shared(j, link, l) : NULL;
}

/* What is wrong in general may be right of an antisymmetric matrix, of a function whose
 * value at a point is 0, of weights whose sum is 1. *of: of what it is said. */
static const struct jac_fact *unused(const struct judging *j, const struct jac_link *link,
                                     node **of) {
  for (size_t k = 0; k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    bool special = f->kind == JAC_FACT_PROPERTY && (f->properties & JAC_IS_SPECIAL) != 0;
    if ((special || value_at(link, f)) && (jac_notation_has(link->left, f->left) ||
                                           jac_notation_has(link->right, f->left))) {
      *of = f->left;
      return f;
    }
    /* Said before: what follows may be an equation to solve. */
    if ((k < link->visible || f->explains) && (*of = constrained(j, link, f)) != NULL)
      return f;
  }
  return NULL;
}

/* What another display says by a derivative alone, which may have been a slip there:
 * ds/dz = d/dz (...), of a claim with s. */
static const struct jac_fact *implied(const struct judging *j,
                                      const struct jac_link *link) {
  const struct jac_item *item = link->item;
  if (!item || !j->document)
    return NULL;
  size_t from = jac_item_place(j->document, item, 0).line,
         to = jac_item_place(j->document, item, item->length).line;
  for (size_t k = 0; k < link->visible && k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    node *base = f->implied && (f->line < from || f->line > to) ? f->left : NULL;
    if (base && base->form == JAC_S_SCRIPT)
      base = base->child[0];
    if (base &&
        (jac_notation_has(link->left, base) || jac_notation_has(link->right, base)))
      return f;
  }
  return NULL;
}

/* Whether f(a, b) stands in n. */
static bool called(node *n, node *f) {
  for (size_t k = 0; k < n->count; k++) {
    node *one = n->child[k], *next = k + 1 < n->count ? n->child[k + 1] : NULL;
    if (one && ((n->form == JAC_S_SIDE && next && jac_notation_equal(one, f) &&
                 next->form == JAC_S_GROUP && next->child[0]->form == JAC_S_LIST) ||
                called(one, f)))
      return true;
  }
  return false;
}

static bool called_anywhere(const struct jac_section *s, node *f) {
  for (size_t k = 0; k < s->facts; k++)
    if ((s->fact[k].left && called(s->fact[k].left, f)) ||
        (s->fact[k].right && called(s->fact[k].right, f)))
      return true;
  return false;
}

/* f_1', f_{12}'': as many numbers as primes, below what is called with several arguments
 * somewhere; or NULL. */
static node *by_places(const struct jac_section *s, node *n) {
  if (n->form == JAC_S_SCRIPT && n->number > 0 && n->child[1] &&
      n->child[0]->form == JAC_S_NAME && n->child[1]->form == JAC_S_NUMBER) {
    const char *digits = n->child[1]->text;
    if ((double)strlen(digits) == n->number && called_anywhere(s, n->child[0]))
      return n;
  }
  node *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? by_places(s, n->child[k]) : NULL;
  return found;
}

/* Whether x stands in n, not primed and not before a bracket. */
static bool stands_alone(node *n, node *x) {
  if (jac_notation_equal(n, x))
    return true;
  if (n->form == JAC_S_SCRIPT && n->number > 0)
    return false;
  for (size_t k = 0; k < n->count; k++) {
    node *next = k + 1 < n->count ? n->child[k + 1] : NULL;
    bool call = n->form == JAC_S_SIDE && next && next->form == JAC_S_GROUP;
    if (n->child[k] && !(call && jac_notation_equal(n->child[k], x)) &&
        stands_alone(n->child[k], x))
      return true;
  }
  return false;
}

/* y of y', where nothing says what y is and it stands in all as well; or NULL. */
static node *moving(const struct jac_section *s, node *all, node *n) {
  bool derivative;
  node *y = n->form == JAC_S_SCRIPT && n->number > 0 && !n->child[1] ? n->child[0] : NULL;
  return y && y->form == JAC_S_NAME && !y->row && stands_alone(all, y) &&
                 !jac_section_defined(s, jac_notation_key(s->pool, y), &derivative)
             ? y
             : NULL;
}

/* a' of h(s, a'), of a sum over it. */
static bool argument_or_bound(node *n, size_t k) {
  return (n->form == JAC_S_BIG && k < 2) ||
         (n->form == JAC_S_SIDE && k && n->child[k]->form == JAC_S_GROUP &&
          jac_name_like(n->child[k - 1]));
}

/* y of x y' + y, which moves, as y' does; or NULL. */
static node *implicit(const struct jac_section *s, node *all, node *n) {
  node *found = moving(s, all, n);
  for (size_t k = 0; k < n->count && !found; k++)
    if (n->child[k] && !argument_or_bound(n, k))
      found = implicit(s, all, n->child[k]);
  return found;
}

/* Whether a side is a derivative by its signs, or defined by one: y'' = d/dx (...). */
static bool derives(const struct jac_section *s, const struct jac_link *link) {
  bool derivative;
  const struct jac_fact *f =
      jac_section_defined(s, jac_notation_key(s->pool, link->left), &derivative);
  return jac_mentions_derivative(link->left) ||
         (f && f->right && jac_mentions_derivative(f->right));
}

void jac_judging_mind(struct judging *j, const struct jac_link *link,
                      struct jac_judgement_of *r) {
  node *of = NULL;
  const struct jac_fact *f = unused(j, link, &of), *slip = f ? NULL : implied(j, link);
  node *moves, *place = f ? NULL : by_places(&j->section, link->right);
  const char *words;
  if (f) {
    doubt(r);
    const char *name = jac_notation_key(j->section.pool, of);
    if (f->line)
      snprintf(r->diagnosis, sizeof r->diagnosis,
               _("what line %zu says of %s is not made use of"), f->line, name);
    else
      snprintf(r->diagnosis, sizeof r->diagnosis,
               _("what is said of %s is not made use of"), name);
  } else if (slip) {
    doubt(r);
    snprintf(r->diagnosis, sizeof r->diagnosis,
             _("what %s is, line %zu says by its derivative alone: define it"),
             jac_notation_key(j->section.pool, slip->left), slip->line);
  } else if (derives(&j->section, link) &&
             (moves = implicit(&j->section, link->right, link->right))) {
    doubt(r);
    snprintf(r->diagnosis, sizeof r->diagnosis, _("nothing says what %s hangs on"),
             jac_notation_key(j->section.pool, moves));
  } else if (jac_judging_implicit(j, link)) {
    doubt(r);
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s",
             _("it may be of what stays constant, which is not said"));
  } else if (place) {
    doubt(r);
    snprintf(
        r->diagnosis, sizeof r->diagnosis,
        _("%s may be a derivative by a place among the arguments, which is not read"),
        jac_notation_key(j->section.pool, place));
  } else if ((words = jac_judging_doubt(j, link, r)) != NULL) {
    doubt(r);
    snprintf(r->diagnosis, sizeof r->diagnosis, "%s", words);
  }
}

static bool is_slope(node *n) {
  return n->form == JAC_S_FRACTION && jac_mentions_derivative(n);
}

/* dz/dy, which ends the side of a link; or NULL. */
static node *slope_at_end(const struct jac_link *link) {
  node *right = link->right;
  if (!right || right->form != JAC_S_SIDE || right->count < 2)
    return NULL;
  node *last = right->child[right->count - 1];
  return is_slope(last) ? last : NULL;
}

/* 3x of 3x dz/dy. */
static node *without_slope(const struct judging *j, node *right) {
  return right->count == 2
             ? right->child[0]
             : jac_notation_node(j->section.pool, right, right->count - 1, right->child);
}

void jac_judging_beside(struct judging *j, const struct jac_link *link,
                        struct jac_claim_written *claim, struct jac_judgement_of *r) {
  const struct jac_section *s = &j->section;
  const struct jac_link *next = link + 1, *before = link - 1;
  struct jac_judgement_of again = {.verdict = JAC_NOT_UNDERSTOOD};
  node *left = claim->left, *right = claim->right;
  if (next < s->link + s->links && next->item == link->item && !next->first &&
      slope_at_end(link) && is_slope(left)) {
    claim->right = without_slope(j, right);
  } else if (link > s->link && before->item == link->item && !link->first &&
             slope_at_end(before) && is_slope(left)) {
    claim->left = slope_at_end(before);
  } else
    return;
  if (claim->right)
    jac_judging_claim(j, claim, &again);
  claim->left = left;
  claim->right = right;
  if (j->status || !jac_judging_good(&again))
    return;
  *r = again;
  r->verdict = JAC_HOLDS_CONVENTION;
  size_t n = strlen(r->convention);
  snprintf(r->convention + n, sizeof r->convention - n, "%s%s", n ? ", " : "",
           _("two equations stand side by side"));
}
