#include "visual/refresh.h"

#include "jacobian/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A line of the text, its end not included. */
struct line {
  const char *start, *end, *next;
};

static struct line line_at(const char *at) {
  size_t length = strcspn(at, "\n");
  struct line line = {at, at + length, at + length + (at[length] == '\n')};
  if (line.end > line.start && line.end[-1] == '\r')
    line.end--;
  return line;
}

/* Behind blanks. */
static const char *skip(const char *at) {
  return at + strspn(at, " \t");
}

static bool begins(const char *at, const char *end, const char *word) {
  size_t length = strlen(word);
  return (size_t)(end - at) >= length && strncmp(at, word, length) == 0;
}

/* What a comment line of ours says behind the word; NULL: it is none. The text is owned
 * by the caller. */
static char *comment(const struct jac_refresh *r, struct line line, const char *word) {
  const char *at = skip(line.start), *end = line.end;
  const char *open = r->latex ? "%" : "<!--";
  if (!begins(at, end, open))
    return NULL;
  at = skip(at + strlen(open));
  if (!begins(at, end, word))
    return NULL;
  at = skip(at + strlen(word));
  while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  if (!r->latex) {
    if (end - at < 3 || strncmp(end - 3, "-->", 3) != 0)
      return NULL;
    end -= 3;
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
      end--;
  }
  return strndup(at, (size_t)(end - at));
}

/* Whether the line opens or closes code, in which nothing is ours. */
static bool toggles(const struct jac_refresh *r, struct line line, bool inside) {
  const char *at = skip(line.start);
  static const char *const verbatim[] = {"{verbatim}", "{lstlisting}", "{minted}"};
  if (!r->latex)
    return begins(at, line.end, "```") || begins(at, line.end, "~~~");
  const char *word = inside ? "\\end" : "\\begin";
  if (!begins(at, line.end, word))
    return false;
  at += strlen(word);
  for (size_t k = 0; k < sizeof verbatim / sizeof verbatim[0]; k++)
    if (begins(at, line.end, verbatim[k]))
      return true;
  return false;
}

/* The generated text in the block's indentation and line ends. */
static void indent(const char *text, struct line opening, struct jac_buffer *out) {
  size_t blanks = (size_t)(skip(opening.start) - opening.start);
  bool carriage = opening.end[0] == '\r';
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    if (length > 0)
      jac_buffer_add_bytes(out, opening.start, blanks);
    jac_buffer_add_bytes(out, text, length);
    jac_buffer_add(out, carriage ? "\r\n" : "\n");
    text += length + (text[length] == '\n');
  }
}

/* One block: from behind its opening line to the start of its closing one. */
static void refresh_block(struct jac_refresh *r, struct line opening, const char *close,
                          size_t number, const char *command, struct jac_buffer *out) {
  struct jac_buffer made = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  size_t old = (size_t)(close - opening.next);
  r->blocks++;
  enum jac_status status = r->run(r->context, command, &made, &err);
  if (status == JAC_OK)
    status = jac_buffer_status(&made, &err);
  if (status == JAC_OK)
    indent(made.text, opening, &text);
  if (status != JAC_OK) {
    r->failed++;
    r->tell(r->context, number, command, err.message);
    jac_buffer_add_bytes(out, opening.next, old);
  } else {
    if (text.length != old || memcmp(text.text, opening.next, old) != 0) {
      r->stale++;
      r->tell(r->context, number, command, NULL);
    }
    jac_buffer_add(out, text.text);
  }
  out->failed = out->failed || text.failed;
  jac_buffer_free(&made);
  jac_buffer_free(&text);
}

enum jac_status jac_refresh_text(struct jac_refresh *r, const char *text,
                                 struct jac_buffer *out, struct jac_error *err) {
  bool inside = false;
  size_t number = 1;
  for (const char *at = text; *at != '\0'; number++) {
    struct line line = line_at(at);
    char *command = inside ? NULL : comment(r, line, "jacobian-run:");
    if (toggles(r, line, inside))
      inside = !inside;
    jac_buffer_add_bytes(out, line.start, (size_t)(line.next - line.start));
    at = line.next;
    if (command == NULL)
      continue;
    size_t first = number;
    struct line close = line_at(at);
    char *end = comment(r, close, "jacobian-end");
    while (end == NULL && *close.start != '\0') {
      close = line_at(close.next);
      number++;
      end = comment(r, close, "jacobian-end");
    }
    bool ends = end != NULL;
    free(end);
    if (ends)
      refresh_block(r, line, close.start, first, command, out);
    free(command);
    if (!ends)
      return jac_fail(err, JAC_EINPUT,
                      _("line %zu: this block has no end: a comment `jacobian-end` is "
                        "needed on a line of its own"),
                      first);
    at = close.start;
  }
  return jac_buffer_status(out, err);
}

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

/* The text as the cell had it. */
static json_t *make_source(const json_t *like, const char *text) {
  if (json_is_string(like))
    return json_string(text);
  json_t *lines = json_array();
  while (*text != '\0') {
    size_t length = strcspn(text, "\n");
    length += text[length] == '\n';
    json_array_append_new(lines, json_stringn(text, length));
    text += length;
  }
  return lines;
}

enum jac_status jac_refresh_notebook(struct jac_refresh *r, const char *text,
                                     struct jac_buffer *out, struct jac_error *err) {
  json_error_t fault;
  json_t *root = json_loads(text, 0, &fault), *cell;
  enum jac_status status = JAC_OK;
  size_t k;
  if (root == NULL)
    return jac_fail(err, JAC_EINPUT, _("line %d: this is no notebook: %s"), fault.line,
                    fault.text);
  json_array_foreach(json_object_get(root, "cells"), k, cell) {
    const char *type = json_string_value(json_object_get(cell, "cell_type"));
    const json_t *source = json_object_get(cell, "source");
    struct jac_buffer before = JAC_BUFFER_INIT, after = JAC_BUFFER_INIT;
    if (type == NULL || strcmp(type, "markdown") != 0 || status != JAC_OK)
      continue;
    add_source(source, &before);
    status = jac_refresh_text(r, before.text, &after, err);
    if (status == JAC_OK && strcmp(before.text, after.text) != 0)
      json_object_set_new(cell, "source", make_source(source, after.text));
    jac_buffer_free(&before);
    jac_buffer_free(&after);
  }
  /* As notebooks are written; nothing has changed: the very bytes. */
  char *dump = status == JAC_OK && r->stale > 0
                   ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17))
                   : NULL;
  if (status == JAC_OK) {
    jac_buffer_add(out, dump != NULL ? dump : text);
    jac_buffer_add(out, dump != NULL ? "\n" : "");
  }
  free(dump);
  json_decref(root);
  return status == JAC_OK ? jac_buffer_status(out, err) : status;
}
