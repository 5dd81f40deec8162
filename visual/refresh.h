/* The generated blocks of notes: what stands between `jacobian-run: COMMAND` and
 * `jacobian-end`, each a comment on a line of its own. */
#ifndef VISUAL_REFRESH_H
#define VISUAL_REFRESH_H

#include "jacobian/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds what a block's command gives, with a newline at its end. */
typedef enum jac_status jac_refresh_run(void *context, const char *command,
                                        struct jac_buffer *out, struct jac_error *err);

/* Is told of each block that is not as its command gives it (error NULL), and of each
 * whose command failed, with the line of its beginning, from 1. */
typedef void jac_refresh_tell(void *context, size_t line, const char *command,
                              const char *error);

struct jac_refresh {
  bool latex; /* comments are %, else <!-- --> */
  jac_refresh_run *run;
  jac_refresh_tell *tell;
  void *context;
  size_t blocks, stale, failed; /* counted */
  size_t cell;                  /* of the notebook, from 1; 0: a text */
};

/* Adds the text with its blocks written anew, in their own indentation and line ends.
 * What stands in fenced code or verbatim is no block. A block whose command fails stays
 * as it is. Errors: JAC_EINPUT where a block does not end before the next one, or does
 * not stand on lines of its own; JAC_ENOMEM. */
enum jac_status jac_refresh_text(struct jac_refresh *refresh, const char *text,
                                 struct jac_buffer *out, struct jac_error *err);

/* The same for a notebook: its Markdown cells; every other byte stays. Errors also where
 * it is no JSON. */
enum jac_status jac_refresh_notebook(struct jac_refresh *refresh, const char *text,
                                     struct jac_buffer *out, struct jac_error *err);

#endif
