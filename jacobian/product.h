/* Products of Jacobians by their structure, in the order that costs least.
 *
 * A factor is a block-diagonal matrix of `groups` equal matrices (a sample each where
 * samples are not coupled). A group is stored whole, or, where row i has nothing but the
 * columns from i width to (i + 1) width, as the one row of cols numbers that these make:
 * a diagonal (width 1), I (x) z (width that of z). */
#ifndef JACOBIAN_PRODUCT_H
#define JACOBIAN_PRODUCT_H

#include "jacobian/pattern.h"

struct jac_factor {
  double *data;                /* borrowed */
  size_t groups, rows, cols;   /* rows and cols of one group */
  size_t group_step, row_step; /* numbers from one to the next; row_step 0: one row */
  size_t width;                /* 0: groups are stored whole */
  const struct jac_pattern *sparse; /* of a group stored whole: where it is not zero; or
                                       NULL; borrowed */
  bool alike;                       /* all groups are the same, and stored once */
  bool stacked; /* the groups stand one under the other instead, in the same columns */
};

/* How many numbers a factor without gaps stores. */
size_t jac_factor_size(const struct jac_factor *factor);

/* What the product of two factors is (without gaps, its data NULL), and about what it
 * costs, in multiplications. Where both have several groups these are as many, and a is
 * not stacked; where a has fewer, it is stored whole. */
struct jac_factor jac_factor_shape(const struct jac_factor *a,
                                   const struct jac_factor *b);
double jac_factor_cost(const struct jac_factor *a, const struct jac_factor *b);

/* c = a b; c has the shape of the product and data of its own, which are overwritten. */
void jac_factor_multiply(const struct jac_factor *a, const struct jac_factor *b,
                         const struct jac_factor *c);

/* The product of count factors (2 or more) into J, any view with a slice for each group
 * of the product, overwritten; where the product has a width, J is zero outside of its
 * entries. Only the last factor may be stacked. Errors: JAC_ENOMEM. */
enum jac_status jac_factor_chain(const struct jac_factor *factor, size_t count,
                                 const struct jac_array3 *J);

#endif
