#include "visual/cli/block.h"

#include "jacobian/text.h"
#include "visual/cli/arguments.h"
#include "visual/cli/command.h"
#include "visual/cli/language.h"
#include "visual/input.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 64 };

/* The words of a command line, as a shell would have them: quotes and backslashes. */
struct words {
  char *word[WORDS + 1];
  int count;
};

static void free_words(struct words *w) {
  for (int k = 0; k < w->count; k++)
    free(w->word[k]);
}

static enum jac_status add_word(struct words *w, const char *word,
                                struct jac_error *err) {
  if (w->count == WORDS)
    return jac_fail(err, JAC_ELIMIT, _("more than %d words"), WORDS);
  w->word[w->count] = strdup(word);
  return w->word[w->count++] == NULL ? jac_fail_memory(err) : JAC_OK;
}

/* One word, behind blanks; *at moves behind it. False: there is none. */
static bool next_word(const char **at, struct jac_buffer *word) {
  char quote = '\0';
  *at += strspn(*at, " \t");
  jac_buffer_clear(word);
  if (**at == '\0')
    return false;
  for (; **at != '\0' && (quote != '\0' || strchr(" \t", **at) == NULL); ++*at)
    if (quote == '\0' && (**at == '\'' || **at == '"'))
      quote = **at;
    else if (quote != '\0' && **at == quote)
      quote = '\0';
    else
      jac_buffer_add_char(word, **at);
  return true;
}

static enum jac_status split(const char *line, struct words *w, struct jac_error *err) {
  struct jac_buffer word = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  while (status == JAC_OK && next_word(&line, &word))
    status = add_word(w, word.text, err);
  jac_buffer_free(&word);
  return status;
}

static const struct jac_command *find(const char *name) {
  for (size_t k = 0; k < jac_command_count() && name != NULL; k++)
    if (strcmp(jac_command_at(k)->name, name) == 0)
      return jac_command_at(k);
  return NULL;
}

/* Whether an option is among the words: --name, --name=value. */
static bool given(const struct words *w, const char *name) {
  size_t length = strlen(name);
  for (int k = 1; k < w->count; k++)
    if (strncmp(w->word[k], "--", 2) == 0 && strncmp(w->word[k] + 2, name, length) == 0 &&
        (w->word[k][2 + length] == '\0' || w->word[k][2 + length] == '='))
      return true;
  return false;
}

static enum jac_status refuse(const struct words *w, struct jac_error *err) {
  static const char *const writing[] = {"output", "module", "standalone", "fix"};
  for (size_t k = 0; k < sizeof writing / sizeof writing[0]; k++)
    if (given(w, writing[k]))
      return jac_fail(err, JAC_EINPUT,
                      _("--%s: a block's command writes no file, loads none and is no "
                        "document"),
                      writing[k]);
  for (int k = 1; k < w->count; k++)
    if (strncmp(w->word[k], "-o", 2) == 0 || strstr(w->word[k], "@-") != NULL)
      return jac_fail(
          err, JAC_EINPUT,
          _("%s: a block's command writes no file and reads no standard input"),
          w->word[k]);
  return JAC_OK;
}

/* Whether a word names an option: --NAME, --NAME=VALUE. */
static bool names(const char *word, const struct jac_option *option) {
  size_t length = strlen(option->name);
  return strncmp(word, "--", 2) == 0 && strncmp(word + 2, option->name, length) == 0 &&
         (word[2 + length] == '\0' || word[2 + length] == '=');
}

/* Whether any command has it. */
static bool known_option(const char *word) {
  for (size_t k = 0; k < jac_command_count(); k++)
    for (size_t m = 0; jac_option_at(jac_command_at(k)->name, m) != NULL; m++)
      if (names(word, jac_option_at(jac_command_at(k)->name, m)))
        return true;
  return false;
}

/* The lines of the defaults that the command knows in that format and that do not stand
 * there already. */
static enum jac_status add_defaults(const char *defaults, const char *format,
                                    const struct jac_command *command, struct words *w,
                                    struct jac_error *err) {
  enum jac_status status = JAC_OK;
  for (const char *at = defaults; at != NULL && *at != '\0' && status == JAC_OK;) {
    size_t length = strcspn(at, "\n");
    char *line = strndup(at, length);
    struct words extra = {.count = 0};
    at += length + (at[length] == '\n');
    if (line == NULL)
      return jac_fail_memory(err);
    if (line[strspn(line, " \t")] != '#')
      status = split(line, &extra, err);
    free(line);
    if (status == JAC_OK && extra.count > 0 && !known_option(extra.word[0]))
      status = jac_fail(err, JAC_EINPUT,
                        _(".jacobian: %.60s: no command has this option"), extra.word[0]);
    for (size_t k = 0; status == JAC_OK && extra.count > 0; k++) {
      const struct jac_option *option = jac_option_at(command->name, k);
      if (option == NULL)
        break;
      if (!names(extra.word[0], option))
        continue;
      bool applies = option->formats == NULL ||
                     jac_words_have(option->formats, format, strlen(format));
      applies = applies && !given(w, option->name);
      for (int m = 0; applies && m < extra.count && status == JAC_OK; m++)
        status = add_word(w, extra.word[m], err);
      break;
    }
    free_words(&extra);
  }
  return status;
}

