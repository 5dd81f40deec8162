/* A name and a bracket: a call, of a function that is defined or known, or a product. */
#include "jacobian/elaborate/side_internal.h"

#include <ctype.h>
#include <string.h>

/* f^2(z), of a function. */
static bool squared(elaboration *e, node *name) {
  if (name->form != JAC_S_SCRIPT || name->child[1] || name->number != 0 ||
      !name->child[2] || name->child[2]->form != JAC_S_NUMBER ||
      name->child[2]->number < 2 || name->child[0]->form != JAC_S_NAME)
    return false;
  const char *key = jac_key(e, name->child[0]);
  return jac_function_of(e, key) && !jac_definition_of(e, jac_key(e, name)) &&
         !jac_function_of(e, jac_key(e, name));
}

/* A^{-1}(t), A^T(t), where A(t) stands too: of the matrix A(t), even where A^T = A^{-1}
 * is said. */
static bool turned(elaboration *e, node *name) {
  node *above = name->form == JAC_S_SCRIPT ? name->child[2] : NULL;
  if (!above || name->child[1] || name->number != 0 ||
      name->child[0]->form != JAC_S_NAME || name->child[0]->row ||
      !(above->form == JAC_S_TERMS || jac_is_name(above, "T") ||
        jac_is_name(above, "top")))
    return false;
  const char *key = jac_key(e, name->child[0]);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u && u->called_names > 0 && !jac_function_of(e, key);
}

bool jac_raised_call(elaboration *e, node *name) {
  return turned(e, name) || squared(e, name);
}

node *jac_unprimed(elaboration *e, node *n) {
  if (n->form != JAC_S_SCRIPT || n->number == 0)
    return n;
  if (!n->child[1] && !n->child[2])
    return n->child[0];
  struct jac_syntax like = *n;
  like.number = 0;
  return jac_notation_node(e->scope->pool, &like, 3, n->child);
}

size_t jac_arguments(node *bracket, node *argument[8]) {
  node *inside = bracket->child[0];
  if (inside->form != JAC_S_LIST) {
    argument[0] = inside;
    return inside->form == JAC_S_BLANK ? 0 : 1;
  }
  for (size_t k = 0; k < inside->count && k < 8; k++)
    argument[k] = inside->child[k];
  return inside->count > 8 ? 9 : inside->count;
}

bool jac_all_names(node *bracket) {
  node *argument[8];
  size_t count = jac_arguments(bracket, argument);
  for (size_t k = 0; k < count && k < 8; k++)
    if (!jac_name_like(jac_inside(argument[k])))
      return false;
  return count > 0 && count <= 8;
}

bool jac_entries_of_one(elaboration *e, const struct jac_definition *d, node *argument,
                        term *value[4]) {
  term *v = d->params > 1 && d->params <= 4 ? jac_elaborate(e, argument) : NULL;
  if (!v || jac_type_is_number(v->type))
    return false;
  bool column = jac_dim_is_one(v->type.cols);
  if (!column && !jac_dim_is_one(v->type.rows))
    return false;
  struct jac_dim *side = column ? v->type.rows : v->type.cols;
  if (!jac_dim_unify(&e->dims, side, jac_dim_fixed_new(&e->dims, d->params), 0))
    return false;
  for (size_t k = 0; k < d->params; k++) {
    term *at = jac_term_number(e, (double)(k + 1), argument);
    term *child[3] = {v, column ? at : NULL, column ? NULL : at};
    value[k] =
        at ? jac_term_new(e, JAC_TERM_ENTRY, jac_type_number(e), argument, 3, child)
           : NULL;
    if (!value[k])
      return false;
  }
  return true;
}

/* Whether a name of n is bound where it stands: x, and the i of x^{(i)}. */
static bool names_bound(elaboration *e, node *n) {
  if (!n)
    return false;
  if (jac_name_like(n) && jac_bound_find(e, jac_key(e, n)))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (names_bound(e, n->child[k]))
      return true;
  return false;
}

