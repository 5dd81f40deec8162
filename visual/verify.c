#include "visual/verify_internal.h"

#include "jacobian/text.h"
#include "visual/escape.h"
#include "visual/json.h"

#include <stdio.h>
#include <string.h>

struct jac_verify_totals jac_verify_count(const struct jac_verified *files,
                                          size_t count) {
  struct jac_verify_totals t = {{0}, 0, 0, 0};
  for (size_t k = 0; k < count; k++) {
    t.displays += files[k].findings.displays;
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_finding *f = &files[k].findings.finding[i];
      bool alone = f->link == 0 && f->verdict == JAC_FINDING_UNJUDGED;
      t.links += !alone;
      t.alone += alone;
      t.verdict[f->verdict] += !alone;
    }
  }
  return t;
}

void jac_verify_claim(const char *claim, size_t most, struct jac_buffer *out) {
  size_t used = 0;
  bool blank = false;
  struct jac_buffer plain = JAC_BUFFER_INIT;
  jac_escape_terminal(claim != NULL ? claim : "", &plain);
  for (const char *at = plain.text; *at != '\0'; at++) {
    if (*at == '\n' || *at == ' ' || *at == '\t') {
      blank = used > 0;
      continue;
    }
    if (used + 1 >= most && ((unsigned char)*at & 0xC0) != 0x80) {
      jac_buffer_add(out, "...");
      break;
    }
    if (blank)
      jac_buffer_add_char(out, ' ');
    blank = false;
    jac_buffer_add_char(out, *at);
    used++;
  }
  out->failed = out->failed || plain.failed;
  jac_buffer_free(&plain);
}

void jac_verify_message(const struct jac_finding *f, struct jac_buffer *out) {
  if (f->verdict == JAC_FINDING_CONVENTION && f->convention != NULL)
    jac_buffer_printf(out, "%s%s", f->convention,
                      f->deviates ? _(" (the rest of the section is not so)") : "");
  else if (f->diagnosis != NULL)
    jac_verify_claim(f->diagnosis, 400, out);
  else if (f->verdict == JAC_FINDING_HOLDS)
    jac_buffer_printf(out, _("at %zu sizes, largest error %.1e"), f->samples,
                      f->max_rel_error);
}

void jac_verify_csv(const struct jac_verified *files, size_t count,
                    struct jac_buffer *out) {
  jac_buffer_add(out, "file,displayed,holds,holds with a convention,does not hold,"
                      "not understood,not judged,mark,fault\n");
  for (size_t k = 0; k < count; k++) {
    struct jac_verify_totals t = jac_verify_count(&files[k], 1);
    t.verdict[JAC_FINDING_UNJUDGED] += t.alone;
    size_t right = t.verdict[JAC_FINDING_HOLDS] + t.verdict[JAC_FINDING_CONVENTION];
    size_t judged = right + t.verdict[JAC_FINDING_WRONG];
    jac_escape_csv(files[k].file, out);
    if (files[k].fault.status != JAC_OK) {
      jac_buffer_add(out, ",,,,,,,,");
      jac_escape_csv(files[k].fault.message, out);
    } else {
      jac_buffer_printf(out, ",%zu", t.displays);
      for (size_t v = 0; v < JAC_FINDINGS; v++)
        jac_buffer_printf(out, ",%zu", t.verdict[v]);
      if (judged > 0)
        jac_buffer_printf(out, ",%.3f,", (double)right / (double)judged);
      else
        jac_buffer_add(out, ",,");
    }
    jac_buffer_add(out, "\n");
  }
}

json_t *jac_verify_json(const struct jac_verified *files, size_t count) {
  json_t *array = json_array();
  for (size_t k = 0; k < count && array != NULL; k++)
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_finding *f = &files[k].findings.finding[i];
      json_t *reading = json_array();
      for (size_t r = 0; r < f->readings && reading != NULL; r++)
        json_array_append_new(reading, jac_json_text(f->reading[r]));
      json_t *object = json_pack(
          "{s:o, s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b, s:o, s:I, "
          "s:f}",
          "file", jac_json_text(files[k].file), "line", (json_int_t)f->line, "column",
          (json_int_t)f->column, "formula", jac_json_text(f->formula), "link",
          (json_int_t)f->link, "claim", jac_json_text(f->claim), "subject",
          jac_json_text(f->subject), "wrt", jac_json_text(f->wrt), "verdict",
          jac_finding_name(f->verdict), "convention", jac_json_text(f->convention),
          "diagnosis", jac_json_text(f->diagnosis), "correction",
          jac_json_text(f->correction), "deviates", (int)f->deviates, "reading", reading,
          "samples", (json_int_t)f->samples, "max_rel_error", f->max_rel_error);
      if (object == NULL || json_array_append_new(array, object) != 0) {
        json_decref(array);
        return NULL;
      }
    }
  return array;
}

