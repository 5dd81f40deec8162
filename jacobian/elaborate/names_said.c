/* What the author says of a name: its shape, its properties, what it is called. */
#include "jacobian/elaborate/names_internal.h"

const struct jac_fact *jac_shape_fact(elaboration *e, const char *key) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u ? u->shape : NULL;
}

bool jac_declared(elaboration *e, const char *key) {
  return jac_shape_fact(e, key) != NULL ||
         (jac_properties(e, key) & (JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW |
                                    JAC_IS_MATRIX | JAC_IS_VECTOR)) != 0;
}

bool jac_said_other(elaboration *e, const char *key) {
  const struct jac_fact *f = jac_shape_fact(e, key);
  return (f && (f->rows || f->properties & ~(unsigned)JAC_IS_NUMBER)) ||
         (jac_properties(e, key) &
          (JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX | JAC_IS_VECTOR)) != 0;
}

unsigned jac_properties(elaboration *e, const char *key) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return u ? u->properties : 0;
}

enum jac_saying jac_says(elaboration *e, enum jac_saying a, enum jac_saying b) {
  enum jac_saying said = JAC_SAYS_NOTHING;
  for (size_t k = 0; k < e->evidence->meanings; k++) {
    const struct jac_fact *f = e->evidence->meaning[k].fact;
    if (f->saying == a || f->saying == b)
      said = f->saying;
  }
  return said;
}

struct jac_dim *jac_side_of(elaboration *e, node *n, bool side) {
  return side && n->form == JAC_S_NUMBER && n->number == 1 ? jac_dim_side_new(&e->dims, 1)
                                                           : jac_size_of(e, n);
}

static bool has_huge(node *n) {
  bool huge = n && n->form == JAC_S_NUMBER && n->number > JAC_SIZE_MOST;
  for (size_t k = 0; n && k < n->count && !huge; k++)
    huge = has_huge(n->child[k]);
  return huge;
}

static void no_size(elaboration *e, node *where, const char *key, node *size) {
  jac_unknown(e, where,
              has_huge(size) ? "the size of %s is too large to be worked with"
                             : "the size of %s is not understood",
              key);
}

bool jac_said_type(elaboration *e, const char *key, node *where, struct jac_type *type) {
  const struct jac_fact *f = jac_shape_fact(e, key);
  unsigned properties = jac_properties(e, key);
  unsigned price[KINDS] = {JAC_PRICE_NEVER, JAC_PRICE_NEVER, JAC_PRICE_NEVER,
                           JAC_PRICE_NEVER};
  bool rows = jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS;
  if (f && f->rows && f->cols) {
    struct jac_dim *r = jac_side_of(e, f->rows, f->sides & 1),
                   *c = jac_side_of(e, f->cols, f->sides & 2);
    if (!r || !c) {
      no_size(e, where, key, r ? f->cols : f->rows);
      return false;
    }
    *type = jac_type_of(r, c);
    return true;
  }
  if (f && f->rows) {
    struct jac_dim *n = jac_size_of(e, f->rows);
    if (!n) {
      no_size(e, where, key, f->rows);
      return false;
    }
    if (properties & JAC_IS_ROW)
      *type = jac_type_of(e->dims.one, n);
    else if (properties & JAC_IS_COLUMN)
      *type = jac_type_of(n, e->dims.one);
    else {
      price[KIND_COLUMN] = rows ? 4 : 0;
      price[KIND_ROW] = rows ? 0 : 4;
      struct jac_type chosen_type = jac_choose_kind(e, key, price);
      *type = jac_dim_is_one(chosen_type.rows) ? jac_type_of(chosen_type.rows, n)
                                               : jac_type_of(n, chosen_type.cols);
    }
    return true;
  }
  if ((f && !f->properties) || properties & JAC_IS_NUMBER) {
    *type = jac_type_number(e);
    return true;
  }
  if (properties & JAC_IS_COLUMN)
    price[KIND_COLUMN] = 0;
  else if (properties & JAC_IS_ROW)
    price[KIND_ROW] = 0;
  else if (properties & JAC_IS_VECTOR) {
    price[KIND_COLUMN] = rows ? 4 : 0;
    price[KIND_ROW] = rows ? 0 : 4;
  } else if (properties & (JAC_IS_MATRIX | JAC_IS_SYMMETRIC | JAC_IS_ORTHOGONAL |
                           JAC_IS_DIAGONAL | JAC_IS_SKEW | JAC_IS_IDEMPOTENT))
    price[KIND_MATRIX] = 0;
  else
    return false;
  *type = jac_choose_kind(e, key, price);
  return true;
}

