/* What has indices or places: comparisons, sums over an index, matrices by their entries,
 * entries and slices; and a value put for an index. */
#include "jacobian/algebra/make_internal.h"

#include <math.h>
#include <string.h>

/* sum + times t; NULL stands for nothing yet. */
static term_t add_times(struct jac_make *m, term_t sum, double times, term_t t) {
  if (fabs(times) != 1)
    t = jac_make_times(m, jac_make_number(m, fabs(times)), t);
  if (!sum)
    return times < 0 ? jac_make_negate(m, t) : t;
  return times < 0 ? jac_make_subtract(m, sum, t) : jac_make_add(m, sum, t);
}

term_t jac_make_affine(struct jac_make *m, const struct jac_affine *a) {
  term_t sum = NULL;
  double constant = a->constant;
  for (size_t k = 0; k < 4 * a->count; k++) { /* indices before sizes */
    struct jac_affine_part part = a->part[k % a->count];
    bool minus = part.times < 0, size = part.index == NULL;
    if (minus != (k >= 2 * a->count) || size != (k / a->count % 2 == 1))
      continue;
    if (!sum && minus && constant > 0) { /* 1 - i */
      sum = jac_make_number(m, constant);
      constant = 0;
    }
    sum = add_times(m, sum, part.times,
                    size ? jac_make_size(m, part.size) : jac_make_index(m, part.index));
    if (!sum)
      return NULL;
  }
  if (!sum)
    return jac_make_number(m, constant);
  return constant == 0 ? sum
                       : add_times(m, sum, constant < 0 ? -1 : 1,
                                   jac_make_number(m, fabs(constant)));
}

term_t jac_make_place(struct jac_make *m, term_t place) {
  struct jac_affine a;
  return place && place->kind == JAC_TERM_OP && jac_affine_of(place, &a)
             ? jac_make_affine(m, &a)
             : place;
}

/* Whether a comparison of places holds whatever the indices are, or never does. */
static bool is_settled(enum jac_construct_id id, term_t a, term_t b, bool *holds) {
  struct jac_affine x, y;
  if (!jac_affine_of(a, &x) || !jac_affine_of(b, &y) || !jac_affine_add(&x, &y, -1) ||
      x.count > 0)
    return false;
  double apart = x.constant;
  *holds = id == JAC_C_EQUAL     ? apart == 0
           : id == JAC_C_UNEQUAL ? apart != 0
           : id == JAC_C_LESS    ? apart < 0
           : id == JAC_C_ATMOST  ? apart <= 0
           : id == JAC_C_MORE    ? apart > 0
                                 : apart >= 0;
  return true;
}

term_t jac_make_compare(struct jac_make *m, enum jac_construct_id id, term_t a,
                        term_t b) {
  bool holds;
  if (!a || !b)
    return NULL;
  if (is_settled(id, a, b, &holds))
    return jac_make_number(m, holds);
  if ((id == JAC_C_EQUAL || id == JAC_C_UNEQUAL) && jac_term_equal(a, b))
    return jac_make_number(m, id == JAC_C_EQUAL);
  struct jac_type type = is_number(a) ? b->type : a->type;
  term_t child[2] = {a, b};
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_COMPARE, type.rows, type.cols, 2, child);
  if (t)
    t->construct = id;
  return t;
}

term_t jac_make_over(struct jac_make *m, enum jac_construct_id id,
                     const struct jac_index *index, term_t body, term_t first,
                     term_t last, term_t condition) {
  if (!body)
    return NULL;
  term_t child[4] = {body, first, last, condition};
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_BIG, body->type.rows, body->type.cols, 4, child);
  if (!t)
    return NULL;
  size_t row;
  jac_readings_of(id, &row);
  t->construct = id;
  t->reading = jac_reading_at(row);
  t->index = index;
  return t;
}

term_t jac_make_build(struct jac_make *m, const struct jac_index *row,
                      const struct jac_index *column, term_t entry) {
  if (!entry || (!row && !column))
    return entry;
  struct jac_term *t = jac_make_fresh(m, JAC_TERM_BUILD, row ? row->range : m->dims->one,
                                      column ? column->range : m->dims->one, 1, &entry);
  if (t) {
    t->index = row;
    t->index2 = column;
  }
  return t;
}

