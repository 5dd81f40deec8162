/* Functions that nobody defines, and the slopes of functions of one number. */
#include "jacobian/elaborate/side_internal.h"

#include <ctype.h>

term *jac_at_argument(elaboration *e, term *y, const struct jac_symbol *param,
                      term *argument, struct jac_type type, node *where) {
  term *child[2] = {y, argument};
  struct jac_term *at = jac_term_new(e, JAC_TERM_AT, type, where, 2, child);
  const struct jac_symbol **symbols = jac_pool_take(e->pool, sizeof *symbols);
  if (!at || !symbols)
    return NULL;
  symbols[0] = param;
  at->at = symbols;
  return at;
}

/* The slope of y, which rests on param, at each entry of an argument: the derivative of
 * the sum of all entries, shaped alike. */
static term *slopes(elaboration *e, term *y, const struct jac_symbol *param,
                    double primes, term *argument, node *where) {
  for (long k = 0; y && k < (long)primes; k++) {
    if (!jac_type_is_number(y->type))
      y = jac_term_op(e, JAC_C_TOTAL, where, 1, &y);
    struct jac_term *d =
        y ? jac_term_new(e, JAC_TERM_DERIVATIVE, argument->type, where, 1, &y) : NULL;
    struct jac_by *by = jac_pool_take(e->pool, sizeof *by);
    if (!d || !by)
      return NULL;
    by->symbol = param;
    d->by = by;
    d->bys = 1;
    d->layout = JAC_LAYOUT_GRADIENT;
    y = d;
  }
  return y ? jac_at_argument(e, y, param, argument, argument->type, where) : NULL;
}

/* What a slope at an argument is taken by. */
static struct jac_symbol *slope_param(elaboration *e, term *argument) {
  return jac_symbol_new(e, jac_pool_text(e->scope->pool, "slope'"), argument->type);
}

term *jac_slope(elaboration *e, enum jac_construct_id id, double primes, term *argument,
                node *where) {
  struct jac_symbol *param = slope_param(e, argument);
  if (!param)
    return NULL;
  term *y = jac_term_symbol(e, param, where);
  y = y ? jac_term_op(e, id, where, 1, &y) : NULL;
  return slopes(e, y, param, primes, argument, where);
}

/* What a function of a vector gives: its shape (entry by entry), a number, a column. */
static struct jac_type function_type(elaboration *e, const char *key, node *plain_name,
                                     bool primes, struct jac_type argument,
                                     bool *entrywise) {
  const char *base = base_of(plain_name)->text;
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "function:%s", key),
                         .count = 3,
                         .price = {1, 2, 5},
                         .words = {N_("a function acts entry by entry"), NULL, NULL},
                         .about = key};
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool word = base[1] && !isupper((unsigned char)*base); /* \phi, \sigma, act */
  if (!word && !(u && u->bold) && !primes) {
    c.price[0] = 4;
    c.price[1] = 0;
  }
  if (base_of(plain_name)->bold) {
    c.price[1] = 8;
    c.price[2] = 0;
  }
  if (primes || (u && u->primed)) {
    c.price[0] = 0;
    c.price[1] = 4;
  }
  if (u && u->normed) { /* ||r(x)||, and J = dr/dx, which is a matrix */
    c.price[0] = u->numerator ? 14 : 4;
    c.price[1] = 12;
    c.price[2] = 0;
  }
  struct jac_type type = jac_type_number(e);
  size_t pick = jac_choose(e, &c);
  *entrywise = pick == 0;
  if (pick == 0)
    return argument;
  if (pick == 2) {
    type.rows = jac_dim_free_new(&e->dims, NULL);
    type.rows->because |= jac_choice_bit(e, c.site);
  }
  return type;
}

/* The symbol of a function, made at its first call: of numbers, or entry by entry; of a
 * vector as a whole, f(x) beside f(0), it is another. */
static struct jac_symbol *function_symbol(elaboration *e, const char *key,
                                          struct jac_type type, bool entrywise) {
  const char *fkey = jac_pool_printf(e->scope->pool, entrywise ? "%s(.)" : "%s()", key);
  struct name_entry *entry = jac_name_entry(e, fkey);
  if (!entry || entry->symbol)
    return entry ? entry->symbol : NULL;
  struct jac_symbol *f = jac_symbol_new(e, fkey, type);
  if (!f)
    return NULL;
  f->function = true;
  f->entrywise = entrywise;
  f->guessed = true;
  return entry->symbol = f;
}

