#include "jacobian/map.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jac_map_free(struct jac_map *map) {
  if (map == NULL)
    return;
  if (map->type->free != NULL)
    map->type->free(map);
  free(map->spec);
  free(map->var);
  free(map);
}

bool jac_variable_symbolic(const struct jac_variable *variable) {
  return variable->entry != NULL || variable->writer != NULL;
}

size_t jac_map_find(const struct jac_map *map, const char *name) {
  size_t v = 0;
  while (v < map->nvar && strcmp(map->var[v].name, name) != 0)
    v++;
  return v;
}

size_t jac_variable_size(const struct jac_variable *variable) {
  size_t size = 1;
  for (size_t d = 0; d < variable->ndim; d++)
    size *= variable->dims[d];
  return size;
}

void jac_variable_storage(const struct jac_variable *variable, size_t *rows,
                          size_t *cols) {
  *cols = variable->dims[variable->ndim - 1];
  *rows = 1;
  for (size_t d = 0; d + 1 < variable->ndim; d++)
    *rows *= variable->dims[d];
}

void jac_map_jacobian_shape(const struct jac_map *map, size_t wrt, size_t *slices,
                            size_t *rows, size_t *cols) {
  const struct jac_variable *variable = &map->var[wrt];
  *slices = map->coupled ? 1 : map->batch;
  *rows = map->coupled ? map->rows * map->cols : map->cols;
  *cols = !map->coupled && variable->role == JAC_DATA ? variable->dims[1]
                                                      : jac_variable_size(variable);
}

enum jac_status jac_map_check_point(const struct jac_map *map, jac_point x,
                                    struct jac_error *err) {
  for (size_t v = 0; v < map->nvar; v++) {
    size_t rows, cols;
    jac_variable_storage(&map->var[v], &rows, &cols);
    if (x[v]->size1 != rows || x[v]->size2 != cols)
      return jac_fail(err, JAC_EINPUT, _("%s is %zux%zu, %s needs %zux%zu"),
                      map->var[v].name, x[v]->size1, x[v]->size2, map->spec, rows, cols);
  }
  return JAC_OK;
}

const char *jac_map_wrt(const struct jac_map *map, size_t wrt, char text[JAC_WRT_SIZE]) {
  snprintf(text, JAC_WRT_SIZE, "%s%s%s",
           map->of != NULL ? map->of->var[map->of_wrt].name : "",
           map->of != NULL ? "," : "", map->var[wrt].name);
  return text;
}

const char *jac_map_shown(const struct jac_map *map) {
  return map->shown != NULL ? map->shown : map->definition;
}

struct jac_structure jac_map_structure(const struct jac_map *map, size_t wrt) {
  const struct jac_map_type *type = map->type;
  if (type->structure != NULL)
    return type->structure(map, wrt);
  return (struct jac_structure){.columns = type->support,
                                .written = type->dense != NULL && type->dense(map, wrt),
                                .alike = type->alike != NULL && type->alike(map, wrt)};
}

size_t jac_map_columns(const struct jac_map *map, size_t wrt, size_t row,
                       size_t *columns) {
  struct jac_structure structure = jac_map_structure(map, wrt);
  size_t slices, rows, count, first = structure.width * row;
  if (structure.columns != NULL)
    return structure.columns(map, wrt, row, columns);
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &count);
  if (structure.width > 0)
    count = structure.width;
  for (size_t k = 0; k < count; k++)
    columns[k] = first + k;
  return count;
}

enum jac_status jac_map_fail(const struct jac_map *map, enum jac_status status,
                             struct jac_error *err) {
  if (status == JAC_ELIMIT)
    return jac_fail(err, JAC_ELIMIT,
                    _("%.60s%s is too large to be worked out: take smaller sizes"),
                    map->spec, strlen(map->spec) > 60 ? "..." : "");
  return status == JAC_ENOMEM ? jac_fail_memory(err) : status;
}

enum jac_status jac_map_jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, struct jac_error *err) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  if (J->slices != slices || J->rows != rows || J->cols != cols)
    return jac_fail(
        err, JAC_EINPUT,
        _("the Jacobian of %s with respect to %s is %zux%zux%zu, the array is "
          "%zux%zux%zu"),
        map->spec, map->var[wrt].name, slices, rows, cols, J->slices, J->rows, J->cols);
  if (!jac_map_structure(map, wrt).written)
    jac_array3_clear(J);
  J->clear = false;
  enum jac_status status = jac_map_fail(map, map->type->jacobian(map, x, wrt, J), err);
  jac_array3_written();
  return status;
}

enum jac_status jac_map_jacobian_new(const struct jac_map *map, jac_point x, size_t wrt,
                                     struct jac_array3 *J, struct jac_error *err) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  enum jac_status status = jac_array3_alloc(slices, rows, cols, J, err);
  if (status != JAC_OK)
    return status;
  status = jac_map_jacobian(map, x, wrt, J, err);
  if (status != JAC_OK)
    jac_array3_free(J);
  return status;
}

enum jac_status jac_map_forward(const struct jac_map *map, jac_point x, gsl_matrix *y,
                                struct jac_error *err) {
  return jac_map_fail(map, map->type->forward(map, x, y), err);
}

enum jac_status jac_map_vjp(const struct jac_map *map, jac_point x, size_t wrt,
                            const gsl_matrix *cotangent, gsl_matrix *gradient,
                            struct jac_error *err) {
  return jac_map_fail(map, map->type->vjp(map, x, wrt, cotangent, gradient), err);
}

enum jac_status jac_map_jvp(const struct jac_map *map, jac_point x, size_t wrt,
                            const gsl_matrix *tangent, gsl_matrix *out,
                            struct jac_error *err) {
  return jac_map_fail(map, map->type->jvp(map, x, wrt, tangent, out), err);
}
