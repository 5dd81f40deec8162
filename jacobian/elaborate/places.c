/* Numbers that are whole: those that name a place, and the exponents of matrices. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <string.h>

struct whole {
  elaboration *e;
  struct jac_dim *most;
};

/* A letter that is a number, of whole values from 1 to a size. */
static void mark_letter(const struct whole *w, const term *letter) {
  for (size_t k = 0; k < w->e->nsymbol && letter->kind == JAC_TERM_SYMBOL; k++) {
    struct jac_symbol *s = w->e->symbol[k];
    if (letter->symbol != s || s->body)
      continue;
    s->values = JAC_PLACES;
    s->places = w->most;
  }
}

/* k - 1, 2 k: what is whole where its letters are. */
static void mark_exponent(const struct whole *w, const term *x) {
  if (x->kind == JAC_TERM_OP && x->construct != JAC_C_ADD &&
      x->construct != JAC_C_SUBTRACT && x->construct != JAC_C_NEGATE &&
      x->construct != JAC_C_SIDE && x->construct != JAC_C_STAR)
    return;
  mark_letter(w, x);
  for (size_t k = 0; k < x->count; k++)
    if (x->child[k])
      mark_exponent(w, x->child[k]);
}

static bool mark(term *t, void *context) {
  struct whole w = {.e = context};
  if (t->kind == JAC_TERM_OP && t->construct == JAC_C_POWER &&
      strcmp(t->reading->type, "(n,n)1->(n,n)") == 0) {
    w.most = t->type.rows;
    mark_exponent(&w, t->child[1]);
  }
  for (size_t side = 1; side < 3 && t->kind == JAC_TERM_ENTRY && side < t->count; side++)
    if (t->child[side]) {
      w.most = side == 1 ? t->child[0]->type.rows : t->child[0]->type.cols;
      mark_letter(&w, t->child[side]);
    }
  return true;
}

void jac_mark_places(elaboration *e, term *t) {
  jac_term_walk_through(t, mark, e);
}
