/* NPY, NumPy's file of one array ("NEP 1 - A Simple File Format for NumPy Arrays"). */
#ifndef VISUAL_NPY_H
#define VISUAL_NPY_H

#include "visual/table.h"

#include <stdbool.h>
#include <stdio.h>

/* Whether the bytes start as NPY does. */
bool jac_npy_is(const char *bytes, size_t size);

/* Reads versions 1.0 to 3.0: float64, float32, integers and bool, of either byte order,
 * in C or Fortran order, up to 4 dimensions (none: one number). The header is data: it is
 * scanned, never evaluated. Integers above 2^53 are rounded. name stands in the messages.
 * Errors: JAC_EINPUT says what is wrong and how to save the array instead. */
enum jac_status jac_npy_parse(const char *name, const char *bytes, size_t size,
                              struct jac_table *table, struct jac_error *err);

/* Writes version 1.0, little-endian float64, C order: first the header, then the numbers,
 * in as many portions as one likes. Errors: see ferror(file). */
void jac_npy_write_header(FILE *file, size_t ndim, const size_t *dims);
void jac_npy_write_numbers(FILE *file, size_t count, const double *data);

#endif
