/* attention: Y = A V, A = softmax(S) row by row, S = Q K^T / sqrt(D). Rows are tokens,
 * and a token's output depends on all keys and values: the full Jacobian.
 *
 * d Y[n,o] / d S[n,m] = A[n,m] (V[m,o] - Y[n,o]), by softmax's A (delta - A); then
 * d S[n,m] / d Q[n,i] = K[m,i] / sqrt(D), d S[n,m] / d K[m,i] = Q[n,i] / sqrt(D). */
#include "jacobian/text.h"
#include "layers/layer.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>
#include <math.h>

enum { Q, K, V };

struct attention {
  struct jac_map map;
  size_t width; /* D */
  struct jac_constant d;
};

static double scale(const struct jac_map *map) {
  return 1.0 / sqrt((double)((const struct attention *)map)->width);
}

/* A; NULL when memory runs out. */
static gsl_matrix *weights(const struct jac_map *map, jac_point x) {
  gsl_matrix *a = jac_matrix_alloc(map->batch, map->batch);
  if (a == NULL)
    return NULL;
  gsl_blas_dgemm(CblasNoTrans, CblasTrans, scale(map), x[Q], x[K], 0.0, a);
  for (size_t n = 0; n < map->batch; n++)
    jac_softmax_row(gsl_matrix_ptr(a, n, 0), map->batch, gsl_matrix_ptr(a, n, 0));
  return a;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  gsl_matrix *a = weights(map, x);
  if (a == NULL)
    return JAC_ENOMEM;
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, a, x[V], 0.0, y);
  gsl_matrix_free(a);
  return JAC_OK;
}

/* The token that has the largest weight for n: values and keys count as they differ from
 * its own, so that what is nearly equal, or weighs nearly all, keeps its digits. */
static size_t heaviest(const gsl_matrix *a, size_t n) {
  size_t most = 0;
  for (size_t m = 1; m < a->size2; m++)
    if (gsl_matrix_get(a, n, m) > gsl_matrix_get(a, n, most))
      most = m;
  return most;
}

static double apart(const gsl_matrix *x, size_t m, size_t from, size_t i) {
  return gsl_matrix_get(x, m, i) - gsl_matrix_get(x, from, i);
}

/* What the tokens' Jacobians are filled from. */
struct filling {
  const struct jac_map *map;
  jac_point x;
  gsl_matrix *a;
  gsl_matrix *slope; /* d Y[n,o] / d S[n,m] for one n, by o and m: they add up to 0 */
  gsl_matrix *keys;  /* for one n, as they differ from the heaviest token's */
  struct jac_array3 *J;
};

static void set_slopes(const struct filling *f, size_t n, size_t from) {
  const gsl_matrix *v = f->x[V];
  for (size_t o = 0; o < f->map->cols; o++) {
    double y = 0.0; /* from the heaviest token's value */
    for (size_t m = 0; m < f->map->batch; m++)
      y += gsl_matrix_get(f->a, n, m) * apart(v, m, from, o);
    for (size_t m = 0; m < f->map->batch; m++)
      gsl_matrix_set(f->slope, o, m,
                     scale(f->map) * gsl_matrix_get(f->a, n, m) *
                         (apart(v, m, from, o) - y));
  }
}

/* The block of token n's rows and columns. */
static void fill_query(const struct filling *f, size_t n, size_t from) {
  size_t d = f->x[Q]->size2;
  gsl_matrix_view block = gsl_matrix_view_array_with_tda(
      jac_array3_at(f->J, 0, n * f->map->cols, n * d), f->map->cols, d, f->J->row_step);
  for (size_t m = 0; m < f->map->batch; m++)
    for (size_t i = 0; i < d; i++)
      gsl_matrix_set(f->keys, m, i, apart(f->x[K], m, from, i));
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, f->slope, f->keys, 0.0, &block.matrix);
}

static void fill_token(const struct filling *f, size_t wrt, size_t n) {
  size_t d = f->x[wrt]->size2, from = heaviest(f->a, n);
  if (wrt != V)
    set_slopes(f, n, from);
  if (wrt == Q)
    fill_query(f, n, from);
  for (size_t o = 0; o < f->map->cols && wrt != Q; o++) {
    double *row = jac_array3_at(f->J, 0, n * f->map->cols + o, 0);
    for (size_t m = 0; m < f->map->batch; m++)
      if (wrt == V)
        row[m * d + o] = gsl_matrix_get(f->a, n, m);
      else
        jac_array3_fill(f->J, row + m * d, gsl_matrix_const_ptr(f->x[Q], n, 0), d,
                        gsl_matrix_get(f->slope, o, m), 0.0);
  }
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  struct filling f = {.map = map,
                      .x = x,
                      .a = weights(map, x),
                      .slope = jac_matrix_alloc(map->cols, map->batch),
                      .keys = jac_matrix_alloc(map->batch, x[K]->size2),
                      .J = J};
  bool there = f.a != NULL && f.slope != NULL && f.keys != NULL;
  for (size_t n = 0; n < map->batch && there; n++)
    fill_token(&f, wrt, n);
  gsl_matrix_free(f.a);
  gsl_matrix_free(f.slope);
  gsl_matrix_free(f.keys);
  return there ? JAC_OK : JAC_ENOMEM;
}

