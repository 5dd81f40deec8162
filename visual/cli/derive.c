/* jacobian derive: works a Jacobian out, step by step. */
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/cli/derived.h"
#include "visual/cli/outside.h"
#include "visual/formula_lines.h"
#include "visual/latex/break.h"
#include "visual/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What one run writes. */
struct deriving {
  const struct jac_derived *subject;
  struct jac_derivation *derivation; /* one a variable, in the format's notation */
};

/* Whether a variable is two: second derivatives. */
static bool is_second(const struct jac_derived *subject, size_t v) {
  return strchr(subject->variable[v], ',') != NULL;
}

static void add_title(const struct jac_derived *subject, size_t v,
                      struct jac_buffer *out) {
  jac_buffer_printf(out,
                    is_second(subject, v)
                        ? _("Second derivatives of %s with respect to %s")
                        : _("Derivative of %s with respect to %s"),
                    subject->title, subject->variable[v]);
  jac_buffer_add(out, "\n");
}

/* How many steps are shown: --until leaves the rest to the reader. */
static size_t shown(const struct jac_derivation *d, const struct jac_options *options) {
  size_t until = options->derivation.until;
  return until && until < d->count ? until : d->count;
}

/* Whether --ask leaves a gap there: what is defined is given. */
static bool is_gap(const struct jac_derivation_step *s,
                   const struct jac_options *options) {
  return options->derivation.ask && s->points > 0;
}

/* Words in lines of at most 80 characters, after so many spaces. */
static void add_wrapped(const char *words, size_t indent, struct jac_buffer *out) {
  size_t column = 0;
  while (*words) {
    size_t length = strcspn(words, " "), wide = 0;
    for (size_t k = 0; k < length; k++)
      wide += ((unsigned char)words[k] & 0xC0) != 0x80;
    bool fresh = column == 0 || column + 1 + wide > 80;
    jac_buffer_printf(out, "%s%*s", column && fresh ? "\n" : "", fresh ? (int)indent : 1,
                      "");
    column = fresh ? indent + wide : column + 1 + wide;
    jac_buffer_add_bytes(out, words, length);
    words += length + strspn(words + length, " ");
  }
  jac_buffer_add(out, "\n");
}

enum { LINE = 80, INDENT = 7 };

static void add_text_step(const struct jac_derivation *d, size_t k,
                          const struct jac_options *options, struct jac_buffer *out) {
  const struct jac_derivation_step *s = &d->step[k];
  struct jac_buffer left = JAC_BUFFER_INIT;
  jac_buffer_add(out, "\n");
  jac_buffer_printf(&left, "  %zu. %s%s= ", k + 1, s->left, *s->left ? " " : "");
  jac_formula_lines(left.failed ? "" : left.text,
                    is_gap(s, options) ? "______" : s->right, INDENT, LINE, out);
  out->failed = out->failed || left.failed;
  jac_buffer_free(&left);
  add_wrapped(s->reason, 5, out);
  if (options->derivation.check && s->points)
    jac_buffer_printf(out,
                      _("     compared with the derivative at %zu places: largest "
                        "relative difference %.1e\n"),
                      s->points, s->error);
}

static void add_text(const struct jac_derivation *d, bool second,
                     const struct jac_options *options, struct jac_buffer *out) {
  for (size_t k = 0; k < shown(d, options); k++)
    add_text_step(d, k, options, out);
  if (shown(d, options) < d->count)
    jac_buffer_printf(out, _("\n  ... the other steps, %zu of them, are yours.\n"),
                      d->count - shown(d, options));
  else if (!d->closed)
    jac_buffer_add(
        out, second
                 ? _("\n  The second derivatives are no matrix here: their entries are "
                     "the result.\n")
                 : _("\n  The Jacobian has no closed form in matrices: its entries "
                     "are the result.\n"));
  if (!options->derivation.ask)
    return;
  jac_buffer_add(out, _("\nAnswers\n"));
  for (size_t k = 0; k < d->count; k++)
    if (is_gap(&d->step[k], options)) {
      char number[32];
      snprintf(number, sizeof number, "  %zu. ", k + 1);
      jac_formula_lines(number, d->step[k].right, INDENT, LINE, out);
    }
}

static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  for (size_t v = 0; v < g->subject->variables; v++) {
    jac_buffer_add(&out, v ? "\n" : "");
    add_title(g->subject, v, &out);
    if (g->subject->note)
      add_wrapped(g->subject->note, 0, &out);
    add_text(&g->derivation[v], is_second(g->subject, v), options, &out);
  }
  return jac_format_put(&out, JAC_OK, file, err);
}

static const char *left_of(const struct jac_derivation *d, size_t k) {
  while (k > 0 && !*d->step[k].left)
    k--;
  return d->step[k].left;
}

/* Words with X^-1, s^T and h_1 among them: what is raised or lowered stands in dollars,
 * and so does a minus. */
