/* Jacobians that are written as they are computed, a sample and a row at a time: larger
 * than memory, in files that NumPy's and SciPy's world reads. */
#ifndef VISUAL_PARTS_H
#define VISUAL_PARTS_H

#include "jacobian/form.h"
#include "jacobian/rows.h"

#include <stdio.h>

/* What is written. */
struct jac_parts {
  struct jac_layout layout;  /* of all samples: matrix, batch or full */
  jac_point x;               /* of all samples; borrowed */
  const struct jac_map *one; /* the map of one sample; the map itself where there is
                                none; borrowed */
  size_t first, last;        /* the samples to be written, from 0; last is not */
  size_t memory;             /* bytes for what is computed at once */
};

/* The rows of one sample after another. Made by jac_walk_new, freed by jac_walk_free. */
struct jac_walk {
  const struct jac_parts *parts;
  struct jac_rows rows;
  gsl_matrix *view;         /* a sample's point; owned */
  const gsl_matrix **point; /* owned */
  size_t shift;             /* of the columns: in the full form a sample has its own */
};

enum jac_status jac_walk_new(const struct jac_parts *parts, struct jac_walk *walk,
                             struct jac_error *err);
void jac_walk_free(struct jac_walk *walk);

/* Goes to a sample; sample 0 is all of them where they are coupled. */
enum jac_status jac_walk_to(struct jac_walk *walk, size_t sample, struct jac_error *err);

/* As SciPy's save_npz writes a csr_array, deflated: samples one under the other (the
 * full form), or the matrix. What can be non-zero is stored, zeros among it too. Errors:
 * JAC_EREFUSED for the batch form of several samples, JAC_ENOMEM. */
enum jac_status jac_npz_write(const struct jac_parts *parts, FILE *file,
                              struct jac_error *err);

/* As a folder that zarr reads (format 2, chunks packed by Zstandard; what is all zero is
 * no file). all: it must not be there yet, and on an error nothing stays; else the
 * samples are written into it, where it is this array's, so that many programs may write
 * one each their samples. Errors: JAC_EIO, JAC_EINPUT when it is another array,
 * JAC_ENOMEM. */
enum jac_status jac_zarr_write(const struct jac_parts *parts, const char *path, bool all,
                               struct jac_error *err);

#endif
