/* What stands below and above: entries, members of families, names with layers, powers,
 * transposes. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool is_top(node *n) {
  return jac_is_name(n, "T") || jac_is_name(n, "top");
}

static bool number_is(node *n, double value) {
  if (n->form == JAC_S_NUMBER)
    return n->number == value;
  return n->form == JAC_S_TERMS && n->count == 1 && n->text[0] == '-' &&
         n->child[0]->form == JAC_S_NUMBER && n->child[0]->number == -value;
}

static node *scripted(elaboration *e, node *n, node *base, node *below, node *above,
                      double primes) {
  node *child[3] = {base, below, above};
  struct jac_syntax like = *n;
  like.number = primes;
  like.text = "";
  return jac_notation_node(e->scope->pool, &like, 3, child);
}

static struct jac_symbol *places_symbol(elaboration *e, node *name,
                                        struct jac_dim *range) {
  /* y of p_{y_i}: a whole number for each i. */
  const char *key = jac_pool_printf(e->scope->pool, "%s of places", jac_key(e, name));
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry)
    return NULL;
  if (!entry->symbol) {
    entry->symbol = jac_symbol_new(e, key, jac_type_number(e));
    if (!entry->symbol)
      return NULL;
    entry->symbol->values = JAC_PLACES;
    entry->symbol->places = range;
    entry->symbol->families = 1;
    entry->symbol->family[0] = jac_dim_free_new(&e->dims, NULL);
  }
  jac_dim_unify(&e->dims, entry->symbol->places, range, 0);
  return entry->symbol;
}

/* Sizes that were given: an index may run over a part of what it stands at. */
static bool within(const elaboration *e, const struct jac_dim *part,
                   const struct jac_dim *whole) {
  part = jac_dim_root(part);
  whole = jac_dim_root(whole);
  return e->exact && part->kind == JAC_DIM_FIXED && whole->kind == JAC_DIM_FIXED &&
         part->fixed < whole->fixed;
}

/* An index item as a number from 1; range: what it runs over, NULL where not told. */
term *jac_index_value(elaboration *e, node *item, struct jac_dim *range) {
  item = jac_inside(item);
  switch (item->form) {
  case JAC_S_NUMBER:
    if (range && item->number > (double)jac_dim_root(range)->seen && item->number < 100)
      jac_dim_root(range)->seen = (size_t)item->number;
    return jac_term_number(e, item->number, item);
  case JAC_S_NAME: {
    const char *key = jac_key(e, item);
    struct jac_bound *b = jac_bound_find(e, key);
    if (b && b->value)
      return b->value;
    const struct jac_index *index = b ? b->index : NULL;
    struct name_entry *entry = jac_name_entry(e, key);
    if (!index && entry && entry->dim)
      return jac_term_size(e, entry->dim, item);
    if (!index &&
        jac_definition_of(e, key)) /* a number with a name: z[n, S*(g - 1) + k] */
      return jac_elaborate(e, item);
    if (!index) {
      const struct jac_usage *u = jac_usage_of(e->evidence, key);
      /* x_n, the last one. */
      if (u && u->bounds && !u->denominator && !u->running)
        return jac_term_size(e, jac_named_size(e, key), item);
      index = jac_free_index(e, key);
    }
    if (!index)
      return NULL;
    if (range && !within(e, index->range, range) &&
        !jac_dim_unify(&e->dims, index->range, range, jac_dim_because(range)))
      return jac_clash(e, item, e->dims.conflict, "the index %s runs over two sizes",
                       key);
    return jac_term_index(e, index, item);
  }
  case JAC_S_SCRIPT: {
    node *inner[4];
    if (item->child[0]->form != JAC_S_NAME)
      break;
    size_t items = jac_index_items(item->child[1], inner);
    if (items == 1 && !item->child[2] && item->number == 0 && range) {
      struct jac_symbol *s = places_symbol(e, item->child[0], range);
      if (!s)
        return NULL;
      term *place = jac_index_value(e, inner[0], s->family[0]);
      if (!place)
        return NULL;
      struct jac_term *t = jac_term_new(e, JAC_TERM_SYMBOL, s->type, item, 1, &place);
      if (t)
        t->symbol = s;
      return t;
    }
    const char *key = jac_key(e, item); /* i', i_1: an index of its own */
    struct jac_bound *b = jac_bound_find(e, key);
    const struct jac_index *index = b && b->index ? b->index : jac_free_index(e, key);
    if (!index)
      return NULL;
    if (range && !jac_dim_unify(&e->dims, index->range, range, jac_dim_because(range)))
      return jac_clash(e, item, e->dims.conflict, "the index %s runs over two sizes",
                       key);
    return jac_term_index(e, index, item);
  }
  case JAC_S_TERMS: {
    term *sum = NULL;
    for (size_t k = 0; k < item->count; k++) {
      term *part = jac_index_value(e, item->child[k], NULL);
      if (!part)
        return NULL;
      term *pair[2] = {sum, part};
      bool minus = item->text[k] == '-';
      sum = !sum ? (minus ? jac_term_op(e, JAC_C_NEGATE, item, 1, &part) : part)
                 : jac_term_op(e, minus ? JAC_C_SUBTRACT : JAC_C_ADD, item, 2, pair);
      if (!sum)
        return NULL;
    }
    return sum;
  }
  case JAC_S_SIDE:
  case JAC_S_INFIX:
    return jac_elaborate(e, item);
  default:
    break;
  }
  return jac_unknown(e, item, "this index is not read");
}