/* The rules, with what GitHub shows of them. */
static json_t *sarif_rules(void) {
  static const char *const rules[][3] = {
      {"does-not-hold", "The formula does not hold",
       "Its two sides differ at samples of sizes that are all different; where a mistake "
       "is "
       "likely it is named, with what would be right."},
      {"convention", "The formula holds in another convention",
       "It holds as column vectors, as a gradient that is a row, or in another layout."},
      {"not-understood", "The formula is not understood",
       "A construct or a name is not known: a definition or a directive above it says "
       "what "
       "it is about."}};
  json_t *list = json_array();
  for (size_t k = 0; k < sizeof rules / sizeof rules[0]; k++)
    json_array_append_new(list, json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}}", "id",
                                          rules[k][0], "shortDescription", "text",
                                          rules[k][1], "fullDescription", "text",
                                          rules[k][2], "help", "text", rules[k][2]));
  return list;
}

json_t *jac_verify_sarif(const struct jac_verified *files, size_t count) {
  json_t *results = json_array();
  for (size_t k = 0; k < count && results != NULL; k++)
    for (size_t i = 0; i < files[k].findings.count; i++) {
      const struct jac_finding *f = &files[k].findings.finding[i];
      static const char *const levels[] = {NULL, "note", "error", "warning", NULL};
      static const char *const rules[] = {NULL, "convention", "does-not-hold",
                                          "not-understood", NULL};
      if (levels[f->verdict] == NULL)
        continue;
      struct jac_buffer message = JAC_BUFFER_INIT;
      jac_buffer_printf(&message, "%s: ", jac_finding_name(f->verdict));
      jac_verify_message(f, &message);
      if (f->correction != NULL)
        jac_buffer_printf(&message, _("; instead: %s"), f->correction);
      struct jac_buffer uri = JAC_BUFFER_INIT;
      jac_escape_uri(files[k].file, &uri);
      json_t *result =
          json_pack("{s:s, s:s, s:{s:o}, s:[{s:{s:{s:s}, s:{s:I, s:I}}}]}", "ruleId",
                    rules[f->verdict], "level", levels[f->verdict], "message", "text",
                    jac_json_text(message.text), "locations", "physicalLocation",
                    "artifactLocation", "uri", uri.text, "region", "startLine",
                    (json_int_t)f->line, "startColumn", (json_int_t)f->column);
      jac_buffer_free(&message);
      jac_buffer_free(&uri);
      if (result == NULL || json_array_append_new(results, result) != 0) {
        json_decref(results);
        return NULL;
      }
    }
  return json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:o}]}", "$schema",
                   "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                   "runs", "tool", "driver", "name", "jacobian", "semanticVersion",
                   JAC_VERSION, "rules", sarif_rules(), "results", results);
}

/* The end of the line on which the formula of a finding ends: after it the comment goes,
 * on a line of its own. */
static size_t after_formula(const struct jac_finding *f, const char *source,
                            size_t length, bool latex) {
  size_t line = 1, at = 0;
  while (at < length && line < f->line)
    line += source[at++] == '\n';
  size_t rest = strcspn(source + at, "\0");
  const char *found = NULL;
  static const char *const ends[] = {
      "$$",           "\\]", "\\end{equation", "\\end{align",
      "\\end{gather", "```", "\\end{multline", "\\end{eqnarray",
      "\\end{flalign"};
  (void)latex;
  for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
    const char *end = strstr(source + at, ends[k]);
    if (end != NULL && (found == NULL || end < found) &&
        (size_t)(end - source) < at + rest)
      found = end;
  }
  at = found != NULL ? (size_t)(found - source) : at;
  while (at < length && source[at] != '\n')
    at++;
  return at < length ? at + 1 : length;
}

/* What stands in a comment, of which nothing may end it: no newline, no "--". */
static void add_comment(const char *text, bool latex, struct jac_buffer *out) {
  for (; text != NULL && *text != '\0'; text++) {
    jac_buffer_add_char(out, *text == '\n' ? ' ' : *text);
    if (!latex && text[0] == '-' && (text[1] == '-' || text[1] == '>'))
      jac_buffer_add_char(out, ' ');
  }
}

enum jac_status jac_verify_fix(const struct jac_verified *file, const char *source,
                               size_t length, bool latex, struct jac_buffer *out,
                               struct jac_error *err) {
  size_t done = 0;
  for (size_t i = 0; i < file->findings.count; i++) {
    const struct jac_finding *f = &file->findings.finding[i];
    if (f->verdict != JAC_FINDING_WRONG)
      continue;
    size_t at = after_formula(f, source, length, latex);
    if (at > done) {
      jac_buffer_add_bytes(out, source + done, at - done);
      done = at;
    }
    if (out->length > 0 && out->text[out->length - 1] != '\n')
      jac_buffer_add(out, "\n");
    jac_buffer_add(out, latex ? "% " : "<!-- ");
    jac_buffer_add(out, _("does not hold: "));
    struct jac_buffer why = JAC_BUFFER_INIT, note = JAC_BUFFER_INIT;
    jac_verify_message(f, &why);
    jac_verify_claim(f->claim, 200, &note);
    jac_buffer_printf(&note, " (%s)", why.text);
    if (f->correction != NULL)
      jac_buffer_printf(&note, _("; instead: %s"), f->correction);
    add_comment(note.text, latex, out);
    jac_buffer_add(out, latex ? "\n" : " -->\n");
    jac_buffer_free(&why);
    jac_buffer_free(&note);
  }
  jac_buffer_add_bytes(out, source + done, length - done);
  return jac_buffer_status(out, err);
}
