/* {"ask": "line", "left": LATEX, "right": LATEX, "delta": 0|1|2, "before": [LATEX]}: an
 * equality of a derivation that is no claim about the whole Jacobian (the function
 * itself, a gradient, a sum on the way), judged as in notes about the subject, after the
 * definitions before it: {"verdict": as of verify, "diagnosis", "correction",
 * "convention": TEXT or null, "untrue": nothing is differentiated in it, and it does not
 * hold, "defines": it says what its left side is}, or {"option": TEXT}: one that no line
 * can be judged with. With delta, \delta (2: g) is the derivative of the loss by the
 * output. */
#include "jacobian/notes/judge.h"
#include "jacobian/text.h"
#include "layers/network.h"
#include "layers/subject.h"
#include "visual/engine/ask.h"
#include "visual/engine/line_facts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* One formula, no piece of notes. */
static enum jac_status read_side(const struct jac_ask *ask, const char *name,
                                 const char **side, struct jac_error *err) {
  *side = json_string_value(json_object_get(ask->question, name));
  if (*side == NULL || **side == '\0')
    return jac_fail(err, JAC_EINPUT, _("a formula is needed"));
  return strpbrk(*side, "$\n\r%") == NULL
             ? JAC_OK
             : jac_fail(err, JAC_EINPUT, _("a formula on one line is needed, without $"));
}

/* The subject in the words of a directive: modules without their sizes, a function with
 * its own, where they are asked for. */
static void add_subject(const struct jac_options *options, bool sized,
                        struct jac_buffer *text) {
  if (options->define != NULL)
    jac_buffer_add(text, options->define);
  for (size_t k = 0; options->define != NULL && sized && k < options->nsize; k++) {
    const char *size = options->size[k], *equals = strchr(size, '='),
               *cross = equals ? strchr(equals, 'x') : NULL;
    if (cross != NULL)
      jac_buffer_printf(text, "; %.*s in R^{%.*s x %s}", (int)(equals - size), size,
                        (int)(cross - equals - 1), equals + 1, cross + 1);
    else if (equals != NULL)
      jac_buffer_printf(text, "; %.*s in R^{1 x %s}", (int)(equals - size), size,
                        equals + 1);
  }
  for (size_t k = 0; options->define == NULL && k < options->nspec; k++) {
    const char *spec = options->spec[k];
    jac_buffer_printf(text, "%s%.*s%s", k > 0 ? " " : "", (int)strcspn(spec, ":,"), spec,
                      strstr(spec, ",bias") != NULL ? ",bias" : "");
  }
}

static bool unjudged(const struct jac_finding *f, const char *why) {
  return f->verdict == JAC_FINDING_UNJUDGED && f->diagnosis != NULL &&
         strcmp(f->diagnosis, why) == 0;
}

/* Notes say many things that are not of the subject; here what is not true is not. */
static bool untrue(const struct jac_finding *f) {
  return unjudged(f,
                  _("nothing is differentiated in it, and it is not true as it is read"));
}

static bool defines(const struct jac_finding *f) {
  return unjudged(f, _("no derivative stands in it, and nothing defines its left side"));
}

/* Whose a name is. */
enum name { NO_NAME, TAKEN, ALIAS, OWN };

