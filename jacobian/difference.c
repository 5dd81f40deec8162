/* Long: one search for a step, by columns and by colours of columns. */
#include "jacobian/difference.h"

#include "jacobian/order.h"
#include "jacobian/stencil_internal.h"
#include "jacobian/threads_internal.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  LEVELS = 15,            /* the last starts at 2^-49: the last bits of a number near 1 */
  NEAR_LEVELS = 6,        /* after these, of steps that are parts of a small number */
  GROWN = 6,              /* levels in a row at which a slope grows that has no bound */
  WORTH_THREADS = 1 << 15 /* numbers compared in all */
};

/* A good estimate, relative to the group's largest derivative; one that says anything,
 * relative to itself. */
static const double good = 1e-9, fair = 1e-3;

/* What the first level leaves of rounding, beside an output of 1; what is clear of it. */
static const double first_rounding = 1024.0 * DBL_EPSILON, clear_of_it = 30.0;

/* Numbers whose last places are steps that a function may do much within. */
static const double far_away = 0x1p24;

/* An entry of the variable that is moved: one for each column of the group in each sample
 * that has columns of its own, and one at 0 for the rows that have no column. */
struct mover {
  double *place; /* in the variable; NULL: nothing moves */
  double x, unit;
  double near;             /* the unit of the levels after LEVELS */
  double h[JAC_POINTS];    /* the steps as they were really made */
  double steps[JAC_STEPS]; /* as in jac_stencil */
};

/* What is known of an output beside its entry. */
struct track {
  bool both;       /* values on both sides were seen */
  bool doubted;    /* a level contradicted what was kept, and none has confirmed it */
  unsigned grown;  /* levels in a row at which the slope has grown */
  double last;     /* the slope at the level before */
  double rounding; /* of the estimate that is kept */
  double sides;    /* at a kink: how well its two sides are known */
  double previous; /* the error before this level */
};

struct work {
  const struct jac_map *map;
  jac_point x;
  size_t wrt;
  const gsl_matrix **moved; /* the point with the variable replaced by variable */
  gsl_matrix *variable;
  size_t rows, outputs;   /* native rows of a slice; all outputs */
  size_t copies;          /* how often a column exists: once in each sample, or once */
  double *values, *steps; /* of the stencil */
  bool shared;            /* one place for each copy, else copies * rows */
  struct mover *mover;
  size_t movers;  /* for each copy, and one more at the end */
  size_t *column; /* by native row */
  size_t *slot;   /* by native row: which column of the group that is */
  struct jac_difference_entry *entry;
  struct track *track; /* by output */
  bool *agreed;        /* by output: the sides met at some level */
  double size;         /* the largest output at the point */
  const double *noise; /* by output: what rounding makes of it; or NULL */
  size_t evaluations;
};

static const gsl_matrix *original(const struct work *w) {
  return w->x[w->wrt];
}

/* Where column j's entry of sample n stands in the variable's storage. */
static double *place(const struct work *w, size_t n, size_t j) {
  const gsl_matrix *m = w->variable;
  size_t offset = w->copies > 1
                      ? n * m->size2 + j
                      : jac_number_to_offset(&w->map->var[w->wrt], JAC_ORDER_F, j);
  return gsl_matrix_ptr(w->variable, offset / m->size2, offset % m->size2);
}

static void set_movers(struct work *w, const size_t *columns, size_t count) {
  w->movers = count;
  for (size_t n = 0; n < w->copies; n++)
    for (size_t c = 0; c < count; c++) {
      double *at = place(w, n, columns[c]);
      double unit = fabs(*at) > 1.0 ? ldexp(1.0, ilogb(*at)) : 1.0;
      double near = fabs(*at) > 0.0 && fabs(*at) < 1.0 ? ldexp(1.0, ilogb(*at)) : unit;
      w->mover[n * count + c] =
          (struct mover){.place = at, .x = *at, .unit = unit, .near = near};
    }
  w->mover[w->copies * count] = (struct mover){.unit = 1.0, .near = 1.0};
}

