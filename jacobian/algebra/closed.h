/* Closed forms: a derivative as an expression of matrices, read off the tensor network of
 * its index form (Laue, Mitterreiter and Giesen, 2018, 2020): what two factors share and
 * a sum binds is a product of matrices, what stays on both sides of a delta a diagonal.
 */
#ifndef JACOBIAN_ALGEBRA_CLOSED_H
#define JACOBIAN_ALGEBRA_CLOSED_H

#include "jacobian/algebra/index.h"

/* The derivative in the layout that fits it: a number's gradient in its variable's shape,
 * a vector's Jacobian, by a number in the output's shape; matrices by vec, column by
 * column. *layout says which. NULL: there is none, or memory ran out. */
const struct jac_term *jac_closed_form(const struct jac_index_form *form,
                                       const struct jac_term *output,
                                       enum jac_layout *layout);

/* The derivative by the entries of the variable along one index, a column, at fixed
 * values of the others: what a row of the Jacobian holds for one column of W. NULL: there
 * is none, or memory ran out. */
const struct jac_term *jac_closed_block(const struct jac_index_form *form,
                                        const struct jac_index *along,
                                        const struct jac_index *const *fixed,
                                        size_t count);

/* A number with indices as the matrix that it is an entry of: rows for row, columns for
 * column (NULL: a column). What has none of them stays a number. NULL: it is no such. */
const struct jac_term *jac_lift(struct jac_make *make, const struct jac_term *number,
                                const struct jac_index *row,
                                const struct jac_index *column);

/* Whether two terms have the same value: at sizes that differ, at random values, and at
 * special ones (zeros, ones, equal entries) wherever both have one there. indices
 * that stand for each of their values. worst (unless NULL): the largest relative
 * difference met; tried: at how many points. */
bool jac_terms_agree(struct jac_make *make, const struct jac_term *a,
                     const struct jac_term *b, const struct jac_index *const *indices,
                     size_t count, double *worst, size_t *tried);

#endif
