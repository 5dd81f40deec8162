/* Integrals between bounds. The variable is a name like others, a number, that has its
 * own values within. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <string.h>

/* -\infty (sign '-'), \infty, +\infty. */
static bool endless(node *n, char sign) {
  n = jac_inside(n);
  char own = '+';
  if (n->form == JAC_S_TERMS && n->count == 1) {
    own = n->text[0];
    n = jac_inside(n->child[0]);
  }
  return own == sign && jac_is_name(n, "infty");
}

static bool number(elaboration *e, struct jac_type type) {
  return jac_dim_unify(&e->dims, type.rows, e->dims.one, 0) &&
         jac_dim_unify(&e->dims, type.cols, e->dims.one, 0);
}

/* A bound, a number. */
static term *bound(elaboration *e, node *n) {
  term *t = jac_elaborate(e, n);
  if (t && !number(e, t->type))
    return jac_clash(e, n, jac_type_because(t->type), "an integral runs between numbers");
  return t;
}

term *jac_elaborate_integral(elaboration *e, node *n) {
  node *variable = n->child[0], *from = n->child[1], *to = n->child[2];
  term *child[3] = {NULL, NULL, NULL};
  if (e->strict)
    return jac_unknown(e, n, "an integral is read in notes alone");
  if (!endless(from, '-') && !(child[1] = bound(e, from)))
    return NULL;
  if (!endless(to, '+') && !(child[2] = bound(e, to)))
    return NULL;
  const char *key = jac_key(e, variable);
  if (jac_bound_find(e, key))
    return jac_unknown(e, variable, "an integral over an index is not read");
  const struct jac_symbol **at = jac_pool_take(e->pool, sizeof *at);
  const struct jac_symbol *symbol = jac_symbol_of(e, key, variable);
  if (!at || !symbol)
    return NULL;
  if (symbol->families || !number(e, symbol->type))
    return jac_clash(e, variable, jac_type_because(symbol->type),
                     "an integral runs over a number");
  child[0] = jac_elaborate(e, n->child[3]);
  if (!child[0])
    return NULL;
  struct jac_term *t = jac_term_new(e, JAC_TERM_INTEGRAL, child[0]->type, n, 3, child);
  at[0] = symbol;
  if (t)
    t->at = at;
  return t;
}
