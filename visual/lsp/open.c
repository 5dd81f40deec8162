#include "visual/lsp/open.h"

#include "visual/around.h"
#include "visual/lsp/answer.h"
#include "visual/lsp/book.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void jac_lsp_notes_free(struct jac_lsp_notes *n) {
  jac_lsp_book_free(n);
  free(n->uri);
  free(n->sent);
  free(n->before);
  jac_lsp_text_free(&n->text);
  jac_lsp_sections_free(&n->sections);
}

struct jac_lsp_notes *jac_lsp_notes_find(const struct jac_lsp *s, const char *uri) {
  for (size_t k = 0; k < s->count && uri != NULL; k++)
    if (strcmp(s->notes[k].uri, uri) == 0)
      return &s->notes[k];
  return NULL;
}

const struct jac_lsp_notes *jac_lsp_notes_part(const struct jac_lsp *s, const char *uri,
                                               const struct jac_lsp_cell **cell) {
  *cell = NULL;
  for (size_t k = 0; k < s->count; k++)
    if ((*cell = jac_lsp_cell_of(&s->notes[k], uri)) != NULL)
      return &s->notes[k];
  return jac_lsp_notes_find(s, uri);
}

struct jac_lsp_notes *jac_lsp_notes_make(struct jac_lsp *s, const char *uri) {
  struct jac_lsp_notes *n = jac_lsp_notes_find(s, uri);
  if (n != NULL)
    return n;
  struct jac_lsp_notes *more = realloc(s->notes, (s->count + 1) * sizeof *more);
  if (more == NULL)
    return NULL;
  s->notes = more;
  n = &s->notes[s->count];
  *n = (struct jac_lsp_notes){.uri = strdup(uri)};
  s->count += n->uri != NULL;
  return n->uri != NULL ? n : NULL;
}

static void send_notification(struct jac_lsp *s, const char *method, json_t *params) {
  jac_wire_send(
      json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method, "params", params),
      &s->out);
}

/* Sends the diagnostics of notes, or of a cell of theirs, unless the editor has the same
 * already. */
static void publish_part(struct jac_lsp *s, const struct jac_lsp_notes *n,
                         const struct jac_lsp_cell *cell, char **sent) {
  json_t *list = jac_lsp_diagnostics(s, n, cell);
  char *text = json_dumps(list, JSON_COMPACT);
  bool same = *sent != NULL && text != NULL && strcmp(*sent, text) == 0;
  free(*sent);
  *sent = text;
  if (same)
    json_decref(list);
  else
    send_notification(
        s, "textDocument/publishDiagnostics",
        json_pack("{s:s, s:I, s:o}", "uri", cell != NULL ? cell->uri : n->uri, "version",
                  cell != NULL ? cell->version : n->version, "diagnostics", list));
}

void jac_lsp_publish(struct jac_lsp *s, struct jac_lsp_notes *n) {
  for (size_t k = 0; k < n->cells; k++)
    if (!n->cell[k].code)
      publish_part(s, n, &n->cell[k], &n->cell[k].sent);
  if (n->format != JAC_NOTES_CELLS)
    publish_part(s, n, NULL, &n->sent);
}

void jac_lsp_publish_none(struct jac_lsp *s, const char *uri) {
  send_notification(s, "textDocument/publishDiagnostics",
                    json_pack("{s:s, s:[]}", "uri", uri, "diagnostics"));
}

void jac_lsp_look_around(struct jac_lsp_notes *n) {
  static const char scheme[] = "file://";
  struct jac_buffer path = JAC_BUFFER_INIT, found = JAC_BUFFER_INIT;
  free(n->before);
  n->before = NULL;
  if (strncmp(n->uri, scheme, strlen(scheme)) != 0 || n->text.bytes == NULL)
    return;
  for (const char *at = n->uri + strlen(scheme); *at != '\0'; at++) {
    const char code[] = {at[0] == '%' ? at[1] : '\0', at[0] == '%' ? at[2] : '\0', '\0'};
    char *end;
    unsigned long byte = strtoul(code, &end, 16);
    bool escape = isxdigit((unsigned char)code[0]) && end == code + 2 && byte > 0;
    jac_buffer_add_char(&path, escape ? (char)byte : *at);
    at += escape ? 2 : 0;
  }
  if (path.text != NULL && !path.failed)
    jac_around(path.text, n->format, n->text.bytes, &found, NULL);
  if (found.length > 0)
    n->before = jac_buffer_take(&found);
  jac_buffer_free(&found);
  jac_buffer_free(&path);
}

void jac_lsp_notes_judge(struct jac_lsp *s, struct jac_lsp_notes *n) {
  struct jac_lsp_sections made;
  n->edited = false;
  jac_lsp_judge_again(n->before, n->text.bytes, n->text.length, n->format, &s->modules,
                      s->budget, &n->sections, &made);
  n->sections = made;
  n->waiting = true;
  bool all = true;
  for (size_t k = 0; k < made.count; k++)
    all = all && made.section[k].judged;
  if (all)
    jac_lsp_publish(s, n);
}

void jac_lsp_notes_forget(struct jac_lsp *s, struct jac_lsp_notes *n) {
  for (size_t k = 0; k < n->cells; k++)
    jac_lsp_publish_none(s, n->cell[k].uri);
  if (n->format != JAC_NOTES_CELLS)
    jac_lsp_publish_none(s, n->uri);
  jac_lsp_notes_free(n);
  *n = s->notes[--s->count];
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
    job->before = n->before != NULL ? strdup(n->before) : NULL;
    if (job->uri != NULL && job->text != NULL &&
        (n->before == NULL || job->before != NULL)) {
      memcpy(job->text, n->text.bytes, n->text.length + 1);
      return true;
    }
    free(job->uri);
    free(job->text);
    free(job->before);
    return false; /* memory ran out */
  }
  return false;
}

void jac_lsp_job_run(struct jac_lsp_job *job) {
  jac_lsp_judge(job->before, job->text, job->length, job->format, &job->modules,
                &job->sections);
}

void jac_lsp_job_done(struct jac_lsp *s, struct jac_lsp_job *job) {
  struct jac_lsp_notes *n = jac_lsp_notes_find(s, job->uri);
  if (n != NULL && n->version == job->version && n->text.length == job->length &&
      memcmp(n->text.bytes, job->text, job->length) == 0) {
    jac_lsp_sections_free(&n->sections);
    n->sections = job->sections;
    jac_lsp_publish(s, n);
  } else
    jac_lsp_sections_free(&job->sections);
  free(job->uri);
  free(job->text);
  free(job->before);
}
