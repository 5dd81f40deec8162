/* Recurrences: h_t = f(h_{t-1}, x_t), and the letter that counts their steps; or y_t = W
 * h_t of an h_t that is said to be a vector: one step, too. */
#include "jacobian/elaborate/evidence_internal.h"

/* t - 1, t + 1. */
static bool next_step(node *n, const char *letter) {
  return n && n->form == JAC_S_TERMS && n->count == 2 &&
         jac_is_name(n->child[0], letter) && n->child[1]->form == JAC_S_NUMBER &&
         n->child[1]->number == 1;
}

static bool defined_by_step(const struct jac_evidence *e, node *name,
                            const char *letter) {
  const char *key = jac_notation_key(
      e->pool, name->child[2] ? jac_without_below(e->pool, name) : name->child[0]);
  for (size_t k = 0; k < e->definitions; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (d->defines == JAC_DEFINES_ENTRIES && d->indices == 1 && d->base == key &&
        strcmp(d->index[0], letter) == 0)
      return true;
  }
  return false;
}

/* Whether a quantity of the step before or behind stands in n. */
static bool goes_by_steps(const struct jac_evidence *e, node *n, const char *letter) {
  if (!n)
    return false;
  if (n->form == JAC_S_SCRIPT && next_step(n->child[1], letter) &&
      defined_by_step(e, n, letter))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (goes_by_steps(e, n->child[k], letter))
      return true;
  return false;
}

static bool said_of(const struct jac_evidence *e, const char *key) {
  for (size_t k = 0; k < e->tolds; k++)
    if (e->told[k].key == key &&
        (e->told[k].fact->kind == JAC_FACT_SHAPE ||
         e->told[k].fact->properties &
             (JAC_IS_VECTOR | JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX)))
      return true;
  return false;
}

/* Whether an h_t stands in n of which it is said, with its letter, what it is. */
static bool has_step_said(const struct jac_evidence *e, node *n, const char *letter) {
  if (!n)
    return false;
  if (n->form == JAC_S_SCRIPT && jac_name_like(n) && !n->child[2] &&
      jac_is_name(n->child[1], letter) && said_of(e, jac_notation_key(e->pool, n)))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (has_step_said(e, n->child[k], letter))
      return true;
  return false;
}

/* h_{t+1} is what h_t is, one step on. */
static void shift_steps(struct jac_evidence *e) {
  size_t count = e->definitions;
  for (size_t k = 0; k < count; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (!d->step || !d->fact->right || !jac_define_on(e, d, d->index[0], 1))
      continue;
    e->definition[e->definitions - 1].defines = JAC_DEFINES_NEXT;
    e->definition[e->definitions - 1].indices = 0;
  }
}

void jac_find_steps(struct jac_evidence *e) {
  for (size_t k = 0; k < e->definitions; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (d->defines == JAC_DEFINES_ENTRIES && d->indices == 1 && e->steps < 4 &&
        !among(e->step, e->steps, d->index[0]) &&
        (goes_by_steps(e, d->fact->right, d->index[0]) ||
         has_step_said(e, d->fact->right, d->index[0])))
      e->step[e->steps++] = d->index[0];
  }
  for (size_t k = 0; k < e->definitions; k++) {
    struct jac_definition *d = &e->definition[k];
    d->step = d->defines == JAC_DEFINES_ENTRIES && d->indices == 1 &&
              among(e->step, e->steps, d->index[0]);
  }
  shift_steps(e);
}
