#include "visual/chain_time.h"

#include "jacobian/text.h"
#include "layers/recurrent.h"
#include "visual/grid.h"
#include "visual/label.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static double frobenius(const gsl_matrix *a) {
  double sum = 0.0;
  for (size_t i = 0; i < a->size1; i++)
    for (size_t j = 0; j < a->size2; j++)
      sum = hypot(sum, gsl_matrix_get(a, i, j));
  return sum;
}

/* A sample's matrix, or the last. */
static gsl_matrix_view slice_of(const struct jac_array3 *J, size_t sample) {
  return jac_array3_slice((struct jac_array3 *)J,
                          sample < J->slices ? sample : J->slices - 1);
}

enum jac_chain_growth jac_chain_time_growth(double norm) {
  return norm < 0.5   ? JAC_CHAIN_VANISHES
         : norm > 2.0 ? JAC_CHAIN_EXPLODES
                      : JAC_CHAIN_KEEPS;
}

double jac_chain_time_size(const struct jac_array3 *J, size_t sample) {
  gsl_matrix_view a = slice_of(J, sample);
  return frobenius(&a.matrix);
}

/* The product of the factors before the module, the network's derivative by its output;
 * or NULL. */
static const struct jac_array3 *derivative(const struct jac_chain *chain,
                                           const struct jac_chain_time *time) {
  const struct jac_array3 *left = NULL;
  for (size_t f = 1; f < chain->count; f++)
    if (chain->factor[f].position == time->position)
      left = &chain->factor[f - 1].left;
  return left != NULL && left->cols == time->factor[0].rows ? left : NULL;
}

/* a = a b; false: without memory. */
static bool multiply(gsl_matrix *a, const gsl_matrix *b) {
  gsl_matrix *product = jac_matrix_alloc(a->size1, b->size2);
  if (product == NULL)
    return false;
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, a, b, 0.0, product);
  gsl_matrix_memcpy(a, product);
  gsl_matrix_free(product);
  return true;
}

enum jac_status jac_chain_time_steps(const struct jac_chain *chain,
                                     const struct jac_chain_time *time, size_t sample,
                                     struct jac_chain_step *step, double *end,
                                     struct jac_error *err) {
  size_t n = time->factor[0].rows;
  const struct jac_array3 *left = derivative(chain, time);
  gsl_matrix *product = jac_matrix_alloc(n, n);
  gsl_matrix *delta = jac_matrix_alloc(left != NULL ? left->rows : 1, n);
  bool ok = product != NULL && delta != NULL;
  *end = NAN;
  if (ok)
    gsl_matrix_set_identity(product);
  if (ok && left != NULL) {
    gsl_matrix_view d = slice_of(left, sample);
    gsl_matrix_memcpy(delta, &d.matrix);
    *end = frobenius(delta);
  }
  for (size_t t = time->steps; t > 0 && ok; t--) {
    gsl_matrix_view a = slice_of(&time->factor[t - 1], sample);
    ok = multiply(product, &a.matrix) && (left == NULL || multiply(delta, &a.matrix));
    step[t - 1] = (struct jac_chain_step){norm(&a.matrix), norm(product),
                                          left != NULL ? frobenius(delta) : NAN};
  }
  gsl_matrix_free(product);
  gsl_matrix_free(delta);
  return ok ? JAC_OK : jac_fail_memory(err);
}

/* Number k of the state: its parts, h and then c, are the module's data but z. */
static void add_state(const struct jac_chain_time *time, size_t t, size_t k,
                      enum jac_notation notation, struct jac_buffer *out) {
  const struct jac_map *m = time->module;
  for (size_t v = 1; v < m->nvar && m->var[v].role == JAC_DATA; v++) {
    size_t dims = m->var[v].dims[1];
    char symbol[JAC_NAME_SIZE + 32];
    if (k < dims) {
      snprintf(symbol, sizeof symbol, "%s^{%zu}", m->var[v].name, t);
      jac_label_indexed(symbol, notation, 1, &k, &dims, out);
      return;
    }
    k -= dims;
  }
}

