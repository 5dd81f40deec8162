/* Comments, texts and left sides: what stands around matrices. */
#include "jacobian/formula/spell.h"
#include "visual/latex/latex.h"

#include <ctype.h>
#include <string.h>

void jac_latex_comment(const char *text, struct jac_buffer *out) {
  for (; *text != '\0'; text++)
    jac_buffer_add_char(out, iscntrl((unsigned char)*text) ? ' ' : *text);
}

/* A letter of Western Europe in UTF-8, two bytes, that pdfTeX's first fonts can set. */
static bool is_western(const char *text) {
  const unsigned char *byte = (const unsigned char *)text;
  if (byte[0] == 0xC5)
    return byte[1] == 0x92 || byte[1] == 0x93;
  return byte[0] == 0xC3 && byte[1] >= 0x80 && byte[1] <= 0xBF &&
         strchr("\x90\x97\x9E\xB0\xB7\xBE", text[1]) == NULL;
}

void jac_latex_text(const char *text, struct jac_buffer *out) {
  for (; *text != '\0'; text++) {
    if (strchr("{}_%&#$", *text) != NULL)
      jac_buffer_printf(out, "\\%c", *text);
    else if (*text == '\\')
      jac_buffer_add(out, "\\textbackslash{}");
    else if (*text == '^' || *text == '~')
      jac_buffer_printf(out, "\\%c{}", *text);
    else if (*text == '<' || *text == '>' || *text == '|')
      jac_buffer_printf(out, "\\ensuremath{%c}", *text);
    else if (text[0] == '-' && text[1] == '-')
      jac_buffer_add(out, "-{}"); /* not a dash */
    else if ((unsigned char)*text < 0x80)
      jac_buffer_add_char(out, iscntrl((unsigned char)*text) ? ' ' : *text);
    else if (is_western(text)) {
      jac_buffer_printf(out, "%c%c", text[0], text[1]);
      text++;
    } else if (((unsigned char)*text & 0xC0) != 0x80)
      jac_buffer_add_char(out, '?'); /* pdfTeX knows few of the others */
  }
}

void jac_latex_code(const char *code, struct jac_buffer *out) {
  struct jac_buffer part = JAC_BUFFER_INIT;
  while (*code != '\0') {
    size_t length = strcspn(code, ",[");
    length = length == 0 ? 1 + strcspn(code + 1, ",[") : length;
    jac_buffer_clear(&part);
    jac_buffer_add_bytes(&part, code, length);
    jac_latex_text(part.failed ? "" : part.text, out);
    code += length;
    if (*code != '\0')
      jac_buffer_add(out, "\\allowbreak ");
  }
  out->failed = out->failed || part.failed;
  jac_buffer_free(&part);
}

void jac_latex_variable(const struct jac_variable *variable, struct jac_buffer *out) {
  const char *symbol = variable->symbol;
  if (toupper((unsigned char)symbol[0]) == variable->name[0] && variable->ndim > 1) {
    jac_buffer_add_char(out, variable->name[0]);
    symbol++;
  }
  jac_buffer_add(out, symbol);
}

/* The function: an output that has a name of its own, M with its parameters as in the
 * course, or the module's name. */
void jac_latex_function(const struct jac_map *map, struct jac_buffer *out) {
  bool any = false;
  if (strncmp(map->output_symbol, "z^{", 3) != 0)
    jac_buffer_add(out, map->output_symbol);
  else if (strchr(map->spec, ' ') != NULL)
    jac_buffer_add(out, "M");
  else {
    for (size_t v = 0; v < map->nvar; v++)
      if (map->var[v].role == JAC_PARAMETER) {
        jac_buffer_add(out, any ? "," : "M_{");
        jac_latex_variable(&map->var[v], out);
        any = true;
      }
    if (any)
      jac_buffer_add(out, "}");
    else
      jac_buffer_printf(out, "\\text{%.*s}", (int)strcspn(map->spec, ":, "), map->spec);
  }
}

void jac_latex_left(const struct jac_map *map, size_t wrt, struct jac_buffer *out) {
  jac_buffer_add(out, map->of != NULL ? "H_{" : "J_{");
  jac_latex_function(map->of != NULL ? map->of : map, out);
  jac_buffer_add(out, "}^{");
  if (map->of != NULL) {
    jac_latex_variable(&map->of->var[map->of_wrt], out);
    jac_buffer_add(out, ",");
  }
  jac_latex_variable(&map->var[wrt], out);
  jac_buffer_add(out, "}");
}

void jac_latex_at_slice(const struct jac_map *map, size_t slice, struct jac_buffer *out) {
  jac_buffer_add(out, "\\big|_{");
  jac_label_slice(map, JAC_NOTATION_LATEX, slice, out);
  jac_buffer_add(out, "}");
}

void jac_latex_called(const struct jac_view *view, const struct jac_latex *options,
                      struct jac_buffer *out) {
  if (options->name != NULL)
    jac_buffer_add(out, options->name);
  else
    jac_latex_left(view->layout.map, view->layout.wrt, out);
}
