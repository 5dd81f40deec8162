#include "jacobian/check_internal.h"
#include "jacobian/pattern.h"

#include <float.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { DRAWS = 4 };

/* Every number moved by a random part of it, at most so large. */
static void nudge_by(gsl_matrix *m, double most, gsl_rng *rng) {
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++) {
      double by = 2.0 * most * (gsl_rng_uniform(rng) - 0.5);
      gsl_matrix_set(m, i, j, gsl_matrix_get(m, i, j) * (1.0 + by));
    }
}

/* The last places of every number, moved. */
static void nudge(gsl_matrix *m, gsl_rng *rng) {
  nudge_by(m, 4.0 * DBL_EPSILON, rng);
}

static gsl_matrix *copy(const gsl_matrix *m) {
  gsl_matrix *of = jac_matrix_alloc(m->size1, m->size2);
  if (of != NULL)
    gsl_matrix_memcpy(of, m);
  return of;
}

static double apart(const gsl_matrix *a, const gsl_matrix *b) {
  double most = 0.0;
  for (size_t i = 0; i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      most = fmax(most, fabs(gsl_matrix_get(a, i, j) - gsl_matrix_get(b, i, j)));
  return most;
}

/* What is nudged, and the gradients before and after. */
struct nudged {
  gsl_matrix **x; /* nvar of them */
  gsl_matrix *cotangent, *gradient, *moved;
};

static void drop(struct nudged *n, size_t nvar) {
  for (size_t v = 0; n->x != NULL && v < nvar; v++)
    gsl_matrix_free(n->x[v]);
  free(n->x);
  gsl_matrix_free(n->cotangent);
  gsl_matrix_free(n->gradient);
  gsl_matrix_free(n->moved);
}

static enum jac_status take(const struct jac_checking *c, struct nudged *n,
                            struct jac_error *err) {
  const struct jac_map *map = c->map;
  bool whole = true;
  size_t rows, cols;
  jac_variable_storage(&map->var[c->wrt], &rows, &cols);
  *n = (struct nudged){.x = calloc(map->nvar, sizeof(gsl_matrix *)),
                       .cotangent = jac_matrix_alloc(map->rows, map->cols),
                       .gradient = jac_matrix_alloc(rows, cols),
                       .moved = jac_matrix_alloc(rows, cols)};
  for (size_t v = 0; n->x != NULL && v < map->nvar; v++) {
    n->x[v] = copy(c->x[v]);
    whole = whole && n->x[v] != NULL;
  }
  return n->x != NULL && whole && n->cotangent && n->gradient && n->moved
             ? JAC_OK
             : jac_fail_memory(err);
}

static enum jac_status draw(const struct jac_checking *c, jac_point at, struct nudged *n,
                            gsl_rng *rng, double *most, struct jac_error *err) {
  const struct jac_map *map = c->map;
  for (size_t i = 0; i < map->rows; i++)
    for (size_t j = 0; j < map->cols; j++)
      gsl_matrix_set(n->cotangent, i, j, 2.0 * gsl_rng_uniform(rng) - 1.0);
  enum jac_status status = jac_map_vjp(map, at, c->wrt, n->cotangent, n->gradient, err);
  nudge(n->cotangent, rng);
  for (size_t v = 0; v < map->nvar; v++) {
    gsl_matrix_memcpy(n->x[v], at[v]);
    nudge(n->x[v], rng);
  }
  if (status == JAC_OK)
    status = jac_map_vjp(map, (jac_point)n->x, c->wrt, n->cotangent, n->moved, err);
  if (status == JAC_OK)
    *most = fmax(*most, apart(n->gradient, n->moved));
  return status;
}

/* Keeps the largest that is finite. */
static void keep(double *noise, double off) {
  *noise = isfinite(off) ? fmax(*noise, fabs(off)) : *noise;
}

/* The outputs where every number is moved by the last places of it. */
static enum jac_status last_places(const struct jac_checking *c, struct nudged *n,
                                   gsl_matrix *y, gsl_rng *rng, double *noise,
                                   struct jac_error *err) {
  for (size_t v = 0; v < c->map->nvar; v++) {
    gsl_matrix_memcpy(n->x[v], c->x[v]);
    nudge(n->x[v], rng);
  }
  enum jac_status status = jac_map_forward(c->map, (jac_point)n->x, y, err);
  for (size_t k = 0; k < c->map->rows * c->map->cols && status == JAC_OK; k++)
    keep(&noise[k], y->data[k] - c->output[k]);
  return status;
}

/* The place of the last bit that is set. */
static double last_bit(double y) {
  int exponent;
  double fraction = frexp(y, &exponent);
  int64_t bits = (int64_t)ldexp(fabs(fraction), 53);
  return ldexp((double)(bits & -bits), exponent - 53);
}

/* Large numbers that cancel leave a coarse grid, on which the outputs at any points
 * stand: the last bit that any of them has. An output that does not move has none. */
static enum jac_status grid(const struct jac_checking *c, struct nudged *n, gsl_matrix *y,
                            gsl_rng *rng, double *noise, struct jac_error *err) {
  enum { POINTS = 12 };
  size_t outputs = c->map->rows * c->map->cols;
  enum jac_status status = JAC_OK;
  double *bit = malloc((outputs + 1) * sizeof *bit);
  bool *moves = calloc(outputs + 1, sizeof *moves);
  if (bit == NULL || moves == NULL)
    status = jac_fail_memory(err);
  for (size_t k = 0; k < outputs && status == JAC_OK; k++)
    bit[k] = INFINITY;
  for (int p = 0; p < POINTS && status == JAC_OK; p++) {
    for (size_t v = 0; v < c->map->nvar; v++) {
      gsl_matrix_memcpy(n->x[v], c->x[v]);
      nudge_by(n->x[v], 0x1p-26, rng);
    }
    status = jac_map_forward(c->map, (jac_point)n->x, y, err);
    for (size_t k = 0; k < outputs && status == JAC_OK; k++) {
      moves[k] = moves[k] || y->data[k] != c->output[k];
      if (isfinite(y->data[k]) && y->data[k] != 0.0)
        bit[k] = fmin(bit[k], last_bit(y->data[k]));
    }
  }
  for (size_t k = 0; k < outputs && status == JAC_OK; k++)
    if (moves[k])
      keep(&noise[k], bit[k]);
  free(bit);
  free(moves);
  return status;
}

enum jac_status jac_check_output_noise(const struct jac_checking *c, double *noise,
                                       double *most, struct jac_error *err) {
  *most = 0.0;
  struct nudged n = {.x = NULL};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_matrix *y = jac_matrix_alloc(c->map->rows, c->map->cols);
  enum jac_status status =
      rng == NULL || y == NULL ? jac_fail_memory(err) : take(c, &n, err);
  for (int k = 0; k < DRAWS && status == JAC_OK; k++)
    status = last_places(c, &n, y, rng, noise, err);
  for (size_t k = 0; k < c->map->rows * c->map->cols && status == JAC_OK; k++)
    *most = fmax(*most, noise[k]);
  if (status == JAC_OK)
    status = grid(c, &n, y, rng, noise, err);
  drop(&n, c->map->nvar);
  gsl_matrix_free(y);
  gsl_rng_free(rng);
  return status;
}

/* A point nearby, where no tie is left. */
static void go_nearby(const struct jac_checking *c, struct nudged *n, gsl_rng *rng) {
  for (size_t v = 0; v < c->map->nvar; v++) {
    gsl_matrix_memcpy(n->x[v], c->x[v]);
    nudge_by(n->x[v], 0x1p-20, rng);
  }
}

/* What the last places move at points nearby is rounding alone. It is asked for where all
 * of the Jacobian may be that, or is exactly zero where outputs are infinite: beside its
 * size nothing tells rounding from a tie that a nudge breaks. */
static enum jac_status noise_of_zero(const struct jac_checking *c, struct nudged *n,
                                     gsl_rng *rng, double *noise, struct jac_error *err) {
  struct nudged near = {.x = NULL};
  double most = 0.0;
  enum jac_status status = take(c, &near, err);
  for (int k = 0; k < DRAWS && status == JAC_OK; k++) {
    go_nearby(c, &near, rng);
    status = draw(c, (jac_point)near.x, n, rng, &most, err);
  }
  *noise = c->scale <= 64.0 * most ? 8.0 * most : 0.0;
  drop(&near, c->map->nvar);
  return status;
}

static double largest_number(const struct jac_checking *c) {
  double most = 0.0;
  for (size_t v = 0; v < c->map->nvar; v++)
    for (size_t k = 0; k < c->x[v]->size1 * c->x[v]->size2; k++)
      most = fmax(most, fabs(c->x[v]->data[k]));
  return most;
}

enum jac_status jac_check_noise(const struct jac_checking *c, double *noise,
                                struct jac_error *err) {
  struct nudged n = {.x = NULL};
  double most = 0.0;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  enum jac_status status = rng == NULL ? jac_fail_memory(err) : take(c, &n, err);
  for (int k = 0; k < DRAWS && status == JAC_OK; k++)
    status = draw(c, c->x, &n, rng, &most, err);
  /* A tie that a nudge breaks is no rounding; the last places of a large angle are. */
  double part = 1e-9 * fmin(fmax(1.0, largest_number(c)), 1e5);
  *noise =
      most <= part * fmax(c->scale, c->noise / (8.0 * DBL_EPSILON)) ? 8.0 * most : 0.0;
  double of_zero = 0.0;
  if (status == JAC_OK && (c->scale > *noise || c->scale == 0.0))
    status = noise_of_zero(c, &n, rng, &of_zero, err);
  *noise = fmax(*noise, of_zero);
  drop(&n, c->map->nvar);
  gsl_rng_free(rng);
  return status;
}

/* By how much the last places of all numbers move each row. */
static enum jac_status draw_rows(const struct jac_checking *c, struct nudged *n,
                                 gsl_rng *rng, double *most, struct jac_error *err) {
  const struct jac_array3 *J = c->J;
  struct jac_array3 before, after;
  go_nearby(c, n, rng);
  enum jac_status status =
      jac_map_jacobian_new(c->map, (jac_point)n->x, c->wrt, &before, err);
  if (status != JAC_OK)
    return status;
  for (size_t v = 0; v < c->map->nvar; v++)
    nudge(n->x[v], rng);
  status = jac_map_jacobian_new(c->map, (jac_point)n->x, c->wrt, &after, err);
  for (size_t k = 0; k < J->slices * J->rows * J->cols && status == JAC_OK; k++)
    keep(&most[k / J->cols], before.data[k] - after.data[k]);
  if (status == JAC_OK)
    jac_array3_free(&after);
  jac_array3_free(&before);
  return status;
}

enum jac_status jac_check_row_noise(const struct jac_checking *c, double *noise,
                                    bool *any, struct jac_error *err) {
  enum { FEW_ENTRIES = 1 << 16 };
  const struct jac_array3 *J = c->J;
  *any = false;
  if (J->slices * J->rows * J->cols > FEW_ENTRIES)
    return JAC_OK;
  struct nudged n = {.x = NULL};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  enum jac_status status = rng == NULL ? jac_fail_memory(err) : take(c, &n, err);
  for (int k = 0; k < DRAWS && status == JAC_OK; k++)
    status = draw_rows(c, &n, rng, noise, err);
  for (size_t k = 0; k < J->slices * J->rows; k++) {
    /* Rounding is all of the row, or terms that cancel leave so much of it beside what
     * is left of them; what lies between may be a tie that a nudge broke. */
    bool all = c->row_scale[k] <= 64.0 * noise[k];
    bool part = noise[k] <= 1e-4 * c->row_scale[k];
    noise[k] = all || part ? 8.0 * noise[k] : 0.0;
    *any = *any || noise[k] > 0.0;
  }
  drop(&n, c->map->nvar);
  gsl_rng_free(rng);
  return status;
}
