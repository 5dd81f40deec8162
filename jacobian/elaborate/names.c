/* What names mean: defined, declared, or given with a shape that a choice supplies; and
 * indices and sizes by their names. */
#include "jacobian/elaborate/names_internal.h"

#include <stdio.h>

/* The key of a name, through what the author says is another name for it. */
const char *jac_key(elaboration *e, node *n) {
  return jac_evidence_key(e->evidence, e->scope->pool, n);
}

struct name_entry *jac_name_entry(elaboration *e, const char *key) {
  size_t k = ((uintptr_t)key >> 4) % JAC_NAME_BUCKETS;
  for (struct name_entry *n = e->names->bucket[k]; n; n = n->next)
    if (n->key == key)
      return n;
  struct name_entry *n = jac_pool_take(e->pool, sizeof *n);
  if (!n)
    return NULL;
  n->key = key;
  n->next = e->names->bucket[k];
  e->names->bucket[k] = n;
  return n;
}

struct jac_bound *jac_bound_find(elaboration *e, const char *key) {
  for (struct jac_bound *b = e->bound; b; b = b->next)
    if (b->key == key)
      return b;
  return NULL;
}

struct jac_symbol *jac_symbol_new(elaboration *e, const char *key, struct jac_type type) {
  struct jac_symbol *s = jac_pool_take(e->pool, sizeof *s);
  if (!s)
    return NULL;
  s->key = key;
  s->type = type;
  s->id = e->nsymbol;
  if (e->nsymbol == sizeof e->symbol / sizeof *e->symbol) {
    e->unfit = JAC_BOUND;
    snprintf(e->message, sizeof e->message, "it has too many names");
    return NULL;
  }
  e->symbol[e->nsymbol++] = s;
  return s;
}

struct jac_index *jac_index_new(elaboration *e, const char *name, struct jac_dim *range) {
  struct jac_index *index = jac_pool_take(e->pool, sizeof *index);
  if (!index)
    return NULL;
  index->name = name;
  index->range = range;
  index->id = ++e->terms;
  return index;
}

struct jac_index *jac_free_index(elaboration *e, const char *key) {
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry)
    return NULL;
  if (!entry->index) {
    if (e->nindex == sizeof e->index / sizeof *e->index) {
      jac_unknown(e, NULL, "it has too many indices");
      return NULL;
    }
    entry->index = jac_index_new(e, key, jac_dim_free_new(&e->dims, NULL));
    if (entry->index)
      e->index[e->nindex++] = entry->index;
  }
  /* An index that its definition does not have on the left. */
  if (e->ndefining && e->pairing != e->ndefining) {
    struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "free:%s:%s", key,
                                                   e->defining[e->ndefining - 1]),
                           .count = 1,
                           .price = {12}};
    jac_choose(e, &c);
  }
  return entry->index;
}

struct jac_dim *jac_named_size(elaboration *e, const char *key) {
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry)
    return e->dims.one;
  if (!entry->dim)
    entry->dim = jac_dim_free_new(&e->dims, key);
  return entry->dim;
}

/* n^2 in I_{n^2}; else the name as it is. */
static struct jac_dim *squared_size(elaboration *e, node *n) {
  bool square = n->child[2] && !n->child[1] && n->child[2]->form == JAC_S_NUMBER &&
                n->child[2]->number == 2;
  struct jac_dim *side = square ? jac_size_of(e, n->child[0]) : NULL;
  return side ? jac_dim_product(&e->dims, side, side) : jac_named_size(e, jac_key(e, n));
}

/* n + 1, m + k - 1; n - 1 is a size of its own, named so. */
static struct jac_dim *sum_of_sizes(elaboration *e, node *n) {
  struct jac_dim *size = NULL;
  for (size_t k = 0; k < n->count; k++) {
    node *item = n->child[k];
    struct jac_dim *part = jac_size_of(e, item);
    if (!part)
      return NULL;
    bool made = size && (jac_dim_root(size)->kind == JAC_DIM_SUM ||
                         jac_dim_root(size)->kind == JAC_DIM_PRODUCT);
    bool number = item->form == JAC_S_NUMBER && item->number >= 1;
    if (n->text[k] != '-')
      size = size ? jac_dim_sum(&e->dims, size, part) : part;
    else if (made && number)
      size = jac_dim_less(&e->dims, size, (size_t)item->number);
    else
      return jac_named_size(e, jac_key(e, n));
  }
  return size;
}

/* A size as written: 3, n, 4n, n^2, n + 1. */
struct jac_dim *jac_size_of(elaboration *e, node *n) {
  n = jac_inside(n);
  switch (n->form) {
  case JAC_S_NUMBER:
    return n->number >= 1 && n->number <= JAC_SIZE_MOST
               ? jac_dim_fixed_new(&e->dims, (size_t)n->number)
               : NULL;
  case JAC_S_SCRIPT:
    return squared_size(e, n);
  case JAC_S_NAME:
    return jac_named_size(e, jac_key(e, n));
  case JAC_S_SIDE:
  case JAC_S_INFIX: {
    struct jac_dim *size = NULL;
    for (size_t k = 0; k < n->count; k++) {
      struct jac_dim *part = jac_size_of(e, n->child[k]);
      if (!part)
        return NULL;
      size = size ? jac_dim_product(&e->dims, size, part) : part;
    }
    return size;
  }
  case JAC_S_TERMS:
    return sum_of_sizes(e, n);
  default:
    return NULL;
  }
}

