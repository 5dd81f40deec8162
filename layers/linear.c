/* linear: y = z W + b. Per output o of sample n: y[n,o] = sum_i z[n,i] W[i,o] + b[o].
 *
 * With respect to z each sample's Jacobian is W^T; with respect to W, numbered column by
 * column, it is I (x) z[n,.], block diagonal; with respect to b it is the identity. */
#include "jacobian/text.h"
#include "layers/layer.h"

#include <gsl/gsl_blas.h>
#include <string.h>

enum { Z, W, B };

struct linear {
  struct jac_map map;
  size_t in, out;
};

static bool has_bias(const struct jac_map *map) {
  return map->nvar > B;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t n = 0; n < map->batch && has_bias(map); n++)
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(y, n, o, gsl_matrix_get(x[B], 0, o));
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, x[Z], x[W], has_bias(map) ? 1.0 : 0.0,
                 y);
  return JAC_OK;
}

/* rows rows of W^T from the first on, in tiles of a line of the cache each way. */
static void transpose(const struct linear *m, const gsl_matrix *w, size_t first,
                      size_t rows, const struct jac_array3 *J) {
  enum { TILE = 8 };
  double *to = jac_array3_at(J, 0, first, 0);
  for (size_t i = 0; i < m->in; i += TILE)
    for (size_t r = 0; r < rows; r += TILE) {
      size_t high = m->in - i < TILE ? m->in - i : TILE;
      size_t wide = rows - r < TILE ? rows - r : TILE;
      const double *from = gsl_matrix_const_ptr(w, i, first + r);
      for (size_t b = 0; b < wide; b++)
        for (size_t a = 0; a < high; a++)
          to[(r + b) * J->row_step + i + a] = from[a * w->tda + b];
    }
}

/* W^T into every slice, some rows at a time: while those of the first sample are in the
 * cache, they are copied to the others. */
static void transposes(const struct linear *m, const gsl_matrix *w,
                       const struct jac_array3 *J) {
  enum { ROWS = 16 };
  for (size_t first = 0; first < m->out; first += ROWS) {
    size_t rows = m->out - first < ROWS ? m->out - first : ROWS;
    transpose(m, w, first, rows, J);
    for (size_t n = 1; n < J->slices; n++)
      for (size_t r = first; r < first + rows; r++)
        jac_array3_fill(J, jac_array3_at(J, n, r, 0), jac_array3_at(J, 0, r, 0), m->in,
                        1.0, 0.0);
  }
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct linear *m = (const struct linear *)map;
  if (wrt == Z)
    transposes(m, x[W], J);
  for (size_t n = 0; n < map->batch && wrt != Z; n++)
    for (size_t o = 0; o < m->out; o++)
      if (wrt == W)
        memcpy(jac_array3_at(J, n, o, o * m->in), gsl_matrix_const_ptr(x[Z], n, 0),
               m->in * sizeof(double));
      else
        *jac_array3_at(J, n, o, o) = 1.0;
  return JAC_OK;
}

static bool dense(const struct jac_map *map, size_t wrt) {
  (void)map;
  return wrt == Z;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  if (wrt == Z)
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, cotangent, x[W], 0.0, gradient);
  else if (wrt == W)
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, x[Z], cotangent, 0.0, gradient);
  else {
    gsl_matrix_set_zero(gradient);
    gsl_vector_view sum = gsl_matrix_row(gradient, 0);
    for (size_t n = 0; n < map->batch; n++) {
      gsl_vector_const_view row = gsl_matrix_const_row(cotangent, n);
      gsl_blas_daxpy(1.0, &row.vector, &sum.vector);
    }
  }
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  if (wrt == Z)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, tangent, x[W], 0.0, out);
  else if (wrt == W)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, x[Z], tangent, 0.0, out);
  else
    for (size_t n = 0; n < map->batch; n++) {
      gsl_vector_const_view row = gsl_matrix_const_row(tangent, 0);
      gsl_matrix_set_row(out, n, &row.vector);
    }
  return JAC_OK;
}

/* Output o depends on column o of W and on entry o of b. */
static size_t support(const struct jac_map *map, size_t wrt, size_t row,
                      size_t *columns) {
  const struct linear *m = (const struct linear *)map;
  size_t count = wrt == B ? 1 : m->in;
  size_t first = wrt == Z ? 0 : row * count;
  for (size_t k = 0; k < count; k++)
    columns[k] = first + k;
  return count;
}

static const struct jac_map_type type = {
    .name = "linear",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .support = support,
    .dense = dense,
    .alike = dense,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  bool bias = jac_spec_flag(spec, "bias");
  size_t in = spec->size[0], out = spec->size[1];
  struct linear *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, out, bias ? 3 : 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->in = in;
  m->out = out;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", in, "W[i,o]");
  jac_layer_parameter(&m->map, W, "W", "w", 2, spec->size, "delta(o,j)*z[n,i]");
  if (bias)
    jac_layer_parameter(&m->map, B, "b", "b", 1, &out, "delta(o,i)");
  m->map.definition = bias ? "y[n,o] = sum(i, z[n,i]*W[i,o]) + b[o]" : module->definition;
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"bias", NULL, N_("adds a row b to every sample")}, {NULL, NULL, NULL}};

const struct jac_module jac_module_linear = {
    .name = "linear",
    .matrices = "z*W + b",
    .columns = "W*z + b",
    .sizes = "INxOUT",
    .nsize = 2,
    .example = "linear:3x2,bias",
    .definition = "y[n,o] = sum(i, z[n,i]*W[i,o])",
    .options = options,
    .make = make,
};