static void add_words(const char *words, struct jac_buffer *out) {
  bool formula = false;
  for (const char *c = words; *c; c++) {
    formula ^= *c == '$';
    if (!formula && strncmp(c, "- ", 2) == 0 && c > words && c[-1] == ' ') {
      jac_buffer_add(out, "$-$"); /* a minus, not a hyphen */
      continue;
    }
    if (formula || (*c != '^' && *c != '_')) {
      jac_buffer_printf(out, "%c", *c);
      continue;
    }
    size_t digits = strspn(c + 1, "-0123456789"), length = digits ? digits : 1;
    if (c[1] == 'T')
      jac_buffer_printf(out, "$%c\\top$", *c);
    else
      jac_buffer_printf(out, "$%c{%.*s}$", *c, (int)length, c + 1);
    c += strlen(c) > length ? length : 0;
  }
}

static void add_latex(const struct jac_derivation *d, const struct jac_options *options,
                      struct jac_buffer *out) {
  size_t count = shown(d, options);
  /* The first reason, which says what is of what size, stands before them all. */
  if (count > 0) {
    add_words(d->step[0].reason, out);
    /* Translators: what stands behind a reason, before its formula. */
    jac_buffer_add(out, _(":"));
    jac_buffer_add(out, "\n");
  }
  jac_buffer_add(out, "\\begin{align*}\n");
  for (size_t k = 0; k < count; k++) {
    const struct jac_derivation_step *s = &d->step[k];
    if (k) {
      jac_buffer_add(out, "  \\intertext{");
      add_words(s->reason, out);
      jac_buffer_add(out, _(":"));
      jac_buffer_add(out, "}\n");
    }
    jac_buffer_add(out, "  ");
    jac_latex_broken(s->left,
                     is_gap(s, options) ? "\\underline{\\hspace{6em}}" : s->right,
                     jac_latex_line(&options->latex), out);
    jac_buffer_add(out, k + 1 < count ? " \\\\\n" : "\n");
  }
  jac_buffer_add(out, "\\end{align*}\n");
  if (!options->derivation.ask)
    return;
  jac_buffer_printf(out, "%s\n\\begin{align*}\n", _("Answers:"));
  const char *end = "";
  for (size_t k = 0; k < d->count; k++)
    if (is_gap(&d->step[k], options)) {
      jac_buffer_printf(out, "%s  ", end);
      jac_latex_broken(left_of(d, k), d->step[k].right, jac_latex_line(&options->latex),
                       out);
      end = " \\\\\n";
    }
  jac_buffer_add(out, "\n\\end{align*}\n");
}

/* Whose derivation begins here, where several stand one behind the other. */
static void add_latex_title(const struct jac_derived *subject, size_t v,
                            struct jac_buffer *out) {
  struct jac_buffer title = JAC_BUFFER_INIT;
  add_title(subject, v, &title);
  if (!title.failed)
    title.text[title.length - 1] = '\0'; /* its line end */
  jac_buffer_add(out, "\\par\\medskip\\noindent\\textbf{");
  jac_latex_text(title.text, out);
  jac_buffer_add(out, "}\\par\\nopagebreak\n");
  out->failed = out->failed || title.failed;
  jac_buffer_free(&title);
}

static enum jac_status write_latex(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  if (g->subject->note) {
    add_words(g->subject->note, &out);
    jac_buffer_add(&out, "\n\n");
  }
  for (size_t v = 0; v < g->subject->variables; v++) {
    if (g->subject->variables > 1)
      add_latex_title(g->subject, v, &out);
    add_latex(&g->derivation[v], options, &out);
  }
  return jac_format_put(&out, JAC_OK, file, err);
}

/* On a line of a list; GitHub takes a backslash out of what is between $$, which matters
 * where lines end. */
static void add_display(const char *left, const char *right, const char *before,
                        const struct jac_options *options, struct jac_buffer *out) {
  bool github = options->latex.flavour == JAC_FLAVOUR_GITHUB;
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_latex_one_or_broken(left, right, jac_latex_line(&options->latex), &math);
  jac_buffer_printf(out, github ? "\n%s```math\n%*s" : "%s$$", before,
                    (int)strlen(before), "");
  for (const char *c = math.failed ? "" : math.text; *c; c++) {
    jac_buffer_add_char(out, *c);
    for (size_t k = 0; *c == '\n' && before[k]; k++)
      jac_buffer_add_char(out, ' ');
  }
  if (github)
    jac_buffer_printf(out, "\n%*s```\n\n", (int)strlen(before), "");
  else
    jac_buffer_add(out, "$$\n");
  out->failed = out->failed || math.failed;
  jac_buffer_free(&math);
}

