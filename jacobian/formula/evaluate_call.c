#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/formula/read.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

enum { MOST_ARGUMENTS = 4 };

static value_t map_function(struct jac_evaluation *e, enum jac_function f, value_t a) {
  value_t v = jac_value_new(e, a.rows, a.cols);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    e->type->function(e->type, f, v.data + k * e->type->size, a.data + k * e->type->size);
  return v;
}

/* f'(x): the table's derivative, a formula in x. */
static value_t derived(struct jac_evaluation *e, node_t n, enum jac_function f,
                       value_t a) {
  struct jac_arena arena = JAC_ARENA_INIT;
  node_t tree = NULL;
  if (jac_formula_read(&arena, jac_function_text(f)->derivative, &tree, NULL, e->err) !=
          JAC_OK ||
      e->count == JAC_MOST_INDICES) {
    jac_arena_free(&arena);
    return jac_evaluation_fail(e, n, _("%s: it cannot be evaluated"), n->name);
  }
  value_t v = jac_value_new(e, a.rows, a.cols);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++) {
    /* The formula's x is a quantity of its own. */
    struct jac_environment inner = {.type = e->type};
    struct jac_evaluation one = {.env = &inner, .type = e->type, .err = e->err};
    node_t x = jac_node_named(&arena, JAC_NAME, "x", 0, NULL);
    inner.where_left[0] = x;
    inner.where_right[0] = x;
    inner.nwhere = 1;
    one.cached[0] = (value_t){1, 1, a.data + k * e->type->size, JAC_FIXED};
    one.has[0] = true;
    one.pool = e->pool;
    value_t y = jac_evaluation_node(&one, tree);
    e->pool = one.pool;
    e->status = one.status;
    e->type->set(e->type, v.data + k * e->type->size, y.data);
  }
  jac_arena_free(&arena);
  return v;
}

static value_t sum_all(struct jac_evaluation *e, value_t a) {
  value_t v = jac_value_number(e, 0.0);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    e->type->add(e->type, v.data, v.data, a.data + k * e->type->size);
  return v;
}

static value_t mean(struct jac_evaluation *e, node_t n, const value_t *a) {
  (void)n;
  value_t v = sum_all(e, a[0]),
          count = jac_value_number(e, (double)(a[0].rows * a[0].cols));
  if (e->status == JAC_OK)
    e->type->divide(e->type, v.data, v.data, count.data);
  return v;
}

static value_t sum(struct jac_evaluation *e, node_t n, const value_t *a) {
  (void)n;
  return sum_all(e, a[0]);
}

/* A vector on a diagonal, a matrix's diagonal as a column. */
static value_t diag(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t x = a[0];
  bool vector = x.rows == 1 || x.cols == 1;
  size_t size = vector ? x.rows * x.cols : x.rows < x.cols ? x.rows : x.cols;
  (void)n;
  value_t v = jac_value_new(e, size, vector ? size : 1);
  for (size_t k = 0; k < size && e->status == JAC_OK; k++)
    e->type->set(e->type, jac_value_at(e, v, k, vector ? k : 0),
                 vector ? x.data + k * e->type->size : jac_value_at(e, x, k, k));
  return v;
}

/* Column by column, as vec is defined. */
static value_t vec(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = jac_value_new(e, a[0].rows * a[0].cols, 1);
  (void)n;
  for (size_t j = 0; j < a[0].cols && e->status == JAC_OK; j++)
    for (size_t i = 0; i < a[0].rows; i++)
      e->type->set(e->type, jac_value_at(e, v, j * a[0].rows + i, 0),
                   jac_value_at(e, a[0], i, j));
  return v;
}

static value_t trace(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = jac_value_number(e, 0.0);
  if (a[0].rows != a[0].cols)
    return jac_evaluation_fail(e, n, _("a trace needs a square matrix, not %zux%zu"),
                               a[0].rows, a[0].cols);
  for (size_t k = 0; k < a[0].rows && e->status == JAC_OK; k++)
    e->type->add(e->type, v.data, v.data, jac_value_at(e, a[0], k, k));
  return v;
}

