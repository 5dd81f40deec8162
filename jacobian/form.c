#include "jacobian/form.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *jac_form_name(enum jac_form form) {
  static const char *const names[JAC_FORMS] = {N_("reduced"), N_("matrix"), N_("batch"),
                                               N_("full")};
  return names[form];
}

enum jac_form jac_form_default(const struct jac_map *map) {
  if (map->batch == 1)
    return JAC_FORM_MATRIX;
  return map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH;
}

static const struct jac_variable *variable(const struct jac_layout *layout) {
  return &layout->map->var[layout->wrt];
}

/* Data of samples that are not coupled: the only case where full is not the slices. */
static bool spreads(const struct jac_layout *layout) {
  return layout->form == JAC_FORM_FULL && !layout->map->coupled &&
         variable(layout)->role == JAC_DATA;
}

/* Whether columns stand elsewhere than in the native numbering. */
static bool renumbered(const struct jac_layout *layout) {
  const struct jac_variable *var = variable(layout);
  return layout->order == JAC_ORDER_C && var->role == JAC_PARAMETER && var->ndim > 1;
}

static enum jac_status refuse(const struct jac_map *map, enum jac_form form,
                              struct jac_error *err) {
  if (form == JAC_FORM_MATRIX && map->batch > 1)
    return jac_fail(err, JAC_EREFUSED,
                    _("the matrix form is for one sample, and there are %zu: take %s"),
                    map->batch,
                    map->coupled ? "--form full" : _("--form batch or --form full"));
  if (map->coupled && (form == JAC_FORM_BATCH || form == JAC_FORM_REDUCED))
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no %s form, for its samples are coupled (%s): take --form full"),
        map->spec, jac_form_name(form), _(map->coupled_reason));
  return JAC_OK;
}

static void set_blocks(struct jac_layout *layout) {
  const struct jac_map *map = layout->map;
  const struct jac_variable *var = variable(layout);
  bool per_sample = map->rows == map->batch;
  if (layout->form == JAC_FORM_FULL && map->batch > 1) {
    layout->block_rows = per_sample ? map->cols : 0;
    layout->block_cols = var->role == JAC_DATA ? var->dims[1] : 0;
  }
  /* Of one image, its rows: a convolution's Jacobian is doubly block Toeplitz. */
  bool one = layout->form != JAC_FORM_REDUCED && layout->block_cols == 0;
  if (one && var->role == JAC_DATA && var->width > 0) {
    layout->block_cols = var->width * var->channels;
    layout->block_rows = per_sample ? map->width * map->channels : 0;
  }
  if (var->role == JAC_PARAMETER && var->ndim > 1)
    layout->block_cols = layout->order == JAC_ORDER_F
                             ? jac_variable_size(var) / var->dims[var->ndim - 1]
                             : var->dims[var->ndim - 1];
}

enum jac_status jac_layout_make(const struct jac_map *map, size_t wrt, enum jac_form form,
                                enum jac_order order, struct jac_layout *layout,
                                struct jac_error *err) {
  *layout = (struct jac_layout){.map = map, .wrt = wrt, .form = form, .order = order};
  enum jac_status status = refuse(map, form, err);
  if (status != JAC_OK)
    return status;
  jac_map_jacobian_shape(map, wrt, &layout->slices, &layout->rows, &layout->cols);
  if (form == JAC_FORM_REDUCED)
    layout->order = JAC_ORDER_F;
  if (form == JAC_FORM_FULL && !map->coupled) {
    layout->rows *= map->batch;
    layout->cols *= spreads(layout) ? map->batch : 1;
    layout->slices = 1;
  }
  size_t bytes;
  if (!jac_array3_bytes(layout->slices, layout->rows, layout->cols, &bytes))
    return jac_fail(err, JAC_ELIMIT,
                    _("the %s form of %s with respect to %s is too large to "
                      "address"),
                    jac_form_name(form), map->spec, variable(layout)->name);
  set_blocks(layout);
  size_t *dims = layout->dims;
  if (form == JAC_FORM_BATCH || (form == JAC_FORM_REDUCED && map->batch > 1))
    dims[layout->ndim++] = layout->slices;
  dims[layout->ndim++] = layout->rows;
  if (form == JAC_FORM_REDUCED) {
    size_t size = layout->block_cols > 0 ? layout->block_cols : 1;
    dims[layout->ndim++] = layout->cols / size;
    dims[layout->ndim++] = size;
  } else
    dims[layout->ndim++] = layout->cols;
  return JAC_OK;
}

