#include "layers/sample.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_sample *of(const struct jac_map *map) {
  return ((const struct jac_sample_map *)map)->sample;
}

/* The point of a sample; a matrix with gaps between its rows is copied. */
struct walk {
  const struct jac_map *map;
  jac_point x;
  const double **at; /* of each variable */
  double **copy;     /* of each variable: NULL, or its numbers without gaps; owned */
};

/* The numbers of m row by row, in a copy where there are gaps; false without memory. */
static bool packed(const gsl_matrix *m, const double **numbers, double **copy) {
  *copy = NULL;
  *numbers = m->data;
  if (m->tda == m->size2 || m->size1 == 1)
    return true;
  *copy = malloc(m->size1 * m->size2 * sizeof **copy);
  for (size_t i = 0; i < m->size1 && *copy != NULL; i++)
    memcpy(*copy + i * m->size2, gsl_matrix_const_ptr(m, i, 0), m->size2 * sizeof **copy);
  *numbers = *copy;
  return *copy != NULL;
}

static void walk_end(struct walk *w) {
  for (size_t v = 0; v < w->map->nvar && w->copy != NULL; v++)
    free(w->copy[v]);
  free(w->copy);
  free(w->at);
}

static enum jac_status walk_start(const struct jac_map *map, jac_point x,
                                  struct walk *w) {
  *w = (struct walk){map, x, calloc(map->nvar, sizeof *w->at),
                     calloc(map->nvar, sizeof *w->copy)};
  bool there = w->at != NULL && w->copy != NULL;
  for (size_t v = 0; v < map->nvar && there; v++)
    if (map->var[v].role == JAC_PARAMETER)
      there = packed(x[v], &w->at[v], &w->copy[v]);
  if (there)
    return JAC_OK;
  walk_end(w);
  return JAC_ENOMEM;
}

static jac_sample_point sample_at(struct walk *w, size_t n) {
  for (size_t v = 0; v < w->map->nvar; v++)
    if (w->map->var[v].role == JAC_DATA)
      w->at[v] = gsl_matrix_const_ptr(w->x[v], n, 0);
  return w->at;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  struct walk w;
  if (walk_start(map, x, &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < map->batch; n++)
    of(map)->forward(map, sample_at(&w, n), gsl_matrix_ptr(y, n, 0));
  walk_end(&w);
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  struct walk w;
  if (walk_start(map, x, &w) != JAC_OK)
    return JAC_ENOMEM;
  for (size_t n = 0; n < J->slices; n++) {
    struct jac_array3 slice = *J;
    slice.data = jac_array3_at(J, n, 0, 0);
    slice.slices = 1;
    of(map)->jacobian(map, sample_at(&w, n), wrt, &slice);
  }
  walk_end(&w);
  return JAC_OK;
}

/* Of data each sample has its row; what parameters get adds up. */
static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  struct walk w;
  bool own = map->var[wrt].role == JAC_DATA;
  size_t size = jac_variable_size(&map->var[wrt]);
  double *sum = own ? NULL : calloc(size + 1, sizeof *sum);
  if ((!own && sum == NULL) || walk_start(map, x, &w) != JAC_OK) {
    free(sum);
    return JAC_ENOMEM;
  }
  if (own)
    gsl_matrix_set_zero(gradient);
  for (size_t n = 0; n < map->batch; n++)
    of(map)->vjp(map, sample_at(&w, n), wrt, gsl_matrix_const_ptr(cotangent, n, 0),
                 own ? gsl_matrix_ptr(gradient, n, 0) : sum);
  for (size_t i = 0; i < gradient->size1 && !own; i++)
    memcpy(gsl_matrix_ptr(gradient, i, 0), sum + i * gradient->size2,
           gradient->size2 * sizeof *sum);
  free(sum);
  walk_end(&w);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  struct walk w;
  const double *t;
  double *copy;
  bool own = map->var[wrt].role == JAC_DATA;
  if (!packed(tangent, &t, &copy) || walk_start(map, x, &w) != JAC_OK) {
    free(copy);
    return JAC_ENOMEM;
  }
  gsl_matrix_set_zero(out);
  for (size_t n = 0; n < map->batch; n++)
    of(map)->jvp(map, sample_at(&w, n), wrt,
                 own ? gsl_matrix_const_ptr(tangent, n, 0) : t,
                 gsl_matrix_ptr(out, n, 0));
  free(copy);
  walk_end(&w);
  return JAC_OK;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  return of(map)->structure != NULL ? of(map)->structure(map, wrt)
                                    : (struct jac_structure){.written = false};
}

static const struct jac_map_type type = {
    .name = "sample",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
};

void *jac_sample_alloc(size_t size, const struct jac_sample *sample,
                       const struct jac_spec *spec, size_t batch, size_t outputs,
                       size_t nvar, struct jac_error *err) {
  struct jac_sample_map *m =
      jac_layer_alloc(size, &type, spec, batch, outputs, nvar, err);
  if (m != NULL)
    m->sample = sample;
  return m;
}

struct jac_structure jac_structure_diagonal(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.width = 1};
}

struct jac_structure jac_structure_written(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.written = true};
}
