/* Of all entries: sums, norms, extremes; softmax and its kin. */
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef struct jac_grid grid_t;

/* The k-th entry of a as a grid of its own; nothing is copied. */
static grid_t entry(const struct jac_eval *e, grid_t a, size_t k) {
  return (grid_t){1, 1, a.mask, a.scale,
                  jac_base(&e->jets, a.x, k * jac_grid_width(e, &a))};
}

static grid_t two(struct jac_eval *e, jac_value_fn *fn, grid_t a, grid_t b) {
  grid_t arg[2] = {a, b};
  return e->status == JAC_OK ? fn(e, NULL, arg, 2) : a;
}

static grid_t total(struct jac_eval *e, grid_t a) {
  grid_t out = jac_grid_new(e, 1, 1, a.mask);
  if (e->status != JAC_OK)
    return out;
  for (size_t k = 0; k < a.rows * a.cols; k++)
    jac_grid_put(e, out, 0, 0, entry(e, a, k), 0, 0);
  return out;
}

grid_t jac_v_total(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                   size_t count) {
  (void)term;
  (void)count;
  return total(e, arg[0]);
}

grid_t jac_v_mean(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                  size_t count) {
  grid_t n = jac_grid_number(e, (double)(arg->rows * arg->cols));
  (void)term;
  (void)count;
  return two(e, jac_v_divide, total(e, arg[0]), n);
}

/* The mean of the squared distances from the mean. */
grid_t jac_v_variance(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                      size_t count) {
  grid_t mean = jac_v_mean(e, term, arg, count);
  grid_t apart = two(e, jac_v_subtract, arg[0], mean);
  grid_t squares = two(e, jac_v_hadamard, apart, apart);
  return jac_v_mean(e, term, &squares, 1);
}

grid_t jac_v_productall(struct jac_eval *e, const struct jac_term *term,
                        const grid_t *arg, size_t count) {
  grid_t out = jac_grid_number(e, 1.0);
  (void)term;
  (void)count;
  for (size_t k = 0; k < arg->rows * arg->cols && e->status == JAC_OK; k++)
    out = two(e, jac_v_hadamard, out, entry(e, arg[0], k));
  return out;
}

static grid_t extreme(struct jac_eval *e, grid_t a, int sign) {
  size_t best = 0;
  for (size_t k = 1; k < a.rows * a.cols && e->status == JAC_OK; k++)
    if (jac_grid_compare(e, a, k, a, best) == sign || isnan(jac_grid_get(e, a, 0, k)))
      best = k;
  if (a.rows * a.cols == 0)
    return jac_eval_fail(e, JAC_EINPUT, "nothing is the largest of no numbers");
  return e->status == JAC_OK ? entry(e, a, best) : a;
}

grid_t jac_v_largest(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  (void)term;
  (void)count;
  grid_t flat = arg[0];
  flat.cols *= flat.rows;
  flat.rows = 1;
  return extreme(e, flat, 1);
}

grid_t jac_v_smallest(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                      size_t count) {
  (void)term;
  (void)count;
  grid_t flat = arg[0];
  flat.cols *= flat.rows;
  flat.rows = 1;
  return extreme(e, flat, -1);
}

grid_t jac_v_norm1(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                   size_t count) {
  (void)term;
  (void)count;
  return total(e, jac_grid_map(e, &jac_f_abs, arg[0]));
}

grid_t jac_v_normmax(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  grid_t sizes = jac_grid_map(e, &jac_f_abs, arg[0]);
  return e->status == JAC_OK ? jac_v_largest(e, term, &sizes, count) : sizes;
}

/* At zero a norm has no slope where its argument moves. */
static grid_t norm_of_zeros(struct jac_eval *e, grid_t a) {
  const struct jac_field *f = e->jets.field;
  grid_t out = jac_grid_new(e, 1, 1, a.mask);
  size_t width = jac_grid_width(e, &a);
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    for (size_t i = 1; i < width; i++)
      if (!f->zero(f, 1, jac_base(&e->jets, a.x, k * width + i)))
        f->set(f, jac_base(&e->jets, out.x, i), NAN);
  return out;
}

static bool all_zero(const struct jac_eval *e, grid_t a) {
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    if (!e->jets.field->zero(e->jets.field, 1, entry(e, a, k).x))
      return false;
  return true;
}

/* sqrt(sum a^2) with the size taken out, a power of 2, so that no square is too large or
 * too small. */
