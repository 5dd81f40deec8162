/* The command `jacobian`: what its commands share. */
#ifndef VISUAL_CLI_COMMAND_H
#define VISUAL_CLI_COMMAND_H

#include "jacobian/error.h"
#include "visual/cli/format.h"
#include "visual/cli/option.h"
#include "visual/cli/options.h"

/* Exit statuses of the whole program. */
enum { JAC_EXIT_OK = 0, JAC_EXIT_FAILED = 1, JAC_EXIT_FAULT = 2 };

/* A command is one file that defines one of these and one line in commands.h. */
/* Options that do nothing behind a first word of the command's. */
struct jac_idle {
  const char *word;    /* NULL: the end */
  const char *options; /* their names, one blank between */
};

struct jac_command {
  const char *name;
  const char *usage;                /* what stands after the name */
  const char *summary;              /* one line for the list of commands */
  const char *details;              /* a paragraph for its own help, or NULL */
  const char *examples;             /* lines that can be typed as they are */
  const struct jac_format *formats; /* what it writes, NULL: it has no --format */
  const struct jac_idle *idle;      /* or NULL */
  bool network; /* its specs follow one another: what is seldom meant is told */
  /* Runs it; the exit status, or JAC_EXIT_FAULT with err filled. */
  int (*run)(const struct jac_options *options, struct jac_error *err);
};

/* The table of commands. */
size_t jac_command_count(void);
const struct jac_command *jac_command_at(size_t k);

#endif
