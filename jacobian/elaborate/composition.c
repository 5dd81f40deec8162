/* Functions composed, g \circ f: the call g(f(x)). Between quantities the same sign is
 * the entrywise product. */
#include "jacobian/elaborate/side_internal.h"

/* Whether a name is a function by itself, f of f(x). */
static bool function_name(elaboration *e, node *n) {
  if (!jac_name_like(n))
    return false;
  const char *key = jac_key(e, jac_unprimed(e, n));
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return jac_function_of(e, key) || (jac_properties(e, key) & JAC_IS_FUNCTION) ||
         (u && u->called_names && !jac_definition_of(e, key) && !jac_declared(e, key));
}

bool jac_is_composition(elaboration *e, node *n) {
  n = jac_inside(n);
  return n->form == JAC_S_INFIX && n->row->id == JAC_C_CIRC &&
         (function_name(e, n->child[0]) || jac_is_composition(e, n->child[0])) &&
         (function_name(e, n->child[1]) || jac_is_composition(e, n->child[1]));
}

node *jac_innermost(node *n) {
  node *inside = jac_inside(n);
  return inside->form == JAC_S_INFIX && inside->row->id == JAC_C_CIRC
             ? jac_innermost(inside->child[1])
             : n;
}

static node *in_brackets(elaboration *e, node *inside) {
  struct jac_syntax like = {.form = JAC_S_GROUP,
                            .text = jac_pool_text(e->scope->pool, "()"),
                            .start = inside->start,
                            .end = inside->end};
  return jac_notation_node(e->scope->pool, &like, 1, &inside);
}

/* g(f(x)) of g \circ f and (x). */
static node *call_of(elaboration *e, node *n, node *bracket) {
  n = jac_inside(n);
  if (!bracket)
    return NULL;
  if (n->form == JAC_S_INFIX) {
    node *inner = call_of(e, n->child[1], bracket);
    return inner ? call_of(e, n->child[0], in_brackets(e, inner)) : NULL;
  }
  struct jac_syntax like = {
      .form = JAC_S_SIDE, .text = "", .start = n->start, .end = bracket->end};
  node *pair[2] = {n, bracket};
  return jac_notation_node(e->scope->pool, &like, 2, pair);
}

/* The innermost function's own arguments in brackets, or NULL: nothing says them. */
static node *own_arguments(elaboration *e, node *n) {
  n = jac_innermost(n);
  const struct jac_definition *f = jac_function_of(e, jac_key(e, n));
  if (!f || !f->params)
    return NULL;
  struct jac_syntax like = {
      .form = JAC_S_LIST, .text = "", .start = n->start, .end = n->end};
  return in_brackets(e, f->params == 1
                            ? f->param[0]
                            : jac_notation_node(e->scope->pool, &like, f->params,
                                                (node *const *)f->param));
}

/* (g \circ f)'(x): by what the call is made of. */
static term *slope_at(elaboration *e, node *n, double primes, node *bracket) {
  term *at = jac_elaborate(e, bracket->child[0]);
  if (!at)
    return NULL;
  const char *key = jac_pool_text(e->scope->pool, "composed of");
  struct jac_symbol *param = jac_symbol_new(e, key, at->type);
  struct jac_syntax like = {.form = JAC_S_NAME, .text = key, .number = 1};
  node *name = jac_notation_node(e->scope->pool, &like, 0, NULL);
  if (!param || !name)
    return NULL;
  struct jac_bound bound = {
      .key = jac_key(e, name), .value = jac_term_symbol(e, param, n), .next = e->bound};
  node *call = call_of(e, n, in_brackets(e, name));
  /* Lent: taken back below. */
  /* cppcheck-suppress autoVariables */
  e->bound = &bound;
  term *y = call && bound.value ? jac_elaborate(e, call) : NULL;
  e->bound = bound.next;
  struct jac_by by = {.symbol = param};
  for (long k = 0; y && k < (long)primes; k++)
    y = jac_derivative(e, y, 1, &by, param->type, 0, n);
  return y ? jac_at_argument(e, y, param, at, y->type, n) : NULL;
}

term *jac_elaborate_composition(elaboration *e, node *n, double primes, node *bracket) {
  if (primes > 0 && bracket)
    return slope_at(e, n, primes, bracket);
  bracket = bracket ? bracket : own_arguments(e, n);
  node *call = primes == 0 ? call_of(e, n, bracket) : NULL;
  return call ? jac_elaborate(e, call)
              : jac_unknown(e, n, "nothing says what this composition is applied to");
}
