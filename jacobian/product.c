#include "jacobian/product.h"

#include <gsl/gsl_cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t jac_factor_size(const struct jac_factor *f) {
  return (f->alike ? 1 : f->groups) * (f->width > 0 ? 1 : f->rows) * f->cols;
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
    c.width = a->width * b->width;
    c.stacked = b->stacked;
    c.alike = a->alike && b->alike;
  }
  c.row_step = c.width > 0 ? 0 : c.cols;
  c.group_step = c.width > 0 ? c.cols : c.rows * c.cols;
  return c;
}

/* A number of the result that is written costs about as much as four multiplications in a
 * product of matrices; one multiplied outside of such a product, as two. */
double jac_factor_cost(const struct jac_factor *a, const struct jac_factor *b) {
  bool once = a->alike && b->alike && a->groups == b->groups;
  double groups = (double)(once ? 1 : a->groups > b->groups ? a->groups : b->groups);
  double rows = (double)a->rows, cols = (double)b->cols, inner = (double)a->cols;
  if (a->width > 0 && b->width > 0)
    return groups * cols * 4.0;
  if (a->groups < b->groups)
    inner = (double)b->rows;
  if (a->width > 0)
    inner = 2.0 * (double)a->width;
  else if (b->width > 0)
    inner = 2.0;
  else if (a->sparse != NULL)
    inner = 2.0 * (double)jac_pattern_count(a->sparse) / rows * inner / (double)a->cols;
  return groups * rows * cols * (inner + 4.0);
}

/* A group, or some columns or rows of one. */
struct piece {
  double *data;
  size_t rows, cols, step, width;
  const struct jac_pattern *sparse;
  size_t first; /* the first column that it has of what is sparse */
};

static struct piece piece_of(const struct jac_factor *f, size_t group) {
  size_t at = f->groups == 1 || f->alike ? 0 : group;
  return (struct piece){f->data + at * f->group_step,
                        f->rows,
                        f->cols,
                        f->row_step,
                        f->width,
                        f->sparse,
                        0};
}

/* c = factor x, or c += factor x. */
static void scale_row(double *c, const double *x, size_t count, double factor, bool add) {
  for (size_t j = 0; j < count && add; j++)
    c[j] += factor * x[j];
  for (size_t j = 0; j < count && !add; j++)
    c[j] = factor * x[j];
}

/* Both rows of their own: row i of c is what row i of a takes of b's. */
static void rows_rows(const struct piece *a, const struct piece *b, const struct piece *c,
                      bool add) {
  for (size_t k = 0; k < a->cols; k++)
    scale_row(c->data + k * b->width, b->data + k * b->width, b->width, a->data[k], add);
}

static void rows_whole(const struct piece *a, const struct piece *b,
                       const struct piece *c, bool add) {
  for (size_t k = 0; k < a->cols; k++)
    scale_row(c->data + k / a->width * c->step, b->data + k * b->step, b->cols,
              a->data[k], add || k % a->width > 0);
}

static void whole_rows(const struct piece *a, const struct piece *b,
                       const struct piece *c, bool add) {
  for (size_t i = 0; i < a->rows; i++) {
    const double *row = a->data + i * a->step;
    double *out = c->data + i * c->step;
    if (b->width == 1)
      for (size_t k = 0; k < a->cols; k++)
        out[k] = row[k] * b->data[k] + (add ? out[k] : 0.0);
    else
      for (size_t k = 0; k < a->cols; k++)
        scale_row(out + k * b->width, b->data + k * b->width, b->width, row[k], add);
  }
}

static void sparse_whole(const struct piece *a, const struct piece *b,
                         const struct piece *c, bool add) {
  for (size_t i = 0; i < a->rows; i++) {
    double *out = c->data + i * c->step;
    bool begun = add;
    for (size_t e = a->sparse->start[i]; e < a->sparse->start[i + 1]; e++) {
      size_t k = a->sparse->column[e] - a->first;
      if (a->sparse->column[e] < a->first || k >= a->cols)
        continue;
      scale_row(out, b->data + k * b->step, b->cols, a->data[i * a->step + k], begun);
      begun = true;
    }
    if (!begun)
      memset(out, 0, b->cols * sizeof *out);
  }
}

static void multiply(const struct piece *a, const struct piece *b, const struct piece *c,
                     bool add) {
  if (a->width > 0 && b->width > 0)
    rows_rows(a, b, c, add);
  else if (a->width > 0)
    rows_whole(a, b, c, add);
  else if (b->width > 0)
    whole_rows(a, b, c, add);
  else if (a->sparse != NULL)
    sparse_whole(a, b, c, add);
  else
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)a->rows, (int)b->cols,
                (int)a->cols, 1.0, a->data, (int)a->step, b->data, (int)b->step,
                add ? 1.0 : 0.0, c->data, (int)c->step);
}

void jac_factor_multiply(const struct jac_factor *a, const struct jac_factor *b,
                         const struct jac_factor *c) {
  size_t groups = a->groups > b->groups ? a->groups : b->groups;
  for (size_t g = 0; g < (c->alike ? 1 : groups); g++) {
    struct piece x = piece_of(a, g), y = piece_of(b, g), z = piece_of(c, g);
    bool add = false;
    if (a->groups < b->groups) {
      x.data += g * b->rows;
      x.cols = b->rows;
      x.first = g * b->rows;
      z.data += b->stacked ? 0 : g * b->cols;
      add = b->stacked && g > 0;
    } else if (a->groups > b->groups) {
      y.data += g * a->cols * y.step;
      y.rows = a->cols;
      z.data += g * a->rows * z.step;
    }
    multiply(&x, &y, &z, add);
  }
}

