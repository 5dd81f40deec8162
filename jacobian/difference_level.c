/* The search for a step: a group of columns at one level of steps after the other, and
 * what each leaves of what is known of the entries. */
#include "jacobian/difference_internal.h"

#include "jacobian/order.h"

#include <float.h>
#include <math.h>

enum {
  LEVELS = 15,     /* the last starts at 2^-49: the last bits of a number near 1 */
  NEAR_LEVELS = 6, /* after these, of steps that are parts of a small number */
  GROWN = 6        /* levels in a row at which a slope grows that has no bound */
};

/* A good estimate, relative to the group's largest derivative; one that says anything,
 * relative to itself. */
static const double good = 1e-9, fair = 1e-3;

/* What the first level leaves of rounding, beside an output of 1; what is clear of it. */
static const double first_rounding = 1024.0 * DBL_EPSILON, clear_of_it = 30.0;

/* Numbers whose last places are steps that a function may do much within. */
static const double far_away = 0x1p24;

/* Where column j's entry of sample n stands in the variable's storage. */
static double *place(const struct work *w, size_t n, size_t j) {
  const gsl_matrix *m = w->variable;
  size_t offset = w->copies > 1
                      ? n * m->size2 + j
                      : jac_number_to_offset(&w->map->var[w->wrt], JAC_ORDER_F, j);
  return gsl_matrix_ptr(w->variable, offset / m->size2, offset % m->size2);
}

/* The least number of the point, but for zeros; 1: none is less. */
static double least_number(const struct work *w) {
  double least = 1.0;
  for (size_t v = 0; v < w->map->nvar; v++)
    for (size_t i = 0; i < w->x[v]->size1; i++)
      for (size_t j = 0; j < w->x[v]->size2; j++) {
        double x = fabs(gsl_matrix_get(w->x[v], i, j));
        least = x > 0.0 ? fmin(least, x) : least;
      }
  return ldexp(1.0, ilogb(least));
}

/* A zero is near where others are: (1e-160, 0) turns within such a step. */
static void set_movers(struct work *w, const size_t *columns, size_t count) {
  double least = NAN; /* not looked for yet */
  w->movers = count;
  for (size_t n = 0; n < w->copies; n++)
    for (size_t c = 0; c < count; c++) {
      double *at = place(w, n, columns[c]);
      double unit = fabs(*at) > 1.0 ? ldexp(1.0, ilogb(*at)) : 1.0;
      double near = fabs(*at) > 0.0 && fabs(*at) < 1.0 ? ldexp(1.0, ilogb(*at)) : unit;
      if (*at == 0.0)
        near = least = isnan(least) ? least_number(w) : least;
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
 * no bound, but beside a large number the last step is large too, and beside a tiny one
 * the last steps are parts of it, whose quotient was no number: nothing is known. */
static void conclude(struct work *w) {
  for (size_t k = 0; k < w->outputs; k++) {
    struct jac_difference_entry *e = &w->entry[k];
    const struct track *t = &w->track[k];
    const struct mover *m = mover_of(w, k);
    if (e->state != JAC_ENTRY_SMOOTH)
      continue;
    if (t->grown >= GROWN && m->unit < far_away && (m->x == 0.0 || !is_near(m))) {
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
  if (level == w->first_level && w->noise == NULL && take_smooth(w, more))
    return JAC_OK;
  for (size_t k = 0; k < w->outputs && level == w->first_level; k++) {
    w->entry[k] =
        (struct jac_difference_entry){.error = INFINITY, .state = JAC_ENTRY_NONFINITE};
    w->track[k] = (struct track){.previous = INFINITY};
    w->agreed[k] = false;
  }
  *more = take_level(w, level);
  return JAC_OK;
}

enum jac_status jac_difference_search(struct work *w, const size_t *columns,
                                      size_t count) {
  set_movers(w, columns, count);
  bool more = true;
  unsigned level = w->first_level;
  enum jac_status status = JAC_OK;
  for (; more && level < LEVELS && status == JAC_OK; level++)
    status = do_level(w, level, &more);
  unsigned last = more && any_near(w) ? LEVELS + NEAR_LEVELS : 0;
  for (; more && level < last && status == JAC_OK; level++)
    status = do_level(w, level, &more);
  if (status == JAC_OK && level > w->first_level + 1)
    conclude(w);
  return status;
}
