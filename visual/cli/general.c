/* show of a module whose sizes are words: the specs read, the map made at sizes that
 * stand for them. What is written is in general_write.c. */
#include "visual/cli/general.h"

#include "jacobian/text.h"
#include "visual/cli/closed.h"
#include "visual/cli/format.h"
#include "visual/cli/general_internal.h"
#include "visual/cli/general_window.h"
#include "visual/cli/variable.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 400 };

/* The length of the size at the start of a spec's sizes; *next: what stands behind the
 * sign that joins it to another. */
static size_t size_length(const char *at, const char **next) {
  const char cross[] = "×";
  size_t length = 0;
  while (at[length] != '\0' && at[length] != ',' && at[length] != 'x' &&
         strncmp(at + length, cross, strlen(cross)) != 0)
    length++;
  *next = at + length;
  if (**next == 'x')
    *next += 1;
  else if (**next != '\0' && **next != ',')
    *next += strlen(cross);
  return length;
}

static const char *sizes_of(const char *spec) {
  size_t name = strcspn(spec, ":,");
  return spec[name] == ':' ? spec + name + 1 : NULL;
}

static bool has_words(const char *spec) {
  const char *at = sizes_of(spec), *next;
  for (; at != NULL && *at != '\0' && *at != ','; at = next) {
    size_t length = size_length(at, &next);
    if (length > 0 && isalpha((unsigned char)*at))
      return true;
    if (next == at)
      break;
  }
  return false;
}

bool jac_general_asked(const struct jac_options *options) {
  if (options->batch_word != NULL || options->annotate ||
      options->what != JAC_WHAT_JACOBIAN)
    return true;
  if (options->define != NULL || options->nspec == 0)
    return false;
  for (size_t k = 0; k < options->nspec; k++)
    if (has_words(options->spec[k]))
      return true;
  if (options->nspec > 1)
    return false;
  char name[JAC_NAME_SIZE];
  struct jac_error quiet;
  snprintf(name, sizeof name, "%.*s", (int)strcspn(options->spec[0], ":,"),
           options->spec[0]);
  const struct jac_module *module = jac_module_find(name, NULL, &quiet);
  return sizes_of(options->spec[0]) == NULL && module != NULL && module->nsize > 0;
}

/* The word of a size as the course has it, of the letters that the table of modules has.
 */
static void course_word(const char *letters, size_t length, char word[JAC_WORD_SIZE]) {
  static const char *const words[][2] = {
      {"IN", "input"}, {"OUT", "output"}, {"H", "hidden"}};
  snprintf(word, JAC_WORD_SIZE, "%.*s", (int)length, letters);
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (strcmp(word, words[k][0]) == 0) {
      snprintf(word, JAC_WORD_SIZE, "%s", words[k][1]);
      return;
    }
  for (char *c = word; *c != '\0'; c++)
    *c = (char)tolower((unsigned char)*c);
}

static enum jac_status add_stand_in(struct jac_general_subject *s, const char *word,
                                    char text[TEXT], struct jac_error *err) {
  for (const char *c = word; *c != '\0'; c++)
    if (!isalnum((unsigned char)*c) && *c != '_')
      return jac_fail(err, JAC_EINPUT,
                      _("'%.40s' is no size: a number or a word of letters is needed"),
                      word);
  size_t size = jac_words_stand_in(&s->words, word), used = strlen(text);
  if (size == 0)
    return jac_fail(err, JAC_ELIMIT,
                    _("'%.40s': at most %d sizes can be words, of %d letters each"), word,
                    JAC_WORDS, JAC_WORD_SIZE - 1);
  snprintf(text + used, TEXT - used, "%zu", size);
  return JAC_OK;
}

/* One size after the other: numbers stay, words become what stands for them; without
 * any, the course's words. */