/* A_t, a row for each number of the state after the step, a column for each before. */
static enum jac_status add_matrix(const struct jac_chain_time *time, size_t t,
                                  int precision, const struct jac_style *style,
                                  struct jac_buffer *out, struct jac_error *err) {
  const struct jac_array3 *J = &time->factor[t - 1];
  size_t rows = jac_text_shown(J->rows, J->cols);
  size_t cols = jac_text_shown(J->cols, J->rows);
  struct jac_grid grid;
  enum jac_status status = jac_grid_alloc(rows, cols, JAC_ALIGN_POINT, &grid, err);
  if (status != JAC_OK)
    return status;
  for (size_t i = 0; i <= rows; i++)
    for (size_t j = 0; j <= cols; j++) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      bool label = i == 0 || j == 0;
      if (label && i + j > 0)
        add_state(time, i > 0 ? t : t - 1, i + j - 1, jac_style_notation(style), &text);
      else if (!label && jac_recurrent_zero(time->module, i - 1, j - 1))
        jac_buffer_add(&text, style->unicode ? "·" : ".");
      else if (!label)
        jac_buffer_printf(&text, "%.*g", precision,
                          *jac_array3_at(J, 0, i - 1, j - 1) + 0.0);
      if (text.text != NULL)
        jac_grid_set(&grid, i, j, text.text, label ? 0 : jac_grid_point(text.text),
                     label ? JAC_PAINT_TITLE : JAC_PAINT_PLAIN);
      jac_buffer_free(&text);
    }
  grid.all_cols = J->cols;
  cols = jac_grid_print(&grid, style, out);
  jac_text_elided(style, rows, J->rows, cols, J->cols, out);
  jac_grid_free(&grid);
  return jac_buffer_status(out, err);
}

/* Sentences in the lines of the terminal, wherever theirs end. */
static void add_sentences(const struct jac_buffer *text, const struct jac_style *style,
                          struct jac_buffer *out) {
  struct jac_buffer words = JAC_BUFFER_INIT;
  for (const char *at = text->failed ? "" : text->text; *at;) {
    at += strspn(at, " \n");
    size_t length = strcspn(at, " \n");
    jac_buffer_add(&words, words.length > 0 && length > 0 ? " " : "");
    jac_buffer_add_bytes(&words, at, length);
    at += length;
  }
  if (!words.failed && words.length > 0)
    jac_text_wrap(style, words.text, out);
  out->failed = out->failed || words.failed || text->failed;
  jac_buffer_free(&words);
}

/* Every step's factor in matrices, and what that names. */
static void add_formula(const struct jac_map *m, const struct jac_style *style,
                        struct jac_buffer *out) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_error quiet;
  const struct jac_recurrent_equation *e = jac_recurrent_factor_in_matrices(m);
  for (bool first = true; e->left != NULL; e++, first = false) {
    /* A_t is At where its numbers are A3. */
    jac_buffer_printf(&text, "%s%s = ", first ? "" : "; ", first ? "At" : e->left);
    jac_expression_add(m, e->right, jac_style_notation(style), &text, &quiet);
  }
  if (!text.failed)
    jac_text_wrap(style, text.text, out);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
}

/* What s_t is, and from the last step to the first: A_t, and how the product grows. */
static enum jac_status add_steps(const struct jac_chain_time *time, int precision,
                                 const struct jac_chain_step *step,
                                 const struct jac_style *style, struct jac_buffer *out,
                                 struct jac_error *err) {
  size_t n = time->factor[0].rows;
  const struct jac_map *m = time->module;
  enum jac_status status = JAC_OK;
  struct jac_buffer said = JAC_BUFFER_INIT;
  if (time->shown)
    jac_buffer_add(&said, _("  The numbers of its factors stand above.\n"));
  else if (m->nvar > 2 && m->var[2].role == JAC_DATA)
    jac_buffer_printf(&said,
                      _("  s0 = (%s, %s) is given, st is the state after step t, s%zu "
                        "the output. Norms say by how\n  much a vector can grow at "
                        "most: the largest singular value.\n"),
                      m->var[1].name, m->var[2].name, time->steps);
  else
    jac_buffer_printf(&said,
                      _("  s0 = %s is given, st is the state after step t, s%zu the "
                        "output. Norms say by how much\n  a vector can grow at most: "
                        "the largest singular value.\n"),
                      m->var[1].name, time->steps);
  add_sentences(&said, style, out);
  jac_buffer_free(&said);
  if (!time->shown)
    add_formula(m, style, out);
  for (size_t t = time->steps; t > 0 && status == JAC_OK; t--) {
    jac_buffer_printf(out,
                      _("A%zu = ds%zu/ds%zu, %zu x %zu: norm %.4g; the product so far: "
                        "%.4g\n"),
                      t, t, t - 1, n, n, step[t - 1].norm, step[t - 1].so_far);
    if (!time->shown)
      status = add_matrix(time, t, precision, style, out, err);
  }
  return status;
}

/* How much of the network's derivative comes back to each state. */
static void add_reach(const struct jac_chain *chain, const struct jac_chain_time *time,
                      const struct jac_chain_step *step, double end,
                      struct jac_buffer *out) {
  if (isnan(end))
    return;
  jac_buffer_printf(out,
                    _("  On its way back the derivative of the output (%s) has "
                      "norm\n"),
                    chain->factor[0].module->spec);
  jac_buffer_printf(out, _("  %.4g by s%zu"), end, time->steps);
  for (size_t t = time->steps; t > 0; t--)
    jac_buffer_printf(out, _(", %.4g by s%zu"), step[t - 1].reaches, t - 1);
  jac_buffer_add(out, "\n");
}