bool jac_layout_is_native(const struct jac_layout *layout) {
  return !spreads(layout) && !renumbered(layout);
}

bool jac_layout_native(const struct jac_layout *layout, size_t slice, size_t row,
                       size_t col, size_t native[3]) {
  const struct jac_map *map = layout->map;
  const struct jac_variable *var = variable(layout);
  native[0] = slice;
  native[1] = row;
  native[2] = col;
  if (layout->form == JAC_FORM_FULL && !map->coupled) {
    native[0] = row / map->cols;
    native[1] = row % map->cols;
    if (spreads(layout)) {
      native[2] = col % var->dims[1];
      return col / var->dims[1] == native[0];
    }
  }
  if (renumbered(layout)) {
    size_t index[3];
    jac_number_to_index(var, JAC_ORDER_C, col, index);
    native[2] = jac_index_to_number(var, JAC_ORDER_F, index);
  }
  return true;
}

void jac_layout_output(const struct jac_layout *layout, size_t slice, size_t row,
                       size_t *sample, size_t *feature) {
  const struct jac_map *map = layout->map;
  bool all = map->coupled || layout->form == JAC_FORM_FULL;
  *sample = all ? row / map->cols : slice;
  *feature = all ? row % map->cols : row;
}

void jac_layout_variable(const struct jac_layout *layout, size_t slice, size_t col,
                         size_t index[3]) {
  const struct jac_variable *var = variable(layout);
  if (var->role == JAC_DATA && !layout->map->coupled && layout->form != JAC_FORM_FULL) {
    index[0] = slice;
    index[1] = col;
  } else
    jac_number_to_index(var, layout->order, col, index);
}

/* Only what can be non-zero is moved: the support of a row, the same in all samples. The
 * numbers of native, which out may share: out is zero elsewhere. */
static enum jac_status renumber(const struct jac_layout *layout,
                                const struct jac_array3 *native, struct jac_array3 *out,
                                struct jac_error *err) {
  const struct jac_map *map = layout->map;
  size_t cols = native->cols;
  size_t *to = malloc((2 * cols + 1) * sizeof *to);
  double *held = malloc(cols * sizeof *held);
  if (to == NULL || held == NULL) {
    free(to);
    free(held);
    return jac_fail_memory(err);
  }
  size_t *column = to + cols;
  for (size_t j = 0; j < cols; j++) {
    size_t index[3];
    jac_number_to_index(variable(layout), JAC_ORDER_F, j, index);
    to[j] = jac_index_to_number(variable(layout), JAC_ORDER_C, index);
  }
  for (size_t i = 0; i < native->rows; i++) {
    size_t count = jac_map_columns(map, layout->wrt, i, column);
    for (size_t s = 0; s < native->slices; s++) {
      const double *from = jac_array3_at(native, s, i, 0);
      double *row = out->data + (s * native->rows + i) * cols;
      for (size_t k = 0; k < count; k++) {
        held[k] = from[column[k]];
        row[column[k]] = 0.0;
      }
      for (size_t k = 0; k < count; k++)
        row[to[column[k]]] = held[k];
    }
  }
  free(to);
  free(held);
  return JAC_OK;
}

enum jac_status jac_layout_write(const struct jac_layout *layout,
                                 const struct jac_array3 *native, struct jac_array3 *out,
                                 struct jac_error *err) {
  jac_array3_clear(out);
  out->clear = false;
  if (renumbered(layout))
    return renumber(layout, native, out, err);
  for (size_t s = 0; s < native->slices; s++)
    for (size_t i = 0; i < native->rows; i++) {
      size_t row = s * native->rows + i, first = spreads(layout) ? s * native->cols : 0;
      memcpy(out->data + row * layout->cols + first, jac_array3_at(native, s, i, 0),
             native->cols * sizeof *out->data);
    }
  return JAC_OK;
}

