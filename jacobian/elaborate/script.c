/* A base with what stands below and above it: entries, members of families, names with
 * layers, powers, transposes. script_above.c, script_below.c and script_prime.c say what
 * each can mean. */
#include "jacobian/elaborate/script_internal.h"

#include <stdio.h>
#include <string.h>

/* The definition of one member: z^{(i)} = W x^{(i)}, the last before here; or NULL. */
static const struct jac_definition *member_definition(elaboration *e, node *name) {
  const struct jac_definition *found = NULL;
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *d = &e->evidence->definition[k];
    if (d->order < e->visible && d->name->form == JAC_S_SCRIPT && d->name->child[2] &&
        jac_inside(d->name->child[2])->form == JAC_S_NAME && /* not what z^{(i+1)} is */
        d->defines == JAC_DEFINES_VALUE && !d->name->child[1] &&
        jac_notation_equal(d->name->child[0], name) && d->fact->right)
      found = d;
  }
  return found;
}

/* The members that a definition gives, each at a place of the range. */
static struct jac_symbol *defined_members(elaboration *e, const char *key,
                                          const struct jac_definition *d,
                                          struct jac_dim *range) {
  node *above = d->name->child[2];
  node *own = jac_index_letter(above->form == JAC_S_GROUP ? above->child[0] : above);
  struct jac_index *place = jac_index_new(e, own ? own->text : "i", range);
  struct jac_bound mine = {.key = jac_pool_text(e->scope->pool, own ? own->text : "i"),
                           .index = place};
  struct jac_bound *outer = e->bound;
  e->bound = own ? &mine : NULL;
  if (e->nleaned < 64)
    e->leaned[e->nleaned++] = d->fact;
  term *body = jac_elaborate(e, d->fact->right);
  e->bound = outer;
  struct jac_symbol *s = body ? jac_symbol_new(e, key, body->type) : NULL;
  if (s) {
    s->body = body;
    s->place[0] = place;
  }
  return s;
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
    const struct jac_definition *d = member_definition(e, name);
    struct jac_dim *range = jac_dim_free_new(&e->dims, NULL);
    struct jac_symbol *s = d ? defined_members(e, key, d, range)
                             : jac_symbol_new(e, key, jac_member_type(e, base));
    if (!s)
      return NULL;
    s->families = 1;
    s->family[0] = range;
    entry = jac_name_entry(e, key);
    if (entry)
      entry->symbol = s;
  }
  struct jac_symbol *s = jac_name_entry(e, key)->symbol;
  term *value = jac_member(e, s, 1, &inside, n);
  node *item[4];
  size_t items = below ? jac_index_items(below, item) : 0;
  return items ? jac_term_entry(e, value, items, item, n) : value;
}

