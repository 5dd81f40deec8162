#include "visual/tables.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "layers/network.h"
#include "visual/formula_lines.h"
#include "visual/latex/modules.h"
#include "visual/latex/width.h"
#include "visual/scalar.h"
#include "visual/symbol.h"
#include "visual/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_count(struct jac_prose *p, size_t count) {
  char text[32];
  snprintf(text, sizeof text, "%zu", count);
  jac_prose_cell(p);
  jac_prose_math(p, text, text);
}

/* rows x cols */
static void add_shape(struct jac_prose *p, size_t rows, size_t cols) {
  char latex[64], plain[64];
  snprintf(latex, sizeof latex, "%zu \\times %zu", rows, cols);
  snprintf(plain, sizeof plain, p->style.unicode ? "%zu × %zu" : "%zu x %zu", rows, cols);
  jac_prose_cell(p);
  jac_prose_math(p, latex, plain);
}

static size_t parameters(const struct jac_map *map) {
  size_t count = 0;
  for (size_t v = 0; v < map->nvar; v++)
    if (map->var[v].role == JAC_PARAMETER)
      count += jac_variable_size(&map->var[v]);
  return count;
}

/* One variable's row: the module and its output stand in the first. */
static enum jac_status add_variable(const struct jac_map *module, size_t v, bool first,
                                    size_t *nonzero, struct jac_prose *p,
                                    struct jac_error *err) {
  struct jac_pattern pattern;
  struct jac_buffer symbol = JAC_BUFFER_INIT;
  size_t slices, rows, cols;
  enum jac_status status = jac_pattern_new(module, v, &pattern, err);
  if (status != JAC_OK)
    return status;
  jac_map_jacobian_shape(module, v, &slices, &rows, &cols);
  size_t count = slices * jac_pattern_count(&pattern);
  jac_prose_cell(p);
  if (first)
    jac_prose_code(p, module->spec);
  if (first) {
    add_shape(p, module->rows, module->cols);
    add_count(p, parameters(module));
  } else {
    jac_prose_cell(p);
    jac_prose_cell(p);
  }
  jac_latex_variable(&module->var[v], &symbol);
  jac_prose_cell(p);
  jac_prose_math(p, symbol.text, module->var[v].name);
  if (slices > 1) {
    char latex[96], plain[96];
    snprintf(latex, sizeof latex, "%zu \\times %zu \\times %zu", slices, rows, cols);
    snprintf(plain, sizeof plain,
             p->style.unicode ? "%zu × %zu × %zu" : "%zu x %zu x %zu", slices, rows,
             cols);
    jac_prose_cell(p);
    jac_prose_math(p, latex, plain);
  } else
    add_shape(p, rows, cols);
  add_count(p, count);
  *nonzero += count;
  jac_buffer_free(&symbol);
  jac_pattern_free(&pattern);
  return JAC_OK;
}

enum jac_status jac_table_shapes(const struct jac_map *map, struct jac_prose *p,
                                 struct jac_error *err) {
  const char *const titles[] = {_("module"),   _("output"),   _("parameters"),
                                _("variable"), _("Jacobian"), _("non-zero entries")};
  size_t nonzero = 0;
  enum jac_status status = JAC_OK;
  jac_prose_table(p, "llrllr");
  jac_prose_titles(p, titles, sizeof titles / sizeof titles[0]);
  for (size_t k = 0; k < jac_network_count(map) && status == JAC_OK; k++) {
    const struct jac_map *module = jac_network_module(map, k);
    bool first = true;
    for (size_t v = 0; v < module->nvar && status == JAC_OK; v++) {
      if (module->var[v].secondary)
        continue;
      status = add_variable(module, v, first, &nonzero, p, err);
      first = false;
    }
  }
  jac_prose_cell(p);
  jac_prose_words(p, _("total"));
  add_shape(p, map->rows, map->cols);
  add_count(p, parameters(map));
  jac_prose_cell(p);
  jac_prose_cell(p);
  add_count(p, nonzero);
  jac_prose_table_end(p);
  return status == JAC_OK ? jac_buffer_status(p->out, err) : status;
}

