/* A derivation: from the definition of a function to the closed form of its derivative
 * and the gradient of a loss, in steps that are each compared in value with the one
 * before. What is not found equal is not a step: making the derivation fails there. */
#ifndef JACOBIAN_ALGEBRA_DERIVATION_H
#define JACOBIAN_ALGEBRA_DERIVATION_H

#include "jacobian/error.h"
#include "jacobian/formula/notation.h"

#include <stdbool.h>
#include <stddef.h>

struct jac_derivation_step {
  char *left; /* what is worked out, or "" where it continues the line before */
  char *right;
  char *reason;  /* translated */
  size_t points; /* at which it was compared with the step before; 0: a definition */
  double error;  /* the largest relative difference there */
};

struct jac_derivation {
  struct jac_derivation_step *step;
  size_t count;
  char *closed; /* the closed form, or NULL: there is none, the last step says so */
  /* Steps, from 1 (0: there is none): which gives the entries in indices, which the
   * closed form. */
  size_t entry_step, closed_step;
};

/* index: entry by entry, with sums and deltas; matrix: an output at a time, by whole
 * columns of the variable; differential: dL = tr(...), with whole matrices. */
enum jac_derivation_style {
  JAC_DERIVATION_INDEX,
  JAC_DERIVATION_MATRIX,
  JAC_DERIVATION_DIFFERENTIAL
};

/* A name's size as words: "3", "n"; cols NULL: a vector. */
struct jac_derivation_size {
  const char *name, *rows, *cols;
  bool shares; /* its entries are shares of 1, where nothing is differentiated by it */
};

/* Works the derivative of a definition out, by the variable of that name (NULL: its
 * first); "x,y": by x and then by y, entry by entry whatever the style. Errors:
 * JAC_EINPUT, what is not read or has no such variable; JAC_EREFUSED, no rule for a
 * construct in it; JAC_ENOMEM. Free with jac_derivation_free, whatever is returned. */
enum jac_status jac_derivation_new(const char *definition, const char *variable,
                                   const struct jac_derivation_size *size, size_t count,
                                   enum jac_derivation_style style,
                                   enum jac_notation notation,
                                   struct jac_derivation *derivation,
                                   struct jac_error *err);
void jac_derivation_free(struct jac_derivation *derivation);

/* The variables of a definition in order: the k-th name into name, false: it has not so
 * many, or is not read (err says why). */
bool jac_derivation_variable(const char *definition,
                             const struct jac_derivation_size *size, size_t count,
                             size_t k, char *name, size_t room, struct jac_error *err);

#endif
