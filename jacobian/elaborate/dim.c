#include "jacobian/elaborate/dim.h"

#include <stdio.h>
#include <string.h>

struct jac_dim *jac_dim_root(const struct jac_dim *dim) {
  while (dim->parent)
    dim = dim->parent;
  return (struct jac_dim *)dim;
}

bool jac_dim_is_one(const struct jac_dim *dim) {
  return jac_dim_root(dim)->kind == JAC_DIM_ONE;
}

/* A size as a product: n (n + n) is 2 n n. */
struct factors {
  size_t number, count;
  const struct jac_dim *of[16];
  bool full;
};

static void factor(struct factors *f, const struct jac_dim *dim) {
  dim = jac_dim_root(dim);
  if (dim->kind == JAC_DIM_ONE)
    return;
  if (dim->kind == JAC_DIM_FIXED) {
    f->number *= dim->fixed;
  } else if (dim->kind == JAC_DIM_PRODUCT) {
    factor(f, dim->a);
    factor(f, dim->b);
  } else if (dim->kind == JAC_DIM_SUM && jac_dim_same(dim->a, dim->b)) {
    f->number *= 2;
    factor(f, dim->a);
  } else if (f->count < sizeof f->of / sizeof *f->of) {
    f->of[f->count++] = dim;
  } else
    f->full = true;
}

/* Factors of one kind, in whatever order the sum is. */
static bool same_factor(const struct jac_dim *a, const struct jac_dim *b) {
  if (a == b)
    return true;
  if (a->kind == JAC_DIM_LESS && b->kind == JAC_DIM_LESS)
    return jac_dim_same(a->a, b->a) && jac_dim_same(a->b, b->b);
  return a->kind == JAC_DIM_SUM && b->kind == JAC_DIM_SUM &&
         ((jac_dim_same(a->a, b->a) && jac_dim_same(a->b, b->b)) ||
          (jac_dim_same(a->a, b->b) && jac_dim_same(a->b, b->a)));
}

/* Both as products, without what they share. False: they are too long. */
static bool apart(const struct jac_dim *a, const struct jac_dim *b, struct factors *f,
                  struct factors *g) {
  *f = *g = (struct factors){.number = 1};
  factor(f, a);
  factor(g, b);
  for (size_t k = 0; k < f->count; k++)
    for (size_t n = 0; n < g->count; n++)
      if (same_factor(f->of[k], g->of[n])) {
        f->of[k--] = f->of[--f->count];
        g->of[n] = g->of[--g->count];
        break;
      }
  return !f->full && !g->full;
}

bool jac_dim_same(const struct jac_dim *a, const struct jac_dim *b) {
  struct factors f, g;
  a = jac_dim_root(a);
  b = jac_dim_root(b);
  if (a == b)
    return true;
  if (a->kind == JAC_DIM_FREE || b->kind == JAC_DIM_FREE)
    return false;
  return apart(a, b, &f, &g) && f.count == 0 && g.count == 0 && f.number == g.number;
}

size_t jac_dim_size(const struct jac_dim *dim) {
  dim = jac_dim_root(dim);
  switch (dim->kind) {
  case JAC_DIM_ONE:
    return 1;
  case JAC_DIM_FIXED:
    return dim->fixed;
  case JAC_DIM_PRODUCT:
    return jac_dim_size(dim->a) * jac_dim_size(dim->b);
  case JAC_DIM_SUM:
    return jac_dim_size(dim->a) + jac_dim_size(dim->b);
  case JAC_DIM_LESS:
    return jac_dim_size(dim->a) > jac_dim_size(dim->b)
               ? jac_dim_size(dim->a) - jac_dim_size(dim->b)
               : 1;
  case JAC_DIM_FREE:
    break;
  }
  return dim->size;
}

static struct jac_dim *add(struct jac_dims *dims, enum jac_dim_kind kind) {
  struct jac_dim *dim = jac_pool_take(dims->pool, sizeof *dim);
  if (!dim)
    return dims->one;
  if (dims->count == dims->capacity) {
    size_t capacity = dims->capacity ? 2 * dims->capacity : 64;
    struct jac_dim **all = jac_pool_take(dims->pool, capacity * sizeof(struct jac_dim *));
    if (!all)
      return dims->one;
    if (dims->count)
      memcpy(all, dims->all, dims->count * sizeof(struct jac_dim *));
    dims->all = all;
    dims->capacity = capacity;
  }
  dim->kind = kind;
  dim->id = dims->count;
  dims->all[dims->count++] = dim;
  return dim;
}

bool jac_dims_start(struct jac_dims *dims, struct jac_pool *pool) {
  *dims = (struct jac_dims){.pool = pool};
  dims->one = add(dims, JAC_DIM_ONE);
  return dims->one != NULL;
}

struct jac_dim *jac_dim_free_new(struct jac_dims *dims, const char *name) {
  struct jac_dim *dim = add(dims, JAC_DIM_FREE);
  if (dim != dims->one)
    dim->name = name;
  return dim;
}

