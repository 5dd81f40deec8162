/* Conditions, 1 where they are so and 0 where not, and values by cases. */
#include "jacobian/elaborate/affine.h"
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef struct jac_grid grid_t;

static bool holds(enum jac_construct_id relation, int order) {
  switch (relation) {
  case JAC_C_UNEQUAL:
    return order != 0;
  case JAC_C_LESS:
    return order == -1;
  case JAC_C_ATMOST:
    return order == -1 || order == 0;
  case JAC_C_MORE:
    return order == 1;
  case JAC_C_ATLEAST:
    return order == 1 || order == 0;
  default:
    return order == 0;
  }
}

static bool fits(struct jac_eval *e, grid_t a, size_t rows, size_t cols) {
  bool number = a.rows == 1 && a.cols == 1;
  if (e->status == JAC_OK && !number && (a.rows != rows || a.cols != cols))
    jac_eval_fail(e, JAC_EINPUT, "sizes differ: %zux%zu and %zux%zu", a.rows, a.cols,
                  rows, cols);
  return e->status == JAC_OK;
}

/* The k-th entry's number; a number has one for all. */
static size_t at(grid_t a, size_t k) {
  return a.rows * a.cols == 1 ? 0 : k;
}

static bool both(struct jac_eval *e, const struct jac_term *term, grid_t side[2],
                 grid_t *out) {
  for (size_t k = 0; k < 2; k++)
    if (e->status == JAC_OK)
      side[k] = jac_eval_term(e, term->child[k]);
  if (e->status != JAC_OK)
    return false;
  grid_t large = side[0].rows * side[0].cols == 1 ? side[1] : side[0];
  if (!fits(e, side[0], large.rows, large.cols) ||
      !fits(e, side[1], large.rows, large.cols))
    return false;
  *out = jac_grid_new(e, large.rows, large.cols, 0);
  out->scale = 1.0;
  return e->status == JAC_OK;
}

grid_t jac_eval_compare(struct jac_eval *e, const struct jac_term *term) {
  grid_t side[2], out = {0};
  if (!both(e, term, side, &out))
    return out;
  for (size_t k = 0; k < out.rows * out.cols; k++) {
    int order = jac_grid_compare(e, side[0], at(side[0], k), side[1], at(side[1], k));
    e->jets.field->set(e->jets.field, jac_base(&e->jets, out.x, k),
                       holds(term->construct, order));
  }
  return out;
}

static bool is_true(const struct jac_eval *e, grid_t a, size_t k) {
  return !e->jets.field->zero(e->jets.field, 1,
                              jac_base(&e->jets, a.x, at(a, k) * jac_grid_width(e, &a)));
}

bool jac_eval_true(struct jac_eval *e, const struct jac_term *term) {
  grid_t a = jac_eval_term(e, term);
  if (e->status == JAC_OK && (a.rows != 1 || a.cols != 1))
    jac_eval_fail(e, JAC_EINPUT, "a condition is %zux%zu, not one", a.rows, a.cols);
  return e->status == JAC_OK && is_true(e, a, 0);
}

/* What is false (true) already decides `and` (`or`): the second is then not looked at. */
grid_t jac_eval_logic(struct jac_eval *e, const struct jac_term *term) {
  bool and = term->construct == JAC_C_AND;
  grid_t side[2], out = {0};
  if (jac_type_is_number(term->type)) {
    bool first = jac_eval_true(e, term->child[0]);
    if (first == and&&e->status == JAC_OK)
      first = jac_eval_true(e, term->child[1]);
    return e->status == JAC_OK ? jac_grid_number(e, first) : out;
  }
  if (!both(e, term, side, &out))
    return out;
  for (size_t k = 0; k < out.rows * out.cols; k++) {
    bool a = is_true(e, side[0], k), b = is_true(e, side[1], k);
    e->jets.field->set(e->jets.field, jac_base(&e->jets, out.x, k), and? a && b : a || b);
  }
  return out;
}

/* Whether a condition is about indices and sizes alone. */
static bool of_places(const struct jac_term *t) {
  struct jac_affine side;
  if (t->kind == JAC_TERM_LOGIC)
    return of_places(t->child[0]) && of_places(t->child[1]);
  return t->kind == JAC_TERM_COMPARE && jac_affine_of(t->child[0], &side) &&
         jac_affine_of(t->child[1], &side);
}

static bool is_product(const struct jac_term *t) {
  if (t->kind != JAC_TERM_OP || t->count != 2 || !jac_type_is_number(t->type) ||
      !jac_type_is_number(t->child[0]->type))
    return false;
  return t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR ||
         t->construct == JAC_C_CDOT || t->construct == JAC_C_CROSS ||
         t->construct == JAC_C_HADAMARD || t->construct == JAC_C_CIRC;
}

bool jac_eval_excluded(struct jac_eval *e, const struct jac_term *term) {
  if (!is_product(term))
    return false;
  for (size_t k = 0; k < 2 && e->status == JAC_OK; k++) {
    const struct jac_term *t = term->child[k];
    bool condition = t->kind == JAC_TERM_COMPARE || t->kind == JAC_TERM_LOGIC;
    if (condition ? of_places(t) && !jac_eval_true(e, t) : jac_eval_excluded(e, t))
      return true;
  }
  return false;
}

/* Takes the value into the entries that are still open and whose condition is true. */
static size_t take(struct jac_eval *e, const struct jac_term *value, const grid_t *when,
                   grid_t *out, bool *open) {
  size_t taken = 0, count = out->rows * out->cols;
  for (size_t k = 0; k < count; k++)
    taken += open[k] && (!when || is_true(e, *when, k));
  if (taken == 0) /* it need not even exist */
    return 0;
  grid_t v = jac_eval_term(e, value);
  if (e->status != JAC_OK || !fits(e, v, out->rows, out->cols))
    return 0;
  *out = jac_grid_widen(e, *out, v.mask);
  if (e->status != JAC_OK)
    return 0;
  out->scale = fmax(out->scale, v.scale);
  for (size_t k = 0; k < count; k++)
    if (open[k] && (!when || is_true(e, *when, k))) {
      size_t from = at(v, k);
      jac_grid_put(e, *out, k / out->cols, k % out->cols, v, from / v.cols,
                   from % v.cols);
      open[k] = false;
    }
  return taken;
}

grid_t jac_eval_cases(struct jac_eval *e, const struct jac_term *term) {
  grid_t out =
      jac_grid_new(e, jac_dim_size(term->type.rows), jac_dim_size(term->type.cols), 0);
  size_t left = out.rows * out.cols;
  bool *open = jac_pool_take(&e->jets.store->pool, left + 1);
  for (size_t k = 0; open && k < left; k++)
    open[k] = true;
  for (size_t k = 0; open && k < term->count && left > 0 && e->status == JAC_OK; k += 2) {
    grid_t when = {0};
    bool last = k + 1 == term->count;
    if (!last)
      when = jac_eval_term(e, term->child[k + 1]);
    if (e->status == JAC_OK && (last || fits(e, when, out.rows, out.cols)))
      left -= take(e, term->child[k], last ? NULL : &when, &out, open);
  }
  if (left > 0)
    jac_eval_fail(e, JAC_EINPUT, "no case applies");
  return out;
}
