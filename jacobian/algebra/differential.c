#include "jacobian/algebra/differential.h"

#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/product.h"

#include <math.h>
#include <string.h>

typedef const struct jac_term *term_t;

const struct jac_symbol *jac_differential_add(struct jac_differential *d,
                                              const struct jac_symbol *symbol,
                                              term_t body) {
  struct jac_buffer key = JAC_BUFFER_INIT;
  jac_buffer_printf(&key, "d %s", symbol->key);
  const char *name = key.failed ? NULL : jac_pool_text(d->make->pool, key.text);
  jac_buffer_free(&key);
  struct jac_symbol *s = jac_pool_take(d->make->pool, sizeof *s);
  if (!name || !s || d->count == JAC_DIFFERENTIALS)
    return NULL;
  *s = (struct jac_symbol){
      .key = name, .type = symbol->type, .body = body, .id = ++d->make->ids};
  d->symbol[d->count] = symbol;
  d->differential[d->count++] = s;
  return s;
}

static term_t refuse(struct jac_differential *d, const char *what) {
  if (!d->refusal)
    d->refusal = what;
  return NULL;
}

/* Sums where NULL is zero. */
static term_t plus(struct jac_differential *d, term_t a, term_t b) {
  return a && b ? jac_make_add(d->make, a, b) : a ? a : b;
}

static term_t minus(struct jac_differential *d, term_t a, term_t b) {
  if (!b)
    return a;
  return a ? jac_make_subtract(d->make, a, b) : jac_make_negate(d->make, b);
}

/* What is added to every entry of something larger. */
static term_t spread(struct jac_differential *d, term_t t, struct jac_type type) {
  if (!t || jac_type_is_number(type) || !jac_type_is_number(t->type))
    return t;
  return jac_make_times(d->make, t,
                        jac_make_sized(d->make, JAC_TERM_ONES, type.rows, type.cols));
}

/* A quantity is called by its name where it has one. */
static term_t called(struct jac_differential *d, term_t t) {
  for (size_t k = 0; k < d->count; k++)
    if (d->symbol[k]->body &&
        (d->symbol[k]->body == t || jac_term_equal(d->symbol[k]->body, t)))
      return jac_make_symbol(d->make, d->symbol[k]);
  return t;
}

static bool is_op(term_t t, enum jac_construct_id id) {
  return t->kind == JAC_TERM_OP && t->construct == id;
}

/* A number before a matrix. */
static bool is_scaled(term_t t) {
  return t->kind == JAC_TERM_OP && jac_product_kind(t) == 's' &&
         jac_type_is_number(t->child[0]->type);
}

/* The transpose as one writes it: products turn round, sums stay in their brackets. */
static term_t flip(struct jac_make *m, term_t t) {
  if (t->kind != JAC_TERM_OP)
    return jac_make_turned(m, t);
  if (t->construct == JAC_C_NEGATE)
    return jac_make_negate(m, flip(m, t->child[0]));
  if (is_scaled(t))
    return jac_make_times(m, t->child[0], flip(m, t->child[1]));
  if (jac_product_kind(t) == 'p')
    return jac_make_times(m, flip(m, t->child[1]), flip(m, t->child[0]));
  if ((t->construct == JAC_C_DIVIDE || t->construct == JAC_C_DOTDIVIDE) &&
      jac_type_is_number(t->child[1]->type))
    return jac_make_divide(m, flip(m, t->child[0]), t->child[1]);
  term_t turned = jac_make_turned(m, t);
  bool same = jac_term_equal(turned, t) || t->construct == JAC_C_TRANSPOSE;
  return same ? turned : jac_make_transpose(m, t);
}

term_t jac_differential_pair(struct jac_make *m, term_t a, term_t dx) {
  if (!a || !dx)
    return NULL;
  if (jac_type_is_number(dx->type))
    return jac_make_times(m, a, dx);
  if (a->kind == JAC_TERM_OP && a->construct == JAC_C_NEGATE)
    return jac_make_negate(m, jac_differential_pair(m, a->child[0], dx));
  if (is_scaled(a))
    return jac_make_times(m, a->child[0], jac_differential_pair(m, a->child[1], dx));
  term_t turned = flip(m, a);
  if (jac_dim_is_one(dx->type.cols))
    return jac_make_times(m, turned, dx);
  if (jac_dim_is_one(dx->type.rows))
    return jac_make_times(m, dx, turned);
  return jac_make_measure(m, JAC_C_TRACE, jac_make_times(m, turned, dx));
}

