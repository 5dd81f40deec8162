/* What commands write into notes, or say of them: closed forms, derivations, blocks. */
#include "jacobian/notes/said.h"
#include "jacobian/text.h"
#include "visual/lsp/answer.h"
#include "visual/lsp/book.h"
#include "visual/refresh.h"

#include <stdlib.h>
#include <string.h>

/* What the notes say around an offset; false: nothing. */
static bool say(const struct jac_lsp_notes *n, const struct jac_notes_modules *modules,
                size_t offset, struct jac_said *said) {
  struct jac_document document = {0};
  struct jac_error err = {JAC_OK, ""};
  *said = (struct jac_said){
      0, 0, JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT, JAC_BUFFER_INIT};
  bool there = n->text.bytes != NULL && n->text.length > 0 &&
               jac_notes_read_after(n->before, n->text.bytes, n->text.length, n->format,
                                    &document, &err) == JAC_OK &&
               jac_notes_said(&document, modules, offset, said);
  jac_document_free(&document);
  return there;
}

/* The subject that an offset's formula was judged by, or NULL. */
static const char *subject_at(const struct jac_lsp_notes *n, size_t offset) {
  size_t section = 0, k = 0;
  const struct jac_lsp_finding *f = jac_lsp_find(&n->sections, offset, &section, &k);
  return f != NULL && f->said->verdict < JAC_FINDING_UNREAD ? f->said->subject : NULL;
}

/* A command about the formula at an offset: "VERB SPEC REST". False: nothing says what it
 * is about, or it cannot be quoted. */
static bool command_of(const struct jac_lsp_notes *n, const struct jac_said *said,
                       size_t offset, const char *verb, const char *rest,
                       struct jac_buffer *out) {
  const char *subject = subject_at(n, offset);
  if (strpbrk(said->definition.text, "'\n") != NULL || said->variable.failed)
    return false;
  if (said->definition.length > 0)
    jac_buffer_printf(out, "%s --define '%s' --wrt '%s'%s", verb, said->definition.text,
                      said->variable.text, rest);
  else if (subject != NULL && strpbrk(subject, "='\n") == NULL)
    jac_buffer_printf(out, "%s %s%s", verb, subject, rest);
  return out->length > 0;
}

static void add_closed(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                       const char *command, struct jac_buffer *out) {
  struct jac_buffer made = JAC_BUFFER_INIT;
  if (s->run != NULL && s->run(s->context, command, n->format, true, &made) &&
      made.length > 0)
    jac_buffer_printf(out, "\n```text\n%s```\n", made.text);
  jac_buffer_free(&made);
}

void jac_lsp_closed(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                    const char *spec, struct jac_buffer *out) {
  struct jac_buffer command = JAC_BUFFER_INIT;
  jac_buffer_printf(&command, "show %s --entries closed", spec);
  add_closed(s, n, command.text, out);
  jac_buffer_free(&command);
}

void jac_lsp_undefined(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                       size_t offset, struct jac_buffer *out) {
  struct jac_said said;
  if (say(n, &s->modules, offset, &said) && said.quantity.length > 0 &&
      said.definition.length == 0)
    jac_buffer_printf(out, "%s = ", said.quantity.text);
  else
    jac_buffer_add(out, "linear");
  jac_said_free(&said);
}

json_t *jac_lsp_hover_name(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                           size_t offset, struct jac_buffer *out) {
  struct jac_said said;
  struct jac_buffer command = JAC_BUFFER_INIT;
  json_t *range = NULL;
  if (say(n, &s->modules, offset, &said) && said.words.length > 0) {
    jac_buffer_add(out, "`");
    jac_buffer_add_bytes(out, n->text.bytes + said.start, said.end - said.start);
    jac_buffer_printf(out, "`\n\n%s", said.words.text);
    range = jac_lsp_range(n, said.start, said.end);
  }
  if (command_of(n, &said, offset, "show", " --entries closed", &command))
    add_closed(s, n, command.text, out);
  jac_buffer_free(&command);
  jac_said_free(&said);
  return range;
}

/* One block being written anew. */
struct writing {
  const struct jac_lsp *server;
  const struct jac_lsp_notes *notes;
};

static enum jac_status run_block(void *context, const char *command,
                                 struct jac_buffer *out, struct jac_error *err) {
  const struct writing *w = context;
  return w->server->run(w->server->context, command, w->notes->format, false, out)
             ? JAC_OK
             : jac_fail(err, JAC_EINPUT, "refused");
}

