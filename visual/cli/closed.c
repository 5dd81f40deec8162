#include "visual/cli/closed.h"

#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/derived.h"
#include "visual/cli/outside.h"
#include "visual/json.h"
#include "visual/latex/break.h"
#include "visual/mark.h"
#include "visual/text.h"

#include <stdlib.h>
#include <string.h>

/* One variable's: the definition's lines and one line more. */
struct closing {
  const struct jac_derived *subject;
  const struct jac_derivation *derivation;
  const char *variable;
  struct jac_style style;
  const struct jac_latex *latex;
};

/* The name that the options give the last line's left side. */
static const char *called(const struct closing *c, const char *left) {
  return c->latex->name != NULL ? c->latex->name : left;
}

static size_t last_step(const struct jac_derivation *d) {
  return d->closed_step ? d->closed_step : d->entry_step;
}

/* The left side of a step, which may stand lines above. */
static const char *left_of(const struct jac_derivation *d, size_t k) {
  while (k > 0 && !*d->step[k].left)
    k--;
  return d->step[k].left;
}

static const char *missing(const struct jac_derivation *d) {
  return d->closed_step ? NULL : _("it has no form as a matrix: its entries");
}

static void add_title(const struct closing *c, struct jac_buffer *out) {
  jac_buffer_printf(out,
                    strchr(c->variable, ',')
                        ? _("Second derivatives of %s with respect to %s")
                        : _("Jacobian of %s with respect to %s"),
                    c->subject->title, c->variable);
}

/* The lines that are defined, and the last: left and right, and words for some. */
static void each_line(const struct closing *c,
                      void (*line)(const struct closing *c, const char *left,
                                   const char *right, const char *words,
                                   struct jac_buffer *out),
                      struct jac_buffer *out) {
  const struct jac_derivation *d = c->derivation;
  size_t k = 0;
  for (; k < d->count && d->step[k].points == 0; k++) {
    bool whole = k + 1 == d->count || d->step[k + 1].points > 0;
    line(c, d->step[k].left, d->step[k].right, whole ? d->step[k].reason : NULL, out);
  }
  if (last_step(d) > k)
    line(c, called(c, left_of(d, last_step(d) - 1)), d->step[last_step(d) - 1].right,
         d->closed_step ? d->step[last_step(d) - 1].reason : missing(d), out);
}

static void text_line(const struct closing *c, const char *left, const char *right,
                      const char *words, struct jac_buffer *out) {
  struct jac_buffer line = JAC_BUFFER_INIT;
  jac_buffer_printf(&line, "%s = %s", left, right);
  jac_text_wrap(&c->style, line.text, out);
  jac_buffer_free(&line);
  if (words)
    jac_text_wrap(&c->style, words, out);
}

static void add_text(const struct closing *c, struct jac_buffer *out) {
  add_title(c, out);
  jac_buffer_add(out, "\n");
  if (c->subject->note)
    jac_text_wrap(&c->style, c->subject->note, out);
  each_line(c, text_line, out);
}

static void latex_line(const struct closing *c, const char *left, const char *right,
                       const char *words, struct jac_buffer *out) {
  bool number = c->latex->env == JAC_ENV_ALIGN || c->latex->env == JAC_ENV_EQUATION ||
                c->latex->label != NULL;
  (void)words;
  /* Of several lines the last has the number. */
  if (out->length > 0)
    jac_buffer_add(out, number ? " \\notag \\\\\n" : " \\\\\n");
  jac_buffer_add(out, "  ");
  struct jac_buffer lines = JAC_BUFFER_INIT;
  jac_latex_broken(left, right, jac_latex_line(c->latex), &lines);
  for (const char *at = lines.failed ? "" : lines.text; *at; at++) {
    if (number && strncmp(at, "\\\\\n", 3) == 0)
      jac_buffer_add(out, "\\notag ");
    jac_buffer_add_char(out, *at);
  }
  out->failed = out->failed || lines.failed;
  jac_buffer_free(&lines);
}

/* The last line alone, for a sentence. */
static void inline_line(const struct closing *c, const char *left, const char *right,
                        const char *words, struct jac_buffer *out) {
  (void)c;
  (void)words;
  jac_buffer_clear(out);
  jac_buffer_printf(out, "$%s = %s$%%\n", left, right);
}

static void add_latex(const struct closing *c, struct jac_buffer *out) {
  struct jac_buffer lines = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  bool plain = c->latex->env == JAC_ENV_DISPLAY && c->latex->label == NULL;
  each_line(c, c->latex->env == JAC_ENV_INLINE ? inline_line : latex_line, &lines);
  jac_latex_rename(lines.failed ? "" : lines.text, c->latex->notation, &named);
  if (c->latex->env == JAC_ENV_INLINE || c->latex->env == JAC_ENV_BARE)
    jac_buffer_printf(out, "%s%s", named.text, c->latex->env == JAC_ENV_BARE ? "\n" : "");
  else {
    if (c->subject->note)
      jac_buffer_printf(out, "%% %s\n", c->subject->note);
    jac_buffer_printf(out, "\\begin{align%s}\n%s\n", plain ? "*" : "", named.text);
    if (c->latex->label != NULL)
      jac_buffer_printf(out, "\\label{%s}\n", c->latex->label);
    jac_buffer_printf(out, "\\end{align%s}\n", plain ? "*" : "");
  }
  out->failed = out->failed || lines.failed || named.failed;
  jac_buffer_free(&lines);
  jac_buffer_free(&named);
}

