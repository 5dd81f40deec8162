/* {"ask": "curve", "slice", "row", "col"}: the plain differences of one entry at steps
 * from 1 down to 1e-15, to see truncation against rounding: forward (f(x + h) - f(x))/h
 * and central (f(x + h) - f(x - h))/2h. */
#include "jacobian/text.h"
#include "visual/engine/ask.h"
#include "visual/json.h"

#include <math.h>

enum { STEPS = 61 }; /* four a decade */

/* The output of one place as a function of one entry of the variable. */
struct line {
  const struct jac_ask *ask;
  size_t wrt, offset, output;
  gsl_matrix *y;
};

static double at(struct line *line, double value) {
  const struct jac_ask *ask = line->ask;
  double *x = &ask->subject.values.matrix[line->wrt]->data[line->offset], before = *x;
  *x = value;
  enum jac_status status = ask->subject.map->type->forward(
      ask->subject.map, jac_values_point(&ask->subject.values), line->y);
  *x = before;
  return status == JAC_OK ? line->y->data[line->output] : NAN;
}

static enum jac_status place(const struct jac_ask *ask, const struct jac_asked *asked,
                             struct line *line, double *jacobian, struct jac_error *err) {
  const struct jac_layout *layout = &asked->layout;
  size_t slice = jac_ask_count(ask, "slice", 0), row = jac_ask_count(ask, "row", 0);
  size_t col = jac_ask_count(ask, "col", 0), native[3], index[3], sample, feature;
  if (slice >= layout->slices || row >= layout->rows || col >= layout->cols)
    return jac_fail(err, JAC_EINPUT, _("the Jacobian has no such entry"));
  const struct jac_variable *var = &ask->subject.map->var[asked->wrt];
  jac_layout_output(layout, slice, row, &sample, &feature);
  jac_layout_variable(layout, slice, col, index);
  line->output = sample * ask->subject.map->cols + feature;
  line->offset = jac_number_to_offset(var, JAC_ORDER_C,
                                      jac_index_to_number(var, JAC_ORDER_C, index));
  *jacobian = jac_layout_native(layout, slice, row, col, native)
                  ? *jac_array3_at(&asked->native, native[0], native[1], native[2])
                  : 0.0;
  return JAC_OK;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct line line = {.ask = ask};
  double jacobian = 0.0;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  line.wrt = asked.wrt;
  line.y = gsl_matrix_alloc(ask->subject.map->rows, ask->subject.map->cols);
  status =
      line.y == NULL ? jac_fail_memory(err) : place(ask, &asked, &line, &jacobian, err);
  if (status == JAC_OK) {
    json_t *steps = json_array(), *forward = json_array(), *central = json_array();
    double x = ask->subject.values.matrix[line.wrt]->data[line.offset];
    double here = at(&line, x);
    for (int k = 0; k < STEPS; k++) {
      volatile double h = pow(10.0, -k / 4.0);
      double right = at(&line, x + h), left = at(&line, x - h);
      json_array_append_new(steps, jac_json_number(h));
      json_array_append_new(forward, jac_json_number((right - here) / h));
      json_array_append_new(central, jac_json_number((right - left) / (2.0 * h)));
    }
    json_object_set_new(json, "steps", steps);
    json_object_set_new(json, "forward", forward);
    json_object_set_new(json, "central", central);
    json_object_set_new(json, "jacobian", jac_json_number(jacobian));
    json_object_set_new(json, "at", jac_json_number(x));
  }
  gsl_matrix_free(line.y);
  jac_array3_free(&asked.native);
  return status;
}

const struct jac_ask_type jac_ask_curve = {.name = "curve", .answer = answer};
