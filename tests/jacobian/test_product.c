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
        if (f->width == 0 || j / f->width == i)
          out[(g * f->rows + i) * full_cols(f) + (f->stacked ? 0 : g * f->cols) + j] =
              f->data[(f->alike ? 0 : g) * f->group_step + i * f->row_step + j];
  return out;
}

/* A random pattern of that shape: some rows may have nothing. */
static struct jac_pattern *draw_pattern(size_t rows, size_t cols) {
  struct jac_pattern *p = calloc(1, sizeof *p);
  *p = (struct jac_pattern){.rows = rows, .cols = cols, .kind = JAC_PATTERN_SPARSE};
  p->start = calloc(rows + 1, sizeof *p->start);
  p->column = malloc((rows * cols + 1) * sizeof *p->column);
  for (size_t i = 0; i < rows; i++) {
    p->start[i + 1] = p->start[i];
    for (size_t j = 0; j < cols; j++)
      if (draw(3) == 0)
        p->column[p->start[i + 1]++] = j;
  }
  return p;
}

static void free_factor(struct jac_factor *f) {
  struct jac_pattern *p = (struct jac_pattern *)f->sparse;
  if (p != NULL)
    jac_pattern_free(p);
  free(p);
  free(f->data);
}

static void draw_numbers(struct jac_factor *f) {
  f->row_step = f->width > 0 ? 0 : f->cols;
  f->group_step = (f->width > 0 ? 1 : f->rows) * f->cols;
  f->data = calloc(jac_factor_size(f), sizeof *f->data);
  for (size_t k = 0; k < jac_factor_size(f); k++)
    if (f->sparse == NULL ||
        jac_pattern_has(f->sparse, k / f->cols % f->rows, k % f->cols))
      f->data[k] = (double)draw(9) - 4.0;
}

/* A factor of that many rows a group, of random structure. */
static struct jac_factor make(size_t groups, size_t rows, bool last, bool coupled) {
  struct jac_factor f = {.groups = groups, .rows = rows, .cols = 1 + draw(4)};
  size_t kind = draw(4);
  f.width = kind < 2 ? kind == 0 ? 1 : 1 + draw(3) : 0;
  if (f.width > 0)
    f.cols = rows * f.width;
  else if (kind == 2)
    f.sparse = draw_pattern(rows, f.cols);
  f.alike = draw(3) == 0;
  f.stacked = last && coupled && groups > 1 && draw(2) == 0;
  draw_numbers(&f);
  return f;
}

/* A factor that couples samples; what follows is divided into samples again. */
static struct jac_factor make_coupled(size_t rows, size_t batch) {
  struct jac_factor f = {.groups = 1, .rows = rows, .cols = batch * (1 + draw(3))};
  f.sparse = draw(2) == 0 ? draw_pattern(rows, f.cols) : NULL;
  draw_numbers(&f);
  return f;
}

/* A chain in one form throughout, or with factors that couple the samples between. */
static size_t make_chain(struct jac_factor *factor) {
  size_t count = 2 + draw(4), batch = 1 + draw(3), rows = 1 + draw(4);
  bool coupled = draw(2) == 0;
  for (size_t k = 0; k < count; k++) {
    size_t before = k > 0 ? full_cols(&factor[k - 1]) : rows * batch;
    factor[k] = coupled && (k == 0 || draw(3) == 0)
                    ? make_coupled(before, batch)
                    : make(batch, before / batch, k + 1 == count, coupled);
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

/* J has its rows and slices apart, and what lies between them must stay. */
START_TEST(agrees_with_the_textbook) {
  for (int round = 0; round < 200; round++) {
    struct jac_factor factor[5], whole;
    state = (unsigned long)(_i * 1000 + round);
    size_t count = make_chain(factor);
    whole = factor[0];
    for (size_t k = 1; k < count; k++)
      whole = jac_factor_shape(&whole, &factor[k]);
    struct jac_array3 J = jac_array3_over(NULL, whole.groups, whole.rows, whole.cols);
    J.row_step += draw(3);
    J.slice_step = J.rows * J.row_step + draw(3);
    size_t size = J.slices * J.slice_step;
    J.data = malloc(size * sizeof *J.data);
    for (size_t k = 0; k < size; k++)
      J.data[k] = whole.width > 0 ? 0.0 : 0.5;
    ck_assert_int_eq(jac_factor_chain(factor, count, &J), JAC_OK);
    whole = (struct jac_factor){.data = J.data,
                                .groups = J.slices,
                                .rows = J.rows,
                                .cols = J.cols,
                                .group_step = J.slice_step,
                                .row_step = J.row_step,
                                .stacked = whole.stacked};
    double *mine = full(&whole), *truth = textbook(factor, count);
    for (size_t k = 0; k < full_rows(&whole) * full_cols(&whole); k++)
      ck_assert_msg(fabs(mine[k] - truth[k]) <= 1e-9, "seed %lu, entry %zu: %g, not %g",
                    (unsigned long)(_i * 1000 + round), k, mine[k], truth[k]);
    for (size_t k = 0; k < size; k++)
      if (k % J.slice_step / J.row_step >= J.rows ||
          k % J.slice_step % J.row_step >= J.cols)
        ck_assert(J.data[k] == 0.0 || J.data[k] == 0.5);
    free(mine);
    free(truth);
    free(J.data);
    for (size_t k = 0; k < count; k++)
      free_factor(&factor[k]);
  }
}
END_TEST

static double filled(size_t m, size_t k, size_t n) {
  struct jac_factor a = {.groups = 1, .rows = m, .cols = k};
  struct jac_factor b = {.groups = 1, .rows = k, .cols = n};
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
