/* The chain rule as prose: what is multiplied and what that costs, each factor, the
 * products on the way back, the gradient, and what proves it. */
#include "visual/chain.h"

#include "jacobian/text.h"
#include "visual/chain_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double product_value(void *context, size_t row, size_t col) {
  return *jac_array3_at(context, 0, row, col);
}

static void add_slice(const struct jac_chain_run *r, struct jac_buffer *out) {
  if (r->chain->factor[0].J.slices > 1)
    jac_buffer_add(out, "\\big|_{n=1}");
}

/* d z^{3} / d W^{2} */
static void add_derivative(const struct jac_chain_factor *f, struct jac_buffer *out) {
  jac_buffer_printf(out, "\\frac{\\partial %s}{\\partial ", f->module->output_symbol);
  jac_latex_variable(&f->module->var[f->variable], out);
  jac_buffer_add_char(out, '}');
}

/* J = J_3 J_2 J_1 with the shapes below. */
static enum jac_status write_rule(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_latex_left(chain->map, chain->wrt, &math);
  jac_buffer_add(&math, chain->way > 1 ? " = \\cdots +" : " =");
  for (size_t f = 0; f < chain->count; f++)
    jac_buffer_printf(&math, "%s\\underset{%zu \\times %zu}{J_{%zu}}",
                      f > 0 ? "\\; " : " ", chain->factor[f].J.rows,
                      chain->factor[f].J.cols, chain->count - f);
  jac_buffer_add(&math, chain->way < chain->ways ? " + \\cdots" : "");
  return jac_chain_paper_display(r, &math, 0.0, JAC_OK);
}

/* What is said first: the rule, and of several samples which one is shown. */
static enum jac_status write_beginning(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_prose *p = r->prose;
  struct jac_buffer symbol = JAC_BUFFER_INIT;
  char count[32];
  jac_latex_variable(&chain->map->var[chain->wrt], &symbol);
  jac_prose_say(p,
                _("By the chain rule, the Jacobian of {c} with respect to {m} is the "
                  "product of the modules' own, the last module first:"),
                chain->map->spec, symbol.text, chain->map->var[chain->wrt].name);
  jac_buffer_free(&symbol);
  if (chain->ways > 1) {
    char way[80];
    snprintf(way, sizeof way, _("way %zu of %zu to the output"), chain->way, chain->ways);
    jac_prose_say(p, _("(This is {w}; the Jacobian is the sum over them.)"), way);
  }
  jac_prose_end(p);
  enum jac_status status = write_rule(r);
  snprintf(count, sizeof count, "%zu", chain->map->batch);
  if (chain->map->coupled)
    jac_prose_say(p, _("The samples are coupled ({w}): it is in full form."),
                  _(chain->map->coupled_reason));
  else if (chain->map->batch > 1)
    jac_prose_say(
        p,
        _("The samples do not meet: there is such a product for each of the {w} "
          "samples, and what follows is that of the first, n = 1, but for the gradient, "
          "which is that of all of them."),
        count);
  if (chain->map->coupled || chain->map->batch > 1)
    jac_prose_end(p);
  return status;
}

static void write_factors(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_prose *p = r->prose;
  const struct jac_style plain = {.unicode = false};
  const char *const titles[] = {_("factor"), _("module"), _("derivative"), _("shape"),
                                _("structure")};
  jac_prose_table(p, "lllll");
  for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++) {
    jac_prose_cell(p);
    jac_prose_words(p, titles[k]);
  }
  for (size_t f = 0; f < chain->count; f++) {
    const struct jac_chain_factor *factor = &chain->factor[f];
    struct jac_buffer text = JAC_BUFFER_INIT;
    char name[32];
    snprintf(name, sizeof name, "J_{%zu}", chain->count - f);
    jac_prose_cell(p);
    jac_prose_math(p, name, name);
    jac_prose_cell(p);
    jac_prose_code(p, factor->module->spec);
    jac_buffer_printf(&text, "\\partial %s / \\partial ", factor->module->output_symbol);
    jac_latex_variable(&factor->module->var[factor->variable], &text);
    jac_prose_cell(p);
    jac_prose_math(p, text.text, text.text);
    jac_buffer_clear(&text);
    jac_buffer_printf(&text, "%zu \\times %zu", factor->J.rows, factor->J.cols);
    jac_prose_cell(p);
    jac_prose_math(p, text.text, text.text);
    jac_buffer_clear(&text);
    jac_pattern_words(&factor->pattern, &plain, &text);
    jac_prose_cell(p);
    jac_prose_words(p, text.text);
    p->out->failed = p->out->failed || text.failed;
    jac_buffer_free(&text);
  }
  jac_prose_table_end(p);
}

