/* prelu: y[n,o] = z[n,o] above 0, a[o] z[n,o] below, with a slope a for each feature that
 * is learnt. Both Jacobians are diagonal. At 0 the derivative is the one from the left.
 */
#include "layers/sample.h"

#include <math.h>

enum { Z, A };

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  for (size_t o = 0; o < map->cols; o++)
    y[o] = x[Z][o] > 0.0 ? x[Z][o] : x[A][o] * x[Z][o];
}

static double slope(jac_sample_point x, size_t wrt, size_t o) {
  if (wrt == A)
    return x[Z][o] > 0.0 ? 0.0 : x[Z][o];
  return isnan(x[Z][o]) ? x[Z][o] : x[Z][o] > 0.0 ? 1.0 : x[A][o];
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  for (size_t o = 0; o < map->cols; o++)
    *jac_array3_at(J, 0, o, o) = slope(x, wrt, o);
}

/* The Jacobian is symmetric: both products are this one. */
static void product(const struct jac_map *map, jac_sample_point x, size_t wrt,
                    const double *in, double *out) {
  for (size_t o = 0; o < map->cols; o++)
    if (x[Z][o] > 0.0)
      out[o] += wrt == Z ? in[o] : 0.0;
    else
      out[o] += in[o] * x[wrt == Z ? A : Z][o];
}

static const struct jac_sample sample = {forward, jacobian, product, product,
                                         jac_structure_diagonal};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t n = spec->size[0];
  struct jac_sample_map *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, n, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(&m->map, Z, "z", "z^{k-1}", n,
                 "delta(o,i)*(ind(z[n,o] > 0) + a[o]*ind(z[n,o] <= 0))");
  jac_layer_parameter(&m->map, A, "a", "a", 1, &n, "delta(o,i)*min(z[n,o], 0)");
  m->map.definition = module->definition;
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module jac_module_prelu = {
    .name = "prelu",
    .matrices = "max(z, 0) + a .* min(z, 0)",
    .sizes = "N",
    .nsize = 1,
    .example = "prelu:3",
    .definition = "y[n,o] = max(z[n,o], 0) + a[o]*min(z[n,o], 0)",
    .make = make,
};
