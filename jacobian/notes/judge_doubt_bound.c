/* Second thoughts about a refutation: names that are not as free as they are read. */
#include "jacobian/notes/judge_doubt.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"

enum { DEEP = 4 };

static bool undefined(const struct judging *j, node *n) {
  return jac_name_like(n) && !n->row && !jac_doubt_definition(j, n);
}

/* x of dy/dx, \partial y/\partial x, the y at *y; NULL: it is none. */
static node *slope(node *n, node **y) {
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  node *below = above ? jac_inside(n->child[1]) : NULL;
  if (!below || below->form != JAC_S_SIDE || below->count != 2 ||
      !jac_is_differential(below->child[0]))
    return NULL;
  *y = above->form == JAC_S_SIDE && above->count == 2 &&
               jac_is_differential(above->child[0])
           ? above->child[1]
           : NULL;
  return below->child[1];
}

static bool is_by(node *n, const void *x) {
  node *y, *by = slope(n, &y);
  return by && jac_notation_equal(by, x);
}

/* Whether n differentiates by x. */
static bool derives_by(node *n, node *x) {
  return jac_notation_any(n, is_by, x);
}

/* Whether a name stands in n, or in what defines its names. */
static bool reaches(const struct judging *j, node *n, node *name, int depth) {
  const struct jac_fact *d = NULL;
  if (jac_notation_stands(n, name))
    return true;
  if (depth < DEEP && jac_name_like(n) && !n->row)
    d = jac_doubt_definition(j, n);
  if (d && d->right && reaches(j, d->right, name, depth + 1))
    return true;
  bool whole = n->form == JAC_S_SCRIPT && n->child[1]; /* E_1, in which no E stands */
  for (size_t k = 0; !whole && k < n->count; k++)
    if (n->child[k] && reaches(j, n->child[k], name, depth))
      return true;
  return false;
}

static bool claimed(const struct judging *j, const struct jac_link *link, node *name) {
  return reaches(j, link->left, name, 0) || reaches(j, link->right, name, 0);
}

/* x + y of bare names that nobody defines, by one of which the claim differentiates,
 * while another stands in it. */
static bool binds(const struct judging *j, const struct jac_link *link, node *sum) {
  size_t by = 0, beside = 0;
  if (sum->form != JAC_S_TERMS || sum->count < 2)
    return false;
  for (size_t k = 0; k < sum->count; k++) {
    node *x = sum->child[k];
    if (!undefined(j, x))
      return false;
    bool here = derives_by(link->left, x) || derives_by(link->right, x);
    by += here;
    beside += !here && claimed(j, link, x);
  }
  return by && by + beside > 1;
}

/* E = E_1 + E_2, and E does not stand in the claim: it is held, perhaps. */
bool jac_doubt_conserved(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  (void)r;
  for (size_t k = 0; k < j->section.facts; k++) {
    node *one = j->section.fact[k].left, *other = j->section.fact[k].right;
    if (!one || !other)
      continue;
    bool turned = jac_name_like(other);
    node *sum = jac_inside(turned ? one : other), *total = turned ? other : one;
    if (jac_name_like(total) && binds(j, link, sum) && !claimed(j, link, total))
      return true;
  }
  return false;
}

/* Whether y stands in n, not below or above in a derivative, nor called, y(x). */
static bool stands(node *n, node *y) {
  node *of;
  if (jac_notation_equal(n, y))
    return true;
  if (slope(n, &of) && of && jac_name_like(of))
    return false;
  for (size_t k = 0; k < n->count; k++) {
    bool called = n->form == JAC_S_SIDE && k + 1 < n->count &&
                  n->child[k + 1]->form == JAC_S_GROUP &&
                  jac_notation_equal(n->child[k], y);
    if (n->child[k] && !called && stands(n->child[k], y))
      return true;
  }
  return false;
}

static bool is_of(node *n, const void *y) {
  node *of;
  return slope(n, &of) && of && jac_notation_equal(of, y);
}

/* Whether n has a derivative of y. */
static bool derives(node *n, node *y) {
  return jac_notation_any(n, is_of, y);
}

/* dy/dx of names that nobody defines, the claim being by x and with a y that rests. */
static bool moves(node *n, const void *of) {
  const struct jac_doubted *at = of;
  node *y = NULL, *x = slope(n, &y), *left = at->link->left, *right = at->link->right;
  return x && y && undefined(at->j, x) && undefined(at->j, y) && !derives(left, y) &&
         !derives(right, y) && (derives_by(left, x) || derives_by(right, x)) &&
         (stands(left, y) || stands(right, y));
}

/* dE_2/dE_1 = -1 somewhere: E_2 moves with E_1, as it is read it rests. */
bool jac_doubt_moves(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r) {
  const struct jac_section *s = &j->section;
  struct jac_doubted at = {j, link};
  (void)r;
  for (size_t k = 0; k < s->links + s->facts; k++) {
    const struct jac_link *one = k < s->links ? &s->link[k] : NULL;
    const struct jac_fact *said = one ? NULL : &s->fact[k - s->links];
    node *left = one ? one->left : said->left, *right = one ? one->right : said->right;
    if ((left && jac_notation_any(left, moves, &at)) ||
        (right && jac_notation_any(right, moves, &at)))
      return true;
  }
  return false;
}

/* A name of another with an index. */
static bool is_indexed(node *n, const void *other) {
  return n->form == JAC_S_SCRIPT && n->child[1] && n->child[0]->form == JAC_S_NAME &&
         jac_notation_has(other, n->child[0]);
}

/* S_1, whose derivative n is, and which nothing defines; or NULL. */
static node *numbered_name(const struct judging *j, node *n) {
  node *y = NULL;
  bool number = slope(n, &y) && y && y->form == JAC_S_SCRIPT && y->child[1] &&
                y->number == 0 && y->child[1]->form == JAC_S_NUMBER;
  return number && undefined(j, y) ? y : NULL;
}

