/* Products by structure, in the best order, against the textbook's loop over full
 * matrices; random shapes. */
#include "jacobian/product.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *product_suite(void);

static unsigned long state;

/* A number from 0 to below bound. */
static size_t draw(size_t bound) {
  state = state * 6364136223846793005ul + 1442695040888963407ul;
  return (size_t)(state >> 33) % bound;
}

static size_t full_rows(const struct jac_factor *f) {
  return f->groups * f->rows;
}

static size_t full_cols(const struct jac_factor *f) {
  return f->stacked ? f->cols : f->groups * f->cols;
}

/* The factor written out, zeros and all. */
static double *full(const struct jac_factor *f) {
  double *out = calloc(full_rows(f) * full_cols(f), sizeof *out);
  for (size_t g = 0; g < f->groups; g++)
    for (size_t i = 0; i < f->rows; i++)
      for (size_t j = 0; j < f->cols; j++)
        out[(g * f->rows + i) * full_cols(f) + (f->stacked ? 0 : g * f->cols) + j] =
            f->data[((f->alike ? 0 : g) * f->rows + i) * f->cols + j];
  return out;
}

/* A factor with that many columns in all before it, of random structure. */
static struct jac_factor make(size_t groups, size_t rows, bool last, bool coupled) {
  struct jac_factor f = {.groups = groups, .rows = rows, .cols = 1 + draw(4)};
  size_t kind = draw(4);
  f.block_rows = rows;
  if (kind == 0)
    f.cols = rows, f.block_rows = f.block_cols = 1;
  else if (kind == 1 && rows % 2 == 0)
    f.block_rows = rows / 2, f.block_cols = f.cols, f.cols *= 2;
  else if (kind == 2)
    f.block_rows = 1, f.block_cols = f.cols, f.cols *= rows;
  else
    f.block_cols = f.cols;
  if (f.block_rows == f.rows)
    f.block_cols = f.cols;
  f.alike = draw(3) == 0;
  f.stacked = last && coupled && groups > 1 && draw(2) == 0;
  f.data = calloc(jac_factor_size(&f), sizeof *f.data);
  for (size_t k = 0; k < jac_factor_size(&f); k++) {
    size_t i = k / f.cols % f.rows, j = k % f.cols;
    if (i / f.block_rows == j / f.block_cols)
      f.data[k] = (double)draw(9) - 4.0;
  }
  return f;
}

/* A chain in one form throughout, or with factors that couple the samples between. */
static size_t make_chain(struct jac_factor *factor) {
  size_t count = 1 + draw(5), batch = 1 + draw(3), rows = 1 + draw(4);
  bool coupled = draw(2) == 0;
  for (size_t k = 0; k < count; k++) {
    bool one = coupled && (k == 0 || draw(3) == 0);
    size_t before = k > 0 ? full_cols(&factor[k - 1]) : rows * batch;
    factor[k] = one ? make(1, before, false, true)
                    : make(batch, before / batch, k + 1 == count, coupled);
    /* What follows must be divided into samples again. */
    if (one && full_cols(&factor[k]) % batch != 0) {
      free(factor[k].data);
      factor[k] = (struct jac_factor){.groups = 1,
                                      .rows = before,
                                      .cols = batch,
                                      .block_rows = before,
                                      .block_cols = batch};
      factor[k].data = calloc(before * batch, sizeof(double));
      for (size_t e = 0; e < before * batch; e++)
        factor[k].data[e] = (double)draw(5);
    }
  }
  return count;
}

static double *textbook(const struct jac_factor *factor, size_t count) {
  double *product = full(&factor[0]);
  for (size_t k = 1; k < count; k++) {
    size_t m = full_rows(&factor[0]), inner = full_rows(&factor[k]),
           n = full_cols(&factor[k]);
    double *b = full(&factor[k]), *next = calloc(m * n, sizeof *next);
    for (size_t i = 0; i < m; i++)
      for (size_t l = 0; l < inner; l++)
        for (size_t j = 0; j < n; j++)
          next[i * n + j] += product[i * inner + l] * b[l * n + j];
    free(b);
    free(product);
    product = next;
  }
  return product;
}

START_TEST(agrees_with_the_textbook) {
  for (int round = 0; round < 200; round++) {
    struct jac_factor factor[5], shape;
    state = (unsigned long)(_i * 1000 + round);
    size_t count = make_chain(factor);
    shape = factor[0];
    for (size_t k = 1; k < count; k++)
      shape = jac_factor_shape(&shape, &factor[k]);
    struct jac_factor whole = shape;
    whole.alike = false;
    whole.data = malloc(jac_factor_size(&whole) * sizeof *whole.data);
    for (size_t k = 0; k < jac_factor_size(&whole); k++)
      whole.data[k] = NAN;
    /* A chain of one alike factor is stored once: it is not written out. */
    if (count > 1 || !factor[0].alike) {
      ck_assert_int_eq(jac_factor_chain(factor, count, whole.data), JAC_OK);
      double *mine = full(&whole), *truth = textbook(factor, count);
      for (size_t k = 0; k < full_rows(&whole) * full_cols(&whole); k++)
        ck_assert_msg(fabs(mine[k] - truth[k]) <= 1e-9, "seed %lu, entry %zu: %g, not %g",
                      (unsigned long)(_i * 1000 + round), k, mine[k], truth[k]);
      free(mine);
      free(truth);
    }
    free(whole.data);
    for (size_t k = 0; k < count; k++)
      free(factor[k].data);
  }
}
END_TEST

static double filled(size_t m, size_t k, size_t n) {
  struct jac_factor a = {
      .groups = 1, .rows = m, .cols = k, .block_rows = m, .block_cols = k};
  struct jac_factor b = {
      .groups = 1, .rows = k, .cols = n, .block_rows = k, .block_cols = n};
  return jac_factor_cost(&a, &b);
}

/* Thin in the middle: the cost says which side goes first. */
START_TEST(costs_order_products) {
  ck_assert_double_lt(filled(2, 100, 100) + filled(2, 100, 100),
                      filled(100, 100, 100) + filled(2, 100, 100));
}
END_TEST

Suite *product_suite(void) {
  Suite *suite = suite_create("product");
  TCase *tcase = tcase_create("product");
  tcase_add_loop_test(tcase, agrees_with_the_textbook, 0, 5);
  tcase_add_test(tcase, costs_order_products);
  suite_add_tcase(suite, tcase);
  return suite;
}
