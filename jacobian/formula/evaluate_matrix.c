#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/formula/render.h"
#include "jacobian/text.h"

#include <math.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;
typedef void (*operation)(const struct jac_number_type *type, void *result, const void *a,
                          const void *b);

static bool number(value_t v) {
  return v.rows == 1 && v.cols == 1;
}

static bool vector(value_t v) {
  return (v.rows == 1 || v.cols == 1) && !number(v);
}

value_t jac_value_flexible(struct jac_evaluation *e, enum jac_flexible which) {
  value_t v = jac_value_number(e, 1.0);
  v.rows = v.cols = 0;
  v.flexible = which;
  return v;
}

value_t jac_value_settle(struct jac_evaluation *e, node_t n, value_t v, size_t rows,
                         size_t cols) {
  if (v.flexible == JAC_IDENTITY && rows != cols)
    return jac_evaluation_fail(e, n, _("I stands where a matrix of %zux%zu is needed"),
                               rows, cols);
  value_t full = jac_value_new(e, rows, cols);
  for (size_t i = 0; i < rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < cols; j++)
      if (v.flexible != JAC_IDENTITY || i == j)
        e->type->set(e->type, jac_value_at(e, full, i, j), v.data);
  return full;
}

/* Of two that are flexible: what is no identity keeps its kind, 1 1^T is square. */
static value_t both_flexible(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  bool square = a.flexible == JAC_ONES_COLUMN && b.flexible == JAC_ONES_ROW;
  if (a.flexible != JAC_IDENTITY && b.flexible != JAC_IDENTITY && !square)
    return jac_evaluation_sizeless(e, n);
  value_t v = jac_value_flexible(e, square                       ? JAC_ONES_SQUARE
                                    : a.flexible == JAC_IDENTITY ? b.flexible
                                                                 : a.flexible);
  e->type->multiply(e->type, v.data, a.data, b.data);
  return v;
}

/* What is flexible on the left (or right) of a matrix, at its size; a row or a column of
 * ones that is repeated takes that of the term beside the product. */
static value_t settle_beside(struct jac_evaluation *e, node_t n, value_t f, value_t other,
                             bool left) {
  size_t size = left ? other.rows : other.cols;
  if (f.flexible == JAC_IDENTITY || f.flexible == JAC_ONES_SQUARE)
    return jac_value_settle(e, n, f, size, size);
  if (f.flexible == (left ? JAC_ONES_ROW : JAC_ONES_COLUMN))
    return jac_value_settle(e, n, f, left ? 1 : size, left ? size : 1);
  size_t beside = left ? e->beside_rows : e->beside_cols;
  if (size == 1 && beside > 0)
    return jac_value_settle(e, n, f, left ? beside : 1, left ? 1 : beside);
  return jac_evaluation_sizeless(e, n);
}

/* The two of a product of which one at least is flexible. */
static value_t flexible_product(struct jac_evaluation *e, node_t n, value_t a,
                                value_t b) {
  bool left = a.flexible != JAC_FIXED;
  value_t f = left ? a : b, other = left ? b : a;
  if (other.flexible != JAC_FIXED)
    return both_flexible(e, n, a, b);
  if (number(other)) { /* a number is a factor */
    value_t v = jac_value_flexible(e, f.flexible);
    if (e->status == JAC_OK)
      e->type->multiply(e->type, v.data, f.data, other.data);
    return v;
  }
  f = settle_beside(e, n, f, other, left);
  if (e->status != JAC_OK)
    return f;
  return left ? jac_value_multiply(e, n, f, other) : jac_value_multiply(e, n, other, f);
}

/* "W is 3x2 and z is 1x2: ..." */
static value_t misfit(struct jac_evaluation *e, node_t n, value_t a, value_t b,
                      const char *need) {
  struct jac_buffer left = JAC_BUFFER_INIT, right = JAC_BUFFER_INIT;
  jac_formula_render(n->child[0], JAC_NOTATION_ASCII, NULL, &left);
  jac_formula_render(n->child[1], JAC_NOTATION_ASCII, NULL, &right);
  value_t v =
      jac_evaluation_fail(e, n, _("%.80s is %zux%zu and %.80s is %zux%zu: %s"), left.text,
                          a.rows, a.cols, right.text, b.rows, b.cols, need);
  jac_buffer_free(&left);
  jac_buffer_free(&right);
  return v;
}

/* Entry by entry; what has one row or one column of the other's repeats it. */
static value_t spread(struct jac_evaluation *e, value_t a, value_t b, operation f) {
  size_t rows = a.rows > b.rows ? a.rows : b.rows;
  size_t cols = a.cols > b.cols ? a.cols : b.cols;
  value_t v = jac_value_new(e, rows, cols);
  for (size_t i = 0; i < rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < cols; j++)
      f(e->type, jac_value_at(e, v, i, j),
        jac_value_at(e, a, a.rows == 1 ? 0 : i, a.cols == 1 ? 0 : j),
        jac_value_at(e, b, b.rows == 1 ? 0 : i, b.cols == 1 ? 0 : j));
  return v;
}

