/* The options of all commands: one table, one struct. */
#ifndef VISUAL_CLI_OPTIONS_H
#define VISUAL_CLI_OPTIONS_H

#include "jacobian/error.h"
#include "jacobian/form.h"
#include "jacobian/order.h"
#include "visual/latex/latex.h"
#include "visual/style.h"
#include "visual/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
  JAC_CMD_SHOW = 1,
  JAC_CMD_CHECK = 2,
  JAC_CMD_MODULES = 4,
  JAC_CMD_CHAIN = 8,
  JAC_CMD_VERIFY = 16,
  JAC_CMD_EXPLORE = 32,
  JAC_CMD_QUIZ = 64
};

struct jac_options {
  char *const *spec; /* the words that are not options */
  size_t nspec;
  const char *wrt; /* NULL: each variable in turn */
  size_t batch;
  int form; /* enum jac_form, or -1: the map's own default */
  enum jac_entries entries;
  bool entries_given;
  const char **set; /* NAME=VALUES, owned array of borrowed words */
  size_t nset;
  const char *define; /* a formula in place of specs, or NULL */
  const char **size;  /* NAME=SIZE[,NAME=SIZE]..., as set */
  size_t nsize;
  const char **module; /* shared objects with modules, as set */
  size_t nmodule;
  unsigned long seed;
  bool seed_given;
  size_t questions; /* of quiz; 0: its own number */
  enum jac_order order;
  const char *format; /* NULL: by the output's ending, else text */
  const char *output; /* NULL: standard output */
  int precision;
  struct jac_latex latex;
  bool standalone;
  int color; /* -1 auto, 0 never, 1 always */
  const char *against;
  const char *claim;
  double tolerance; /* of --against, relative to the row's largest magnitude */
  bool plain_differences;
  bool sweep, certify;
  bool strict, fix, all; /* of verify */
  size_t jobs;           /* files at a time; 0: as many as there are processors */
  size_t max_memory;     /* bytes; 0: three quarters of what is free */
  bool help;
};

/* Reads the words after the command's name. command_bit says which options are known
 * there, command_name is for messages. Free with jac_options_free in any case. */
enum jac_status jac_options_read(int argc, char **argv, unsigned command_bit,
                                 const char *command_name, struct jac_options *options,
                                 struct jac_error *err);
void jac_options_free(struct jac_options *options);

/* Writes the list of the command's options. */
void jac_options_help(unsigned command_bit, FILE *out);

/* An option as the help and the shells' completion call it. */
struct jac_option_name {
  const char *name, *value, *help; /* value NULL: a flag; both translated */
};

/* The command's k-th option; false when it has not so many. */
bool jac_options_name(unsigned command_bit, size_t k, struct jac_option_name *option);

/* The words that an option takes, "F, C", where it takes words of a list. */
bool jac_options_choices(unsigned command_bit, const char *option, char *list,
                         size_t size);

/* All formats there are, separated by commas. */
const char *jac_options_formats(void);

/* The format: the one asked for, or the output file's ending, or "text"; an error unless
 * it is among known (ended by NULL). */
enum jac_status jac_options_format(const struct jac_options *options,
                                   const char *const *known, const char **format,
                                   struct jac_error *err);

/* How text is to be set on where the results go. */
struct jac_style jac_options_style(const struct jac_options *options);

/* The bytes that may be allocated for Jacobians. */
size_t jac_options_memory(const struct jac_options *options);

#endif