static value_t inverse(struct jac_evaluation *e, node_t n, const value_t *a) {
  return jac_value_inverse(e, n, a[0]);
}

/* Without a division (Bird 2011), for what elimination cannot tell: the slope of a
 * singular matrix's determinant, or a pivot too small for a double. */
static value_t bird(struct jac_evaluation *e, value_t a) {
  const struct jac_number_type *type = e->type;
  size_t size = a.rows;
  value_t x = a, t = jac_value_number(e, 0.0);
  for (size_t turn = 1; turn < size && e->status == JAC_OK; turn++) {
    value_t mu = jac_value_new(e, size, size), next = jac_value_new(e, size, size);
    if (e->status != JAC_OK)
      return a;
    for (size_t i = size; i-- > 0;) {
      for (size_t j = i + 1; j < size; j++)
        type->set(type, jac_value_at(e, mu, i, j), jac_value_at(e, x, i, j));
      if (i + 1 < size)
        type->subtract(type, jac_value_at(e, mu, i, i), jac_value_at(e, mu, i + 1, i + 1),
                       jac_value_at(e, x, i + 1, i + 1));
    }
    for (size_t i = 0; i < size; i++)
      for (size_t j = 0; j < size; j++)
        for (size_t k = i; k < size; k++) {
          type->multiply(type, t.data, jac_value_at(e, mu, i, k),
                         jac_value_at(e, a, k, j));
          type->add(type, jac_value_at(e, next, i, j), jac_value_at(e, next, i, j),
                    t.data);
        }
    x = next;
  }
  value_t det = jac_value_number(e, 0.0);
  if (e->status != JAC_OK)
    return det;
  if (size % 2 == 1)
    type->set(type, det.data, x.data);
  else
    type->subtract(type, det.data, det.data, x.data);
  return det;
}

/* By elimination with the largest pivot. */
static value_t determinant(struct jac_evaluation *e, node_t n, const value_t *a) {
  const struct jac_number_type *type = e->type;
  size_t size = a[0].rows;
  if (a[0].rows != a[0].cols)
    return jac_evaluation_fail(e, n,
                               _("a determinant needs a square matrix, not %zux%zu"),
                               a[0].rows, a[0].cols);
  value_t m = jac_value_new(e, size, size), det = jac_value_number(e, 1.0);
  value_t t = jac_value_number(e, 0.0), factor = jac_value_number(e, 0.0);
  for (size_t k = 0; k < size * size && e->status == JAC_OK; k++)
    type->set(type, m.data + k * type->size, a[0].data + k * type->size);
  for (size_t c = 0; c < size && e->status == JAC_OK; c++) {
    size_t pivot = c;
    for (size_t r = c + 1; r < size; r++)
      if (fabs(jac_value_get(e, m, r, c)) > fabs(jac_value_get(e, m, pivot, c)))
        pivot = r;
    if (jac_value_get(e, m, pivot, c) == 0.0 && c + 1 < size)
      return bird(e, a[0]);
    type->multiply(type, det.data, det.data, jac_value_at(e, m, pivot, c));
    if (pivot != c) {
      type->set_double(type, t.data, -1.0);
      type->multiply(type, det.data, det.data, t.data);
      for (size_t j = 0; j < size; j++) {
        type->set(type, t.data, jac_value_at(e, m, c, j));
        type->set(type, jac_value_at(e, m, c, j), jac_value_at(e, m, pivot, j));
        type->set(type, jac_value_at(e, m, pivot, j), t.data);
      }
    }
    for (size_t r = c + 1; r < size; r++) {
      type->divide(type, factor.data, jac_value_at(e, m, r, c), jac_value_at(e, m, c, c));
      for (size_t j = c; j < size; j++) {
        type->multiply(type, t.data, factor.data, jac_value_at(e, m, c, j));
        type->subtract(type, jac_value_at(e, m, r, j), jac_value_at(e, m, r, j), t.data);
      }
    }
  }
  return det;
}