static void add_count(double count, struct jac_buffer *out) {
  jac_buffer_clear(out);
  jac_buffer_printf(out, "%.10g", count);
}

/* J_{3} (J_{2} J_{1}) of J3 (J2 J1). */
static void add_order(const char *order, struct jac_buffer *out) {
  for (const char *at = order; *at != '\0';) {
    size_t digits = strspn(at, "0123456789");
    if (digits > 0) {
      jac_buffer_add(out, "_{");
      jac_buffer_add_bytes(out, at, digits);
      jac_buffer_add(out, "}");
      at += digits;
    } else
      jac_buffer_add_char(out, *at++);
  }
}

/* What it costs to multiply them, and which side is the cheap one. */
static void write_cost(const struct jac_chain_run *r) {
  const struct jac_chain_cost *cost = &r->chain->cost;
  struct jac_buffer left = JAC_BUFFER_INIT, right = JAC_BUFFER_INIT,
                    best = JAC_BUFFER_INIT, order = JAC_BUFFER_INIT;
  add_order(cost->order, &order);
  add_count(cost->left, &left);
  add_count(cost->right, &right);
  add_count(cost->best, &best);
  jac_prose_say(
      r->prose,
      r->chain->factor[0].J.slices > 1
          ? _("With dense factors, a sample costs {w} multiplications of numbers "
              "from the left (reverse mode), {w} from the right (forward mode), "
              "and {w} in the best order, {m}.")
          : _("With dense factors, this costs {w} multiplications of numbers from "
              "the left (reverse mode), {w} from the right (forward mode), and "
              "{w} in the best order, {m}."),
      left.text, right.text, best.text, order.text, cost->order);
  if (cost->left < cost->right)
    jac_prose_say(r->prose, _("From the left each product has only as many rows as there "
                              "are outputs: this is why backpropagation starts at the "
                              "loss."));
  else if (cost->right < cost->left)
    jac_prose_say(r->prose,
                  _("From the right each product has only as many columns as the "
                    "variable has entries."));
  jac_prose_end(r->prose);
  jac_buffer_free(&left);
  jac_buffer_free(&right);
  jac_buffer_free(&best);
  jac_buffer_free(&order);
}

/* J_2 = d z^2 / d z^1 = matrix, as its module's own Jacobian is shown. */
static enum jac_status write_factor(const struct jac_chain_run *r, size_t f) {
  const struct jac_chain_factor *factor = &r->chain->factor[f];
  struct jac_layout layout;
  struct jac_view view;
  struct jac_buffer left = JAC_BUFFER_INIT, math = JAC_BUFFER_INIT;
  const char *size = "";
  enum jac_form form = r->chain->map->coupled ? JAC_FORM_FULL : JAC_FORM_BATCH;
  enum jac_status status = jac_layout_make(factor->module, factor->variable, form,
                                           JAC_ORDER_F, &layout, r->err);
  if (status == JAC_OK)
    status = jac_view_new(&layout, NULL, &factor->native, r->how->entries,
                          r->how->precision, &view, r->err);
  if (status == JAC_EREFUSED) /* no symbols */
    status = jac_view_new(&layout, NULL, &factor->native, JAC_ENTRIES_NUMBERS,
                          r->how->precision, &view, r->err);
  if (status != JAC_OK)
    return status;
  jac_buffer_printf(&left, "J_{%zu} = ", r->chain->count - f);
  add_derivative(factor, &left);
  add_slice(r, &left);
  status = jac_latex_first(&view, left.text, &r->how->latex,
                           r->prose->kind == JAC_PROSE_LATEX, &math, &size, r->err);
  if (status == JAC_OK)
    jac_prose_display(r->prose, math.text, size);
  jac_buffer_free(&left);
  jac_buffer_free(&math);
  jac_view_free(&view);
  return status;
}