struct jac_dim *jac_dim_fixed_new(struct jac_dims *dims, size_t size) {
  return size == 1 ? dims->one : jac_dim_side_new(dims, size);
}

struct jac_dim *jac_dim_side_new(struct jac_dims *dims, size_t size) {
  struct jac_dim *dim = add(dims, JAC_DIM_FIXED);
  if (dim != dims->one)
    dim->fixed = size;
  return dim;
}

static struct jac_dim *pair(struct jac_dims *dims, enum jac_dim_kind kind,
                            struct jac_dim *a, struct jac_dim *b) {
  struct jac_dim *dim = add(dims, kind);
  if (dim == dims->one)
    return dim;
  dim->a = a;
  dim->b = b;
  return dim;
}

struct jac_dim *jac_dim_product(struct jac_dims *dims, struct jac_dim *a,
                                struct jac_dim *b) {
  if (jac_dim_is_one(a))
    return b;
  if (jac_dim_is_one(b))
    return a;
  return pair(dims, JAC_DIM_PRODUCT, a, b);
}

struct jac_dim *jac_dim_sum(struct jac_dims *dims, struct jac_dim *a, struct jac_dim *b) {
  return pair(dims, JAC_DIM_SUM, a, b);
}

struct jac_dim *jac_dim_less(struct jac_dims *dims, struct jac_dim *a, size_t less) {
  return pair(dims, JAC_DIM_LESS, a, jac_dim_fixed_new(dims, less));
}

bool jac_dim_is_summand(const struct jac_dim *part, const struct jac_dim *whole) {
  part = jac_dim_root(part);
  whole = jac_dim_root(whole);
  if (whole->kind == JAC_DIM_LESS)
    return jac_dim_is_summand(part, whole->a);
  return whole->kind == JAC_DIM_SUM &&
         (jac_dim_same(part, whole->a) || jac_dim_same(part, whole->b) ||
          jac_dim_is_summand(part, whole->a) || jac_dim_is_summand(part, whole->b));
}

/* A size made of two others. */
static bool is_pair(const struct jac_dim *dim) {
  return dim->kind == JAC_DIM_PRODUCT || dim->kind == JAC_DIM_SUM ||
         dim->kind == JAC_DIM_LESS;
}

static bool save(struct jac_dims *dims, struct jac_dim *dim) {
  if (dims->trailed == dims->trail_capacity) {
    size_t capacity = dims->trail_capacity ? 2 * dims->trail_capacity : 64;
    struct jac_dim **trail =
        jac_pool_take(dims->pool, capacity * sizeof(struct jac_dim *));
    struct jac_dim *was = jac_pool_take(dims->pool, capacity * sizeof *was);
    if (!trail || !was)
      return false;
    if (dims->trailed) {
      memcpy(trail, dims->trail, dims->trailed * sizeof(struct jac_dim *));
      memcpy(was, dims->was, dims->trailed * sizeof *was);
    }
    dims->trail = trail;
    dims->was = was;
    dims->trail_capacity = capacity;
  }
  dims->trail[dims->trailed] = dim;
  dims->was[dims->trailed++] = *dim;
  return true;
}

uint64_t jac_dim_because(const struct jac_dim *dim) {
  uint64_t because = dim->because;
  while (dim->parent) {
    dim = dim->parent;
    because |= dim->because;
  }
  if (is_pair(dim))
    because |= jac_dim_because(dim->a) | jac_dim_because(dim->b);
  return because;
}

static bool contains(const struct jac_dim *whole, const struct jac_dim *part) {
  whole = jac_dim_root(whole);
  if (whole == part)
    return true;
  if (!is_pair(whole))
    return false;
  return contains(whole->a, part) || contains(whole->b, part);
}

static bool clash(struct jac_dims *dims, const struct jac_dim *a, const struct jac_dim *b,
                  uint64_t because) {
  dims->conflict = jac_dim_because(a) | jac_dim_because(b) | because;
  return false;
}

/* How many a side is where numbers say it: 2 * 2. 0: they do not, or beyond all bounds.
 */
static size_t known(struct jac_dim *d) {
  d = jac_dim_root(d);
  if (d->kind == JAC_DIM_ONE || d->kind == JAC_DIM_FIXED)
    return d->kind == JAC_DIM_ONE ? 1 : d->fixed;
  if (d->kind == JAC_DIM_FREE)
    return 0;
  size_t a = known(d->a), b = a ? known(d->b) : 0;
  if (!b || a > 1000000000 || b > 1000000000)
    return 0;
  return d->kind == JAC_DIM_PRODUCT ? a * b
         : d->kind == JAC_DIM_SUM   ? a + b
         : a > b                    ? a - b
                                    : 0;
}

