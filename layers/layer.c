#include "layers/layer.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <gsl/gsl_blas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The spec written out again: sizes filled in, options as given. */
static char *spec_text(const struct jac_spec *spec) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add(&text, spec->name);
  for (size_t k = 0; k < spec->nsize; k++)
    jac_buffer_printf(&text, "%c%zu", k == 0 ? ':' : 'x', spec->size[k]);
  for (size_t k = 0; k < spec->noption; k++)
    jac_buffer_printf(&text, ",%s%s%s", spec->option[k].name,
                      spec->option[k].given ? "=" : "", spec->option[k].value);
  return jac_buffer_take(&text);
}

void *jac_layer_alloc(size_t size, const struct jac_map_type *type,
                      const struct jac_spec *spec, size_t batch, size_t outputs,
                      size_t nvar, struct jac_error *err) {
  struct jac_map *map = calloc(1, size);
  struct jac_variable *var = calloc(nvar, sizeof *var);
  char *text = spec_text(spec);
  if (map == NULL || var == NULL || text == NULL) {
    free(map);
    free(var);
    free(text);
    jac_fail_memory(err);
    return NULL;
  }
  map->type = type;
  map->spec = text;
  snprintf(map->output_symbol, sizeof map->output_symbol, "z^{k}");
  map->batch = batch;
  map->rows = batch;
  map->cols = outputs;
  map->nvar = nvar;
  map->var = var;
  return map;
}

static struct jac_variable *variable(struct jac_map *map, size_t v, const char *name,
                                     const char *symbol, const char *entry) {
  struct jac_variable *var = &map->var[v];
  snprintf(var->name, sizeof var->name, "%s", name);
  snprintf(var->symbol, sizeof var->symbol, "%s", symbol);
  var->entry = entry;
  return var;
}

struct jac_variable *jac_layer_data(struct jac_map *map, size_t v, const char *name,
                                    const char *symbol, size_t features,
                                    const char *entry) {
  struct jac_variable *var = variable(map, v, name, symbol, entry);
  var->role = JAC_DATA;
  var->ndim = 2;
  var->dims[0] = map->batch;
  var->dims[1] = features;
  return var;
}

struct jac_variable *jac_layer_parameter(struct jac_map *map, size_t v, const char *name,
                                         const char *symbol, size_t ndim,
                                         const size_t *dims, const char *entry) {
  struct jac_variable *var = variable(map, v, name, symbol, entry);
  var->role = JAC_PARAMETER;
  var->ndim = ndim;
  memcpy(var->dims, dims, ndim * sizeof *dims);
  return var;
}

void jac_layer_repeat(const gsl_matrix *b, gsl_matrix *y) {
  gsl_vector_const_view row = gsl_matrix_const_row(b, 0);
  for (size_t n = 0; n < y->size1; n++)
    gsl_matrix_set_row(y, n, &row.vector);
}

void jac_layer_sum(const gsl_matrix *x, gsl_matrix *sum) {
  gsl_vector_view total = gsl_matrix_row(sum, 0);
  gsl_vector_set_zero(&total.vector);
  for (size_t n = 0; n < x->size1; n++) {
    gsl_vector_const_view row = gsl_matrix_const_row(x, n);
    gsl_blas_daxpy(1.0, &row.vector, &total.vector);
  }
}

enum jac_status jac_layer_length(const struct jac_spec *spec,
                                 const struct jac_module_place *place, size_t channels,
                                 size_t *length, struct jac_error *err) {
  size_t before = place->features;
  enum jac_status status = jac_spec_count(spec, "length", length, 0, err);
  if (status != JAC_OK)
    return status;
  if (*length == 0 && before == 0)
    return jac_fail(
        err, JAC_EINPUT,
        _("%s needs the positions of a sample's data: add ,length=L with a number"),
        spec->name);
  if (*length == 0 && before % channels == 0)
    *length = before / channels;
  if (*length == 0 || (before > 0 && before / channels != *length) ||
      (before > 0 && before % channels != 0))
    return *length == 0
               ? jac_fail(
                     err, JAC_EINPUT,
                     _("the module before gives %zu features, %s wants a multiple of its "
                       "%zu channels"),
                     before, spec->name, channels)
               : jac_fail(err, JAC_EINPUT,
                          _("the module before gives %zu features, %s wants %zu = %zu "
                            "channels x %zu"),
                          before, spec->name, *length * channels, channels, *length);
  return JAC_OK;
}

/* Of so many positions: as the module before has them, or a square. */
static size_t guess_width(const struct jac_module_place *place, size_t positions) {
  size_t root = 1;
  while (root * root < positions)
    root++;
  return place->width > 0 ? place->width : root;
}

enum jac_status jac_layer_image(const struct jac_spec *spec,
                                const struct jac_module_place *place, size_t channels,
                                size_t *height, size_t *width, struct jac_error *err) {
  size_t before = place->features, positions = before / channels;
  enum jac_status status = jac_spec_count(spec, "height", height, 0, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "width", width, 0, err);
  if (status != JAC_OK)
    return status;
  if (before == 0 && (*height == 0 || *width == 0))
    return jac_fail(err, JAC_EINPUT,
                    _("%s needs the size of a sample's images: add ,height=H,width=W "
                      "with numbers"),
                    spec->name);
  if (before > 0 && *width == 0)
    *width = *height > 0 ? positions / *height : guess_width(place, positions);
  if (before > 0 && *height == 0)
    *height = *width > 0 ? positions / *width : 0;
  if (before > 0 && (double)*height * (double)*width * (double)channels != (double)before)
    return jac_fail(err, JAC_EINPUT,
                    _("the module before gives %zu features, %s wants %zu channels of "
                      "images, as ,height=H,width=W say"),
                    before, spec->name, channels);
  return JAC_OK;
}

enum jac_status jac_layer_windows(const struct jac_spec *spec, size_t kernel,
                                  size_t length, size_t stride, size_t *windows,
                                  struct jac_error *err) {
  if (kernel > length)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: a window of %zu positions does not fit in length %zu"),
                    spec->name, kernel, length);
  *windows = (length - kernel) / stride + 1;
  double most = 1e18;
  for (size_t k = 1; k < spec->nsize; k++)
    most /= (double)spec->size[k];
  if ((double)length * (double)kernel > most)
    return jac_fail(err, JAC_ELIMIT, _("%s: its sizes are too large to address"),
                    spec->name);
  return JAC_OK;
}
