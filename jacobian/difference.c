/* Finite differences: work for each thread, and every group by one of them. The search
 * for a step is difference_level.c's, the groups are difference_groups.c's. */
#include "jacobian/difference_internal.h"

#include "jacobian/threads_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORTH_THREADS = 1 << 15 /* numbers compared in all */ };

static bool alloc_work(struct work *w) {
  const struct jac_map *map = w->map;
  size_t slices, cols;
  jac_map_jacobian_shape(map, w->wrt, &slices, &w->rows, &cols);
  w->outputs = slices * w->rows;
  w->copies = map->var[w->wrt].role == JAC_DATA && !map->coupled ? map->batch : 1;
  w->moved = malloc((map->nvar + 1) * sizeof *w->moved);
  w->variable = jac_matrix_alloc(original(w)->size1, original(w)->size2);
  w->values = malloc(((JAC_POINTS + 1) * w->outputs + 1) * sizeof *w->values);
  w->steps = malloc((JAC_STEPS * w->copies * w->rows + 1) * sizeof *w->steps);
  w->mover = malloc((w->copies * cols + 1) * sizeof *w->mover);
  w->column = malloc((w->rows + 1) * sizeof *w->column);
  w->slot = malloc((w->rows + 1) * sizeof *w->slot);
  w->entry = malloc((w->outputs + 1) * sizeof *w->entry);
  w->track = malloc((w->outputs + 1) * sizeof *w->track);
  w->agreed = malloc((w->outputs + 1) * sizeof *w->agreed);
  if (w->moved == NULL || w->variable == NULL || w->values == NULL || w->steps == NULL ||
      w->mover == NULL || w->column == NULL || w->slot == NULL || w->entry == NULL ||
      w->track == NULL || w->agreed == NULL)
    return false;
  memcpy(w->moved, w->x, map->nvar * sizeof *w->moved);
  w->moved[w->wrt] = w->variable;
  gsl_matrix_memcpy(w->variable, original(w));
  return true;
}

static void free_work(struct work *w) {
  free(w->moved);
  gsl_matrix_free(w->variable);
  free(w->values);
  free(w->steps);
  free(w->mover);
  free(w->column);
  free(w->slot);
  free(w->entry);
  free(w->track);
  free(w->agreed);
}

/* Which column of the group each row depends on. A column alone may move any row. */
static void set_columns(struct work *w, const struct groups *g, size_t group,
                        bool alone) {
  for (size_t i = 0; i < w->rows; i++) {
    w->column[i] = alone ? group : SIZE_MAX;
    w->slot[i] = alone ? 0 : SIZE_MAX;
  }
  if (alone)
    return;
  for (size_t k = g->row_first[group]; k < g->row_first[group + 1]; k++) {
    w->slot[g->row[k]] = g->slot[k];
    w->column[g->row[k]] = g->order[g->first[group] + g->slot[k]];
  }
}

/* Work for as many threads as there are, as memory and groups allow; 0: not even for one.
 */
static size_t crew_new(struct work crew[JAC_MOST_THREADS], const struct work *given,
                       size_t groups) {
  size_t size, wanted = jac_threads();
  if (wanted > groups || groups * given->map->rows * given->map->cols < WORTH_THREADS)
    wanted = 1;
  for (size = 0; size < wanted; size++) {
    crew[size] = *given;
    if (!alloc_work(&crew[size])) {
      free_work(&crew[size]);
      break;
    }
  }
  return size;
}

/* The value at the point itself, for all. */
static enum jac_status start(struct work *crew, size_t size) {
  struct work *w = &crew[0];
  double *at = w->values + JAC_POINTS * w->outputs;
  gsl_matrix_view f0 = gsl_matrix_view_array(at, w->map->rows, w->map->cols);
  w->evaluations++;
  enum jac_status status = w->map->type->forward(w->map, w->x, &f0.matrix);
  for (size_t k = 0; k < w->outputs; k++)
    w->size = isfinite(at[k]) ? fmax(w->size, fabs(at[k])) : w->size;
  for (size_t t = 1; t < size; t++) {
    memcpy(crew[t].values + JAC_POINTS * w->outputs, at, w->outputs * sizeof *at);
    crew[t].size = w->size;
  }
  return status;
}

