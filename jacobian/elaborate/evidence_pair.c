/* What is differentiated, and by what. */
#include "jacobian/elaborate/evidence_internal.h"

void jac_see_differential(struct walk *w, node *n, bool above, bool straight) {
  if (!n || n->form == JAC_S_NUMBER)
    return;
  if (jac_name_like(n)) {
    node *base = n->form == JAC_S_SCRIPT ? n->child[0] : n;
    const char *keys[3];
    size_t nkeys = 0;
    keys[nkeys++] = jac_pool_text(w->e->pool, base->text);
    if (n->form == JAC_S_SCRIPT) {
      keys[nkeys++] = jac_notation_key(w->e->pool, n);
      if (n->child[1] && n->child[2])
        keys[nkeys++] = jac_notation_key(w->e->pool, jac_without_below(w->e->pool, n));
    }
    for (size_t k = 0; k < nkeys; k++) {
      struct jac_usage *u = jac_usage_of(w->e, keys[k]);
      if (u) {
        *(above ? &u->numerator : &u->denominator) += 1;
        u->straight += straight && !above;
      }
    }
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    jac_see_differential(w, n->child[k], above, straight);
}

struct jac_pair *jac_see_pair(struct walk *w, const char *numerator, node *denominator) {
  struct jac_evidence *e = w->e;
  for (size_t k = 0; k < e->pairs; k++)
    if (e->pair[k].numerator == numerator &&
        jac_notation_equal(e->pair[k].denominator, denominator))
      return &e->pair[k];
  if (e->pairs == sizeof e->pair / sizeof *e->pair)
    return NULL;
  e->pair[e->pairs] =
      (struct jac_pair){.numerator = numerator, .denominator = denominator};
  return &e->pair[e->pairs++];
}

bool jac_total_and_partial(const struct jac_evidence *e, const char *numerator,
                           node *denominator) {
  for (size_t k = 0; k < e->pairs; k++)
    if (e->pair[k].straight && e->pair[k].curly && e->pair[k].numerator == numerator &&
        jac_notation_equal(e->pair[k].denominator, denominator))
      return true;
  return false;
}

bool jac_differentiates(const struct jac_evidence *e, const char *y, node *x) {
  const struct jac_pair *p = e->every ? e->every : e->pair;
  for (size_t k = 0; k < (e->every ? e->everys : e->pairs); k++)
    if (p[k].numerator == y && jac_notation_equal(p[k].denominator, x))
      return true;
  return false;
}

void jac_see_pairs(struct walk *w, node *above, size_t from, size_t to, node *below) {
  for (size_t k = from; k < to; k++)
    if (jac_name_like(above->child[k]))
      for (size_t j = 1; j < below->count; j++)
        if (!jac_is_differential(below->child[j])) {
          struct jac_pair *p = jac_see_pair(
              w, jac_notation_key(w->e->pool, above->child[k]), below->child[j]);
          if (p && jac_is_name(below->child[0], "d"))
            p->straight = true;
          else if (p)
            p->curly = true;
        }
}

bool jac_quantity_operand(node *side, size_t k) {
  node *next = k < side->count ? side->child[k] : NULL;
  if (!next || !jac_name_like(next) ||
      (next->form == JAC_S_SCRIPT && next->child[2] &&
       (!jac_layered(next->child[2]) ||
        (next->child[2]->form == JAC_S_TERMS && !jac_index_item(next->child[2])) ||
        jac_is_name(next->child[0], "e"))))
    return false;
  if (next->form == JAC_S_SCRIPT && next->child[2] &&
      (next->child[2]->form == JAC_S_NUMBER || jac_is_name(next->child[2], "T") ||
       jac_is_name(next->child[2], "top")))
    return false;
  return k + 1 == side->count ||
         (k + 2 == side->count && parenthesis(side->child[k + 1]));
}

bool jac_see_fraction(struct walk *w, node *above, node *below) {
  node *sign = above->form == JAC_S_SIDE ? above->child[0] : above;
  node *under = below->form == JAC_S_SIDE ? below->child[0] : below;
  if (!jac_is_differential(sign) || !jac_is_differential(under) || under == below)
    return false;
  bool straight = jac_is_name(under, "d");
  if (above != sign && jac_name_like(above->child[1]) &&
      (above->count == 2 || (above->count == 3 && parenthesis(above->child[2]))))
    jac_see_pairs(w, above, 1, 2, below);
  /* d f, d f(x): a name is differentiated; d |x|, d (A x) are formulas. */
  if (above != sign && jac_name_like(above->child[1]) &&
      (above->count == 2 || (above->count == 3 && parenthesis(above->child[2]))))
    jac_see_differential(w, above->child[1], true, false);
  for (size_t k = 1; k < (above == sign ? 0 : above->count); k++)
    jac_see_factor(w, above, k);
  for (size_t k = 1; k < below->count; k++)
    if (!jac_is_differential(below->child[k])) {
      jac_see_differential(w, below->child[k], false, straight);
      jac_see(w, below->child[k]);
    }
  return true;
}

/* d/dx x, d/dx x^x: of the variable, which is no function for that. */
bool jac_by_itself(node *below, node *next) {
  node *base = next->form == JAC_S_SCRIPT && !next->child[1] ? next->child[0] : next;
  for (size_t k = 1; k < below->count; k++)
    if (jac_notation_equal(below->child[k], base))
      return true;
  return false;
}

/* x^T Q x, (y - Hx)^T R^{-1} (y - Hx): of Q, of R. */
void jac_see_quadratic(struct walk *w, node *before, node *f, node *next) {
  node *base = f->form == JAC_S_SCRIPT ? f->child[0] : f;
  bool turned =
      before->form == JAC_S_SCRIPT && before->child[2] &&
      (jac_is_name(before->child[2], "T") || jac_is_name(before->child[2], "top"));
  if (!turned || base->form != JAC_S_NAME ||
      !jac_notation_equal(jac_inside(before->child[0]), jac_inside(next)))
    return;
  struct jac_usage *u = jac_usage_of(w->e, jac_pool_text(w->e->pool, base->text));
  if (u)
    u->quadratic++;
}
