#include "jacobian/algebra/closed_internal.h"

/* prod(i, x[i]) over all of them is prod(x). */
static term_t product_of_all(struct jac_make *m, term_t t) {
  bool part = t->child[1] || t->child[2] || t->child[3];
  index_t inside[4] = {NULL};
  size_t count = 0;
  jac_closed_indices(t->child[0], inside, &count);
  term_t all = part || count != 1 || inside[0] != t->index
                   ? NULL
                   : jac_lift(m, t->child[0], t->index, NULL);
  return all && jac_dim_is_one(all->type.cols)
             ? jac_make_measure(m, JAC_C_PRODUCTALL, all)
             : t;
}

term_t jac_closed_number(struct jac_make *m, term_t t) {
  static const index_t none[4] = {NULL};
  mono p = {.coefficient = 1};
  struct part *part = jac_pool_take(m->pool, sizeof *part);
  if (t->kind == JAC_TERM_BIG && t->construct == JAC_C_PRODUCT)
    return product_of_all(m, t);
  if (t->kind != JAC_TERM_BIG || t->construct != JAC_C_SUM || !part ||
      !jac_monomial_times(m, &p, t, 1) ||
      !jac_closed_contract(m, &p, none, NULL, 0, part))
    return t;
  return jac_part_term(m, part, part->coefficient);
}

term_t jac_closed_block(const struct jac_index_form *form, index_t along,
                        const index_t *fixed, size_t count) {
  struct jac_make *m = form->make;
  const struct jac_expansion *p = &form->simple;
  struct part *part = jac_pool_take(m->pool, PARTS * sizeof *part);
  index_t free[4] = {along, NULL, NULL, NULL};
  if (!part || !p->count || p->count > PARTS)
    return NULL;
  for (size_t k = 0; k < p->count; k++)
    if (!jac_closed_contract(m, &p->monomial[k], free, fixed, count, &part[k]))
      return NULL;
  size_t parts = p->count;
  return jac_parts_gather(m, part, &parts);
}

static bool is_place(term_t t) {
  return t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_SYMBOL;
}

/* Whether a factor is x_i - x_j: of one index each, and not of the same. */
static bool is_apart(const struct jac_factor *f) {
  index_t a[4] = {NULL}, b[4] = {NULL};
  size_t na = 0, nb = 0;
  if (f->power != 1 || f->base->kind != JAC_TERM_OP || f->base->count != 2 ||
      (f->base->construct != JAC_C_ADD && f->base->construct != JAC_C_SUBTRACT) ||
      !is_place(f->base->child[0]) || !is_place(f->base->child[1]))
    return false;
  jac_closed_indices(f->base->child[0], a, &na);
  jac_closed_indices(f->base->child[1], b, &nb);
  return na == 1 && nb == 1 && a[0] != b[0];
}

/* Multiplied out where a difference of entries of vectors would be a matrix, x 1^T - 1
 * x^T: n x - sum(x) 1 is read instead. */
static bool opened(struct jac_make *m, const struct jac_expansion *in,
                   struct jac_expansion *out) {
  struct jac_expansion all = {.count = 0};
  for (size_t k = 0; k < in->count; k++)
    if (!jac_expansion_add(m, &all, &in->monomial[k]))
      return false;
  for (size_t k = 0; k < all.count && all.count <= PARTS; k++)
    for (size_t n = 0; n < all.monomial[k].factors; n++) {
      struct jac_factor f = all.monomial[k].factor[n];
      if (!is_apart(&f))
        continue;
      mono half[2] = {all.monomial[k], all.monomial[k]};
      for (size_t side = 0; side < 2; side++) {
        mono *p = &half[side];
        p->factor[n] = p->factor[--p->factors];
        if (side && f.base->construct == JAC_C_SUBTRACT)
          p->coefficient = -p->coefficient;
        if (!jac_monomial_times(m, p, f.base->child[side], 1))
          return false;
      }
      all.monomial[k] = half[0];
      if (!jac_expansion_add(m, &all, &half[1]))
        return false;
      n = (size_t)-1;
    }
  if (all.count == in->count) {
    *out = *in;
    return true;
  }
  return jac_expansion_simplify(m, &all, out);
}

static term_t zeros_like(struct jac_make *m, term_t t) {
  if (!t)
    return NULL;
  return jac_type_is_number(t->type)
             ? jac_make_number(m, 0)
             : jac_make_sized(m, JAC_TERM_ZEROS, t->type.rows, t->type.cols);
}

enum { WRITTEN_OUT = 4 };

/* How long a side is that is written out: a small number, or 1; 0: it is none. */
static size_t side_of(index_t index) {
  const struct jac_dim *dim = index ? jac_dim_root(index->range) : NULL;
  return !dim                                                      ? 1
         : dim->kind == JAC_DIM_FIXED && dim->fixed <= WRITTEN_OUT ? dim->fixed
                                                                   : 0;
}

