/* Long: they call each other. Sums, products, transposes and what else is made of
 * matrices as wholes. */
#include "jacobian/algebra/make_internal.h"

#include "jacobian/algebra/product.h"

#include <math.h>
#include <string.h>

struct jac_term *jac_make_fresh(struct jac_make *m, enum jac_term_kind kind,
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

struct jac_term *jac_make_of_number(struct jac_make *m, enum jac_term_kind kind,
                                    size_t count, const term_t *child) {
  return jac_make_fresh(m, kind, m->dims->one, m->dims->one, count, child);
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
  struct jac_term *t = jac_make_fresh(m, JAC_TERM_OP, rows, cols, b ? 2 : 1, child);
  if (!t)
    return NULL;
  t->construct = id;
  t->reading = reading(id, type);
  return t;
}

term_t jac_make_number(struct jac_make *m, double number) {
  struct jac_term *t = jac_make_of_number(m, JAC_TERM_NUMBER, 0, NULL);
  if (t)
    t->number = number;
  return t;
}

void jac_make_size_of(struct jac_make *m, double coefficient, term_t *above,
                      term_t *below) {
  double size = fabs(coefficient), inverse = 1 / size;
  if (size < 1 && size > 0 && fabs(inverse - round(inverse)) < 1e-12)
    *below = jac_make_number(m, round(inverse));
  else if (size != 1)
    *above = jac_make_number(m, size);
}

term_t jac_make_size(struct jac_make *m, const struct jac_dim *dim) {
  dim = jac_dim_root(dim);
  if (dim->kind == JAC_DIM_ONE || dim->kind == JAC_DIM_FIXED)
    return jac_make_number(m, dim->kind == JAC_DIM_ONE ? 1.0 : (double)dim->fixed);
  struct jac_term *t = jac_make_of_number(m, JAC_TERM_SIZE, 0, NULL);
  if (t)
    t->dim = dim;
  return t;
}

term_t jac_make_index(struct jac_make *m, const struct jac_index *index) {
  struct jac_term *t = index ? jac_make_of_number(m, JAC_TERM_INDEX, 0, NULL) : NULL;
  if (t)
    t->index = index;
  return t;
}

term_t jac_make_symbol(struct jac_make *m, const struct jac_symbol *symbol) {
  struct jac_term *t =
      jac_make_fresh(m, JAC_TERM_SYMBOL, symbol->type.rows, symbol->type.cols, 0, NULL);
  if (t)
    t->symbol = symbol;
  return t;
}

term_t jac_make_sized(struct jac_make *m, enum jac_term_kind kind, struct jac_dim *rows,
                      struct jac_dim *cols) {
  if (kind != JAC_TERM_ZEROS && jac_dim_is_one(rows) && jac_dim_is_one(cols))
    return jac_make_number(m, 1.0);
  return jac_make_fresh(m, kind, rows, cols, 0, NULL);
}

struct jac_index *jac_make_new_index(struct jac_make *m, const char *name,
                                     struct jac_dim *range) {
  struct jac_index *index = jac_pool_take(m->pool, sizeof *index);
  if (index)
    *index = (struct jac_index){.name = name, .range = range, .id = ++m->ids};
  return index;
}

term_t jac_make_commutation(struct jac_make *m, const struct jac_dim *rows,
                            const struct jac_dim *cols) {
  struct jac_dim *side = jac_dim_product(m->dims, jac_dim_root(rows), jac_dim_root(cols));
  term_t size[2] = {jac_make_size(m, rows), jac_make_size(m, cols)};
  if (!side || !size[0] || !size[1])
    return NULL;
  if (jac_dim_is_one(rows) || jac_dim_is_one(cols))
    return jac_make_sized(m, JAC_TERM_EYE, side, side);
  return jac_make_fresh(m, JAC_TERM_COMMUTATION, side, side, 2, size);
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

/* c - b - b is c - 2 b, c + b + b is c + 2 b; NULL: a is no sum that ends in b. */
static term_t doubled(struct jac_make *m, enum jac_construct_id id, term_t a, term_t b) {
  return a->kind == JAC_TERM_OP && a->count == 2 && a->construct == id &&
                 jac_term_equal(a->child[1], b)
             ? sum(m, id, a->child[0], jac_make_times(m, jac_make_number(m, 2), b))
             : NULL;
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
  if (negated(a))
    return sum(m, JAC_C_SUBTRACT, b, a->child[0]);
  term_t more = doubled(m, JAC_C_ADD, a, b);
  return more ? more : sum(m, JAC_C_ADD, a, b);
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
  if (negated(b))
    return sum(m, JAC_C_ADD, a, b->child[0]);
  term_t more = doubled(m, JAC_C_SUBTRACT, a, b);
  return more ? more : sum(m, JAC_C_SUBTRACT, a, b);
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

static bool is_sum(term_t a) {
  return (a->construct == JAC_C_SUBTRACT || a->construct == JAC_C_ADD) &&
         !is_number(a->child[0]) && !is_number(a->child[1]);
}

static term_t inwards(struct jac_make *m, term_t a, bool transposed);

static term_t inwards_sum(struct jac_make *m, term_t a, bool transposed) {
  term_t x = inwards(m, a->child[0], transposed), y = inwards(m, a->child[1], transposed);
  return a->construct == JAC_C_ADD ? jac_make_add(m, x, y) : jac_make_subtract(m, x, y);
}

static bool is_shared_out(term_t t) {
  return t && t->kind == JAC_TERM_OP && t->construct == JAC_C_DIVIDE &&
         !is_number(t->child[0]) && is_number(t->child[1]);
}

/* The product, what one of them is divided by below it: 1 (1'/n) is (1 1')/n. */
static term_t times(struct jac_make *m, term_t x, term_t y) {
  if (is_shared_out(x))
    return jac_make_divide(m, times(m, x->child[0], y), x->child[1]);
  if (is_shared_out(y))
    return jac_make_divide(m, times(m, x, y->child[0]), y->child[1]);
  return jac_make_times(m, x, y);
}

/* The transpose, moved inwards as far as it goes. */
static term_t inwards(struct jac_make *m, term_t a, bool transposed) {
  if (!a || is_number(a) || a->kind != JAC_TERM_OP)
    return transposed ? jac_make_transpose(m, a) : a;
  if (a->construct == JAC_C_TRANSPOSE)
    return inwards(m, a->child[0], !transposed);
  if (is_product(a))
    return times(m, inwards(m, a->child[transposed], transposed),
                 inwards(m, a->child[!transposed], transposed));
  if (is_sum(a))
    return inwards_sum(m, a, transposed);
  if (jac_product_kind(a) == 's') {
    size_t number = is_number(a->child[0]) ? 0 : 1;
    return jac_make_times(m, a->child[number],
                          inwards(m, a->child[1 - number], transposed));
  }
  if (is_shared_out(a))
    return jac_make_divide(m, inwards(m, a->child[0], transposed), a->child[1]);
  return transposed ? jac_make_transpose(m, a) : a;
}

/* Whether a matrix is its own transpose by how it is built: X'X, X A X' of a symmetric A.
 */
static bool symmetric(struct jac_make *m, term_t a) {
  if (!jac_dim_same(a->type.rows, a->type.cols) || a->kind != JAC_TERM_OP ||
      !(is_product(a) || is_sum(a)))
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

/* The matrix with a vector on its diagonal. */
static bool is_diag(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_DIAG &&
         !jac_dim_is_one(t->type.cols);
}

/* A name of what is its own transpose: S = X'X, P = inv(X'X). */
static bool stands_for_symmetric(struct jac_make *m, term_t a) {
  term_t body = a->symbol->families ? NULL : a->symbol->body;
  if (body && body->kind == JAC_TERM_OP && body->construct == JAC_C_INVERSE)
    body = body->child[0];
  return body && body->kind == JAC_TERM_OP && symmetric(m, body);
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
        (a->construct == JAC_C_INVERSE &&
         (is_diag(a->child[0]) || symmetric(m, a->child[0]))))
      return a;
  }
  if (a->kind == JAC_TERM_SYMBOL && (a->symbol->symmetric || stands_for_symmetric(m, a)))
    return a;
  struct jac_dim *rows = a->type.cols, *cols = a->type.rows;
  return a->kind == JAC_TERM_ONES
             ? jac_make_sized(m, JAC_TERM_ONES, rows, cols)
             : op(m, JAC_C_TRANSPOSE, "(r,c)->(c,r)", rows, cols, a, NULL);
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
  case JAC_C_ADD: {
    term_t u = turned(m, x), v = turned(m, y); /* A + A' is symmetric */
    bool same = u && v && jac_term_equal(u, y) && jac_term_equal(v, x);
    return same ? a : jac_make_add(m, u, v);
  }
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

term_t jac_make_larger(struct jac_make *m, enum jac_construct_id id, term_t a, term_t b) {
  return a && b ? op(m, id, "11->1", m->dims->one, m->dims->one, a, b) : NULL;
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

struct jac_dim *jac_make_times_dim(struct jac_make *m, struct jac_dim *a,
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
  if (a->kind == JAC_TERM_EYE && b->kind == JAC_TERM_EYE) {
    struct jac_dim *side = jac_make_times_dim(m, a->type.rows, b->type.rows);
    return jac_make_sized(m, JAC_TERM_EYE, side, side);
  }
  /* A column beside a row: the product of matrices says the same. */
  if (jac_dim_is_one(a->type.rows) && jac_dim_is_one(b->type.cols))
    return jac_make_times(m, b, a);
  if (jac_dim_is_one(a->type.cols) && jac_dim_is_one(b->type.rows))
    return jac_make_times(m, a, b);
  return op(m, JAC_C_OTIMES, "(p,q)(r,s)->(p*r,q*s)",
            jac_make_times_dim(m, a->type.rows, b->type.rows),
            jac_make_times_dim(m, a->type.cols, b->type.cols), a, b);
}
