/* The rules of differentiation, entry by entry. */
#include "jacobian/algebra/index.h"

#include "jacobian/algebra/flat.h"
#include "jacobian/algebra/product.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;

enum { NAMED = 40 };

struct job {
  struct jac_index_form *form;
  struct jac_make *m;
  const struct jac_symbol *variable;
  term_t a, b;                           /* the variable's entry */
  const struct jac_symbol *named[NAMED]; /* quantities with a definition */
  size_t nnamed;
  size_t depth, work;
  bool failed;
};

static void d(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);

static void refuse(struct job *j, const char *what) {
  if (!j->failed)
    snprintf(j->form->refusal, sizeof j->form->refusal, "%s", what);
  j->failed = true;
}

static void emit(struct job *j, const mono *prefix) {
  if (!j->failed && (j->form->raw.count >= JAC_MONOMIALS ||
                     !jac_expansion_add(j->m, &j->form->raw, prefix)))
    refuse(j, "it is too long");
}

/* A quantity is called by its name where it has one. */
static term_t called(struct job *j, term_t t) {
  for (size_t k = 0; k < j->nnamed; k++)
    if (j->named[k]->body == t || jac_term_equal(j->named[k]->body, t))
      return jac_make_symbol(j->m, j->named[k]);
  return t;
}

static bool gather(term_t t, void *context) {
  struct job *j = context;
  if (t->kind != JAC_TERM_SYMBOL || !t->symbol->body || t->symbol->families)
    return true;
  for (size_t k = 0; k < j->nnamed; k++)
    if (j->named[k] == t->symbol)
      return true;
  if (j->nnamed == NAMED)
    return true;
  j->named[j->nnamed++] = t->symbol;
  return jac_term_walk(t->symbol->body, gather, context);
}

static void times(struct job *j, mono *p, term_t factor, double power) {
  if (!factor || !jac_monomial_times(j->m, p, factor, power))
    refuse(j, "it is too long");
}

/* The entry of an argument that may be a number, a row or a column beside a matrix. */
static term_t entry(struct job *j, term_t t, term_t row, term_t col) {
  if (!t)
    return NULL;
  return jac_make_entry(j->m, called(j, t), jac_dim_is_one(t->type.rows) ? NULL : row,
                        jac_dim_is_one(t->type.cols) ? NULL : col);
}

static void da(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  d(j, t, jac_dim_is_one(t->type.rows) ? NULL : row,
    jac_dim_is_one(t->type.cols) ? NULL : col, prefix);
}

/* A new summed index over a side of a shape; NULL where it is 1. */
static term_t sum_over(struct job *j, mono *p, struct jac_dim *range) {
  if (jac_dim_is_one(range))
    return NULL;
  struct jac_index *k = jac_make_new_index(j->m, "", range);
  if (!k || p->overs == JAC_OVERS) {
    refuse(j, "it is too long");
    return NULL;
  }
  p->over[p->overs++] = (struct jac_over){.index = k};
  return jac_make_index(j->m, k);
}

static bool reads(term_t t, const char *type) {
  return strcmp(t->reading->type, type) == 0;
}

/* vec(A)^T vec(B) as the sum over the entries of both; NULL: it is none. */
static term_t scalar_of_flat(struct job *j, term_t a, term_t b) {
  bool turned = a->kind == JAC_TERM_OP && a->construct == JAC_C_TRANSPOSE;
  term_t x = jac_unflattened(j->m, turned ? a->child[0] : a);
  term_t y = x ? jac_unflattened(j->m, b) : NULL;
  return y && jac_dim_same(x->type.rows, y->type.rows)
             ? jac_make_measure(j->m, JAC_C_TOTAL, jac_make_hadamard(j->m, x, y))
             : NULL;
}

/* a x b is [a]_x b, and -[b]_x a. */
static void d_cross(struct job *j, term_t t, term_t row, const mono *prefix) {
  for (size_t side = 0; side < 2; side++) {
    term_t moving = t->child[1 - side], other = t->child[side];
    if (!jac_term_depends(moving, j->variable))
      continue;
    mono p = *prefix;
    term_t k = sum_over(j, &p, moving->type.rows);
    if (side)
      p.coefficient = -p.coefficient;
    times(j, &p, jac_make_entry(j->m, jac_make_skew(j->m, called(j, other)), row, k), 1);
    d(j, moving, k, NULL, &p);
  }
}

