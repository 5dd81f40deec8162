#include "visual/cli/netfile.h"
#include "visual/cli/arguments.h"

#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "visual/cli/language.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 96 };

/* What one command line has said so far. */
struct reading {
  const struct jac_command *command;
  struct jac_options *options;
  bool known[MOST];       /* of each row: whether the command has it */
  bool given[MOST];       /* whether it was given, */
  const char *said[MOST]; /* and with what value */
};

static enum jac_status bad_value(const struct jac_option *o, const char *word,
                                 const char *needs, struct jac_error *err) {
  return jac_fail(err, JAC_EINPUT, _("--%s %.60s: %s is needed"), o->name, word, needs);
}

/* Fields are of several types of several sizes. */
static void store(void *field, size_t size, size_t value) {
  bool flag = value != 0;
  int number = (int)value;
  memcpy(field,
         size == sizeof flag     ? (void *)&flag
         : size == sizeof number ? (void *)&number
                                 : (void *)&value,
         size);
}

static enum jac_status read_count(const struct jac_option *o, const char *word,
                                  void *field, struct jac_error *err) {
  char *end = NULL, needs[160];
  errno = 0;
  unsigned long value = *word >= '0' && *word <= '9' ? strtoul(word, &end, 10) : 0;
  if (o->word != NULL && strcmp(word, o->word) == 0)
    value = o->word_value;
  else if (end == NULL || *end != '\0' || errno != 0 || value < o->least ||
           value > o->most) {
    snprintf(needs, sizeof needs, _("a whole number from %lu to %lu"), o->least, o->most);
    if (o->word != NULL)
      snprintf(needs + strlen(needs), sizeof needs - strlen(needs), _(", or %s,"),
               o->word);
    return bad_value(o, word, needs, err);
  }
  store(field, o->size, value);
  return JAC_OK;
}

static enum jac_status read_real(const struct jac_option *o, const char *word,
                                 double *field, struct jac_error *err) {
  char *end, needs[100];
  double value = strtod(word, &end);
  if (end == word || *end != '\0' ||
      !(value > (double)o->least && value < (double)o->most)) {
    snprintf(needs, sizeof needs, _("a number between %lu and %lu, such as 1e-6"),
             o->least, o->most);
    return bad_value(o, word, needs, err);
  }
  *field = value;
  return JAC_OK;
}

static enum jac_status read_bytes(const struct jac_option *o, const char *word,
                                  size_t *field, struct jac_error *err) {
  static const char units[] = "KMGT";
  char *end;
  errno = 0;
  unsigned long long value = *word >= '1' && *word <= '9' ? strtoull(word, &end, 10) : 0;
  unsigned shift = 0;
  if (value > 0 && *end != '\0' && strchr(units, *end) != NULL)
    shift = 10 * (unsigned)(strchr(units, *end++) - units + 1);
  if (value == 0 || errno != 0 || *end != '\0' || value > (SIZE_MAX >> shift))
    return bad_value(o, word, _("a size such as 500M or 8G"), err);
  *field = (size_t)value << shift;
  return JAC_OK;
}

/* What a line of that width holds: a little less, for widths are estimated. */
static enum jac_status read_length(const struct jac_option *o, const char *word,
                                   struct jac_latex_paper *field, struct jac_error *err) {
  static const struct {
    const char *name;
    double points, lines;
  } words[] = {{"article", 345.0, 0.0}, {"column", 225.0, 0.0}, {"beamer", 280.0, 14.0}},
    units[] = {
        {"cm", 28.4528, 0.0}, {"mm", 2.84528, 0.0}, {"in", 72.27, 0.0}, {"pt", 1.0, 0.0}};
  const double held = 0.957;
  char *end;
  double value = strtod(word, &end);
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (strcmp(word, words[k].name) == 0) {
      *field = (struct jac_latex_paper){held * words[k].points, words[k].lines};
      return JAC_OK;
    }
  for (size_t k = 0; end > word && k < sizeof units / sizeof units[0]; k++)
    if (strcmp(end, units[k].name) == 0 && value * units[k].points >= 60.0 &&
        value * units[k].points <= 6000.0) {
      *field = (struct jac_latex_paper){held * value * units[k].points, 0.0};
      return JAC_OK;
    }
  return bad_value(o, word, _("a width such as 8cm, column or beamer"), err);
}

