/* Vectors of ones, and what tells how many they are. */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>

/* \mathbf 1, 1^T, and e that is said to be ones, transposed or not. */
static bool are_ones(struct walk *w, node *n) {
  bool turned = n->form == JAC_S_SCRIPT && !n->child[1] && n->child[2] &&
                (jac_is_name(n->child[2], "T") || jac_is_name(n->child[2], "top"));
  node *base = turned ? n->child[0] : n;
  if (base->form == JAC_S_NUMBER)
    return turned && (base->number == 1 || base->number == 11);
  if (jac_is_name(base, "bold_1") || jac_is_name(base, "bb_1"))
    return true;
  const struct jac_usage *u = base->form == JAC_S_NAME
                                  ? jac_usage_of(w->e, jac_notation_key(w->e->pool, base))
                                  : NULL;
  return u && (u->properties & JAC_IS_ONES) != 0;
}

bool jac_begins_with_ones(struct walk *w, node *const *factor, size_t count) {
  bool number = factor[0]->form == JAC_S_NUMBER && factor[0]->number == 1;
  return count &&
         (are_ones(w, factor[0]) || (number && count > 1 && are_ones(w, factor[1])));
}

void jac_see_count(struct walk *w, node *below) {
  below = jac_inside(below);
  if (below->form != JAC_S_NAME || below->text[1] ||
      !isalpha((unsigned char)*below->text))
    return;
  const char *key = jac_pool_text(w->e->pool, below->text);
  struct jac_usage *u = jac_usage_of(w->e, key);
  if (u)
    u->counts++;
  w->e->count = !w->e->count || w->e->count == key ? key : "";
}

bool jac_sized_ones(node *n) {
  node *base = n->form == JAC_S_SCRIPT ? n->child[0] : NULL;
  return base && n->child[1] && n->child[1]->form == JAC_S_NAME &&
         (base->form == JAC_S_NUMBER ? base->number == 1 : jac_is_name(base, "bold_1"));
}