static void markdown_line(const struct closing *c, const char *left, const char *right,
                          const char *words, struct jac_buffer *out) {
  struct jac_buffer math = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  struct jac_latex unlabelled = *c->latex;
  (void)words;
  /* The last line is what a label is for, and it alone knows that it is. */
  if (left_of(c->derivation, last_step(c->derivation) - 1) != left &&
      c->latex->name != left)
    unlabelled.label = NULL;
  jac_latex_one_or_broken(left, right, jac_latex_line(c->latex), &math);
  jac_latex_rename(math.failed ? "" : math.text, c->latex->notation, &named);
  jac_buffer_add(out,
                 out->length > 0 && out->text[out->length - 1] != '\n' ? "\n\n" : "");
  jac_markdown_display(named.text, &unlabelled, out);
  jac_buffer_free(&math);
  jac_buffer_free(&named);
}

static void add_markdown(const struct closing *c, struct jac_buffer *out) {
  if (!c->latex->bare) {
    add_title(c, out);
    jac_buffer_add(out, "\n\n");
    if (c->subject->note)
      jac_buffer_printf(out, "%s\n\n", c->subject->note);
  }
  each_line(c, markdown_line, out);
}

static void json_line(const struct closing *c, const char *left, const char *right,
                      const char *words, struct jac_buffer *out) {
  (void)c;
  (void)words;
  jac_buffer_printf(out, "%s = %s\n", left, right);
}

/* An object; what of it is not the last line is the definition. */
static void add_json(const struct closing *c, struct jac_buffer *out) {
  const struct jac_derivation *d = c->derivation;
  const struct jac_derivation_step *s = &d->step[last_step(d) - 1];
  struct jac_buffer lines = JAC_BUFFER_INIT;
  each_line(c, json_line, &lines);
  json_t *definition = json_array(), *whole;
  for (char *at = lines.text, *end; at && (end = strchr(at, '\n')) && end[1];
       at = end + 1)
    json_array_append_new(definition, json_stringn(at, (size_t)(end - at)));
  whole = json_pack("{s:s, s:s, s:o, s:b, s:s, s:s}", "subject", c->subject->title, "wrt",
                    c->variable, "definition", definition, "closed", d->closed_step > 0,
                    "left", left_of(d, last_step(d) - 1), "right", s->right);
  char *text = whole ? json_dumps(whole, JSON_INDENT(1)) : NULL;
  jac_buffer_add(out, text ? text : "null");
  free(text);
  json_decref(whole);
  jac_buffer_free(&lines);
}

/* How each format of show writes it. */
static const struct {
  const char *format, *before, *between, *after;
  void (*add)(const struct closing *c, struct jac_buffer *out);
  bool latex, plain; /* how formulas are written; else as the terminal has it */
} writers[] = {
    {"text", "", "\n", "", add_text, false, false},
    {"latex", "", "\n", "", add_latex, true, false},
    {"markdown", "", "", "", add_markdown, true, false},
    {"json", "[\n", ",\n", "\n]\n", add_json, false, true},
};

struct all {
  const struct jac_options *options;
  const struct jac_derived *subject;
  size_t writer;
};

static enum jac_status write_all(void *context, FILE *file, struct jac_error *err) {
  const struct all *a = context;
  const struct jac_derived *s = a->subject;
  struct jac_style style = jac_options_style(a->options);
  bool plain = writers[a->writer].plain || !style.unicode;
  enum jac_notation notation = writers[a->writer].latex ? JAC_NOTATION_LATEX
                               : plain                  ? JAC_NOTATION_ASCII
                                                        : JAC_NOTATION_UNICODE;
  enum jac_status status = JAC_OK;
  struct jac_buffer out = JAC_BUFFER_INIT;
  jac_buffer_add(&out, writers[a->writer].before);
  for (size_t v = 0; v < s->variables && status == JAC_OK; v++) {
    struct jac_derivation d;
    struct jac_buffer one = JAC_BUFFER_INIT;
    status = jac_derivation_new(s->definition, s->variable[v], s->size, s->sizes,
                                JAC_DERIVATION_INDEX, notation, &d, err);
    if (status == JAC_OK)
      writers[a->writer].add(
          &(struct closing){s, &d, s->variable[v], style, &a->options->latex}, &one);
    jac_buffer_add(&out, v ? writers[a->writer].between : "");
    jac_buffer_add(&out, one.text ? one.text : "");
    jac_buffer_free(&one);
    jac_derivation_free(&d);
  }
  jac_buffer_add(&out, writers[a->writer].after);
  return jac_format_put(&out, status, file, err);
}

enum jac_status jac_closed_show(const struct jac_options *options,
                                struct jac_error *err) {
  struct jac_derived *s = calloc(1, sizeof *s);
  struct all all = {options, s, 0};
  if (!s)
    return jac_fail_memory(err);
  while (strcmp(writers[all.writer].format, options->format->name) != 0)
    all.writer++; /* the options have refused others */
  struct jac_outside outside;
  enum jac_status status = jac_outside_load(options, &outside, err);
  s->library = &outside.library;
  if (status == JAC_OK)
    status = jac_derived_read(s, options, err);
  if (status == JAC_OK)
    status = jac_format_run(options, JAC_LATEX_AMSMATH, write_all, &all, err);
  free(s);
  jac_outside_free(&outside);
  return status;
}
