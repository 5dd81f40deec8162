/* What a left side defines: a quantity, its entries, a function. */
#include "jacobian/elaborate/evidence_internal.h"

#include <string.h>

/* f(x)_i = ...: a function by its entries. The function's side; left itself where it is
 * none; NULL when memory ran out. */
static node *without_entry(struct jac_pool *pool, node *left, struct jac_definition *d) {
  node *index[4];
  node *script = left->form == JAC_S_SIDE && left->count == 2 ? left->child[1] : NULL;
  if (!script || script->form != JAC_S_SCRIPT || script->child[0]->form != JAC_S_GROUP ||
      script->child[2] || script->number != 0 ||
      jac_index_items(script->child[1], index) != 1 || index[0]->form != JAC_S_NAME ||
      index[0]->text[1])
    return left;
  d->indices = 1;
  d->index[0] = index[0]->text;
  node *pair[2] = {left->child[0], script->child[0]};
  return jac_notation_node(pool, left, 2, pair);
}

/* The names in a function's bracket; false where there is something else. */
static bool read_parameters(node *inside, struct jac_definition *d) {
  d->params = inside->form == JAC_S_LIST ? inside->count : 1;
  if (d->params > sizeof d->param / sizeof *d->param)
    return false;
  for (size_t k = 0; k < d->params; k++) {
    d->param[k] = inside->form == JAC_S_LIST ? inside->child[k] : inside;
    if (!jac_named(d->param[k]))
      return false;
  }
  return true;
}

/* f(x, y) = ..., relu(x) = ..., Phi(t) = ...; false: its parameters are no names. *name:
 * the function's, which is left as it was where this is no function. */
static bool read_function(node *left, struct jac_definition *d, node **name) {
  if (left->form == JAC_S_SIDE && left->count == 2 && jac_named(left->child[0]) &&
      parenthesis(left->child[1])) {
    *name = left->child[0];
    d->defines = JAC_DEFINES_FUNCTION;
    return read_parameters(left->child[1]->child[0], d);
  }
  if (left->form == JAC_S_APPLY && left->row->role == JAC_ROLE_ENTRYWISE &&
      left->row->id != JAC_C_LOG && left->row->id != JAC_C_EXP) {
    /* An equation about a logarithm defines no logarithm. */
    node *inside = left->child[1];
    while (inside->form == JAC_S_GROUP)
      inside = inside->child[0];
    *name = left->child[0];
    d->defines = JAC_DEFINES_FUNCTION;
    d->params = 1;
    d->param[0] = inside;
    return jac_named(inside) && left->child[0]->form == JAC_S_NAME;
  }
  return true;
}

/* What stands below the name: letters, each another, are those of entries. */
static void read_indices(struct jac_pool *pool, node *name, struct jac_definition *d) {
  node *item[4];
  size_t items = jac_index_items(name->child[1], item);
  bool letters = items > 0 && items < 4;
  for (size_t k = 0; k < items && letters; k++) {
    letters = item[k]->form == JAC_S_NAME && strcmp(item[k]->text, "bullet") != 0;
    for (size_t j = 0; j < k && letters; j++)
      letters = strcmp(item[j]->text, item[k]->text) != 0;
  }
  d->base = jac_notation_key(pool, name->child[2] || name->number > 0
                                       ? jac_without_below(pool, name)
                                       : name->child[0]);
  if (!letters || d->defines != JAC_DEFINES_VALUE || d->indices)
    return;
  d->defines = JAC_DEFINES_ENTRIES;
  d->indices = items;
  for (size_t k = 0; k < items; k++)
    d->index[k] = item[k]->text;
}

bool jac_definition_read(struct jac_pool *pool, node *left, struct jac_definition *d) {
  *d = (struct jac_definition){.defines = JAC_DEFINES_VALUE};
  while (left && left->form == JAC_S_GROUP && strcmp(left->text, "{}") == 0)
    left = left->child[0];
  left = left ? without_entry(pool, left, d) : NULL;
  node *name = left;
  if (!left || !read_function(left, d, &name) || !jac_named(name) ||
      jac_is_name(name, "partial") || jac_is_name(name, "nabla"))
    return false;
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  bool value = d->defines == JAC_DEFINES_VALUE;
  if (value && above && above->form == JAC_S_NUMBER && above->number == 2 &&
      name->number == 0 && !name->child[1])
    d->defines = JAC_DEFINES_POWER;
  if (value && above && above->form == JAC_S_TERMS && above->count == 1)
    return false; /* A^{-1}: of A */
  d->name = name;
  d->key = jac_notation_key(pool, name);
  d->base = d->key;
  if (name->form == JAC_S_SCRIPT && name->child[1])
    read_indices(pool, name, d);
  return true;
}