/* Groups are visited in their order, whoever worked on them. */
static enum jac_status every_group(struct work *crew, size_t size, const struct groups *g,
                                   bool alone, jac_difference_visit visit,
                                   void *context) {
  enum jac_status status = JAC_OK;
  (void)size; /* without OpenMP */
  JAC_OMP(omp parallel for ordered schedule(static, 1) num_threads((int)size))
  for (size_t c = 0; c < g->colors; c++) {
    struct work *w = &crew[jac_thread()];
    enum jac_status before, own = JAC_OK;
    JAC_OMP(omp atomic read)
    before = status;
    if (before == JAC_OK) {
      set_columns(w, g, c, alone);
      own =
          jac_difference_search(w, g->order + g->first[c], g->first[c + 1] - g->first[c]);
    }
    JAC_OMP(omp ordered)
    if (status == JAC_OK) {
      struct jac_difference_group group = {w->entry, w->column};
      own = own == JAC_OK ? visit(context, &group) : own;
      JAC_OMP(omp atomic write)
      status = own;
    }
  }
  return status;
}

enum jac_status jac_difference(const struct jac_map *map, jac_point x, size_t wrt,
                               const struct jac_pattern *pattern,
                               enum jac_difference_mode mode, const double *noise,
                               jac_difference_visit visit, void *context,
                               size_t *evaluations, struct jac_error *err) {
  const struct work given = {.map = map,
                             .x = x,
                             .wrt = wrt,
                             .noise = noise,
                             .first_level = mode == JAC_DIFFERENCE_FINE ? 8 : 0};
  struct groups g;
  struct work crew[JAC_MOST_THREADS];
  enum jac_status status = jac_groups_make(&g, pattern, mode);
  const size_t size = crew_new(crew, &given, status == JAC_OK ? g.colors : 0);
  if (size == 0)
    status = JAC_ENOMEM;
  if (status == JAC_OK)
    status = start(crew, size);
  bool alone = mode != JAC_DIFFERENCE_COMPRESSED || pattern->dense;
  if (status == JAC_OK)
    status = every_group(crew, size, &g, alone, visit, context);
  if (evaluations != NULL)
    *evaluations = 0;
  for (size_t t = 0; t < size; t++) {
    if (evaluations != NULL)
      *evaluations += crew[t].evaluations;
    free_work(&crew[t]);
  }
  jac_groups_free(&g);
  return jac_map_fail(map, status, err);
}

struct collect {
  struct jac_array3 *value, *error;
};

static enum jac_status collect_group(void *context,
                                     const struct jac_difference_group *group) {
  struct collect *c = context;
  for (size_t s = 0; s < c->value->slices; s++)
    for (size_t i = 0; i < c->value->rows; i++) {
      const struct jac_difference_entry *e = &group->entry[s * c->value->rows + i];
      if (group->column[i] == SIZE_MAX)
        continue;
      *jac_array3_at(c->value, s, i, group->column[i]) = e->value;
      if (c->error != NULL)
        *jac_array3_at(c->error, s, i, group->column[i]) = e->error;
    }
  return JAC_OK;
}

enum jac_status jac_difference_new(const struct jac_map *map, jac_point x, size_t wrt,
                                   enum jac_difference_mode mode,
                                   struct jac_array3 *value, struct jac_array3 *error,
                                   size_t *evaluations, struct jac_error *err) {
  struct jac_pattern pattern;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  enum jac_status status = jac_pattern_new(map, wrt, &pattern, err);
  if (status != JAC_OK)
    return status;
  struct collect c = {value, error};
  status = jac_array3_alloc(slices, rows, cols, value, err);
  if (status == JAC_OK && error != NULL &&
      (status = jac_array3_alloc(slices, rows, cols, error, err)) != JAC_OK)
    jac_array3_free(value);
  if (status == JAC_OK) {
    value->clear = false;
    status = jac_difference(map, x, wrt, &pattern, mode, NULL, collect_group, &c,
                            evaluations, err);
    if (status != JAC_OK) {
      jac_array3_free(value);
      if (error != NULL)
        jac_array3_free(error);
    }
  }
  jac_pattern_free(&pattern);
  return status;
}