term_t jac_make_derivative(struct jac_make *m, term_t what, const struct jac_symbol *by,
                           enum jac_layout layout) {
  struct jac_dim *down = jac_make_times_dim(m, what->type.rows, what->type.cols),
                 *across = jac_make_times_dim(m, by->type.rows, by->type.cols);
  struct jac_type type = {down, across};
  if (layout == JAC_LAYOUT_GRADIENT)
    type = by->type;
  else if (layout == JAC_LAYOUT_OUTPUT)
    type = what->type;
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_DERIVATIVE, type.rows, type.cols, 1, &what);
  struct jac_by *own = jac_pool_take(m->pool, sizeof *own);
  if (!t || !own)
    return NULL;
  own->symbol = by;
  t->by = own;
  t->bys = 1;
  t->layout = layout;
  return t;
}

/* Where a place is given as a number from 1 to count: one less; -1: nowhere. */
static int given(term_t place, size_t count) {
  if (!place)
    return count == 1 ? 0 : -1;
  double at = place->kind == JAC_TERM_NUMBER ? place->number : 0;
  return at >= 1 && at <= (double)count && at == floor(at) ? (int)at - 1 : -1;
}

/* The entry of [1, 2; 3, x] at a place that is given; NULL: it has blocks, or the place
 * is not known. */
static term_t cell_at(term_t matrix, term_t row, term_t column) {
  int i = given(row, matrix->block_rows), j = given(column, matrix->block_cols);
  for (size_t k = 0; k < matrix->count; k++)
    if (!matrix->child[k] || !is_number(matrix->child[k]))
      return NULL;
  return i < 0 || j < 0 ? NULL
                        : matrix->child[(size_t)i * matrix->block_cols + (size_t)j];
}

/* Long: each kind of matrix. */
term_t jac_make_entry(struct jac_make *m, term_t base, term_t row, term_t column) {
  if (!base || is_number(base))
    return base;
  row = jac_make_place(m, row);
  column = jac_make_place(m, column);
  switch (base->kind) {
  case JAC_TERM_EYE:
    return jac_make_compare(m, JAC_C_EQUAL, row, column);
  case JAC_TERM_ONES:
    return jac_make_number(m, 1.0);
  case JAC_TERM_ZEROS:
    return jac_make_number(m, 0.0);
  case JAC_TERM_BUILD: {
    term_t t = base->child[0];
    if (base->index)
      t = jac_make_put(m, t, base->index, row);
    return base->index2 && t ? jac_make_put(m, t, base->index2, column) : t;
  }
  case JAC_TERM_MATRIX: {
    term_t cell = cell_at(base, row, column);
    if (cell)
      return cell;
    break;
  }
  case JAC_TERM_ENTRY: /* of X[i,.] */
    return jac_make_entry(m, base->child[0], base->child[1] ? base->child[1] : row,
                          base->child[2] ? base->child[2] : column);
  case JAC_TERM_OP:
    if (base->construct == JAC_C_DIAG && row && column && jac_term_equal(row, column) &&
        !jac_dim_is_one(base->type.cols)) {
      bool across = jac_dim_is_one(base->child[0]->type.rows);
      return jac_make_entry(m, base->child[0], across ? NULL : row, across ? row : NULL);
    }
    if (base->construct == JAC_C_TRANSPOSE)
      return jac_make_entry(m, base->child[0], column, row);
    if (base->construct == JAC_C_NEGATE)
      return jac_make_negate(m, jac_make_entry(m, base->child[0], row, column));
    /* tanh(u)_i is tanh(u_i). */
    if (base->count == 1 && base->child[0]->kind == JAC_TERM_SYMBOL &&
        jac_construct(base->construct)->role == JAC_ROLE_ENTRYWISE)
      return jac_make_each(m, base->construct,
                           jac_make_entry(m, base->child[0], row, column));
    break;
  default:
    break;
  }
  term_t child[3] = {base, row, column};
  return jac_make_of_number(m, JAC_TERM_ENTRY, 3, child);
}

term_t jac_make_slice(struct jac_make *m, term_t base, term_t row, term_t column) {
  if (!base || (!row && !column) ||
      jac_dim_is_one(row ? base->type.rows : base->type.cols))
    return base;
  if (is_transpose(base))
    return jac_make_transpose(m, jac_make_slice(m, base->child[0], column, row));
  term_t child[3] = {base, row, column};
  return jac_make_fresh(m, JAC_TERM_ENTRY, row ? m->dims->one : base->type.rows,
                        row ? base->type.cols : m->dims->one, 3, child);
}

