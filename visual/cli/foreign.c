#include "visual/cli/foreign.h"

#include "jacobian/against.h"
#include "jacobian/diagnose.h"
#include "jacobian/text.h"
#include "visual/cli/suspects.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct judging {
  const struct jac_options *options;
  const struct jac_subject *subject;
};

/* What is known of numbers that are nearly right: they were rounded, or are of single
 * precision. */
static void note_rounding(const struct jac_check_result *result, struct jac_buffer *out) {
  if (result->max_rel_error > 0.0 && result->max_rel_error < 1e-3 &&
      result->nonfinite == 0)
    jac_buffer_printf(out,
                      _("it agrees to about %d digits: rounded numbers? --tolerance %.0e "
                        "accepts it"),
                      (int)floor(-log10(result->max_rel_error)),
                      pow(10.0, ceil(log10(result->max_rel_error))));
}

/* How near a mistake must come, relative to the largest entry: as near as the numbers
 * themselves are. */
static double diagnosed_within(const struct judging *c, const struct jac_array3 *J,
                               const struct jac_rounding *rounding) {
  double most = 0.0, within = c->options->tolerance;
  for (size_t k = 0; k < J->slices * J->rows * J->cols; k++)
    most = isfinite(J->data[k]) ? fmax(most, fabs(J->data[k])) : most;
  return most > 0.0 && rounding != NULL
             ? fmax(within, 2.0 * jac_rounding_error(rounding, most) / most)
             : within;
}

/* What the numbers say of their own rounding, where they agree for it alone. */
static void add_rounding(const struct jac_rounding *rounding,
                         struct jac_foreign_verdict *verdict) {
  size_t used = strlen(verdict->how);
  if (rounding->decimals > 0)
    snprintf(verdict->how + used, sizeof verdict->how - used,
             JAC_PLURAL(", rounded to %d decimal", ", rounded to %d decimals",
                        (unsigned long)rounding->decimals),
             rounding->decimals);
  else
    snprintf(verdict->how + used, sizeof verdict->how - used, _(", rounded to %d digits"),
             rounding->digits);
}

/* Against the Jacobian, as exactly as the numbers are; *rounding: what they were rounded
 * to, or NULL. Where two digits, or few decimals, explain all entries, or all but a
 * quarter, they were rounded to these. */
static enum jac_status
judge_numbers(const struct judging *c, size_t wrt, const struct jac_array3 *J,
              const struct jac_reading *reading, const struct jac_rounding *coarse,
              const struct jac_rounding **rounding, struct jac_foreign_verdict *verdict,
              struct jac_error *err) {
  const struct jac_map *map = c->subject->map;
  jac_point x = jac_values_point(&c->subject->values);
  struct jac_check_result *result = &verdict->result, again;
  double tolerance = c->options->tolerance;
  size_t used = strlen(verdict->how);
  enum jac_status status = jac_check_against(map, x, wrt, J, &reading->native, tolerance,
                                             *rounding, result, err);
  if (status == JAC_OK && result->verdict == JAC_VERDICT_DIFFERS &&
      !c->options->tolerance_given && coarse->decimals + coarse->digits > 0) {
    status = jac_check_against(map, x, wrt, J, &reading->native, tolerance, coarse,
                               &again, err);
    if (status != JAC_OK || again.nonfinite > 0 || 4 * again.wrong > again.compared ||
        again.wrong >= result->wrong)
      return status;
    *result = again;
    *rounding = coarse;
    if (again.verdict != JAC_VERDICT_DIFFERS) {
      snprintf(verdict->how + used, sizeof verdict->how - used,
               coarse->digits > 0
                   ? _(", equal to the file's %d digits, which tell no more")
                   : _(", equal to the file's %d decimals, which tell no more"),
               coarse->digits > 0 ? coarse->digits : coarse->decimals);
      return JAC_OK;
    }
  }
  if (status == JAC_OK && *rounding != NULL && result->max_rel_error > tolerance)
    add_rounding(*rounding, verdict);
  return status;
}

