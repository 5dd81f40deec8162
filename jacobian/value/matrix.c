/* Of matrices: what moves their entries about, determinants, inverses, powers. */
#include "jacobian/value/value_internal.h"

#include <math.h>

struct jac_grid jac_v_transpose(struct jac_eval *e, const struct jac_term *term,
                                const struct jac_grid *arg, size_t count) {
  struct jac_grid out = jac_grid_new(e, arg->cols, arg->rows, arg->mask);
  (void)term;
  (void)count;
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < out.cols; c++)
      jac_grid_put(e, out, r, c, arg[0], c, r);
  return out;
}

struct jac_grid jac_v_vec(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_grid *arg, size_t count) {
  struct jac_grid out = jac_grid_new(e, arg->rows * arg->cols, 1, arg->mask);
  (void)term;
  (void)count;
  for (size_t k = 0; k < out.rows; k++)
    jac_grid_put(e, out, k, 0, arg[0], k % arg->rows, k / arg->rows);
  return out;
}

struct jac_grid jac_v_diag(struct jac_eval *e, const struct jac_term *term,
                           const struct jac_grid *arg, size_t count) {
  struct jac_grid a = arg[0];
  size_t n = a.rows * a.cols;
  struct jac_grid out = jac_grid_new(e, n, n, a.mask);
  (void)term;
  (void)count;
  for (size_t k = 0; k < out.rows; k++)
    jac_grid_put(e, out, k, k, a, k / a.cols, k % a.cols);
  return out;
}

struct jac_grid jac_v_diagonal(struct jac_eval *e, const struct jac_term *term,
                               const struct jac_grid *arg, size_t count) {
  struct jac_grid out = jac_grid_new(e, arg->rows, 1, arg->mask);
  (void)term;
  (void)count;
  for (size_t k = 0; k < out.rows; k++)
    jac_grid_put(e, out, k, 0, arg[0], k, k);
  return out;
}

static bool square(struct jac_eval *e, const struct jac_grid *a) {
  if (a->rows != a->cols)
    jac_eval_fail(e, JAC_EINPUT, "a %zux%zu matrix is not square", a->rows, a->cols);
  return e->status == JAC_OK;
}

struct jac_grid jac_v_trace(struct jac_eval *e, const struct jac_term *term,
                            const struct jac_grid *arg, size_t count) {
  struct jac_grid out = jac_grid_new(e, 1, 1, arg->mask);
  (void)term;
  (void)count;
  if (square(e, arg))
    for (size_t k = 0; k < arg->rows; k++)
      jac_grid_put(e, out, 0, 0, arg[0], k, k);
  return out;
}

struct jac_grid jac_v_sym(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_grid *arg, size_t count) {
  struct jac_grid part[2] = {arg[0], jac_v_transpose(e, term, arg, count)};
  if (!square(e, arg))
    return part[0];
  part[0] = jac_v_add(e, term, part, 2);
  part[1] = jac_grid_number(e, 0.5);
  return e->status == JAC_OK ? jac_v_scale(e, term, part, 2) : part[0];
}

static struct jac_grid stack(struct jac_eval *e, const struct jac_grid *arg, bool down) {
  struct jac_grid a = arg[0], b = arg[1];
  size_t rows = a.rows + (down ? b.rows : 0), cols = a.cols + (down ? 0 : b.cols);
  if (down ? a.cols != b.cols : a.rows != b.rows)
    return jac_eval_fail(e, JAC_EINPUT, "sizes differ: %zux%zu and %zux%zu", a.rows,
                         a.cols, b.rows, b.cols);
  struct jac_grid out = jac_grid_new(e, rows, cols, a.mask | b.mask);
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < out.cols; c++)
      if (r < a.rows && c < a.cols)
        jac_grid_put(e, out, r, c, a, r, c);
      else
        jac_grid_put(e, out, r, c, b, down ? r - a.rows : r, down ? c : c - a.cols);
  return out;
}

struct jac_grid jac_v_stack_rows(struct jac_eval *e, const struct jac_term *term,
                                 const struct jac_grid *arg, size_t count) {
  (void)term;
  (void)count;
  return stack(e, arg, true);
}

struct jac_grid jac_v_stack_columns(struct jac_eval *e, const struct jac_term *term,
                                    const struct jac_grid *arg, size_t count) {
  (void)term;
  (void)count;
  return stack(e, arg, false);
}

