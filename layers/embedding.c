/* embedding: y[n,.] = W[z[n],.], the row of W that the number z[n] chooses, from 1 on. It
 * is one-hot(z) W, so the Jacobian with respect to W is I (x) one-hot(z): row o is 1 at
 * row z[n] of column o. A row number has no derivative. */
#include "layers/sample.h"

#include <gsl/gsl_math.h>
#include <math.h>

enum { Z, W };

struct embedding {
  struct jac_sample_map base;
  size_t rows;
};

/* The row that is chosen, from 0 on; the number of rows where there is no such one. */
static size_t chosen(const struct jac_map *map, jac_sample_point x) {
  size_t rows = ((const struct embedding *)map)->rows;
  double row = round(x[Z][0]);
  return row >= 1.0 && row <= (double)rows ? (size_t)row - 1 : rows;
}

static bool is_row(const struct jac_map *map, size_t row) {
  return row < ((const struct embedding *)map)->rows;
}

static void forward(const struct jac_map *map, jac_sample_point x, double *y) {
  size_t row = chosen(map, x);
  for (size_t o = 0; o < map->cols; o++)
    y[o] = is_row(map, row) ? x[W][row * map->cols + o] : GSL_NAN;
}

static void jacobian(const struct jac_map *map, jac_sample_point x, size_t wrt,
                     const struct jac_array3 *J) {
  size_t row = chosen(map, x), rows = ((const struct embedding *)map)->rows;
  for (size_t o = 0; o < map->cols && wrt == W && is_row(map, row); o++)
    *jac_array3_at(J, 0, o, o * rows + row) = 1.0;
}

static void vjp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *c, double *g) {
  size_t row = chosen(map, x);
  for (size_t o = 0; o < map->cols && wrt == W && is_row(map, row); o++)
    g[row * map->cols + o] += c[o];
}

static void jvp(const struct jac_map *map, jac_sample_point x, size_t wrt,
                const double *t, double *out) {
  size_t row = chosen(map, x);
  for (size_t o = 0; o < map->cols && wrt == W && is_row(map, row); o++)
    out[o] += t[row * map->cols + o];
}

static size_t none(const struct jac_map *map, size_t wrt, size_t row, size_t *columns) {
  (void)map;
  (void)wrt;
  (void)row;
  (void)columns;
  return 0;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  if (wrt == Z)
    return (struct jac_structure){.columns = none, .alike = true};
  return (struct jac_structure){.width = ((const struct embedding *)map)->rows};
}

static const struct jac_sample sample = {forward, jacobian, vjp, jvp, structure};

static enum jac_status make(const struct jac_module *module, const struct jac_spec *spec,
                            const struct jac_module_place *place, struct jac_map **map,
                            struct jac_error *err) {
  struct embedding *m =
      jac_sample_alloc(sizeof *m, &sample, spec, place->batch, spec->size[1], 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->rows = spec->size[0];
  struct jac_map *base = &m->base.map;
  struct jac_variable *z = jac_layer_data(base, Z, "z", "z", 1, NULL);
  z->secondary = true;
  z->domain = JAC_CLASS;
  z->classes = m->rows;
  jac_layer_parameter(base, W, "W", "w", 2, spec->size, "delta(o,j)*ind(z[n,1] = i)");
  base->definition = module->definition;
  *map = base;
  return JAC_OK;
}

const struct jac_module jac_module_embedding = {
    .name = "embedding",
    .sizes = "VxD",
    .nsize = 2,
    .fixed = true,
    .example = "embedding:4x3",
    .definition = "y[n,o] = sum(i, ind(z[n,1] = i)*W[i,o])",
    .make = make,
};
