/* {"ask": "line", "left": LATEX, "right": LATEX, "delta": 0|1|2, "before": [LATEX]}: an
 * equality of a derivation that is no claim about the whole Jacobian (the function
 * itself, a gradient, a sum on the way), judged as in notes about the subject, after the
 * definitions before it: {"verdict": as of verify, "diagnosis", "correction",
 * "convention": TEXT or null, "untrue": nothing is differentiated in it, and it does not
 * hold, "defines": it says what its left side is}. With delta, \delta (2: g) is the
 * derivative of the loss by the output. */
#include "jacobian/notes/judge.h"
#include "jacobian/text.h"
#include "layers/subject.h"
#include "visual/engine/ask.h"

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

/* The subject in the words of a directive: modules without their sizes. */
static void add_subject(const struct jac_options *options, struct jac_buffer *text) {
  if (options->define != NULL)
    jac_buffer_add(text, options->define);
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

/* The name that a left side is: sigma of \sigma^2, hat_z of \hat{z}_i; false: it is none.
 */
static bool name_of(const char *left, char *name, size_t room) {
  size_t length = 0;
  left += strspn(left, " \\");
  for (; length + 2 < room && isalpha((unsigned char)*left); left++)
    name[length++] = *left;
  if (length > 1 && *left == '{') {
    name[length++] = '_';
    for (left += 1 + (left[1] == '\\');
         length + 1 < room && isalnum((unsigned char)*left); left++)
      name[length++] = *left;
    left += *left == '}';
  }
  name[length] = '\0';
  return length > 0 && (*left == '\0' || strchr(" _^", *left) != NULL) &&
         strpbrk(left, "+-()/=") == NULL;
}

/* Whether a fact begins with one of the words before a name and has the name there. */
static bool told(const char *facts, const char *name) {
  static const char *const words[] = {"define ", "shape ", "alias "};
  size_t length = strlen(name);
  for (const char *at = facts; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n')
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
      size_t word = strlen(words[k]);
      if (strncmp(at, words[k], word) == 0 && strncmp(at + word, name, length) == 0 &&
          strchr(" (^_\n", at[word + length]) != NULL)
        return true;
    }
  return false;
}

/* A name alone that the subject has no use for is the student's to define. */
static bool own_name(const struct jac_ask *ask, const char *left, const char *subject) {
  struct jac_buffer facts = JAC_BUFFER_INIT;
  struct jac_error quiet;
  char name[40];
  bool own = name_of(left, name, sizeof name);
  const struct jac_map *map = ask->subject.map;
  for (size_t k = 0; k < map->nvar; k++)
    own = own && strcmp(map->var[k].name, name) != 0;
  if (own && ask->options.define != NULL) {
    size_t length = strspn(ask->options.define, " ");
    const char *defined = ask->options.define + length;
    own = strncmp(defined, name, strlen(name)) != 0 ||
          isalnum((unsigned char)defined[strlen(name)]);
  } else if (own) {
    char *spec = strndup(subject, strcspn(subject, ";"));
    own = spec != NULL && jac_subject_facts(NULL, spec, false, &facts, &quiet) &&
          !told(facts.text, name) &&
          !(strcmp(name, "Y") == 0 && strcmp(map->var[0].name, "Q") == 0);
    free(spec);
  }
  jac_buffer_free(&facts);
  return own;
}

/* The values are drawn: no matrix is symmetric unless the function makes it so. */
static bool special(const struct jac_finding *f) {
  return f->verdict == JAC_FINDING_CONVENTION && f->convention != NULL &&
         strstr(f->convention, _("only for symmetric matrices")) != NULL;
}

static json_t *finding_json(const struct jac_finding *f, bool own) {
  bool wrong = special(f);
  return json_pack("{s:s, s:s?, s:s?, s:s?, s:b, s:b}", "verdict",
                   jac_finding_name(wrong ? JAC_FINDING_WRONG : f->verdict), "diagnosis",
                   wrong ? f->convention : f->diagnosis, "correction", f->correction,
                   "convention", wrong ? NULL : f->convention, "untrue", untrue(f),
                   "defines", defines(f) || (untrue(f) && own));
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

static enum jac_status judge(const struct jac_ask *ask, const char *left,
                             const char *right, json_t *json, struct jac_error *err) {
  static const struct jac_notes_modules modules = {jac_subject_facts, NULL};
  static char delta[] = "\\delta = \\frac{\\partial L}{\\partial y}",
              g[] = "g = \\frac{\\partial L}{\\partial y}";
  size_t named = jac_ask_count(ask, "delta", 0);
  struct jac_buffer subject = JAC_BUFFER_INIT, line = JAC_BUFFER_INIT;
  struct jac_document document = {0};
  struct jac_findings findings = {0};
  struct jac_item item[ITEMS];
  size_t count = 0;
  enum jac_status status = JAC_OK;
  add_subject(&ask->options, &subject);
  jac_buffer_printf(
      &subject, "; wrt=%s",
      ask->subject.nwrt > 0 ? ask->subject.map->var[ask->subject.wrt[0]].name : "z");
  /* Attention as it is written: Y, and d or D for its dimension. */
  if (ask->options.define == NULL && strcmp(ask->subject.map->var[0].name, "Q") == 0)
    jac_buffer_add(&subject, "; let Y = y, d = d_k, D = d_k");
  /* A name alone on the left would define it: whether it is so, is what is asked. */
  jac_buffer_printf(&line, "%s%s = %s", strstr(left, "\\partial") != NULL ? "" : "0 + ",
                    left, right);
  if (subject.failed || line.failed)
    status = jac_fail_memory(err);
  item[count++] = (struct jac_item){
      .kind = JAC_ITEM_DIRECTIVE, .environment = "", .text = subject.text};
  if (named > 0)
    item[count++] = (struct jac_item){
        .kind = JAC_ITEM_INLINE, .environment = "$", .text = named == 1 ? delta : g};
  const json_t *before = json_object_get(ask->question, "before");
  for (size_t k = 0; k < json_array_size(before) && k < BEFORE; k++)
    item[count++] = displayed(json_string_value(json_array_get(before, k)));
  item[count++] = displayed(line.text);
  if (status == JAC_OK)
    status = make_document(item, count, &document, err);
  if (status == JAC_OK)
    status = jac_notes_judge(&document, &modules, &findings, err);
  if (status == JAC_OK && findings.count == 0)
    status = jac_fail(err, JAC_EINPUT, _("a formula is needed"));
  if (status == JAC_OK)
    json_object_set_new(json, "line",
                        finding_json(&findings.finding[findings.count - 1],
                                     own_name(ask, left, subject.text)));
  jac_findings_free(&findings);
  jac_document_free(&document);
  jac_buffer_free(&subject);
  jac_buffer_free(&line);
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const char *left, *right;
  enum jac_status status = read_side(ask, "left", &left, err);
  if (status == JAC_OK)
    status = read_side(ask, "right", &right, err);
  return status == JAC_OK ? judge(ask, left, right, json, err) : status;
}

const struct jac_ask_type jac_ask_line = {.name = "line", .answer = answer};
