/* Factors side by side: products, calls, operators with their operands. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <ctype.h>
#include <string.h>

static bool brackets(node *n, const char *text) {
  return n->form == JAC_S_GROUP && strcmp(n->text, text) == 0;
}

/* A name that may be a function's: no power, no transpose. */
static bool callable(node *n) {
  if (!jac_name_like(n))
    return false;
  node *above = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!above)
    return true;
  node *last = above->form == JAC_S_SIDE ? above->child[above->count - 1] : above;
  return !jac_is_name(last, "T") && !jac_is_name(last, "top") &&
         last->form != JAC_S_NUMBER && last->form != JAC_S_TERMS;
}

/* f^2(z), of a function: its square there. */
static bool squared(elaboration *e, node *name) {
  if (name->form != JAC_S_SCRIPT || name->child[1] || name->number != 0 ||
      !name->child[2] || name->child[2]->form != JAC_S_NUMBER ||
      name->child[2]->number < 2 || name->child[0]->form != JAC_S_NAME)
    return false;
  const char *key = jac_key(e, name->child[0]);
  return jac_function_of(e, key) && !jac_definition_of(e, jac_key(e, name)) &&
         !jac_function_of(e, jac_key(e, name));
}

/* The name without its primes. */
static node *unprimed(elaboration *e, node *n) {
  if (n->form != JAC_S_SCRIPT || n->number == 0)
    return n;
  if (!n->child[1] && !n->child[2])
    return n->child[0];
  struct jac_syntax like = *n;
  like.number = 0;
  return jac_notation_node(e->scope->pool, &like, 3, n->child);
}

static size_t arguments(node *bracket, node *argument[8]) {
  node *inside = bracket->child[0];
  if (inside->form != JAC_S_LIST) {
    argument[0] = inside;
    return inside->form == JAC_S_BLANK ? 0 : 1;
  }
  if (inside->count > 8)
    return 9;
  for (size_t k = 0; k < inside->count; k++)
    argument[k] = inside->child[k];
  return inside->count;
}

static bool all_names(node *bracket) {
  node *argument[8];
  size_t count = arguments(bracket, argument);
  for (size_t k = 0; k < count && k < 8; k++)
    if (!jac_name_like(jac_inside(argument[k])))
      return false;
  return count > 0 && count <= 8;
}

/* f(u) of a function that is defined: its body where the parameters stand for the
 * arguments; with primes the derivative by the parameter. */
