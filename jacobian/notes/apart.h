/* Two cases of one derivative, each on its own: do_i/dz_i, and do_j/dz_i for other j; one
 * of a quantity of several indices, dw_{ij}/dx_i, for other j. */
#ifndef JACOBIAN_NOTES_APART_H
#define JACOBIAN_NOTES_APART_H

#include "jacobian/notes/section.h"

/* j \ne i, in the section's pool, where a link states do_j/dz_i and another one of the
 * section do_i/dz_i, or where it states dw_{ij}/dx_i (a list, of more indices); NULL
 * where that is not so, or memory runs out. */
const struct jac_syntax *jac_apart(const struct jac_section *section,
                                   const struct jac_link *link);

#endif
