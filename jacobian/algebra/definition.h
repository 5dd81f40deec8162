/* A function as somebody defined it, read on its own: equations, and sizes where they are
 * said. What the algebra and `derive` start from. */
#ifndef JACOBIAN_ALGEBRA_DEFINITION_H
#define JACOBIAN_ALGEBRA_DEFINITION_H

#include "jacobian/algebra/make.h"
#include "jacobian/elaborate/elaborate.h"

/* A name's size, as words: "3", "n", "batch"; cols NULL: a vector. */
struct jac_named_size {
  const char *name, *rows, *cols;
};

struct jac_defined {
  struct jac_pool notation, terms;
  struct jac_scope scope;
  struct jac_evidence evidence;
  struct jac_elaboration elaboration;
  struct jac_make make;
  const struct jac_symbol *output;       /* with its body */
  const struct jac_term *term;           /* the output as a term */
  const struct jac_symbol *variable[40]; /* what is given, in order of appearance */
  size_t variables;
};

/* Reads "y = A*x + b", or several equations with semicolons between, the last the output;
 * plain or LaTeX. *d is to be freed with jac_defined_free whatever is returned. Errors:
 * JAC_EINPUT says what is not read; JAC_ENOMEM. */
enum jac_status jac_define(struct jac_defined *d, const char *definition,
                           const struct jac_named_size *size, size_t count,
                           struct jac_error *err);
void jac_defined_free(struct jac_defined *d);

/* The variable called name, or NULL. */
const struct jac_symbol *jac_defined_variable(const struct jac_defined *d,
                                              const char *name);

/* The same; where there is none, *err says which there are. */
const struct jac_symbol *jac_defined_needs(const struct jac_defined *d, const char *name,
                                           struct jac_error *err);

#endif
