/* A small d before a name: an adjoint (dW stands for dL/dW) or a differential. */
#include "jacobian/elaborate/side_internal.h"

/* A d that nothing gives another meaning. */
static bool lone_d(elaboration *e, node *f) {
  const char *key = jac_key(e, f);
  return jac_is_name(f, "d") && !jac_definition_of(e, key) && !jac_declared(e, key) &&
         !jac_bound_find(e, key);
}

bool jac_small_d(elaboration *e, node *f, node *next) {
  return jac_d_before(f, next) && jac_name_like(next) && lone_d(e, f);
}

/* X Y in brackets, tr X, |X|, ||x||^2. */
static bool expression(node *n) {
  if (n->form == JAC_S_SCRIPT && base_of(n)->form == JAC_S_GROUP)
    return base_of(n)->text[0] == '|';
  return n->form == JAC_S_APPLY ||
         (n->form == JAC_S_GROUP &&
          (n->child[0]->form != JAC_S_LIST || n->text[0] == '<'));
}

bool jac_d_of_expression(elaboration *e, node *f, node *next) {
  if (!jac_d_before(f, next) || !expression(next) || !lone_d(e, f))
    return false;
  const struct jac_evidence *own = e->own;
  for (size_t k = 0; own && k < own->pairs; k++)
    if (own->pair[k].numerator == jac_key(e, f)) /* d(n + 1) may be a product */
      return jac_choose2(e, jac_pool_text(e->scope->pool, "d of an expression"), 0, 8,
                         NULL, NULL, NULL) == 0;
  return false;
}

/* x of x^T, X of X^{-1}: what moves there. */
static node *bare(elaboration *e, node *n) {
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  bool operation = above && (above->form == JAC_S_NUMBER || above->form == JAC_S_TERMS ||
                             jac_is_name(above, "T") || jac_is_name(above, "top"));
  if (!operation)
    return n;
  node *child[3] = {n->child[0], n->child[1], NULL};
  return n->child[1] ? jac_notation_node(e->scope->pool, n, 3, child) : n->child[0];
}

static size_t also(elaboration *e, node *n, node *out[8], size_t count) {
  n = bare(e, n);
  if (!n)
    return count;
  for (size_t k = 0; k < count; k++)
    if (jac_notation_equal(out[k], n))
      return count;
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, n));
  bool loss = u && u->numerator; /* L of dL is moved, it does not move */
  if (count < 8 && !loss && !jac_definition_of(e, jac_key(e, n)) &&
      !jac_entries_of(e, jac_key(e, n), 0))
    out[count++] = n;
  return count;
}

/* What moves: the names behind a small d in the section that nothing defines, and the
 * arguments of the function itself: df of f(x, y) has a dx and a dy. */
static size_t moving(elaboration *e, node *name, node *out[8]);

/* x; and for L of dL = d(...) what moves L. */
static size_t also_with(elaboration *e, node *x, node *out[8], size_t count) {
  bool defined = jac_name_like(x) && jac_definition_of(e, jac_key(e, x));
  node *names[8];
  size_t n = defined ? moving(e, x, names) : 0;
  count = also(e, x, out, count);
  for (size_t k = 0; k < n; k++)
    count = also(e, names[k], out, count);
  return count;
}

static size_t moving(elaboration *e, node *name, node *out[8]) {
  const struct jac_evidence *v = e->evidence;
  const char *d = jac_pool_text(e->scope->pool, "d");
  const struct jac_pair *p = v->every ? v->every : v->pair;
  const struct jac_definition *f = name ? jac_function_of(e, jac_key(e, name)) : NULL;
  size_t count = 0;
  /* Of an expression those in the claim alone: A of d(A X) = A dX is a constant. */
  for (size_t k = 0; !name && e->own && k < e->own->pairs; k++)
    if (e->own->pair[k].numerator == d)
      count = also_with(e, e->own->pair[k].denominator, out, count);
  for (size_t k = 0; name && k < (v->every ? v->everys : v->pairs); k++)
    if (p[k].numerator == d)
      count = also(e, p[k].denominator, out, count);
  for (size_t k = 0; f && k < f->params; k++)
    count = also(e, f->param[k], out, count);
  return count;
}

static bool is_another(const struct jac_term *t, void *context) {
  return t->kind != JAC_TERM_SYMBOL || t->symbol != context;
}

/* z_k, an entry of what is given. */
static bool is_given_entry(const term *x) {
  return x->kind == JAC_TERM_ENTRY && x->child[0]->kind == JAC_TERM_SYMBOL &&
         !x->child[0]->symbol->body && !x->child[0]->count;
}