/* M_{ij} \in {0, 1}: of all entries of M. */
static unsigned said_of_entries(elaboration *e, const char *key) {
  const unsigned values =
      JAC_IS_BINARY | JAC_IS_SIGN | JAC_IS_POSITIVE | JAC_IS_NEGATIVE | JAC_IS_UNIT;
  unsigned properties = 0;
  for (size_t k = 0; k < e->evidence->tolds; k++) {
    node *n = e->evidence->told[k].fact->left;
    if (n->form == JAC_S_SCRIPT && n->child[1] && !n->child[2] &&
        jac_key(e, n->child[0]) == key)
      properties |= e->evidence->told[k].fact->properties & values;
  }
  return properties;
}

/* What holds for any u holds for a unit vector: what is said of it is taken second. */
static bool made_use_of(elaboration *e, const char *key) {
  const char *site = jac_pool_printf(e->scope->pool, "said:%s", key);
  return jac_choose2(e, site, 0, 3, NULL, NULL, key) == 1;
}

/* The matrices of quadratic forms are symmetric together. */
const char *jac_symmetric_site(elaboration *e, const char *key) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  return jac_pool_printf(e->scope->pool, "symmetric:%s",
                         u && u->quadratic ? " of a quadratic form" : key);
}

void jac_give_values(elaboration *e, struct jac_symbol *s) {
  unsigned p = jac_properties(e, s->key) | said_of_entries(e, s->key);
  if ((p & JAC_IS_POSITIVE) && !(p & JAC_IS_NEGATIVE)) /* not one case and the other */
    s->values = JAC_NOT_NEGATIVE;
  if ((p & JAC_IS_NEGATIVE) && !(p & JAC_IS_POSITIVE))
    s->values = JAC_NEGATIVE;
  if (p & JAC_IS_UNIT)
    s->values = JAC_UNIT;
  if (p & JAC_IS_BINARY)
    s->values = JAC_BINARY;
  if (p & JAC_IS_SIGN)
    s->values = JAC_SIGNS;
  if (p & JAC_SUMS_TO_ONE)
    s->values = JAC_SIMPLEX;
  if (p & JAC_IS_ORTHOGONAL)
    s->orthogonal = true;
  s->diagonal = (p & JAC_IS_DIAGONAL) != 0;
  s->skew = (p & JAC_IS_SKEW) != 0;
  s->symmetric = s->diagonal || (p & JAC_IS_SYMMETRIC) != 0;
  if (p & JAC_IS_ONES) {
    s->values = JAC_ONES;
    bool row = jac_dim_is_one(s->type.rows);
    if (jac_counts_ones(e, e->evidence->count))
      jac_dim_unify(&e->dims, row ? s->type.cols : s->type.rows,
                    jac_named_size(e, e->evidence->count), 0);
  }
  s->idempotent = (p & JAC_IS_IDEMPOTENT) != 0 && made_use_of(e, s->key);
  s->orthonormal = (p & JAC_IS_ORTHONORMAL) != 0 && made_use_of(e, s->key);
  bool square = s->symmetric || s->orthogonal || s->skew || s->idempotent;
  if (square && !jac_dim_unify(&e->dims, s->type.rows, s->type.cols, 0))
    jac_clash(e, NULL, jac_type_because(s->type), "%s is square, by what is said of it",
              s->key);
  /* y log p: labels, which may sum to 1. */
  const struct jac_usage *u = jac_usage_of(e->evidence, s->key);
  if (u && (u->limits || u->rooted) && s->values == JAC_ANY &&
      jac_type_is_number(s->type))
    s->values = JAC_NOT_NEGATIVE;
  bool open = s->values == JAC_ANY || s->values == JAC_BINARY;
  if (u && u->logged && !u->denominator && open && !s->families &&
      !jac_type_is_number(s->type)) {
    bool matrix = !jac_dim_is_one(s->type.rows) && !jac_dim_is_one(s->type.cols);
    struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "labels:%s", s->key),
                           .count = matrix ? 3 : 2,
                           .price = {0, 8, 8},
                           .words = {NULL, N_("where the labels sum to 1"),
                                     N_("where the labels of every column sum to 1")},
                           .about = s->key,
                           .guess = true};
    const enum jac_values_of picks[] = {s->values, JAC_SIMPLEX, JAC_SIMPLEX_COLUMNS};
    s->values = picks[jac_choose(e, &c)];
  }
  /* Only for symmetric matrices: a convention that a claim may need. */
  if (!square && !(p & JAC_NOT_SYMMETRIC) && !e->exact && !s->families &&
      !jac_type_is_number(s->type) && !jac_dim_is_one(s->type.rows) &&
      !jac_dim_is_one(s->type.cols)) {
    struct jac_choice c = {.site = jac_symmetric_site(e, s->key),
                           .count = 2,
                           .price = {0, 8},
                           .words = {NULL, N_("only for symmetric matrices")},
                           .about = s->key};
    s->symmetric = jac_choose(e, &c) == 1; /* made square when all is read */
  }
}