static enum jac_status add_sizes(struct jac_general_subject *s, const char *given,
                                 char text[TEXT], struct jac_error *err) {
  enum jac_status status = JAC_OK;
  const char *at = given != NULL ? given : s->module->sizes, *next;
  const char *own = s->module->sizes, *own_next;
  for (size_t k = 0; *at != '\0' && *at != ',' && status == JAC_OK; at = next, k++) {
    char word[TEXT], course[JAC_WORD_SIZE] = "";
    size_t length = size_length(at, &next), used = strlen(text);
    size_t letters = own[0] != '\0' ? size_length(own, &own_next) : 0;
    if (letters > 0) {
      course_word(own, letters, course);
      own = own_next;
    }
    snprintf(word, sizeof word, "%.*s", (int)length, at);
    snprintf(text + used, TEXT - used, "%s", k > 0 ? "x" : ":");
    if (given == NULL)
      snprintf(word, sizeof word, "%s", course);
    if (k < JAC_WORDS) {
      snprintf(s->course[k], JAC_WORD_SIZE, "%s", course);
      snprintf(s->own[k], JAC_WORD_SIZE, "%.31s", word);
      s->sizes = k + 1;
    }
    if (isalpha((unsigned char)word[0]))
      status = add_stand_in(s, word, text, err);
    else
      snprintf(text + strlen(text), TEXT - strlen(text), "%s", word);
  }
  return status;
}

/* Whether an option's value is a size that must be said: L. */
static bool is_size(const struct jac_general_subject *s,
                    const struct jac_module_option *o) {
  return o->value != NULL && isupper((unsigned char)o->value[0]) && o->value[1] == '\0' &&
         strchr(s->module->sizes, o->value[0]) == NULL;
}

/* The options as they are given, words for sizes in them, and those sizes that have to be
 * said and are not. */
/* Long: each option that is given, then those that are missing. */
static enum jac_status add_options(struct jac_general_subject *s, const char *given,
                                   bool fill, char text[TEXT], struct jac_error *err) {
  const struct jac_module_option *o = s->module->options;
  enum jac_status status = JAC_OK;
  bool said[JAC_SPEC_OPTIONS] = {false};
  for (const char *at = given; *at == ',' && status == JAC_OK;) {
    size_t length = strcspn(at + 1, ","), name = strcspn(at + 1, "=,"), k = 0;
    for (; o != NULL && o[k].name != NULL && k < JAC_SPEC_OPTIONS; k++)
      if (strlen(o[k].name) == name && strncmp(o[k].name, at + 1, name) == 0) {
        said[k] = true;
        break;
      }
    bool known = o != NULL && k < JAC_SPEC_OPTIONS && o[k].name != NULL;
    bool word = known && is_size(s, &o[k]) && name < length &&
                isalpha((unsigned char)at[name + 2]);
    snprintf(text + strlen(text), TEXT - strlen(text), "%.*s",
             (int)(word ? name + 2 : length + 1), at);
    char value[TEXT];
    snprintf(value, sizeof value, "%.*s", (int)(word ? length - name - 1 : 0),
             word ? at + name + 2 : "");
    if (word)
      status = add_stand_in(s, value, text, err);
    at += length + 1;
  }
  for (size_t k = 0;
       fill && o != NULL && k < JAC_SPEC_OPTIONS && o[k].name != NULL && status == JAC_OK;
       k++)
    if (!said[k] && is_size(s, &o[k])) {
      snprintf(text + strlen(text), TEXT - strlen(text), ",%s=", o[k].name);
      status = add_stand_in(s, o[k].value, text, err);
    }
  return status;
}

/* What is wrong with the spec, without the numbers that stand for its words. */
static enum jac_status say_in_words(const struct jac_general_subject *s,
                                    struct jac_error *err) {
  struct jac_buffer message = JAC_BUFFER_INIT;
  jac_words_add(&s->words, err->message, &message);
  enum jac_status status =
      jac_fail(err, JAC_EINPUT, "%s", message.failed ? _("out of memory") : message.text);
  jac_buffer_free(&message);
  return status;
}

/* The letters of its formulas that are sizes: N, H. */
static void name_letters(struct jac_general_subject *s) {
  for (size_t k = 0; k < s->map->nconstant; k++)
    if (isupper((unsigned char)s->map->constant[k].name[0]))
      jac_words_letter(&s->words, s->map->constant[k].name,
                       (size_t)s->map->constant[k].value);
}

