#include "jacobian/formula/number.h"
#include "jacobian/suggest.h"
#include "jacobian/text.h"
#include "visual/cli/command.h"
#include "visual/output.h"

#include <gsl/gsl_errno.h>
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND(name) extern const struct jac_command name;
#include "visual/cli/commands.h"
#undef COMMAND

static const struct jac_command *const commands[] = {
#define COMMAND(name) &name,
#include "visual/cli/commands.h"
#undef COMMAND
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int fault(const char *message) {
  fprintf(stderr, "jacobian: %s\n", message);
  return JAC_EXIT_FAULT;
}

static void print_usage(FILE *out) {
  fprintf(out, _("Usage: jacobian COMMAND [SPEC...] [OPTIONS]\n\n"
                 "Explicit Jacobians of neural-network modules, shown and checked.\n\n"
                 "Commands:\n"));
  for (size_t k = 0; k < COMMANDS; k++)
    fprintf(out, "  %-10s %s\n", commands[k]->name, _(commands[k]->summary));
  fprintf(out, _("\nA SPEC is NAME[:SIZES][,option[=value]], as in linear:3x2,bias.\n"
                 "`jacobian COMMAND --help` explains a command, with examples.\n"));
}

static void print_help(const struct jac_command *command) {
  printf(_("Usage: jacobian %s %s\n\n%s\n"), command->name, _(command->usage),
         _(command->summary));
  if (command->details != NULL)
    printf("\n%s\n", _(command->details));
  printf(_("\nOptions:\n"));
  jac_options_help(command->bit, stdout);
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
  if (jac_options_read(argc, argv, command->bit, command->name, &options, &err) ==
      JAC_OK) {
    if (options.help) {
      print_help(command);
      status = JAC_EXIT_OK;
    } else
      status = command->run(&options, &err);
  }
  jac_options_free(&options);
  if (status == JAC_EXIT_FAULT)
    return fault(err.message);
  if (jac_memory_shortages() > 0)
    return fault(_("out of memory"));
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

int main(int argc, char **argv) {
  catch_signals();
  /* Numbers keep the point whatever the language: LC_NUMERIC stays C. */
  setlocale(LC_CTYPE, "");
  setlocale(LC_MESSAGES, "");
  gsl_set_error_handler_off();
  json_set_alloc_funcs(json_memory, free);
  if (argc < 2) {
    print_usage(stderr);
    return JAC_EXIT_FAULT;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
      strcmp(argv[1], "help") == 0) {
    print_usage(stdout);
    return finish(JAC_EXIT_OK);
  }
  if (strcmp(argv[1], "--version") == 0) {
    const char *balls = jac_ball_library();
    printf("jacobian %s\nCBLAS: %s\n", JAC_VERSION, JAC_CBLAS);
    if (balls != NULL)
      printf(_("certified checks by %s\n"), balls);
    else
      printf(_("without certified checks: built without Arb\n"));
    return finish(JAC_EXIT_OK);
  }
  const char *names[COMMANDS];
  for (size_t k = 0; k < COMMANDS; k++) {
    names[k] = commands[k]->name;
    if (strcmp(names[k], argv[1]) == 0)
      return run(commands[k], argc - 1, argv + 1);
  }
  char message[256];
  const char *near = jac_suggest(argv[1], names, COMMANDS);
  if (near != NULL)
    snprintf(message, sizeof message, _("no command is called '%.60s': did you mean %s?"),
             argv[1], near);
  else
    snprintf(message, sizeof message,
             _("no command is called '%.60s': `jacobian --help` lists them"), argv[1]);
  return fault(message);
}
