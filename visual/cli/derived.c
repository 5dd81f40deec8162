/* What derive works out: its definition, sizes and variables, from the options. */
#include "visual/cli/derived.h"

#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/cli/derived_rows.h"

#include <ctype.h>
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
      (struct jac_derivation_size){word[0], word[1], cols ? word[2] : NULL, false};
}

/* The labels of a cross-entropy are shares of 1. */
static void add_shares(struct jac_derived *s, const char *module) {
  for (size_t k = 0; k < s->sizes && strcmp(module, "cross-entropy") == 0; k++)
    s->size[k].shares = strcmp(s->size[k].name, "y") == 0;
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

/* Why the batch is a third dimension, and what becomes of it. */
static const char *batch_note(const struct jac_derived *s, bool loss) {
  if (s->single)
    return _(
        "Row i of y is sample i and sees row i of z alone: this is one row, and every "
        "row is the same. The parameters' gradients add over them.");
  if (loss && strstr(s->definition, ")/batch"))
    return _("Every row of z is a sample with a cost of its own; L is the mean of the "
             "costs. The samples do not meet but in that.");
  if (loss)
    return _(
        "Every row of z is a sample with a cost of its own; L is the sum of the costs. "
        "The samples do not meet, and row i of the gradient is that of sample i.");
  return _(
      "Row i of y is sample i and sees row i of z alone. Its Jacobian has a row for "
      "every output and a column for every entry of the variable: the samples are "
      "a third dimension, a slice for each. As one matrix the slices stand one under "
      "the other; only a loss adds over them.");
}

/* L = ... becomes L = (...)/batch. */
static void over_batch(char definition[JAC_DERIVED_TEXT]) {
  char whole[JAC_DERIVED_TEXT + 16];
  char *cost = strstr(definition, "L = ");
  if (!cost)
    return;
  cost += strlen("L = ");
  snprintf(whole, sizeof whole, "%.*s(%s)/batch", (int)(cost - definition), definition,
           cost);
  snprintf(definition, JAC_DERIVED_TEXT, "%.*s", JAC_DERIVED_TEXT - 1, whole);
}

static int number_of(const char *spec, const char *option, int otherwise) {
  const char *at = strstr(spec, option);
  long n = at ? strtol(at + strlen(option), NULL, 10) : otherwise;
  return n < 0 || n > 999 ? otherwise : (int)n;
}

/* Where the windows of a convolution begin, with its stride, dilation and padding. */
static bool move_windows(char definition[JAC_DERIVED_TEXT], const char *spec) {
  static const char plain[] = "l + k - 1";
  int stride = number_of(spec, ",stride=", 1),
      dilation = number_of(spec, ",dilation=", 1),
      padding = number_of(spec, ",padding=", 0);
  char *at = strstr(definition, plain), whole[JAC_DERIVED_TEXT + 80], first[24] = "l - 1",
       tap[24] = "k", before[24] = "";
  if (!at || (stride == 1 && dilation == 1 && padding == 0))
    return false;
  if (stride != 1)
    snprintf(first, sizeof first, "%d*(l - 1)", stride);
  if (dilation != 1)
    snprintf(tap, sizeof tap, "%d*(k - 1)", dilation);
  int back = padding - (dilation != 1);
  if (back)
    snprintf(before, sizeof before, " %c %d", back > 0 ? '-' : '+', abs(back));
  snprintf(whole, sizeof whole, "%.*s%s + %s%s%s", (int)(at - definition), definition,
           first, tap, before, at + strlen(plain));
  snprintf(definition, JAC_DERIVED_TEXT, "%.*s", JAC_DERIVED_TEXT - 1, whole);
  return true;
}

/* Whether the values of the options can be: each in the module's example, whose sizes may
 * be at fault too, so that only what speaks of the option itself is. */
static enum jac_status options_hold(const struct jac_derived *s,
                                    const struct jac_module *module,
                                    const struct jac_spec *spec, struct jac_error *err) {
  const struct jac_module_place place = {.batch = 2, .library = s->library};
  for (size_t k = 0; k < spec->noption; k++) {
    struct jac_spec example;
    struct jac_error why = {.message = ""};
    struct jac_map *map = NULL;
    char said[2 * JAC_SPEC_WORD + 2];
    snprintf(said, sizeof said, "%s=%s", spec->option[k].name, spec->option[k].value);
    if (jac_spec_read(module->example, &example, &why) != JAC_OK)
      return JAC_OK;
    size_t n = 0;
    while (n < example.noption &&
           strcmp(example.option[n].name, spec->option[k].name) != 0)
      n++;
    if (n == JAC_SPEC_OPTIONS)
      continue;
    example.option[n] = spec->option[k];
    example.noption += n == example.noption;
    enum jac_status status = jac_module_make(&example, &place, &map, &why);
    jac_map_free(map);
    if (status != JAC_OK && strstr(why.message, said))
      return jac_fail(err, status, "%s", why.message);
  }
  return JAC_OK;
}

/* The module of a spec, whose options it has; its sizes may be words, which are another's
 * to read. NULL: there is none, with the reason. */
static const struct jac_module *find_module(const struct jac_derived *s, const char *text,
                                            struct jac_error *err) {
  struct jac_spec spec;
  char sizeless[JAC_DERIVED_TEXT];
  snprintf(sizeless, sizeof sizeless, "%.*s%s", (int)strcspn(text, ":,"), text,
           text + strcspn(text, ","));
  if (jac_spec_read(sizeless, &spec, err) != JAC_OK)
    return NULL;
  const struct jac_module *module = jac_module_find(spec.name, s->library, err);
  return module && jac_module_options(module, &spec, err) == JAC_OK &&
                 options_hold(s, module, &spec, err) == JAC_OK
             ? module
             : NULL;
}

/* A module in the course's sizes: z a row, a batch of rows with --batch. */
static enum jac_status read_module(struct jac_derived *s,
                                   const struct jac_options *options,
                                   struct jac_error *err) {
  char name[JAC_NAME_SIZE];
  const char *spec = options->spec[0];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ",:"), spec);
  const struct jac_module *module = find_module(s, spec, err);
  if (!module)
    return JAC_EINPUT;
  const struct jac_derived_row *own = jac_derived_row(name, spec);
  if (!module->matrices && !own)
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no definition in vectors and matrices, so no derivation yet"), name);
  const char *left = jac_derived_left_out(name, spec);
  if (left)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s with the option %.*s has no derivation yet: leave it out"),
                    name, (int)strcspn(left, "="), left);
  bool linear = strcmp(name, "linear") == 0, bias = strstr(spec, ",bias") != NULL;
  snprintf(s->definition, sizeof s->definition, "%s = %s",
           module->matrices && strstr(module->matrices, "y") ? "L" : "y",
           module->matrices ? module->matrices : "");
  if (own)
    snprintf(s->definition, sizeof s->definition, "%s", own->definition);
  bool moved = strcmp(name, "conv1d") == 0 && move_windows(s->definition, spec);
  /* A note on a letter, "t is the temperature", is of the whole. */
  bool letter = own && own->given &&
                (!own->given[1] || (own->note && own->note[1] == ' ' &&
                                    strchr(own->given, own->note[0]) != NULL));
  s->apart = own && own->note && !letter;
  /* What is said of a mean is said of several. */
  bool several = options->batch > 1 || strstr(spec, ",reduction=");
  const struct jac_derived_batch *many =
      several && !jac_derived_row_is_optional(own) ? jac_derived_batch(name) : NULL;
  if (several && !many)
    return jac_fail(err, JAC_EREFUSED,
                    _("%s with a batch has no derivation yet: leave --batch out"), name);
  s->part = many && many->part;
  s->single =
      many && many->alone && options->wrt && strcmp(options->wrt, many->alone) == 0;
  bool batch = many && !s->single;
  if (batch && many->definition)
    snprintf(s->definition, sizeof s->definition, "%s", many->definition);
  if (strstr(spec, ",reduction=mean"))
    over_batch(s->definition);
  bool loss = strstr(s->definition, "L = ") != NULL;
  size_t length = strlen(s->definition);
  if (!bias && length > 4 && strcmp(s->definition + length - 4, " + b") == 0)
    s->definition[length - 4] = '\0';
  s->title = spec;
  s->loss = loss;
  if (own && own->note)
    s->note = moved
                  ? _("One channel in and out: W is its K taps, and what lies outside z "
                      "counts as 0. Channels in are added up, each channel out has "
                      "taps of its own.")
                  : _(own->note);
  if (many)
    s->note = batch_note(s, loss);
  s->given = own ? own->given : NULL;
  if (batch && many->sizes)
    return read_sizes(s, many->sizes, err);
  if (own && own->sizes)
    return read_sizes(s, own->sizes, err);
  const char *count = batch ? "batch" : "1";
  add_size(s, "z", count, linear ? "input" : "n");
  if (linear) {
    add_size(s, "W", "input", "output");
    add_size(s, "b", "1", "output");
  } else {
    static const char *const rows[] = {"y", "gamma", "beta", "m", "q"};
    static const char *const numbers[] = {"epsilon", "slope",  "alpha",
                                          "p",       "margin", "a"};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
      if (strcmp(rows[k], "y") != 0 || loss)
        add_size(s, rows[k], strlen(rows[k]) == 1 ? count : "1", "n");
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
      add_size(s, numbers[k], "1", "1");
    add_shares(s, name);
  }
  return JAC_OK;
}

