/* Another array against the explicit Jacobian. */
#include "jacobian/check_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

void jac_checking_keep(struct jac_kinks *kinks, const struct jac_checked_entry *kink) {
  if (kinks->count == kinks->room && !kinks->full) {
    size_t room = kinks->room * 2 + 16;
    struct jac_checked_entry *more = realloc(kinks->kink, room * sizeof *more);
    kinks->full = more == NULL;
    if (more != NULL) {
      kinks->kink = more;
      kinks->room = room;
    }
  }
  if (!kinks->full)
    kinks->kink[kinks->count++] = *kink;
}

static int by_place(const void *left, const void *right) {
  const struct jac_checked_entry *a = left, *b = right;
  if (a->slice != b->slice)
    return a->slice < b->slice ? -1 : 1;
  if (a->row != b->row)
    return a->row < b->row ? -1 : 1;
  return a->col == b->col ? 0 : a->col < b->col ? -1 : 1;
}

/* At a kink a value between the sides is neither wrong nor right; kinks are sorted. */
static void excuse(const struct jac_kinks *kinks, struct jac_checked_entry *e) {
  const struct jac_checked_entry *kink =
      bsearch(e, kinks->kink, kinks->count, sizeof *e, by_place);
  if (kink == NULL || fabs(e->jacobian - e->reference) <= e->tolerance ||
      e->reference < fmin(kink->left, kink->right) - e->tolerance ||
      e->reference > fmax(kink->left, kink->right) + e->tolerance)
    return;
  e->kink = true;
  e->left = kink->left;
  e->right = kink->right;
}

/* Another array, entry by entry. */
static void each_entry(struct jac_checking *c, const struct jac_array3 *other,
                       double tolerance, const struct jac_rounding *rounding,
                       const struct jac_kinks *kinks) {
  const struct jac_array3 *J = c->J;
  for (size_t s = 0; s < J->slices; s++)
    for (size_t i = 0; i < J->rows; i++)
      for (size_t j = 0; j < J->cols; j++) {
        struct jac_checked_entry e = {.slice = s,
                                      .row = i,
                                      .col = j,
                                      .jacobian = *jac_array3_at(J, s, i, j),
                                      .reference = *jac_array3_at(other, s, i, j)};
        e.tolerance = tolerance * c->row_scale[s * J->rows + i] + 1e-13 * c->scale +
                      c->noise + jac_checking_row_noise(c, s, i);
        if (rounding != NULL)
          e.tolerance += jac_rounding_error(rounding, e.reference);
        if (kinks != NULL)
          excuse(kinks, &e);
        jac_checking_entry(c, &e);
      }
}

/* Rows that are 0 here are rounding where another code adds up their terms: eps of the
 * output over the numbers that it is a function of. True where there is such a row. */
static bool zero_rows(const struct jac_checking *c, double *noise) {
  const gsl_matrix *x = c->x[c->wrt];
  double size = 0.0, least = INFINITY;
  bool any = false;
  for (size_t k = 0; k < c->J->slices * c->J->rows && c->output != NULL; k++)
    if (isfinite(c->output[k]))
      size = fmax(size, fabs(c->output[k]));
  for (size_t k = 0; k < x->size1 * x->size2; k++)
    if (x->data[k] != 0.0)
      least = fmin(least, fabs(x->data[k]));
  for (size_t k = 0; k < c->J->slices * c->J->rows; k++)
    if (c->row_scale[k] == 0.0) {
      noise[k] = fmax(noise[k], 256.0 * DBL_EPSILON * size / least);
      any = any || noise[k] > 0.0;
    }
  return any;
}

/* The same with what rounding makes of rows that are 0 but for it. */
static enum jac_status again_where_zero(struct jac_checking *c,
                                        const struct jac_array3 *other, double tolerance,
                                        const struct jac_rounding *rounding,
                                        struct jac_error *err) {
  double *noise = calloc(c->J->slices * c->J->rows + 1, sizeof *noise);
  bool any = false;
  if (noise == NULL)
    return jac_fail_memory(err);
  enum jac_status status = jac_check_row_noise(c, noise, &any, err);
  any = zero_rows(c, noise) || any;
  if (status == JAC_OK && any) {
    *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_OTHER};
    c->row_noise = noise;
    each_entry(c, other, tolerance, rounding, NULL);
    c->row_noise = NULL;
  }
  free(noise);
  return status;
}

/* The same once more where differences find kinks. */
static enum jac_status without_kinks(struct jac_checking *c,
                                     const struct jac_array3 *other, double tolerance,
                                     const struct jac_rounding *rounding,
                                     struct jac_error *err) {
  struct jac_kinks kinks = {NULL, 0, 0, false};
  struct jac_check_result difference = {.reference = JAC_REFERENCE_DIFFERENCE};
  struct jac_checking own = *c;
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, 1};
  own.result = &difference;
  own.kinks = &kinks;
  enum jac_status status = jac_check_difference(&own, &options, err);
  if (status == JAC_OK && kinks.full)
    status = jac_fail_memory(err);
  if (status == JAC_OK && kinks.count > 0) {
    qsort(kinks.kink, kinks.count, sizeof *kinks.kink, by_place);
    *c->result = (struct jac_check_result){.reference = JAC_REFERENCE_OTHER};
    each_entry(c, other, tolerance, rounding, &kinks);
  }
  free(kinks.kink);
  return status;
}

enum jac_status jac_check_against(const struct jac_map *map, jac_point x, size_t wrt,
                                  const struct jac_array3 *J,
                                  const struct jac_array3 *other, double tolerance,
                                  const struct jac_rounding *rounding,
                                  struct jac_check_result *result,
                                  struct jac_error *err) {
  struct jac_pattern pattern;
  enum jac_status status = jac_pattern_new(map, wrt, &pattern, err);
  if (status != JAC_OK)
    return status;
  *result = (struct jac_check_result){.reference = JAC_REFERENCE_OTHER};
  struct jac_checking c = {
      .map = map, .x = x, .wrt = wrt, .J = J, .pattern = &pattern, .result = result};
  double *scales;
  status = jac_checking_start(&c, &scales, err);
  c.poisoned = false; /* what stands in a file is no product */
  if (status == JAC_OK)
    each_entry(&c, other, tolerance, rounding, NULL);
  if (status == JAC_OK && result->wrong > 0)
    status = again_where_zero(&c, other, tolerance, rounding, err);
  if (status == JAC_OK && result->wrong > 0)
    status = without_kinks(&c, other, tolerance, rounding, err);
  jac_checking_judge(result);
  free(scales);
  jac_pattern_free(&pattern);
  return status;
}
