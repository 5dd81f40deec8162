#include "jacobian/algebra/make.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;

static struct jac_term *fresh(struct jac_make *m, enum jac_term_kind kind,
                              struct jac_dim *rows, struct jac_dim *cols, size_t count,
                              const term_t *child) {
  struct jac_term *t = jac_pool_take(m->pool, sizeof *t + count * sizeof(term_t));
  if (!t)
    return NULL;
  t->kind = kind;
  t->type = (struct jac_type){rows, cols};
  t->id = ++m->ids;
  t->count = count;
  for (size_t k = 0; k < count; k++)
    t->child[k] = child[k];
  return t;
}

static struct jac_term *number_term(struct jac_make *m, enum jac_term_kind kind,
                                    size_t count, const term_t *child) {
  return fresh(m, kind, m->dims->one, m->dims->one, count, child);
}

/* The reading of a construct with this type. */
static const struct jac_reading *reading(enum jac_construct_id id, const char *type) {
  size_t first, count = jac_readings_of(id, &first);
  for (size_t k = first; k < first + count; k++)
    if (strcmp(jac_reading_at(k)->type, type) == 0)
      return jac_reading_at(k);
  return jac_reading_at(first);
}

static term_t op(struct jac_make *m, enum jac_construct_id id, const char *type,
                 struct jac_dim *rows, struct jac_dim *cols, term_t a, term_t b) {
  term_t child[2] = {a, b};
  struct jac_term *t = fresh(m, JAC_TERM_OP, rows, cols, b ? 2 : 1, child);
  if (!t)
    return NULL;
  t->construct = id;
  t->reading = reading(id, type);
  return t;
}

term_t jac_make_number(struct jac_make *m, double number) {
  struct jac_term *t = number_term(m, JAC_TERM_NUMBER, 0, NULL);
  if (t)
    t->number = number;
  return t;
}

term_t jac_make_size(struct jac_make *m, const struct jac_dim *dim) {
  dim = jac_dim_root(dim);
  if (dim->kind == JAC_DIM_ONE || dim->kind == JAC_DIM_FIXED)
    return jac_make_number(m, dim->kind == JAC_DIM_ONE ? 1.0 : (double)dim->fixed);
  struct jac_term *t = number_term(m, JAC_TERM_SIZE, 0, NULL);
  if (t)
    t->dim = dim;
  return t;
}

term_t jac_make_index(struct jac_make *m, const struct jac_index *index) {
  struct jac_term *t = index ? number_term(m, JAC_TERM_INDEX, 0, NULL) : NULL;
  if (t)
    t->index = index;
  return t;
}

term_t jac_make_symbol(struct jac_make *m, const struct jac_symbol *symbol) {
  struct jac_term *t =
      fresh(m, JAC_TERM_SYMBOL, symbol->type.rows, symbol->type.cols, 0, NULL);
  if (t)
    t->symbol = symbol;
  return t;
}

term_t jac_make_sized(struct jac_make *m, enum jac_term_kind kind, struct jac_dim *rows,
                      struct jac_dim *cols) {
  if (kind != JAC_TERM_ZEROS && jac_dim_is_one(rows) && jac_dim_is_one(cols))
    return jac_make_number(m, 1.0);
  return fresh(m, kind, rows, cols, 0, NULL);
}

struct jac_index *jac_make_new_index(struct jac_make *m, const char *name,
                                     struct jac_dim *range) {
  struct jac_index *index = jac_pool_take(m->pool, sizeof *index);
  if (index)
    *index = (struct jac_index){.name = name, .range = range, .id = ++m->ids};
  return index;
}

static bool is_number(term_t t) {
  return jac_type_is_number(t->type);
}

static bool negated(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_NEGATE;
}

term_t jac_make_negate(struct jac_make *m, term_t a) {
  if (!a)
    return NULL;
  if (a->kind == JAC_TERM_NUMBER)
    return jac_make_number(m, -a->number);
  if (negated(a))
    return a->child[0];
  return op(m, JAC_C_NEGATE, "(r,c)->(r,c)", a->type.rows, a->type.cols, a, NULL);
}

