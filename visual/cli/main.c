#include "jacobian/formula/number.h"
#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "visual/cli/arguments.h"
#include "visual/cli/caution.h"
#include "visual/cli/complete.h"
#include "visual/cli/language.h"
#include "visual/cli/manual.h"
#include "visual/cli/option_help.h"
#include "visual/output.h"

#include <gsl/gsl_errno.h>
#include <jansson.h>
#ifdef _OPENMP
#include <omp.h>
#endif
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static int fault(const char *message) {
  jac_output_tell(message);
  return JAC_EXIT_FAULT;
}

static void print_usage(FILE *out) {
  fprintf(out, _("Usage: jacobian COMMAND [SPEC...] [OPTIONS]\n\n"
                 "Explicit Jacobians of neural-network modules, shown and checked.\n\n"
                 "Commands:\n"));
  for (size_t k = 0; k < jac_command_count(); k++)
    fprintf(out, "  %-10s %s\n", jac_command_at(k)->name, _(jac_command_at(k)->summary));
  fprintf(out,
          _("\nA SPEC is NAME[:SIZES][,option[=value]], as in linear:3x2,bias.\n"
            "A file net.jac, a module or an equation a line, stands for what it holds.\n"
            "`jacobian COMMAND --help` explains a command, with examples.\n"));
}

static void print_help(const struct jac_command *command) {
  printf(_("Usage: jacobian %s %s\n\n%s\n"), command->name, _(command->usage),
         _(command->summary));
  if (command->details != NULL)
    printf("\n%s\n", _(command->details));
  printf(_("\nOptions:\n"));
  jac_options_help(command, stdout);
  printf(_("\nExamples:\n%s\n"), command->examples);
}

/* Standard output is flushed and its errors are seen: a full disk is a fault. */
static int finish(int status) {
  if (fflush(stdout) != 0 || ferror(stdout))
    return fault(_("standard output could not be written: is the disk full?"));
  return status;
}

static int run(const struct jac_command *command, int argc, char **argv) {
  struct jac_options options;
  struct jac_error err = {JAC_OK, ""};
  int status = JAC_EXIT_FAULT;
  if (jac_options_read(argc, argv, command, &options, &err) == JAC_OK) {
    if (options.help) {
      print_help(command);
      status = JAC_EXIT_OK;
    } else
      status = command->run(&options, &err);
    if (command->network && !options.help && status != JAC_EXIT_FAULT)
      jac_caution(&options);
  }
  jac_options_free(&options);
  /* What is said after a shortage may be its consequence, and half a sentence. */
  if (jac_memory_shortages() > 0)
    return fault(_("out of memory"));
  if (status == JAC_EXIT_FAULT)
    return fault(err.message);
  return finish(status);
}

/* Nothing half-written is left behind; then the signal does what it always did. */
static void interrupted(int number) {
  jac_output_interrupted();
  raise(number);
}

/* JSON values that cannot be made are left out by whoever holds them: they are counted.
 */
static void *json_memory(size_t size) {
  void *block = malloc(size);
  if (block == NULL)
    jac_memory_short();
  return block;
}

static void catch_signals(void) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action = {.sa_handler = interrupted, .sa_flags = (int)SA_RESETHAND};
  struct sigaction old;
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
    if (sigaction(numbers[k], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
      sigaction(numbers[k], &action, NULL);
}

/* The words that make up --lang at the word given: none, --lang=fr, or --lang fr. */
static int language_words(int left, char **word) {
  if (strncmp(*word, "--lang=", 7) == 0)
    return 1;
  return strcmp(*word, "--lang") == 0 && left > 1 ? 2 : 0;
}

/* --lang is looked for before all else: messages about other words are in it too. */
static enum jac_status find_language(int argc, char **argv, struct jac_error *err) {
  for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
    int words = language_words(argc - k, argv + k);
    const char *name = words == 1 ? argv[k] + 7 : words == 2 ? argv[k + 1] : NULL;
    if (name != NULL)
      return jac_language_set(name, err);
  }
  return JAC_OK;
}

static const struct jac_command *find_command(const char *name) {
  for (size_t k = 0; k < jac_command_count(); k++)
    if (strcmp(jac_command_at(k)->name, name) == 0)
      return jac_command_at(k);
  return NULL;
}

static int unknown_command(const char *word) {
  enum { MOST = 64 };
  const char *names[MOST];
  char message[256];
  size_t count = jac_command_count() < MOST ? jac_command_count() : MOST;
  for (size_t k = 0; k < count; k++)
    names[k] = jac_command_at(k)->name;
  const char *near = jac_suggest(word, names, count);
  if (near != NULL)
    snprintf(message, sizeof message, _("no command is called '%.60s': did you mean %s?"),
             word, near);
  else
    snprintf(message, sizeof message,
             _("no command is called '%.60s': `jacobian --help` lists them"), word);
  return fault(message);
}

/* For the makers of packages and for shells: --manual [COMMAND], --complete WORD... */
static int serve(int argc, char **argv) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  if (strcmp(argv[1], "--complete") == 0)
    jac_complete(argc - 2, argv + 2, &text);
  else if (argc > 2 && find_command(argv[2]) == NULL)
    return unknown_command(argv[2]);
  else
    jac_manual(argc > 2 ? find_command(argv[2]) : NULL, &text);
  fputs(text.text, stdout);
  jac_buffer_free(&text);
  return finish(JAC_EXIT_OK);
}

/* Long: the words that are no command, one after the other. */
int main(int argc, char **argv) {
  struct jac_error err = {JAC_OK, ""};
  catch_signals();
  jac_language_start();
  gsl_set_error_handler_off();
  json_set_alloc_funcs(json_memory, free);
  if (argc > 1 && strcmp(argv[1], "--complete") == 0)
    return serve(argc, argv);
  if (find_language(argc, argv, &err) != JAC_OK)
    return fault(err.message);
  while (argc > 1 && language_words(argc - 1, argv + 1) > 0) {
    int words = language_words(argc - 1, argv + 1);
    argc -= words;
    argv += words;
  }
  if (argc < 2) {
    print_usage(stderr);
    return JAC_EXIT_FAULT;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
      strcmp(argv[1], "help") == 0) {
    const struct jac_command *command = argc > 2 ? find_command(argv[2]) : NULL;
    if (argc > 2 && command == NULL && argv[2][0] != '-')
      return unknown_command(argv[2]);
    if (command != NULL)
      print_help(command);
    else
      print_usage(stdout);
    return finish(JAC_EXIT_OK);
  }
  if (strcmp(argv[1], "--version") == 0) {
    const char *balls = jac_ball_library();
    printf("jacobian %s\nCBLAS: %s\n", JAC_VERSION, JAC_CBLAS);
#ifdef _OPENMP
    printf(_("large cases on %d threads\n"), omp_get_max_threads());
#endif
    if (balls != NULL)
      printf(_("certified checks by %s\n"), balls);
    else
      printf(_("without certified checks: Arb is not there\n"));
    return finish(JAC_EXIT_OK);
  }
  if (strcmp(argv[1], "--manual") == 0)
    return serve(argc, argv);
  const struct jac_command *command = find_command(argv[1]);
  return command != NULL ? run(command, argc - 1, argv + 1) : unknown_command(argv[1]);
}