/* Evaluates f at one point of a level, with all columns of the group moved. */
static enum jac_status evaluate(struct work *w, unsigned level, unsigned point) {
  bool near = level >= LEVELS;
  int part = near ? -2 - 3 * (int)(level - LEVELS) : -7 - 3 * (int)level;
  double h = ldexp(point % 2 == 0 ? 1.0 : -1.0, part - (int)(point / 2));
  gsl_matrix_view f =
      gsl_matrix_view_array(w->values + point * w->outputs, w->map->rows, w->map->cols);
  for (size_t c = 0; c <= w->copies * w->movers; c++) {
    struct mover *m = &w->mover[c];
    volatile double moved = m->x + h * (near ? m->near : m->unit);
    m->h[point] = moved - m->x;
    if (m->place != NULL)
      *m->place = moved;
  }
  enum jac_status status = w->map->type->forward(w->map, w->moved, &f.matrix);
  w->evaluations++;
  return status;
}

/* The movers back where they were, and their steps written out for each place. */
static void set_steps(struct work *w) {
  size_t count = w->shared ? 1 : w->rows, places = w->copies * count;
  for (size_t c = 0; c <= w->copies * w->movers; c++) {
    struct mover *m = &w->mover[c];
    m->steps[0] = m->x;
    for (size_t p = 0; p < JAC_POINTS; p++)
      m->steps[1 + p] = 1.0 / m->h[p];
    for (size_t k = 0; k < JAC_POINTS / 2; k++)
      m->steps[1 + JAC_POINTS + k] = 1.0 / (m->h[2 * k] - m->h[2 * k + 1]);
    if (m->place != NULL)
      *m->place = m->x;
  }
  for (size_t n = 0; n < w->copies; n++)
    for (size_t q = 0; q < JAC_STEPS; q++) {
      double *to = w->steps + q * places + n * count;
      for (size_t i = 0; i < count; i++) {
        size_t slot =
            w->slot[i] == SIZE_MAX ? w->copies * w->movers : n * w->movers + w->slot[i];
        to[i] = w->mover[slot].steps[q];
      }
    }
}

static struct jac_stencil stencil(const struct work *w) {
  return (struct jac_stencil){.values = w->values,
                              .steps = w->steps,
                              .noise = w->noise,
                              .outputs = w->outputs,
                              .places = w->copies * (w->shared ? 1 : w->rows),
                              .shared = w->shared};
}

/* The place of output k's steps. */
static size_t place_of(const struct work *w, size_t k) {
  size_t n = w->copies > 1 ? k / w->rows : 0;
  return w->shared ? n : n * w->rows + k % w->rows;
}

/* One side alone has values: its estimate, with its own error; false: neither has, or
 * both have. */
static bool one_side(const struct jac_estimate *both, double f0, struct jac_estimate *e) {
  bool right = isfinite(both->right) && isfinite(both->right_error);
  bool left = isfinite(both->left) && isfinite(both->left_error);
  if (right == left || !isfinite(f0))
    return false;
  *e = *both;
  e->value = right ? both->right : both->left;
  e->error = 4.0 * (right ? both->right_error : both->left_error);
  e->rounding = 0.0;
  e->meet = true;
  e->part = false;
  return true;
}

/* Counts levels in a row at which the slope grows, by more than rounding. */
static void watch_growth(struct track *t, const struct jac_estimate *e) {
  double slope = fabs(e->value);
  bool grows = slope > 1.15 * t->last && t->last > 0.0 && e->error > fair * slope &&
               e->error > clear_of_it * e->rounding;
  t->grown = grows ? t->grown + 1 : 0;
  t->last = slope;
}

static void take(struct work *w, size_t k, const struct jac_estimate *e,
                 enum jac_entry_state state) {
  w->entry[k] =
      (struct jac_difference_entry){e->value, e->error, e->left, e->right, state};
  w->track[k].rounding = e->rounding;
}

/* A smaller step against what is kept: it contradicts, it confirms, or neither can tell.
 */
static void compare_levels(struct work *w, size_t k, const struct jac_estimate *e) {
  struct jac_difference_entry *kept = &w->entry[k];
  struct track *t = &w->track[k];
  double apart = fabs(e->value - kept->value);
  if (apart <= 4.0 * (e->error + kept->error)) {
    if (fmin(e->error, kept->error) <= fair * fabs(kept->value))
      t->doubted = false;
    return;
  }
  t->doubted = true;
  /* What moves in steps is flat between them: nothing is known of its slope. */
  if (e->flat)
    kept->error = fmax(kept->error, apart);
  else
    take(w, k, e, JAC_ENTRY_SMOOTH);
}

