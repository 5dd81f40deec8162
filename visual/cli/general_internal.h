/* What the files of general sizes share. */
#ifndef VISUAL_CLI_GENERAL_INTERNAL_H
#define VISUAL_CLI_GENERAL_INTERNAL_H

#include "visual/cli/outside.h"
#include "visual/general.h"

struct jac_general_subject {
  const struct jac_options *options;
  struct jac_outside outside;
  const struct jac_module *module;
  struct jac_map *map; /* at sizes that stand for words */
  struct jac_words words;
  size_t sizes; /* of the spec: the course's words, and what stands there */
  char course[JAC_WORDS][JAC_WORD_SIZE], own[JAC_WORDS][JAC_WORD_SIZE];
  size_t *wrt, nwrt;      /* owned */
  struct jac_buffer text; /* what is written, owned */
};

/* Adds what the options ask for, by one variable, to the subject's text. */
enum jac_status jac_general_write(struct jac_general_subject *subject, size_t wrt,
                                  struct jac_error *err);

/* The closed form of the Jacobian of one sample, or the gradient of a loss, in the
 * subject's words; NULL: there is none. To be freed. */
char *jac_general_closed(const struct jac_general_subject *subject, size_t wrt,
                         bool gradient, enum jac_notation notation);

#endif
