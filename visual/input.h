/* Whole files, read with one clear line for everything that can be wrong with one. */
#ifndef VISUAL_INPUT_H
#define VISUAL_INPUT_H

#include "jacobian/error.h"
#include "visual/table.h"

#include <stddef.h>

struct jac_input {
  const char *name; /* for messages: the path, or "standard input"; borrowed */
  char *bytes;      /* size of them and a final zero, owned */
  size_t size;
};

/* Reads the file; the path "-" is standard input. Errors: JAC_EIO with the path and the
 * reason (a directory, no permission, empty), JAC_ELIMIT above 4 GiB (a pipe: 256 MiB).
 */
enum jac_status jac_input_read(const char *path, struct jac_input *input,
                               struct jac_error *err);
void jac_input_free(struct jac_input *input);

/* The file's numbers: NPY when it starts as one, else CSV. Errors as above, and
 * JAC_EINPUT for what the file holds, with its name, line and column. */
enum jac_status jac_input_table(const char *path, struct jac_table *table,
                                struct jac_error *err);

#endif