enum jac_status jac_layout_from_native(const struct jac_layout *layout,
                                       const struct jac_array3 *native,
                                       struct jac_array3 *out, struct jac_error *err) {
  enum jac_status status =
      jac_array3_alloc(layout->slices, layout->rows, layout->cols, out, err);
  if (status == JAC_OK && (status = jac_layout_write(layout, native, out, err)) != JAC_OK)
    jac_array3_free(out);
  return status;
}

/* Zeros in what belongs to two samples. */
static void clear_outside(const struct jac_array3 *J, const struct jac_array3 *native) {
  for (size_t i = 0; i < J->rows; i++) {
    double *row = jac_array3_at(J, 0, i, 0);
    size_t first = i / native->rows * native->cols, last = first + native->cols;
    jac_array3_fill(J, row, row, first, 0.0, 0.0);
    jac_array3_fill(J, row + last, row, J->cols - last, 0.0, 0.0);
  }
}

/* Written where it belongs: the native array is a view of J, whole or of its diagonal
 * blocks. */
static enum jac_status in_place(const struct jac_layout *layout, jac_point x,
                                struct jac_array3 *J, struct jac_error *err) {
  const struct jac_map *map = layout->map;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, layout->wrt, &slices, &rows, &cols);
  struct jac_array3 native = jac_array3_over(J->data, slices, rows, cols);
  native.clear = J->clear;
  if (spreads(layout)) {
    native.row_step = J->cols;
    native.slice_step = rows * J->cols + cols;
    bool written = jac_map_structure(map, layout->wrt).written;
    if (written && !J->clear)
      clear_outside(J, &native);
    else if (!written)
      jac_array3_clear(J);
    native.clear = true;
  }
  J->clear = false;
  return jac_map_jacobian(map, x, layout->wrt, &native, err);
}

enum jac_status jac_layout_jacobian(const struct jac_layout *layout, jac_point x,
                                    struct jac_array3 *J, struct jac_error *err) {
  enum jac_status status = in_place(layout, x, J, err);
  if (status != JAC_OK || !renumbered(layout))
    return status;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(layout->map, layout->wrt, &slices, &rows, &cols);
  struct jac_array3 native = jac_array3_over(J->data, slices, rows, cols);
  return renumber(layout, &native, J, err);
}

enum jac_status jac_layout_jacobian_new(const struct jac_layout *layout, jac_point x,
                                        struct jac_array3 *J, struct jac_error *err) {
  enum jac_status status =
      jac_array3_alloc(layout->slices, layout->rows, layout->cols, J, err);
  if (status == JAC_OK && (status = jac_layout_jacobian(layout, x, J, err)) != JAC_OK)
    jac_array3_free(J);
  return status;
}

enum jac_status jac_layout_to_native(const struct jac_layout *layout,
                                     const struct jac_array3 *in,
                                     struct jac_array3 *native, double *outside,
                                     struct jac_error *err) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(layout->map, layout->wrt, &slices, &rows, &cols);
  *outside = 0.0;
  enum jac_status status = jac_array3_alloc(slices, rows, cols, native, err);
  if (status != JAC_OK)
    return status;
  native->clear = false;
  for (size_t s = 0; s < layout->slices; s++)
    for (size_t i = 0; i < layout->rows; i++)
      for (size_t j = 0; j < layout->cols; j++) {
        size_t at[3];
        double value = *jac_array3_at(in, s, i, j);
        if (jac_layout_native(layout, s, i, j, at))
          *jac_array3_at(native, at[0], at[1], at[2]) = value;
        else if (!(fabs(value) <= *outside))
          *outside = isnan(value) ? INFINITY : fabs(value);
      }
  return JAC_OK;
}
