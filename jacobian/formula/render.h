/* Trees written out, with as few brackets as the reader needs. */
#ifndef JACOBIAN_FORMULA_RENDER_H
#define JACOBIAN_FORMULA_RENDER_H

#include "jacobian/buffer.h"
#include "jacobian/formula/notation.h"
#include "jacobian/formula/tree.h"

/* How names are written: adds the name with count indices, each already written out in
 * the notation ("1", "j", "i+1"). */
struct jac_naming {
  void (*add)(void *context, const char *name, size_t count, const char *const *index,
              enum jac_notation notation, struct jac_buffer *out);
  void *context;
};

/* Adds the tree in a notation. naming NULL writes names as they stand in the formula.
 * What is written as ASCII with naming NULL reads back to an equal tree. */
void jac_formula_render(const struct jac_node *tree, enum jac_notation notation,
                        const struct jac_naming *naming, struct jac_buffer *out);

#endif
