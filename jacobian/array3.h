/* The 3-D array: slices x rows x columns, C order. A Jacobian with its batch as third
 * dimension is one of these; slice b is a gsl_matrix view of sample b.
 *
 * What jac_array3_alloc gives is one contiguous block. A view may have its rows and
 * slices further apart: the diagonal blocks of a large matrix are such a view of it. Only
 * what says so takes views that are not contiguous. */
#ifndef JACOBIAN_ARRAY3_H
#define JACOBIAN_ARRAY3_H

#include "jacobian/error.h"

#include <gsl/gsl_matrix.h>
#include <stdbool.h>
#include <stddef.h>

struct jac_array3 {
  size_t slices, rows, cols;
  double *data;                /* owned by what jac_array3_alloc made */
  bool clear;                  /* all zero, as calloc gave it: pages not yet touched */
  size_t slice_step, row_step; /* numbers from one to the next; contiguous: rows * cols
                                  and cols */
};

/* The bytes that slices x rows x cols doubles need; false when that overflows size_t. */
bool jac_array3_bytes(size_t slices, size_t rows, size_t cols, size_t *bytes);

/* An array of zeros (its pages come zeroed from the system and are not touched). Sizes
 * may be 0. Errors: JAC_ELIMIT when the size overflows, JAC_ENOMEM. */
enum jac_status jac_array3_alloc(size_t slices, size_t rows, size_t cols,
                                 struct jac_array3 *array, struct jac_error *err);
void jac_array3_free(struct jac_array3 *array);

/* A contiguous array over numbers that the caller owns. */
struct jac_array3 jac_array3_over(double *data, size_t slices, size_t rows, size_t cols);

/* Sets all to zero, unless it is known to be zero already; contiguous. */
void jac_array3_clear(struct jac_array3 *array);

/* row = a x + b for count numbers of a row of the array (any view); row may be x itself.
 * Large arrays are written past the cache, which would only fetch what is overwritten;
 * jac_array3_written() makes that seen by other threads. a = 0: x is not read. */
void jac_array3_fill(const struct jac_array3 *array, double *row, const double *x,
                     size_t count, double a, double b);
void jac_array3_written(void);

/* The same, but for row[at] = value; at below count. */
void jac_array3_fill_but(const struct jac_array3 *array, double *row, const double *x,
                         size_t count, double a, double b, size_t at, double value);

/* Every slice becomes w^T: rows x cols is w's transposed; any view. */
void jac_array3_transposes(const struct jac_array3 *array, const gsl_matrix *w);

/* Slice k of any view as a matrix of rows x cols; it borrows the block. rows and cols
 * must not be 0. */
gsl_matrix_view jac_array3_slice(const struct jac_array3 *array, size_t k);

static inline double *jac_array3_at(const struct jac_array3 *array, size_t slice,
                                    size_t row, size_t col) {
  return array->data + slice * array->slice_step + row * array->row_step + col;
}

/* A matrix as gsl_matrix_alloc makes it, for gsl_matrix_free; NULL, and nothing kept,
 * when memory runs out (GSL 2.7 keeps a part then). calloc: all zero. */
gsl_matrix *jac_matrix_alloc(size_t rows, size_t cols);
gsl_matrix *jac_matrix_calloc(size_t rows, size_t cols);

#endif
