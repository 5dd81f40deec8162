/* A test without a tolerance: how errors fall with the step.
 *
 * Along a random direction d, |f(x + h d) - f(x) - h J d| falls as h^2 when J is the
 * Jacobian and as h when it is not (Taylor). The central difference (f(x + h d) - f(x - h
 * d)) / 2h is off by h^2 while truncation rules, and by eps/h below, where rounding does.
 */
#ifndef JACOBIAN_SWEEP_H
#define JACOBIAN_SWEEP_H

#include "jacobian/map.h"

enum { JAC_SWEEP_STEPS = 13 };

struct jac_sweep {
  double step[JAC_SWEEP_STEPS];      /* 10^0 to 10^-12 */
  double remainder[JAC_SWEEP_STEPS]; /* largest over the outputs */
  double central[JAC_SWEEP_STEPS];   /* the central difference's largest error */
  double order; /* the remainder's, fitted where truncation rules; NaN: nothing to fit,
                   the remainder is rounding alone, as it is for a linear map */
  double best_step; /* where the central difference is best */
};

/* Sweeps at x with respect to wrt; J is native. */
enum jac_status jac_sweep(const struct jac_map *map, jac_point x, size_t wrt,
                          const struct jac_array3 *J, unsigned long seed,
                          struct jac_sweep *sweep, struct jac_error *err);

#endif
