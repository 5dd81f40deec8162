/* Two terms at samples: equal, or not, or nothing can be said. */
#include "jacobian/judge/judge_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  SAMPLES = 4,
  WIDE = 27, /* thrice what wide samples go through */
  TRIES = 14,
  EXTRA = 8,
  COMBINATIONS = 700,
  SPREAD_MOST = 4000, /* ... where they are spread: four sides of a convolution */
  SPREAD_PLACES = 40
};

static double at(const struct jac_value *v, int how, size_t r, size_t c) {
  if (how == 0)
    return v->rows == 1 && v->cols == 1 ? v->x[0] : v->x[r * v->cols + c];
  if (r != c)
    return 0;
  return how == 2 ? v->x[0] : v->x[r];
}

/* Whether a difference is more than rounding: how far the values move when what is given
 * moves a little. */
static bool beyond_rounding(const struct run *run, uint64_t seed,
                            const struct jac_index *const *index, const size_t *place,
                            size_t nindex, size_t r, size_t c, double difference) {
  const struct jac_term *left = run->left, *right = run->right;
  struct jac_sample sample = {
      .seed = seed, .nudge = 1e-10, .given = run->given, .givens = run->givens};
  struct jac_value a = {0}, b = {0};
  struct jac_sample straight = {.seed = seed, .given = run->given, .givens = run->givens};
  struct jac_value a0 = {0}, b0 = {0};
  bool beyond = true;
  if (!jac_value(left, &sample, index, place, nindex, &a, NULL) &&
      !jac_value(right, &sample, index, place, nindex, &b, NULL) &&
      !jac_value(left, &straight, index, place, nindex, &a0, NULL) &&
      !jac_value(right, &straight, index, place, nindex, &b0, NULL)) {
    double moved = fabs(at(&a, 0, r, c) - at(&a0, 0, r, c)) +
                   fabs(at(&b, run->how, r, c) - at(&b0, run->how, r, c));
    beyond = fabs(difference) > 1e-3 * moved;
  }
  jac_value_free(&a);
  jac_value_free(&b);
  jac_value_free(&a0);
  jac_value_free(&b0);
  jac_sample_clear(&sample);
  jac_sample_clear(&straight);
  return beyond;
}

struct tally {
  double most, biggest_right;
  bool anything; /* some left entry is not zero, rounding aside */
  double ratio;
  bool diagonal_broken, kept_broken, ratio_known, ratio_broken, transpose_broken,
      any_left, any_right, too_much;
  size_t entries;
  bool lost; /* some place that is meant has no value: an index leaves its range */
  size_t low[16], high[16], range[16]; /* of each index, where there are values */
};

static size_t greatest_common(size_t a, size_t b) {
  return b == 0 ? a : greatest_common(b, a % b);
}

/* A step that leads through all places, far apart one after the other. */
static size_t far_step(size_t total) {
  size_t step = total * 5 / 13 + 1;
  while (greatest_common(step, total) > 1)
    step++;
  return step;
}

static void met_place(struct tally *t, size_t count, const size_t *place,
                      const size_t *range) {
  for (size_t k = 0; k < count; k++) {
    t->low[k] = t->low[k] && t->low[k] < place[k] ? t->low[k] : place[k];
    t->high[k] = t->high[k] > place[k] ? t->high[k] : place[k];
    t->range[k] = t->range[k] > range[k] ? t->range[k] : range[k];
  }
}

/* Whether it has values for one value of an index alone: x_{i-k+1} for k = 1. */
static bool at_one_place(const struct tally *t, size_t count) {
  bool one = false;
  for (size_t k = 0; k < count; k++)
    one = one || (t->range[k] > 1 && t->low[k] == t->high[k]);
  return t->lost && one;
}

/* One sample; false: it has no values. Where all places take too much work, as many as
 * that allows are enough if they are spread. */
