/* Slips: the wrong Jacobians that a module's own derivation invites, as entry formulas:
 * a path through a statistic left out, a mask ignored. */
#ifndef JACOBIAN_SLIP_H
#define JACOBIAN_SLIP_H

#include "jacobian/map.h"

/* The slips of a map with respect to one variable, read, at a point. */
struct jac_slips;

/* *slips holds those of map->slip that are about variable wrt; the point is borrowed. A
 * slip whose formula has no meaning here is left out. Free with jac_slips_free. Errors:
 * JAC_ENOMEM. */
enum jac_status jac_slips_new(const struct jac_map *map, jac_point x, size_t wrt,
                              struct jac_slips **slips, struct jac_error *err);
void jac_slips_free(struct jac_slips *slips);

/* How many there are; 0 for NULL. */
size_t jac_slips_count(const struct jac_slips *slips);

/* The clause that names slip k, to be translated. */
const char *jac_slips_sentence(const struct jac_slips *slips, size_t k);

/* What slip k makes of the entry at a native place; not a number where it cannot be
 * evaluated. */
double jac_slips_value(const struct jac_slips *slips, size_t k, size_t slice, size_t row,
                       size_t col);

#endif
