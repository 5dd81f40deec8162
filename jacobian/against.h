/* A Jacobian that somebody else made, brought to the map's own form by its shape. */
#ifndef JACOBIAN_AGAINST_H
#define JACOBIAN_AGAINST_H

#include "jacobian/form.h"

enum { JAC_AGAINST_DIMS = 5 };

/* Numbers in C order with their shape. */
struct jac_foreign {
  size_t ndim, dims[JAC_AGAINST_DIMS];
  const double *data; /* borrowed */
};

/* How a foreign array was read. */
struct jac_reading {
  bool fits;       /* native is filled */
  bool transposed; /* its shape fits only the other way round: rows are variables */
  char how[64];    /* "batch", "full", "outputs x parameters as PyTorch returns them" */
  char expected[160];       /* the shapes that would fit: "matrix 2x6, full 2x6" */
  double outside;           /* largest magnitude that belongs to no native place */
  struct jac_array3 native; /* owned when fits */
};

/* Reads an array as one of the four forms of the map's Jacobian with respect to wrt
 * (parameters numbered in order), or as PyTorch's jacobian returns it: the output's shape
 * followed by the variable's own, with or without sizes of 1; or as one
 * matrix that stands for every sample. A shape that fits only
 * transposed is read so, and said so. JAC_OK with fits false when no reading fits. Free
 * reading->native with jac_array3_free. */
enum jac_status jac_against_read(const struct jac_map *map, size_t wrt,
                                 enum jac_order order, const struct jac_foreign *foreign,
                                 struct jac_reading *reading, struct jac_error *err);

/* Whether the array, of three dimensions or more, is the Jacobian truth (native) with its
 * axes in another order: then axes[0], axes[1], ... are those of the array that stand
 * first, second, ... in the right one, as np.transpose takes them. Arrays of more than a
 * million numbers are not tried. Errors: JAC_ENOMEM. */
enum jac_status jac_against_axes(const struct jac_map *map, size_t wrt,
                                 enum jac_order order, const struct jac_foreign *foreign,
                                 const struct jac_array3 *truth, double tolerance,
                                 size_t axes[JAC_AGAINST_DIMS], bool *found,
                                 struct jac_error *err);

#endif
