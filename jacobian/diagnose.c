#include "jacobian/diagnose.h"

#include "jacobian/order.h"
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

/* The value that a hypothesis expects at one place. */
typedef double (*expected_fn)(const struct trial *x, size_t slice, size_t row, size_t col,
                              const void *extra);

/* The largest difference between the candidate and what is expected, relative to the
 * scale; it stops at the first entry that is off. */
static double residual(const struct trial *x, expected_fn expected, const void *extra) {
  double worst = 0.0;
  for (size_t s = 0; s < x->c->slices; s++)
    for (size_t i = 0; i < x->c->rows; i++)
      for (size_t j = 0; j < x->c->cols; j++) {
        double off = fabs(*jac_array3_at(x->c, s, i, j) - expected(x, s, i, j, extra));
        if (!(off <= x->tolerance * x->scale))
          return INFINITY;
        worst = fmax(worst, off / x->scale);
      }
  return worst;
}

static double truth(const struct trial *x, size_t s, size_t i, size_t j) {
  return *jac_array3_at(x->t, s, i, j);
}

static bool square(const struct trial *x) {
  return x->t->rows == x->t->cols;
}

static double transposed(const struct trial *x, size_t s, size_t i, size_t j,
                         const void *extra) {
  (void)extra;
  return truth(x, s, j, i);
}

static double transposed_sign(const struct trial *x, size_t s, size_t i, size_t j,
                              const void *extra) {
  (void)extra;
  return -truth(x, s, j, i);
}

static double scaled(const struct trial *x, size_t s, size_t i, size_t j,
                     const void *extra) {
  return *(const double *)extra * truth(x, s, i, j);
}

/* extra: the native column that has the same number in row-major numbering. */
static double renumbered(const struct trial *x, size_t s, size_t i, size_t j,
                         const void *extra) {
  return truth(x, s, i, ((const size_t *)extra)[j]);
}

/* extra: what the sum over slices is multiplied by. */
static double over_samples(const struct trial *x, size_t s, size_t i, size_t j,
                           const void *extra) {
  (void)s;
  double sum = 0.0;
  for (size_t k = 0; k < x->t->slices; k++)
    sum += truth(x, k, i, j);
  return *(const double *)extra * sum;
}

static double only_diagonal(const struct trial *x, size_t s, size_t i, size_t j,
                            const void *extra) {
  (void)extra;
  return i == j ? truth(x, s, i, j) : 0.0;
}

static double no_diagonal(const struct trial *x, size_t s, size_t i, size_t j,
                          const void *extra) {
  (void)extra;
  return i == j ? 0.0 : truth(x, s, i, j);
}

/* extra: +1 or -1 times the identity is added. */
static double plus_identity(const struct trial *x, size_t s, size_t i, size_t j,
                            const void *extra) {
  return truth(x, s, i, j) + (i == j ? *(const double *)extra : 0.0);
}

struct shift {
  size_t row, col;
};

static double shifted(const struct trial *x, size_t s, size_t i, size_t j,
                      const void *extra) {
  const struct shift *by = extra;
  return truth(x, s, (i + by->row) % x->t->rows, (j + by->col) % x->t->cols);
}

struct factor {
  const struct jac_quantity *q;
  bool missing; /* the truth has the factor, the candidate has not */
};

static double with_quantity(const struct trial *x, size_t s, size_t i, size_t j,
                            const void *extra) {
  const struct factor *f = extra;
  double q = f->q->by_columns ? f->q->value[s * x->t->cols + j]
                              : f->q->value[s * x->t->rows + i];
  return f->missing ? truth(x, s, i, j) / q : truth(x, s, i, j) * q;
}

static double other_truth(const struct trial *x, size_t s, size_t i, size_t j,
                          const void *extra) {
  (void)x;
  return *jac_array3_at((const struct jac_array3 *)extra, s, i, j);
}

