/* A point of one's own: values for all variables of a map. */
#ifndef JACOBIAN_VALUES_H
#define JACOBIAN_VALUES_H

#include "jacobian/map.h"

struct jac_values {
  size_t count;
  gsl_matrix **matrix; /* count of them in storage shape, owned */
};

/* Values drawn for every variable as its domain says: real ones standard normal. The same
 * seed and map give the same values everywhere; a variable's values depend on its place
 * in the map, not on the other variables' sizes. A mask of several entries has both a 0 and
 * a 1 unless its p leaves next to none of either. Free with jac_values_free. */
enum jac_status jac_values_new(const struct jac_map *map, unsigned long seed,
                               struct jac_values *values, struct jac_error *err);
void jac_values_free(struct jac_values *values);

/* The values as the point that the map's functions take. */
static inline jac_point jac_values_point(const struct jac_values *values) {
  return (jac_point)values->matrix;
}

#endif
