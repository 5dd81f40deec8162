#include "jacobian/diagnose.h"

#include "jacobian/mistake.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The truth beside the candidate, and how near a hypothesis must come. */
struct trial {
  const struct jac_suspects *s;
  const struct jac_array3 *t, *c;
  double scale, tolerance;
};

static size_t total(const struct jac_array3 *a) {
  return a->slices * a->rows * a->cols;
}

static double largest(const struct jac_array3 *a) {
  double max = 0.0;
  for (size_t k = 0; k < total(a); k++)
    max = fmax(max, fabs(a->data[k]));
  return max;
}

/* The largest difference between the candidate and what the mistake makes, relative to
 * the scale; infinite from the first entry that is off. */
static double residual(const struct trial *x, const struct jac_mistake_kind *kind,
                       const struct jac_mistake_case *way) {
  double worst = 0.0;
  for (size_t s = 0; s < x->c->slices; s++)
    for (size_t i = 0; i < x->c->rows; i++)
      for (size_t j = 0; j < x->c->cols; j++) {
        double off = fabs(*jac_array3_at(x->c, s, i, j) - kind->entry(way, s, i, j));
        if (!(off <= x->tolerance * x->scale))
          return INFINITY;
        worst = fmax(worst, off / x->scale);
      }
  return worst;
}

/* The candidate's factor at the truth's largest entry; 1 and -1 are no factors. */
static double find_factor(const struct trial *x) {
  size_t at = 0;
  for (size_t k = 1; k < total(x->t); k++)
    if (fabs(x->t->data[k]) > fabs(x->t->data[at]))
      at = k;
  double factor = x->c->data[at] / x->t->data[at];
  bool none =
      !isfinite(factor) || factor == 0.0 || fabs(fabs(factor) - 1.0) <= x->tolerance;
  return none ? NAN : factor;
}

/* Rows, columns or slices as lines of numbers: where the first stands, how far the next
 * line and the next number of a line are, and how often all of it is repeated. */
struct lines {
  size_t count, step, length, stride, repeats, period;
};

/* Whether line a of the candidate is line b of the truth, in every repetition. */
static bool same_line(const struct trial *x, const struct lines *l, size_t a, size_t b) {
  for (size_t r = 0; r < l->repeats; r++)
    for (size_t k = 0; k < l->length; k++) {
      size_t at = r * l->period + k * l->stride;
      double off = fabs(x->c->data[at + a * l->step] - x->t->data[at + b * l->step]);
      if (!(off <= x->tolerance * x->scale))
        return false;
    }
  return true;
}

/* Every line of the candidate is some line of the truth, none twice. */
static bool permuted(const struct trial *x, const struct lines *l, bool *used) {
  memset(used, 0, l->count * sizeof *used);
  for (size_t a = 0; a < l->count; a++) {
    size_t b = 0;
    while (b < l->count && (used[b] || !same_line(x, l, a, b)))
      b++;
    if (b == l->count)
      return false;
    used[b] = true;
  }
  return true;
}

/* Every line of the candidate is a line of the truth: *found. */
static enum jac_status find_permutation(const struct trial *x, enum jac_mistake mistake,
                                        bool *found) {
  size_t rows = x->t->rows, cols = x->t->cols, slices = x->t->slices, size = rows * cols;
  const struct lines lines = mistake == JAC_MISTAKE_SAMPLES_PERMUTED
                                 ? (struct lines){slices, size, size, 1, 1, 0}
                             : mistake == JAC_MISTAKE_ROWS_PERMUTED
                                 ? (struct lines){rows, cols, cols, 1, slices, size}
                                 : (struct lines){cols, 1, rows, cols, slices, size};
  enum { MOST = 2000 };
  *found = false;
  if (lines.count > MOST)
    return JAC_OK;
  bool *used = malloc(lines.count * sizeof *used);
  if (used == NULL)
    return JAC_ENOMEM;
  *found = permuted(x, &lines, used);
  free(used);
  return JAC_OK;
}

/* Where both are not zero they agree: only zeros are misplaced. */
static bool zeros_misplaced(const struct trial *x) {
  size_t both = 0, off = 0;
  for (size_t k = 0; k < total(x->t); k++) {
    double t = x->t->data[k], c = x->c->data[k];
    if (fabs(t - c) <= x->tolerance * x->scale)
      both += t != 0.0;
    else if (t == 0.0 || c == 0.0)
      off++;
    else
      return false;
  }
  return both > 0 && off > 0;
}

/* The way that comes nearest; a residual of INFINITY: none does. */
static struct jac_diagnosis nearest_way(const struct trial *given,
                                        enum jac_mistake mistake) {
  const struct jac_mistake_kind *kind = jac_mistake_kind(mistake);
  struct jac_diagnosis best = {.mistake = mistake, .residual = INFINITY};
  struct trial x = *given;
  struct jac_mistake_case way = {.s = x.s, .t = x.t};
  size_t ways = jac_mistake_ways(x.s, mistake);
  if (mistake == JAC_MISTAKE_FACTOR) {
    way.factor = find_factor(&x);
    ways = isnan(way.factor) ? 0u : 1u;
  }
  if (mistake == JAC_MISTAKE_FACTOR || mistake == JAC_MISTAKE_QUANTITY)
    x.scale = fmax(largest(x.c), 1e-300);
  for (; way.way < ways; way.way++) {
    double off = residual(&x, kind, &way);
    if (off < best.residual) {
      best = jac_mistake_diagnosis(&way, mistake);
      best.residual = off;
    }
  }
  return best;
}

