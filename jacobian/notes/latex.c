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

static enum jac_status command(struct jac_notes_reader *r, size_t *at) {
  const char *word = r->text + *at;
  size_t size = jac_control_length(word, r->length - *at);
  struct jac_span found;
  int level = heading_level(word, size);
  if (level > 0) {
    struct jac_item item = jac_reader_item(r, JAC_ITEM_HEADING, *at, line_end(r, *at));
    item.level = level;
    *at += size;
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
  *at = end > 0 ? end : *at + size;
  return JAC_OK;
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