/* Whether an entry of the output or the variable is named by its number. */
static bool names_places(const struct jac_expansion *p) {
  for (size_t k = 0; k < p->count; k++)
    for (size_t n = 0; n < p->monomial[k].factors; n++) {
      term_t t = p->monomial[k].factor[n].base;
      if (t->kind == JAC_TERM_COMPARE && t->construct == JAC_C_EQUAL &&
          (t->child[0]->kind == JAC_TERM_NUMBER || t->child[1]->kind == JAC_TERM_NUMBER))
        return true;
    }
  return false;
}

static term_t at_place(const struct jac_index_form *form, const index_t at[2],
                       const size_t place[2]) {
  struct jac_make *m = form->make;
  struct jac_expansion p = form->simple, next;
  for (size_t k = 0; k < 2; k++)
    if (at[k]) {
      term_t number = jac_make_number(m, (double)place[k]);
      if (!jac_expansion_put(m, &p, at[k], number, &next))
        return NULL;
      p = next;
    }
  return jac_expansion_simplify(m, &p, &next) ? jac_expansion_term(m, &next) : NULL;
}

/* A matrix by a number, or a number by a matrix: the matrix of entries; NULL: it is of
 * another kind. */
static term_t matrix_written_out(const struct jac_index_form *form) {
  bool by = form->variable_row != NULL;
  index_t at[2] = {by ? form->variable_row : form->row,
                   by ? form->variable_column : form->column};
  bool alone = by ? !form->row && !form->column : !form->variable_column;
  size_t rows = side_of(at[0]), cols = side_of(at[1]), place[2];
  term_t cell[WRITTEN_OUT * WRITTEN_OUT];
  if (!alone || !at[0] || !at[1] || rows == 0 || cols == 0 ||
      !names_places(&form->simple))
    return NULL;
  for (size_t k = 0; k < rows * cols; k++) {
    place[0] = k / cols + 1;
    place[1] = k % cols + 1;
    cell[k] = at_place(form, at, place);
    if (!cell[k])
      return NULL;
  }
  return jac_make_matrix(form->make, rows, cols, cell);
}

/* Long: each shape of a result. Of a few numbered entries, x_1 x_2 or [x_1 + x_2; sin
 * x_1], the matrix of entries; NULL: it is of another kind. */
static term_t written_out(const struct jac_index_form *form, enum jac_layout layout) {
  struct jac_make *m = form->make;
  index_t out = form->row ? form->row : form->column,
          in = form->variable_row ? form->variable_row : form->variable_column;
  bool matrices =
      (form->row && form->column) || (form->variable_row && form->variable_column);
  size_t rows = side_of(out), cols = side_of(in), count = 0;
  term_t cell[WRITTEN_OUT * WRITTEN_OUT];
  if (matrices)
    return matrix_written_out(form);
  if (rows == 0 || cols == 0 || rows * cols == 1 || !names_places(&form->simple))
    return NULL;
  bool across = layout == JAC_LAYOUT_GRADIENT ? form->variable_column != NULL
                : layout == JAC_LAYOUT_OUTPUT ? form->column != NULL
                                              : false;
  for (size_t i = 1; i <= rows; i++)
    for (size_t k = 1; k <= cols; k++) {
      cell[count] = at_place(form, (index_t[2]){out, in}, (size_t[2]){i, k});
      if (!cell[count++])
        return NULL;
    }
  if (layout == JAC_LAYOUT_JACOBIAN)
    return jac_make_matrix(m, rows, cols, cell);
  return across ? jac_make_matrix(m, 1, count, cell) : jac_make_matrix(m, count, 1, cell);
}

/* Long: what has no parts, few entries, or is a sum. */
term_t jac_closed_form(const struct jac_index_form *form, term_t output,
                       enum jac_layout *layout) {
  struct jac_make *m = form->make;
  const struct jac_expansion *p = &form->simple;
  index_t free[4] = {form->row, form->column, form->variable_row, form->variable_column};
  bool number = jac_type_is_number(output->type);
  struct jac_type x = form->variable->type;
  *layout = number                  ? JAC_LAYOUT_GRADIENT
            : jac_type_is_number(x) ? JAC_LAYOUT_OUTPUT
                                    : JAC_LAYOUT_JACOBIAN;
  struct jac_type type = number ? x : output->type;
  bool kron = *layout == JAC_LAYOUT_JACOBIAN;
  if (!p->count)
    return zeros_like(m, jac_make_derivative(m, output, form->variable, *layout));
  term_t out = written_out(form, *layout);
  if (out)
    return out;
  struct part *part = jac_pool_take(m->pool, PARTS * sizeof *part);
  size_t count = 0;
  struct jac_expansion open;
  if (!opened(m, p, &open))
    return NULL;
  p = &open;
  if (!part || p->count > PARTS)
    return NULL;
  for (size_t k = 0; k < p->count; k++)
    if (!jac_closed_contract(m, &p->monomial[k], free, NULL, 0, &part[count++]))
      return NULL;
  term_t t = jac_parts_gather(m, part, &count);
  if (!count) /* I - H^-1 H */
    return zeros_like(m, jac_make_derivative(m, output, form->variable, *layout));
  /* A row is read as a column. */
  if (t && !kron && jac_dim_is_one(type.rows) && !jac_dim_is_one(type.cols))
    t = jac_make_turned(m, t);
  return t;
}