static term_t sum(struct jac_make *m, enum jac_construct_id id, term_t a, term_t b) {
  struct jac_type type = is_number(a) ? b->type : a->type;
  const char *of = is_number(a) && !is_number(b)   ? "1(r,c)->(r,c)"
                   : is_number(b) && !is_number(a) ? "(r,c)1->(r,c)"
                                                   : "(r,c)(r,c)->(r,c)";
  return op(m, id, of, type.rows, type.cols, a, b);
}

term_t jac_make_add(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (a->kind == JAC_TERM_NUMBER && b->kind == JAC_TERM_NUMBER)
    return jac_make_number(m, a->number + b->number);
  if (jac_term_is_number(a, 0.0))
    return b;
  if (jac_term_is_number(b, 0.0))
    return a;
  if (negated(b))
    return sum(m, JAC_C_SUBTRACT, a, b->child[0]);
  return negated(a) ? sum(m, JAC_C_SUBTRACT, b, a->child[0]) : sum(m, JAC_C_ADD, a, b);
}

term_t jac_make_subtract(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (a->kind == JAC_TERM_NUMBER && b->kind == JAC_TERM_NUMBER)
    return jac_make_number(m, a->number - b->number);
  if (jac_term_is_number(b, 0.0))
    return a;
  if (jac_term_is_number(a, 0.0) && is_number(b))
    return jac_make_negate(m, b);
  return negated(b) ? sum(m, JAC_C_ADD, a, b->child[0]) : sum(m, JAC_C_SUBTRACT, a, b);
}

static term_t scale(struct jac_make *m, term_t a, term_t b) {
  if (is_number(a) && is_number(b))
    return op(m, JAC_C_SIDE, "11->1", m->dims->one, m->dims->one, a, b);
  return is_number(a)
             ? op(m, JAC_C_SIDE, "1(r,c)->(r,c)", b->type.rows, b->type.cols, a, b)
             : op(m, JAC_C_SIDE, "(r,c)1->(r,c)", a->type.rows, a->type.cols, a, b);
}

/* 1, or I before a matrix: a number times I is a matrix. */
static bool changes_nothing(term_t t, term_t other) {
  return jac_term_is_number(t, 1.0) || (t->kind == JAC_TERM_EYE && !is_number(other));
}

term_t jac_make_times(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (a->kind == JAC_TERM_NUMBER && b->kind == JAC_TERM_NUMBER)
    return jac_make_number(m, a->number * b->number);
  if (changes_nothing(a, b))
    return b;
  if (changes_nothing(b, a))
    return a;
  if (jac_term_is_number(a, -1.0))
    return jac_make_negate(m, b);
  if (negated(a))
    return jac_make_negate(m, jac_make_times(m, a->child[0], b));
  if (negated(b))
    return jac_make_negate(m, jac_make_times(m, a, b->child[0]));
  if (is_number(a) || is_number(b))
    return scale(m, a, b);
  return op(m, JAC_C_SIDE, "(r,k)(k,c)->(r,c)", a->type.rows, b->type.cols, a, b);
}

static bool is_transpose(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE;
}

static bool reciprocal(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_DOTDIVIDE &&
         jac_term_is_number(t->child[0], 1.0);
}

term_t jac_make_hadamard(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (is_number(a) || is_number(b) || a->kind == JAC_TERM_ONES ||
      b->kind == JAC_TERM_ONES) {
    if (a->kind == JAC_TERM_ONES && !is_number(b))
      return b;
    if (b->kind == JAC_TERM_ONES && !is_number(a))
      return a;
    return jac_make_times(m, a, b);
  }
  if (reciprocal(b))
    return jac_make_divide(m, a, b->child[1]);
  if (reciprocal(a))
    return jac_make_divide(m, b, a->child[1]);
  if (is_transpose(a) && is_transpose(b))
    return jac_make_transpose(m, jac_make_hadamard(m, a->child[0], b->child[0]));
  return op(m, JAC_C_HADAMARD, "(r,c)(r,c)->(r,c)", a->type.rows, a->type.cols, a, b);
}