enum { POINTS = 25 };
static const double reach = 3.0; /* of a graph, from -3 to 3 */

/* The place of a point, from the left. */
static double place(size_t k) {
  return reach * (2.0 * (double)k / (POINTS - 1) - 1.0);
}

/* A module at points of its own, one a feature: what it gives there. */
static enum jac_status sample(const struct jac_module *module, double *y,
                              struct jac_error *err) {
  char spec[JAC_SPEC_WORD + 16];
  struct jac_map *map;
  snprintf(spec, sizeof spec, "%s:%d", module->name, POINTS);
  enum jac_status status = jac_module_new(spec, 1, &map, err);
  if (status != JAC_OK)
    return status;
  gsl_matrix *x = gsl_matrix_calloc(1, POINTS), *out = gsl_matrix_calloc(1, POINTS);
  const gsl_matrix *point[1] = {x};
  status = x == NULL || out == NULL ? jac_fail_memory(err) : JAC_OK;
  for (size_t k = 0; k < POINTS && status == JAC_OK; k++)
    gsl_matrix_set(x, 0, k, place(k));
  if (status == JAC_OK)
    status = jac_map_forward(map, point, out, err);
  for (size_t k = 0; k < POINTS && status == JAC_OK; k++)
    y[k] = gsl_matrix_get(out, 0, k);
  gsl_matrix_free(x);
  gsl_matrix_free(out);
  jac_map_free(map);
  return status;
}

/* Nothing happens in it: it is no activation. */
static bool is_identity(const double *y) {
  for (size_t k = 0; k < POINTS; k++)
    if (y[k] != place(k))
      return false;
  return true;
}

