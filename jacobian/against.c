#include "jacobian/against.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_dims(const struct jac_foreign *f, size_t ndim, const size_t *dims) {
  return f->ndim == ndim && memcmp(f->dims, dims, ndim * sizeof *dims) == 0;
}

/* Equal but for sizes of 1. */
static bool same_but_ones(const struct jac_foreign *f, size_t ndim, const size_t *dims) {
  size_t a = 0, b = 0;
  while (true) {
    while (a < f->ndim && f->dims[a] == 1)
      a++;
    while (b < ndim && dims[b] == 1)
      b++;
    if (a == f->ndim || b == ndim)
      return a == f->ndim && b == ndim;
    if (f->dims[a++] != dims[b++])
      return false;
  }
}

static void add_expected(struct jac_reading *r, const char *name, size_t ndim,
                         const size_t *dims) {
  size_t at = strlen(r->expected);
  char text[100];
  int length = snprintf(text, sizeof text, "%s%s ", at > 0 ? ", " : "", name);
  for (size_t k = 0; k < ndim && length < (int)sizeof text - 24; k++)
    length += snprintf(text + length, sizeof text - (size_t)length, "%s%zu",
                       k > 0 ? "x" : "", dims[k]);
  if (at + strlen(text) < sizeof r->expected)
    memcpy(r->expected + at, text, strlen(text) + 1);
}

/* The foreign numbers as an array of the layout's size, transposed within each slice or
 * not, then native. */
static enum jac_status take_layout(const struct jac_layout *layout,
                                   const struct jac_foreign *f, bool transposed,
                                   struct jac_reading *r, struct jac_error *err) {
  struct jac_array3 in;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(layout->map, layout->wrt, &slices, &rows, &cols);
  bool same = jac_layout_is_native(layout) && !transposed;
  enum jac_status status =
      same ? jac_array3_alloc(slices, rows, cols, &r->native, err)
           : jac_array3_alloc(layout->slices, layout->rows, layout->cols, &in, err);
  if (status != JAC_OK)
    return status;
  if (same) {
    memcpy(r->native.data, f->data, slices * rows * cols * sizeof *f->data);
    r->native.clear = false;
    r->fits = true;
    return JAC_OK;
  }
  in.clear = false;
  for (size_t s = 0; s < in.slices; s++)
    for (size_t i = 0; i < in.rows; i++)
      for (size_t j = 0; j < in.cols; j++) {
        size_t at = transposed ? j * in.rows + i : i * in.cols + j;
        *jac_array3_at(&in, s, i, j) = f->data[s * in.rows * in.cols + at];
      }
  status = jac_layout_to_native(layout, &in, &r->native, &r->outside, err);
  jac_array3_free(&in);
  r->fits = status == JAC_OK;
  r->transposed = transposed;
  return status;
}

/* One of the four forms, as it is or transposed. */
static enum jac_status try_forms(const struct jac_map *map, size_t wrt,
                                 enum jac_order order, const struct jac_foreign *f,
                                 bool transposed, struct jac_reading *r,
                                 struct jac_error *err) {
  static const enum jac_form forms[] = {JAC_FORM_MATRIX, JAC_FORM_BATCH, JAC_FORM_FULL,
                                        JAC_FORM_REDUCED};
  for (size_t k = 0; k < 4 && !r->fits; k++) {
    struct jac_layout layout;
    if (jac_layout_make(map, wrt, forms[k], order, &layout, NULL) != JAC_OK)
      continue;
    size_t dims[4];
    memcpy(dims, layout.dims, sizeof dims);
    if (!transposed)
      add_expected(r, jac_form_name(forms[k]), layout.ndim, dims);
    else if (forms[k] != JAC_FORM_REDUCED) {
      dims[layout.ndim - 2] = layout.cols;
      dims[layout.ndim - 1] = layout.rows;
    }
    if (!same_dims(f, layout.ndim, dims) || (transposed && forms[k] == JAC_FORM_REDUCED))
      continue;
    snprintf(r->how, sizeof r->how, "%s", jac_form_name(forms[k]));
    enum jac_status status = take_layout(&layout, f, transposed, r, err);
    if (status != JAC_OK)
      return status;
  }
  return JAC_OK;
}

/* The output's shape, then the variable's in its own (row-major) storage. */
static enum jac_status try_framework(const struct jac_map *map, size_t wrt,
                                     const struct jac_foreign *f, struct jac_reading *r,
                                     struct jac_error *err) {
  const struct jac_variable *var = &map->var[wrt];
  size_t dims[5] = {map->rows, map->cols};
  memcpy(dims + 2, var->dims, var->ndim * sizeof dims[0]);
  add_expected(r, _("outputs x variable"), 2 + var->ndim, dims);
  if (!same_but_ones(f, 2 + var->ndim, dims))
    return JAC_OK;
  struct jac_layout layout;
  enum jac_status status =
      jac_layout_make(map, wrt, JAC_FORM_FULL, JAC_ORDER_C, &layout, err);
  if (status == JAC_OK)
    status = take_layout(&layout, f, false, r, err);
  snprintf(r->how, sizeof r->how, "%s", _("outputs x variable"));
  return status;
}

/* The layout in which one matrix may stand for several samples: every slice, or every
 * sample's rows of a parameter's where samples are coupled. */
static bool of_samples(const struct jac_map *map, size_t wrt, enum jac_order order,
                       struct jac_layout *layout) {
  enum jac_form form = map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH;
  if (map->batch == 1 || (map->coupled && map->var[wrt].role != JAC_PARAMETER) ||
      jac_layout_make(map, wrt, form, order, layout, NULL) != JAC_OK)
    return false;
  return !map->coupled || layout->rows == map->batch * map->cols;
}