static term *beta(elaboration *e, const struct jac_definition *d, node *name,
                  size_t count, node *const *argument) {
  if (count != d->params)
    return jac_clash(e, name, 0, "%s has %zu arguments", d->key, d->params);
  if (d->fact->problem || !d->fact->right)
    return jac_unknown(e, name, "%s is defined on line %zu by what is not understood",
                       d->key, d->fact->line);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  bool own = true; /* f(x), as it was defined */
  for (size_t k = 0; k < count; k++)
    own = own && jac_key(e, argument[k]) == jac_key(e, d->param[k]) &&
          !jac_bound_find(e, jac_key(e, argument[k]));
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
  term *value[4];
  struct jac_bound bound[4];
  for (size_t k = 0; k < count; k++) {
    value[k] = jac_elaborate(e, argument[k]);
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
  e->bound = count ? &bound[count - 1] : NULL;
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
  if (!y)
    return NULL;
  term *child[2] = {y, value[0]};
  struct jac_term *at = jac_term_new(e, JAC_TERM_AT, y->type, name, 2, child);
  const struct jac_symbol **symbols = jac_pool_take(e->pool, sizeof *symbols);
  if (!at || !symbols)
    return NULL;
  symbols[0] = param;
  at->at = symbols;
  return at;
}

/* tanh'(x) of a function of one number: entry by entry. */
static term *slope(elaboration *e, enum jac_construct_id id, double primes,
                   term *argument, node *where) {
  /* The slope at each entry: the derivative of the sum of all entries, shaped alike. */
  struct jac_symbol *param =
      jac_symbol_new(e, jac_pool_text(e->scope->pool, "slope'"), argument->type);
  if (!param)
    return NULL;
  term *y = jac_term_symbol(e, param, where);
  y = y ? jac_term_op(e, id, where, 1, &y) : NULL;
  for (long k = 0; y && k < (long)primes; k++) {
    if (!jac_type_is_number(y->type))
      y = jac_term_op(e, JAC_C_TOTAL, where, 1, &y);
    if (!y)
      return NULL;
    struct jac_term *d =
        jac_term_new(e, JAC_TERM_DERIVATIVE, argument->type, where, 1, &y);
    struct jac_by *by = jac_pool_take(e->pool, sizeof *by);
    if (!d || !by)
      return NULL;
    by->symbol = param;
    d->by = by;
    d->bys = 1;
    d->layout = JAC_LAYOUT_GRADIENT;
    y = d;
  }
  if (!y)
    return NULL;
  term *child[2] = {y, argument};
  struct jac_term *at = jac_term_new(e, JAC_TERM_AT, argument->type, where, 2, child);
  const struct jac_symbol **symbols = jac_pool_take(e->pool, sizeof *symbols);
  if (!at || !symbols)
    return NULL;
  symbols[0] = param;
  at->at = symbols;
  return at;
}

/* A function that nobody defines, at its arguments. */
static term *any_function(elaboration *e, node *name, size_t count,
                          node *const *argument) {
  node *plain_name = unprimed(e, name);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  const char *key = jac_key(e, plain_name);
  const char *base = base_of(plain_name)->text;
  term *value[8];
  bool number = true;
  for (size_t k = 0; k < count; k++) {
    value[k] = jac_elaborate(e, argument[k]);
    if (!value[k])
      return NULL;
    number = number && jac_type_is_number(value[k]->type);
    e->four = e->four || (!jac_dim_is_one(value[k]->type.rows) &&
                          !jac_dim_is_one(value[k]->type.cols));
  }
  struct jac_type type = jac_type_number(e);
  bool entrywise = false;
  if (!number && count == 1) {
    struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "function:%s", key),
                           .count = 3,
                           .price = {1, 2, 5},
                           .words = {"a function acts entry by entry", NULL, NULL},
                           .about = key};
    const struct jac_usage *u = jac_usage_of(e->evidence, key);
    bool word = base[1] && !isupper((unsigned char)*base); /* \phi, \sigma, act */
    if (!word && !(u && u->bold) && primes == 0) {
      c.price[0] = 4;
      c.price[1] = 0;
    }
    if (base_of(plain_name)->bold) {
      c.price[1] = 8;
      c.price[2] = 0;
    }
    if (primes > 0 || (u && u->primed)) {
      c.price[0] = 0;
      c.price[1] = 4;
    }
    size_t pick = jac_choose(e, &c);
    entrywise = pick == 0;
    if (pick == 0)
      type = value[0]->type;
    else if (pick == 2) {
      struct jac_dim *rows = jac_dim_free_new(&e->dims, NULL);
      rows->because |= jac_choice_bit(e, c.site);
      type.rows = rows;
    }
  }
  const char *fkey = jac_pool_printf(e->scope->pool, "%s()", key);
  struct name_entry *entry = jac_name_entry(e, fkey);
  if (!entry)
    return NULL;
  if (!entry->symbol) {
    struct jac_symbol *f = jac_symbol_new(e, fkey, type);
    if (!f)
      return NULL;
    f->function = true;
    f->entrywise = entrywise;
    f->guessed = true;
    entry->symbol = f;
  }
  if (primes > 0) {
    if (!number && !entrywise)
      return jac_clash(e, name, ~(uint64_t)0,
                       "a prime is read on functions of one number");
    struct jac_symbol *param =
        jac_symbol_new(e, jac_pool_text(e->scope->pool, "slope'"), value[0]->type);
    if (!param)
      return NULL;
    term *y = jac_term_symbol(e, param, name);
    struct jac_term *call =
        y ? jac_term_new(e, JAC_TERM_CALL, value[0]->type, name, 1, &y) : NULL;
    if (!call)
      return NULL;
    call->symbol = entry->symbol;
    y = call;
    for (long k = 0; y && k < (long)primes; k++) {
      if (!jac_type_is_number(y->type))
        y = jac_term_op(e, JAC_C_TOTAL, name, 1, &y);
      struct jac_term *d =
          y ? jac_term_new(e, JAC_TERM_DERIVATIVE, value[0]->type, name, 1, &y) : NULL;
      struct jac_by *by = jac_pool_take(e->pool, sizeof *by);
      if (!d || !by)
        return NULL;
      by->symbol = param;
      d->by = by;
      d->bys = 1;
      d->layout = JAC_LAYOUT_GRADIENT;
      y = d;
    }
    term *child[2] = {y, value[0]};
    struct jac_term *at = jac_term_new(e, JAC_TERM_AT, value[0]->type, name, 2, child);
    const struct jac_symbol **symbols = jac_pool_take(e->pool, sizeof *symbols);
    if (!at || !symbols)
      return NULL;
    symbols[0] = param;
    at->at = symbols;
    return at;
  }
  struct jac_term *call = jac_term_new(e, JAC_TERM_CALL, type, name, count, value);
  if (!call)
    return NULL;
  call->symbol = entry->symbol;
  /* What is called g(x) is the quantity g too. */
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool quantity = u && (u->numerator || u->denominator || u->times > u->called) &&
                  u->call &&
                  jac_notation_equal(u->call->child[0],
                                     count == 1 ? argument[0] : u->call->child[0]) &&
                  !e->bound;
  if (!quantity)
    return call;
  struct name_entry *own = jac_name_entry(e, key);
  if (own && !own->symbol) {
    struct jac_symbol *s = jac_symbol_new(e, key, type);
    if (!s)
      return NULL;
    s->body = call;
    own->symbol = s;
  }
  return own ? jac_term_symbol(e, own->symbol, name) : NULL;
}