static void d_product(struct job *j, term_t t, term_t row, term_t col,
                      const mono *prefix) {
  j->form->rules |= jac_term_depends(t->child[0], j->variable) &&
                            jac_term_depends(t->child[1], j->variable)
                        ? JAC_RULE_PRODUCT
                        : JAC_RULE_SUM;
  term_t a = t->child[0], b = t->child[1];
  char kind = jac_product_kind(t);
  term_t flat = jac_type_is_number(t->type) ? scalar_of_flat(j, a, b) : NULL;
  if (flat) {
    d(j, flat, NULL, NULL, prefix);
    return;
  }
  for (int side = 0; side < 2; side++) {
    mono p = *prefix;
    term_t moving = side ? b : a, other = side ? a : b;
    if (!jac_term_depends(moving, j->variable))
      continue;
    term_t mr = row, mc = col, or = row, oc = col;
    if (kind == 'p') {
      term_t k = sum_over(j, &p, a->type.cols);
      mr = side ? k : row;
      mc = side ? col : k;
      or = side ? row : k;
      oc = side ? k : col;
    } else if (kind == 'd') {
      bool rows = !jac_dim_is_one(a->type.rows), cols = !jac_dim_is_one(a->type.cols);
      term_t k = rows ? sum_over(j, &p, a->type.rows) : NULL;
      term_t l = cols ? sum_over(j, &p, a->type.cols) : NULL;
      term_t any = k ? k : l;
      bool both = k && l;
      mr = both ? k : any;
      mc = both ? l : any;
      or = mr;
      oc = mc;
    } else if (kind == 'o') {
      mr = mc = side ? col : row;
      or = oc = side ? row : col;
    }
    times(j, &p, entry(j, other, or, oc), 1);
    da(j, moving, mr, mc, &p);
  }
}

static void d_divide(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= jac_term_depends(t->child[1], j->variable) ? JAC_RULE_QUOTIENT : 0;
  term_t a = t->child[0], b = t->child[1];
  mono p = *prefix;
  times(j, &p, entry(j, b, row, col), -1);
  da(j, a, row, col, &p);
  if (!jac_term_depends(b, j->variable))
    return;
  p = *prefix;
  p.coefficient = -p.coefficient;
  times(j, &p, entry(j, a, row, col), 1);
  times(j, &p, entry(j, b, row, col), -2);
  da(j, b, row, col, &p);
}

/* x^n with a constant n: n x^{n-1}; else e^{n log x}. Squares of matrices are products.
 */
static void d_power(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  j->form->rules |= JAC_RULE_POWER;
  term_t a = t->child[0], n = t->child[1];
  bool matrix = t->construct == JAC_C_POWER && reads(t, "(n,n)1->(n,n)") &&
                !jac_type_is_number(a->type);
  if (matrix) {
    if (n->kind != JAC_TERM_NUMBER || n->number < 1 || n->number > 6 ||
        n->number != floor(n->number)) {
      refuse(j, "a power of a matrix");
      return;
    }
    term_t product = a;
    for (int k = 1; k < (int)n->number; k++)
      product = jac_make_times(j->m, product, a);
    if (product)
      d(j, product, row, col, prefix);
    return;
  }
  /* Of an even power of a norm no norm is divided by: it has a slope at zero too. */
  if (a->kind == JAC_TERM_OP && a->construct == JAC_C_NORM &&
      n->kind == JAC_TERM_NUMBER && n->number >= 2 && fmod(n->number, 2) == 0) {
    mono p = *prefix;
    times(j, &p, jac_make_number(j->m, n->number), 1);
    if (n->number > 2)
      times(j, &p, called(j, a), n->number - 2);
    term_t x = a->child[0], unrolled = jac_unflattened(j->m, x);
    x = unrolled ? unrolled : x;
    term_t k = sum_over(j, &p, x->type.rows), l = sum_over(j, &p, x->type.cols);
    times(j, &p, entry(j, x, k, l), 1);
    d(j, x, k, l, &p);
    return;
  }
  term_t x = entry(j, a, row, col), e = entry(j, n, row, col);
  if (!jac_term_depends(n, j->variable)) {
    mono p = *prefix;
    times(j, &p, e, 1);
    if (e->kind == JAC_TERM_NUMBER) {
      if (e->number != 1)
        times(j, &p, x, e->number - 1);
    } else {
      size_t first;
      jac_readings_of(JAC_C_POWER, &first);
      struct jac_term *power =
          jac_pool_take(j->m->pool, sizeof *power + 2 * sizeof(term_t));
      if (!power) {
        refuse(j, "memory");
        return;
      }
      power->kind = JAC_TERM_OP;
      power->type = x->type;
      power->construct = JAC_C_POWER;
      power->reading = jac_reading_at(first);
      power->count = 2;
      power->child[0] = x;
      power->child[1] = jac_make_subtract(j->m, e, jac_make_number(j->m, 1));
      times(j, &p, power, 1);
    }
    da(j, a, row, col, &p);
    return;
  }
  mono p = *prefix;
  times(j, &p, entry(j, t, row, col), 1);
  times(j, &p, jac_make_each(j->m, JAC_C_LOG, x), 1);
  da(j, n, row, col, &p);
  if (jac_term_depends(a, j->variable)) {
    p = *prefix;
    times(j, &p, entry(j, t, row, col), 1);
    times(j, &p, e, 1);
    times(j, &p, x, -1);
    da(j, a, row, col, &p);
  }
}

