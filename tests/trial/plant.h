/* Classic mistakes, planted in right Jacobians and in right formulas. */
#ifndef TESTS_TRIAL_PLANT_H
#define TESTS_TRIAL_PLANT_H

#include "jacobian/diagnose.h"

#include <gsl/gsl_rng.h>

/* Plants a mistake of that kind, in a way that is drawn, as jac_mistake_plant. */
bool plant_matrix(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                  struct jac_array3 *wrong, struct jac_diagnosis *expected);

/* The same in the variable's entry formula; text has room for size bytes. */
bool plant_formula(const struct jac_suspects *s, enum jac_mistake mistake, gsl_rng *rng,
                   char *text, size_t size, struct jac_diagnosis *expected);

/* Whether two arrays are one within tolerance, relative to the largest number of b. */
bool same_array(const struct jac_array3 *a, const struct jac_array3 *b, double tolerance);

#endif