static bool whole(node *item) {
  return jac_is_name(item, "bullet") || item->form == JAC_S_SIGN;
}

term *jac_term_entry(elaboration *e, term *base, size_t items, node *const *item,
                     node *where) {
  if (!base)
    return NULL;
  if (base->kind == JAC_TERM_SYMBOL && base->symbol->families &&
      base->count < base->symbol->families) {
    const struct jac_symbol *s = base->symbol;
    if (items < s->families)
      return jac_clash(e, where, 0, "%s has %zu indices", s->key, s->families);
    term *place[3];
    for (size_t k = 0; k < s->families; k++) {
      place[k] = jac_index_value(e, item[k], s->family[k]);
      if (!place[k])
        return NULL;
    }
    struct jac_term *t =
        jac_term_new(e, JAC_TERM_SYMBOL, s->type, where, s->families, place);
    if (!t)
      return NULL;
    t->symbol = s;
    return items == s->families
               ? t
               : jac_term_entry(e, t, items - s->families, item + s->families, where);
  }
  bool row_one = jac_dim_is_one(base->type.rows),
       col_one = jac_dim_is_one(base->type.cols);
  term *child[3] = {base, NULL, NULL};
  struct jac_type type = jac_type_number(e);
  uint64_t because = jac_type_because(base->type);
  if (items == 1 && row_one && col_one)
    return jac_clash(e, where, because, "a number has no entries");
  if (items == 1 && (row_one || col_one)) {
    struct jac_dim *range = row_one ? base->type.cols : base->type.rows;
    if (whole(item[0]))
      return base;
    child[row_one ? 2 : 1] = jac_index_value(e, item[0], range);
    if (!child[row_one ? 2 : 1])
      return NULL;
  } else if (items == 1) {
    /* s_i and s_{ni}: which of them the author leaves out, nothing says. */
    node *name = where->form == JAC_S_SCRIPT ? where->child[0] : where;
    bool small = name->form == JAC_S_NAME && islower((unsigned char)name->text[0]) &&
                 !name->text[1] && !jac_declared(e, jac_key(e, name));
    size_t column =
        jac_choose2(e, jac_pool_text(e->scope->pool, "one index of a matrix"),
                    small ? 17 : 2, small ? 19 : 4, "one index of a matrix is its row",
                    "one index of a matrix is its column", NULL);
    child[1 + column] =
        jac_index_value(e, item[0], column ? base->type.cols : base->type.rows);
    if (!child[1 + column])
      return NULL;
    type = column ? jac_type_of(base->type.rows, e->dims.one)
                  : jac_type_of(e->dims.one, base->type.cols);
  } else if (items == 2) {
    if (row_one != col_one && !whole(item[0]) && !whole(item[1]))
      return jac_clash(e, where, because, "a vector has one index, not two");
    if (row_one && col_one)
      return jac_clash(e, where, because, "a number has no entries");
    for (size_t k = 0; k < 2; k++) {
      struct jac_dim *range = k ? base->type.cols : base->type.rows;
      if (whole(item[k])) {
        *(k ? &type.cols : &type.rows) = range;
        continue;
      }
      child[k + 1] = jac_index_value(e, item[k], range);
      if (!child[k + 1])
        return NULL;
    }
    if (!child[1] && !child[2])
      return base;
  } else
    return jac_clash(e, where, because, "a matrix has two indices");
  return jac_term_new(e, JAC_TERM_ENTRY, type, where, 3, child);
}

/* What stands above a name, taken apart: a layer, then a power or a transpose. */
struct above {
  node *layer, *power;
  bool top, inverse;
};

static bool layer_letter(const elaboration *e, node *above) {
  node *l = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
  if (!l)
    return false;
  for (size_t k = 0; k < e->evidence->layers; k++)
    if (strcmp(e->evidence->layer[k], l->text) == 0)
      return true;
  return false;
}

static bool numbered_layers(const elaboration *e) {
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    node *name = e->evidence->definition[k].name;
    if (name->form == JAC_S_SCRIPT && name->child[2] &&
        name->child[2]->form == JAC_S_NUMBER && name->child[2]->number != 2)
      return true;
  }
  return false;
}

static bool explained(elaboration *e, const char *key) {
  return jac_definition_of(e, key) || jac_declared(e, key) || jac_bound_find(e, key);
}

/* x^t A x: whether t is no quantity, no step and no size. */
static bool transposes(elaboration *e) {
  const struct jac_usage *u =
      jac_usage_of(e->evidence, jac_pool_text(e->scope->pool, "t"));
  return u && !u->times && !u->called && !u->numerator && !u->denominator && !u->bounds &&
         !u->index && !u->stepped && !u->defined;
}

