/* The 3-D array: slices x rows x columns in one contiguous block, C order. A Jacobian
 * with its batch as third dimension is one of these; slice b is a gsl_matrix view of
 * sample b. */
#ifndef JACOBIAN_ARRAY3_H
#define JACOBIAN_ARRAY3_H

#include "jacobian/error.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>
#include <stddef.h>

struct jac_array3 {
  size_t slices, rows, cols;
  double *data; /* slices * rows * cols numbers, owned */
  bool clear;   /* all zero, as calloc gave it: pages not yet touched */
};

/* The bytes that slices x rows x cols doubles need; false when that overflows size_t. */
bool jac_array3_bytes(size_t slices, size_t rows, size_t cols, size_t *bytes);

/* An array of zeros (its pages come zeroed from the system and are not touched). Sizes
 * may be 0. Errors: JAC_ELIMIT when the size overflows, JAC_ENOMEM. */
enum jac_status jac_array3_alloc(size_t slices, size_t rows, size_t cols,
                                 struct jac_array3 *array, struct jac_error *err);
void jac_array3_free(struct jac_array3 *array);

/* Sets all to zero, unless it is known to be zero already. */
void jac_array3_clear(struct jac_array3 *array);

/* row = a x + b for count numbers of a row of the array; row may be x itself. Large
 * arrays are written past the cache, which would only fetch what is overwritten. */
void jac_array3_fill(const struct jac_array3 *array, double *row, const double *x,
                     size_t count, double a, double b);

/* Slice k as a matrix of rows x cols; it borrows the block. rows and cols must not be 0.
 */
gsl_matrix_view jac_array3_slice(const struct jac_array3 *array, size_t k);

/* All slices one under the other: (slices rows) x cols; it borrows the block. */
gsl_matrix_view jac_array3_stacked(const struct jac_array3 *array);

static inline double *jac_array3_at(const struct jac_array3 *array, size_t slice,
                                    size_t row, size_t col) {
  return array->data + (slice * array->rows + row) * array->cols + col;
}

#endif
