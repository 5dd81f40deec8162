/* A language server to talk to without a wire. */
#ifndef JAC_TESTS_LSP_CASE_H
#define JAC_TESTS_LSP_CASE_H

#include "visual/lsp/server.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The messages that the server has to send, as an array; they are sent. */
static inline json_t *sent(struct jac_lsp *s) {
  struct jac_wire wire = {.in = JAC_BUFFER_INIT};
  const char *body;
  size_t length;
  json_t *list = json_array();
  jac_wire_feed(&wire, s->out.text, s->out.length);
  while (jac_wire_next(&wire, &body, &length)) {
    json_t *one = json_loadb(body, length, 0, NULL);
    ck_assert_ptr_nonnull(one);
    json_array_append_new(list, one);
  }
  ck_assert_uint_eq(wire.in.length, wire.taken); /* nothing is left over */
  jac_wire_free(&wire);
  jac_buffer_clear(&s->out);
  return list;
}

static inline void receive(struct jac_lsp *s, const char *body, size_t length) {
  jac_lsp_take(s, body, length);
  jac_lsp_work(s);
}

static inline void say(struct jac_lsp *s, json_t *message) {
  char *text = json_dumps(message, 0);
  ck_assert_ptr_nonnull(text);
  receive(s, text, strlen(text));
  free(text);
  json_decref(message);
}

/* A request's answer. */
static inline json_t *ask(struct jac_lsp *s, const char *method, json_t *params) {
  say(s, json_pack("{s:s, s:i, s:s, s:o}", "jsonrpc", "2.0", "id", 7, "method", method,
                   "params", params));
  json_t *list = sent(s);
  ck_assert_uint_eq(json_array_size(list), 1);
  json_t *answer = json_incref(json_array_get(list, 0));
  ck_assert_int_eq(json_integer_value(json_object_get(answer, "id")), 7);
  json_decref(list);
  return answer;
}

static inline void tell(struct jac_lsp *s, const char *method, json_t *params) {
  say(s,
      json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params));
}

static inline struct jac_lsp start(void) {
  struct jac_lsp s;
  jac_lsp_start(&s, NULL);
  s.budget = 60000; /* on a busy machine, too, a change is judged at once */
  json_decref(
      ask(&s, "initialize", json_pack("{s:{s:b}}", "initializationOptions", "marks", 1)));
  return s;
}

static inline void open_notes(struct jac_lsp *s, const char *text) {
  tell(s, "textDocument/didOpen",
       json_pack("{s:{s:s, s:s, s:i, s:s}}", "textDocument", "uri", "file:///n.md",
                 "languageId", "markdown", "version", 1, "text", text));
}

static inline void change(struct jac_lsp *s, int version, int line, int from, int to,
                          const char *text) {
  tell(s, "textDocument/didChange",
       json_pack("{s:{s:s, s:i}, s:[{s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:s}]}",
                 "textDocument", "uri", "file:///n.md", "version", version,
                 "contentChanges", "range", "start", "line", line, "character", from,
                 "end", "line", line, "character", to, "text", text));
}

static inline json_t *at(int line, int character) {
  return json_pack("{s:{s:s}, s:{s:i, s:i}}", "textDocument", "uri", "file:///n.md",
                   "position", "line", line, "character", character);
}

/* Judges what waits, as the other thread would. */
static inline void work(struct jac_lsp *s) {
  struct jac_lsp_job job;
  while (jac_lsp_job_take(s, &job)) {
    jac_lsp_job_run(&job);
    jac_lsp_job_done(s, &job);
  }
}

/* The diagnostics that the last message has. */
static inline json_t *diagnostics(struct jac_lsp *s) {
  json_t *list = sent(s);
  ck_assert_uint_ge(json_array_size(list), 1);
  const json_t *last = json_array_get(list, json_array_size(list) - 1);
  ck_assert_str_eq(json_string_value(json_object_get(last, "method")),
                   "textDocument/publishDiagnostics");
  json_t *found =
      json_incref(json_object_get(json_object_get(last, "params"), "diagnostics"));
  json_decref(list);
  return found;
}

static inline json_int_t number(const json_t *diagnostic, const char *side,
                                const char *part) {
  return json_integer_value(
      json_object_get(json_object_get(json_object_get(diagnostic, "range"), side), part));
}

/* Notes with an error: a minus in line 4. */
static const char wrong[] =
    "# Linéaire\n"
    "\n"
    "<!-- jacobian: linear -->\n"
    "\n"
    "𝔸 the Jacobian $$ \\frac{\\partial z^k}{\\partial z^{k-1}} = "
    "-W^\\top $$ is it.\n";

#endif