term *jac_beta(elaboration *e, const struct jac_definition *d, node *name, size_t count,
               node *const *argument) {
  term *value[4];
  bool one = count == 1 && jac_entries_of_one(e, d, argument[0], value);
  if (e->unfit)
    return NULL;
  if (count != d->params && !one)
    return jac_clash(e, name, 0, "%s has %zu arguments", d->key, d->params);
  if (d->fact->problem || !d->fact->right)
    return jac_unknown(e, name, "%s is defined on line %zu by what is not understood",
                       d->key, d->fact->line);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  if (primes > 0 && d->params > 1)
    return jac_unknown(e, name, "a prime does not say by what it differentiates here");
  bool own = !one; /* f(x), as it was defined */
  for (size_t k = 0; k < count && !one; k++)
    own = own && jac_key(e, argument[k]) == jac_key(e, d->param[k]) &&
          !names_bound(e, argument[k]);
  if (own) {
    struct jac_symbol *s = jac_symbol_of(e, d->key, name);
    term *y = s ? jac_term_symbol(e, s, name) : NULL;
    for (long k = 0; y && k < (long)primes; k++) {
      struct jac_symbol *x = jac_symbol_of(e, jac_key(e, d->param[0]), d->param[0]);
      struct jac_by by = {.symbol = x};
      y = x ? jac_derivative(e, y, 1, &by, x->type, 0, name) : NULL;
    }
    return y;
  }
  if (e->ndefining == sizeof e->defining / sizeof *e->defining)
    return jac_unknown(e, name, "its definitions are nested too deeply");
  struct jac_bound bound[4];
  for (size_t k = 0; k < d->params; k++) {
    value[k] = one ? value[k] : jac_elaborate(e, argument[k]);
    if (!value[k])
      return NULL;
    bound[k] = (struct jac_bound){.key = jac_key(e, d->param[k]),
                                  .value = value[k],
                                  .next = k ? &bound[k - 1] : NULL};
  }
  struct jac_symbol *param = NULL;
  if (primes > 0) {
    param =
        jac_symbol_new(e, jac_pool_printf(e->scope->pool, "%s'", d->key), value[0]->type);
    if (!param)
      return NULL;
    bound[0].value = jac_term_symbol(e, param, name);
  }
  if (e->nleaned < sizeof e->leaned / sizeof *e->leaned)
    e->leaned[e->nleaned++] = d->fact;
  struct jac_bound *outer = e->bound;
  e->bound = d->params ? &bound[d->params - 1] : NULL;
  e->defining[e->ndefining++] = d->key;
  term *y = jac_function_body(e, d, name);
  e->ndefining--;
  e->bound = outer;
  if (!param || !y)
    return y;
  for (long k = 0; y && k < (long)primes; k++) {
    struct jac_by by = {.symbol = param};
    y = jac_derivative(e, y, 1, &by, param->type, 0, name);
  }
  return y ? jac_at_argument(e, y, param, value[0], y->type, name) : NULL;
}

static const struct jac_construct *greek_function(node *name) {
  node *base = base_of(name);
  if (base->row && base->row->role == JAC_ROLE_ENTRYWISE)
    return base->row;
  if (strcmp(base->text, "sigma") == 0)
    return jac_construct(JAC_C_SIGMOID);
  return NULL;
}

term *jac_raised(elaboration *e, term *result, node *above, bool entrywise, node *n) {
  if (!above || !result)
    return result;
  if (jac_is_name(above, "T") || jac_is_name(above, "top"))
    return jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &result);
  if (above->form == JAC_S_TERMS && entrywise && !jac_inverse_known(n))
    return jac_unknown(e, n, "the inverse of a function is not read");
  bool each = entrywise && !jac_type_is_number(result->type);
  term *pair[2] = {result, jac_elaborate(e, above)};
  return pair[1] ? jac_term_op(e, each ? JAC_C_DOTPOWER : JAC_C_POWER, n, 2, pair) : NULL;
}

/* f(g(x)) where df/dg stands somewhere: f is a function of g. */
static bool by_inner(elaboration *e, const char *key, node *bracket) {
  for (size_t k = 0; k < e->evidence->pairs; k++) {
    const struct jac_pair *p = &e->evidence->pair[k];
    node *inner = jac_inside(bracket);
    if (p->numerator == key && inner->form == JAC_S_SIDE && inner->count == 2 &&
        jac_notation_equal(inner->child[0], p->denominator))
      return true;
  }
  return false;
}

