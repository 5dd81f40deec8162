/* max-pool1d and avg-pool1d: over windows of K positions, channel by channel. A sample is
 * length x channels, channels fastest. Each output of avg-pool has 1/K for its K inputs;
 * of max-pool 1 for the largest (the first of equals, as PyTorch; a tie is a kink). */
#include "jacobian/text.h"
#include "layers/layer.h"

#include <math.h>

struct pool1d {
  struct jac_map map;
  size_t kernel, channels, step; /* step is stride times channels */
  bool max;
  struct jac_constant constant[3];
};

static const struct pool1d *of(const struct jac_map *map) {
  return (const struct pool1d *)map;
}

/* The first input of an output's window; the others follow a channel count apart. */
static size_t first_input(const struct pool1d *m, size_t row) {
  return row / m->channels * m->step + row % m->channels;
}

/* The input that the maximum of an output's window is; NaN wins. */
static size_t largest_input(const struct pool1d *m, const gsl_matrix *z, size_t n,
                            size_t row) {
  size_t at = first_input(m, row), best = at;
  for (size_t k = 0; k < m->kernel; k++, at += m->channels) {
    double value = gsl_matrix_get(z, n, at);
    if (value > gsl_matrix_get(z, n, best) || isnan(value))
      best = at;
  }
  return best;
}

/* The window's mean of in; or in where z is largest. */
static void pool(const struct pool1d *m, const gsl_matrix *z, const gsl_matrix *in,
                 gsl_matrix *out) {
  for (size_t n = 0; n < m->map.batch; n++)
    for (size_t row = 0; row < m->map.cols; row++) {
      double sum = 0.0;
      size_t at = first_input(m, row);
      for (size_t k = 0; k < m->kernel && !m->max; k++, at += m->channels)
        sum += gsl_matrix_get(in, n, at);
      gsl_matrix_set(out, n, row,
                     m->max ? gsl_matrix_get(in, n, largest_input(m, z, n, row))
                            : sum / (double)m->kernel);
    }
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  pool(of(map), x[0], x[0], y);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  (void)wrt;
  pool(of(map), x[0], tangent, out);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  const struct pool1d *m = of(map);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t row = 0; row < map->cols; row++) {
      size_t at = first_input(m, row);
      if (m->max)
        *jac_array3_at(J, n, row, largest_input(m, x[0], n, row)) = 1.0;
      for (size_t k = 0; k < m->kernel && !m->max; k++, at += m->channels)
        *jac_array3_at(J, n, row, at) = 1.0 / (double)m->kernel;
    }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)wrt;
  const struct pool1d *m = of(map);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t row = 0; row < map->cols; row++) {
      double c = gsl_matrix_get(cotangent, n, row);
      size_t at = first_input(m, row);
      if (m->max)
        *gsl_matrix_ptr(gradient, n, largest_input(m, x[0], n, row)) += c;
      for (size_t k = 0; k < m->kernel && !m->max; k++, at += m->channels)
        *gsl_matrix_ptr(gradient, n, at) += c / (double)m->kernel;
    }
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  (void)wrt;
  const struct pool1d *m = of(map);
  for (size_t k = 0; k < m->kernel; k++)
    columns[k] = first_input(m, row) + k * m->channels;
  return m->kernel;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_map_type type = {
    .name = "pool1d",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

/* Position q is in the window of output position l, and the channels are the same. */
#define IN_WINDOW "ind(q - stride*(l - 1) >= 1 and q - stride*(l - 1) <= K)*delta(o,i)"
#define AVG_ENTRY IN_WINDOW "*1/K"
#define MAX_ENTRY                                                                        \
  IN_WINDOW "*ind(z[n,C*(q - 1) + i] = max(k, z[n,C*(stride*(l - 1) + k - 1) + i]))"

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t channels, length, stride, positions, kernel = spec->size[0];
  enum jac_status status = jac_spec_count(spec, "channels", &channels, 1, err);
  if (status == JAC_OK)
    status = jac_layer_length(spec, place, channels, &length, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "stride", &stride, kernel, err);
  if (status == JAC_OK)
    status = jac_layer_windows(spec, kernel, length, stride, &positions, err);
  if (status != JAC_OK)
    return status;
  struct pool1d *m =
      jac_layer_alloc(sizeof *m, &type, spec, place->batch, positions * channels, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->kernel = kernel;
  m->channels = channels;
  m->step = stride * channels;
  m->max = module->family != NULL;
  m->map.channels = channels;
  jac_layer_data(&m->map, 0, "z", "z^{k-1}", length * channels,
                 m->max ? MAX_ENTRY : AVG_ENTRY)
      ->channels = channels;
  m->constant[0] = (struct jac_constant){"K", (double)kernel};
  m->constant[1] = (struct jac_constant){"C", (double)channels};
  m->constant[2] = (struct jac_constant){"stride", (double)stride};
  m->map.constant = m->constant;
  m->map.nconstant = 3;
  m->map.definition = module->definition;
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"channels", "1", N_("channels of a sample's data")},
    {"length", "L",
     N_("positions of a sample's data (needed, unless a module stands before)")},
    {"stride", "K", N_("positions from one window to the next")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_max_pool1d = {
    .name = "max-pool1d",
    .sizes = "K",
    .nsize = 1,
    .fixed = true,
    .example = "max-pool1d:2,channels=2,length=4",
    .definition = "y[n,l,o] = max(k, z[n,stride*(l-1)+k,o])",
    .options = options,
    .make = make,
    .family = "max",
};

const struct jac_module jac_module_avg_pool1d = {
    .name = "avg-pool1d",
    .sizes = "K",
    .nsize = 1,
    .fixed = true,
    .example = "avg-pool1d:2,channels=2,length=4",
    .definition = "y[n,l,o] = sum(k, z[n,stride*(l-1)+k,o])/K",
    .options = options,
    .make = make,
};