static void read_above(elaboration *e, node *n, node *base, node *above,
                       struct above *out) {
  *out = (struct above){0};
  if (!above)
    return;
  if (above->form == JAC_S_SIDE) { /* (k)T, [l] T, (i)2 */
    node *last = above->child[above->count - 1];
    if (above->count == 2 && (is_top(last) || last->form == JAC_S_NUMBER)) {
      read_above(e, n, base, above->child[0], out);
      if (out->layer && !out->power && !out->top) {
        out->top = is_top(last);
        out->power = is_top(last) ? NULL : last;
        return;
      }
      *out = (struct above){0};
    }
    bool groups = true;
    for (size_t k = 0; k < above->count; k++)
      groups =
          groups && (above->child[k]->form == JAC_S_GROUP || is_top(above->child[k]));
    if (groups) {
      out->layer = above;
      out->top = is_top(last);
      if (out->top)
        out->layer =
            jac_notation_node(e->scope->pool, above, above->count - 1, above->child);
      return;
    }
    out->power = above;
    return;
  }
  if (is_top(above)) {
    const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, above));
    bool said = jac_says(e, JAC_SAYS_T_NUMBER, JAC_SAYS_NOTHING) == JAC_SAYS_T_NUMBER;
    bool steps = jac_is_name(above, "T") && u && (u->bounds || u->divisor);
    if (said || steps)
      out->top = jac_choose2(e, jac_pool_text(e->scope->pool, "T"), said ? 16 : 0,
                             said ? 0 : 12, NULL, "T is a number", NULL) == 0;
    else
      out->top = true;
    if (!out->top)
      out->power = above;
    return;
  }
  if (above->form == JAC_S_TERMS && above->count == 1 && above->text[0] == '-' &&
      is_top(above->child[0])) {
    out->top = out->inverse = true;
    return;
  }
  const char *key = jac_key(e, scripted(e, n, base, NULL, above, 0));
  if (above->form == JAC_S_GROUP || above->form == JAC_S_SIGN ||
      above->form == JAC_S_LIST ||
      (above->form == JAC_S_NAME && (above->text[1] || above->number > 0) &&
       !isdigit((unsigned char)above->text[0]))) {
    /* x^{(i)} is a name; x^{(a+b)} a power. */
    node *inside = above->form == JAC_S_GROUP ? above->child[0] : above;
    bool sum = inside->form == JAC_S_SIDE || inside->form == JAC_S_INFIX ||
               inside->form == JAC_S_FRACTION;
    if (!sum) {
      out->layer = above;
      return;
    }
    out->power = above;
    return;
  }
  bool letters = above->form == JAC_S_NAME || above->form == JAC_S_TERMS;
  if (explained(e, key)) {
    out->layer = above;
    return;
  }
  if (jac_is_name(above, "t") && transposes(e) &&
      jac_choose2(e, jac_pool_text(e->scope->pool, "t"), 0, 6, NULL, NULL, NULL) == 0) {
    out->top = true;
    return;
  }
  bool negative = above->form == JAC_S_TERMS && above->count == 1;
  if (letters && !negative && base->form == JAC_S_NAME && jac_index_letter(above)) {
    bool layer = layer_letter(e, above);
    const char *site =
        jac_pool_printf(e->scope->pool, "above:%s", jac_index_letter(above)->text);
    if (jac_choose2(e, site, layer ? 10 : 0, layer ? 0 : 5, NULL, NULL, NULL) == 1) {
      out->layer = above;
      return;
    }
  }
  if (above->form == JAC_S_NUMBER && numbered_layers(e) && base->form == JAC_S_NAME &&
      !base->row) {
    if (jac_choose2(e, jac_pool_text(e->scope->pool, "above:digits"), 6, 0, NULL, NULL,
                    NULL) == 1) {
      out->layer = above;
      return;
    }
  }
  out->power = above;
}

static term *raise(elaboration *e, term *base, const struct above *above, node *where) {
  if (!base)
    return NULL;
  if (above->power) {
    if (number_is(above->power, -1) && !jac_type_is_number(base->type))
      base = jac_term_op(e, JAC_C_INVERSE, where, 1, &base);
    else {
      term *pair[2] = {base, jac_elaborate(e, above->power)};
      base = pair[1] ? jac_term_op(e, JAC_C_POWER, where, 2, pair) : NULL;
    }
  }
  if (base && above->inverse)
    base = jac_term_op(e, JAC_C_INVERSE, where, 1, &base);
  if (base && above->top && jac_type_is_number(base->type)) {
    struct jac_choice c = {.site = jac_pool_text(e->scope->pool, "transpose of a number"),
                           .count = 1,
                           .price = {16}};
    jac_choose(e, &c);
  }
  if (base && above->top)
    base = jac_term_op(e, JAC_C_TRANSPOSE, where, 1, &base);
  return base;
}

enum below_mode { BELOW_ENTRY, BELOW_PART, BELOW_MEMBER };

static bool digits_only(size_t items, node *const *item) {
  for (size_t k = 0; k < items; k++)
    if (item[k]->form != JAC_S_NUMBER)
      return false;
  return true;
}

static bool any_bound(elaboration *e, size_t items, node *const *item) {
  for (size_t k = 0; k < items; k++) {
    node *l = jac_index_letter(item[k]);
    struct jac_bound *b =
        l ? jac_bound_find(e, jac_pool_text(e->scope->pool, l->text)) : NULL;
    if (b && b->index)
      return true;
  }
  return false;
}

/* Whether the letters below are names of quantities, with indices of their own. */
static bool quantities(elaboration *e, size_t items, node *const *item) {
  for (size_t k = 0; k < items; k++) {
    node *l = jac_index_letter(item[k]);
    const struct jac_usage *u =
        l && item[k]->form == JAC_S_NAME
            ? jac_usage_of(e->evidence, jac_pool_text(e->scope->pool, l->text))
            : NULL;
    if (!u || !(u->below[1] + u->below[2]) || u->bounds || jac_bound_find(e, u->key))
      return false;
  }
  return items > 0;
}

