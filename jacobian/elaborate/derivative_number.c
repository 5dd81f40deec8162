/* Which variable a number below a derivative's sign is: \partial_2 f, \partial_k f. */
#include "jacobian/elaborate/derivative_internal.h"

/* Whether a letter counts entries of x, and is no variable: x_i stands somewhere. */
static bool counts(elaboration *e, node *letter, node *x) {
  const char *key = letter->form == JAC_S_NAME ? jac_key(e, letter) : NULL;
  const struct jac_usage *u = key ? jac_usage_of(e->evidence, key) : NULL;
  return u && u->index && !jac_definition_of(e, key) && !jac_declared(e, key) &&
         !jac_notation_equal(letter, x);
}

/* The k-th of several arguments, which is a number as a rule. */
static node *argument_by_number(elaboration *e, node *below,
                                const struct jac_definition *f) {
  if (below->form != JAC_S_NUMBER || below->number < 1 ||
      below->number > (double)f->params)
    return below;
  node *variable = f->param[(size_t)below->number - 1];
  const struct jac_symbol *s =
      jac_name_like(variable) ? jac_symbol_of(e, jac_key(e, variable), variable) : NULL;
  if (s && !jac_type_is_number(s->type)) {
    struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "by an argument"),
                           .count = 1,
                           .price = {12}};
    jac_choose(e, &c);
  }
  return variable;
}

node *jac_numbered(elaboration *e, node *below, size_t count, node *const *operand) {
  if (!count || !jac_name_like(operand[0]))
    return below;
  const struct jac_definition *f = jac_function_of(e, jac_key(e, operand[0]));
  if (f && f->params > 1)
    return argument_by_number(e, below, f);
  node *bracket = count > 1 && operand[1]->form == JAC_S_GROUP ? operand[1] : NULL;
  node *x = f ? f->param[0] : bracket ? bracket->child[0] : NULL;
  if (!x || x->form != JAC_S_NAME ||
      !(below->form == JAC_S_NUMBER || counts(e, below, x)))
    return below;
  struct jac_syntax like = *x;
  like.form = JAC_S_SCRIPT;
  like.number = 0;
  node *child[3] = {x, below, NULL};
  node *entry = jac_notation_node(e->scope->pool, &like, 3, child);
  return entry ? entry : below;
}
