/* The explicit Jacobian against the fast products: every row from a unit cotangent, every
 * column from a unit tangent; for large ones, random combinations and a search for the
 * entry at fault. */
#include "jacobian/check_internal.h"
#include "jacobian/order.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>

/* Products by unit vectors up to this many numbers made in all; beyond, PROBES random
 * ones. */
enum { UNIT_WORK = 1 << 26, UNIT_PRODUCTS = 4096, PROBES = 4 };

struct product {
  struct jac_checking *c;
  gsl_matrix *output, *variable; /* a cotangent or a result; a gradient or a tangent */
  double *vector;                /* the variable as the numbers of its columns */
  bool per_sample;               /* slices have columns of their own */
  size_t copies;                 /* samples that one product serves at once */
};

static enum jac_status start(struct product *p, struct jac_checking *c) {
  const struct jac_variable *var = &c->map->var[c->wrt];
  size_t rows, cols;
  jac_variable_storage(var, &rows, &cols);
  p->c = c;
  p->per_sample = var->role == JAC_DATA && !c->map->coupled;
  p->copies = p->per_sample ? c->map->batch : 1;
  p->output = jac_matrix_calloc(c->map->rows, c->map->cols);
  p->variable = jac_matrix_calloc(rows, cols);
  p->vector = malloc((rows * cols + 1) * sizeof *p->vector);
  return p->output != NULL && p->variable != NULL && p->vector != NULL ? JAC_OK
                                                                       : JAC_ENOMEM;
}

static void finish(struct product *p) {
  gsl_matrix_free(p->output);
  gsl_matrix_free(p->variable);
  free(p->vector);
}

/* A product and the explicit Jacobian are both off by rounding, which the modules before
 * and behind magnify: a norm of two nearly equal numbers by 1 / sqrt(eps) each. */
static double rounding(const struct jac_checking *c, size_t slice, size_t row) {
  return 1e-10 * c->row_scale[slice * c->J->rows + row] + 1e-12 * c->scale +
         64.0 * jac_checking_noise(c, slice) + jac_checking_blur(c, slice, row);
}

/* Whether a product of slice s meets an infinite entry beside the one that it is for, in
 * its row or in its column: infinity times 0 is not a number, and says nothing. */
static bool meets_infinity(const struct jac_array3 *J, size_t s, size_t i, size_t j) {
  bool meets = false;
  for (size_t k = 0; k < J->cols && !meets; k++)
    meets = k != j && !isfinite(*jac_array3_at(J, s, i, k));
  for (size_t k = 0; k < J->rows && !meets; k++)
    meets = k != i && !isfinite(*jac_array3_at(J, s, k, j));
  return meets;
}

static void compare(const struct product *p, size_t s, size_t i, size_t j,
                    double reference) {
  struct jac_checked_entry entry = {.slice = s,
                                    .row = i,
                                    .col = j,
                                    .jacobian = *jac_array3_at(p->c->J, s, i, j),
                                    .reference = reference,
                                    .tolerance = rounding(p->c, s, i)};
  if (isnan(reference) && isfinite(entry.jacobian) && meets_infinity(p->c->J, s, i, j)) {
    p->c->result->unreliable++;
    return;
  }
  jac_checking_entry(p->c, &entry);
}

/* Rows i of `copies` slices from slice s on, from one cotangent. */
static enum jac_status rows_at_once(struct product *p, size_t s, size_t i) {
  struct jac_checking *c = p->c;
  const struct jac_array3 *J = c->J;
  for (size_t n = 0; n < p->copies; n++)
    p->output->data[(s + n) * J->rows + i] = 1.0;
  enum jac_status status =
      c->map->type->vjp(c->map, c->x, c->wrt, p->output, p->variable);
  c->result->evaluations++;
  for (size_t n = 0; n < p->copies; n++)
    p->output->data[(s + n) * J->rows + i] = 0.0;
  if (status != JAC_OK)
    return status;
  jac_vec(&c->map->var[c->wrt], JAC_ORDER_F, p->variable, p->vector);
  for (size_t n = 0; n < p->copies; n++)
    for (size_t j = 0; j < J->cols; j++)
      compare(p, s + n, i, j, p->vector[n * J->cols + j]);
  return JAC_OK;
}

