/* The chain rule of a network on paper. */
#ifndef VISUAL_LATEX_CHAIN_H
#define VISUAL_LATEX_CHAIN_H

#include "jacobian/buffer.h"
#include "layers/chain.h"
#include "visual/latex/latex.h"

struct jac_chain_math {
  enum jac_entries entries;
  int precision;
  struct jac_latex latex;
};

/* Takes one display's mathematics, and the size of letters in which it fits: "" or a
 * command. */
typedef void jac_math_sink(void *context, const char *math, const char *size);

/* Gives the displays one by one: J = J_3 J_2 J_1, the factors (of the first sample), the
 * products on the way back, the gradient. Errors: JAC_ENOMEM, those of jac_view_symbol.
 */
enum jac_status jac_chain_displays(const struct jac_chain *chain,
                                   const struct jac_chain_math *how, jac_math_sink *sink,
                                   void *context, struct jac_error *err);

/* Adds them as a LaTeX fragment. */
enum jac_status jac_chain_latex(const struct jac_chain *chain,
                                const struct jac_chain_math *how, struct jac_buffer *out,
                                struct jac_error *err);

#endif
