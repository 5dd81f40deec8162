/* [a, b, ...]: what stands side by side, sample by sample. The Jacobian by each is the
 * identity, in its own rows. */
#include "layers/graph_internal.h"

#include "layers/layer.h"

#include <stdio.h>

/* Where the columns of part v begin. */
static size_t offset(const struct jac_map *map, size_t v) {
  size_t at = 0;
  for (size_t k = 0; k < v; k++)
    at += map->var[k].dims[1];
  return at;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t v = 0; v < map->nvar; v++) {
    gsl_matrix_view own =
        gsl_matrix_submatrix(y, 0, offset(map, v), y->size1, x[v]->size2);
    gsl_matrix_memcpy(&own.matrix, x[v]);
  }
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  size_t from = offset(map, wrt);
  (void)x;
  for (size_t s = 0; s < J->slices; s++)
    for (size_t i = 0; i < J->cols; i++)
      *jac_array3_at(J, s, from + i, i) = 1.0;
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  gsl_matrix_const_view own = gsl_matrix_const_submatrix(
      cotangent, 0, offset(map, wrt), cotangent->size1, gradient->size2);
  (void)x;
  gsl_matrix_memcpy(gradient, &own.matrix);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  gsl_matrix_view own =
      gsl_matrix_submatrix(out, 0, offset(map, wrt), out->size1, tangent->size2);
  (void)x;
  gsl_matrix_set_zero(out);
  gsl_matrix_memcpy(&own.matrix, tangent);
  return JAC_OK;
}

static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  size_t from = offset(map, wrt);
  bool own = row >= from && row < from + map->var[wrt].dims[1];
  if (own)
    columns[0] = row - from;
  return own;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of, .alike = true};
}

static const struct jac_map_type type = {
    .name = "concat",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

enum jac_status jac_concat_new(size_t batch, const size_t *features, size_t count,
                               struct jac_map **map, struct jac_error *err) {
  struct jac_spec spec = {.name = "concat"};
  size_t all = 0;
  for (size_t v = 0; v < count; v++)
    all += features[v];
  *map = jac_layer_alloc(sizeof **map, &type, &spec, batch, all, count, err);
  for (size_t v = 0; v < count && *map != NULL; v++) {
    char name[24];
    snprintf(name, sizeof name, "z%zu", v + 1);
    jac_layer_data(*map, v, name, name, features[v], NULL);
  }
  return *map != NULL ? JAC_OK : JAC_ENOMEM;
}
