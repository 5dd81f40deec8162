#include "jacobian/text.h"
#include "visual/chain.h"
#include "visual/chain_time.h"
#include "visual/grid.h"
#include "visual/number.h"
#include "visual/text.h"

#include <stdio.h>
#include <string.h>

static const char *times(const struct jac_style *style) {
  return style->unicode ? " × " : " x ";
}

void jac_pattern_words(const struct jac_pattern *p, const struct jac_style *style,
                       struct jac_buffer *out) {
  switch (p->kind) {
  case JAC_PATTERN_ZERO:
    jac_buffer_add(out, _("zero"));
    break;
  case JAC_PATTERN_DENSE:
    jac_buffer_add(out, _("dense"));
    break;
  case JAC_PATTERN_DIAGONAL:
    jac_buffer_add(out, _("diagonal"));
    break;
  case JAC_PATTERN_BLOCK_DIAGONAL:
    jac_buffer_printf(out, _("block diagonal, %zu blocks of %zu%s%zu"),
                      p->rows / p->block_rows, p->block_rows, times(style),
                      p->block_cols);
    break;
  case JAC_PATTERN_SPARSE:
  default:
    jac_buffer_printf(out, _("sparse, %zu of %zu entries"), jac_pattern_count(p),
                      p->rows * p->cols);
  }
}

/* The text in the buffer is filled with blanks up to width; from is where it began. */
static void pad(struct jac_buffer *out, size_t from, size_t width) {
  for (size_t used = jac_label_width(out->text + from); used < width; used++)
    jac_buffer_add_char(out, ' ');
}

static const char *input_symbol(const struct jac_chain_factor *f) {
  return f->module->var[f->variable].symbol;
}

/* d z^3 / d z^2 */
static void add_derivative(const struct jac_chain_factor *f,
                           const struct jac_style *style, struct jac_buffer *out) {
  const char *d = style->unicode ? "∂" : "d ";
  jac_buffer_add(out, d);
  jac_label_symbol(f->module->output_symbol, jac_style_notation(style), out);
  jac_buffer_add(out, style->unicode ? "/" : " / ");
  jac_buffer_add(out, d);
  jac_label_symbol(input_symbol(f), jac_style_notation(style), out);
}

/* A line a factor: name, module, what it is the derivative of, shape, structure. */
static void add_factors(const struct jac_chain *chain, const struct jac_style *style,
                        struct jac_buffer *out) {
  size_t widest = 0;
  for (size_t f = 0; f < chain->count; f++) {
    size_t width = strlen(chain->factor[f].module->spec);
    widest = width > widest ? width : widest;
  }
  for (size_t f = 0; f < chain->count; f++) {
    const struct jac_chain_factor *factor = &chain->factor[f];
    size_t from = out->length;
    jac_buffer_printf(out, "  J%zu", chain->count - f);
    pad(out, from, 6);
    from = out->length;
    jac_buffer_add(out, factor->module->spec);
    pad(out, from, widest + 2);
    from = out->length;
    add_derivative(factor, style, out);
    pad(out, from, style->unicode ? 12 : 16);
    from = out->length;
    jac_buffer_printf(out, "%zu%s%zu", factor->J.rows, times(style), factor->J.cols);
    pad(out, from, jac_label_width(out->text + from) < 10 ? 10 : 12);
    jac_pattern_words(&factor->pattern, style, out);
    jac_buffer_add(out, "\n");
  }
}

