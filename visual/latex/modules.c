#include "visual/latex/modules.h"

#include "jacobian/pattern.h"
#include "jacobian/text.h"
#include "visual/chain.h"
#include "visual/latex/break.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <string.h>

/* The derivative that an entry is, in the letters that the entry formula uses. */
static void add_derivative(const struct jac_map *map, const struct jac_variable *var,
                           const char *definition, struct jac_buffer *out) {
  static const char *const parameter[3][3] = {{"i"}, {"i", "j"}, {"h", "i", "j"}};
  const char *data[3] = {map->coupled ? "m" : "n", "i"};
  const char *const *index = var->role == JAC_DATA ? data : parameter[var->ndim - 1];
  size_t count = var->ndim;
  if (var->role == JAC_DATA && var->channels > 0) {
    data[1] = "q";
    data[2] = "i";
    count = 3;
  }
  const char *equals = strstr(definition, " = ");
  jac_buffer_printf(out, "\\frac{\\partial %.*s}{\\partial ",
                    (int)(equals != NULL ? equals - definition : 0), definition);
  jac_label_texts(var->symbol, JAC_NOTATION_LATEX, count, index, true, out);
  jac_buffer_add_char(out, '}');
}

static enum jac_status add_structure(const struct jac_map *map, size_t wrt,
                                     struct jac_buffer *out, struct jac_error *err) {
  struct jac_pattern pattern;
  struct jac_style plain = {.unicode = false};
  enum jac_status status = jac_pattern_new(map, wrt, &pattern, err);
  if (status != JAC_OK)
    return status;
  jac_pattern_words(&pattern, &plain, out);
  jac_pattern_free(&pattern);
  return JAC_OK;
}

enum jac_status jac_module_line_make(const struct jac_map *map, size_t wrt,
                                     struct jac_module_line *line,
                                     struct jac_error *err) {
  const struct jac_variable *var = &map->var[wrt];
  size_t slices, rows, cols;
  *line = (struct jac_module_line){JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT,
                                   JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  enum jac_status status = jac_equation_add(map, jac_map_shown(map), JAC_NOTATION_LATEX,
                                            &line->definition, err);
  if (status == JAC_OK && map->where != NULL)
    status = jac_equation_add(map, map->where, JAC_NOTATION_LATEX, &line->where, err);
  if (status == JAC_OK) {
    add_derivative(map, var, line->definition.text, &line->entry);
    if (jac_variable_symbolic(var)) {
      jac_buffer_add(&line->entry, " = ");
      status = jac_entry_formula_add(map, var, JAC_NOTATION_LATEX, &line->entry, err);
    }
  }
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  jac_buffer_printf(&line->shape, "%zu \\times %zu", rows, cols);
  return status == JAC_OK ? add_structure(map, wrt, &line->structure, err) : status;
}

void jac_module_line_free(struct jac_module_line *line) {
  jac_buffer_free(&line->definition);
  jac_buffer_free(&line->where);
  jac_buffer_free(&line->entry);
  jac_buffer_free(&line->shape);
  jac_buffer_free(&line->structure);
}

void jac_modules_latex_head(struct jac_buffer *out) {
  jac_latex_packages(JAC_LATEX_AMSMATH, out);
  jac_buffer_printf(
      out,
      "\\par\\begingroup\\small\\setlength{\\parindent}{0pt}%%\n\\raggedright\n"
      "\\textbf{%s} \\hspace*{\\fill}\\mbox{\\textbf{%s}}\\par\\nopagebreak\n",
      _("Jacobian, entry by entry"), _("shape, structure"));
}

static bool has_cases(const char *math) {
  return strstr(math, "\\begin{cases}") != NULL;
}

/* Widths are estimated to a tenth, and cases do not end a line where it ends. */
static double cautious_width(const char *math) {
  return (has_cases(math) ? 1.15 : 1.0) * jac_latex_width(math);
}

/* With brackets and sums that a line may end at. */
static void add_broken(const char *math, struct jac_buffer *out) {
  static const char *const spelling[][2] = {{"\\left(", "\\bigl("},
                                            {"\\right)", "\\bigr)\\allowbreak "},
                                            {"\\sum", "\\allowbreak\\sum"},
                                            {"\\max_", "\\allowbreak\\max_"},
                                            {"\\mathbf", "\\allowbreak\\mathbf"}};
  while (*math != '\0') {
    size_t length = 0;
    for (size_t k = 0; k < sizeof spelling / sizeof spelling[0] && length == 0; k++)
      if (strncmp(math, spelling[k][0], strlen(spelling[k][0])) == 0) {
        jac_buffer_add(out, spelling[k][1]);
        length = strlen(spelling[k][0]);
      }
    if (length == 0)
      jac_buffer_add_char(out, *math);
    math += length > 0 ? length : 1;
  }
}

/* Mathematics in letters in which it fits, or nearly: then it is broken. */
static void add_math(const char *math, size_t length, double line,
                     struct jac_buffer *out) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_add_bytes(&text, math, length);
  const double small = 0.83; /* of \scriptsize */
  double width = cautious_width(text.text);
  const char *size = jac_latex_size(width, line);
  if (strcmp(size, "\\tiny") == 0)
    size = "\\scriptsize";
  const char *strut = strstr(text.text, "\\sqrt") != NULL   ? "\\rule[-4.6ex]{0pt}{8ex}"
                      : strstr(text.text, "\\frac") != NULL ? "\\rule[-2ex]{0pt}{5ex}"
                                                            : "";
  jac_buffer_printf(out, "{%s$", size);
  struct jac_buffer loose = JAC_BUFFER_INIT;
  if (small * width > line)
    jac_latex_loose(text.text, line / small, &loose);
  if (loose.length > 0 && has_cases(text.text))
    jac_latex_cases(loose.text, line / small, out);
  else if (loose.length > 0)
    add_broken(loose.text, out);
  else
    jac_buffer_add(out, text.text);
  out->failed = out->failed || loose.failed;
  jac_buffer_free(&loose);
  jac_buffer_printf(out, "$%s}", strut);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
}

