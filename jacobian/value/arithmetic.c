/* Entry by entry: sums, quotients, powers, functions of one number. A row, a column or a
 * number stands for all rows, columns, entries. */
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef void entry_fn(struct jac_eval *e, void *out, unsigned mask, const void *a,
                      unsigned am, const void *b, unsigned bm);

static bool fits(size_t a, size_t b) {
  return a == b || a == 1 || b == 1;
}

static struct jac_grid entries(struct jac_eval *e, struct jac_grid a, struct jac_grid b,
                               entry_fn *entry) {
  if (!fits(a.rows, b.rows) || !fits(a.cols, b.cols))
    return jac_eval_fail(e, JAC_EINPUT, "sizes differ: %zux%zu and %zux%zu", a.rows,
                         a.cols, b.rows, b.cols);
  size_t rows = a.rows == 1 ? b.rows : a.rows, cols = a.cols == 1 ? b.cols : a.cols;
  struct jac_grid out = jac_grid_new(e, rows, cols, a.mask | b.mask);
  size_t ra = a.rows > 1, ca = a.cols > 1, rb = b.rows > 1, cb = b.cols > 1;
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < out.cols; c++)
      entry(e, jac_grid_at(e, out, r, c), out.mask, jac_grid_at(e, a, r * ra, c * ca),
            a.mask, jac_grid_at(e, b, r * rb, c * cb), b.mask);
  return out;
}

static void add(struct jac_eval *e, void *out, unsigned mask, const void *a, unsigned am,
                const void *b, unsigned bm) {
  jac_jet_add(&e->jets, out, mask, a, am);
  jac_jet_add(&e->jets, out, mask, b, bm);
}
static void subtract(struct jac_eval *e, void *out, unsigned mask, const void *a,
                     unsigned am, const void *b, unsigned bm) {
  jac_jet_add(&e->jets, out, mask, a, am);
  jac_jet_subtract(&e->jets, out, mask, b, bm);
}
static void multiply(struct jac_eval *e, void *out, unsigned mask, const void *a,
                     unsigned am, const void *b, unsigned bm) {
  jac_jet_accumulate(&e->jets, out, mask, a, am, b, bm);
}
static void divide(struct jac_eval *e, void *out, unsigned mask, const void *a,
                   unsigned am, const void *b, unsigned bm) {
  (void)mask;
  jac_jet_divide(&e->jets, out, a, am, b, bm);
}

/* a^p. A constant exponent: by powers, right for every sign of a where p is whole, and at
 * 0. One that moves: exp(p log a). */
static void power(struct jac_eval *e, void *out, unsigned mask, const void *a,
                  unsigned am, const void *p, unsigned pm) {
  const struct jac_jets *j = &e->jets;
  const struct jac_field *f = j->field;
  struct jac_store_mark mark = jac_store_mark(j->store);
  size_t width = jac_jet_width(j, mask);
  void *d = jac_store_take(j->store, JAC_LEVELS + 1);
  void *log = jac_store_take(j->store, jac_jet_width(j, am));
  void *t = jac_store_take(j->store, width);
  if (!d || !log || !t)
    return;
  if (pm == 0) {
    f->power(f, p, jac_jet_order(am), d, a);
    jac_jet_compose(j, out, a, am, d);
  } else {
    void *value = jac_base(j, d, 0);
    f->function(f, &jac_f_log, jac_jet_order(am), d, a);
    jac_jet_compose(j, log, a, am, d);
    jac_jet_accumulate(j, t, mask, p, pm, log, am);
    f->power(f, p, 0, value, a);
    for (size_t k = 1; k <= JAC_LEVELS; k++)
      f->copy(f, 1, jac_base(j, d, k), value);
    jac_jet_compose(j, out, t, mask, d);
  }
  jac_store_release(j->store, mark);
}

/* The larger (sign 1) or smaller (-1). Where they are equal, the one that stands still:
 * max(0, x) has slope 0 at 0 like relu; else the first. */
static void choose(struct jac_eval *e, int sign, void *out, unsigned mask, const void *a,
                   unsigned am, const void *b, unsigned bm) {
  const struct jac_field *f = e->jets.field;
  int order = f->compare(f, a, b) * sign;
  bool first = order == 0 ? (am & ~bm) == 0 || (bm & ~am) != 0 : order == 1;
  if (order == 2 || order == -2) /* NaN wins */
    first = isnan(f->get(f, a));
  jac_jet_add(&e->jets, out, mask, first ? a : b, first ? am : bm);
}
static void larger(struct jac_eval *e, void *out, unsigned mask, const void *a,
                   unsigned am, const void *b, unsigned bm) {
  choose(e, 1, out, mask, a, am, b, bm);
}
static void smaller(struct jac_eval *e, void *out, unsigned mask, const void *a,
                    unsigned am, const void *b, unsigned bm) {
  choose(e, -1, out, mask, a, am, b, bm);
}

