/* A scope: what the author said, in order, and where. Facts are notation; what they mean
 * is decided by a reading of the whole. */
#ifndef JACOBIAN_ELABORATE_SCOPE_H
#define JACOBIAN_ELABORATE_SCOPE_H

#include "jacobian/notation/notation.h"

enum jac_fact_kind {
  JAC_FACT_DEFINITION, /* left = right */
  JAC_FACT_SHAPE,      /* name is a number, a vector, a matrix */
  JAC_FACT_PROPERTY,   /* name is symmetric, positive ... */
  JAC_FACT_MEANING,    /* a sign or a convention: "* is elementwise" */
  JAC_FACT_EQUATION,   /* left, no name alone, is right: log p(x) = ... */
  JAC_FACT_ALIAS,      /* left is another name of right */
  JAC_FACT_USE         /* a formula that only shows how names are used */
};

enum jac_property {
  JAC_IS_SYMMETRIC = 1,
  JAC_IS_POSITIVE = 2,
  JAC_IS_BINARY = 4,
  JAC_SUMS_TO_ONE = 8,
  JAC_IS_UNIT = 16, /* between 0 and 1 */
  JAC_IS_ORTHOGONAL = 32,
  JAC_IS_FUNCTION = 64,
  JAC_IS_NUMBER = 128,
  JAC_IS_COLUMN = 256,
  JAC_IS_ROW = 512,
  JAC_IS_MATRIX = 1024,
  JAC_IS_VECTOR = 2048, /* a row or a column */
  JAC_IS_ENTRYWISE = 4096,
  JAC_NOT_SYMMETRIC = 8192, /* it is said that it need not be */
  JAC_IS_SPECIAL = 16384,   /* triangular, idempotent: said, and not made use of */
  JAC_IS_INTEGER = 32768,
  JAC_IS_DIAGONAL = 65536,
  JAC_IS_SKEW = 131072, /* the negative of its transpose */
  JAC_IS_SIGN = 262144, /* 1 or -1 */
  JAC_IS_NEGATIVE = 524288,
  JAC_IS_ONES = 1 << 20,        /* each entry is 1 */
  JAC_IS_IDEMPOTENT = 1 << 21,  /* its own square */
  JAC_IS_ORTHONORMAL = 1 << 22, /* of length 1, of orthonormal columns */
  JAC_OF_MATRICES = JAC_IS_SYMMETRIC | JAC_IS_ORTHOGONAL | JAC_IS_SPECIAL |
                    JAC_IS_DIAGONAL | JAC_IS_SKEW | JAC_IS_IDEMPOTENT
};

enum jac_saying {
  JAC_SAYS_NOTHING,
  JAC_SAYS_STAR_HADAMARD,
  JAC_SAYS_STAR_PRODUCT,
  JAC_SAYS_STAR_CONVOLUTION,
  JAC_SAYS_OTIMES_OUTER,
  JAC_SAYS_OTIMES_KRON,
  JAC_SAYS_T_NUMBER,
  JAC_SAYS_PRIME_TRANSPOSE,
  JAC_SAYS_PRIME_DERIVATIVE,
  JAC_SAYS_ROWS,    /* vectors are rows */
  JAC_SAYS_COLUMNS, /* vectors are columns */
  JAC_SAYS_ONE_ROW,
  JAC_SAYS_ONE_COLUMN,
  JAC_SAYS_WRT,         /* left: the variable of a J that does not name it */
  JAC_SAYS_SUBJECT,     /* left: the quantity of a J that does not name it */
  JAC_SAYS_INPUT,       /* left: the input of the subject, which "J" is of first */
  JAC_SAYS_OUTPUT,      /* left: its output, which any loss depends on */
  JAC_SAYS_NUMERATOR,   /* a Jacobian has a row for every output, a gradient is a row */
  JAC_SAYS_DENOMINATOR, /* ... for every variable */
  JAC_SAYS_BY_ROWS,     /* matrices are numbered row by row */
  JAC_SAYS_SOFTMAX_ROWS,
  JAC_SAYS_SOFTMAX_COLUMNS,
  JAC_SAYS_LAPLACIAN,  /* \nabla^2 is the sum of second derivatives */
  JAC_SAYS_STOCHASTIC, /* Brownian motion, Ito's formula are spoken of */
  JAC_SAYS_READ_OFF,   /* values are read off a plot or a table */
  JAC_SAYS_MODULAR,    /* numbers are counted modulo one */
  JAC_SAYS_ARRAYS      /* layers, vectors, matrices are spoken of */
};

struct jac_fact {
  enum jac_fact_kind kind;
  const struct jac_syntax *left, *right;
  unsigned properties;
  enum jac_saying saying;
  /* Of a shape: its sizes as notation; rows NULL: a number; cols NULL: a vector, whose
   * way is not said. */
  const struct jac_syntax *rows, *cols;
  const struct jac_syntax *third; /* with three indices: not NULL */
  unsigned
      sides;     /* bits 1 rows, 2 cols, 4 third: it has an index there, though it be 1 */
  size_t line;   /* where it was said; 0: nowhere */
  bool strong;   /* by a directive: wins over what the text says */
  bool guess;    /* by nobody: a stand-in */
  bool implied;  /* by its derivative alone: ds/dz = d/dz (...) */
  bool passing;  /* in a sentence: perhaps of a case, an example */
  bool explains; /* by "where" directly behind a display: of what stands in it */
  const char *problem; /* of a definition whose right side was not read: why */
};

struct jac_scope {
  struct jac_pool *pool; /* of the notation */
  const struct jac_fact *fact;
  size_t count;
};

#endif