static enum jac_status try_kind(const struct trial *x, enum jac_mistake mistake,
                                struct jac_diagnosis *found) {
  bool there = false;
  enum jac_status status = JAC_OK;
  *found = (struct jac_diagnosis){.mistake = mistake, .residual = INFINITY};
  if (!jac_mistake_applies(x->s, mistake))
    return JAC_OK;
  switch (mistake) {
  case JAC_MISTAKE_SAMPLES_PERMUTED:
  case JAC_MISTAKE_ROWS_PERMUTED:
  case JAC_MISTAKE_COLS_PERMUTED:
    status = find_permutation(x, mistake, &there);
    break;
  case JAC_MISTAKE_PATTERN:
    there = zeros_misplaced(x);
    break;
  default:
    *found = nearest_way(x, mistake);
    return JAC_OK;
  }
  if (there)
    found->residual = x->tolerance;
  return status;
}

/* False: the two cannot be compared, or they are the same. */
static bool begin(struct trial *x, const struct jac_suspects *suspects,
                  const struct jac_array3 *candidate) {
  *x = (struct trial){suspects, suspects->truth, candidate, largest(suspects->truth),
                      suspects->tolerance > 0.0 ? suspects->tolerance : 1e-7};
  if (candidate->slices != x->t->slices || candidate->rows != x->t->rows ||
      candidate->cols != x->t->cols || total(x->t) == 0)
    return false;
  if (x->scale == 0.0)
    x->scale = fmax(largest(candidate), 1e-300);
  for (size_t k = 0; k < total(x->t); k++)
    if (!(fabs(x->t->data[k] - candidate->data[k]) <= x->tolerance * x->scale))
      return true;
  return false;
}

enum jac_status jac_diagnose_as(const struct jac_suspects *suspects,
                                const struct jac_array3 *candidate,
                                enum jac_mistake mistake, bool *matches,
                                struct jac_diagnosis *found, struct jac_error *err) {
  struct trial x;
  *matches = false;
  if (!begin(&x, suspects, candidate))
    return JAC_OK;
  enum jac_status status = try_kind(&x, mistake, found);
  *matches = status == JAC_OK && found->residual < INFINITY;
  return status == JAC_OK ? JAC_OK : jac_fail_memory(err);
}

enum jac_status jac_diagnose(const struct jac_suspects *suspects,
                             const struct jac_array3 *candidate,
                             struct jac_diagnosis found[JAC_DIAGNOSES], size_t *count,
                             struct jac_error *err) {
  struct trial x;
  *count = 0;
  if (!begin(&x, suspects, candidate))
    return JAC_OK;
  enum jac_status status = JAC_OK;
  for (int k = 0; k < JAC_MISTAKES && *count < JAC_DIAGNOSES && status == JAC_OK; k++) {
    status = try_kind(&x, (enum jac_mistake)k, &found[*count]);
    if (status == JAC_OK && found[*count].residual < INFINITY)
      ++*count;
  }
  return status == JAC_OK ? JAC_OK : jac_fail_memory(err);
}

static void write_factor(const struct jac_suspects *s, double factor,
                         struct jac_buffer *out) {
  double batch = (double)s->map->batch;
  const struct jac_variable *var = &s->map->var[s->wrt];
  double n = (double)var->dims[var->ndim - 1];
  const struct {
    double value;
    const char *number; /* itself, or NULL: a number of this case */
    const char *name;
    bool known;
  } names[] = {
      {2.0, "2", NULL, true},
      {0.5, "1/2", NULL, true},
      {batch, "batch", _("the number of samples"), batch > 1.0},
      {1.0 / batch, "1/batch", _("a mean over the samples?"), batch > 1.0},
      {n, "n", _("the number of features"), n > 1.0},
      {1.0 / n, "1/n", _("n the number of features"), n > 1.0},
  };
  const char *sign = factor < 0.0 ? "-" : "";
  bool first = true;
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    if (!names[k].known || fabs(fabs(factor) - names[k].value) >= 1e-6 * names[k].value)
      continue;
    jac_buffer_printf(
        out, first ? _("it is %s%s times the Jacobian") : _(", which is %s%s here"), sign,
        names[k].number);
    if (names[k].name != NULL)
      jac_buffer_printf(out, " (%s)", names[k].name);
    first = false;
  }
  if (first)
    jac_buffer_printf(out,
                      fabs(fabs(factor) - 1.0) < 1e-4
                          ? _("it is %.12g times the Jacobian")
                          : _("it is %.6g times the Jacobian"),
                      factor);
}

void jac_diagnosis_write(const struct jac_suspects *s, const struct jac_diagnosis *d,
                         struct jac_buffer *out) {
  if (d->mistake == JAC_MISTAKE_FACTOR)
    write_factor(s, d->factor, out);
  else if (d->mistake == JAC_MISTAKE_QUANTITY)
    jac_buffer_printf(out,
                      d->missing ? _("the factor %s is missing")
                                 : _("there is a factor %s too many"),
                      d->name);
  else if (d->mistake == JAC_MISTAKE_PATH)
    jac_buffer_add(out, _(d->name));
  else if (d->mistake == JAC_MISTAKE_OTHER)
    jac_buffer_printf(out, _("it is the Jacobian with respect to %s"), d->name);
  else
    jac_buffer_add(out, _(jac_mistake_kind(d->mistake)->sentence));
}

void jac_diagnosis_hidden(const struct jac_suspects *s, struct jac_buffer *out) {
  struct trial x = {s, s->truth, s->truth, largest(s->truth), 1e-12};
  struct jac_mistake_case same = {.s = s, .t = s->truth};
  if (jac_mistake_applies(s, JAC_MISTAKE_TRANSPOSED) &&
      residual(&x, jac_mistake_kind(JAC_MISTAKE_TRANSPOSED), &same) < INFINITY)
    jac_buffer_add(out, _("this Jacobian is symmetric: a transpose would not show"));
}