/* Column j of all slices, from one tangent. */
static enum jac_status column_at_once(struct product *p, size_t j) {
  struct jac_checking *c = p->c;
  const struct jac_array3 *J = c->J;
  for (size_t k = 0; k < p->copies * J->cols; k++)
    p->vector[k] = 0.0;
  for (size_t n = 0; n < p->copies; n++)
    p->vector[n * J->cols + j] = 1.0;
  jac_unvec(&c->map->var[c->wrt], JAC_ORDER_F, p->vector, p->variable);
  enum jac_status status =
      c->map->type->jvp(c->map, c->x, c->wrt, p->variable, p->output);
  c->result->evaluations++;
  if (status != JAC_OK)
    return status;
  for (size_t s = 0; s < J->slices; s++)
    for (size_t i = 0; i < J->rows; i++)
      compare(p, s, i, j, p->output->data[s * J->rows + i]);
  return JAC_OK;
}

/* The dot product of a row of J with the tangent of that slice in p->vector, over columns
 * from to to, and the sum of the magnitudes in it. */
static double dot_row(const struct product *p, size_t s, size_t i, size_t from, size_t to,
                      double *magnitude) {
  const double *row = jac_array3_at(p->c->J, s, i, 0);
  const double *t = p->vector + (p->per_sample ? s * p->c->J->cols : 0);
  double sum = 0.0;
  *magnitude = 0.0;
  for (size_t j = from; j < to; j++) {
    sum += row[j] * t[j];
    *magnitude += fabs(row[j] * t[j]);
  }
  return sum;
}

/* The column at fault in a row, by halving the tangent's support. */
static enum jac_status find_column(struct product *p, const double *tangent, size_t s,
                                   size_t i, struct jac_checked_entry *found) {
  struct jac_checking *c = p->c;
  size_t cols = c->J->cols, from = 0, to = cols;
  while (to - from > 1) {
    size_t middle = from + (to - from) / 2;
    for (size_t k = 0; k < p->copies * cols; k++)
      p->vector[k] = k % cols >= from && k % cols < middle ? tangent[k] : 0.0;
    jac_unvec(&c->map->var[c->wrt], JAC_ORDER_F, p->vector, p->variable);
    enum jac_status status =
        c->map->type->jvp(c->map, c->x, c->wrt, p->variable, p->output);
    c->result->evaluations++;
    if (status != JAC_OK)
      return status;
    double magnitude, mine = dot_row(p, s, i, from, middle, &magnitude);
    double theirs = p->output->data[s * c->J->rows + i];
    if (fabs(mine - theirs) > 1e-12 * (magnitude + fabs(theirs)))
      to = middle;
    else
      from = middle;
  }
  double t = tangent[(p->per_sample ? s * cols : 0) + from];
  for (size_t k = 0; k < p->copies * cols; k++)
    p->vector[k] = k % cols == from ? t : 0.0;
  jac_unvec(&c->map->var[c->wrt], JAC_ORDER_F, p->vector, p->variable);
  enum jac_status status =
      c->map->type->jvp(c->map, c->x, c->wrt, p->variable, p->output);
  c->result->evaluations++;
  found->col = from;
  found->jacobian = *jac_array3_at(c->J, s, i, from);
  found->reference = p->output->data[s * c->J->rows + i] / t;
  return status;
}

/* One random tangent: each row's product with it, and the entry where one is wrong. */
static enum jac_status probe_columns(struct product *p, gsl_rng *rng) {
  struct jac_checking *c = p->c;
  const struct jac_array3 *J = c->J;
  size_t count = p->copies * J->cols, outputs = J->slices * J->rows;
  double *tangent = malloc((count + outputs + 1) * sizeof *tangent);
  if (tangent == NULL)
    return JAC_ENOMEM;
  double *theirs = tangent + count;
  for (size_t k = 0; k < count; k++)
    p->vector[k] = tangent[k] = gsl_ran_ugaussian(rng);
  jac_unvec(&c->map->var[c->wrt], JAC_ORDER_F, p->vector, p->variable);
  enum jac_status status =
      c->map->type->jvp(c->map, c->x, c->wrt, p->variable, p->output);
  c->result->evaluations++;
  for (size_t k = 0; k < outputs; k++)
    theirs[k] = p->output->data[k];
  for (size_t k = 0; k < outputs && status == JAC_OK; k++) {
    double magnitude;
    for (size_t e = 0; e < count; e++)
      p->vector[e] = tangent[e];
    struct jac_checked_entry entry = {.slice = k / J->rows, .row = k % J->rows};
    entry.jacobian = dot_row(p, entry.slice, entry.row, 0, J->cols, &magnitude);
    entry.reference = theirs[k];
    entry.tolerance = 1e-12 * (magnitude + fabs(theirs[k])) + 1e-13 * c->scale;
    if (fabs(entry.jacobian - entry.reference) > entry.tolerance &&
        c->result->wrong < JAC_CHECK_LISTED)
      status = find_column(p, tangent, entry.slice, entry.row, &entry);
    jac_checking_entry(c, &entry);
  }
  free(tangent);
  return status;
}

