/* maxout: of each K features in a row the largest (Goodfellow et al. 2013):
 * y[n,o] = max_k z[n,K (o-1) + k]. A row of the Jacobian is 1 at the largest of its own K
 * columns (the first of equals; a tie is a kink) and 0 at the others. */
#include "jacobian/text.h"
#include "layers/sample.h"

#include <math.h>

struct maxout {
  struct jac_sample_map base;
  size_t pieces;
  struct jac_constant k;
};

static size_t pieces(const struct jac_map *map) {
  return ((const struct maxout *)map)->pieces;
}

/* Where the largest of output o's pieces is; NaN wins. */
static size_t largest(const struct jac_map *map, const double *z, size_t o) {
  size_t best = o * pieces(map);
  for (size_t at = best; at < (o + 1) * pieces(map); at++)
    if (z[at] > z[best] || isnan(z[at]))
      best = at;
  return best;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  for (size_t o = 0; o < map->cols; o++)
    y[o] = x[0][largest(map, x[0], o)];
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++)
    *jac_array3_at(J, 0, o, largest(map, x[0], o)) = 1.0;
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++)
    g[largest(map, x[0], o)] += c[o];
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  (void)wrt;
  for (size_t o = 0; o < map->cols; o++)
    out[o] += t[largest(map, x[0], o)];
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)wrt;
  return (struct jac_structure){.width = pieces(map)};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  size_t features = spec->size[0], k;
  enum jac_status status = jac_spec_count(spec, "pieces", &k, 2, err);
  if (status == JAC_OK && features % k != 0)
    status = jac_fail(err, JAC_EINPUT,
                      _("%s: %zu features are not a multiple of its %zu pieces"),
                      spec->name, features, k);
  if (status != JAC_OK)
    return status;
  struct maxout *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, features / k, 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  struct jac_map *base = &m->base.map;
  m->pieces = k;
  m->k = (struct jac_constant){"K", (double)k};
  base->constant = &m->k;
  base->nconstant = 1;
  jac_layer_data(base, 0, "z", "z^{k-1}", features,
                 "ind(i > K*(o - 1) and i <= K*o)*ind(z[n,i] = max(k, z[n,K*(o - 1) + "
                 "k]))");
  base->definition = module->definition;
  *map = base;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"pieces", "2", N_("how many features in a row the largest is taken of")},
    {NULL, NULL, NULL}};

const struct jac_module jac_module_maxout = {
    .name = "maxout",
    .sizes = "N",
    .nsize = 1,
    .example = "maxout:6,pieces=3",
    .definition = "y[n,o] = max(k, z[n,K*(o - 1) + k])",
    .options = options,
    .make = make,
};