static void add_cost(const struct jac_chain *chain, const struct jac_style *style,
                     struct jac_buffer *out) {
  const struct jac_chain_cost *cost = &chain->cost;
  const char *per = chain->factor[0].J.slices > 1 ? _(" (a sample)") : "";
  jac_paint_add(style, JAC_PAINT_TITLE, _("What it costs"), out);
  jac_buffer_printf(out, _(": multiplications of numbers%s, factors taken as dense\n"),
                    per);
  jac_buffer_printf(out, _("  from the left, reverse mode   %.10g\n"), cost->left);
  jac_buffer_printf(out, _("  from the right, forward mode  %.10g\n"), cost->right);
  jac_buffer_printf(out, _("  best                          %.10g, as %s\n"), cost->best,
                    cost->order);
  if (cost->left < cost->right)
    jac_buffer_printf(
        out,
        JAC_PLURAL("  From the left every product has %zu row, for the one output: cheap "
                   "products.\n  This is why backpropagation starts at the loss.\n",
                   "  From the left every product has %zu rows, one for each output: few "
                   "outputs, cheap\n  products. This is why backpropagation starts at "
                   "the loss.\n",
                   chain->factor[0].J.rows),
        chain->factor[0].J.rows);
  else if (cost->right < cost->left)
    jac_buffer_printf(
        out,
        _("  From the right every product has %zu columns, one for each entry of "
          "the variable:\n  few variables, cheap products.\n"),
        chain->factor[chain->count - 1].J.cols);
}

/* An array of the shape of the product of the factors up to f, in one slice, as a
 * labelled table. */
static enum jac_status add_table(const struct jac_chain *chain,
                                 const struct jac_array3 *array, size_t f, size_t slice,
                                 int precision, const struct jac_style *style,
                                 struct jac_buffer *out, struct jac_error *err) {
  enum jac_notation notation = jac_style_notation(style);
  size_t rows = jac_text_shown(array->rows, array->cols);
  size_t cols = jac_text_shown(array->cols, array->rows);
  struct jac_grid grid;
  enum jac_status status = jac_grid_alloc(rows, cols, JAC_ALIGN_POINT, &grid, err);
  if (status != JAC_OK)
    return status;
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t i = 0; i <= rows; i++)
    for (size_t j = 0; j <= cols; j++) {
      jac_buffer_clear(&text);
      if (i == 0 && j > 0)
        jac_chain_col_label(chain, f, slice, j - 1, notation, &text);
      else if (j == 0 && i > 0)
        jac_chain_row_label(chain, slice, i - 1, notation, &text);
      else if (i > 0)
        jac_buffer_printf(&text, "%.*g", precision,
                          *jac_array3_at(array, slice, i - 1, j - 1) + 0.0);
      jac_grid_set(&grid, i, j, text.text, i > 0 && j > 0 ? jac_grid_point(text.text) : 0,
                   JAC_PAINT_PLAIN);
    }
  grid.all_cols = array->cols;
  cols = jac_grid_print(&grid, style, out);
  jac_text_elided(style, rows, array->rows, cols, array->cols, out);
  jac_buffer_free(&text);
  jac_grid_free(&grid);
  return jac_buffer_status(out, err);
}

/* One factor as its module's own Jacobian is shown. */
static enum jac_status add_factor(const struct jac_chain *chain, size_t f, size_t slice,
                                  enum jac_entries entries, int precision,
                                  const struct jac_style *style, struct jac_buffer *out,
                                  struct jac_error *err) {
  const struct jac_chain_factor *factor = &chain->factor[f];
  struct jac_layout layout;
  struct jac_view view;
  enum jac_status status = jac_layout_make(
      factor->module, factor->variable,
      chain->map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH, JAC_ORDER_F, &layout, err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, NULL, &factor->native, entries, precision, &view, err);
  if (status == JAC_EREFUSED)
    status = jac_view_new(&layout, NULL, &factor->native, JAC_ENTRIES_NUMBERS, precision,
                          &view, err);
  if (status != JAC_OK)
    return status;
  jac_buffer_printf(out, "J%zu = ", chain->count - f);
  add_derivative(factor, style, out);
  jac_buffer_printf(out, _(", of %s\n"), factor->module->spec);
  status = entries == JAC_ENTRIES_STRUCTURE
               ? jac_text_structure(&view, style, out, err)
               : jac_text_slice(&view, style, slice, out, err);
  if (status == JAC_OK && view.entries == JAC_ENTRIES_SYMBOLS)
    jac_text_where(&view, style, out);
  jac_view_free(&view);
  return status;
}