/* "F, C": the words of a list, each behind the same. */
static void add_list(const char *words, const char *before, struct jac_buffer *out) {
  size_t length, count = 0;
  for (const char *at = words; (at = jac_words_next(at, &length)) != NULL; at += length)
    jac_buffer_printf(out, "%s%s%.*s", count++ > 0 ? ", " : "", before, (int)length, at);
}

static enum jac_status read_choice(const struct jac_option *o, const char *word,
                                   void *field, struct jac_error *err) {
  enum { LONGEST = 24, WORDS = 24 };
  char text[WORDS][LONGEST];
  const char *names[WORDS];
  size_t count = 0, length;
  for (const char *at = o->choices;
       (at = jac_words_next(at, &length)) != NULL && count < WORDS; at += length) {
    snprintf(text[count], LONGEST, "%.*s", (int)length, at);
    names[count] = text[count];
    if (strcmp(text[count], word) == 0) {
      store(field, o->size, count);
      return JAC_OK;
    }
    count++;
  }
  const char *near = jac_suggest(word, names, count);
  struct jac_buffer list = JAC_BUFFER_INIT;
  add_list(o->choices, "", &list);
  enum jac_status status =
      near != NULL ? jac_fail(err, JAC_EINPUT, _("--%s %.60s: did you mean %s? (%s)"),
                              o->name, word, near, list.text)
                   : jac_fail(err, JAC_EINPUT, _("--%s %.60s: one of %s is needed"),
                              o->name, word, list.text);
  jac_buffer_free(&list);
  return status;
}