/* Takes the new estimate of an output where it is better; false: still not good enough.
 */
/* Long: the ways in which an estimate is better than another. */
static bool keep_better(struct work *w, size_t k, const struct jac_estimate *given,
                        double f0) {
  struct jac_difference_entry *kept = &w->entry[k];
  struct track *t = &w->track[k];
  struct jac_estimate own = *given;
  const struct jac_estimate *e = &own;
  bool first = kept->state == JAC_ENTRY_NONFINITE;
  if (!e->finite && (t->both || !one_side(given, f0, &own))) {
    t->doubted = t->both; /* a smaller step has no value */
    return false;
  }
  if (given->finite && !t->both) { /* what one side said is forgotten */
    t->both = true;
    t->doubted = false;
    w->agreed[k] = false;
    first = true;
  }
  watch_growth(t, e);
  if (e->part && !w->agreed[k]) {
    /* The sides of smaller steps are known worse again, for rounding. */
    double error = first ? INFINITY : kept->error, sides = e->left_error + e->right_error;
    if (first || kept->state != JAC_ENTRY_KINK || !(sides > t->sides)) {
      take(w, k, e, JAC_ENTRY_KINK);
      t->sides = sides;
    }
    kept->error = fmin(error, e->error);
    return false;
  }
  bool newly = e->meet && !w->agreed[k];
  if (!first && kept->state == JAC_ENTRY_SMOOTH)
    compare_levels(w, k, e);
  if (first || newly ||
      (e->error < kept->error && !t->doubted && (e->meet || !w->agreed[k]))) {
    bool kink = !first && kept->state == JAC_ENTRY_KINK && !e->meet;
    double left = kept->left, right = kept->right;
    take(w, k, e, kink ? JAC_ENTRY_KINK : JAC_ENTRY_SMOOTH);
    if (kink) { /* these are known no better */
      kept->left = left;
      kept->right = right;
    }
  }
  w->agreed[k] = w->agreed[k] || e->meet;
  return w->agreed[k];
}

/* The least slope that counts of what moves in that unit: beside smaller ones good is
 * less than rounding. */
static double least_scale(const struct work *w, double unit) {
  return fmax(clear_of_it * first_rounding / good * w->size / unit, 1e-300);
}

/* The largest unit of a group. */
static double largest_unit(const struct work *w) {
  double most = 1.0;
  for (size_t c = 0; c < w->copies * w->movers; c++)
    most = fmax(most, w->mover[c].unit);
  return most;
}

/* Whether an estimate says less than nothing of an output, though not for rounding: the
 * steps were too large. */
static bool lost(const struct jac_difference_entry *e, double rounding) {
  return e->error > fair * fabs(e->value) && e->error > clear_of_it * rounding;
}

/* Whether a smaller step can tell more of an output: it could not be told yet, though not
 * for rounding; or it is not good and getting better. */
static bool worth_more(const struct work *w, size_t k, double scale, unsigned level) {
  const struct jac_difference_entry *e = &w->entry[k];
  const struct track *t = &w->track[k];
  if (t->doubted || !t->both)
    return true;
  double clear = clear_of_it * t->rounding;
  if (lost(e, t->rounding) && e->error > fair * 1e-3 * scale)
    return true;
  return e->error > good * scale && e->error > clear &&
         (level < 2 || e->error < 0.5 * t->previous);
}

/* What moves output k. */
static const struct mover *mover_of(const struct work *w, size_t k) {
  size_t n = w->copies > 1 ? k / w->rows : 0, slot = w->slot[k % w->rows];
  return &w->mover[slot == SIZE_MAX ? w->copies * w->movers : n * w->movers + slot];
}

/* Numbers beside which the steps of the first levels are large. */
static bool is_near(const struct mover *m) {
  return m->near < 0x1p-20;
}

