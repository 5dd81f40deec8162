#include "jacobian/check_internal.h"

#include "jacobian/text.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double BRINK = 1e300;

const char *jac_verdict_name(enum jac_verdict verdict) {
  static const char *const names[] = {N_("agrees"), N_("differs"),
                                      N_("not differentiable"), N_("cannot be told")};
  return names[verdict];
}

double jac_checking_noise(const struct jac_checking *c, size_t slice) {
  return c->slice_noise == NULL ? c->noise : fmax(c->noise, c->slice_noise[slice]);
}

double jac_checking_row_noise(const struct jac_checking *c, size_t slice, size_t row) {
  return c->row_noise == NULL ? 0.0 : c->row_noise[slice * c->J->rows + row];
}

double jac_checking_blur(const struct jac_checking *c, size_t slice, size_t row) {
  return !c->map->of_differences
             ? 0.0
             : 1e-7 * c->row_scale[slice * c->J->rows + row] + 1e-8 * c->scale + 1e-9;
}

double jac_checking_rounding(const struct jac_checking *c, size_t slice, size_t row) {
  return 1e-12 * c->row_scale[slice * c->J->rows + row] + 1e-13 * c->scale +
         jac_checking_noise(c, slice);
}

/* A wrong one takes the place of a kink where there is no other. */
static void list(struct jac_check_result *r, const struct jac_checked_entry *entry) {
  size_t at = r->listed;
  if (r->listed == JAC_CHECK_LISTED && !entry->kink)
    while (at > 0 && !r->list[at - 1].kink)
      at--;
  if (r->listed < JAC_CHECK_LISTED)
    r->list[r->listed++] = *entry;
  else if (at > 0 && !entry->kink) {
    memmove(&r->list[at - 1], &r->list[at], (r->listed - at) * sizeof r->list[0]);
    r->list[r->listed - 1] = *entry;
  }
}

/* The largest error, and whose it is; of entries without one the largest. */
static void take_largest(struct jac_check_result *r, const struct jac_checked_entry *e,
                         double error, double scale) {
  if (!r->any || error > r->max_abs_error ||
      (r->max_abs_error == 0.0 && fabs(e->jacobian) > fabs(r->worst.jacobian)))
    r->worst = *e;
  r->any = true;
  r->max_abs_error = fmax(r->max_abs_error, error);
  if (error > 0.0)
    r->max_rel_error = fmax(r->max_rel_error, error / scale);
}

/* Whether numbers too small for all their places, or a slope that changes within a
 * difference's step, may make an error. */
static bool hidden(const struct jac_checking *c, const struct jac_checked_entry *e,
                   double error, double scale) {
  size_t k = (e->slice * c->J->rows + e->row) * c->J->cols + e->col;
  return error <= e->tolerance + c->least + c->coarse * scale ||
         (c->sharp != NULL && e->col < c->J->cols && error <= 2.0 * c->sharp[k]);
}

/* Long: the verdicts of an entry in the order in which one excludes the next. */
void jac_checking_entry(struct jac_checking *c, const struct jac_checked_entry *entry) {
  struct jac_check_result *r = c->result;
  if (entry->kink) {
    r->compared++;
    r->kinks++;
    list(r, entry);
    if (c->kinks != NULL)
      jac_checking_keep(c->kinks, entry);
    return;
  }
  bool finite = isfinite(entry->jacobian), known = isfinite(entry->reference);
  double output =
      c->output == NULL ? 0.0 : c->output[entry->slice * c->J->rows + entry->row];
  bool value = isfinite(output);
  /* The term of a second derivative, or of what somebody typed, is computed as it stands,
   * and may be inf/inf or 0 * inf where there is a value, as of x norm(x) at 0: it says
   * nothing. A product multiplies what is not a number by 0 too.
   */
  bool term = c->map->of != NULL || c->map->var[c->wrt].writer != NULL;
  if ((term && isnan(entry->jacobian)) || (c->brink && !(finite && known)) ||
      (!finite && !known && entry->jacobian != entry->reference) ||
      (c->poisoned && isnan(entry->reference)))
    value = false;
  if (!value && (isnan(output) || !(finite && known)) &&
      entry->jacobian != entry->reference) {
    if (r->valueless++ == 0 && r->nonfinite == 0)
      r->first_nonfinite = *entry;
    return;
  }
  r->compared++;
  if (entry->jacobian == entry->reference && !finite)
    return;                                     /* infinity is infinity */
  if ((!finite || !known) && c->coarse > 0.0) { /* 1 over such a number has no room */
    r->unreliable++;
    r->compared--;
    return;
  }
  if (!finite || !known) {
    if (r->nonfinite++ == 0)
      r->first_nonfinite = *entry;
    return;
  }
  double error = fabs(entry->jacobian - entry->reference);
  double scale =
      fmax(c->row_scale[entry->slice * c->J->rows + entry->row], fabs(entry->reference));
  if (error > entry->tolerance && hidden(c, entry, error, scale)) {
    r->compared--;
    r->unreliable++;
    return;
  }
  bool wrong = error > entry->tolerance;
  if (wrong && r->wrong == 0) /* what was within its tolerance counts no more */
    r->any = false;
  if (!r->any)
    r->max_abs_error = r->max_rel_error = 0.0;
  if (wrong || r->wrong == 0)
    take_largest(r, entry, error, scale);
  if (wrong) {
    r->wrong++;
    list(r, entry);
  }
}