/* Windows have texts of their own, and no map; or none. */
static enum jac_status windows(const struct jac_general_subject *s,
                               const struct jac_options *options, struct jac_error *err) {
  if (jac_general_window_is(options, s->module))
    return JAC_OK;
  return jac_fail(err, JAC_EREFUSED,
                  _("%s has no general form, for its windows overlap: give numbers, as "
                    "in `jacobian show %s`"),
                  options->spec[0], s->module->example);
}

/* The map of the spec, its sizes stood for. */
static enum jac_status make_map(struct jac_general_subject *s,
                                const struct jac_options *options,
                                struct jac_error *err) {
  const char *spec = options->spec[0], *sizes = sizes_of(spec);
  char name[JAC_NAME_SIZE], text[TEXT];
  size_t length = strcspn(spec, ":,"), batch = options->batch;
  snprintf(name, sizeof name, "%.*s", (int)length, spec);
  s->module = jac_module_find(name, &s->outside.library, err);
  if (s->module == NULL)
    return JAC_EINPUT;
  if (s->module->windows)
    return windows(s, options, err);
  if (strlen(spec) > TEXT / 2)
    return jac_fail(err, JAC_EINPUT, _("'%.40s...' is too long for a spec"), spec);
  const char *rest = spec + length;
  rest += sizes != NULL ? strcspn(rest, ",") : 0;
  enum jac_status status = JAC_OK;
  /* At first without the sizes that only some modules must be told: length=L. */
  for (int fill = 0; fill < (sizes == NULL ? 2 : 1); fill++) {
    s->words.count = 0;
    snprintf(text, sizeof text, "%s", name);
    status = add_sizes(s, sizes, text, err);
    if (status == JAC_OK)
      status = add_options(s, rest, fill != 0, text, err);
    const char *word = options->batch_word != NULL ? options->batch_word
                       : sizes == NULL && !options->batch_given && s->words.count > 0
                           ? "batch"
                           : NULL;
    if (status == JAC_OK && word != NULL) {
      char number[TEXT] = "";
      status = add_stand_in(s, word, number, err);
      batch = strtoul(number, NULL, 10);
    }
    if (status != JAC_OK)
      return status;
    const char *specs[] = {text};
    status = jac_network_new(specs, 1, batch, &s->outside.library, &s->map, err);
    if (status == JAC_OK)
      break;
  }
  if (status == JAC_EINPUT)
    return say_in_words(s, err);
  if (status != JAC_OK)
    return status;
  char *own = strdup(spec);
  if (own == NULL)
    return jac_fail_memory(err);
  free(s->map->spec);
  s->map->spec = own;
  name_letters(s);
  return JAC_OK;
}

static enum jac_status choose(struct jac_general_subject *s,
                              const struct jac_options *options, struct jac_error *err) {
  s->wrt = malloc((s->map->nvar + 1) * sizeof *s->wrt);
  if (s->wrt == NULL)
    return jac_fail_memory(err);
  bool one = options->what == JAC_WHAT_DEFINITION || options->what == JAC_WHAT_FORWARD;
  if (options->wrt != NULL || one) {
    s->nwrt = 1;
    s->wrt[0] = 0;
    return options->wrt == NULL ? JAC_OK
                                : jac_variable_find(options, &s->outside.library, s->map,
                                                    options->wrt, s->wrt, err);
  }
  for (size_t v = 0; v < s->map->nvar; v++)
    if (!s->map->var[v].secondary)
      s->wrt[s->nwrt++] = v;
  return JAC_OK;
}

/* The option that would do nothing where sizes are words; NULL: there is none. */
static const char *idle(const struct jac_options *options) {
  return options->seed_given         ? "seed"
         : options->precision_given  ? "precision"
         : options->latex.elide != 0 ? "elide"
         : options->gauss_newton     ? "gauss-newton"
                                     : NULL;
}