/* The format among the words, or NULL. */
static const char *format_of(const struct words *w) {
  for (int k = 1; k < w->count; k++)
    if (strncmp(w->word[k], "--format=", 9) == 0)
      return w->word[k] + 9;
    else if (strcmp(w->word[k], "--format") == 0)
      return k + 1 < w->count ? w->word[k + 1] : NULL;
  return NULL;
}

/* Runs it with its output in a file of its own, and adds what is there. LaTeX's verbatim
 * has no superscripts of Unicode. */
static enum jac_status capture(const struct jac_command *command, struct words *w,
                               bool ascii, struct jac_buffer *out,
                               struct jac_error *err) {
  const char *folder = getenv("TMPDIR");
  struct jac_buffer path = JAC_BUFFER_INIT;
  struct jac_options options;
  struct jac_input input = {0};
  char *argv[WORDS + 1];
  memcpy(argv, w->word, sizeof argv); /* reading moves words */
  enum jac_status status = jac_options_read(w->count, argv, command, &options, err);
  if (status == JAC_OK && options.help)
    status = jac_fail(err, JAC_EINPUT, _("--help: a block's command answers"));
  jac_buffer_printf(&path, "%s/jacobian.XXXXXX", folder != NULL ? folder : "/tmp");
  int file = status == JAC_OK ? mkstemp(path.text) : -1;
  if (status == JAC_OK && file < 0)
    status = jac_fail(err, JAC_EIO, _("%s could not be made"), path.text);
  if (status == JAC_OK) {
    options.output = path.text;
    options.ascii = ascii;
    options.unicode = !ascii;
    close(file);
    if (command->run(&options, err) == JAC_EXIT_FAULT)
      status = err->status != JAC_OK ? err->status : JAC_EINPUT;
    if (status == JAC_OK)
      status = jac_input_read(path.text, &input, err);
    if (status == JAC_OK)
      jac_buffer_add(out, input.bytes);
    unlink(path.text);
  }
  jac_input_free(&input);
  jac_options_free(&options);
  jac_buffer_free(&path);
  return status;
}

/* What is neither LaTeX nor Markdown stands as code. */
static void add_code(const struct jac_block_place *place, const char *format,
                     const struct jac_buffer *text, struct jac_buffer *out) {
  bool latex = strcmp(place->format, "latex") == 0;
  bool code = !place->raw && strcmp(format, place->format) != 0;
  if (code && latex)
    jac_buffer_add(out, "\\begin{verbatim}\n");
  else if (code)
    jac_buffer_printf(out, "```%s\n", strcmp(format, "json") == 0 ? "json" : "text");
  jac_buffer_add(out, text->text);
  if (out->length > 0 && out->text[out->length - 1] != '\n')
    jac_buffer_add_char(out, '\n');
  if (code)
    jac_buffer_add(out, latex ? "\\end{verbatim}\n" : "```\n");
}

enum jac_status jac_block_run(const struct jac_block_place *place, const char *line,
                              struct jac_buffer *out, struct jac_error *err) {
  static const char *const texts[] = {"text", "latex", "markdown", "json", "csv"};
  struct words w = {.count = 0};
  struct jac_buffer text = JAC_BUFFER_INIT;
  const char *language = jac_language_now();
  line += strspn(line, " \t");
  if (strncmp(line, "jacobian ", 9) == 0)
    line += 9;
  enum jac_status status = split(line, &w, err);
  const struct jac_command *command = w.count > 0 ? find(w.word[0]) : NULL;
  bool known = false;
  if (status == JAC_OK && (command == NULL || command->formats == NULL))
    status = jac_fail(err, JAC_EINPUT,
                      _("%s: a block takes a command that answers: show, check, chain, "
                        "modules, ..."),
                      w.count > 0 ? w.word[0] : "");
  if (status == JAC_OK)
    status = refuse(&w, err);
  const char *format = status == JAC_OK ? format_of(&w) : NULL;
  if (status == JAC_OK && format == NULL) {
    format = place->format;
    status = add_word(&w, "--format", err);
    if (status == JAC_OK)
      status = add_word(&w, format, err);
  }
  for (size_t k = 0; format != NULL && k < sizeof texts / sizeof texts[0]; k++)
    known = known || strcmp(texts[k], format) == 0;
  if (status == JAC_OK && !known)
    status =
        jac_fail(err, JAC_EINPUT, _("--format %.60s does not go into notes"), format);
  if (status == JAC_OK)
    status = add_defaults(place->defaults, format, command, &w, err);
  if (status == JAC_OK)
    status = capture(command, &w, strcmp(place->format, "latex") == 0, &text, err);
  if (status == JAC_OK)
    add_code(place, format, &text, out);
  out->failed = out->failed || text.failed;
  jac_buffer_free(&text);
  free_words(&w);
  /* --lang is of the block alone. */
  if (jac_language_set(language, NULL) != JAC_OK && status == JAC_OK)
    status = jac_fail_memory(err);
  return status;
}

char *jac_block_defaults(const char *path) {
  const char *slash = strrchr(path, '/');
  struct jac_buffer name = JAC_BUFFER_INIT;
  struct jac_input input = {0};
  char *text = NULL;
  if (slash != NULL)
    jac_buffer_add_bytes(&name, path, (size_t)(slash + 1 - path));
  jac_buffer_add(&name, ".jacobian");
  if (access(name.text, R_OK) == 0 && jac_input_read(name.text, &input, NULL) == JAC_OK)
    text = strdup(input.bytes);
  jac_input_free(&input);
  jac_buffer_free(&name);
  return text;
}