term_t jac_make_blocks(struct jac_make *m, struct jac_type type, size_t rows, size_t cols,
                       term_t const *cell) {
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_MATRIX, type.rows, type.cols, rows * cols, cell);
  if (t) {
    t->block_rows = rows;
    t->block_cols = cols;
  }
  return t;
}

term_t jac_make_matrix(struct jac_make *m, size_t rows, size_t cols, term_t const *cell) {
  struct jac_type type = {jac_dim_fixed_new(m->dims, rows),
                          jac_dim_fixed_new(m->dims, cols)};
  return type.rows && type.cols ? jac_make_blocks(m, type, rows, cols, cell) : NULL;
}

term_t jac_make_skew(struct jac_make *m, term_t a) {
  static const int at[9] = {0, -3, 2, 3, 0, -1, -2, 1, 0};
  term_t cell[9];
  if (!a)
    return NULL;
  for (size_t k = 0; k < 9; k++) {
    term_t place = jac_make_number(m, at[k] < 0 ? -at[k] : at[k]);
    cell[k] = at[k] ? jac_make_entry(m, a, place, NULL) : jac_make_number(m, 0.0);
    cell[k] = at[k] < 0 ? jac_make_negate(m, cell[k]) : cell[k];
    if (!cell[k])
      return NULL;
  }
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_MATRIX, a->type.rows, a->type.rows, 9, cell);
  if (t)
    t->block_rows = t->block_cols = 3;
  return t;
}

term_t jac_make_cross(struct jac_make *m, term_t a, term_t b) {
  size_t first, count = jac_readings_of(JAC_C_CROSS, &first);
  struct jac_term *t = a && b ? jac_make_fresh(m, JAC_TERM_OP, a->type.rows, a->type.cols,
                                               2, (term_t[2]){a, b})
                              : NULL;
  for (size_t k = first; t && k < first + count; k++)
    if (strcmp(jac_reading_at(k)->type, "(3,1)(3,1)->(3,1)") == 0)
      t->reading = jac_reading_at(k);
  if (t)
    t->construct = JAC_C_CROSS;
  return t;
}

term_t jac_make_less_power(struct jac_make *m, term_t t) {
  term_t less = t->child[1]->kind == JAC_TERM_NUMBER
                    ? jac_make_number(m, t->child[1]->number - 1)
                    : jac_make_subtract(m, t->child[1], jac_make_number(m, 1));
  struct jac_term *out = less ? jac_make_fresh(m, JAC_TERM_OP, t->type.rows, t->type.cols,
                                               2, (term_t[2]){t->child[0], less})
                              : NULL;
  if (out) {
    out->reading = t->reading;
    out->construct = t->construct;
  }
  return out;
}

static bool rebuild_entry(term_t t) {
  return t->kind == JAC_TERM_ENTRY && jac_type_is_number(t->type);
}

term_t jac_make_put(struct jac_make *m, term_t t, const struct jac_index *index,
                    term_t value) {
  if (!t || !value || !jac_term_has_index(t, index))
    return t;
  if (t->kind == JAC_TERM_INDEX)
    return value;
  struct jac_term *copy =
      jac_pool_take(m->pool, sizeof *copy + t->count * sizeof(term_t));
  if (!copy)
    return NULL;
  memcpy(copy, t, sizeof *t + t->count * sizeof(term_t));
  copy->id = ++m->ids;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k] && !(copy->child[k] = jac_make_put(m, t->child[k], index, value)))
      return NULL;
  if (t->bys) {
    struct jac_by *by = jac_pool_take(m->pool, t->bys * sizeof *by);
    if (!by)
      return NULL;
    memcpy(by, t->by, t->bys * sizeof *by);
    for (size_t k = 0; k < t->bys; k++) {
      for (size_t j = 0; j < 3; j++)
        by[k].place[j] =
            by[k].place[j] ? jac_make_put(m, by[k].place[j], index, value) : NULL;
      by[k].row = by[k].row ? jac_make_put(m, by[k].row, index, value) : NULL;
      by[k].column = by[k].column ? jac_make_put(m, by[k].column, index, value) : NULL;
    }
    copy->by = by;
  }
  if (copy->kind == JAC_TERM_COMPARE)
    return jac_make_compare(m, copy->construct, copy->child[0], copy->child[1]);
  return rebuild_entry(copy)
             ? jac_make_entry(m, copy->child[0], copy->child[1], copy->child[2])
             : copy;
}
