/* Classic mistakes, planted in right Jacobians and in right formulas. */
#ifndef TESTS_TRIAL_PLANT_H
#define TESTS_TRIAL_PLANT_H

#include "jacobian/diagnose.h"

#include <gsl/gsl_rng.h>

/* Plants a mistake of that kind in a copy of the suspects' truth (allocated, the caller's
 * to free). expected says what a diagnosis should say. False: the map has no such mistake
 * (a diagonal that is all, a batch of 1), or it is none here: the matrix is the truth. */
bool plant_matrix(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                  struct jac_array3 *wrong, struct jac_diagnosis *expected);

/* The same in the variable's entry formula; text has room for size bytes. */
bool plant_formula(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                   char *text, size_t size, struct jac_diagnosis *expected);

/* Whether two arrays are one within tolerance, relative to the largest number of b. */
bool same_array(const struct jac_array3 *a, const struct jac_array3 *b, double tolerance);

/* A short name for tables. */
const char *mistake_name(enum jac_mistake mistake);

#endif
