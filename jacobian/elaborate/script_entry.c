/* Indices as numbers, and the entries they take out of vectors, matrices and families. */
#include "jacobian/elaborate/names_internal.h"
#include "jacobian/elaborate/script_internal.h"

#include <ctype.h>

struct jac_symbol *jac_places_symbol(elaboration *e, node *name, struct jac_dim *range) {
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

/* Sizes that were given: an index may run over a part of what it stands at, i of m places
 * in x_i where x has m + 1; or beyond it where a condition says which count, g_j 1[j <=
 * m].
 */
static bool within(const elaboration *e, const struct jac_dim *part,
                   const struct jac_dim *whole) {
  if (!whole)
    return false;
  if (jac_dim_is_summand(part, whole) || jac_dim_is_summand(whole, part))
    return true;
  part = jac_dim_root(part);
  whole = jac_dim_root(whole);
  return e->exact && part->kind == JAC_DIM_FIXED && whole->kind == JAC_DIM_FIXED &&
         part->fixed < whole->fixed;
}

/* n of x_n, the last one, where n bounds a sum. */
static bool is_last(elaboration *e, const char *key) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u && u->bounds && !u->denominator && !u->running;
}

/* An index as a term; it runs over the range, unless that is NULL. */
static term *index_over(elaboration *e, const struct jac_index *index,
                        struct jac_dim *range, node *item, const char *key) {
  if (range && !jac_dim_unify(&e->dims, index->range, range, jac_dim_because(range)))
    return jac_clash(e, item, e->dims.conflict, "the index %s runs over two sizes", key);
  return jac_term_index(e, index, item);
}

/* c of z_c, where it was said for certain that it is a number: by --size, a directive. */
static bool declared_number(elaboration *e, const char *key) {
  const struct jac_fact *f = jac_shape_fact(e, key);
  return f && f->strong && (f->properties & JAC_IS_NUMBER);
}

/* Long: all that the name of an index may be. */
static term *named_index(elaboration *e, node *item, struct jac_dim *range) {
  const char *key = jac_key(e, item);
  struct jac_bound *b = jac_bound_find(e, key);
  if (b && b->value)
    return b->value;
  const struct jac_index *index = b ? b->index : NULL;
  struct name_entry *entry = jac_name_entry(e, key);
  if (!index && entry && entry->dim)
    return jac_term_size(e, entry->dim, item);
  if (!index && jac_definition_of(e, key)) /* a number with a name: z[n, S*(g - 1) + k] */
    return jac_elaborate(e, item);
  if (!index && declared_number(e, key))
    return jac_elaborate(e, item);
  if (!index && is_last(e, key))
    return jac_term_size(e, jac_named_size(e, key), item);
  if (!index)
    index = jac_free_index(e, key);
  if (!index)
    return NULL;
  return index_over(e, index, within(e, index->range, range) ? NULL : range, item, key);
}

/* i', i_1: an index of its own; y_i: the whole number that it is. */
static term *scripted_index(elaboration *e, node *item, struct jac_dim *range) {
  node *inner[4];
  if (item->child[0]->form != JAC_S_NAME)
    return jac_unknown(e, item, "this index is not read");
  size_t items = jac_index_items(item->child[1], inner);
  if (items == 1 && !item->child[2] && item->number == 0 && range) {
    struct jac_symbol *s = jac_places_symbol(e, item->child[0], range);
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
  const char *key = jac_key(e, item);
  struct jac_bound *b = jac_bound_find(e, key);
  const struct jac_index *index = b && b->index ? b->index : jac_free_index(e, key);
  return index ? index_over(e, index, range, item, key) : NULL;
}

static term *index_sum(elaboration *e, node *item) {
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

/* An index item as a number from 1; range: what it runs over, NULL where not told. */
term *jac_index_value(elaboration *e, node *item, struct jac_dim *range) {
  item = jac_inside(item);
  switch (item->form) {
  case JAC_S_NUMBER:
    if (range && item->number > (double)jac_dim_root(range)->seen && item->number < 100)
      jac_dim_root(range)->seen = (size_t)item->number;
    return jac_term_number(e, item->number, item);
  case JAC_S_NAME:
    return named_index(e, item, range);
  case JAC_S_SCRIPT:
    return scripted_index(e, item, range);
  case JAC_S_TERMS:
    return index_sum(e, item);
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

/* The member of a family, and an entry of it where there are more indices. */
static term *family_member(elaboration *e, term *base, size_t items, node *const *item,
                           node *where) {
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

/* s_i and s_{ni}: which of them the author leaves out, nothing says. */
static size_t index_is_column(elaboration *e, node *where) {
  node *name = where->form == JAC_S_SCRIPT ? where->child[0] : where;
  bool small = name->form == JAC_S_NAME && islower((unsigned char)name->text[0]) &&
               !name->text[1] && !jac_declared(e, jac_key(e, name));
  return jac_choose2(e, jac_pool_text(e->scope->pool, "one index of a matrix"),
                     small ? 17 : 2, small ? 19 : 4, "one index of a matrix is its row",
                     "one index of a matrix is its column", NULL);
}

term *jac_term_entry(elaboration *e, term *base, size_t items, node *const *item,
                     node *where) {
  if (!base)
    return NULL;
  if (base->kind == JAC_TERM_SYMBOL && base->symbol->families &&
      base->count < base->symbol->families)
    return family_member(e, base, items, item, where);
  bool row_one = jac_dim_is_one(base->type.rows),
       col_one = jac_dim_is_one(base->type.cols);
  term *child[3] = {base, NULL, NULL};
  struct jac_type type = jac_type_number(e);
  uint64_t because = jac_type_because(base->type);
  e->no_entry = e->no_entry || (row_one && col_one && base->kind == JAC_TERM_SYMBOL &&
                                base->symbol->body);
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
    size_t column = index_is_column(e, where);
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
