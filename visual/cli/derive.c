/* jacobian derive: works a Jacobian out, step by step. */
#include "jacobian/algebra/derivation.h"
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/command.h"
#include "visual/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 24, LONGEST = 64, TEXT = 400, VARIABLES = 12 };

/* What is derived: a definition, its sizes, the variables. */
struct subject {
  char definition[TEXT];
  const char *title;
  bool loss; /* a module's y is given */
  struct jac_derivation_size size[SIZES];
  char word[SIZES][3][LONGEST];
  size_t sizes;
  char variable[VARIABLES][LONGEST];
  size_t variables;
};

static void add_size(struct subject *s, const char *name, const char *rows,
                     const char *cols) {
  if (s->sizes == SIZES)
    return;
  char(*word)[LONGEST] = s->word[s->sizes];
  snprintf(word[0], LONGEST, "%.63s", name);
  snprintf(word[1], LONGEST, "%.63s", rows);
  snprintf(word[2], LONGEST, "%.63s", cols ? cols : "");
  s->size[s->sizes++] =
      (struct jac_derivation_size){word[0], word[1], cols ? word[2] : NULL};
}

/* z=1x3,W=3x2; words are sizes too. A vector without a second size is a row. */
static enum jac_status read_sizes(struct subject *s, const char *text,
                                  struct jac_error *err) {
  while (*text) {
    char part[3 * LONGEST];
    size_t length = strcspn(text, ",");
    snprintf(part, sizeof part, "%.*s", (int)length, text);
    char *equals = strchr(part, '=');
    if (!equals || equals == part || !equals[1])
      return jac_fail(err, JAC_EINPUT,
                      _("--size '%.60s': NAME=SIZE with a size such as 3x2, nxd"), text);
    *equals = '\0';
    char *cross = strchr(equals + 1, 'x');
    if (cross)
      *cross = '\0';
    add_size(s, part, cross ? equals + 1 : "1", cross ? cross + 1 : equals + 1);
    text += length + (text[length] == ',');
  }
  return JAC_OK;
}

/* Definitions with names for what comes back in the derivative. */
static const char *named_definition(const char *module) {
  static const char *const rows[][2] = {
      {"layer-norm", "c = z - mean(z); s = sqrt(mean(c.^2) + epsilon); "
                     "y = gamma .* c / s + beta"},
      {"rms-norm", "s = sqrt(mean(z.^2) + epsilon); y = gamma .* z / s"},
      {"cross-entropy", "s = softmax(z); L = -sum(y .* log(s))"},
  };
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
    if (strcmp(rows[k][0], module) == 0)
      return rows[k][1];
  return NULL;
}

/* A module in the course's sizes: z a row, a batch of rows with --batch. */
static enum jac_status read_module(struct subject *s, const struct jac_options *options,
                                   struct jac_error *err) {
  char name[JAC_NAME_SIZE];
  const char *spec = options->spec[0];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ",:"), spec);
  const struct jac_module *module = jac_module_find(name, NULL, err);
  if (!module)
    return JAC_EINPUT;
  if (!module->matrices)
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no definition in vectors and matrices, so no derivation yet"), name);
  bool linear = strcmp(name, "linear") == 0, bias = strstr(spec, ",bias") != NULL;
  snprintf(s->definition, sizeof s->definition, "%s = %s",
           strstr(module->matrices, "y") ? "L" : "y", module->matrices);
  bool loss = s->definition[0] == 'L';
  if (named_definition(name))
    snprintf(s->definition, sizeof s->definition, "%s", named_definition(name));
  char *plus = strstr(s->definition, " + b");
  if (linear && !bias && plus)
    *plus = '\0';
  if (options->batch > 1 && !linear)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s with a batch has no derivation yet: leave --batch out"), name);
  add_size(s, "z", options->batch > 1 ? "batch" : "1", linear ? "input" : "n");
  if (linear) {
    add_size(s, "W", "input", "output");
    add_size(s, "b", "1", "output");
  } else {
    static const char *const rows[] = {"y", "gamma", "beta", "m"};
    static const char *const numbers[] = {"epsilon", "slope",  "alpha",
                                          "p",       "margin", "a"};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
      if (strcmp(rows[k], "y") != 0 || loss)
        add_size(s, rows[k], "1", "n");
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
      add_size(s, numbers[k], "1", "1");
  }
  s->title = spec;
  s->loss = loss;
  return JAC_OK;
}

static enum jac_status read_subject(struct subject *s, const struct jac_options *options,
                                    struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (options->define && options->nspec)
    return jac_fail(err, JAC_EINPUT,
                    _("--define and %.40s: a formula or modules, not both"),
                    options->spec[0]);
  if (options->define) {
    if (strlen(options->define) >= TEXT)
      return jac_fail(err, JAC_ELIMIT, _("a definition of more than %d bytes"), TEXT - 1);
    snprintf(s->definition, sizeof s->definition, "%s", options->define);
    s->title = options->define;
    for (size_t k = 0; k < options->nsize && status == JAC_OK; k++)
      status = read_sizes(s, options->size[k], err);
  } else if (options->nspec == 1)
    status = read_module(s, options, err);
  else
    status = jac_fail(err, JAC_EINPUT,
                      options->nspec ? _("derive takes one module, or --define")
                                     : _("derive what? A module, or --define FORMULA"));
  if (status == JAC_OK && options->wrt) {
    snprintf(s->variable[s->variables++], LONGEST, "%s", options->wrt);
    return status;
  }
  char name[LONGEST];
  struct jac_error why = {.message = ""};
  for (size_t k = 0; status == JAC_OK && s->variables < VARIABLES &&
                     jac_derivation_variable(s->definition, s->size, s->sizes, k, name,
                                             sizeof name, &why);
       k++) {
    /* A loss's y and a module's constants are given. */
    static const char *const given[] = {"epsilon", "slope", "alpha", "p", "margin", "m"};
    bool skip = !options->define && s->loss && strcmp(name, "y") == 0;
    for (size_t j = 0; j < sizeof given / sizeof *given; j++)
      skip = skip || (!options->define && strcmp(given[j], name) == 0);
    if (!skip)
      snprintf(s->variable[s->variables++], LONGEST, "%s", name);
  }
  if (status == JAC_OK && !s->variables)
    status = jac_fail(err, JAC_EINPUT, "%s",
                      why.message[0] ? why.message : _("the definition has no variable"));
  return status;
}

