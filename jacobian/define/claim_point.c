#include "jacobian/define/claim_point.h"

#include <stdlib.h>

enum { LEVELS = 8, SIGNED = 8, MOST = 400 };

/* The kinks of everyday functions are at 0, 1 and 3. */
static const double level[LEVELS] = {0.004, 0.03, 0.3, 0.7, 1.3, 2.2, 3.6, 7.0};

/* The signs of the last points are all positive: for roots and logarithms. */
static double number(const struct jac_variable *var, size_t v, size_t entry, size_t k) {
  double size = level[(5 * entry + 3 * k + 2 * v) % LEVELS];
  bool negative = k < SIGNED && (entry + k + v) % 2 == 1;
  switch (var->domain) {
  case JAC_CLASS:
    return 1.0 + (double)((entry + k) % var->classes);
  case JAC_SIGN:
    return (entry + k / 2) % 2 == 1 ? -1.0 : 1.0;
  default:
    return negative ? -size : size;
  }
}

static bool chosen(const struct jac_variable *var) {
  return var->domain == JAC_REAL || var->domain == JAC_SIGN ||
         (var->domain == JAC_CLASS && var->classes > 0);
}

enum jac_status jac_claim_point_make(const struct jac_map *map, jac_point x, size_t k,
                                     struct jac_claim_point *point,
                                     struct jac_error *err) {
  size_t total = 0;
  *point = (struct jac_claim_point){.set = jac_memory_take(map->nvar + 1, sizeof(bool))};
  if (point->set == NULL)
    return jac_fail_memory(err);
  for (size_t v = 0; v < map->nvar; v++)
    total += jac_variable_size(&map->var[v]);
  if (x == NULL || total > MOST)
    return JAC_OK;
  enum jac_status status = jac_values_new(map, 1, &point->values, err);
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    gsl_matrix *m = point->values.matrix[v];
    point->set[v] = chosen(&map->var[v]);
    point->any = point->any || point->set[v];
    for (size_t i = 0; i < m->size1; i++)
      for (size_t j = 0; j < m->size2; j++)
        gsl_matrix_set(m, i, j,
                       point->set[v] ? number(&map->var[v], v, i * m->size2 + j, k)
                                     : gsl_matrix_get(x[v], i, j));
  }
  return status;
}

void jac_claim_point_free(struct jac_claim_point *point) {
  jac_values_free(&point->values);
  free(point->set);
}