/* Whether a module is written with a name: W in z*W. */
static bool has_name(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; (at = strstr(at, name)) != NULL; at += length)
    if ((at == text || !isalnum((unsigned char)at[-1])) &&
        !isalnum((unsigned char)at[length]) && at[length] != '_')
      return true;
  return false;
}

/* text with a whole name in place of another one. */
static void rename_all(char text[JAC_DERIVED_TEXT], const char *name, const char *by) {
  char out[JAC_DERIVED_TEXT];
  size_t length = strlen(name), put = 0;
  for (const char *at = text; *at && put + strlen(by) + 1 < sizeof out;) {
    bool whole = strncmp(at, name, length) == 0 &&
                 (at == text || !isalnum((unsigned char)at[-1])) &&
                 !isalnum((unsigned char)at[length]) && at[length] != '_';
    if (whole) {
      put += (size_t)snprintf(out + put, sizeof out - put, "%s", by);
      at += length;
    } else
      out[put++] = *at++;
  }
  out[put] = '\0';
  snprintf(text, JAC_DERIVED_TEXT, "%s", out);
}

struct chain {
  struct jac_derived *s;
  const struct jac_options *options;
  char last[JAC_DERIVED_NAME], width[JAC_DERIVED_NAME]; /* of what comes out so far */
  size_t linear, linears, at;
};

