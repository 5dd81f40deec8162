/* Derivatives at a point of functions that nobody defines: \nabla f(S y), H_f(x + t d).
 */
#include "jacobian/elaborate/derivative_internal.h"

#include <string.h>

node *jac_deep_inside(node *call) {
  node *inside = call->child[0];
  while (inside->form == JAC_S_SIDE && inside->count == 2 &&
         jac_name_like(inside->child[0]) && inside->child[1]->form == JAC_S_GROUP &&
         strcmp(inside->child[1]->text, "()") == 0)
    inside = inside->child[1]->child[0];
  return inside;
}

/* Whether nothing says what f is. */
static bool is_any(elaboration *e, node *f) {
  const char *key = jac_name_like(f) ? jac_key(e, f) : NULL;
  return key && !jac_function_of(e, key) && !jac_definition_of(e, key) &&
         !jac_bound_find(e, key) && !jac_below_function(e, f);
}

/* ... and what it is called with is more than a new name. */
static bool any_at(elaboration *e, node *f, node *inside) {
  return is_any(e, f) && inside->form != JAC_S_LIST &&
         (!jac_name_like(inside) || jac_definition_of(e, jac_key(e, inside)));
}

/* d/dt f(g(t)) stands beside: \nabla f(g(t)) is no other sign for it. */
static bool by_its_variable(elaboration *e, node *call) {
  node *inside = jac_deep_inside(call);
  for (size_t k = 0; e->own && k < e->own->pairs; k++)
    if (jac_notation_equal(e->own->pair[k].denominator, inside))
      return true;
  return false;
}

term *jac_nabla_of_any(elaboration *e, node *sign, size_t order, node *const *operand,
                       node *where, bool *taken) {
  node *inside = operand[1]->form == JAC_S_GROUP ? operand[1]->child[0] : NULL;
  if ((sign->form == JAC_S_SCRIPT && sign->child[1]) || !inside ||
      strcmp(operand[1]->text, "()") != 0 || !any_at(e, operand[0], inside))
    return NULL;
  const char *site =
      jac_pool_printf(e->scope->pool, "nabla there:%s", jac_key(e, operand[0]));
  unsigned whole = by_its_variable(e, operand[1]) ? JAC_PRICE_NEVER : 6;
  *taken =
      jac_choose2(e, site, 0, whole, NULL,
                  N_("\xe2\x88\x87 is of the whole, its argument with it"), NULL) == 0;
  return *taken ? jac_gradient_there(e, operand[0], inside, order == 2, where) : NULL;
}

bool jac_hessian_there(elaboration *e, node *below, node *bracket) {
  if (!below || !bracket || bracket->form != JAC_S_GROUP || !is_any(e, below))
    return false;
  node *inside = bracket->child[0];
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, below));
  return any_at(e, below, inside) ||
         (jac_name_like(inside) && u && u->call && !jac_name_like(u->call->child[0]));
}
