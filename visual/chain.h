/* The chain rule of a network, shown. */
#ifndef VISUAL_CHAIN_H
#define VISUAL_CHAIN_H

#include "jacobian/order.h"
#include "layers/chain.h"
#include "visual/style.h"
#include "visual/view.h"

#include <jansson.h>

/* Adds the chain as text: the factors with shapes and structure, what the orders cost,
 * each factor's numbers (or symbols, then numbers), the products on the way back beside
 * the fast backward pass. Errors: JAC_ENOMEM. */
enum jac_status jac_chain_text(const struct jac_chain *chain, enum jac_entries entries,
                               int precision, const struct jac_style *style,
                               struct jac_buffer *out, struct jac_error *err);

/* One object: "module", "wrt", "batch", "form" ("batch" or "full"), "reason" (why full,
 * or null), "factors" (each with "name", "module", "of", "wrt", "shape", "structure",
 * "values", "product": the factors from the left up to this one, "delta": the fast
 * backward pass), "cost" ("left", "right", "best", "order"). A new reference, or NULL:
 * out of memory. */
json_t *jac_chain_json(const struct jac_chain *chain);

/* Adds what a pattern is, for a person: "diagonal", "block diagonal, 2 blocks of 1 x 3".
 */
void jac_pattern_words(const struct jac_pattern *pattern, const struct jac_style *style,
                       struct jac_buffer *out);

#endif
