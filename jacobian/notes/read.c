#include "jacobian/notes/read.h"

#include "jacobian/notes/document_internal.h"
#include "jacobian/notes/reader_internal.h"
#include "jacobian/text.h"

#include <string.h>
#include <strings.h>

enum jac_notes_format jac_notes_format_of(const char *filename) {
  static const struct {
    const char *ending;
    enum jac_notes_format format;
  } endings[] = {{".tex", JAC_NOTES_LATEX},   {".ltx", JAC_NOTES_LATEX},
                 {".latex", JAC_NOTES_LATEX}, {".ipynb", JAC_NOTES_NOTEBOOK},
                 {".rst", JAC_NOTES_RST},     {".rest", JAC_NOTES_RST}};
  const char *dot = strrchr(filename, '.');
  for (size_t k = 0; dot != NULL && k < sizeof endings / sizeof endings[0]; k++)
    if (strcasecmp(dot, endings[k].ending) == 0)
      return endings[k].format;
  return JAC_NOTES_MARKDOWN;
}

struct jac_notes_comment jac_notes_comment_of(enum jac_notes_format format) {
  static const struct jac_notes_comment latex = {"% ", ""}, rst = {".. ", ""},
                                        html = {"<!-- ", " -->"};
  return format == JAC_NOTES_LATEX ? latex : format == JAC_NOTES_RST ? rst : html;
}

/* How many bytes the UTF-8 character at the start of text takes, 0 when it is none:
 * overlong forms, surrogates and what lies beyond U+10FFFF are none (Unicode 15, table
 * 3-7). */
static size_t character(const unsigned char *text, size_t length) {
  unsigned char first = text[0], low = 0x80, high = 0xBF;
  size_t size = first < 0x80                     ? 1
                : first >= 0xC2 && first <= 0xDF ? 2
                : first >= 0xE0 && first <= 0xEF ? 3
                : first >= 0xF0 && first <= 0xF4 ? 4
                                                 : 0;
  if (size > length)
    return 0;
  if (first == 0xE0)
    low = 0xA0;
  if (first == 0xED)
    high = 0x9F;
  if (first == 0xF0)
    low = 0x90;
  if (first == 0xF4)
    high = 0x8F;
  if (size > 1 && (text[1] < low || text[1] > high))
    return 0;
  for (size_t k = 2; k < size; k++)
    if ((text[k] & 0xC0) != 0x80)
      return 0;
  return size;
}

static enum jac_status check_text(const char *text, size_t length,
                                  struct jac_error *err) {
  size_t line = 1;
  for (size_t k = 0; k < length;) {
    size_t size = character((const unsigned char *)text + k, length - k);
    if (size == 0)
      return jac_fail(
          err, JAC_EINPUT,
          _("line %zu is not UTF-8: convert the file, for example with iconv"), line);
    if (text[k] == '\0')
      return jac_fail(err, JAC_EINPUT, _("line %zu holds a zero byte: no text"), line);
    line += text[k] == '\n';
    k += size;
  }
  return JAC_OK;
}

/* A format's reader. */
static enum jac_status (*const readers[])(struct jac_notes_reader *reader) = {
    [JAC_NOTES_MARKDOWN] = jac_notes_read_markdown,
    [JAC_NOTES_LATEX] = jac_notes_read_latex,
    [JAC_NOTES_NOTEBOOK] = jac_notes_read_notebook,
    [JAC_NOTES_RST] = jac_notes_read_rst,
    [JAC_NOTES_CELLS] = jac_notes_read_cells,
};

/* Takes in the definitions of a text, and nothing else of it. */
static void take_macros(struct jac_macros *macros, const char *text) {
  size_t length = strlen(text), at = 0;
  while (at < length) {
    at += strcspn(text + at, "\\%");
    if (at < length && text[at] == '%') {
      at += strcspn(text + at, "\n");
      continue;
    }
    size_t end = at < length ? jac_macros_define(macros, text, length, at) : length;
    at = end > 0 ? end : at + jac_control_length(text + at, length - at);
  }
}

enum jac_status jac_notes_read_after(const char *before, const char *text, size_t length,
                                     enum jac_notes_format format,
                                     struct jac_document *document,
                                     struct jac_error *err) {
  *document = (struct jac_document){0};
  size_t longest =
      format == JAC_NOTES_NOTEBOOK ? JAC_NOTES_NOTEBOOK_LONGEST : JAC_NOTES_LONGEST;
  if (length > longest)
    return jac_fail(err, JAC_ELIMIT, _("notes longer than %zu bytes"), longest);
  enum jac_status status = check_text(text, length, err);
  if (status == JAC_OK)
    status = jac_document_start(document, text, length, err);
  if (status != JAC_OK)
    return status;
  struct jac_notes_reader reader = {
      .text = document->source, .length = length, .document = document, .err = err};
  reader.macros = jac_macros_new();
  if (reader.macros == NULL)
    status = jac_fail_memory(err);
  else {
    if (before != NULL)
      take_macros(reader.macros, before);
    status = readers[format](&reader);
  }
  jac_macros_free(reader.macros);
  if (status != JAC_OK)
    jac_document_free(document);
  return status;
}

enum jac_status jac_notes_read(const char *text, size_t length,
                               enum jac_notes_format format,
                               struct jac_document *document, struct jac_error *err) {
  return jac_notes_read_after(NULL, text, length, format, document, err);
}