static bool says_frobenius(node *which) {
  static const char *const names[] = {"F", "fro", "Fro", "Frob", "HS"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (which->form == JAC_S_NAME && strcmp(which->text, names[k]) == 0)
      return true;
  return false;
}

/* ||x||_p, sum_i |x_i|^p to the power 1/p, of a number from 1 on, or of p itself. */
static term *p_norm(elaboration *e, node *n, term *value, node *which) {
  term *p = jac_elaborate(e, which), *one = jac_term_number(e, 1, n);
  term *inverse = p ? jac_term_op(e, JAC_C_DIVIDE, n, 2, (term *[2]){one, p}) : NULL;
  term *size = jac_term_op(e, JAC_C_ABS, n, 1, &value);
  term *powers =
      inverse && size ? jac_term_op(e, JAC_C_DOTPOWER, n, 2, (term *[2]){size, p}) : NULL;
  term *sum = powers ? jac_term_op(e, JAC_C_TOTAL, n, 1, &powers) : NULL;
  return sum ? jac_term_op(e, JAC_C_POWER, n, 2, (term *[2]){sum, inverse}) : NULL;
}

/* Long: the names of each norm. */
term *jac_norm_of(elaboration *e, node *n, term *value, node *which) {
  if (!value)
    return NULL;
  bool number = which->form == JAC_S_NUMBER, fro = says_frobenius(which);
  enum jac_construct_id id = fro || (number && which->number == 2) ? JAC_C_NORM
                             : number && which->number == 1        ? JAC_C_NORM1
                                                                   : JAC_C_NORMMAX;
  bool vector = jac_dim_is_one(value->type.rows) || jac_dim_is_one(value->type.cols);
  if (vector && ((number && which->number > 2) || jac_is_name(which, "p")))
    return p_norm(e, n, value, which);
  if (id == JAC_C_NORMMAX && !jac_is_name(which, "infty") && !jac_is_name(which, "inf"))
    return jac_unknown(e, which, "this norm is not read");
  if (!fro && !vector)
    return jac_clash(e, n, jac_type_because(value->type),
                     "this norm of a matrix is not read");
  return jac_term_op(e, id, n, 1, &value);
}

static term *norm_script(elaboration *e, node *n) {
  node *below = n->child[1];
  term *value = jac_elaborate(e, n->child[0]->child[0]);
  return !value  ? NULL
         : below ? jac_norm_of(e, n, value, below)
                 : jac_term_op(e, JAC_C_NORM, n, 1, &value);
}

bool jac_held_constant(elaboration *e, node *slope, node *held) {
  node *above = jac_inside(slope->child[0]), *below = jac_inside(slope->child[1]);
  node *f = above->form == JAC_S_SIDE && above->count == 2 ? above->child[1] : NULL;
  const struct jac_definition *d =
      f && jac_name_like(f) ? jac_definition_of(e, jac_key(e, f)) : NULL;
  return d && d->fact->right && jac_notation_has(d->fact->right, held) &&
         !jac_notation_has(below, held) && !jac_bound_find(e, jac_key(e, held));
}

/* (\partial f/\partial y)_x: x stays as it is, which it does anyway where f is given by
 * both; 0: it is no such bracket, -1: what x is to f, nothing says. */
static int held_constant(elaboration *e, const term *value, node *n) {
  node *inside = n->child[0]->form == JAC_S_GROUP ? n->child[0]->child[0] : NULL;
  if (!inside || inside->form != JAC_S_FRACTION || !jac_is_derivative(inside) ||
      !jac_type_is_number(value->type))
    return 0;
  return jac_held_constant(e, inside, n->child[1]) ? 1 : -1;
}

/* Long: indices, then a power or a transpose, then primes. */
term *jac_script_of(elaboration *e, term *value, node *n) {
  node *item[4];
  size_t items = n->child[1] ? jac_index_items(n->child[1], item) : 0;
  if (!value)
    return NULL;
  int held = n->child[1] && jac_name_like(n->child[1]) ? held_constant(e, value, n) : 0;
  if (n->child[1] && !items && !held)
    return jac_unknown(e, n->child[1], "this index is not read");
  if (held < 0)
    return jac_unknown(e, n, "what stays constant here is not made use of");
  if (held)
    items = 0;
  if (items)
    value = jac_term_entry(e, value, items, item, n);
  struct above above;
  jac_read_above(e, n, n->child[0], n->child[2], &above);
  if (above.layer) {
    above.power = above.layer;
    above.layer = NULL;
  }
  value = jac_raise(e, value, &above, n);
  for (long k = 0; value && k < (long)n->number; k++)
    value = !e->plain && jac_type_is_number(value->type)
                ? jac_slope_of(e, value, n)
                : jac_term_op(e, JAC_C_TRANSPOSE, n, 1, &value);
  return value;
}

node *jac_batch_of(elaboration *e, node *n) {
  node *layer = n->form == JAC_S_SCRIPT ? n->child[2] : NULL;
  if (!layer || layer->form != JAC_S_SIDE || layer->count != 2 || n->child[1] ||
      layer->child[1]->form != JAC_S_GROUP || strcmp(layer->child[1]->text, "()") != 0 ||
      !jac_index_letter(layer->child[1]->child[0]) || jac_explained(e, jac_key(e, n)))
    return NULL;
  node *batch = jac_scripted(e, n, n->child[0], NULL, layer->child[0], 0);
  return jac_explained(e, jac_key(e, batch)) ? batch : NULL;
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

/* z[i, j] of plain notation: an entry, or of three indices a member. */
static term *bracketed(elaboration *e, node *n) {
  node *base = n->child[0], *below = n->child[1];
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
  if (key && items == 3 && !jac_bound_find(e, key) && !jac_explained(e, key))
    return jac_member(e, jac_member_family(e, key, items, n), items, item, n);
  /* h_t[n, j]: of what is called h_t, where that is a name. */
  bool named =
      base->form == JAC_S_SCRIPT && (jac_explained(e, key) || jac_entries_of(e, key, 0));
  term *value = named ? jac_term_symbol(e, jac_symbol_of(e, key, base), base)
                      : jac_elaborate(e, base);
  return jac_term_entry(e, value, items, item, n);
}

/* y_i, where p_{y_i} stands somewhere: a whole number. */
static term *place_of(elaboration *e, node *n, bool *taken) {
  node *base = n->child[0], *below = n->child[1];
  const struct jac_usage *u = jac_usage_of(e->evidence, jac_key(e, base));
  node *single[4];
  *taken = below && !n->child[2] && n->number == 0 && u && u->placed && !u->denominator &&
           !u->alone && jac_index_items(below, single) == 1 &&
           !jac_explained(e, jac_key(e, base)) && !jac_entries_of(e, jac_key(e, base), 0);
  if (!*taken)
    return NULL;
  struct jac_symbol *s = jac_places_symbol(e, base, jac_dim_free_new(&e->dims, NULL));
  term *place = s ? jac_index_value(e, single[0], s->family[0]) : NULL;
  struct jac_term *t =
      place ? jac_term_new(e, JAC_TERM_SYMBOL, s->type, n, 1, &place) : NULL;
  if (t)
    t->symbol = s;
  return t;
}

term *jac_elaborate_script(elaboration *e, node *n) {
  node *base = n->child[0], *below = n->child[1], *above_node = n->child[2];
  if (strcmp(n->text, "[]") == 0)
    return bracketed(e, n);
  if (base->form == JAC_S_GROUP && strcmp(base->text, "|||") == 0) {
    struct above power = {.power = above_node};
    return jac_raise(e, norm_script(e, n), &power, n);
  }
  node *reach = jac_reach_of_power(e, n);
  if (reach)
    return jac_elaborate(e, reach);
  struct above above;
  if (above_node && above_node->form == JAC_S_TERMS && above_node->count == 1 &&
      above_node->text[0] == '-' && base->form == JAC_S_NAME &&
      jac_function_of(e, jac_key(e, base))) /* f^{-1} */
    return jac_unknown(e, n, "the inverse of a function is not read");
  if (jac_is_name(base, "bb_E") && !jac_explained(e, jac_key(e, base)))
    return jac_unknown(e, base, "an expectation is not read");
  if (base->form == JAC_S_SCRIPT && below) { /* x_1_2 is a name */
    node *name = jac_scripted(e, n, base, below, NULL, 0);
    if (jac_declared(e, jac_key(e, name))) {
      jac_read_above(e, n, base, above_node, &above);
      if (n->number > 0)
        return jac_primed(e, n, base, &above, below);
      return jac_raise(e, jac_term_symbol(e, jac_symbol_of(e, jac_key(e, name), name), n),
                       &above, n);
    }
  }
  if (base->form != JAC_S_NAME || (base->row && base->row->role != JAC_ROLE_ENTRYWISE &&
                                   !jac_explained(e, jac_key(e, base)))) {
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
  term *place = place_of(e, n, &taken);
  if (taken)
    return place;
  special = jac_elaborate_special(e, base, below, above_node, &taken);
  if (taken || e->unfit)
    return special;
  jac_read_above(e, n, base, above_node, &above);
  node *partial = jac_prime_by(e, n);
  if (partial)
    return jac_elaborate(e, partial);
  if (n->number > 0)
    return jac_primed(e, n, base, &above, below);
  node *name = above.layer ? jac_scripted(e, n, base, NULL, above.layer, 0) : base;
  if (above.layer &&
      !jac_bound_find(e, jac_key(e, name))) { /* no x^{(i)} of h(x^{(i)}) */
    term *value = sample_column(e, n, &taken);
    if (!taken && !e->unfit)
      value = layered_member(e, n, base, above.layer, below, &taken);
    if (taken || e->unfit)
      return jac_raise(e, value, &above, n);
  }
  const char *key = jac_key(e, name);
  term *value = jac_with_below(e, n, base, key, name, below, &above.top);
  return jac_raise(e, value, &above, n);
}