static struct jac_term *call_of(elaboration *e, const struct jac_symbol *f,
                                struct jac_type type, size_t count, term *const *value,
                                node *where) {
  struct jac_term *call = jac_term_new(e, JAC_TERM_CALL, type, where, count, value);
  if (call)
    call->symbol = f;
  return call;
}

/* Whether a bracket holds these arguments. */
static bool holds(node *bracket, size_t count, node *const *argument) {
  node *inside = bracket->child[0];
  if (count == 1)
    return jac_notation_equal(inside, argument[0]);
  bool same = inside->form == JAC_S_LIST && inside->count == count;
  for (size_t k = 0; same && k < count; k++)
    same = jac_notation_equal(inside->child[k], argument[k]);
  return same;
}

/* Whether what is called g(x) is the quantity g too. */
static bool is_quantity(elaboration *e, const char *key, size_t count,
                        node *const *argument) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u && (u->numerator || u->denominator || u->times > u->called) && u->call &&
         holds(u->call, count, argument) && !e->bound;
}

node *jac_below_function(elaboration *e, node *name) {
  node *below = name->form == JAC_S_SCRIPT && !name->child[2] ? name->child[1] : NULL;
  const struct jac_usage *u =
      below && jac_name_like(below) ? jac_usage_of(e->evidence, jac_key(e, below)) : NULL;
  return u && u->denominator && !jac_bound_find(e, u->key) ? below : NULL;
}

