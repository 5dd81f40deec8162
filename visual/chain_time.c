#include "visual/chain_time.h"

#include "jacobian/text.h"
#include "visual/grid.h"
#include "visual/text.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>

/* By how much a matrix can lengthen a vector: its largest singular value; NaN without
 * memory. */
static double norm(const gsl_matrix *a) {
  gsl_matrix *u = jac_matrix_alloc(a->size1, a->size2),
             *v = jac_matrix_alloc(a->size2, a->size2);
  gsl_vector *s = gsl_vector_alloc(a->size2);
  double largest = NAN;
  if (u != NULL && v != NULL && s != NULL) {
    gsl_matrix_memcpy(u, a);
    if (gsl_linalg_SV_decomp_jacobi(u, v, s) == 0)
      largest = gsl_vector_get(s, 0);
  }
  gsl_matrix_free(u);
  gsl_matrix_free(v);
  gsl_vector_free(s);
  return largest;
}

/* The norm of all entries, the root of the sum of their squares. */
static double frobenius(const struct jac_array3 *J) {
  double sum = 0.0;
  for (size_t i = 0; i < J->rows; i++)
    for (size_t j = 0; j < J->cols; j++)
      sum = hypot(sum, *jac_array3_at(J, 0, i, j));
  return sum;
}

static enum jac_status add_matrix(const struct jac_array3 *J, int precision,
                                  const struct jac_style *style, struct jac_buffer *out,
                                  struct jac_error *err) {
  size_t rows = jac_text_shown(J->rows), cols = jac_text_shown(J->cols);
  struct jac_grid grid;
  enum jac_status status = jac_grid_alloc(rows, cols, JAC_ALIGN_POINT, &grid, err);
  if (status != JAC_OK)
    return status;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) {
      char text[40];
      snprintf(text, sizeof text, "%.*g", precision, *jac_array3_at(J, 0, i, j));
      jac_grid_set(&grid, i + 1, j + 1, text, jac_grid_point(text), JAC_PAINT_PLAIN);
    }
  jac_grid_print(&grid, style, out);
  jac_grid_free(&grid);
  return jac_buffer_status(out, err);
}

/* From the last step to the first: A_t, and A_T ... A_t as far as it has come. */
static enum jac_status add_steps(const struct jac_chain_time *time, int precision,
                                 const struct jac_style *style, struct jac_buffer *out,
                                 double *all, struct jac_error *err) {
  size_t n = time->factor[0].rows;
  gsl_matrix *product = jac_matrix_alloc(n, n), *next = jac_matrix_alloc(n, n);
  enum jac_status status =
      product != NULL && next != NULL ? JAC_OK : jac_fail_memory(err);
  if (status == JAC_OK)
    gsl_matrix_set_identity(product);
  for (size_t t = time->steps; t > 0 && status == JAC_OK; t--) {
    gsl_matrix_view a = jac_array3_slice(&time->factor[t - 1], 0);
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, product, &a.matrix, 0.0, next);
    gsl_matrix_memcpy(product, next);
    *all = norm(product);
    jac_buffer_printf(out,
                      _("A%zu = the derivative of s%zu by s%zu: %zu x %zu, norm %.4g; "
                        "so far the product has norm %.4g\n"),
                      t, t, t - 1, n, n, norm(&a.matrix), *all);
    status = add_matrix(&time->factor[t - 1], precision, style, out, err);
  }
  gsl_matrix_free(product);
  gsl_matrix_free(next);
  return status;
}

static void add_uses(const struct jac_chain *chain, const struct jac_chain_time *time,
                     struct jac_buffer *out) {
  const char *name = chain->map->var[chain->wrt].name;
  jac_buffer_printf(out,
                    _("  %s is shared by all steps: its Jacobian is the sum over its "
                      "uses, each with the\n  factors behind it.\n"),
                    name);
  for (size_t t = time->steps; t > 0; t--) {
    jac_buffer_printf(out, _("  used in step %zu: norm %-8.4g  "), t,
                      frobenius(&time->use[t - 1]));
    for (size_t k = time->steps; k > t; k--)
      jac_buffer_printf(out, "A%zu ", k);
    jac_buffer_printf(out, "ds%zu/d%s\n", t, name);
  }
  jac_buffer_printf(out,
                    _("  Added up they are the Jacobian of the module: largest "
                      "difference %.2g.\n"),
                    time->sum_error);
}

enum jac_status jac_chain_time_text(const struct jac_chain *chain, int precision,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < chain->ntime && status == JAC_OK; k++) {
    const struct jac_chain_time *time = &chain->time[k];
    double all = 0.0;
    jac_buffer_add(out, "\n");
    jac_paint_add(style, JAC_PAINT_TITLE, _("Through time"), out);
    jac_buffer_printf(out, _(", the steps of %s\n"), time->module->spec);
    status = add_steps(time, precision, style, out, &all, err);
    if (status == JAC_OK)
      jac_buffer_printf(out,
                        all < 1.0
                            ? _("  What goes back through all %zu steps is shortened "
                                "to %.2g of its length, or less: it vanishes.\n")
                            : _("  What goes back through all %zu steps can grow "
                                "%.2g times: it may explode.\n"),
                        time->steps, all);
    if (status == JAC_OK && time->use != NULL)
      add_uses(chain, time, out);
  }
  return status;
}
