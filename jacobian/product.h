/* Products of Jacobians by their structure, in the order that costs least.
 *
 * A factor is a block-diagonal matrix of `groups` equal matrices (a sample each where
 * samples are not coupled), stored one after the other; a group may itself be known to
 * hold equal blocks down its diagonal, and zeros elsewhere. */
#ifndef JACOBIAN_PRODUCT_H
#define JACOBIAN_PRODUCT_H

#include "jacobian/pattern.h"

struct jac_factor {
  double *data;                  /* groups of rows x cols, C order; borrowed */
  size_t groups, rows, cols;     /* rows and cols of one group */
  size_t block_rows, block_cols; /* of the blocks in a group; rows x cols: dense */
  bool alike;   /* all groups are the same, and stored once */
  bool stacked; /* the groups stand one under the other instead, in the same columns */
};

/* The array as a factor: its slices are the groups. pattern is that of a slice. */
struct jac_factor jac_factor_of(const struct jac_array3 *array,
                                const struct jac_pattern *pattern);

/* How many numbers are stored. */
size_t jac_factor_size(const struct jac_factor *factor);

/* What the product of two factors is (its data NULL), and about what it costs, in
 * multiplications. Where both have several groups these are as many, and a is not
 * stacked. */
struct jac_factor jac_factor_shape(const struct jac_factor *a,
                                   const struct jac_factor *b);
double jac_factor_cost(const struct jac_factor *a, const struct jac_factor *b);

/* c = a b; c has the shape of the product and data of its own, which are overwritten. */
void jac_factor_multiply(const struct jac_factor *a, const struct jac_factor *b,
                         const struct jac_factor *c);

/* The product of count factors (1 or more) into data, which is overwritten and has room
 * for the whole product, each group of it. A product of stacked groups is only ever the last factor's.
 * Errors: JAC_ENOMEM. */
enum jac_status jac_factor_chain(const struct jac_factor *factor, size_t count,
                                 double *data);

#endif
