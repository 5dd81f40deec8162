/* What notes say of a name: its shape, its definition, and where. For who points at it.
 */
#ifndef JACOBIAN_NOTES_SAID_H
#define JACOBIAN_NOTES_SAID_H

#include "jacobian/buffer.h"
#include "jacobian/notes/section.h"

struct jac_said {
  /* The name that the offset is in, as offsets in the file; start = end: none is. */
  size_t start, end;
  struct jac_buffer words; /* Markdown, a line a fact; empty: nothing is said of it */
  /* Of a formula that begins with a derivative: of what and by what, as they are written,
   * and how the first is defined; empty where it is not so. */
  struct jac_buffer quantity, variable, definition;
};

/* Says it of the formula around an offset, by all that its section and those above it
 * say. False: no formula is there, or memory ran out. Free it in either case. */
bool jac_notes_said(const struct jac_document *document,
                    const struct jac_notes_modules *modules, size_t offset,
                    struct jac_said *said);
void jac_said_free(struct jac_said *said);

#endif
