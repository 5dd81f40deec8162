/* What a definition makes of its name: a quantity, one by its entries, a family. */
#include "jacobian/elaborate/names_internal.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

static void lean(elaboration *e, const struct jac_fact *fact) {
  for (size_t k = 0; k < e->nleaned; k++)
    if (e->leaned[k] == fact)
      return;
  if (e->nleaned < sizeof e->leaned / sizeof *e->leaned)
    e->leaned[e->nleaned++] = fact;
}

/* Whether a message names its line already. */
static bool has_line(const char *message) {
  const char *form = _("line %zu: %.350s");
  return strncmp(message, form, strcspn(form, "%")) == 0;
}

static void name_place(elaboration *e, const struct jac_definition *d) {
  if (e->unfit && !e->strict && !has_line(e->message)) {
    char message[sizeof e->message];
    snprintf(message, sizeof message, "%s", e->message);
    if (d->fact->line)
      snprintf(e->message, sizeof e->message, _("line %zu: %.350s"), d->fact->line,
               message);
    else
      snprintf(e->message, sizeof e->message, _("in the definition of %s: %.300s"),
               d->key, message);
    e->start = e->end = 0;
  }
}

/* What stands on the left of a definition by entries, while its right side is read. */
struct places {
  struct jac_index *index[3];
  struct jac_bound bound[3];
};

static bool bind_places(elaboration *e, const struct jac_definition *d,
                        struct places *p) {
  for (size_t k = 0; k < d->indices; k++) {
    p->index[k] = jac_index_new(e, d->index[k], jac_dim_free_new(&e->dims, NULL));
    if (!p->index[k])
      return false;
    p->bound[k] = (struct jac_bound){.key = jac_pool_text(e->scope->pool, d->index[k]),
                                     .index = p->index[k],
                                     .next = k ? &p->bound[k - 1] : NULL};
  }
  return true;
}

/* A shape that was said counts while the body is read; said: of two sides, or NULL. */
static void fit_places(elaboration *e, const struct jac_definition *d,
                       const struct jac_fact *fact, const struct jac_type *said,
                       struct jac_index *const place[3]) {
  if (fact && fact->third && d->indices == 3) {
    node *const sizes[3] = {fact->rows, fact->cols, fact->third};
    for (size_t k = 0; k < 3; k++) {
      struct jac_dim *size = jac_side_of(e, sizes[k], fact->sides >> k & 1);
      if (size)
        jac_dim_unify(&e->dims, place[k]->range, size, 0);
    }
  }
  if (said && d->indices == 1)
    jac_dim_unify(&e->dims, place[0]->range,
                  jac_dim_is_one(said->rows) ? said->cols : said->rows, 0);
  if (said && d->indices == 2) {
    jac_dim_unify(&e->dims, place[0]->range, said->rows, 0);
    jac_dim_unify(&e->dims, place[1]->range, said->cols, 0);
  }
}

/* The symbol by which the body names its own members, or NULL; false: it does not fit. */
static bool own_family(elaboration *e, const char *key, const struct jac_definition *d,
                       struct jac_type type, node *where, struct jac_symbol **family) {
  struct name_entry *own =
      jac_name_entry(e, jac_pool_printf(e->scope->pool, "%s of itself", key));
  struct jac_symbol *s = *family = own ? own->symbol : NULL;
  if (s && s->families != d->indices) {
    jac_unknown(e, where, "%s is defined by members with other indices", key);
    return false;
  }
  if (s && (!jac_dim_unify(&e->dims, s->type.rows, type.rows, 0) ||
            !jac_dim_unify(&e->dims, s->type.cols, type.cols, 0))) {
    jac_clash(e, where, e->dims.conflict, "%s is defined by members of another shape",
              key);
    return false;
  }
  return true;
}

