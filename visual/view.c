#include "visual/view.h"

#include "jacobian/define/map_scope.h"
#include "jacobian/text.h"
#include "visual/symbol.h"

#include <string.h>

static const struct jac_variable *variable(const struct jac_view *view) {
  return &view->layout.map->var[view->layout.wrt];
}

enum jac_status jac_view_new(const struct jac_layout *layout, jac_point point,
                             const struct jac_array3 *native, enum jac_entries entries,
                             int precision, struct jac_view *view,
                             struct jac_error *err) {
  const struct jac_map *map = layout->map;
  *view = (struct jac_view){.layout = *layout,
                            .point = point,
                            .native = native,
                            .entries = entries,
                            .precision = precision < 1    ? 1
                                         : precision > 17 ? 17
                                                          : precision};
  enum jac_status status = jac_pattern_new(map, layout->wrt, &view->pattern, err);
  if (status != JAC_OK)
    return status;
  bool asked = entries == JAC_ENTRIES_SYMBOLS || entries == JAC_ENTRIES_BOTH;
  if (asked && jac_variable_symbolic(variable(view)))
    status = jac_symbols_new(layout, &view->symbols, err);
  else if (asked && map->of != NULL)
    status = jac_fail(
        err, JAC_EREFUSED,
        _("the second derivatives of %s have no formula entry by entry: `--entries "
          "closed` shows them as a formula, --entries numbers in numbers"),
        map->spec);
  else if (asked && !jac_map_is_formula(map) && strchr(map->spec, ' ') != NULL)
    status = jac_fail(
        err, JAC_EREFUSED,
        _("the entries of a network have no formula of their own: `jacobian chain "
          "... --entries symbols` shows them factor by factor"));
  else if (asked)
    status = jac_fail(err, JAC_EREFUSED,
                      _("%s names no formula for its Jacobian with respect to %s: take "
                        "--entries numbers"),
                      map->spec, variable(view)->name);
  if (status != JAC_OK)
    jac_view_free(view);
  return status;
}

void jac_view_free(struct jac_view *view) {
  jac_pattern_free(&view->pattern);
  jac_symbols_free(view->symbols);
  view->symbols = NULL;
}

bool jac_view_zero(const struct jac_view *view, size_t slice, size_t row, size_t col) {
  size_t at[3];
  return !jac_layout_native(&view->layout, slice, row, col, at) ||
         !jac_pattern_has(&view->pattern, at[1], at[2]);
}

bool jac_view_zero_here(const struct jac_view *view) {
  const struct jac_layout *layout = &view->layout;
  enum { MOST = 100000 };
  if (layout->slices * layout->rows * layout->cols > MOST)
    return true;
  for (size_t s = 0; s < layout->slices; s++)
    for (size_t row = 0; row < layout->rows; row++)
      for (size_t col = 0; col < layout->cols; col++)
        if (jac_view_value(view, s, row, col) == 0.0 && !jac_view_zero(view, s, row, col))
          return true;
  return false;
}

double jac_view_value(const struct jac_view *view, size_t slice, size_t row, size_t col) {
  size_t at[3];
  if (!jac_layout_native(&view->layout, slice, row, col, at))
    return 0.0;
  return *jac_array3_at(view->native, at[0], at[1], at[2]) + 0.0; /* -0 is 0 */
}

void jac_view_row(const struct jac_view *view, size_t slice, size_t row, double *values) {
  if (jac_layout_is_native(&view->layout)) {
    const double *from = jac_array3_at(view->native, slice, row, 0);
    for (size_t col = 0; col < view->layout.cols; col++)
      values[col] = from[col] + 0.0; /* -0 is 0 */
    return;
  }
  for (size_t col = 0; col < view->layout.cols; col++)
    values[col] = jac_view_value(view, slice, row, col);
}

bool jac_view_own_columns(const struct jac_view *view) {
  return variable(view)->role == JAC_DATA && !view->layout.map->coupled &&
         view->layout.form != JAC_FORM_FULL;
}

void jac_view_row_label(const struct jac_view *view, enum jac_notation notation,
                        size_t slice, size_t row, struct jac_buffer *out) {
  size_t sample, feature;
  jac_layout_output(&view->layout, slice, row, &sample, &feature);
  jac_label_output(view->layout.map, notation, sample, feature, out);
}

void jac_view_col_label(const struct jac_view *view, enum jac_notation notation,
                        size_t slice, size_t col, struct jac_buffer *out) {
  size_t index[3];
  jac_layout_variable(&view->layout, slice, col, index);
  jac_label_entry(variable(view), notation, index, out);
}

bool jac_view_has_symbols(const struct jac_view *view) {
  return jac_variable_symbolic(variable(view));
}

enum jac_status jac_view_symbol(struct jac_view *view, size_t slice, size_t row,
                                size_t col, enum jac_notation notation,
                                struct jac_buffer *out, struct jac_error *err) {
  if (!jac_view_has_symbols(view))
    return jac_fail(err, JAC_EREFUSED,
                    _("%s names no formula for its Jacobian with respect to %s"),
                    view->layout.map->spec, variable(view)->name);
  if (jac_view_zero(view, slice, row, col)) {
    jac_buffer_add_char(out, '0');
    return JAC_OK;
  }
  if (view->symbols == NULL) {
    enum jac_status status = jac_symbols_new(&view->layout, &view->symbols, err);
    if (status != JAC_OK)
      return status;
  }
  return jac_symbols_add(view->symbols, slice, row, col, notation, out, err);
}