/* A row beside a matrix of as many columns, a column beside one of as many rows. */
static bool repeats(value_t small, value_t large) {
  return vector(small) && !vector(large) && !number(large) &&
         ((small.rows == 1 && small.cols == large.cols) ||
          (small.cols == 1 && small.rows == large.rows));
}

static bool same(value_t a, value_t b) {
  return a.rows == b.rows && a.cols == b.cols;
}

value_t jac_value_transpose(struct jac_evaluation *e, value_t a) {
  if (a.flexible == JAC_ONES_COLUMN || a.flexible == JAC_ONES_ROW)
    a.flexible = a.flexible == JAC_ONES_ROW ? JAC_ONES_COLUMN : JAC_ONES_ROW;
  if (a.flexible != JAC_FIXED)
    return a;
  value_t v = jac_value_new(e, a.cols, a.rows);
  for (size_t i = 0; i < a.rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < a.cols; j++)
      e->type->set(e->type, jac_value_at(e, v, j, i), jac_value_at(e, a, i, j));
  return v;
}

static value_t both_alike(struct jac_evaluation *e, node_t n, value_t a, value_t b,
                          operation f) {
  if (a.flexible != b.flexible)
    return jac_evaluation_sizeless(e, n);
  value_t v = jac_value_flexible(e, a.flexible);
  if (e->status == JAC_OK)
    f(e->type, v.data, a.data, b.data);
  return v;
}

/* A sum, a Hadamard product: one shape, or one that is repeated. */
static value_t alike(struct jac_evaluation *e, node_t n, value_t a, value_t b,
                     operation f, bool numbers_too) {
  if (a.flexible != JAC_FIXED && b.flexible != JAC_FIXED)
    return both_alike(e, n, a, b, f);
  if (a.flexible != JAC_FIXED)
    a = jac_value_settle(e, n, a, b.rows, b.cols);
  if (b.flexible != JAC_FIXED)
    b = jac_value_settle(e, n, b, a.rows, a.cols);
  if (e->status != JAC_OK)
    return a;
  bool one = number(a) || number(b);
  if (same(a, b) || (one && numbers_too))
    return spread(e, a, b, f);
  if (e->env->broadcast && (one || repeats(a, b) || repeats(b, a)))
    return spread(e, a, b, f);
  return misfit(e, n, a, b, _("they need one shape"));
}

value_t jac_value_add(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  return alike(e, n, a, b, e->type->add, false);
}

value_t jac_value_hadamard(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  return alike(e, n, a, b, e->type->multiply, true);
}

value_t jac_value_negate(struct jac_evaluation *e, value_t a) {
  value_t zero = jac_value_number(e, 0.0);
  if (a.flexible != JAC_FIXED) {
    value_t v = jac_value_flexible(e, a.flexible);
    if (e->status == JAC_OK)
      e->type->subtract(e->type, v.data, zero.data, a.data);
    return v;
  }
  return e->status == JAC_OK ? spread(e, zero, a, e->type->subtract) : a;
}

static value_t matrix_product(struct jac_evaluation *e, value_t a, value_t b) {
  const struct jac_number_type *type = e->type;
  value_t v = jac_value_new(e, a.rows, b.cols), term = jac_value_number(e, 0.0);
  for (size_t i = 0; i < a.rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < b.cols; j++)
      for (size_t k = 0; k < a.cols; k++) {
        void *sum = jac_value_at(e, v, i, j);
        type->multiply(type, k == 0 ? sum : term.data, jac_value_at(e, a, i, k),
                       jac_value_at(e, b, k, j));
        if (k > 0)
          type->add(type, sum, sum, term.data);
      }
  return v;
}

value_t jac_value_multiply(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  if (a.flexible != JAC_FIXED || b.flexible != JAC_FIXED)
    return flexible_product(e, n, a, b);
  if (number(a) || number(b))
    return spread(e, a, b, e->type->multiply);
  if (a.cols == b.rows)
    return matrix_product(e, a, b);
  return misfit(e, n, a, b,
                _("a product needs as many columns on its left as rows on its right"));
}

/* A matrix that is eliminated to an identity, and what is done to it done to another. */
struct elimination {
  value_t m, v, t, factor; /* t and factor: numbers to work with */
};

static void exchange_rows(struct jac_evaluation *e, const struct elimination *w, size_t a,
                          size_t b) {
  const struct jac_number_type *type = e->type;
  value_t both[] = {w->m, w->v};
  for (size_t which = 0; which < 2 && a != b; which++)
    for (size_t j = 0; j < w->m.cols; j++) {
      void *x = jac_value_at(e, both[which], a, j),
           *y = jac_value_at(e, both[which], b, j);
      type->set(type, w->t.data, x);
      type->set(type, x, y);
      type->set(type, y, w->t.data);
    }
}