/* Of Kronecker, and of vectors of space. */
static term_t of_tensor_product(struct jac_differential *d, term_t t, term_t da,
                                term_t db) {
  struct jac_make *m = d->make;
  term_t a = called(d, t->child[0]), b = called(d, t->child[1]);
  if (strcmp(t->reading->type, "(p,q)(r,s)->(p*r,q*s)") == 0)
    return plus(d, da ? jac_make_kron(m, da, b) : NULL,
                db ? jac_make_kron(m, a, db) : NULL);
  if (strcmp(t->reading->type, "(3,1)(3,1)->(3,1)") == 0)
    return plus(d, da ? jac_make_cross(m, da, b) : NULL,
                db ? jac_make_cross(m, a, db) : NULL);
  return refuse(d, "this product");
}

static term_t of_product(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  term_t a = t->child[0], b = t->child[1];
  term_t da = jac_differential_of(d, a), db = jac_differential_of(d, b);
  d->rules |= da && db ? JAC_RULE_PRODUCT : JAC_RULE_SUM;
  a = called(d, a);
  b = called(d, b);
  switch (jac_product_kind(t)) {
  case 's':
  case 'p':
    return plus(d, da ? jac_make_times(m, da, b) : NULL,
                db ? jac_make_times(m, a, db) : NULL);
  case 'h':
    return plus(d, da ? jac_make_hadamard(m, da, b) : NULL,
                db ? jac_make_hadamard(m, a, db) : NULL);
  case 'd':
    return plus(d, da ? jac_differential_pair(m, b, da) : NULL,
                db ? jac_differential_pair(m, a, db) : NULL);
  default:
    return of_tensor_product(d, t, da, db);
  }
}

static term_t of_quotient(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  term_t a = t->child[0], b = t->child[1];
  term_t da = jac_differential_of(d, a), db = jac_differential_of(d, b);
  a = called(d, a);
  b = called(d, b);
  d->rules |= db ? JAC_RULE_QUOTIENT : JAC_RULE_SUM;
  term_t first = da ? jac_make_divide(m, da, b) : NULL;
  if (!db)
    return first;
  term_t change = jac_make_hadamard(m, db, a);
  return minus(d, first, jac_make_divide(m, change, jac_make_power(m, b, 2)));
}

/* The slope of a function entry by entry, at all of u; y is its value. */
static term_t slopes(struct jac_differential *d, enum jac_construct_id id, term_t u,
                     term_t y) {
  struct jac_make *m = d->make;
  struct jac_index *i = NULL, *j = NULL;
  if (!jac_dim_is_one(u->type.rows))
    i = jac_make_new_index(m, "", u->type.rows);
  if (!jac_dim_is_one(u->type.cols))
    j = jac_make_new_index(m, "", u->type.cols);
  term_t row = i ? jac_make_index(m, i) : NULL, col = j ? jac_make_index(m, j) : NULL;
  term_t slope = jac_index_slope(m, id, jac_make_entry(m, u, row, col),
                                 jac_make_entry(m, y, row, col));
  if (!slope || (!i && !j))
    return slope;
  term_t whole = jac_lift(m, slope, i ? i : j, i ? j : NULL);
  return whole && !i ? jac_make_turned(m, whole) : whole;
}

/* An even power of a norm. */
static term_t of_norm_power(struct jac_differential *d, term_t a, term_t norm, double n) {
  struct jac_make *m = d->make;
  term_t u = norm->child[0], du = jac_differential_of(d, u),
         number = jac_make_number(m, n);
  d->rules |= JAC_RULE_NORM;
  if (!du)
    return NULL;
  if (n > 2)
    number = jac_make_times(m, number, jac_make_power(m, called(d, a), n - 2));
  return jac_make_times(m, number, jac_differential_pair(m, called(d, u), du));
}

/* A power of a square matrix is a product. */
static term_t of_matrix_power(struct jac_differential *d, term_t a, double n) {
  if (n != floor(n) || n < 1 || n > 6)
    return refuse(d, "a power of a matrix");
  term_t product = a;
  for (int k = 1; k < (int)n; k++)
    product = jac_make_times(d->make, product, a);
  return jac_differential_of(d, product);
}

