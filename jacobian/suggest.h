/* Which known word a mistyped one most likely meant. */
#ifndef JACOBIAN_SUGGEST_H
#define JACOBIAN_SUGGEST_H

#include <stddef.h>

/* The shortest of count words that begins with word (three letters at least), else the
 * nearest by edits (insertions, deletions, replacements, swaps of neighbours; Damerau
 * 1964), or NULL when none is near: more than one edit in three letters, two at least.
 * Case does not matter. */
const char *jac_suggest(const char *word, const char *const *words, size_t count);

#endif
