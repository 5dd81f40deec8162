/* Modules as the subject of notes: a SPEC's definition in the names that notes use. */
#ifndef LAYERS_SUBJECT_H
#define LAYERS_SUBJECT_H

#include "jacobian/buffer.h"

#include <stdbool.h>

/* Adds the facts of a SPEC without sizes (one module, or several in a row, with blanks
 * between), as jacobian/notes/section.h describes them: the input is z, z^{k-1} or x, the
 * output y, z^{k} or M_W(z), a loss L; parameters have their own names, numbered (W_1,
 * W^{1}) in a network. False, with a message, for what is no such SPEC. context is a
 * struct jac_module_library, or NULL. */
bool jac_subject_facts(void *context, const char *spec, bool columns,
                       struct jac_buffer *text, struct jac_error *err);

#endif