/* A graph: a line in LaTeX, steps of eight heights elsewhere. */
static void add_graph(const double *y, struct jac_prose *p) {
  static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
                           *const ascii[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
  struct jac_buffer text = JAC_BUFFER_INIT;
  /* LaTeX, into which Markdown may go, has no blocks. */
  bool plain = p->kind == JAC_PROSE_MARKDOWN || !p->style.unicode;
  double low = 0.0, high = 0.0;
  for (size_t k = 0; k < POINTS; k++) {
    low = fmin(low, y[k]);
    high = fmax(high, y[k]);
  }
  double range = high > low ? high - low : 1.0;
  jac_prose_cell(p);
  if (p->kind == JAC_PROSE_LATEX) {
    jac_buffer_printf(
        &text,
        "\\tikz[x=5pt,y=%.2fpt,baseline=0pt]{\\draw[gray,very thin] (-3,0) -- "
        "(3,0) (0,%.2f) -- (0,%.2f);\\draw[semithick] plot coordinates {",
        14.0 / range, low, high);
    for (size_t k = 0; k < POINTS; k++)
      jac_buffer_printf(&text, "(%.2f,%.3f)", place(k), y[k]);
    jac_buffer_add(&text, "};}");
    jac_prose_raw(p, text.text, 32.0);
  } else {
    for (size_t k = 0; k < POINTS; k += 2) {
      int step = (int)(7.99 * (y[k] - low) / range);
      jac_buffer_add(&text, plain ? ascii[step] : steps[step]);
    }
    if (p->kind == JAC_PROSE_MARKDOWN)
      jac_prose_code(p, text.text);
    else
      jac_prose_words(p, text.text);
  }
  p->out->failed = p->out->failed || text.failed;
  jac_buffer_free(&text);
}

/* Mathematics; on the cheat sheet what is wider than its column is made as wide. */
static void put_math(struct jac_prose *p, const char *latex, const char *plain) {
  const double column = 400.0; /* in letters of 10 points */
  if (p->kind == JAC_PROSE_LATEX && p->align == NULL && jac_latex_width(latex) > column) {
    jac_buffer_add(p->out, "\\resizebox{0.98\\linewidth}{!}{");
    jac_prose_math(p, latex, plain);
    jac_buffer_add_char(p->out, '}');
  } else
    jac_prose_math(p, latex, plain);
}

/* The mathematics of a module that acts on numbers, as of one. */
static enum jac_status add_number_math(const struct jac_map *map, const char *formula,
                                       bool equation, struct jac_prose *p,
                                       struct jac_error *err) {
  struct jac_buffer text[2] = {JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  const enum jac_notation notation[2] = {JAC_NOTATION_LATEX,
                                         jac_style_notation(&p->style)};
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < 2 && status == JAC_OK; k++) {
    struct jac_buffer whole = JAC_BUFFER_INIT;
    status = equation ? jac_equation_add(map, formula, notation[k], &whole, err)
                      : jac_expression_add(map, formula, notation[k], &whole, err);
    if (status == JAC_OK)
      jac_scalar_add(whole.text, &text[k]);
    jac_buffer_free(&whole);
  }
  if (status == JAC_OK)
    put_math(p, jac_scalar_bare(&text[0]), jac_scalar_bare(&text[1]));
  jac_buffer_free(&text[0]);
  jac_buffer_free(&text[1]);
  return status;
}

/* Whether a module acts entry by entry on data alone, the same for every seed. */
static bool acts_entrywise(const struct jac_map *map) {
  return map->nvar == 1 && strcmp(map->type->name, "entrywise") == 0;
}

enum jac_status jac_table_activations(struct jac_prose *p, struct jac_error *err) {
  const char *const titles[] = {_("module"), _("of a number z"), _("derivative"),
                                _("from -3 to 3")};
  enum jac_status status = JAC_OK;
  jac_prose_table(p, "llll");
  jac_prose_titles(p, titles, sizeof titles / sizeof titles[0]);
  for (size_t k = 0; k < jac_module_count() && status == JAC_OK; k++) {
    const struct jac_module *module = jac_module_at(k);
    struct jac_map *map;
    double y[POINTS] = {0};
    status = jac_module_new(module->example, 2, &map, err);
    if (status == JAC_OK && acts_entrywise(map))
      status = sample(module, y, err);
    if (status == JAC_OK && acts_entrywise(map) && !is_identity(y)) {
      jac_prose_cell(p);
      jac_prose_code(p, module->name);
      jac_prose_cell(p);
      status = add_number_math(map, jac_map_shown(map), true, p, err);
      jac_prose_cell(p);
      if (status == JAC_OK)
        status = add_number_math(map, map->var[0].entry, false, p, err);
      if (status == JAC_OK)
        add_graph(y, p);
    }
    jac_map_free(map);
  }
  jac_prose_table_end(p);
  return status == JAC_OK ? jac_buffer_status(p->out, err) : status;
}

/* A part of a module's mathematics behind its words: as text on lines of its own, else
 * behind what separates it from what stands before. */
static void put_part(struct jac_prose *p, const char *apart, const char *words,
                     const char *latex, const char *plain) {
  struct jac_buffer before = JAC_BUFFER_INIT;
  const char *blank = *words != '\0' ? " " : "";
  if (p->kind == JAC_PROSE_TEXT) {
    jac_buffer_printf(&before, "  %s%s", words, blank);
    if (!before.failed)
      jac_formula_lines(before.text, plain, 4, p->style.width, p->out);
    p->out->failed = p->out->failed || before.failed;
  } else {
    jac_prose_words(p, apart);
    jac_prose_words(p, words);
    jac_prose_words(p, blank);
    put_math(p, latex, plain);
  }
  jac_buffer_free(&before);
}

/* An equation of a module behind its words. */
static enum jac_status add_part(const struct jac_map *map, const char *apart,
                                const char *words, const char *equation,
                                struct jac_prose *p, struct jac_error *err) {
  struct jac_buffer latex = JAC_BUFFER_INIT, plain = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_equation_add(map, equation, JAC_NOTATION_LATEX, &latex, err);
  if (status == JAC_OK)
    status = jac_equation_add(map, equation, jac_style_notation(&p->style), &plain, err);
  if (status == JAC_OK)
    put_part(p, apart, words, latex.text, plain.text);
  jac_buffer_free(&latex);
  jac_buffer_free(&plain);
  return status;
}

/* The derivatives by a variable: the left side is in LaTeX's equation already. */
static enum jac_status add_slope(const struct jac_map *map, size_t v, struct jac_prose *p,
                                 struct jac_error *err) {
  struct jac_module_line line;
  struct jac_buffer words = JAC_BUFFER_INIT, plain = JAC_BUFFER_INIT;
  enum jac_status status = jac_module_line_make(map, v, &line, err);
  if (p->kind == JAC_PROSE_TEXT)
    jac_buffer_printf(&words, "d/d%s:", map->var[v].name);
  if (status == JAC_OK)
    status = jac_expression_add(map, map->var[v].entry, jac_style_notation(&p->style),
                                &plain, err);
  if (status == JAC_OK)
    put_part(p, "; ", words.length > 0 ? words.text : "", line.entry.text, plain.text);
  jac_module_line_free(&line);
  jac_buffer_free(&words);
  jac_buffer_free(&plain);
  return status;
}

/* A module's lines: its name, its definition, what its entries name, its derivatives. */
static enum jac_status add_module(const struct jac_module *module, struct jac_prose *p,
                                  struct jac_error *err) {
  struct jac_map *map;
  enum jac_status status = jac_module_new(module->example, 2, &map, err);
  if (status != JAC_OK)
    return status;
  jac_prose_strong(p, module->name);
  jac_prose_words(p, p->kind == JAC_PROSE_TEXT ? "\n" : " ");
  status = add_part(map, "", "", jac_map_shown(map), p, err);
  if (status == JAC_OK && map->where != NULL)
    status = add_part(map, ", ", _("where"), map->where, p, err);
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++)
    if (map->var[v].entry != NULL)
      status = add_slope(map, v, p, err);
  jac_map_free(map);
  return status;
}

