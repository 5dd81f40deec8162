/* {"ask": "differences"}: finite differences of every entry, with their own estimates of
 * their errors, in the form in which the Jacobian is shown. */
#include "visual/engine/ask.h"
#include "jacobian/difference.h"

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_array3 value, error;
  size_t evaluations;
  json_t *values = NULL, *errors = NULL;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  jac_array3_free(&asked.native);
  status = jac_difference_new(ask->subject.map, jac_values_point(&ask->subject.values),
                              asked.wrt, JAC_DIFFERENCE_COMPRESSED, &value, &error,
                              &evaluations, err);
  if (status != JAC_OK)
    return status;
  status = jac_layout_json(&asked.layout, &value, &values, err);
  if (status == JAC_OK)
    status = jac_layout_json(&asked.layout, &error, &errors, err);
  json_object_set_new(json, "values", values);
  json_object_set_new(json, "errors", errors);
  json_object_set_new(json, "evaluations", json_integer((json_int_t)evaluations));
  jac_array3_free(&value);
  jac_array3_free(&error);
  return status;
}

const struct jac_ask_type jac_ask_differences = {.name = "differences", .answer = answer};