static bool is_even(term_t n) {
  return n->kind == JAC_TERM_NUMBER && n->number >= 2 && fmod(n->number, 2) == 0;
}

/* By a constant exponent, a number or a letter. */
static term_t of_power(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  term_t a = t->child[0], n = t->child[1];
  term_t norm = a->kind == JAC_TERM_SYMBOL && a->symbol->body ? a->symbol->body : a;
  bool letter = n->kind != JAC_TERM_NUMBER,
       matrix = t->construct == JAC_C_POWER && !jac_type_is_number(a->type);
  if (jac_term_depends(n, d->symbol[0]) || !jac_type_is_number(n->type) ||
      (letter && matrix))
    return refuse(d, "this power");
  if (is_op(norm, JAC_C_NORM) && is_even(n))
    return of_norm_power(d, a, norm, n->number);
  if (matrix && strcmp(t->reading->type, "(n,n)1->(n,n)") == 0)
    return of_matrix_power(d, a, n->number);
  term_t da = jac_differential_of(d, a);
  d->rules |= JAC_RULE_POWER;
  if (!da)
    return NULL;
  a = called(d, a);
  term_t less =
      letter ? jac_make_raised(m, a, jac_make_subtract(m, n, jac_make_number(m, 1)))
             : jac_make_power(m, a, n->number - 1);
  term_t slope = jac_make_times(m, n, less);
  return jac_make_hadamard(m, slope, da);
}

/* Numbers of all entries of a matrix. */
static term_t of_measure(struct jac_differential *d, term_t t, term_t u, term_t du) {
  struct jac_make *m = d->make;
  u = called(d, u);
  switch (t->construct) {
  case JAC_C_NORM:
    d->rules |= JAC_RULE_NORM;
    return jac_make_divide(m, jac_differential_pair(m, u, du), called(d, t));
  case JAC_C_NORM1:
    d->rules |= JAC_RULE_CHAIN;
    return jac_differential_pair(m, jac_make_each(m, JAC_C_SIGN, u), du);
  case JAC_C_DET:
    d->rules |= JAC_RULE_DET;
    return jac_make_times(
        m, called(d, t),
        jac_make_measure(m, JAC_C_TRACE, jac_make_times(m, jac_make_inverse(m, u), du)));
  default: /* tr, sum, mean */
    d->rules |= JAC_RULE_SUM;
    return jac_make_measure(m, t->construct, du);
  }
}

static term_t of_softmax(struct jac_differential *d, term_t t, term_t du) {
  struct jac_make *m = d->make;
  bool column = jac_dim_is_one(t->type.cols), row = jac_dim_is_one(t->type.rows);
  d->rules |= JAC_RULE_SOFTMAX;
  term_t s = called(d, t);
  if (!column && !row) { /* row by row */
    term_t own = jac_make_hadamard(m, s, du);
    term_t rows = jac_make_times(
        m, own, jac_make_sized(m, JAC_TERM_ONES, t->type.cols, m->dims->one));
    return jac_make_subtract(m, own, jac_make_times(m, jac_make_diag(m, rows), s));
  }
  term_t turned = jac_make_transpose(m, s);
  term_t slope = jac_make_subtract(m, jac_make_diag(m, column ? s : turned),
                                   column ? jac_make_times(m, s, turned)
                                          : jac_make_times(m, turned, s));
  return column ? jac_make_times(m, slope, du) : jac_make_times(m, du, slope);
}

/* max(a, b): where a is the larger one, it is da. */
static term_t of_larger(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  enum jac_construct_id sign = t->construct == JAC_C_MAX ? JAC_C_MORE : JAC_C_LESS;
  term_t sum = NULL;
  d->rules |= JAC_RULE_CHAIN;
  for (size_t k = 0; k < 2; k++) {
    term_t a = t->child[k], b = t->child[1 - k], da = jac_differential_of(d, a);
    if (!da)
      continue;
    term_t where = jac_make_compare(m, sign, called(d, a), called(d, b));
    sum = plus(d, sum, jac_make_hadamard(m, where, spread(d, da, t->type)));
  }
  return sum;
}

/* u - log sum e^u: the mean of du with the weights of softmax is taken off. */
static term_t of_logsoftmax(struct jac_differential *d, term_t u, term_t du) {
  if (!jac_dim_is_one(u->type.cols) && !jac_dim_is_one(u->type.rows))
    return refuse(d, "softmax of a matrix");
  d->rules |= JAC_RULE_SOFTMAX;
  term_t s = jac_make_softmax(d->make, called(d, u));
  return minus(d, du, spread(d, jac_differential_pair(d->make, s, du), u->type));
}

