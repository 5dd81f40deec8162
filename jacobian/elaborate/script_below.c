/* What stands below a name: an entry of it, a part of the name, or which member of a
 * family is meant. */
#include "jacobian/elaborate/names_internal.h"
#include "jacobian/elaborate/script_internal.h"

#include <ctype.h>
#include <string.h>

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

/* Whether the letters below are names of quantities, with indices of their own or
 * defined: x and h of W_{xh}; x alone may stand beside them. */
static bool quantities(elaboration *e, size_t items, node *const *item) {
  bool any = false;
  for (size_t k = 0; k < items; k++) {
    node *l = jac_index_letter(item[k]);
    const struct jac_usage *u =
        l && item[k]->form == JAC_S_NAME
            ? jac_usage_of(e->evidence, jac_pool_text(e->scope->pool, l->text))
            : NULL;
    if (!u || u->bounds || jac_bound_find(e, u->key))
      return false;
    bool quantity = u->below[1] + u->below[2] || jac_quantity_too(e, u->key);
    if (!quantity && (!u->times || u->running))
      return false;
    any = any || quantity;
  }
  return any;
}

/* Whether digits stand below that may name quantities of their own, W_1 and W_2: not k_1
 * where a sum runs over k_j. */
static bool numbered(elaboration *e, const char *base, size_t items, node *const *item) {
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  return digits_only(items, item) &&
         !(items == 1 && u && u->bound && item[0]->number > 0);
}

/* Where the choice is made: for all letters, for all numbers, and for 0 by itself: a_0
 * beside a_1 and a_i may be another quantity. */
static const char *below_site(elaboration *e, const char *base, size_t items,
                              node *const *item) {
  const char *kind = !numbered(e, base, items, item) ? ""
                     : jac_number_is(item[0], 0)     ? "d0"
                                                     : "d";
  return jac_pool_printf(e->scope->pool, "below:%s/%zu%s", base, items, kind);
}

/* Whether u_o is none of the u_k that a sum runs over, where a definition has both. */
static bool apart(elaboration *e, const char *base, node *item) {
  node *l = item->form == JAC_S_NAME ? jac_index_letter(item) : NULL;
  const char *key = l ? jac_pool_text(e->scope->pool, l->text) : NULL;
  const struct jac_usage *u = key ? jac_usage_of(e->evidence, key) : NULL;
  if (!u || !u->loose || u->summed || jac_bound_find(e, key) ||
      jac_choose2(e, jac_pool_printf(e->scope->pool, "apart:%s:%s", base, key), 0, 3,
                  NULL, NULL, NULL) == 0)
    return false;
  e->excuse = N_("it holds where one index is none of those that a sum runs over");
  return true;
}

/* Whether an index is an entry, a part of the name, or which member of a family. */
static enum below_mode below_mode(elaboration *e, const char *base, node *name,
                                  size_t items, node *const *item) {
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  const struct jac_definition *by_entries = jac_entries_of(e, base, items);
  const struct jac_definition *d = jac_definition_of(e, base);
  bool digits = numbered(e, base, items, item);
  struct jac_choice c = {.site = below_site(e, base, items, item), .count = 3};
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
    if (!vector && !letters && items == 1 && isupper((unsigned char)*base))
      p[BELOW_ENTRY] = 25; /* W_2 is a layer's, and no row of W */
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
  if (digits && !by_entries && (inside || jac_number_is(item[0], 0))) {
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
  if (!digits && items == 1 && u && u->members && !known) {
    p[BELOW_MEMBER] = 0; /* x_i^T x_j, W x_i: who transposes a number? */
    p[BELOW_ENTRY] = p[BELOW_ENTRY] < 10 ? 10 : p[BELOW_ENTRY];
  }
  if (known && !by_entries)
    p[BELOW_MEMBER] += 8;
  if (items > 2) {
    p[BELOW_MEMBER] = 0;
    p[BELOW_ENTRY] = JAC_PRICE_NEVER;
  }
  enum below_mode mode = (enum below_mode)jac_choose(e, &c);
  bool other = mode == BELOW_MEMBER && items == 1 && u && u->bound && !known;
  return other && apart(e, base, item[0]) ? BELOW_PART : mode;
}

struct jac_type jac_member_type(elaboration *e, const char *base) {
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
  return type;
}

/* h_{t-1} in the definition of h_t: a member of what is being defined. */
struct jac_symbol *jac_family_of_itself(elaboration *e, const char *base, size_t items) {
  const char *key = jac_pool_printf(e->scope->pool, "%s of itself", base);
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry || entry->symbol)
    return entry ? entry->symbol : NULL;
  struct jac_symbol *s = jac_symbol_new(e, base, jac_member_type(e, base));
  if (!s)
    return NULL;
  s->families = items;
  for (size_t k = 0; k < items; k++)
    s->family[k] = jac_dim_free_new(&e->dims, NULL);
  entry->symbol = s;
  return s;
}

