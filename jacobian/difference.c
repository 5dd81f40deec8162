#include "jacobian/difference.h"

#include "jacobian/order.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  POINTS = 6, /* x + h, x - h, x + h/2, x - h/2, x + h/4, x - h/4 */
  LEVELS = 15 /* the last starts at 2^-49: the last bits of a number near 1 */
};

/* A good estimate, relative to the group's largest derivative. */
static const double good = 1e-9;

struct work {
  const struct jac_map *map;
  jac_point x;
  size_t wrt;
  const gsl_matrix **moved; /* the point with the variable replaced by variable */
  gsl_matrix *variable;
  gsl_matrix *f0, *f[POINTS];
  size_t rows, outputs; /* native rows of a slice; all outputs */
  bool per_sample;      /* the column exists once in each sample */
  size_t *column;       /* by native row */
  struct jac_difference_entry *entry;
  double *previous; /* the estimates before this level */
  bool *agreed;     /* by output: the sides met at some level */
  size_t *evaluations;
};

static const gsl_matrix *original(const struct work *w) {
  return w->x[w->wrt];
}

/* Where column j's entry of sample n stands in the variable's storage. */
static double *place(const struct work *w, gsl_matrix *m, size_t n, size_t j) {
  size_t offset = w->per_sample
                      ? n * m->size2 + j
                      : jac_number_to_offset(&w->map->var[w->wrt], JAC_ORDER_F, j);
  return gsl_matrix_ptr(m, offset / m->size2, offset % m->size2);
}

static double base_value(const struct work *w, size_t n, size_t j) {
  return *place(w, (gsl_matrix *)original(w), n, j);
}

static double step(double x, unsigned level, unsigned point) {
  double scale = ldexp(1.0, -7 - 3 * (int)level - (int)(point / 2));
  double h = scale * (fabs(x) > 1.0 ? ldexp(1.0, ilogb(x)) : 1.0);
  return point % 2 == 0 ? h : -h;
}

/* The step as it is really made: (x + h) - x. */
static double made(double x, unsigned level, unsigned point) {
  volatile double moved = x + step(x, level, point);
  return moved - x;
}

/* Evaluates f at one point of a level, with all columns of the group moved. */
static enum jac_status evaluate(struct work *w, const size_t *columns, size_t count,
                                unsigned level, unsigned point) {
  size_t copies = w->per_sample ? w->map->batch : 1;
  for (size_t n = 0; n < copies; n++)
    for (size_t c = 0; c < count; c++)
      *place(w, w->variable, n, columns[c]) +=
          step(base_value(w, n, columns[c]), level, point);
  enum jac_status status = w->map->type->forward(w->map, w->moved, w->f[point]);
  ++*w->evaluations;
  for (size_t n = 0; n < copies; n++)
    for (size_t c = 0; c < count; c++)
      *place(w, w->variable, n, columns[c]) = base_value(w, n, columns[c]);
  return status;
}

static double fmax3(double a, double b, double c) {
  return fmax(a, fmax(b, c));
}

/* A one-sided derivative extrapolated from three steps; the points are 0, 2, 4 forward
 * and 1, 3, 5 backward. */
static double one_sided(const double f[POINTS], double f0, const double h[POINTS],
                        unsigned first, double *error) {
  double d[3], largest = fabs(f0);
  for (unsigned k = 0; k < 3; k++) {
    d[k] = (f[first + 2 * k] - f0) / h[first + 2 * k];
    largest = fmax(largest, fabs(f[first + 2 * k]));
  }
  double a = 2.0 * d[1] - d[0], b = 2.0 * d[2] - d[1], value = (4.0 * b - a) / 3.0;
  *error = fabs(value - b) + 16.0 * DBL_EPSILON * largest / fabs(h[first + 4]);
  return value;
}

/* One output at one level: a new entry, better or worse than the one it has. Sides that
 * were seen apart meet again only where both are well known: at the smallest steps
 * rounding would let anything meet. */
