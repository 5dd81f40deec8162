/* Values for what is given: random, and the same again for the same seed and key. */
#include "jacobian/value/value_internal.h"

#include <math.h>
#include <string.h>

typedef struct jac_grid grid_t;

/* The finaliser of splitmix64 (Steele, Lea and Flood, 2014). */
static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

double jac_random(const struct jac_sample *sample, const char *key, const long *place,
                  size_t places) {
  uint64_t hash = mix(sample->seed);
  for (; *key; key++)
    hash = mix(hash ^ (unsigned char)*key);
  for (size_t k = 0; k < places; k++)
    hash = mix(hash ^ (uint64_t)place[k]);
  return (double)(hash >> 11) * 0x1p-53;
}

/* What one entry is drawn from: its place in its family, row, column, and the stream. */
enum { VALUE, SIGN, NUDGE };
static double draw(const struct jac_eval *e, const struct jac_symbol *symbol,
                   const long *place, size_t r, size_t c, long stream) {
  long at[JAC_PLACES_MOST + 3] = {0};
  size_t n = symbol->families;
  if ((symbol->symmetric || symbol->skew) && c < r) {
    size_t swap = r;
    r = c;
    c = swap;
  }
  for (size_t k = 0; k < n; k++)
    at[k] = place[k];
  at[n] = (long)r;
  at[n + 1] = (long)c;
  at[n + 2] = stream;
  return jac_random(e->sample, symbol->key, at, n + 3);
}

/* Of which size a name is in a wide sample: all of its entries large, small, or of any
 * size. The orthogonal array L9 (3^4) of Taguchi: a row a sample, a column for every
 * fourth name. */
static double wide_size(const struct jac_eval *e, const struct jac_symbol *symbol,
                        double u) {
  unsigned row = (e->sample->wide - 1) % 9, a = row / 3, b = row % 3;
  const unsigned level[] = {a, b, (a + b) % 3, (a + 2 * b) % 3};
  double any = pow(10.0, 2.6 * u - 2.0);
  switch (level[symbol->id % 4]) {
  case 0:
    return any;
  case 1:
    return any / 10.0;
  default:
    return 2.0 + 14.0 * u;
  }
}

static double entry(const struct jac_eval *e, const struct jac_symbol *symbol,
                    const long *place, size_t r, size_t c) {
  double u = draw(e, symbol, place, r, c, VALUE);
  switch (symbol->values) {
  case JAC_NOT_NEGATIVE:
  case JAC_SIMPLEX:
  case JAC_SIMPLEX_COLUMNS:
    return 0.3 + 1.7 * u;
  case JAC_NEGATIVE:
    return -0.3 - 1.7 * u;
  case JAC_UNIT:
    return 0.05 + 0.9 * u;
  case JAC_BINARY:
    return u < 0.5 ? 0.0 : 1.0;
  case JAC_SIGNS:
    return u < 0.5 ? -1.0 : 1.0;
  case JAC_ONES:
    return 1.0;
  case JAC_PLACES:
    return symbol->places ? 1.0 + floor(u * (double)jac_dim_size(symbol->places)) : 1.0;
  case JAC_ANY:
    break;
  }
  double size = e->sample->wide ? wide_size(e, symbol, u) : 0.3 + 1.7 * u;
  return draw(e, symbol, place, r, c, SIGN) < 0.5 ? -size : size;
}

static double nudged(const struct jac_eval *e, const struct jac_symbol *symbol,
                     const long *place, size_t r, size_t c, double x) {
  bool whole = symbol->values >= JAC_BINARY;
  if (e->sample->nudge == 0.0 || whole)
    return x;
  double u = 2.0 * draw(e, symbol, place, r, c, NUDGE) - 1.0;
  return x * (1.0 + e->sample->nudge * u);
}

/* Divides by sums: of the vector, of each row, or of each column. */
static grid_t simplex(struct jac_eval *e, grid_t a, bool columns) {
  bool rows = !columns && a.rows > 1 && a.cols > 1, all = a.rows == 1 && !columns;
  grid_t sum = jac_grid_new(e, rows ? a.rows : 1, rows || all ? 1 : a.cols, 0),
         arg[2] = {a, sum};
  if (e->status != JAC_OK)
    return a;
  for (size_t r = 0; r < a.rows; r++)
    for (size_t c = 0; c < a.cols; c++)
      jac_grid_put(e, sum, rows ? r : 0, rows || all ? 0 : c, a, r, c);
  return jac_v_divide(e, NULL, arg, 2);
}

static grid_t column(struct jac_eval *e, grid_t a, size_t c) {
  grid_t out = jac_grid_new(e, a.rows, 1, 0);
  for (size_t r = 0; r < out.rows; r++)
    jac_grid_put(e, out, r, 0, a, r, c);
  return out;
}

static grid_t two(struct jac_eval *e, jac_value_fn *fn, grid_t a, grid_t b) {
  grid_t arg[2] = {a, b};
  return e->status == JAC_OK ? fn(e, NULL, arg, 2) : a;
}