/* The size of what the use in step t adds to the network's derivative; NaN where the
 * module is the last. */
static double added(const struct jac_array3 *left, const struct jac_chain_time *time,
                    size_t t) {
  gsl_matrix_view use = slice_of(&time->use[t - 1], 0), d;
  gsl_matrix *product = NULL;
  double size = NAN;
  if (left != NULL) {
    d = slice_of(left, 0);
    product = jac_matrix_alloc(left->rows, use.matrix.size2);
  }
  if (product != NULL) {
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, &d.matrix, &use.matrix, 0.0, product);
    size = frobenius(product);
  }
  gsl_matrix_free(product);
  return size;
}

double jac_chain_time_added(const struct jac_chain *chain,
                            const struct jac_chain_time *time, size_t t) {
  double size = added(derivative(chain, time), time, t);
  return isnan(size) ? jac_chain_time_size(&time->use[t - 1], 0) : size;
}

static void add_uses(const struct jac_chain *chain, const struct jac_chain_time *time,
                     struct jac_buffer *out) {
  const struct jac_array3 *left = derivative(chain, time);
  const char *name = chain->map->var[chain->wrt].name;
  jac_buffer_printf(out,
                    _("  %s is shared by all steps: its Jacobian is the sum over its "
                      "uses, each with the\n  factors behind it.\n"),
                    name);
  for (size_t t = time->steps; t > 0; t--) {
    jac_buffer_printf(out, _("  used in step %zu: norm %-8.4g  "), t,
                      jac_chain_time_size(&time->use[t - 1], 0));
    for (size_t k = time->steps; k > t; k--)
      jac_buffer_printf(out, "A%zu ", k);
    jac_buffer_printf(out, "ds%zu/d%s\n", t, name);
  }
  jac_buffer_printf(out,
                    _("  Added up they are the Jacobian of the module: largest "
                      "difference %.2g.\n"),
                    time->sum_error);
  if (left == NULL)
    return;
  jac_buffer_printf(out,
                    _("  Times the derivative by s%zu they make that of the output (%s): "
                      "of norm\n"),
                    time->steps, chain->factor[0].module->spec);
  for (size_t t = time->steps; t > 0; t--)
    jac_buffer_printf(
        out, t == time->steps ? _("  %.4g from step %zu") : _(", %.4g from step %zu"),
        added(left, time, t), t);
  jac_buffer_add(out, "\n");
}

static void add_growth(const struct jac_chain_time *time, double all,
                       struct jac_buffer *out) {
  enum jac_chain_growth growth = jac_chain_time_growth(all);
  jac_buffer_printf(
      out,
      growth == JAC_CHAIN_VANISHES ? _("  What goes back through all %zu steps is "
                                       "shortened to %.2g of its length, "
                                       "or less: it vanishes.\n")
      : growth == JAC_CHAIN_EXPLODES
          ? _("  What goes back through all %zu steps can grow %.2g times: it may "
              "explode.\n")
          : _("  What goes back through all %zu steps is at most %.2g times as long: it "
              "neither vanishes nor explodes.\n"),
      time->steps, all);
}

enum jac_status jac_chain_time_text(const struct jac_chain *chain, int precision,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < chain->ntime && status == JAC_OK; k++) {
    const struct jac_chain_time *time = &chain->time[k];
    struct jac_chain_step *step = calloc(time->steps, sizeof *step);
    double end;
    status = step == NULL ? jac_fail_memory(err)
                          : jac_chain_time_steps(chain, time, 0, step, &end, err);
    if (status == JAC_OK) {
      jac_buffer_add(out, "\n");
      jac_paint_add(style, JAC_PAINT_TITLE, _("Through time"), out);
      jac_buffer_printf(out, _(", the steps of %s\n"), time->module->spec);
      status = add_steps(time, precision, step, style, out, err);
    }
    if (status == JAC_OK) {
      struct jac_buffer growth = JAC_BUFFER_INIT, reach = JAC_BUFFER_INIT;
      add_growth(time, step[0].so_far, &growth);
      add_sentences(&growth, style, out);
      add_reach(chain, time, step, end, &reach);
      if (reach.length > 0)
        add_sentences(&reach, style, out);
      jac_buffer_free(&growth);
      jac_buffer_free(&reach);
    }
    if (status == JAC_OK && time->use != NULL)
      add_uses(chain, time, out);
    free(step);
  }
  return status;
}
