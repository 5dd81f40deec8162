#include "visual/cli/options.h"

#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "visual/cli/language.h"

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EVERY                                                                            \
  (JAC_CMD_SHOW | JAC_CMD_CHECK | JAC_CMD_MODULES | JAC_CMD_CHAIN | JAC_CMD_VERIFY)
#define PAPER (JAC_CMD_SHOW | JAC_CMD_CHECK | JAC_CMD_MODULES | JAC_CMD_CHAIN)
#define JACOBIANS (JAC_CMD_SHOW | JAC_CMD_CHECK | JAC_CMD_CHAIN)
#define SUBJECTS (JACOBIANS | JAC_CMD_EXPLORE)

/* One option: how it is written, who knows it, what it says in the help, how its value is
 * read (value is NULL for a flag). */
struct option_row {
  const char *name;
  const char *value;
  unsigned commands;
  const char *help;
  enum jac_status (*read)(const char *word, struct jac_options *o, struct jac_error *err);
};

static enum jac_status bad_value(const char *option, const char *word, const char *needs,
                                 struct jac_error *err) {
  return jac_fail(err, JAC_EINPUT, _("--%s %.60s: %s is needed"), option, word, needs);
}

/* A whole number from least to most. */
static bool read_count(const char *word, unsigned long least, unsigned long most,
                       unsigned long *value) {
  char *end;
  errno = 0;
  if (*word < '0' || *word > '9')
    return false;
  *value = strtoul(word, &end, 10);
  return errno == 0 && *end == '\0' && *value >= least && *value <= most;
}

static enum jac_status read_wrt(const char *word, struct jac_options *o,
                                struct jac_error *err) {
  (void)err;
  o->wrt = word;
  return JAC_OK;
}

static enum jac_status read_batch(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  unsigned long value;
  if (!read_count(word, 1, 1000000000UL, &value))
    return bad_value("batch", word, _("a whole number from 1 to 1000000000"), err);
  o->batch = value;
  return JAC_OK;
}

/* The place of the word in a list of choices, or -1 with a message that lists them. */
static int choose(const char *option, const char *word, const char *const *choices,
                  struct jac_error *err) {
  size_t count = 0;
  char list[200] = "";
  for (; choices[count] != NULL; count++) {
    if (strcmp(choices[count], word) == 0)
      return (int)count;
    if (strlen(list) + strlen(choices[count]) + 3 < sizeof list) {
      if (count > 0)
        strcat(list, ", ");
      strcat(list, choices[count]);
    }
  }
  const char *near = jac_suggest(word, choices, count);
  if (near != NULL)
    jac_fail(err, JAC_EINPUT, _("--%s %.60s: did you mean %s? (%s)"), option, word, near,
             list);
  else
    jac_fail(err, JAC_EINPUT, _("--%s %.60s: one of %s is needed"), option, word, list);
  return -1;
}

static enum jac_status read_form(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  static const char *const forms[] = {"reduced", "matrix", "batch", "full", NULL};
  o->form = choose("form", word, forms, err);
  return o->form < 0 ? JAC_EINPUT : JAC_OK;
}

static enum jac_status read_entries(const char *word, struct jac_options *o,
                                    struct jac_error *err) {
  static const char *const kinds[] = {"symbols", "numbers", "both", "structure", NULL};
  static const enum jac_entries values[] = {JAC_ENTRIES_SYMBOLS, JAC_ENTRIES_NUMBERS,
                                            JAC_ENTRIES_BOTH, JAC_ENTRIES_STRUCTURE};
  int k = choose("entries", word, kinds, err);
  if (k < 0)
    return JAC_EINPUT;
  o->entries = values[k];
  o->entries_given = true;
  return JAC_OK;
}