static void add_markdown(const struct jac_derivation *d,
                         const struct jac_options *options, struct jac_buffer *out) {
  for (size_t k = 0; k < shown(d, options); k++) {
    const struct jac_derivation_step *s = &d->step[k];
    /* Translators: the number of a step and its reason, before a formula. */
    jac_buffer_printf(out, _("%zu. %s:"), k + 1, s->reason);
    jac_buffer_add(out, "\n");
    add_display(left_of(d, k), is_gap(s, options) ? "\\ldots" : s->right, "   ", options,
                out);
  }
  if (!options->derivation.ask)
    return;
  jac_buffer_printf(out, "\n<details><summary>%s</summary>\n\n", _("Answers"));
  for (size_t k = 0; k < d->count; k++)
    if (is_gap(&d->step[k], options))
      add_display(left_of(d, k), d->step[k].right, "* ", options, out);
  jac_buffer_add(out, "\n</details>\n");
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  for (size_t v = 0; v < g->subject->variables; v++) {
    jac_buffer_add(&out, v ? "\n" : "");
    if (!v && g->subject->note)
      jac_buffer_printf(&out, "%s\n\n", g->subject->note);
    if (g->subject->variables > 1) {
      jac_buffer_add(&out, "### ");
      jac_buffer_printf(&out, _("Derivative of %s with respect to %s\n"),
                        g->subject->title, g->subject->variable[v]);
      jac_buffer_add(&out, "\n");
    }
    add_markdown(&g->derivation[v], options, &out);
  }
  return jac_format_put(&out, JAC_OK, file, err);
}

static json_t *as_json(const struct jac_derived *subject, size_t v,
                       const struct jac_derivation *d,
                       const struct jac_options *options) {
  json_t *steps = json_array();
  for (size_t k = 0; steps && k < shown(d, options); k++) {
    const struct jac_derivation_step *s = &d->step[k];
    json_array_append_new(steps,
                          json_pack("{s:s, s:s, s:s, s:i, s:f}", "left", s->left, "right",
                                    s->right, "reason", s->reason, "points",
                                    (int)s->points, "max_rel_error", s->error));
  }
  return json_pack("{s:s, s:s, s:o, s:s?}", "subject", subject->title, "wrt",
                   subject->variable[v], "steps", steps, "closed", d->closed);
}

static enum jac_status write_json(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  json_t *all = json_array();
  for (size_t v = 0; all && v < g->subject->variables; v++)
    json_array_append_new(all, as_json(g->subject, v, &g->derivation[v], options));
  return jac_format_json(all, file, err);
}

static const struct jac_format formats[] = {
    {.name = "text", .write = write_text},
    {.name = "latex", .write = write_latex},
    {.name = "markdown", .write = write_markdown},
    {.name = "json", .write = write_json},
    {.name = NULL},
};

static int run(const struct jac_options *options, struct jac_error *err) {
  struct jac_derived *s = calloc(1, sizeof *s);
  struct deriving g = {.subject = s};
  if (!s) {
    jac_fail_memory(err);
    return JAC_EXIT_FAULT;
  }
  enum jac_notation notation =
      options->format->write == write_text
          ? jac_options_style(options).unicode ? JAC_NOTATION_UNICODE : JAC_NOTATION_ASCII
          : JAC_NOTATION_LATEX;
  /* The chain rule reads as one in differentials. */
  enum jac_derivation_style style = options->nspec > 1 && !options->derivation.style_given
                                        ? JAC_DERIVATION_DIFFERENTIAL
                                        : options->derivation.style;
  struct jac_outside outside;
  enum jac_status status = jac_outside_load(options, &outside, err);
  s->library = &outside.library;
  if (status == JAC_OK)
    status = jac_derived_read(s, options, err);
  if (status == JAC_OK && is_second(s, 0) && options->derivation.style_given &&
      style != JAC_DERIVATION_INDEX)
    status = jac_fail(err, JAC_EINPUT,
                      _("--wrt %.60s: second derivatives are worked out entry by entry, "
                        "with --style index"),
                      options->wrt);
  size_t made = 0;
  g.derivation = status == JAC_OK ? calloc(s->variables, sizeof *g.derivation) : NULL;
  if (status == JAC_OK && !g.derivation)
    status = jac_fail_memory(err);
  for (; status == JAC_OK && made < s->variables; made++)
    status = jac_derivation_new(s->definition, s->variable[made], s->size, s->sizes,
                                style, notation, &g.derivation[made], err);
  if (status == JAC_OK)
    status = jac_format_write(options, JAC_LATEX_AMSMATH, &g, err);
  for (size_t k = 0; k < made; k++)
    jac_derivation_free(&g.derivation[k]);
  free(g.derivation);
  free(s);
  jac_outside_free(&outside);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_derive = {
    .name = "derive",
    .usage = N_("SPEC... [OPTIONS]"),
    .summary = N_("work a Jacobian out step by step, every step judged"),
    .details = N_(
        "From the definition to the closed form and to the gradient of any loss, for\n"
        "general sizes. Each line is compared with the one before at random and special\n"
        "values before it is printed."),
    .examples = "  jacobian derive linear --wrt W\n"
                "  jacobian derive softmax\n"
                "  jacobian derive cross-entropy --format latex\n"
                "  jacobian derive linear --style differential --ask\n"
                "  jacobian derive linear tanh linear mse --wrt W_1\n"
                "  jacobian derive --define \"L = norm(A*x - b)^2\" --wrt x\n",
    .formats = formats,
    .network = true,
    .run = run,
};
