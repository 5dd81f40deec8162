/* Sets, and what is said to lie in them: x \in R^n, f: R^n -> R. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* n of SO(n) and O(n); NULL: it is neither. */
static node *orthogonal_group(node *set) {
  node *last = set->form == JAC_S_SIDE ? set->child[set->count - 1] : NULL;
  node *first = last ? set->child[0] : NULL;
  bool group = last && last->form == JAC_S_GROUP && strcmp(last->text, "()") == 0;
  bool spelled = set->count == 3 && jac_is_name(first, "S") &&
                 jac_is_name(set->child[1], "O"); /* S O */
  bool word = set->count == 2 && (jac_is_name(first, "SO") || jac_is_name(first, "O"));
  return group && (spelled || word) ? last->child[0] : NULL;
}

/* -1, +1, 3, \infty. */
static bool signed_number(node *n, double *number) {
  bool minus = n->form == JAC_S_TERMS && n->count == 1 && n->text[0] == '-';
  n = n->form == JAC_S_TERMS && n->count == 1 ? n->child[0] : n;
  *number = n->form == JAC_S_NUMBER ? n->number : INFINITY;
  if (minus)
    *number = -*number;
  return n->form == JAC_S_NUMBER || jac_is_name(n, "infty");
}

/* Long: each way to write a set. R^n, R^{n x m}, {0,1}, (0,1). */
static bool set_of(node *set, struct jac_fact *fact) {
  node *ends = set; /* with its brackets */
  set = jac_inside(set);
  node *base = set->form == JAC_S_SCRIPT ? set->child[0] : set;
  if (ends->form == JAC_S_GROUP && ends->child[0]->form == JAC_S_LIST &&
      ends->child[0]->count == 2) {
    node *a = ends->child[0]->child[0], *b = ends->child[0]->child[1];
    double from, to;
    if (!signed_number(a, &from) || !signed_number(b, &to))
      return false;
    bool zero_one = from == 0 && to == 1;
    if (ends->text[0] == '\\' && fabs(from) == 1 && from == -to)
      fact->properties |= JAC_IS_SIGN | JAC_IS_NUMBER;
    else if (ends->text[0] != '\\' && from == 0 && isinf(to))
      fact->properties |= JAC_IS_POSITIVE | JAC_IS_NUMBER;
    else if (ends->text[0] == '\\' && zero_one)
      fact->properties |= JAC_IS_BINARY | JAC_IS_NUMBER;
    else if (zero_one)
      fact->properties |= JAC_IS_UNIT | JAC_IS_NUMBER;
    else
      fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  if (base->form == JAC_S_GROUP && set->form == JAC_S_SCRIPT && set->child[2]) {
    struct jac_fact inner = *fact; /* {0,1}^n */
    if (!set_of(base, &inner))
      return false;
    fact->properties |= inner.properties & ~(unsigned)JAC_IS_NUMBER;
    fact->rows = set->child[2];
    return true;
  }
  node *size = orthogonal_group(set);
  if (size) {
    fact->rows = fact->cols = size;
    fact->properties |= JAC_IS_ORTHOGONAL;
    return true;
  }
  bool real = jac_is_name(base, "bb_R") || jac_is_name(base, "cal_R") ||
              jac_is_name(base, "R") || jac_is_name(base, "bb_C");
  bool whole = jac_is_name(base, "bb_N") || jac_is_name(base, "bb_Z");
  if (jac_is_name(base, "bb_S") && set->form == JAC_S_SCRIPT && set->child[2]) {
    fact->rows = fact->cols = set->child[2]; /* S^n: the symmetric matrices */
    fact->properties |= JAC_IS_SYMMETRIC;
    return jac_name_like(set->child[2]);
  }
  if (!real && !whole)
    return false;
  node *above = set->form == JAC_S_SCRIPT ? set->child[2] : NULL;
  node *below = set->form == JAC_S_SCRIPT ? set->child[1] : NULL;
  if (below &&
      (below->form == JAC_S_SIGN || jac_is_name(below, "+") || jac_is_name(below, "++")))
    fact->properties |= JAC_IS_POSITIVE;
  if (!above) {
    fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  if (above->form == JAC_S_SIGN || jac_is_name(above, "+") || jac_is_name(above, "*")) {
    fact->properties |= JAC_IS_POSITIVE | JAC_IS_NUMBER;
    return true;
  }
  above = jac_inside(above);
  if ((above->form == JAC_S_INFIX && above->row->id == JAC_C_CROSS) ||
      (above->form == JAC_S_LIST && above->count == 2)) {
    fact->rows = above->child[0];
    fact->cols = above->child[1];
    /* n x m x k: more than a matrix */
    return !(jac_inside(fact->rows)->form == JAC_S_INFIX &&
             jac_inside(fact->rows)->row->id == JAC_C_CROSS);
  }
  if (above->form == JAC_S_SIDE && above->count == 3 &&
      jac_is_name(above->child[1], "x")) { /* R^{m x n} typed with the letter */
    fact->rows = above->child[0];
    fact->cols = above->child[2];
    return true;
  }
  if (above->form == JAC_S_NUMBER && above->number == 1) {
    fact->properties |= JAC_IS_NUMBER;
    return true;
  }
  fact->rows = above;
  return true;
}

/* x, y in R^n; c(v) in R; f: R^n -> R^m. */
bool jac_section_member(struct jac_section *s, node *names, node *set, bool strong,
                        size_t line) {
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  bool any = false;
  for (size_t k = 0; k < count; k++) {
    node *name = names->form == JAC_S_LIST ? names->child[k] : names;
    struct jac_fact fact = {.kind = JAC_FACT_SHAPE, .line = line, .strong = strong};
    if (name->form == JAC_S_SIDE && name->count == 2 && jac_name_like(name->child[0]) &&
        name->child[1]->form == JAC_S_GROUP) {
      fact.properties |= JAC_IS_FUNCTION;
      name = name->child[0];
    }
    if (!jac_name_like(name) || !set_of(set, &fact))
      continue;
    /* x \in S^d: a sphere. */
    node *base = name->form == JAC_S_SCRIPT ? name->child[0] : name;
    if (fact.properties & JAC_IS_SYMMETRIC && !isupper((unsigned char)base->text[0]))
      continue;
    fact.left = name;
    any = jac_section_fact(s, fact) != NULL || any;
  }
  return any;
}

/* n, 3: a size. */
static bool size_like(node *n) {
  return n->form == JAC_S_NUMBER || (n->form == JAC_S_NAME && !n->row && !n->text[1]);
}

/* A = m \times n in a sentence: its shape. */
bool jac_shape_said(struct statement_place *p, const struct jac_statement_written *st) {
  node *left = st->side[0].notation, *right = st->side[1].notation;
  bool shape =
      !p->display && st->count == 2 && left && right &&
      st->side[1].relation->id == JAC_C_EQUAL && left->form == JAC_S_NAME &&
      !left->bold && right->form == JAC_S_INFIX && right->row->id == JAC_C_CROSS &&
      size_like(right->child[0]) && size_like(right->child[1]) &&
      (isupper((unsigned char)left->text[0]) || right->child[1]->form == JAC_S_NUMBER);
  return shape &&
         jac_section_fact(p->section, (struct jac_fact){.kind = JAC_FACT_SHAPE,
                                                        .left = left,
                                                        .rows = right->child[0],
                                                        .cols = right->child[1]}) != NULL;
}