/* The scales, and room for as many outputs, and a number a slice. */
static double *row_scales(struct jac_checking *c) {
  const struct jac_array3 *J = c->J;
  double *scales = calloc(2 * J->slices * J->rows + J->slices + 1, sizeof *scales);
  for (size_t k = 0; scales != NULL && k < J->slices * J->rows; k++) {
    const double *row = J->data + k * J->cols;
    for (size_t j = 0; j < J->cols; j++)
      if (fabs(row[j]) > scales[k] && isfinite(row[j]))
        scales[k] = fabs(row[j]);
    c->scale = fmax(c->scale, scales[k]);
  }
  return scales;
}

static double largest(const gsl_matrix *m) {
  double max = 0.0;
  for (size_t i = 0; i < m->size1; i++)
    for (size_t j = 0; j < m->size2; j++)
      if (isfinite(gsl_matrix_get(m, i, j)))
        max = fmax(max, fabs(gsl_matrix_get(m, i, j)));
  return max;
}

/* 8 last places of the outputs, over the size of what they are differentiated by. */
static double noise_of(const gsl_matrix *x, const gsl_matrix *y) {
  double size = largest(x);
  return 8.0 * DBL_EPSILON * largest(y) / (size > 0.0 ? size : 1.0);
}

/* Of each sample by itself, where it has data of its own. */
static void set_slice_noise(struct jac_checking *c, const gsl_matrix *y, double *noise) {
  const gsl_matrix *x = c->x[c->wrt];
  if (c->map->var[c->wrt].role != JAC_DATA || c->map->coupled ||
      c->J->slices != x->size1 || c->J->slices != y->size1)
    return;
  for (size_t s = 0; s < c->J->slices; s++) {
    gsl_matrix_const_view own = gsl_matrix_const_submatrix(x, s, 0, 1, x->size2);
    gsl_matrix_const_view out = gsl_matrix_const_submatrix(y, s, 0, 1, y->size2);
    noise[s] = noise_of(&own.matrix, &out.matrix);
  }
  c->slice_noise = noise;
}

/* A step away from the point, each number by another one, so that they do not cancel. */
static enum jac_status set_noise_beside(struct jac_checking *c, gsl_matrix *y,
                                        struct jac_error *err) {
  const gsl_matrix *x = c->x[c->wrt];
  const gsl_matrix **point = malloc((c->map->nvar + 1) * sizeof *point);
  gsl_matrix *beside = jac_matrix_alloc(x->size1, x->size2);
  if (point != NULL && beside != NULL) {
    memcpy(point, c->x, c->map->nvar * sizeof *point);
    for (size_t k = 0; k < x->size1 * x->size2; k++) {
      double at = gsl_matrix_get(x, k / x->size2, k % x->size2);
      beside->data[k] = at + 0x1p-7 * (1.0 + (double)(k % 7) / 8.0) * fmax(1.0, fabs(at));
    }
    point[c->wrt] = beside;
    if (jac_map_forward(c->map, point, y, NULL) == JAC_OK)
      c->noise_beside = noise_of(x, y);
  }
  bool short_of_memory = point == NULL || beside == NULL;
  free(point);
  gsl_matrix_free(beside);
  return short_of_memory ? jac_fail_memory(err) : JAC_OK;
}

static enum jac_status set_noise(struct jac_checking *c, double *output,
                                 struct jac_error *err) {
  gsl_matrix *y = jac_matrix_alloc(c->map->rows, c->map->cols);
  if (y == NULL)
    return jac_fail_memory(err);
  enum jac_status status = jac_map_forward(c->map, c->x, y, err);
  c->noise = noise_of(c->x[c->wrt], y);
  set_slice_noise(c, y, output + c->J->slices * c->J->rows);
  memcpy(output, y->data, c->J->slices * c->J->rows * sizeof *output);
  c->output = output;
  for (size_t k = 0; k < c->J->slices * c->J->rows; k++)
    c->poisoned = c->poisoned || !isfinite(output[k]);
  if (status == JAC_OK)
    status = set_noise_beside(c, y, err);
  gsl_matrix_free(y);
  return status;
}