#define ENTRIES(name, entry)                                                             \
  struct jac_grid jac_v_##name(struct jac_eval *e, const struct jac_term *term,          \
                               const struct jac_grid *arg, size_t count) {               \
    (void)term;                                                                          \
    (void)count;                                                                         \
    return entries(e, arg[0], arg[1], entry);                                            \
  }
ENTRIES(hadamard, multiply)
ENTRIES(divide, divide)
ENTRIES(power, power)
ENTRIES(larger, larger)
ENTRIES(smaller, smaller)

/* The base numbers of a, all at once, where b is of the same kind. */
static size_t alike(const struct jac_eval *e, struct jac_grid a, struct jac_grid b) {
  bool same = a.rows == b.rows && a.cols == b.cols && a.mask == b.mask;
  return same ? a.rows * a.cols * jac_grid_width(e, &a) : 0;
}

static struct jac_grid sum(struct jac_eval *e, struct jac_grid a, struct jac_grid b,
                           bool minus) {
  const struct jac_field *f = e->jets.field;
  size_t n = alike(e, a, b);
  if (n == 0)
    return entries(e, a, b, minus ? subtract : add);
  struct jac_grid out = jac_grid_new(e, a.rows, a.cols, a.mask);
  if (e->status == JAC_OK)
    (minus ? f->subtract : f->add)(f, n, out.x, a.x, b.x);
  return out;
}

struct jac_grid jac_v_add(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_grid *arg, size_t count) {
  (void)term;
  (void)count;
  return sum(e, arg[0], arg[1], false);
}

struct jac_grid jac_v_subtract(struct jac_eval *e, const struct jac_term *term,
                               const struct jac_grid *arg, size_t count) {
  (void)term;
  (void)count;
  return sum(e, arg[0], arg[1], true);
}

/* A number times a matrix; at once where the number stands still. */
struct jac_grid jac_v_scale(struct jac_eval *e, const struct jac_term *term,
                            const struct jac_grid *arg, size_t count) {
  bool first = arg[0].rows * arg[0].cols == 1;
  struct jac_grid s = arg[first ? 0 : 1], a = arg[first ? 1 : 0];
  (void)term;
  (void)count;
  if (s.mask != 0 || s.rows * s.cols != 1)
    return entries(e, s, a, multiply);
  struct jac_grid out = jac_grid_new(e, a.rows, a.cols, a.mask);
  if (e->status == JAC_OK)
    e->jets.field->scale(e->jets.field, a.rows * a.cols * jac_grid_width(e, &a), out.x,
                         s.x, a.x);
  return out;
}

struct jac_grid jac_v_negate(struct jac_eval *e, const struct jac_term *term,
                             const struct jac_grid *arg, size_t count) {
  struct jac_grid out = jac_grid_new(e, arg->rows, arg->cols, arg->mask);
  size_t all = out.rows * out.cols;
  (void)term;
  (void)count;
  if (e->status == JAC_OK)
    e->jets.field->subtract(e->jets.field, all * jac_grid_width(e, &out), out.x, out.x,
                            arg->x);
  return out;
}

struct jac_grid jac_v_same(struct jac_eval *e, const struct jac_term *term,
                           const struct jac_grid *arg, size_t count) {
  (void)e;
  (void)term;
  (void)count;
  return arg[0];
}

struct jac_grid jac_grid_map(struct jac_eval *e, const struct jac_function *f,
                             struct jac_grid a) {
  const struct jac_field *field = e->jets.field;
  struct jac_grid out = jac_grid_new(e, a.rows, a.cols, a.mask);
  void *d = jac_store_take(e->jets.store, JAC_LEVELS + 1);
  size_t width = jac_grid_width(e, &a), order = jac_jet_order(a.mask);
  if (!d || !jac_eval_spend(e, out.rows * out.cols * JAC_WORK_STEP))
    return out;
  for (size_t k = 0; k < out.rows * out.cols; k++) {
    const void *x = jac_base(&e->jets, a.x, k * width);
    field->function(field, f, order, d, x);
    jac_jet_compose(&e->jets, jac_base(&e->jets, out.x, k * width), x, a.mask, d);
  }
  return out;
}
