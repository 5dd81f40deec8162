#include "jacobian/value/value_internal.h"

#include <math.h>

size_t jac_grid_width(const struct jac_eval *e, const struct jac_grid *a) {
  return jac_jet_width(&e->jets, a->mask);
}

static struct jac_grid grid_in(struct jac_eval *e, struct jac_store *store, size_t rows,
                               size_t cols, unsigned mask) {
  struct jac_grid grid = {rows, cols, mask, 0.0, NULL};
  size_t width = jac_grid_width(e, &grid), count = 0;
  if (e->status != JAC_OK)
    return (struct jac_grid){0};
  if (__builtin_mul_overflow(rows, cols, &count) ||
      __builtin_mul_overflow(count, width, &count) || count > JAC_POOL_MOST)
    return jac_eval_fail(e, JAC_ELIMIT, "it is too large to be worked out");
  if (!jac_eval_spend(e, count))
    return (struct jac_grid){0};
  grid.x = jac_store_take(store, count ? count : 1);
  if (!grid.x) {
    e->status = jac_pool_status(&store->pool, e->err);
    return (struct jac_grid){0};
  }
  return grid;
}

struct jac_grid jac_grid_new(struct jac_eval *e, size_t rows, size_t cols,
                             unsigned mask) {
  return grid_in(e, e->jets.store, rows, cols, mask);
}

struct jac_grid jac_grid_filled(struct jac_eval *e, size_t rows, size_t cols, double x) {
  struct jac_grid grid = jac_grid_new(e, rows, cols, 0);
  for (size_t k = 0; k < grid.rows * grid.cols; k++)
    e->jets.field->set(e->jets.field, jac_base(&e->jets, grid.x, k), x);
  grid.scale = fabs(x);
  return grid;
}

struct jac_grid jac_grid_number(struct jac_eval *e, double x) {
  return jac_grid_filled(e, 1, 1, x);
}

struct jac_grid jac_grid_copy(struct jac_eval *e, struct jac_store *store,
                              struct jac_grid a) {
  struct jac_grid grid = grid_in(e, store, a.rows, a.cols, a.mask);
  if (e->status != JAC_OK)
    return grid;
  e->jets.field->copy(e->jets.field, a.rows * a.cols * jac_grid_width(e, &a), grid.x,
                      a.x);
  grid.scale = a.scale;
  return grid;
}

struct jac_grid jac_grid_widen(struct jac_eval *e, struct jac_grid a, unsigned mask) {
  if ((a.mask | mask) == a.mask)
    return a;
  struct jac_grid grid = jac_grid_new(e, a.rows, a.cols, a.mask | mask);
  for (size_t r = 0; r < grid.rows; r++)
    for (size_t c = 0; c < grid.cols; c++)
      jac_grid_put(e, grid, r, c, a, r, c);
  grid.scale = a.scale;
  return grid;
}

void *jac_grid_at(const struct jac_eval *e, struct jac_grid a, size_t r, size_t c) {
  return jac_base(&e->jets, a.x, (r * a.cols + c) * jac_grid_width(e, &a));
}

void jac_grid_put(const struct jac_eval *e, struct jac_grid out, size_t r, size_t c,
                  struct jac_grid a, size_t i, size_t j) {
  if (e->status == JAC_OK)
    jac_jet_add(&e->jets, jac_grid_at(e, out, r, c), out.mask, jac_grid_at(e, a, i, j),
                a.mask);
}

double jac_grid_get(const struct jac_eval *e, struct jac_grid a, size_t r, size_t c) {
  return e->status == JAC_OK ? e->jets.field->get(e->jets.field, jac_grid_at(e, a, r, c))
                             : 0.0;
}

int jac_grid_compare(const struct jac_eval *e, struct jac_grid a, size_t i,
                     struct jac_grid b, size_t j) {
  const struct jac_field *f = e->jets.field;
  return f->compare(f, jac_base(&e->jets, a.x, i * jac_grid_width(e, &a)),
                    jac_base(&e->jets, b.x, j * jac_grid_width(e, &b)));
}

double jac_grid_largest(const struct jac_eval *e, struct jac_grid a) {
  const struct jac_field *f = e->jets.field;
  return f->largest(f, a.rows * a.cols * jac_grid_width(e, &a), a.x);
}