/* A module's own parameters, numbered where several modules have them. */
static void own_parameters(struct chain *c, char words[JAC_DERIVED_TEXT],
                           const char *wide) {
  static const char *const parameters[] = {"W", "b", "gamma", "beta"};
  char own[JAC_DERIVED_NAME];
  for (size_t k = 0; k < sizeof parameters / sizeof *parameters; k++) {
    if (!has_name(words, parameters[k]))
      continue;
    if (c->linears > 1 || k > 1)
      snprintf(own, sizeof own, "%s_%zu", parameters[k], k > 1 ? c->at + 1 : c->linear);
    else
      snprintf(own, sizeof own, "%s", parameters[k]);
    rename_all(words, parameters[k], own);
    add_size(c->s, own, k == 0 ? c->width : "1", wide);
  }
}

/* One more module: its words with what came before in place of z. */
static enum jac_status link(struct chain *c, struct jac_error *err) {
  char name[JAC_NAME_SIZE], words[JAC_DERIVED_TEXT], out[JAC_DERIVED_NAME],
      wide[JAC_DERIVED_NAME];
  const char *spec = c->options->spec[c->at];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ",:"), spec);
  const struct jac_module *module = find_module(c->s, spec, err);
  if (!module)
    return JAC_EINPUT;
  if (!module->matrices)
    return jac_fail(
        err, JAC_EREFUSED,
        _("%s has no definition in vectors and matrices, so no derivation yet"), name);
  snprintf(words, sizeof words, "%s", module->matrices);
  bool linear = strcmp(name, "linear") == 0, end = c->at + 1 == c->options->nspec;
  bool loss = end && has_name(words, "y");
  char *plus = strstr(words, " + b");
  if (linear && plus && !strstr(spec, ",bias"))
    *plus = '\0';
  c->linear += linear;
  if (linear) {
    if (c->linear == c->linears)
      snprintf(wide, sizeof wide, "output");
    else
      snprintf(wide, sizeof wide, "n_%zu", c->linear);
  } else
    snprintf(wide, sizeof wide, "%s", c->width);
  own_parameters(c, words, wide);
  rename_all(words, "z", c->last);
  if (loss)
    add_size(c->s, "y", "1", c->width);
  add_shares(c->s, name);
  if (end)
    snprintf(out, sizeof out, "%s", loss ? "L" : "y");
  else
    snprintf(out, sizeof out, "h_%zu", c->at + 1);
  size_t length = strlen(c->s->definition);
  int wrote = snprintf(c->s->definition + length, JAC_DERIVED_TEXT - length, "%s%s = %s",
                       length ? "; " : "", out, words);
  if (wrote < 0 || length + (size_t)wrote >= JAC_DERIVED_TEXT)
    return jac_fail(err, JAC_ELIMIT, _("a definition of more than %d bytes"),
                    JAC_DERIVED_TEXT - 1);
  snprintf(c->last, sizeof c->last, "%s", out);
  snprintf(c->width, sizeof c->width, "%s", wide);
  c->s->loss = loss;
  return JAC_OK;
}