term_t jac_make_divide(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (jac_term_is_number(b, 1.0))
    return a;
  if (negated(a))
    return jac_make_negate(m, jac_make_divide(m, a->child[0], b));
  if (is_number(a) && is_number(b))
    return op(m, JAC_C_DIVIDE, "11->1", m->dims->one, m->dims->one, a, b);
  if (is_number(b))
    return op(m, JAC_C_DIVIDE, "(r,c)1->(r,c)", a->type.rows, a->type.cols, a, b);
  const char *type = is_number(a) ? "1(r,c)->(r,c)" : "(r,c)(r,c)->(r,c)";
  return op(m, JAC_C_DOTDIVIDE, type, b->type.rows, b->type.cols, a, b);
}

term_t jac_make_power(struct jac_make *m, term_t a, double power) {
  if (!a)
    return NULL;
  if (power == 1.0)
    return a;
  if (power < 0.0)
    return jac_make_divide(m, jac_make_number(m, 1.0), jac_make_power(m, a, -power));
  return jac_make_raised(m, a, jac_make_number(m, power));
}

term_t jac_make_raised(struct jac_make *m, term_t a, term_t power) {
  if (!a || !power)
    return NULL;
  if (is_number(a))
    return op(m, JAC_C_POWER, "11->1", m->dims->one, m->dims->one, a, power);
  return op(m, JAC_C_DOTPOWER, "(r,c)1->(r,c)", a->type.rows, a->type.cols, a, power);
}

static bool is_product(term_t t) {
  return t->kind == JAC_TERM_OP && strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0;
}

/* A spelling of a product by its factors in order, however they are bracketed. */
static void flat_key(term_t t, struct jac_buffer *out) {
  if (t && is_product(t)) {
    flat_key(t->child[0], out);
    flat_key(t->child[1], out);
  } else
    jac_term_key(t, NULL, 0, false, out);
}

/* The transpose, moved inwards as far as it goes. */
static term_t inwards(struct jac_make *m, term_t a, bool transposed) {
  if (!a || is_number(a) || a->kind != JAC_TERM_OP)
    return transposed ? jac_make_transpose(m, a) : a;
  if (a->construct == JAC_C_TRANSPOSE)
    return inwards(m, a->child[0], !transposed);
  if (is_product(a))
    return jac_make_times(m, inwards(m, a->child[transposed], transposed),
                          inwards(m, a->child[!transposed], transposed));
  if (a->construct == JAC_C_ADD && !is_number(a->child[0]) && !is_number(a->child[1]))
    return jac_make_add(m, inwards(m, a->child[0], transposed),
                        inwards(m, a->child[1], transposed));
  return transposed && a->construct != JAC_C_INVERSE ? jac_make_transpose(m, a) : a;
}

/* Whether a matrix is its own transpose by how it is built: X'X, X A X' of a symmetric A.
 */
static bool symmetric(struct jac_make *m, term_t a) {
  if (!jac_dim_same(a->type.rows, a->type.cols) || a->kind != JAC_TERM_OP ||
      !(is_product(a) || a->construct == JAC_C_ADD))
    return false;
  /* Bracketed from the left both times, so that the same is spelled the same. */
  struct jac_buffer x = JAC_BUFFER_INIT, y = JAC_BUFFER_INIT;
  flat_key(inwards(m, a, false), &x);
  flat_key(inwards(m, a, true), &y);
  bool same = !x.failed && !y.failed && strcmp(x.text, y.text) == 0;
  jac_buffer_free(&x);
  jac_buffer_free(&y);
  return same;
}

