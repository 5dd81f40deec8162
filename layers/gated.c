/* glu and swiglu: of 2 H features the first H, each times a gate of its partner in the
 * second half: y[n,o] = z[n,o] g(z[n,H+o]), g the sigmoid (Dauphin et al. 2017) or silu
 * (Shazeer 2020, without the products by matrices, which are linear modules before).
 *
 * Each row of the Jacobian has two entries: g(b) in column o, a g'(b) in column H+o. */
#include "jacobian/text.h"
#include "layers/sample.h"

#include <math.h>

struct gate {
  double (*g)(double b);
  double (*slope)(double b); /* g', for the explicit Jacobian */
  double (*fast)(double b);  /* g', for the products */
  const char *entry;
};

struct gated {
  struct jac_sample_map base;
  const struct gate *gate;
  struct jac_constant half;
};

static const struct gate *of(const struct jac_map *map) {
  return ((const struct gated *)map)->gate;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  for (size_t o = 0; o < map->cols; o++)
    y[o] = x[0][o] * of(map)->g(x[0][map->cols + o]);
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++) {
    double a = x[0][o], b = x[0][map->cols + o];
    *jac_array3_at(J, 0, o, o) = of(map)->g(b);
    *jac_array3_at(J, 0, o, map->cols + o) = a * of(map)->slope(b);
  }
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++) {
    g[o] += c[o] * of(map)->g(x[0][map->cols + o]);
    g[map->cols + o] += c[o] * x[0][o] * of(map)->fast(x[0][map->cols + o]);
  }
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++)
    out[o] += t[o] * of(map)->g(x[0][map->cols + o]) +
              x[0][o] * of(map)->fast(x[0][map->cols + o]) * t[map->cols + o];
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  (void)wrt;
  columns[0] = row;
  columns[1] = map->cols + row;
  return 2;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t features = spec->size[0];
  if (features % 2 != 0)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: %zu features have no two halves: an even number is needed"),
                    spec->name, features);
  struct gated *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, features / 2, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->gate = module->family;
  size_t half = features / 2;
  m->half = (struct jac_constant){"H", (double)half};
  struct jac_map *base = &m->base.map;
  base->constant = &m->half;
  base->nconstant = 1;
  jac_layer_data(base, 0, "z", "z^{k-1}", features, m->gate->entry);
  base->definition = module->definition;
  *map = base;
  return JAC_OK;
}

static double sigmoid(double b) {
  double e = exp(-fabs(b));
  return b >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
}

static double sigmoid_slope(double b) {
  double e = exp(-fabs(b));
  return e / ((1.0 + e) * (1.0 + e));
}

static double sigmoid_fast(double b) {
  return sigmoid(b) * sigmoid(-b);
}

static double silu(double b) {
  return b * sigmoid(b);
}

static double silu_slope(double b) {
  return sigmoid(b) * (1.0 + b * sigmoid(-b));
}

static double silu_fast(double b) {
  return sigmoid(b) + b * sigmoid_slope(b);
}

static const struct gate glu = {
    sigmoid, sigmoid_slope, sigmoid_fast,
    "delta(o,i)*sigmoid(z[n,H+o]) + "
    "delta(H+o,i)*z[n,o]*sigmoid(z[n,H+o])*(1 - sigmoid(z[n,H+o]))"};

const struct jac_module jac_module_glu = {
    .name = "glu",
    .sizes = "N",
    .nsize = 1,
    .example = "glu:4",
    .definition = "y[n,o] = z[n,o]*sigmoid(z[n,H+o])",
    .make = make,
    .family = &glu,
};

static const struct gate swiglu = {
    silu, silu_slope, silu_fast,
    "delta(o,i)*z[n,H+o]*sigmoid(z[n,H+o]) + delta(H+o,i)*z[n,o]*sigmoid(z[n,H+o])*"
    "(1 + z[n,H+o]*(1 - sigmoid(z[n,H+o])))"};

const struct jac_module jac_module_swiglu = {
    .name = "swiglu",
    .sizes = "N",
    .nsize = 1,
    .example = "swiglu:4",
    .definition = "y[n,o] = z[n,o]*z[n,H+o]*sigmoid(z[n,H+o])",
    .make = make,
    .family = &swiglu,
};