/* J_3 J_2 = matrix; before a loss it is a cotangent on its way back, delta. */
static enum jac_status add_product(const struct jac_chain_run *r, size_t f,
                                   struct jac_buffer *out, double *widest) {
  const struct jac_chain *chain = r->chain;
  struct jac_chain_factor *factor = &chain->factor[f];
  struct jac_sheet_source source = {.rows = factor->left.rows,
                                    .cols = factor->left.cols,
                                    .context = &factor->left,
                                    .zero = jac_chain_never_zero,
                                    .value = product_value};
  struct jac_buffer math = JAC_BUFFER_INIT;
  bool last = f + 1 == chain->count;
  const char *raised = strchr(factor->module->var[factor->variable].symbol, '^');
  if (last && chain->ways == 1) {
    jac_latex_left(chain->map, chain->wrt, &math);
    add_slice(r, &math);
    jac_buffer_add(&math, " = ");
  } else if (factor->left.rows == 1 && raised != NULL)
    jac_buffer_printf(&math, "\\delta%s = ", raised);
  for (size_t k = 0; k <= f; k++)
    jac_buffer_printf(&math, k > 0 ? " J_{%zu}" : "J_{%zu}", chain->count - k);
  if (r->chain->factor[0].J.slices > 1 && (!last || chain->ways > 1))
    jac_buffer_add(&math, "\\,\\big|_{n=1}");
  enum jac_status status =
      jac_chain_paper_matrix(r, &source, JAC_SHEET_NUMBERS, &math, widest);
  jac_buffer_add(out, math.text);
  out->failed = out->failed || math.failed;
  jac_buffer_free(&math);
  return status;
}

/* The steps of the way back, one under the other. */
static enum jac_status write_products(const struct jac_chain_run *r) {
  struct jac_buffer math = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  double widest = 0.0;
  bool several = r->chain->count > 2;
  jac_prose_say(r->prose, _("Multiplied from the left:"));
  jac_prose_end(r->prose);
  jac_buffer_add(&math, several ? "\\begin{aligned}\n" : "");
  for (size_t f = 1; f < r->chain->count && status == JAC_OK; f++) {
    jac_buffer_add(&math, f > 1 ? " \\\\[1ex]\n" : "");
    jac_buffer_add(&math, several ? "&" : "");
    status = add_product(r, f, &math, &widest);
  }
  jac_buffer_add(&math, several ? "\n\\end{aligned}" : "");
  return jac_chain_paper_display(r, &math, widest, status);
}

/* The gradient, of the shape of the variable. */
static double gradient_value(void *context, size_t row, size_t col) {
  return gsl_matrix_get(context, row, col);
}

static enum jac_status write_gradient(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  gsl_matrix *g = chain->factor[chain->count - 1].delta;
  struct jac_sheet_source source = {.rows = g->size1,
                                    .cols = g->size2,
                                    .context = g,
                                    .zero = jac_chain_never_zero,
                                    .value = gradient_value};
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_prose_say(r->prose, _("The gradient that it gives, of the shape of {c}:"),
                chain->map->var[chain->wrt].name);
  jac_prose_end(r->prose);
  double widest = 0.0;
  bool sum = chain->factor[0].J.rows > 1 || chain->map->batch > 1;
  bool cost = jac_label_output_indices(chain->map) < 2;
  jac_buffer_printf(&math, "\\frac{\\partial%s%s}{\\partial ", sum ? "" : " ",
                    sum ? "" : chain->map->output_symbol);
  jac_latex_variable(&chain->map->var[chain->wrt], &math);
  jac_buffer_add_char(&math, '}');
  if (sum)
    jac_buffer_printf(&math, cost ? " \\sum_{n} %s_{n}" : " \\sum_{n,o} %s_{n,o}",
                      chain->map->output_symbol);
  enum jac_status status =
      jac_chain_paper_matrix(r, &source, JAC_SHEET_NUMBERS, &math, &widest);
  return jac_chain_paper_display(r, &math, widest, status);
}

