/* A number with indices as the matrix that it is an entry of. */
#include "jacobian/algebra/closed_internal.h"

term_t jac_lift(struct jac_make *m, term_t t, index_t row, index_t col) {
  bool r = row && jac_term_has_index(t, row), c = col && jac_term_has_index(t, col);
  if (!r && !c)
    return t;
  if (t->kind == JAC_TERM_ENTRY) {
    term_t base = t->child[0], i = t->child[1], j = t->child[2];
    if ((row && jac_term_has_index(base, row)) || (col && jac_term_has_index(base, col)))
      return NULL;
    bool places = (!i || i->kind == JAC_TERM_INDEX || i->kind == JAC_TERM_NUMBER) &&
                  (!j || j->kind == JAC_TERM_INDEX || j->kind == JAC_TERM_NUMBER);
    if (!places)
      return NULL;
    if (i && j && i->kind == JAC_TERM_INDEX && i->index == j->index)
      base = jac_make_diagonal(m, base);
    else if (i && j && !(r && c)) /* a row or a column of it: the other place is fixed */
      base = r && i->kind == JAC_TERM_INDEX && i->index == row
                 ? jac_make_slice(m, base, NULL, j)
                 : jac_make_transpose(m, jac_make_slice(m, base, i, NULL));
    else if (i && j)
      return r && c ? (i->index == row ? base : jac_make_transpose(m, base)) : NULL;
    else if (!i)
      base = jac_make_transpose(m, base);
    if (!col)
      return base;
    /* A vector among matrices: the same in every row or column. */
    if (r)
      return jac_make_times(m, base,
                            jac_make_sized(m, JAC_TERM_ONES, m->dims->one, col->range));
    return jac_make_times(m, jac_make_sized(m, JAC_TERM_ONES, row->range, m->dims->one),
                          jac_make_transpose(m, base));
  }
  if (t->kind == JAC_TERM_COMPARE) {
    term_t a = jac_lift(m, t->child[0], row, col), b = jac_lift(m, t->child[1], row, col);
    if (t->child[0]->kind == JAC_TERM_INDEX || t->child[1]->kind == JAC_TERM_INDEX)
      return NULL;
    return a && b ? jac_make_compare(m, t->construct, a, b) : NULL;
  }
  if (t->kind != JAC_TERM_OP)
    return NULL;
  term_t a = jac_lift(m, t->child[0], row, col);
  term_t b = t->count == 2 ? jac_lift(m, t->child[1], row, col) : NULL;
  if (!a || (t->count == 2 && !b))
    return NULL;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, t->construct, a);
  switch (t->construct) {
  case JAC_C_ADD:
    return jac_make_add(m, a, b);
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, a, b);
  case JAC_C_NEGATE:
    return jac_make_negate(m, a);
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_HADAMARD:
    return jac_make_hadamard(m, a, b);
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE:
    return jac_make_divide(m, a, b);
  case JAC_C_POWER:
  case JAC_C_DOTPOWER:
    return b->kind == JAC_TERM_NUMBER ? jac_make_power(m, a, b->number)
           : jac_type_is_number(b->type) && !jac_type_is_number(a->type)
               ? jac_make_raised(m, a, b)
               : NULL;
  default:
    return NULL;
  }
}
