/* distance: d = ||z - y||, one number a sample. d d / d z_i = (z_i - y_i)/d, and minus
 * that for y: the unit vector from y to z. Where z equals y there is no derivative; 0 is
 * given. */
#include "layers/sample.h"
#include "layers/stable.h"

#include <math.h>

enum { Z, Y };

struct distance {
  struct jac_sample_map base;
  size_t features;
};

static size_t features(const struct jac_map *map) {
  return ((const struct distance *)map)->features;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  y[0] = jac_distance(x[Z], x[Y], features(map));
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  double d = jac_distance(x[Z], x[Y], features(map));
  for (size_t i = 0; i < features(map); i++) {
    double apart = wrt == Z ? x[Z][i] - x[Y][i] : x[Y][i] - x[Z][i];
    *jac_array3_at(J, 0, 0, i) = d == 0.0 ? 0.0 : apart / d;
  }
}

/* The slope of sqrt(sum of squares) is 1/(2 d), times 2 (z_i - y_i): what z - y is to be
 * multiplied by, in two factors. */
struct slope {
  double first, second;
};

static struct slope slope(jac_sample_point x, size_t n, size_t wrt) {
  double largest = 0.0, squares = 0.0;
  for (size_t k = 0; k < n; k++)
    largest = fmax(largest, fabs(x[Z][k] - x[Y][k]));
  if (largest == 0.0)
    return (struct slope){0.0, 0.0};
  for (size_t k = 0; k < n; k++)
    squares += (x[Z][k] - x[Y][k]) / largest * ((x[Z][k] - x[Y][k]) / largest);
  return (struct slope){1.0 / largest, (wrt == Z ? 1.0 : -1.0) / sqrt(squares)};
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  struct slope s = slope(x, features(map), wrt);
  for (size_t i = 0; i < features(map); i++)
    g[i] += c[0] * ((x[Z][i] - x[Y][i]) * s.first * s.second);
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  struct slope s = slope(x, features(map), wrt);
  for (size_t i = 0; i < features(map); i++)
    out[0] += t[i] * ((x[Z][i] - x[Y][i]) * s.first * s.second);
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp,
                                         jac_structure_written};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct distance *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, 1, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  struct jac_map *base = &m->base.map;
  m->features = spec->size[0];
  jac_layer_data(base, Z, "z", "z^{k-1}", m->features, "(z[n,i] - y[n,i])/d[n]");
  jac_layer_data(base, Y, "y", "y", m->features, "(y[n,i] - z[n,i])/d[n]");
  base->definition = module->definition;
  base->where = "d[n] = sqrt(sum(i, (z[n,i] - y[n,i])^2))";
  *map = base;
  return JAC_OK;
}

const struct jac_module jac_module_distance = {
    .name = "distance",
    .matrices = "norm(z - y)",
    .sizes = "N",
    .nsize = 1,
    .example = "distance:3",
    .definition = "d[n] = sqrt(sum(i, (z[n,i] - y[n,i])^2))",
    .make = make,
};
