/* Values given by a user: what stands after NAME= in --set, and whether it fits. */
#ifndef VISUAL_VALUES_H
#define VISUAL_VALUES_H

#include "jacobian/map.h"
#include "jacobian/order.h"
#include "visual/table.h"

/* Reads '1 2 3; 4 5 6' (blanks or commas between numbers, semicolons or lines between
 * rows, brackets around it all if need be), or @FILE in CSV or NPY, @- from standard
 * input. variable stands in the messages. Free with jac_table_free. Errors: JAC_EINPUT,
 * JAC_EIO. */
enum jac_status jac_values_parse(const char *variable, const char *text,
                                 struct jac_table *table, struct jac_error *err);

/* Refuses a table that is to say a size and that decimal commas would give another:
 * '1,5; 2,5'. Errors: JAC_EINPUT. */
enum jac_status jac_values_sized(const char *variable, const struct jac_table *table,
                                 struct jac_error *err);

/* Copies the table into storage, the storage matrix of the map's variable v. Its shape
 * must be the variable's own; a vector may be a row or a column, a parameter of three
 * dimensions one row in the given numbering; nothing is broadcast. Commas are decimal
 * ones where the numbers fit only so. Errors: JAC_EINPUT with both shapes and what would
 * fit. */
enum jac_status jac_values_fit(const struct jac_table *table, const struct jac_map *map,
                               size_t v, enum jac_order order, gsl_matrix *storage,
                               struct jac_error *err);

#endif
