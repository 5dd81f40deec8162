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

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct linear *m = (const struct linear *)map;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < m->out; o++) {
      if (wrt == Z)
        for (size_t i = 0; i < m->in; i++)
          *jac_array3_at(J, n, o, i) = gsl_matrix_get(x[W], i, o);
      else if (wrt == W)
        for (size_t i = 0; i < m->in; i++)
          *jac_array3_at(J, n, o, o * m->in + i) = gsl_matrix_get(x[Z], n, i);
      else
        *jac_array3_at(J, n, o, o) = 1.0;
    }
  return JAC_OK;
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
