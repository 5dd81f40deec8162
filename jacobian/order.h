/* How the entries of a variable are numbered: its place in the Jacobian's columns. */
#ifndef JACOBIAN_ORDER_H
#define JACOBIAN_ORDER_H

#include "jacobian/map.h"

/* The indices (from 0, variable->ndim of them) of the variable's number-th entry. Data
 * are in C order whatever is asked. */
void jac_number_to_index(const struct jac_variable *variable, enum jac_order order,
                         size_t number, size_t index[3]);

/* The inverse. */
size_t jac_index_to_number(const struct jac_variable *variable, enum jac_order order,
                           const size_t index[3]);

/* Where the number-th entry stands in the variable's storage: its offset in a contiguous
 * gsl_matrix (row * cols + column). */
size_t jac_number_to_offset(const struct jac_variable *variable, enum jac_order order,
                            size_t number);

/* Reads or writes a variable's storage as the vector of its numbers in the given order.
 */
void jac_vec(const struct jac_variable *variable, enum jac_order order,
             const gsl_matrix *storage, double *vector);
void jac_unvec(const struct jac_variable *variable, enum jac_order order,
               const double *vector, gsl_matrix *storage);

#endif
