/* Networks that are taken literally and seldom meant. */
#ifndef VISUAL_CLI_CAUTION_H
#define VISUAL_CLI_CAUTION_H

#include "visual/cli/options.h"

/* Says on standard error, a line for each, which neighbours among the specs apply the
 * same function twice: softmax cross-entropy. Nothing else is changed by it. */
void jac_caution(const struct jac_options *options);

#endif