term_t jac_make_transpose(struct jac_make *m, term_t a) {
  if (!a || is_number(a) || a->kind == JAC_TERM_EYE)
    return a;
  if (a->kind == JAC_TERM_OP) {
    if (a->construct == JAC_C_TRANSPOSE)
      return a->child[0];
    if (a->construct == JAC_C_DIAG && is_number(a) == false &&
        !jac_dim_is_one(a->type.cols))
      return a;
    if (a->construct == JAC_C_SYM || symmetric(m, a) ||
        (a->construct == JAC_C_INVERSE && symmetric(m, a->child[0])))
      return a;
  }
  if (a->kind == JAC_TERM_SYMBOL && a->symbol->symmetric)
    return a;
  if (a->kind == JAC_TERM_ONES)
    return jac_make_sized(m, JAC_TERM_ONES, a->type.cols, a->type.rows);
  return op(m, JAC_C_TRANSPOSE, "(r,c)->(c,r)", a->type.cols, a->type.rows, a, NULL);
}

static term_t turned(struct jac_make *m, term_t a) {
  return is_number(a) ? a : jac_make_turned(m, a);
}

term_t jac_make_turned(struct jac_make *m, term_t a) {
  if (!a || is_number(a))
    return a;
  if (a->kind == JAC_TERM_COMPARE)
    return jac_make_compare(m, a->construct, turned(m, a->child[0]),
                            turned(m, a->child[1]));
  if (a->kind != JAC_TERM_OP)
    return jac_make_transpose(m, a);
  term_t x = a->child[0], y = a->count > 1 ? a->child[1] : NULL;
  bool alike = !y || is_number(x) || is_number(y) ||
               (jac_dim_same(x->type.rows, y->type.rows) &&
                jac_dim_same(x->type.cols, y->type.cols));
  if (is_product(a))
    return jac_make_times(m, turned(m, y), turned(m, x));
  if (!alike)
    return jac_make_transpose(m, a);
  if (jac_construct(a->construct)->role == JAC_ROLE_ENTRYWISE)
    return jac_make_each(m, a->construct, turned(m, x));
  switch (a->construct) {
  case JAC_C_ADD:
    return jac_make_add(m, turned(m, x), turned(m, y));
  case JAC_C_SUBTRACT:
    return jac_make_subtract(m, turned(m, x), turned(m, y));
  case JAC_C_NEGATE:
    return jac_make_negate(m, turned(m, x));
  case JAC_C_HADAMARD:
    return jac_make_hadamard(m, turned(m, x), turned(m, y));
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE:
    return jac_make_divide(m, turned(m, x), turned(m, y));
  case JAC_C_DOTPOWER:
    return is_number(y) ? jac_make_raised(m, turned(m, x), y) : jac_make_transpose(m, a);
  case JAC_C_SIDE:
    return is_number(x) || is_number(y) ? jac_make_times(m, turned(m, x), turned(m, y))
                                        : jac_make_transpose(m, a);
  default:
    return jac_make_transpose(m, a);
  }
}

/* Of a column and its row, where either will do: the one with less to write. */
static term_t shorter(struct jac_make *m, term_t a) {
  term_t b = jac_make_turned(m, a);
  struct jac_buffer x = JAC_BUFFER_INIT, y = JAC_BUFFER_INIT;
  jac_term_key(a, NULL, 0, false, &x);
  jac_term_key(b, NULL, 0, false, &y);
  bool turn = b && y.length < x.length;
  jac_buffer_free(&x);
  jac_buffer_free(&y);
  return turn ? b : a;
}

term_t jac_make_each(struct jac_make *m, enum jac_construct_id id, term_t a) {
  return a ? op(m, id, "(r,c)->(r,c)", a->type.rows, a->type.cols, a, NULL) : NULL;
}

term_t jac_make_measure(struct jac_make *m, enum jac_construct_id id, term_t a) {
  if (!a || (is_number(a) && id != JAC_C_NORM))
    return a;
  bool square = id == JAC_C_TRACE || id == JAC_C_DET;
  if (id == JAC_C_TOTAL)
    a = shorter(m, a);
  return op(m, id, square ? "(n,n)->1" : "(r,c)->1", m->dims->one, m->dims->one, a, NULL);
}

