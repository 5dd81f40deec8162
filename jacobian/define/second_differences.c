#include "jacobian/define/second_differences.h"

#include "jacobian/difference.h"
#include "jacobian/order.h"

#include <stdlib.h>

/* A map of products of the other map, which is second->of. */
struct products {
  struct jac_map map;
  const struct jac_map *of;
  size_t along;          /* the variable of the direction */
  const gsl_matrix *way; /* the direction */
};

static const struct products *of_map(const struct jac_map *map) {
  return (const struct products *)map;
}

/* An output a row: its gradient by the first variable. */
static enum jac_status rows(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct jac_map *of = of_map(map)->of;
  const struct jac_variable *first = &of->var[map->of_wrt];
  size_t height, width;
  jac_variable_storage(first, &height, &width);
  gsl_matrix *unit = jac_matrix_calloc(of->rows, of->cols);
  gsl_matrix *gradient = jac_matrix_alloc(height, width);
  double *row = malloc((map->cols + 1) * sizeof *row);
  enum jac_status status =
      unit != NULL && gradient != NULL && row != NULL ? JAC_OK : JAC_ENOMEM;
  for (size_t k = 0; k < map->rows && status == JAC_OK; k++) {
    unit->data[k] = 1.0;
    status = jac_map_vjp(of, x, map->of_wrt, unit, gradient, NULL);
    unit->data[k] = 0.0;
    if (status != JAC_OK)
      break;
    jac_vec(first, map->of_order, gradient, row);
    for (size_t j = 0; j < map->cols; j++)
      gsl_matrix_set(y, k, j, row[j]);
  }
  free(row);
  gsl_matrix_free(gradient);
  gsl_matrix_free(unit);
  return status;
}

static enum jac_status along(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct products *p = of_map(map);
  return jac_map_jvp(p->of, x, p->along, p->way, y, NULL);
}

static const struct jac_map_type rows_type = {.name = "rows by products",
                                              .forward = rows},
                                 along_type = {.name = "a product", .forward = along};

enum jac_status jac_second_by_rows(const struct jac_map *second, jac_point x, size_t wrt,
                                   struct jac_array3 *J) {
  struct products p = {.map = *second, .of = second->of};
  struct jac_array3 value;
  size_t evaluations;
  p.map.type = &rows_type;
  enum jac_status status = jac_difference_new(&p.map, x, wrt, JAC_DIFFERENCE_PLAIN,
                                              &value, NULL, &evaluations, NULL);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < J->slices; k++)
    for (size_t i = 0; i < J->rows; i++)
      for (size_t j = 0; j < J->cols; j++)
        *jac_array3_at(J, k, i, j) = *jac_array3_at(&value, k, i, j);
  jac_array3_free(&value);
  return JAC_OK;
}

enum jac_status jac_second_along(const struct jac_map *second, jac_point x, size_t of,
                                 const gsl_matrix *way, size_t wrt, double *out) {
  struct products p = {.map = *second->of, .of = second->of, .along = of, .way = way};
  struct jac_array3 value;
  size_t evaluations;
  p.map.type = &along_type;
  enum jac_status status = jac_difference_new(&p.map, x, wrt, JAC_DIFFERENCE_PLAIN,
                                              &value, NULL, &evaluations, NULL);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < value.slices * value.rows; k++)
    for (size_t j = 0; j < value.cols; j++)
      out[k * value.cols + j] = *jac_array3_at(&value, k / value.rows, k % value.rows, j);
  jac_array3_free(&value);
  return JAC_OK;
}
