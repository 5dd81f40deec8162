/* The derivative of a formula as a formula, written as a textbook would: deltas collapse
 * their sums, zeros and ones vanish, what has a name is called by it. */
#ifndef JACOBIAN_FORMULA_DIFFERENTIATE_H
#define JACOBIAN_FORMULA_DIFFERENTIATE_H

#include "jacobian/formula/evaluate.h"

/* A formula of matrices as a formula of its entry at row, col (index names as nodes; NULL
 * where that dimension is 1): A B at i,j is sum(k, A[i,k]*B[k,j]). The environment gives
 * shapes, through its values. JAC_EINPUT for what has no formula of entries (kron, vec,
 * an explicit matrix). */
enum jac_status jac_formula_entry(struct jac_arena *arena, const struct jac_node *tree,
                                  const struct jac_environment *environment,
                                  const struct jac_node *row, const struct jac_node *col,
                                  const struct jac_node **entry, struct jac_error *err);

/* The derivative of an entry formula with respect to the variable's entry at these index
 * nodes (count of them; 0: it is a number). Quantities of the environment are
 * differentiated through. Not simplified. */
enum jac_status
jac_formula_derivative(struct jac_arena *arena, const struct jac_node *tree,
                       const struct jac_environment *environment, const char *variable,
                       const struct jac_node *const *index, size_t count,
                       const struct jac_node **derivative, struct jac_error *err);

/* An entry formula as a textbook writes it; the environment's quantities are called by
 * their names. Equal in value to tree. A tree that is too large for this is returned with
 * its zeros and ones gone only. NULL when the arena failed. */
const struct jac_node *jac_formula_textbook(struct jac_arena *arena,
                                            const struct jac_node *tree,
                                            const struct jac_environment *environment);

#endif
