/* conv1d: cross-correlation without padding. A sample is length x channels, channels
 * fastest; W is K x IN x OUT. With the window at position l the row of K IN numbers from
 * stride l on: y[l,.] = window_l W + b. It is a linear module applied at every position.
 */
#include "layers/layer.h"

#include "jacobian/text.h"

#include <gsl/gsl_blas.h>
#include <string.h>

enum { Z, W, B };

struct conv1d {
  struct jac_map map;
  size_t window, in, kernel, out; /* window is K IN */
  size_t positions, step;         /* step is stride IN, in numbers */
  struct jac_constant constant[3];
};

static const struct conv1d *of(const struct jac_map *map) {
  return (const struct conv1d *)map;
}

/* What the windows of sample n have at place k of the kernel: positions x IN. */
static _gsl_matrix_const_view taps(const struct conv1d *m, const gsl_matrix *z, size_t n,
                                   size_t k) {
  return gsl_matrix_const_view_array_with_tda(gsl_matrix_const_ptr(z, n, k * m->in),
                                              m->positions, m->in, m->step);
}

/* The outputs of sample n: positions x OUT. */
static _gsl_matrix_const_view outputs(const struct conv1d *m, const gsl_matrix *y,
                                      size_t n) {
  return gsl_matrix_const_view_array(gsl_matrix_const_ptr(y, n, 0), m->positions, m->out);
}

/* W at place k of the kernel: IN x OUT. */
static _gsl_matrix_const_view kernel(const struct conv1d *m, const gsl_matrix *w,
                                     size_t k) {
  return gsl_matrix_const_submatrix(w, k * m->in, 0, m->in, m->out);
}

/* y = window W at every position of every sample, plus the row b where it is not NULL:
 * the sum over the kernel's places of what stands there times W there. */
static void correlate(const struct conv1d *m, const gsl_matrix *z, const gsl_matrix *w,
                      const gsl_matrix *b, gsl_matrix *y) {
  for (size_t n = 0; n < m->map.batch; n++) {
    gsl_matrix_view out =
        gsl_matrix_view_array(gsl_matrix_ptr(y, n, 0), m->positions, m->out);
    for (size_t l = 0; l < m->positions && b != NULL; l++) {
      gsl_vector_view row = gsl_matrix_row(&out.matrix, l);
      gsl_matrix_get_row(&row.vector, b, 0);
    }
    for (size_t k = 0; k < m->kernel; k++) {
      gsl_matrix_const_view in = taps(m, z, n, k), part = kernel(m, w, k);
      gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &in.matrix, &part.matrix,
                     k > 0 || b != NULL ? 1.0 : 0.0, &out.matrix);
    }
  }
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  correlate(of(map), x[Z], x[W], map->nvar > B ? x[B] : NULL, y);
  return JAC_OK;
}

/* Every position's rows have W^T, a window further on; those of the very first are made,
 * the others copied. */
static void jacobian_z(const struct conv1d *m, const gsl_matrix *w,
                       const struct jac_array3 *J) {
  for (size_t o = 0; o < m->out; o++)
    for (size_t at = 0; at < m->window; at++)
      *jac_array3_at(J, 0, o, at) = gsl_matrix_get(w, at, o);
  for (size_t n = 0; n < J->slices; n++)
    for (size_t row = n == 0 ? m->out : 0; row < m->map.cols; row++)
      memcpy(jac_array3_at(J, n, row, row / m->out * m->step),
             jac_array3_at(J, 0, row % m->out, 0), m->window * sizeof *J->data);
}

/* Each output of a position has the position's window, its channels one after the other,
 * in columns of its own; the first output's is made, the others copied. */
