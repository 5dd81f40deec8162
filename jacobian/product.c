#include "jacobian/product.h"

#include <gsl/gsl_cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct jac_factor jac_factor_of(const struct jac_array3 *array,
                                const struct jac_pattern *pattern) {
  bool blocks = pattern->kind == JAC_PATTERN_DIAGONAL ||
                pattern->kind == JAC_PATTERN_BLOCK_DIAGONAL;
  return (struct jac_factor){
      .data = array->data,
      .groups = array->slices,
      .rows = array->rows,
      .cols = array->cols,
      .block_rows = blocks ? pattern->block_rows : array->rows,
      .block_cols = blocks ? pattern->block_cols : array->cols,
  };
}

size_t jac_factor_size(const struct jac_factor *f) {
  return (f->alike ? 1 : f->groups) * f->rows * f->cols;
}

static bool diagonal(const struct jac_factor *f) {
  return f->block_rows == 1 && f->block_cols == 1 && f->rows == f->cols;
}

static bool dense(const struct jac_factor *f) {
  return f->block_rows == f->rows;
}

struct jac_factor jac_factor_shape(const struct jac_factor *a,
                                   const struct jac_factor *b) {
  struct jac_factor c = {.groups = a->groups, .rows = a->rows, .cols = b->cols};
  if (a->groups < b->groups) {
    c.groups = 1;
    c.cols = b->stacked ? b->cols : b->groups * b->cols;
  } else if (a->groups > b->groups) {
    c.groups = 1;
    c.rows = a->groups * a->rows;
  } else {
    c.stacked = b->stacked;
    c.alike = a->alike && b->alike;
    const struct jac_factor *other = diagonal(a) ? b : diagonal(b) ? a : NULL;
    if (other != NULL && !dense(other)) {
      c.block_rows = other->block_rows;
      c.block_cols = other->block_cols;
      return c;
    }
  }
  c.block_rows = c.rows;
  c.block_cols = c.cols;
  return c;
}

/* A number of the result that is written costs about as much as four multiplications in a
 * product of matrices. */
double jac_factor_cost(const struct jac_factor *a, const struct jac_factor *b) {
  bool once = a->alike && b->alike && a->groups == b->groups;
  double groups = (double)(once ? 1 : a->groups > b->groups ? a->groups : b->groups);
  double inner = (double)(a->groups > b->groups ? a->cols : b->rows);
  if (!dense(a))
    inner = (double)a->block_cols;
  else if (!dense(b))
    inner = (double)b->block_rows;
  return groups * (double)a->rows * (double)b->cols * (inner + 4.0);
}

/* A piece of a factor: a matrix with rows `step` apart. */
struct piece {
  double *data;
  size_t rows, cols, step, block_rows, block_cols;
};

static struct piece piece_of(const struct jac_factor *f, size_t group) {
  size_t at = f->groups == 1 || f->alike ? 0 : group;
  return (struct piece){f->data + at * f->rows * f->cols,
                        f->rows,
                        f->cols,
                        f->cols,
                        f->block_rows,
                        f->block_cols};
}

/* c = a b, or c += a b, all dense. */
static void gemm(const double *a, size_t a_step, const double *b, size_t b_step,
                 double *c, size_t c_step, size_t m, size_t n, size_t k, bool add) {
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1.0, a,
              (int)a_step, b, (int)b_step, add ? 1.0 : 0.0, c, (int)c_step);
}

/* c = factor x, or c += factor x. */
static void scale_row(double *c, const double *x, size_t count, double factor, bool add) {
  for (size_t j = 0; j < count && add; j++)
    c[j] += factor * x[j];
  for (size_t j = 0; j < count && !add; j++)
    c[j] = factor * x[j];
}

/* Blocks of a: each gives some rows of c from some rows of b. */
static void from_left(const struct piece *a, const struct piece *b, const struct piece *c,
                      bool add) {
  for (size_t k = 0; k < a->rows / a->block_rows; k++) {
    size_t i = k * a->block_rows, j = k * a->block_cols;
    const double *block = a->data + i * a->step + j;
    if (a->block_cols == 1)
      for (size_t r = 0; r < a->block_rows; r++)
        scale_row(c->data + (i + r) * c->step, b->data + j * b->step, b->cols,
                  block[r * a->step], add);
    else
      gemm(block, a->step, b->data + j * b->step, b->step, c->data + i * c->step, c->step,
           a->block_rows, b->cols, a->block_cols, add);
  }
}

/* Blocks of b: each gives some columns of c from some columns of a. Blocks of one row are
 * taken row by row of c, which is then written in order. */
static void from_right(const struct piece *a, const struct piece *b,
                       const struct piece *c, bool add) {
  size_t blocks = b->rows / b->block_rows, width = b->block_cols;
  size_t next = b->block_rows * b->step + width;
  for (size_t i = 0; i < a->rows && b->block_rows == 1; i++) {
    const double *row = a->data + i * a->step;
    double *out = c->data + i * c->step;
    if (width == 1)
      for (size_t k = 0; k < blocks; k++)
        out[k] = row[k] * b->data[k * next] + (add ? out[k] : 0.0);
    else
      for (size_t k = 0; k < blocks; k++)
        scale_row(out + k * width, b->data + k * next, width, row[k], add);
  }
  for (size_t k = 0; k < blocks && b->block_rows > 1; k++)
    gemm(a->data + k * b->block_rows, a->step, b->data + k * next, b->step,
         c->data + k * width, c->step, a->rows, width, b->block_rows, add);
}

