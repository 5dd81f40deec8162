/* Inside the judging of notes: what its files share. */
#ifndef JACOBIAN_NOTES_JUDGE_INTERNAL_H
#define JACOBIAN_NOTES_JUDGE_INTERNAL_H

#include "jacobian/notes/judge.h"
#include "jacobian/notes/split.h"

/* A part of a formula's text as a tree, in the setting's words (define.c). */
enum jac_status jac_notes_side(struct jac_setting *setting, const char *text,
                               size_t start, size_t length, const struct jac_node **tree,
                               struct jac_error *err);

/* A left side, which may be the Jacobian's letter: *symbol. NULL: it cannot be read. */
const struct jac_node *jac_notes_left(struct jac_setting *setting, const char *text,
                                      size_t start, size_t length, bool *symbol,
                                      struct jac_error *err);

/* dW, dy/dx and gradients without a variable as the derivatives that they mean. */
const struct jac_node *jac_notes_differentials(struct jac_setting *setting,
                                               const struct jac_node *tree);

/* Whether an equality is one of differentials, d f = a^T dx, which are not read; dW = X^T
 * dY is one of the gradients of a loss. */
bool jac_notes_differential(const struct jac_setting *setting,
                            const struct jac_node *left, const struct jac_node *right);

/* Defines the losses that tree differentiates and nobody defined: any number made of the
 * output; whole tells which output. */
void jac_notes_losses(struct jac_setting *setting, const struct jac_node *tree,
                      const struct jac_node *whole);
bool jac_notes_loss_name(const char *name);

/* Whether a tree speaks of a function that any function may stand for. */
bool jac_notes_generic(const struct jac_setting *setting, const struct jac_node *tree);

/* Takes in "left = right", whose left side's text is given; false: it defines nothing
 * new. own: by the directive. again: a function written with its argument, f(x), may
 * replace an older one. */
bool jac_notes_define(struct jac_setting *setting, const struct jac_node *left,
                      const struct jac_node *right, const char *latex, size_t length,
                      bool own, bool again);

/* x \in R^n: declares; false: it is something else. */
bool jac_notes_member(struct jac_setting *setting, const char *text,
                      const struct jac_side *left, const struct jac_side *set);

/* One link in one setting. Letters that nobody explains are given the meanings that
 * people leave out (meaning.c): judgement->meaning says which. */
enum jac_status jac_notes_pair(struct jac_setting *setting, const char *text,
                               const struct jac_side *left, const struct jac_side *right,
                               unsigned allowed, struct jac_judgement *judgement,
                               struct jac_error *err);

/* delta^{l} in terms of delta^{l+1}: such a left side is the loss's gradient, and no
 * definition. */
bool jac_notes_recursion(struct jac_setting *setting, const struct jac_node *left,
                         const struct jac_node *right);

/* Adds the definitions of the layers beside those that are defined (shift.c). */
void jac_notes_shift(struct jac_setting *setting);
/* Whether two names are of one layer; a name as it is called in the layer of another. */
bool jac_notes_same_layer(const char *a, const char *b);
bool jac_notes_at_layer(const char *name, const char *of, char out[JAC_SETTING_NAME]);

/* Functions that a statement introduces: "g(z) = max(0, z)" and "sigma(z)_i = ..." name
 * a known one, "a = g(z)" and g'(z) any. True: the statement says no more than that. */
bool jac_notes_functions(struct jac_setting *setting, const char *text,
                         const struct jac_statement *statement);

#endif