term_t jac_make_softmax(struct jac_make *m, term_t a) {
  if (!a)
    return NULL;
  const char *type = jac_dim_is_one(a->type.cols)   ? "(n,1)->(n,1)"
                     : jac_dim_is_one(a->type.rows) ? "(1,n)->(1,n)"
                                                    : "(r,c)->(r,c)";
  return op(m, JAC_C_SOFTMAX, type, a->type.rows, a->type.cols, a, NULL);
}

/* The matrix with a vector on its diagonal. */
static bool is_diag(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_DIAG &&
         !jac_dim_is_one(t->type.cols);
}

term_t jac_make_inverse(struct jac_make *m, term_t a) {
  if (!a)
    return NULL;
  if (is_number(a))
    return jac_make_divide(m, jac_make_number(m, 1.0), a);
  if (a->kind == JAC_TERM_OP && a->construct == JAC_C_INVERSE)
    return a->child[0];
  if (is_diag(a))
    return jac_make_diag(m, jac_make_divide(m, jac_make_number(m, 1.0), a->child[0]));
  return op(m, JAC_C_INVERSE, "(n,n)->(n,n)", a->type.rows, a->type.cols, a, NULL);
}

term_t jac_make_diag(struct jac_make *m, term_t a) {
  if (!a || is_number(a))
    return a;
  if (a->kind == JAC_TERM_ONES)
    return jac_make_sized(m, JAC_TERM_EYE, a->type.rows, a->type.rows);
  struct jac_dim *n = jac_dim_is_one(a->type.cols) ? a->type.rows : a->type.cols;
  a = shorter(m, a);
  return op(m, JAC_C_DIAG, jac_dim_is_one(a->type.cols) ? "(n,1)->(n,n)" : "(1,n)->(n,n)",
            n, n, a, NULL);
}

term_t jac_make_diagonal(struct jac_make *m, term_t a) {
  if (!a || is_number(a))
    return a;
  if (is_diag(a))
    return jac_dim_is_one(a->child[0]->type.cols) ? a->child[0]
                                                  : jac_make_turned(m, a->child[0]);
  return op(m, JAC_C_DIAG, "(n,n)->(n,1)", a->type.rows, m->dims->one, a, NULL);
}

term_t jac_make_vec(struct jac_make *m, term_t a) {
  if (!a || jac_dim_is_one(a->type.cols))
    return a;
  if (jac_dim_is_one(a->type.rows))
    return jac_make_transpose(m, a);
  return op(m, JAC_C_VEC, "(r,c)->(r*c,1)",
            jac_dim_product(m->dims, a->type.rows, a->type.cols), m->dims->one, a, NULL);
}

static struct jac_dim *times_dim(struct jac_make *m, struct jac_dim *a,
                                 struct jac_dim *b) {
  if (jac_dim_is_one(a))
    return b;
  return jac_dim_is_one(b) ? a : jac_dim_product(m->dims, a, b);
}

term_t jac_make_kron(struct jac_make *m, term_t a, term_t b) {
  if (!a || !b)
    return NULL;
  if (is_number(a) || is_number(b))
    return jac_make_times(m, a, b);
  /* A column beside a row: the product of matrices says the same. */
  if (jac_dim_is_one(a->type.rows) && jac_dim_is_one(b->type.cols))
    return jac_make_times(m, b, a);
  if (jac_dim_is_one(a->type.cols) && jac_dim_is_one(b->type.rows))
    return jac_make_times(m, a, b);
  return op(m, JAC_C_OTIMES, "(p,q)(r,s)->(p*r,q*s)",
            times_dim(m, a->type.rows, b->type.rows),
            times_dim(m, a->type.cols, b->type.cols), a, b);
}

