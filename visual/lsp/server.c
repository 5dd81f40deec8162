#include "visual/lsp/server.h"

#include "jacobian/text.h"
#include "layers/subject.h"
#include "visual/lsp/answer.h"

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

static void notes_free(struct jac_lsp_notes *n) {
  free(n->uri);
  free(n->sent);
  jac_lsp_text_free(&n->text);
  jac_lsp_sections_free(&n->sections);
}

void jac_lsp_stop(struct jac_lsp *s) {
  for (size_t k = 0; k < s->count; k++)
    notes_free(&s->notes[k]);
  free(s->notes);
  json_decref(s->queue);
  jac_buffer_free(&s->out);
}

static struct jac_lsp_notes *find(struct jac_lsp *s, const char *uri) {
  for (size_t k = 0; k < s->count && uri != NULL; k++)
    if (strcmp(s->notes[k].uri, uri) == 0)
      return &s->notes[k];
  return NULL;
}

static const char *text_of(const json_t *object, const char *name) {
  return json_string_value(json_object_get(object, name));
}

/* The notes that a message is about. */
static struct jac_lsp_notes *notes_of(struct jac_lsp *s, const json_t *params) {
  return find(s, text_of(json_object_get(params, "textDocument"), "uri"));
}

static struct jac_lsp_place place_of(const json_t *json) {
  json_int_t line = json_integer_value(json_object_get(json, "line"));
  json_int_t unit = json_integer_value(json_object_get(json, "character"));
  return (struct jac_lsp_place){line > 0 ? (size_t)line : 0, unit > 0 ? (size_t)unit : 0};
}

static void send_notification(struct jac_lsp *s, const char *method, json_t *params) {
  jac_wire_send(
      json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params),
      &s->out);
}

/* Sends the diagnostics, unless the editor has the same already. */
static void publish(struct jac_lsp *s, struct jac_lsp_notes *n) {
  json_t *list = jac_lsp_diagnostics(s, n);
  char *text = json_dumps(list, JSON_COMPACT);
  bool same = n->sent != NULL && text != NULL && strcmp(n->sent, text) == 0;
  free(n->sent);
  n->sent = text;
  if (same)
    json_decref(list);
  else
    send_notification(s, "textDocument/publishDiagnostics",
                      json_pack("{s:s, s:I, s:o}", "uri", n->uri, "version", n->version,
                                "diagnostics", list));
}

/* Judges what changed. What is not judged yet waits for the whole, and is not said to be
 * without faults: the editor keeps what it has. */
static void judge_edit(struct jac_lsp *s, struct jac_lsp_notes *n) {
  struct jac_lsp_sections made;
  n->edited = false;
  jac_lsp_judge_again(n->text.bytes, n->text.length, n->format, &s->modules, s->budget,
                      &n->sections, &made);
  n->sections = made;
  n->waiting = true;
  bool all = true;
  for (size_t k = 0; k < made.count; k++)
    all = all && made.section[k].judged;
  if (all)
    publish(s, n);
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
  struct jac_lsp_notes *n = find(s, uri);
  if (uri == NULL || !json_is_string(text))
    return;
  if (n == NULL) {
    struct jac_lsp_notes *more = realloc(s->notes, (s->count + 1) * sizeof *more);
    if (more == NULL)
      return;
    s->notes = more;
    n = &s->notes[s->count];
    *n = (struct jac_lsp_notes){.uri = strdup(uri)};
    if (n->uri == NULL)
      return;
    s->count++;
  } else {
    jac_lsp_text_free(&n->text);
    jac_lsp_sections_free(&n->sections);
  }
  n->version = json_integer_value(json_object_get(document, "version"));
  n->format = format_of(text_of(document, "languageId"), uri);
  if (jac_lsp_text_set(&n->text, json_string_value(text), json_string_length(text)) ==
      JAC_OK)
    judge_edit(s, n);
}

static void did_change(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = notes_of(s, params);
  const json_t *changes = json_object_get(params, "contentChanges");
  if (n == NULL || n->text.bytes == NULL)
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
      judge_edit(s, &s->notes[k]);
}

static void did_close(struct jac_lsp *s, const json_t *params) {
  struct jac_lsp_notes *n = notes_of(s, params);
  if (n == NULL)
    return;
  send_notification(s, "textDocument/publishDiagnostics",
                    json_pack("{s:s, s:[]}", "uri", n->uri, "diagnostics"));
  notes_free(n);
  *n = s->notes[--s->count];
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
    publish(s, &s->notes[k]);
}

