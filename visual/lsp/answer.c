#include "visual/lsp/answer.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/lsp/book.h"

#include <stdlib.h>
#include <string.h>

enum { ERROR = 1, WARNING, INFORMATION, HINT };

/* Kinds of what completion offers. */
enum { FIELD = 5, VALUE = 12, KEYWORD = 14 };

json_t *jac_lsp_range(const struct jac_lsp_notes *n, size_t start, size_t end) {
  size_t last = jac_lsp_notes_end(n, start);
  struct jac_lsp_place a = jac_lsp_notes_place(n, start),
                       b = jac_lsp_notes_place(n, end < last ? end : last);
  return json_pack("{s:{s:I, s:I}, s:{s:I, s:I}}", "start", "line", (json_int_t)a.line,
                   "character", (json_int_t)a.unit, "end", "line", (json_int_t)b.line,
                   "character", (json_int_t)b.unit);
}

/* How bad a finding is; 0: nothing is said of it. */
static int severity(const struct jac_lsp *s, const struct jac_finding *f) {
  switch (f->verdict) {
  case JAC_FINDING_WRONG:
    return ERROR;
  case JAC_FINDING_CONVENTION:
    return f->deviates ? WARNING : 0;
  case JAC_FINDING_UNREAD:
    return s->not_understood ? HINT : 0;
  default:
    return 0;
  }
}

/* One sentence: the verdict, why, and what would be right. */
static void add_verdict(const struct jac_finding *f, struct jac_buffer *out) {
  jac_buffer_add(out, _(jac_finding_name(f->verdict)));
  if (f->verdict == JAC_FINDING_CONVENTION && f->convention != NULL)
    jac_buffer_printf(out, ": %s%s", f->convention,
                      f->deviates ? _(" (the rest of the file is not so)") : "");
  else if (f->diagnosis != NULL)
    jac_buffer_printf(out, ": %s", f->diagnosis);
}

static json_t *diagnostic(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                          const struct jac_lsp_section *section,
                          const struct jac_lsp_finding *f) {
  /* A directive that is not understood leaves its formulas without a subject: it is said
   * whatever the settings are. */
  int level = f->directive ? WARNING : severity(s, f->said);
  if (level == 0)
    return NULL;
  struct jac_buffer text = JAC_BUFFER_INIT;
  add_verdict(f->said, &text);
  if (f->said->correction != NULL)
    jac_buffer_printf(&text, _("; instead: %s"), f->said->correction);
  json_t *json =
      json_pack("{s:o, s:i, s:s, s:s, s:s}", "range",
                jac_lsp_range(n, section->start + f->start, section->start + f->end),
                "severity", level, "source", "jacobian", "code",
                jac_finding_name(f->said->verdict), "message", text.text);
  jac_buffer_free(&text);
  return json;
}

json_t *jac_lsp_diagnostics(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                            const struct jac_lsp_cell *cell) {
  json_t *list = json_array();
  if (n->sections.fault.status != JAC_OK && (cell == NULL || cell == n->cell))
    json_array_append_new(list,
                          json_pack("{s:o, s:i, s:s, s:s}", "range",
                                    jac_lsp_range(n, 0, 0), "severity", WARNING, "source",
                                    "jacobian", "message", n->sections.fault.message));
  for (size_t k = 0; k < n->sections.count; k++) {
    const struct jac_lsp_section *section = &n->sections.section[k];
    for (size_t i = 0; i < section->count; i++) {
      size_t start = section->start + section->finding[i].start;
      if (cell != NULL && (start < cell->start || start > cell->start + cell->length))
        continue;
      json_t *one = diagnostic(s, n, section, &section->finding[i]);
      if (one != NULL)
        json_array_append_new(list, one);
    }
  }
  return list;
}

/* The directive around an offset: where its words begin, behind "jacobian:"; false: none
 * is there. Its line is all that is looked at, so that it is found while it is typed. */
static bool find_directive(const struct jac_lsp_text *t, size_t offset, size_t *words) {
  static const char name[] = "jacobian:";
  size_t start = t->line[jac_lsp_place(t, offset).line];
  const char *found = NULL;
  for (size_t k = start; k + sizeof name - 1 <= offset; k++)
    if (memcmp(t->bytes + k, name, sizeof name - 1) == 0)
      found = t->bytes + k;
  if (found == NULL)
    return false;
  *words = (size_t)(found - t->bytes) + sizeof name - 1;
  for (size_t k = *words; k < offset; k++)
    if (t->bytes[k] == '>') /* it is closed */
      return false;
  for (size_t k = start; k < *words - (sizeof name - 1); k++)
    if (t->bytes[k] == '%' || (t->bytes[k] == '<' && t->bytes[k + 1] == '!'))
      return true;
  return false;
}

