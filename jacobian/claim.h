/* A formula that claims to be a map's Jacobian, as numbers: what it gives at a point. */
#ifndef JACOBIAN_CLAIM_H
#define JACOBIAN_CLAIM_H

#include "jacobian/against.h"
#include "jacobian/formula/tree.h"

/* The conventions under which a claim can be read. */
struct jac_claim_manner {
  bool columns; /* vectors are columns, and a matrix is the transpose of the map's: y = W
                   z */
  size_t
      indices; /* which of the free indices is the output's: an order of them, from 0 */
  bool entrywise; /* a vector is the diagonal */
};

/* What a claim gives: a slice a sample, or one matrix where samples are coupled. */
struct jac_claimed {
  size_t slices, rows, cols;
  double *data;     /* owned */
  size_t nindices;  /* free indices of a claim for an entry, 0 for a matrix */
  char meaning[96]; /* what they stand for: "i the output, j the input" */
};
void jac_claimed_free(struct jac_claimed *claimed);

struct jac_claim {
  struct jac_arena arena;
  const struct jac_node *tree;
  char *text;
};

/* Reads a claim, plain notation or LaTeX, in the names of a map: its variables, its
 * output y, its quantities; z^{k-1} is the input, z^{k} the output, w is W. Errors show
 * the place. Free with jac_claim_free in any case. */
enum jac_status jac_claim_read(const struct jac_map *map, const char *text,
                               struct jac_claim *claim, struct jac_error *err);
void jac_claim_free(struct jac_claim *claim);

/* The claim's numbers at a point in a manner. JAC_EINPUT where it has no value there
 * (shapes that do not fit, names without a meaning); JAC_EREFUSED where the manner does
 * not apply to it, or gives what another manner gives. */
enum jac_status jac_claim_evaluate(const struct jac_map *map, jac_point x, size_t wrt,
                                   const struct jac_claim *claim,
                                   const struct jac_claim_manner *manner,
                                   struct jac_claimed *claimed, struct jac_error *err);

#endif