/* The slope of a function of one number, at x; y is its value. */
static bool slope(struct job *j, enum jac_construct_id id, term_t x, term_t y, mono *p) {
  struct jac_make *m = j->m;
  term_t one = jac_make_number(m, 1);
  switch (id) {
  case JAC_C_EXP:
    return times(j, p, y, 1), true;
  case JAC_C_LOG:
    return times(j, p, x, -1), true;
  case JAC_C_TANH:
    return times(j, p, jac_make_subtract(m, one, jac_make_power(m, y, 2)), 1), true;
  case JAC_C_SIGMOID:
    return times(j, p, y, 1), times(j, p, jac_make_subtract(m, one, y), 1), true;
  case JAC_C_RELU:
    return times(j, p, jac_make_compare(m, JAC_C_MORE, x, jac_make_number(m, 0)), 1),
           true;
  case JAC_C_SQRT:
    p->coefficient /= 2;
    return times(j, p, y, -1), true;
  case JAC_C_ABS:
    return times(j, p, jac_make_each(m, JAC_C_SIGN, x), 1), true;
  case JAC_C_SIGN:
  case JAC_C_HEAVISIDE:
    p->coefficient = 0;
    return true;
  case JAC_C_SIN:
    return times(j, p, jac_make_each(m, JAC_C_COS, x), 1), true;
  case JAC_C_COS:
    p->coefficient = -p->coefficient;
    return times(j, p, jac_make_each(m, JAC_C_SIN, x), 1), true;
  case JAC_C_TAN:
    return times(j, p, jac_make_add(m, one, jac_make_power(m, y, 2)), 1), true;
  case JAC_C_SEC:
    return times(j, p, y, 1), times(j, p, jac_make_each(m, JAC_C_TAN, x), 1), true;
  case JAC_C_CSC:
    p->coefficient = -p->coefficient;
    return times(j, p, y, 1), times(j, p, jac_make_each(m, JAC_C_COT, x), 1), true;
  case JAC_C_COT:
    p->coefficient = -p->coefficient;
    return times(j, p, jac_make_add(m, one, jac_make_power(m, y, 2)), 1), true;
  case JAC_C_SINH:
    return times(j, p, jac_make_each(m, JAC_C_COSH, x), 1), true;
  case JAC_C_COSH:
    return times(j, p, jac_make_each(m, JAC_C_SINH, x), 1), true;
  case JAC_C_ATAN:
    return times(j, p, jac_make_add(m, one, jac_make_power(m, x, 2)), -1), true;
  case JAC_C_ASIN:
  case JAC_C_ACOS:
    p->coefficient *= id == JAC_C_ACOS ? -1 : 1;
    return times(j, p,
                 jac_make_each(m, JAC_C_SQRT,
                               jac_make_subtract(m, one, jac_make_power(m, x, 2))),
                 -1),
           true;
  case JAC_C_SOFTPLUS:
    return times(j, p, jac_make_each(m, JAC_C_SIGMOID, x), 1), true;
  case JAC_C_NORMAL:
    return times(j, p, jac_make_each(m, JAC_C_DENSITY, x), 1), true;
  case JAC_C_DENSITY:
    p->coefficient = -p->coefficient;
    return times(j, p, x, 1), times(j, p, y, 1), true;
  case JAC_C_GELU:
    return times(j, p,
                 jac_make_add(m, jac_make_each(m, JAC_C_NORMAL, x),
                              jac_make_times(m, x, jac_make_each(m, JAC_C_DENSITY, x))),
                 1),
           true;
  case JAC_C_SILU: {
    term_t s = jac_make_each(m, JAC_C_SIGMOID, x);
    return times(j, p,
                 jac_make_add(m, s, jac_make_times(m, y, jac_make_subtract(m, one, s))),
                 1),
           true;
  }
  case JAC_C_ERF:
    p->coefficient *= 2 / sqrt(acos(-1.0));
    return times(j, p,
                 jac_make_each(m, JAC_C_EXP, jac_make_negate(m, jac_make_power(m, x, 2))),
                 1),
           true;
  case JAC_C_RECIPROCAL:
    p->coefficient = -p->coefficient;
    return times(j, p, x, -2), true;
  default:
    return false;
  }
}

