/* A map of a formula while it is made: what its files share. */
#ifndef JACOBIAN_DEFINE_FORMULA_MAP_INTERNAL_H
#define JACOBIAN_DEFINE_FORMULA_MAP_INTERNAL_H

#include "jacobian/define/formula_map.h"
#include "jacobian/define/printed.h"
#include "jacobian/elaborate/elaborate_internal.h"

struct formula_map {
  struct jac_map map;
  struct jac_pool pool, terms; /* of notation; of terms */
  const struct jac_term *value;
  const struct jac_symbol *symbol[JAC_VARIABLES_MOST];
  const struct jac_term *along[JAC_VARIABLES_MOST]; /* the derivative along a direction */
  const struct jac_term *paired; /* the scalar product with the cotangent */
  struct jac_type number;
  struct jac_dims dims;
  struct jac_make make; /* of the entries in symbols */
  bool column;          /* the value is a column: a row of the map */
  struct jac_printed printed;
};

/* The cheapest reading of all equations that fits: value, in e. Errors: JAC_EINPUT, with
 * the place; JAC_ENOMEM. */
enum jac_status jac_formula_map_read(struct formula_map *f, struct jac_elaboration *e,
                                     const struct jac_defined *d, const char *text,
                                     struct jac_error *err);

/* The map's variables: what is given a size and stands in the equations. */
enum jac_status jac_formula_map_variables(struct formula_map *f,
                                          struct jac_elaboration *e,
                                          const struct jac_defined *d,
                                          const struct jac_formula_size *size,
                                          size_t count, const char *text,
                                          struct jac_error *err);

#endif
