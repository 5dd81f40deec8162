/* What derive works out: its definition, sizes and variables, from the options. */
#include "visual/cli/derived.h"

#include "jacobian/text.h"
#include "layers/module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_size(struct jac_derived *s, const char *name, const char *rows,
                     const char *cols) {
  if (s->sizes == JAC_DERIVED_SIZES)
    return;
  char(*word)[JAC_DERIVED_NAME] = s->word[s->sizes];
  snprintf(word[0], JAC_DERIVED_NAME, "%.63s", name);
  snprintf(word[1], JAC_DERIVED_NAME, "%.63s", rows);
  snprintf(word[2], JAC_DERIVED_NAME, "%.63s", cols ? cols : "");
  s->size[s->sizes++] =
      (struct jac_derivation_size){word[0], word[1], cols ? word[2] : NULL};
}

/* z=1x3,W=3x2; words are sizes too. A vector without a second size is a row. */
static enum jac_status read_sizes(struct jac_derived *s, const char *text,
                                  struct jac_error *err) {
  while (*text) {
    char part[3 * JAC_DERIVED_NAME];
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

/* Definitions with names for what comes back in the derivative; sizes NULL: z, gamma,
 * beta and y are rows of n. */
static const struct named_definition {
  const char *module, *definition, *sizes, *note;
} named[] = {
    {"layer-norm",
     "c = z - mean(z); s = sqrt(mean(c.^2) + epsilon); y = gamma .* c / s + beta", NULL,
     NULL},
    {"rms-norm", "s = sqrt(mean(z.^2) + epsilon); y = gamma .* z / s", NULL, NULL},
    {"cross-entropy", "s = softmax(z); L = -sum(y .* log(s))", NULL, NULL},
    {"batch-norm",
     "c = z - mean(z); s = sqrt(mean(c.^2) + epsilon); y = gamma * c / s + beta",
     "z=batchx1,gamma=1x1,beta=1x1,epsilon=1x1",
     N_("One feature: z is its column over the batch, gamma and beta are its two "
        "numbers. "
        "The samples meet in the mean and in s; features do not meet.")},
    {"attention", "S = softmax((Q*K')/sqrt(d)); y = S*V", "Q=nxd,K=nxd,V=nxm",
     N_("A row is a token, softmax works row by row. The tokens meet in S, the weights "
        "of each over all.")},
    {"rnn", "y = tanh(z*W + h*U + b)",
     "z=1xinput,W=inputxhidden,h=1xhidden,U=hiddenxhidden,b=1xhidden",
     N_("One step; through time the last state is the next h.")},
};

static const struct named_definition *named_definition(const char *module) {
  for (size_t k = 0; k < sizeof named / sizeof *named; k++)
    if (strcmp(named[k].module, module) == 0)
      return &named[k];
  return NULL;
}

/* A module in the course's sizes: z a row, a batch of rows with --batch. */
static enum jac_status read_module(struct jac_derived *s,
                                   const struct jac_options *options,
                                   struct jac_error *err) {
  char name[JAC_NAME_SIZE];
  const char *spec = options->spec[0];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ",:"), spec);
  const struct jac_module *module = jac_module_find(name, NULL, err);
  if (!module)
    return JAC_EINPUT;
  const struct named_definition *own = named_definition(name);
  if (!module->matrices && !own)
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no definition in vectors and matrices, so no derivation yet"), name);
  bool linear = strcmp(name, "linear") == 0, bias = strstr(spec, ",bias") != NULL;
  snprintf(s->definition, sizeof s->definition, "%s = %s",
           module->matrices && strstr(module->matrices, "y") ? "L" : "y",
           module->matrices ? module->matrices : "");
  bool loss = s->definition[0] == 'L';
  if (own)
    snprintf(s->definition, sizeof s->definition, "%s", own->definition);
  char *plus = strstr(s->definition, " + b");
  if (linear && !bias && plus)
    *plus = '\0';
  if (options->batch > 1 && !linear)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s with a batch has no derivation yet: leave --batch out"), name);
  s->title = spec;
  s->loss = loss;
  if (own && own->note)
    s->note = _(own->note);
  if (own && own->sizes)
    return read_sizes(s, own->sizes, err);
  add_size(s, "z", options->batch > 1 ? "batch" : "1", linear ? "input" : "n");
  if (linear) {
    add_size(s, "W", "input", "output");
    add_size(s, "b", "1", "output");
  } else {
    static const char *const rows[] = {"y", "gamma", "beta", "m", "q"};
    static const char *const numbers[] = {"epsilon", "slope",  "alpha",
                                          "p",       "margin", "a"};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
      if (strcmp(rows[k], "y") != 0 || loss)
        add_size(s, rows[k], "1", "n");
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
      add_size(s, numbers[k], "1", "1");
  }
  return JAC_OK;
}

enum jac_status jac_derived_read(struct jac_derived *s, const struct jac_options *options,
                                 struct jac_error *err) {
  enum jac_status status = JAC_OK;
  if (options->define && options->nspec)
    return jac_fail(err, JAC_EINPUT,
                    _("--define and %.40s: a formula or modules, not both"),
                    options->spec[0]);
  if (options->define) {
    if (strlen(options->define) >= JAC_DERIVED_TEXT)
      return jac_fail(err, JAC_ELIMIT, _("a definition of more than %d bytes"),
                      JAC_DERIVED_TEXT - 1);
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
    snprintf(s->variable[s->variables++], JAC_DERIVED_NAME, "%s", options->wrt);
    return status;
  }
  char name[JAC_DERIVED_NAME];
  struct jac_error why = {.message = ""};
  for (size_t k = 0; status == JAC_OK && s->variables < JAC_DERIVED_VARIABLES &&
                     jac_derivation_variable(s->definition, s->size, s->sizes, k, name,
                                             sizeof name, &why);
       k++) {
    /* A loss's y and a module's constants are given. */
    static const char *const given[] = {"epsilon", "slope", "alpha", "p", "margin", "m"};
    bool skip = !options->define && s->loss && strcmp(name, "y") == 0;
    for (size_t j = 0; j < sizeof given / sizeof *given; j++)
      skip = skip || (!options->define && strcmp(given[j], name) == 0);
    if (!skip)
      snprintf(s->variable[s->variables++], JAC_DERIVED_NAME, "%s", name);
  }
  if (status == JAC_OK && !s->variables)
    status = jac_fail(err, JAC_EINPUT, "%s",
                      why.message[0] ? why.message : _("the definition has no variable"));
  return status;
}
