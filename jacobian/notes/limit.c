/* Limits of quotients that are derivatives: \lim_{h \to 0} (f(x + h) - f(x)) / h is the
 * slope of what stands above over that of what stands below, where both vanish. */
#include "jacobian/notes/respell_internal.h"

#include <string.h>

/* What runs, under another name, and where to. */
struct limit {
  struct respelling *r;
  node *written; /* h, \Delta x */
  node *h, *to;
};

/* A square so small that it is 0 but for rounding. */
static const double tiny = 1e-18;

static bool runs(const struct limit *l, node *n) {
  return jac_notation_has(n, l->h);
}

/* n with the new name; \Delta x stands among other factors. */
static node *renamed(struct limit *l, node *n) {
  node *child[JAC_RESPELL_CHILDREN];
  size_t count = 0;
  bool changed = false, two = l->written->form == JAC_S_SIDE;
  if (jac_notation_equal(n, l->written))
    return l->h;
  if (n->count > JAC_RESPELL_CHILDREN)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    bool here = two && n->form == JAC_S_SIDE && k + 1 < n->count &&
                jac_notation_equal(n->child[k], l->written->child[0]) &&
                jac_notation_equal(n->child[k + 1], l->written->child[1]);
    child[count] = here ? l->h : n->child[k] ? renamed(l, n->child[k]) : NULL;
    changed = changed || child[count] != n->child[k];
    k += here;
    count++;
  }
  if (!changed)
    return n;
  if (count == 1 && n->form == JAC_S_SIDE)
    return child[0];
  return jac_notation_node(l->r->section->pool, n, count, child);
}

static node *chain(struct limit *l, node *left, enum jac_construct_id id, node *right) {
  struct jac_syntax sign = {.form = JAC_S_SIGN,
                            .text = "",
                            .row = jac_construct(id),
                            .start = left->start,
                            .end = left->end};
  node *three[3] = {left, jac_notation_node(l->r->section->pool, &sign, 0, NULL), right};
  return jac_respell_made(l->r, JAC_S_CHAIN, "", left, 3, three);
}

/* n where h has arrived. */
static node *at(struct limit *l, node *n) {
  if (!n || !runs(l, n))
    return n;
  node *pair[2] = {n, chain(l, l->h, JAC_C_EQUAL, l->to)};
  node *point = jac_respell_made(l->r, JAC_S_POINT, "", n, 2, pair);
  return point ? jac_respell_made(l->r, JAC_S_GROUP, "()", n, 1, &point) : NULL;
}

/* d/dh n there. */
static node *slope(struct limit *l, node *n) {
  node *d = jac_respell_name(l->r, n, "d"), *below[2] = {d, l->h};
  node *sign[2] = {d, jac_respell_made(l->r, JAC_S_SIDE, "", n, 2, below)};
  node *pair[2] = {jac_respell_made(l->r, JAC_S_FRACTION, "", n, 2, sign),
                   jac_respell_made(l->r, JAC_S_GROUP, "()", n, 1, &n)};
  return at(l, jac_respell_made(l->r, JAC_S_SIDE, "", n, 2, pair));
}

/* Whether n vanishes there, by its form: h, 2h, x - a. */
static bool vanishes(const struct limit *l, node *n) {
  n = jac_inside(n);
  bool zero = l->to->form == JAC_S_NUMBER && l->to->number == 0;
  if (n->form == JAC_S_SIDE && zero && n->count == 2)
    return n->child[0]->form == JAC_S_NUMBER && jac_notation_equal(n->child[1], l->h);
  if (n->form == JAC_S_TERMS)
    return n->count == 2 && n->text[0] != '-' && n->text[1] == '-' &&
           jac_notation_equal(n->child[0], l->h) &&
           jac_notation_equal(n->child[1], l->to);
  return zero && jac_notation_equal(n, l->h);
}

static node *squared(struct limit *l, node *n) {
  node *child[3] = {jac_respell_made(l->r, JAC_S_GROUP, "()", n, 1, &n), NULL,
                    jac_respell_number(l->r, n, 2)};
  return child[0] ? jac_respell_made(l->r, JAC_S_SCRIPT, "", n, 3, child) : NULL;
}

