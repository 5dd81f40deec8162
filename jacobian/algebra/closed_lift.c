/* A number with indices as the matrix that it is an entry of. */
#include "jacobian/algebra/closed_internal.h"

#include "jacobian/algebra/expand.h"

static bool is_sum(term_t t) {
  return t->kind == JAC_TERM_BIG && t->construct == JAC_C_SUM;
}

static bool is_added(term_t t) {
  return is_op(t, JAC_C_ADD) || is_op(t, JAC_C_SUBTRACT) || is_op(t, JAC_C_NEGATE);
}

static bool no_sum(term_t t, void *context) {
  (void)context;
  return !is_sum(t);
}

/* The summands of a sum of sums, each contracted on the indices. */
static bool add_parts(struct jac_make *m, term_t t, double sign, index_t row, index_t col,
                      struct part *part, size_t *count) {
  if (is_added(t)) {
    bool minus = is_op(t, JAC_C_SUBTRACT), alone = is_op(t, JAC_C_NEGATE);
    return add_parts(m, t->child[0], alone ? -sign : sign, row, col, part, count) &&
           (alone ||
            add_parts(m, t->child[1], minus ? -sign : sign, row, col, part, count));
  }
  mono p = {.coefficient = sign};
  index_t free[4] = {row, col, NULL, NULL};
  return *count < PARTS && jac_monomial_times(m, &p, t, 1) &&
         jac_closed_contract(m, &p, free, NULL, 0, &part[(*count)++]);
}

/* sum_k x_k A_ik + (x' A)_i: products of matrices, gathered. */
static term_t lift_sums(struct jac_make *m, term_t t, index_t row, index_t col) {
  struct part *part = jac_pool_take(m->pool, PARTS * sizeof *part);
  size_t count = 0;
  return part && add_parts(m, t, 1, row, col, part, &count)
             ? jac_parts_gather(m, part, &count)
             : NULL;
}

/* Whether an operation that is a number is one of matrices: a scalar product, a norm or
 * its square. */
static bool is_of_matrices(term_t t) {
  if (t->construct == JAC_C_POWER && is_op(t->child[0], JAC_C_NORM))
    return jac_term_is_number(t->child[1], 2);
  return !jac_type_is_number(t->child[0]->type) ||
         (t->count > 1 && !jac_type_is_number(t->child[1]->type));
}

/* (X[i,.]' - x)_k, norm(x - X[i,.]')^2: an entry or a number of matrices that have an
 * index themselves, written out over entries; NULL: it is no such. */
static term_t opened(struct jac_make *m, term_t t) {
  bool entry = t->kind == JAC_TERM_ENTRY;
  term_t of = entry ? t->child[0] : t, out;
  index_t inside[4] = {NULL};
  size_t count = 0;
  if (of->kind != JAC_TERM_OP || !jac_type_is_number(t->type) ||
      (!entry && !is_of_matrices(of)))
    return NULL;
  jac_closed_indices(of, inside, &count);
  if (count == 0)
    return NULL;
  if (of->construct == JAC_C_NORM)
    out =
        jac_make_each(m, JAC_C_SQRT, jac_expand(m, jac_make_power(m, of, 2), NULL, NULL));
  else
    out = jac_expand(m, of, entry ? t->child[1] : NULL, entry ? t->child[2] : NULL);
  return out && !jac_term_equal(out, t) ? out : NULL;
}

term_t jac_lift(struct jac_make *m, term_t t, index_t row, index_t col) {
  bool r = row && jac_term_has_index(t, row), c = col && jac_term_has_index(t, col);
  if (!r && !c)
    return t;
  term_t open = opened(m, t);
  if (open)
    return jac_lift(m, open, row, col);
  if (is_sum(t) || (is_added(t) && !jac_term_walk(t, no_sum, NULL)))
    return lift_sums(m, t, row, col);
  if (t->kind == JAC_TERM_ENTRY) {
    term_t base = t->child[0], i = t->child[1], j = t->child[2];
    if ((row && jac_term_has_index(base, row)) || (col && jac_term_has_index(base, col)))
      return NULL;
    if (!jac_closed_place(i) || !jac_closed_place(j))
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
