#include "visual/lsp/server.h"

#include "jacobian/text.h"
#include "layers/subject.h"
#include "visual/lsp/answer.h"
#include "visual/lsp/book.h"
#include "visual/lsp/open.h"

#include <stdlib.h>
#include <string.h>

/* Error codes of the protocol. */
enum {
  PARSE_ERROR = -32700,
  INVALID_REQUEST = -32600,
  METHOD_NOT_FOUND = -32601,
  INVALID_PARAMS = -32602,
  NOT_INITIALIZED = -32002,
  REQUEST_CANCELLED = -32800
};

enum { BUDGET = 40 }; /* milliseconds for an edit's own sections */

void jac_lsp_start(struct jac_lsp *s, const struct jac_module_library *library) {
  *s = (struct jac_lsp){.modules = {jac_subject_facts, (void *)library},
                        .library = library,
                        .budget = BUDGET,
                        .queue = json_array(),
                        .out = JAC_BUFFER_INIT};
}

void jac_lsp_stop(struct jac_lsp *s) {
  for (size_t k = 0; k < s->count; k++)
    jac_lsp_notes_free(&s->notes[k]);
  free(s->notes);
  json_decref(s->queue);
  jac_buffer_free(&s->out);
}

static const char *text_of(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

/* The notes that a message is about. */
static struct jac_lsp_notes *notes_of(struct jac_lsp *s, const json_t *params) {
  return jac_lsp_notes_find(s, text_of(json_object_get(params, "textDocument"), "uri"));
}

static struct jac_lsp_place place_of(const json_t *json) {
  json_int_t line = json_integer_value(json_object_get(json, "line"));
  json_int_t unit = json_integer_value(json_object_get(json, "character"));
  return (struct jac_lsp_place){line > 0 ? (size_t)line : 0, unit > 0 ? (size_t)unit : 0};
}

static enum jac_notes_format format_of(const char *language, const char *uri) {
  static const char *const latex[] = {"latex", "tex", "plaintex", "context"};
  for (size_t k = 0; k < sizeof latex / sizeof latex[0] && language != NULL; k++)
    if (strcmp(language, latex[k]) == 0)
      return JAC_NOTES_LATEX;
  enum jac_notes_format format = jac_notes_format_of(uri);
  return format == JAC_NOTES_LATEX && language != NULL &&
                 strcmp(language, "markdown") == 0
             ? JAC_NOTES_MARKDOWN
             : format;
}

static void did_open(struct jac_lsp *s, const json_t *params) {
  const json_t *document = json_object_get(params, "textDocument");
  const char *uri = text_of(document, "uri");
  const json_t *text = json_object_get(document, "text");
  const struct jac_lsp_cell *cell;
  if (uri == NULL || !json_is_string(text))
    return;
  jac_lsp_notes_part(s, text_of(json_object_get(params, "textDocument"), "uri"), &cell);
  struct jac_lsp_notes *n = cell == NULL ? jac_lsp_notes_make(s, uri) : NULL;
  if (n == NULL)
    return; /* or a cell, which its notebook has */
  jac_lsp_book_free(n);
  jac_lsp_text_free(&n->text);
  jac_lsp_sections_free(&n->sections);
  n->version = json_integer_value(json_object_get(document, "version"));
  n->format = format_of(text_of(document, "languageId"), uri);
  if (jac_lsp_text_set(&n->text, json_string_value(text), json_string_length(text)) ==
      JAC_OK) {
    jac_lsp_look_around(n);
    jac_lsp_notes_judge(s, n);
  }
}

static void did_change(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = notes_of(s, params);
  const json_t *changes = json_object_get(params, "contentChanges");
  if (n == NULL || n->text.bytes == NULL || n->format == JAC_NOTES_CELLS)
    return;
  n->version = json_integer_value(
      json_object_get(json_object_get(params, "textDocument"), "version"));
  for (size_t k = 0; k < json_array_size(changes); k++) {
    const json_t *change = json_array_get(changes, k);
    const json_t *text = json_object_get(change, "text");
    const json_t *range = json_object_get(change, "range");
    size_t from = 0, to = n->text.length;
    if (!json_is_string(text))
      continue;
    if (json_is_object(range)) {
      from = jac_lsp_offset(&n->text, place_of(json_object_get(range, "start")));
      to = jac_lsp_offset(&n->text, place_of(json_object_get(range, "end")));
    }
    jac_lsp_text_edit(&n->text, from, to, json_string_value(text),
                      json_string_length(text));
  }
  n->edited = true; /* other edits may follow at once */
}

static void judge_edits(struct jac_lsp *s) {
  for (size_t k = 0; k < s->count; k++)
    if (s->notes[k].edited)
      jac_lsp_notes_judge(s, &s->notes[k]);
}

static void did_close(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = notes_of(s, params);
  if (n != NULL)
    jac_lsp_notes_forget(s, n);
}

static struct jac_lsp_notes *book_of(struct jac_lsp *s, const json_t *params) {
  return jac_lsp_notes_find(s,
                            text_of(json_object_get(params, "notebookDocument"), "uri"));
}

static void book_open(struct jac_lsp *s, const json_t *params) {
  const json_t *book = json_object_get(params, "notebookDocument");
  const char *uri = text_of(book, "uri");
  struct jac_lsp_notes *n = uri != NULL ? jac_lsp_notes_make(s, uri) : NULL;
  if (n == NULL)
    return;
  jac_lsp_sections_free(&n->sections);
  n->version = json_integer_value(json_object_get(book, "version"));
  n->format = JAC_NOTES_CELLS;
  if (jac_lsp_book_open(n, json_object_get(book, "cells"),
                        json_object_get(params, "cellTextDocuments"))) {
    jac_lsp_look_around(n);
    jac_lsp_notes_judge(s, n);
  }
}

static void book_change(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = book_of(s, params);
  const json_t *uri;
  size_t k;
  if (n == NULL || n->format != JAC_NOTES_CELLS || n->text.bytes == NULL)
    return;
  n->version = json_integer_value(
      json_object_get(json_object_get(params, "notebookDocument"), "version"));
  json_t *gone = json_array();
  jac_lsp_book_change(n, json_object_get(json_object_get(params, "change"), "cells"),
                      gone);
  json_array_foreach(gone, k, uri) {
    if (jac_lsp_cell_of(n, json_string_value(uri)) == NULL)
      jac_lsp_publish_none(s, json_string_value(uri));
  }
  json_decref(gone);
  n->edited = true;
}

static void book_close(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = book_of(s, params);
  if (n != NULL)
    jac_lsp_notes_forget(s, n);
}

static void take_settings(struct jac_lsp *s, const json_t *settings) {
  const json_t *own = json_object_get(settings, "jacobian");
  own = json_is_object(own) ? own : settings;
  const json_t *value = json_object_get(own, "notUnderstood");
  if (json_is_boolean(value))
    s->not_understood = json_is_true(value);
  value = json_object_get(own, "marks");
  if (json_is_boolean(value))
    s->marks = json_is_true(value);
}

static void did_configure(struct jac_lsp *s, const json_t *params) {
  take_settings(s, json_object_get(params, "settings"));
  for (size_t k = 0; k < s->count; k++)
    jac_lsp_publish(s, &s->notes[k]);
}

static void exit_now(struct jac_lsp *s, const json_t *params) {
  (void)params;
  s->over = true;
}

static json_t *initialize(struct jac_lsp *s, const json_t *params) {
  s->started = true;
  take_settings(s, json_object_get(params, "initializationOptions"));
  return json_pack(
      "{s:{s:s, s:{s:b, s:i}, s:{s:[{s:s}]}, s:b, s:{s:[s]}, s:{s:[s,s,s]}, s:b}, "
      "s:{s:s, s:s}}",
      "capabilities", "positionEncoding", "utf-16", "textDocumentSync", "openClose", 1,
      "change", 2, "notebookDocumentSync", "notebookSelector", "notebook", "*",
      "hoverProvider", 1, "codeActionProvider", "codeActionKinds", "quickfix",
      "completionProvider", "triggerCharacters", ":", ",", " ", "inlayHintProvider", 1,
      "serverInfo", "name", "jacobian", "version", JAC_VERSION);
}

static json_t *stop(struct jac_lsp *s, const json_t *params) {
  (void)params;
  s->stopping = true;
  return json_null();
}

/* The offset that a request is about; NULL: in no notes. */
static const struct jac_lsp_notes *position_of(struct jac_lsp *s, const json_t *params,
                                               size_t *offset) {
  const struct jac_lsp_cell *cell;
  const struct jac_lsp_notes *n = jac_lsp_notes_part(
      s, text_of(json_object_get(params, "textDocument"), "uri"), &cell);
  if (n == NULL || n->text.bytes == NULL)
    return NULL;
  *offset = jac_lsp_notes_offset(n, cell, place_of(json_object_get(params, "position")));
  return n;
}

static json_t *hover(struct jac_lsp *s, const json_t *params) {
  size_t offset;
  const struct jac_lsp_notes *n = position_of(s, params, &offset);
  return n != NULL ? jac_lsp_hover(s, n, offset) : NULL;
}

/* The same for a range: what the editor has in sight. */
static const struct jac_lsp_notes *range_of(struct jac_lsp *s, const json_t *params,
                                            size_t *from, size_t *to) {
  const json_t *range = json_object_get(params, "range");
  const struct jac_lsp_cell *cell;
  const struct jac_lsp_notes *n = jac_lsp_notes_part(
      s, text_of(json_object_get(params, "textDocument"), "uri"), &cell);
  if (n == NULL || n->text.bytes == NULL || !json_is_object(range))
    return NULL;
  *from = jac_lsp_notes_offset(n, cell, place_of(json_object_get(range, "start")));
  *to = jac_lsp_notes_offset(n, cell, place_of(json_object_get(range, "end")));
  return n;
}

static json_t *actions(struct jac_lsp *s, const json_t *params) {
  size_t from, to;
  const struct jac_lsp_notes *n = range_of(s, params, &from, &to);
  return n != NULL ? jac_lsp_actions(s, n, from, to) : NULL;
}

static json_t *marks(struct jac_lsp *s, const json_t *params) {
  size_t from, to;
  const struct jac_lsp_notes *n = s->marks ? range_of(s, params, &from, &to) : NULL;
  return n != NULL ? jac_lsp_marks(n, from, to) : NULL;
}

static json_t *complete(struct jac_lsp *s, const json_t *params) {
  size_t offset;
  const struct jac_lsp_notes *n = position_of(s, params, &offset);
  return n != NULL ? jac_lsp_completions(s, n, offset) : NULL;
}

/* What the server knows: requests have an answer, notifications none. */
static const struct {
  const char *method;
  json_t *(*answer)(struct jac_lsp *s, const json_t *params); /* NULL: null */
  void (*notice)(struct jac_lsp *s, const json_t *params);
} methods[] = {
    {"initialize", initialize, NULL},
    {"shutdown", stop, NULL},
    {"textDocument/hover", hover, NULL},
    {"textDocument/codeAction", actions, NULL},
    {"textDocument/completion", complete, NULL},
    {"textDocument/inlayHint", marks, NULL},
    {"textDocument/didOpen", NULL, did_open},
    {"textDocument/didChange", NULL, did_change},
    {"textDocument/didClose", NULL, did_close},
    {"notebookDocument/didOpen", NULL, book_open},
    {"notebookDocument/didChange", NULL, book_change},
    {"notebookDocument/didClose", NULL, book_close},
    {"workspace/didChangeConfiguration", NULL, did_configure},
    {"exit", NULL, exit_now},
};

static void send_error(struct jac_lsp *s, const json_t *id, int code,
                       const char *message) {
  json_t *none = json_null();
  jac_wire_send(json_pack("{s:s, s:O, s:{s:i, s:s}}", "jsonrpc", "2.0", "id",
                          id != NULL ? id : none, "error", "code", code, "message",
                          message),
                &s->out);
}

static void answer_request(struct jac_lsp *s, const json_t *id, size_t k,
                           const json_t *params) {
  json_t *result = methods[k].answer(s, params);
  jac_wire_send(json_pack("{s:s, s:O, s:o}", "jsonrpc", "2.0", "id", id, "result",
                          result != NULL ? result : json_null()),
                &s->out);
}

/* The row of a method, or their number. */
static size_t find_method(const char *name) {
  size_t k = 0;
  while (k < sizeof methods / sizeof methods[0] && strcmp(methods[k].method, name) != 0)
    k++;
  return k;
}

/* Why a request is not answered; 0: it is. */
static int refusal(const struct jac_lsp *s, size_t k, const json_t *params) {
  if (k == sizeof methods / sizeof methods[0] || methods[k].answer == NULL)
    return METHOD_NOT_FOUND;
  if (s->started == (methods[k].answer == initialize))
    return s->started ? INVALID_REQUEST : NOT_INITIALIZED;
  if (s->stopping)
    return INVALID_REQUEST;
  return params == NULL || json_is_object(params) || json_is_null(params)
             ? 0
             : INVALID_PARAMS;
}

static void dispatch(struct jac_lsp *s, const json_t *message) {
  const json_t *id = json_object_get(message, "id");
  const json_t *params = json_object_get(message, "params");
  const char *method = text_of(message, "method");
  bool request = json_is_integer(id) || json_is_string(id);
  if (method == NULL) {
    /* An answer to something: nothing was asked. */
    if (json_object_get(message, "result") == NULL &&
        json_object_get(message, "error") == NULL)
      send_error(s, request ? id : NULL, INVALID_REQUEST, "no method");
    return;
  }
  size_t k = find_method(method);
  if (request) {
    int code = refusal(s, k, params);
    if (code != 0)
      send_error(s, id, code, method);
    else
      answer_request(s, id, k, params);
  } else if (k < sizeof methods / sizeof methods[0] && methods[k].notice != NULL &&
             (s->started || methods[k].notice == exit_now))
    methods[k].notice(s, params);
}

/* A request that is taken back gets its answer at once. */
static void cancel(struct jac_lsp *s, const json_t *id) {
  for (size_t k = 0; k < json_array_size(s->queue); k++) {
    const json_t *own = json_object_get(json_array_get(s->queue, k), "id");
    if (own == NULL || id == NULL || !json_equal(own, id))
      continue;
    send_error(s, own, REQUEST_CANCELLED, "cancelled");
    json_array_remove(s->queue, k);
    return;
  }
}

void jac_lsp_take(struct jac_lsp *s, const char *body, size_t length) {
  json_error_t where;
  json_t *message = json_loadb(body, length, 0, &where);
  const char *method = text_of(message, "method");
  if (!json_is_object(message))
    send_error(s, NULL, message == NULL ? PARSE_ERROR : INVALID_REQUEST,
               message == NULL ? where.text : "no object");
  else if (method != NULL && strcmp(method, "$/cancelRequest") == 0)
    cancel(s, json_object_get(json_object_get(message, "params"), "id"));
  else
    json_array_append(s->queue, message);
  json_decref(message);
}

void jac_lsp_work(struct jac_lsp *s) {
  while (json_array_size(s->queue) > 0 && !s->over) {
    json_t *message = json_incref(json_array_get(s->queue, 0));
    const char *method = text_of(message, "method");
    json_array_remove(s->queue, 0);
    if (method == NULL || (strcmp(method, "textDocument/didChange") != 0 &&
                           strcmp(method, "notebookDocument/didChange") != 0))
      judge_edits(s);
    dispatch(s, message);
    json_decref(message);
  }
  judge_edits(s);
}