static enum jac_status try_single(const struct jac_map *map, size_t wrt,
                                  enum jac_order order, const struct jac_foreign *f,
                                  bool transposed, struct jac_reading *r,
                                  struct jac_error *err) {
  struct jac_layout layout;
  if (f->ndim != 2 || (transposed && map->coupled) ||
      !of_samples(map, wrt, order, &layout))
    return JAC_OK;
  size_t rows = map->coupled ? map->cols : layout.rows, one = rows * layout.cols;
  if (f->dims[transposed ? 1 : 0] != rows || f->dims[transposed ? 0 : 1] != layout.cols)
    return JAC_OK;
  struct jac_array3 all;
  enum jac_status status = jac_array3_alloc(map->batch, rows, layout.cols, &all, err);
  if (status != JAC_OK)
    return status;
  for (size_t s = 0; s < all.slices; s++)
    memcpy(all.data + s * one, f->data, one * sizeof *f->data);
  struct jac_foreign every = {
      .ndim = 3, .dims = {all.slices, f->dims[0], f->dims[1]}, .data = all.data};
  status = take_layout(&layout, &every, transposed, r, err);
  snprintf(r->how, sizeof r->how, "%s", _("one matrix for every sample"));
  jac_array3_free(&all);
  return status;
}

enum jac_status jac_against_read(const struct jac_map *map, size_t wrt,
                                 enum jac_order order, const struct jac_foreign *foreign,
                                 struct jac_reading *reading, struct jac_error *err) {
  *reading = (struct jac_reading){.fits = false};
  enum jac_status status = try_forms(map, wrt, order, foreign, false, reading, err);
  if (status == JAC_OK && !reading->fits)
    status = try_framework(map, wrt, foreign, reading, err);
  if (status == JAC_OK && !reading->fits)
    status = try_single(map, wrt, order, foreign, false, reading, err);
  if (status == JAC_OK && !reading->fits)
    status = try_forms(map, wrt, order, foreign, true, reading, err);
  if (status == JAC_OK && !reading->fits)
    status = try_single(map, wrt, order, foreign, true, reading, err);
  return status;
}

/* The next order of count axes, as a dictionary has them; false after the last. */
static bool next_order(size_t count, size_t *axes) {
  size_t k = count - 1, l = k;
  while (k > 0 && axes[k - 1] > axes[k])
    k--;
  if (k == 0)
    return false;
  while (axes[l] < axes[k - 1])
    l--;
  size_t swap = axes[k - 1];
  axes[k - 1] = axes[l];
  axes[l] = swap;
  for (size_t a = k, b = count - 1; a < b; a++, b--) {
    swap = axes[a];
    axes[a] = axes[b];
    axes[b] = swap;
  }
  return true;
}

/* in with its axes in the order given, into data. */
static void permute(const struct jac_foreign *in, const size_t *axes,
                    struct jac_foreign *out, double *data) {
  size_t stride[JAC_AGAINST_DIMS] = {0}, step[JAC_AGAINST_DIMS] = {0};
  size_t index[JAC_AGAINST_DIMS] = {0}, total = 1, at = 0;
  for (size_t k = in->ndim; k-- > 0;) {
    stride[k] = total;
    total *= in->dims[k];
  }
  out->ndim = in->ndim;
  out->data = data;
  for (size_t k = 0; k < in->ndim; k++) {
    out->dims[k] = in->dims[axes[k]];
    step[k] = stride[axes[k]];
  }
  for (size_t n = 0; n < total; n++) {
    data[n] = in->data[at];
    for (size_t k = in->ndim; k-- > 0;) {
      at += step[k];
      if (++index[k] < out->dims[k])
        break;
      at -= step[k] * out->dims[k];
      index[k] = 0;
    }
  }
}

static bool equal(const struct jac_array3 *a, const struct jac_array3 *b,
                  double tolerance) {
  size_t total = a->slices * a->rows * a->cols;
  double scale = 0.0, worst = 0.0;
  for (size_t k = 0; k < total; k++) {
    scale = fmax(scale, fabs(a->data[k]));
    worst = isfinite(b->data[k]) ? fmax(worst, fabs(a->data[k] - b->data[k])) : INFINITY;
  }
  return worst <= tolerance * scale;
}

enum jac_status jac_against_axes(const struct jac_map *map, size_t wrt,
                                 enum jac_order order, const struct jac_foreign *foreign,
                                 const struct jac_array3 *truth, double tolerance,
                                 size_t axes[JAC_AGAINST_DIMS], bool *found,
                                 struct jac_error *err) {
  enum { MOST = 1000000 };
  size_t total = 1;
  *found = false;
  for (size_t k = 0; k < foreign->ndim; k++) {
    axes[k] = k;
    total = total <= MOST ? total * foreign->dims[k] : total;
  }
  if (foreign->ndim < 3 || total > MOST || total == 0)
    return JAC_OK;
  double *data = malloc(total * sizeof *data);
  enum jac_status status = data == NULL ? jac_fail_memory(err) : JAC_OK;
  while (status == JAC_OK && !*found && next_order(foreign->ndim, axes)) {
    struct jac_foreign turned;
    struct jac_reading reading;
    permute(foreign, axes, &turned, data);
    status = jac_against_read(map, wrt, order, &turned, &reading, err);
    if (status != JAC_OK || !reading.fits)
      continue;
    *found = !reading.transposed && reading.outside == 0.0 &&
             equal(truth, &reading.native, tolerance);
    jac_array3_free(&reading.native);
  }
  free(data);
  return status;
}
