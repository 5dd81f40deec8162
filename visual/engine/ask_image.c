/* {"ask": "image", "places": [[ROW, COLUMN], ...], "points": [[X, ...], ...]}: the
 * outputs where the variable's entries at those places have each point's values, point by
 * point, handed over beside the answer: where the function takes a square. */
#include "jacobian/text.h"
#include "visual/engine/ask.h"

#include <stdlib.h>

enum { PLACES = 8 };

/* The storage places that are moved. */
static enum jac_status read_places(const struct jac_ask *ask, const gsl_matrix *value,
                                   size_t place[PLACES], size_t *count,
                                   struct jac_error *err) {
  const json_t *list = json_object_get(ask->question, "places");
  *count = json_array_size(list);
  if (*count == 0 || *count > PLACES)
    return jac_fail(err, JAC_EINPUT, _("the Jacobian has no such entry"));
  for (size_t k = 0; k < *count; k++) {
    const json_t *at = json_array_get(list, k);
    json_int_t row = json_integer_value(json_array_get(at, 0));
    json_int_t col = json_integer_value(json_array_get(at, 1));
    if (row < 0 || col < 0 || (size_t)row >= value->size1 || (size_t)col >= value->size2)
      return jac_fail(err, JAC_EINPUT, _("the Jacobian has no such entry"));
    place[k] = (size_t)row * value->size2 + (size_t)col;
  }
  return JAC_OK;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const struct jac_map *map = ask->subject.map;
  const json_t *points = json_object_get(ask->question, "points");
  size_t size = map->rows * map->cols, count = json_array_size(points), places;
  size_t place[PLACES] = {0};
  if (ask->subject.nwrt == 0)
    return jac_fail(err, JAC_EINPUT, _("%s has no variable to differentiate by"),
                    map->spec);
  gsl_matrix *value = ask->subject.values.matrix[ask->subject.wrt[0]];
  enum jac_status status = read_places(ask, value, place, &places, err);
  if (status != JAC_OK)
    return status;
  double *data = calloc(count * size + 1, sizeof *data);
  if (data == NULL)
    return jac_fail_memory(err);
  for (size_t k = 0; k < count && status == JAC_OK; k++) {
    for (size_t p = 0; p < places; p++)
      value->data[place[p]] =
          json_number_value(json_array_get(json_array_get(points, k), p));
    gsl_matrix_view y = gsl_matrix_view_array(data + k * size, map->rows, map->cols);
    status = jac_map_forward(map, jac_values_point(&ask->subject.values), &y.matrix, err);
  }
  ask->numbers = (struct jac_engine_numbers){data, count * size};
  json_object_set_new(json, "size",
                      json_pack("[I,I]", (json_int_t)count, (json_int_t)size));
  return status;
}

const struct jac_ask_type jac_ask_image = {.name = "image", .answer = answer};
