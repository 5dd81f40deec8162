/* What the derivation of a module begins with. */
#ifndef VISUAL_CLI_DERIVED_ROWS_H
#define VISUAL_CLI_DERIVED_ROWS_H

struct jac_derived_row {
  const char *module, *definition;
  const char *sizes; /* NULL: z, gamma, beta, y are rows of n */
  const char *given; /* what is not differentiated by unless --wrt names it, or NULL */
  const char *note;  /* what stands before the first step, to be translated, or NULL */
};

/* The row of a module, or NULL: its own definition will do. */
const struct jac_derived_row *jac_derived_row(const char *module);

#endif