/* What is said of the members where a sum runs over them, x_i \in R^n; or NULL. */
static const struct jac_told *each_told(elaboration *e, const char *base, size_t items) {
  const struct jac_usage *u = jac_usage_of(e->evidence, base);
  if (!u || !u->bound || jac_entries_of(e, base, items) || jac_declared(e, base))
    return NULL;
  for (size_t k = 0; k < e->evidence->tolds; k++) {
    const struct jac_told *t = &e->evidence->told[k];
    node *left = t->fact->left, *item[4];
    if (left && left->form == JAC_S_SCRIPT && left->child[1] && !left->child[2] &&
        jac_key(e, left->child[0]) == base && jac_said_other(e, t->key) &&
        jac_index_items(left->child[1], item) == items && jac_index_letter(item[0]) &&
        !digits_only(1, item))
      return t;
  }
  return NULL;
}

/* A family of what is said of each of its members. */
static struct jac_symbol *told_family(elaboration *e, const struct jac_told *each,
                                      size_t items, node *where) {
  struct jac_type type;
  if (!jac_said_type(e, each->key, where, &type))
    return NULL;
  struct jac_symbol *s = jac_symbol_new(e, each->key, type);
  if (!s)
    return NULL;
  jac_give_values(e, s);
  s->families = items;
  for (size_t k = 0; k < items; k++)
    s->family[k] = jac_dim_free_new(&e->dims, NULL);
  return s;
}