static const struct jac_construct *greek_function(node *name) {
  node *base = base_of(name);
  if (base->row && base->row->role == JAC_ROLE_ENTRYWISE)
    return base->row;
  if (strcmp(base->text, "sigma") == 0)
    return jac_construct(JAC_C_SIGMOID);
  return NULL;
}

/* tanh^2 x; \sin^{-1} is the inverse function. */
static term *raised(elaboration *e, term *result, node *above, bool entrywise, node *n) {
  if (!above || !result)
    return result;
  if (jac_is_name(above, "T") || jac_is_name(above, "top"))
    return jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &result);
  if (above->form == JAC_S_TERMS && entrywise)
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

term *jac_elaborate_call(elaboration *e, node *name, node *bracket, bool *called) {
  *called = false;
  if (squared(e, name)) {
    term *value = jac_elaborate_call(e, name->child[0], bracket, called);
    return *called ? raised(e, value, name->child[2], true, name) : value;
  }
  node *plain_name = unprimed(e, name);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  const char *key = jac_key(e, plain_name);
  node *argument[8];
  size_t count = arguments(bracket, argument);
  if (count == 0 || count > 8)
    return NULL;
  const struct jac_definition *f = jac_function_of(e, key);
  for (size_t k = 0; f && k < e->ndefining; k++)
    if (e->defining[k] == key)
      f = NULL;
  struct jac_bound *bound = jac_bound_find(e, key);
  if (f && !bound) {
    *called = true;
    return beta(e, f, name, count, argument);
  }
  bool taken = false;
  if (!bound) {
    term *special = jac_elaborate_jacobian(e, name, bracket, &taken);
    if (taken || e->unfit) {
      *called = true;
      return special;
    }
  }
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool defined = jac_definition_of(e, key) != NULL || jac_entries_of(e, key, 0) != NULL;
  unsigned properties = jac_properties(e, key);
  bool function = (properties & JAC_IS_FUNCTION) != 0;
  bool known = bound || defined || (jac_declared(e, key) && !function);
  if (known && primes == 0) {
    /* y(x) is y, its point beside it; a bracket with more is a factor. */
    if (!all_names(bracket) || (e->strict && !defined && !bound))
      return NULL;
    const char *site = jac_pool_printf(e->scope->pool, "bracket:%s", key);
    bool number_factor = false;
    if (jac_choose2(e, site, 0, number_factor ? 0 : 6, NULL, NULL, NULL) == 1)
      return NULL;
    *called = true;
    return jac_elaborate(e, name);
  }
  const struct jac_construct *row = bound ? NULL : greek_function(plain_name);
  if (row && count == 1 && !known) {
    const char *site = jac_pool_printf(e->scope->pool, "is:%s", key);
    size_t pick = jac_choose2(e, site, 0, 6, NULL, "any function", key);
    if (pick == 0) {
      *called = true;
      term *value = jac_elaborate(e, argument[0]);
      if (!value)
        return NULL;
      return primes > 0 ? slope(e, row->id, primes, value, name)
                        : jac_term_op(e, row->id, name, 1, &value);
    }
  }
  if (primes == 0 && !function) {
    /* Call or product: a name that is used without brackets too, or before sums, is a
       factor more likely. */
    bool capital =
        isupper((unsigned char)base_of(name)->text[0]) && !base_of(name)->text[1];
    bool elsewhere = u && u->times > u->called + 2 * u->numerator + u->denominator;
    bool names = all_names(bracket);
    bool likely =
        (u && (u->called_names > 0 || names) && !elsewhere) || by_inner(e, key, bracket);
    /* f(x), f(y), and never without a bracket */
    bool always = u && u->called_names > 1 && !u->times;
    unsigned call = likely ? 0 : count > 1 ? 0 : 5;
    unsigned product = always ? 12 : likely ? 4 : 0;
    if (capital && !names)
      call += 4;
    if (u && u->denominator && !u->called_names)
      call += 4;
    if (count > 1)
      product = 10;
    const char *site = jac_pool_printf(e->scope->pool, "call:%s", key);
    if (jac_choose2(e, site, call, product, NULL, NULL, NULL) == 1)
      return NULL;
  }
  *called = true;
  return any_function(e, name, count, argument);
}