/* F with its lower triangle and diagonal replaced: above the diagonal as it is, on it
 * minus the sum of what follows on the diagonal. */
static struct jac_grid bird(struct jac_eval *e, struct jac_grid f) {
  struct jac_grid out = jac_grid_new(e, f.rows, f.cols, f.mask);
  const struct jac_jets *jets = &e->jets;
  for (size_t r = 0; r < out.rows; r++) {
    for (size_t c = r + 1; c < out.cols; c++)
      jac_grid_put(e, out, r, c, f, r, c);
    for (size_t k = r + 1; k < out.rows; k++)
      jac_jet_subtract(jets, jac_grid_at(e, out, r, r), f.mask, jac_grid_at(e, f, k, k),
                       f.mask);
  }
  return out;
}

/* By sums and products alone, so that slopes are right at singular matrices too
 * (R. S. Bird, A simple division-free algorithm for computing determinants, 2011). */
static struct jac_grid det_without_quotients(struct jac_eval *e,
                                             const struct jac_term *term,
                                             struct jac_grid a) {
  struct jac_grid f[2] = {a, a};
  for (size_t k = 1; k < a.rows && e->status == JAC_OK; k++) {
    f[0] = bird(e, f[0]);
    if (e->status == JAC_OK)
      f[0] = jac_v_product(e, term, f, 2);
  }
  struct jac_grid out = jac_grid_new(e, 1, 1, a.mask);
  if (a.rows == 0)
    return jac_grid_number(e, 1.0);
  if (e->status == JAC_OK)
    (a.rows % 2 ? jac_jet_add : jac_jet_subtract)(&e->jets, out.x, out.mask, f[0].x,
                                                  f[0].mask);
  return out;
}

static void swap_rows(struct jac_eval *e, struct jac_grid a, size_t r, size_t s) {
  const struct jac_field *f = e->jets.field;
  size_t n = a.cols * jac_grid_width(e, &a);
  void *spare = jac_store_take(e->jets.store, n);
  if (r == s || !spare)
    return;
  f->copy(f, n, spare, jac_grid_at(e, a, r, 0));
  f->copy(f, n, jac_grid_at(e, a, r, 0), jac_grid_at(e, a, s, 0));
  f->copy(f, n, jac_grid_at(e, a, s, 0), spare);
}

static size_t pivot(struct jac_eval *e, struct jac_grid a, size_t k) {
  size_t best = k;
  for (size_t r = k + 1; r < a.rows; r++)
    if (fabs(jac_grid_get(e, a, r, k)) > fabs(jac_grid_get(e, a, best, k)))
      best = r;
  return best;
}

/* Takes from row r what row (the pivot's, divided by it) removes in column k. */
static void eliminate(struct jac_eval *e, struct jac_grid both, size_t r, size_t k,
                      struct jac_grid row) {
  const struct jac_jets *jets = &e->jets;
  const struct jac_field *f = jets->field;
  struct jac_store_mark mark = jac_store_mark(jets->store);
  struct jac_grid taken = jac_grid_new(e, 1, both.cols, both.mask);
  size_t n = both.cols * jac_grid_width(e, &both);
  if (e->status != JAC_OK)
    return;
  if (both.mask == 0)
    f->scale(f, n, taken.x, jac_grid_at(e, both, r, k), row.x);
  else
    for (size_t c = 0; c < both.cols; c++)
      jac_jet_accumulate(jets, jac_grid_at(e, taken, 0, c), both.mask,
                         jac_grid_at(e, both, r, k), both.mask, jac_grid_at(e, row, 0, c),
                         both.mask);
  f->subtract(f, n, jac_grid_at(e, both, r, 0), jac_grid_at(e, both, r, 0), taken.x);
  jac_store_release(jets->store, mark);
}

static void clear_column(struct jac_eval *e, struct jac_grid both, size_t k) {
  const struct jac_jets *jets = &e->jets;
  size_t n = both.cols;
  struct jac_grid row = jac_grid_new(e, 1, n, both.mask);
  for (size_t c = 0; c < row.cols; c++)
    jac_jet_divide(jets, jac_grid_at(e, row, 0, c), jac_grid_at(e, both, k, c), both.mask,
                   jac_grid_at(e, both, k, k), both.mask);
  for (size_t r = 0; r < both.rows && e->status == JAC_OK; r++)
    if (r != k)
      eliminate(e, both, r, k, row);
  if (e->status == JAC_OK)
    jets->field->copy(jets->field, n * jac_grid_width(e, &row),
                      jac_grid_at(e, both, k, 0), row.x);
}

