/* The overview of a network's chains on paper and in the terminal. */
#include "visual/chain_overview.h"

#include "jacobian/text.h"
#include "visual/chain_time.h"
#include "visual/grid.h"
#include "visual/label.h"
#include "visual/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pen, and the paragraph that it writes: in a terminal it is cut into lines. */
struct writing {
  const struct jac_chain_overview *o;
  int precision;
  struct jac_prose *pen;
  struct jac_buffer *out, paragraph;
};

/* Mathematics as LaTeX, and as plain characters. */
struct both {
  struct jac_buffer latex, plain;
};

static void free_both(struct writing *w, struct both *b) {
  w->out->failed = w->out->failed || b->latex.failed || b->plain.failed;
  jac_buffer_free(&b->latex);
  jac_buffer_free(&b->plain);
}

static void put_both(struct writing *w, struct both *b) {
  if (!b->latex.failed && !b->plain.failed)
    jac_prose_math(w->pen, b->latex.text, b->plain.text);
  free_both(w, b);
}

/* What was said becomes a paragraph. */
static void end(struct writing *w) {
  if (w->pen->kind != JAC_PROSE_TEXT) {
    jac_prose_end(w->pen);
    return;
  }
  if (!w->paragraph.failed && w->paragraph.length > 0)
    jac_text_wrap(&w->pen->style, w->paragraph.text, w->out);
  w->out->failed = w->out->failed || w->paragraph.failed;
  jac_buffer_clear(&w->paragraph);
}

static void title(struct writing *w, const char *words) {
  if (w->pen->kind == JAC_PROSE_TEXT) {
    jac_buffer_add(w->out, "\n");
    jac_paint_add(&w->pen->style, JAC_PAINT_TITLE, words, w->out);
    jac_buffer_add(w->out, "\n");
    return;
  }
  jac_prose_strong(w->pen, words);
  jac_prose_end(w->pen);
}

/* A table is no paragraph. */
static void table(struct writing *w, const char *align) {
  if (w->pen->kind == JAC_PROSE_TEXT)
    w->pen->out = w->out;
  jac_prose_table(w->pen, align);
}

static void table_end(struct writing *w) {
  jac_prose_table_end(w->pen);
  if (w->pen->kind == JAC_PROSE_TEXT)
    w->pen->out = &w->paragraph;
}

static void words_cell(struct writing *w, const char *words) {
  jac_prose_cell(w->pen);
  jac_prose_words(w->pen, words);
}

static void number_cell(struct writing *w, double value) {
  struct both b = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  jac_latex_number(value, w->precision, &b.latex);
  jac_buffer_printf(&b.plain, "%.*g", w->precision, value);
  jac_prose_cell(w->pen);
  put_both(w, &b);
}

static void shape_cell(struct writing *w, size_t rows, size_t cols) {
  struct both b = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  jac_buffer_printf(&b.latex, "%zu \\times %zu", rows, cols);
  jac_buffer_printf(&b.plain, "%zu%s%zu", rows, w->pen->style.unicode ? " × " : " x ",
                    cols);
  jac_prose_cell(w->pen);
  put_both(w, &b);
}

static void add_partial(struct writing *w, const char *output,
                        const struct jac_variable *var, struct both *b) {
  bool unicode = w->pen->style.unicode;
  jac_buffer_printf(&b->latex, "\\partial %s / \\partial ", output);
  jac_latex_variable(var, &b->latex);
  jac_buffer_add(&b->plain, unicode ? "∂" : "d ");
  jac_label_symbol(output, jac_style_notation(&w->pen->style), &b->plain);
  jac_buffer_add(&b->plain, unicode ? "/∂" : " / d ");
  jac_label_symbol(var->symbol, jac_style_notation(&w->pen->style), &b->plain);
}

static bool is_cost(const struct jac_chain_overview *o) {
  return o->count > 0 && o->brief[0].rows == 1;
}