term_t jac_index_slope(struct jac_make *m, enum jac_construct_id id, term_t x, term_t y) {
  struct jac_index_form form = {.make = m};
  struct job *j = jac_pool_take(m->pool, sizeof *j);
  struct jac_expansion one = {.count = 0};
  mono p = {.coefficient = 1};
  if (!j || !x || !y)
    return NULL;
  j->form = &form;
  j->m = m;
  return slope(j, id, x, y, &p) && !j->failed && jac_expansion_add(m, &one, &p)
             ? p.coefficient == 0 ? jac_make_number(m, 0) : jac_expansion_term(m, &one)
             : NULL;
}

static void d_det(struct job *j, term_t t, bool logarithm, const mono *prefix);
static void d_softmax(struct job *j, term_t t, bool log, term_t row, term_t col,
                      const mono *prefix);

static void d_entrywise(struct job *j, term_t t, term_t row, term_t col,
                        const mono *prefix) {
  mono p = *prefix;
  term_t x = t->child[0];
  if (t->construct == JAC_C_LOG && x->kind == JAC_TERM_OP && x->construct == JAC_C_DET &&
      !jac_type_is_number(x->child[0]->type)) {
    d_det(j, x, true, prefix);
    return;
  }
  term_t soft = x->kind == JAC_TERM_SYMBOL && x->symbol->body ? x->symbol->body : x;
  if (t->construct == JAC_C_LOG && soft->kind == JAC_TERM_OP &&
      soft->construct == JAC_C_SOFTMAX && !jac_type_is_number(soft->type)) {
    d_softmax(j, soft, true, row, col, prefix);
    return;
  }
  j->form->rules |= JAC_RULE_CHAIN;
  if (!slope(j, t->construct, entry(j, t->child[0], row, col), entry(j, t, row, col),
             &p)) {
    refuse(j, "this function");
    return;
  }
  if (p.coefficient != 0)
    d(j, t->child[0], row, col, &p);
}

/* tr(A (x) B) is tr(A) tr(B); of tr(e^X) it is (e^X)^T. */
static void d_trace(struct job *j, term_t t, const mono *prefix) {
  mono p = *prefix;
  if (t->construct != JAC_C_EXPM) {
    term_t a = jac_make_measure(j->m, JAC_C_TRACE, t->child[0]),
           b = jac_make_measure(j->m, JAC_C_TRACE, t->child[1]);
    bool square = jac_dim_same(t->child[0]->type.rows, t->child[0]->type.cols) &&
                  jac_dim_same(t->child[1]->type.rows, t->child[1]->type.cols);
    term_t both = square ? jac_make_times(j->m, a, b) : NULL;
    if (both)
      d(j, both, NULL, NULL, prefix);
    else
      refuse(j, "a trace of a Kronecker product");
    return;
  }
  term_t x = t->child[0];
  term_t k = sum_over(j, &p, x->type.rows), l = sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  times(j, &p, entry(j, t, l, k), 1);
  d(j, x, k, l, &p);
}

