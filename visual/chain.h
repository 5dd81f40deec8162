/* The chain rule of a network, shown. */
#ifndef VISUAL_CHAIN_H
#define VISUAL_CHAIN_H

#include "jacobian/order.h"
#include "layers/chain.h"
#include "visual/prose.h"
#include "visual/style.h"
#include "visual/view.h"

#include <jansson.h>
#include <stdio.h>

/* Adds the chain as text: the factors with shapes and structure, what the orders cost,
 * each factor's numbers (or symbols, then numbers), the products on the way back beside
 * the fast backward pass. Errors: JAC_ENOMEM. */
enum jac_status jac_chain_text(const struct jac_chain *chain, enum jac_entries entries,
                               int precision, const struct jac_style *style,
                               struct jac_buffer *out, struct jac_error *err);

/* How a chain is written on paper. */
struct jac_chain_math {
  enum jac_entries entries;
  int precision;
  struct jac_latex latex;
};

/* Adds it as prose: the rule, a table of the factors, what the orders cost, the factors
 * (of the first sample), the products on the way back, the gradient, and what proves it.
 * Errors: JAC_ENOMEM, those of jac_view_symbol. */
enum jac_status jac_chain_prose(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_prose *prose,
                                struct jac_error *err);

/* The same as a LaTeX fragment, and as Markdown. */
enum jac_status jac_chain_latex(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_buffer *out,
                                struct jac_error *err);
enum jac_status jac_chain_markdown(const struct jac_chain *chain,
                                   const struct jac_chain_math *how,
                                   struct jac_buffer *out, struct jac_error *err);

/* One object: "module", "wrt", "batch", "form" ("batch" or "full"), "reason" (why full,
 * or null), "factors" (each with "name", "module", "of", "wrt", "shape", "structure",
 * "values", "product": the factors from the left up to this one, "delta": the fast
 * backward pass), "cost" ("left", "right", "best", "order"); "time", of each recurrent
 * module that is unrolled: "module", "state" (names), "derivative", "steps" (each with
 * "values", and of a sample the norms "norm", "product", "derivative" and, of a shared
 * parameter, "adds", with its "use"). A new reference, or NULL: out of memory. */
json_t *jac_chain_json(const struct jac_chain *chain, size_t sample);

/* Writes CSV, a number a line: what it belongs to ("J4", or "J4 J3" for a product),
 * sample, labels of row and column in LaTeX, value. For writing errors see ferror(file).
 */
enum jac_status jac_chain_csv(const struct jac_chain *chain, FILE *file,
                              struct jac_error *err);

/* Adds the labels of a row and of a column of the product of the factors up to f. */
void jac_chain_row_label(const struct jac_chain *chain, size_t slice, size_t row,
                         enum jac_notation notation, struct jac_buffer *out);
void jac_chain_col_label(const struct jac_chain *chain, size_t f, size_t slice,
                         size_t col, enum jac_notation notation, struct jac_buffer *out);

/* Adds the name of the product of the factors up to f: J4 J3 J2. */
void jac_chain_name(const struct jac_chain *chain, size_t f, struct jac_buffer *out);

/* Adds what a pattern is, for a person: "diagonal", "block diagonal, 2 blocks of 1 x 3".
 */
void jac_pattern_words(const struct jac_pattern *pattern, const struct jac_style *style,
                       struct jac_buffer *out);

#endif
