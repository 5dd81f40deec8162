/* What the files about scripts share: script.c tells which kind of script it is,
 * script_above.c, script_below.c and script_prime.c read their part, script_entry.c takes
 * entries. Terms are NULL where they do not fit. */
#ifndef JACOBIAN_ELABORATE_SCRIPT_INTERNAL_H
#define JACOBIAN_ELABORATE_SCRIPT_INTERNAL_H

#include "jacobian/elaborate/elaborate_internal.h"

/* What stands above a name, taken apart: a layer, then a power or a transpose. */
struct above {
  node *layer, *power;
  bool top, inverse;
};

/* Whether a node is this number, written with a minus or without. */
bool jac_number_is(node *n, double value);

/* A script in the place of n: its base with what stands below and above. */
node *jac_scripted(elaboration *e, node *n, node *base, node *below, node *above,
                   double primes);

/* Whether a key is defined, declared or bound. */
bool jac_explained(elaboration *e, const char *key);

/* Takes apart what stands above a base (NULL: nothing) in the script n. */
void jac_read_above(elaboration *e, node *n, node *base, node *above, struct above *out);

/* A term to its power, inverted, transposed. */
term *jac_raise(elaboration *e, term *base, const struct above *above, node *where);

/* The whole number for each i that y of p_{y_i} is, as places of the range. */
struct jac_symbol *jac_places_symbol(elaboration *e, node *name, struct jac_dim *range);

/* The type of a family's members: a column, a row, a number. */
struct jac_type jac_member_type(elaboration *e, const char *base);

/* The family called base, of as many indices. */
struct jac_symbol *jac_member_family(elaboration *e, const char *base, size_t items,
                                     node *where);

/* A member of a family; NULL of NULL. */
term *jac_member(elaboration *e, struct jac_symbol *s, size_t items, node *const *item,
                 node *where);

/* What a name (its key is base, with its layer it is layered_name) means with what stands
 * below it in the script n, which may be nothing. top: whether it is transposed; false
 * afterwards where its indices are those of the transpose. NULL: it is not. */
term *jac_with_below(elaboration *e, node *n, node *name, const char *base,
                     node *layered_name, node *below, bool *top);

/* \dot x, \ddot x of x(t), which is defined: its derivative; not taken: a name. */
term *jac_dotted(elaboration *e, node *n, bool *taken);

/* Whether a name is another one that f of df/dy is given by: (df/dy)_x. */
bool jac_held_constant(elaboration *e, node *slope, node *held);

/* A name with primes. */
term *jac_primed(elaboration *e, node *n, node *name, const struct above *above,
                 node *below);

/* (1/(1 + e^{-x}))' is a derivative: nobody transposes a number. */
term *jac_slope_of(elaboration *e, term *value, node *n);

#endif
