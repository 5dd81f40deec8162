/* What the derivation of a module begins with. */
#ifndef VISUAL_CLI_DERIVED_ROWS_H
#define VISUAL_CLI_DERIVED_ROWS_H

#include <stdbool.h>

struct jac_derived_row {
  const char *module, *definition;
  const char *sizes; /* NULL: z, gamma, beta, y are rows of n */
  const char *given; /* what is not differentiated by unless --wrt names it, or NULL */
  const char *note;  /* what stands before the first step, to be translated, or NULL */
};

/* The same of a batch, whose samples are rows. */
struct jac_derived_batch {
  const char *module;
  const char *definition; /* NULL: that of one sample, or the module's own */
  const char *sizes;      /* NULL: z is batch x n, gamma and beta rows of n */
  const char *alone; /* the variable whose derivative is written for one row, or NULL */
  bool part;         /* what is derived is a part of the module's output */
};

/* The row of a module, or NULL: a batch has no definition in matrices. */
const struct jac_derived_batch *jac_derived_batch(const char *module);

/* The row of a module as its spec has it, with its options, or NULL: its own definition
 * will do. */
const struct jac_derived_row *jac_derived_row(const char *module, const char *spec);
/* An option of a spec that changes the function and no derivation takes, or NULL. */
const char *jac_derived_left_out(const char *module, const char *spec);
/* What a module's variable is called in its row's definition: q for the g of
 * gumbel-softmax, "W_i W_f W_g W_o" for lstm's W. NULL: as in the module. */
const char *jac_derived_names(const char *module, const char *variable);
/* Whether a row is that of an option, which changes the function. */
bool jac_derived_row_is_optional(const struct jac_derived_row *row);

#endif