/* The product down to factor f of the path: delta^2 of a cost, else d z^3 / d z^1. */
static void add_product(struct writing *w, size_t f, struct both *b) {
  const struct jac_chain *path = &w->o->path;
  const struct jac_chain_factor *factor = &path->factor[f];
  const struct jac_variable *var = &factor->module->var[factor->variable];
  const char *raised = strchr(var->symbol, '^');
  if (!is_cost(w->o) || raised == NULL) {
    add_partial(w, path->factor[0].module->output_symbol, var, b);
    return;
  }
  jac_buffer_printf(&b->latex, "\\delta%s", raised);
  jac_buffer_add(&b->plain, w->pen->style.unicode ? "δ" : "delta");
  jac_label_symbol(raised, jac_style_notation(&w->pen->style), &b->plain);
}

/* delta^2 d z^2 / d W^2: what a variable's Jacobian is, from what stands before it. */
static void add_local(struct writing *w, size_t before, const struct jac_map *module,
                      size_t variable, struct both *b) {
  if (before > 0) {
    add_product(w, before - 1, b);
    jac_buffer_add(&b->latex, "\\, ");
    jac_buffer_add(&b->plain, " ");
  }
  add_partial(w, module->output_symbol, &module->var[variable], b);
}

/* A module's name in a cell: a residual branch is long. */
static void module_cell(struct writing *w, const struct jac_map *module) {
  enum { MOST = 28 };
  char name[MOST + 8];
  size_t length = strlen(module->spec), cut = MOST - 4;
  while (length > MOST && cut > 0 && module->spec[cut] != ' ' && module->spec[cut] != ',')
    cut--;
  if (length > MOST)
    snprintf(name, sizeof name, "%.*s ...", (int)(cut > 0 ? cut : MOST - 4),
             module->spec);
  jac_prose_cell(w->pen);
  jac_prose_code(w->pen, length > MOST ? name : module->spec);
}

static size_t path_products(const struct jac_chain_overview *o) {
  return o->path.count > 0 ? o->path.count - 1 : 0;
}

/* A line a product: its name, the factor that it is one longer by, how large it is. */
static void write_path(struct writing *w) {
  const struct jac_chain *path = &w->o->path;
  const char *const titles[2][2] = {
      {_("The way back from the output"),
       _("The way back from the output, shared by all variables")},
      {_("The way back from the cost"),
       _("The way back from the cost, shared by all variables")}};
  title(w, titles[is_cost(w->o)][w->o->shared]);
  table(w, "lllll");
  words_cell(w, _("product"));
  words_cell(w, _("is"));
  words_cell(w, _("module"));
  words_cell(w, _("factor"));
  words_cell(w, _("norm"));
  for (size_t f = 0; f < path_products(w->o); f++) {
    const struct jac_chain_factor *factor = &path->factor[f];
    struct both name = {JAC_BUFFER_INIT, JAC_BUFFER_INIT}, is = name;
    add_product(w, f, &name);
    add_local(w, f, factor->module, factor->variable, &is);
    jac_prose_cell(w->pen);
    put_both(w, &name);
    jac_prose_cell(w->pen);
    put_both(w, &is);
    module_cell(w, factor->module);
    shape_cell(w, factor->J.rows, factor->J.cols);
    number_cell(w, jac_chain_time_size(&factor->left, 0));
  }
  table_end(w);
}

/* The numbers of a product of one row, as many as a line holds. */
static void add_row(struct writing *w, const struct jac_array3 *left, size_t room,
                    struct both *b) {
  size_t used = 0, j = 0;
  for (; j < left->cols; j++) {
    char number[40];
    double value = *jac_array3_at(left, 0, 0, j);
    int length = snprintf(number, sizeof number, "%.*g", w->precision, value);
    used += (size_t)length + 2;
    if (j > 0 && used > room)
      break;
    jac_buffer_printf(&b->plain, j > 0 ? "  %s" : "%s", number);
    jac_buffer_add(&b->latex, j > 0 ? ",\\; " : "");
    jac_latex_number(value, w->precision, &b->latex);
  }
  if (j < left->cols) {
    jac_buffer_add(&b->plain, "  ...");
    jac_buffer_add(&b->latex, ",\\; \\dots");
  }
}

