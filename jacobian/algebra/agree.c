/* Whether two terms have the same value everywhere: they are worked out at many points,
 * special ones among them. */
#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/nested.h"
#include "jacobian/algebra/product.h"
#include "jacobian/value/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;

enum { TURNS = 4, MORE = 32, SPECIAL = 4, GIVEN = 60, COMBINATIONS = 400 };

struct symbols {
  const struct jac_symbol *symbol[GIVEN];
  size_t count;
};

static bool collect(term_t t, void *context) {
  struct symbols *s = context;
  if (t->kind != JAC_TERM_SYMBOL)
    return true;
  for (size_t k = 0; k < s->count; k++)
    if (s->symbol[k] == t->symbol)
      return true;
  if (s->count < GIVEN)
    s->symbol[s->count++] = t->symbol;
  return true;
}

/* Values for all that is given: all zero, all one, equal, or a mixture. */
static double *special(const struct symbols *s, size_t kind, struct jac_given *given,
                       size_t *count) {
  size_t total = 0, at = 0;
  *count = 0;
  for (size_t k = 0; k < s->count; k++)
    if (!s->symbol[k]->body && !s->symbol[k]->families)
      total +=
          jac_dim_size(s->symbol[k]->type.rows) * jac_dim_size(s->symbol[k]->type.cols);
  double *value = jac_memory_take(total + 1, sizeof *value);
  for (size_t k = 0; k < s->count && value; k++) {
    const struct jac_symbol *x = s->symbol[k];
    if (x->body || x->families || x->values != JAC_ANY || x->symmetric || x->orthogonal ||
        x->skew || x->idempotent || x->orthonormal)
      continue;
    size_t rows = jac_dim_size(x->type.rows), cols = jac_dim_size(x->type.cols);
    given[(*count)++] = (struct jac_given){x->key, value + at};
    for (size_t e = 0; e < rows * cols; e++)
      value[at + e] =
          kind == 0   ? 0.0
          : kind == 1 ? 1.0
          : kind >= 4 ? (kind == 4 ? 1 : -1) *
                            (0.05 + 0.9 * (double)((37 * (at + e) + 11) % 101) / 101.0)
          : kind == 2 ? 0.5 + (double)(k % 3)
                      : (double)((e + k) % 3) - 1.0; /* some of it zero */
    at += rows * cols;
  }
  return value;
}

/* Whether it has corners: there derivatives are one-sided, and special points lie there.
 */
static bool smooth(term_t t, void *context) {
  (void)context;
  if (t->kind == JAC_TERM_CASES)
    return false;
  if (t->kind != JAC_TERM_OP && t->kind != JAC_TERM_BIG)
    return true;
  switch (t->construct) {
  case JAC_C_MAX:
  case JAC_C_MIN:
  case JAC_C_BIGMAX:
  case JAC_C_BIGMIN:
  case JAC_C_RELU:
  case JAC_C_ABS:
  case JAC_C_SIGN:
  case JAC_C_HEAVISIDE:
  case JAC_C_NORM1:
  case JAC_C_NORMMAX:
    return false;
  default:
    return true;
  }
}

/* log(x . y), log det(diag(x)), which is nowhere where y is 0, though its slope 1/x would
 * be. */
static bool no_log_of_product(term_t t, void *context) {
  (void)context;
  return t->kind != JAC_TERM_OP || t->construct != JAC_C_LOG ||
         t->child[0]->kind != JAC_TERM_OP ||
         (!jac_product_kind(t->child[0]) && t->child[0]->construct != JAC_C_DET);
}

struct tally {
  double worst;
  size_t tried;
  bool differ;
};

static void compare(const struct jac_value *a, const struct jac_value *b,
                    struct tally *t) {
  if (a->rows != b->rows || a->cols != b->cols) {
    t->differ = true;
    return;
  }
  bool finite = true;
  for (size_t k = 0; k < a->rows * a->cols; k++)
    finite = finite && isfinite(a->x[k]) && isfinite(b->x[k]);
  if (!finite)
    return; /* one of them is not defined here */
  for (size_t k = 0; k < a->rows * a->cols; k++) {
    double size = fmax(1.0, fmax(fabs(a->x[k]), fabs(b->x[k])));
    double scale = fmin(fmax(a->scale, b->scale), 1e6);
    double apart = fabs(a->x[k] - b->x[k]);
    t->worst = fmax(t->worst, apart / size);
    if (apart > 1e-9 * size + 1e-12 * scale)
      t->differ = true;
  }
  t->tried++;
}

/* Whether the values move by as much as they differ when what is given moves by a
 * hundred-thousandth of a millionth. */
