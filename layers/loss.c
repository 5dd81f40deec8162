#include "layers/loss.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* reduction=none: batch x 1, a cost a sample. sum and mean: 1 x 1, and samples share it.
 */
struct loss_map {
  struct jac_map map;
  const struct jac_loss *loss;
  size_t features;
  double scale; /* of each sample's cost in the total: 1, or 1/batch */
  bool reduced;
  char definition[256];
  char entry[2][256];
  struct jac_constant batch;
};

static const struct loss_map *of(const struct jac_map *map) {
  return (const struct loss_map *)map;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct loss_map *m = of(map);
  double total = 0.0;
  for (size_t n = 0; n < map->batch; n++) {
    double cost = m->loss->cost(gsl_matrix_const_ptr(x[JAC_LOSS_Z], n, 0),
                                gsl_matrix_const_ptr(x[JAC_LOSS_Y], n, 0), m->features);
    if (!m->reduced)
      gsl_matrix_set(y, n, 0, cost);
    total += cost;
  }
  if (m->reduced)
    gsl_matrix_set(y, 0, 0, m->scale * total);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct loss_map *m = of(map);
  for (size_t n = 0; n < map->batch; n++) {
    double *row =
        m->reduced ? jac_array3_at(J, 0, 0, n * m->features) : jac_array3_at(J, n, 0, 0);
    m->loss->gradient(gsl_matrix_const_ptr(x[JAC_LOSS_Z], n, 0),
                      gsl_matrix_const_ptr(x[JAC_LOSS_Y], n, 0), m->features, wrt, row);
    for (size_t i = 0; i < m->features && m->reduced; i++)
      row[i] *= m->scale;
  }
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct loss_map *m = of(map);
  for (size_t n = 0; n < map->batch; n++) {
    m->loss->fast(gsl_matrix_const_ptr(x[JAC_LOSS_Z], n, 0),
                  gsl_matrix_const_ptr(x[JAC_LOSS_Y], n, 0), m->features, wrt,
                  gsl_matrix_ptr(gradient, n, 0));
    gsl_vector_view row = gsl_matrix_row(gradient, n);
    gsl_vector_scale(&row.vector,
                     m->scale * gsl_matrix_get(cotangent, m->reduced ? 0 : n, 0));
  }
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct loss_map *m = of(map);
  double *row = malloc(m->features * sizeof *row);
  if (row == NULL)
    return JAC_ENOMEM;
  double total = 0.0;
  for (size_t n = 0; n < map->batch; n++) {
    m->loss->fast(gsl_matrix_const_ptr(x[JAC_LOSS_Z], n, 0),
                  gsl_matrix_const_ptr(x[JAC_LOSS_Y], n, 0), m->features, wrt, row);
    double dot = 0.0;
    for (size_t i = 0; i < m->features; i++)
      dot += row[i] * gsl_matrix_get(tangent, n, i);
    if (!m->reduced)
      gsl_matrix_set(out, n, 0, dot);
    total += dot;
  }
  if (m->reduced)
    gsl_matrix_set(out, 0, 0, m->scale * total);
  free(row);
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.written = true};
}

static const struct jac_map_type type = {
    .name = "loss",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

/* The formulas with the reduction written into them; entries of a reduced loss belong to
 * sample m. */
static void write_formulas(struct loss_map *m, const char *reduction) {
  const struct jac_loss *loss = m->loss;
  if (!m->reduced) {
    snprintf(m->definition, sizeof m->definition, "L[n] = %s", loss->cost_text);
    for (size_t v = 0; v < 2; v++)
      snprintf(m->entry[v], sizeof m->entry[v], "%s", loss->entry[v]);
    return;
  }
  bool mean = strcmp(reduction, "mean") == 0;
  snprintf(m->definition, sizeof m->definition,
           mean ? "L = sum(n, %s)/batch" : "L = sum(n, %s)", loss->cost_text);
  for (size_t v = 0; v < 2; v++) {
    snprintf(m->entry[v], sizeof m->entry[v], mean ? "(%s)/batch" : "%s", loss->entry[v]);
    for (char *at = m->entry[v]; (at = strstr(at, "[n,")) != NULL; at++)
      at[1] = 'm';
  }
}

static enum jac_status reduce(struct loss_map *m, const struct jac_spec *spec,
                              struct jac_error *err) {
  const char *reduction = jac_spec_word(spec, "reduction");
  m->scale = 1.0;
  m->reduced = reduction != NULL && strcmp(reduction, "none") != 0;
  if (m->reduced && strcmp(reduction, "mean") != 0 && strcmp(reduction, "sum") != 0)
    return jac_fail(err, JAC_EINPUT, _("%s: reduction=%s: none, sum or mean is needed"),
                    spec->name, reduction);
  if (m->reduced) {
    m->map.rows = 1;
    m->map.coupled = true;
    if (strcmp(reduction, "mean") == 0) {
      m->scale = 1.0 / (double)m->map.batch;
      m->map.coupled_reason = N_("one mean is taken over the batch");
    } else
      m->map.coupled_reason = N_("one sum is taken over the batch");
  }
  write_formulas(m, reduction);
  return JAC_OK;
}

enum jac_status jac_loss_make(const struct jac_module *module,
                              const struct jac_spec *spec,
                              const struct jac_module_place *place, struct jac_map **map,
                              struct jac_error *err) {
  size_t n = spec->size[0];
  struct loss_map *m = jac_layer_alloc(sizeof *m, &type, spec, place->batch, 1, 2, err);
  if (m == NULL)
    return JAC_ENOMEM;
  m->loss = module->family;
  m->features = n;
  enum jac_status status = reduce(m, spec, err);
  if (status != JAC_OK) {
    jac_map_free(&m->map);
    return status;
  }
  snprintf(m->map.output_symbol, sizeof m->map.output_symbol, "\\ell");
  jac_layer_data(&m->map, JAC_LOSS_Z, "z", "z^{k-1}", n, m->entry[0])->domain =
      m->loss->domain[0];
  struct jac_variable *y = jac_layer_data(&m->map, JAC_LOSS_Y, "y", "y", n, m->entry[1]);
  y->domain = m->loss->domain[1];
  y->secondary = true;
  m->map.definition = m->definition;
  m->map.where = m->loss->where;
  m->batch = (struct jac_constant){"batch", (double)place->batch};
  m->map.constant = &m->batch;
  m->map.nconstant = 1;
  *map = &m->map;
  return JAC_OK;
}

const struct jac_module_option jac_loss_options[] = {
    {"reduction", "mean", N_("none (a cost a sample), or the batch's sum or mean")},
    {NULL, NULL, NULL}};