/* g(z) of g(x) and g(z), where the claim has dg/dz. */
static node *call_by(elaboration *e, const struct jac_usage *u) {
  const struct jac_evidence *own = e->own;
  for (size_t k = 0; own && u->again && k < own->pairs; k++)
    if (own->pair[k].numerator == u->key &&
        !jac_notation_has(u->call, own->pair[k].denominator) &&
        jac_notation_has(u->again, own->pair[k].denominator))
      return u->again;
  return u->call;
}

/* A name that stands for a function of which only calls are seen, as the quantity that
 * its first call gives: f in df/dg, where f(g(x)) stands somewhere. */
static struct jac_symbol *call_symbol(elaboration *e, const char *key, node *where) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (!u || !u->call || u->times > u->called + u->numerator + u->denominator ||
      !(u->numerator || u->denominator) || jac_being_defined(e, key))
    return NULL;
  if (jac_declared(e, key))
    return NULL;
  bool called = false;
  e->defining[e->ndefining++] = key;
  term *value = jac_elaborate_call(e, where, call_by(e, u), &called);
  e->ndefining--;
  if (!value || !called)
    return NULL;
  if (value->kind == JAC_TERM_SYMBOL)
    return (struct jac_symbol *)value->symbol;
  struct jac_symbol *s = jac_symbol_new(e, key, value->type);
  if (s)
    s->body = value;
  return s;
}

/* A quantity of three indices, whose sizes were said. */
static struct jac_symbol *given_family(elaboration *e, const char *key,
                                       const struct jac_fact *f) {
  struct jac_symbol *s = jac_symbol_new(e, key, jac_type_number(e));
  if (!s)
    return NULL;
  s->families = 3;
  s->family[0] = jac_side_of(e, f->rows, f->sides & 1);
  s->family[1] = jac_side_of(e, f->cols, f->sides & 2);
  s->family[2] = jac_side_of(e, f->third, f->sides & 4);
  return s->family[0] && s->family[1] && s->family[2] ? s : NULL;
}

static struct jac_symbol *given_symbol(elaboration *e, const char *key, node *where) {
  struct jac_type type;
  const struct jac_fact *f = jac_shape_fact(e, key);
  if (f && f->third)
    return given_family(e, key, f);
  if (!jac_said_type(e, key, where, &type)) {
    if (e->unfit)
      return NULL;
    unsigned price[KINDS];
    jac_kind_prices(e, key, price);
    type = jac_choose_kind(e, key, price);
  }
  struct jac_symbol *s = jac_symbol_new(e, key, type);
  if (s)
    jac_give_values(e, s);
  return e->unfit ? NULL : s;
}

bool jac_is_index(elaboration *e, const char *key) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u && u->index > u->by_prime && !u->acted && !u->denominator && !u->numerator &&
         !jac_declared(e, key) && !jac_definition_of(e, key);
}

size_t jac_choose2(elaboration *e, const char *site, unsigned price0, unsigned price1,
                   const char *words0, const char *words1, const char *about) {
  struct jac_choice c = {.site = site,
                         .count = 2,
                         .price = {price0, price1},
                         .words = {words0, words1},
                         .about = about};
  return jac_choose(e, &c);
}

struct jac_symbol *jac_symbol_of(elaboration *e, const char *key, node *where) {
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry || e->unfit)
    return NULL;
  if (entry->symbol)
    return entry->symbol;
  struct jac_symbol *s = NULL;
  bool open = jac_being_defined(e, key);
  const struct jac_definition *d = jac_definition_of(e, key);
  const struct jac_definition *entries = open ? NULL : jac_entries_of(e, key, 0);
  if (open && d && !d->params)
    e->circle = key; /* P by q, q by P */
  if (open)
    d = NULL;
  if (entries && (!d || entries->order > d->order))
    d = entries;
  if (!d && !open && !jac_said_other(e, key)) { /* sigma, where sigma^2 is defined */
    const char *square = jac_pool_printf(e->scope->pool, "%s^2", key);
    d = jac_last_definition(e, square, false, JAC_DEFINES_POWER, 0);
  }
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (d)
    s = jac_defined_symbol(e, key, d, where);
  else if ((s = call_symbol(e, key, where)) || e->unfit)
    ;
  else if (u && u->numerator && !jac_declared(e, key))
    s = jac_any_loss(e, key, where);
  else
    s = given_symbol(e, key, where);
  entry = jac_name_entry(e, key);
  if (entry && s && !entry->symbol)
    entry->symbol = s;
  return s;
}