/* The limit of above / below, of which below vanishes. */
static node *quotient(struct limit *l, node *above, node *below) {
  if (!vanishes(l, below))
    return NULL;
  node *up = slope(l, above), *down = slope(l, below), *there = at(l, above);
  node *ratio[2] = {up, down}, *pole[2] = {there, at(l, below)};
  if (!up || !down || !there || !pole[1])
    return NULL;
  node *cases[4] = {
      jac_respell_made(l->r, JAC_S_FRACTION, "", above, 2, ratio),
      chain(l, squared(l, there), JAC_C_ATMOST, jac_respell_number(l->r, above, tiny)),
      jac_respell_made(l->r, JAC_S_FRACTION, "", above, 2, pole), NULL};
  struct jac_syntax as = {
      .form = JAC_S_CASES, .text = "", .start = above->start, .end = above->end};
  if (!cases[0] || !cases[1] || !cases[2])
    return NULL;
  return runs(l, above) ? jac_notation_node(l->r->section->pool, &as, 4, cases) : NULL;
}

/* What jumps has no slope. */
static bool jumps(node *n) {
  if ((n->form == JAC_S_GROUP && n->text[0] == '|') || n->form == JAC_S_CASES ||
      n->form == JAC_S_BIG || n->form == JAC_S_DOTS ||
      (n->row && (n->row->id == JAC_C_ABS || n->row->id == JAC_C_SIGN ||
                  n->row->id == JAC_C_HEAVISIDE || n->row->id == JAC_C_RELU)))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && jumps(n->child[k]))
      return true;
  return false;
}

static node *limit(struct limit *l, node *n);

/* Factors, of which one is divided by what vanishes. */
static node *product(struct limit *l, node *n) {
  node *rest[JAC_RESPELL_CHILDREN], *divided = NULL;
  size_t count = 0;
  for (size_t k = 0; k < n->count && k < JAC_RESPELL_CHILDREN; k++) {
    node *f = n->child[k];
    bool fraction =
        f->form == JAC_S_FRACTION && runs(l, f->child[1]) && vanishes(l, f->child[1]);
    if (fraction && divided)
      return NULL;
    if (fraction) {
      divided = f->child[1];
      f = f->child[0];
      f = jac_respell_made(l->r, JAC_S_GROUP, "()", f, 1, &f);
    }
    rest[count++] = f;
  }
  if (!divided)
    return at(l, n);
  struct jac_syntax like = *n;
  node *above = jac_notation_node(l->r->section->pool, &like, count, rest);
  return above ? quotient(l, above, divided) : NULL;
}

static node *each(struct limit *l, node *n) {
  node *child[JAC_RESPELL_CHILDREN];
  for (size_t k = 0; k < n->count; k++)
    if (n->count > JAC_RESPELL_CHILDREN || !(child[k] = limit(l, n->child[k])))
      return NULL;
  return jac_notation_node(l->r->section->pool, n, n->count, child);
}

static node *limit(struct limit *l, node *n) {
  if (!runs(l, n))
    return n;
  switch (n->form) {
  case JAC_S_GROUP:
    return n->text[0] == '|' ? NULL : each(l, n);
  case JAC_S_TERMS:
    return each(l, n);
  case JAC_S_SIDE:
    return product(l, n);
  case JAC_S_FRACTION:
    return runs(l, n->child[1]) ? quotient(l, n->child[0], n->child[1]) : at(l, n);
  case JAC_S_INFIX:
    if (n->row->role == JAC_ROLE_DIVIDE)
      return runs(l, n->child[1]) ? quotient(l, n->child[0], n->child[1]) : at(l, n);
    return n->row->id == JAC_C_CDOT || n->row->id == JAC_C_CROSS ? product(l, n) : NULL;
  default:
    return at(l, n);
  }
}

/* Long: what may run, and where to. */
node *jac_limit(struct respelling *r, node *n) {
  node *below = n->child[0] ? jac_inside(n->child[0]) : NULL;
  if (n->child[1] || !n->child[2] || !below || below->form != JAC_S_CHAIN ||
      below->count != 3 || below->child[1]->row->id != JAC_C_ARROW || jumps(n->child[2]))
    return NULL;
  node *to = below->child[2], *h = below->child[0];
  bool delta =
      h->form == JAC_S_SIDE && h->count == 2 && jac_is_name(h->child[0], "Delta");
  if (!(h->form == JAC_S_NAME || delta) ||
      !(to->form == JAC_S_NUMBER || (to->form == JAC_S_NAME && !to->row)) ||
      jac_is_name(to, "infty"))
    return NULL;
  /* A name of its own: h may be another quantity elsewhere. */
  struct limit l = {.r = r, .written = h, .h = jac_respell_name(r, h, "step'"), .to = to};
  node *body = l.h ? renamed(&l, n->child[2]) : NULL;
  node *value = body ? limit(&l, body) : NULL;
  return value ? jac_respell_made(r, JAC_S_GROUP, "()", n, 1, &value) : NULL;
}
