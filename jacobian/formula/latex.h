/* Formulas in LaTeX, as notes write them, read into the same trees as plain notation.
 * docs/formula.md lists the constructs. */
#ifndef JACOBIAN_FORMULA_LATEX_H
#define JACOBIAN_FORMULA_LATEX_H

#include "jacobian/formula/tree.h"
#include "jacobian/formula/vocabulary.h"

/* The tree of an expression. vocabulary may be NULL. Names come out as vocabularies write
 * them. Errors as in jac_formula_read. */
enum jac_status jac_latex_read(struct jac_arena *arena, const char *text,
                               const struct jac_vocabulary *vocabulary,
                               const struct jac_node **tree, size_t *position,
                               struct jac_error *err);

/* Whether a text is LaTeX rather than plain notation: it has a backslash, a brace, or a
 * subscript that plain names do not have. */
bool jac_latex_looks(const char *text);

#endif
