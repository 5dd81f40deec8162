/* What stands below matrices: what the entries name, entries too long for a cell. */
#include "jacobian/text.h"
#include "visual/latex/break.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <string.h>

/* left = right behind an &; what is too long for scriptsize goes on on the next line. */
static void add_broken(const char *left, const char *right, double line,
                       struct jac_buffer *out) {
  const double scriptsize = 0.83;
  struct jac_buffer lines = JAC_BUFFER_INIT;
  jac_latex_broken(left, right, line / scriptsize, &lines);
  const char *at = lines.failed ? NULL : strstr(lines.text, "&= ");
  if (at != NULL)
    jac_buffer_printf(out, "&%.*s%s", (int)(at - lines.text), lines.text, at + 1);
  out->failed = out->failed || lines.failed;
  jac_buffer_free(&lines);
}

/* One of the names' definitions: "s = ...". */
static void add_definition(const char *before, const char *text, size_t length,
                           double line, struct jac_buffer *out) {
  struct jac_buffer left = JAC_BUFFER_INIT, right = JAC_BUFFER_INIT;
  const char *equals = strstr(text, " = ");
  size_t name = equals != NULL ? (size_t)(equals - text) : length;
  if (name >= length) { /* no equation */
    jac_buffer_printf(out, "&%s%.*s", before, (int)length, text);
    return;
  }
  jac_buffer_printf(&left, "%s%.*s", before, (int)name, text);
  jac_buffer_add_bytes(&right, equals + 3, length - name - 3);
  if (!left.failed && !right.failed)
    add_broken(left.text, right.text, line, out);
  out->failed = out->failed || left.failed || right.failed;
  jac_buffer_free(&left);
  jac_buffer_free(&right);
}

enum jac_status jac_latex_where(const struct jac_view *view, const char *first,
                                double line, struct jac_buffer *out,
                                struct jac_error *err) {
  const struct jac_map *map = view->layout.map;
  bool symbols =
      jac_view_kind(view, view->entries == JAC_ENTRIES_NUMBERS) == JAC_SHEET_SYMBOLS;
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (map->where == NULL || !symbols)
    return JAC_OK;
  enum jac_status status = jac_where_add(map, map->var[view->layout.wrt].entry,
                                         JAC_NOTATION_LATEX, &text, err);
  const char *at = text.text;
  for (bool begun = false; status == JAC_OK && at != NULL && *at != '\0'; begun = true) {
    const char *end = strstr(at, "; ");
    size_t length = end != NULL ? (size_t)(end - at) : strlen(at);
    jac_buffer_add(out, begun ? " \\\\[1ex]\n" : first);
    struct jac_buffer before = JAC_BUFFER_INIT;
    jac_buffer_printf(&before,
                      begun ? "\\phantom{\\text{%s}}\\quad " : "\\text{%s}\\quad ",
                      _("where"));
    add_definition(before.failed ? "" : before.text, at, length, line, out);
    jac_buffer_free(&before);
    at += length + (end != NULL ? 2 : 0);
  }
  jac_buffer_free(&text);
  return status;
}

enum jac_status jac_latex_names(const struct jac_sheet *sheet,
                                struct jac_view_source *source, double line,
                                struct jac_buffer *out, struct jac_error *err) {
  enum jac_status status = JAC_OK;
  source->named = false;
  for (size_t i = 0; i < sheet->row.count; i++)
    for (size_t j = 0; j < sheet->col.count && status == JAC_OK; j++) {
      if (jac_sheet_dots(sheet, i, j) || jac_sheet_zero(sheet, i, j))
        continue;
      struct jac_buffer symbol = JAC_BUFFER_INIT;
      status =
          source->source.symbol(source, sheet->row.at[i], sheet->col.at[j], &symbol, err);
      if (status == JAC_OK) {
        jac_buffer_add(out, " \\\\[1ex]\n");
        add_broken(jac_sheet_cell(sheet, i, j), symbol.text, line, out);
      }
      jac_buffer_free(&symbol);
    }
  source->named = true;
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}

void jac_latex_lines(const char *lines, const struct jac_latex *options,
                     struct jac_buffer *out) {
  static const char apart[] = " \\\\[1ex]\n";
  const char *size =
      jac_latex_size(jac_latex_display_width(lines), jac_latex_line(options));
  struct jac_buffer math = JAC_BUFFER_INIT;
  if (strncmp(lines, apart, strlen(apart)) == 0)
    lines += strlen(apart);
  jac_buffer_printf(&math, "\\begin{aligned}\n%s\n\\end{aligned}", lines);
  jac_latex_display(math.text, size, options, out);
  out->failed = out->failed || math.failed;
  jac_buffer_free(&math);
}