/* All factors of the first sample, under a heading. */
static enum jac_status add_all_factors(const struct jac_chain *chain, const char *heading,
                                       enum jac_entries entries, int precision,
                                       const struct jac_style *style,
                                       struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  jac_buffer_add(out, "\n");
  jac_paint_add(style, JAC_PAINT_TITLE, heading, out);
  if (chain->factor[0].J.slices > 1)
    jac_buffer_printf(out, _(", sample 1 of %zu"), chain->factor[0].J.slices);
  jac_buffer_add(out, "\n");
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++)
    status = add_factor(chain, f, 0, entries, precision, style, out, err);
  return status;
}

static bool ends_in_loss(const struct jac_chain *chain) {
  return chain->factor[0].J.rows == 1;
}

/* The products from the left, each beside the fast backward pass. */
static enum jac_status add_backward(const struct jac_chain *chain, size_t slice,
                                    int precision, const struct jac_style *style,
                                    struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++) {
    const struct jac_chain_factor *factor = &chain->factor[f];
    bool last = f + 1 == chain->count;
    if (ends_in_loss(chain) && !last) {
      jac_buffer_add(out, style->unicode ? "δ" : "delta");
      const char *raised = strchr(input_symbol(factor), '^');
      jac_label_symbol(raised != NULL ? raised : "", jac_style_notation(style), out);
      jac_buffer_add(out, " = ");
    }
    jac_chain_name(chain, f, out);
    jac_buffer_add(out, !last             ? ""
                        : chain->ways > 1 ? _(", this way's part of the Jacobian")
                                          : _(" = J, the Jacobian"));
    if (ends_in_loss(chain) && factor->module->var[factor->variable].role == JAC_DATA)
      jac_buffer_printf(out, _("   (fast backward pass: the same to %.1g)"),
                        factor->delta_error);
    jac_buffer_add(out, "\n");
    status = add_table(chain, &factor->left, f, slice, precision, style, out, err);
  }
  return status;
}

/* What proves it: numbers, not words. */
static void add_proof(const struct jac_chain *chain, const struct jac_style *style,
                      struct jac_buffer *out) {
  double worst = 0.0;
  for (size_t f = 0; f < chain->count; f++)
    worst = chain->factor[f].delta_error > worst ? chain->factor[f].delta_error : worst;
  jac_paint_add(style, JAC_PAINT_TITLE, _("Proved by numbers"), out);
  jac_buffer_printf(
      out,
      _("\n  The fast backward pass, module by module from a cotangent of ones, equals "
        "the\n"
        "  products from the left, added up over outputs%s: largest difference %.2g.\n"
        "  The product from the right equals the product from the left: %.2g.\n"),
      chain->map->var[chain->wrt].role == JAC_PARAMETER && chain->map->batch > 1
          ? _(" and samples")
          : "",
      worst, chain->right_error);
}

static enum jac_status add_gradient(const struct jac_chain *chain, int precision,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err) {
  const gsl_matrix *g = chain->factor[chain->count - 1].delta;
  size_t rows = jac_text_shown(g->size1, g->size2);
  size_t cols = jac_text_shown(g->size2, g->size1);
  struct jac_grid grid;
  enum jac_status status = jac_grid_alloc(rows, cols, JAC_ALIGN_POINT, &grid, err);
  if (status != JAC_OK)
    return status;
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) {
      char text[40];
      snprintf(text, sizeof text, "%.*g", precision, gsl_matrix_get(g, i, j) + 0.0);
      jac_grid_set(&grid, i + 1, j + 1, text, jac_grid_point(text), JAC_PAINT_PLAIN);
    }
  jac_buffer_printf(out,
                    chain->ways > 1
                        ? _("  Its part of the gradient, of the shape of %s:\n")
                        : _("  The gradient that it gives, of the shape of %s:\n"),
                    chain->map->var[chain->wrt].name);
  grid.all_cols = g->size2;
  jac_grid_print(&grid, style, out);
  jac_text_elided(style, rows, g->size1, cols, g->size2, out);
  jac_grid_free(&grid);
  return jac_buffer_status(out, err);
}

