/* The audit of what a module says of its structure: which entries are zero, which slices
 * alike, which samples coupled. */
#include "layers/audit_internal.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>

enum jac_status jac_audit_columns(struct work *w, size_t wrt,
                                  const struct jac_array3 *J) {
  size_t *columns = malloc((J->cols + 1) * sizeof *columns);
  if (columns == NULL)
    return jac_fail_memory(w->err);
  for (size_t r = 0; r < J->slices * J->rows && w->audit->about == NULL; r++) {
    size_t count = jac_map_columns(w->map, wrt, r % J->rows, columns), e = 0;
    for (size_t j = 0; j < J->cols && w->audit->about == NULL; j++) {
      if (e < count && columns[e] == j) {
        e++;
        continue;
      }
      double entry = J->data[r * J->cols + j];
      if (entry == 0.0 || (w->valueless && isnan(entry)))
        continue;
      jac_audit_found(w, "structure", wrt, 0.0, J->data[r * J->cols + j]);
      jac_buffer_printf(&w->audit->text,
                        _("its structure says that the entry in row %zu, column %zu for "
                          "%s is zero, the code gives %.*g"),
                        r % J->rows + 1, j + 1, w->map->var[wrt].name, 6,
                        as_printed(entry));
      jac_audit_place(w, &w->audit->text);
    }
  }
  free(columns);
  return JAC_OK;
}

enum jac_status jac_audit_promises(struct work *w, size_t wrt,
                                   const struct jac_array3 *J) {
  struct jac_structure s = jac_map_structure(w->map, wrt);
  size_t count = J->slices * J->rows * J->cols, slice = J->rows * J->cols;
  struct jac_array3 other;
  for (size_t k = 1; k < J->slices && s.alike && w->audit->about == NULL; k++)
    if (!same(J->data, J->data + k * slice, slice)) {
      jac_audit_found(w, "structure", wrt, NAN, NAN);
      jac_buffer_printf(
          &w->audit->text,
          _("its structure says that all slices for %s are alike, slice %zu "
            "is another"),
          w->map->var[wrt].name, k + 1);
    }
  if (!s.written || w->audit->about != NULL)
    return JAC_OK;
  enum jac_status status = jac_array3_alloc(J->slices, J->rows, J->cols, &other, w->err);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < count; k++)
    other.data[k] = 1234.5;
  other.clear = false;
  status = w->map->type->jacobian(w->map, w->x, wrt, &other);
  jac_array3_written();
  if (status == JAC_OK && !same(J->data, other.data, count)) {
    jac_audit_found(w, "structure", wrt, NAN, NAN);
    jac_buffer_printf(&w->audit->text,
                      _("its structure says that the code writes every entry for %s, and "
                        "some stay as they were"),
                      w->map->var[wrt].name);
  }
  jac_array3_free(&other);
  return status == JAC_ENOMEM ? jac_fail_memory(w->err) : status;
}

enum jac_status jac_audit_addresses(struct work *w, size_t wrt) {
  size_t slices, rows, cols;
  jac_map_jacobian_shape(w->map, wrt, &slices, &rows, &cols);
  struct jac_structure s = jac_map_structure(w->map, wrt);
  bool good = s.width == 0 || s.columns != NULL || s.width * rows <= cols;
  size_t *columns = malloc((cols + 1) * sizeof *columns);
  if (columns == NULL)
    return jac_fail_memory(w->err);
  for (size_t i = 0; i < rows && good && s.columns != NULL; i++) {
    size_t count = s.columns(w->map, wrt, i, columns);
    good = count <= cols;
    for (size_t k = 0; k < count && good; k++)
      good = columns[k] < cols && (k == 0 || columns[k] > columns[k - 1]);
  }
  free(columns);
  if (!good) {
    jac_audit_found(w, "structure", wrt, NAN, NAN);
    w->audit->unsafe = true;
    jac_buffer_printf(
        &w->audit->text,
        _("its structure names columns for %s that are not there, or not in "
          "ascending order"),
        w->map->var[wrt].name);
  }
  return JAC_OK;
}

/* Whether moving a sample's data moves another sample's outputs: the first sample's and
 * the last one's, for a causal mask lets one of these see nobody. */
static enum jac_status moves_others(struct work *w, const struct jac_values *values,
                                    size_t sample, gsl_matrix *y, gsl_matrix *moved,
                                    bool *others) {
  const struct jac_map *map = w->map;
  enum jac_status status = jac_map_forward(map, jac_values_point(values), y, w->err);
  for (size_t v = 0; v < map->nvar; v++)
    if (map->var[v].role == JAC_DATA && map->var[v].domain == JAC_REAL)
      for (size_t j = 0; j < values->matrix[v]->size2; j++)
        *gsl_matrix_ptr(values->matrix[v], sample, j) += 0.37 + 0.1 * (double)j;
  if (status == JAC_OK)
    status = jac_map_forward(map, jac_values_point(values), moved, w->err);
  *others = false;
  for (size_t n = 0; n < map->batch; n++)
    *others = *others || (n != sample && !same(y->data + n * map->cols,
                                               moved->data + n * map->cols, map->cols));
  return status;
}

enum jac_status jac_audit_coupled(struct work *w, unsigned long seed) {
  const struct jac_map *map = w->map;
  bool any = false;
  if (map->batch < 2 || map->rows != map->batch)
    return JAC_OK;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols),
             *moved = jac_matrix_alloc(map->rows, map->cols);
  enum jac_status status = y != NULL && moved != NULL ? JAC_OK : jac_fail_memory(w->err);
  for (unsigned long k = 0; k < 2UL * JAC_AUDIT_DRAWN && status == JAC_OK; k++) {
    struct jac_values values;
    bool others = false;
    status = jac_values_new(map, seed + k, &values, w->err);
    if (status != JAC_OK)
      break;
    status = moves_others(w, &values, k % 2 == 0 ? 0 : map->batch - 1, y, moved, &others);
    any = any || others;
    jac_values_free(&values);
  }
  gsl_matrix_free(y);
  gsl_matrix_free(moved);
  if (status == JAC_OK && any != map->coupled) {
    jac_audit_found(w, "coupled", map->nvar, NAN, NAN);
    jac_buffer_add(&w->audit->text,
                   any ? _("an output of one sample moves when another sample's data do: "
                           "it must say that it is coupled")
                       : _("it says that samples are coupled, and no output moves when "
                           "another sample's data do"));
  }
  return status;
}
