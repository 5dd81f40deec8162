/* The chain rule as displays: the product, each factor, the products on the way back. */
#include "visual/latex/chain.h"

#include "visual/latex/latex.h"
#include "visual/latex/width.h"

#include <string.h>

/* What one run needs. */
struct run {
  const struct jac_chain *chain;
  const struct jac_chain_math *how;
  jac_math_sink *sink;
  void *context;
  struct jac_error *err;
};

static bool never_zero(void *context, size_t row, size_t col) {
  (void)context;
  (void)row;
  (void)col;
  return false;
}

static double product_value(void *context, size_t row, size_t col) {
  return *jac_array3_at(context, 0, row, col);
}

/* Adds " = matrix" with so many columns that it fits beside left; size becomes the size
 * of letters in which it does. */
static enum jac_status add_matrix(const struct run *r,
                                  const struct jac_sheet_source *source,
                                  enum jac_sheet_kind kind, struct jac_buffer *out,
                                  const char **size) {
  enum { LEAST = 3 };
  const struct jac_latex *latex = &r->how->latex;
  double left = jac_latex_width(out->text), line = jac_latex_line(latex);
  size_t rows = jac_latex_most(source->rows, latex->elide);
  size_t cols = jac_latex_most(source->cols, latex->elide);
  for (cols = cols < source->cols ? cols : source->cols;; cols--) {
    struct jac_sheet sheet;
    enum jac_status status =
        jac_sheet_make(source, kind, r->how->precision, rows, cols, &sheet, r->err);
    if (status != JAC_OK)
      return status;
    double width = left + jac_sheet_width(&sheet, 5.0);
    bool last = cols <= LEAST || latex->elide != JAC_ELIDE_FIT;
    bool worth = last || cols == source->cols || jac_sheet_at_least(&sheet, rows, cols);
    if (width <= line || last || (worth && 0.83 * width <= line)) {
      *size = jac_latex_size(width, line);
      jac_buffer_add(out, " = ");
      jac_sheet_matrix(&sheet, latex->square, out);
      jac_sheet_free(&sheet);
      return JAC_OK;
    }
    jac_sheet_free(&sheet);
  }
}

static void add_slice(const struct run *r, struct jac_buffer *out) {
  if (r->chain->factor[0].J.slices > 1)
    jac_buffer_add(out, "\\big|_{n=1}");
}

/* d z^{3} / d W^{2} */
static void add_derivative(const struct jac_chain_factor *f, struct jac_buffer *out) {
  jac_buffer_printf(out, "\\frac{\\partial %s}{\\partial ", f->module->output_symbol);
  jac_latex_variable(&f->module->var[f->variable], out);
  jac_buffer_add_char(out, '}');
}

static enum jac_status finish(const struct run *r, struct jac_buffer *math,
                              const char *size, enum jac_status status) {
  if (status == JAC_OK)
    status = jac_buffer_status(math, r->err);
  if (status == JAC_OK)
    r->sink(r->context, math->text, size);
  jac_buffer_free(math);
  return status;
}

/* J = J_3 J_2 J_1 with the shapes below. */
static enum jac_status write_rule(const struct run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_latex_left(chain->map, chain->wrt, &math);
  jac_buffer_add(&math, " =");
  for (size_t f = 0; f < chain->count; f++)
    jac_buffer_printf(&math, " \\underset{%zu \\times %zu}{J_{%zu}}\\;",
                      chain->factor[f].J.rows, chain->factor[f].J.cols, chain->count - f);
  return finish(r, &math, "", JAC_OK);
}

static enum jac_status write_factor(const struct run *r, size_t f) {
  const struct jac_chain_factor *factor = &r->chain->factor[f];
  struct jac_layout layout;
  struct jac_view view;
  struct jac_view_source source;
  struct jac_buffer math = JAC_BUFFER_INIT, where = JAC_BUFFER_INIT;
  const char *size = "";
  enum jac_entries entries = r->how->entries;
  enum jac_form form = r->chain->map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH;
  enum jac_status status = jac_layout_make(factor->module, factor->variable, form,
                                           JAC_ORDER_F, &layout, r->err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, NULL, &factor->native, entries, r->how->precision,
                          &view, r->err);
  if (status == JAC_EREFUSED) /* no symbols */
    status = jac_view_new(&layout, NULL, &factor->native, JAC_ENTRIES_NUMBERS,
                          r->how->precision, &view, r->err);
  if (status != JAC_OK)
    return status;
  jac_buffer_printf(&math, "J_{%zu} = ", r->chain->count - f);
  add_derivative(factor, &math);
  add_slice(r, &math);
  bool both = view.entries == JAC_ENTRIES_BOTH;
  jac_view_source(&view, 0, view.entries == JAC_ENTRIES_NUMBERS, &source);
  status =
      add_matrix(r, &source.source,
                 jac_view_kind(&view, view.entries == JAC_ENTRIES_NUMBERS), &math, &size);
  if (status == JAC_OK)
    status = jac_latex_where(&view, "", &where, r->err);
  if (status == JAC_OK)
    status = finish(r, &math, size, status);
  if (status == JAC_OK && both) {
    jac_buffer_printf(&math, "J_{%zu}", r->chain->count - f);
    status = add_matrix(r, &source.source, JAC_SHEET_NUMBERS, &math, &size);
    status = finish(r, &math, size, status);
  }
  if (status == JAC_OK && where.length > 0) {
    jac_buffer_printf(&math, "\\begin{aligned}\n%s\n\\end{aligned}", where.text);
    status = finish(r, &math, "", status);
  }
  jac_buffer_free(&math);
  jac_buffer_free(&where);
  jac_view_free(&view);
  return status;
}

