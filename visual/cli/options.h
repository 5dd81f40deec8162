/* The options of all commands: one table, one struct. */
#ifndef VISUAL_CLI_OPTIONS_H
#define VISUAL_CLI_OPTIONS_H

#include "jacobian/algebra/derivation.h"
#include "jacobian/error.h"
#include "jacobian/form.h"
#include "jacobian/order.h"
#include "visual/latex/latex.h"
#include "visual/style.h"
#include "visual/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct jac_format;

enum jac_color { JAC_COLOR_AUTO, JAC_COLOR_ALWAYS, JAC_COLOR_NEVER };

/* What is shown of a module of general sizes. */
enum jac_what {
  JAC_WHAT_JACOBIAN,
  JAC_WHAT_DEFINITION,
  JAC_WHAT_FORWARD,
  JAC_WHAT_GRADIENT
};

/* A line of a file: how many specs, sizes and letters of define there are with it. */
struct jac_origin {
  const char *file;
  size_t line, specs, sizes, define;
};

/* What the rows of visual/cli/option_rows.c fill: see visual/cli/arguments.h. */
struct jac_options {
  char *const *spec; /* the words that are not options */
  size_t nspec;
  const char *wrt; /* NULL: each variable in turn */
  size_t batch;
  const char *batch_word; /* a size of samples that is a word, or NULL */
  bool batch_given;
  enum jac_what what; /* of general sizes */
  bool annotate;
  int form; /* enum jac_form, or -1: the map's own default */
  enum jac_entries entries;
  bool entries_given;
  const char **set; /* NAME=VALUES, owned array of borrowed words */
  size_t nset;
  const char *define; /* a formula in place of specs, or NULL */
  const char *of;     /* which of its equations is the output; NULL: the last */
  const char **size;  /* NAME=SIZE[,NAME=SIZE]..., as set */
  size_t nsize;
  const char **module; /* shared objects with modules, as set */
  size_t nmodule;
  size_t seed;
  bool seed_given;
  size_t questions; /* of quiz; 0: its own number */
  size_t level;     /* of quiz, where it begins; 0: 1 */
  enum jac_order order;
  const struct jac_format *format; /* never NULL where the command has formats */
  const char *output;              /* NULL: standard output */
  const char *samples;             /* "A:B", or NULL: all */
  int precision;
  bool precision_given;
  struct jac_latex latex;
  bool standalone;
  enum jac_color color;
  const char *against;
  const char *claim;
  double tolerance; /* of --against, relative to the row's largest magnitude */
  bool tolerance_given;
  bool plain_differences;
  bool sweep, certify;
  bool gauss_newton;
  bool strict, fix, all; /* of verify; all: of chain too */
  bool only_check;       /* of update */
  bool ascii;            /* text goes where Unicode does not: no option sets it */
  bool unicode;          /* text goes into a file of UTF-8, whatever the terminal is */
  size_t jobs;           /* files at a time; 0: as many as there are processors */
  struct {
    enum jac_derivation_style style;
    bool style_given;
    size_t until; /* steps; 0: all */
    bool ask, check;
  } derivation;
  size_t max_memory; /* bytes; 0: three quarters of what is free */
  bool help;
  char **owned; /* words that files gave, nowned of them, owned */
  size_t nowned;
  const char **spec_owned;   /* spec, where files stand in it; or NULL */
  struct jac_origin *origin; /* of each line of these files, norigin of them, owned */
  size_t norigin;
};

void jac_options_free(struct jac_options *options);

/* How text is to be set on where the results go. */
struct jac_style jac_options_style(const struct jac_options *options);

/* The bytes that may be allocated for Jacobians. */
size_t jac_options_memory(const struct jac_options *options);

#endif