bool jac_dim_unify(struct jac_dims *dims, struct jac_dim *a0, struct jac_dim *b0,
                   uint64_t because) {
  struct jac_dim *a = jac_dim_root(a0), *b = jac_dim_root(b0);
  if (jac_dim_same(a, b))
    return true;
  because |= jac_dim_because(a0) | jac_dim_because(b0);
  if (a->kind == JAC_DIM_ONE || b->kind == JAC_DIM_ONE)
    return clash(dims, a0, b0, because);
  if (a->kind != JAC_DIM_FREE) {
    struct jac_dim *other = a;
    a = b;
    b = other;
  }
  if (a->kind == JAC_DIM_FREE) {
    if (contains(b, a))
      return clash(dims, a0, b0, because);
    if (dims->strict && a->name && b->kind == JAC_DIM_FREE && b->name &&
        strcmp(a->name, b->name) != 0)
      return clash(dims, a0, b0, because);
    if (!save(dims, a) || !save(dims, b))
      return false;
    if (!b->name && b->kind == JAC_DIM_FREE)
      b->name = a->name;
    if (a->seen > b->seen)
      b->seen = a->seen;
    b->counted = b->counted || a->counted;
    a->parent = b;
    a->because |= because;
    return true;
  }
  if (known(a) && known(a) == known(b))
    return true;
  if (a->kind == b->kind && is_pair(a)) {
    size_t mark = jac_dims_mark(dims);
    if (jac_dim_unify(dims, a->a, b->a, because) &&
        jac_dim_unify(dims, a->b, b->b, because))
      return true;
    jac_dims_undo(dims, mark);
    if (a->kind != JAC_DIM_LESS && jac_dim_unify(dims, a->a, b->b, because) &&
        jac_dim_unify(dims, a->b, b->a, because))
      return true;
    jac_dims_undo(dims, mark);
  }
  /* What is left of products, once what they share is out. */
  struct factors f, g;
  if (a->kind == JAC_DIM_PRODUCT && b->kind == JAC_DIM_PRODUCT && apart(a, b, &f, &g) &&
      f.count == 1 && g.count == 1 && f.number == g.number)
    return jac_dim_unify(dims, (struct jac_dim *)f.of[0], (struct jac_dim *)g.of[0],
                         because);
  return clash(dims, a0, b0, because);
}

size_t jac_dims_mark(const struct jac_dims *dims) {
  return dims->trailed;
}

void jac_dims_undo(struct jac_dims *dims, size_t mark) {
  while (dims->trailed > mark) {
    dims->trailed--;
    *dims->trail[dims->trailed] = dims->was[dims->trailed];
  }
}

bool jac_dims_sizes(struct jac_dims *dims, unsigned turn) {
  static const size_t sizes[] = {3, 4, 2, 5, 3, 2, 4, 3, 2};
  size_t used = turn;
  for (size_t k = 0; k < dims->count; k++)
    if (!dims->all[k]->parent && dims->all[k]->kind == JAC_DIM_FREE)
      dims->all[k]->size =
          (dims->spelled || dims->all[k]->counted) && dims->all[k]->seen > 1
              ? dims->all[k]->seen
              : sizes[used++ % (sizeof sizes / sizeof *sizes)];
  return true;
}

void jac_dims_shrink(struct jac_dims *dims) {
  for (size_t k = 0; k < dims->count; k++) {
    struct jac_dim *d = dims->all[k];
    if (!d->parent && d->kind == JAC_DIM_FREE && d->size > 3 && d->size != d->seen)
      d->size = d->size % 2 ? 3 : 2;
  }
}

static void words(const struct jac_dim *dim, char *out, size_t size) {
  dim = jac_dim_root(dim);
  char a[40], b[40];
  switch (dim->kind) {
  case JAC_DIM_ONE:
    snprintf(out, size, "1");
    break;
  case JAC_DIM_FIXED:
    snprintf(out, size, "%zu", dim->fixed);
    break;
  case JAC_DIM_FREE:
    if (dim->name)
      snprintf(out, size, "%s", dim->name);
    else
      snprintf(out, size, "%c", (char)('a' + (char)(dim->id % 26)));
    break;
  case JAC_DIM_PRODUCT:
  case JAC_DIM_SUM:
  case JAC_DIM_LESS:
    words(dim->a, a, sizeof a);
    words(dim->b, b, sizeof b);
    if (dim->kind == JAC_DIM_PRODUCT && (strcmp(a, "1") == 0 || strcmp(b, "1") == 0))
      snprintf(out, size, "%s", strcmp(a, "1") == 0 ? b : a);
    else
      snprintf(out, size,
               dim->kind == JAC_DIM_SUM    ? "(%s+%s)"
               : dim->kind == JAC_DIM_LESS ? "(%s-%s)"
                                           : "%s*%s",
               a, b);
    break;
  }
}

void jac_type_words(struct jac_type type, char *out, size_t size) {
  char rows[100], cols[100];
  words(type.rows, rows, sizeof rows);
  words(type.cols, cols, sizeof cols);
  snprintf(out, size, "%s x %s", rows, cols);
}