static bool one_sample(struct jac_elaboration *e, const struct run *run, uint64_t seed,
                       unsigned wide, bool spread, size_t *work, struct compared *out,
                       struct tally *t, bool *fails) {
  const struct jac_term *left = run->left, *right = run->right;
  int how = run->how;
  struct jac_sample sample = {.seed = seed,
                              .wide = wide,
                              .work_most = *work,
                              .given = run->given,
                              .givens = run->givens};
  size_t place[16], range[16], total = 1;
  for (size_t k = 0; k < e->nindex; k++) {
    range[k] = jac_dim_size(e->index[k]->range);
    place[k] = 1;
    total *= range[k];
    if (total > (spread ? SPREAD_MOST : COMBINATIONS)) {
      t->too_much = true;
      return false;
    }
  }
  size_t step = spread ? far_step(total) : 1, tried = 0;
  bool any = false, finite = true;
  double largest = 0;
  *fails = false;
  for (size_t n = 0; n < total && finite; n++) {
    struct jac_value a = {0}, b = {0};
    if (run->condition) {
      struct jac_value c = {0};
      bool meant =
          !jac_value(run->condition, &sample, (const struct jac_index *const *)e->index,
                     place, e->nindex, &c, NULL) &&
          c.rows * c.cols == 1 && c.x[0] != 0;
      jac_value_free(&c);
      if (!meant)
        goto next;
    }
    enum jac_status sa =
        jac_value(left, &sample, (const struct jac_index *const *)e->index, place,
                  e->nindex, &a, NULL);
    enum jac_status sb =
        sa ? sa
           : jac_value(right, &sample, (const struct jac_index *const *)e->index, place,
                       e->nindex, &b, NULL);
    if (sa == JAC_ELIMIT || sb == JAC_ELIMIT || sa == JAC_ENOMEM) {
      t->too_much = true;
      finite = spread && tried >= SPREAD_PLACES;
      n = finite ? total : n;
    }
    tried += !sa && !sb;
    t->lost = t->lost || (sa && !t->too_much) || (sb && !t->too_much);
    if (!sa && !sb)
      met_place(t, e->nindex, place, range);
    if (!sa && !sb) {
      any = true;
      out->rows = a.rows;
      out->cols = a.cols;
      bool scalar_right = b.rows == 1 && b.cols == 1 && how == 0;
      if (how == 0 && !scalar_right && (a.rows != b.rows || a.cols != b.cols)) {
        jac_value_free(&a);
        jac_value_free(&b);
        jac_sample_clear(&sample);
        return false;
      }
      for (size_t r = 0; r < a.rows && finite; r++)
        for (size_t c = 0; c < a.cols && finite; c++) {
          double x = a.x[r * a.cols + c], y = at(&b, how, r, c);
          if (!isfinite(x) || !isfinite(y)) {
            finite = false;
            break;
          }
          double size = fmax(fabs(x), fabs(y)), d = fabs(x - y);
          double scale = fmax(a.scale, b.scale);
          t->anything = t->anything || fabs(x) > 1e-12 * scale;
          t->biggest_right = fmax(t->biggest_right, fabs(y));
          t->entries++;
          largest = fmax(largest, size);
          if (how == 1 && r == c && d > 1e-8 * size + 1e-11 * scale)
            t->diagonal_broken = true;
          /* The diagonal is right, and nothing stands beside it. */
          if (how == 0 && (r == c ? d > 1e-8 * size + 1e-11 * scale : y != 0.0))
            t->kept_broken = true;
          if (fabs(x) > 1e-9 * scale) {
            double ratio = y / x;
            if (!t->ratio_known) {
              t->ratio = ratio;
              t->ratio_known = true;
            } else if (fabs(ratio - t->ratio) > 1e-6 * fmax(fabs(ratio), fabs(t->ratio)))
              t->ratio_broken = true;
          } else if (d > 1e-9 * scale)
            t->ratio_broken = true;
          if (how == 0 && !scalar_right && a.rows == a.cols) {
            double other = b.x[c * b.cols + r];
            if (fabs(x - other) > 1e-7 * fmax(fabs(x), fabs(other)) + 1e-11 * scale)
              t->transpose_broken = true;
          } else
            t->transpose_broken = true;
          bool differs = d > 1e-8 * size + 1e-14 * fmin(scale, 1e6 * (size + 1e-3));
          bool certain = *fails || (d > 1e-3 * size && scale < 1e4 * size);
          if (differs &&
              (certain ||
               beyond_rounding(run, seed, (const struct jac_index *const *)e->index,
                               place, e->nindex, r, c, d))) {
            *fails = true;
            if (d / size > t->most) {
              t->most = d / size;
              out->row = r;
              out->col = c;
              out->left = x;
              out->right = y;
            }
          } else if (size > 0 && !*fails)
            out->error = fmax(out->error, size > 1e-9 * scale ? d / size : 0);
        }
    }
    jac_value_free(&a);
    jac_value_free(&b);
  next:
    for (size_t k = 0, at_place = (n + 1) % total * step % total; k < e->nindex; k++) {
      place[k] = at_place % range[k] + 1;
      at_place /= range[k];
    }
  }
  jac_sample_clear(&sample);
  size_t spent = sample.work + total * 400;
  *work -= spent < *work ? spent : *work;
  return any && finite;
}