/* Whether a pivot is what rounding left of 0, beside the largest of its column: an
 * inverse of X'X with more columns than rows has no value, not one of 1e15. */
static bool rounded_away(struct jac_eval *e, struct jac_grid both, size_t k,
                         double largest) {
  return !e->jets.field->radius && fabs(jac_grid_get(e, both, k, k)) < 1e-14 * largest;
}

static double largest_of(struct jac_eval *e, struct jac_grid a, size_t column) {
  double most = 0;
  for (size_t r = 0; r < a.rows; r++)
    most = fmax(most, fabs(jac_grid_get(e, a, r, column)));
  return most;
}

/* The product of the pivots; false: one of them is so small beside its column that little
 * of it is right. Sums and products alone lose the determinant of e^X, which is small
 * beside the products of its entries. */
static bool det_of_pivots(struct jac_eval *e, struct jac_grid a, struct jac_grid *out) {
  const double small = 1e-5;
  const struct jac_jets *jets = &e->jets;
  struct jac_grid rest = jac_grid_new(e, a.rows, a.cols, a.mask),
                  one = jac_grid_number(e, 1.0);
  bool odd = false;
  for (size_t r = 0; r < rest.rows; r++)
    for (size_t c = 0; c < rest.cols; c++)
      jac_grid_put(e, rest, r, c, a, r, c);
  *out = one;
  for (size_t k = 0; k < a.rows && e->status == JAC_OK; k++) {
    size_t best = pivot(e, rest, k);
    odd = odd != (best != k);
    swap_rows(e, rest, k, best);
    if (!(fabs(jac_grid_get(e, rest, k, k)) > small * largest_of(e, a, k)))
      return false;
    struct jac_grid product = jac_grid_new(e, 1, 1, a.mask);
    if (e->status != JAC_OK)
      break;
    jac_jet_accumulate(jets, product.x, product.mask, out->x, out->mask,
                       jac_grid_at(e, rest, k, k), rest.mask);
    *out = product;
    clear_column(e, rest, k);
  }
  struct jac_grid turned = jac_grid_new(e, 1, 1, a.mask);
  if (odd && e->status == JAC_OK) {
    jac_jet_subtract(jets, turned.x, turned.mask, out->x, out->mask);
    *out = turned;
  }
  return true;
}

struct jac_grid jac_v_det(struct jac_eval *e, const struct jac_term *term,
                          const struct jac_grid *arg, size_t count) {
  struct jac_grid out;
  (void)count;
  if (!square(e, arg))
    return arg[0];
  if (arg->rows > 1 && !e->jets.field->radius && det_of_pivots(e, *arg, &out))
    return out;
  return det_without_quotients(e, term, *arg);
}

/* Gauss and Jordan, with the largest pivot. */
struct jac_grid jac_v_inverse(struct jac_eval *e, const struct jac_term *term,
                              const struct jac_grid *arg, size_t count) {
  struct jac_grid a = arg[0];
  size_t n = a.rows;
  (void)term;
  (void)count;
  if (!square(e, arg))
    return a;
  struct jac_grid both = jac_grid_new(e, n, 2 * n, a.mask), out;
  for (size_t r = 0; r < both.rows; r++) {
    for (size_t c = 0; c < n; c++)
      jac_grid_put(e, both, r, c, a, r, c);
    e->jets.field->set(e->jets.field, jac_grid_at(e, both, r, n + r), 1.0);
  }
  for (size_t k = 0; k < n && e->status == JAC_OK; k++) {
    struct jac_store_mark mark = jac_store_mark(e->jets.store);
    swap_rows(e, both, k, pivot(e, both, k));
    if (rounded_away(e, both, k, largest_of(e, a, k)))
      e->jets.field->set(e->jets.field, jac_grid_at(e, both, k, k), 0.0);
    clear_column(e, both, k);
    jac_store_release(e->jets.store, mark);
  }
  out = jac_grid_new(e, n, n, a.mask);
  for (size_t r = 0; r < out.rows; r++)
    for (size_t c = 0; c < n; c++)
      jac_grid_put(e, out, r, c, both, r, n + c);
  return out;
}

