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
/* The same by one variable and then by another, of the same term. */
enum jac_status jac_entries_of_second(struct jac_make *make, const struct jac_term *term,
                                      const struct jac_symbol *first,
                                      const struct jac_symbol *second,
                                      struct jac_entries_of **entries,
                                      struct jac_error *err);
void jac_entries_of_free(struct jac_entries_of *entries);

/* Adds the derivative of an entry of the output by an entry of the variable, or of two:
 * their rows and columns one after another (from 1; 1 where that side is 1). */
enum jac_status jac_entries_of_add(struct jac_entries_of *entries, const size_t *place,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err);

/* Adds the entry at any place, in indices. Errors: JAC_ENOMEM. */
enum jac_status jac_entries_of_general(struct jac_entries_of *entries,
                                       enum jac_notation notation, struct jac_buffer *out,
                                       struct jac_error *err);

/* Adds the derivative as matrices, "df/dx = (A + A') x", and says in words what the shape
 * of the variable has, or how entries are numbered, unless it is plain. False: it has no
 * such form; nothing is added. */
bool jac_entries_of_closed(struct jac_entries_of *entries, enum jac_notation notation,
                           struct jac_buffer *out);

#endif
