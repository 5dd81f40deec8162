/* dL/dz = p - y = \delta: a chain that ends in a name gives it. */
#ifndef JACOBIAN_NOTES_NAMING_H
#define JACOBIAN_NOTES_NAMING_H

#include "jacobian/notes/section.h"

/* Takes each derivative that at the end of a chain equals a lone name, which nothing in
 * the section explains and nothing before mentions, as the name's definition: the link is
 * no claim then. Counts of facts in said[0 .. levels) grow with what is put before them.
 */
void jac_section_namings(struct jac_section *section, size_t *said, size_t levels);

#endif
