/* LaTeX: what stands in the text is passed over, but for comments, headings, definitions
 * and formulas. */
#include "jacobian/notes/reader_internal.h"

#include <string.h>

static bool is(const char *text, size_t size, const char *word) {
  return strlen(word) == size && memcmp(text, word, size) == 0;
}

static size_t line_end(const struct jac_notes_reader *r, size_t at) {
  const char *end = memchr(r->text + at, '\n', r->length - at);
  return end != NULL ? (size_t)(end - r->text) : r->length;
}

static enum jac_status comment(struct jac_notes_reader *r, size_t *at) {
  size_t begin = *at + 1, end = line_end(r, *at);
  struct jac_piece inside = {.text = r->text + begin,
                             .length = end - begin,
                             .base = (uint32_t)begin,
                             .origin = begin};
  *at = end;
  return jac_reader_comment(r, &inside, true);
}

/* The level of \section and its kin, 0 for other commands. */
static int heading_level(const char *word, size_t size) {
  static const char *const names[] = {"\\part",       "\\chapter",       "\\section",
                                      "\\subsection", "\\subsubsection", "\\paragraph"};
  for (int k = 0; k < 6; k++)
    if (is(word, size, names[k]))
      return k + 1;
  return 0;
}

/* \noindent\textbf{...}\par, a line that is bold alone: a heading of the lowest level. */
static bool is_bold_line(const struct jac_notes_reader *r, size_t at, size_t size) {
  static const char before[] = "\\noindent";
  size_t long_before = strlen(before);
  if (!is(r->text + at, size, "\\textbf") || r->text[at + size] != '{' ||
      at < long_before || memcmp(r->text + at - long_before, before, long_before) != 0)
    return false;
  size_t end = jac_group_end(r->text, r->length, at + size, r->length);
  return end > 0 && strncmp(r->text + end, "\\par", 4) == 0;
}

/* The offset after \end{name}, or 0; what is not there is not looked for twice. */
static size_t environment_end(struct jac_notes_reader *r, size_t at, const char *name,
                              size_t length) {
  if (at < r->none[JAC_CLOSE_VERBATIM])
    return 0;
  for (const char *c = r->text + at; (c = strstr(c, "\\end{")) != NULL; c += 5)
    if (strncmp(c + 5, name, length) == 0 && c[5 + length] == '}')
      return (size_t)(c - r->text) + 6 + length;
  r->none[JAC_CLOSE_VERBATIM] = r->length;
  return 0;
}

/* Past \begin{verbatim} ... \end{verbatim}, \verb|...| and \iffalse ... \fi: the offset
 * after them, or 0 when text[at] begins nothing of the kind. */
static size_t skip_verbatim(struct jac_notes_reader *r, size_t at, size_t size) {
  const char *word = r->text + at, *rest = word + size;
  if (is(word, size, "\\begin") && *rest == '{') {
    size_t length = strcspn(rest + 1, "}\n\\");
    return jac_environment_verbatim(rest + 1, length)
               ? environment_end(r, at + size, rest + 1, length)
               : 0;
  }
  if (is(word, size, "\\verb") || is(word, size, "\\lstinline")) {
    rest += *rest == '*';
    if (*rest == '\0' || *rest == '\n' || *rest == ' ')
      return 0;
    const char *end = rest + 1 + strcspn(rest + 1, (char[]){*rest, '\n', '\0'});
    return *end == *rest ? (size_t)(end - r->text) + 1 : 0;
  }
  if (is(word, size, "\\iffalse") && at >= r->none[JAC_CLOSE_IFFALSE]) {
    const char *end = strstr(rest, "\\fi");
    if (end == NULL)
      r->none[JAC_CLOSE_IFFALSE] = r->length;
    return end != NULL ? (size_t)(end - r->text) + 3 : 0;
  }
  return 0;
}

/* The offset after a macro of the author's that sets its arguments as a display, such as
 * \eq{x = 1}, and after these; 0 for any other. */
static size_t display_call(const struct jac_notes_reader *r, size_t at, size_t size) {
  struct jac_span inside;
  const struct jac_macro *macro = jac_macros_find(r->macros, r->text + at + 1, size - 1);
  if (macro == NULL || macro->kind != JAC_MACRO_PLAIN || macro->arguments == 0 ||
      strstr(macro->body, "\\begin{") == NULL ||
      !jac_span_inside(macro->body, strlen(macro->body), &inside))
    return 0;
  size_t end = at + size;
  for (size_t k = macro->optional != NULL; k < macro->arguments; k++) {
    end += strcspn(r->text + end, "{\n");
    if (r->text[end] != '{')
      return 0;
    end = jac_group_end(r->text, r->length, end, JAC_NOTES_FORMULA);
    if (end == 0)
      return 0;
  }
  return end;
}