/* Whether an index is an entry, a part of the name, or which member of a family. */
static enum below_mode below_mode(elaboration *e, const char *base, const char *full,
                                  node *name, size_t items, node *const *item) {
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  const struct jac_definition *by_entries = jac_entries_of(e, base, items);
  const struct jac_definition *d = jac_definition_of(e, base);
  bool digits = digits_only(items, item);
  struct jac_choice c = {.count = 3};
  c.site =
      jac_pool_printf(e->scope->pool, "below:%s/%zu%s", base, items, digits ? "d" : "");
  unsigned *p = c.price;
  p[BELOW_ENTRY] = 0;
  p[BELOW_PART] = 4;
  p[BELOW_MEMBER] = 6;
  bool known = d || jac_declared(e, base) || jac_bound_find(e, base);
  if (known || (u && u->bound && !digits))
    p[BELOW_PART] = 14;
  else if (digits) {
    bool vector = u && u->alone && (!isupper((unsigned char)*base) || items == 2);
    bool letters = u && u->letters;
    p[BELOW_PART] = vector || letters ? 4 : 0;
    p[BELOW_ENTRY] = vector || letters ? 0 : 5;
    p[BELOW_MEMBER] = 9;
  } else if (by_entries) /* the entries are defined */
    p[BELOW_PART] = 13;
  else if (u && u->matched)
    p[BELOW_PART] = 3;
  if (!digits && !known && quantities(e, items, item)) {
    p[BELOW_PART] = 0; /* W_{xh}, b_h beside x_t and h_t */
    p[BELOW_ENTRY] = p[BELOW_MEMBER] = 9;
  }
  bool inside = false;
  for (size_t k = 0; k < e->ndefining; k++)
    inside = inside || e->defining[k] == base;
  if (digits && !by_entries && (inside || number_is(item[0], 0))) {
    /* c_0 beside c: another quantity. */
    p[BELOW_PART] = 0;
    p[BELOW_ENTRY] = p[BELOW_MEMBER] = 12;
  }
  if (name->bold && !digits) {
    p[BELOW_ENTRY] = 6;
    p[BELOW_MEMBER] = known ? 4 : 0;
  }
  if (!digits && items == 1 && u && u->driven && !u->alone) {
    p[BELOW_MEMBER] = 0; /* W x_t: a vector for every t */
    p[BELOW_ENTRY] = 3;
  }
  if (known && !by_entries)
    p[BELOW_MEMBER] += 8;
  (void)full;
  if (items > 2) {
    p[BELOW_MEMBER] = 0;
    p[BELOW_ENTRY] = JAC_PRICE_NEVER;
  }
  return (enum below_mode)jac_choose(e, &c);
}

/* h_{t-1} in the definition of h_t: a member of what is being defined. */
struct jac_symbol *jac_family_of_itself(elaboration *e, const char *base, size_t items) {
  const char *key = jac_pool_printf(e->scope->pool, "%s of itself", base);
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry || entry->symbol)
    return entry ? entry->symbol : NULL;
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "member:%s", base),
                         .count = 3,
                         .price = {0, 3, 4}};
  size_t pick = jac_choose(e, &c);
  struct jac_type type = jac_type_number(e);
  struct jac_dim *n = jac_dim_free_new(&e->dims, NULL);
  n->because |= jac_choice_bit(e, c.site);
  if (pick == 0)
    type.rows = n;
  else if (pick == 1)
    type.cols = n;
  struct jac_symbol *s = jac_symbol_new(e, base, type);
  if (!s)
    return NULL;
  s->families = items;
  for (size_t k = 0; k < items; k++)
    s->family[k] = jac_dim_free_new(&e->dims, NULL);
  entry->symbol = s;
  return s;
}

static struct jac_symbol *member_family(elaboration *e, const char *base, size_t items,
                                        node *where) {
  const char *key = jac_pool_printf(e->scope->pool, "%s of %zu", base, items);
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry || entry->symbol)
    return entry ? entry->symbol : NULL;
  const struct jac_definition *d = jac_entries_of(e, base, items);
  struct jac_symbol *s;
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == base)
      return jac_family_of_itself(e, base, items);
  if (d) {
    s = jac_symbol_of(e, base, where);
    if (s && !s->families)
      return (struct jac_symbol *)jac_clash(e, where, ~(uint64_t)0, "%s has no members",
                                            base);
  } else {
    struct jac_type type = jac_type_number(e);
    if (items < 3) {
      struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "member:%s", base),
                             .count = 3,
                             .price = {0, 3, 4}};
      size_t pick = jac_choose(e, &c);
      uint64_t because = jac_choice_bit(e, c.site);
      struct jac_dim *n = jac_dim_free_new(&e->dims, NULL);
      n->because |= because;
      if (pick == 0)
        type.rows = n;
      else if (pick == 1)
        type.cols = n;
    }
    s = jac_symbol_new(e, key, type);
    if (s) {
      s->families = items;
      for (size_t k = 0; k < items; k++)
        s->family[k] = jac_dim_free_new(&e->dims, NULL);
    }
  }
  entry = jac_name_entry(e, key);
  if (entry)
    entry->symbol = s;
  return s;
}