/* The cotangents themselves, of the first sample. */
static void write_numbers(struct writing *w) {
  enum { NAME = 10, LEAST = 20, PAPER = 50 };
  const struct jac_chain *path = &w->o->path;
  size_t width = w->pen->style.width;
  size_t room = w->pen->kind != JAC_PROSE_TEXT ? PAPER
                : width == 0                   ? (size_t)-1
                : width > NAME + LEAST         ? width - NAME
                                               : LEAST;
  title(w, path->factor[0].J.slices > 1 ? _("The products' numbers, of the first sample")
                                        : _("The products' numbers"));
  table(w, "ll");
  if (w->pen->kind != JAC_PROSE_TEXT) {
    words_cell(w, _("product"));
    words_cell(w, _("numbers"));
  }
  for (size_t f = 0; f < path_products(w->o); f++) {
    struct both name = {JAC_BUFFER_INIT, JAC_BUFFER_INIT}, numbers = name;
    add_product(w, f, &name);
    add_row(w, &path->factor[f].left, room, &numbers);
    jac_prose_cell(w->pen);
    put_both(w, &name);
    jac_prose_cell(w->pen);
    put_both(w, &numbers);
  }
  table_end(w);
}

/* A line a variable: what its Jacobian is, the shape, the size, the option that shows
 * it. */
static void write_variables(struct writing *w) {
  const struct jac_chain_overview *o = w->o;
  title(w,
        path_products(o) > 0 ? _("Each variable: one more factor") : _("Each variable"));
  table(w, "lllll");
  words_cell(w, _("variable"));
  words_cell(w, _("its Jacobian"));
  words_cell(w, _("shape"));
  words_cell(w, is_cost(o) ? _("norm of the gradient") : _("norm"));
  words_cell(w, _("with its numbers"));
  for (size_t v = 0; v < o->count; v++) {
    const struct jac_chain_brief *brief = &o->brief[v];
    struct both name = {JAC_BUFFER_INIT, JAC_BUFFER_INIT}, is = name;
    char option[JAC_NAME_SIZE + 16], ways[64];
    jac_latex_variable(&o->map->var[brief->wrt], &name.latex);
    jac_buffer_add(&name.plain, o->map->var[brief->wrt].name);
    jac_prose_cell(w->pen);
    put_both(w, &name);
    snprintf(ways, sizeof ways, _("a sum over %zu ways"), brief->ways);
    jac_prose_cell(w->pen);
    if (brief->ways > 1) {
      jac_prose_words(w->pen, ways);
      free_both(w, &is);
    } else {
      add_local(w, o->shared ? brief->before : 0,
                o->shared || brief->before == 0 ? brief->module : o->map,
                o->shared || brief->before == 0 ? brief->variable : brief->wrt, &is);
      put_both(w, &is);
    }
    shape_cell(w, brief->rows, brief->cols);
    number_cell(w, brief->size);
    snprintf(option, sizeof option, "--wrt %s", o->map->var[brief->wrt].name);
    jac_prose_cell(w->pen);
    jac_prose_code(w->pen, option);
  }
  table_end(w);
}

/* Of many steps the first and the last ones are shown. */
enum { STEPS = 12, STEPS_END = 8 };

static bool shows_step(size_t t, size_t steps) {
  return steps <= STEPS || t > steps - STEPS_END || t < STEPS - STEPS_END;
}

static void time_heading(struct writing *w, size_t k, bool reaches) {
  const struct jac_chain_overview *o = w->o;
  const struct jac_chain_time *time = &o->path.time[k];
  struct both b = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  char product[80];
  jac_prose_cell(w->pen);
  jac_prose_math(w->pen, "t", "t");
  jac_prose_cell(w->pen);
  jac_prose_math(w->pen, "\\lVert A_{t} \\rVert", "|At|");
  jac_buffer_printf(&b.latex, "\\lVert A_{%zu} \\cdots A_{t} \\rVert", time->steps);
  snprintf(product, sizeof product, "|A%zu..At|", time->steps);
  jac_buffer_add(&b.plain, product);
  jac_prose_cell(w->pen);
  put_both(w, &b);
  if (reaches) {
    words_cell(w, _("reaches"));
    jac_prose_say(w->pen, "{m}", "s_{t-1}", "s(t-1)");
  }
  for (size_t v = 0; v < o->count; v++)
    if (o->brief[v].nuse > k && o->brief[v].use[k] != NULL) {
      words_cell(w, _("to"));
      jac_prose_say(w->pen, "{c}", o->map->var[o->brief[v].wrt].name);
    }
}

