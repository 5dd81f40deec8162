/* What the signs around a name tell of it: bars, a trace, what is held against it. */
#include "jacobian/elaborate/evidence_internal.h"

#include <string.h>

static struct jac_usage *usage_of_name(struct walk *w, node *n) {
  return n && jac_name_like(n) ? jac_usage_of(w->e, jac_notation_key(w->e->pool, n))
                               : NULL;
}

/* ||x||, ||r(x)||, ||x - y||: a norm is of vectors. */
static void see_normed(struct walk *w, node *n) {
  if (strcmp(n->text, "|||") != 0)
    return;
  node *inside = n->child[0], *one[1] = {inside};
  bool terms = inside->form == JAC_S_TERMS;
  for (size_t k = 0; k < (terms ? inside->count : 1); k++) {
    node *t = terms ? inside->child[k] : one[0];
    bool call = t->form == JAC_S_SIDE && t->count == 2 && parenthesis(t->child[1]);
    struct jac_usage *u = usage_of_name(w, call ? t->child[0] : t);
    if (u)
      u->normed++;
  }
}

/* tr A, det A: A is a matrix. */
static void see_squared(struct walk *w, node *n) {
  bool of_matrix = n->row && (n->row->id == JAC_C_TRACE || n->row->id == JAC_C_DET);
  struct jac_usage *u = of_matrix ? usage_of_name(w, jac_inside(n->child[1])) : NULL;
  if (u)
    u->squared++;
}

/* |r| \le d, -d \le r \le d: d is no negative number. */
static void see_limits(struct walk *w, node *chain) {
  node *side[2] = {chain->child[0], chain->child[chain->count - 1]};
  enum jac_construct_id id = chain->child[1]->row->id;
  if (chain->count < 3 || id <= JAC_C_UNEQUAL || id > JAC_C_ATLEAST)
    return;
  for (size_t k = 0; k < 2; k++) {
    node *limit = side[k], *other = side[1 - k];
    bool size = other->form == JAC_S_GROUP && other->text[0] == '|';
    bool both = chain->count == 5 && other->form == JAC_S_TERMS && other->count == 1 &&
                jac_notation_equal(other->child[0], limit);
    struct jac_usage *u = size || both ? usage_of_name(w, limit) : NULL;
    if (u)
      u->limits++;
  }
}

void jac_see_around(struct walk *w, node *n) {
  if (n->form == JAC_S_CHAIN)
    see_limits(w, n);
  else if (n->form == JAC_S_GROUP)
    see_normed(w, n);
  else if (n->form == JAC_S_APPLY)
    see_squared(w, n);
}
