/* What else a section's facts may come to, for a claim that fails by them as they are. */
#ifndef JACOBIAN_NOTES_OTHERWISE_H
#define JACOBIAN_NOTES_OTHERWISE_H

#include "jacobian/notes/section.h"

/* A way to take the facts. */
struct jac_way {
  size_t count;    /* how many of the facts count */
  char words[200]; /* what is to be said, or "" */
  size_t from;     /* what was said before this line is of another exercise; 0: none */
  bool behind;     /* what is said behind the claim does not count */
  bool unseen;     /* nor how names are used there, and in the claim */
};

/* Writes the k-th way to take the facts to out (section->facts of them). False: there are
 * no more. In turn: what is said behind the claim does not count, though the uses of
 * names do; the arguments of f(x, y) stand still though y = y(x) is said; what was said
 * before the last definition of what is differentiated is of another exercise; a name
 * means what another of its definitions says; nothing behind what was said before the
 * claim counts. */
bool jac_otherwise(const struct jac_section *section, const struct jac_link *link,
                   size_t k, struct jac_fact *out, struct jac_way *way);

/* The facts without the k-th definition that a sentence gives a name, and that it is no
 * "where" of; it, or NULL where there are no more. */
const struct jac_fact *jac_without(const struct jac_section *section, size_t k,
                                   struct jac_fact *out);
/* The first definition behind the claim of a name in it, that no "where" joins to it; or
 * NULL. */
const struct jac_fact *jac_said_later(const struct jac_section *section,
                                      const struct jac_link *link);

#endif