/* Whether a fact begins with one of the words before a name and has the name there. */
static enum name told(const char *facts, const char *name) {
  static const char *const words[] = {"define ", "shape ", "alias "};
  size_t length = strlen(name);
  enum name whose = OWN;
  for (const char *at = facts; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
    for (size_t k = 0; k < sizeof words / sizeof *words && whose != TAKEN; k++) {
      size_t word = strlen(words[k]);
      if (strncmp(at, words[k], word) == 0 && strncmp(at + word, name, length) == 0 &&
          strchr(" (^_\n", at[word + length]) != NULL)
        whose = k < 2 ? TAKEN : ALIAS;
    }
  return whose;
}

/* Whether one of a function's equations says what a name is. */
static bool has_equation(const char *define, const char *name) {
  for (const char *at = define;; at++) {
    at += strspn(at, " ");
    if (strncmp(at, name, strlen(name)) == 0 && !isalnum((unsigned char)at[strlen(name)]))
      return true;
    at = strchr(at, ';');
    if (at == NULL)
      return false;
  }
}

/* A name alone that the subject has no use for is the student's to define. */
static enum name whose_name(struct jac_ask *ask, const char *left, const char *subject) {
  struct jac_line_subject whole = {ask, false};
  struct jac_buffer facts = JAC_BUFFER_INIT;
  struct jac_error quiet;
  char name[40];
  if (!jac_line_name(left, name, sizeof name))
    return NO_NAME;
  enum name whose = OWN;
  const struct jac_map *map = ask->subject.map;
  for (size_t k = 0; k < map->nvar; k++)
    if (strcmp(map->var[k].name, name) == 0)
      whose = TAKEN;
  if (whose == OWN && ask->options.define != NULL)
    whose = has_equation(ask->options.define, name) ? TAKEN : OWN;
  else if (whose == OWN) {
    char *spec = strndup(subject, strcspn(subject, ";"));
    bool attention = strcmp(name, "Y") == 0 && strcmp(map->var[0].name, "Q") == 0;
    whose =
        spec != NULL && !attention && jac_line_facts(&whole, spec, false, &facts, &quiet)
            ? told(facts.text, name)
            : TAKEN;
    free(spec);
  }
  jac_buffer_free(&facts);
  return whose;
}

/* The values are drawn: no matrix is symmetric unless the function makes it so. */
static bool special(const struct jac_finding *f) {
  return f->verdict == JAC_FINDING_CONVENTION && f->convention != NULL &&
         strstr(f->convention, _("only for symmetric matrices")) != NULL;
}

static json_t *finding_json(const struct jac_finding *f, bool given) {
  bool wrong = special(f);
  return json_pack("{s:s, s:s?, s:s?, s:s?, s:b, s:b}", "verdict",
                   jac_finding_name(wrong ? JAC_FINDING_WRONG : f->verdict), "diagnosis",
                   wrong ? f->convention : f->diagnosis, "correction", f->correction,
                   "convention", wrong ? NULL : f->convention, "untrue", untrue(f),
                   "defines", defines(f) || given);
}

enum { BEFORE = 16, ITEMS = BEFORE + 3 };

/* Notes that no file holds: items whose texts come from nowhere in it. */
static enum jac_status make_document(struct jac_item item[ITEMS], size_t count,
                                     struct jac_document *document,
                                     struct jac_error *err) {
  bool fine = (document->source = calloc(1, 1)) != NULL;
  fine = (document->line = calloc(1, sizeof *document->line)) != NULL && fine;
  fine = (document->characters = calloc(1, sizeof *document->characters)) != NULL && fine;
  fine = (document->item = calloc(ITEMS, sizeof *document->item)) != NULL && fine;
  document->nlines = fine;
  for (size_t k = 0; k < count && fine; k++) {
    struct jac_item *made = &document->item[document->count++];
    *made = item[k];
    made->length = strlen(item[k].text);
    made->text = strdup(item[k].text);
    made->at = calloc(made->length + 1, sizeof *made->at);
    fine = made->text != NULL && made->at != NULL;
  }
  return fine ? JAC_OK : jac_fail_memory(err);
}

static struct jac_item displayed(const char *text) {
  return (struct jac_item){.kind = JAC_ITEM_DISPLAY,
                           .environment = "$$",
                           .text = (char *)(text != NULL ? text : "")};
}

static const json_t *line_of(const json_t *json, const char *member) {
  return json_object_get(json_object_get(json, "line"), member);
}

enum with { SIZED = 1, WIDTH = 2 };

/* Whether there is a verdict. */
static bool judged(const json_t *json) {
  const char *verdict = json_string_value(line_of(json, "verdict"));
  return (verdict != NULL && strcmp(verdict, "not understood") != 0 &&
          strcmp(verdict, "not judged") != 0) ||
         json_is_true(line_of(json, "untrue"));
}

static bool holds(const json_t *json) {
  const char *verdict = json_string_value(line_of(json, "verdict"));
  return verdict != NULL && strcmp(verdict, "holds") == 0;
}

static enum jac_status judge(struct jac_ask *ask, const char *left, const char *right,
                             unsigned with, json_t *json, struct jac_error *err);

/* Whether a formula is a number: it has a trace, and goes before a row by its trace. */
static bool is_number(struct jac_ask *ask, const char *formula) {
  struct jac_buffer row = JAC_BUFFER_INIT;
  struct jac_error quiet;
  json_t *json = json_object();
  jac_buffer_printf(&row, "\\frac{%s}{\\operatorname{tr}(%s)} y", formula, formula);
  bool number = json != NULL && !row.failed &&
                judge(ask, "y", row.text, SIZED, json, &quiet) == JAC_OK;
  number = number && holds(json);
  json_decref(json);
  jac_buffer_free(&row);
  return number;
}

/* Whether a line that is not true gives a name: one that nothing has, or, as a number,
 * another one of the whole output's. */
static bool gives_name(struct jac_ask *ask, const char *left, const char *right,
                       const char *subject) {
  enum name whose = whose_name(ask, left, subject);
  return whose == OWN ||
         (whose == ALIAS && ask->subject.map->cols > 1 && is_number(ask, right));
}

/* What is said of the line: a condition behind it is a finding of its own. */
static const struct jac_finding *last(const struct jac_findings *findings) {
  size_t k = findings->count - 1;
  while (k > 0 && unjudged(&findings->finding[k], _("a condition")))
    k--;
  return &findings->finding[k];
}

/* "h = z^{2}" is another name of what a network's module gives: the derivative by h is
 * that by z^{2} then. */
static bool names_on_the_way(const struct jac_ask *ask, const char *given,
                             struct jac_buffer *subject) {
  static const char is[] = " = z^{";
  size_t name = given != NULL ? strcspn(given, " =_") : 0;
  if (name == 0 || strncmp(given + name, is, strlen(is)) != 0)
    return false;
  char *end;
  unsigned long k = strtoul(given + name + strlen(is), &end, 10);
  if (strcmp(end, "}") != 0 || k < 1 || k >= jac_network_count(ask->subject.map))
    return false;
  jac_buffer_printf(subject, "; let %.*s = z^{%lu}", (int)name, given, k);
  return true;
}

static enum jac_status judge(struct jac_ask *ask, const char *left, const char *right,
                             unsigned with, json_t *json, struct jac_error *err) {
  struct jac_line_subject about = {ask, (with & WIDTH) != 0};
  const struct jac_notes_modules modules = {jac_line_facts, &about};
  char wrt[64] = "z";
  static char delta[] = "\\delta = \\frac{\\partial L}{\\partial y}",
              g[] = "g = \\frac{\\partial L}{\\partial y}";
  size_t named = jac_ask_count(ask, "delta", 0);
  struct jac_buffer subject = JAC_BUFFER_INIT, line = JAC_BUFFER_INIT;
  struct jac_document document = {0};
  struct jac_findings findings = {0};
  struct jac_item item[ITEMS];
  size_t count = 0;
  enum jac_status status = JAC_OK;
  add_subject(&ask->options, (with & SIZED) != 0, &subject);
  if (ask->subject.nwrt > 0)
    jac_line_written(ask->subject.map->var[ask->subject.wrt[0]].name, wrt, sizeof wrt);
  jac_buffer_printf(&subject, "; wrt=%s", wrt);
  /* Attention as it is written: Y, and d or D for its dimension. */
  if (ask->options.define == NULL && strcmp(ask->subject.map->var[0].name, "Q") == 0)
    jac_buffer_add(&subject, "; let Y = y, d = d_k, D = d_k");
  /* A name alone on the left would define it: whether it is so, is what is asked. */
  jac_buffer_printf(&line, "%s%s = %s", strstr(left, "\\partial") != NULL ? "" : "0 + ",
                    left, right);
  if (subject.failed || line.failed)
    status = jac_fail_memory(err);
  item[count++] =
      (struct jac_item){.kind = JAC_ITEM_DIRECTIVE, .environment = "", .text = ""};
  if (named > 0)
    item[count++] = (struct jac_item){
        .kind = JAC_ITEM_INLINE, .environment = "$", .text = named == 1 ? delta : g};
  const json_t *before = json_object_get(ask->question, "before");
  for (size_t k = 0; k < json_array_size(before) && k < BEFORE; k++) {
    const char *given = json_string_value(json_array_get(before, k));
    if (!names_on_the_way(ask, given, &subject))
      item[count++] = displayed(given);
  }
  item[count++] = displayed(line.text);
  item[0].text = subject.text;
  if (subject.failed)
    status = jac_fail_memory(err);
  if (status == JAC_OK)
    status = make_document(item, count, &document, err);
  if (status == JAC_OK)
    status = jac_notes_judge(&document, &modules, &findings, err);
  if (status == JAC_OK && findings.count == 0)
    status = jac_fail(err, JAC_EINPUT, _("a formula is needed"));
  if (status == JAC_OK) {
    const struct jac_finding *f = last(&findings);
    bool given = untrue(f) && gives_name(ask, left, right, subject.text);
    json_object_set_new(json, "line", finding_json(f, given));
  }
  jac_findings_free(&findings);
  jac_document_free(&document);
  jac_buffer_free(&subject);
  jac_buffer_free(&line);
  return status;
}

/* What does not hold for every d_k holds for this one: sqrt(2) where it is 2. */
static void by_width(struct jac_ask *ask, const char *left, const char *right,
                     json_t *json) {
  struct jac_error quiet;
  json_t *other = json_object();
  if (other != NULL && !holds(json) &&
      judge(ask, left, right, WIDTH, other, &quiet) == JAC_OK && holds(other))
    json_object_set(json, "line", json_object_get(other, "line"));
  json_decref(other);
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const char *left, *right;
  enum jac_status status = read_side(ask, "left", &left, err);
  if (status == JAC_OK)
    status = read_side(ask, "right", &right, err);
  const char *option = status == JAC_OK ? jac_line_left_out(ask) : NULL;
  if (option != NULL) {
    json_t *text = json_stringn(option, strcspn(option, ","));
    json_object_set_new(json, "line", json_pack("{s:o}", "option", text));
    return JAC_OK;
  }
  if (status == JAC_OK)
    status = judge(ask, left, right, SIZED, json, err);
  /* A size may be called n where none says how it is called. */
  if (status == JAC_OK && ask->options.define != NULL && ask->options.nsize > 0 &&
      !judged(json))
    status = judge(ask, left, right, 0, json, err);
  if (status == JAC_OK && strcmp(ask->subject.map->var[0].name, "Q") == 0)
    by_width(ask, left, right, json);
  return status;
}

const struct jac_ask_type jac_ask_line = {.name = "line", .answer = answer};
