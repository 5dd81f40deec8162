/* normalize: y = z/||z||, each sample brought to norm 1.
 *
 * d y_o / d z_i = (delta_{o,i} - y_o y_i)/||z||: the projection to what is orthogonal to
 * y, over the norm. At 0 there is neither y nor a derivative. */
#include "layers/sample.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>
#include <math.h>

/* y = z/||z|| of n numbers; returns the norm. */
static double unit(const double *z, size_t n, double *y) {
  gsl_vector_const_view view = gsl_vector_const_view_array(z, n);
  double norm = gsl_blas_dnrm2(&view.vector);
  for (size_t o = 0; o < n; o++)
    y[o] = z[o] / norm;
  return norm;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  unit(x[0], map->cols, y);
}

/* 1 - y_o^2 is the sum of the other squares, which keeps its digits where y_o is near 1.
 */
static double others(const double *y, size_t n, size_t o) {
  double sum = 0.0;
  for (size_t i = 0; i < n; i++)
    sum += i == o ? 0.0 : y[i] * y[i];
  return sum;
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  (void)wrt;
  size_t n = map->cols;
  double *y = jac_array3_at(J, 0, n - 1, 0), norm = unit(x[0], n, y);
  for (size_t o = 0; o < n; o++) { /* the last row holds y until it is its own turn */
    double own = others(y, n, o) / norm;
    jac_array3_fill_but(J, jac_array3_at(J, 0, o, 0), y, n, -y[o] / norm, 0.0, o, own);
  }
}

/* J is symmetric: both products are (v - y <y, v>)/||z||. */
static void product(const struct jac_map *map, jac_sample_point x, size_t wrt,
                    const double *in, double *out) {
  (void)wrt;
  size_t n = map->cols;
  double along = 0.0, norm = jac_distance(x[0], NULL, n);
  for (size_t i = 0; i < n; i++)
    along += x[0][i] / norm * in[i];
  for (size_t o = 0; o < n; o++)
    out[o] += (in[o] - x[0][o] / norm * along) / norm;
}

static const struct jac_sample sample = {forward, jacobian, product, product,
                                         jac_structure_written};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t n = spec->size[0];
  struct jac_sample_map *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, n, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(&m->map, 0, "z", "z^{k-1}", n, "(delta(o,i) - u[n,o]*u[n,i])/r[n]");
  m->map.definition = module->definition;
  m->map.where = "u[n,o] = z[n,o]/r[n]; r[n] = sqrt(sum(i, z[n,i]^2))";
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module jac_module_normalize = {
    .name = "normalize",
    .matrices = "z/norm(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "normalize:3",
    .definition = "y[n,o] = z[n,o]/sqrt(sum(i, z[n,i]^2))",
    .make = make,
};
