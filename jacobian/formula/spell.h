/* Names as LaTeX writes them: "hat_y" is \hat{y}, "h_0" h_{0}, "gamma" \gamma. */
#ifndef JACOBIAN_FORMULA_SPELL_H
#define JACOBIAN_FORMULA_SPELL_H

#include "jacobian/buffer.h"

#include <stdbool.h>

/* Adds the name with count indices, each already in LaTeX ("." is every place). What is
 * not a letter or a digit is left out: a name injects nothing. */
void jac_spell_latex(const char *name, size_t count, const char *const *index,
                     struct jac_buffer *out);

/* Whether the word is a Greek letter's name. */
bool jac_spell_greek(const char *word, size_t length);

#endif
