/* Numbers that were rounded before they were written down: as many decimals, or as many
 * digits, as all of them have. */
#ifndef JACOBIAN_ROUNDING_H
#define JACOBIAN_ROUNDING_H

#include <stddef.h>

struct jac_rounding {
  int decimals, digits; /* 0: they are of no fixed number of these */
};

/* What all the numbers were rounded to, where it is coarse enough to matter and fine
 * enough to say something of them: half a place is below a two-hundredth of the largest.
 * Both 0: they are as they were computed, or nothing is known. */
struct jac_rounding jac_rounding_find(const double *data, size_t count);

/* The same of coarse numbers, of two digits or of decimals that are a twentieth of the
 * largest: they hold what they say and no more. */
struct jac_rounding jac_rounding_find_coarse(const double *data, size_t count);

/* How far rounding may have moved a number that is x now; 0 for none. */
double jac_rounding_error(const struct jac_rounding *rounding, double x);

#endif