/* After the last of several ways: what all of them come to. */
static enum jac_status write_sum(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_sheet_source source = {.rows = chain->sum.rows,
                                    .cols = chain->sum.cols,
                                    .context = (void *)&chain->sum,
                                    .zero = jac_chain_never_zero,
                                    .value = product_value};
  struct jac_buffer math = JAC_BUFFER_INIT, error = JAC_BUFFER_INIT;
  double widest = 0.0;
  jac_latex_number(chain->sum_error, 2, &error);
  jac_prose_say(r->prose,
                _("All ways add up to the Jacobian; the largest difference is {m}:"),
                error.text, error.text);
  jac_prose_end(r->prose);
  jac_buffer_free(&error);
  jac_latex_left(chain->map, chain->wrt, &math);
  add_slice(r, &math);
  enum jac_status status =
      jac_chain_paper_matrix(r, &source, JAC_SHEET_NUMBERS, &math, &widest);
  return jac_chain_paper_display(r, &math, widest, status);
}

/* What proves it: numbers. */
static void write_proof(const struct jac_chain_run *r) {
  const struct jac_chain *chain = r->chain;
  struct jac_buffer back = JAC_BUFFER_INIT, right = JAC_BUFFER_INIT;
  double worst = 0.0;
  for (size_t f = 0; f < chain->count; f++)
    worst = fmax(worst, chain->factor[f].delta_error);
  jac_latex_number(worst, 2, &back);
  jac_latex_number(chain->right_error, 2, &right);
  jac_prose_say(
      r->prose,
      _("The fast backward pass, module by module from a cotangent of ones, gives "
        "the same as these products added up: the largest difference is {m}. The "
        "product from the right differs from that from the left by {m}."),
      back.text, back.text, right.text, right.text);
  jac_prose_end(r->prose);
  jac_buffer_free(&back);
  jac_buffer_free(&right);
}

enum jac_status jac_chain_prose(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_prose *prose,
                                struct jac_error *err) {
  struct jac_chain_run r = {chain, how, prose, err};
  enum jac_status status = write_beginning(&r);
  if (status != JAC_OK)
    return status;
  write_factors(&r);
  write_cost(&r);
  jac_prose_say(prose, _("The factors:"));
  jac_prose_end(prose);
  for (size_t f = 0; f < chain->count && status == JAC_OK; f++)
    status = write_factor(&r, f);
  if (how->entries == JAC_ENTRIES_STRUCTURE || status != JAC_OK)
    return status;
  if (chain->count > 1)
    status = write_products(&r);
  if (status == JAC_OK && chain->ways == 1)
    status = write_gradient(&r);
  write_proof(&r);
  if (status == JAC_OK)
    status = jac_chain_paper_time(&r);
  if (status == JAC_OK && chain->sum.data != NULL)
    status = write_sum(&r);
  return status == JAC_OK ? jac_buffer_status(prose->out, err) : status;
}

/* LaTeX begins with what it is, and which packages it needs. */
enum jac_status jac_chain_latex(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_buffer *out,
                                struct jac_error *err) {
  struct jac_prose prose = {.kind = JAC_PROSE_LATEX, .latex = &how->latex, .out = out};
  if (!how->latex.bare) {
    jac_buffer_add(out, "% chain rule: ");
    jac_latex_comment(chain->map->spec, out);
    jac_buffer_printf(out, ", %s\n", chain->map->var[chain->wrt].name);
    jac_latex_packages(JAC_LATEX_BOOKTABS, out);
  }
  /* Code has no letters that a line could stretch. */
  jac_buffer_add(out, "\\begingroup\\emergencystretch=4em\n");
  enum jac_status status = jac_chain_prose(chain, how, &prose, err);
  jac_buffer_add(out, "\\par\\endgroup%\n");
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

enum jac_status jac_chain_markdown(const struct jac_chain *chain,
                                   const struct jac_chain_math *how,
                                   struct jac_buffer *out, struct jac_error *err) {
  struct jac_prose prose = {.kind = JAC_PROSE_MARKDOWN, .latex = &how->latex, .out = out};
  return jac_chain_prose(chain, how, &prose, err);
}