static void exit_now(struct jac_lsp *s, const json_t *params) {
  (void)params;
  s->over = true;
}

static json_t *initialize(struct jac_lsp *s, const json_t *params) {
  s->started = true;
  take_settings(s, json_object_get(params, "initializationOptions"));
  return json_pack(
      "{s:{s:s, s:{s:b, s:i}, s:b, s:{s:[s]}, s:{s:[s,s,s]}, s:b}, s:{s:s, s:s}}",
      "capabilities", "positionEncoding", "utf-16", "textDocumentSync", "openClose", 1,
      "change", 2, "hoverProvider", 1, "codeActionProvider", "codeActionKinds",
      "quickfix", "completionProvider", "triggerCharacters", ":", ",", " ",
      "inlayHintProvider", 1, "serverInfo", "name", "jacobian", "version", JAC_VERSION);
}

static json_t *stop(struct jac_lsp *s, const json_t *params) {
  (void)params;
  s->stopping = true;
  return json_null();
}

static json_t *hover(struct jac_lsp *s, const json_t *params) {
  const struct jac_lsp_notes *n = notes_of(s, params);
  return n == NULL ? NULL
                   : jac_lsp_hover(s, n,
                                   jac_lsp_offset(&n->text, place_of(json_object_get(
                                                                params, "position"))));
}

/* Whether what the editor has in sight is a range; its offsets. */
static bool range_of(const struct jac_lsp_notes *n, const json_t *params, size_t *from,
                     size_t *to) {
  const json_t *range = json_object_get(params, "range");
  if (n == NULL || !json_is_object(range))
    return false;
  *from = jac_lsp_offset(&n->text, place_of(json_object_get(range, "start")));
  *to = jac_lsp_offset(&n->text, place_of(json_object_get(range, "end")));
  return true;
}

static json_t *actions(struct jac_lsp *s, const json_t *params) {
  const struct jac_lsp_notes *n = notes_of(s, params);
  size_t from, to;
  return range_of(n, params, &from, &to) ? jac_lsp_actions(s, n, from, to) : NULL;
}

static json_t *marks(struct jac_lsp *s, const json_t *params) {
  const struct jac_lsp_notes *n = notes_of(s, params);
  size_t from, to;
  return s->marks && range_of(n, params, &from, &to) ? jac_lsp_marks(n, from, to) : NULL;
}

static json_t *complete(struct jac_lsp *s, const json_t *params) {
  const struct jac_lsp_notes *n = notes_of(s, params);
  return n == NULL ? NULL
                   : jac_lsp_completions(
                         s, n,
                         jac_lsp_offset(&n->text,
                                        place_of(json_object_get(params, "position"))));
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
    if (method == NULL || strcmp(method, "textDocument/didChange") != 0)
      judge_edits(s);
    dispatch(s, message);
    json_decref(message);
  }
  judge_edits(s);
}

bool jac_lsp_waiting(const struct jac_lsp *s) {
  bool waiting = false;
  for (size_t k = 0; k < s->count; k++)
    waiting = waiting || s->notes[k].waiting;
  return waiting;
}

bool jac_lsp_job_take(struct jac_lsp *s, struct jac_lsp_job *job) {
  for (size_t k = 0; k < s->count; k++) {
    struct jac_lsp_notes *n = &s->notes[k];
    if (!n->waiting || n->text.bytes == NULL)
      continue;
    *job = (struct jac_lsp_job){.uri = strdup(n->uri),
                                .text = malloc(n->text.length + 1),
                                .length = n->text.length,
                                .version = n->version,
                                .format = n->format,
                                .modules = s->modules};
    n->waiting = false;
    if (job->uri != NULL && job->text != NULL) {
      memcpy(job->text, n->text.bytes, n->text.length + 1);
      return true;
    }
    free(job->uri);
    free(job->text);
    return false; /* memory ran out */
  }
  return false;
}

void jac_lsp_job_run(struct jac_lsp_job *job) {
  jac_lsp_judge(job->text, job->length, job->format, &job->modules, &job->sections);
}

void jac_lsp_job_done(struct jac_lsp *s, struct jac_lsp_job *job) {
  struct jac_lsp_notes *n = find(s, job->uri);
  if (n != NULL && n->version == job->version && n->text.length == job->length &&
      memcmp(n->text.bytes, job->text, job->length) == 0) {
    jac_lsp_sections_free(&n->sections);
    n->sections = job->sections;
    publish(s, n);
  } else
    jac_lsp_sections_free(&job->sections);
  free(job->uri);
  free(job->text);
}