/* Gram and Schmidt, each column's part along the earlier ones taken out, twice over. */
static grid_t orthogonal(struct jac_eval *e, grid_t a) {
  grid_t out = jac_grid_new(e, a.rows, a.cols, 0);
  for (size_t c = 0; c < a.cols && e->status == JAC_OK; c++) {
    grid_t v = column(e, a, c);
    for (size_t k = 0; k < 2 * c && e->status == JAC_OK; k++) {
      grid_t earlier = column(e, out, k % c);
      grid_t along = two(e, jac_v_dot, earlier, v);
      v = two(e, jac_v_subtract, v, two(e, jac_v_scale, earlier, along));
    }
    grid_t size = e->status == JAC_OK ? jac_v_norm(e, NULL, &v, 1) : v;
    v = two(e, jac_v_divide, v, size);
    for (size_t r = 0; r < v.rows && e->status == JAC_OK; r++)
      jac_grid_put(e, out, r, c, v, r, 0);
  }
  return out;
}

/* I + c u v^T / v^T u. */
static grid_t identity_and(struct jac_eval *e, double c, grid_t u, grid_t v) {
  grid_t out = two(e, jac_v_outer, u, v);
  out = two(e, jac_v_divide, out, two(e, jac_v_dot, v, u));
  out = two(e, jac_v_scale, out, jac_grid_number(e, c));
  grid_t one = jac_grid_new(e, out.rows, out.rows, 0);
  for (size_t k = 0; k < one.rows && e->status == JAC_OK; k++)
    e->jets.field->set(e->jets.field, jac_grid_at(e, one, k, k), 1.0);
  return two(e, jac_v_add, one, out);
}

/* Its own transpose and inverse. */
static grid_t mirror(struct jac_eval *e, grid_t a) {
  grid_t v = column(e, a, 0);
  return identity_and(e, -2.0, v, v);
}

/* Its own square: I - P with P of rank 1, P for 1 x 1 is its one entry. */
static grid_t projector(struct jac_eval *e, grid_t a, bool symmetric) {
  grid_t u = column(e, a, 0), v = symmetric ? u : column(e, a, a.cols - 1);
  return a.rows == 1 ? two(e, jac_v_divide, a, a) : identity_and(e, -1.0, u, v);
}

/* Of length 1, of orthonormal columns, which more of them than rows cannot be. */
static grid_t orthonormal(struct jac_eval *e, grid_t a) {
  if (a.rows > 1 && a.cols > a.rows)
    return two(e, jac_v_divide, a, jac_grid_number(e, 0.0));
  return a.rows > 1 ? orthogonal(e, a)
                    : two(e, jac_v_divide, a, jac_v_norm(e, NULL, &a, 1));
}

/* Which of a family's members, the last index fastest. */
static size_t member(const struct jac_symbol *symbol, const long *place) {
  size_t at = 0;
  for (size_t k = 0; k < symbol->families; k++)
    at = at * jac_dim_size(symbol->family[k]) + (size_t)place[k] - 1;
  return at;
}

static const double *given(const struct jac_eval *e, const struct jac_symbol *symbol) {
  for (size_t k = 0; k < e->sample->givens; k++)
    if (strcmp(e->sample->given[k].key, symbol->key) == 0)
      return e->sample->given[k].values;
  return NULL;
}

static bool inside(const struct jac_symbol *symbol, const long *place) {
  for (size_t k = 0; k < symbol->families; k++)
    if (place[k] < 1 || (size_t)place[k] > jac_dim_size(symbol->family[k]))
      return false;
  return true;
}

/* Random values that sum to 1, or of an orthogonal matrix, a projector, unit vectors. */
static grid_t shaped(struct jac_eval *e, const struct jac_symbol *symbol, grid_t a) {
  if (symbol->values == JAC_SIMPLEX || symbol->values == JAC_SIMPLEX_COLUMNS)
    a = simplex(e, a, symbol->values == JAC_SIMPLEX_COLUMNS);
  if (symbol->orthogonal && a.rows == a.cols && e->status == JAC_OK)
    a = symbol->symmetric ? mirror(e, a) : orthogonal(e, a);
  if (symbol->idempotent && a.rows == a.cols && e->status == JAC_OK)
    a = projector(e, a, symbol->symmetric);
  if (symbol->orthonormal && e->status == JAC_OK)
    a = orthonormal(e, a);
  return a;
}

/* What an entry is taken times where its matrix is diagonal or skew. */
static double factor(const struct jac_symbol *symbol, size_t r, size_t c) {
  if (symbol->diagonal)
    return r == c ? 1.0 : 0.0;
  return !symbol->skew ? 1.0 : r < c ? 1.0 : r > c ? -1.0 : 0.0;
}

