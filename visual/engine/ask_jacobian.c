/* {"ask": "jacobian", "entries": "numbers"|"both"|"labels"}: the Jacobian as `show
 * --format json` writes it (not with "labels"), its labels slice by slice, its structure,
 * and to which output and which entry of the variable its rows and columns belong. */
#include "visual/engine/ask.h"
#include "visual/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The object that `show` writes. */
static enum jac_status view_json(struct jac_view *view, json_t **json,
                                 struct jac_error *err) {
  char *text = NULL;
  size_t size = 0;
  FILE *file = open_memstream(&text, &size);
  *json = NULL;
  if (file == NULL)
    return jac_fail_memory(err);
  enum jac_status status = jac_view_json(view, file, err);
  fclose(file);
  if (status == JAC_OK) {
    *json = json_loadb(text, size, 0, NULL);
    status = *json == NULL ? jac_fail_memory(err) : JAC_OK;
  }
  free(text);
  return status;
}

/* A text a row, a character an entry: 1 where it can be other than zero. */
static json_t *structure_json(const struct jac_view *view) {
  const struct jac_layout *layout = &view->layout;
  json_t *slices = json_array();
  char *line = malloc(layout->cols + 1);
  for (size_t s = 0; s < layout->slices && line != NULL; s++) {
    json_t *rows = json_array();
    for (size_t i = 0; i < layout->rows; i++) {
      for (size_t j = 0; j < layout->cols; j++)
        line[j] = jac_view_zero(view, s, i, j) ? '0' : '1';
      json_array_append_new(rows, json_stringn(line, layout->cols));
    }
    json_array_append_new(slices, rows);
  }
  free(line);
  return slices;
}

/* A slice's labels. */
static json_t *labels_json(const struct jac_view *view, size_t s, bool rows) {
  json_t *list = json_array();
  for (size_t k = 0; k < (rows ? view->layout.rows : view->layout.cols); k++) {
    struct jac_buffer label = JAC_BUFFER_INIT;
    if (rows)
      jac_view_row_label(view, JAC_NOTATION_LATEX, s, k, &label);
    else
      jac_view_col_label(view, JAC_NOTATION_LATEX, s, k, &label);
    json_array_append_new(list, jac_text_json(&label));
  }
  return list;
}

/* A slice's rows as [sample, feature], its columns as [row, column] of the storage. */
static json_t *places_json(const struct jac_layout *layout, size_t s, bool rows) {
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  json_t *list = json_array();
  for (size_t k = 0; k < (rows ? layout->rows : layout->cols); k++) {
    size_t at[3], storage_rows, storage_cols;
    if (rows)
      jac_layout_output(layout, s, k, &at[0], &at[1]);
    else {
      jac_layout_variable(layout, s, k, at);
      jac_variable_storage(var, &storage_rows, &storage_cols);
      size_t offset = jac_number_to_offset(var, JAC_ORDER_C,
                                           jac_index_to_number(var, JAC_ORDER_C, at));
      at[0] = offset / storage_cols;
      at[1] = offset % storage_cols;
    }
    json_array_append_new(list, json_pack("[I,I]", (json_int_t)at[0], (json_int_t)at[1]));
  }
  return list;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_view view;
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  const char *word = json_string_value(json_object_get(ask->question, "entries"));
  bool symbols = jac_variable_symbolic(&ask->subject.map->var[asked.wrt]) &&
                 (word == NULL || strcmp(word, "both") == 0);
  const struct jac_layout *layout = &asked.layout;
  status = jac_view_new(layout, jac_values_point(&ask->subject.values), &asked.native,
                        symbols ? JAC_ENTRIES_BOTH : JAC_ENTRIES_NUMBERS, 4, &view, err);
  if (status == JAC_OK) {
    json_t *shown, *outputs = json_array(), *entries = json_array();
    json_t *rows = json_array(), *columns = json_array();
    if (word == NULL || strcmp(word, "labels") != 0)
      status = view_json(&view, &shown, err);
    else
      shown = json_null();
    if (status == JAC_OK)
      json_object_set_new(json, "show", shown);
    for (size_t s = 0; s < layout->slices; s++) {
      json_array_append_new(rows, labels_json(&view, s, true));
      if (s == 0 || jac_view_own_columns(&view))
        json_array_append_new(columns, labels_json(&view, s, false));
      json_array_append_new(outputs, places_json(layout, s, true));
      json_array_append_new(entries, places_json(layout, s, false));
    }
    json_object_set_new(json, "rows", rows);
    json_object_set_new(json, "columns", columns);
    json_object_set_new(json, "form", json_string(jac_form_name(layout->form)));
    json_object_set_new(json, "outputs", outputs);
    json_object_set_new(json, "entries", entries);
    json_object_set_new(json, "structure", structure_json(&view));
    json_object_set_new(
        json, "symbolic",
        json_boolean(jac_variable_symbolic(&ask->subject.map->var[asked.wrt])));
    json_object_set_new(json, "size",
                        json_pack("[I,I,I]", (json_int_t)layout->slices,
                                  (json_int_t)layout->rows, (json_int_t)layout->cols));
    json_object_set_new(json, "block",
                        json_pack("[I,I]", (json_int_t)layout->block_rows,
                                  (json_int_t)layout->block_cols));
    jac_view_free(&view);
  }
  jac_array3_free(&asked.native);
  return status;
}

const struct jac_ask_type jac_ask_jacobian_view = {.name = "jacobian", .answer = answer};
