/* {"ask": "values"}: the numbers of the Jacobian alone, slice by slice and row by row in
 * the form in which it is shown, handed over beside the answer: what changes when a value
 * is edited. */
#include "visual/engine/ask.h"

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_array3 shown;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  status = jac_layout_from_native(&asked.layout, &asked.native, &shown, err);
  jac_array3_free(&asked.native);
  if (status != JAC_OK)
    return status;
  ask->numbers = (struct jac_engine_numbers){shown.data,
                                             shown.slices * shown.rows * shown.cols};
  json_object_set_new(json, "form", json_string(jac_form_name(asked.layout.form)));
  json_object_set_new(json, "size",
                      json_pack("[I,I,I]", (json_int_t)shown.slices,
                                (json_int_t)shown.rows, (json_int_t)shown.cols));
  return JAC_OK;
}

const struct jac_ask_type jac_ask_values = {.name = "values", .answer = answer};
