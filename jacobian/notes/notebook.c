/* Jupyter notebooks: jansson reads the JSON; where each character of a Markdown cell
 * stands in the file is found by walking the same text again, which is then known to be
 * valid. And the cells of a notebook that an editor has open, which are no JSON. */
#include "jacobian/json_text.h"
#include "jacobian/notes/read.h"
#include "jacobian/notes/reader_internal.h"
#include "jacobian/text.h"

#include <jansson.h>
#include <string.h>

static unsigned hexadecimal(const char *c) {
  unsigned value = 0;
  for (int k = 0; k < 4; k++)
    value = 16 * value + (unsigned)(c[k] <= '9' ? c[k] - '0' : (c[k] | 32) - 'a' + 10);
  return value;
}

/* Adds the decoded string with its places: each character of it is a character or an
 * escape in the string that opens at raw. Offsets count from file. */
static void trace_string(struct jac_trace *text, const char *decoded, size_t length,
                         const char *raw, const char *file) {
  raw++;
  for (size_t k = 0; k < length;) {
    uint32_t place = (uint32_t)(raw - file);
    size_t size = 1;
    while (k + size < length && ((unsigned char)decoded[k + size] & 0xC0) == 0x80)
      size++;
    jac_trace_fixed(text, decoded + k, size, place);
    k += size;
    if (raw[0] != '\\')
      raw += size;
    else if (raw[1] != 'u')
      raw += 2;
    else
      raw += hexadecimal(raw + 2) >= 0xD800 && hexadecimal(raw + 2) <= 0xDBFF ? 12 : 6;
  }
  jac_trace_end(text, (uint32_t)(raw - file));
}

/* The source of a cell: one string, or a list of lines. */
static void trace_source(struct jac_trace *text, const json_t *source, const char *raw,
                         const char *file) {
  size_t k;
  json_t *line;
  if (json_is_string(source))
    trace_string(text, json_string_value(source), json_string_length(source), raw, file);
  if (!json_is_array(source))
    return;
  const char *at = jac_json_space(raw + 1);
  json_array_foreach(source, k, line) {
    if (json_is_string(line))
      trace_string(text, json_string_value(line), json_string_length(line), at, file);
    at = jac_json_next(at);
  }
}

/* Reads the Markdown of a cell, and frees it. */
static enum jac_status read_text(struct jac_notes_reader *notebook, size_t number,
                                 struct jac_trace *text) {
  enum jac_status status = text->failed ? jac_fail_memory(notebook->err) : JAC_OK;
  if (text->length > JAC_NOTES_LONGEST)
    status = jac_fail(notebook->err, JAC_ELIMIT, _("cell %zu is longer than %d bytes"),
                      number, (int)JAC_NOTES_LONGEST);
  if (status == JAC_OK && text->length > 0) {
    struct jac_notes_reader reader = {.text = text->text,
                                      .length = text->length,
                                      .at = text->at,
                                      .cell = number,
                                      .macros = notebook->macros,
                                      .document = notebook->document,
                                      .err = notebook->err};
    status = jac_notes_read_markdown(&reader);
  }
  jac_trace_free(text);
  return status;
}

static enum jac_status read_cell(struct jac_notes_reader *notebook, size_t number,
                                 const json_t *cell, const char *raw) {
  const char *type = json_string_value(json_object_get(cell, "cell_type"));
  const json_t *source = json_object_get(cell, "source");
  const char *where = source != NULL ? jac_json_member(raw, "source") : NULL;
  if (type == NULL || strcmp(type, "markdown") != 0 || where == NULL)
    return JAC_OK;
  struct jac_trace text = {0};
  trace_source(&text, source, where, notebook->text);
  return read_text(notebook, number, &text);
}

static enum jac_status read_cells(struct jac_notes_reader *r, const json_t *root) {
  const json_t *cells = json_object_get(root, "cells");
  const char *raw =
      json_is_array(cells) ? jac_json_member(jac_json_space(r->text), "cells") : NULL;
  enum jac_status status = JAC_OK;
  json_t *cell;
  size_t k;
  if (raw == NULL)
    return jac_fail(r->err, JAC_EINPUT,
                    _("line 1: no notebook of format 4, which has a list \"cells\""));
  raw = jac_json_space(raw + 1);
  json_array_foreach(cells, k, cell) {
    if (json_is_object(cell) && status == JAC_OK)
      status = read_cell(r, k + 1, cell, raw);
    raw = jac_json_next(raw);
  }
  return status;
}

enum jac_status jac_notes_read_notebook(struct jac_notes_reader *reader) {
  json_error_t fault;
  json_t *root =
      json_loadb(reader->text, reader->length, JSON_DECODE_INT_AS_REAL, &fault);
  if (root == NULL) {
    /* jansson quotes the text as it stands, line ends included. */
    for (char *c = fault.text; *c != '\0'; c++)
      if ((unsigned char)*c < ' ')
        *c = ' ';
    return jac_fail(reader->err, JAC_EINPUT, _("line %d is no JSON of a notebook: %s"),
                    fault.line, fault.text);
  }
  enum jac_status status = read_cells(reader, root);
  json_decref(root);
  return status;
}

enum jac_status jac_notes_read_cells(struct jac_notes_reader *r) {
  enum jac_status status = JAC_OK;
  static const char end[] = JAC_NOTES_CELL_END;
  size_t number = 0;
  for (size_t k = 0; k < r->length && status == JAC_OK; k += sizeof end - 1) {
    struct jac_trace text = {0};
    for (; k < r->length && strncmp(r->text + k, end, sizeof end - 1) != 0; k++)
      jac_trace_char(&text, r->text[k], (uint32_t)k);
    jac_trace_end(&text, (uint32_t)k);
    status = read_text(r, ++number, &text);
  }
  return status;
}
