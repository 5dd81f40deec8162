#include "visual/cli/foreign.h"

#include "jacobian/against.h"
#include "jacobian/diagnose.h"
#include "jacobian/text.h"
#include "visual/cli/suspects.h"

#include <math.h>
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

static enum jac_status diagnose(const struct judging *c, size_t wrt,
                                const struct jac_array3 *J,
                                const struct jac_reading *reading,
                                const struct jac_check_result *result,
                                struct jac_buffer *text, struct jac_error *err) {
  struct jac_suspects suspects;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count;
  enum jac_status status = jac_suspects_make(
      c->subject->map, jac_values_point(&c->subject->values), wrt, J, &suspects, err);
  if (status != JAC_OK)
    return status;
  suspects.tolerance = c->options->tolerance;
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
  for (size_t k = 0; k < count && k < 3 && status == JAC_OK && !turned; k++) {
    jac_buffer_add(text, text->length == 0 ? "" : k == 0 ? "; " : _("; or "));
    jac_diagnosis_write(&suspects, &found[k], text);
  }
  if (text->length == 0)
    note_rounding(result, text);
  if (text->length == 0)
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

enum jac_status jac_foreign_judge(const struct jac_options *options,
                                  const struct jac_subject *subject, size_t wrt,
                                  const struct jac_array3 *J,
                                  const struct jac_table *table,
                                  struct jac_foreign_verdict *verdict,
                                  struct jac_error *err) {
  const struct jac_map *map = subject->map;
  const struct judging c = {options, subject};
  struct jac_foreign foreign = {.ndim = table->ndim, .data = table->data};
  struct jac_reading reading = {.fits = false};
  *verdict = (struct jac_foreign_verdict){.diagnosis = JAC_BUFFER_INIT};
  memcpy(foreign.dims, table->dims, sizeof foreign.dims);
  enum jac_status status =
      jac_against_read(map, wrt, options->order, &foreign, &reading, err);
  memcpy(verdict->how, reading.how, sizeof verdict->how);
  verdict->fits = reading.fits;
  if (status == JAC_OK && reading.fits) {
    struct jac_check_result *result = &verdict->result;
    status = jac_check_against(map, jac_values_point(&subject->values), wrt, J,
                               &reading.native, options->tolerance, result, err);
    if (status == JAC_OK && (reading.outside > 0.0 || reading.transposed))
      result->verdict = JAC_VERDICT_DIFFERS;
    if (status == JAC_OK && result->verdict == JAC_VERDICT_DIFFERS)
      status = note_axes(&c, wrt, J, &foreign, &verdict->diagnosis, err);
    if (status == JAC_OK && result->verdict == JAC_VERDICT_DIFFERS &&
        verdict->diagnosis.length == 0)
      status = diagnose(&c, wrt, J, &reading, result, &verdict->diagnosis, err);
  } else if (status == JAC_OK) {
    struct jac_buffer *text = &verdict->diagnosis;
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
      .shape_wrong = !verdict->fits};
}
