/* Backpropagation through time, shown. */
#ifndef VISUAL_CHAIN_TIME_H
#define VISUAL_CHAIN_TIME_H

#include "jacobian/buffer.h"
#include "layers/chain.h"
#include "visual/style.h"

/* What step t does to what goes back: A_t's norm and that of A_T ... A_t (the largest
 * singular value), and the norm of the network's derivative by the state before the step
 * (the root of the sum of squares), NaN where the module is the last or samples are
 * coupled. */
struct jac_chain_step {
  double norm, so_far, reaches;
};

/* Of each step, the first in [0]; *end: the derivative by the last state. Of a sample, or
 * of the last where there are fewer. JAC_ENOMEM. */
enum jac_status jac_chain_time_steps(const struct jac_chain *chain,
                                     const struct jac_chain_time *time, size_t sample,
                                     struct jac_chain_step *step, double *end,
                                     struct jac_error *err);

/* What a product of that norm does to what goes back through it: where it is near 1,
 * neither. */
enum jac_chain_growth { JAC_CHAIN_VANISHES, JAC_CHAIN_KEEPS, JAC_CHAIN_EXPLODES };
enum jac_chain_growth jac_chain_time_growth(double norm);

/* The root of the sum of the squares of a matrix of an array, a sample's or the last. */
double jac_chain_time_size(const struct jac_array3 *J, size_t sample);

/* That in words: of {w} steps, shortened to or grown {m} times. */
const char *jac_chain_time_growth_words(double norm);

/* The size of what the use in step t adds to the network's derivative, of the first
 * sample; where the module is the last, to the module's Jacobian. */
double jac_chain_time_added(const struct jac_chain *chain,
                            const struct jac_chain_time *time, size_t t);

/* Adds, for every recurrent module of the chain that is unrolled, each step's factor with
 * its norm, the norm of their product from the end, and what each use of a shared
 * parameter adds, to the module's Jacobian and to the network's; of the first sample. Of
 * a module that was shown before, norms alone. Nothing where there is none. JAC_ENOMEM.
 */
enum jac_status jac_chain_time_text(const struct jac_chain *chain, int precision,
                                    const struct jac_style *style, struct jac_buffer *out,
                                    struct jac_error *err);

#endif