/* What the sheet is about. */
static void add_sheet_title(struct jac_prose *p) {
  const char *title = _("The Jacobians of the modules"),
             *words = _("Samples are rows; an entry is the derivative of an output with "
                        "respect to a variable's entry.");
  struct jac_buffer line = JAC_BUFFER_INIT;
  if (p->kind == JAC_PROSE_TEXT) {
    jac_buffer_printf(&line, "%s. %s", title, words);
    if (!line.failed)
      jac_text_wrap(&p->style, line.text, p->out);
    jac_buffer_add_char(p->out, '\n');
    p->out->failed = p->out->failed || line.failed;
  } else {
    jac_prose_strong(p, title);
    jac_prose_words(p, ". ");
    jac_prose_words(p, words);
    jac_prose_end(p);
  }
  jac_buffer_free(&line);
}

enum jac_status jac_table_cheatsheet(struct jac_prose *p, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  bool latex = p->kind == JAC_PROSE_LATEX;
  if (latex)
    jac_buffer_add(p->out,
                   "\\documentclass{article}\n"
                   "\\usepackage[a4paper,mag=600,truedimen,margin=8mm]{geometry}\n"
                   "\\usepackage{amsmath,multicol,graphicx}\n"
                   "\\pagestyle{empty}\\setlength{\\parindent}{0pt}"
                   "\\setlength{\\columnsep}{16pt}\n"
                   "\\begin{document}\n\\begin{multicols}{2}\\raggedright\n");
  add_sheet_title(p);
  for (size_t k = 0; k < jac_module_count() && status == JAC_OK; k++) {
    status = add_module(jac_module_at(k), p, err);
    if (p->kind == JAC_PROSE_TEXT) /* its lines have ended */
      jac_buffer_add_char(p->out, '\n');
    else
      jac_prose_end(p);
  }
  if (latex)
    jac_buffer_add(p->out, "\\end{multicols}\n\\end{document}\n");
  return status == JAC_OK ? jac_buffer_status(p->out, err) : status;
}