struct jac_grid jac_v_matrix_power(struct jac_eval *e, const struct jac_term *term,
                                   const struct jac_grid *arg, size_t count) {
  double p = jac_grid_get(e, arg[1], 0, 0);
  (void)count;
  if (!square(e, arg))
    return arg[0];
  if (arg[1].mask || p != nearbyint(p) || fabs(p) > 1e9)
    return jac_eval_fail(e, JAC_EINPUT, "a matrix has whole powers only, not %g", p);
  struct jac_grid two[2], square_of = arg[0],
                          out = jac_grid_new(e, arg->rows, arg->rows, 0);
  if (p < 0.0)
    square_of = jac_v_inverse(e, term, arg, 1);
  for (size_t k = 0; k < out.rows; k++)
    e->jets.field->set(e->jets.field, jac_grid_at(e, out, k, k), 1.0);
  for (unsigned long left = (unsigned long)fabs(p); left && e->status == JAC_OK;
       left /= 2) {
    two[0] = out;
    two[1] = square_of;
    if (left % 2)
      out = jac_v_product(e, term, two, 2);
    two[0] = square_of;
    if (left > 1 && e->status == JAC_OK)
      square_of = jac_v_product(e, term, two, 2);
  }
  return out;
}

/* 1 + J of a residual connection: I + J. */
struct jac_grid jac_v_add_diagonal(struct jac_eval *e, const struct jac_term *term,
                                   const struct jac_grid *arg, size_t count) {
  bool first = arg[0].rows * arg[0].cols == 1;
  struct jac_grid a = arg[first],
                  out = jac_grid_new(e, a.rows, a.cols, arg[0].mask | arg[1].mask);
  (void)term;
  (void)count;
  if (!square(e, &a))
    return a;
  for (size_t r = 0; r < out.rows; r++) {
    for (size_t c = 0; c < out.cols; c++)
      jac_grid_put(e, out, r, c, a, r, c);
    jac_jet_add(&e->jets, jac_grid_at(e, out, r, r), out.mask, arg[!first].x,
                arg[!first].mask);
  }
  return out;
}

/* I + a p. */
static struct jac_grid one_more(struct jac_eval *e, const struct jac_term *term,
                                struct jac_grid a, struct jac_grid p) {
  struct jac_grid two[2] = {a, p}, out = p;
  if (e->status == JAC_OK)
    out = jac_v_product(e, term, two, 2);
  for (size_t k = 0; k < out.rows && e->status == JAC_OK; k++) {
    struct jac_grid one = jac_grid_number(e, 1.0);
    if (e->status == JAC_OK)
      jac_jet_add(&e->jets, jac_grid_at(e, out, k, k), out.mask, one.x, one.mask);
  }
  return out;
}

/* Scaled to norm 1/2 or less, by its series, squared back: right to rounding, and no
 * bound for intervals (N. J. Higham, Functions of Matrices, 2008, chapter 10). */
struct jac_grid jac_v_expm(struct jac_eval *e, const struct jac_term *term,
                           const struct jac_grid *arg, size_t count) {
  enum { TERMS = 18 };
  (void)count;
  if (!square(e, arg))
    return arg[0];
  if (e->jets.field->radius)
    return jac_eval_fail(e, JAC_EINPUT, "no interval holds the exponential of a matrix");
  double norm = 0;
  for (size_t r = 0; r < arg->rows; r++) {
    double sum = 0;
    for (size_t c = 0; c < arg->cols; c++)
      sum += fabs(jac_grid_get(e, arg[0], r, c));
    norm = fmax(norm, sum);
  }
  int halvings = norm > 0.5 && norm < 1e6 ? ilogb(norm) + 2 : 0;
  struct jac_grid zeroth[2] = {arg[0], jac_grid_number(e, 0.0)}, p = arg[0];
  if (e->status == JAC_OK)
    p = jac_v_matrix_power(e, term, zeroth, 2); /* I */
  for (int k = TERMS; k > 0 && e->status == JAC_OK; k--) {
    struct jac_grid part[2] = {arg[0], jac_grid_number(e, ldexp(1.0 / k, -halvings))};
    if (e->status == JAC_OK)
      p = one_more(e, term, jac_v_scale(e, term, part, 2), p);
  }
  for (int k = 0; k < halvings && e->status == JAC_OK; k++) {
    struct jac_grid twice[2] = {p, p};
    p = jac_v_product(e, term, twice, 2);
  }
  return p;
}
