/* The value of a formula: a matrix of numbers of some type (a single number is 1 x 1), at
 * given indices, sizes and values. */
#ifndef JACOBIAN_FORMULA_EVALUATE_H
#define JACOBIAN_FORMULA_EVALUATE_H

#include "jacobian/formula/number.h"
#include "jacobian/formula/read.h"
#include "jacobian/map.h"

/* A name with its values: up to three dimensions, rows of the last one tda apart (a
 * vector has ndim 1; as a matrix it is a row, or a column where column is set). */
struct jac_named {
  const char *name;
  size_t ndim, dims[3];
  const double *data;
  size_t tda;
  bool column;
  size_t
      channels; /* columns that are positions x channels have an index for each; or 0 */
};

/* An index, or a size that formulas name, with its value. */
struct jac_index_value {
  const char *name;
  size_t value;
};

/* What names mean. Indices count from 1, as in formulas. */
struct jac_environment {
  const struct jac_map *map; /* its variables and constants, by their names; or NULL */
  jac_point x;
  const struct jac_named *named; /* further names, looked up first */
  size_t nnamed;
  const struct jac_index_value *size; /* what sizes are called: n, input */
  size_t nsize;
  /* Quantities defined by formulas of their own, "s[n,o] = ..." or "s = softmax(z)". */
  const struct jac_node *where_left[JAC_EQUATIONS], *where_right[JAC_EQUATIONS];
  size_t nwhere;
  const struct jac_number_type *type; /* NULL: double */
  const double *seed; /* with a dual type: the number along which is differentiated */
  bool broadcast;     /* a row may be added to every row, a number to every entry */
};

/* A matrix of doubles; with a dual type, the derivatives beside the values. */
struct jac_result {
  size_t rows, cols;
  double *value, *slope; /* row by row; owned; slope NULL unless the type is dual */
  struct jac_enclosure *enclosure; /* of slopes with a dual type, else of values; owned;
                                      NULL unless the type is certified */
};
void jac_result_free(struct jac_result *result);

/* The value of tree where the free indices have these values; a sum runs over the sizes
 * of what its index indexes. Errors: JAC_EINPUT names what has no meaning, an index whose
 * range is not known or that is out of it, or shapes that do not fit, in words; *position
 * (unless NULL) is the byte of the formula's text where; JAC_ELIMIT for what is too
 * large. */
enum jac_status jac_formula_value(const struct jac_node *tree,
                                  const struct jac_environment *environment,
                                  const struct jac_index_value *index, size_t count,
                                  struct jac_result *result, size_t *position,
                                  struct jac_error *err);

/* The same where the value is one number; a matrix is an error. */
enum jac_status jac_formula_evaluate(const struct jac_node *tree,
                                     const struct jac_environment *environment,
                                     const struct jac_index_value *index, size_t count,
                                     double *value, struct jac_error *err);

#endif