/* The word of the directive around an offset. */
static void word_at(const struct jac_lsp_text *t, size_t words, size_t offset,
                    size_t *start, size_t *end) {
  *start = *end = offset;
  while (*start > words && strchr(" \t;", t->bytes[*start - 1]) == NULL)
    --*start;
  while (*end < t->length && strchr(" \t;\r\n", t->bytes[*end]) == NULL)
    ++*end;
}

static json_t *markdown(struct jac_buffer *text) {
  json_t *json =
      json_pack("{s:{s:s, s:s}}", "contents", "kind", "markdown", "value", text->text);
  jac_buffer_free(text);
  return json;
}

static void add_module(const struct jac_module *module, struct jac_buffer *out) {
  jac_buffer_printf(out, "**%s**", module->name);
  if (module->nsize > 0)
    jac_buffer_printf(out, " (%s)", module->sizes);
  jac_buffer_printf(out, "\n\n`%s`\n", module->definition);
  const struct jac_module_option *o = module->options;
  for (; o != NULL && o->name != NULL; o++)
    jac_buffer_printf(out, "\n* `%s%s%s`: %s", o->name, o->value != NULL ? "=" : "",
                      o->value != NULL ? o->value : "", _(o->help));
}

static json_t *hover_directive(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                               size_t offset) {
  size_t words, start, end;
  struct jac_error quiet;
  if (!find_directive(&n->text, offset, &words))
    return NULL;
  word_at(&n->text, words, offset, &start, &end);
  char name[64];
  size_t length = strcspn(n->text.bytes + start, ",: \t;\r\n");
  if (length == 0 || length >= sizeof name)
    return NULL;
  memcpy(name, n->text.bytes + start, length);
  name[length] = '\0';
  const struct jac_module *module = jac_module_find(name, s->library, &quiet);
  if (module == NULL)
    return NULL;
  struct jac_buffer text = JAC_BUFFER_INIT;
  add_module(module, &text);
  jac_lsp_closed(s, n, name, &text);
  json_t *json = markdown(&text);
  json_object_set_new(json, "range", jac_lsp_range(n, start, start + length));
  return json;
}

/* A verdict with what was read, as Markdown. */
static void add_reading(const struct jac_finding *f, struct jac_buffer *out) {
  jac_buffer_printf(out, "**%s**", _(jac_finding_name(f->verdict)));
  if (f->convention != NULL)
    jac_buffer_printf(out, ": %s", f->convention);
  if (f->diagnosis != NULL)
    jac_buffer_printf(out, ": %s", f->diagnosis);
  jac_buffer_add(out, "\n");
  if (f->claim != NULL)
    jac_buffer_printf(out, "\n```latex\n%s\n```\n", f->claim);
  if (f->correction != NULL)
    jac_buffer_printf(out, _("\ninstead:\n```latex\n%s\n```\n"), f->correction);
  if (f->subject != NULL && f->subject[0] != '\0')
    jac_buffer_printf(out, _("\n* about `%s`"), f->subject);
  if (f->wrt != NULL && f->wrt[0] != '\0')
    jac_buffer_printf(out, _("\n* with respect to `%s`"), f->wrt);
  if (f->samples > 0)
    jac_buffer_printf(out, _("\n* judged at %zu sizes, largest error %.1e"), f->samples,
                      f->max_rel_error);
  jac_buffer_add(out, "\n");
}

json_t *jac_lsp_hover(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                      size_t offset) {
  json_t *directive = n->text.bytes != NULL ? hover_directive(s, n, offset) : NULL;
  if (directive != NULL)
    return directive;
  struct jac_buffer text = JAC_BUFFER_INIT;
  size_t section = 0, k = 0, from = 0, to = 0;
  const struct jac_lsp_finding *f;
  while ((f = jac_lsp_find(&n->sections, offset, &section, &k)) != NULL) {
    size_t start = n->sections.section[section].start;
    jac_buffer_add(&text, text.length > 0 ? "\n---\n" : "");
    add_reading(f->said, &text);
    from = start + f->from;
    to = start + f->to;
  }
  struct jac_buffer whole = JAC_BUFFER_INIT;
  json_t *range = jac_lsp_hover_name(s, n, offset, &whole);
  if (text.length > 0 && whole.length > 0)
    jac_buffer_add(&whole, "\n---\n");
  jac_buffer_add(&whole, text.text);
  if (range == NULL && text.length > 0)
    range = jac_lsp_range(n, from, to);
  bool any = whole.length > 0;
  json_t *json = markdown(&whole);
  jac_buffer_free(&text);
  if (any && range != NULL)
    json_object_set_new(json, "range", range);
  else
    json_decref(range);
  if (any)
    return json;
  json_decref(json);
  return NULL;
}