grid_t jac_random_value(struct jac_eval *e, const struct jac_symbol *symbol,
                        const long *place) {
  size_t rows = jac_dim_size(symbol->type.rows), cols = jac_dim_size(symbol->type.cols);
  const double *values = inside(symbol, place) ? given(e, symbol) : NULL;
  grid_t out = jac_grid_new(e, rows, cols, 0);
  jac_eval_spend(e, out.rows * out.cols * JAC_WORK_STEP);
  if (values)
    values += member(symbol, place) * rows * cols;
  for (size_t r = 0; r < out.rows && e->status == JAC_OK; r++)
    for (size_t c = 0; c < out.cols; c++) {
      double x = values ? values[r * cols + c] : entry(e, symbol, place, r, c);
      x = nudged(e, symbol, place, r, c, x);
      if (!values)
        x *= factor(symbol, r, c);
      e->jets.field->set(e->jets.field, jac_grid_at(e, out, r, c), x);
    }
  if (!values)
    out = shaped(e, symbol, out);
  if (e->status == JAC_OK)
    out.scale = jac_grid_largest(e, out);
  return out;
}

/* A coefficient of a function nobody defines. */
static double weight(const struct jac_eval *e, const struct jac_symbol *symbol, long out,
                     long in, long which) {
  long at[3] = {out, in, which};
  double u = 2.0 * jac_random(e->sample, symbol->key, at, 3) - 1.0;
  return u < 0.0 ? u - 0.3 : u + 0.3;
}

/* out += c sin(w v + p), of a number. */
static void add_wave(struct jac_eval *e, void *out, unsigned mask, grid_t v, double c,
                     double w, double p) {
  grid_t wave = two(e, jac_v_scale, v, jac_grid_number(e, w));
  wave = two(e, jac_v_add, wave, jac_grid_number(e, p));
  wave = jac_grid_map(e, &jac_f_sin, wave);
  wave = two(e, jac_v_scale, wave, jac_grid_number(e, c));
  if (e->status == JAC_OK)
    jac_jet_add(&e->jets, out, mask, wave.x, wave.mask);
}

/* One entry of the result: sum_i c_i sin(w_i v_i + p_i) + 0.2 sum_i c_i' v_i v_{i+1}, so
 * that no derivative of it up to the third is zero or the same as another. */
static void generic(struct jac_eval *e, const struct jac_symbol *symbol, long which,
                    const grid_t *v, size_t n, void *out, unsigned mask) {
  for (size_t i = 0; i < n && e->status == JAC_OK; i++) {
    struct jac_store_mark mark = jac_store_mark(e->jets.store);
    long at = (long)i;
    add_wave(e, out, mask, v[i], weight(e, symbol, which, at, 0),
             weight(e, symbol, which, at, 1), weight(e, symbol, which, at, 2));
    for (size_t j = i + 1; j < n && e->status == JAC_OK; j++) {
      grid_t pair = two(e, jac_v_scale, v[i], v[j]);
      pair = two(e, jac_v_scale, pair,
                 jac_grid_number(e, 0.2 * weight(e, symbol, which, at, 3 + (long)j)));
      if (e->status == JAC_OK)
        jac_jet_add(&e->jets, out, mask, pair.x, pair.mask);
    }
    if (e->status == JAC_OK)
      jac_store_release(e->jets.store, mark);
  }
}

/* All entries of all arguments, each as a grid of its own. */
static grid_t *inputs(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                      size_t *n, unsigned *mask) {
  *n = 0;
  *mask = 0;
  for (size_t k = 0; k < term->count; k++) {
    *n += arg[k].rows * arg[k].cols;
    *mask |= arg[k].mask;
  }
  grid_t *v = jac_pool_take(&e->jets.store->pool, (*n + 1) * sizeof *v), *next = v;
  for (size_t k = 0; v && k < term->count; k++)
    for (size_t i = 0; i < arg[k].rows * arg[k].cols; i++)
      *next++ = (grid_t){1, 1, arg[k].mask, arg[k].scale,
                         jac_base(&e->jets, arg[k].x, i * jac_grid_width(e, &arg[k]))};
  return v;
}

grid_t jac_random_call(struct jac_eval *e, const struct jac_term *term,
                       const grid_t *arg) {
  const struct jac_symbol *symbol = term->symbol;
  size_t rows = jac_dim_size(term->type.rows), cols = jac_dim_size(term->type.cols),
         n = 0;
  unsigned mask = 0;
  grid_t *v = inputs(e, term, arg, &n, &mask), out = jac_grid_new(e, rows, cols, mask);
  if (!v)
    return out;
  if (symbol->entrywise && rows * cols != n)
    return jac_eval_fail(e, JAC_EINPUT, "%s takes %zu entries to %zux%zu", symbol->key, n,
                         rows, cols);
  for (size_t k = 0; k < out.rows * out.cols && e->status == JAC_OK; k++) {
    void *to = jac_base(&e->jets, out.x, k * jac_grid_width(e, &out));
    if (symbol->entrywise)
      generic(e, symbol, 0, v + k, 1, to, mask);
    else
      generic(e, symbol, (long)k, v, n, to, mask);
  }
  return out;
}