/* d before a name: an adjoint (dW stands for dL/dW) or a differential. */
static bool small_d(elaboration *e, node *f, node *next) {
  if (!jac_is_name(f, "d") || !next || !jac_name_like(next) || next->spaced)
    return false;
  const char *key = jac_key(e, f);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  (void)u;
  return !jac_definition_of(e, key) && !jac_declared(e, key) && !jac_bound_find(e, key);
}

/* The names behind a small d that nothing defines: what moves. */
static size_t moving(elaboration *e, node *out[8]) {
  const char *d = jac_pool_text(e->scope->pool, "d");
  size_t count = 0;
  for (size_t k = 0; k < e->evidence->pairs && count < 8; k++) {
    node *n = e->evidence->pair[k].denominator;
    if (e->evidence->pair[k].numerator == d && !jac_definition_of(e, jac_key(e, n)) &&
        !jac_entries_of(e, jac_key(e, n), 0))
      out[count++] = n;
  }
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
  size_t count = moving(e, names);
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

static term *adjoint_of(elaboration *e, node *name) {
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

static bool operator_sign(node *n) {
  if (n->form == JAC_S_FRACTION)
    return jac_is_derivative(n) && jac_is_differential(n->child[0]);
  node *base = base_of(n);
  if (jac_is_name(base, "nabla"))
    return true;
  return jac_is_name(base, "partial") && n->form == JAC_S_SCRIPT && n->child[1] != NULL;
}

/* The name above in dg/dx, or NULL. */
static node *numerator(node *n) {
  if (n->form != JAC_S_FRACTION || !jac_is_derivative(n))
    return NULL;
  node *above = jac_inside(n->child[0]);
  return above->form == JAC_S_SIDE && above->count == 2 && jac_name_like(above->child[1])
             ? above->child[1]
             : NULL;
}

/* How many factors behind an operator it acts on. */
static size_t operand(elaboration *e, node *sign, size_t count, node *const *factor) {
  if (count <= 1)
    return count;
  size_t one = 1;
  if (jac_name_like(factor[0]) && brackets(factor[1], "()"))
    one = 2;
  if (one == count)
    return count;
  bool nabla = sign->form != JAC_S_FRACTION;
  bool single = nabla && jac_name_like(factor[0]);
  const struct jac_usage *u =
      single ? jac_usage_of(e->evidence, jac_key(e, factor[0])) : NULL;
  bool quantity = u && (jac_definition_of(e, u->key) || u->numerator);
  const char *site = jac_pool_printf(e->scope->pool, "operand:%zu", sign->start);
  return jac_choose2(e, site, quantity ? 5 : 0, quantity ? 0 : 16, NULL, NULL, NULL) == 0
             ? count
             : one;
}

static term *times(elaboration *e, term *left, term *right, node *where) {
  if (!left || !right)
    return left ? NULL : right;
  term *pair[2] = {left, right};
  return jac_term_op(e, JAC_C_SIDE, where, 2, pair);
}

/* 1/n beside a sum without bounds: n is what it runs over. */
static void name_ranges(elaboration *e, size_t count, node *const *factor) {
  for (size_t k = 0; k + 1 < count; k++) {
    if (factor[k]->form != JAC_S_FRACTION)
      continue;
    node *below = jac_inside(factor[k]->child[1]);
    if (below->form == JAC_S_SIDE && below->count == 2 &&
        below->child[0]->form == JAC_S_NUMBER)
      below = below->child[1];
    node *big = NULL;
    for (size_t j = k + 1; j < count && !big; j++) {
      node *inside = jac_inside(factor[j]);
      if (inside->form == JAC_S_BIG && !inside->child[1] && inside->child[0])
        big = inside;
    }
    if (!big || below->form != JAC_S_NAME)
      continue;
    const char *key = jac_key(e, below);
    if (jac_definition_of(e, key) || jac_declared(e, key) || jac_bound_find(e, key))
      continue;
    const char *site = jac_pool_printf(e->scope->pool, "size:%s", key);
    if (jac_choose2(e, site, 0, 10, NULL, NULL, NULL) == 0)
      e->pending = jac_named_size(e, key);
  }
}

/* f[a(x), b(x)]: a call, since its arguments are. */
static bool calls_in_square(node *n) {
  if (!brackets(n, "[]") || n->child[0]->form != JAC_S_LIST)
    return false;
  for (size_t k = 0; k < n->child[0]->count; k++) {
    node *one = n->child[0]->child[k];
    if (one->form != JAC_S_SIDE || one->count != 2 || !brackets(one->child[1], "()"))
      return false;
  }
  return true;
}

term *jac_elaborate_factors(elaboration *e, node *where, size_t count,
                            node *const *factor) {
  term *value = NULL;
  name_ranges(e, count, factor);
  for (size_t k = 0; k < count && !e->unfit;) {
    node *f = factor[k], *next = k + 1 < count ? factor[k + 1] : NULL;
    node *partial = jac_prime_by(e, f); /* f'_x(x, y) */
    if (partial)
      f = partial;
    term *one = NULL;
    size_t used = 1;
    if (f->form == JAC_S_DOTS)
      return jac_unknown(e, f, "dots between factors are not read");
    if (operator_sign(f) && next) {
      size_t n = operand(e, f, count - k - 1, factor + k + 1);
      node *at = n >= 2 && jac_name_like(factor[k + 1]) ? factor[k + 2] : NULL;
      bool turned = at && at->form == JAC_S_SCRIPT && brackets(at->child[0], "()") &&
                    !at->child[1] && at->child[2] &&
                    (jac_is_name(at->child[2], "T") || jac_is_name(at->child[2], "top"));
      if (turned) { /* \nabla g(x)^T: of the gradient there */
        node *operands[2] = {factor[k + 1], at->child[0]};
        one = jac_elaborate_derivative(e, f, 2, operands, where);
        one = one ? jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &one) : NULL;
        used = 3;
      } else {
        one = jac_elaborate_derivative(e, f, n, factor + k + 1, where);
        used = n + 1;
      }
    } else if (next && brackets(next, "()") && numerator(f)) {
      bool taken = false;
      one = jac_elaborate(e, f);
      term *there = one ? jac_derivative_at(e, numerator(f), next, one, &taken) : NULL;
      if (taken) {
        one = there;
        used = 2;
      } else if (one && all_names(next) &&
                 jac_choose2(e, jac_pool_text(e->scope->pool, "point of a derivative"), 0,
                             4, NULL, NULL, NULL) == 0)
        used = 2; /* dg/dx_1 (x), where x is all of them */
    } else if (small_d(e, f, next)) {
      one = adjoint_of(e, next);
      node *at = k + 2 < count ? factor[k + 2] : NULL;
      used = at && brackets(at, "()") && all_names(at) ? 3 : 2; /* df(x) */
    } else if (jac_is_name(f, "Delta") && next && jac_name_like(next) &&
               !jac_definition_of(e, jac_key(e, f)) && !jac_declared(e, jac_key(e, f))) {
      const char *key =
          jac_pool_printf(e->scope->pool, "Delta %s", jac_key(e, unprimed(e, next)));
      struct jac_syntax like = *next;
      like.form = JAC_S_NAME;
      like.text = key;
      like.row = NULL;
      node *renamed = jac_notation_node(e->scope->pool, &like, 0, NULL);
      if (next->form == JAC_S_SCRIPT) {
        like = *next->child[0];
        like.text = jac_pool_printf(e->scope->pool, "Delta %s", next->child[0]->text);
        renamed = jac_notation_node(e->scope->pool, &like, 0, NULL);
        node *child[3] = {renamed, next->child[1], next->child[2]};
        renamed = jac_notation_node(e->scope->pool, next, 3, child);
      }
      one = renamed ? jac_elaborate(e, renamed) : NULL;
      used = 2;
    } else if (next && (callable(f) || squared(e, f)) && next->form == JAC_S_SCRIPT &&
               brackets(next->child[0], "()") && !jac_is_name(base_of(f), "partial")) {
      /* f(x)^2, f(x)_i: what a call gives, then its script; else a factor with one. */
      bool called = false;
      one = jac_elaborate_call(e, f, next->child[0], &called);
      if (!called && !e->unfit)
        one = jac_elaborate(e, f);
      else if (called) {
        one = jac_script_of(e, one, next);
        used = 2;
      }
    } else if (next && (callable(f) || squared(e, f)) &&
               (brackets(next, "()") || calls_in_square(next) ||
                (brackets(next, "[]") && !next->spaced &&
                 next->child[0]->form != JAC_S_LIST)) &&
               !jac_is_name(base_of(f), "partial")) {
      bool called = false;
      node *base = base_of(f);
      bool special = false;
      if (base->form == JAC_S_NAME)
        one = jac_elaborate_special(e, base, next, NULL, &special);
      if (special && !e->unfit && one) {
        used = 2;
      } else if (!e->unfit) {
        if (brackets(next, "[]") && !calls_in_square(next)) {
          /* s[0], W[i]: an entry, where the bracket holds an index. */
          node *item[4];
          size_t items = jac_index_items(next->child[0], item);
          if (items && jac_index_letter(item[0]) != NULL) {
            term *base_value = jac_elaborate(e, f);
            if (base_value && !jac_type_is_number(base_value->type)) {
              one = jac_term_entry(e, base_value, items, item, f);
              called = true;
            } else
              one = base_value;
            used = called ? 2 : 1;
            goto multiply;
          }
        }
        one = jac_elaborate_call(e, f, next, &called);
        used = called ? 2 : 1;
        if (!called && !e->unfit)
          one = jac_elaborate(e, f);
      }
    } else if (next && brackets(next, "()") && jac_is_derivative(f) && all_names(next)) {
      one = jac_elaborate(e, f); /* a derivative and its point */
      used = 2;
    } else
      one = jac_elaborate(e, f);
  multiply:
    if (!one)
      return NULL;
    value = value ? times(e, value, one, where) : one;
    k += used;
  }
  return value;
}

term *jac_elaborate_side(elaboration *e, node *n) {
  return jac_elaborate_factors(e, n, n->count, n->child);
}

/* A function by its name: tanh x, det(A), max(0, x), sum(i, ...). */
term *jac_elaborate_apply(elaboration *e, node *n) {
  /* log p(x) = ...: what was said of the whole. */
  for (size_t k = e->scope->count; k-- > 0;) {
    const struct jac_fact *f = &e->scope->fact[k];
    bool open = false;
    if (f->kind != JAC_FACT_EQUATION || !f->right || !jac_notation_equal(f->left, n))
      continue;
    for (size_t j = 0; j < e->nleaned; j++)
      open = open || (e->leaned[j] == f && e->ndefining);
    if (open || e->ndefining == sizeof e->defining / sizeof *e->defining)
      continue;
    if (e->nleaned < sizeof e->leaned / sizeof *e->leaned)
      e->leaned[e->nleaned++] = f;
    e->defining[e->ndefining++] = jac_key(e, n);
    term *value = jac_elaborate(e, f->right);
    e->ndefining--;
    return value;
  }
  node *name = n->child[0], *bracket = n->child[1];
  const struct jac_construct *row = n->row;
  node *below = NULL, *above = NULL;
  double primes = 0;
  if (name->form == JAC_S_SCRIPT) {
    below = name->child[1];
    above = name->child[2];
    primes = name->number;
  }
  const char *key = jac_key(e, base_of(name));
  {
    /* A function of that name that the author defined. */
    const struct jac_definition *f = jac_function_of(e, key);
    bool defining = false;
    for (size_t k = 0; f && k < e->ndefining; k++)
      defining = defining || e->defining[k] == key;
    if (f && !defining && bracket->form == JAC_S_GROUP) {
      node *argument[8];
      size_t count = arguments(bracket, argument);
      bool power = above && (above->form == JAC_S_NUMBER || jac_is_name(above, "T") ||
                             jac_is_name(above, "top"));
      if (count == f->params)
        return raised(e, beta(e, f, name, count, argument), power ? above : NULL,
                      row->role == JAC_ROLE_ENTRYWISE, n);
    }
  }
  if (row->role == JAC_ROLE_SPECIAL || row->role == JAC_ROLE_SIZED) {
    bool taken = false;
    return jac_elaborate_special(e, base_of(name), bracket, NULL, &taken);
  }
  node *argument[8];
  size_t count = 1;
  argument[0] = bracket;
  if (bracket->form == JAC_S_GROUP &&
      (brackets(bracket, "()") || brackets(bracket, "[]") || brackets(bracket, "{}") ||
       brackets(bracket, "\\{\\}")))
    count = arguments(bracket, argument);
  if (count > 8)
    return jac_unknown(e, n, "%s has too many arguments", key);
  bool over = row->id == JAC_C_TOTAL || row->id == JAC_C_PRODUCTALL ||
              row->id == JAC_C_MAX || row->id == JAC_C_MIN;
  if (over && count == 2) {
    /* sum(i, x[i]), sum(i = 1:n, x[i]) */
    node *index = argument[0];
    bool range = index->form == JAC_S_CHAIN;
    const char *letter = index->form == JAC_S_NAME ? jac_key(e, index) : NULL;
    const struct jac_usage *u = letter ? jac_usage_of(e->evidence, letter) : NULL;
    bool free_name = letter && !jac_definition_of(e, letter) &&
                     !jac_declared(e, letter) && u && u->index;
    if (range || free_name || row->id == JAC_C_TOTAL || row->id == JAC_C_PRODUCTALL) {
      struct jac_syntax like = *n;
      like.form = JAC_S_BIG;
      like.row = jac_construct(row->id == JAC_C_TOTAL        ? JAC_C_SUM
                               : row->id == JAC_C_PRODUCTALL ? JAC_C_PRODUCT
                               : row->id == JAC_C_MAX        ? JAC_C_BIGMAX
                                                             : JAC_C_BIGMIN);
      node *child[3] = {index, NULL, argument[1]};
      node *big = jac_notation_node(e->scope->pool, &like, 3, child);
      return big ? jac_elaborate_big(e, big, argument[1]) : NULL;
    }
  }
  if (over && count == 3 && argument[0]->form == JAC_S_CHAIN) {
    /* sum(i = 1:n, body): the range's end is its own argument */
    struct jac_syntax like = *n;
    like.form = JAC_S_BIG;
    like.row = jac_construct(row->id == JAC_C_TOTAL        ? JAC_C_SUM
                             : row->id == JAC_C_PRODUCTALL ? JAC_C_PRODUCT
                             : row->id == JAC_C_MAX        ? JAC_C_BIGMAX
                                                           : JAC_C_BIGMIN);
    node *child[3] = {argument[0], argument[1], argument[2]};
    node *big = jac_notation_node(e->scope->pool, &like, 3, child);
    return big ? jac_elaborate_big(e, big, argument[2]) : NULL;
  }
  term *value[8];
  for (size_t k = 0; k < count; k++) {
    value[k] = jac_elaborate(e, argument[k]);
    if (!value[k])
      return NULL;
  }
  /* softmax(z_j) is entry j of softmax(z): the softmax of a number is 1. */
  bool soft = row->id == JAC_C_SOFTMAX || row->id == JAC_C_LOGSOFTMAX;
  if (soft && count == 1 && value[0]->kind == JAC_TERM_ENTRY &&
      jac_type_is_number(value[0]->type) &&
      (jac_dim_is_one(value[0]->child[0]->type.rows) ||
       jac_dim_is_one(value[0]->child[0]->type.cols))) {
    struct jac_term *entry = (struct jac_term *)value[0];
    term *child[3] = {jac_term_op(e, row->id, n, 1, &entry->child[0]), entry->child[1],
                      entry->child[2]};
    return child[0] ? jac_term_new(e, JAC_TERM_ENTRY, entry->type, n, 3, child) : NULL;
  }
  term *result;
  if (below && row->id == JAC_C_LOG && below->form == JAC_S_NUMBER) {
    result = jac_term_op(e, JAC_C_LOG, n, count, value);
    term *base = jac_elaborate(e, below);
    base = base ? jac_term_op(e, JAC_C_LOG, n, 1, &base) : NULL;
    term *pair[2] = {result, base};
    result = base ? jac_term_op(e, JAC_C_DIVIDE, n, 2, pair) : NULL;
  } else if (primes > 0 && row->role == JAC_ROLE_ENTRYWISE && count == 1)
    result = slope(e, row->id, primes, value[0], n);
  else if (primes > 0)
    return jac_unknown(e, n, "a prime is read on functions of one number");
  else
    result = jac_term_op(e, row->id, n, count, value);
  if (below && row->id == JAC_C_SOFTMAX && result) {
    node *item[4];
    size_t items = jac_index_items(below, item);
    if (items)
      result = jac_term_entry(e, result, items, item, n);
  }
  return raised(e, result, above, row->role == JAC_ROLE_ENTRYWISE, n);
}