/* Whether a name is used with names in its bracket, hardly without one, or is a function
 * of what is called there. */
static bool likely_call(elaboration *e, const char *key, node *bracket) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool elsewhere = u && u->times > u->called + 2 * u->numerator + u->denominator;
  return (u && (u->called_names > 0 || jac_all_names(bracket)) && !elsewhere) ||
         by_inner(e, key, bracket);
}

/* x(y), where x and y are variables beside each other: a product. */
static bool beside(elaboration *e, const char *key, node *name, node *bracket) {
  node *argument[8];
  size_t count = jac_arguments(bracket, argument);
  for (size_t k = 0; k < e->evidence->definitions && count == 1; k++) {
    const struct jac_definition *f = &e->evidence->definition[k];
    bool one = false, other = false;
    for (size_t j = 0; j < f->params; j++) {
      one = one || jac_notation_equal(f->param[j], name);
      other = other || jac_notation_equal(f->param[j], argument[0]);
    }
    if (one && other)
      return !jac_differentiates(e->evidence, key, argument[0]);
  }
  return false;
}

/* g(W x), (1 - g(W x)), hardly ever g. */
static bool called_again(const struct jac_usage *u) {
  return u && u->called > 1 + 4 * u->times && !u->denominator;
}

/* 2x(y + 3): what is differentiated by is no function. */
static bool is_variable(const struct jac_usage *u) {
  return u && (u->denominator || u->times) && !u->numerator && !u->called_names &&
         !called_again(u);
}

static bool no_function(elaboration *e, const char *key, node *name, node *bracket) {
  return is_variable(jac_usage_of(e->evidence, key)) || beside(e, key, name, bracket);
}

/* f_1(x), of f(x). */
static bool component(elaboration *e, node *name, node *bracket) {
  return name->form == JAC_S_SCRIPT && jac_all_names(bracket) &&
         jac_function_of(e, jac_pool_text(e->scope->pool, base_of(name)->text));
}

static unsigned price_of_product(const struct jac_usage *u, size_t count, bool likely,
                                 bool again) {
  if (count > 1)
    return 10;
  if (u && u->called_names > 1 && !u->times) /* f(x), f(y), and never without a bracket */
    return 12;
  return likely ? 4 : again ? 3 : 0;
}

/* Call or product: a name that is used without brackets too, or before sums, is a factor
 * more likely. */
static bool chosen_call(elaboration *e, node *name, const char *key, node *bracket,
                        size_t count) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  const char *letter = base_of(name)->text;
  bool capital = isupper((unsigned char)letter[0]) && !letter[1];
  bool likely = likely_call(e, key, bracket), again = called_again(u);
  unsigned call = likely || count > 1 ? 0 : again ? 2 : 5;
  unsigned product = price_of_product(u, count, likely, again);
  if (capital && !jac_all_names(bracket))
    call += 4;
  if (no_function(e, key, name, bracket))
    call = 30;
  else if (component(e, name, bracket))
    product = 30;
  if (count > 1) /* x(x, y); by a list */
    *(jac_notation_has(bracket, name) ? &call : &product) = 30;
  const char *site = jac_pool_printf(e->scope->pool, "call:%s", key);
  return jac_choose2(e, site, call, product, NULL, NULL, NULL) == 0;
}

/* Whether a name stands in n without a bracket of its own. */
static bool stands_bare(node *n, node *name) {
  if (jac_notation_equal(n, name))
    return true;
  for (size_t k = 0; k < n->count; k++) {
    bool call = n->form == JAC_S_SIDE && k + 1 < n->count &&
                jac_notation_equal(n->child[k], name) && brackets(n->child[k + 1], "()");
    if (!call && n->child[k] && stands_bare(n->child[k], name))
      return true;
  }
  return false;
}

/* p (1 - p), where p(y) is defined: a product more likely than a call. f (x^2/s - 1), of
 * f(x), may be one. */
static bool factor(elaboration *e, node *name, node *bracket, const char *key) {
  if (stands_bare(bracket->child[0], name))
    return jac_choose2(e, jac_pool_printf(e->scope->pool, "itself:%s", key), 0, 6, NULL,
                       NULL, NULL) == 0;
  node *inside = bracket->child[0];
  return inside->form == JAC_S_TERMS && inside->count > 1 &&
         jac_choose2(e, jac_pool_printf(e->scope->pool, "factor:%s", key), 0, 6, NULL,
                     NULL, NULL) == 1;
}