static enum jac_status
diagnose(const struct judging *c, size_t wrt, const struct jac_array3 *J,
         const struct jac_reading *reading, const struct jac_rounding *rounding,
         struct jac_foreign_verdict *verdict, struct jac_error *err) {
  const struct jac_check_result *result = &verdict->result;
  struct jac_buffer *text = &verdict->diagnosis;
  struct jac_suspects suspects;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  enum jac_status status = jac_suspects_make(
      c->subject->map, jac_values_point(&c->subject->values), wrt, J, &suspects, err);
  if (status != JAC_OK)
    return status;
  suspects.tolerance = diagnosed_within(c, J, rounding);
  status = jac_diagnose(&suspects, &reading->native, found, &count, err);
  if (reading->outside > 0.0)
    jac_buffer_printf(text,
                      _("entries between different samples are not zero (largest %.3g)"),
                      reading->outside);
  else if (reading->transposed)
    jac_buffer_add(text,
                   _("its shape is that of the transpose: a row for every output is "
                     "needed"));
  /* What is right once it is turned has no other mistake. */
  bool turned = reading->transposed && result->wrong == 0 && result->nonfinite == 0;
  /* Nor is what has no number a slip: it would be called whatever is not compared. */
  turned = turned || (result->nonfinite > 0 && result->wrong == 0);
  for (size_t k = 0; k < count && k < 3 && status == JAC_OK && !turned; k++) {
    jac_buffer_add(text, text->length == 0 ? "" : k == 0 ? "; " : _("; or "));
    jac_diagnosis_write(&suspects, &found[k], text);
  }
  verdict->fact = text->length == 0;
  if (text->length == 0)
    note_rounding(result, text);
  if (text->length == 0 && 2 * result->wrong > result->compared)
    jac_diagnosis_hidden(&suspects, text);
  jac_suspects_free(&suspects);
  return status;
}

/* Of an array that is not the Jacobian as it stands: says so where it is with its axes in
 * another order. */
static enum jac_status note_axes(const struct judging *c, size_t wrt,
                                 const struct jac_array3 *J,
                                 const struct jac_foreign *foreign,
                                 struct jac_buffer *text, struct jac_error *err) {
  size_t axes[JAC_AGAINST_DIMS];
  bool found;
  enum jac_status status =
      jac_against_axes(c->subject->map, wrt, c->options->order, foreign, J,
                       c->options->tolerance, axes, &found, err);
  if (status != JAC_OK || !found)
    return status;
  struct jac_buffer list = JAC_BUFFER_INIT;
  for (size_t k = 0; k < foreign->ndim; k++)
    jac_buffer_printf(&list, "%s%zu", k > 0 ? ", " : "", axes[k]);
  jac_buffer_printf(
      text, _("its axes are in another order: np.transpose(J, (%s)) is the Jacobian"),
      list.text);
  jac_buffer_free(&list);
  return JAC_OK;
}

