#include "visual/export.h"

#include "visual/escape.h"
#include "visual/json.h"
#include "visual/number.h"

#include <jansson.h>
#include <math.h>

json_t *jac_json_number(double value) {
  if (isfinite(value))
    return json_real(value);
  return json_string(isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
}

json_t *jac_json_text(const char *text) {
  if (text == NULL)
    return json_null();
  json_t *json = json_string(text);
  if (json != NULL)
    return json;
  struct jac_buffer plain = JAC_BUFFER_INIT;
  jac_escape_utf8(text, &plain);
  json = plain.failed ? NULL : json_string(plain.text);
  jac_buffer_free(&plain);
  return json;
}

/* What is being written, a row at a time. */
struct writer {
  struct jac_view *view;
  FILE *file;
  struct jac_error *err;
};

/* Writes a value on its own and lets go of it. */
static enum jac_status dump(struct writer *w, json_t *value) {
  if (value == NULL)
    return jac_fail_memory(w->err);
  char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
  json_decref(value);
  if (text == NULL)
    return jac_fail_memory(w->err);
  fputs(text, w->file);
  free(text);
  return JAC_OK;
}

/* Something that can be written for a row or a list: its texts or numbers. */
typedef json_t *item(struct writer *w, size_t slice, size_t row, size_t col);

static json_t *value_item(struct writer *w, size_t slice, size_t row, size_t col) {
  /* 0 is a zero whatever the values, 0.0 one that was computed. */
  return jac_view_zero(w->view, slice, row, col)
             ? json_integer(0)
             : jac_json_number(jac_view_value(w->view, slice, row, col));
}

static json_t *take_string(struct jac_buffer *text) {
  json_t *string = text->failed ? NULL : json_string(text->text);
  jac_buffer_free(text);
  return string;
}

static json_t *symbol_item(struct writer *w, size_t slice, size_t row, size_t col) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (jac_view_symbol(w->view, slice, row, col, JAC_NOTATION_LATEX, &text, w->err) !=
      JAC_OK)
    text.failed = true;
  return take_string(&text);
}

static json_t *row_item(struct writer *w, size_t slice, size_t row, size_t col) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  (void)row;
  jac_view_row_label(w->view, JAC_NOTATION_LATEX, slice, col, &text);
  return take_string(&text);
}

static json_t *col_item(struct writer *w, size_t slice, size_t row, size_t col) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  (void)row;
  jac_view_col_label(w->view, JAC_NOTATION_LATEX, slice, col, &text);
  return take_string(&text);
}

/* A list of count items; with a block size above 0 a list of lists. */
static enum jac_status write_list(struct writer *w, item *make, size_t slice, size_t row,
                                  size_t count, size_t block) {
  json_t *list = json_array(), *inner = NULL;
  bool failed = list == NULL;
  for (size_t col = 0; !failed && col < count; col++) {
    if (block > 0 && col % block == 0) {
      inner = json_array();
      failed = json_array_append_new(list, inner) != 0;
    }
    failed = failed || json_array_append_new(block > 0 ? inner : list,
                                             make(w, slice, row, col)) != 0;
  }
  if (!failed)
    return dump(w, list);
  json_decref(list);
  return w->err != NULL && w->err->status != JAC_OK ? w->err->status
                                                    : jac_fail_memory(w->err);
}

/* The size of the lists inside a row: reduced form shows blocks. */
static size_t block(const struct jac_view *view) {
  const struct jac_layout *layout = &view->layout;
  return layout->form == JAC_FORM_REDUCED ? layout->dims[layout->ndim - 1] : 0;
}

static bool has_slices(const struct jac_view *view) {
  return view->layout.ndim - (block(view) > 0) > 2;
}

/* Values or symbols: a line a row, slices as lists of rows. */
static enum jac_status write_rows(struct writer *w, item *make) {
  const struct jac_layout *layout = &w->view->layout;
  enum jac_status status = JAC_OK;
  fputs(has_slices(w->view) ? "[[" : "[", w->file);
  for (size_t s = 0; s < layout->slices; s++)
    for (size_t row = 0; status == JAC_OK && row < layout->rows; row++) {
      fputs(row > 0 ? ",\n  " : s > 0 ? "],\n  [" : "", w->file);
      status = write_list(w, make, s, row, layout->cols, block(w->view));
    }
  fputs(has_slices(w->view) ? "]]" : "]", w->file);
  return status;
}

static enum jac_status write_labels(struct writer *w, item *make, bool nested,
                                    size_t count, size_t inner) {
  enum jac_status status = JAC_OK;
  fputs(nested ? "[" : "", w->file);
  for (size_t s = 0; status == JAC_OK && s < (nested ? w->view->layout.slices : 1); s++) {
    fputs(s > 0 ? ",\n  " : "", w->file);
    status = write_list(w, make, s, 0, count, inner);
  }
  fputs(nested ? "]" : "", w->file);
  return status;
}

static enum jac_status write_head(struct writer *w) {
  const struct jac_layout *layout = &w->view->layout;
  const struct jac_map *map = layout->map;
  char wrt[JAC_WRT_SIZE];
  fputs("{\"module\": ", w->file);
  enum jac_status status = dump(w, jac_json_text(map->spec));
  fputs(",\n \"wrt\": ", w->file);
  if (status == JAC_OK)
    status = dump(w, json_string(jac_map_wrt(map, layout->wrt, wrt)));
  fprintf(w->file, ",\n \"batch\": %zu,\n \"form\": \"%s\",\n \"order\": \"%s\"",
          map->of != NULL ? map->of->batch : map->batch, jac_form_name(layout->form),
          layout->order == JAC_ORDER_F ? "F" : "C");
  fputs(",\n \"shape\": [", w->file);
  for (size_t k = 0; k < layout->ndim; k++)
    fprintf(w->file, "%s%zu", k > 0 ? ", " : "", layout->dims[k]);
  fputs("]", w->file);
  return status;
}

enum jac_status jac_view_json(struct jac_view *view, FILE *file, struct jac_error *err) {
  struct jac_error own = {JAC_OK, ""};
  struct writer w = {view, file, &own};
  const struct jac_layout *layout = &view->layout;
  bool nested = has_slices(view);
  enum jac_status status = write_head(&w);
  fputs(",\n \"rows\": ", file);
  if (status == JAC_OK)
    status = write_labels(&w, row_item, nested, layout->rows, 0);
  fputs(",\n \"columns\": ", file);
  if (status == JAC_OK)
    status = write_labels(&w, col_item, nested && jac_view_own_columns(view),
                          layout->cols, block(view));
  fputs(",\n \"values\": ", file);
  if (status == JAC_OK)
    status = write_rows(&w, value_item);
  fputs(",\n \"symbols\": ", file);
  if (!jac_view_has_symbols(view) || view->entries == JAC_ENTRIES_NUMBERS)
    fputs("null", file);
  else if (status == JAC_OK)
    status = write_rows(&w, symbol_item);
  fputs("}", file);
  if (status != JAC_OK && err != NULL)
    *err = own;
  return status;
}