term *jac_elaborate_call(elaboration *e, node *name, node *bracket, bool *called) {
  *called = false;
  if (jac_raised_call(e, name)) {
    term *value = jac_elaborate_call(e, name->child[0], bracket, called);
    if (*called && value && turned(e, name) && jac_type_is_number(value->type))
      return jac_unknown(e, name, "the inverse of a function is not read");
    return *called ? jac_raised(e, value, name->child[2], squared(e, name), name) : value;
  }
  node *plain_name = jac_unprimed(e, name);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  const char *key = jac_key(e, plain_name);
  node *argument[8];
  size_t count = jac_arguments(bracket, argument);
  if (count == 0 || count > 8)
    return NULL;
  const struct jac_definition *f = jac_function_of(e, key);
  for (size_t k = 0; f && k < e->ndefining; k++)
    if (e->defining[k] == key)
      f = NULL;
  struct jac_bound *bound = jac_bound_find(e, key);
  if (!f && !bound && primes == 0 && count == 1 && argument[0]->form == JAC_S_NUMBER &&
      jac_function_of(e, key)) { /* s(0) in what s(t) is: a number of its own */
    const char *start =
        jac_pool_printf(e->scope->pool, "%s(%g)", key, argument[0]->number);
    *called = true;
    return jac_term_symbol(e, jac_symbol_of(e, start, name), name);
  }
  if (f && !bound && primes == 0 && f->params > 1 && count == 1 &&
      jac_inside(argument[0])->form == JAC_S_TERMS) {
    *called = true; /* f(x + h) of f(x, y): no product */
    return jac_unknown(e, name, "%s has %zu arguments", key, f->params);
  }
  if (f && !bound && primes == 0 && factor(e, plain_name, bracket, key))
    return NULL;
  if (f && !bound) {
    *called = true;
    return jac_beta(e, f, name, count, argument);
  }
  bool taken = false;
  if (!bound) {
    term *special = jac_elaborate_jacobian(e, name, bracket, &taken);
    if (taken || e->unfit) {
      *called = true;
      return special;
    }
  }
  bool defined = jac_definition_of(e, key) != NULL || jac_entries_of(e, key, 0) != NULL;
  unsigned properties = jac_properties(e, key);
  bool function = (properties & JAC_IS_FUNCTION) != 0;
  bool known = bound || defined || (jac_declared(e, key) && !function);
  if (known && primes == 0) {
    /* y(x) is y, its point beside it; a bracket with more is a factor. */
    if (!jac_all_names(bracket) || (e->strict && !defined && !bound))
      return NULL;
    const char *site = jac_pool_printf(e->scope->pool, "bracket:%s", key);
    if (beside(e, key, name, bracket) ||
        jac_choose2(e, site, 0, 6, NULL, NULL, NULL) == 1)
      return NULL;
    *called = true;
    return jac_elaborate(e, name);
  }
  const struct jac_construct *row = bound ? NULL : greek_function(plain_name);
  if (row && count == 1 && !known) {
    const char *site = jac_pool_printf(e->scope->pool, "is:%s", key);
    size_t pick = jac_choose2(e, site, 0, 6, NULL, N_("any function"), key);
    if (pick == 0) {
      *called = true;
      term *value = jac_elaborate(e, argument[0]);
      if (!value)
        return NULL;
      return primes > 0 ? jac_slope(e, row->id, primes, value, name)
                        : jac_term_op(e, row->id, name, 1, &value);
    }
  }
  if (primes == 0 && name->form == JAC_S_SCRIPT && name->child[1] && !name->child[2]) {
    term *slope = jac_slope_by_place(e, base_of(name), name->child[1], bracket, name,
                                     called); /* f_x(a, b) */
    if (*called || e->unfit)
      return slope;
  }
  if (primes == 0 && !function && !chosen_call(e, name, key, bracket, count))
    return NULL;
  *called = true;
  return jac_any_function(e, name, count, argument);
}
