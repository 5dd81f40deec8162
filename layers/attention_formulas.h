/* What attention is, and its Jacobians, in formulas. */
#ifndef LAYERS_ATTENTION_FORMULAS_H
#define LAYERS_ATTENTION_FORMULAS_H

#include "jacobian/map.h"

/* Of one head, and of several: head h has the features from F (h-1) on. where: for no
 * mask, a causal one, padding; entry: by Q, K, V and the mask. */
struct jac_attention_formulas {
  const char *definition, *where[3], *entry[4];
  const struct jac_slip *slip;
};
extern const struct jac_attention_formulas jac_attention_one, jac_attention_heads;

#endif
