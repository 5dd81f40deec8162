#include "jacobian/values.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

/* How often a mask is drawn again that shows nothing; one of p near 0 or 1 may stay. */
enum { MASKS = 16 };

static double draw(const struct jac_variable *variable, gsl_rng *rng) {
  switch (variable->domain) {
  case JAC_POSITIVE:
  case JAC_DISTRIBUTION:
    return gsl_ran_exponential(rng, 1.0) + 0x1p-20;
  case JAC_PROBABILITY:
    return gsl_rng_uniform_pos(rng);
  case JAC_MASK:
    return gsl_rng_uniform(rng) < variable->p ? 0.0 : 1.0;
  case JAC_GUMBEL:
    return -log(-log(gsl_rng_uniform_pos(rng)));
  case JAC_SIGN:
    return gsl_rng_uniform(rng) < 0.5 ? -1.0 : 1.0;
  case JAC_PADDING:
    return 1.0;
  case JAC_ZERO:
    return 0.0;
  case JAC_CLASS:
    return 1.0 + (double)gsl_rng_uniform_int(rng, variable->classes);
  case JAC_REAL:
  case JAC_UNIT_ROWS:
  default:
    return gsl_ran_ugaussian(rng);
  }
}

static void fill(const struct jac_variable *variable, gsl_rng *rng, gsl_matrix *m) {
  for (size_t i = 0; i < m->size1; i++) {
    double sum = 0.0;
    for (size_t j = 0; j < m->size2; j++) {
      double value = draw(variable, rng);
      gsl_matrix_set(m, i, j, value);
      sum += variable->domain == JAC_UNIT_ROWS ? value * value : value;
    }
    if (variable->domain == JAC_UNIT_ROWS)
      sum = sqrt(sum);
    if (variable->domain == JAC_DISTRIBUTION || variable->domain == JAC_UNIT_ROWS)
      for (size_t j = 0; j < m->size2; j++)
        gsl_matrix_set(m, i, j, gsl_matrix_get(m, i, j) / sum);
    if (variable->domain == JAC_PADDING && i > 0 && i + 1 == m->size1)
      for (size_t j = 0; j < m->size2; j++)
        gsl_matrix_set(m, i, j, 0.0);
  }
}

/* Whether a mask of several entries is the same everywhere: then it shows nothing of what
 * a mask does. */
static bool shows_nothing(const struct jac_variable *variable, const gsl_matrix *m) {
  if (variable->domain != JAC_MASK || !(variable->p > 0.0) || m->size1 * m->size2 < 2)
    return false;
  for (size_t k = 1; k < m->size1 * m->size2; k++)
    if (m->data[k] != m->data[0])
      return false;
  return true;
}

enum jac_status jac_values_new(const struct jac_map *map, unsigned long seed,
                               struct jac_values *values, struct jac_error *err) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  *values = (struct jac_values){0, calloc(map->nvar + 1, sizeof(gsl_matrix *))};
  if (rng == NULL || values->matrix == NULL)
    goto no_memory;
  for (size_t v = 0; v < map->nvar; v++) {
    size_t rows, cols;
    jac_variable_storage(&map->var[v], &rows, &cols);
    gsl_matrix *m = jac_matrix_alloc(rows, cols);
    if (m == NULL)
      goto no_memory;
    values->matrix[values->count++] = m;
    gsl_rng_set(rng, seed * 1000003UL + v + 1);
    fill(&map->var[v], rng, m);
    for (int again = 0; again < MASKS && shows_nothing(&map->var[v], m); again++)
      fill(&map->var[v], rng, m);
  }
  gsl_rng_free(rng);
  return JAC_OK;

no_memory:
  gsl_rng_free(rng);
  jac_values_free(values);
  return jac_fail_memory(err);
}

void jac_values_free(struct jac_values *values) {
  for (size_t v = 0; v < values->count; v++)
    gsl_matrix_free(values->matrix[v]);
  free(values->matrix);
  *values = (struct jac_values){0, NULL};
}