struct jac_symbol *jac_member_family(elaboration *e, const char *base, size_t items,
                                     node *where) {
  const char *key = jac_pool_printf(e->scope->pool, "%s of %zu", base, items);
  struct name_entry *entry = jac_name_entry(e, key);
  if (!entry || entry->symbol)
    return entry ? entry->symbol : NULL;
  const struct jac_definition *d = jac_entries_of(e, base, items);
  const struct jac_told *each = each_told(e, base, items);
  struct jac_symbol *s;
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == base)
      return jac_family_of_itself(e, base, items);
  if (d) {
    s = jac_symbol_of(e, base, where);
    if (s && !s->families)
      return (struct jac_symbol *)jac_clash(e, where, ~(uint64_t)0, "%s has no members",
                                            base);
  } else if (each) {
    s = told_family(e, each, items, where);
  } else {
    s = jac_symbol_new(e, key, items < 3 ? jac_member_type(e, base) : jac_type_number(e));
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

term *jac_member(elaboration *e, struct jac_symbol *s, size_t items, node *const *item,
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
  return used && mine && !mine->alone && !jac_explained(e, base) ? key : NULL;
}

/* W^T_{ij} is the entry of W^T, hardly the transpose of a number. */
static void of_turned(elaboration *e, const char *base, size_t items, node *item[4],
                      bool *top) {
  const char *site = jac_pool_printf(e->scope->pool, "turned entry:%s", base);
  if (!top || !*top || items != 2 || jac_choose2(e, site, 0, 0, NULL, NULL, NULL) == 1)
    return;
  node *first = item[0];
  item[0] = item[1];
  item[1] = first;
  *top = false;
}

/* A vector, rather than a number; where its letter is likely a matrix, a batch of them.
 */
static struct jac_type step_type(elaboration *e, const char *base) {
  unsigned price[KINDS];
  jac_kind_prices(e, base, price);
  bool matrix = price[KIND_MATRIX] < price[KIND_COLUMN];
  price[KIND_MATRIX] = matrix ? 0 : 9;
  price[KIND_COLUMN] = matrix ? 2 : 0;
  price[KIND_ROW] = matrix ? 5 : 3;
  price[KIND_NUMBER] = 9;
  return jac_choose_kind(e, base, price);
}

/* All steps of one quantity are numbers, or columns, or rows; their sizes may differ, so
 * that no matrix is square for their sake. */
static bool fits_steps(elaboration *e, const char *base, struct jac_type type,
                       node *where) {
  struct name_entry *all =
      jac_name_entry(e, jac_pool_printf(e->scope->pool, "steps of %s", base));
  struct jac_symbol *first = all ? all->symbol : NULL;
  if (all && !first && (first = jac_pool_take(e->pool, sizeof *first)) != NULL) {
    first->type = type;
    all->symbol = first;
  }
  if (!first || (jac_dim_is_one(first->type.rows) == jac_dim_is_one(type.rows) &&
                 jac_dim_is_one(first->type.cols) == jac_dim_is_one(type.cols)))
    return first != NULL;
  jac_clash(e, where, jac_type_because(first->type) | jac_type_because(type),
            "%s is defined by members of another shape", base);
  return false;
}

/* h_{t-1}, x_t, where every step is by itself: a vector that may be given. */
static term *of_step(elaboration *e, node *n, const char *full, const char *base) {
  struct name_entry *entry = jac_name_entry(e, full);
  if (entry && !entry->symbol && !jac_explained(e, full)) {
    struct jac_symbol *s = jac_symbol_new(e, full, step_type(e, base));
    if (!s)
      return NULL;
    jac_give_values(e, s);
    entry = jac_name_entry(e, full);
    if (entry)
      entry->symbol = s;
  }
  struct jac_symbol *s = jac_symbol_of(e, full, n);
  return s && fits_steps(e, base, s->type, n) ? jac_term_symbol(e, s, n) : NULL;
}

term *jac_with_below(elaboration *e, node *n, node *name, const char *base,
                     node *layered_name, node *below, bool *top) {
  if (!layered_name) /* memory ran out */
    return NULL;
  const char *full = jac_key(
      e, below ? jac_scripted(
                     e, n, name, below,
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
  bool each = !d && items && items < 3 && each_told(e, base, items);
  if (each && !(items == 1 && apart(e, base, item[0])))
    return jac_member(e, jac_member_family(e, base, items, n), items, item, n);
  bool named = jac_declared(e, full) && !jac_counts_steps(e, base, items, item);
  if (named || (d && d->defines != JAC_DEFINES_ENTRIES) || !items)
    return jac_term_symbol(e, jac_symbol_of(e, full, n), n);
  const struct jac_usage *loss = jac_usage_of(e->evidence, base);
  if (items == 1 && !(loss && loss->numerator && !jac_explained(e, full)) &&
      jac_of_step(e, n))
    return of_step(e, n, full, base);
  const char *other = items == 2 ? jac_capital_of(e, base) : NULL;
  if (other) {
    const char *site = jac_pool_printf(e->scope->pool, "entries of:%s", base);
    if (jac_choose2(e, site, 0, 8, NULL, NULL, NULL) == 0)
      base = other;
  }
  switch (below_mode(e, base, name, items, item)) {
  case BELOW_PART:
    if (any_bound(e, items, item))
      return jac_clash(e, n, jac_choice_bit(e, below_site(e, base, items, item)),
                       "%s has an index that a sum binds", full);
    return jac_term_symbol(e, jac_symbol_of(e, full, n), n);
  case BELOW_MEMBER:
    return jac_member(e, jac_member_family(e, base, items, n), items, item, n);
  case BELOW_ENTRY:
    break;
  }
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == base && !jac_bound_find(e, base))
      return jac_member(e, jac_family_of_itself(e, base, items), items, item, n);
  of_turned(e, base, items, item, top);
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
  if (entry && entry != value && jac_type_is_number(entry->type))
    entry->type =
        jac_number_because(e, jac_choice_bit(e, below_site(e, base, items, item)));
  return entry;
}
