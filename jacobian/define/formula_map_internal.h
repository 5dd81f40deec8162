/* A map of terms: what its files share, and second.c, which makes one of a module. */
#ifndef JACOBIAN_DEFINE_FORMULA_MAP_INTERNAL_H
#define JACOBIAN_DEFINE_FORMULA_MAP_INTERNAL_H

#include "jacobian/define/defined.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/define/printed.h"
#include "jacobian/elaborate/elaborate_internal.h"
#include "jacobian/value/value.h"

enum { JAC_FORMULA_GIVEN = JAC_VARIABLES_MOST + 2 };

extern const struct jac_map_type jac_formula_type;
extern const char jac_formula_step[], jac_formula_tangent[]; /* names in along */

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

/* Values of the variables, and of up to two matrices more, for one evaluation. */
struct jac_formula_point {
  struct jac_sample sample;
  struct jac_given given[JAC_FORMULA_GIVEN];
  double *copy[JAC_FORMULA_GIVEN];
  size_t count;
};

/* Starts, and adds one matrix more; false: memory ran out. Left in any case. */
bool jac_formula_at(const struct formula_map *f, jac_point x,
                    struct jac_formula_point *p);
bool jac_formula_give(struct jac_formula_point *p, const char *key, const gsl_matrix *m);
void jac_formula_leave(struct jac_formula_point *p);

/* The derivative of a term by the entries from .. from + count of a variable, in native
 * order; outputs are numbered row by row. In the pool; NULL: memory. */
const struct jac_term *jac_formula_by_entries(const struct formula_map *f,
                                              struct jac_pool *pool,
                                              const struct jac_term *of, size_t wrt,
                                              size_t from, size_t count);

/* All derivatives of a term by a variable: the rows of out one after another, each of the
 * variable's entries in native order; NAN where there is none. */
enum jac_status jac_formula_slopes(const struct formula_map *f,
                                   struct jac_formula_point *p, const struct jac_term *of,
                                   size_t wrt, size_t rows, double *out);

/* The terms of the products; false: memory ran out. */
bool jac_formula_products(struct formula_map *f, struct jac_elaboration *e);

/* The cheapest reading of all equations that fits, of what e has been given: value, in e.
 * Errors: JAC_EINPUT, with the place; JAC_ENOMEM. */
enum jac_status jac_formula_map_terms(struct formula_map *f, struct jac_elaboration *e,
                                      const struct jac_defined *d, const char *text,
                                      struct jac_error *err);

/* The same of a definition; the scope is lent to e. What is defined by its entries has as
 * many as its indices allow. Errors: JAC_EINPUT, with the place; JAC_ENOMEM. */
enum jac_status jac_formula_map_read(struct formula_map *f, struct jac_elaboration *e,
                                     struct jac_defined *d, struct jac_scope *scope,
                                     const char *text, struct jac_error *err);

/* The map's variables: what is given a size and stands in the equations. */
enum jac_status jac_formula_map_variables(struct formula_map *f,
                                          struct jac_elaboration *e,
                                          const struct jac_defined *d,
                                          const struct jac_formula_size *size,
                                          size_t count, const char *text,
                                          struct jac_error *err);

#endif
