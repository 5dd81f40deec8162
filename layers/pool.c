/* max-pool and avg-pool: over windows of K positions, of K x K in images, channel by
 * channel. A sample is positions x channels, channels fastest; images row by row. Each
 * output of avg-pool has 1/K for its K inputs; of max-pool 1 for the largest (the first
 * of equals, as PyTorch; a tie is a kink). */
#include "jacobian/text.h"
#include "layers/layer.h"

#include <math.h>
#include <string.h>

struct pool {
  struct jac_map map;
  bool max, image;
  size_t kernel, stride, channels;
  size_t height, width, out_width; /* in positions; height 1 but for images */
  size_t taps;                     /* positions of a window */
  struct jac_constant constant[6];
};

static const struct pool *of(const struct jac_map *map) {
  return (const struct pool *)map;
}

/* The input at a tap of an output's window. */
static size_t input(const struct pool *m, size_t row, size_t tap) {
  size_t p = row / m->channels, c = row % m->channels;
  size_t r = p / m->out_width * m->stride + tap / m->kernel;
  size_t s = p % m->out_width * m->stride + tap % m->kernel;
  return (r * m->width + s) * m->channels + c;
}

/* The input that the maximum of an output's window is; NaN wins. */
static size_t largest_input(const struct pool *m, const gsl_matrix *z, size_t n,
                            size_t row) {
  size_t best = input(m, row, 0);
  for (size_t k = 0; k < m->taps; k++) {
    double value = gsl_matrix_get(z, n, input(m, row, k));
    if (value > gsl_matrix_get(z, n, best) || isnan(value))
      best = input(m, row, k);
  }
  return best;
}

/* The window's mean of in; or in where z is largest. */
static void pool(const struct pool *m, const gsl_matrix *z, const gsl_matrix *in,
                 gsl_matrix *out) {
  for (size_t n = 0; n < m->map.batch; n++)
    for (size_t row = 0; row < m->map.cols; row++) {
      double sum = 0.0;
      for (size_t k = 0; k < m->taps && !m->max; k++)
        sum += gsl_matrix_get(in, n, input(m, row, k));
      gsl_matrix_set(out, n, row,
                     m->max ? gsl_matrix_get(in, n, largest_input(m, z, n, row))
                            : sum / (double)m->taps);
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
  const struct pool *m = of(map);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t row = 0; row < map->cols; row++) {
      if (m->max)
        *jac_array3_at(J, n, row, largest_input(m, x[0], n, row)) = 1.0;
      for (size_t k = 0; k < m->taps && !m->max; k++)
        *jac_array3_at(J, n, row, input(m, row, k)) = 1.0 / (double)m->taps;
    }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)wrt;
  const struct pool *m = of(map);
  gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t row = 0; row < map->cols; row++) {
      double c = gsl_matrix_get(cotangent, n, row);
      if (m->max)
        *gsl_matrix_ptr(gradient, n, largest_input(m, x[0], n, row)) += c;
      for (size_t k = 0; k < m->taps && !m->max; k++)
        *gsl_matrix_ptr(gradient, n, input(m, row, k)) += c / (double)m->taps;
    }
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  (void)wrt;
  const struct pool *m = of(map);
  for (size_t k = 0; k < m->taps; k++)
    columns[k] = input(m, row, k);
  return m->taps;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_map_type type = {
    .name = "pool",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

/* Position q is in the window of output position l, and the channels are the same. */
#define IN_WINDOW "ind(q - stride*(l - 1) >= 1 and q - stride*(l - 1) <= K)*delta(o,i)"
#define AVG_ENTRY IN_WINDOW "*1/K"
#define MAX_ENTRY IN_WINDOW "*ind(z[n,q,i] = max(k, z[n,stride*(l - 1) + k,i]))"

/* Of images, position l is row r and column s of the H x S outputs. */
#define AT(inner) "sum(r = 1:H, sum(s = 1:S, ind(l = S*(r - 1) + s)*" inner "))"
#define PLACE "width*(stride*(r - 1) + a - 1) + stride*(s - 1) + b"
#define EACH(what, inner) what "(a = 1:K, " what "(b = 1:K, " inner "))"
#define IN_IMAGE "delta(o,i)*" AT(EACH("sum", "ind(q = " PLACE ")"))

static const char image_max[] = "y[n,l,o] = " AT(EACH("max", "z[n," PLACE ",o]"));
static const char image_avg[] = "y[n,l,o] = " AT(EACH("sum", "z[n," PLACE ",o]")) "/K^2";
static const char image_max_entry[] =
    IN_IMAGE "*ind(z[n,q,i] = " AT(EACH("max", "z[n," PLACE ",i]")) ")";
static const char image_avg_entry[] = IN_IMAGE "/K^2";

static enum jac_status read(const struct jac_spec *spec,
                            const struct jac_module_place *place, struct pool *m,
                            size_t *positions, struct jac_error *err) {
  size_t rows = 1;
  m->kernel = spec->size[0];
  m->taps = m->image ? m->kernel * m->kernel : m->kernel;
  m->height = 1;
  size_t before = place->channels > 0 ? place->channels : 1;
  enum jac_status status = jac_spec_count(spec, "channels", &m->channels, before, err);
  if (status == JAC_OK && m->image)
    status = jac_layer_image(spec, place, m->channels, &m->height, &m->width, err);
  else if (status == JAC_OK)
    status = jac_layer_length(spec, place, m->channels, &m->width, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "stride", &m->stride, m->kernel, err);
  if (status == JAC_OK)
    status = jac_layer_windows(spec, m->kernel, m->width, m->stride, &m->out_width, err);
  if (status == JAC_OK && m->image)
    status = jac_layer_windows(spec, m->kernel, m->height, m->stride, &rows, err);
  *positions = status == JAC_OK ? rows * m->out_width : 0;
  return status;
}

static void set_formulas(struct pool *m, const struct jac_module *module,
                         size_t positions) {
  size_t out_height = positions / m->out_width;
  const struct jac_constant constant[] = {
      {"K", (double)m->kernel},      {"C", (double)m->channels},
      {"stride", (double)m->stride}, {"H", (double)out_height},
      {"S", (double)m->out_width},   {"width", (double)m->width}};
  memcpy(m->constant, constant, sizeof constant);
  m->map.constant = m->constant;
  m->map.nconstant = m->image ? 6 : 3;
  m->map.shown = module->definition;
  m->map.definition = !m->image ? module->definition : m->max ? image_max : image_avg;
}

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct pool shape = *(const struct pool *)module->family;
  size_t positions;
  enum jac_status status = read(spec, place, &shape, &positions, err);
  if (status != JAC_OK)
    return status;
  struct pool *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch,
                                   positions * shape.channels, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  shape.map = m->map;
  *m = shape;
  m->map.channels = m->channels;
  m->map.width = m->image ? m->out_width : 0;
  struct jac_variable *z =
      jac_layer_data(&m->map, 0, "z", "z^{k-1}", m->height * m->width * m->channels,
                     m->image ? (m->max ? image_max_entry : image_avg_entry)
                              : (m->max ? MAX_ENTRY : AVG_ENTRY));
  z->channels = m->channels;
  z->width = m->image ? m->width : 0;
  set_formulas(m, module, positions);
  *map = &m->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"channels", "C",
     N_("channels of a sample's data (default: those of the module before, else 1)")},
    {"length", "L",
     N_("positions of a sample's data (needed, unless a module stands before)")},
    {"stride", "K", N_("positions from one window to the next")},
    {NULL, NULL, NULL}};