/* What an entry's differential has before it in that of a number of all entries. */
static void weigh_entry(struct job *j, term_t t, term_t x, term_t k, term_t l, mono *p) {
  term_t at = entry(j, x, k, l);
  switch (t->construct) {
  case JAC_C_NORM:
    times(j, p, at, 1);
    times(j, p, called(j, t), -1);
    break;
  case JAC_C_NORM1:
    times(j, p, jac_make_each(j->m, JAC_C_SIGN, at), 1);
    break;
  case JAC_C_MEAN:
  case JAC_C_VARIANCE:
    times(j, p, jac_make_size(j->m, x->type.rows), -1);
    times(j, p, jac_make_size(j->m, x->type.cols), -1);
    if (t->construct == JAC_C_VARIANCE) {
      term_t mean = called(j, jac_make_measure(j->m, JAC_C_MEAN, x));
      p->coefficient *= 2;
      times(j, p, jac_make_subtract(j->m, at, mean), 1);
    }
    break;
  case JAC_C_MAX:
  case JAC_C_MIN:
    times(j, p, jac_make_compare(j->m, JAC_C_EQUAL, at, called(j, t)), 1);
    break;
  case JAC_C_LOGSUMEXP:
    if (!jac_dim_is_one(x->type.cols) && !jac_dim_is_one(x->type.rows))
      refuse(j, "logsumexp of a matrix");
    else
      times(j, p, entry(j, jac_make_softmax(j->m, x), k, l), 1);
    break;
  default:
    break;
  }
}

/* Numbers of all entries of a matrix. */
static void d_measure(struct job *j, term_t t, const mono *prefix) {
  bool largest = t->construct == JAC_C_MAX || t->construct == JAC_C_MIN;
  j->form->rules |= t->construct == JAC_C_NORM ? JAC_RULE_NORM
                    : largest                  ? JAC_RULE_MAX
                                               : JAC_RULE_SUM;
  term_t x = t->child[0];
  mono p = *prefix;
  bool square = t->construct == JAC_C_TRACE;
  term_t matrix = square ? NULL : jac_unflattened(j->m, x);
  x = matrix ? matrix : x;
  if (square && x->kind == JAC_TERM_OP &&
      (x->construct == JAC_C_EXPM || reads(x, "(p,q)(r,s)->(p*r,q*s)"))) {
    d_trace(j, x, prefix);
    return;
  }
  term_t k = sum_over(j, &p, x->type.rows);
  term_t l = square ? k : sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  weigh_entry(j, t, x, k, l, &p);
  if (!j->failed)
    d(j, x, jac_dim_is_one(x->type.rows) ? NULL : k,
      jac_dim_is_one(x->type.cols) ? NULL : l, &p);
}

/* Of softmax, or of its logarithm; of a matrix row by row. */
static void d_softmax(struct job *j, term_t t, bool log, term_t row, term_t col,
                      const mono *prefix) {
  j->form->rules |= log ? JAC_RULE_LOGSOFTMAX : JAC_RULE_SOFTMAX;
  term_t x = t->child[0];
  bool column = jac_dim_is_one(x->type.cols);
  mono p = *prefix;
  if (!log)
    times(j, &p, entry(j, t, row, col), 1);
  d(j, x, row, col, &p);
  p.coefficient = -p.coefficient;
  term_t k = sum_over(j, &p, column ? x->type.rows : x->type.cols);
  term_t down = column ? k : row, across = column ? NULL : k;
  times(j, &p, entry(j, log ? jac_make_softmax(j->m, x) : t, down, across), 1);
  d(j, x, down, across, &p);
}