static struct jac_difference_entry estimate(const double f[POINTS], double f0,
                                            const double h[POINTS], double x, double jump,
                                            bool *sides_meet, bool *sides_part) {
  struct jac_difference_entry e = {.state = JAC_ENTRY_SMOOTH};
  double d[3], largest = 0.0, left_error, right_error;
  for (unsigned k = 0; k < 3; k++) {
    d[k] = (f[2 * k] - f[2 * k + 1]) / (h[2 * k] - h[2 * k + 1]);
    largest = fmax3(largest, fabs(f[2 * k]), fabs(f[2 * k + 1]));
  }
  double a = (4.0 * d[1] - d[0]) / 3.0, b = (4.0 * d[2] - d[1]) / 3.0;
  e.value = (16.0 * b - a) / 15.0;
  double rounding = 2.0 * DBL_EPSILON * (largest + fabs(x * e.value)) / fabs(h[4]);
  e.error = fabs(e.value - b) + rounding;
  /* Halving the step divides the error of a smooth function by 4. Where it does not (a
   * seam of the second derivative), extrapolation is not to be believed. */
  double last = fabs(d[1] - d[2]);
  if (last > 4.0 * rounding && fabs(d[0] - d[1]) < 3.0 * last)
    e.error += last;
  e.right = one_sided(f, f0, h, 0, &right_error);
  e.left = one_sided(f, f0, h, 1, &left_error);
  double apart = fabs(e.right - e.left), size = fmax(fabs(e.right), fabs(e.left));
  double doubt = 4.0 * (left_error + right_error) + 1e-6 * size;
  bool decent = left_error + right_error <= 0.05 * size;
  bool known = left_error + right_error <= 0.05 * fmax(size, jump);
  *sides_meet = apart <= doubt && (known || (jump == 0.0 && size <= 16.0 * e.error));
  *sides_part = apart > doubt && decent;
  if (!isfinite(e.value) || !isfinite(e.error) || !isfinite(f0))
    e.state = JAC_ENTRY_NONFINITE;
  return e;
}

/* Takes the new estimate of an output where it is better; false: still not good enough.
 */
static bool keep_better(struct work *w, size_t k, const struct jac_difference_entry *e,
                        bool meet, bool part) {
  struct jac_difference_entry *kept = &w->entry[k];
  if (e->state == JAC_ENTRY_NONFINITE)
    return false;
  bool first = kept->state == JAC_ENTRY_NONFINITE;
  if (part && !w->agreed[k]) {
    double error = first ? INFINITY : kept->error;
    *kept = *e;
    kept->state = JAC_ENTRY_KINK;
    kept->error = fmin(error, e->error);
    return false;
  }
  bool newly = meet && !w->agreed[k];
  if (first || newly || (e->error < kept->error && (meet || !w->agreed[k]))) {
    enum jac_entry_state state = kept->state;
    *kept = *e;
    if (state == JAC_ENTRY_KINK && !meet)
      kept->state = JAC_ENTRY_KINK;
  }
  w->agreed[k] = w->agreed[k] || meet;
  return w->agreed[k];
}

/* All outputs at one level; whether another level can help. */
static bool take_level(struct work *w, unsigned level) {
  double scale = 1e-3;
  bool open = false;
  for (size_t k = 0; k < w->outputs; k++) {
    size_t row = k % w->rows, n = k / w->rows, j = w->column[row];
    double f[POINTS], h[POINTS];
    double x = j == SIZE_MAX ? 0.0 : base_value(w, w->per_sample ? n : 0, j);
    for (unsigned p = 0; p < POINTS; p++) {
      f[p] = w->f[p]->data[k];
      h[p] = made(x, level, p);
    }
    bool meet, part, kink = w->entry[k].state == JAC_ENTRY_KINK;
    double jump = kink ? fabs(w->entry[k].right - w->entry[k].left) : 0.0;
    struct jac_difference_entry e = estimate(f, w->f0->data[k], h, x, jump, &meet, &part);
    w->previous[k] =
        w->entry[k].state == JAC_ENTRY_NONFINITE ? INFINITY : w->entry[k].error;
    bool settled = keep_better(w, k, &e, meet, part);
    open = open || (!settled && w->entry[k].state != JAC_ENTRY_SMOOTH);
    scale = fmax(scale, fabs(w->entry[k].value));
  }
  for (size_t k = 0; k < w->outputs && !open; k++)
    open = w->entry[k].error > good * scale &&
           (level < 2 || w->entry[k].error < 0.5 * w->previous[k]);
  return open && level + 1 < LEVELS;
}

static enum jac_status do_group(struct work *w, const size_t *columns, size_t count,
                                jac_difference_visit visit, void *context) {
  for (size_t k = 0; k < w->outputs; k++) {
    w->entry[k] =
        (struct jac_difference_entry){.error = INFINITY, .state = JAC_ENTRY_NONFINITE};
    w->agreed[k] = false;
  }
  bool more = true;
  for (unsigned level = 0; more; level++) {
    for (unsigned p = 0; p < POINTS; p++) {
      enum jac_status status = evaluate(w, columns, count, level, p);
      if (status != JAC_OK)
        return status;
    }
    more = take_level(w, level);
  }
  struct jac_difference_group group = {w->entry, w->column};
  return visit(context, &group);
}