static term *member(elaboration *e, struct jac_symbol *s, size_t items, node *const *item,
                    node *where) {
  if (!s)
    return NULL;
  term *base = jac_term_new(e, JAC_TERM_SYMBOL, s->type, where, 0, NULL);
  if (!base)
    return NULL;
  ((struct jac_term *)base)->symbol = s;
  return jac_term_entry(e, base, items, item, where);
}

const char *jac_capital_of(elaboration *e, const char *base) {
  if (!islower((unsigned char)base[0]) || (base[1] && base[1] != '^'))
    return NULL;
  const char *key =
      jac_pool_printf(e->scope->pool, "%c%s", toupper((unsigned char)base[0]), base + 1);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  const struct jac_usage *mine = jac_usage_of(e->evidence, base);
  bool used = u && (u->alone || jac_definition_of(e, key)) && !u->below[2];
  return used && mine && !mine->alone && !explained(e, base) ? key : NULL;
}

static term *with_below(elaboration *e, node *n, node *name, const char *base,
                        node *layered_name, node *below) {
  if (!layered_name) /* memory ran out */
    return NULL;
  const char *full = jac_key(
      e,
      below ? scripted(e, n, name, below,
                       layered_name->form == JAC_S_SCRIPT ? layered_name->child[2] : NULL,
                       layered_name->form == JAC_S_SCRIPT ? layered_name->number : 0)
            : layered_name);
  if (!below) {
    struct jac_bound *b = jac_bound_find(e, full);
    if (b && b->value)
      return b->value;
    return jac_term_symbol(e, jac_symbol_of(e, full, n), n);
  }
  struct jac_bound *b = jac_bound_find(e, full);
  if (b && b->value)
    return b->value;
  if (b && b->index)
    return jac_term_index(e, b->index, n);
  node *item[4];
  size_t items = jac_index_items(below, item);
  const struct jac_definition *d = jac_definition_of(e, full);
  if (jac_declared(e, full) || (d && d->defines != JAC_DEFINES_ENTRIES) || !items)
    return jac_term_symbol(e, jac_symbol_of(e, full, n), n);
  const char *other = items == 2 ? jac_capital_of(e, base) : NULL;
  if (other) {
    const char *site = jac_pool_printf(e->scope->pool, "entries of:%s", base);
    if (jac_choose2(e, site, 0, 8, NULL, NULL, NULL) == 0)
      base = other;
  }
  switch (below_mode(e, base, full, name, items, item)) {
  case BELOW_PART:
    if (any_bound(e, items, item))
      return jac_clash(
          e, n,
          jac_choice_bit(e, jac_pool_printf(e->scope->pool, "below:%s/%zu", base, items)),
          "%s has an index that a sum binds", full);
    return jac_term_symbol(e, jac_symbol_of(e, full, n), n);
  case BELOW_MEMBER:
    return member(e, member_family(e, base, items, n), items, item, n);
  case BELOW_ENTRY:
    break;
  }
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == base && !jac_bound_find(e, base))
      return member(e, jac_family_of_itself(e, base, items), items, item, n);
  b = jac_bound_find(e, base);
  term *value =
      b && b->value ? b->value : jac_term_symbol(e, jac_symbol_of(e, base, n), n);
  struct jac_term *entry = (struct jac_term *)jac_term_entry(e, value, items, item, n);
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  struct jac_dim *length = value ? jac_dim_root(value->type.rows) : NULL;
  if (entry && items == 1 && item[0]->form == JAC_S_NUMBER && u && u->series > 1 &&
      length->kind == JAC_DIM_FREE && !length->name) {
    length->seen = u->series > length->seen ? u->series : length->seen;
    length->counted = true;
  }
  if (entry && entry != value && jac_type_is_number(entry->type)) {
    const char *site = jac_pool_printf(e->scope->pool, "below:%s/%zu%s", base, items,
                                       digits_only(items, item) ? "d" : "");
    entry->type = jac_number_because(e, jac_choice_bit(e, site));
  }
  return entry;
}

