/* softmax and log-softmax, over the features of a sample: s_o = e^{z_o} / sum_j e^{z_j}.
 *
 * softmax: J = diag(s) - s^T s with s a row: d s_o / d z_i = s_o (delta_{o,i} - s_i).
 * log-softmax: y_o = z_o - log sum_j e^{z_j}: d y_o / d z_i = delta_{o,i} - s_i, every
 * row has the same -s. */
#include "layers/layer.h"
#include "layers/stable.h"

#include <gsl/gsl_blas.h>

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++)
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols, gsl_matrix_ptr(y, n, 0));
  return JAC_OK;
}

/* The last row holds s until it is its own turn. */
static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = jac_array3_at(J, n, m - 1, 0);
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), m, s);
    for (size_t o = 0; o < m; o++) {
      double *row = jac_array3_at(J, n, o, 0), own = s[o];
      double diagonal = own * jac_softmax_others(s, m, o);
      jac_array3_fill_but(J, row, s, m, -own, 0.0, o, diagonal);
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

static enum jac_status log_forward(const struct jac_map *map, jac_point x,
                                   gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++) {
    double largest, rest;
    rest = jac_log_sum_exp(gsl_matrix_const_ptr(x[0], n, 0), map->cols, &largest);
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(y, n, o, (gsl_matrix_get(x[0], n, o) - largest) - rest);
  }
  return JAC_OK;
}

/* The first row holds s until the last turn. */
static enum jac_status log_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                    struct jac_array3 *J) {
  (void)wrt;
  size_t m = map->cols;
  for (size_t n = 0; n < map->batch; n++) {
    double *s = jac_array3_at(J, n, 0, 0);
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), m, s);
    for (size_t o = m; o-- > 0;) {
      double *row = jac_array3_at(J, n, o, 0), diagonal = jac_softmax_others(s, m, o);
      jac_array3_fill_but(J, row, s, m, -1.0, 0.0, o, diagonal);
    }
  }
  return JAC_OK;
}

/* v - s sum(v), from the left. */
static enum jac_status log_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++) {
    double sum = 0.0;
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols,
                    gsl_matrix_ptr(gradient, n, 0));
    for (size_t o = 0; o < map->cols; o++)
      sum += gsl_matrix_get(cotangent, n, o);
    for (size_t i = 0; i < map->cols; i++)
      gsl_matrix_set(gradient, n, i,
                     gsl_matrix_get(cotangent, n, i) -
                         gsl_matrix_get(gradient, n, i) * sum);
  }
  return JAC_OK;
}

/* t - <s, t>, from the right. */
static enum jac_status log_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                               const gsl_matrix *tangent, gsl_matrix *out) {
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++) {
    double mean;
    jac_softmax_row(gsl_matrix_const_ptr(x[0], n, 0), map->cols,
                    gsl_matrix_ptr(out, n, 0));
    gsl_vector_const_view s = gsl_matrix_const_row(out, n);
    gsl_vector_const_view t = gsl_matrix_const_row(tangent, n);
    gsl_blas_ddot(&s.vector, &t.vector, &mean);
    for (size_t o = 0; o < map->cols; o++)
      gsl_matrix_set(out, n, o, gsl_matrix_get(tangent, n, o) - mean);
  }
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.written = true};
}

struct softmax_family {
  struct jac_map_type type;
  const char *entry;
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  const struct softmax_family *family = module->family;
  struct jac_map *m = jac_layer_alloc(sizeof *m, &family->type, spec, place->batch,
                                      spec->size[0], 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(m, 0, "z", "z^{k-1}", spec->size[0], family->entry);
  m->definition = module->definition;
  m->where = "s[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))";
  *map = m;
  return JAC_OK;
}

static const struct softmax_family softmax_family = {
    .type = {.name = "softmax",
             .forward = forward,
             .jacobian = jacobian,
             .vjp = product,
             .jvp = product,
             .structure = structure},
    .entry = "s[n,o]*(delta(o,i) - s[n,i])",
};

const struct jac_module jac_module_softmax = {
    .name = "softmax",
    .matrices = "softmax(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "softmax:3",
    .definition = "y[n,o] = exp(z[n,o]) / sum(j, exp(z[n,j]))",
    .make = make,
    .family = &softmax_family,
};

static const struct softmax_family log_softmax_family = {
    .type = {.name = "log-softmax",
             .forward = log_forward,
             .jacobian = log_jacobian,
             .vjp = log_vjp,
             .jvp = log_jvp,
             .structure = structure},
    .entry = "delta(o,i) - s[n,i]",
};

const struct jac_module jac_module_log_softmax = {
    .name = "log-softmax",
    .matrices = "logsoftmax(z)",
    .sizes = "N",
    .nsize = 1,
    .example = "log-softmax:3",
    .definition = "y[n,o] = z[n,o] - log(sum(j, exp(z[n,j])))",
    .make = make,
    .family = &log_softmax_family,
};