/* Words such as "2 blocks of 1 x 3". */
static void add_words(const char *words, struct jac_buffer *out) {
  for (const char *x; (x = strstr(words, " x ")) != NULL; words = x + 3)
    jac_buffer_printf(out, "%.*s $\\times$ ", (int)(x - words), words);
  jac_buffer_add(out, words);
}

/* The end of a line. A frame is split by heights alone: what hangs below the last line of
 * it, which is half of a tall formula, is made to count. */
static const char *line_over(bool frame) {
  return frame ? "\\par\\nobreak\\kern0pt\\penalty0\n" : "\\par\n";
}

/* The module's name, its definition, what its entries name. They stay together on a page;
 * a frame is too low for some. */
static void add_heading(const struct jac_module_line *line, const char *usage,
                        double room, bool frame, struct jac_buffer *out) {
  const char *next = frame ? line_over(true) : "\\par\\nopagebreak\n";
  jac_buffer_add(out, "\\smallskip\n\\texttt{");
  jac_latex_code(usage, out);
  jac_buffer_add(out, "}\\par\\nopagebreak\n\\quad ");
  add_math(line->definition.text, line->definition.length, room, out);
  jac_buffer_add(out, next);
  for (const char *at = line->where.text; *at != '\0';) {
    const char *end = strstr(at, "; ");
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    jac_buffer_printf(
        out, at == line->where.text ? "\\quad %s " : "\\quad \\phantom{%s} ", _("where"));
    add_math(at, length, room - 40.0, out);
    jac_buffer_add(out, next);
    at += length + (end != NULL ? 2 : 0);
  }
}

enum jac_status jac_module_latex(const struct jac_map *map, const char *usage,
                                 const struct jac_latex *options, struct jac_buffer *out,
                                 struct jac_error *err) {
  enum jac_status status = JAC_OK;
  double room = (jac_latex_line(options) - 10.0) / 0.93; /* \small */
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    struct jac_module_line line;
    status = jac_module_line_make(map, v, &line, err);
    if (status == JAC_OK && v == 0)
      add_heading(&line, usage, room, options->paper.lines > 0.0, out);
    if (status == JAC_OK) {
      jac_buffer_add(out, "\\quad ");
      add_math(line.entry.text, line.entry.length, room, out);
      jac_buffer_printf(out, " \\hspace*{\\fill}\\mbox{$%s$, ", line.shape.text);
      add_words(line.structure.text, out);
      jac_buffer_printf(out, "}%s", line_over(options->paper.lines > 0.0));
    }
    jac_module_line_free(&line);
  }
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

void jac_modules_latex_end(struct jac_buffer *out) {
  jac_buffer_add(out, "\\endgroup%\n");
}
