#include "visual/latex/dots.h"

#include <stdlib.h>

/* What the entries behind dots are. */
enum stretch { ZEROS, OTHERS, MIXED };

/* Marks the first and the last of each run of a row that is not zero. */
static void keep_others(const struct jac_dots *d, size_t row, bool *keep) {
  bool before = true;
  for (size_t col = 0; col < d->cols; col++) {
    bool zero = d->zero(d->context, row, col);
    if (zero != before)
      keep[zero ? col - 1 : col] = true;
    before = zero;
  }
}

/* Marks one of each run of zeros of which none is marked. */
static void keep_zeros(const struct jac_dots *d, size_t row, bool *keep) {
  for (size_t col = 0; col < d->cols;) {
    size_t end = col;
    bool any = false;
    while (end < d->cols && d->zero(d->context, row, end))
      any = keep[end++] || any;
    if (end > col && !any)
      keep[col] = true;
    col = end + 1;
  }
}

/* How many places what is kept takes, dots for each gap; a gap of one is no gap. */
static size_t places(bool *keep, size_t size) {
  size_t count = 0;
  for (size_t k = 0; k < size; k++) {
    if (!keep[k] && k > 0 && keep[k - 1] && k + 1 < size && keep[k + 1])
      keep[k] = true;
    count += keep[k] || (k > 0 && keep[k - 1]);
  }
  return count;
}

/* The axis of what is kept; a rule stands before a block, or before the dots that hide
 * where it begins. */
static void lay(const bool *keep, size_t size, size_t block, struct jac_axis *axis) {
  bool ruled = block > 1 && block < size;
  axis->count = 0;
  for (size_t k = 0, end; k < size; k = end) {
    for (end = k + 1; !keep[k] && end < size && !keep[end]; end++)
      continue;
    size_t last = keep[k] ? k : end - 1;
    bool begins = ruled && k > 0 && last / block * block >= k;
    axis->rule[axis->count] = begins;
    axis->at[axis->count++] = keep[k] ? k : JAC_AXIS_DOTS;
  }
}

static void keep_plan(const struct jac_axis *plan, bool *keep) {
  for (size_t k = 0; k < plan->count; k++)
    if (plan->at[k] != JAC_AXIS_DOTS)
      keep[plan->at[k]] = true;
}

bool jac_dots_columns(const struct jac_dots *d, const struct jac_axis *rows, size_t most,
                      struct jac_axis *cols, struct jac_error *err) {
  bool *keep = calloc(2 * d->cols + 1, sizeof *keep);
  struct jac_axis axis = {.at = malloc((most + 1) * sizeof *axis.at),
                          .rule = malloc((most + 1) * sizeof *axis.rule),
                          .head = cols->head};
  bool fits = false;
  if (keep == NULL || axis.at == NULL || axis.rule == NULL)
    jac_fail_memory(err);
  else {
    bool *more = keep + d->cols;
    keep[0] = keep[d->cols - 1] = true;
    for (size_t i = 0; i < rows->count; i++)
      if (rows->at[i] != JAC_AXIS_DOTS)
        keep_others(d, rows->at[i], keep);
    for (size_t i = 0; i < rows->count; i++)
      if (rows->at[i] != JAC_AXIS_DOTS)
        keep_zeros(d, rows->at[i], keep);
    fits = places(keep, d->cols) <= most;
    /* What was planned stays where there is room for both. */
    for (size_t k = 0; k < d->cols; k++)
      more[k] = keep[k];
    keep_plan(cols, more);
    if (fits)
      lay(places(more, d->cols) <= most ? more : keep, d->cols, d->block_cols, &axis);
  }
  free(keep);
  if (!fits) {
    jac_axis_free(&axis);
    return false;
  }
  jac_axis_free(cols);
  *cols = axis;
  return true;
}

/* The entries from the place before to the place behind, both written. */
struct range {
  size_t first, end;
};

static struct range hidden(const struct jac_axis *axis, size_t place) {
  if (axis->at[place] != JAC_AXIS_DOTS)
    return (struct range){axis->at[place], axis->at[place] + 1};
  return (struct range){axis->at[place - 1] + 1, axis->at[place + 1]};
}

static enum stretch stretch_of(const struct jac_dots *d, struct range rows,
                               struct range cols) {
  size_t most = d->most > 0 ? d->most : 200000; /* beyond, nothing is claimed */
  bool zeros = false, others = false;
  if (rows.end - rows.first > most / (cols.end - cols.first))
    return MIXED;
  for (size_t row = rows.first; row < rows.end; row++)
    for (size_t col = cols.first; col < cols.end; col++) {
      bool zero = d->zero(d->context, row, col);
      zeros = zeros || zero;
      others = others || !zero;
      if (zeros && others)
        return MIXED;
    }
  return zeros ? ZEROS : OTHERS;
}

const char *jac_dots_cell(const struct jac_dots *d, const struct jac_axis *rows,
                          const struct jac_axis *cols, size_t i, size_t j) {
  bool row = rows->at[i] == JAC_AXIS_DOTS, col = cols->at[j] == JAC_AXIS_DOTS;
  enum stretch stretch = stretch_of(d, hidden(rows, i), hidden(cols, j));
  if (row && col)
    return stretch == ZEROS ? "" : "\\ddots";
  bool before = row ? d->zero(d->context, rows->at[i - 1], cols->at[j])
                    : d->zero(d->context, rows->at[i], cols->at[j - 1]);
  bool behind = row ? d->zero(d->context, rows->at[i + 1], cols->at[j])
                    : d->zero(d->context, rows->at[i], cols->at[j + 1]);
  bool like = stretch == ZEROS ? before || behind : !before && !behind;
  return stretch == MIXED || !like ? "\\ddots" : row ? "\\vdots" : "\\cdots";
}
