/* The entries of a defined function's Jacobian in symbols, one by one. */
#ifndef JACOBIAN_ALGEBRA_ENTRIES_H
#define JACOBIAN_ALGEBRA_ENTRIES_H

#include "jacobian/algebra/derivation.h"
#include "jacobian/algebra/make.h"
#include "jacobian/buffer.h"

struct jac_entries_of;

/* Makes them for a definition with its sizes, by the variable of that name; free with
 * jac_entries_of_free. The general entry is compared with the derivative's value before.
 * Errors: JAC_EINPUT, JAC_EREFUSED (no rule in indices, or not found equal), JAC_ENOMEM.
 */
enum jac_status jac_entries_of_new(const char *definition, const char *variable,
                                   const struct jac_derivation_size *size, size_t count,
                                   struct jac_entries_of **entries,
                                   struct jac_error *err);
/* The same for a term of numbers and a variable in it, with what made them, which stay
 * alive as long as the entries. Errors: JAC_EREFUSED, JAC_ENOMEM. */
enum jac_status jac_entries_of_term(struct jac_make *make, const struct jac_term *term,
                                    const struct jac_symbol *variable,
                                    struct jac_entries_of **entries,
                                    struct jac_error *err);
void jac_entries_of_free(struct jac_entries_of *entries);

/* Adds the derivative of output row, column by the variable's entry at its row, column
 * (all from 1; 1 where that side is 1). */
enum jac_status jac_entries_of_add(struct jac_entries_of *entries, size_t row,
                                   size_t column, size_t variable_row,
                                   size_t variable_column, enum jac_notation notation,
                                   struct jac_buffer *out, struct jac_error *err);

/* Adds the entry at any place, in indices. Errors: JAC_ENOMEM. */
enum jac_status jac_entries_of_general(struct jac_entries_of *entries,
                                       enum jac_notation notation, struct jac_buffer *out,
                                       struct jac_error *err);

/* The closed form, or NULL; and in what layout: 'g' the gradient in the variable's shape,
 * 'o' the output's shape, 'j' the Jacobian, matrices column by column. Adds it. */
bool jac_entries_of_closed(struct jac_entries_of *entries, enum jac_notation notation,
                           struct jac_buffer *out, char *layout);

#endif