/* A product of numbers that are that small has lost places, or is 0; what is multiplied
 * with numbers that are that large may be infinite on the way to one that is not. */
static void set_edges(struct jac_checking *c) {
  c->least = DBL_MIN / DBL_EPSILON;
  for (size_t v = 0; v < c->map->nvar; v++)
    for (size_t k = 0; k < c->x[v]->size1 * c->x[v]->size2; k++) {
      double size = fabs(c->x[v]->data[k]);
      c->brink = c->brink || size > BRINK;
      if (size > 0.0 && size < DBL_MIN)
        c->coarse = fmax(c->coarse, 64.0 * 0x1p-1074 / size);
    }
}

enum jac_status jac_checking_start(struct jac_checking *c, double **row_scale,
                                   struct jac_error *err) {
  *row_scale = row_scales(c);
  c->row_scale = *row_scale;
  set_edges(c);
  return *row_scale == NULL ? jac_fail_memory(err)
                            : set_noise(c, *row_scale + c->J->slices * c->J->rows, err);
}

void jac_checking_judge(struct jac_check_result *r) {
  if (r->wrong > 0 || r->nonfinite > 0)
    r->verdict = JAC_VERDICT_DIFFERS;
  else if (r->kinks > 0)
    r->verdict = JAC_VERDICT_NOT_DIFFERENTIABLE;
  else
    r->verdict = r->valueless > 0 || (r->compared == 0 && r->unreliable > 0)
                     ? JAC_VERDICT_UNTOLD
                     : JAC_VERDICT_AGREES;
}

static bool is_kink(const struct jac_check_result *difference,
                    const struct jac_checked_entry *e) {
  for (size_t d = 0; d < difference->listed; d++)
    if (difference->list[d].kink && difference->list[d].slice == e->slice &&
        difference->list[d].row == e->row)
      return true;
  return false;
}

/* At a kink the products and the explicit Jacobian may have chosen different sides, or
 * have no number there: an entry that the differences know as a kink is no mistake of
 * theirs. */
static void excuse_kinks(const struct jac_check_result *difference,
                         struct jac_check_result *product) {
  size_t kept = 0, excused = 0;
  for (size_t k = 0; k < product->listed; k++)
    if (is_kink(difference, &product->list[k]))
      excused++;
    else
      product->list[kept++] = product->list[k];
  if (excused > 0 && excused == product->wrong) {
    product->wrong = 0;
    product->kinks = excused;
    product->listed = kept;
  }
  if (product->nonfinite > 0 && product->nonfinite <= difference->kinks &&
      is_kink(difference, &product->first_nonfinite)) {
    product->kinks += product->nonfinite;
    product->nonfinite = 0;
  }
}

/* Once more, without entries that a difference cannot see. */
static enum jac_status without_sharp(struct jac_checking *c,
                                     const struct jac_check_options *options,
                                     struct jac_error *err) {
  double *sharp;
  enum jac_status status = jac_check_sharp(c, &sharp, err);
  if (status == JAC_OK && sharp != NULL) {
    *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_DIFFERENCE};
    c->sharp = sharp;
    status = jac_check_difference(c, options, err);
    c->sharp = NULL;
  }
  free(sharp);
  return status;
}

/* The waves of cos(x) at 1e8: where small steps agree with J a thousand times better than
 * the large ones, these were wrong. */
static enum jac_status from_small_steps(struct jac_checking *c, struct jac_error *err) {
  static const struct jac_check_options fine = {JAC_DIFFERENCE_FINE, 1};
  struct jac_check_result *kept = c->result;
  struct jac_check_result own = {.reference = JAC_REFERENCE_DIFFERENCE};
  if (largest(c->x[c->wrt]) < 1e5)
    return JAC_OK;
  c->result = &own;
  enum jac_status status = jac_check_difference(c, &fine, err);
  c->result = kept;
  if (own.wrong + own.nonfinite == 0 && own.compared > 0 &&
      own.max_abs_error < 1e-3 * fabs(kept->worst.jacobian - kept->worst.reference))
    *kept = own;
  return status;
}

/* Differences that disagree, again with what rounding within the map makes of its
 * outputs: large numbers that cancel leave more of it than the outputs' own last places.
 * Where the last places of x move the outputs visibly, differences know nothing. And
 * again with what rounding makes of rows that are 0 but for it. */