static bool ill(term_t a, term_t b, const struct jac_sample *at,
                const struct jac_index *const *indices, const size_t *place, size_t count,
                const struct jac_value *x, const struct jac_value *y) {
  struct jac_sample near = {.seed = at->seed,
                            .given = at->given,
                            .givens = at->givens,
                            .nudge = 1e-11,
                            .work_most = at->work_most};
  const struct jac_value *value[2] = {x, y};
  term_t term[2] = {a, b};
  double apart = 0, moved = 0;
  if (x->rows != y->rows || x->cols != y->cols)
    return false;
  for (size_t k = 0; k < x->rows * x->cols; k++)
    apart = fmax(apart, fabs(x->x[k] - y->x[k]));
  for (size_t side = 0; side < 2; side++) {
    struct jac_value v = {0};
    bool had = jac_value(term[side], &near, indices, place, count, &v, NULL) == JAC_OK;
    for (size_t k = 0; had && k < v.rows * v.cols; k++)
      moved = isfinite(v.x[k]) ? fmax(moved, fabs(v.x[k] - value[side]->x[k])) : INFINITY;
    jac_value_free(&v);
  }
  jac_sample_clear(&near);
  return apart <= 1e3 * moved;
}

static void at_sample(struct jac_sample *sample, term_t a, term_t b,
                      const struct jac_index *const *indices, size_t count,
                      struct tally *t) {
  size_t place[6], total = 1;
  for (size_t k = 0; k < count; k++) {
    place[k] = 1;
    total *= jac_dim_size(indices[k]->range);
  }
  for (size_t n = 0; n < total && n < COMBINATIONS && !t->differ; n++) {
    struct jac_value x = {0}, y = {0};
    enum jac_status sx = jac_value(a, sample, indices, place, count, &x, NULL),
                    sy = jac_value(b, sample, indices, place, count, &y, NULL);
    struct tally before = *t;
    if (sx == JAC_OK && sy == JAC_OK)
      compare(&x, &y, t);
    if (t->differ && !before.differ && ill(a, b, sample, indices, place, count, &x, &y))
      *t = before; /* rounding alone makes such a difference here */
    /* What takes too long to work out says nothing. */
    if (sx != sy && sx != JAC_ELIMIT && sy != JAC_ELIMIT)
      t->differ = true;
    jac_value_free(&x);
    jac_value_free(&y);
    for (size_t k = 0; k < count; k++) {
      if (++place[k] <= jac_dim_size(indices[k]->range))
        break;
      place[k] = 1;
    }
  }
}

bool jac_terms_agree(struct jac_make *make, term_t a, term_t b,
                     const struct jac_index *const *indices, size_t count, double *worst,
                     size_t *tried) {
  struct tally t = {0};
  struct symbols *s = jac_memory_take(1, sizeof *s);
  size_t random = 0;
  a = jac_nested(make, a);
  b = jac_nested(make, b);
  if (a && b && s && count <= 6) {
    jac_term_walk_through(a, collect, s);
    jac_term_walk_through(b, collect, s);
    /* More of them where it has no value at most: two determinants below a logarithm. */
    for (unsigned turn = 0; turn < (t.tried < 2 ? MORE : TURNS) && !t.differ; turn++) {
      jac_dims_sizes(make->dims, turn % TURNS);
      struct jac_sample sample = {.seed = 11 + 31 * turn, .work_most = 20000000};
      at_sample(&sample, a, b, indices, count, &t);
      jac_sample_clear(&sample);
    }
    /* Logarithms: where nothing had a value, between 0 and 1, then -1 and 0. */
    for (unsigned turn = 0; turn < 2 * TURNS && t.tried < 2 && !t.differ; turn++) {
      struct jac_given given[GIVEN];
      size_t givens;
      jac_dims_sizes(make->dims, turn % TURNS);
      double *value = special(s, turn < TURNS ? 4 : 5, given, &givens);
      struct jac_sample sample = {
          .seed = 5, .given = given, .givens = givens, .work_most = 20000000};
      if (value)
        at_sample(&sample, a, b, indices, count, &t);
      jac_sample_clear(&sample);
      free(value);
    }
    random = t.tried;
    bool corners = !jac_term_walk_through(a, smooth, NULL) ||
                   !jac_term_walk_through(b, smooth, NULL);
    bool logs = !jac_term_walk_through(a, no_log_of_product, NULL);
    for (size_t kind = 0; kind < SPECIAL && !t.differ && !corners; kind++) {
      struct jac_given given[GIVEN];
      size_t givens;
      if (logs && (kind == 0 || kind == 3))
        continue; /* there are zeros in them */
      double *value = special(s, kind, given, &givens);
      struct jac_sample sample = {
          .seed = 5, .given = given, .givens = givens, .work_most = 20000000};
      if (value)
        at_sample(&sample, a, b, indices, count, &t);
      jac_sample_clear(&sample);
      free(value);
    }
  }
  free(s);
  if (worst)
    *worst = t.worst;
  if (tried)
    *tried = t.tried;
  return random > 0 && !t.differ;
}