static void multiply(const struct piece *a, const struct piece *b, const struct piece *c,
                     bool add) {
  if (a->block_rows != a->rows)
    from_left(a, b, c, add);
  else if (b->block_rows != b->rows)
    from_right(a, b, c, add);
  else
    gemm(a->data, a->step, b->data, b->step, c->data, c->step, a->rows, b->cols, a->cols,
         add);
}

void jac_factor_multiply(const struct jac_factor *a, const struct jac_factor *b,
                         const struct jac_factor *c) {
  size_t groups = a->groups > b->groups ? a->groups : b->groups;
  /* Different groups times one and the same are a single product. */
  bool merge = a->groups == b->groups && b->alike && !a->alike && dense(a);
  if (merge || c->alike)
    groups = 1;
  for (size_t g = 0; g < groups; g++) {
    struct piece x = piece_of(a, g), y = piece_of(b, g), z = piece_of(c, g);
    if (merge)
      x.rows = x.block_rows = z.rows = a->groups * a->rows;
    bool add = false;
    if (a->groups < b->groups) {
      x.data += g * b->rows;
      x.cols = x.block_cols = b->rows;
      x.block_rows = x.rows;
      z.data += b->stacked ? 0 : g * b->cols;
      add = b->stacked && g > 0;
    } else if (a->groups > b->groups) {
      y.data += g * a->cols * y.step;
      y.rows = y.block_rows = a->cols;
      y.block_cols = y.cols;
      z.data += g * a->rows * z.step;
    }
    multiply(&x, &y, &z, add);
  }
}

/* The plan of a chain: for factors i to j what their product is, the least cost, and
 * where it is split (Cormen et al., Introduction to Algorithms, 15.2). */
struct plan {
  const struct jac_factor *factor;
  size_t count;
  struct cell {
    struct jac_factor shape;
    double cost;
    size_t split;
  } *cell;
};

static struct cell *at(const struct plan *p, size_t i, size_t j) {
  return &p->cell[i * p->count + j];
}

static void make_plan(const struct plan *p) {
  for (size_t i = 0; i < p->count; i++)
    *at(p, i, i) = (struct cell){p->factor[i], 0.0, i};
  for (size_t length = 1; length < p->count; length++)
    for (size_t i = 0; i + length < p->count; i++) {
      struct cell *best = at(p, i, i + length);
      best->cost = INFINITY;
      for (size_t k = i; k < i + length; k++) {
        const struct cell *left = at(p, i, k), *right = at(p, k + 1, i + length);
        double cost =
            left->cost + right->cost + jac_factor_cost(&left->shape, &right->shape);
        if (cost < best->cost)
          *best = (struct cell){jac_factor_shape(&left->shape, &right->shape), cost, k};
      }
    }
}

static enum jac_status run(const struct plan *p, size_t i, size_t j, double *data);

/* One side of a product: a factor itself, or made in memory that *made owns. */
static enum jac_status side(const struct plan *p, size_t i, size_t j,
                            struct jac_factor *out, double **made) {
  *out = at(p, i, j)->shape;
  *made = NULL;
  if (i == j)
    return JAC_OK;
  out->data = *made = malloc(jac_factor_size(out) * sizeof **made);
  return *made == NULL ? JAC_ENOMEM : run(p, i, j, *made);
}

static enum jac_status run(const struct plan *p, size_t i, size_t j, double *data) {
  struct jac_factor a, b, c = at(p, i, j)->shape;
  double *left = NULL, *right = NULL;
  if (i == j) {
    memcpy(data, c.data, jac_factor_size(&c) * sizeof *data);
    return JAC_OK;
  }
  c.data = data;
  enum jac_status status = side(p, i, at(p, i, j)->split, &a, &left);
  if (status == JAC_OK)
    status = side(p, at(p, i, j)->split + 1, j, &b, &right);
  if (status == JAC_OK)
    jac_factor_multiply(&a, &b, &c);
  free(left);
  free(right);
  return status;
}

enum jac_status jac_factor_chain(const struct jac_factor *factor, size_t count,
                                 double *data) {
  struct plan p = {factor, count, malloc(count * count * sizeof *p.cell)};
  if (p.cell == NULL)
    return JAC_ENOMEM;
  make_plan(&p);
  struct jac_factor whole = at(&p, 0, count - 1)->shape;
  enum jac_status status = run(&p, 0, count - 1, data);
  for (size_t g = 1; g < whole.groups && whole.alike && status == JAC_OK; g++)
    memcpy(data + g * whole.rows * whole.cols, data,
           whole.rows * whole.cols * sizeof *data);
  free(p.cell);
  return status;
}