/* One more word in a list that grows. */
static enum jac_status add_word(const char *word, const char ***list, size_t *count,
                                struct jac_error *err) {
  const char **more = realloc(*list, (*count + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(err);
  *list = more;
  more[(*count)++] = word;
  return JAC_OK;
}

static enum jac_status read_set(const char *word, struct jac_options *o,
                                struct jac_error *err) {
  if (strchr(word, '=') == NULL || *word == '=')
    return bad_value("set", word, _("NAME=VALUES, as in --set 'z=1 2 3'"), err);
  return add_word(word, &o->set, &o->nset, err);
}

static enum jac_status read_define(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  (void)err;
  o->define = word;
  return JAC_OK;
}

static enum jac_status read_size(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  if (strchr(word, '=') == NULL || *word == '=')
    return bad_value("size", word, _("NAME=SIZE,..., as in --size z=1x3,W=3x2"), err);
  return add_word(word, &o->size, &o->nsize, err);
}

static enum jac_status read_module(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  return add_word(word, &o->module, &o->nmodule, err);
}

static enum jac_status read_seed(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  if (!read_count(word, 0, 4294967295UL, &o->seed))
    return bad_value("seed", word, _("a whole number from 0 to 4294967295"), err);
  o->seed_given = true;
  return JAC_OK;
}

static enum jac_status read_questions(const char *word, struct jac_options *o,
                                      struct jac_error *err) {
  unsigned long value;
  if (!read_count(word, 1, 1000, &value))
    return bad_value("questions", word, _("a whole number from 1 to 1000"), err);
  o->questions = value;
  return JAC_OK;
}

static enum jac_status read_order(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  static const char *const orders[] = {"F", "C", NULL};
  int k = choose("order", word, orders, err);
  o->order = k == 1 ? JAC_ORDER_C : JAC_ORDER_F;
  return k < 0 ? JAC_EINPUT : JAC_OK;
}

static enum jac_status read_format(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  (void)err;
  o->format = word;
  return JAC_OK;
}

static enum jac_status read_output(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  (void)err;
  o->output = word;
  return JAC_OK;
}

static enum jac_status read_precision(const char *word, struct jac_options *o,
                                      struct jac_error *err) {
  unsigned long value;
  if (!read_count(word, 1, 17, &value))
    return bad_value("precision", word, _("a number of digits from 1 to 17"), err);
  o->precision = (int)value;
  return JAC_OK;
}

static enum jac_status read_color(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  static const char *const choices[] = {"auto", "never", "always", NULL};
  int k = choose("color", word, choices, err);
  o->color = k - 1;
  return k < 0 ? JAC_EINPUT : JAC_OK;
}

static enum jac_status read_against(const char *word, struct jac_options *o,
                                    struct jac_error *err) {
  (void)err;
  o->against = word;
  return JAC_OK;
}
static enum jac_status read_claim(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  (void)err;
  o->claim = word;
  return JAC_OK;
}

static enum jac_status read_tolerance(const char *word, struct jac_options *o,
                                      struct jac_error *err) {
  char *end;
  o->tolerance = strtod(word, &end);
  if (end == word || *end != '\0' || !(o->tolerance > 0.0 && o->tolerance < 1.0))
    return bad_value("tolerance", word, _("a number between 0 and 1, such as 1e-6"), err);
  return JAC_OK;
}

static enum jac_status read_difference(const char *word, struct jac_options *o,
                                       struct jac_error *err) {
  static const char *const choices[] = {"compressed", "plain", NULL};
  int k = choose("difference", word, choices, err);
  o->plain_differences = k == 1;
  return k < 0 ? JAC_EINPUT : JAC_OK;
}

static enum jac_status read_sweep(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  (void)word;
  (void)err;
  o->sweep = true;
  return JAC_OK;
}

static enum jac_status read_certify(const char *word, struct jac_options *o,
                                    struct jac_error *err) {
  (void)word;
  (void)err;
  o->certify = true;
  return JAC_OK;
}

static enum jac_status read_strict(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  (void)word;
  (void)err;
  o->strict = true;
  return JAC_OK;
}

static enum jac_status read_fix(const char *word, struct jac_options *o,
                                struct jac_error *err) {
  (void)word;
  (void)err;
  o->fix = true;
  return JAC_OK;
}

static enum jac_status read_all(const char *word, struct jac_options *o,
                                struct jac_error *err) {
  (void)word;
  (void)err;
  o->all = true;
  return JAC_OK;
}

static enum jac_status read_jobs(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  unsigned long value;
  if (!read_count(word, 1, 1000, &value))
    return bad_value("jobs", word, _("a whole number from 1 to 1000"), err);
  o->jobs = value;
  return JAC_OK;
}

static enum jac_status read_memory(const char *word, struct jac_options *o,
                                   struct jac_error *err) {
  char *end;
  errno = 0;
  unsigned long long value = *word >= '1' && *word <= '9' ? strtoull(word, &end, 10) : 0;
  static const char units[] = "KMGT";
  unsigned shift = 0;
  if (value > 0 && *end != '\0' && strchr(units, *end) != NULL)
    shift = 10 * (unsigned)(strchr(units, *end++) - units + 1);
  if (value == 0 || errno != 0 || *end != '\0' || value > (SIZE_MAX >> shift))
    return bad_value("max-memory", word, _("a size such as 500M or 8G"), err);
  o->max_memory = (size_t)value << shift;
  return JAC_OK;
}

static enum jac_status read_style(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  static const char *const choices[] = {"amsmath", "nicematrix", "tikz", "booktabs",
                                        NULL};
  int k = choose("style", word, choices, err);
  o->latex.style = k < 0 ? JAC_LATEX_AMSMATH : (enum jac_latex_style)k;
  return k < 0 ? JAC_EINPUT : JAC_OK;
}

static enum jac_status read_elide(const char *word, struct jac_options *o,
                                  struct jac_error *err) {
  unsigned long value;
  if (strcmp(word, "never") == 0)
    o->latex.elide = JAC_ELIDE_NEVER;
  else if (read_count(word, 3, 100000, &value))
    o->latex.elide = value;
  else
    return bad_value("elide", word, _("a whole number from 3 on, or never,"), err);
  return JAC_OK;
}

static enum jac_status read_standalone(const char *word, struct jac_options *o,
                                       struct jac_error *err) {
  (void)word;
  (void)err;
  o->standalone = true;
  return JAC_OK;
}

static enum jac_status read_help(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  (void)word;
  (void)err;
  o->help = true;
  return JAC_OK;
}

/* main has acted on it already where it is written in full, for it governs messages too.
 */
static enum jac_status read_lang(const char *word, struct jac_options *o,
                                 struct jac_error *err) {
  (void)o;
  return jac_language_set(word, err);
}

static const struct option_row rows[] = {
    {"wrt", "NAME", SUBJECTS, N_("the variable (default: each in turn)"), read_wrt},
    {"batch", "N", SUBJECTS, N_("samples (default 1)"), read_batch},
    {"form", "FORM", JAC_CMD_SHOW | JAC_CMD_EXPLORE,
     N_("reduced, matrix, batch or full (default: matrix for one sample, batch for "
        "several, "
        "full where samples are coupled)"),
     read_form},
    {"entries", "KIND", JAC_CMD_SHOW | JAC_CMD_CHAIN | JAC_CMD_EXPLORE,
     N_("symbols, numbers, both or structure (default numbers)"), read_entries},
    {"set", "NAME=VALUES", SUBJECTS,
     N_("values: '1 2 3; 4 5 6', @file.csv, @file.npy, or @- for standard input"),
     read_set},
    {"define", "FORMULA", SUBJECTS,
     N_("a function of your own in place of SPEC: 'y = tanh(z*W) .* v', plain or LaTeX"),
     read_define},
    {"size", "NAME=SIZE", SUBJECTS,
     N_("sizes of a defined function's variables: z=1x3,W=3x2 (or from --set)"),
     read_size},
    {"module", "FILE.so", EVERY,
     N_("a module of your own, compiled: see docs/own-module.md"), read_module},
    {"seed", "N", SUBJECTS, N_("the seed of the values not set (default 1)"), read_seed},
    {"seed", "N", JAC_CMD_QUIZ, N_("the same questions again (default: new ones)"),
     read_seed},
    {"questions", "N", JAC_CMD_QUIZ, N_("how many (default 5)"), read_questions},
    {"order", "F|C", SUBJECTS,
     N_("number parameters column by column (F, default) or row by row (C)"), read_order},
    {"against", "FILE", JAC_CMD_CHECK,
     N_("a Jacobian of your own (CSV or NPY, any form) to be judged"), read_against},
    {"claim", "FORMULA", JAC_CMD_CHECK,
     N_("a formula for the Jacobian or its entry, plain or LaTeX, to be judged"),
     read_claim},
    {"tolerance", "X", JAC_CMD_CHECK,
     N_("what --against accepts, relative to a row's largest entry (default 1e-6)"),
     read_tolerance},
    {"difference", "MODE", JAC_CMD_CHECK,
     N_("finite differences: compressed by structure (default), or plain, a column at a "
        "time"),
     read_difference},
    {"sweep", NULL, JAC_CMD_CHECK,
     N_("show the errors over the step: truncation against rounding"), read_sweep},
    {"certify", NULL, JAC_CMD_CHECK,
     N_("prove every entry, or a claim, in interval arithmetic"), read_certify},
    {"strict", NULL, JAC_CMD_VERIFY, N_("what is not understood is a failure too"),
     read_strict},
    {"all", NULL, JAC_CMD_VERIFY, N_("list what holds and what is not judged too"),
     read_all},
    {"jobs", "N", JAC_CMD_VERIFY,
     N_("files at a time (default: as many as there are processors)"), read_jobs},
    {"fix", NULL, JAC_CMD_VERIFY,
     N_("write a copy (-o FILE) with corrections as comments after the formulas"),
     read_fix},
    {"format", "FORMAT", EVERY,
     N_("text, latex, markdown, json, csv, npy, svg, png; of verify markdown, sarif "
        "(default: by -o's "
        "ending)"),
     read_format},
    {"output", "FILE", EVERY | JAC_CMD_EXPLORE,
     N_("write there, whole or not at all (also -o FILE)"), read_output},
    {"style", "STYLE", JAC_CMD_SHOW,
     N_("LaTeX with amsmath (default), nicematrix, tikz or booktabs"), read_style},
    {"standalone", NULL, PAPER, N_("LaTeX as a document of its own"), read_standalone},
    {"elide", "N|never", JAC_CMD_SHOW | JAC_CMD_CHAIN,
     N_("LaTeX, Markdown: dots in place of what is beyond N rows or columns (default: "
        "beyond what fits on a line)"),
     read_elide},
    {"precision", "N", JACOBIANS, N_("significant digits in text (default 4)"),
     read_precision},
    {"color", "WHEN", EVERY | JAC_CMD_QUIZ, N_("auto, always or never"), read_color},
    {"max-memory", "SIZE", SUBJECTS,
     N_("refuse larger Jacobians (default: three quarters of what is free)"),
     read_memory},
    {"lang", "LANGUAGE", EVERY | JAC_CMD_EXPLORE | JAC_CMD_QUIZ,
     N_("the language of messages: en or fr (default: the locale's)"), read_lang},
    {"help", NULL, EVERY | JAC_CMD_EXPLORE | JAC_CMD_QUIZ, N_("this help (also -h)"),
     read_help},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* Whether another command's option would be taken for a short form of this one's: --form
 * for --format. */
static bool looks_short(unsigned command, const char *name) {
  bool looks = false;
  for (size_t k = 0; k < ROWS; k++) {
    if ((rows[k].commands & command) == 0)
      continue;
    if (strcmp(rows[k].name, name) == 0)
      return false;
    looks = looks || strncmp(rows[k].name, name, strlen(name)) == 0;
  }
  return looks;
}

/* The table for getopt_long: the options that the command knows, and those that it must
 * not take for them; val is the row. */
static void fill_long(unsigned command, struct option *table) {
  size_t count = 0;
  for (int k = 0; k < ROWS; k++)
    if ((rows[k].commands & command) != 0 || looks_short(command, rows[k].name))
      table[count++] = (struct option){
          rows[k].name, rows[k].value != NULL ? required_argument : no_argument, NULL,
          256 + k};
  table[count] = (struct option){NULL, 0, NULL, 0};
}

static enum jac_status unknown_option(const char *word, unsigned command,
                                      const char *name, struct jac_error *err) {
  const char *names[ROWS];
  char stem[64];
  size_t count = 0;
  for (size_t k = 0; k < ROWS; k++)
    if ((rows[k].commands & command) != 0)
      names[count++] = rows[k].name;
  snprintf(stem, sizeof stem, "%.*s", (int)strcspn(word, "="), word);
  const char *near =
      strncmp(stem, "--", 2) == 0 ? jac_suggest(stem + 2, names, count) : NULL;
  if (near != NULL)
    return jac_fail(err, JAC_EINPUT, _("%s has no option %s: did you mean --%s?"), name,
                    stem, near);
  return jac_fail(err, JAC_EINPUT, _("%s has no option %s: see `jacobian %s --help`"),
                  name, stem, name);
}

enum jac_status jac_options_read(int argc, char **argv, unsigned command,
                                 const char *name, struct jac_options *o,
                                 struct jac_error *err) {
  *o = (struct jac_options){.batch = 1,
                            .form = -1,
                            .seed = 1,
                            .entries = JAC_ENTRIES_NUMBERS,
                            .precision = 4,
                            .color = -1,
                            .tolerance = 1e-6};
  struct option table[ROWS + 1];
  fill_long(command, table);
  opterr = 0;
  optind = 1;
  while (true) {
    int current = optind;
    int found = getopt_long(argc, argv, ":ho:", table, NULL);
    if (found == -1)
      break;
    if (found == ':')
      return jac_fail(err, JAC_EINPUT,
                      _("the option %s needs a value: see `jacobian %s "
                        "--help`"),
                      argv[optind - 1], name);
    const char *row_name = found == 'o' ? "output" : found == 'h' ? "help" : NULL;
    int row = found - 256;
    for (int k = 0; k < ROWS && row_name != NULL; k++)
      if (strcmp(rows[k].name, row_name) == 0)
        row = k;
    if (found != '?' && row >= 0 && (rows[row].commands & command) == 0) {
      char word[40];
      snprintf(word, sizeof word, "--%s", rows[row].name);
      return unknown_option(word, command, name, err);
    }
    if (found == '?' || row < 0)
      return unknown_option(argv[current < argc ? optind - 1 : argc - 1], command, name,
                            err);
    enum jac_status status = rows[row].read(optarg, o, err);
    if (status != JAC_OK)
      return status;
  }
  o->spec = argv + optind;
  o->nspec = (size_t)(argc - optind);
  return JAC_OK;
}

void jac_options_free(struct jac_options *options) {
  free(options->set);
  free(options->size);
  free(options->module);
  options->set = options->module = options->size = NULL;
}

/* What an option takes, as the help calls it. */
static const char *value_name(const char *value) {
  static const char *const names[] = {
      N_("NAME"),      N_("FORM"), N_("KIND"),    N_("NAME=VALUES"), N_("FORMULA"),
      N_("NAME=SIZE"), N_("FILE"), N_("FORMAT"),  N_("FILE.so"),     N_("SIZE"),
      N_("WHEN"),      N_("MODE"), N_("LANGUAGE")};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(names[k], value) == 0)
      return _(names[k]);
  return value;
}

bool jac_options_name(unsigned command, size_t k, struct jac_option_name *option) {
  for (size_t row = 0; row < ROWS; row++)
    if ((rows[row].commands & command) != 0 && k-- == 0) {
      *option = (struct jac_option_name){
          rows[row].name, rows[row].value != NULL ? value_name(rows[row].value) : NULL,
          _(rows[row].help)};
      return true;
    }
  return false;
}

/* What a reader refuses, it says what it takes instead: no list is written twice. */
bool jac_options_choices(unsigned command, const char *option, char *list, size_t size) {
  static const char before[] = "one of ", after[] = " is needed";
  struct jac_options scratch = {.batch = 1};
  struct jac_error err = {JAC_OK, ""};
  jac_language_pause();
  for (size_t k = 0; k < ROWS; k++)
    if ((rows[k].commands & command) != 0 && rows[k].value != NULL &&
        strcmp(rows[k].name, option) == 0)
      rows[k].read("", &scratch, &err);
  jac_language_resume();
  jac_options_free(&scratch);
  const char *from = strstr(err.message, before);
  const char *to = from != NULL ? strstr(from, after) : NULL;
  if (to == NULL)
    return false;
  from += strlen(before);
  snprintf(list, size, "%.*s", (int)(to - from), from);
  return true;
}

const char *jac_options_formats(void) {
  return "text, latex, markdown, csv, json, npy, svg, png, html, sarif";
}

void jac_options_help(unsigned command, FILE *out) {
  struct jac_option_name option;
  for (size_t k = 0; jac_options_name(command, k, &option); k++) {
    char left[48];
    snprintf(left, sizeof left, "--%s%s%s", option.name, option.value != NULL ? " " : "",
             option.value != NULL ? option.value : "");
    const char *start = option.help;
    for (int line = 0; *start != '\0'; line++) {
      size_t length = strlen(start);
      if (length > 56)
        for (length = 56; length > 1 && start[length] != ' '; length--)
          continue;
      fprintf(out, "  %-20s %.*s\n", line == 0 ? left : "", (int)length, start);
      start += length;
      start += *start == ' ' ? 1 : 0;
    }
  }
}

enum jac_status jac_options_format(const struct jac_options *o, const char *const *known,
                                   const char **format, struct jac_error *err) {
  *format = o->format;
  if (*format == NULL && o->output != NULL) {
    static const struct {
      const char *ending, *format;
    } endings[] = {{"txt", "text"}, {"json", "json"}, {"csv", "csv"},
                   {"npy", "npy"},  {"tex", "latex"}, {"md", "markdown"},
                   {"svg", "svg"},  {"png", "png"},   {"html", "html"}};
    const char *dot = strrchr(o->output, '.');
    for (size_t k = 0; dot != NULL && k < sizeof endings / sizeof endings[0]; k++)
      if (strcasecmp(dot + 1, endings[k].ending) == 0)
        *format = endings[k].format;
  }
  if (*format == NULL)
    *format = "text";
  return choose("format", *format, known, err) < 0 ? JAC_EINPUT : JAC_OK;
}