/* Of the last of several ways: what all of them come to. */
static enum jac_status add_sum(const struct jac_chain *chain, int precision,
                               const struct jac_style *style, struct jac_buffer *out,
                               struct jac_error *err) {
  size_t slices = chain->sum.slices;
  enum jac_status status = JAC_OK;
  for (size_t s = 0; s < slices && status == JAC_OK; s++) {
    jac_buffer_add(out, "\n");
    jac_paint_add(style, JAC_PAINT_TITLE, _("The sum over all ways, the Jacobian"), out);
    if (slices > 1)
      jac_buffer_printf(out, _(", sample %zu of %zu"), s + 1, slices);
    jac_buffer_add(out, "\n");
    status =
        add_table(chain, &chain->sum, chain->count - 1, s, precision, style, out, err);
  }
  jac_buffer_printf(out,
                    _("  It equals the Jacobian that show prints: largest difference "
                      "%.2g.\n"),
                    chain->sum_error);
  return status;
}

static void add_title(const struct jac_chain *chain, const struct jac_style *style,
                      struct jac_buffer *out) {
  struct jac_buffer title = JAC_BUFFER_INIT;
  jac_buffer_printf(&title, _("The chain rule: %s with respect to %s"), chain->map->spec,
                    chain->map->var[chain->wrt].name);
  jac_paint_add(style, JAC_PAINT_TITLE, title.text, out);
  jac_buffer_free(&title);
  if (chain->ways > 1)
    jac_buffer_printf(out,
                      _("\n  way %zu of %zu from %s to the output: the Jacobian is the "
                        "sum over them"),
                      chain->way, chain->ways, chain->map->var[chain->wrt].name);
  jac_buffer_add(out, chain->ways > 1 ? "\n  " : "\n  J = ");
  jac_chain_name(chain, chain->count - 1, out);
  if (chain->map->coupled)
    jac_buffer_printf(out, _(", in full form: samples are coupled (%s)\n"),
                      chain->map->coupled_reason);
  else if (chain->map->batch > 1)
    jac_buffer_printf(out, _(", sample by sample: %zu slices\n"), chain->map->batch);
  else
    jac_buffer_add(out, "\n");
}

enum jac_status jac_chain_text(const struct jac_chain *chain, enum jac_entries entries,
                               int precision, const struct jac_style *whole,
                               struct jac_buffer *out, struct jac_error *err) {
  /* Of a wide factor the first columns: what matters is the way of the products, and the
   * gradient at the end, which is shown whole. */
  struct jac_style few = *whole;
  const struct jac_style *style = &few;
  few.parts = 2;
  enum jac_status status = JAC_OK;
  size_t slices = chain->factor[0].J.slices;
  add_title(chain, style, out);
  add_factors(chain, style, out);
  add_cost(chain, style, out);
  if (entries == JAC_ENTRIES_SYMBOLS || entries == JAC_ENTRIES_BOTH)
    status = add_all_factors(chain, _("The factors as symbols"), JAC_ENTRIES_SYMBOLS,
                             precision, style, out, err);
  if (status == JAC_OK)
    status = add_all_factors(
        chain, entries == JAC_ENTRIES_SYMBOLS ? _("Evaluated") : _("The factors"),
        entries == JAC_ENTRIES_STRUCTURE ? entries : JAC_ENTRIES_NUMBERS, precision,
        style, out, err);
  for (size_t s = 0; s < slices && status == JAC_OK; s++) {
    jac_buffer_add(out, "\n");
    jac_paint_add(style, JAC_PAINT_TITLE, _("Backward, from the left"), out);
    if (slices > 1)
      jac_buffer_printf(out, _(", sample %zu of %zu"), s + 1, slices);
    jac_buffer_add(out, "\n");
    status = add_backward(chain, s, precision, style, out, err);
  }
  jac_buffer_add(out, "\n");
  add_proof(chain, style, out);
  if (status == JAC_OK)
    status = add_gradient(chain, precision, whole, out, err);
  if (status == JAC_OK)
    status = jac_chain_time_text(chain, precision, style, out, err);
  return status == JAC_OK && chain->sum.data != NULL
             ? add_sum(chain, precision, style, out, err)
             : status;
}