/* Of a vector the Euclidean norm, of a matrix Frobenius's. */
static value_t norm(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = jac_value_number(e, 0.0), t = jac_value_number(e, 0.0);
  (void)n;
  for (size_t k = 0; k < a[0].rows * a[0].cols && e->status == JAC_OK; k++) {
    const char *x = a[0].data + k * e->type->size;
    e->type->multiply(e->type, t.data, x, x);
    e->type->add(e->type, v.data, v.data, t.data);
  }
  if (e->status == JAC_OK)
    e->type->function(e->type, JAC_F_SQRT, v.data, v.data);
  return v;
}

static value_t norm_one(struct jac_evaluation *e, node_t n, const value_t *a) {
  (void)n;
  return sum_all(e, map_function(e, JAC_F_ABS, a[0]));
}

static value_t kron(struct jac_evaluation *e, node_t n, const value_t *a) {
  size_t rows, cols;
  if (a[0].flexible != JAC_FIXED || a[1].flexible != JAC_FIXED)
    return jac_evaluation_fail(e, n, _("the size of I is not known here: write I_n"));
  if (__builtin_mul_overflow(a[0].rows, a[1].rows, &rows) ||
      __builtin_mul_overflow(a[0].cols, a[1].cols, &cols))
    rows = cols = (size_t)1 << 31;
  value_t v = jac_value_new(e, rows, cols);
  for (size_t i = 0; i < rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < cols; j++)
      e->type->multiply(e->type, jac_value_at(e, v, i, j),
                        jac_value_at(e, a[0], i / a[1].rows, j / a[1].cols),
                        jac_value_at(e, a[1], i % a[1].rows, j % a[1].cols));
  return v;
}

/* a b^T, whichever way the two vectors stand. */
static value_t outer(struct jac_evaluation *e, node_t n, const value_t *a) {
  size_t rows = a[0].rows * a[0].cols, cols = a[1].rows * a[1].cols;
  value_t v = jac_value_new(e, rows, cols);
  (void)n;
  for (size_t i = 0; i < rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < cols; j++)
      e->type->multiply(e->type, jac_value_at(e, v, i, j), a[0].data + i * e->type->size,
                        a[1].data + j * e->type->size);
  return v;
}

/* The sum of the products of entries, whichever way the two stand. */
static value_t dot(struct jac_evaluation *e, node_t n, const value_t *a) {
  size_t count = a[0].rows * a[0].cols;
  value_t v = jac_value_number(e, 0.0), t = jac_value_number(e, 0.0);
  if (count != a[1].rows * a[1].cols)
    return jac_evaluation_fail(e, n, _("a scalar product of %zu and %zu numbers"), count,
                               a[1].rows * a[1].cols);
  for (size_t k = 0; k < count && e->status == JAC_OK; k++) {
    e->type->multiply(e->type, t.data, a[0].data + k * e->type->size,
                      a[1].data + k * e->type->size);
    e->type->add(e->type, v.data, v.data, t.data);
  }
  return v;
}

static value_t filled(struct jac_evaluation *e, node_t n, const value_t *a, double value,
                      bool diagonal) {
  double rows = jac_value_get(e, a[0], 0, 0);
  double cols = n->count > 1 ? jac_value_get(e, a[1], 0, 0) : diagonal ? rows : 1.0;
  if (!(rows >= 1.0 && rows <= 1e6 && cols >= 1.0 && cols <= 1e6))
    return jac_evaluation_fail(e, n, _("%s: it cannot be %gx%g"), n->name, rows, cols);
  value_t v = jac_value_new(e, (size_t)rows, (size_t)cols);
  for (size_t i = 0; i < v.rows && e->status == JAC_OK; i++)
    for (size_t j = 0; j < v.cols; j++)
      if (!diagonal || i == j)
        e->type->set_double(e->type, jac_value_at(e, v, i, j), value);
  return v;
}
static value_t ones(struct jac_evaluation *e, node_t n, const value_t *a) {
  return filled(e, n, a, 1.0, false);
}
static value_t zeros(struct jac_evaluation *e, node_t n, const value_t *a) {
  return filled(e, n, a, 0.0, false);
}
static value_t eye(struct jac_evaluation *e, node_t n, const value_t *a) {
  return filled(e, n, a, 1.0, true);
}

