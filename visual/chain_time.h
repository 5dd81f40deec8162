/* Backpropagation through time, shown. */
#ifndef VISUAL_CHAIN_TIME_H
#define VISUAL_CHAIN_TIME_H

#include "jacobian/buffer.h"
#include "layers/chain.h"
#include "visual/style.h"

/* Adds, for every recurrent module of the chain that is unrolled, each step's factor with
 * its norm, the norm of their product from the end, and what each use of a shared
 * parameter adds; of the first sample. Nothing where there is none. JAC_ENOMEM. */
enum jac_status jac_chain_time_text(const struct jac_chain *chain, int precision,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err);

#endif
