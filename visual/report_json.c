#include "visual/json.h"
#include "visual/report.h"

static const char *against(const struct jac_report *r, enum jac_reference reference) {
  static const char *const names[] = {"finite differences", "vector-Jacobian products",
                                      "Jacobian-vector products"};
  return reference == JAC_REFERENCE_OTHER ? r->file : names[reference];
}

static json_t *label(void (*add)(const struct jac_report *,
                                 const struct jac_checked_entry *, enum jac_notation,
                                 struct jac_buffer *),
                     const struct jac_report *r, const struct jac_checked_entry *e) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  add(r, e, JAC_NOTATION_LATEX, &text);
  json_t *json = json_string(text.text);
  jac_buffer_free(&text);
  return json;
}

static json_t *text_or_null(const char *text) {
  return text != NULL ? json_string(text) : json_null();
}

/* The result that a wrong shape has: nothing was compared. */
static json_t *object(const struct jac_report *r, const struct jac_check_result *result) {
  const struct jac_checked_entry *worst = NULL;
  if (result != NULL && result->nonfinite > 0)
    worst = &result->first_nonfinite;
  else if (result != NULL && result->kinks > 0 && result->wrong == 0 &&
           result->listed > 0)
    worst = &result->list[0];
  else if (result != NULL && result->any)
    worst = &result->worst;
  json_t *entry = json_null();
  if (worst != NULL)
    entry = json_pack("{s:o, s:o, s:o, s:o}", "row", label(jac_report_row, r, worst),
                      "column", label(jac_report_column, r, worst), "jacobian",
                      jac_json_number(worst->jacobian), "reference",
                      jac_json_number(worst->reference));
  return json_pack(
      "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "module", r->map->spec, "wrt",
      r->map->var[r->wrt].name, "against",
      result != NULL ? against(r, result->reference) : r->file, "verdict",
      jac_verdict_name(result != NULL ? result->verdict : JAC_VERDICT_DIFFERS),
      "max_abs_error",
      result != NULL ? jac_json_number(result->max_abs_error) : json_null(),
      "max_rel_error",
      result != NULL ? jac_json_number(result->max_rel_error) : json_null(), "tolerance",
      worst != NULL ? jac_json_number(worst->tolerance) : json_null(), "worst", entry,
      "diagnosis",
      result == NULL || result->verdict == JAC_VERDICT_DIFFERS
          ? text_or_null(r->diagnosis)
      : r->how != NULL ? json_sprintf("holds, %s", r->how)
                       : json_null());
}

enum jac_status jac_report_json(const struct jac_report *report, json_t *array,
                                struct jac_error *err) {
  for (size_t k = 0; k < (report->shape_wrong ? 1 : report->count); k++)
    if (json_array_append_new(
            array, object(report, report->shape_wrong ? NULL : &report->result[k])) != 0)
      return jac_fail_memory(err);
  return JAC_OK;
}