/* log(sum(exp)) of count elements, step apart, with the largest taken out. */
static void log_sum_exp(struct jac_evaluation *e, const char *x, size_t count,
                        size_t step, void *result) {
  const struct jac_number_type *type = e->type;
  value_t most = jac_value_number(e, 0.0), t = jac_value_number(e, 0.0);
  value_t total = jac_value_number(e, 0.0);
  if (e->status != JAC_OK)
    return;
  double largest = type->get(type, x);
  for (size_t k = 1; k < count; k++)
    largest = fmax(largest, type->get(type, x + k * step));
  type->set_double(type, most.data, isfinite(largest) ? largest : 0.0);
  for (size_t k = 0; k < count; k++) {
    type->subtract(type, t.data, x + k * step, most.data);
    type->function(type, JAC_F_EXP, t.data, t.data);
    type->add(type, total.data, total.data, t.data);
  }
  type->function(type, JAC_F_LOG, total.data, total.data);
  type->add(type, result, total.data, most.data);
}

static value_t logsumexp(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = jac_value_number(e, 0.0);
  (void)n;
  log_sum_exp(e, a[0].data, a[0].rows * a[0].cols, e->type->size, v.data);
  return v;
}

/* Over a column; of any other matrix over each row. */
static value_t log_softmax(struct jac_evaluation *e, node_t n, const value_t *a) {
  bool upright = a[0].cols == 1;
  size_t count = upright ? a[0].rows : a[0].cols;
  value_t v = jac_value_new(e, a[0].rows, a[0].cols), total = jac_value_number(e, 0.0);
  (void)n;
  for (size_t first = 0; first < a[0].rows * a[0].cols && e->status == JAC_OK;
       first += count) {
    log_sum_exp(e, a[0].data + first * e->type->size, count, e->type->size, total.data);
    for (size_t k = first; k < first + count && e->status == JAC_OK; k++)
      e->type->subtract(e->type, v.data + k * e->type->size,
                        a[0].data + k * e->type->size, total.data);
  }
  return v;
}

static value_t softmax(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = log_softmax(e, n, a);
  return e->status == JAC_OK ? map_function(e, JAC_F_EXP, v) : v;
}

static value_t silu(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = map_function(e, JAC_F_SIGMOID, a[0]);
  return e->status == JAC_OK ? jac_value_hadamard(e, n, a[0], v) : v;
}
static value_t gelu(struct jac_evaluation *e, node_t n, const value_t *a) {
  value_t v = map_function(e, JAC_F_NORMAL, a[0]);
  return e->status == JAC_OK ? jac_value_hadamard(e, n, a[0], v) : v;
}

/* The larger or smaller of two, entry by entry; a number beside a matrix is repeated. */
static value_t extreme(struct jac_evaluation *e, node_t n, const value_t *a, int sign) {
  value_t x = a[0], y = a[1];
  bool one = x.rows * x.cols == 1, other = y.rows * y.cols == 1;
  if (!one && !other && (x.rows != y.rows || x.cols != y.cols))
    return jac_evaluation_fail(e, n, _("%s of %zux%zu and %zux%zu: they need one shape"),
                               n->name, x.rows, x.cols, y.rows, y.cols);
  value_t v = one ? jac_value_new(e, y.rows, y.cols) : jac_value_new(e, x.rows, x.cols);
  for (size_t k = 0; k < v.rows * v.cols && e->status == JAC_OK; k++) {
    const char *p = x.data + (one ? 0 : k) * e->type->size;
    const char *q = y.data + (other ? 0 : k) * e->type->size;
    int order = e->type->compare(e->type, p, q);
    e->type->set(e->type, v.data + k * e->type->size,
                 order == sign || order == 0 ? p : q);
  }
  return v;
}
static value_t larger(struct jac_evaluation *e, node_t n, const value_t *a) {
  return extreme(e, n, a, 1);
}
static value_t smaller(struct jac_evaluation *e, node_t n, const value_t *a) {
  return extreme(e, n, a, -1);
}