/* A row a step, the last first: the factor, the product, what comes back to the state
 * before, and what the use of each shared parameter adds. */
static void write_steps(struct writing *w, size_t k, const struct jac_chain_step *step,
                        double end_size) {
  const struct jac_chain_overview *o = w->o;
  const struct jac_chain_time *time = &o->path.time[k];
  bool reaches = !isnan(end_size), dots = false;
  char align[64] = "";
  size_t columns = reaches ? 4 : 3;
  for (size_t v = 0; v < o->count; v++)
    columns += o->brief[v].nuse > k && o->brief[v].use[k] != NULL;
  columns = columns < sizeof align ? columns : sizeof align - 1;
  memset(align, 'l', columns);
  table(w, align);
  time_heading(w, k, reaches);
  for (size_t t = time->steps; t > 0; t--) {
    char number[32];
    if (!shows_step(t, time->steps)) {
      for (size_t col = 0; col < columns && !dots; col++)
        words_cell(w, "...");
      dots = true;
      continue;
    }
    snprintf(number, sizeof number, "%zu", t);
    words_cell(w, number);
    number_cell(w, step[t - 1].norm);
    number_cell(w, step[t - 1].so_far);
    if (reaches)
      number_cell(w, step[t - 1].reaches);
    for (size_t v = 0; v < o->count; v++)
      if (o->brief[v].nuse > k && o->brief[v].use[k] != NULL)
        number_cell(w, o->brief[v].use[k][t - 1]);
  }
  table_end(w);
}

/* A recurrent module of the path: A_t is the derivative of a state by the one before. */
static enum jac_status write_time(struct writing *w, size_t k, struct jac_error *err) {
  const struct jac_chain_time *time = &w->o->path.time[k];
  struct jac_chain_step *step = calloc(time->steps, sizeof *step);
  double end_size;
  enum jac_status status =
      step == NULL ? jac_fail_memory(err)
                   : jac_chain_time_steps(&w->o->path, time, 0, step, &end_size, err);
  if (status == JAC_OK) {
    struct both all = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
    char steps[32];
    title(w, _("Inside it, back through time"));
    jac_prose_say(w->pen,
                  _("In {c}, {m} is the state after step {m}, and {m} the factor of that "
                    "step. A norm of these says by how much a vector can grow at most."),
                  time->module->spec, "s_{t}", "st", "t", "t",
                  "A_{t} = \\partial s_{t} / \\partial s_{t-1}", "At = dst/ds(t-1)");
    if (!isnan(end_size)) {
      struct both size = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
      jac_latex_number(end_size, w->precision, &size.latex);
      jac_buffer_printf(&size.plain, "%.*g", w->precision, end_size);
      jac_prose_say(w->pen,
                    _("The output's derivative by the last state has norm {m}; below "
                      "is how much of it reaches the state before each step, and what "
                      "a step's use of a shared parameter adds to its gradient."),
                    size.latex.text, size.plain.text);
      free_both(w, &size);
    } else
      jac_prose_say(w->pen, _("What a step's use of a shared parameter adds to its "
                              "Jacobian stands beside it."));
    end(w);
    write_steps(w, k, step, end_size);
    snprintf(steps, sizeof steps, "%zu", time->steps);
    jac_latex_number(step[0].so_far, 2, &all.latex);
    jac_buffer_printf(&all.plain, "%.2g", step[0].so_far);
    jac_prose_say(w->pen, jac_chain_time_growth_words(step[0].so_far), steps,
                  all.latex.text, all.plain.text);
    end(w);
    free_both(w, &all);
  }
  free(step);
  return status;
}

