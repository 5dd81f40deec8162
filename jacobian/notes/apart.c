#include "jacobian/notes/apart.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"

/* o_j and z_i of do_j/dz_i. */
struct entries {
  node *above, *below;
};

static bool is_d(node *n) {
  return jac_is_name(n, "partial") || jac_is_name(n, "d");
}

static bool entry(node *n) {
  return n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME && n->child[1] &&
         n->child[1]->form == JAC_S_NAME && n->number == 0;
}

/* d behind a fraction's sign, or in its numerator. */
static bool derivative(node *n, struct entries *of) {
  node *fraction = n->form == JAC_S_SIDE && n->count == 2 ? n->child[0] : n;
  if (fraction->form != JAC_S_FRACTION)
    return false;
  node *above = jac_inside(fraction->child[0]), *below = jac_inside(fraction->child[1]);
  if (below->form != JAC_S_SIDE || below->count != 2 || !is_d(below->child[0]))
    return false;
  if (fraction != n && is_d(above))
    of->above = jac_inside(n->child[1]);
  else if (fraction == n && above->form == JAC_S_SIDE && above->count == 2 &&
           is_d(above->child[0]))
    of->above = above->child[1];
  else
    return false;
  of->below = below->child[1];
  return entry(of->above) && entry(of->below);
}

static bool same_but_index(node *a, node *b) {
  return jac_notation_equal(a->child[0], b->child[0]) && !a->child[2] == !b->child[2] &&
         (!a->child[2] || jac_notation_equal(a->child[2], b->child[2]));
}

/* a \ne b */
static node *unequal(const struct jac_section *s, node *a, node *b) {
  struct jac_syntax like = {
      .form = JAC_S_SIGN, .text = "", .row = jac_construct(JAC_C_UNEQUAL)};
  node *part[3] = {a, jac_notation_node(s->pool, &like, 0, NULL), b};
  like.form = JAC_S_CHAIN;
  like.row = NULL;
  return part[1] ? jac_notation_node(s->pool, &like, 3, part) : NULL;
}

/* The first name in n with several letters below it, of which one is that; or NULL. */
static node *with_letter(node *n, node *letter) {
  node *item[4];
  size_t items =
      n->form == JAC_S_SCRIPT && n->child[1] ? jac_index_items(n->child[1], item) : 0;
  for (size_t k = 0; items > 1 && k < items; k++)
    if (jac_notation_equal(item[k], letter))
      return n;
  node *found = NULL;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] ? with_letter(n->child[k], letter) : NULL;
  return found;
}

/* What of dw/dx, \partial l / \partial s_{ij}: w and x. */
static bool quotient(node *n, struct entries *of) {
  if (n->form != JAC_S_FRACTION)
    return false;
  node *above = jac_inside(n->child[0]), *below = jac_inside(n->child[1]);
  if (above->form != JAC_S_SIDE || below->form != JAC_S_SIDE || above->count != 2 ||
      below->count != 2 || !is_d(above->child[0]) || !is_d(below->child[0]) ||
      below->child[1]->form != JAC_S_SCRIPT || !below->child[1]->child[1])
    return false;
  *of = (struct entries){above->child[1], below->child[1]};
  return true;
}

/* Long: where the indices stand. dw_{ijk}/dx_i: w with several indices, of which i is
 * one: they are different ones. Of l = f(w_{ijk}), too. */
static node *others_apart(const struct jac_section *s, node *derivative) {
  struct entries of;
  node *letter[4], *item[4], *chain[6], *whole = NULL;
  size_t letters =
      quotient(derivative, &of) ? jac_index_items(of.below->child[1], letter) : 0;
  bool by;
  const struct jac_fact *d =
      letters && of.above->form == JAC_S_NAME
          ? jac_section_defined(s, jac_notation_key(s->pool, of.above), &by)
          : NULL;
  for (size_t k = 0; k < letters && !whole; k++)
    whole = with_letter(d && d->right ? d->right : of.above, letter[k]);
  size_t items = whole ? jac_index_items(whole->child[1], item) : 0, chains = 0;
  for (size_t k = 0; k < items; k++)
    for (size_t l = 0; l < k && chains < 6; l++)
      if (item[k]->form == JAC_S_NAME && item[l]->form == JAC_S_NAME &&
          !jac_notation_equal(item[k], item[l]) &&
          (chain[chains] = unequal(s, item[k], item[l])) != NULL)
        chains++;
  struct jac_syntax list = {.form = JAC_S_LIST, .text = ","};
  return !chains       ? NULL
         : chains == 1 ? chain[0]
                       : jac_notation_node(s->pool, &list, chains, chain);
}

const struct jac_syntax *jac_apart(const struct jac_section *s,
                                   const struct jac_link *link) {
  struct entries mine, other;
  node *others = others_apart(s, link->left);
  if (others)
    return others;
  if (!derivative(link->left, &mine) ||
      jac_notation_equal(mine.above->child[1], mine.below->child[1]))
    return NULL;
  bool found = false;
  for (size_t k = 0; k < s->links && !found; k++)
    found = s->link[k].left && derivative(s->link[k].left, &other) &&
            jac_notation_equal(other.above->child[1], other.below->child[1]) &&
            same_but_index(mine.above, other.above) &&
            same_but_index(mine.below, other.below);
  if (!found)
    return NULL;
  return unequal(s, mine.above->child[1], mine.below->child[1]);
}