/* All outputs at one level, one by one; whether another level can help. */
static bool take_level(struct work *w, unsigned level) {
  struct jac_stencil s = stencil(w);
  double scale = 0.0;
  bool open = false;
  for (size_t k = 0; k < w->outputs; k++) {
    struct jac_difference_entry *kept = &w->entry[k];
    if (level >= LEVELS && !is_near(mover_of(w, k)))
      continue;
    bool kink = kept->state == JAC_ENTRY_KINK;
    double jump = kink ? fabs(kept->right - kept->left) : 0.0;
    struct jac_estimate e = jac_stencil_estimate(&s, k, place_of(w, k), jump);
    w->track[k].previous = kept->state == JAC_ENTRY_NONFINITE ? INFINITY : kept->error;
    bool settled = keep_better(w, k, &e, w->values[JAC_POINTS * w->outputs + k]);
    open = open || (!settled && kept->state != JAC_ENTRY_SMOOTH);
    scale = fmax(scale, isfinite(kept->value) ? fabs(kept->value) : 0.0);
  }
  for (size_t k = 0; k < w->outputs && !open; k++) {
    const struct mover *m = mover_of(w, k);
    open = (level < LEVELS || is_near(m)) &&
           worth_more(w, k, fmax(scale, least_scale(w, m->unit)), level);
  }
  return open;
}

static double rounding_at_first(const struct work *w, size_t k) {
  return first_rounding * fabs(w->values[JAC_POINTS * w->outputs + k]) /
         mover_of(w, k)->unit;
}

/* The first level where all is smooth, as it mostly is: the same as take_level, faster.
 * False where something is not: nothing is taken. */
static bool take_smooth(struct work *w, bool *more) {
  struct jac_stencil s = stencil(w);
  double value = least_scale(w, largest_unit(w)), error = 0.0;
  size_t bad = 0;
  for (size_t k = 0; k < w->outputs; k += w->rows)
    bad += jac_stencil_smooth(&s, k, place_of(w, k), w->rows, w->entry + k, w->agreed + k,
                              &value, &error);
  *more = error > good * value;
  for (size_t k = 0; k < w->outputs && !*more; k++)
    *more = lost(&w->entry[k], rounding_at_first(w, k));
  for (size_t k = 0; k < w->outputs && *more; k++)
    w->track[k] = (struct track){.both = true,
                                 .last = fabs(w->entry[k].value),
                                 .rounding = rounding_at_first(w, k)};
  return bad == 0;
}

/* What no level has confirmed is not known; a slope that has grown to the last step has
 * no bound, but beside a large number the last step is large too, and nothing is known.
 */
static void conclude(struct work *w) {
  for (size_t k = 0; k < w->outputs; k++) {
    struct jac_difference_entry *e = &w->entry[k];
    const struct track *t = &w->track[k];
    if (e->state != JAC_ENTRY_SMOOTH)
      continue;
    if (t->grown >= GROWN && mover_of(w, k)->unit < far_away) {
      e->state = JAC_ENTRY_KINK;
      e->left = isfinite(e->left) ? copysign(INFINITY, e->left) : NAN;
      e->right = isfinite(e->right) ? copysign(INFINITY, e->right) : NAN;
    } else if (t->doubted || t->grown >= GROWN)
      e->error = INFINITY;
  }
}

/* Levels of steps that are parts of the number itself: for a number that the steps before
 * were large beside. */
static bool any_near(const struct work *w) {
  for (size_t c = 0; c < w->copies * w->movers; c++)
    if (is_near(&w->mover[c]))
      return true;
  return false;
}

static enum jac_status do_level(struct work *w, unsigned level, bool *more) {
  for (unsigned p = 0; p < JAC_POINTS; p++) {
    enum jac_status status = evaluate(w, level, p);
    if (status != JAC_OK)
      return status;
  }
  set_steps(w);
  if (level == 0 && w->noise == NULL && take_smooth(w, more))
    return JAC_OK;
  for (size_t k = 0; k < w->outputs && level == 0; k++) {
    w->entry[k] =
        (struct jac_difference_entry){.error = INFINITY, .state = JAC_ENTRY_NONFINITE};
    w->track[k] = (struct track){.previous = INFINITY};
    w->agreed[k] = false;
  }
  *more = take_level(w, level);
  return JAC_OK;
}

static enum jac_status do_group(struct work *w, const size_t *columns, size_t count) {
  set_movers(w, columns, count);
  bool more = true;
  unsigned level = 0;
  enum jac_status status = JAC_OK;
  for (; more && level < LEVELS && status == JAC_OK; level++)
    status = do_level(w, level, &more);
  unsigned last = more && any_near(w) ? LEVELS + NEAR_LEVELS : 0;
  for (; more && level < last && status == JAC_OK; level++)
    status = do_level(w, level, &more);
  if (status == JAC_OK && level > 1)
    conclude(w);
  return status;
}

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