static bool alloc_work(struct work *w) {
  const struct jac_map *map = w->map;
  size_t slices, cols;
  jac_map_jacobian_shape(map, w->wrt, &slices, &w->rows, &cols);
  w->outputs = slices * w->rows;
  w->per_sample = map->var[w->wrt].role == JAC_DATA && !map->coupled;
  w->moved = malloc((map->nvar + 1) * sizeof *w->moved);
  w->variable = jac_matrix_alloc(original(w)->size1, original(w)->size2);
  w->f0 = jac_matrix_alloc(map->rows, map->cols);
  bool ok = w->moved != NULL && w->variable != NULL && w->f0 != NULL;
  for (unsigned p = 0; p < POINTS; p++)
    ok = (w->f[p] = jac_matrix_alloc(map->rows, map->cols)) != NULL && ok;
  w->column = malloc((w->rows + 1) * sizeof *w->column);
  w->entry = malloc((w->outputs + 1) * sizeof *w->entry);
  w->previous = malloc((w->outputs + 1) * sizeof *w->previous);
  w->agreed = malloc((w->outputs + 1) * sizeof *w->agreed);
  if (!ok || w->column == NULL || w->entry == NULL || w->previous == NULL ||
      w->agreed == NULL)
    return false;
  memcpy(w->moved, w->x, map->nvar * sizeof *w->moved);
  w->moved[w->wrt] = w->variable;
  gsl_matrix_memcpy(w->variable, original(w));
  return true;
}

static void free_work(struct work *w) {
  free(w->moved);
  gsl_matrix_free(w->variable);
  gsl_matrix_free(w->f0);
  for (unsigned p = 0; p < POINTS; p++)
    gsl_matrix_free(w->f[p]);
  free(w->column);
  free(w->entry);
  free(w->previous);
  free(w->agreed);
}

/* Which column of the group each row depends on. */
static void set_columns(struct work *w, const struct jac_pattern *pattern,
                        enum jac_difference_mode mode, const size_t *color,
                        size_t group) {
  for (size_t i = 0; i < w->rows; i++) {
    w->column[i] = mode == JAC_DIFFERENCE_PLAIN || pattern->dense ? group : SIZE_MAX;
    if (w->column[i] == SIZE_MAX)
      for (size_t k = pattern->start[i]; k < pattern->start[i + 1]; k++)
        if (color[pattern->column[k]] == group)
          w->column[i] = pattern->column[k];
  }
}

/* The columns in order of their colours; first[c] is where colour c begins. */
static void sort_by_color(const size_t *color, size_t cols, size_t colors, size_t *order,
                          size_t *first) {
  memset(first, 0, (colors + 2) * sizeof *first);
  for (size_t j = 0; j < cols; j++)
    first[color[j] + 2]++;
  for (size_t c = 0; c < colors; c++)
    first[c + 2] += first[c + 1];
  for (size_t j = 0; j < cols; j++)
    order[first[color[j] + 1]++] = j;
}

enum jac_status jac_difference(const struct jac_map *map, jac_point x, size_t wrt,
                               const struct jac_pattern *pattern,
                               enum jac_difference_mode mode, jac_difference_visit visit,
                               void *context, size_t *evaluations,
                               struct jac_error *err) {
  size_t cols = pattern->cols, colors = cols, count = 0;
  struct work w = {.map = map, .x = x, .wrt = wrt, .evaluations = &count};
  size_t *color = malloc((cols + 1) * sizeof *color);
  size_t *order = malloc((cols + 1) * sizeof *order);
  size_t *first = malloc((cols + 2) * sizeof *first);
  enum jac_status status = JAC_ENOMEM;
  if (color == NULL || order == NULL || first == NULL || !alloc_work(&w))
    goto done;
  for (size_t j = 0; j < cols; j++)
    color[j] = j;
  status = JAC_OK;
  if (mode == JAC_DIFFERENCE_COMPRESSED)
    status = jac_pattern_color(pattern, color, &colors, NULL);
  if (status != JAC_OK)
    goto done;
  sort_by_color(color, cols, colors, order, first);
  status = map->type->forward(map, x, w.f0);
  count++;
  for (size_t c = 0; c < colors && status == JAC_OK; c++) {
    set_columns(&w, pattern, mode, color, c);
    status = do_group(&w, order + first[c], first[c + 1] - first[c], visit, context);
  }
done:
  if (evaluations != NULL)
    *evaluations = count;
  free_work(&w);
  free(color);
  free(order);
  free(first);
  return status == JAC_ENOMEM ? jac_fail_memory(err) : status;
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
    status =
        jac_difference(map, x, wrt, &pattern, mode, collect_group, &c, evaluations, err);
    if (status != JAC_OK) {
      jac_array3_free(value);
      if (error != NULL)
        jac_array3_free(error);
    }
  }
  jac_pattern_free(&pattern);
  return status;
}