/* z^{(i)} where a sum runs over i, or a definition does: a family. */
static term *layered_member(elaboration *e, node *n, node *name, node *layer, node *below,
                            bool *taken) {
  node *inside = layer->form == JAC_S_GROUP ? layer->child[0] : layer;
  node *letter = jac_index_letter(inside);
  *taken = false;
  if (!letter)
    return NULL;
  const char *base = jac_key(e, name);
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  struct jac_bound *b = jac_bound_find(e, jac_pool_text(e->scope->pool, letter->text));
  bool bound = b && b->index;
  if (!bound && !(u && u->above_bound))
    return NULL;
  *taken = true;
  const char *key = jac_pool_printf(e->scope->pool, "%s above", base);
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry)
    return NULL;
  if (!entry->symbol) {
    /* Its definition for one member: z^{(i)} = W x^{(i)}. */
    const struct jac_definition *found = NULL;
    for (size_t k = 0; k < e->evidence->definitions; k++) {
      const struct jac_definition *d = &e->evidence->definition[k];
      if (d->order < e->visible && d->name->form == JAC_S_SCRIPT && d->name->child[2] &&
          jac_inside(d->name->child[2])->form == JAC_S_NAME && /* not what z^{(i+1)} is */
          d->defines == JAC_DEFINES_VALUE && !d->name->child[1] &&
          jac_notation_equal(d->name->child[0], name) && d->fact->right)
        found = d;
    }
    struct jac_dim *range = jac_dim_free_new(&e->dims, NULL);
    struct jac_symbol *s = NULL;
    if (found) {
      node *above = found->name->child[2];
      node *own = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
      struct jac_index *place = jac_index_new(e, own ? own->text : "i", range);
      struct jac_bound mine = {
          .key = jac_pool_text(e->scope->pool, own ? own->text : "i"), .index = place};
      struct jac_bound *outer = e->bound;
      e->bound = own ? &mine : NULL;
      if (e->nleaned < 64)
        e->leaned[e->nleaned++] = found->fact;
      term *body = jac_elaborate(e, found->fact->right);
      e->bound = outer;
      s = body ? jac_symbol_new(e, key, body->type) : NULL;
      if (s) {
        s->body = body;
        s->place[0] = place;
      }
    } else {
      struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "member:%s", base),
                             .count = 3,
                             .price = {0, 3, 4}};
      const struct jac_usage *plain = u;
      if (plain && !plain->bold && plain->below[1])
        c.price[0] = 0;
      if (name->form == JAC_S_NAME && strcmp(base, "y") == 0)
        c.price[2] = 4;
      size_t pick = jac_choose(e, &c);
      struct jac_type type = jac_type_number(e);
      struct jac_dim *size = jac_dim_free_new(&e->dims, NULL);
      size->because |= jac_choice_bit(e, c.site);
      if (pick == 0)
        type.rows = size;
      else if (pick == 1)
        type.cols = size;
      s = jac_symbol_new(e, key, type);
    }
    if (!s)
      return NULL;
    s->families = 1;
    s->family[0] = range;
    entry = jac_name_entry(e, key);
    if (entry)
      entry->symbol = s;
  }
  struct jac_symbol *s = jac_name_entry(e, key)->symbol;
  term *value = member(e, s, 1, &inside, n);
  node *item[4];
  size_t items = below ? jac_index_items(below, item) : 0;
  return items ? jac_term_entry(e, value, items, item, n) : value;
}

static term *norm_script(elaboration *e, node *n) {
  node *base = n->child[0], *below = n->child[1];
  term *value = jac_elaborate(e, base->child[0]);
  if (!value)
    return NULL;
  enum jac_construct_id id = JAC_C_NORM;
  if (below) {
    bool one = below->form == JAC_S_NUMBER && below->number == 1;
    bool largest = jac_is_name(below, "infty");
    bool two = below->form == JAC_S_NUMBER && below->number == 2;
    bool fro = below->form == JAC_S_NAME &&
               (strcmp(below->text, "F") == 0 || strcmp(below->text, "fro") == 0 ||
                strcmp(below->text, "Fro") == 0 || strcmp(below->text, "Frob") == 0 ||
                strcmp(below->text, "HS") == 0);
    id = one ? JAC_C_NORM1 : largest ? JAC_C_NORMMAX : JAC_C_NORM;
    if (!one && !largest && !two && !fro)
      return jac_unknown(e, below, "this norm is not read");
    if ((two || one || largest) && !jac_dim_is_one(value->type.rows) &&
        !jac_dim_is_one(value->type.cols))
      return jac_clash(e, n, jac_type_because(value->type),
                       "this norm of a matrix is not read");
  }
  return jac_term_op(e, id, n, 1, &value);
}

static term *primed(elaboration *e, node *n, node *name, const struct above *above,
                    node *below) {
  /* X'_i defined so; X' a transpose; f' a derivative at its own variable. */
  node *whole_name = scripted(e, n, name, NULL, above->layer, n->number);
  const char *key = jac_key(e, whole_name);
  if (explained(e, key) || jac_entries_of(e, key, 0)) {
    term *value = with_below(e, n, name, key, whole_name, below);
    return raise(e, value, above, n);
  }
  node *plain_name = scripted(e, n, name, below, above->layer, 0);
  if (!below && !above->layer)
    plain_name = name;
  const char *function = jac_key(e, name);
  const struct jac_definition *f = jac_function_of(e, function);
  bool derivative = f && f->params == 1;
  bool said = e->plain || jac_says(e, JAC_SAYS_PRIME_TRANSPOSE,
                                   JAC_SAYS_PRIME_DERIVATIVE) == JAC_SAYS_PRIME_TRANSPOSE;
  const char *site =
      jac_pool_text(e->scope->pool, derivative ? "prime of function" : "prime");
  size_t pick =
      derivative ? 1 : jac_choose2(e, site, said ? 0 : 2, said ? 9 : 4, NULL, NULL, NULL);
  if (pick == 0) {
    term *value = jac_elaborate(e, plain_name);
    for (long k = 0; value && k < (long)n->number; k++)
      value = jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
    return raise(e, value, above, n);
  }
  if (derivative) {
    struct jac_symbol *x = jac_symbol_of(e, jac_key(e, f->param[0]), f->param[0]);
    term *y = jac_term_symbol(e, jac_symbol_of(e, function, name), name);
    if (!x || !y)
      return NULL;
    for (long k = 0; y && k < (long)n->number; k++) {
      struct jac_by by = {.symbol = x};
      y = jac_derivative(e, y, 1, &by, x->type, 0, n);
    }
    return raise(e, y, above, n);
  }
  term *value = jac_term_symbol(e, jac_symbol_of(e, key, n), n);
  return raise(e, value, above, n);
}

