/* Trees as presentation MathML, for pages. */
#ifndef JACOBIAN_FORMULA_MATHML_H
#define JACOBIAN_FORMULA_MATHML_H

#include "jacobian/buffer.h"
#include "jacobian/formula/tree.h"

/* Adds the tree as the children of a <math> element. Names are escaped: nothing in them
 * is markup. */
void jac_formula_mathml(const struct jac_node *tree, struct jac_buffer *out);

#endif