/* Hypotheses that need no search: one line each. A test says whether one applies. */
static bool not_symmetric(const struct trial *x) {
  return square(x) && residual(&(struct trial){x->s, x->t, x->t, x->scale, x->tolerance},
                               transposed, NULL) == INFINITY;
}

static bool has_batch(const struct trial *x) {
  return x->t->slices > 1;
}

static const double minus_one = -1.0, plus_one = 1.0;
static const struct shift rows_down = {1, 0}, cols_down = {0, 1};

static const struct {
  enum jac_mistake mistake;
  bool (*applies)(const struct trial *x);
  expected_fn expected;
  const void *extra;
} simple[] = {
    {JAC_MISTAKE_TRANSPOSED, not_symmetric, transposed, NULL},
    {JAC_MISTAKE_SIGN, NULL, scaled, &minus_one},
    {JAC_MISTAKE_SUMMED, has_batch, over_samples, &plus_one},
    {JAC_MISTAKE_DIAGONAL, square, only_diagonal, NULL},
    {JAC_MISTAKE_NO_DIAGONAL, square, no_diagonal, NULL},
    {JAC_MISTAKE_IDENTITY_ADDED, square, plus_identity, &plus_one},
    {JAC_MISTAKE_IDENTITY_MISSING, square, plus_identity, &minus_one},
    {JAC_MISTAKE_TRANSPOSED_SIGN, not_symmetric, transposed_sign, NULL},
    {JAC_MISTAKE_ROWS_SHIFTED, NULL, shifted, &rows_down},
    {JAC_MISTAKE_COLS_SHIFTED, NULL, shifted, &cols_down},
};

struct findings {
  struct jac_diagnosis *found;
  size_t count;
};

static void add(struct findings *f, struct jac_diagnosis d) {
  if (d.residual < INFINITY && f->count < JAC_DIAGNOSES)
    f->found[f->count++] = d;
}

static void try_simple(const struct trial *x, struct findings *f) {
  for (size_t k = 0; k < sizeof simple / sizeof simple[0]; k++)
    if (simple[k].applies == NULL || simple[k].applies(x))
      add(f, (struct jac_diagnosis){
                 .mistake = simple[k].mistake,
                 .residual = residual(x, simple[k].expected, simple[k].extra)});
  double mean = 1.0 / (double)x->t->slices;
  if (has_batch(x))
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_AVERAGED,
                                  .residual = residual(x, over_samples, &mean)});
}

/* Shifted backwards: the same names, tried after. */
static void try_back_shifts(const struct trial *x, struct findings *f) {
  struct shift rows = {x->t->rows - 1, 0}, cols = {0, x->t->cols - 1};
  if (x->t->rows > 2)
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_ROWS_SHIFTED,
                                  .residual = residual(x, shifted, &rows)});
  if (x->t->cols > 2)
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_COLS_SHIFTED,
                                  .residual = residual(x, shifted, &cols)});
}

static enum jac_status try_order(const struct trial *x, struct findings *f) {
  const struct jac_variable *var = &x->s->map->var[x->s->wrt];
  if (var->role != JAC_PARAMETER || var->ndim < 2)
    return JAC_OK;
  size_t *column = malloc((x->t->cols + 1) * sizeof *column);
  if (column == NULL)
    return JAC_ENOMEM;
  for (size_t j = 0; j < x->t->cols; j++) {
    size_t index[3];
    jac_number_to_index(var, JAC_ORDER_C, j, index);
    column[j] = jac_index_to_number(var, JAC_ORDER_F, index);
  }
  add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_ORDER,
                                .residual = residual(x, renumbered, column)});
  free(column);
  return JAC_OK;
}

/* The factor at the truth's largest entry, tried on all. */
static void try_factor(const struct trial *x, struct findings *f) {
  size_t at = 0;
  for (size_t k = 1; k < total(x->t); k++)
    if (fabs(x->t->data[k]) > fabs(x->t->data[at]))
      at = k;
  double factor = x->c->data[at] / x->t->data[at];
  struct trial stretched = *x;
  stretched.scale = x->scale * fmax(fabs(factor), 1e-30);
  if (factor == 0.0)
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_ZERO,
                                  .residual = residual(x, scaled, &factor)});
  else if (isfinite(factor) && fabs(factor + 1.0) > x->tolerance)
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_FACTOR,
                                  .factor = factor,
                                  .residual = residual(&stretched, scaled, &factor)});
}