/* Such a call, expanded; where that fails, as it stands, so that the problem is told. */
static enum jac_status add_call(struct jac_notes_reader *r, size_t at, size_t end) {
  struct jac_trace call = {0}, expanded = {0}, inside = {0};
  struct jac_span span = {.kind = JAC_ITEM_DISPLAY,
                          .environment = "displaymath",
                          .begin = at,
                          .finish = end,
                          .closed = true};
  struct jac_span found;
  for (size_t k = at; k < end; k++)
    jac_trace_char(&call, r->text[k], (uint32_t)k);
  jac_trace_end(&call, (uint32_t)end);
  enum jac_status status = call.failed
                               ? jac_fail_memory(r->err)
                               : jac_macros_expand(r->macros, &call, &expanded, NULL);
  bool whole =
      status == JAC_OK && jac_span_inside(expanded.text, expanded.length, &found);
  if (whole) {
    span = found;
    jac_trace_bytes(&inside, expanded.text + found.begin, expanded.at + found.begin,
                    found.finish - found.begin);
    jac_trace_end(&inside, (uint32_t)end);
  }
  span.start = at;
  span.end = end;
  if (status == JAC_ENOMEM || inside.failed)
    status = jac_fail_memory(r->err);
  else
    status =
        whole ? jac_reader_gathered(r, &span, &inside) : jac_reader_formula(r, &span, 0);
  jac_trace_free(&call);
  jac_trace_free(&expanded);
  jac_trace_free(&inside);
  return status;
}

/* \begin{example}, \begin{vkProblem}, and a \begin{remark} behind one: where the name
 * ends, or 0. */
static size_t begins_another(struct jac_notes_reader *r, size_t at, size_t size) {
  if (!is(r->text + at, size, "\\begin") || r->text[at + size] != '{')
    return 0;
  const char *name = r->text + at + size + 1;
  size_t n = strcspn(name, "}\n");
  bool example = jac_names_another(name, n),
       over = !example && r->example && jac_names_other(name, n);
  r->example = example || (r->example && !over);
  return example || over ? at + size + 1 + n : 0;
}

static enum jac_status command(struct jac_notes_reader *r, size_t *at) {
  const char *word = r->text + *at;
  size_t size = jac_control_length(word, r->length - *at);
  struct jac_span found;
  int level = is_bold_line(r, *at, size) ? 6 : heading_level(word, size);
  if (level > 0) {
    struct jac_item item = jac_reader_item(r, JAC_ITEM_HEADING, *at, line_end(r, *at));
    item.level = level;
    *at += size;
    return jac_document_add(r->document, &item, NULL, r->err);
  }
  size_t another = begins_another(r, *at, size);
  if (another > 0) {
    struct jac_item item = jac_reader_item(r, JAC_ITEM_HEADING, *at, another);
    item.level = 6;
    *at = another;
    return jac_document_add(r->document, &item, NULL, r->err);
  }
  if (strncmp(word, "\\end{document}", 14) == 0) {
    *at = r->length;
    return JAC_OK;
  }
  size_t end = skip_verbatim(r, *at, size);
  if (end == 0)
    end = jac_macros_define(r->macros, r->text, r->length, *at);
  if (end == 0 && jac_span_find(r, *at, &found)) {
    *at = found.end;
    return jac_reader_formula(r, &found, 0);
  }
  size_t begin = *at, call = end == 0 ? display_call(r, begin, size) : 0;
  *at = call > 0 ? call : end > 0 ? end : begin + size;
  return call > 0 ? add_call(r, begin, call) : JAC_OK;
}

enum jac_status jac_notes_read_latex(struct jac_notes_reader *reader) {
  enum jac_status status = JAC_OK;
  size_t at = 0;
  struct jac_span found;
  while (status == JAC_OK && at < reader->length) {
    at += strcspn(reader->text + at, "%\\$");
    if (at >= reader->length)
      break;
    if (reader->text[at] == '%')
      status = comment(reader, &at);
    else if (reader->text[at] == '\\')
      status = command(reader, &at);
    else if (jac_span_find(reader, at, &found)) {
      at = found.end;
      status = jac_reader_formula(reader, &found, 0);
    } else
      at += reader->text[at + 1] == '$' ? 2 : 1;
  }
  return status;
}