/* The product over all but one, times the derivative of that one. */
static void d_big_product(struct job *j, term_t t, const mono *prefix) {
  struct jac_make *m = j->m;
  mono p = *prefix;
  struct jac_index *k = jac_make_new_index(m, "", t->index->range),
                   *l = jac_make_new_index(m, "", t->index->range);
  term_t one = jac_make_index(m, k), other = jac_make_index(m, l);
  if (!one || !other || p.overs == JAC_OVERS) {
    refuse(j, "it is too long");
    return;
  }
  term_t part[4];
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(m, t->child[c], t->index, one) : NULL;
  p.over[p.overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  term_t apart = jac_make_compare(m, JAC_C_UNEQUAL, other, one), condition = apart;
  if (t->child[3])
    condition = jac_make_times(m, jac_make_put(m, t->child[3], t->index, other), apart);
  term_t rest =
      jac_make_over(m, JAC_C_PRODUCT, l, jac_make_put(m, t->child[0], t->index, other),
                    t->child[1], t->child[2], condition);
  times(j, &p, rest, 1);
  d(j, part[0], NULL, NULL, &p);
}

static void d_big(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  bool largest = t->construct == JAC_C_BIGMAX || t->construct == JAC_C_BIGMIN;
  j->form->rules |= largest ? JAC_RULE_MAX : JAC_RULE_SUM;
  if (t->construct == JAC_C_PRODUCT) {
    if (!jac_type_is_number(t->type)) {
      refuse(j, "a product of matrices");
      return;
    }
    {
      d_big_product(j, t, prefix);
      return;
    }
  }
  mono p = *prefix;
  struct jac_index *k = jac_make_new_index(j->m, "", t->index->range);
  term_t at = k ? jac_make_index(j->m, k) : NULL, part[4];
  if (!at || p.overs == JAC_OVERS) {
    refuse(j, "it is too long");
    return;
  }
  for (size_t c = 0; c < 4; c++)
    part[c] = t->child[c] ? jac_make_put(j->m, t->child[c], t->index, at) : NULL;
  p.over[p.overs++] = (struct jac_over){k, part[1], part[2], part[3]};
  if (t->construct != JAC_C_SUM)
    times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, part[0], called(j, t)), 1);
  d(j, part[0], row, col, &p);
}

/* The product of all entries. */
static void d_product_all(struct job *j, term_t t, const mono *prefix) {
  struct jac_make *m = j->m;
  term_t x = t->child[0];
  bool column = jac_dim_is_one(x->type.cols);
  if (!column && !jac_dim_is_one(x->type.rows)) {
    refuse(j, "the product of a matrix's entries");
    return;
  }
  struct jac_index *l = jac_make_new_index(m, "", column ? x->type.rows : x->type.cols);
  term_t other = l ? jac_make_index(m, l) : NULL;
  term_t body =
      other ? jac_make_entry(m, x, column ? other : NULL, column ? NULL : other) : NULL;
  term_t product = jac_make_over(m, JAC_C_PRODUCT, l, body, NULL, NULL, NULL);
  if (!product) {
    refuse(j, "memory");
    return;
  }
  d_big_product(j, product, prefix);
}

/* det(X), or its logarithm. */
static void d_det(struct job *j, term_t t, bool logarithm, const mono *prefix) {
  j->form->rules |= JAC_RULE_DET;
  term_t x = t->child[0], inverse = jac_make_inverse(j->m, x);
  mono p = *prefix;
  term_t k = sum_over(j, &p, x->type.rows), l = sum_over(j, &p, x->type.cols);
  if (j->failed || !inverse)
    return;
  j->form->inverse = true;
  if (!logarithm)
    times(j, &p, called(j, t), 1);
  times(j, &p, jac_make_entry(j->m, inverse, l, k), 1);
  d(j, x, k, l, &p);
}

static void d_inverse(struct job *j, term_t t, term_t row, term_t col,
                      const mono *prefix) {
  j->form->rules |= JAC_RULE_INVERSE;
  term_t x = t->child[0];
  mono p = *prefix;
  p.coefficient = -p.coefficient;
  term_t k = sum_over(j, &p, x->type.rows), l = sum_over(j, &p, x->type.cols);
  if (j->failed)
    return;
  times(j, &p, entry(j, t, row, k), 1);
  times(j, &p, entry(j, t, l, col), 1);
  d(j, x, k, l, &p);
}

/* The larger or smaller of two: where one is. */
static void d_larger(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  j->form->rules |= JAC_RULE_MAX;
  bool max = t->construct == JAC_C_MAX;
  for (size_t side = 0; side < 2; side++) {
    term_t x = t->child[side], y = t->child[1 - side];
    if (!jac_term_depends(x, j->variable))
      continue;
    mono p = *prefix;
    times(j, &p,
          jac_make_compare(j->m, max ? JAC_C_MORE : JAC_C_LESS, entry(j, x, row, col),
                           entry(j, y, row, col)),
          1);
    da(j, x, row, col, &p);
  }
}

