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

/* The two of a product of which one at least is flexible. */
static value_t flexible_product(struct jac_evaluation *e, node_t n, value_t a,
                                value_t b) {
  bool left = a.flexible != JAC_FIXED, right = b.flexible != JAC_FIXED;
  value_t f = left ? a : b, other = left ? b : a;
  if (left && right) {
    value_t v =
        jac_value_flexible(e, a.flexible == JAC_IDENTITY ? b.flexible : a.flexible);
    bool square = a.flexible == JAC_ONES_COLUMN && b.flexible == JAC_ONES_ROW;
    if (a.flexible != JAC_IDENTITY && b.flexible != JAC_IDENTITY && !square)
      return jac_evaluation_sizeless(e, n);
    v.flexible = square ? JAC_ONES_SQUARE : v.flexible;
    e->type->multiply(e->type, v.data, a.data, b.data);
    return v;
  }
  if (other.rows == 1 && other.cols == 1) { /* a number is a factor */
    value_t v = jac_value_flexible(e, f.flexible);
    if (e->status == JAC_OK)
      e->type->multiply(e->type, v.data, f.data, other.data);
    return v;
  }
  size_t size = left ? other.rows : other.cols;
  if (f.flexible == JAC_IDENTITY || f.flexible == JAC_ONES_SQUARE)
    f = jac_value_settle(e, n, f, size, size);
  else if (left && f.flexible == JAC_ONES_ROW)
    f = jac_value_settle(e, n, f, 1, size);
  else if (!left && f.flexible == JAC_ONES_COLUMN)
    f = jac_value_settle(e, n, f, size, 1);
  else if (left && other.rows == 1 && e->beside_rows > 0)
    f = jac_value_settle(e, n, f, e->beside_rows, 1);
  else if (!left && other.cols == 1 && e->beside_cols > 0)
    f = jac_value_settle(e, n, f, 1, e->beside_cols);
  else
    return jac_evaluation_sizeless(e, n);
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

/* A sum, a Hadamard product: one shape, or one that is repeated. */
static value_t alike(struct jac_evaluation *e, node_t n, value_t a, value_t b,
                     operation f, bool numbers_too) {
  if (a.flexible != JAC_FIXED && b.flexible != JAC_FIXED) {
    if (a.flexible != b.flexible)
      return jac_evaluation_sizeless(e, n);
    value_t v = jac_value_flexible(e, a.flexible);
    if (e->status == JAC_OK)
      f(e->type, v.data, a.data, b.data);
    return v;
  }
  if (a.flexible != JAC_FIXED)
    a = jac_value_settle(e, n, a, b.rows, b.cols);
  if (b.flexible != JAC_FIXED)
    b = jac_value_settle(e, n, b, a.rows, a.cols);
  if (e->status != JAC_OK)
    return a;
  if (same(a, b) || (numbers_too && (number(a) || number(b))))
    return spread(e, a, b, f);
  bool fits = number(a) || number(b) || repeats(a, b) || repeats(b, a);
  if (fits && e->env->broadcast)
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

value_t jac_value_inverse(struct jac_evaluation *e, node_t n, value_t a) {
  const struct jac_number_type *type = e->type;
  size_t size = a.rows;
  if (a.flexible == JAC_IDENTITY)
    return a;
  if (a.rows != a.cols)
    return jac_evaluation_fail(e, n, _("an inverse needs a square matrix, not %zux%zu"),
                               a.rows, a.cols);
  value_t m = jac_value_new(e, size, size), v = jac_value_new(e, size, size);
  value_t t = jac_value_number(e, 0.0), factor = jac_value_number(e, 0.0);
  for (size_t i = 0; i < size && e->status == JAC_OK; i++) {
    type->set_double(type, jac_value_at(e, v, i, i), 1.0);
    for (size_t j = 0; j < size; j++)
      type->set(type, jac_value_at(e, m, i, j), jac_value_at(e, a, i, j));
  }
  for (size_t c = 0; c < size && e->status == JAC_OK; c++) {
    size_t pivot = c;
    for (size_t r = c + 1; r < size; r++)
      if (fabs(jac_value_get(e, m, r, c)) > fabs(jac_value_get(e, m, pivot, c)))
        pivot = r;
    if (jac_value_get(e, m, pivot, c) == 0.0)
      return jac_evaluation_fail(e, n, _("a matrix without an inverse"));
    for (size_t j = 0; j < size && pivot != c; j++)
      for (int which = 0; which < 2; which++) {
        value_t x = which == 0 ? m : v;
        type->set(type, t.data, jac_value_at(e, x, c, j));
        type->set(type, jac_value_at(e, x, c, j), jac_value_at(e, x, pivot, j));
        type->set(type, jac_value_at(e, x, pivot, j), t.data);
      }
    type->set(type, factor.data, jac_value_at(e, m, c, c));
    for (size_t j = 0; j < size; j++) {
      type->divide(type, jac_value_at(e, m, c, j), jac_value_at(e, m, c, j), factor.data);
      type->divide(type, jac_value_at(e, v, c, j), jac_value_at(e, v, c, j), factor.data);
    }
    for (size_t r = 0; r < size; r++) {
      if (r == c)
        continue;
      type->set(type, factor.data, jac_value_at(e, m, r, c));
      for (size_t j = 0; j < size; j++)
        for (int which = 0; which < 2; which++) {
          value_t x = which == 0 ? m : v;
          type->multiply(type, t.data, factor.data, jac_value_at(e, x, c, j));
          type->subtract(type, jac_value_at(e, x, r, j), jac_value_at(e, x, r, j),
                         t.data);
        }
    }
  }
  return v;
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
value_t jac_value_power(struct jac_evaluation *e, node_t n, value_t a, value_t b) {
  if (a.flexible == JAC_IDENTITY && number(b)) { /* powers of c I are powers of c */
    value_t v = jac_value_flexible(e, JAC_IDENTITY);
    if (e->status == JAC_OK)
      e->type->power(e->type, v.data, a.data, b.data);
    return v;
  }
  if (a.flexible != JAC_FIXED || b.flexible != JAC_FIXED)
    return jac_evaluation_sizeless(e, n);
  if (number(a) && number(b))
    return spread(e, a, b, e->type->power);
  if (n->name[0] == '.' && (number(b) || same(a, b)))
    return spread(e, a, b, e->type->power);
  if (!number(b))
    return misfit(e, n, a, b, _("an exponent is a number"));
  double exponent = jac_value_get(e, b, 0, 0);
  if (a.rows == a.cols && exponent == floor(exponent) && fabs(exponent) <= 64.0) {
    value_t base = exponent < 0.0 ? jac_value_inverse(e, n, a) : a;
    value_t v = jac_value_new(e, a.rows, a.rows);
    for (size_t i = 0; i < a.rows && e->status == JAC_OK; i++)
      e->type->set_double(e->type, jac_value_at(e, v, i, i), 1.0);
    for (int k = 0; k < fabs(exponent) && e->status == JAC_OK; k++)
      v = k == 0 ? base : matrix_product(e, v, base);
    return v;
  }
  if (exponent < 0.0)
    return jac_value_inverse(e, n, a);
  return misfit(e, n, a, b, _("a power needs a square matrix"));
}
