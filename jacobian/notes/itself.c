/* What a relation of a matrix or vector with itself says of it: A = A^T, P^2 = P,
 * U^T U = I, ||u|| = 1. */
#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>

static bool transposed_by(node *above) {
  return above && (jac_is_name(above, "T") || jac_is_name(above, "top"));
}

bool jac_own_transpose(node *name, node *other) {
  bool script = name->form == JAC_S_SCRIPT;
  return jac_name_like(name) && other->form == JAC_S_SCRIPT && other->child[2] &&
         !(script && name->child[2]) &&
         jac_notation_equal(other->child[0], script ? name->child[0] : name) &&
         jac_notation_equal(other->child[1], script ? name->child[1] : NULL) &&
         transposed_by(other->child[2]);
}

/* A, A_1 as the base of a power: a capital's; of a number A^2 = A is an equation. */
static node *capital_base(node *name) {
  if (!jac_name_like(name) || (name->form == JAC_S_SCRIPT && name->child[2]))
    return NULL;
  node *base = name->form == JAC_S_SCRIPT ? name->child[0] : name;
  return base->form == JAC_S_NAME && isupper((unsigned char)*base->text) ? base : NULL;
}

/* A A, A^2. */
static bool own_square(node *name, node *other) {
  node *base = capital_base(name);
  if (!base)
    return false;
  if (other->form == JAC_S_SIDE)
    return other->count == 2 && jac_notation_equal(other->child[0], name) &&
           jac_notation_equal(other->child[1], name);
  return other->form == JAC_S_SCRIPT && other->child[2] &&
         jac_notation_equal(other->child[0], base) &&
         jac_notation_equal(other->child[1], name == base ? NULL : name->child[1]) &&
         other->child[2]->form == JAC_S_NUMBER && other->child[2]->number == 2;
}

/* The name of which all sides of a chain are powers and transposes, one of them itself.
 */
static node *of_all(const struct jac_statement_written *st) {
  for (size_t k = 0; k < st->count; k++) {
    node *n = st->side[k].notation;
    if (!n || (k && st->side[k].relation->id != JAC_C_EQUAL))
      return NULL;
  }
  for (size_t k = 0; k < st->count; k++) {
    node *name = st->side[k].notation;
    size_t others = 0;
    for (size_t j = 0; j < st->count; j++)
      others += jac_own_transpose(name, st->side[j].notation) ||
                own_square(name, st->side[j].notation);
    if (jac_name_like(name) && others + 1 == st->count)
      return name;
  }
  return NULL;
}

bool jac_itself_said(struct jac_section *s, const struct jac_statement_written *st,
                     size_t line, bool supposed) {
  node *name = of_all(st);
  if (!name || supposed)
    return name != NULL;
  unsigned properties = 0;
  for (size_t k = 0; k < st->count; k++)
    properties |= jac_own_transpose(name, st->side[k].notation) ? JAC_IS_SYMMETRIC
                  : own_square(name, st->side[k].notation)      ? JAC_IS_IDEMPOTENT
                                                                : 0;
  return jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                               .left = name,
                                               .properties = properties,
                                               .line = line}) != NULL;
}

/* ||u||, ||u||^2, ||u||_2, u^T u, u \cdot u: of u. */
static node *length_of(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_SCRIPT && (!n->child[1] || n->child[1]->form == JAC_S_NUMBER) &&
      (!n->child[2] || n->child[2]->form == JAC_S_NUMBER))
    n = n->child[0];
  if (n->form == JAC_S_GROUP && strcmp(n->text, "|||") == 0)
    return jac_name_like(n->child[0]) ? n->child[0] : NULL;
  if (n->form == JAC_S_SIDE && n->count == 2 &&
      jac_own_transpose(n->child[1], n->child[0]))
    return n->child[1];
  return NULL;
}

node *jac_of_length_one(node *left, node *right) {
  node *name = length_of(left);
  bool one = right->form == JAC_S_NUMBER && right->number == 1,
       identity = jac_name_like(right) && !one &&
                  (right->form == JAC_S_SCRIPT ? right->child[0] : right)->text[0] == 'I';
  return name && (one || identity) ? name : NULL;
}
