/* Sums from 0 on of what has entries: \sum_{i=0}^n a_i x^i is a_0 x^0 and the sum from 1
 * on, since entries count from 1 and a_0 is a name of its own. */
#include "jacobian/notes/respell_internal.h"

#include <stdlib.h>
#include <string.h>

/* Whether i stands below a name in n. */
static bool indexes(node *n, node *i) {
  if (n->form == JAC_S_SCRIPT && n->child[1] && jac_notation_has(n->child[1], i))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && indexes(n->child[k], i))
      return true;
  return false;
}

/* 0 + 1 as 1. */
static node *folded(struct respelling *r, node *n) {
  double sum = 0;
  if (n->form != JAC_S_TERMS)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    if (n->child[k]->form != JAC_S_NUMBER)
      return n;
    sum += n->text[k] == '-' ? -n->child[k]->number : n->child[k]->number;
  }
  return sum >= 0 ? jac_respell_number(r, n, sum) : n;
}

static node *with(struct respelling *r, node *n, node *i, node *value) {
  node *child[JAC_RESPELL_CHILDREN];
  bool changed = false;
  if (jac_notation_equal(n, i))
    return value;
  if (n->count > JAC_RESPELL_CHILDREN)
    return NULL;
  for (size_t k = 0; k < n->count; k++) {
    child[k] = n->child[k] ? with(r, n->child[k], i, value) : NULL;
    if (n->child[k] && !child[k])
      return NULL;
    changed = changed || child[k] != n->child[k];
  }
  node *copy = changed ? jac_notation_node(r->section->pool, n, n->count, child) : n;
  return copy && changed ? folded(r, copy) : copy;
}

/* Long: what such a sum is. */
node *jac_zero_based(struct respelling *r, node *n) {
  node *below = n->child[0] ? jac_inside(n->child[0]) : NULL, *body = n->child[2];
  if (n->row->id != JAC_C_SUM || !below || !body || !n->child[1] ||
      below->form != JAC_S_CHAIN || below->count != 3 ||
      below->child[1]->row->id != JAC_C_EQUAL || below->child[0]->form != JAC_S_NAME ||
      below->child[2]->form != JAC_S_NUMBER || below->child[2]->number != 0 ||
      jac_notation_has_name(n->child[1], "infty") || !indexes(body, below->child[0]))
    return NULL;
  node *zero = jac_respell_number(r, n, 0), *one = jac_respell_number(r, n, 1);
  node *from[3] = {below->child[0], below->child[1], one};
  node *big[3] = {jac_respell_made(r, JAC_S_CHAIN, "", below, 3, from), n->child[1],
                  body};
  node *pair[2] = {zero ? with(r, body, below->child[0], zero) : NULL,
                   big[0] ? jac_notation_node(r->section->pool, n, 3, big) : NULL};
  node *sum = jac_respell_made(r, JAC_S_TERMS, " +", n, 2, pair);
  return sum ? jac_respell_made(r, JAC_S_GROUP, "()", n, 1, &sum) : NULL;
}
