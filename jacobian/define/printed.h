/* What is printed of a definition: its equations in plain notation, and the entries of
 * its Jacobian, worked out from the term whose values the map has. */
#ifndef JACOBIAN_DEFINE_PRINTED_H
#define JACOBIAN_DEFINE_PRINTED_H

#include "jacobian/algebra/entries.h"
#include "jacobian/define/defined.h"
#include "jacobian/map.h"

struct jac_printed_entries {
  struct jac_entry_writer writer; /* first: it is cast */
  struct jac_entries_of *entries;
  bool column; /* the value is a column: a row of the map */
  /* Of second derivatives: the map that is differentiated, its variable, the numbering of
   * its entries; else NULL. */
  const struct jac_map *of;
  size_t of_wrt;
  enum jac_order of_order;
};

struct jac_printed {
  char *definition, *where;                             /* or NULL */
  struct jac_printed_entries entry[JAC_VARIABLES_MOST]; /* of each variable */
};

/* The equations of quantities (each has a body) in plain notation; *text is the caller's
 * (free). What has no plain notation is a ? there. Errors: JAC_ENOMEM. */
enum jac_status jac_printed_write(const struct jac_symbol *const *quantity, size_t count,
                                  char **text, struct jac_error *err);

/* The equations, in plain notation: fills the map's definition and where. name: the
 * output's. What cannot be printed stays NULL. Errors: JAC_ENOMEM. */
enum jac_status jac_printed_make(struct jac_map *map, const char *text, const char *name,
                                 struct jac_printed *printed, struct jac_error *err);

/* The entries by every variable, each symbol[v]; value and what it is made in stay alive
 * as long as printed. A derivative that has no form in indices has no writer. Errors:
 * JAC_ENOMEM. */
enum jac_status jac_printed_derive(struct jac_map *map, struct jac_make *make,
                                   const struct jac_term *value,
                                   const struct jac_symbol *const *symbol, bool column,
                                   struct jac_printed *printed, struct jac_error *err);
/* The entries of second derivatives of value, a map of one's own, by variable first and
 * then by every variable: of the map second. Errors: JAC_ENOMEM. */
enum jac_status jac_printed_again(struct jac_map *second, struct jac_make *make,
                                  const struct jac_term *value,
                                  const struct jac_symbol *const *symbol, bool column,
                                  struct jac_printed *printed, struct jac_error *err);
void jac_printed_free(struct jac_printed *printed);

/* The columns whose entries are not 0 as formulas: all of them where there are no
 * formulas or very many. */
size_t jac_printed_columns(const struct jac_map *map, size_t wrt, size_t row,
                           size_t *columns);

#endif