/* A derivative of S_1 of a number S = k \ln x, no part of which has entries in the claim.
 */
static bool numbered(node *n, const void *of) {
  const struct jac_doubted *at = of;
  node *y = numbered_name(at->j, n);
  const struct jac_fact *d = y ? jac_doubt_definition(at->j, y->child[0]) : NULL;
  node *right = d && d->right ? jac_inside(d->right) : NULL;
  return right && right->form != JAC_S_LIST && right->form != JAC_S_MATRIX &&
         !jac_notation_any(at->link->left, is_indexed, right) &&
         !jac_notation_any(at->link->right, is_indexed, right);
}

bool jac_doubt_numbered(const struct judging *j, const struct jac_link *link,
                        const struct jac_judgement_of *r) {
  struct jac_doubted at = {j, link};
  (void)r;
  return jac_notation_any(link->left, numbered, &at) ||
         jac_notation_any(link->right, numbered, &at);
}

/* F_1 of F. */
static bool is_entry(node *n, const void *f) {
  return n->form == JAC_S_SCRIPT && n->child[1] && jac_notation_equal(n->child[0], f);
}

static bool has_entry(node *n, node *f) {
  return jac_notation_any(n, is_entry, f);
}

/* F = R v + (F_1, F_2): its F_1 is no entry of it; in F = (F_1, F_2) it is. */
bool jac_doubt_of_itself(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  (void)r;
  for (size_t k = 0; k < j->section.facts && has_entry(link->right, link->left); k++) {
    const struct jac_fact *f = &j->section.fact[k];
    bool own = f->left && f->right && jac_notation_equal(f->left, link->left);
    node *right = own ? jac_inside(f->right) : NULL;
    if (own && right->form == JAC_S_TERMS && has_entry(right, link->left))
      return true;
  }
  return false;
}

/* h_s of h_{s-1} or h_3: another member than a given one. */
static bool other_member(node *n, const void *of) {
  node *member = of;
  return n->form == JAC_S_SCRIPT && n->child[1] && !jac_notation_equal(n, member) &&
         jac_notation_equal(n->child[0], member->child[0]);
}

/* h_4 = f(h_3), said of one step: of h_t the rule through time knows more. */
static bool recurs(const struct jac_section *s, node *h) {
  for (size_t k = 0; k < s->facts; k++) {
    node *l = s->fact[k].left, *r = s->fact[k].right;
    if (l && r && l->form == JAC_S_SCRIPT && l->child[1] &&
        l->child[1]->form == JAC_S_NUMBER &&
        jac_notation_equal(l->child[0], h->child[0]) &&
        jac_notation_any(r, other_member, l))
      return true;
  }
  return false;
}

/* h_s of dh_s/dU among factors that also have dL/dh_s; or NULL. */
static node *through(node *n, node *all) {
  node *y = NULL;
  if (slope(n, &y) && y && y->form == JAC_S_SCRIPT && y->child[1] && derives_by(all, y))
    return y;
  for (size_t k = 0; k < n->count; k++) {
    y = n->child[k] ? through(n->child[k], all) : NULL;
    if (y)
      return y;
  }
  return NULL;
}

/* \sum_s dL/dh_s dh_s/dU of what recurs: the derivative at once, past no other step. */
static bool at_once(node *n, const void *section) {
  node *h = n->form == JAC_S_BIG && n->child[0] && n->child[2]
                ? through(n->child[2], n->child[2])
                : NULL;
  return h && recurs(section, h);
}

bool jac_doubt_at_once(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)r;
  return jac_notation_any(link->right, at_once, &j->section);
}

/* V of dV/dt, f of f'(2) and f(2); or NULL. */
static node *of_which(node *left) {
  node *f = jac_doubt_differentiated(left);
  bool call = left->form == JAC_S_SIDE && left->count == 2 &&
              jac_name_like(left->child[0]) && left->child[1]->form == JAC_S_GROUP;
  return f ? f : call ? left->child[0] : NULL;
}

/* f(x + 1) in n; f(0) is a number. */
static bool calls(node *n, node *f) {
  for (size_t k = 0; k < n->count; k++) {
    node *next = n->form == JAC_S_SIDE && k + 1 < n->count ? n->child[k + 1] : NULL;
    if (n->child[k] && ((next && next->form == JAC_S_GROUP &&
                         jac_notation_equal(n->child[k], f) && !jac_worked_out(next)) ||
                        calls(n->child[k], f)))
      return true;
  }
  return false;
}

/* \Gamma(x) = \Gamma(x + 1)/x: an equation that it satisfies. */
bool jac_doubt_by_itself(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  node *f = of_which(link->left);
  const struct jac_fact *d = f ? jac_doubt_definition(j, f) : NULL;
  (void)r;
  return d && d->right && calls(d->right, f);
}

/* V = \pi r^2 h/3 = \pi h^3/3, which is not so in general: V may be the second. */
bool jac_doubt_two_sides(const struct judging *j, const struct jac_link *link,
                         const struct jac_judgement_of *r) {
  const struct jac_section *s = &j->section;
  node *f = of_which(link->left);
  (void)r;
  for (size_t k = 0; f && &s->link[k] < link; k++) {
    const struct jac_link *one = &s->link[k];
    const struct jac_finding *found = &j->out->finding[j->judged + k];
    bool good =
        found->verdict == JAC_FINDING_HOLDS || found->verdict == JAC_FINDING_CONVENTION;
    if (one->link > 1 && one->left && one->right && one->item != link->item && !good &&
        jac_notation_equal(one->left, f) && !jac_worked_out(one->right))
      return true;
  }
  return false;
}