/* log sum e^u: the mean of du with the weights of softmax; of a matrix, over all entries.
 */
static term_t of_logsumexp(struct jac_differential *d, term_t u, term_t du) {
  struct jac_make *m = d->make;
  d->rules |= JAC_RULE_LOGSUMEXP;
  if (!jac_dim_is_one(u->type.cols) && !jac_dim_is_one(u->type.rows)) {
    term_t e = jac_make_each(m, JAC_C_EXP, called(d, u));
    return jac_differential_pair(
        m, jac_make_divide(m, e, jac_make_measure(m, JAC_C_TOTAL, e)), du);
  }
  return jac_differential_pair(d->make, jac_make_softmax(d->make, called(d, u)), du);
}

/* A matrix by its entries, which are numbers: each moves by itself. */
static term_t of_matrix(struct jac_differential *d, term_t t) {
  term_t *cell = jac_pool_take(d->make->pool, t->count * sizeof *cell);
  d->rules |= JAC_RULE_ENTRIES;
  for (size_t k = 0; cell && k < t->count; k++) {
    if (!t->child[k] || !jac_type_is_number(t->child[k]->type))
      return refuse(d, "a matrix of blocks");
    term_t moves = jac_differential_of(d, t->child[k]);
    cell[k] = moves ? moves : jac_make_number(d->make, 0);
  }
  return cell ? jac_make_matrix(d->make, t->block_rows, t->block_cols, cell) : NULL;
}

/* The largest over an index moves as the one that attains it. */
static term_t of_largest(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  struct jac_index *k = jac_make_new_index(m, "", t->index->range);
  term_t at = k ? jac_make_index(m, k) : NULL, part[4];
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, at) : NULL;
  term_t moves = part[0] ? jac_differential_of(d, part[0]) : NULL;
  d->rules |= JAC_RULE_MAX;
  if (!moves)
    return NULL;
  term_t where = jac_make_compare(m, JAC_C_EQUAL, part[0], called(d, t));
  return jac_make_over(m, JAC_C_SUM, k, jac_make_times(m, where, moves), part[1], part[2],
                       part[3]);
}

/* X^n of a matrix, n a letter: its trace alone has a rule. */
static bool is_letter_power(const struct jac_differential *d, term_t u) {
  return u->kind == JAC_TERM_OP && u->construct == JAC_C_POWER &&
         strcmp(u->reading->type, "(n,n)1->(n,n)") == 0 &&
         u->child[1]->kind != JAC_TERM_NUMBER &&
         !jac_term_depends(u->child[1], d->symbol[0]);
}

/* Long: a function a line. */
static term_t of_function(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  term_t u = t->child[0];
  if (t->construct == JAC_C_LOG && u->kind == JAC_TERM_OP && u->construct == JAC_C_DET) {
    term_t du = jac_differential_of(d, u->child[0]);
    d->rules |= JAC_RULE_DET;
    return du ? jac_make_measure(
                    m, JAC_C_TRACE,
                    jac_make_times(m, jac_make_inverse(m, called(d, u->child[0])), du))
              : NULL;
  }
  if (t->construct == JAC_C_TRACE && is_letter_power(d, u)) {
    term_t da = jac_differential_of(d, u->child[0]);
    d->rules |= JAC_RULE_POWER;
    return da ? jac_make_times(
                    m, u->child[1],
                    jac_make_measure(m, JAC_C_TRACE,
                                     jac_make_times(m, jac_make_less_power(m, u), da)))
              : NULL;
  }
  term_t du = jac_differential_of(d, u);
  if (!du)
    return NULL;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE) {
    term_t slope = slopes(d, t->construct, called(d, u), called(d, t));
    d->rules |= JAC_RULE_CHAIN;
    if (!slope)
      return refuse(d, "this function");
    bool below = slope->kind == JAC_TERM_OP && slope->construct == JAC_C_DIVIDE &&
                 jac_term_is_number(slope->child[0], 1);
    return below ? jac_make_divide(m, du, slope->child[1])
                 : jac_make_hadamard(m, slope, du);
  }
  switch (t->construct) {
  case JAC_C_TRANSPOSE:
    return jac_make_transpose(m, du);
  case JAC_C_VEC:
    return jac_make_vec(m, du);
  case JAC_C_NEGATE:
    return jac_make_negate(m, du);
  case JAC_C_DIAG:
    d->rules |= JAC_RULE_SUM;
    return jac_dim_is_one(u->type.cols) && !jac_type_is_number(t->type)
               ? jac_make_diag(m, du)
           : jac_type_is_number(t->type) ? du
                                         : refuse(d, "diag");
  case JAC_C_INVERSE:
    d->rules |= JAC_RULE_INVERSE;
    t = called(d, t);
    return jac_make_negate(m, jac_make_times(m, jac_make_times(m, t, du), t));
  case JAC_C_SOFTMAX:
    return of_softmax(d, t, du);
  case JAC_C_LOGSOFTMAX:
    return of_logsoftmax(d, u, du);
  case JAC_C_LOGSUMEXP:
    return of_logsumexp(d, u, du);
  case JAC_C_NORM:
  case JAC_C_NORM1:
  case JAC_C_DET:
  case JAC_C_TRACE:
  case JAC_C_TOTAL:
  case JAC_C_MEAN:
    return of_measure(d, t, u, du);
  default:
    return refuse(d, jac_construct(t->construct)->plain);
  }
}

