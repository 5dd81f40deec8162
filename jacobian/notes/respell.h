/* Other spellings of derivatives as the usual one: f_x, f_{xy}, \partial_{xy} f, D_x f,
 * f^{(3)}, \nabla \cdot F, \Delta u, of functions that the section defines. */
#ifndef JACOBIAN_NOTES_RESPELL_H
#define JACOBIAN_NOTES_RESPELL_H

#include "jacobian/notes/section.h"

/* n with them respelled; n itself where there are none. */
const struct jac_syntax *jac_respell(struct jac_section *section,
                                     const struct jac_syntax *n);

#endif
