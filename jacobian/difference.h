/* Finite differences of a map, each value with its own error estimate.
 *
 * A group of columns that no output shares (a colour of the pattern) is perturbed at
 * once, in all samples where these are uncoupled (Curtis, Powell and Reid 1974). At steps
 * h, h/2 and h/4 central differences are extrapolated to order h^6 (Richardson; Ridders
 * 1982); the error is what the last extrapolation changed, plus what the even part of the
 * six values leaves over, plus rounding, plus the last change of the differences
 * themselves where these do not settle as those of a smooth function do. Steps start at
 * 2^-7 times max(1, |x|) and shrink by 8 while some entry of the group is not good
 * enough; every entry keeps its best. Where a smaller step contradicts a larger one, that
 * crossed a pole, the edge of the domain or a wave, the smaller one is right, once the
 * next confirms it. Below 2^-49 the steps go on as parts of |x| itself, so that they stay
 * within the domain of log(x), 1/x or sqrt(x) however small x is. Where one side alone
 * has values, the differences are one-sided, with their own error. One-sided differences,
 * extrapolated likewise, find kinks: where they go on to disagree down to the smallest
 * steps, the function has no derivative there; nor where the slope grows without bound.
 */
#ifndef JACOBIAN_DIFFERENCE_H
#define JACOBIAN_DIFFERENCE_H

#include "jacobian/pattern.h"

enum jac_difference_mode {
  JAC_DIFFERENCE_COMPRESSED, /* a colour at a time */
  JAC_DIFFERENCE_PLAIN,      /* a column at a time, whatever the map declares */
  JAC_DIFFERENCE_FINE        /* the same, from small steps on: those of a large number may
                                all be whole waves of the function */
};

enum jac_entry_state {
  JAC_ENTRY_SMOOTH,
  JAC_ENTRY_KINK,     /* the one-sided derivatives differ: left and right say how (they
                         are infinite, or not numbers, where the slope has no bound) */
  JAC_ENTRY_NONFINITE /* the output has no finite value here, or on no side of it */
};

/* The derivative of one output with respect to the group's column that it depends on. */
struct jac_difference_entry {
  double value, error; /* error is infinite where steps contradict each other */
  double left, right;  /* one-sided derivatives */
  enum jac_entry_state state;
};

/* One group's results: an entry for every output, sample by sample (rows * cols of the
 * map's output); native row r of slice s is entry s * rows + r. */
struct jac_difference_group {
  const struct jac_difference_entry *entry;
  const size_t *column; /* for each native row, the column its entries are for; SIZE_MAX:
                           the pattern declares no column of this group for that row */
};

/* Called once a group; a status other than JAC_OK ends the differences with it. */
typedef enum jac_status (*jac_difference_visit)(void *context,
                                                const struct jac_difference_group *group);

/* All differences with respect to variable wrt at x, group by group; nothing of the
 * Jacobian's size is held. evaluations counts calls of the map's forward. In compressed
 * mode an output that the pattern declares untouched and that moves all the same has an
 * entry with column SIZE_MAX and a value other than 0. noise: by output, how far rounding
 * within the map moves it; NULL: no further than its own last places. */
enum jac_status jac_difference(const struct jac_map *map, jac_point x, size_t wrt,
                               const struct jac_pattern *pattern,
                               enum jac_difference_mode mode, const double *noise,
                               jac_difference_visit visit, void *context,
                               size_t *evaluations, struct jac_error *err);

/* The same into arrays of the native shape: values, and error estimates where error is
 * not NULL. Both are allocated here. */
enum jac_status jac_difference_new(const struct jac_map *map, jac_point x, size_t wrt,
                                   enum jac_difference_mode mode,
                                   struct jac_array3 *value, struct jac_array3 *error,
                                   size_t *evaluations, struct jac_error *err);

#endif
