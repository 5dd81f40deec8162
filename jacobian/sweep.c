#include "jacobian/sweep.h"

#include "jacobian/order.h"

#include <float.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct work {
  const struct jac_map *map;
  jac_point x;
  size_t wrt;
  const gsl_matrix **moved;
  gsl_matrix *variable, *direction, *f0, *plus, *minus;
  double *vector, *slope; /* the direction by columns; J d by outputs */
};

static bool alloc_work(struct work *w) {
  const gsl_matrix *v = w->x[w->wrt];
  size_t rows = w->map->rows, cols = w->map->cols;
  w->moved = malloc((w->map->nvar + 1) * sizeof *w->moved);
  w->variable = jac_matrix_alloc(v->size1, v->size2);
  w->direction = jac_matrix_alloc(v->size1, v->size2);
  w->f0 = jac_matrix_alloc(rows, cols);
  w->plus = jac_matrix_alloc(rows, cols);
  w->minus = jac_matrix_alloc(rows, cols);
  w->vector = malloc((v->size1 * v->size2 + 1) * sizeof *w->vector);
  w->slope = calloc(rows * cols + 1, sizeof *w->slope);
  return w->moved != NULL && w->variable != NULL && w->direction != NULL &&
         w->f0 != NULL && w->plus != NULL && w->minus != NULL && w->vector != NULL &&
         w->slope != NULL;
}

static void free_work(struct work *w) {
  free(w->moved);
  gsl_matrix_free(w->variable);
  gsl_matrix_free(w->direction);
  gsl_matrix_free(w->f0);
  gsl_matrix_free(w->plus);
  gsl_matrix_free(w->minus);
  free(w->vector);
  free(w->slope);
}

/* A random direction of length 1, and J times it. */
static enum jac_status set_direction(struct work *w, const struct jac_array3 *J,
                                     unsigned long seed) {
  const struct jac_variable *var = &w->map->var[w->wrt];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return JAC_ENOMEM;
  gsl_rng_set(rng, seed + 7);
  size_t count = jac_variable_size(var);
  double length = 0.0;
  for (size_t k = 0; k < count; k++) {
    w->vector[k] = gsl_ran_ugaussian(rng);
    length = hypot(length, w->vector[k]);
  }
  gsl_rng_free(rng);
  for (size_t k = 0; k < count; k++)
    w->vector[k] /= length;
  jac_unvec(var, JAC_ORDER_F, w->vector, w->direction);
  bool own = var->role == JAC_DATA && !w->map->coupled;
  for (size_t k = 0; k < J->slices * J->rows; k++) {
    const double *t = w->vector + (own ? k / J->rows * J->cols : 0);
    for (size_t j = 0; j < J->cols; j++)
      w->slope[k] += J->data[k * J->cols + j] * t[j];
  }
  return JAC_OK;
}

static enum jac_status evaluate(struct work *w, double h, gsl_matrix *f) {
  const gsl_matrix *v = w->x[w->wrt];
  for (size_t i = 0; i < v->size1; i++)
    for (size_t j = 0; j < v->size2; j++)
      gsl_matrix_set(w->variable, i, j,
                     gsl_matrix_get(v, i, j) + h * gsl_matrix_get(w->direction, i, j));
  return w->map->type->forward(w->map, w->moved, f);
}

/* The remainder's order: the steepest straight part, over a hundredfold of the step, that
 * stands clear of rounding. */
static double fit_order(const struct jac_sweep *s, double floor_) {
  double sum = 0.0;
  int count = 0;
  for (size_t k = 1; k < JAC_SWEEP_STEPS; k++) {
    double a = s->remainder[k - 1], b = s->remainder[k];
    if (!isfinite(a) || !(b > floor_) || s->step[k - 1] > 0.15)
      continue;
    sum += log10(a / b);
    count++;
  }
  return count > 0 ? sum / count : NAN;
}

enum jac_status jac_sweep(const struct jac_map *map, jac_point x, size_t wrt,
                          const struct jac_array3 *J, unsigned long seed,
                          struct jac_sweep *sweep, struct jac_error *err) {
  struct work w = {.map = map, .x = x, .wrt = wrt};
  enum jac_status status = alloc_work(&w) ? JAC_OK : JAC_ENOMEM;
  double size = 0.0, best = INFINITY;
  *sweep = (struct jac_sweep){.best_step = NAN};
  if (status == JAC_OK) {
    memcpy(w.moved, x, map->nvar * sizeof *w.moved);
    w.moved[wrt] = w.variable;
    status = set_direction(&w, J, seed);
  }
  if (status == JAC_OK)
    status = map->type->forward(map, x, w.f0);
  for (size_t k = 0; k < JAC_SWEEP_STEPS && status == JAC_OK; k++) {
    double h = sweep->step[k] = pow(10.0, -(double)k);
    status = evaluate(&w, h, w.plus);
    if (status == JAC_OK)
      status = evaluate(&w, -h, w.minus);
    for (size_t o = 0; o < map->rows * map->cols && status == JAC_OK; o++) {
      double f = w.f0->data[o], p = w.plus->data[o], m = w.minus->data[o];
      size = fmax(size, fmax(fabs(f), fabs(p)));
      sweep->remainder[k] = fmax(sweep->remainder[k], fabs(p - f - h * w.slope[o]));
      sweep->central[k] = fmax(sweep->central[k], fabs((p - m) / (2.0 * h) - w.slope[o]));
    }
    if (sweep->central[k] < best) {
      best = sweep->central[k];
      sweep->best_step = h;
    }
  }
  sweep->order = fit_order(sweep, 64.0 * DBL_EPSILON * size);
  free_work(&w);
  return jac_map_fail(map, status, err);
}
