/* A map as a scope: its formulas, sizes and constants as facts. */
#ifndef JACOBIAN_DEFINE_MAP_SCOPE_H
#define JACOBIAN_DEFINE_MAP_SCOPE_H

#include "jacobian/elaborate/scope.h"
#include "jacobian/map.h"
#include "jacobian/order.h"

/* How a module's names are meant. */
enum jac_manner {
  JAC_MANNER_WHOLE,   /* data are batch x features, as in the module's own formulas */
  JAC_MANNER_ROWS,    /* one sample, a row */
  JAC_MANNER_COLUMNS, /* one sample, a column; matrices stand the other way: y = W z */
  JAC_MANNER_AUTHOR   /* a definition: its author's shapes */
};

/* The maps that a network consists of, the first first. */
struct jac_map_parts {
  size_t count;
  const struct jac_map *const *map;
  /* The network's name of variable v of part k, or NULL: what the part before gives. */
  const char *(*name)(const struct jac_map_parts *parts, size_t k, size_t v);
  const struct jac_map *whole;
};

struct jac_map_scope {
  struct jac_scope scope;
  const char *output; /* its name, plain notation */
  enum jac_manner manner;
  const char *definition; /* whose left side has the indices of a row */
};

bool jac_map_is_formula(const struct jac_map *map);

/* The formula, where no size fixes the k of sum(k, z[n,s*(l-1)+k]) running to the map's
 * constant K: as the module's own formulas are read. NULL: memory ran out. */
const struct jac_syntax *jac_map_scope_bound(struct jac_pool *pool,
                                             const struct jac_map *map,
                                             const struct jac_syntax *formula);

/* The scope in the pool; parts: of a network, else NULL. JAC_EREFUSED: the map, or a
 * part, has no formula of its own. */
enum jac_status jac_map_scope_make(struct jac_pool *pool, const struct jac_map *map,
                                   const struct jac_map_parts *parts,
                                   enum jac_manner manner, enum jac_order order,
                                   struct jac_map_scope *out, struct jac_error *err);

#endif