grid_t jac_v_norm(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                  size_t count) {
  double most = 0.0;
  int exponent = 0;
  (void)term;
  (void)count;
  for (size_t r = 0; r < arg->rows; r++)
    for (size_t c = 0; c < arg->cols; c++)
      most = fmax(most, fabs(jac_grid_get(e, arg[0], r, c)));
  if (all_zero(e, arg[0]))
    return norm_of_zeros(e, arg[0]);
  if (isfinite(most))
    frexp(most, &exponent);
  exponent = exponent < -1000 ? -1000 : exponent > 1000 ? 1000 : exponent;
  grid_t scaled = two(e, jac_v_scale, arg[0], jac_grid_number(e, ldexp(1.0, -exponent)));
  grid_t squares = two(e, jac_v_dot, scaled, scaled);
  grid_t root = jac_grid_map(e, &jac_f_sqrt, squares);
  return two(e, jac_v_scale, root, jac_grid_number(e, ldexp(1.0, exponent)));
}

/* a - m, m the largest entry, which is a constant here: its slope cancels in all below.
 */
static grid_t shifted(struct jac_eval *e, grid_t a, grid_t *m) {
  double most = -INFINITY;
  for (size_t k = 0; k < a.rows * a.cols && e->status == JAC_OK; k++)
    most = fmax(most, jac_grid_get(e, entry(e, a, k), 0, 0));
  *m = jac_grid_number(e, isfinite(most) ? most : 0.0);
  return two(e, jac_v_subtract, a, *m);
}

/* m + log(sum exp(a - m)) */
grid_t jac_v_logsumexp(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                       size_t count) {
  grid_t m, powers = jac_grid_map(e, &jac_f_exp, shifted(e, arg[0], &m));
  (void)term;
  (void)count;
  return two(e, jac_v_add, jac_grid_map(e, &jac_f_log, total(e, powers)), m);
}

static grid_t softmax(struct jac_eval *e, grid_t a) {
  grid_t m, powers = jac_grid_map(e, &jac_f_exp, shifted(e, a, &m));
  return two(e, jac_v_divide, powers, total(e, powers));
}

static grid_t logsoftmax(struct jac_eval *e, grid_t a) {
  grid_t m, apart = shifted(e, a, &m);
  grid_t powers = jac_grid_map(e, &jac_f_exp, apart);
  return two(e, jac_v_subtract, apart, jac_grid_map(e, &jac_f_log, total(e, powers)));
}

/* Over a column; of any other matrix over each row. */
static grid_t along(struct jac_eval *e, grid_t a,
                    grid_t (*fn)(struct jac_eval *e, grid_t a)) {
  if (a.cols == 1)
    return fn(e, a);
  grid_t out = jac_grid_new(e, a.rows, a.cols, a.mask);
  for (size_t r = 0; r < a.rows && e->status == JAC_OK; r++) {
    grid_t row = {1, a.cols, a.mask, a.scale, jac_grid_at(e, a, r, 0)};
    row = fn(e, row);
    for (size_t c = 0; c < a.cols && e->status == JAC_OK; c++)
      jac_grid_put(e, out, r, c, row, 0, c);
  }
  return out;
}

grid_t jac_v_softmax(struct jac_eval *e, const struct jac_term *term, const grid_t *arg,
                     size_t count) {
  (void)term;
  (void)count;
  return along(e, arg[0], softmax);
}

grid_t jac_v_logsoftmax(struct jac_eval *e, const struct jac_term *term,
                        const grid_t *arg, size_t count) {
  (void)term;
  (void)count;
  return along(e, arg[0], logsoftmax);
}

/* Over each column, as where the samples are columns. */
static grid_t down(struct jac_eval *e, const struct jac_term *term, grid_t a,
                   grid_t (*fn)(struct jac_eval *e, grid_t a)) {
  grid_t turned = jac_v_transpose(e, term, &a, 1);
  if (e->status == JAC_OK)
    turned = along(e, turned, fn);
  return e->status == JAC_OK ? jac_v_transpose(e, term, &turned, 1) : turned;
}

grid_t jac_v_softmax_columns(struct jac_eval *e, const struct jac_term *term,
                             const grid_t *arg, size_t count) {
  (void)count;
  return down(e, term, arg[0], softmax);
}

grid_t jac_v_logsoftmax_columns(struct jac_eval *e, const struct jac_term *term,
                                const grid_t *arg, size_t count) {
  (void)count;
  return down(e, term, arg[0], logsoftmax);
}