/* What sizes that are words leave nothing to do for. */
static enum jac_status can_be_asked(const struct jac_options *options,
                                    struct jac_error *err) {
  if (options->nspec != 1 || options->define != NULL)
    return jac_fail(err, JAC_EINPUT,
                    _("sizes that are words, --what and --annotate are of one module, "
                      "as in `jacobian show linear:nxp`"));
  if ((options->entries_given && options->entries != JAC_ENTRIES_SYMBOLS) ||
      options->nset > 0)
    return jac_fail(err, JAC_EINPUT,
                    _("%s has sizes that are words, so symbols alone: give its sizes as "
                      "numbers for numbers"),
                    options->spec[0]);
  if (idle(options) != NULL)
    return jac_fail(
        err, JAC_EINPUT,
        _("%s has sizes that are words, for which --%s does nothing: leave it "
          "out, or give the sizes as numbers"),
        options->spec[0], idle(options));
  if (options->wrt != NULL && strchr(options->wrt, ',') != NULL)
    return jac_fail(err, JAC_EREFUSED,
                    _("second derivatives have no general form yet: give the sizes as "
                      "numbers"));
  const char *name = options->format->name;
  if (strcmp(name, "text") != 0 && strcmp(name, "latex") != 0 &&
      strcmp(name, "markdown") != 0)
    return jac_fail(err, JAC_EINPUT,
                    _("%s has sizes that are words: it is written as text, latex or "
                      "markdown, not as %s"),
                    options->spec[0], name);
  if (options->latex.style != JAC_LATEX_AMSMATH)
    return jac_fail(err, JAC_EINPUT,
                    _("%s has sizes that are words: --style amsmath alone writes it"),
                    options->spec[0]);
  return JAC_OK;
}

static enum jac_status body(void *context, FILE *file, struct jac_error *err) {
  const struct jac_general_subject *s = context;
  (void)err; /* errors of writing are found where the file is closed */
  fputs(s->text.text, file);
  return JAC_OK;
}

/* Where no dots say what goes on, windows that overlap say: the closed form, or the entry
 * in indices. */
static bool shows_entries(const struct jac_options *options,
                          const struct jac_error *refusal) {
  static const char *const formats[] = {"text", "latex", "markdown"};
  struct jac_error quiet;
  bool written = false;
  for (size_t k = 0; k < sizeof formats / sizeof formats[0]; k++)
    written = written || strcmp(formats[k], options->format->name) == 0;
  if (!written || refusal->status != JAC_EREFUSED || options->nspec != 1 ||
      options->what != JAC_WHAT_JACOBIAN || options->form >= 0 || options->annotate ||
      options->batch_word != NULL || sizes_of(options->spec[0]) != NULL ||
      jac_closed_show(options, &quiet) != JAC_OK)
    return false;
  fprintf(stderr, _("jacobian: %s; what stands there is of one sample\n"),
          refusal->message);
  return true;
}

enum jac_status jac_general_show(const struct jac_options *options,
                                 struct jac_error *err) {
  struct jac_general_subject s = {.options = options, .text = JAC_BUFFER_INIT};
  enum jac_status status = can_be_asked(options, err);
  if (status == JAC_OK)
    status = jac_outside_load(options, &s.outside, err);
  if (status == JAC_OK)
    status = make_map(&s, options, err);
  bool window = status == JAC_OK && s.map == NULL;
  if (window)
    status = jac_general_window_write(&s, err);
  else if (status == JAC_OK)
    status = choose(&s, options, err);
  for (size_t k = 0; k < s.nwrt && status == JAC_OK; k++) {
    jac_buffer_add(&s.text, k > 0 ? "\n" : "");
    status = jac_general_write(&s, s.wrt[k], err);
  }
  if (status == JAC_OK)
    status = jac_buffer_status(&s.text, err);
  if (status == JAC_OK)
    status = jac_format_run(options, options->latex.style, body, &s, err);
  jac_buffer_free(&s.text);
  jac_map_free(s.map);
  free(s.wrt);
  jac_outside_free(&s.outside);
  return status == JAC_EREFUSED && shows_entries(options, err) ? JAC_OK : status;
}
