#include "jacobian/notes/apart.h"

#include "jacobian/elaborate/evidence.h"

typedef const struct jac_syntax node;

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

/* Long: what it is to be such a derivative. dw_{ijk}/dx_i: w with several indices, of
 * which i is one: the others are other ones. */
static node *others_apart(const struct jac_section *s, node *derivative) {
  node *fraction = derivative->form == JAC_S_FRACTION ? derivative : NULL;
  node *above = fraction ? jac_inside(fraction->child[0]) : NULL,
       *below = fraction ? jac_inside(fraction->child[1]) : NULL;
  if (!above || above->form != JAC_S_SIDE || below->form != JAC_S_SIDE ||
      above->count != 2 || below->count != 2 || !is_d(above->child[0]) ||
      !is_d(below->child[0]) || above->child[1]->form != JAC_S_SCRIPT ||
      !above->child[1]->child[1] || !entry(below->child[1]))
    return NULL;
  node *item[4], *own = below->child[1]->child[1], *chain[4];
  size_t items = jac_index_items(above->child[1]->child[1], item), chains = 0;
  bool among = false;
  for (size_t k = 0; k < items; k++) {
    among = among || jac_notation_equal(item[k], own);
    for (size_t l = 0; l < k; l++)
      if (item[k]->form == JAC_S_NAME && item[l]->form == JAC_S_NAME && chains < 4 &&
          !jac_notation_equal(item[k], item[l]) &&
          (chain[chains] = unequal(s, item[k], item[l])) != NULL)
        chains++;
  }
  struct jac_syntax list = {.form = JAC_S_LIST, .text = ","};
  return !among || !chains ? NULL
         : chains == 1     ? chain[0]
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