/* What one run writes. */
struct deriving {
  const struct subject *subject;
  struct jac_derivation *derivation; /* one a variable, in the format's notation */
};

static enum jac_status write_text(void *what, const struct jac_options *options,
                                  FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  (void)options;
  for (size_t v = 0; v < g->subject->variables; v++) {
    const struct jac_derivation *d = &g->derivation[v];
    jac_buffer_printf(&out, v ? "\n" : "");
    jac_buffer_printf(&out, _("Derivative of %s with respect to %s\n"), g->subject->title,
                      g->subject->variable[v]);
    for (size_t k = 0; k < d->count; k++) {
      const struct jac_derivation_step *s = &d->step[k];
      jac_buffer_printf(&out, "\n  %zu. %s%s= %s\n     %s\n", k + 1, s->left,
                        *s->left ? " " : "", s->right, s->reason);
    }
    if (!d->closed)
      jac_buffer_add(&out,
                     _("\n  There is no closed form in matrices: the entries are the "
                       "result.\n"));
  }
  return jac_format_put(&out, JAC_OK, file, err);
}

static void add_latex(const struct jac_derivation *d, struct jac_buffer *out) {
  jac_buffer_add(out, "\\begin{align*}\n");
  for (size_t k = 0; k < d->count; k++) {
    const struct jac_derivation_step *s = &d->step[k];
    if (k)
      jac_buffer_printf(out, "  \\intertext{%s:}\n", s->reason);
    jac_buffer_printf(out, "  %s &= %s%s\n", s->left, s->right,
                      k + 1 < d->count ? " \\\\" : "");
  }
  jac_buffer_add(out, "\\end{align*}\n");
}

static enum jac_status write_latex(void *what, const struct jac_options *options,
                                   FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  (void)options;
  for (size_t v = 0; v < g->subject->variables; v++)
    add_latex(&g->derivation[v], &out);
  return jac_format_put(&out, JAC_OK, file, err);
}

static enum jac_status write_markdown(void *what, const struct jac_options *options,
                                      FILE *file, struct jac_error *err) {
  const struct deriving *g = what;
  struct jac_buffer out = JAC_BUFFER_INIT;
  (void)options;
  for (size_t v = 0; v < g->subject->variables; v++) {
    const struct jac_derivation *d = &g->derivation[v];
    for (size_t k = 0; k < d->count; k++) {
      const struct jac_derivation_step *s = &d->step[k];
      jac_buffer_printf(&out, "%s%zu. %s:\n   $$%s = %s$$\n", k || !v ? "" : "\n", k + 1,
                        s->reason, *s->left ? s->left : d->step[k - 1].left, s->right);
    }
  }
  return jac_format_put(&out, JAC_OK, file, err);
}

static json_t *as_json(const struct subject *subject, size_t v,
                       const struct jac_derivation *d) {
  json_t *steps = json_array();
  for (size_t k = 0; steps && k < d->count; k++) {
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
  (void)options;
  for (size_t v = 0; all && v < g->subject->variables; v++)
    json_array_append_new(all, as_json(g->subject, v, &g->derivation[v]));
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
  struct subject *s = calloc(1, sizeof *s);
  struct deriving g = {.subject = s};
  if (!s) {
    jac_fail_memory(err);
    return JAC_EXIT_FAULT;
  }
  enum jac_notation notation =
      options->format->write == write_text
          ? jac_options_style(options).unicode ? JAC_NOTATION_UNICODE : JAC_NOTATION_ASCII
          : JAC_NOTATION_LATEX;
  enum jac_status status = read_subject(s, options, err);
  size_t made = 0;
  g.derivation = status == JAC_OK ? calloc(s->variables, sizeof *g.derivation) : NULL;
  if (status == JAC_OK && !g.derivation)
    status = jac_fail_memory(err);
  for (; status == JAC_OK && made < s->variables; made++)
    status = jac_derivation_new(s->definition, s->variable[made], s->size, s->sizes,
                                notation, &g.derivation[made], err);
  if (status == JAC_OK)
    status = jac_format_write(options, JAC_LATEX_AMSMATH, &g, err);
  for (size_t k = 0; k < made; k++)
    jac_derivation_free(&g.derivation[k]);
  free(g.derivation);
  free(s);
  return status == JAC_OK ? JAC_EXIT_OK : JAC_EXIT_FAULT;
}

const struct jac_command jac_command_derive = {
    .name = "derive",
    .usage = N_("SPEC [OPTIONS]"),
    .summary = N_("work a Jacobian out step by step, every step judged"),
    .details = N_(
        "From the definition to the closed form and to the gradient of any loss, for\n"
        "general sizes. Each line is compared with the one before at random and special\n"
        "values before it is printed."),
    .examples = "  jacobian derive linear --wrt W\n"
                "  jacobian derive softmax\n"
                "  jacobian derive cross-entropy --format latex\n"
                "  jacobian derive --define \"L = norm(A*x - b)^2\" --wrt x\n",
    .formats = formats,
    .run = run,
};
