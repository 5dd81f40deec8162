/* Products of vectors and matrices. */
#include "jacobian/value/value_internal.h"

/* Entry `at` of out += entry i of a times entry j of b, numbered row by row. */
static void gather(struct jac_eval *e, struct jac_grid out, size_t at, struct jac_grid a,
                   size_t i, struct jac_grid b, size_t j) {
  const struct jac_jets *jets = &e->jets;
  jac_jet_accumulate(jets, jac_base(jets, out.x, at * jac_grid_width(e, &out)), out.mask,
                     jac_base(jets, a.x, i * jac_grid_width(e, &a)), a.mask,
                     jac_base(jets, b.x, j * jac_grid_width(e, &b)), b.mask);
}

static struct jac_grid differ(struct jac_eval *e, const struct jac_grid *arg) {
  return jac_eval_fail(e, JAC_EINPUT, "sizes differ: %zux%zu and %zux%zu", arg[0].rows,
                       arg[0].cols, arg[1].rows, arg[1].cols);
}

/* Row r of out += a[r, k] times row k of b; at once where a stands still. */
static void add_row(struct jac_eval *e, struct jac_grid out, size_t r, struct jac_grid a,
                    size_t k, struct jac_grid b) {
  const struct jac_jets *jets = &e->jets;
  size_t width = jac_grid_width(e, &out), by = jac_grid_width(e, &b);
  const void *s = jac_grid_at(e, a, r, k);
  void *to = jac_grid_at(e, out, r, 0);
  const void *from = jac_grid_at(e, b, k, 0);
  if (a.mask == 0) {
    jets->field->accumulate(jets->field, out.cols * width, to, s, from);
    return;
  }
  for (size_t c = 0; c < out.cols; c++)
    jac_jet_accumulate(jets, jac_base(jets, to, c * width), out.mask, s, a.mask,
                       jac_base_of(jets, from, c * by), b.mask);
}

struct jac_grid jac_v_product(struct jac_eval *e, const struct jac_term *term,
                              const struct jac_grid *arg, size_t count) {
  struct jac_grid a = arg[0], b = arg[1];
  (void)term;
  (void)count;
  if (a.cols != b.rows)
    return differ(e, arg);
  struct jac_grid out = jac_grid_new(e, a.rows, b.cols, a.mask | b.mask);
  if (!jac_eval_spend(e, out.rows * out.cols * a.cols * jac_grid_width(e, &out)))
    return out;
  for (size_t r = 0; r < out.rows; r++)
    for (size_t k = 0; k < a.cols; k++)
      add_row(e, out, r, a, k, b);
  return out;
}

/* The sum of the products of entries, whichever way two vectors stand. */
struct jac_grid jac_v_dot(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_grid *arg, size_t count) {
  size_t n = arg[0].rows * arg[0].cols;
  (void)term;
  (void)count;
  if (n != arg[1].rows * arg[1].cols)
    return differ(e, arg);
  struct jac_grid out = jac_grid_new(e, 1, 1, arg[0].mask | arg[1].mask);
  if (!jac_eval_spend(e, n * jac_grid_width(e, &out)))
    return out;
  for (size_t k = 0; k < n; k++)
    gather(e, out, 0, arg[0], k, arg[1], k);
  return out;
}

/* a b^T, whichever way they stand. */
struct jac_grid jac_v_outer(struct jac_eval *e, const struct jac_term *term,
                            const struct jac_grid *arg, size_t count) {
  size_t rows = arg[0].rows * arg[0].cols, cols = arg[1].rows * arg[1].cols;
  struct jac_grid out = jac_grid_new(e, rows, cols, arg[0].mask | arg[1].mask);
  (void)term;
  (void)count;
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < out.cols; c++)
      gather(e, out, r * cols + c, arg[0], r, arg[1], c);
  return out;
}

struct jac_grid jac_v_kron(struct jac_eval *e, const struct jac_term *term,
                           const struct jac_grid *arg, size_t count) {
  struct jac_grid a = arg[0], b = arg[1];
  struct jac_grid out =
      jac_grid_new(e, a.rows * b.rows, a.cols * b.cols, a.mask | b.mask);
  (void)term;
  (void)count;
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < out.cols; c++)
      gather(e, out, r * out.cols + c, a, r / b.rows * a.cols + c / b.cols, b,
             r % b.rows * b.cols + c % b.cols);
  return out;
}

static struct jac_grid negated(struct jac_eval *e, const struct jac_term *term,
                               struct jac_grid a) {
  return jac_v_negate(e, term, &a, 1);
}

struct jac_grid jac_v_cross(struct jac_eval *e, const struct jac_term *term,
                            const struct jac_grid *arg, size_t count) {
  if (arg[0].rows * arg[0].cols != 3 || arg[1].rows * arg[1].cols != 3)
    return differ(e, arg);
  struct jac_grid minus = negated(e, term, arg[0]);
  struct jac_grid out =
      jac_grid_new(e, arg[0].rows, arg[0].cols, arg[0].mask | arg[1].mask);
  (void)count;
  for (size_t k = 0; k < 3 && e->status == JAC_OK; k++) {
    gather(e, out, k, arg[0], (k + 1) % 3, arg[1], (k + 2) % 3);
    gather(e, out, k, minus, (k + 2) % 3, arg[1], (k + 1) % 3);
  }
  return out;
}

/* The matrix of a cross product: skew(a) b = a x b. */
struct jac_grid jac_v_skew(struct jac_eval *e, const struct jac_term *term,
                           const struct jac_grid *arg, size_t count) {
  (void)count;
  if (arg[0].rows * arg[0].cols != 3)
    return jac_eval_fail(e, JAC_EINPUT, "skew takes 3 numbers, not %zux%zu", arg[0].rows,
                         arg[0].cols);
  struct jac_grid minus = negated(e, term, arg[0]), a = arg[0];
  struct jac_grid out = jac_grid_new(e, 3, 3, a.mask);
  a.rows = minus.rows = 3;
  a.cols = minus.cols = 1;
  for (size_t k = 0; k < 3 && e->status == JAC_OK; k++) {
    jac_grid_put(e, out, (k + 2) % 3, (k + 1) % 3, a, k, 0);
    jac_grid_put(e, out, (k + 1) % 3, (k + 2) % 3, minus, k, 0);
  }
  return out;
}