/* Word k of a list with spaces between; false: it has fewer. */
static bool word_of(const char *list, size_t k, char word[JAC_DERIVED_NAME]) {
  for (; k > 0; k--) {
    list += strcspn(list, " ");
    list += strspn(list, " ");
  }
  snprintf(word, JAC_DERIVED_NAME, "%.*s", (int)strcspn(list, " "), list);
  return *word != '\0';
}

/* Modules in a row: what comes out of each has a name, and so the chain rule goes module
 * by module. */
static enum jac_status read_network(struct jac_derived *s,
                                    const struct jac_options *options,
                                    struct jac_error *err) {
  struct chain c = {.s = s, .options = options, .last = "z", .width = "input"};
  size_t put = 0;
  for (size_t k = 0; k < options->nspec; k++) {
    const char *spec = options->spec[k];
    c.linears += strncmp(spec, "linear", 6) == 0 && strchr(":,", spec[6]) != NULL;
    int wrote =
        snprintf(s->network + put, sizeof s->network - put, "%s%s", k ? " " : "", spec);
    put =
        wrote > 0 && put + (size_t)wrote < sizeof s->network ? put + (size_t)wrote : put;
  }
  s->title = s->network;
  s->note = _("The chain rule, module by module: h_1, h_2 ... are what the modules hand "
              "on. The derivation of each alone is that of `jacobian derive MODULE`.");
  add_size(s, "z", "1", "input");
  enum jac_status status = JAC_OK;
  for (; c.at < options->nspec && status == JAC_OK; c.at++)
    status = link(&c, err);
  return status;
}
/* The names of a definition that a module's variable has there: "W_r W_u W_n" of gru's W.
 * JAC_EINPUT: it is a bias that is left out. */
