/* Whether a section is of numbers alone, as in physics and economics: a formula with a
 * capital letter divides by a name or takes a high power, and nothing anywhere is of
 * vectors or matrices. */
#include "jacobian/elaborate/evidence_internal.h"

#include <ctype.h>
#include <string.h>

enum { ARRAYS = 1, DIVIDES = 2, CAPITAL = 4 };

static unsigned seen(node *n);

static unsigned seen_below(node *n) {
  unsigned all = 0;
  for (size_t k = 0; k < n->count; k++)
    all |= n->child[k] ? seen(n->child[k]) : 0;
  return all;
}

static bool has_name(node *n) {
  if (n->form == JAC_S_NAME)
    return !n->row && !jac_is_name(n, "pi");
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && has_name(n->child[k]))
      return true;
  return false;
}

static unsigned of_name(node *n) {
  bool set = strncmp(n->text, "bb_", 3) == 0 || jac_is_name(n, "nabla");
  return n->bold || set ? ARRAYS : isupper((unsigned char)n->text[0]) ? CAPITAL : 0;
}

/* A^{-1} of a capital A. */
static bool inverse(node *base, node *above) {
  return base->form == JAC_S_NAME && isupper((unsigned char)base->text[0]) &&
         above->form == JAC_S_TERMS && above->count == 1 && above->text[0] == '-' &&
         above->child[0]->form == JAC_S_NUMBER;
}

/* A^T, A^{-1}, z^{(l)}: of arrays; K^\alpha, e^{-E/T}, T^4: of numbers. */
static unsigned of_above(node *base, node *above) {
  bool turned = (jac_is_name(above, "T") || jac_is_name(above, "top")) &&
                (base->form == JAC_S_NAME || base->form == JAC_S_GROUP) &&
                !jac_is_name(base, "e");
  if (turned || inverse(base, above) || above->form == JAC_S_GROUP)
    return ARRAYS;
  bool high =
      above->form == JAC_S_NUMBER && above->number > 2 && base->form == JAC_S_NAME;
  return seen(above) | (has_name(above) || high ? DIVIDES : 0);
}

static unsigned of_script(node *n) {
  node *base = n->child[0], *below = n->child[1], *above = n->child[2], *item[4];
  if (n->number > 0)
    return ARRAYS; /* x': a transpose, or a prime that is not called */
  bool real = jac_is_name(base, "bb_R") && !above;
  unsigned all = real ? 0 : seen(base);          /* a, b \in R */
  if (below && jac_index_items(below, item) > 1) /* W_{ij} */
    all |= ARRAYS;
  return above ? all | of_above(base, above) : all;
}

/* A sum over what names stand above: of members. */
static bool over_members(node *n, const char *letter) {
  if (n->form == JAC_S_SCRIPT && n->child[1] &&
      jac_notation_has_name(n->child[1], letter))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && over_members(n->child[k], letter))
      return true;
  return false;
}

static unsigned of_big(node *n) {
  node *under = n->child[0];
  node *first = under && under->form == JAC_S_CHAIN ? under->child[0] : under;
  bool letter = first && first->form == JAC_S_NAME && n->child[2];
  return letter && !over_members(n->child[2], first->text) ? seen(n->child[2]) : ARRAYS;
}

/* d, dy, \partial^2 f: above in a derivative. */
static bool differential(node *above) {
  above = jac_inside(above);
  return jac_is_differential(above->form == JAC_S_SIDE ? above->child[0] : above);
}

/* f'(x): what is called has no transpose. */
static unsigned of_side(node *n) {
  unsigned all = 0;
  for (size_t k = 0; k < n->count; k++) {
    node *f = n->child[k];
    bool called = k + 1 < n->count && parenthesis(n->child[k + 1]) &&
                  f->form == JAC_S_SCRIPT && f->number > 0;
    all |= seen(called ? f->child[0] : f);
  }
  return all;
}

/* Long: each form. */
static unsigned seen(node *n) {
  switch (n->form) {
  case JAC_S_NAME:
    return of_name(n);
  case JAC_S_SCRIPT:
    return of_script(n);
  case JAC_S_BIG:
    return of_big(n);
  case JAC_S_SIDE:
    return of_side(n);
  case JAC_S_MATRIX:
    return ARRAYS;
  case JAC_S_GROUP:
    return seen_below(n) | (strcmp(n->text, "|||") == 0 ? ARRAYS : 0);
  case JAC_S_FRACTION: {
    bool derivative = differential(n->child[0]);
    return seen_below(n) | (!derivative && has_name(n->child[1]) ? DIVIDES : 0);
  }
  case JAC_S_ROOT:
    return seen_below(n) | (has_name(n->child[0]) ? DIVIDES : 0);
  case JAC_S_APPLY:
    return (n->row && n->row->role == JAC_ROLE_FUNCTION ? ARRAYS : 0) | seen(n->child[1]);
  case JAC_S_INFIX: {
    enum jac_construct_id id = n->row->id;
    bool plain = n->row->role == JAC_ROLE_DIVIDE || n->row->role == JAC_ROLE_CONDITION ||
                 id == JAC_C_CDOT || id == JAC_C_STAR || id == JAC_C_CROSS;
    bool divides = n->row->role == JAC_ROLE_DIVIDE && has_name(n->child[1]) &&
                   !differential(n->child[0]);
    return seen_below(n) | (plain ? 0 : ARRAYS) | (divides ? DIVIDES : 0);
  }
  default:
    return seen_below(n);
  }
}

bool jac_of_numbers(node *n) {
  return !(seen(n) & (ARRAYS | CAPITAL));
}

void jac_see_world(struct jac_evidence *e, node *left, node *right) {
  unsigned all = (left ? seen(left) : 0) | (right ? seen(right) : 0);
  e->arrays = e->arrays || (all & ARRAYS);
  e->divides = e->divides || ((all & DIVIDES) && (all & CAPITAL));
}

void jac_told_world(struct jac_evidence *e, const struct jac_fact *fact) {
  const unsigned of = JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX | JAC_IS_VECTOR |
                      JAC_OF_MATRICES | JAC_IS_ORTHONORMAL | JAC_SUMS_TO_ONE |
                      JAC_IS_ONES;
  bool vectors = fact->saying == JAC_SAYS_ROWS || fact->saying == JAC_SAYS_COLUMNS;
  e->arrays = e->arrays || (fact->properties & of) || fact->rows || vectors;
}
