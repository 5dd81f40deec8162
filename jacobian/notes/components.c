/* Components that a second step of a chain gives. */
#include "jacobian/notes/section_internal.h"

void jac_components_said(struct statement_place *p, node *names,
                         const struct jac_written *side) {
  node *a = names ? jac_inside(names) : NULL,
       *b = side->notation ? jac_inside(side->notation) : NULL;
  bool derivative;
  if (!a || !b || a->form != JAC_S_LIST || b->form != JAC_S_LIST || a->count != b->count)
    return;
  for (size_t k = 0; k < a->count; k++) {
    node *name = a->child[k], *base = name->form == JAC_S_SIDE ? name->child[0] : name;
    if (jac_name_like(base) &&
        (base == name || (name->count == 2 && name->child[1]->form == JAC_S_GROUP)) &&
        !jac_section_defined(p->section, jac_notation_key(p->section->pool, base),
                             &derivative))
      jac_statement_definition(p, name, b->child[k], NULL, side->start);
  }
}