static enum jac_status differences_again(struct jac_checking *c,
                                         const struct jac_check_options *options,
                                         struct jac_error *err) {
  size_t count = c->J->slices * c->J->rows;
  double *noise = calloc(2 * count + 1, sizeof *noise), most = 0.0, size = 0.0;
  if (noise == NULL)
    return jac_fail_memory(err);
  bool more = false, zero = false;
  enum jac_status status = jac_check_output_noise(c, noise, &most, err);
  for (size_t k = 0; k < count; k++) {
    more = more || noise[k] > 16.0 * DBL_EPSILON * fabs(c->output[k]);
    size = isfinite(c->output[k]) ? fmax(size, fabs(c->output[k])) : size;
  }
  if (status == JAC_OK && more) {
    *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_DIFFERENCE};
    c->output_noise = noise;
    c->blurred = most > 1e-4 * size;
    status = jac_check_difference(c, options, err);
  }
  if (status == JAC_OK && c->result->wrong > 0)
    status = jac_check_row_noise(c, noise + count, &zero, err);
  if (status == JAC_OK && zero) {
    c->row_noise = noise + count;
    *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_DIFFERENCE};
    status = jac_check_difference(c, options, err);
  }
  if (status == JAC_OK && c->result->wrong + c->result->nonfinite > 0)
    status = without_sharp(c, options, err);
  if (status == JAC_OK && c->result->wrong > 0)
    status = from_small_steps(c, err);
  c->output_noise = NULL;
  c->blurred = false;
  c->row_noise = NULL;
  free(noise);
  return status;
}

/* An output that large terms cancel to is known as well as these, and so is a derivative
 * of it that is 0: no better than the output's own rounding over the variable's size. */
static enum jac_status raise_by_outputs(const struct jac_checking *c, double *noise,
                                        struct jac_error *err) {
  size_t count = c->J->slices * c->J->rows;
  double *output = calloc(count + 1, sizeof *output), unused, most = 0.0;
  if (output == NULL)
    return jac_fail_memory(err);
  enum jac_status status = jac_check_output_noise(c, output, &unused, err);
  for (size_t k = 0; k < count; k++)
    most = fmax(most, output[k]);
  double size = largest(c->x[c->wrt]);
  *noise = fmax(*noise, 8.0 * most / (size > 0.0 ? size : 1.0));
  free(output);
  return status;
}

/* One reference; again with more room where rounding says so. */
static enum jac_status hold(struct jac_checking *c, enum jac_reference reference,
                            const struct jac_check_options *options,
                            struct jac_error *err) {
  static enum jac_status (*const run[JAC_REFERENCES])(
      struct jac_checking *, const struct jac_check_options *,
      struct jac_error *) = {jac_check_difference, jac_check_vjp, jac_check_jvp};
  double noise, before = c->noise;
  *c->result = (struct jac_check_result){.reference = reference};
  enum jac_status status = run[reference](c, options, err);
  if (status == JAC_OK && reference == JAC_REFERENCE_DIFFERENCE)
    return c->result->wrong + c->result->kinks + c->result->nonfinite > 0
               ? differences_again(c, options, err)
               : JAC_OK;
  if (status != JAC_OK || c->result->wrong == 0)
    return status;
  status = jac_check_noise(c, &noise, err);
  if (status == JAC_OK)
    status = raise_by_outputs(c, &noise, err);
  if (status == JAC_OK && noise > c->noise) {
    c->noise = noise;
    *c->result = (struct jac_check_result){.reference = reference};
    status = run[reference](c, options, err);
    c->noise = before;
  }
  return status;
}

enum jac_status jac_check(const struct jac_map *map, jac_point x, size_t wrt,
                          const struct jac_array3 *J,
                          const struct jac_check_options *options,
                          struct jac_check_result *results, struct jac_error *err) {
  struct jac_pattern pattern;
  enum jac_status status = jac_pattern_new(map, wrt, &pattern, err);
  if (status != JAC_OK)
    return status;
  struct jac_checking c = {.map = map, .x = x, .wrt = wrt, .J = J, .pattern = &pattern};
  double *scales;
  status = jac_checking_start(&c, &scales, err);
  for (int k = 0; k < JAC_REFERENCES && status == JAC_OK; k++) {
    c.result = &results[k];
    status = hold(&c, (enum jac_reference)k, options, err);
    if (k > 0)
      excuse_kinks(&results[0], &results[k]);
    jac_checking_judge(&results[k]);
  }
  free(scales);
  jac_pattern_free(&pattern);
  return status;
}
