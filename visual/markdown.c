#include "visual/markdown.h"

#include "jacobian/text.h"
#include "visual/latex/break.h"
#include "visual/latex/latex.h"
#include "visual/latex/modules.h"
#include "visual/latex/report.h"
#include "visual/mark.h"
#include "visual/prose.h"
#include "visual/text.h"

#include <string.h>

/* Where the numbers are taken. */
static void add_point(const struct jac_view *view, struct jac_buffer *out) {
  static const struct jac_style style = {.unicode = true};
  for (size_t v = 0; v < view->layout.map->nvar; v++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    jac_text_values(view, &style, v, &text);
    jac_buffer_printf(out, "%s%s", v == 0 ? ", " : " ", v == 0 ? _("at ") : _("and "));
    jac_markdown_code(text.text, false, out);
    out->failed = out->failed || text.failed;
    jac_buffer_free(&text);
  }
}

static void add_heading(const struct jac_view *view, struct jac_buffer *out) {
  const struct jac_layout *layout = &view->layout;
  const struct jac_variable *var = &layout->map->var[layout->wrt];
  char wrt[JAC_WRT_SIZE];
  jac_buffer_printf(out, "%s ",
                    layout->map->of == NULL ? _("Jacobian of")
                                            : _("Second derivatives of"));
  jac_markdown_code(layout->map->spec, false, out);
  jac_buffer_printf(out, " %s ", _("with respect to"));
  jac_markdown_code(jac_map_wrt(layout->map, layout->wrt, wrt), false, out);
  jac_buffer_printf(out, _(", %s form, "), _(jac_form_name(layout->form)));
  for (size_t k = 0; k < layout->ndim; k++)
    jac_buffer_printf(out, "%s%zu", k > 0 ? " × " : "", layout->dims[k]);
  if (var->role == JAC_PARAMETER && var->ndim > 1)
    jac_buffer_printf(out, _(", order %s"), layout->order == JAC_ORDER_F ? "F" : "C");
  if (view->point != NULL && view->entries != JAC_ENTRIES_SYMBOLS)
    add_point(view, out);
  if (view->entries == JAC_ENTRIES_NUMBERS && jac_view_zero_here(view))
    jac_buffer_printf(out, " (%s)", _("0.0: zero at these values; 0: always zero"));
  jac_buffer_add(out, ":\n\n");
}

enum jac_status jac_view_markdown(struct jac_view *view, const struct jac_latex *options,
                                  struct jac_buffer *out, struct jac_error *err) {
  struct jac_buffer math = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  if (!options->bare)
    add_heading(view, out);
  enum jac_status status = jac_latex_math(view, options, &math, err);
  if (status == JAC_OK)
    jac_latex_rename(math.text, options->notation, &named);
  if (status == JAC_OK)
    jac_markdown_display(named.text, options, out);
  out->failed = out->failed || math.failed || named.failed;
  jac_buffer_free(&named);
  jac_buffer_free(&math);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

void jac_report_markdown(const json_t *array, const struct jac_latex *options,
                         struct jac_buffer *out) {
  const char *const titles[] = {_("module"),  _("variable"),      _("reference"),
                                _("verdict"), _("largest error"), _("at")};
  struct jac_report_line line;
  struct jac_prose prose = {.kind = JAC_PROSE_MARKDOWN, .latex = options, .out = out};
  jac_prose_table(&prose, "llllll");
  jac_prose_titles(&prose, titles, sizeof titles / sizeof titles[0]);
  for (size_t k = 0; k < json_array_size(array); k++) {
    jac_report_line_read(json_array_get(array, k), &line);
    jac_prose_cell(&prose);
    jac_prose_code(&prose, line.module);
    jac_prose_cell(&prose);
    jac_prose_math(&prose, line.variable.text, NULL);
    jac_prose_cell(&prose);
    (line.file ? jac_prose_code : jac_prose_words)(&prose, line.against);
    jac_prose_cell(&prose);
    jac_prose_words(&prose, line.verdict);
    jac_prose_cell(&prose);
    if (line.error.length > 0)
      jac_prose_math(&prose, line.error.text, NULL);
    jac_prose_cell(&prose);
    if (line.worst.length > 0)
      jac_prose_math(&prose, line.worst.text, NULL);
    jac_report_line_free(&line);
  }
  jac_prose_table_end(&prose);
}

/* An equation, on as many lines as it takes; true: on several. */
static bool add_equation(const char *latex, size_t length,
                         const struct jac_latex *options, struct jac_buffer *out) {
  const double indent = 60.0;
  const double room = jac_latex_line(options) - indent;
  struct jac_buffer left = JAC_BUFFER_INIT, right = JAC_BUFFER_INIT,
                    fits = JAC_BUFFER_INIT;
  const char *equals = strstr(latex, " = ");
  bool two = equals != NULL && (size_t)(equals - latex) < length;
  jac_buffer_add_bytes(&left, latex, two ? (size_t)(equals - latex) : length);
  if (two)
    jac_buffer_add_bytes(&right, equals + 3, length - left.length - 3);
  if (two && !left.failed && !right.failed)
    jac_latex_fit(left.text, right.text, room, &fits);
  if (!left.failed)
    jac_markdown_inline(fits.length > 0 ? fits.text : left.text, options->flavour, false,
                        out);
  bool several = fits.length > 0 && strstr(fits.text, "\\\\\n") != NULL;
  out->failed = out->failed || left.failed || right.failed || fits.failed;
  jac_buffer_free(&left);
  jac_buffer_free(&right);
  jac_buffer_free(&fits);
  return several;
}

/* The module's name, its definition, what its entries name: an item of the list. */
static void add_module(const struct jac_module_line *line, const char *usage,
                       const struct jac_latex *options, struct jac_buffer *out) {
  const char *before = "- ";
  for (const char *at = usage; *at != '\0'; before = " ") {
    size_t length = 1 + strcspn(at + 1, "[");
    struct jac_buffer part = JAC_BUFFER_INIT;
    jac_buffer_add(out, before);
    jac_buffer_add_bytes(&part, at, length);
    if (part.text != NULL)
      jac_markdown_code(part.text, false, out);
    jac_buffer_free(&part);
    at += length;
  }
  /* Each on a line of its own: TeX would rather overfill a line than leave it half empty.
   */
  jac_buffer_add(out, ":\\\n  ");
  add_equation(line->definition.text, line->definition.length, options, out);
  before = _("where");
  for (const char *at = line->where.text; at != NULL && *at != '\0'; before = "") {
    const char *end = strstr(at, "; ");
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    jac_buffer_printf(out, ",\\\n  %s%s", before, *before != '\0' ? " " : "");
    add_equation(at, length, options, out);
    at += length + (end != NULL ? 2 : 0);
  }
  jac_buffer_add_char(out, '\n');
}

enum jac_status jac_module_markdown(const struct jac_map *map, const char *usage,
                                    const struct jac_latex *options,
                                    struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    struct jac_module_line line;
    status = jac_module_line_make(map, v, &line, err);
    if (status == JAC_OK && v == 0)
      add_module(&line, usage, options, out);
    if (status == JAC_OK) {
      jac_buffer_add(out, "    - ");
      bool several = add_equation(line.entry.text, line.entry.length, options, out);
      jac_buffer_add(out, several ? ":\\\n      " : ": ");
      jac_markdown_inline(line.shape.text, options->flavour, false, out);
      jac_buffer_printf(out, ", %s\n", line.structure.text);
    }
    jac_module_line_free(&line);
  }
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