static const struct jac_module_option image_options[] = {
    {"channels", "C",
     N_("channels of a sample's data (default: those of the module before, else 1)")},
    {"height", "H", N_("rows of an image (needed, unless a module stands before)")},
    {"width", "W", N_("columns of an image (needed, unless a module stands before)")},
    {"stride", "K", N_("positions from one window to the next")},
    {NULL, NULL, NULL}};

static const struct pool max_1d = {.max = true}, avg_1d = {.max = false},
                         max_2d = {.max = true, .image = true}, avg_2d = {.image = true};

const struct jac_module jac_module_max_pool1d = {
    .name = "max-pool1d",
    .sizes = "K",
    .nsize = 1,
    .fixed = true,
    .example = "max-pool1d:2,channels=2,length=4",
    .definition = "y[n,l,o] = max(k, z[n,stride*(l-1)+k,o])",
    .options = options,
    .make = make,
    .family = &max_1d,
    .windows = true,
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
    .family = &avg_1d,
    .windows = true,
};

const struct jac_module jac_module_max_pool2d = {
    .name = "max-pool2d",
    .sizes = "K",
    .nsize = 1,
    .fixed = true,
    .example = "max-pool2d:2,channels=1,height=4,width=3,stride=1",
    .definition = "y[n,r,s,o] = max(a, max(b, z[n,stride*(r-1)+a,stride*(s-1)+b,o]))",
    .options = image_options,
    .make = make,
    .family = &max_2d,
    .windows = true,
};

const struct jac_module jac_module_avg_pool2d = {
    .name = "avg-pool2d",
    .sizes = "K",
    .nsize = 1,
    .fixed = true,
    .example = "avg-pool2d:2,channels=1,height=4,width=3,stride=1",
    .definition = "y[n,r,s,o] = sum(a, sum(b, z[n,stride*(r-1)+a,stride*(s-1)+b,o]))/K^2",
    .options = image_options,
    .make = make,
    .family = &avg_2d,
    .windows = true,
};
