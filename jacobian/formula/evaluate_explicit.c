/* Explicit matrices: their blocks, side by side. */
#include "jacobian/formula/evaluate_internal.h"

#include "jacobian/text.h"

typedef const struct jac_node *node_t;
typedef struct jac_value value_t;

enum { CELLS = JAC_FORMULA_CHILDREN };

struct blocks {
  size_t rows, cols;
  value_t at[CELLS * CELLS];
  size_t height[CELLS], width[CELLS]; /* of the rows and columns of blocks */
};

static size_t larger(size_t a, size_t b) {
  return a > b ? a : b;
}

/* What is flexible takes the size of what stands beside it. */
static void measure(struct blocks *b) {
  for (size_t k = 0; k < CELLS; k++)
    b->height[k] = b->width[k] = 1;
  for (size_t k = 0; k < b->rows * b->cols; k++) {
    size_t i = k / b->cols, j = k % b->cols;
    b->height[i] = larger(b->height[i], b->at[k].rows);
    b->width[j] = larger(b->width[j], b->at[k].cols);
  }
}

static size_t sum(const size_t *size, size_t count) {
  size_t total = 0;
  for (size_t k = 0; k < count; k++)
    total += size[k];
  return total;
}

/* A block at its place in the whole; a number 0 is a block of zeros. */
static void lay(struct jac_evaluation *e, node_t n, const struct blocks *b, size_t k,
                value_t whole) {
  size_t i = k / b->cols, j = k % b->cols, top = sum(b->height, i),
         left = sum(b->width, j);
  value_t one = b->at[k];
  if (one.flexible != JAC_FIXED)
    one = jac_value_settle(e, n, one, b->height[i], b->width[j]);
  if (e->status != JAC_OK)
    return;
  bool fits = one.rows == b->height[i] && one.cols == b->width[j];
  bool zero = one.rows * one.cols == 1 && jac_value_get(e, one, 0, 0) == 0.0;
  if (!fits && !zero)
    jac_evaluation_fail(e, n, _("a block of %zux%zu stands where %zux%zu is needed"),
                        one.rows, one.cols, b->height[i], b->width[j]);
  for (size_t r = 0; fits && r < one.rows; r++)
    for (size_t c = 0; c < one.cols; c++)
      e->type->set(e->type, jac_value_at(e, whole, top + r, left + c),
                   jac_value_at(e, one, r, c));
}

value_t jac_value_matrix(struct jac_evaluation *e, node_t n) {
  struct blocks b = {.rows = n->count, .cols = n->child[0]->count};
  for (size_t k = 0; k < b.rows * b.cols && e->status == JAC_OK; k++) {
    node_t cell = n->child[k / b.cols]->child[k % b.cols];
    b.at[k] =
        cell->kind == JAC_BLANK ? jac_value_number(e, 0.0) : jac_evaluation_node(e, cell);
  }
  if (e->status != JAC_OK)
    return jac_value_new(e, 1, 1);
  measure(&b);
  value_t whole = jac_value_new(e, sum(b.height, b.rows), sum(b.width, b.cols));
  for (size_t k = 0; k < b.rows * b.cols && e->status == JAC_OK; k++)
    lay(e, n, &b, k, whole);
  return whole;
}
