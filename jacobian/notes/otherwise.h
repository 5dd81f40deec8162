/* What else a section's facts may come to, for a claim that fails by them as they are. */
#ifndef JACOBIAN_NOTES_OTHERWISE_H
#define JACOBIAN_NOTES_OTHERWISE_H

#include "jacobian/notes/section.h"

/* Writes the k-th way to take the facts to out (section->facts of them), and how many of
 * them; words: what is to be said, or "". 0: there are no more. In turn: what is said
 * behind the claim does not count; the arguments of f(x, y) stand still though y = y(x)
 * is said; a name means what another of its definitions says. */
size_t jac_otherwise(const struct jac_section *section, const struct jac_link *link,
                     size_t k, struct jac_fact *out, char words[200]);

#endif
