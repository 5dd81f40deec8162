/* Letters of layers, and definitions one layer on: z^{l} = ... says what z^{l+1} is. */
#include "jacobian/elaborate/evidence_internal.h"

#include <stdio.h>
#include <string.h>

void jac_layer_letters(struct jac_evidence *e, node *name) {
  if (name->form != JAC_S_SCRIPT || !name->child[2])
    return;
  node *above = name->child[2];
  node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
  if (l && strcmp(l->text, "T") != 0 && e->layers < 8 &&
      !among(e->layer, e->layers, l->text))
    e->layer[e->layers++] = l->text;
}

/* An index one layer on: l is l + 1, l - 1 is l. */
static node *one_on(struct jac_pool *pool, node *n, const char *letter) {
  struct jac_syntax like = *n;
  if (jac_is_name(n, letter)) {
    like.form = JAC_S_NUMBER;
    like.text = "1";
    like.number = 1;
    node *pair[2] = {n, jac_notation_node(pool, &like, 0, NULL)};
    like.form = JAC_S_TERMS;
    like.text = jac_pool_text(pool, " +");
    like.number = 0;
    return jac_notation_node(pool, &like, 2, pair);
  }
  if (n->form == JAC_S_GROUP) {
    node *inside = one_on(pool, n->child[0], letter);
    return jac_notation_node(pool, n, 1, &inside);
  }
  if (n->form == JAC_S_TERMS && n->count == 2 && jac_is_name(n->child[0], letter) &&
      n->child[1]->form == JAC_S_NUMBER && n->text[0] == ' ') {
    double by = (n->text[1] == '-' ? -n->child[1]->number : n->child[1]->number) + 1;
    if (by == 0)
      return n->child[0];
    char text[24];
    snprintf(text, sizeof text, "%g", by < 0 ? -by : by);
    like.form = JAC_S_NUMBER;
    like.text = jac_pool_text(pool, text);
    like.number = by < 0 ? -by : by;
    node *pair[2] = {n->child[0], jac_notation_node(pool, &like, 0, NULL)};
    like = *n;
    like.text = jac_pool_text(pool, by < 0 ? " -" : " +");
    return jac_notation_node(pool, &like, 2, pair);
  }
  return n;
}

node *jac_index_on(struct jac_pool *pool, node *n, const char *letter, size_t side) {
  if (!n)
    return NULL;
  node *child[JAC_NOTATION_CHILDREN];
  if (n->count > JAC_NOTATION_CHILDREN)
    return n;
  for (size_t k = 0; k < n->count; k++)
    child[k] = jac_index_on(pool, n->child[k], letter, side);
  node *script = n->form == JAC_S_SCRIPT ? n->child[side] : NULL;
  if (script && script->form == JAC_S_SIDE && script->count == 2) {
    node *pair[2] = {one_on(pool, script->child[0], letter), script->child[1]};
    child[side] = jac_notation_node(pool, script, 2, pair);
  } else if (script)
    child[side] = one_on(pool, script, letter);
  return jac_notation_node(pool, n, n->count, child);
}

bool jac_define_on(struct jac_evidence *e, const struct jac_definition *d,
                   const char *letter, size_t side) {
  node *left = jac_index_on(e->pool, d->name, letter, side);
  const char *key = jac_notation_key(e->pool, left);
  for (size_t j = 0; j < e->definitions; j++)
    if (e->definition[j].key == key)
      return false;
  struct jac_fact *fact = jac_evidence_take(e, sizeof *fact);
  if (!fact)
    return false;
  *fact = *d->fact;
  fact->left = left;
  fact->right = jac_index_on(e->pool, d->fact->right, letter, side);
  struct jac_definition *next = &e->definition[e->definitions++];
  *next = *d;
  next->fact = fact;
  next->name = left;
  next->key = key;
  bool entries = side == 2 && d->defines == JAC_DEFINES_ENTRIES; /* z_j^{l+1} */
  next->base =
      entries ? jac_notation_key(e->pool, jac_without_below(e->pool, left)) : key;
  return true;
}

void jac_shift_layers(struct jac_evidence *e) {
  size_t count = e->definitions;
  for (size_t k = 0; k < count; k++) {
    const struct jac_definition *d = &e->definition[k];
    if ((d->defines != JAC_DEFINES_VALUE && d->defines != JAC_DEFINES_ENTRIES) ||
        d->name->form != JAC_S_SCRIPT || !d->name->child[2] || !d->fact->right)
      continue;
    node *above = d->name->child[2];
    node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
    if (l && strcmp(l->text, "T") != 0)
      jac_define_on(e, d, l->text, 2);
  }
}
