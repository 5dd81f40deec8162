/* What the files about factors share: side.c goes through what stands side by side,
 * side_call.c reads calls, side_apply.c functions by their names, side_function.c makes
 * those that nobody defines, side_differential.c reads a small d. */
#ifndef JACOBIAN_ELABORATE_SIDE_INTERNAL_H
#define JACOBIAN_ELABORATE_SIDE_INTERNAL_H

#include "jacobian/elaborate/elaborate_internal.h"

#include <string.h>

static inline bool brackets(node *n, const char *text) {
  return n->form == JAC_S_GROUP && strcmp(n->text, text) == 0;
}

/* f^2(z), of a function: its square there; A^{-1}(t), A^T(t), of a matrix. */
bool jac_raised_call(elaboration *e, node *name);

/* The name without its primes. */
node *jac_unprimed(elaboration *e, node *n);

/* What stands in a bracket, the first 8 of it; 9: too many. */
size_t jac_arguments(node *bracket, node *argument[8]);

/* f(u) of a function that is defined: its body where the parameters stand for the
 * arguments; with primes the derivative by the parameter. */
term *jac_beta(elaboration *e, const struct jac_definition *d, node *name, size_t count,
               node *const *argument);

/* tanh^2 x; above: NULL for none. */
term *jac_raised(elaboration *e, term *result, node *above, bool entrywise, node *n);

/* \sin^{-1} x as the inverse function at x; NULL: it is read otherwise. */
node *jac_inverse_function(elaboration *e, node *n);

/* Whether n applies a function whose inverse is known. */
bool jac_inverse_known(node *n);

/* tanh'(x) of a function of one number: entry by entry. */
term *jac_slope(elaboration *e, enum jac_construct_id id, double primes, term *argument,
                node *where);

/* y, which rests on param, at an argument. */
term *jac_at_argument(elaboration *e, term *y, const struct jac_symbol *param,
                      term *argument, struct jac_type type, node *where);

/* A function that nobody defines, at its arguments. */
term *jac_any_function(elaboration *e, node *name, size_t count, node *const *argument);
/* \partial f/\partial x (a, b) of a function of several numbers that nobody defines: by
 * the argument that is x, or x(t), where f is called first. NULL, and not taken: it is
 * something else. */
term *jac_slope_by_place(elaboration *e, node *f, node *x, node *bracket, node *where,
                         bool *taken);

/* Jac F, D F, D(g \circ f), Hess f, D^2 f: J_F and H_f, of what is defined; NULL: it is
 * none. */
node *jac_derivative_word(elaboration *e, node *f, node *next);
/* D_k f, D_k f(x) of what is defined: \partial_k; else f. */
node *jac_partial_word(elaboration *e, node *f, node *next);

/* Whether f is a small d before a name. */
bool jac_small_d(elaboration *e, node *f, node *next);
/* The same before what is no name: d(X Y), d tr X. */
bool jac_d_of_expression(elaboration *e, node *f, node *next);

/* What a small d before the name means; called: before f(x), where it is hardly an
 * adjoint. */
term *jac_adjoint_of(elaboration *e, node *name, bool called);

#endif
