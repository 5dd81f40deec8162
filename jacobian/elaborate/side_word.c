/* Derivatives that begin with a word or a letter: Jac F, D f, H f, D_k f. */
#include "jacobian/elaborate/side_internal.h"

/* f^2, and nothing below. */
static bool is_second(const node *f) {
  return !f->child[1] && f->child[2] && f->child[2]->form == JAC_S_NUMBER &&
         f->child[2]->number == 2;
}

/* H f, Hf(x, y), of a function that is given. */
static bool hessian_of(elaboration *e, node *base, node *next) {
  const struct jac_definition *f = jac_is_name(base, "H") && jac_name_like(next)
                                       ? jac_function_of(e, jac_key(e, next))
                                       : NULL;
  return f && f->params > 0 && f->fact->right;
}

node *jac_derivative_word(elaboration *e, node *f, node *next) {
  node *base = base_of(f);
  bool d = jac_is_name(base, "D"),
       hess = jac_is_name(base, "Hess") || hessian_of(e, base, next);
  bool of = jac_name_like(next) ? jac_definition_of(e, jac_key(e, next)) != NULL
                                : jac_is_composition(e, next);
  if (!(d || hess || jac_is_name(base, "Jac")) || !of ||
      jac_definition_of(e, jac_key(e, base)) || jac_declared(e, jac_key(e, base)))
    return NULL;
  if (f != base) { /* D^2 */
    if (!d || !is_second(f))
      return NULL;
    hess = true;
  }
  struct jac_syntax like = *base;
  like.form = JAC_S_NAME;
  like.text = jac_pool_text(e->scope->pool, hess ? "H" : "J");
  node *child[3] = {jac_notation_node(e->scope->pool, &like, 0, NULL), next, NULL};
  like.form = JAC_S_SCRIPT;
  like.text = "";
  return child[0] ? jac_notation_node(e->scope->pool, &like, 3, child) : NULL;
}

/* k of D_k f: a number, or a letter that stands below another name in the claim too, no
 * variable of f. */
static bool numbers_place(elaboration *e, node *below, node *f) {
  if (below->form == JAC_S_NUMBER)
    return true;
  const char *key = below->form == JAC_S_NAME ? jac_key(e, below) : NULL;
  const struct jac_definition *d = jac_definition_of(e, jac_key(e, f));
  for (size_t k = 0; key && k < d->params; k++)
    if (jac_notation_equal(d->param[k], below))
      return false;
  const struct jac_usage *u = key && e->own ? jac_usage_of(e->own, key) : NULL;
  return u && !below->bold && u->index > 0 && !jac_definition_of(e, key) &&
         !jac_declared(e, key);
}

node *jac_partial_word(elaboration *e, node *f, node *next) {
  node *base = base_of(f);
  bool word = f->form == JAC_S_SCRIPT && jac_is_name(base, "D") && f->child[1] &&
              !f->child[2] && f->number == 0 && jac_name_like(next) &&
              jac_definition_of(e, jac_key(e, next)) &&
              !jac_definition_of(e, jac_key(e, base)) &&
              !jac_declared(e, jac_key(e, base)) && numbers_place(e, f->child[1], next);
  if (!word)
    return f;
  struct jac_syntax like = *base;
  like.text = jac_pool_text(e->scope->pool, "partial");
  node *child[3] = {jac_notation_node(e->scope->pool, &like, 0, NULL), f->child[1], NULL};
  node *sign = child[0] ? jac_notation_node(e->scope->pool, f, 3, child) : NULL;
  return sign ? sign : f;
}
