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

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  bool bias = map->nvar > B;
  if (bias)
    jac_layer_repeat(x[B], y);
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, x[Z], x[W], bias ? 1.0 : 0.0, y);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct linear *m = (const struct linear *)map;
  if (wrt == Z)
    jac_array3_transposes(J, x[W]);
  for (size_t n = 0; n < map->batch && wrt != Z; n++)
    for (size_t o = 0; o < m->out; o++)
      if (wrt == W)
        memcpy(jac_array3_at(J, n, o, o * m->in), gsl_matrix_const_ptr(x[Z], n, 0),
               m->in * sizeof(double));
      else
        *jac_array3_at(J, n, o, o) = 1.0;
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)map;
  if (wrt == Z)
    gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, cotangent, x[W], 0.0, gradient);
  else if (wrt == W)
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, x[Z], cotangent, 0.0, gradient);
  else
    jac_layer_sum(cotangent, gradient);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  (void)map;
  if (wrt == Z)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, tangent, x[W], 0.0, out);
  else if (wrt == W)
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, x[Z], tangent, 0.0, out);
  else
    jac_layer_repeat(tangent, out);
  return JAC_OK;
}

/* Output o depends on all of z, on column o of W, and on entry o of b. */
static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  const struct linear *m = (const struct linear *)map;
  return wrt == Z ? (struct jac_structure){.written = true, .alike = true}
                  : (struct jac_structure){.width = wrt == W ? m->in : 1};
}

static const struct jac_map_type type = {.name = "linear",
                                         .forward = forward,
                                         .jacobian = jacobian,
                                         .vjp = vjp,
                                         .jvp = jvp,
                                         .structure = structure};

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