static void jacobian_w(const struct conv1d *m, const gsl_matrix *z,
                       const struct jac_array3 *J) {
  for (size_t n = 0; n < J->slices; n++)
    for (size_t l = 0; l < m->positions; l++) {
      double *first = jac_array3_at(J, n, l * m->out, 0);
      for (size_t i = 0; i < m->in; i++)
        for (size_t k = 0; k < m->kernel; k++)
          first[i * m->kernel + k] = gsl_matrix_get(z, n, l * m->step + k * m->in + i);
      for (size_t o = 1; o < m->out; o++)
        memcpy(jac_array3_at(J, n, l * m->out + o, o * m->window), first,
               m->window * sizeof *first);
    }
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct conv1d *m = of(map);
  if (wrt == Z)
    jacobian_z(m, x[W], J);
  else if (wrt == W)
    jacobian_w(m, x[Z], J);
  for (size_t n = 0; n < J->slices && wrt == B; n++)
    for (size_t l = 0; l < m->positions; l++)
      for (size_t o = 0; o < m->out; o++)
        *jac_array3_at(J, n, l * m->out + o, o) = 1.0;
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct conv1d *m = of(map);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++) {
    gsl_matrix_const_view c = outputs(m, cotangent, n);
    for (size_t k = 0; k < m->kernel && wrt == Z; k++) {
      gsl_matrix_const_view part = kernel(m, x[W], k);
      gsl_matrix_view g = gsl_matrix_view_array_with_tda(
          gsl_matrix_ptr(gradient, n, k * m->in), m->positions, m->in, m->step);
      gsl_blas_dgemm(CblasNoTrans, CblasTrans, 1.0, &c.matrix, &part.matrix, 1.0,
                     &g.matrix);
    }
    for (size_t k = 0; k < m->kernel && wrt == W; k++) {
      gsl_matrix_const_view in = taps(m, x[Z], n, k);
      gsl_matrix_view g = gsl_matrix_submatrix(gradient, k * m->in, 0, m->in, m->out);
      gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, &in.matrix, &c.matrix, 1.0,
                     &g.matrix);
    }
    for (size_t l = 0; l < m->positions && wrt == B; l++) {
      gsl_vector_view g = gsl_matrix_row(gradient, 0);
      gsl_vector_const_view row = gsl_matrix_const_row(&c.matrix, l);
      gsl_blas_daxpy(1.0, &row.vector, &g.vector);
    }
  }
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct conv1d *m = of(map);
  if (wrt == Z)
    correlate(m, tangent, x[W], NULL, out);
  else if (wrt == W)
    correlate(m, x[Z], tangent, NULL, out);
  else
    for (size_t n = 0; n < map->batch; n++)
      for (size_t row = 0; row < map->cols; row++)
        gsl_matrix_set(out, n, row, gsl_matrix_get(tangent, 0, row % m->out));
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct conv1d *m = of(map);
  size_t l = row / m->out, o = row % m->out, count = wrt == B ? 1 : m->window;
  size_t first = wrt == Z ? l * m->step : o * count;
  for (size_t k = 0; k < count; k++)
    columns[k] = first + k;
  return count;
}

/* Only W decides about the Jacobian for z, and nothing about that for b. */
static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  return (struct jac_structure){.columns = columns_of, .alike = wrt != W};
}

static const struct jac_map_type type = {
    .name = "conv1d",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t length, stride, positions, in = spec->size[1], out = spec->size[2];
  enum jac_status status = jac_layer_length(spec, place, in, &length, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "stride", &stride, 1, err);
  if (status == JAC_OK)
    status = jac_layer_windows(spec, spec->size[0], length, stride, &positions, err);
  if (status != JAC_OK)
    return status;
  bool bias = jac_spec_flag(spec, "bias");
  struct conv1d *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch,
                                     positions * out, bias ? 3 : 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->kernel = spec->size[0];
  m->in = in;
  m->out = out;
  m->window = m->kernel * in;
  m->positions = positions;
  m->step = stride * in;
  m->map.channels = out;
  m->constant[0] = (struct jac_constant){"K", (double)m->kernel};
  m->constant[1] = (struct jac_constant){"IN", (double)in};
  m->constant[2] = (struct jac_constant){"stride", (double)stride};
  m->map.constant = m->constant;
  m->map.nconstant = 3;
  jac_layer_data(
      &m->map, Z, "z", "z^{k-1}", length * in,
      "ind(q - stride*(l - 1) >= 1 and q - stride*(l - 1) <= K)*W[q - stride*(l - "
      "1),i,o]")
      ->channels = in;
  jac_layer_parameter(&m->map, W, "W", "w", 3, spec->size,
                      "delta(o,j)*z[n,IN*(stride*(l - 1) + h - 1) + i]");
  if (bias)
    jac_layer_parameter(&m->map, B, "b", "b", 1, &out, "delta(o,i)");
  m->map.definition = bias ? module->definition
                           : "y[n,l,o] = sum(k, sum(i, z[n,stride*(l-1)+k,i]*W[k,i,o]))";
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"length", "L",
     N_("positions of a sample's data (needed, unless a module stands before)")},
    {"stride", "1", N_("positions from one window to the next")},
    {"bias", NULL, N_("adds b to every position")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_conv1d = {
    .name = "conv1d",
    .sizes = "KxINxOUT",
    .nsize = 3,
    .fixed = true,
    .example = "conv1d:2x3x2,length=4,bias",
    .definition = "y[n,l,o] = sum(k, sum(i, z[n,stride*(l-1)+k,i]*W[k,i,o])) + b[o]",
    .options = options,
    .make = make,
};