/* Whether a vector that is defined by its entries is a row, where no shape was said. */
static bool entries_are_row(elaboration *e, const char *key) {
  unsigned price[KINDS] = {JAC_PRICE_NEVER, 0, 3, JAC_PRICE_NEVER};
  if (jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS) {
    price[KIND_COLUMN] = 3;
    price[KIND_ROW] = 0;
  }
  unsigned properties = jac_properties(e, key);
  if (properties & JAC_IS_ROW)
    price[KIND_COLUMN] = JAC_PRICE_NEVER;
  else if (properties & JAC_IS_COLUMN)
    price[KIND_ROW] = JAC_PRICE_NEVER;
  return jac_dim_is_one(jac_choose_kind(e, key, price).rows);
}

/* The symbol that a definition by entries gives. */
static struct jac_symbol *entries_symbol(elaboration *e, const char *key,
                                         const struct jac_definition *d, node *where) {
  struct places p = {.index = {NULL}};
  struct jac_type said;
  if (!bind_places(e, d, &p))
    return NULL;
  struct jac_bound *outer = e->bound;
  e->bound = d->indices ? &p.bound[d->indices - 1] : NULL;
  const struct jac_fact *fact = jac_shape_fact(e, key);
  bool known = fact && !fact->third && jac_said_type(e, key, where, &said);
  fit_places(e, d, fact, known ? &said : NULL, p.index);
  term *body = jac_elaborate(e, d->fact->right);
  body = body ? jac_summed_body(e, key, body) : NULL;
  e->bound = outer;
  if (!body)
    return NULL;
  bool number = jac_type_is_number(body->type);
  struct jac_symbol *own;
  if (!own_family(e, key, d, body->type, where, &own))
    return NULL;
  struct jac_symbol *s = own ? own : jac_symbol_new(e, key, body->type);
  if (!s)
    return NULL;
  for (size_t k = 0; own && k < d->indices; k++)
    jac_dim_unify(&e->dims, s->family[k], p.index[k]->range, 0);
  if (own || !number || d->indices == 3) { /* a family */
    s->families = d->indices;
    for (size_t k = 0; k < d->indices; k++) {
      s->family[k] = p.index[k]->range;
      s->place[k] = p.index[k];
    }
    s->body = body;
    return s;
  }
  bool row =
      d->indices != 2 && (known ? jac_dim_is_one(said.rows) : entries_are_row(e, key));
  struct jac_dim *one = e->dims.one, *first = p.index[0]->range;
  struct jac_type type = row               ? jac_type_of(one, first)
                         : d->indices == 2 ? jac_type_of(first, p.index[1]->range)
                                           : jac_type_of(first, one);
  struct jac_term *build = jac_term_new(e, JAC_TERM_BUILD, type, where, 1, &body);
  if (!build)
    return NULL;
  build->index = row ? NULL : p.index[0];
  build->index2 = d->indices == 2 ? p.index[1] : row ? p.index[0] : NULL;
  s->type = type;
  s->body = build;
  return s;
}

term *jac_function_body(elaboration *e, const struct jac_definition *d, node *where) {
  if (d->defines != JAC_DEFINES_FUNCTION || !d->indices)
    return jac_elaborate(e, d->fact->right);
  struct jac_index *place =
      jac_index_new(e, d->index[0], jac_dim_free_new(&e->dims, NULL));
  struct jac_bound own = {.key = jac_pool_text(e->scope->pool, d->index[0]),
                          .index = place,
                          .next = e->bound};
  struct jac_bound *outer = e->bound;
  e->bound = &own;
  term *body = place ? jac_elaborate(e, d->fact->right) : NULL;
  e->bound = outer;
  if (!body)
    return NULL;
  if (!jac_type_is_number(body->type))
    return jac_clash(e, where, jac_type_because(body->type),
                     "the entries of %s are numbers", d->key);
  struct jac_term *build = jac_term_new(
      e, JAC_TERM_BUILD, jac_type_of(place->range, e->dims.one), where, 1, &body);
  if (build)
    build->index = place;
  return build;
}

/* Long: what noise is. y = X w + e, with e nowhere else: y may be what was measured, and
 * its model not to be put in for it. */
