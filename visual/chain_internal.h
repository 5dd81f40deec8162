/* What the files that put a chain on paper share. */
#ifndef VISUAL_CHAIN_INTERNAL_H
#define VISUAL_CHAIN_INTERNAL_H

#include "visual/chain.h"

/* What one run needs. */
struct jac_chain_run {
  const struct jac_chain *chain;
  const struct jac_chain_math *how;
  struct jac_prose *prose;
  struct jac_error *err;
};

/* The `zero` of a source whose zeros are numbers like others. */
bool jac_chain_never_zero(void *context, size_t row, size_t col);

/* Adds " = matrix" with so many columns that it fits beside what stands in out; *widest
 * becomes the width of that line, in points, where it is larger. */
enum jac_status jac_chain_paper_matrix(const struct jac_chain_run *r,
                                       const struct jac_sheet_source *source,
                                       enum jac_sheet_kind kind, struct jac_buffer *out,
                                       double *widest);

/* Ends a display, of several lines where each fits by itself, and frees math. */
enum jac_status jac_chain_paper_display(const struct jac_chain_run *r,
                                        struct jac_buffer *math, double width,
                                        enum jac_status status);

/* Backpropagation through time inside each recurrent module: its factors, their norms and
 * the uses of a shared parameter. */
enum jac_status jac_chain_paper_time(const struct jac_chain_run *r);

#endif
