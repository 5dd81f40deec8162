/* softmax, over the features of a sample: s_o = e^{z_o} / sum_j e^{z_j}.
 *
 * J = diag(s) - s^T s with s a row: d s_o / d z_i = s_o (delta_{o,i} - s_i). */
#include "layers/layer.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++)
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols, gsl_matrix_ptr(y, n, 0));
  return JAC_OK;
}

/* The diagonal s_o (1 - s_o) is s_o times the sum of the others where s_o is near 1: the
 * difference would cancel. */
static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *last = jac_array3_at(J, n, m - 1, 0);
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), m, last);
    for (size_t o = 0; o < m; o++) {
      double *row = jac_array3_at(J, n, o, 0), s = last[o], others = 1.0 - s;
      if (s > 0.5) {
        others = 0.0;
        for (size_t i = 0; i < m; i++)
          others += i == o ? 0.0 : last[i];
      }
      if (o == m - 1) {
        for (size_t i = 0; i < m; i++)
          row[i] *= -s;
      } else
        for (size_t i = 0; i < m; i++)
          row[i] = -s * last[i];
      row[o] = s * others;
    }
  }
  return JAC_OK;
}

/* J is symmetric: both products are s .* (v - <s, v>). */
static enum jac_status product(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *in, gsl_matrix *out) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = gsl_matrix_ptr(out, n, 0);
    const double *v = gsl_matrix_const_ptr(in, n, 0);
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), m, s);
    gsl_vector_const_view s_view = gsl_vector_const_view_array(s, m);
    gsl_vector_const_view v_view = gsl_vector_const_view_array(v, m);
    double mean;
    gsl_blas_ddot(&s_view.vector, &v_view.vector, &mean);
    for (size_t o = 0; o < m; o++)
      s[o] *= v[o] - mean;
  }
  return JAC_OK;
}

static const struct jac_map_type type = {
    .name = "softmax",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = product,
    .jvp = product,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct jac_map *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, spec->size[0], 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(m, 0, "z", "z^{k-1}", spec->size[0], "s[n,o]*(delta(o,i) - s[n,i])");
  m->definition = module->definition;
  m->where = "s[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))";
  *map = m;
  return JAC_OK;
}

const struct jac_module jac_module_softmax = {
    .name = "softmax",
    .sizes = "N",
    .nsize = 1,
    .example = "softmax:3",
    .definition = "y[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))",
    .make = make,
};
