/* What is derived, as the options say it: a definition on its own, its sizes, the
 * variables to differentiate by. */
#ifndef VISUAL_CLI_DERIVED_H
#define VISUAL_CLI_DERIVED_H

#include "jacobian/algebra/derivation.h"
#include "layers/module.h"
#include "visual/cli/options.h"

enum {
  JAC_DERIVED_SIZES = 24,
  JAC_DERIVED_NAME = 64,
  JAC_DERIVED_TEXT = 400,
  JAC_DERIVED_VARIABLES = 16
};

struct jac_derived {
  char definition[JAC_DERIVED_TEXT];
  char network[JAC_DERIVED_TEXT]; /* the specs of one */
  const char *title;              /* the options' */
  const struct jac_module_library
      *library;      /* the caller's modules from outside, or NULL */
  const char *note;  /* what stands before the first step, translated, or NULL */
  const char *given; /* variables that are not differentiated by of themselves, or NULL */
  bool loss;         /* a module's y is given */
  bool single;       /* one row of a batch, where more are asked for */
  bool part;         /* the module has other outputs beside what is derived */
  bool apart;        /* the definition is of a part of the module, as the note says */
  struct jac_derivation_size size[JAC_DERIVED_SIZES]; /* of words in `word` */
  char word[JAC_DERIVED_SIZES][3][JAC_DERIVED_NAME];
  size_t sizes;
  char variable[JAC_DERIVED_VARIABLES][JAC_DERIVED_NAME];
  size_t variables;
};

/* Reads what the options' spec or definition says, for general sizes, into zeroed memory
 * that stays where it is; the variables are --wrt's, or all. Errors: JAC_EINPUT what is
 * no subject, JAC_EREFUSED a module that has no derivation, with the reason. */
enum jac_status jac_derived_read(struct jac_derived *derived,
                                 const struct jac_options *options,
                                 struct jac_error *err);

#endif
