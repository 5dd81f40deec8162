/* Formulas in plain notation, read into trees. The grammar is in docs/formula.md. */
#ifndef JACOBIAN_FORMULA_READ_H
#define JACOBIAN_FORMULA_READ_H

#include "jacobian/formula/tree.h"

/* The tree of an expression. Errors: JAC_EINPUT with what was found and what was
 * expected, position (unless NULL) the byte where; JAC_ELIMIT for what is too long or too
 * deep. */
enum jac_status jac_formula_read(struct jac_arena *arena, const char *text,
                                 const struct jac_node **tree, size_t *position,
                                 struct jac_error *err);

/* The two sides of "left = right". */
enum jac_status jac_formula_read_equation(struct jac_arena *arena, const char *text,
                                          const struct jac_node **left,
                                          const struct jac_node **right, size_t *position,
                                          struct jac_error *err);

/* Several equations with semicolons between, JAC_EQUATIONS at most; *count of them. */
enum { JAC_EQUATIONS = 64 };
enum jac_status jac_formula_read_equations(struct jac_arena *arena, const char *text,
                                           const struct jac_node *left[JAC_EQUATIONS],
                                           const struct jac_node *right[JAC_EQUATIONS],
                                           size_t *count, struct jac_error *err);

#endif