term *jac_any_function(elaboration *e, node *name, size_t count, node *const *argument) {
  node *plain_name = jac_unprimed(e, name);
  double primes = name->form == JAC_S_SCRIPT ? name->number : 0;
  const char *key = jac_key(e, plain_name);
  term *value[9];
  bool number = true;
  if (primes > 0 && count > 1)
    return jac_unknown(e, name, "a prime does not say by what it differentiates here");
  for (size_t k = 0; k < count; k++) {
    value[k] = jac_elaborate(e, argument[k]);
    if (!value[k])
      return NULL;
    number = number && jac_type_is_number(value[k]->type);
    e->four = e->four || (!jac_dim_is_one(value[k]->type.rows) &&
                          !jac_dim_is_one(value[k]->type.cols));
  }
  node *below = primes > 0 ? NULL : jac_below_function(e, plain_name);
  size_t values = count;
  if (below && !(value[values++] = jac_elaborate(e, below)))
    return NULL;
  bool entrywise = number && values == 1; /* phi(z_i) is an entry of phi(z) */
  struct jac_type type =
      !number && values == 1
          ? function_type(e, key, plain_name, primes > 0, value[0]->type, &entrywise)
          : jac_type_number(e);
  struct jac_symbol *f = function_symbol(e, key, type, entrywise);
  if (!f)
    return NULL;
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (u && u->normed && jac_type_is_number(type))
    e->excuse = N_("it holds where what is between double bars is a number");
  if (primes > 0) {
    if (!number && !entrywise)
      return jac_clash(e, name, ~(uint64_t)0,
                       "a prime is read on functions of one number");
    struct jac_symbol *param = slope_param(e, value[0]);
    term *y = param ? jac_term_symbol(e, param, name) : NULL;
    y = y ? call_of(e, f, value[0]->type, 1, &y, name) : NULL;
    return y ? slopes(e, y, param, primes, value[0], name) : NULL;
  }
  struct jac_term *call = call_of(e, f, type, values, value, name);
  if (!call || !is_quantity(e, key, count, argument))
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

term *jac_gradient_there(elaboration *e, node *name, node *argument, bool twice,
                         node *where) {
  term *at = jac_elaborate(e, argument);
  struct jac_symbol *param = at ? slope_param(e, at) : NULL;
  if (!param)
    return NULL;
  bool entrywise = false, number = jac_type_is_number(at->type);
  const char *key = jac_key(e, name);
  struct jac_type type =
      number ? at->type : function_type(e, key, name, false, at->type, &entrywise);
  struct jac_symbol *f = function_symbol(e, key, type, entrywise || number);
  term *y = f ? jac_term_symbol(e, param, name) : NULL;
  y = y ? call_of(e, f, type, 1, &y, name) : NULL;
  if (!y)
    return NULL;
  if (!jac_type_is_number(type))
    return jac_clash(e, where, ~(uint64_t)0, "\\nabla is of a number");
  struct jac_by by = {.symbol = param};
  e->nabla = true;
  term *d = jac_derivative(e, y, 1, &by, at->type, twice ? 3 : 0, where);
  d = twice && d ? jac_derivative(e, d, 1, &by, at->type, 2, where) : d;
  e->nabla = false;
  return d ? jac_at_argument(e, d, param, at, d->type, where) : NULL;
}

enum { PLACES_MOST = 4 }; /* arguments */

/* x of x and x(t), as which an argument is known. */
static node *known_as(node *argument) {
  return argument->form == JAC_S_SIDE && argument->count == 2 &&
                 jac_name_like(argument->child[0]) &&
                 argument->child[1]->form == JAC_S_GROUP
             ? argument->child[0]
             : argument;
}

/* Which of the arguments is known as x, from 1; 0: none, or several. */
static size_t place_of(size_t count, node *const *argument, node *x) {
  size_t place = 0, found = 0;
  for (size_t k = 0; k < count; k++)
    if (jac_notation_equal(known_as(argument[k]), x)) {
      place = k + 1;
      found++;
    }
  const char *usual = "xyz", *at = x->form == JAC_S_NAME && !x->text[1] && *x->text
                                       ? strchr(usual, x->text[0])
                                       : NULL;
  if (found == 0 && at && (size_t)(at - usual) < count) /* f_y of f(x, g(x)) */
    return (size_t)(at - usual) + 1;
  return found == 1 ? place : 0;
}

/* Whether nothing says what f is, of which calls with so many arguments are seen: those
 * of the first. */
static bool called_first(elaboration *e, node *f, size_t count, node *first[8]) {
  const char *key = jac_key(e, f);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u && u->call && !jac_function_of(e, key) && !jac_definition_of(e, key) &&
         !jac_bound_find(e, key) && jac_arguments(u->call, first) == count;
}

/* The slope of a function at arguments, numbers, by the one at a place from 1; NULL, and
 * nothing refused: they are no numbers. */
static term *slope_at(elaboration *e, const char *key, size_t count,
                      node *const *argument, size_t place, node *where) {
  const struct jac_symbol **symbols = jac_pool_take(e->pool, count * sizeof *symbols);
  struct jac_by *by = jac_pool_take(e->pool, sizeof *by);
  struct jac_symbol *f = function_symbol(e, key, jac_type_number(e), false);
  term *child[1 + PLACES_MOST], *param[PLACES_MOST];
  if (!symbols || !by || !f)
    return NULL;
  for (size_t k = 0; k < count; k++) {
    child[k + 1] = jac_elaborate(e, argument[k]);
    if (!child[k + 1] || !jac_type_is_number(child[k + 1]->type))
      return NULL;
    struct jac_symbol *s = jac_symbol_new(
        e, jac_pool_printf(e->scope->pool, "slope'%zu", k), child[k + 1]->type);
    symbols[k] = s;
    param[k] = s ? jac_term_symbol(e, s, where) : NULL;
    if (!param[k])
      return NULL;
  }
  term *y = call_of(e, f, f->type, count, param, where);
  struct jac_term *d =
      y ? jac_term_new(e, JAC_TERM_DERIVATIVE, y->type, where, 1, &y) : NULL;
  if (!d)
    return NULL;
  by->symbol = symbols[place - 1];
  d->by = by;
  d->bys = 1;
  d->layout = JAC_LAYOUT_GRADIENT;
  child[0] = d;
  struct jac_term *at = jac_term_new(e, JAC_TERM_AT, d->type, where, count + 1, child);
  if (at)
    at->at = symbols;
  return at;
}

term *jac_slope_by_place(elaboration *e, node *f, node *x, node *bracket, node *where,
                         bool *taken) {
  node *argument[8], *first[8];
  size_t count = jac_arguments(bracket, argument), place = 0;
  const char *key = jac_key(e, f);
  if (count >= 2 && count <= PLACES_MOST && called_first(e, f, count, first))
    place = place_of(count, first, x);
  bool same = place && where->form == JAC_S_FRACTION && jac_all_names(bracket) &&
              holds(jac_usage_of(e->evidence, key)->call, count, argument);
  term *slope = place && !same ? slope_at(e, key, count, argument, place, where) : NULL;
  *taken = slope != NULL;
  return slope;
}
