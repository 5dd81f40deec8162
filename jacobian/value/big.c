/* Over an index: sums, products, extremes; matrices by their entries. */
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef struct jac_grid grid_t;

/* The folds: what is there already and one more. */
grid_t jac_v_big_sum(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  return jac_v_add(e, term, arg, count);
}
grid_t jac_v_big_product(struct jac_eval *e, const struct jac_term *term,
                         const grid_t *arg, size_t count) {
  return jac_v_product(e, term, arg, count);
}
grid_t jac_v_big_max(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  return jac_v_larger(e, term, arg, count);
}
grid_t jac_v_big_min(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  return jac_v_smaller(e, term, arg, count);
}

/* What the fold starts from: that of an empty range. */
static grid_t neutral(struct jac_eval *e, const struct jac_term *term) {
  size_t rows = jac_dim_size(term->type.rows), cols = jac_dim_size(term->type.cols);
  enum jac_construct_id id = term->reading->construct;
  double x = id == JAC_C_BIGMAX ? -INFINITY : id == JAC_C_BIGMIN ? INFINITY : 0.0;
  grid_t out = jac_grid_filled(e, rows, cols, x);
  if (id == JAC_C_PRODUCT)
    for (size_t k = 0; k < out.rows && k < out.cols; k++)
      e->jets.field->set(e->jets.field, jac_grid_at(e, out, k, k), 1.0);
  out.scale = 0.0;
  return out;
}

/* Takes the result of a step into what a loop keeps below mark, so that the memory of the
 * step can be used again; where the result moves along more levels it stays where it is.
 */
static void settle(struct jac_eval *e, grid_t *kept, grid_t step,
                   struct jac_store_mark mark) {
  if (e->status != JAC_OK)
    return;
  if (kept->mask != step.mask || kept->rows != step.rows || kept->cols != step.cols) {
    *kept = step;
    return;
  }
  if (kept->x != step.x)
    e->jets.field->copy(e->jets.field, step.rows * step.cols * jac_grid_width(e, &step),
                        kept->x, step.x);
  kept->scale = step.scale;
  jac_store_release(e->jets.store, mark);
}

static void step(struct jac_eval *e, const struct jac_term *term, grid_t *kept) {
  struct jac_store_mark mark = jac_store_mark(e->jets.store);
  grid_t arg[2] = {*kept};
  if (term->child[3] && !jac_eval_true(e, term->child[3]))
    return;
  if (e->status == JAC_OK)
    arg[1] = jac_eval_term(e, term->child[0]);
  if (e->status == JAC_OK)
    settle(e, kept, jac_eval_op(e, term, arg, 2), mark);
}

grid_t jac_eval_big(struct jac_eval *e, const struct jac_term *term) {
  long first = 1, last = 0;
  if (term->child[1] && !jac_eval_whole(e, term->child[1], &first))
    return (grid_t){0};
  if (!term->child[2])
    last = (long)jac_dim_size(term->index->range);
  else if (!jac_eval_whole(e, term->child[2], &last))
    return (grid_t){0};
  grid_t out = neutral(e, term);
  struct jac_bound bound = {term->index, first, e->bounds};
  e->bounds = &bound;
  for (long k = first; k <= last && jac_eval_spend(e, JAC_WORK_STEP); k++) {
    bound.at = term->descending ? last + first - k : k;
    step(e, term, &out);
  }
  e->bounds = bound.outer;
  return out;
}

/* One entry: out[r, c] = the child's value for these indices. */
static void build_entry(struct jac_eval *e, const struct jac_term *term, grid_t *out,
                        size_t r, size_t c) {
  struct jac_store_mark mark = jac_store_mark(e->jets.store);
  grid_t x = jac_eval_term(e, term->child[0]);
  if (e->status != JAC_OK)
    return;
  if (x.rows != 1 || x.cols != 1) {
    jac_eval_fail(e, JAC_EINPUT, "an entry is %zux%zu, not a number", x.rows, x.cols);
    return;
  }
  bool wider = (out->mask | x.mask) != out->mask;
  *out = jac_grid_widen(e, *out, x.mask);
  jac_grid_put(e, *out, r, c, x, 0, 0);
  out->scale = fmax(out->scale, x.scale);
  if (!wider && e->status == JAC_OK)
    jac_store_release(e->jets.store, mark);
}

grid_t jac_eval_build(struct jac_eval *e, const struct jac_term *term) {
  grid_t out =
      jac_grid_new(e, jac_dim_size(term->type.rows), jac_dim_size(term->type.cols), 0);
  const struct jac_bound *outer = e->bounds;
  size_t rows = out.rows, cols = out.cols;
  struct jac_bound row = {term->index, 1, outer};
  struct jac_bound col = {term->index2, 1, term->index ? &row : outer};
  e->bounds = term->index2 ? &col : col.outer;
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < cols && e->status == JAC_OK; c++) {
      row.at = (long)r + 1;
      col.at = (long)c + 1;
      build_entry(e, term, &out, r, c);
    }
  e->bounds = outer;
  return out;
}
