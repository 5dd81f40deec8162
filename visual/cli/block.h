/* A command of ours run for what it prints: the blocks of notes. */
#ifndef VISUAL_CLI_BLOCK_H
#define VISUAL_CLI_BLOCK_H

#include "jacobian/buffer.h"

/* What a block's notes are. */
struct jac_block_place {
  const char *format;   /* latex or markdown: what commands write where they do not say */
  const char *defaults; /* the lines of a .jacobian file, or NULL */
  bool raw;             /* nothing is put around what is neither of the two */
};

/* Adds what the command line gives, `show linear:3x2 --wrt W`, with or without `jacobian`
 * before it. Text and data come as code. Commands that answer nothing (update, quiz,
 * explore) and options that write a file or load one are refused. Errors: JAC_EINPUT,
 * those of the command. */
enum jac_status jac_block_run(const struct jac_block_place *place, const char *line,
                              struct jac_buffer *out, struct jac_error *err);

/* What the file .jacobian beside a path says, to be freed; NULL: there is none. */
char *jac_block_defaults(const char *path);

#endif
