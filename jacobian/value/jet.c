#include "jacobian/value/jet.h"

#include <math.h>

struct jac_store_piece {
  struct jac_store_piece *next;
  size_t n;
  void *x;
};

void jac_store_start(struct jac_store *store, const struct jac_field *field) {
  *store = (struct jac_store){.pool = JAC_POOL_INIT, .field = field};
  store->pool.most = (size_t)1 << 27;
}

static void clear(struct jac_store *store, const struct jac_store_piece *until) {
  for (; store->piece != until; store->piece = store->piece->next)
    store->field->clear(store->field, store->piece->n, store->piece->x);
}

void jac_store_free(struct jac_store *store) {
  clear(store, NULL);
  jac_pool_free(&store->pool);
}

void *jac_store_take(struct jac_store *store, size_t n) {
  if (n > JAC_POOL_MOST / store->field->size) {
    store->pool.failed = store->pool.limit = true;
    return NULL;
  }
  void *x = jac_pool_take(&store->pool, n * store->field->size);
  if (!x || !store->field->clear)
    return x;
  struct jac_store_piece *piece = jac_pool_take(&store->pool, sizeof *piece);
  if (!piece)
    return NULL;
  *piece = (struct jac_store_piece){store->piece, n, x};
  store->piece = piece;
  return x;
}

struct jac_store_mark jac_store_mark(const struct jac_store *store) {
  return (struct jac_store_mark){jac_pool_mark(&store->pool), store->piece};
}

void jac_store_release(struct jac_store *store, struct jac_store_mark mark) {
  clear(store, mark.piece);
  jac_pool_release(&store->pool, mark.pool);
}

typedef const struct jac_jets *jets_t;

static unsigned below(unsigned mask, size_t level) {
  return mask & ((1u << level) - 1u);
}

static bool moves(unsigned mask, size_t level) {
  return level > 0 && mask >> (level - 1) & 1u;
}

/* The highest level of the mask that is at most level; 0: none. */
static size_t highest(unsigned mask, size_t level) {
  while (level > 0 && !moves(mask, level))
    level--;
  return level;
}

size_t jac_jet_order(unsigned mask) {
  size_t order = 0;
  for (; mask; mask >>= 1)
    order += mask & 1u;
  return order;
}

size_t jac_jet_width(jets_t jets, unsigned mask) {
  size_t width = 1;
  if (mask == 0)
    return 1;
  for (size_t l = 0; l < JAC_LEVELS; l++)
    if (mask >> l & 1u) {
      size_t n = jets->n[l] + 1;
      if (width > JAC_POOL_MOST / n)
        return JAC_POOL_MOST;
      width *= n;
    }
  return width;
}

static size_t width(jets_t jets, unsigned mask, size_t level) {
  return jac_jet_width(jets, below(mask, level));
}

static void sum(jets_t jets, size_t level, bool minus, void *out, unsigned om,
                const void *a, unsigned am) {
  const struct jac_field *f = jets->field;
  level = highest(om, level);
  if (below(am, level) == below(om, level)) {
    (minus ? f->subtract : f->add)(f, width(jets, om, level), out, out, a);
    return;
  }
  sum(jets, level - 1, minus, out, om, a, am);
  if (!moves(am, level))
    return;
  size_t wo = width(jets, om, level - 1), wa = width(jets, am, level - 1);
  for (size_t i = 1; i <= jets->n[level - 1]; i++)
    sum(jets, level - 1, minus, jac_base(jets, out, i * wo), om,
        jac_base_of(jets, a, i * wa), am);
}

void jac_jet_add(jets_t jets, void *out, unsigned om, const void *a, unsigned am) {
  sum(jets, JAC_LEVELS, false, out, om, a, am);
}

void jac_jet_subtract(jets_t jets, void *out, unsigned om, const void *a, unsigned am) {
  sum(jets, JAC_LEVELS, true, out, om, a, am);
}

static bool finite_base(jets_t jets, const void *a) {
  return isfinite(jets->field->get(jets->field, a));
}

/* out += s b, of slopes b: one that is 0 adds 0, whatever stands beside it. */
static void add_slopes(jets_t jets, size_t n, void *out, const void *s, const void *b) {
  const struct jac_field *f = jets->field;
  if (finite_base(jets, s)) {
    f->accumulate(f, n, out, s, b);
    return;
  }
  for (size_t k = 0; k < n; k++)
    if (!f->zero(f, 1, jac_base_of(jets, b, k)))
      f->accumulate(f, 1, jac_base(jets, out, k), s, jac_base_of(jets, b, k));
}

static void product(jets_t jets, size_t level, void *out, unsigned om, const void *a,
                    unsigned am, const void *b, unsigned bm);