/* dx, a differential: of a given name a quantity of its own, of another what it moves by,
 * and of an expression, which has no name. */
static term *differential_of(elaboration *e, node *name, node *where, term *x);

/* That of a name that moves another; of what moves itself there is none. */
static term *differential_deeper(elaboration *e, node *name, term *x) {
  const char *key = jac_pool_printf(e->scope->pool, "d %s", jac_key(e, name));
  bool again = !key || e->ndefining == sizeof e->defining / sizeof *e->defining;
  for (size_t k = 0; k < e->ndefining; k++)
    again = again || e->defining[k] == key;
  if (again)
    return jac_unknown(e, name, "%s moves itself", jac_key(e, name));
  e->defining[e->ndefining++] = key;
  term *step = differential_of(e, name, name, x);
  e->ndefining--;
  return step;
}

static term *differential_of(elaboration *e, node *name, node *where, term *x) {
  if (is_given_entry(x)) { /* dz_k is the entry k of dz */
    term *all = differential_of(e, name, where, (term *)x->child[0]);
    const term *child[3] = {all, x->child[1], x->child[2]};
    return all ? jac_term_new(e, JAC_TERM_ENTRY, x->type, where, 3, (term *const *)child)
               : NULL;
  }
  if (x->kind == JAC_TERM_SYMBOL && !x->symbol->body && !x->count) {
    const char *key = jac_pool_printf(e->scope->pool, "d %s", x->symbol->key);
    struct name_entry *entry = jac_name_entry(e, key);
    if (entry && !entry->symbol)
      entry->symbol = jac_symbol_new(e, key, x->type);
    return entry ? jac_term_symbol(e, entry->symbol, where) : NULL;
  }
  node *names[8];
  const struct jac_symbol *seen[8]; /* dz, dz_1i and dz_2i are of one z */
  size_t count = moving(e, name, names), symbols = 0;
  term *sum = NULL;
  for (size_t k = 0; k < count; k++) {
    term *s = jac_elaborate(e, names[k]);
    if (s && is_given_entry(s))
      s = (term *)s->child[0];
    if (!s || s->kind != JAC_TERM_SYMBOL || s->count)
      return jac_unknown(e, where, "d is read before a name");
    bool again = false;
    for (size_t n = 0; n < symbols; n++)
      again = again || seen[n] == s->symbol;
    seen[symbols++] = s->symbol;
    if (again || jac_term_walk_through(x, is_another, (void *)s->symbol))
      continue; /* X of d tr(A X), a rule of another line */
    struct jac_by by = {.symbol = s->symbol};
    term *d = jac_derivative(e, x, 1, &by, s->type, JAC_ROW_OF_COLUMNS, where);
    term *step = differential_deeper(e, names[k], s);
    term *moved;
    if (jac_type_is_number(s->type)) {
      term *pair[2] = {d, step};
      moved = d && step ? jac_term_op(e, JAC_C_SIDE, where, 2, pair) : NULL;
    } else {
      term *flat = step ? jac_term_op(e, JAC_C_VEC, where, 1, &step) : NULL;
      term *pair[2] = {d, flat};
      term *product = d && flat ? jac_term_op(e, JAC_C_SIDE, where, 2, pair) : NULL;
      moved =
          product ? jac_term_new(e, JAC_TERM_RESHAPE, x->type, where, 1, &product) : NULL;
    }
    if (!moved)
      return NULL;
    term *pair[2] = {sum, moved};
    sum = sum ? jac_term_op(e, JAC_C_ADD, where, 2, pair) : moved;
  }
  return sum ? sum : jac_unknown(e, name, "nothing moves %s", jac_key(e, where));
}

/* d of what is no name; only where d is a differential. */
static term *of_expression(elaboration *e, node *where, term *x) {
  const char *site = jac_pool_text(e->scope->pool, "small d");
  if (jac_choose2(e, site, 6, 0, NULL, NULL, NULL) == 0)
    return jac_clash(e, where, jac_choice_bit(e, site), "d is read before a name");
  return differential_of(e, NULL, where, x);
}

term *jac_adjoint_of(elaboration *e, node *name, bool called) {
  struct jac_by by;
  term *x = jac_elaborate(e, name);
  if (!x)
    return NULL;
  if (!jac_name_like(name) || (x->kind != JAC_TERM_SYMBOL && x->kind != JAC_TERM_ENTRY))
    return of_expression(e, name, x);
  if (jac_choose2(e, jac_pool_text(e->scope->pool, "small d"), called ? 6 : 0,
                  called ? 0 : 4, NULL, called ? NULL : N_("d is a differential"),
                  NULL) == 1)
    return differential_of(e, name, name, x);
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