/* What a term depends on. */
struct variables {
  const struct jac_symbol *symbol[4];
  size_t count;
};

static bool variable_of(term *t, void *context) {
  struct variables *v = context;
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->body)
    return jac_term_walk(t->symbol->body, variable_of, v);
  if (t->kind != JAC_TERM_SYMBOL)
    return true;
  for (size_t k = 0; k < v->count && k < 4; k++)
    if (v->symbol[k] == t->symbol)
      return true;
  if (v->count++ < 4)
    v->symbol[v->count - 1] = t->symbol;
  return true;
}

/* u' of (log u)', where it stands somewhere: by what u is differentiated is not said, and
 * (log u)' is its slope at u times u'. */
static term *inner_slope(elaboration *e, const struct jac_symbol *u, node *where) {
  const struct jac_usage *usage = jac_usage_of(e->evidence, u->key);
  struct jac_syntax like = *where;
  like.form = JAC_S_NAME;
  like.text = u->key;
  like.number = 0;
  node *name =
      usage && usage->primed ? jac_notation_node(e->scope->pool, &like, 0, NULL) : NULL;
  if (!name)
    return NULL;
  node *primed = scripted(e, where, name, NULL, NULL, 1);
  return jac_term_symbol(e, jac_symbol_of(e, jac_key(e, primed), primed), where);
}

/* (1/(1 + e^{-x}))' is a derivative: nobody transposes a number. */
static term *slope_of(elaboration *e, term *value, node *n) {
  struct variables of = {.count = 0};
  term *sum = NULL;
  jac_term_walk(value, variable_of, &of);
  for (size_t k = 0; k < of.count && of.count <= 4; k++) {
    struct jac_by by = {.symbol = of.symbol[k]};
    if (!jac_type_is_number(of.symbol[k]->type))
      return jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
    term *pair[2] = {inner_slope(e, of.symbol[k], n), NULL};
    if (!pair[0] && of.count > 1)
      return jac_unknown(e, n, "a prime does not say by what it differentiates here");
    term *slope = jac_derivative(e, value, 1, &by, of.symbol[k]->type, 0, n);
    pair[1] = slope;
    if (pair[0] && slope)
      slope = jac_term_op(e, JAC_C_SIDE, n, 2, pair);
    term *both[2] = {sum, slope};
    sum = sum && slope ? jac_term_op(e, JAC_C_ADD, n, 2, both) : slope;
    if (!sum)
      return NULL;
  }
  return sum ? sum : jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
}

/* Long: indices, then a power or a transpose, then primes. */
term *jac_script_of(elaboration *e, term *value, node *n) {
  node *item[4];
  size_t items = n->child[1] ? jac_index_items(n->child[1], item) : 0;
  if (!value)
    return NULL;
  if (n->child[1] && !items)
    return jac_unknown(e, n->child[1], "this index is not read");
  if (items)
    value = jac_term_entry(e, value, items, item, n);
  struct above above;
  read_above(e, n, n->child[0], n->child[2], &above);
  if (above.layer) {
    above.power = above.layer;
    above.layer = NULL;
  }
  value = raise(e, value, &above, n);
  for (long k = 0; value && k < (long)n->number; k++)
    value = !e->plain && jac_type_is_number(value->type)
                ? slope_of(e, value, n)
                : jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
  return value;
}

node *jac_batch_of(elaboration *e, node *n) {
  node *layer = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!layer || layer->form != JAC_S_SIDE || layer->count != 2 || n->child[1] ||
      layer->child[1]->form != JAC_S_GROUP || strcmp(layer->child[1]->text, "()") != 0 ||
      !jac_index_letter(layer->child[1]->child[0]) || explained(e, jac_key(e, n)))
    return NULL;
  node *batch = scripted(e, n, n->child[0], NULL, layer->child[0], 0);
  return explained(e, jac_key(e, batch)) ? batch : NULL;
}

/* The column i of Z^{[l]}. */
static term *sample_column(elaboration *e, node *n, bool *taken) {
  node *batch = jac_batch_of(e, n);
  term *all = batch ? jac_elaborate(e, batch) : NULL;
  if (!all || jac_dim_is_one(all->type.cols))
    return NULL;
  *taken = true;
  node *sample = n->child[2]->child[1]->child[0];
  term *child[3] = {all, NULL, jac_index_value(e, sample, all->type.cols)};
  return child[2] ? jac_term_new(e, JAC_TERM_ENTRY,
                                 jac_type_of(all->type.rows, e->dims.one), n, 3, child)
                  : NULL;
}

/* Whether what defines a name has another in it. */
static bool made_of(elaboration *e, const char *key, node *name) {
  const struct jac_definition *f = jac_function_of(e, key);
  const struct jac_definition *d = f ? f : jac_definition_of(e, key);
  for (size_t k = 0; f && k < f->params; k++)
    if (jac_notation_equal(f->param[k], name))
      return true;
  return d && d->fact->right && jac_notation_stands(d->fact->right, name);
}

