/* A small d before a name: an adjoint (dW stands for dL/dW) or a differential. */
#include "jacobian/elaborate/side_internal.h"

bool jac_small_d(elaboration *e, node *f, node *next) {
  if (!jac_is_name(f, "d") || !next || !jac_name_like(next) || next->spaced)
    return false;
  const char *key = jac_key(e, f);
  return !jac_definition_of(e, key) && !jac_declared(e, key) && !jac_bound_find(e, key);
}

static size_t also(elaboration *e, node *n, node *out[8], size_t count) {
  for (size_t k = 0; k < count; k++)
    if (jac_notation_equal(out[k], n))
      return count;
  if (count < 8 && !jac_definition_of(e, jac_key(e, n)) &&
      !jac_entries_of(e, jac_key(e, n), 0))
    out[count++] = n;
  return count;
}

/* What moves: the names behind a small d in the section that nothing defines, and the
 * arguments of the function itself: df of f(x, y) has a dx and a dy. */
static size_t moving(elaboration *e, node *name, node *out[8]) {
  const struct jac_evidence *v = e->evidence;
  const char *d = jac_pool_text(e->scope->pool, "d");
  const struct jac_pair *p = v->every ? v->every : v->pair;
  const struct jac_definition *f = jac_function_of(e, jac_key(e, name));
  size_t count = 0;
  for (size_t k = 0; k < (v->every ? v->everys : v->pairs); k++)
    if (p[k].numerator == d)
      count = also(e, p[k].denominator, out, count);
  for (size_t k = 0; f && k < f->params; k++)
    count = also(e, f->param[k], out, count);
  return count;
}

/* dx, a differential: of a given name a quantity of its own, of another what it moves by.
 */
static term *differential_of(elaboration *e, node *name, term *x) {
  if (x->kind == JAC_TERM_SYMBOL && !x->symbol->body && !x->count) {
    const char *key = jac_pool_printf(e->scope->pool, "d %s", x->symbol->key);
    struct name_entry *entry = jac_name_entry(e, key);
    if (entry && !entry->symbol)
      entry->symbol = jac_symbol_new(e, key, x->type);
    return entry ? jac_term_symbol(e, entry->symbol, name) : NULL;
  }
  node *names[8];
  size_t count = moving(e, name, names);
  term *sum = NULL;
  for (size_t k = 0; k < count; k++) {
    term *s = jac_elaborate(e, names[k]);
    if (!s || s->kind != JAC_TERM_SYMBOL || s->count)
      return jac_unknown(e, name, "d is read before a name");
    struct jac_by by = {.symbol = s->symbol};
    term *d = jac_derivative(e, x, 1, &by, s->type, 2, name);
    term *step = differential_of(e, names[k], s);
    term *moved;
    if (jac_type_is_number(s->type)) {
      term *pair[2] = {d, step};
      moved = d && step ? jac_term_op(e, JAC_C_SIDE, name, 2, pair) : NULL;
    } else {
      term *flat = step ? jac_term_op(e, JAC_C_VEC, name, 1, &step) : NULL;
      term *pair[2] = {d, flat};
      term *product = d && flat ? jac_term_op(e, JAC_C_SIDE, name, 2, pair) : NULL;
      moved =
          product ? jac_term_new(e, JAC_TERM_RESHAPE, x->type, name, 1, &product) : NULL;
    }
    if (!moved)
      return NULL;
    term *pair[2] = {sum, moved};
    sum = sum ? jac_term_op(e, JAC_C_ADD, name, 2, pair) : moved;
  }
  return sum ? sum : jac_unknown(e, name, "nothing moves %s", jac_key(e, name));
}

term *jac_adjoint_of(elaboration *e, node *name) {
  struct jac_by by;
  term *x = jac_elaborate(e, name);
  if (!x)
    return NULL;
  if (jac_choose2(e, jac_pool_text(e->scope->pool, "small d"), 0, 4, NULL,
                  N_("d is a differential"), NULL) == 1)
    return differential_of(e, name, x);
  if (x->kind == JAC_TERM_SYMBOL) {
    by = (struct jac_by){.symbol = x->symbol};
    for (size_t k = 0; k < x->count; k++)
      by.place[k] = x->child[k];
  } else if (x->kind == JAC_TERM_ENTRY && x->child[0]->kind == JAC_TERM_SYMBOL)
    by = (struct jac_by){
        .symbol = x->child[0]->symbol, .row = x->child[1], .column = x->child[2]};
  else
    return jac_unknown(e, name, "d is read before a name");
  struct jac_symbol *loss = jac_any_loss(e, jac_pool_text(e->scope->pool, "d"), name);
  term *l = loss ? jac_term_symbol(e, loss, name) : NULL;
  return l ? jac_derivative(e, l, 1, &by, x->type, 0, name) : NULL;
}
