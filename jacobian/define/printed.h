/* What is printed of a definition: its equations, and the entries of its Jacobian, as
 * formulas in plain notation. Nothing is computed from them. */
#ifndef JACOBIAN_DEFINE_PRINTED_H
#define JACOBIAN_DEFINE_PRINTED_H

#include "jacobian/define/defined.h"
#include "jacobian/map.h"

struct jac_printed {
  char *definition, *where;        /* or NULL */
  char *entry[JAC_VARIABLES_MOST]; /* of each variable, or NULL */
};

/* Fills printed, and the map's definition, where and entries with it: the map has its
 * shape, its variables and their sizes. name: the output's; column: the value is a
 * column. What cannot be printed stays NULL. Errors: JAC_ENOMEM. */
enum jac_status jac_printed_make(struct jac_map *map, const char *text, const char *name,
                                 bool column, struct jac_printed *printed,
                                 struct jac_error *err);
void jac_printed_free(struct jac_printed *printed);

#endif