/* Row c is divided by its pivot, and taken from the others as often as they have it. */
static void eliminate(struct jac_evaluation *e, const struct elimination *w, size_t c) {
  const struct jac_number_type *type = e->type;
  value_t both[] = {w->m, w->v};
  type->set(type, w->factor.data, jac_value_at(e, w->m, c, c));
  for (size_t k = 0; k < 2 * w->m.cols; k++) {
    void *x = jac_value_at(e, both[k % 2], c, k / 2);
    type->divide(type, x, x, w->factor.data);
  }
  for (size_t r = 0; r < w->m.rows; r++) {
    if (r == c)
      continue;
    type->set(type, w->factor.data, jac_value_at(e, w->m, r, c));
    for (size_t k = 0; k < 2 * w->m.cols; k++) {
      void *x = jac_value_at(e, both[k % 2], r, k / 2);
      type->multiply(type, w->t.data, w->factor.data,
                     jac_value_at(e, both[k % 2], c, k / 2));
      type->subtract(type, x, x, w->t.data);
    }
  }
}

static value_t identity(struct jac_evaluation *e, size_t size) {
  value_t v = jac_value_new(e, size, size);
  for (size_t i = 0; i < size && e->status == JAC_OK; i++)
    e->type->set_double(e->type, jac_value_at(e, v, i, i), 1.0);
  return v;
}

value_t jac_value_inverse(struct jac_evaluation *e, node_t n, value_t a) {
  size_t size = a.rows;
  if (a.flexible == JAC_IDENTITY)
    return a;
  if (a.rows != a.cols)
    return jac_evaluation_fail(e, n, _("an inverse needs a square matrix, not %zux%zu"),
                               a.rows, a.cols);
  struct elimination w = {jac_value_new(e, size, size), identity(e, size),
                          jac_value_number(e, 0.0), jac_value_number(e, 0.0)};
  for (size_t k = 0; k < size * size && e->status == JAC_OK; k++)
    e->type->set(e->type, w.m.data + k * e->type->size, a.data + k * e->type->size);
  for (size_t c = 0; c < size && e->status == JAC_OK; c++) {
    size_t pivot = c;
    for (size_t r = c + 1; r < size; r++)
      if (fabs(jac_value_get(e, w.m, r, c)) > fabs(jac_value_get(e, w.m, pivot, c)))
        pivot = r;
    if (jac_value_get(e, w.m, pivot, c) == 0.0)
      return jac_evaluation_fail(e, n, _("a matrix without an inverse"));
    exchange_rows(e, &w, c, pivot);
    eliminate(e, &w, c);
  }
  return w.v;
}

value_t jac_value_divide(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  if (a.flexible != JAC_FIXED && number(b)) {
    value_t v = jac_value_flexible(e, a.flexible);
    if (e->status == JAC_OK)
      e->type->divide(e->type, v.data, a.data, b.data);
    return v;
  }
  if (a.flexible != JAC_FIXED)
    a = jac_value_settle(e, n, a, b.rows, b.cols);
  if (b.flexible != JAC_FIXED)
    b = jac_value_settle(e, n, b, a.rows, a.cols);
  if (e->status != JAC_OK)
    return a;
  if (number(b))
    return spread(e, a, b, e->type->divide);
  if (n->name[0] == '.' && (same(a, b) || number(a) || repeats(b, a)))
    return spread(e, a, b, e->type->divide);
  return misfit(e, n, a, b,
                _("a matrix cannot be divided by a matrix: multiply by its "
                  "inverse, or divide entries"));
}

/* X^2, X^-1 of a square matrix. */
static value_t matrix_power(struct jac_evaluation *e, node_t n, value_t a,
                            double exponent) {
  value_t base = exponent < 0.0 ? jac_value_inverse(e, n, a) : a;
  value_t v = exponent == 0.0 ? identity(e, a.rows) : base;
  for (int k = 1; k < fabs(exponent) && e->status == JAC_OK; k++)
    v = matrix_product(e, v, base);
  return v;
}

/* Powers of c I are powers of c. */
static value_t identity_power(struct jac_evaluation *e, value_t a, value_t b) {
  value_t v = jac_value_flexible(e, JAC_IDENTITY);
  if (e->status == JAC_OK)
    e->type->power(e->type, v.data, a.data, b.data);
  return v;
}

value_t jac_value_power(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  if (a.flexible == JAC_IDENTITY && number(b))
    return identity_power(e, a, b);
  if (a.flexible != JAC_FIXED || b.flexible != JAC_FIXED)
    return jac_evaluation_sizeless(e, n);
  bool entries = n->name[0] == '.' && (number(b) || same(a, b));
  if ((number(a) && number(b)) || entries)
    return spread(e, a, b, e->type->power);
  if (!number(b))
    return misfit(e, n, a, b, _("an exponent is a number"));
  double exponent = jac_value_get(e, b, 0, 0);
  if (a.rows == a.cols && exponent == floor(exponent) && fabs(exponent) <= 64.0)
    return matrix_power(e, n, a, exponent);
  if (exponent < 0.0)
    return jac_value_inverse(e, n, a);
  return misfit(e, n, a, b, _("a power needs a square matrix"));
}
