/* Entries, rows and columns of a matrix; matrices of blocks; the same entries in another
 * shape. */
#include "jacobian/text.h"
#include "jacobian/value/value_internal.h"

#include <math.h>

typedef struct jac_grid grid_t;

/* The place from 0, or one row or column too far with a failure. */
static size_t place(struct jac_eval *e, const struct jac_term *term, size_t most,
                    const char *side, const struct jac_term *of) {
  long at = 0;
  if (!jac_eval_whole(e, term, &at))
    return 0;
  bool runs = term->kind != JAC_TERM_NUMBER && of->kind == JAC_TERM_SYMBOL;
  if ((at < 1 || (size_t)at > most) && runs)
    jac_eval_fail(
        e, JAC_EINPUT,
        _("%s %ld of %zu of %s does not exist: an index runs too far: shift it, "
          "x[i+1] for x[i-1], or say a sum's ends, sum(i = %d:%zu, ...)"),
        side, at, most, of->symbol->key, at < 1 ? 2 : 1, at < 1 ? most : most - 1);
  else if (at < 1 || (size_t)at > most)
    jac_eval_fail(e, JAC_EINPUT, "%s %ld of %zu does not exist", side, at, most);
  return (size_t)at - 1;
}

grid_t jac_eval_entry(struct jac_eval *e, const struct jac_term *term) {
  grid_t base = jac_eval_term(e, term->child[0]);
  const struct jac_term *row = term->child[1], *col = term->child[2];
  if (e->status != JAC_OK)
    return base;
  size_t r =
      row ? place(e, row, base.rows, base.cols == 1 ? "entry" : "row", term->child[0])
          : 0;
  size_t c =
      col ? place(e, col, base.cols, base.rows == 1 ? "entry" : "column", term->child[0])
          : 0;
  if (e->status != JAC_OK)
    return base;
  if (row && (col || base.cols == 1)) /* nothing is copied */
    return (grid_t){1, 1, base.mask, base.scale, jac_grid_at(e, base, r, c)};
  if (row)
    return (grid_t){1, base.cols, base.mask, base.scale, jac_grid_at(e, base, r, 0)};
  if (!col)
    return base;
  grid_t out = jac_grid_new(e, base.rows, 1, base.mask);
  for (size_t k = 0; k < out.rows; k++)
    jac_grid_put(e, out, k, 0, base, k, c);
  out.scale = base.scale;
  return out;
}

static size_t height(const grid_t *block, size_t cols, size_t r) {
  size_t most = 0;
  for (size_t c = 0; c < cols; c++)
    most = block[r * cols + c].rows > most ? block[r * cols + c].rows : most;
  return most;
}

static size_t breadth(const grid_t *block, size_t rows, size_t cols, size_t c) {
  size_t most = 0;
  for (size_t r = 0; r < rows; r++)
    most = block[r * cols + c].cols > most ? block[r * cols + c].cols : most;
  return most;
}

static bool block_fits(struct jac_eval *e, grid_t block, size_t rows, size_t cols) {
  if (block.x && (block.rows != rows || block.cols != cols))
    jac_eval_fail(e, JAC_EINPUT, "a block is %zux%zu beside others of %zux%zu",
                  block.rows, block.cols, rows, cols);
  return block.x && e->status == JAC_OK;
}

/* Puts the blocks where they belong; rows and columns of blocks that are all zeros share
 * what is left. */
static void assemble(struct jac_eval *e, const struct jac_term *term, grid_t out,
                     const grid_t *block) {
  size_t down = term->block_rows, across = term->block_cols, top = 0;
  for (size_t r = 0; r < down; r++) {
    size_t rows = height(block, across, r), left = 0;
    for (size_t c = 0; c < across; c++) {
      grid_t b = block[r * across + c];
      size_t cols = breadth(block, down, across, c);
      if (top + rows > out.rows || left + cols > out.cols) {
        jac_eval_fail(e, JAC_EINPUT, "the blocks do not make up a %zux%zu matrix",
                      out.rows, out.cols);
        return;
      }
      if (block_fits(e, b, rows, cols))
        for (size_t i = 0; i < b.rows; i++)
          for (size_t j = 0; j < b.cols; j++)
            jac_grid_put(e, out, top + i, left + j, b, i, j);
      left += cols;
    }
    top += rows;
  }
}

/* A row or a column of blocks without any: as much as the whole has beyond the others. */
static void fill_gaps(grid_t *block, size_t down, size_t across, size_t rows,
                      size_t cols) {
  size_t had_rows = 0, had_cols = 0;
  for (size_t r = 0; r < down; r++)
    had_rows += height(block, across, r);
  for (size_t c = 0; c < across; c++)
    had_cols += breadth(block, down, across, c);
  for (size_t r = 0; r < down; r++)
    if (height(block, across, r) == 0 && rows > had_rows) {
      block[r * across].rows = rows - had_rows;
      had_rows = rows;
    }
  for (size_t c = 0; c < across; c++)
    if (breadth(block, down, across, c) == 0 && cols > had_cols) {
      block[c].cols = cols - had_cols;
      had_cols = cols;
    }
}

grid_t jac_eval_matrix(struct jac_eval *e, const struct jac_term *term) {
  size_t count = term->block_rows * term->block_cols;
  size_t rows = jac_dim_size(term->type.rows), cols = jac_dim_size(term->type.cols);
  grid_t *block = jac_pool_take(&e->jets.store->pool, (count + 1) * sizeof *block);
  unsigned mask = 0;
  double scale = 0.0;
  for (size_t k = 0; block && k < count; k++) {
    if (term->child[k])
      block[k] = jac_eval_term(e, term->child[k]);
    if (e->status != JAC_OK)
      return (grid_t){0};
    mask |= block[k].mask;
    scale = fmax(scale, block[k].scale);
  }
  grid_t out = jac_grid_new(e, rows, cols, mask);
  if (!block || e->status != JAC_OK)
    return out;
  fill_gaps(block, term->block_rows, term->block_cols, rows, cols);
  assemble(e, term, out, block);
  out.scale = scale;
  return out;
}

grid_t jac_eval_reshape(struct jac_eval *e, const struct jac_term *term) {
  grid_t a = jac_eval_term(e, term->child[0]);
  size_t rows = jac_dim_size(term->type.rows), cols = jac_dim_size(term->type.cols);
  if (e->status != JAC_OK)
    return a;
  if (a.rows * a.cols != rows * cols)
    return jac_eval_fail(e, JAC_EINPUT, "%zux%zu entries do not make up %zux%zu", a.rows,
                         a.cols, rows, cols);
  grid_t out = jac_grid_new(e, rows, cols, a.mask);
  for (size_t k = 0; k < out.rows * out.cols; k++)
    jac_grid_put(e, out, k % rows, k / rows, a, k % a.rows, k / a.rows);
  out.scale = a.scale;
  return out;
}
