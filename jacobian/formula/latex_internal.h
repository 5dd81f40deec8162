/* Inside the LaTeX reader: what its files share. */
#ifndef JACOBIAN_FORMULA_LATEX_INTERNAL_H
#define JACOBIAN_FORMULA_LATEX_INTERNAL_H

#include "jacobian/formula/latex.h"
#include "jacobian/formula/latex_token_internal.h"

struct jac_latex {
  struct jac_arena *arena;
  const struct jac_vocabulary *vocabulary;
  const struct jac_token *at;
  size_t depth;
  size_t bars;  /* |...| that are open */
  bool divisor; /* what is read stands behind a / */
  struct jac_error *err;
  enum jac_status status;
  size_t position;
};

/* The first failure counts: what was found, what is expected. Returns NULL. */
const struct jac_node *jac_latex_fail(struct jac_latex *r, const char *expected);

bool jac_latex_is(const struct jac_token *token, enum jac_token_kind kind,
                  const char *text);
bool jac_latex_accept(struct jac_latex *r, enum jac_token_kind kind, const char *text);
bool jac_latex_expect(struct jac_latex *r, enum jac_token_kind kind, const char *text);

/* Expressions; a term is what + and - stand between. */
const struct jac_node *jac_latex_expression(struct jac_latex *r);
const struct jac_node *jac_latex_term(struct jac_latex *r);
const struct jac_node *jac_latex_condition(struct jac_latex *r);

/* {...} or one token, as an argument. */
const struct jac_node *jac_latex_argument(struct jac_latex *r);

/* A name with its accents, indices, superscripts and primes, its call if it is one
 * (latex_name.c). */
const struct jac_node *jac_latex_name(struct jac_latex *r);

/* Scripts behind any other base: a bracket, a number. */
const struct jac_node *jac_latex_scripts(struct jac_latex *r,
                                         const struct jac_node *base);

/* Whether a superscript's only content is a sign of transposition. */
bool jac_latex_transposition(const struct jac_latex *r, const struct jac_token *token);

/* The function's name that a word stands for, or NULL. */
const char *jac_latex_function(const struct jac_latex *r, const char *word);

/* An environment: matrices, cases, what only lines things up (latex_environment.c). */
const struct jac_node *jac_latex_environment(struct jac_latex *r);

/* A fraction, which may be a derivative; a gradient; \partial x / \partial y
 * (latex_fraction.c). */
const struct jac_node *jac_latex_fraction(struct jac_latex *r);
const struct jac_node *jac_latex_gradient(struct jac_latex *r);
const struct jac_node *jac_latex_partial(struct jac_latex *r);

/* The token after the group or token that starts here. */
const struct jac_token *jac_latex_after(const struct jac_token *token);

/* Past a bracket of names alone: the point of y(x), where it stands. */
void jac_latex_skip_point(struct jac_latex *r);

const struct jac_node *jac_latex_call(struct jac_latex *r, const char *name,
                                      const struct jac_node *argument);

#endif