term_t jac_make_compare(struct jac_make *m, enum jac_construct_id id, term_t a,
                        term_t b) {
  if (!a || !b)
    return NULL;
  bool numbers = a->kind == JAC_TERM_NUMBER && b->kind == JAC_TERM_NUMBER;
  if (numbers && (id == JAC_C_EQUAL || id == JAC_C_UNEQUAL))
    return jac_make_number(m, (a->number == b->number) == (id == JAC_C_EQUAL));
  if ((id == JAC_C_EQUAL || id == JAC_C_UNEQUAL) && jac_term_equal(a, b))
    return jac_make_number(m, id == JAC_C_EQUAL);
  struct jac_type type = is_number(a) ? b->type : a->type;
  term_t child[2] = {a, b};
  struct jac_term *t = fresh(m, JAC_TERM_COMPARE, type.rows, type.cols, 2, child);
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
  struct jac_term *t = fresh(m, JAC_TERM_BIG, body->type.rows, body->type.cols, 4, child);
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
  struct jac_term *t = fresh(m, JAC_TERM_BUILD, row ? row->range : m->dims->one,
                             column ? column->range : m->dims->one, 1, &entry);
  if (t) {
    t->index = row;
    t->index2 = column;
  }
  return t;
}

term_t jac_make_derivative(struct jac_make *m, term_t what, const struct jac_symbol *by,
                           enum jac_layout layout) {
  struct jac_dim *down = times_dim(m, what->type.rows, what->type.cols),
                 *across = times_dim(m, by->type.rows, by->type.cols);
  struct jac_type type = {down, across};
  if (layout == JAC_LAYOUT_GRADIENT)
    type = by->type;
  else if (layout == JAC_LAYOUT_OUTPUT)
    type = what->type;
  struct jac_term *t = fresh(m, JAC_TERM_DERIVATIVE, type.rows, type.cols, 1, &what);
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

term_t jac_make_entry(struct jac_make *m, term_t base, term_t row, term_t column) {
  if (!base || is_number(base))
    return base;
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
  case JAC_TERM_OP:
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
  return number_term(m, JAC_TERM_ENTRY, 3, child);
}

term_t jac_make_slice(struct jac_make *m, term_t base, term_t row, term_t column) {
  if (!base || (!row && !column) ||
      jac_dim_is_one(row ? base->type.rows : base->type.cols))
    return base;
  if (is_transpose(base))
    return jac_make_transpose(m, jac_make_slice(m, base->child[0], column, row));
  term_t child[3] = {base, row, column};
  return fresh(m, JAC_TERM_ENTRY, row ? m->dims->one : base->type.rows,
               row ? base->type.cols : m->dims->one, 3, child);
}

term_t jac_make_blocks(struct jac_make *m, struct jac_type type, size_t rows, size_t cols,
                       term_t const *cell) {
  struct jac_term *t = fresh(m, JAC_TERM_MATRIX, type.rows, type.cols, rows * cols, cell);
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
  struct jac_term *t = fresh(m, JAC_TERM_MATRIX, a->type.rows, a->type.rows, 9, cell);
  if (t)
    t->block_rows = t->block_cols = 3;
  return t;
}

bool jac_term_has_index(term_t t, const struct jac_index *index) {
  if (t->kind == JAC_TERM_INDEX && t->index == index)
    return true;
  for (size_t k = 0; k < t->count; k++)
    if (t->child[k] && jac_term_has_index(t->child[k], index))
      return true;
  for (size_t k = 0; k < t->bys; k++) {
    const struct jac_by *by = &t->by[k];
    term_t places[5] = {by->place[0], by->place[1], by->place[2], by->row, by->column};
    for (size_t j = 0; j < 5; j++)
      if (places[j] && jac_term_has_index(places[j], index))
        return true;
  }
  return false;
}

static bool is_not(term_t t, void *context) {
  const struct jac_symbol *symbol = *(const struct jac_symbol *const *)context;
  if (t->kind == JAC_TERM_SYMBOL && t->symbol == symbol)
    return false;
  for (size_t k = 0; t->kind == JAC_TERM_DERIVATIVE && k < t->bys; k++)
    if (t->by[k].symbol == symbol)
      return false;
  return true;
}

bool jac_term_depends(term_t t, const struct jac_symbol *symbol) {
  return !jac_term_walk_through(t, is_not, &symbol);
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

void jac_term_key(term_t t, const struct jac_index *const *bound, size_t count,
                  bool blank, struct jac_buffer *out) {
  if (!t) {
    jac_buffer_add(out, "_");
    return;
  }
  jac_buffer_printf(out, "(%d", (int)t->kind);
  const struct jac_index *own[3] = {t->kind == JAC_TERM_INDEX ? t->index : NULL, NULL,
                                    NULL};
  for (size_t k = 0; k < 1 && own[k]; k++) {
    size_t at = 0;
    while (at < count && bound[at] != own[k])
      at++;
    if (at == count)
      jac_buffer_printf(out, "i%p", (const void *)own[k]);
    else if (!blank)
      jac_buffer_printf(out, "b%zu", at);
  }
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    jac_buffer_printf(out, "%.17g", t->number);
    break;
  case JAC_TERM_SIZE:
    jac_buffer_printf(out, "%p", (const void *)jac_dim_root(t->dim));
    break;
  case JAC_TERM_SYMBOL:
  case JAC_TERM_CALL:
    jac_buffer_printf(out, "%p", (const void *)t->symbol);
    break;
  case JAC_TERM_OP: /* A B and A * B are one product */
    if (t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR ||
        t->construct == JAC_C_CDOT)
      jac_buffer_add(out, t->reading->type);
    else
      jac_buffer_printf(out, "%zu", jac_reading_row(t->reading));
    break;
  case JAC_TERM_BIG:
  case JAC_TERM_BUILD: {
    /* What it binds is spelled by its depth, behind what is bound outside. */
    const struct jac_index *in[24];
    size_t n = count < 20 ? count : 20;
    for (size_t k = 0; k < n; k++)
      in[k] = bound[k];
    if (t->index)
      in[n++] = t->index;
    if (t->index2)
      in[n++] = t->index2;
    jac_buffer_printf(out, "%d", (int)t->construct);
    for (size_t k = 0; k < t->count; k++)
      jac_term_key(t->child[k], in, n, blank, out);
    jac_buffer_add(out, ")");
    return;
  }
  case JAC_TERM_EYE:
  case JAC_TERM_ONES:
  case JAC_TERM_ZEROS:
  case JAC_TERM_RESHAPE:
    jac_buffer_printf(out, "%p %p", (void *)jac_dim_root(t->type.rows),
                      (void *)jac_dim_root(t->type.cols));
    break;
  case JAC_TERM_MATRIX:
    jac_buffer_printf(out, "%zu", t->block_rows);
    break;
  case JAC_TERM_DERIVATIVE:
    if (t->bys == 1 && !t->by->symbol->families && !t->by->row && !t->by->column)
      jac_buffer_printf(out, "%p %d%d%d", (const void *)t->by->symbol, (int)t->layout,
                        t->direct, t->by_rows);
    else
      jac_buffer_printf(out, "%p", (const void *)t);
    break;
  case JAC_TERM_AT:
    jac_buffer_printf(out, "%p", (const void *)t);
    break;
  default:
    jac_buffer_printf(out, "%d", (int)t->construct);
    break;
  }
  for (size_t k = 0; k < t->count; k++)
    jac_term_key(t->child[k], bound, count, blank, out);
  jac_buffer_add(out, ")");
}

bool jac_term_equal(term_t a, term_t b) {
  if (a == b)
    return true;
  if (!a || !b || a->kind != b->kind || a->count != b->count)
    return false;
  struct jac_buffer x = JAC_BUFFER_INIT, y = JAC_BUFFER_INIT;
  jac_term_key(a, NULL, 0, false, &x);
  jac_term_key(b, NULL, 0, false, &y);
  bool same = !x.failed && !y.failed && strcmp(x.text, y.text) == 0;
  jac_buffer_free(&x);
  jac_buffer_free(&y);
  return same;
}