static void d_op(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  mono p = *prefix;
  if (jac_construct(t->construct)->role == JAC_ROLE_ENTRYWISE) {
    d_entrywise(j, t, row, col, prefix);
    return;
  }
  if (t->construct == JAC_C_CROSS && reads(t, "(3,1)(3,1)->(3,1)")) {
    d_cross(j, t, row, prefix);
    return;
  }
  if (jac_product_kind(t)) {
    d_product(j, t, row, col, prefix);
    return;
  }
  switch (t->construct) {
  case JAC_C_ADD:
  case JAC_C_SUBTRACT:
    da(j, t->child[0], row, col, prefix);
    p.coefficient *= t->construct == JAC_C_ADD ? 1 : -1;
    {
      da(j, t->child[1], row, col, &p);
      return;
    }
  case JAC_C_NEGATE:
    p.coefficient = -p.coefficient;
    {
      d(j, t->child[0], row, col, &p);
      return;
    }
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE: {
    d_divide(j, t, row, col, prefix);
    return;
  }
  case JAC_C_POWER:
  case JAC_C_DOTPOWER: {
    d_power(j, t, row, col, prefix);
    return;
  }
  case JAC_C_TRANSPOSE: {
    d(j, t->child[0], col, row, prefix);
    return;
  }
  case JAC_C_INVERSE:
    if (jac_type_is_number(t->type)) {
      times(j, &p, t->child[0], -2);
      p.coefficient = -p.coefficient;
      {
        d(j, t->child[0], NULL, NULL, &p);
        return;
      }
    }
    {
      d_inverse(j, t, row, col, prefix);
      return;
    }
  case JAC_C_DET: {
    jac_type_is_number(t->child[0]->type) ? d(j, t->child[0], NULL, NULL, prefix)
                                          : d_det(j, t, false, prefix);
    return;
  }
  case JAC_C_DIAG:
    if (jac_type_is_number(t->type)) {
      d(j, t->child[0], NULL, NULL, prefix);
      return;
    }
    if (jac_dim_is_one(t->type.cols)) {
      d(j, t->child[0], row, row, prefix);
      return;
    }
    times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, row, col), 1);
    {
      da(j, t->child[0], row, row, &p);
      return;
    }
  case JAC_C_VEC:
    if (jac_dim_is_one(t->child[0]->type.cols)) {
      d(j, t->child[0], row, NULL, prefix);
      return;
    }
    if (jac_dim_is_one(t->child[0]->type.rows)) {
      d(j, t->child[0], NULL, row, prefix);
      return;
    }
    {
      refuse(j, "vec");
      return;
    }
  case JAC_C_SYM:
    p.coefficient /= 2;
    d(j, t->child[0], row, col, &p);
    {
      d(j, t->child[0], col, row, &p);
      return;
    }
  case JAC_C_SOFTMAX:
  case JAC_C_LOGSOFTMAX: {
    jac_type_is_number(t->type)
        ? (void)0
        : d_softmax(j, t, t->construct == JAC_C_LOGSOFTMAX, row, col, prefix);
    return;
  }
  case JAC_C_PRODUCTALL: {
    jac_type_is_number(t->child[0]->type) ? d(j, t->child[0], NULL, NULL, prefix)
                                          : d_product_all(j, t, prefix);
    return;
  }
  case JAC_C_MAX:
  case JAC_C_MIN:
    if (t->count == 2) {
      d_larger(j, t, row, col, prefix);
      return;
    }
    {
      d_measure(j, t, prefix);
      return;
    }
  case JAC_C_NORM:
  case JAC_C_NORM1:
  case JAC_C_TRACE:
  case JAC_C_TOTAL:
  case JAC_C_MEAN:
  case JAC_C_VARIANCE:
  case JAC_C_LOGSUMEXP: {
    d_measure(j, t, prefix);
    return;
  }
  default: {
    refuse(j, jac_construct(t->construct)->plain);
    return;
  }
  }
}

static void d_symbol(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  if (t->symbol == j->variable) {
    mono p = *prefix;
    if (row)
      times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, row, j->a), 1);
    if (col)
      times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, col, j->b), 1);
    {
      emit(j, &p);
      return;
    }
  }
  term_t body = t->symbol->body;
  for (size_t k = 0; body && k < t->symbol->families; k++)
    body = jac_make_put(j->m, body, t->symbol->place[k], t->child[k]);
  if (body)
    d(j, body, row, col, prefix);
}

