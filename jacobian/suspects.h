/* The kinds of mistakes, and what a mistake may be made of. */
#ifndef JACOBIAN_SUSPECTS_H
#define JACOBIAN_SUSPECTS_H

#include "jacobian/array3.h"
#include "jacobian/slip.h"

/* Most likely first: the order of a diagnosis. jacobian/mistake.h has the table. */
enum jac_mistake {
  JAC_MISTAKE_ORDER, /* parameters numbered in the other order */
  JAC_MISTAKE_TRANSPOSED,
  JAC_MISTAKE_SIGN,
  JAC_MISTAKE_PATH,        /* a slip of this module's derivation */
  JAC_MISTAKE_SUMMED,      /* every sample has the sum over the batch */
  JAC_MISTAKE_AVERAGED,    /* ... the mean */
  JAC_MISTAKE_DIAGONAL,    /* only the diagonal */
  JAC_MISTAKE_NO_DIAGONAL, /* all but the diagonal */
  JAC_MISTAKE_IDENTITY_ADDED,
  JAC_MISTAKE_IDENTITY_MISSING,
  JAC_MISTAKE_TRANSPOSED_SIGN,
  JAC_MISTAKE_ROWS_SHIFTED, /* by one, cyclically */
  JAC_MISTAKE_COLS_SHIFTED,
  JAC_MISTAKE_FACTOR,   /* a constant */
  JAC_MISTAKE_ZERO,     /* all zero */
  JAC_MISTAKE_QUANTITY, /* an elementwise factor too few or too many */
  JAC_MISTAKE_Z_FOR_Y,  /* the input stands where the output is meant */
  JAC_MISTAKE_Y_FOR_Z,  /* the reverse */
  JAC_MISTAKE_OTHER,    /* another Jacobian: another variable's */
  JAC_MISTAKE_SAMPLES_PERMUTED,
  JAC_MISTAKE_ROWS_PERMUTED,
  JAC_MISTAKE_COLS_PERMUTED,
  JAC_MISTAKE_PATTERN, /* right but for entries that are zero, or that should be */
  JAC_MISTAKES
};

struct jac_diagnosis {
  enum jac_mistake mistake;
  double factor;    /* JAC_MISTAKE_FACTOR: candidate = factor * truth */
  const char *name; /* of a quantity or of another Jacobian, or a slip's sentence;
                       borrowed */
  bool missing;     /* JAC_MISTAKE_QUANTITY: the factor is missing (else: too much) */
  double residual;  /* the largest difference that it leaves, relative to the scale */
};

/* A quantity that a formula may have forgotten or added as an elementwise factor: one
 * number an output (by rows) or a variable's entry of the slice (by columns). */
struct jac_quantity {
  const char *name;
  const double *value; /* slices * rows numbers, or slices * cols */
  bool by_columns;
  bool own; /* the module's derivative has it as a factor: it can be forgotten */
};

/* What the diagnosis may look at. All borrowed; missing parts are NULL or 0. */
struct jac_suspects {
  const struct jac_map *map;
  size_t wrt;
  const struct jac_array3 *truth; /* native */
  const struct jac_quantity *quantity;
  size_t nquantity;
  const struct jac_array3 *other; /* other Jacobians, of any shape */
  const char *const *other_name;
  size_t nother;
  const struct jac_array3 *z_for_y,
      *y_for_z;                  /* the Jacobian with the one for the other */
  const struct jac_slips *slips; /* of the module's derivation, or NULL */
  const struct jac_array3 *swap; /* room for both, where they are owned */
  double tolerance;              /* relative to the truth's scale; 0: 1e-7 */
};

enum { JAC_DIAGNOSES = 8 };

#endif
