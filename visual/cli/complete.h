/* What may stand where the cursor is: for the shells' completion. */
#ifndef VISUAL_CLI_COMPLETE_H
#define VISUAL_CLI_COMPLETE_H

#include "jacobian/buffer.h"

/* The words after `jacobian`, the last of which is being typed (it may be empty). Adds a
 * line a candidate that begins with it: the candidate, a tab, what it is; "@files" alone
 * where files may stand. */
void jac_complete(int count, char **word, struct jac_buffer *out);

#endif