json_t *jac_lsp_edit(const struct jac_lsp_notes *n, const char *title, size_t from,
                     size_t to, const char *text) {
  return json_pack("{s:s, s:s, s:{s:{s:[{s:o, s:s}]}}}", "title", title, "kind",
                   "quickfix", "edit", "changes", jac_lsp_notes_uri(n, from), "range",
                   jac_lsp_range(n, from, to), "newText", text);
}

/* A directive above a formula, which names what its left side is the derivative of, where
 * one does. */
static void declare(const struct jac_lsp *s, const struct jac_lsp_notes *n, size_t offset,
                    json_t *list) {
  size_t line = n->text.line[jac_lsp_place(&n->text, offset).line];
  size_t indent = strspn(n->text.bytes + line, " ");
  struct jac_notes_comment comment = jac_notes_comment_of(n->format);
  struct jac_buffer text = JAC_BUFFER_INIT, what = JAC_BUFFER_INIT;
  jac_lsp_undefined(s, n, offset, &what);
  /* As deep as the formula: in a list it stays in its item. */
  jac_buffer_add_bytes(&text, n->text.bytes + line, indent);
  jac_buffer_printf(&text, "%sjacobian: %s%s\n%s", comment.open, what.text, comment.close,
                    n->format == JAC_NOTES_LATEX ? "" : "\n");
  json_array_append_new(list,
                        jac_lsp_edit(n, _("Say what it is about: a directive above"),
                                     line, line, text.text));
  jac_buffer_free(&what);
  jac_buffer_free(&text);
}

/* What can be done about one finding. */
static void add_actions(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                        const struct jac_lsp_section *section,
                        const struct jac_lsp_finding *f, json_t *list) {
  struct jac_buffer title = JAC_BUFFER_INIT;
  if (f->said->correction != NULL) {
    jac_buffer_printf(&title, _("Write %s"), f->said->correction);
    json_array_append_new(list,
                          jac_lsp_edit(n, title.text, section->start + f->start,
                                       section->start + f->end, f->said->correction));
  } else if (f->said->verdict == JAC_FINDING_UNREAD && !f->directive) {
    declare(s, n, section->start + f->from, list);
  }
  jac_buffer_free(&title);
}

json_t *jac_lsp_actions(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                        size_t from, size_t to) {
  json_t *list = json_array();
  for (size_t k = 0; k < n->sections.count; k++) {
    const struct jac_lsp_section *section = &n->sections.section[k];
    for (size_t i = 0; i < section->count; i++) {
      const struct jac_lsp_finding *f = &section->finding[i];
      if (section->start + f->to >= from && section->start + f->from <= to)
        add_actions(s, n, section, f, list);
    }
  }
  jac_lsp_written(s, n, from, list);
  return list;
}

static void offer(json_t *list, const char *label, const char *insert, int kind,
                  const char *detail) {
  json_array_append_new(list,
                        json_pack("{s:s, s:s, s:i, s:s}", "label", label, "insertText",
                                  insert, "kind", kind, "detail", detail));
}

static void offer_modules(const struct jac_lsp *s, json_t *list) {
  enum { FUNCTION = 3 };
  for (size_t k = 0; k < jac_module_count(); k++)
    offer(list, jac_module_at(k)->name, jac_module_at(k)->name, FUNCTION,
          jac_module_at(k)->definition);
  for (size_t k = 0; s->library != NULL && k < s->library->count; k++)
    offer(list, s->library->module[k]->name, s->library->module[k]->name, FUNCTION,
          s->library->module[k]->definition);
}

/* What the command line offers behind some words. */
static void offer_candidates(const struct jac_lsp *s, const char *line, json_t *list) {
  struct jac_buffer out = JAC_BUFFER_INIT;
  if (s->complete != NULL)
    s->complete(s->context, line, &out);
  for (const char *at = out.text; *at != '\0';) {
    size_t length = strcspn(at, "\n"), word = strcspn(at, "\t\n");
    char *label = strndup(at, word);
    char *detail = word < length ? strndup(at + word + 1, length - word - 1) : NULL;
    if (label != NULL && label[0] != '@')
      offer(list, label, label, VALUE, detail != NULL ? detail : "");
    free(label);
    free(detail);
    at += length + (at[length] == '\n');
  }
  jac_buffer_free(&out);
}

/* The variables of the module that a directive begins with. */
static void offer_variables(const struct jac_lsp *s, const char *words, json_t *list) {
  struct jac_buffer name = JAC_BUFFER_INIT, line = JAC_BUFFER_INIT;
  struct jac_error quiet;
  words += strspn(words, " ");
  jac_buffer_add_bytes(&name, words, strcspn(words, ",:; \r\n"));
  const struct jac_module *module = jac_module_find(name.text, s->library, &quiet);
  if (module != NULL) {
    jac_buffer_printf(&line, "show %s --wrt ", module->example);
    offer_candidates(s, line.text, list);
  }
  jac_buffer_free(&name);
  jac_buffer_free(&line);
}