/* Explicit matrices of numbers: each where its place is. */
static void d_matrix(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  for (size_t r = 0; r < t->block_rows; r++)
    for (size_t c = 0; c < t->block_cols; c++) {
      term_t cell = t->child[r * t->block_cols + c];
      if (!cell || !jac_term_depends(cell, j->variable))
        continue;
      if (!jac_type_is_number(cell->type)) {
        refuse(j, "a matrix of blocks");
        return;
      }
      mono p = *prefix;
      if (row)
        times(j, &p,
              jac_make_compare(j->m, JAC_C_EQUAL, row,
                               jac_make_number(j->m, (double)r + 1)),
              1);
      if (col)
        times(j, &p,
              jac_make_compare(j->m, JAC_C_EQUAL, col,
                               jac_make_number(j->m, (double)c + 1)),
              1);
      d(j, cell, NULL, NULL, &p);
    }
}

static void d(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  if (j->failed || prefix->coefficient == 0 || !jac_term_depends(t, j->variable))
    return;
  if (++j->work > 4000 || j->depth > 100) {
    refuse(j, "it is too long");
    return;
  }
  j->depth++;
  switch (t->kind) {
  case JAC_TERM_SYMBOL:
    if (t->symbol->families && t->symbol == j->variable)
      refuse(j, "a family");
    else
      d_symbol(j, t, row, col, prefix);
    break;
  case JAC_TERM_OP:
    d_op(j, t, row, col, prefix);
    break;
  case JAC_TERM_BIG:
    d_big(j, t, row, col, prefix);
    break;
  case JAC_TERM_ENTRY:
    d(j, t->child[0], t->child[1] ? t->child[1] : row, t->child[2] ? t->child[2] : col,
      prefix);
    break;
  case JAC_TERM_BUILD:
    d(j, jac_make_entry(j->m, t, row, col), NULL, NULL, prefix);
    break;
  case JAC_TERM_MATRIX:
    d_matrix(j, t, row, col, prefix);
    break;
  case JAC_TERM_COMPARE:
  case JAC_TERM_LOGIC:
    break; /* it is constant between jumps */
  case JAC_TERM_CASES:
    refuse(j, "cases");
    break;
  case JAC_TERM_CALL:
    refuse(j, "a function that nothing defines");
    break;
  case JAC_TERM_DERIVATIVE:
    refuse(j, "a derivative");
    break;
  default:
    refuse(j, "this construct");
    break;
  }
  j->depth--;
}

static const struct jac_index *index_of(struct jac_make *m, const char *name,
                                        struct jac_dim *range) {
  return jac_dim_is_one(range) ? NULL : jac_make_new_index(m, name, range);
}

/* The form of a term's entry at the form's row and column, by its variable. */
static bool differentiate(struct jac_index_form *form, term_t term, term_t row,
                          term_t col) {
  struct jac_make *make = form->make;
  const struct jac_symbol *variable = form->variable;
  form->variable_row = index_of(make, "", variable->type.rows);
  form->variable_column = index_of(make, "", variable->type.cols);
  struct job *j = jac_pool_take(make->pool, sizeof *j);
  if (!j || !term)
    return false;
  j->form = form;
  j->m = make;
  j->variable = variable;
  j->a = jac_make_index(make, form->variable_row);
  j->b = jac_make_index(make, form->variable_column);
  jac_term_walk(term, gather, j);
  mono start = {.coefficient = 1};
  if (variable->families)
    refuse(j, "a family");
  d(j, term, row, col, &start);
  return !j->failed && !make->pool->failed &&
         jac_expansion_simplify(make, &form->raw, &form->simple) &&
         jac_expansion_multiply(make, &form->simple);
}

bool jac_index_form(struct jac_index_form *form, struct jac_make *make, term_t term,
                    const struct jac_symbol *variable) {
  *form = (struct jac_index_form){.make = make, .variable = variable};
  term_t matrix = jac_unflattened(make, term);
  form->of = term = matrix ? matrix : term;
  form->row = index_of(make, "", term->type.rows);
  form->column = index_of(make, "", term->type.cols);
  return differentiate(form, term, jac_make_index(make, form->row),
                       jac_make_index(make, form->column));
}

bool jac_index_form_again(struct jac_index_form *form, const struct jac_index_form *first,
                          const struct jac_symbol *variable) {
  *form = (struct jac_index_form){.make = first->make, .variable = variable};
  form->row = first->variable_row;
  form->column = first->variable_column;
  return differentiate(form, jac_expansion_term(first->make, &first->simple), NULL, NULL);
}