static void try_quantities(const struct trial *x, struct findings *f) {
  for (size_t k = 0; k < x->s->nquantity; k++)
    for (int missing = 1; missing >= 0; missing--) {
      struct factor factor = {&x->s->quantity[k], missing == 1};
      struct trial stretched = *x;
      stretched.scale = fmax(x->scale, largest(x->c));
      add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_QUANTITY,
                                    .name = x->s->quantity[k].name,
                                    .missing = missing == 1,
                                    .residual =
                                        residual(&stretched, with_quantity, &factor)});
    }
}

static void try_others(const struct trial *x, struct findings *f) {
  const struct jac_array3 *swap[] = {x->s->z_for_y, x->s->y_for_z};
  for (int k = 0; k < 2; k++)
    if (swap[k] != NULL)
      add(f, (struct jac_diagnosis){.mistake = k == 0 ? JAC_MISTAKE_Z_FOR_Y
                                                      : JAC_MISTAKE_Y_FOR_Z,
                                    .residual = residual(x, other_truth, swap[k])});
  for (size_t k = 0; k < x->s->nother; k++) {
    const struct jac_array3 *o = &x->s->other[k];
    if (o->slices == x->c->slices && o->rows == x->c->rows && o->cols == x->c->cols)
      add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_OTHER,
                                    .name = x->s->other_name[k],
                                    .residual = residual(x, other_truth, o)});
  }
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

static enum jac_status try_permutations(const struct trial *x, struct findings *f) {
  size_t rows = x->t->rows, cols = x->t->cols, slices = x->t->slices, size = rows * cols;
  const struct lines lines[] = {{slices, size, size, 1, 1, 0},
                                {rows, cols, cols, 1, slices, size},
                                {cols, 1, rows, cols, slices, size}};
  static const enum jac_mistake mistakes[] = {
      JAC_MISTAKE_SAMPLES_PERMUTED, JAC_MISTAKE_ROWS_PERMUTED, JAC_MISTAKE_COLS_PERMUTED};
  size_t most = rows > cols ? rows : cols;
  enum { MOST = 2000 };
  most = most > slices ? most : slices;
  if (most > MOST)
    return JAC_OK;
  bool *used = malloc((most + 1) * sizeof *used);
  if (used == NULL)
    return JAC_ENOMEM;
  for (int k = 0; k < 3; k++)
    if (lines[k].count > 1 && permuted(x, &lines[k], used))
      add(f, (struct jac_diagnosis){.mistake = mistakes[k], .residual = x->tolerance});
  free(used);
  return JAC_OK;
}

/* Where both are not zero they agree: only zeros are misplaced. */
static void try_pattern(const struct trial *x, struct findings *f) {
  size_t both = 0, off = 0;
  for (size_t k = 0; k < total(x->t); k++) {
    double t = x->t->data[k], c = x->c->data[k];
    if (fabs(t - c) <= x->tolerance * x->scale)
      both += t != 0.0;
    else if (t == 0.0 || c == 0.0)
      off++;
    else
      return;
  }
  if (both > 0 && off > 0)
    add(f, (struct jac_diagnosis){.mistake = JAC_MISTAKE_PATTERN, .residual = 0.0});
}