/* J_3 J_2 = matrix; before a loss it is a cotangent on its way back, delta. */
static enum jac_status write_product(const struct run *r, size_t f) {
  const struct jac_chain *chain = r->chain;
  struct jac_chain_factor *factor = &chain->factor[f];
  struct jac_sheet_source source = {.rows = factor->left.rows,
                                    .cols = factor->left.cols,
                                    .context = &factor->left,
                                    .zero = never_zero,
                                    .value = product_value};
  struct jac_buffer math = JAC_BUFFER_INIT;
  const char *size = "";
  bool last = f + 1 == chain->count;
  const char *raised = strchr(factor->module->var[factor->variable].symbol, '^');
  if (last) {
    jac_latex_left(chain->map, chain->wrt, &math);
    add_slice(r, &math);
    jac_buffer_add(&math, " = ");
  } else if (factor->left.rows == 1 && raised != NULL)
    jac_buffer_printf(&math, "\\delta%s = ", raised);
  for (size_t k = 0; k <= f; k++)
    jac_buffer_printf(&math, k > 0 ? " J_{%zu}" : "J_{%zu}", chain->count - k);
  if (r->chain->factor[0].J.slices > 1 && !last)
    jac_buffer_add(&math, "\\,\\big|_{n=1}");
  enum jac_status status = add_matrix(r, &source, JAC_SHEET_NUMBERS, &math, &size);
  return finish(r, &math, size, status);
}

/* The gradient, of the shape of the variable. */
static double gradient_value(void *context, size_t row, size_t col) {
  return gsl_matrix_get(context, row, col);
}

static enum jac_status write_gradient(const struct run *r) {
  const struct jac_chain *chain = r->chain;
  gsl_matrix *g = chain->factor[chain->count - 1].delta;
  struct jac_sheet_source source = {.rows = g->size1,
                                    .cols = g->size2,
                                    .context = g,
                                    .zero = never_zero,
                                    .value = gradient_value};
  struct jac_buffer math = JAC_BUFFER_INIT;
  const char *size = "";
  bool sum = chain->factor[0].J.rows > 1 || chain->map->batch > 1;
  bool cost = jac_label_output_indices(chain->map) < 2;
  jac_buffer_printf(&math, "\\frac{\\partial%s%s}{\\partial ", sum ? "" : " ",
                    sum ? "" : chain->map->output_symbol);
  jac_latex_variable(&chain->map->var[chain->wrt], &math);
  jac_buffer_add_char(&math, '}');
  if (sum)
    jac_buffer_printf(&math, cost ? " \\sum_{n} %s_{n}" : " \\sum_{n,o} %s_{n,o}",
                      chain->map->output_symbol);
  enum jac_status status = add_matrix(r, &source, JAC_SHEET_NUMBERS, &math, &size);
  return finish(r, &math, size, status);
}

enum jac_status jac_chain_displays(const struct jac_chain *chain,
                                   const struct jac_chain_math *how, jac_math_sink *sink,
                                   void *context, struct jac_error *err) {
  struct run r = {chain, how, sink, context, err};
  enum jac_status status = write_rule(&r);
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++)
    status = write_factor(&r, f);
  if (how->entries == JAC_ENTRIES_STRUCTURE)
    return status;
  for (size_t f = 1; f < chain->count && status == JAC_OK; f++)
    status = write_product(&r, f);
  return status == JAC_OK ? write_gradient(&r) : status;
}

static void add_display(void *context, const char *math, const char *size) {
  jac_latex_display(math, size, context);
}

enum jac_status jac_chain_latex(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_buffer *out,
                                struct jac_error *err) {
  jac_buffer_add(out, "% chain rule: ");
  jac_latex_comment(chain->map->spec, out);
  jac_buffer_printf(out, ", %s\n", chain->map->var[chain->wrt].name);
  jac_latex_packages(JAC_LATEX_AMSMATH, out);
  enum jac_status status = jac_chain_displays(chain, how, add_display, out, err);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
