/* What the files about names share: names.c finds what a name means, names_definition.c
 * the definition that counts, names_defined.c makes its symbol, names_said.c knows what
 * the author says, names_kind.c what is likely where nothing is said. */
#ifndef JACOBIAN_ELABORATE_NAMES_INTERNAL_H
#define JACOBIAN_ELABORATE_NAMES_INTERNAL_H

#include "jacobian/elaborate/elaborate_internal.h"

/* Whether the definition of a key is being read. */
bool jac_being_defined(const elaboration *e, const char *key);

/* The last definition of a key (base: without indices, of as many) that counts here;
 * strong ones win. Or NULL. */
const struct jac_definition *jac_last_definition(elaboration *e, const char *key,
                                                 bool base, enum jac_defines defines,
                                                 size_t indices);

/* The symbol that a definition gives; NULL where it does not fit. */
struct jac_symbol *jac_defined_symbol(elaboration *e, const char *key,
                                      const struct jac_definition *d, node *where);

/* Where the shape of a key is said, or NULL. */
const struct jac_fact *jac_shape_fact(elaboration *e, const char *key);

/* A size that was said, as a side that has an index. */
struct jac_dim *jac_side_of(elaboration *e, node *n, bool side);

/* The shape that was said; false: nothing was. */
bool jac_said_type(elaboration *e, const char *key, node *where, struct jac_type *type);

/* What the values of a given symbol are: positive, labels, symmetric. */
void jac_give_values(elaboration *e, struct jac_symbol *s);

/* How likely a name nobody explains is a number, a column, a row, a matrix: by its case
 * and its font, and by how it is used. Never by its letter. */
void jac_kind_prices(elaboration *e, const char *key, unsigned price[KINDS]);

/* The type of the kind that is chosen at these prices. */
struct jac_type jac_choose_kind(elaboration *e, const char *key,
                                const unsigned price[KINDS]);

#endif
