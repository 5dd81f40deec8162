/* {"ask": "open", "labels": 0|1 (default 1)}: what the subject is: its variables with
 * their values, its outputs, the forms that it has, the modules that it is made of. */
#include "layers/network.h"
#include "visual/engine/ask.h"
#include "visual/label.h"
#include "visual/symbol.h"

#include <string.h>

/* The label of every number of a variable, in its storage's places. */
static json_t *labels_json(const struct jac_ask *ask, const struct jac_variable *var,
                           size_t rows, size_t cols) {
  json_t *list = json_array();
  if (jac_ask_count(ask, "labels", 1) == 0)
    return list;
  size_t index[3], count = rows * cols;
  for (size_t i = 0; i < rows; i++)
    json_array_append_new(list, json_array());
  for (size_t number = 0; number < count; number++) {
    struct jac_buffer label = JAC_BUFFER_INIT;
    jac_number_to_index(var, JAC_ORDER_C, number, index);
    jac_label_entry(var, JAC_NOTATION_LATEX, index, &label);
    size_t offset = jac_number_to_offset(var, JAC_ORDER_C, number);
    json_array_append_new(json_array_get(list, offset / cols), jac_text_json(&label));
  }
  return list;
}

static enum jac_status equation_json(const struct jac_map *map, const char *equation,
                                     json_t **json, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  *json = json_null();
  if (equation == NULL)
    return JAC_OK;
  enum jac_status status =
      jac_equation_add(map, equation, JAC_NOTATION_LATEX, &text, err);
  if (status == JAC_OK)
    *json = json_string(text.text);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status entry_json(const struct jac_map *map,
                                  const struct jac_variable *variable, json_t **json,
                                  struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  *json = json_null();
  if (!jac_variable_symbolic(variable))
    return JAC_OK;
  enum jac_status status =
      jac_entry_formula_add(map, variable, JAC_NOTATION_LATEX, &text, err);
  if (status == JAC_OK)
    *json = json_string(text.text);
  jac_buffer_free(&text);
  return status;
}

static enum jac_status variable_json(const struct jac_ask *ask, size_t v, json_t **json,
                                     struct jac_error *err) {
  static const char *const domains[] = {
      [JAC_REAL] = "real",
      [JAC_POSITIVE] = "positive",
      [JAC_PROBABILITY] = "probability",
      [JAC_DISTRIBUTION] = "distribution",
      [JAC_MASK] = "mask",
      [JAC_GUMBEL] = "gumbel",
      [JAC_UNIT_ROWS] = "unit",
      [JAC_SIGN] = "sign",
      [JAC_ZERO] = "zero",
      [JAC_CLASS] = "class",
      [JAC_PADDING] = "mask",
  };
  const struct jac_variable *var = &ask->subject.map->var[v];
  const gsl_matrix *value = ask->subject.values.matrix[v];
  json_t *dims = json_array(), *entry;
  for (size_t d = 0; d < var->ndim; d++)
    json_array_append_new(dims, json_integer((json_int_t)var->dims[d]));
  enum jac_status status = entry_json(ask->subject.map, var, &entry, err);
  *json = json_pack(
      "{s:s, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o}", "name", var->name, "symbol",
      var->symbol, "role", var->role == JAC_DATA ? "data" : "parameter", "domain",
      domains[var->domain], "dims", dims, "secondary", var->secondary, "entry", entry,
      "values", jac_rows_json(value->size1, value->size2, value->data), "labels",
      labels_json(ask, var, value->size1, value->size2));
  return status;
}

static enum jac_status output_json(const struct jac_ask *ask, json_t **json,
                                   struct jac_error *err) {
  const struct jac_map *map = ask->subject.map;
  gsl_matrix *y = gsl_matrix_alloc(map->rows, map->cols);
  *json = NULL;
  if (y == NULL)
    return jac_fail_memory(err);
  enum jac_status status =
      jac_map_forward(map, jac_values_point(&ask->subject.values), y, err);
  json_t *labels = json_array();
  /* A cost averaged over the batch is one output: its sample is the first. */
  for (size_t i = 0; i < map->rows; i++) {
    json_t *row = json_array();
    for (size_t j = 0; j < map->cols; j++) {
      struct jac_buffer label = JAC_BUFFER_INIT;
      jac_label_output(map, JAC_NOTATION_LATEX, i, j, &label);
      json_array_append_new(row, jac_text_json(&label));
    }
    json_array_append_new(labels, row);
  }
  *json = json_pack("{s:s, s:o, s:o, s:b}", "symbol", map->output_symbol, "values",
                    jac_rows_json(map->rows, map->cols, y->data), "labels", labels,
                    "column", map->column);
  gsl_matrix_free(y);
  return status;
}

static json_t *forms_json(const struct jac_ask *ask) {
  json_t *list = json_array();
  for (int form = 0; form < JAC_FORMS && ask->subject.nwrt > 0; form++) {
    struct jac_layout layout;
    struct jac_error why = {JAC_OK, ""};
    enum jac_status status =
        jac_layout_make(ask->subject.map, ask->subject.wrt[0], (enum jac_form)form,
                        ask->options.order, &layout, &why);
    json_t *item = json_pack("{s:s, s:s?}", "name", jac_form_name((enum jac_form)form),
                             "why", status == JAC_OK ? NULL : why.message);
    if (status == JAC_OK)
      json_object_set_new(item, "size",
                          json_pack("[I,I,I]", (json_int_t)layout.slices,
                                    (json_int_t)layout.rows, (json_int_t)layout.cols));
    json_array_append_new(list, item);
  }
  return list;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const struct jac_map *map = ask->subject.map;
  json_t *variables = json_array(), *output = NULL, *definition, *where,
         *modules = json_array();
  enum jac_status status = output_json(ask, &output, err);
  json_object_set_new(json, "output", output);
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    json_t *variable;
    status = variable_json(ask, v, &variable, err);
    json_array_append_new(variables, variable);
  }
  if (status == JAC_OK)
    status = equation_json(map, map->definition, &definition, err);
  if (status == JAC_OK)
    json_object_set_new(json, "definition", definition);
  if (status == JAC_OK)
    status = equation_json(map, map->where, &where, err);
  if (status == JAC_OK)
    json_object_set_new(json, "where", where);
  for (size_t k = 0; ask->options.define == NULL && k < jac_network_count(map); k++)
    json_array_append_new(modules, json_string(jac_network_module(map, k)->spec));
  json_object_set_new(json, "modules", modules);
  json_object_set_new(json, "variables", variables);
  json_object_set_new(json, "module", json_string(map->spec));
  json_object_set_new(json, "batch", json_integer((json_int_t)map->batch));
  json_object_set_new(json, "forms", forms_json(ask));
  json_object_set_new(json, "form", json_string(jac_form_name(jac_form_default(map))));
  json_object_set_new(json, "reason",
                      map->coupled ? json_string(map->coupled_reason) : json_null());
  return status;
}

const struct jac_ask_type jac_ask_open = {.name = "open", .answer = answer};