/* The words of a block's command before an offset on its line; false: it is none. */
static bool find_run(const struct jac_lsp_text *t, size_t offset,
                     struct jac_buffer *out) {
  static const char name[] = "jacobian-run:";
  for (size_t k = t->line[jac_lsp_place(t, offset).line]; k + sizeof name - 1 <= offset;
       k++)
    if (memcmp(t->bytes + k, name, sizeof name - 1) == 0) {
      k += sizeof name - 1;
      while (k < offset && t->bytes[k] == ' ')
        k++;
      jac_buffer_add_bytes(out, t->bytes + k, offset - k);
      return true;
    }
  return false;
}

/* A comment that is begun, with no word of ours in it yet. */
static bool begins_comment(const struct jac_lsp_notes *n, size_t offset) {
  const struct jac_lsp_text *t = &n->text;
  size_t start = t->line[jac_lsp_place(t, offset).line];
  const char *open = jac_notes_comment_of(n->format).open;
  size_t length = strlen(open) - 1; /* a space may follow */
  while (start < offset && strchr(" \t>", t->bytes[start]) != NULL)
    start++;
  if (start + length > offset || memcmp(t->bytes + start, open, length) != 0)
    return false;
  for (size_t k = start + length; k < offset; k++)
    if (!(t->bytes[k] >= 'a' && t->bytes[k] <= 'z') && t->bytes[k] != ' ')
      return false;
  return true;
}

/* What may stand where a comment begins, and in a block's command; false: it is neither.
 */
static bool offer_outside(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                          size_t offset, json_t *list) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  bool block = find_run(&n->text, offset, &line);
  bool opens = !block && begins_comment(n, offset);
  if (block)
    offer_candidates(s, line.text, list);
  if (opens) {
    offer(list, "jacobian:", "jacobian: ", KEYWORD, _("what the formulas are about"));
    offer(list, "jacobian-run:", "jacobian-run: ", KEYWORD,
          _("a block that update writes"));
  }
  jac_buffer_free(&line);
  return block || opens;
}

json_t *jac_lsp_completions(const struct jac_lsp *s, const struct jac_lsp_notes *n,
                            size_t offset) {
  static const char *const own[][2] = {
      {"wrt=", N_("the variable")},
      {"batch=", N_("samples")},
      {"let", N_("names: let A = W^\\top")},
      {"vectors=rows", N_("vectors are rows")},
      {"vectors=columns", N_("vectors are columns")},
      {"off", N_("nothing is judged up to the next directive or heading")},
  };
  size_t words, start, end;
  if (n->text.bytes == NULL)
    return NULL;
  json_t *list = json_array();
  if (offer_outside(s, n, offset, list))
    return list;
  if (!find_directive(&n->text, offset, &words)) {
    json_decref(list);
    return NULL;
  }
  word_at(&n->text, words, offset, &start, &end);
  if (start + 4 <= offset && strncmp(n->text.bytes + start, "wrt=", 4) == 0) {
    offer_variables(s, n->text.bytes + words, list);
    return list;
  }
  const char *word = n->text.bytes + start;
  size_t comma = strcspn(word, ",");
  struct jac_error quiet;
  char name[64] = "";
  if (start + comma < offset && comma < sizeof name) { /* a module's own options */
    memcpy(name, word, strcspn(word, ",:"));
    const struct jac_module *module = jac_module_find(name, s->library, &quiet);
    const struct jac_module_option *o = module != NULL ? module->options : NULL;
    for (; o != NULL && o->name != NULL; o++)
      offer(list, o->name, o->name, FIELD, _(o->help));
    return list;
  }
  for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
    offer(list, own[k][0], own[k][0], KEYWORD, _(own[k][1]));
  offer_modules(s, list);
  return list;
}

json_t *jac_lsp_marks(const struct jac_lsp_notes *n, size_t from, size_t to) {
  json_t *list = json_array();
  for (size_t k = 0; k < n->sections.count; k++) {
    const struct jac_lsp_section *section = &n->sections.section[k];
    for (size_t i = 0; i < section->count; i++) {
      const struct jac_lsp_finding *f = &section->finding[i];
      size_t end = section->start + f->end;
      if (f->said->verdict != JAC_FINDING_HOLDS || end < from || end > to)
        continue;
      struct jac_lsp_place at = jac_lsp_notes_place(n, end);
      json_array_append_new(list, json_pack("{s:{s:I, s:I}, s:s, s:b}", "position",
                                            "line", (json_int_t)at.line, "character",
                                            (json_int_t)at.unit, "label", "✓",
                                            "paddingLeft", 1));
    }
  }
  return list;
}