/* The plan of a chain: for factors i to j what their product is, the least cost, and
 * where it is split (Cormen et al., Introduction to Algorithms, 15.2). Where all factors
 * have the same groups, one group is multiplied to its end before the next, so that what
 * is between stays in the cache; what is alike in all is made once. */
struct plan {
  size_t count;
  bool by_group;
  struct cell {
    struct jac_factor shape;
    double cost;
    size_t split;
    double *once; /* the product, alike in all groups; owned */
  } * cell;
};

static struct cell *at(const struct plan *p, size_t i, size_t j) {
  return &p->cell[i * p->count + j];
}

static void make_plan(const struct plan *p, const struct jac_factor *factor) {
  for (size_t i = 0; i < p->count; i++)
    *at(p, i, i) = (struct cell){.shape = factor[i]};
  for (size_t length = 1; length < p->count; length++)
    for (size_t i = 0; i + length < p->count; i++) {
      struct cell *best = at(p, i, i + length);
      best->cost = INFINITY;
      for (size_t k = i; k < i + length; k++) {
        const struct cell *left = at(p, i, k), *right = at(p, k + 1, i + length);
        double cost =
            left->cost + right->cost + jac_factor_cost(&left->shape, &right->shape);
        if (cost < best->cost)
          *best = (struct cell){.shape = jac_factor_shape(&left->shape, &right->shape),
                                .cost = cost,
                                .split = k};
      }
    }
}

static struct jac_factor group_of(const struct jac_factor *f, size_t group) {
  struct jac_factor one = *f;
  if (f->data != NULL && !f->alike)
    one.data += group * f->group_step;
  one.groups = 1;
  return one;
}

static enum jac_status run(const struct plan *p, size_t i, size_t j, size_t group,
                           const struct jac_factor *c);

/* Factors i to j as one side of a product; *made is memory for the caller to free. */
static enum jac_status side(const struct plan *p, size_t i, size_t j, size_t group,
                            struct jac_factor *f, double **made) {
  struct cell *cell = at(p, i, j);
  *f = p->by_group ? group_of(&cell->shape, group) : cell->shape;
  *made = NULL;
  if (i < j)
    f->data = cell->once;
  if (f->data != NULL)
    return JAC_OK;
  f->data = malloc((jac_factor_size(f) + 1) * sizeof *f->data);
  if (p->by_group && f->alike)
    cell->once = f->data;
  else
    *made = f->data;
  return f->data == NULL ? JAC_ENOMEM : run(p, i, j, group, f);
}

/* Factors i to j, two or more, multiplied into c's data; of one group where it goes by
 * groups. */
static enum jac_status run(const struct plan *p, size_t i, size_t j, size_t group,
                           const struct jac_factor *c) {
  struct jac_factor a, b;
  double *left = NULL, *right = NULL;
  size_t split = at(p, i, j)->split;
  enum jac_status status = side(p, i, split, group, &a, &left);
  if (status == JAC_OK)
    status = side(p, split + 1, j, group, &b, &right);
  if (status == JAC_OK)
    jac_factor_multiply(&a, &b, c);
  free(left);
  free(right);
  return status;
}

/* c, stored as rows or once for all groups, in the places of J. */
static void write_out(const struct jac_factor *c, const struct jac_array3 *J) {
  for (size_t g = c->width > 0 ? 0 : 1; g < c->groups; g++)
    for (size_t i = 0; i < c->rows; i++) {
      const double *from = piece_of(c, g).data;
      double *row = jac_array3_at(J, g, i, 0);
      if (c->width == 0) {
        jac_array3_fill(J, row, from + i * c->row_step, c->cols, 1.0, 0.0);
        continue;
      }
      memcpy(row + i * c->width, from + i * c->width, c->width * sizeof *row);
    }
}

static bool same_groups(const struct jac_factor *factor, size_t count) {
  for (size_t k = 1; k < count; k++)
    if (factor[k].groups != factor[0].groups)
      return false;
  return true;
}

enum jac_status jac_factor_chain(const struct jac_factor *factor, size_t count,
                                 const struct jac_array3 *J) {
  struct plan p = {.count = count,
                   .by_group = same_groups(factor, count),
                   .cell = calloc(count * count, sizeof *p.cell)};
  if (p.cell == NULL)
    return JAC_ENOMEM;
  make_plan(&p, factor);
  struct jac_factor c = at(&p, 0, count - 1)->shape;
  bool apart = c.width > 0;
  if (!apart) {
    c.data = J->data;
    c.row_step = J->row_step;
    c.group_step = J->slice_step;
  } else
    c.data = malloc((jac_factor_size(&c) + 1) * sizeof *c.data);
  enum jac_status status = c.data != NULL ? JAC_OK : JAC_ENOMEM;
  size_t turns = p.by_group && !c.alike ? c.groups : 1;
  for (size_t g = 0; g < turns && status == JAC_OK; g++) {
    struct jac_factor one = p.by_group ? group_of(&c, g) : c;
    status = run(&p, 0, count - 1, g, &one);
  }
  if (status == JAC_OK && (apart || c.alike))
    write_out(&c, J);
  if (apart)
    free(c.data);
  for (size_t k = 0; k < count * count; k++)
    free(p.cell[k].once);
  free(p.cell);
  return status;
}
