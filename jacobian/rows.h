/* The rows of an explicit Jacobian one after the other, in bounded memory: for what is
 * larger than that when it is written densely. */
#ifndef JACOBIAN_ROWS_H
#define JACOBIAN_ROWS_H

#include "jacobian/map.h"
#include "jacobian/order.h"

/* How the numbers are come by. */
enum jac_rows_way {
  JAC_ROWS_PACKED,  /* rows without a common column, computed one over the other */
  JAC_ROWS_WHOLE,   /* the Jacobian is small enough */
  JAC_ROWS_PRODUCTS /* a vector-Jacobian product a row */
};

/* Made by jac_rows_new, freed by jac_rows_free. */
struct jac_rows {
  const struct jac_map *map; /* borrowed, as x */
  size_t wrt;
  enum jac_order order;
  jac_point x;
  size_t slices;
  size_t
      slice; /* whose rows they are, where the map has several; set before jac_rows_at */
  size_t rows, cols;
  enum jac_rows_way way;
  struct jac_array3 J;              /* packed: one row; whole: all; products: nothing */
  gsl_matrix *cotangent, *gradient; /* of the products; owned */
  size_t *column, *native, *place;  /* of the row in hand; owned */
  double *value;                    /* owned */
};

/* The rows of a map's Jacobian. Where it has several slices (samples that are not
 * coupled) they are of rows->slice and come from products over all samples: the map of
 * one sample is faster, where there is one. Parameters are numbered in that order.
 * memory: the bytes that a Jacobian may take to be computed at once. Errors: JAC_ENOMEM.
 */
enum jac_status jac_rows_new(const struct jac_map *map, size_t wrt, enum jac_order order,
                             size_t memory, struct jac_rows *rows, struct jac_error *err);
void jac_rows_free(struct jac_rows *rows);

/* Goes to a point, which is borrowed until the next. Errors: JAC_ENOMEM. */
enum jac_status jac_rows_at(struct jac_rows *rows, jac_point x, struct jac_error *err);

/* The columns of a row that can be non-zero, ascending, for whatever values:
 * rows->column, which is good until the next call. Returns how many. */
size_t jac_rows_columns(struct jac_rows *rows, size_t row);

/* The row's numbers in these columns, and how many they are: rows->column and
 * rows->value, which are good until the next call. Errors: JAC_ENOMEM. */
enum jac_status jac_rows_read(struct jac_rows *rows, size_t row, size_t *count,
                              struct jac_error *err);

#endif