/* What is written by its entries: d goes through sums, to the entries. */
static term_t of_entries(struct jac_differential *d, term_t t) {
  struct jac_make *m = d->make;
  term_t inside = jac_differential_of(d, t->child[0]);
  d->rules |= JAC_RULE_SUM;
  if (!inside)
    return NULL;
  if (t->kind == JAC_TERM_BUILD)
    return jac_make_build(m, t->index, t->index2, inside);
  if (t->kind == JAC_TERM_ENTRY)
    return jac_make_entry(m, inside, t->child[1], t->child[2]);
  return jac_make_over(m, JAC_C_SUM, t->index, inside, t->child[1], t->child[2],
                       t->child[3]);
}

static bool is_by_entries(term_t t) {
  return t->kind == JAC_TERM_BUILD ||
         (t->kind == JAC_TERM_ENTRY && jac_type_is_number(t->type)) ||
         (t->kind == JAC_TERM_BIG && t->construct == JAC_C_SUM && !t->index2);
}

/* Long: each kind of term. */
term_t jac_differential_of(struct jac_differential *d, term_t t) {
  if (d->refusal || !jac_term_depends(t, d->symbol[0]))
    return NULL;
  if (t->kind == JAC_TERM_SYMBOL) {
    for (size_t k = 0; k < d->count; k++)
      if (d->symbol[k] == t->symbol)
        return jac_make_symbol(d->make, d->differential[k]);
    return t->symbol->body && !t->symbol->families
               ? jac_differential_of(d, t->symbol->body)
               : refuse(d, "a family");
  }
  if (is_by_entries(t))
    return of_entries(d, t);
  if (t->kind == JAC_TERM_MATRIX)
    return of_matrix(d, t);
  if (t->kind == JAC_TERM_BIG && !t->index2 && jac_type_is_number(t->type) &&
      (t->construct == JAC_C_BIGMAX || t->construct == JAC_C_BIGMIN))
    return of_largest(d, t);
  if (t->kind != JAC_TERM_OP)
    return refuse(d, t->kind == JAC_TERM_ENTRY || t->kind == JAC_TERM_BIG
                         ? "what is written by its entries"
                         : "this construct");
  if (t->count == 1)
    return of_function(d, t);
  switch (t->construct) {
  case JAC_C_ADD:
    d->rules |= JAC_RULE_SUM;
    return plus(d, spread(d, jac_differential_of(d, t->child[0]), t->type),
                spread(d, jac_differential_of(d, t->child[1]), t->type));
  case JAC_C_SUBTRACT:
    d->rules |= JAC_RULE_SUM;
    return minus(d, spread(d, jac_differential_of(d, t->child[0]), t->type),
                 spread(d, jac_differential_of(d, t->child[1]), t->type));
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE:
    return of_quotient(d, t);
  case JAC_C_POWER:
  case JAC_C_DOTPOWER:
    return of_power(d, t);
  case JAC_C_MAX:
  case JAC_C_MIN:
    return of_larger(d, t);
  default:
    return of_product(d, t);
  }
}
