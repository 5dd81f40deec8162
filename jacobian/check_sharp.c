/* Entries that change within the smallest step of a difference: of |z - y| - |z - q| + 1
 * at numbers of 1e-20 rounding hides what happens within 1e-16, and of sigmoid(1e16 w) at
 * w = 0 all of the slope. A difference gives what is beside the point, and tells nothing
 * of the point itself. */
#include "jacobian/check_internal.h"

#include <math.h>
#include <stdlib.h>

/* The Jacobian with every number of the variable moved: by the smallest step and a
 * half, or by a part of it that no step can see. */
static enum jac_status jacobian_at(const struct jac_checking *c, jac_point x,
                                   gsl_matrix *moved, double step, bool near,
                                   struct jac_array3 *J, struct jac_error *err) {
  const gsl_matrix *given = c->x[c->wrt];
  for (size_t i = 0; i < given->size1; i++)
    for (size_t j = 0; j < given->size2; j++) {
      double v = gsl_matrix_get(given, i, j);
      double by = near ? (v == 0.0 ? 0x1p-1070 : fabs(v) * 0x1p-20)
                       : fmax(fabs(v), 1.0) * 0x1p-48;
      gsl_matrix_set(moved, i, j, v + step * by);
    }
  return jac_map_jacobian_new(c->map, x, c->wrt, J, err);
}

static double apart(double a, double b) {
  double d = fabs(a - b);
  return a == b ? 0.0 : isnan(d) ? INFINITY : d;
}

/* An entry that is another one beside the point, and the same near it: a wrong one that
 * stands alone at the point is not excused. */
static enum jac_status compare(const struct jac_checking *c, jac_point x,
                               gsl_matrix *moved, double step, double *sharp,
                               struct jac_error *err) {
  struct jac_array3 at, near, beside;
  size_t count = c->J->slices * c->J->rows * c->J->cols;
  enum jac_status status = jac_map_jacobian_new(c->map, c->x, c->wrt, &at, err);
  if (status != JAC_OK)
    return status;
  status = jacobian_at(c, x, moved, step, true, &near, err);
  if (status == JAC_OK) {
    status = jacobian_at(c, x, moved, step, false, &beside, err);
    for (size_t k = 0; k < count && status == JAC_OK; k++) {
      double off = apart(beside.data[k], at.data[k]);
      if (apart(near.data[k], at.data[k]) <= 1e-3 * off)
        sharp[k] = fmax(sharp[k], off);
    }
    if (status == JAC_OK)
      jac_array3_free(&beside);
    jac_array3_free(&near);
  }
  jac_array3_free(&at);
  return status;
}

enum jac_status jac_check_sharp(const struct jac_checking *c, double **sharp,
                                struct jac_error *err) {
  enum { FEW_ENTRIES = 1 << 16 };
  size_t count = c->J->slices * c->J->rows * c->J->cols;
  *sharp = NULL;
  if (count > FEW_ENTRIES)
    return JAC_OK;
  gsl_matrix *moved = jac_matrix_alloc(c->x[c->wrt]->size1, c->x[c->wrt]->size2);
  const gsl_matrix **x = malloc((c->map->nvar + 1) * sizeof *x);
  *sharp = calloc(count + 1, sizeof **sharp);
  enum jac_status status =
      moved == NULL || x == NULL || *sharp == NULL ? jac_fail_memory(err) : JAC_OK;
  for (size_t v = 0; v < c->map->nvar && status == JAC_OK; v++)
    x[v] = v == c->wrt ? moved : c->x[v];
  for (int side = -1; side <= 1 && status == JAC_OK; side += 2)
    status = compare(c, (jac_point)x, moved, side, *sharp, err);
  if (status != JAC_OK) {
    free(*sharp);
    *sharp = NULL;
  }
  free(x);
  gsl_matrix_free(moved);
  return status;
}
