#include "jacobian/rows.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_variable *variable(const struct jac_rows *rows) {
  return &rows->map->var[rows->wrt];
}

static bool renumbered(const struct jac_rows *rows) {
  const struct jac_variable *var = variable(rows);
  return rows->order == JAC_ORDER_C && var->role == JAC_PARAMETER && var->ndim > 1;
}

static enum jac_rows_way choose(const struct jac_rows *rows, size_t memory) {
  struct jac_structure structure = jac_map_structure(rows->map, rows->wrt);
  size_t bytes;
  if (rows->slices > 1)
    return JAC_ROWS_PRODUCTS;
  if (structure.width > 0 && !structure.written && structure.columns == NULL)
    return JAC_ROWS_PACKED;
  return jac_array3_bytes(1, rows->rows, rows->cols, &bytes) && bytes <= memory
             ? JAC_ROWS_WHOLE
             : JAC_ROWS_PRODUCTS;
}

static enum jac_status make_room(struct jac_rows *rows, struct jac_error *err) {
  const struct jac_map *map = rows->map;
  size_t height = rows->way == JAC_ROWS_WHOLE ? rows->rows : 1, r, c;
  if (rows->way != JAC_ROWS_PRODUCTS) {
    enum jac_status status = jac_array3_alloc(1, height, rows->cols, &rows->J, err);
    if (status != JAC_OK)
      return status;
    rows->J.rows = rows->rows;
    rows->J.row_step = rows->way == JAC_ROWS_PACKED ? 0 : rows->cols;
  } else {
    jac_variable_storage(variable(rows), &r, &c);
    rows->cotangent = jac_matrix_calloc(map->rows, map->cols);
    rows->gradient = jac_matrix_alloc(r, c);
    if (rows->cotangent == NULL || rows->gradient == NULL)
      return jac_fail_memory(err);
  }
  rows->column = calloc(rows->cols + 1, sizeof *rows->column);
  rows->value = calloc(rows->cols + 1, sizeof *rows->value);
  if (renumbered(rows)) {
    rows->native = calloc(rows->cols + 1, sizeof *rows->native);
    rows->place = calloc(rows->cols + 1, sizeof *rows->place);
  }
  if (rows->column == NULL || rows->value == NULL ||
      (renumbered(rows) && (rows->native == NULL || rows->place == NULL)))
    return jac_fail_memory(err);
  return JAC_OK;
}

enum jac_status jac_rows_new(const struct jac_map *map, size_t wrt, enum jac_order order,
                             size_t memory, struct jac_rows *rows,
                             struct jac_error *err) {
  *rows = (struct jac_rows){.map = map, .wrt = wrt, .order = order};
  jac_map_jacobian_shape(map, wrt, &rows->slices, &rows->rows, &rows->cols);
  rows->way = choose(rows, memory);
  enum jac_status status = make_room(rows, err);
  if (status != JAC_OK)
    jac_rows_free(rows);
  return status;
}

void jac_rows_free(struct jac_rows *rows) {
  jac_array3_free(&rows->J);
  gsl_matrix_free(rows->cotangent);
  gsl_matrix_free(rows->gradient);
  free(rows->column);
  free(rows->native);
  free(rows->place);
  free(rows->value);
  *rows = (struct jac_rows){.map = NULL};
}

enum jac_status jac_rows_at(struct jac_rows *rows, jac_point x, struct jac_error *err) {
  rows->x = x;
  if (rows->way == JAC_ROWS_PRODUCTS)
    return JAC_OK;
  /* A view that is not contiguous is cleared here. */
  if (rows->way == JAC_ROWS_PACKED && !rows->J.clear) {
    memset(rows->J.data, 0, rows->cols * sizeof *rows->J.data);
    rows->J.clear = true;
  }
  return jac_map_jacobian(rows->map, x, rows->wrt, &rows->J, err);
}

/* The columns' other numbers, sorted; place[k] says which of the native ones is the k-th.
 * They are nearly always sorted already: an insertion moves little. */
static void renumber(struct jac_rows *rows, size_t count) {
  const struct jac_variable *var = variable(rows);
  for (size_t k = 0; k < count; k++) {
    size_t index[3], at = k;
    jac_number_to_index(var, JAC_ORDER_F, rows->native[k], index);
    size_t number = jac_index_to_number(var, JAC_ORDER_C, index);
    for (; at > 0 && rows->column[at - 1] > number; at--) {
      rows->column[at] = rows->column[at - 1];
      rows->place[at] = rows->place[at - 1];
    }
    rows->column[at] = number;
    rows->place[at] = k;
  }
}

size_t jac_rows_columns(struct jac_rows *rows, size_t row) {
  if (!renumbered(rows))
    return jac_map_columns(rows->map, rows->wrt, row, rows->column);
  size_t count = jac_map_columns(rows->map, rows->wrt, row, rows->native);
  if (count < rows->cols) {
    renumber(rows, count);
    return count;
  }
  /* All columns, in their order; where each comes from. */
  for (size_t k = 0; k < count; k++) {
    size_t index[3];
    jac_number_to_index(variable(rows), JAC_ORDER_C, k, index);
    rows->column[k] = k;
    rows->place[k] = jac_index_to_number(variable(rows), JAC_ORDER_F, index);
  }
  return count;
}

/* The gradient of one output is its row. */
static enum jac_status differentiate(struct jac_rows *rows, size_t row,
                                     struct jac_error *err) {
  size_t cols = rows->map->cols, output = rows->slice * rows->rows + row;
  gsl_matrix_set(rows->cotangent, output / cols, output % cols, 1.0);
  enum jac_status status =
      jac_map_vjp(rows->map, rows->x, rows->wrt, rows->cotangent, rows->gradient, err);
  gsl_matrix_set(rows->cotangent, output / cols, output % cols, 0.0);
  return status;
}

enum jac_status jac_rows_read(struct jac_rows *rows, size_t row, size_t *count,
                              struct jac_error *err) {
  *count = jac_rows_columns(rows, row);
  if (rows->way == JAC_ROWS_PRODUCTS) {
    enum jac_status status = differentiate(rows, row, err);
    if (status != JAC_OK)
      return status;
    const double *from = rows->gradient->data;
    if (variable(rows)->role == JAC_DATA)
      from += rows->slice * rows->cols;
    for (size_t k = 0; k < *count; k++)
      rows->value[k] =
          from[jac_number_to_offset(variable(rows), rows->order, rows->column[k])];
    return JAC_OK;
  }
  const double *from = jac_array3_at(&rows->J, 0, row, 0);
  const size_t *at = renumbered(rows) && *count < rows->cols ? rows->native : NULL;
  for (size_t k = 0; k < *count; k++) {
    size_t native = !renumbered(rows) ? rows->column[k]
                    : at != NULL      ? at[rows->place[k]]
                                      : rows->place[k];
    rows->value[k] = from[native];
  }
  return JAC_OK;
}