/* One more word in a list that grows. */
static enum jac_status read_list(const struct jac_option *o, const char *word,
                                 const char ***field, size_t *count,
                                 struct jac_error *err) {
  if (o->example != NULL && (strchr(word, '=') == NULL || *word == '='))
    return bad_value(o, word, _(o->example), err);
  for (size_t k = 0; k < *count && o->example != NULL; k++) {
    size_t length = strcspn(word, "=") + 1;
    if (strncmp((*field)[k], word, length) == 0)
      return jac_fail(
          err, JAC_EINPUT, _("--%s %.*s is given twice, %.60s and %.60s: leave one out"),
          o->name, (int)length - 1, word, (*field)[k] + length, word + length);
  }
  const char **more = realloc(*field, (*count + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(err);
  *field = more;
  more[(*count)++] = word;
  return JAC_OK;
}

/* An assignment without the blanks around its =, or without any where its values have
 * none: a copy that the options own, where there are such blanks. */
static enum jac_status close_up(const struct jac_option *o, struct jac_options *options,
                                const char **word, struct jac_error *err) {
  const char *equals = o->example != NULL ? strchr(*word, '=') : NULL;
  if (equals == NULL || strchr(*word, ' ') == NULL)
    return JAC_OK;
  char **more = realloc(options->owned, (options->nowned + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(err);
  options->owned = more;
  char *copy = malloc(strlen(*word) + 1), *to = copy;
  if (copy == NULL)
    return jac_fail_memory(err);
  const char *values = equals + 1 + strspn(equals + 1, " ");
  for (const char *at = *word; *at != '\0'; at++)
    if (*at != ' ' || (at >= values && !o->tight))
      *to++ = *at;
  *to = '\0';
  options->owned[options->nowned++] = copy;
  *word = copy;
  return JAC_OK;
}

/* A variable, or two for second derivatives. */
static enum jac_status read_variable(const struct jac_option *o, const char *word,
                                     const char **field, struct jac_error *err) {
  const char *second = strchr(word, ','),
             *third = second ? strchr(second + 1, ',') : NULL;
  if (third != NULL)
    return jac_fail(err, JAC_EINPUT,
                    _("--%s %.60s: two variables at most, as in --%s %.*s"), o->name,
                    word, o->name, (int)(third - word), word);
  *field = word;
  return JAC_OK;
}

/* Reads a value into its field; word is NULL for a flag. */
static enum jac_status read_value(const struct jac_option *o, const char *word,
                                  struct jac_options *options, struct jac_error *err) {
  char *base = (char *)options;
  void *field = base + o->at;
  if (o->given_at != 0)
    *(bool *)(base + o->given_at) = true;
  switch (o->type) {
  case JAC_OPTION_FLAG:
    store(field, o->size, 1);
    return JAC_OK;
  case JAC_OPTION_VARIABLE:
    return read_variable(o, word, field, err);
  case JAC_OPTION_WORD:
  case JAC_OPTION_INPUT:
    *(const char **)field = word;
    return JAC_OK;
  case JAC_OPTION_OUTPUT:
    *(const char **)field = strcmp(word, "-") == 0 ? NULL : word;
    return JAC_OK;
  case JAC_OPTION_LIST:
    return read_list(o, word, field, (size_t *)(void *)(base + o->count_at), err);
  case JAC_OPTION_COUNT:
    return read_count(o, word, field, err);
  case JAC_OPTION_REAL:
    return read_real(o, word, field, err);
  case JAC_OPTION_LENGTH:
    return read_length(o, word, field, err);
  case JAC_OPTION_NOTATION:
    if (!jac_latex_notation(word))
      return bad_value(o, word, _("NAME=NAME, ..., as in 'z^{k-1}=x, W=\\Theta'"), err);
    *(const char **)field = word;
    return JAC_OK;
  case JAC_OPTION_BYTES:
    return read_bytes(o, word, field, err);
  case JAC_OPTION_CHOICE:
    return read_choice(o, word, field, err);
  case JAC_OPTION_LANGUAGE:
    return jac_language_set(word, err);
  case JAC_OPTION_FORMAT:
    break; /* chosen at the end, when the output's ending is known */
  }
  return JAC_OK;
}

/* Whether another command's option would be taken for a short form of this one's: --form
 * for --format. */
static bool looks_short(const struct reading *r, const char *name) {
  const struct jac_option *o;
  bool looks = false;
  for (size_t k = 0; (o = jac_option_row(k)) != NULL; k++) {
    if (!r->known[k])
      continue;
    if (strcmp(o->name, name) == 0)
      return false;
    looks = looks || strncmp(o->name, name, strlen(name)) == 0;
  }
  return looks;
}

/* The table for getopt_long: the options that the command knows, and those that it must
 * not take for them; val is the row. */
static void fill_long(const struct reading *r, struct option table[MOST + 1]) {
  const struct jac_option *o;
  size_t count = 0;
  for (int k = 0; (o = jac_option_row((size_t)k)) != NULL; k++)
    if (r->known[k] || looks_short(r, o->name))
      table[count++] = (struct option){
          o->name, o->value != NULL ? required_argument : no_argument, NULL, 256 + k};
  table[count] = (struct option){NULL, 0, NULL, 0};
}

/* The commands that do have the option, "show, check": false where there is none. */
static bool find_owners(const char *option, char *list, size_t size) {
  const struct jac_option *o;
  list[0] = '\0';
  for (size_t c = 0; c < jac_command_count(); c++)
    for (size_t k = 0; (o = jac_option_at(jac_command_at(c)->name, k)) != NULL; k++)
      if (strcmp(o->name, option) == 0)
        snprintf(list + strlen(list), size - strlen(list), "%s%s",
                 list[0] != '\0' ? ", " : "", jac_command_at(c)->name);
  return list[0] != '\0';
}

static enum jac_status unknown_option(const char *word, const struct jac_command *command,
                                      struct jac_error *err) {
  const struct jac_option *o;
  const char *names[MOST];
  char stem[64], owners[200];
  size_t count = 0;
  for (size_t k = 0; (o = jac_option_at(command->name, k)) != NULL; k++)
    names[count++] = o->name;
  snprintf(stem, sizeof stem, "%.*s", (int)strcspn(word, "="), word);
  bool two = strncmp(stem, "--", 2) == 0;
  for (size_t k = 0; two && k < count; k++)
    if (strcmp(names[k], stem + 2) == 0)
      return jac_fail(err, JAC_EINPUT, _("the option %s takes no value: leave %.60s out"),
                      stem, word + strlen(stem));
  if (two && find_owners(stem + 2, owners, sizeof owners))
    return jac_fail(err, JAC_EINPUT,
                    _("%s has no option %s, it belongs to %s: see "
                      "`jacobian %s --help`"),
                    command->name, stem, owners, command->name);
  const char *near = two ? jac_suggest(stem + 2, names, count) : NULL;
  if (near != NULL)
    return jac_fail(err, JAC_EINPUT, _("%s has no option %s: did you mean --%s?"),
                    command->name, stem, near);
  return jac_fail(err, JAC_EINPUT, _("%s has no option %s: see `jacobian %s --help`"),
                  command->name, stem, command->name);
}

/* Takes one option; what is said twice is not guessed at. */
static enum jac_status take(struct reading *r, size_t row, const char *word,
                            struct jac_error *err) {
  const struct jac_option *o = jac_option_row(row);
  if (r->given[row] && o->type == JAC_OPTION_FLAG)
    return jac_fail(err, JAC_EINPUT, _("--%s is given twice: leave one out"), o->name);
  if (r->given[row] && o->type != JAC_OPTION_LIST)
    return jac_fail(err, JAC_EINPUT,
                    _("--%s is given twice, %.60s and %.60s: leave one out"), o->name,
                    r->said[row], word);
  r->given[row] = true;
  r->said[row] = word;
  if (o->words_at != 0 && isalpha((unsigned char)*word) &&
      jac_words_have(o->words_of, r->command->name, strlen(r->command->name))) {
    *(const char **)(void *)((char *)r->options + o->words_at) = word;
    return JAC_OK;
  }
  enum jac_status status = close_up(o, r->options, &word, err);
  return status == JAC_OK ? read_value(o, word, r->options, err) : status;
}

static enum jac_status read_words(int argc, char **argv, struct reading *r,
                                  struct jac_error *err) {
  struct option table[MOST + 1];
  fill_long(r, table);
  opterr = 0;
  optind = 0; /* from the beginning, whatever a reading before this one broke off in */
  while (true) {
    int current = optind > 0 ? optind : 1;
    int found = getopt_long(argc, argv, ":ho:", table, NULL);
    if (found == -1)
      break;
    if (found == ':')
      return jac_fail(err, JAC_EINPUT,
                      _("the option %s needs a value: see `jacobian %s "
                        "--help`"),
                      argv[optind - 1], r->command->name);
    const char *letter = found == 'o' ? "output" : found == 'h' ? "help" : NULL;
    const struct jac_option *o;
    int row = found - 256;
    for (size_t k = 0; letter != NULL && (o = jac_option_row(k)) != NULL; k++)
      if (strcmp(o->name, letter) == 0)
        row = (int)k;
    o = found != '?' && row >= 0 ? jac_option_row((size_t)row) : NULL;
    if (o == NULL)
      return unknown_option(argv[current < argc ? optind - 1 : argc - 1], r->command,
                            err);
    if (!r->known[row]) {
      char word[40];
      snprintf(word, sizeof word, "--%s", o->name);
      return unknown_option(word, r->command, err);
    }
    enum jac_status status = take(r, (size_t)row, optarg, err);
    if (status != JAC_OK)
      return status;
  }
  r->options->spec = argv + optind;
  r->options->nspec = (size_t)(argc - optind);
  return JAC_OK;
}

/* What the command line says of the option of that name and length; NULL: nothing. Of
 * NAME=WORD: what it says if that is WORD. */
static const char *said(const struct reading *r, const char *name, size_t length) {
  const struct jac_option *o;
  const char *equals = memchr(name, '=', length);
  size_t own = equals != NULL ? (size_t)(equals - name) : length;
  for (size_t k = 0; (o = jac_option_row(k)) != NULL; k++) {
    const char *word = r->said[k] != NULL ? r->said[k] : o->name;
    if (r->given[k] && strlen(o->name) == own && strncmp(o->name, name, own) == 0 &&
        (equals == NULL || (strlen(word) == length - own - 1 &&
                            strncmp(equals + 1, word, length - own - 1) == 0)))
      return word;
  }
  return NULL;
}

/* What does nothing behind the command's first word. */
static enum jac_status idles(const struct reading *r, const struct jac_option *o,
                             struct jac_error *err) {
  const struct jac_idle *idle = r->command->idle;
  const char *word = r->options->nspec > 0 ? r->options->spec[0] : "";
  for (; idle != NULL && idle->word != NULL; idle++)
    if (strcmp(idle->word, word) == 0 &&
        jac_words_have(idle->options, o->name, strlen(o->name)))
      return jac_fail(err, JAC_EINPUT, _("--%s does nothing to %s %s: leave it out"),
                      o->name, r->command->name, word);
  return JAC_OK;
}

/* An option that would do nothing is refused: it was meant to do something. */
static enum jac_status applies(const struct reading *r, const struct jac_option *o,
                               struct jac_error *err) {
  const struct jac_format *format = r->options->format;
  size_t length;
  bool found = o->with == NULL;
  for (const char *at = o->without; (at = jac_words_next(at, &length)) != NULL;
       at += length)
    if (said(r, at, length) != NULL)
      return jac_fail(err, JAC_EINPUT,
                      _("--%s does nothing beside --%.*s: leave one of them out"),
                      o->name, (int)length, at);
  for (const char *at = o->with; (at = jac_words_next(at, &length)) != NULL; at += length)
    found = found || said(r, at, length) != NULL;
  bool form = o->formats == NULL || format == NULL ||
              jac_words_have(o->formats, format->name, strlen(format->name));
  if (found && form)
    return JAC_OK;
  struct jac_buffer list = JAC_BUFFER_INIT;
  add_list(found ? o->formats : o->with, found ? "" : "--", &list);
  enum jac_status status =
      found ? jac_fail(err, JAC_EINPUT,
                       _("--%s does nothing to the format %s: it is for --format %s"),
                       o->name, format->name, list.text)
            : jac_fail(err, JAC_EINPUT, _("--%s does nothing here: it is for %s"),
                       o->name, list.text);
  jac_buffer_free(&list);
  return status;
}

/* What the format cannot hold. */
static enum jac_status entries_fit(const struct reading *r, struct jac_error *err) {
  const struct jac_format *format = r->options->format;
  const char *word = said(r, "entries", strlen("entries"));
  if (word == NULL || format == NULL || format->entries == NULL ||
      jac_words_have(format->entries, word, strlen(word)))
    return JAC_OK;
  struct jac_buffer list = JAC_BUFFER_INIT;
  add_list(format->entries, "", &list);
  enum jac_status status =
      jac_fail(err, JAC_EINPUT, _("--entries %s: the format %s holds %s"), word,
               format->name, list.text);
  jac_buffer_free(&list);
  return status;
}

static const struct jac_option *option_called(const char *name) {
  const struct jac_option *o;
  for (size_t k = 0; (o = jac_option_row(k)) != NULL; k++)
    if (strcmp(o->name, name) == 0)
      return o;
  return NULL;
}

enum jac_status jac_options_read(int argc, char **argv, const struct jac_command *command,
                                 struct jac_options *options, struct jac_error *err) {
  *options = (struct jac_options){.batch = 1,
                                  .form = -1,
                                  .seed = 1,
                                  .entries = JAC_ENTRIES_NUMBERS,
                                  .precision = 4,
                                  .tolerance = 1e-6};
  struct reading r = {.command = command, .options = options};
  const struct jac_option *o;
  for (size_t k = 0; (o = jac_option_row(k)) != NULL && k < MOST; k++)
    r.known[k] = jac_option_known(o, command->name);
  enum jac_status status = read_words(argc, argv, &r, err);
  if (status != JAC_OK || options->help)
    return status;
  status = jac_format_choose(
      command->name, command->formats, said(&r, "format", strlen("format")),
      options->fix ? NULL : options->output, &options->format, err);
  for (size_t k = 0; status == JAC_OK && (o = jac_option_row(k)) != NULL; k++)
    if (r.given[k]) {
      status = applies(&r, o, err);
      if (status == JAC_OK)
        status = idles(&r, o, err);
    }
  if (status == JAC_OK)
    status = entries_fit(&r, err);
  bool specs = jac_option_known(option_called("define"), command->name);
  if (status == JAC_OK && specs)
    status = jac_netfile_expand(options, err);
  return status == JAC_OK && options->of != NULL ? jac_netfile_cut(options, err) : status;
}