static void tell(void *context, size_t line, const char *command, const char *error) {
  (void)context;
  (void)line;
  (void)command;
  (void)error;
}

/* Whether a word stands on a line. */
static bool line_has(const struct jac_lsp_text *t, size_t line, const char *word) {
  size_t end = line + 1 < t->lines ? t->line[line + 1] : t->length;
  size_t length = strlen(word);
  for (size_t k = t->line[line]; k + length <= end; k++)
    if (memcmp(t->bytes + k, word, length) == 0)
      return true;
  return false;
}

/* The lines of the block around an offset: from its opening to behind its end. */
static bool find_block(const struct jac_lsp_notes *n, size_t offset, size_t *from,
                       size_t *to) {
  const struct jac_lsp_text *t = &n->text;
  size_t line = jac_lsp_place(t, offset).line, first = line, last = line;
  size_t top = jac_lsp_place(t, jac_lsp_notes_begin(n, offset)).line,
         end = jac_lsp_notes_end(n, offset), bottom = jac_lsp_place(t, end).line;
  while (!line_has(t, first, "jacobian-run:"))
    if (first-- == top || (first + 1 < line && line_has(t, first + 1, "jacobian-end")))
      return false;
  while (!line_has(t, last, "jacobian-end"))
    if (++last > bottom || (last > first && line_has(t, last, "jacobian-run:")))
      return false;
  *from = t->line[first];
  *to = last < bottom ? t->line[last + 1] : end;
  return true;
}

static void add_refresh(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                        size_t offset, json_t *list) {
  struct writing w = {s, n};
  struct jac_refresh refresh = {.latex = n->format == JAC_NOTES_LATEX,
                                .run = run_block,
                                .tell = tell,
                                .context = &w};
  struct jac_buffer old = JAC_BUFFER_INIT, made = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  size_t from, to;
  if (!find_block(n, offset, &from, &to))
    return;
  jac_buffer_add_bytes(&old, n->text.bytes + from, to - from);
  if (jac_refresh_text(&refresh, old.text, &made, &err) == JAC_OK &&
      refresh.failed == 0 && refresh.stale > 0)
    json_array_append_new(list,
                          jac_lsp_edit(n, _("Refresh this block"), from, to, made.text));
  jac_buffer_free(&old);
  jac_buffer_free(&made);
}

/* The start of the line behind the formula at an offset. */
static size_t behind(const struct jac_lsp_notes *n, size_t offset) {
  size_t section = 0, k = 0, end = offset;
  const struct jac_lsp_finding *f = jac_lsp_find(&n->sections, offset, &section, &k);
  if (f != NULL)
    end = n->sections.section[section].start + f->to;
  size_t line = jac_lsp_place(&n->text, end).line, last = jac_lsp_notes_end(n, offset);
  return line + 1 < n->text.lines && n->text.line[line + 1] < last
             ? n->text.line[line + 1]
             : last;
}

static void add_derivation(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                           size_t offset, json_t *list) {
  struct jac_said said;
  struct jac_buffer command = JAC_BUFFER_INIT, made = JAC_BUFFER_INIT,
                    text = JAC_BUFFER_INIT;
  bool latex = n->format == JAC_NOTES_LATEX;
  if (say(n, &s->modules, offset, &said) &&
      command_of(n, &said, offset, "derive", "", &command) &&
      s->run(s->context, command.text, n->format, false, &made)) {
    size_t at = behind(n, offset);
    bool ends = at == jac_lsp_notes_begin(n, offset) || n->text.bytes[at - 1] == '\n';
    jac_buffer_printf(&text,
                      latex ? "%s%% jacobian-run: %s\n%s%% jacobian-end\n"
                            : "%s\n<!-- jacobian-run: %s -->\n%s<!-- jacobian-end -->\n",
                      ends ? "" : "\n", command.text, made.text);
    json_array_append_new(list,
                          jac_lsp_edit(n, _("Insert the derivation"), at, at, text.text));
  }
  jac_said_free(&said);
  jac_buffer_free(&command);
  jac_buffer_free(&made);
  jac_buffer_free(&text);
}

void jac_lsp_written(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                     size_t offset, json_t *list) {
  if (s->run == NULL || n->text.bytes == NULL || n->format == JAC_NOTES_NOTEBOOK ||
      n->format == JAC_NOTES_RST)
    return;
  add_refresh(s, n, offset, list);
  add_derivation(s, n, offset, list);
}