enum jac_status jac_diagnose(const struct jac_suspects *suspects,
                             const struct jac_array3 *candidate,
                             struct jac_diagnosis found[JAC_DIAGNOSES], size_t *count,
                             struct jac_error *err) {
  struct trial x = {suspects, suspects->truth, candidate, largest(suspects->truth),
                    suspects->tolerance > 0.0 ? suspects->tolerance : 1e-7};
  struct findings f = {found, 0};
  *count = 0;
  if (candidate->slices != x.t->slices || candidate->rows != x.t->rows ||
      candidate->cols != x.t->cols || total(x.t) == 0)
    return JAC_OK;
  if (x.scale == 0.0)
    x.scale = fmax(largest(candidate), 1e-300);
  enum jac_status status = try_order(&x, &f);
  try_simple(&x, &f);
  try_factor(&x, &f);
  try_quantities(&x, &f);
  try_others(&x, &f);
  try_back_shifts(&x, &f);
  if (status == JAC_OK)
    status = try_permutations(&x, &f);
  try_pattern(&x, &f);
  *count = f.count;
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
    jac_buffer_printf(out, _("it is %.6g times the Jacobian"), factor);
}

void jac_diagnosis_write(const struct jac_suspects *s, const struct jac_diagnosis *d,
                         struct jac_buffer *out) {
  static const char *const texts[JAC_MISTAKES] = {
      [JAC_MISTAKE_TRANSPOSED] =
          N_("it is the transpose: a row for every output is needed"),
      [JAC_MISTAKE_SIGN] = N_("it has the opposite sign"),
      [JAC_MISTAKE_ORDER] =
          N_("its parameters are numbered in the other order (--order)"),
      [JAC_MISTAKE_SUMMED] =
          N_("it is summed over the samples: each sample has its own slice"),
      [JAC_MISTAKE_AVERAGED] =
          N_("it is averaged over the samples: each sample has its own slice"),
      [JAC_MISTAKE_DIAGONAL] =
          N_("it has the diagonal only: the other entries are not zero"),
      [JAC_MISTAKE_NO_DIAGONAL] = N_("its diagonal is missing"),
      [JAC_MISTAKE_IDENTITY_ADDED] = N_("it is the Jacobian plus the identity"),
      [JAC_MISTAKE_IDENTITY_MISSING] = N_("it is the Jacobian minus the identity"),
      [JAC_MISTAKE_TRANSPOSED_SIGN] = N_("it is the transpose with the opposite sign"),
      [JAC_MISTAKE_ROWS_SHIFTED] = N_("its rows are shifted by one"),
      [JAC_MISTAKE_COLS_SHIFTED] = N_("its columns are shifted by one"),
      [JAC_MISTAKE_ROWS_PERMUTED] = N_("its rows are the right ones in another order"),
      [JAC_MISTAKE_COLS_PERMUTED] = N_("its columns are the right ones in another order"),
      [JAC_MISTAKE_SAMPLES_PERMUTED] = N_("its samples are in another order"),
      [JAC_MISTAKE_Z_FOR_Y] = N_("z stands where y is meant"),
      [JAC_MISTAKE_Y_FOR_Z] = N_("y stands where z is meant"),
      [JAC_MISTAKE_ZERO] = N_("it is zero"),
      [JAC_MISTAKE_PATTERN] = N_("entries are zero that should not be, or the reverse"),
  };
  if (d->mistake == JAC_MISTAKE_FACTOR)
    write_factor(s, d->factor, out);
  else if (d->mistake == JAC_MISTAKE_QUANTITY)
    jac_buffer_printf(out,
                      d->missing ? _("the factor %s is missing")
                                 : _("there is a factor %s too many"),
                      d->name);
  else if (d->mistake == JAC_MISTAKE_OTHER)
    jac_buffer_printf(out, _("it is the Jacobian with respect to %s"), d->name);
  else
    jac_buffer_add(out, _(texts[d->mistake]));
}

void jac_diagnosis_hidden(const struct jac_suspects *s, struct jac_buffer *out) {
  struct trial x = {s, s->truth, s->truth, largest(s->truth), 1e-12};
  if (square(&x) && total(x.t) > 1 && residual(&x, transposed, NULL) < INFINITY)
    jac_buffer_add(out, _("this Jacobian is symmetric: a transpose would not show"));
}