static bool data(elaboration *e, const char *key, const struct jac_definition *d) {
  node *right = d->fact->right;
  const struct jac_usage *own = jac_usage_of(e->evidence, key);
  if (e->exact || d->defines != JAC_DEFINES_VALUE || right->form != JAC_S_TERMS || !own ||
      own->numerator || own->denominator)
    return false;
  for (size_t k = 0; k < right->count; k++) {
    const char *name =
        right->child[k]->form == JAC_S_NAME ? jac_key(e, right->child[k]) : "";
    const struct jac_usage *u = *name ? jac_usage_of(e->evidence, name) : NULL;
    if (!u || u->alone != 1 || u->below[1] + u->below[2] || u->numerator ||
        u->denominator || jac_definition_of(e, name) || jac_declared(e, name))
      continue;
    return jac_choose2(e, jac_pool_printf(e->scope->pool, "data:%s", key), 0, 6, NULL,
                       N_("what a model with noise gives is data"), key) == 1;
  }
  return false;
}

/* \sigma where \sigma^2 is defined, by which something may be differentiated. */
static term *root_of_defined(elaboration *e, const struct jac_definition *d,
                             node *where) {
  struct jac_symbol *square = jac_symbol_of(e, d->key, d->name);
  term *body = square ? jac_term_symbol(e, square, where) : NULL;
  return body ? jac_term_op(e, JAC_C_SQRT, where, 1, &body) : NULL;
}

/* Whether what is said of a name's sides is not what its definition gives. Of a function
 * that nobody defines, and that is taken to act entry by entry, sides of other names are
 * others. */
static bool misfits(elaboration *e, struct jac_type said, const term *body,
                    uint64_t *because) {
  const char *f =
      body->kind == JAC_TERM_CALL && body->symbol->entrywise && body->symbol->guessed
          ? body->symbol->key
          : NULL;
  bool strict = e->dims.strict;
  e->dims.strict = strict || f;
  bool fits = jac_dim_unify(&e->dims, said.rows, body->type.rows, 0) &&
              jac_dim_unify(&e->dims, said.cols, body->type.cols, 0);
  e->dims.strict = strict;
  *because = jac_type_because(body->type) | e->dims.conflict;
  if (f && !fits)
    *because |= jac_choice_bit(
        e, jac_pool_printf(e->scope->pool, "function:%.*s", (int)strcspn(f, "("), f));
  return !fits;
}

struct jac_symbol *jac_defined_symbol(elaboration *e, const char *key,
                                      const struct jac_definition *d, node *where) {
  if (!d->fact->right || d->fact->problem) {
    jac_unknown(e, where, "%s is defined on line %zu by what is not understood%s%s", key,
                d->fact->line, d->fact->problem && *d->fact->problem ? ": " : "",
                d->fact->problem ? d->fact->problem : "");
    e->missing = key;
    return NULL;
  }
  if (e->ndefining == sizeof e->defining / sizeof *e->defining) {
    e->unfit = JAC_BOUND;
    snprintf(e->message, sizeof e->message, "its definitions are nested too deeply");
    return NULL;
  }
  lean(e, d->fact);
  e->defining[e->ndefining++] = key;
  struct jac_symbol *s = NULL;
  struct jac_bound *outer = e->bound;
  e->bound = NULL;
  if (d->defines == JAC_DEFINES_ENTRIES && key == d->base)
    s = entries_symbol(e, key, d, where);
  else {
    bool root = d->defines == JAC_DEFINES_POWER && key != d->key;
    term *body = root ? root_of_defined(e, d, where) : jac_function_body(e, d, where);
    body = body && !root ? jac_summed_body(e, key, body) : body;
    struct jac_type said;
    uint64_t because;
    if (body && !e->unfit && jac_declared(e, key) &&
        jac_said_type(e, key, where, &said) && misfits(e, said, body, &because)) {
      char a[80], b[80];
      jac_type_words(said, a, sizeof a);
      jac_type_words(body->type, b, sizeof b);
      body = jac_clash(e, where, because, "%s is said to be %s, its definition is %s",
                       key, a, b);
    }
    s = body ? jac_symbol_new(e, key, body->type) : NULL;
    if (s && !data(e, key, d))
      s->body = body;
  }
  e->bound = outer;
  e->ndefining--;
  if (!s)
    name_place(e, d);
  return s;
}