/* What one pass costs for all variables, where they share the way. */
static void write_cost(struct writing *w) {
  const struct jac_chain_overview *o = w->o;
  const struct jac_chain *path = &o->path;
  double left = 0.0, right = 0.0;
  char from_left[40], from_right[40];
  double rows = path->count > 0 ? (double)path->factor[0].J.rows : 0.0;
  for (size_t f = 1; f < path_products(o); f++)
    left += rows * (double)path->factor[f].J.rows * (double)path->factor[f].J.cols;
  for (size_t v = 0; v < o->count; v++) {
    const struct jac_chain_brief *brief = &o->brief[v];
    if (brief->before > 0)
      left += rows * (double)path->factor[brief->before].J.rows * (double)brief->cols;
    right += brief->right;
  }
  snprintf(from_left, sizeof from_left, "%.10g", left);
  snprintf(from_right, sizeof from_right, "%.10g", right);
  jac_prose_say(
      w->pen,
      left < right ? _("With dense factors, one way back for all variables costs {w} "
                       "multiplications of numbers{w}; each variable by itself from the "
                       "right, {w}. This is why backpropagation starts at the end.")
                   : _("With dense factors, one way back for all variables costs {w} "
                       "multiplications of numbers{w}; each variable by itself from the "
                       "right, {w}."),
      from_left, path->factor[0].J.slices > 1 ? _(" (a sample)") : "", from_right);
}

static void write_proof(struct writing *w) {
  struct both worst = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  double most = 0.0;
  for (size_t v = 0; v < w->o->count; v++)
    most = fmax(most, w->o->brief[v].worst);
  jac_latex_number(most, 2, &worst.latex);
  jac_buffer_printf(&worst.plain, "%.2g", most);
  jac_prose_say(w->pen,
                _("Of every variable, the fast backward pass, the products from the left "
                  "and the product from the right are the same: the largest difference "
                  "is {m}."),
                worst.latex.text, worst.plain.text);
  end(w);
  free_both(w, &worst);
}

static void write_beginning(struct writing *w) {
  const struct jac_map *map = w->o->map;
  struct jac_buffer words = JAC_BUFFER_INIT;
  if (w->pen->kind == JAC_PROSE_TEXT) {
    jac_buffer_printf(&words, _("The chain rule: %s"), map->spec);
    jac_paint_add(&w->pen->style, JAC_PAINT_TITLE, words.text, w->out);
    jac_buffer_add(w->out, "\n");
    w->out->failed = w->out->failed || words.failed;
    jac_buffer_free(&words);
    jac_prose_say(w->pen,
                  _("An overview: {c} walks the chain by one variable with all "
                    "numbers, {c} that by each."),
                  "--wrt NAME", "--all");
  } else
    jac_prose_say(w->pen,
                  _("By the chain rule, each Jacobian of {c} is the product of the "
                    "modules' own, the last module first."),
                  map->spec);
  if (map->coupled)
    jac_prose_say(w->pen, _("The samples are coupled ({w}): it is in full form."),
                  _(map->coupled_reason));
  else if (map->batch > 1) {
    char count[32];
    snprintf(count, sizeof count, "%zu", map->batch);
    jac_prose_say(w->pen,
                  _("The {w} samples do not meet: products and shapes are those of the "
                    "first, gradients those of all."),
                  count);
  }
  end(w);
}

enum jac_status jac_chain_overview_write(const struct jac_chain_overview *o,
                                         int precision, struct jac_prose *prose,
                                         struct jac_error *err) {
  struct writing w = {o, precision, prose, prose->out, JAC_BUFFER_INIT};
  enum jac_status status = JAC_OK;
  bool latex = prose->kind == JAC_PROSE_LATEX;
  if (prose->kind == JAC_PROSE_TEXT)
    prose->out = &w.paragraph;
  if (latex) /* code has no letters that a line could stretch */
    jac_buffer_add(w.out, "\\begingroup\\emergencystretch=4em\n");
  write_beginning(&w);
  if (path_products(o) > 0) {
    write_path(&w);
    if (is_cost(o))
      write_numbers(&w);
  }
  write_variables(&w);
  for (size_t k = 0; k < o->path.ntime && status == JAC_OK; k++)
    status = write_time(&w, k, err);
  title(&w, _("What it costs, and what proves it"));
  if (o->shared && path_products(o) > 0)
    write_cost(&w);
  write_proof(&w);
  if (latex)
    jac_buffer_add(w.out, "\\par\\endgroup%\n");
  prose->out = w.out;
  w.out->failed = w.out->failed || w.paragraph.failed;
  jac_buffer_free(&w.paragraph);
  return status == JAC_OK ? jac_buffer_status(w.out, err) : status;
}