/* The columns in order of their colours, order[first[c]] being the first of colour c; and
 * for each colour the rows that have one of its columns, with the column's number among
 * its colour's. */
struct groups {
  size_t *color, *order, *first;
  size_t *row_first, *row, *slot;
  size_t colors;
};

static void groups_free(struct groups *g) {
  free(g->color);
  free(g->order);
  free(g->first);
  free(g->row_first);
  free(g->row);
  free(g->slot);
}

static void sort_columns(struct groups *g, size_t cols) {
  for (size_t j = 0; j < cols; j++)
    g->first[g->color[j] + 2]++;
  for (size_t c = 0; c < g->colors; c++)
    g->first[c + 2] += g->first[c + 1];
  for (size_t j = 0; j < cols; j++)
    g->order[g->first[g->color[j] + 1]++] = j;
}

/* number has room for each column's number among its colour's. */
static void sort_rows(struct groups *g, const struct jac_pattern *p, size_t *number) {
  for (size_t c = 0; c < g->colors; c++)
    for (size_t k = g->first[c]; k < g->first[c + 1]; k++)
      number[g->order[k]] = k - g->first[c];
  for (size_t e = 0; e < p->start[p->rows]; e++)
    g->row_first[g->color[p->column[e]] + 2]++;
  for (size_t c = 0; c < g->colors; c++)
    g->row_first[c + 2] += g->row_first[c + 1];
  for (size_t i = 0; i < p->rows; i++)
    for (size_t e = p->start[i]; e < p->start[i + 1]; e++) {
      size_t at = g->row_first[g->color[p->column[e]] + 1]++;
      g->row[at] = i;
      g->slot[at] = number[p->column[e]];
    }
}

static enum jac_status groups_make(struct groups *g, const struct jac_pattern *p,
                                   enum jac_difference_mode mode) {
  size_t entries = p->dense ? 0 : p->start[p->rows];
  *g = (struct groups){.color = malloc((p->cols + 1) * sizeof *g->color),
                       .order = malloc((p->cols + 1) * sizeof *g->order),
                       .first = calloc(p->cols + 2, sizeof *g->first),
                       .row_first = calloc(p->cols + 2, sizeof *g->row_first),
                       .row = malloc((entries + 1) * sizeof *g->row),
                       .slot = malloc((entries + 1) * sizeof *g->slot),
                       .colors = p->cols};
  size_t *number = malloc((p->cols + 1) * sizeof *number);
  enum jac_status status = JAC_ENOMEM;
  if (g->color != NULL && g->order != NULL && g->first != NULL && g->row_first != NULL &&
      g->row != NULL && g->slot != NULL && number != NULL) {
    for (size_t j = 0; j < p->cols; j++)
      g->color[j] = j;
    status = JAC_OK;
    if (mode == JAC_DIFFERENCE_COMPRESSED)
      status = jac_pattern_color(p, g->color, &g->colors, NULL);
  }
  if (status == JAC_OK) {
    sort_columns(g, p->cols);
    if (!p->dense)
      sort_rows(g, p, number);
  }
  free(number);
  return status;
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
      own = do_group(w, g->order + g->first[c], g->first[c + 1] - g->first[c]);
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
  const struct work given = {.map = map, .x = x, .wrt = wrt, .noise = noise};
  struct groups g;
  struct work crew[JAC_MOST_THREADS];
  enum jac_status status = groups_make(&g, pattern, mode);
  const size_t size = crew_new(crew, &given, status == JAC_OK ? g.colors : 0);
  if (size == 0)
    status = JAC_ENOMEM;
  if (status == JAC_OK)
    status = start(crew, size);
  bool alone = mode == JAC_DIFFERENCE_PLAIN || pattern->dense;
  if (status == JAC_OK)
    status = every_group(crew, size, &g, alone, visit, context);
  if (evaluations != NULL)
    *evaluations = 0;
  for (size_t t = 0; t < size; t++) {
    if (evaluations != NULL)
      *evaluations += crew[t].evaluations;
    free_work(&crew[t]);
  }
  groups_free(&g);
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
