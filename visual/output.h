/* Files written whole or not at all. */
#ifndef VISUAL_OUTPUT_H
#define VISUAL_OUTPUT_H

#include "jacobian/error.h"

#include <stdio.h>

/* What an errno says, in the reader's language where it is a common one. */
const char *jac_reason(int error);

/* Says on standard error what went wrong, one line; names and formulas that it quotes
 * cannot act on the terminal. */
void jac_output_tell(const char *message);

struct jac_output {
  FILE *file;       /* where to write */
  const char *name; /* as the user called it, for messages; borrowed */
  char *path;       /* where it goes in the end, symbolic links followed; or NULL */
  char *temporary;  /* where it is written until then, in the same folder; or NULL */
};

/* Opens path for writing; NULL is standard output. What is not a plain file (a device, a
 * pipe, what standard output goes to) is written directly; a plain file appears, or is
 * replaced, only when jac_output_close succeeds, with the mode it had or that the umask
 * gives. Errors: JAC_EIO with the path and the reason. */
enum jac_status jac_output_open(const char *path, struct jac_output *output,
                                struct jac_error *err);

/* Finishes: JAC_OK when every byte is written (and on its disk). Errors: JAC_EIO (full
 * disk, closed pipe); then nothing is left of a plain file. */
enum jac_status jac_output_close(struct jac_output *output, struct jac_error *err);

/* Gives up: removes what was written so far of a plain file. */
void jac_output_abandon(struct jac_output *output);

/* For a handler of signals: removes the file that is being written, which stands beside
 * the one it was to replace. */
void jac_output_interrupted(void);

#endif
