#include "visual/json.h"
#include "visual/report.h"

static const char *against(const struct jac_report *r, enum jac_reference reference) {
  static const char *const names[] = {"finite differences", "vector-Jacobian products",
                                      "Jacobian-vector products"};
  if (reference == JAC_REFERENCE_CERTIFIED)
    return "certified intervals";
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

/* The result that a wrong shape has: nothing was compared. */
/* Long: a member of the object is a line. */
static json_t *object(const struct jac_report *r, const struct jac_check_result *result) {
  const struct jac_checked_entry *worst = NULL;
  if (result != NULL && result->nonfinite > 0)
    worst = &result->first_nonfinite;
  else if (result != NULL && result->kinks > 0 && result->wrong == 0 &&
           result->listed > 0)
    worst = &result->list[0];
  else if (result != NULL && result->any)
    worst = &result->worst;
  char wrt[JAC_WRT_SIZE];
  json_t *entry = json_null();
  if (worst != NULL)
    entry = json_pack("{s:o, s:o, s:o, s:o}", "row", label(jac_report_row, r, worst),
                      "column", label(jac_report_column, r, worst), "jacobian",
                      jac_json_number(worst->jacobian), "reference",
                      jac_json_number(worst->reference));
  return json_pack(
      "{s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "module",
      jac_json_text(r->map->spec), "wrt", jac_map_wrt(r->map, r->wrt, wrt), "against",
      jac_json_text(result != NULL ? against(r, result->reference) : r->file), "verdict",
      jac_verdict_name(result != NULL ? result->verdict : JAC_VERDICT_DIFFERS),
      "max_abs_error",
      result != NULL ? jac_json_number(result->max_abs_error) : json_null(),
      "max_rel_error",
      result != NULL ? jac_json_number(result->max_rel_error) : json_null(), "tolerance",
      worst != NULL ? jac_json_number(worst->tolerance) : json_null(), "worst", entry,
      "diagnosis",
      result == NULL || result->verdict == JAC_VERDICT_DIFFERS
          ? (r->diagnosis == NULL && r->drawn != NULL
                 ? json_sprintf(
                       "%s drawn from the seed: --set gives the numbers that the "
                       "file was made with",
                       r->drawn)
                 : jac_json_text(r->diagnosis))
      : r->how != NULL ? json_sprintf("holds, %s", r->how)
                       : json_null());
}

/* With --certify an object has one field more. */
static json_t *certified(const struct jac_report *r,
                         const struct jac_check_result *result) {
  const struct jac_certificate *c = r->certificate;
  if (r->claim != NULL)
    return json_boolean(r->certified);
  if (result == NULL || result->reference != JAC_REFERENCE_CERTIFIED)
    return json_null();
  return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:I}", "entries",
                   (json_int_t)c->entries, "proved", (json_int_t)c->proved, "kinks",
                   (json_int_t)c->kinks, "poles", (json_int_t)c->poles, "undecided",
                   (json_int_t)c->undecided, "max_ulp", jac_json_number(c->ulps), "bits",
                   (json_int_t)c->bits);
}

static json_t *whole(const struct jac_report *r, const struct jac_check_result *result) {
  json_t *json = object(r, result);
  if (json != NULL && (r->certificate != NULL || r->certified) &&
      json_object_set_new(json, "certified", certified(r, result)) != 0) {
    json_decref(json);
    return NULL;
  }
  return json;
}

enum jac_status jac_report_json(const struct jac_report *report, json_t *array,
                                struct jac_error *err) {
  for (size_t k = 0; k < (report->shape_wrong ? 1 : report->count); k++)
    if (json_array_append_new(
            array, whole(report, report->shape_wrong ? NULL : &report->result[k])) != 0)
      return jac_fail_memory(err);
  return JAC_OK;
}
