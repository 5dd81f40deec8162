/* What is a name, and what stands below and above it: items of an index, layers. */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>
#include <string.h>

bool jac_is_name(node *n, const char *text) {
  return n && n->form == JAC_S_NAME && strcmp(n->text, text) == 0;
}

bool jac_is_differential(node *n) {
  if (n && n->form == JAC_S_SCRIPT && !n->child[1] && n->child[2] && n->number == 0)
    n = n->child[0]; /* \partial^2 */
  return jac_is_name(n, "partial") || jac_is_name(n, "d");
}

bool jac_d_before(node *f, node *next) {
  return jac_is_name(f, "d") && next && !next->spaced;
}

/* i, \ell. */
static bool index_name(node *n) {
  return n->form == JAC_S_NAME && !n->row &&
         (strcmp(n->text, "ell") == 0 ||
          (!n->text[1] && isalpha((unsigned char)n->text[0])));
}

/* 2i of x_{2i - 1}. */
static bool is_times(node *n) {
  return n->form == JAC_S_SIDE && n->count == 2 && n->child[0]->form == JAC_S_NUMBER &&
         n->child[1]->form == JAC_S_NAME && index_name(n->child[1]);
}

node *jac_index_letter(node *item) {
  if (!item)
    return NULL;
  if (item->form == JAC_S_GROUP && strcmp(item->text, "()") == 0)
    return jac_index_letter(item->child[0]);
  if (item->form == JAC_S_NAME && strchr(item->text, ' '))
    return item; /* an index of a matrix with dots */
  if (item->form == JAC_S_NAME)
    return index_name(item) ? item : NULL;
  if (item->form == JAC_S_SCRIPT)
    return item->child[0]->form == JAC_S_NAME ? jac_index_letter(item->child[0]) : NULL;
  if (item->form == JAC_S_TERMS)
    for (size_t k = 0; k < item->count; k++) {
      node *part = is_times(item->child[k]) ? item->child[k]->child[1] : item->child[k];
      if (jac_index_letter(part))
        return jac_index_letter(part);
    }
  return NULL;
}

bool jac_index_item(node *n) {
  switch (n->form) {
  case JAC_S_NUMBER:
    return true;
  case JAC_S_NAME:
    return (!n->text[1] && isalpha((unsigned char)n->text[0])) || strchr(n->text, ' ') ||
           strcmp(n->text, "bullet") == 0 || strcmp(n->text, "ell") == 0 ||
           (n->text[0] == 'h' && strncmp(n->text, "hat_", 4) == 0 && !n->text[5]);
  case JAC_S_SIGN:
    return n->row->id == JAC_C_STAR || n->row->id == JAC_C_CDOT;
  case JAC_S_SCRIPT:
    return !n->child[2] && jac_index_item(n->child[0]) &&
           (!n->child[1] || jac_index_item(n->child[1]));
  case JAC_S_TERMS: {
    for (size_t k = 0; k < n->count; k++)
      if (!is_times(n->child[k]) &&
          (n->child[k]->form == JAC_S_SIDE || !jac_index_item(n->child[k])))
        return false;
    return true;
  }
  case JAC_S_GROUP:
    return strcmp(n->text, "()") == 0 && jac_index_item(n->child[0]);
  default:
    return false;
  }
}

size_t jac_index_items(node *below, node *item[4]) {
  if (!below)
    return 0;
  if (below->form == JAC_S_LIST || below->form == JAC_S_SIDE) {
    if (below->count > 4)
      return 0;
    for (size_t k = 0; k < below->count; k++) {
      if (!jac_index_item(below->child[k]))
        return 0;
      item[k] = below->child[k];
    }
    return below->count;
  }
  if (below->form == JAC_S_INFIX) { /* i \cdot */
    if (below->row->id == JAC_C_CDOT && jac_index_item(below->child[0]) &&
        jac_index_item(below->child[1])) {
      item[0] = below->child[0];
      item[1] = below->child[1];
      return 2;
    }
    return 0;
  }
  if (!jac_index_item(below))
    return 0;
  item[0] = below;
  return 1;
}

bool jac_layered(node *above) {
  return above && (above->form == JAC_S_GROUP || above->form == JAC_S_TERMS ||
                   above->form == JAC_S_NAME || above->form == JAC_S_LIST ||
                   above->form == JAC_S_NUMBER || above->form == JAC_S_SIGN);
}

node *jac_without_below(struct jac_pool *pool, node *n) {
  node *child[3] = {n->child[0], NULL, n->child[2]};
  return jac_notation_node(pool, n, 3, child);
}

bool jac_named(node *n) {
  if (n->form == JAC_S_NAME)
    return true;
  if (n->form == JAC_S_SIDE && n->count == 2 && jac_is_name(n->child[0], "Delta"))
    return jac_named(n->child[1]);
  return n->form == JAC_S_SCRIPT && jac_named(n->child[0]) &&
         (!n->child[2] || jac_layered(n->child[2]));
}

const struct jac_syntax *jac_upright(struct jac_pool *pool, node *n) {
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above || above->form != JAC_S_SIDE || above->count < 2)
    return NULL;
  node *last = above->child[above->count - 1];
  if (!jac_is_name(last, "T") && !jac_is_name(last, "top"))
    return NULL;
  node *rest = above->count == 2
                   ? above->child[0]
                   : jac_notation_node(pool, above, above->count - 1, above->child);
  node *child[3] = {n->child[0], n->child[1], rest};
  return rest ? jac_notation_node(pool, n, 3, child) : NULL;
}