/* One random cotangent: the combination of rows that it makes, column by column. */
static enum jac_status probe_rows(struct product *p, gsl_rng *rng) {
  struct jac_checking *c = p->c;
  const struct jac_array3 *J = c->J;
  size_t count = p->copies * J->cols;
  double *mine = calloc(2 * count + 1, sizeof *mine);
  if (mine == NULL)
    return JAC_ENOMEM;
  double *magnitude = mine + count;
  for (size_t k = 0; k < J->slices * J->rows; k++)
    p->output->data[k] = gsl_ran_ugaussian(rng);
  enum jac_status status =
      c->map->type->vjp(c->map, c->x, c->wrt, p->output, p->variable);
  c->result->evaluations++;
  if (status == JAC_OK)
    jac_vec(&c->map->var[c->wrt], JAC_ORDER_F, p->variable, p->vector);
  for (size_t k = 0; k < J->slices * J->rows; k++) {
    const double *row = J->data + k * J->cols;
    size_t at = p->per_sample ? k / J->rows * J->cols : 0;
    for (size_t j = 0; j < J->cols; j++) {
      mine[at + j] += p->output->data[k] * row[j];
      magnitude[at + j] += fabs(p->output->data[k] * row[j]);
    }
  }
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    struct jac_checked_entry entry = {.slice = k / J->cols,
                                      .col = k % J->cols,
                                      .jacobian = mine[k],
                                      .reference = p->vector[k]};
    entry.tolerance = 1e-12 * (magnitude[k] + fabs(entry.reference)) + 1e-13 * c->scale;
    jac_checking_entry(c, &entry);
  }
  free(mine);
  return status;
}

static enum jac_status probe(struct product *p, const struct jac_check_options *options,
                             enum jac_status (*one)(struct product *, gsl_rng *)) {
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return JAC_ENOMEM;
  gsl_rng_set(rng, options->seed + 1);
  p->c->result->probed = true;
  enum jac_status status = JAC_OK;
  for (int k = 0; k < PROBES && status == JAC_OK; k++)
    status = one(p, rng);
  gsl_rng_free(rng);
  return status;
}

/* Whether count products by unit vectors are affordable. */
static bool affordable(const struct jac_checking *c, size_t count) {
  double size = (double)c->J->slices * (double)c->J->rows * (double)c->J->cols;
  return count <= UNIT_PRODUCTS && size <= UNIT_WORK;
}

enum jac_status jac_check_vjp(struct jac_checking *c,
                              const struct jac_check_options *options,
                              struct jac_error *err) {
  struct product p = {0};
  enum jac_status status = start(&p, c);
  size_t passes = c->J->slices / p.copies;
  if (status == JAC_OK && !affordable(c, passes * c->J->rows))
    status = probe(&p, options, probe_rows);
  else
    for (size_t s = 0; s < c->J->slices && status == JAC_OK; s += p.copies)
      for (size_t i = 0; i < c->J->rows && status == JAC_OK; i++)
        status = rows_at_once(&p, s, i);
  finish(&p);
  return jac_map_fail(c->map, status, err);
}

enum jac_status jac_check_jvp(struct jac_checking *c,
                              const struct jac_check_options *options,
                              struct jac_error *err) {
  struct product p = {0};
  enum jac_status status = start(&p, c);
  if (status == JAC_OK && !affordable(c, c->J->cols))
    status = probe(&p, options, probe_columns);
  else
    for (size_t j = 0; j < c->J->cols && status == JAC_OK; j++)
      status = column_at_once(&p, j);
  finish(&p);
  return jac_map_fail(c->map, status, err);
}
