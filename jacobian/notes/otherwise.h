/* What else a section's facts may come to, for a claim that fails by them as they are. */
#ifndef JACOBIAN_NOTES_OTHERWISE_H
#define JACOBIAN_NOTES_OTHERWISE_H

#include "jacobian/notes/section.h"

/* Writes the k-th way to take the facts to out (section->facts of them), and how many of
 * them count; words: what is to be said, or "". False: there are no more. In turn:
 * nothing behind the claim counts; what is said there does not, though the uses of names
 * do; the arguments of f(x, y) stand still though y = y(x) is said; what was said before
 * the last definition of what is differentiated is of another exercise (from: the line
 * of that definition, else 0); a name means what another of its definitions says. */
bool jac_otherwise(const struct jac_section *section, const struct jac_link *link,
                   size_t k, struct jac_fact *out, size_t *count, char words[200],
                   size_t *from);
/* The facts without the k-th definition that a sentence gives a name, and that it is no
 * "where" of; it, or NULL where there are no more. */
const struct jac_fact *jac_without(const struct jac_section *section, size_t k,
                                   struct jac_fact *out);
/* The first definition behind the claim of a name in it, that no "where" joins to it; or
 * NULL. */
const struct jac_fact *jac_said_later(const struct jac_section *section,
                                      const struct jac_link *link);

#endif