/* out_i += s b_i for every direction i of the level; s is of the level below. */
static void product_each(jets_t jets, size_t level, void *out, unsigned om, const void *s,
                         unsigned sm, const void *b, unsigned bm) {
  size_t n = jets->n[level - 1];
  size_t wo = width(jets, om, level - 1), wb = width(jets, bm, level - 1);
  if (below(sm, level - 1) == 0 && wo == wb) {
    add_slopes(jets, n * wo, jac_base(jets, out, wo), s, jac_base_of(jets, b, wb));
    return;
  }
  for (size_t i = 1; i <= n; i++)
    product(jets, level - 1, jac_base(jets, out, i * wo), om, s, sm,
            jac_base_of(jets, b, i * wb), bm);
}

/* out += a b on the levels up to level. */
static void product(jets_t jets, size_t level, void *out, unsigned om, const void *a,
                    unsigned am, const void *b, unsigned bm) {
  const struct jac_field *f = jets->field;
  level = highest(om, level);
  if (below(am, level) == 0 && below(bm, level) == below(om, level)) {
    f->accumulate(f, width(jets, om, level), out, a, b);
    return;
  }
  if (below(bm, level) == 0 && below(am, level) == below(om, level)) {
    f->accumulate(f, width(jets, om, level), out, b, a);
    return;
  }
  product(jets, level - 1, out, om, a, am, b, bm);
  if (moves(bm, level))
    product_each(jets, level, out, om, a, am, b, bm);
  if (moves(am, level))
    product_each(jets, level, out, om, b, bm, a, am);
}

void jac_jet_accumulate(jets_t jets, void *out, unsigned om, const void *a, unsigned am,
                        const void *b, unsigned bm) {
  product(jets, JAC_LEVELS, out, om, a, am, b, bm);
}

/* q = a/b, and q_i = (a_i - q b_i)/b, so that no square of b is ever needed. */
static void divide(jets_t jets, size_t level, void *out, const void *a, unsigned am,
                   const void *b, unsigned bm) {
  const struct jac_field *f = jets->field;
  unsigned om = am | bm;
  level = highest(om, level);
  if (level == 0) {
    f->divide(f, out, a, b);
    return;
  }
  divide(jets, level - 1, out, a, am, b, bm);
  size_t wo = width(jets, om, level - 1);
  size_t wa = width(jets, am, level - 1), wb = width(jets, bm, level - 1);
  for (size_t i = 1; i <= jets->n[level - 1]; i++) {
    struct jac_store_mark mark = jac_store_mark(jets->store);
    void *rest = jac_store_take(jets->store, wo), *less = jac_store_take(jets->store, wo);
    if (!rest || !less)
      return;
    if (moves(am, level))
      sum(jets, level - 1, false, rest, om, jac_base_of(jets, a, i * wa), am);
    if (moves(bm, level)) {
      product(jets, level - 1, less, om, out, om, jac_base_of(jets, b, i * wb), bm);
      f->subtract(f, wo, rest, rest, less);
    }
    if (!f->zero(f, wo, rest))
      divide(jets, level - 1, jac_base(jets, out, i * wo), rest, below(om, level - 1), b,
             bm);
    jac_store_release(jets->store, mark);
  }
}

void jac_jet_divide(jets_t jets, void *out, const void *a, unsigned am, const void *b,
                    unsigned bm) {
  divide(jets, JAC_LEVELS, out, a, am, b, bm);
}

static void compose(jets_t jets, size_t level, void *out, const void *a, unsigned mask,
                    const void *d, size_t k) {
  const struct jac_field *f = jets->field;
  level = highest(mask, level);
  if (level == 0) {
    f->copy(f, 1, out, jac_base_of(jets, d, k));
    return;
  }
  compose(jets, level - 1, out, a, mask, d, k);
  size_t w = width(jets, mask, level - 1), n = jets->n[level - 1];
  const void *slope = jac_base_of(jets, d, k + 1);
  if (w == 1 && finite_base(jets, slope)) {
    f->scale(f, n, jac_base(jets, out, 1), slope, jac_base_of(jets, a, 1));
    return;
  }
  struct jac_store_mark mark = jac_store_mark(jets->store);
  void *steep = jac_store_take(jets->store, w);
  if (!steep)
    return;
  compose(jets, level - 1, steep, a, mask, d, k + 1);
  for (size_t i = 1; i <= n; i++)
    if (!f->zero(f, w, jac_base_of(jets, a, i * w)))
      product(jets, level - 1, jac_base(jets, out, i * w), mask, steep, mask,
              jac_base_of(jets, a, i * w), mask);
  jac_store_release(jets->store, mark);
}

void jac_jet_compose(jets_t jets, void *out, const void *a, unsigned mask,
                     const void *d) {
  compose(jets, JAC_LEVELS, out, a, mask, d, 0);
}
