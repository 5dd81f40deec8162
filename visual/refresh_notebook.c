/* The Markdown cells of notebooks: a cell's source is replaced in the text of the file,
 * of which nothing else changes. */
#include "jacobian/json_text.h"
#include "jacobian/text.h"
#include "visual/refresh.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A cell's source, one string or one a line, as one text. */
static void add_source(const json_t *source, struct jac_buffer *out) {
  size_t k;
  const json_t *part;
  if (json_is_string(source))
    jac_buffer_add(out, json_string_value(source));
  else
    json_array_foreach(source, k, part) if (json_is_string(part))
        jac_buffer_add(out, json_string_value(part));
}

static void add_string(const char *text, size_t length, size_t flags,
                       struct jac_buffer *out) {
  json_t *string = json_stringn(text, length);
  char *dump = string != NULL ? json_dumps(string, JSON_ENCODE_ANY | flags) : NULL;
  jac_buffer_add(out, dump != NULL ? dump : "");
  out->failed = out->failed || dump == NULL;
  free(dump);
  json_decref(string);
}

/* The text as the source at raw is written: one string, or lines with what stands between
 * them there. */
static void write_source(const char *raw, const char *text, size_t flags,
                         struct jac_buffer *out) {
  if (*raw == '"') {
    add_string(text, strlen(text), flags, out);
    return;
  }
  const char *first = jac_json_space(raw + 1), *end = jac_json_past(raw) - 1, *last = end;
  size_t indent = (size_t)(first - raw) - 1;
  while (last > first && strchr(" \t\r\n", last[-1]) != NULL)
    last--;
  for (bool next = false; *text != '\0'; next = true) {
    size_t length = strcspn(text, "\n");
    length += text[length] == '\n';
    jac_buffer_add(out, next ? "," : "[");
    jac_buffer_add_bytes(out, raw + 1, indent);
    add_string(text, length, flags, out);
    text += length;
  }
  jac_buffer_add_bytes(out, last, (size_t)(end + 1 - last));
}

/* One cell, whose text is raw. */
static enum jac_status refresh_cell(struct jac_refresh *r, const json_t *cell,
                                    const char *raw, size_t flags, struct jac_buffer *out,
                                    struct jac_error *err) {
  const char *type = json_string_value(json_object_get(cell, "cell_type"));
  const json_t *source = json_object_get(cell, "source");
  const char *end = jac_json_past(raw);
  struct jac_buffer before = JAC_BUFFER_INIT, after = JAC_BUFFER_INIT;
  struct jac_error inside = {JAC_OK, ""};
  enum jac_status status = JAC_OK;
  if (type != NULL && strcmp(type, "markdown") == 0 && source != NULL) {
    const char *at = jac_json_member(raw, "source");
    add_source(source, &before);
    status = jac_refresh_text(r, before.text, &after, &inside);
    if (status != JAC_OK)
      jac_fail(err, status, _("cell %zu, %s"), r->cell, inside.message);
    else if (strcmp(before.text, after.text) != 0) {
      jac_buffer_add_bytes(out, raw, (size_t)(at - raw));
      write_source(at, after.text, flags, out);
      raw = jac_json_past(at);
    }
  }
  jac_buffer_add_bytes(out, raw, (size_t)(end - raw));
  jac_buffer_free(&before);
  jac_buffer_free(&after);
  return status;
}

/* Letters beyond ASCII are escaped where the file has its own so. */
static size_t flags_of(const char *text) {
  bool escaped = strstr(text, "\\u") != NULL;
  for (const char *c = text; *c != '\0'; c++)
    if ((unsigned char)*c >= 0x80)
      return 0;
  return escaped ? JSON_ENSURE_ASCII : 0;
}

enum jac_status jac_refresh_notebook(struct jac_refresh *r, const char *text,
                                     struct jac_buffer *out, struct jac_error *err) {
  json_error_t fault;
  json_t *root = json_loads(text, JSON_DECODE_INT_AS_REAL, &fault), *cell;
  const json_t *cells = json_object_get(root, "cells");
  enum jac_status status = JAC_OK;
  size_t k;
  if (root == NULL)
    return jac_fail(err, JAC_EINPUT, _("line %d: this is no notebook: %s"), fault.line,
                    fault.text);
  if (!json_is_array(cells)) { /* format 3 has worksheets: blocks in them would stay */
    json_decref(root);
    return jac_fail(err, JAC_EINPUT,
                    _("line 1: no notebook of format 4, which has a list \"cells\""));
  }
  const char *done = text, *at = jac_json_member(jac_json_space(text), "cells");
  at = jac_json_space(at + 1);
  json_array_foreach(cells, k, cell) {
    jac_buffer_add_bytes(out, done, (size_t)(at - done));
    r->cell = k + 1;
    if (status == JAC_OK)
      status = refresh_cell(r, cell, at, flags_of(text), out, err);
    done = jac_json_past(at);
    at = jac_json_next(at);
  }
  jac_buffer_add(out, done);
  json_decref(root);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