/* s = a .* (s - rowsum(a .* s)): softmax's product, row by row, from either side. */
static void through_softmax(const gsl_matrix *a, gsl_matrix *s) {
  for (size_t n = 0; n < a->size1; n++) {
    gsl_vector_const_view weight = gsl_matrix_const_row(a, n);
    gsl_vector_view row = gsl_matrix_row(s, n);
    double mean;
    gsl_blas_ddot(&weight.vector, &row.vector, &mean);
    gsl_vector_add_constant(&row.vector, -mean);
    gsl_vector_mul(&row.vector, &weight.vector);
  }
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  gsl_matrix *a = weights(map, x), *s = jac_matrix_alloc(map->batch, map->batch);
  if (a == NULL || s == NULL) {
    gsl_matrix_free(a);
    gsl_matrix_free(s);
    return JAC_ENOMEM;
  }
  if (wrt == V)
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, a, cotangent, 0.0, gradient);
  else {
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, cotangent, x[V], 0.0, s);
    through_softmax(a, s);
    gsl_blas_dgemm(wrt == Q ? CblasNoTrans : CblasTrans, CblasNoTrans, scale(map), s,
                   x[wrt == Q ? K : Q], 0.0, gradient);
  }
  gsl_matrix_free(a);
  gsl_matrix_free(s);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  gsl_matrix *a = weights(map, x), *s = jac_matrix_alloc(map->batch, map->batch);
  if (a == NULL || s == NULL) {
    gsl_matrix_free(a);
    gsl_matrix_free(s);
    return JAC_ENOMEM;
  }
  if (wrt == V)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, a, tangent, 0.0, out);
  else {
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, scale(map), wrt == Q ? tangent : x[Q],
                   wrt == Q ? x[K] : tangent, 0.0, s);
    through_softmax(a, s);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, s, x[V], 0.0, out);
  }
  gsl_matrix_free(a);
  gsl_matrix_free(s);
  return JAC_OK;
}

/* A token depends on its own query, on every key, and on the same feature of every value.
 */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  size_t d = map->var[wrt].dims[1], n = row / map->cols, o = row % map->cols, count = 0;
  for (size_t m = 0; m < map->batch; m++)
    for (size_t i = 0; i < d; i++)
      if (wrt == K || (wrt == Q && m == n) || (wrt == V && i == o))
        columns[count++] = m * d + i;
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  return wrt == K ? (struct jac_structure){.written = true}
                  : (struct jac_structure){.columns = columns_of};
}

static const struct jac_map_type type = {
    .name = "attention",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct attention *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, spec->size[1], 3, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->width = spec->size[0];
  jac_layer_data(&m->map, Q, "Q", "q", spec->size[0],
                 "delta(n,m)*sum(l, A[n,l]*(V[l,o] - Y[n,o])*K[l,i])/sqrt(D)");
  jac_layer_data(&m->map, K, "K", "k", spec->size[0],
                 "A[n,m]*(V[m,o] - Y[n,o])*Q[n,i]/sqrt(D)");
  jac_layer_data(&m->map, V, "V", "v", spec->size[1], "delta(o,i)*A[n,m]");
  m->d = (struct jac_constant){"D", (double)m->width};
  m->map.constant = &m->d;
  m->map.nconstant = 1;
  m->map.definition = module->definition;
  m->map.where = "A[n,m] = exp(S[n,m]) / sum(l, exp(S[n,l])); "
                 "S[n,m] = sum(i, Q[n,i]*K[m,i])/sqrt(D); "
                 "Y[n,o] = sum(m, A[n,m]*V[m,o])";
  m->map.coupled = true;
  m->map.coupled_reason = N_("every token looks at all tokens");
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module jac_module_attention = {
    .name = "attention",
    .matrices = "softmax(Q*K'/sqrt(d_k))*V",
    .sizes = "DxDV",
    .nsize = 2,
    .fixed = true,
    .example = "attention:3x2",
    .definition = "y[n,o] = sum(m, A[n,m]*V[m,o])",
    .make = make,
};