static const struct {
  const char *name;
  size_t least, most; /* arguments */
  value_t (*call)(struct jac_evaluation *e, node_t n, const value_t *a);
} calls[] = {
    {"sum", 1, 1, sum},
    {"mean", 1, 1, mean},
    {"diag", 1, 1, diag},
    {"vec", 1, 1, vec},
    {"tr", 1, 1, trace},
    {"inv", 1, 1, inverse},
    {"det", 1, 1, determinant},
    {"norm", 1, 1, norm},
    {"normone", 1, 1, norm_one},
    {"kron", 2, 2, kron},
    {"outer", 2, 2, outer},
    {"dot", 2, 2, dot},
    {"ones", 1, 2, ones},
    {"zeros", 1, 2, zeros},
    {"eye", 1, 1, eye},
    {"softmax", 1, 1, softmax},
    {"logsoftmax", 1, 1, log_softmax},
    {"logsumexp", 1, 1, logsumexp},
    {"silu", 1, 1, silu},
    {"gelu", 1, 1, gelu},
    {"max", 2, 2, larger},
    {"min", 2, 2, smaller},
};

/* The row of `calls` for a node; one past the last: none. */
static size_t row_of(node_t n) {
  size_t which = 0, known = sizeof calls / sizeof calls[0];
  while (which < known && (strcmp(calls[which].name, n->name) != 0 ||
                           n->count < calls[which].least || n->count > calls[which].most))
    which++;
  return which;
}

/* I_n, 1_n where nobody said what n is: I, 1. */
static bool sizeless(const struct jac_evaluation *e, node_t n) {
  size_t number;
  struct jac_named named;
  bool sized = strcmp(n->name, "eye") == 0 || strcmp(n->name, "ones") == 0;
  if (!sized || n->count != 1 || n->child[0]->kind != JAC_NAME)
    return false;
  const char *size = n->child[0]->name;
  return !jac_evaluation_size(e, size, &number) &&
         !jac_evaluation_named(e, size, &named) && !jac_evaluation_constant(e, size);
}

value_t jac_value_call(struct jac_evaluation *e, node_t n) {
  value_t a[MOST_ARGUMENTS];
  char name[JAC_FORMULA_NAME];
  size_t length = strcspn(n->name, "'"), which = row_of(n);
  snprintf(name, sizeof name, "%.*s", (int)length, n->name);
  enum jac_function f = n->count == 1 ? jac_function_find(name) : JAC_FUNCTIONS;
  if (f == JAC_FUNCTIONS && which == sizeof calls / sizeof calls[0])
    return jac_evaluation_fail(
        e, n, _("%s: no function is called so%s"), n->name,
        jac_function_known(n->name) ? _(" with this number of arguments") : "");
  if (sizeless(e, n))
    return jac_value_flexible(e, name[0] == 'e' ? JAC_IDENTITY : JAC_ONES_COLUMN);
  for (size_t k = 0; k < n->count; k++) {
    a[k] = jac_evaluation_node(e, n->child[k]);
    if (e->status == JAC_OK && a[k].flexible != JAC_FIXED && strcmp(name, "kron") != 0)
      return jac_evaluation_sizeless(e, n);
  }
  if (e->status != JAC_OK)
    return a[0];
  if (f == JAC_FUNCTIONS)
    return calls[which].call(e, n, a);
  return n->name[length] == '\'' ? derived(e, n, f, a[0]) : map_function(e, f, a[0]);
}