node *jac_prime_by(elaboration *e, node *n) {
  if (n->form != JAC_S_SCRIPT || (n->number != 1 && n->number != 2) || !n->child[1] ||
      n->child[2] || n->child[0]->form != JAC_S_NAME)
    return NULL;
  node *item[4];
  size_t items = jac_index_items(n->child[1], item), order = (size_t)n->number;
  if (items != order)
    return NULL;
  for (size_t k = 0; k < items; k++)
    if (!made_of(e, jac_key(e, n->child[0]), item[k]))
      return NULL;
  struct jac_pool *pool = e->scope->pool;
  struct jac_syntax like = {
      .form = JAC_S_NAME, .text = "partial", .start = n->start, .end = n->end};
  node *sign = jac_notation_node(pool, &like, 0, NULL), *above[2], *below[4], *both[2];
  if (!sign)
    return NULL;
  below[0] = below[2] = sign;
  below[1] = item[0];
  below[3] = item[items - 1];
  like.text = "";
  like.form = JAC_S_NUMBER;
  like.number = 2;
  node *raised[3] = {sign, NULL, jac_notation_node(pool, &like, 0, NULL)};
  like.number = 0;
  like.form = JAC_S_SCRIPT;
  above[0] = order == 1 ? sign : jac_notation_node(pool, &like, 3, raised);
  above[1] = n->child[0];
  like.form = JAC_S_SIDE;
  both[0] = above[0] ? jac_notation_node(pool, &like, 2, above) : NULL;
  both[1] = jac_notation_node(pool, &like, 2 * items, below);
  like.form = JAC_S_FRACTION;
  return both[0] && both[1] ? jac_notation_node(pool, &like, 2, both) : NULL;
}

term *jac_elaborate_script(elaboration *e, node *n) {
  node *base = n->child[0], *below = n->child[1], *above_node = n->child[2];
  if (strcmp(n->text, "[]") == 0) {
    node *item[4];
    size_t items = jac_index_items(below, item);
    if (!items && below->form == JAC_S_LIST && below->count <= 4)
      for (items = 0; items < below->count; items++)
        item[items] = below->child[items];
    else if (!items) {
      item[0] = below;
      items = 1;
    }
    const char *key =
        base->form == JAC_S_NAME || base->form == JAC_S_SCRIPT ? jac_key(e, base) : NULL;
    if (key && items == 3 && !jac_bound_find(e, key) && !explained(e, key))
      return member(e, member_family(e, key, items, n), items, item, n);
    /* h_t[n, j]: of what is called h_t, where that is a name. */
    bool named =
        base->form == JAC_S_SCRIPT && (explained(e, key) || jac_entries_of(e, key, 0));
    term *value = named ? jac_term_symbol(e, jac_symbol_of(e, key, base), base)
                        : jac_elaborate(e, base);
    return jac_term_entry(e, value, items, item, n);
  }
  if (base->form == JAC_S_GROUP && strcmp(base->text, "|||") == 0) {
    struct above power = {.power = above_node};
    return raise(e, norm_script(e, n), &power, n);
  }
  struct above above;
  if (jac_is_name(base, "bb_E") && !explained(e, jac_key(e, base)))
    return jac_unknown(e, base, "an expectation is not read");
  if (base->form == JAC_S_SCRIPT && jac_declared(e, jac_key(e, n))) /* x_1_2 is a name */
    return jac_term_symbol(e, jac_symbol_of(e, jac_key(e, n), n), n);
  if (base->form != JAC_S_NAME || (base->row && base->row->role != JAC_ROLE_ENTRYWISE &&
                                   !explained(e, jac_key(e, base)))) {
    bool taken = false;
    term *special = jac_elaborate_special(e, base, below, above_node, &taken);
    if (taken || e->unfit)
      return special;
    if (base->form == JAC_S_NAME && base->row)
      return jac_unknown(e, n, "%s: an argument in brackets is missing", base->text);
    return jac_script_of(e, jac_elaborate(e, base), n);
  }
  bool taken = false;
  term *special = jac_elaborate_jacobian(e, n, NULL, &taken);
  if (taken || e->unfit)
    return special;
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, base));
  node *single[4];
  if (below && !above_node && n->number == 0 && u && u->index && !u->denominator &&
      !u->alone && jac_index_items(below, single) == 1 &&
      !explained(e, jac_key(e, base)) && !jac_entries_of(e, jac_key(e, base), 0)) {
    /* y_i, where p_{y_i} stands somewhere: a whole number. */
    struct jac_symbol *s = places_symbol(e, base, jac_dim_free_new(&e->dims, NULL));
    term *place = s ? jac_index_value(e, single[0], s->family[0]) : NULL;
    struct jac_term *t =
        place ? jac_term_new(e, JAC_TERM_SYMBOL, s->type, n, 1, &place) : NULL;
    if (t)
      t->symbol = s;
    return t;
  }
  special = jac_elaborate_special(e, base, below, above_node, &taken);
  if (taken || e->unfit)
    return special;
  read_above(e, n, base, above_node, &above);
  node *partial = jac_prime_by(e, n);
  if (partial)
    return jac_elaborate(e, partial);
  if (n->number > 0)
    return primed(e, n, base, &above, below);
  if (above.layer) {
    term *value = sample_column(e, n, &taken);
    if (!taken && !e->unfit)
      value = layered_member(e, n, base, above.layer, below, &taken);
    if (taken || e->unfit)
      return raise(e, value, &above, n);
  }
  node *name = above.layer ? scripted(e, n, base, NULL, above.layer, 0) : base;
  const char *key = jac_key(e, name);
  return raise(e, with_below(e, n, base, key, name, below), &above, n);
}