static enum jac_status own_names(const struct jac_derived *s, const char *spec,
                                 const char *wrt, const char **names,
                                 struct jac_error *err) {
  char name[JAC_NAME_SIZE];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, ",:"), spec);
  const char *own = jac_derived_names(name, wrt);
  const struct jac_module *module = jac_module_find(name, s->library, err);
  const struct jac_derived_row *row = jac_derived_row(name, spec);
  const char *whole = row ? row->definition : module ? module->matrices : NULL;
  if (strcmp(wrt, "b") == 0 && !own && !has_name(s->definition, "b") && whole &&
      has_name(whole, "b"))
    return jac_fail(err, JAC_EINPUT, _("%s has no b: it is there with the option bias"),
                    spec);
  char first[JAC_DERIVED_NAME];
  if (own && word_of(own, 0, first) && !has_name(s->definition, first))
    return jac_fail(err, JAC_EREFUSED, _("%s has no derivation with respect to %s yet"),
                    spec, wrt);
  *names = own ? own : wrt;
  return JAC_OK;
}

/* The variables of --wrt, or its pairs, each once; of one module by the names that it has
 * in the definition. */
static enum jac_status asked(struct jac_derived *s, const struct jac_options *options,
                             struct jac_error *err) {
  const char *comma = strchr(options->wrt, ','), *names[2] = {NULL, NULL};
  char part[2][JAC_DERIVED_NAME], word[2][JAC_DERIVED_NAME];
  enum jac_status status = JAC_OK;
  size_t parts = comma && !strchr(comma + 1, ',') ? 2 : 1;
  snprintf(part[0], sizeof part[0], "%.*s",
           (int)(parts == 2 ? (size_t)(comma - options->wrt) : strlen(options->wrt)),
           options->wrt);
  snprintf(part[1], sizeof part[1], "%s", parts == 2 ? comma + 1 : "");
  for (size_t k = 0; k < parts && status == JAC_OK; k++) {
    names[k] = part[k];
    if (options->nspec == 1)
      status = own_names(s, options->spec[0], part[k], &names[k], err);
  }
  bool same = parts == 2 && strcmp(part[0], part[1]) == 0;
  for (size_t i = 0; status == JAC_OK && word_of(names[0], i, word[0]); i++) {
    if (parts == 1 && s->variables < JAC_DERIVED_VARIABLES)
      snprintf(s->variable[s->variables++], JAC_DERIVED_NAME, "%s", word[0]);
    for (size_t k = same ? i : 0; parts == 2 && word_of(names[1], k, word[1]); k++)
      if (s->variables < JAC_DERIVED_VARIABLES)
        snprintf(s->variable[s->variables++], JAC_DERIVED_NAME, "%.30s,%.30s", word[0],
                 word[1]);
  }
  return status;
}

/* Where a name stands among the sizes, which are in the order of the module's variables.
 */
static size_t place_of(const struct jac_derived *s, const char *name) {
  size_t k = 0;
  while (k < s->sizes && strcmp(s->size[k].name, name) != 0)
    k++;
  return k;
}

/* What a module takes first comes first, z before gamma, in whatever order they stand in
 * the definition. */
static void in_order(struct jac_derived *s) {
  char moved[JAC_DERIVED_NAME];
  for (size_t k = 1; k < s->variables; k++)
    for (size_t n = k;
         n > 0 && place_of(s, s->variable[n]) < place_of(s, s->variable[n - 1]); n--) {
      memcpy(moved, s->variable[n], sizeof moved);
      memcpy(s->variable[n], s->variable[n - 1], sizeof moved);
      memcpy(s->variable[n - 1], moved, sizeof moved);
    }
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
  else if (options->nspec > 1 && options->batch <= 1)
    status = read_network(s, options, err);
  else
    status = jac_fail(err, JAC_EINPUT,
                      options->nspec
                          ? _("derive takes one sample of a network: leave --batch out")
                          : _("derive what? A module, or --define FORMULA"));
  if (status == JAC_OK && options->wrt)
    return asked(s, options, err);
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
    skip = skip || (s->given && has_name(s->given, name));
    if (!skip)
      snprintf(s->variable[s->variables++], JAC_DERIVED_NAME, "%s", name);
  }
  if (!options->define)
    in_order(s);
  if (status == JAC_OK && !s->variables)
    status = jac_fail(err, JAC_EINPUT, "%s",
                      why.message[0] ? why.message : _("the definition has no variable"));
  return status;
}