static void name_ratio(struct jac_elaboration *e, struct compared *out) {
  for (size_t k = 0; k < e->dims.count; k++) {
    const struct jac_dim *d = e->dims.all[k];
    if (d->parent || d->kind != JAC_DIM_FREE || !d->name || d->size < 2)
      continue;
    double n = (double)d->size;
    if (fabs(out->ratio - n) < 1e-9 || fabs(out->ratio * n - 1) < 1e-9) {
      out->size_ratio = out->ratio > 1 ? 1 : -1;
      snprintf(out->size_name, sizeof out->size_name, "%s", d->name);
    }
  }
}

void jac_compare(struct jac_elaboration *e, const struct run *run, bool quick,
                 size_t *work, struct compared *out) {
  const struct jac_term *right = run->right;
  *out = (struct compared){.outcome = OUT_NO_VALUE};
  struct tally tally = {0};
  size_t more = run->compares || run->binary ? WIDE : 0; /* one value tells */
  size_t good = 0, wanted = quick ? 1 : SAMPLES + more;
  uint64_t ratio_seen = 0;
  double first_ratio = 0;
  bool ratio_same = true, failed = false, small = false;
  enum jac_values_of was[400];
  for (size_t k = 0; k < e->nsymbol; k++)
    was[k] = e->symbol[k]->values;
  size_t tries = TRIES + more;
  for (unsigned k = 0;
       (k < tries || (good < 2 && k < tries + EXTRA)) && good < wanted && *work; k++) {
    /* Where nothing has a value (logarithms, roots), positive samples; between 0 and 1;
     * those at last too where one had one: of four entries all are seldom positive. */
    bool none = good == 0 && (k == 5 || k == 9);
    for (size_t j = 0; j < e->nsymbol && (none || k == tries); j++)
      if (was[j] == JAC_ANY)
        e->symbol[j]->values = k == 9 ? JAC_NOT_NEGATIVE : JAC_UNIT;
    /* Other sizes where there was no value too: (X'X)^-1 has none with more columns. */
    jac_dims_sizes(&e->dims, k);
    if (small)
      jac_dims_shrink(&e->dims);
    bool fails;
    struct tally now = tally;
    now.ratio_known = now.ratio_broken = now.transpose_broken = now.too_much = false;
    /* The first is not to take what a second one needs. */
    size_t left = good == 0 || small ? (*work + 2) / 3 : *work, given = left;
    unsigned wide = run->compares && good >= SAMPLES ? (unsigned)(good - SAMPLES + 1) : 0;
    bool values =
        one_sample(e, run, 1000 + 17 * k, wide, small, &left, out, &now, &fails);
    *work -= given - left;
    if (!values) {
      small = small || now.too_much;
      continue;
    }
    tally = now;
    good++;
    if (!ratio_seen++)
      first_ratio = now.ratio;
    /* Where it held at the first sample, its ratio was 1 there. */
    if (!now.ratio_known || now.ratio_broken ||
        fabs(now.ratio - first_ratio) > 1e-6 * fabs(first_ratio))
      ratio_same = false;
    if (failed) { /* it is only asked whether the left side is ever anything */
      out->nothing = !tally.anything;
      if (!out->nothing)
        break;
    } else if (fails) {
      failed = true;
      out->outcome = OUT_FAILS;
      out->samples = good;
      out->error = tally.most;
      out->ratio = ratio_same && now.ratio_known ? first_ratio : 0;
      out->opposite = out->ratio != 0 && fabs(out->ratio + 1) < 1e-9;
      out->transposed = !now.transpose_broken;
      out->zero = tally.biggest_right == 0;
      out->nothing = !tally.anything;
      bool square = run->how == 0 && out->rows == out->cols && out->rows > 1;
      out->diagonal = run->how == 1 ? !now.diagonal_broken : square && !now.kept_broken;
      if (out->ratio != 0)
        name_ratio(e, out);
      if (!out->nothing)
        break;
    }
  }
  for (size_t k = 0; k < e->nsymbol; k++)
    e->symbol[k]->values = was[k];
  if (out->outcome == OUT_FAILS)
    return;
  out->samples = good;
  if (good < (quick ? 1 : 2) || (!quick && at_one_place(&tally, e->nindex)))
    return;
  out->outcome = OUT_HOLDS;
  /* Zero but for rounding: at a solution, say, where any factor would do. */
  if (!tally.anything && !(right->kind == JAC_TERM_NUMBER && right->number == 0) &&
      right->kind != JAC_TERM_ZEROS)
    out->outcome = OUT_VACUOUS;
}