enum jac_status
jac_foreign_judge(const struct jac_options *options, const struct jac_subject *subject,
                  size_t wrt, const struct jac_array3 *J, const struct jac_table *table,
                  struct jac_foreign_verdict *verdict, struct jac_error *err) {
  const struct jac_map *map = subject->map;
  const struct judging c = {options, subject};
  struct jac_foreign foreign = {.ndim = table->ndim, .data = table->data};
  struct jac_reading reading = {.fits = false};
  *verdict = (struct jac_foreign_verdict){.diagnosis = JAC_BUFFER_INIT};
  memcpy(foreign.dims, table->dims, sizeof foreign.dims);
  struct jac_rounding found = jac_rounding_find(table->data, jac_table_size(table));
  struct jac_rounding coarse =
      jac_rounding_find_coarse(table->data, jac_table_size(table));
  const struct jac_rounding *rounding =
      !options->tolerance_given && found.decimals + found.digits > 0 ? &found : NULL;
  enum jac_status status =
      jac_against_read(map, wrt, options->order, &foreign, &reading, err);
  snprintf(verdict->how, sizeof verdict->how, "%s", reading.how);
  verdict->fits = reading.fits;
  if (status == JAC_OK && reading.fits) {
    struct jac_check_result *result = &verdict->result;
    status = judge_numbers(&c, wrt, J, &reading, &coarse, &rounding, verdict, err);
    if (status == JAC_OK && (reading.outside > 0.0 || reading.transposed))
      result->verdict = JAC_VERDICT_DIFFERS;
    if (status == JAC_OK && result->verdict == JAC_VERDICT_DIFFERS)
      status = note_axes(&c, wrt, J, &foreign, &verdict->diagnosis, err);
    if (status == JAC_OK && result->verdict == JAC_VERDICT_DIFFERS &&
        verdict->diagnosis.length == 0)
      status = diagnose(&c, wrt, J, &reading, rounding, verdict, err);
  } else if (status == JAC_OK) {
    struct jac_buffer *text = &verdict->diagnosis;
    verdict->fact = true;
    status = note_axes(&c, wrt, J, &foreign, text, err);
    jac_buffer_add(text, text->length > 0 ? "; " : "");
    jac_buffer_add(text, _("wrong shape: it is "));
    jac_dims_text(table->ndim, table->dims, text);
    jac_buffer_printf(text, _(", what fits is %s"), reading.expected);
  }
  if (reading.fits)
    jac_array3_free(&reading.native);
  return status;
}

/* Whether the Jacobian is another where variable v has other numbers. Where it is large
 * that is not tried: it may be. */
static enum jac_status depends_on(const struct jac_subject *subject, size_t wrt,
                                  const struct jac_array3 *J, size_t v, bool *depends,
                                  struct jac_error *err) {
  enum { LARGE = 1 << 18 };
  const struct jac_map *map = subject->map;
  size_t count = J->slices * J->rows * J->cols;
  struct jac_values other;
  struct jac_array3 moved = {0};
  *depends = count > LARGE;
  if (*depends)
    return JAC_OK;
  enum jac_status status = jac_values_new(map, 987654321, &other, err);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < map->nvar; k++)
    if (k != v)
      gsl_matrix_memcpy(other.matrix[k], subject->values.matrix[k]);
  status = jac_map_jacobian_new(map, jac_values_point(&other), wrt, &moved, err);
  for (size_t k = 0; k < count && status == JAC_OK; k++)
    *depends = *depends || !(moved.data[k] == J->data[k]);
  jac_array3_free(&moved);
  jac_values_free(&other);
  return status;
}

enum jac_status jac_foreign_drawn(const struct jac_options *options,
                                  const struct jac_subject *subject, size_t wrt,
                                  const struct jac_array3 *J, struct jac_buffer *names,
                                  struct jac_error *err) {
  bool *given = jac_subject_given(options, subject);
  enum jac_status status = given != NULL ? JAC_OK : jac_fail_memory(err);
  for (size_t v = 0; v < subject->map->nvar && status == JAC_OK; v++) {
    bool depends = false;
    if (!given[v])
      status = depends_on(subject, wrt, J, v, &depends, err);
    if (depends)
      jac_buffer_printf(names, "%s%s", names->length > 0 ? ", " : "",
                        subject->map->var[v].name);
  }
  free(given);
  return status;
}

struct jac_report jac_foreign_report(const struct jac_subject *subject, size_t wrt,
                                     const char *file,
                                     const struct jac_foreign_verdict *verdict) {
  return (struct jac_report){
      .map = subject->map,
      .wrt = wrt,
      .result = &verdict->result,
      .count = verdict->fits ? 1 : 0,
      .file = file,
      .reading = verdict->how,
      .diagnosis = verdict->diagnosis.length > 0 ? verdict->diagnosis.text : NULL,
      .fact = verdict->fact,
      .shape_wrong = !verdict->fits};
}
