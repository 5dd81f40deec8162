/* What names mean: defined, declared, or given with a shape that a choice supplies. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The key of a name, through what the author says is another name for it. */
const char *jac_key(elaboration *e, node *n) {
  const char *key = jac_notation_key(e->scope->pool, n);
  for (size_t k = 0; k < e->scope->count; k++) {
    const struct jac_fact *f = &e->scope->fact[k];
    if (f->kind == JAC_FACT_ALIAS && f->left && f->right &&
        jac_notation_key(e->scope->pool, f->left) == key)
      return jac_notation_key(e->scope->pool, f->right);
  }
  return key;
}

struct name_entry *jac_name_entry(elaboration *e, const char *key) {
  size_t k = ((uintptr_t)key >> 4) % 64;
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

static bool being_defined(const elaboration *e, const char *key) {
  for (size_t k = 0; k < e->ndefining; k++)
    if (e->defining[k] == key)
      return true;
  return false;
}

/* Whether all names of n are among a function's parameters. */
static bool of_parameters(node *n, const struct jac_definition *f) {
  if (!n)
    return true;
  if (n->form == JAC_S_NAME || (n->form == JAC_S_SCRIPT && !n->child[2])) {
    for (size_t k = 0; k < f->params; k++)
      if (jac_notation_equal(f->param[k], n))
        return true;
    return n->form == JAC_S_NAME && n->row != NULL;
  }
  for (size_t k = 0; k < n->count; k++)
    if (!of_parameters(n->child[k], f))
      return false;
  return true;
}

/* t = -2 s behind g(s, t): where the derivative is zero, and no definition of t. */
static bool solved_for(elaboration *e, const struct jac_definition *d) {
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *f = &e->evidence->definition[k];
    if (f->defines != JAC_DEFINES_FUNCTION || f->order >= e->visible || !d->fact->right)
      continue;
    for (size_t j = 0; j < f->params; j++)
      if (jac_notation_equal(f->param[j], d->name) && of_parameters(d->fact->right, f))
        return true;
  }
  return false;
}

/* Long: what does not count. The last definition of a key that counts here; strong ones
 * win. */
static const struct jac_definition *last(elaboration *e, const char *key, bool base,
                                         enum jac_defines defines, size_t indices) {
  const struct jac_definition *found = NULL, *later = NULL;
  for (size_t k = 0; k < e->evidence->definitions; k++) {
    const struct jac_definition *d = &e->evidence->definition[k];
    if ((base ? d->base : d->key) != key || d->defines != defines)
      continue;
    if (base && d->indices != indices)
      continue;
    if (d->order >= e->visible && !d->fact->strong) {
      /* What a later line gives a variable of this derivative is its solution. */
      const struct jac_usage *u = e->own ? jac_usage_of(e->own, key) : NULL;
      if (!later && !(u && u->denominator) && !solved_for(e, d))
        later = d;
    } else if (!found || d->fact->strong >= found->fact->strong)
      found = d;
  }
  return found ? found : later;
}

const struct jac_definition *jac_definition_of(elaboration *e, const char *key) {
  const struct jac_definition *value = last(e, key, false, JAC_DEFINES_VALUE, 0);
  const struct jac_definition *entries = last(e, key, false, JAC_DEFINES_ENTRIES, 0);
  const struct jac_definition *function = last(e, key, false, JAC_DEFINES_FUNCTION, 0);
  const struct jac_definition *power = last(e, key, false, JAC_DEFINES_POWER, 0);
  const struct jac_definition *all[] = {value, entries, function, power};
  const struct jac_definition *found = NULL;
  for (size_t k = 0; k < 4; k++)
    if (all[k] && (!found || all[k]->order > found->order))
      found = all[k];
  return found;
}

const struct jac_definition *jac_entries_of(elaboration *e, const char *base,
                                            size_t indices) {
  if (indices)
    return last(e, base, true, JAC_DEFINES_ENTRIES, indices);
  const struct jac_definition *found = NULL;
  for (size_t k = 1; k <= 3 && !found; k++)
    found = last(e, base, true, JAC_DEFINES_ENTRIES, k);
  return found;
}

const struct jac_definition *jac_function_of(elaboration *e, const char *key) {
  const struct jac_definition *f = last(e, key, false, JAC_DEFINES_FUNCTION, 0);
  const struct jac_definition *value = last(e, key, false, JAC_DEFINES_VALUE, 0);
  return f && (!value || value->order < f->order) ? f : NULL;
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

/* A size as written: 3, n, 4n, n + 1. */
struct jac_dim *jac_size_of(elaboration *e, node *n) {
  n = jac_inside(n);
  switch (n->form) {
  case JAC_S_NUMBER:
    return n->number >= 1 && n->number <= 1e6
               ? jac_dim_fixed_new(&e->dims, (size_t)n->number)
               : NULL;
  case JAC_S_NAME:
  case JAC_S_SCRIPT:
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
  case JAC_S_TERMS: {
    struct jac_dim *size = NULL;
    for (size_t k = 0; k < n->count; k++) {
      struct jac_dim *part = jac_size_of(e, n->child[k]);
      if (!part)
        return NULL;
      if (n->text[k] == '-') /* n - 1: a size of its own, named so */
        return jac_named_size(e, jac_key(e, n));
      size = size ? jac_dim_sum(&e->dims, size, part) : part;
    }
    return size;
  }
  default:
    return NULL;
  }
}

static const struct jac_fact *shape_fact(elaboration *e, const char *key) {
  const struct jac_fact *found = NULL;
  for (size_t k = 0; k < e->scope->count; k++) {
    const struct jac_fact *f = &e->scope->fact[k];
    if (f->kind == JAC_FACT_SHAPE && jac_key(e, f->left) == key &&
        (!found || f->strong >= found->strong))
      found = f;
  }
  return found;
}

bool jac_declared(elaboration *e, const char *key) {
  return shape_fact(e, key) != NULL ||
         (jac_properties(e, key) & (JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW |
                                    JAC_IS_MATRIX | JAC_IS_VECTOR)) != 0;
}

unsigned jac_properties(elaboration *e, const char *key) {
  unsigned properties = 0;
  for (size_t k = 0; k < e->scope->count; k++) {
    const struct jac_fact *f = &e->scope->fact[k];
    if ((f->kind == JAC_FACT_PROPERTY || f->kind == JAC_FACT_SHAPE) && f->left &&
        jac_key(e, f->left) == key)
      properties |= f->properties;
  }
  return properties;
}

enum jac_saying jac_says(elaboration *e, enum jac_saying a, enum jac_saying b) {
  enum jac_saying said = JAC_SAYS_NOTHING;
  for (size_t k = 0; k < e->scope->count; k++) {
    const struct jac_fact *f = &e->scope->fact[k];
    if (f->kind == JAC_FACT_MEANING && (f->saying == a || f->saying == b))
      said = f->saying;
  }
  return said;
}

/* The letter of a key, accents and fonts aside. */
static const char *bare(const char *key) {
  static const char *const fronts[] = {"hat_",   "tilde_", "bar_",  "dot_", "ddot_",
                                       "check_", "breve_", "ring_", "cal_", "bb_"};
  for (size_t k = 0; k < sizeof fronts / sizeof *fronts; k++)
    if (strncmp(key, fronts[k], strlen(fronts[k])) == 0)
      return bare(key + strlen(fronts[k]));
  return key;
}

static bool greek(const char *key) {
  static const char *const names[] = {
      "alpha",   "beta",   "gamma", "delta", "epsilon", "zeta", "eta",    "theta", "iota",
      "kappa",   "lambda", "mu",    "nu",    "xi",      "pi",   "rho",    "sigma", "tau",
      "upsilon", "phi",    "chi",   "psi",   "omega",   "ell",  "epsilon"};
  size_t n = strcspn(key, "_^'[(");
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    if (strlen(names[k]) == n && strncmp(names[k], key, n) == 0)
      return true;
  return false;
}

/* How likely a name nobody explains is a number, a column, a row, a matrix: by its case
 * and its font, and by how it is used. Never by its letter. */
static void kind_prices(elaboration *e, const char *key, unsigned price[KINDS]) {
  static const unsigned lower[] = {3, 0, 4, 9}, upper[] = {12, 10, 11, 0},
                        small_greek[] = {0, 3, 6, 9}, bold[] = {9, 0, 3, 9};
  const char *letter = bare(key);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool capital = isupper((unsigned char)*letter) != 0;
  const unsigned *from = strncmp(key, "cal_", 4) == 0 ? small_greek
                         : capital                    ? upper
                         : u && u->bold               ? bold
                         : greek(letter)              ? small_greek
                                                      : lower;
  memcpy(price, from, KINDS * sizeof *price);
  if (!u)
    return;
  bool entries = u->below[1] && (u->letters || u->digits);
  const struct jac_usage *own = e->own ? jac_usage_of(e->own, key) : NULL;
  if ((own && own->straight) || u->bounds || u->divisor) {
    price[KIND_NUMBER] = 0;
    price[KIND_COLUMN] += 3;
    price[KIND_ROW] += 3;
  }
  if (entries && u->alone && u->letters) {
    price[KIND_NUMBER] += 9;
    if (!capital)
      price[KIND_COLUMN] = 0;
  }
  if (capital && u->under) { /* z / T: who divides by a matrix? */
    price[KIND_NUMBER] = 0;
    price[KIND_MATRIX] += 6;
  }
  if (u->acted)
    price[KIND_NUMBER] += 6;
  if (u->powered && !u->turned && !u->acted && !u->bold && !entries && !capital) {
    price[KIND_NUMBER] = 0; /* x^2: of a vector it is no square */
    price[KIND_COLUMN] += 3;
    price[KIND_ROW] += 3;
  }
  if (u->turned) /* who transposes a number? */
    price[KIND_NUMBER] += 9;
  if (u->below[2] && u->letters) {
    price[KIND_NUMBER] += 9;
    price[KIND_COLUMN] += 9;
    price[KIND_ROW] += 9;
    price[KIND_MATRIX] = 0;
  }
  if (jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS) {
    unsigned column = price[KIND_COLUMN];
    price[KIND_COLUMN] = price[KIND_ROW];
    price[KIND_ROW] = column;
  }
}

static struct jac_dim *chosen(elaboration *e, struct jac_dim *dim, uint64_t because) {
  if (dim == e->dims.one) {
    struct jac_dim *one = jac_dim_free_new(&e->dims, NULL);
    if (one != e->dims.one)
      one->kind = JAC_DIM_ONE;
    dim = one;
  }
  if (dim != e->dims.one)
    dim->because |= because;
  return dim;
}

static struct jac_type type_of_kind(elaboration *e, enum kind kind, uint64_t because) {
  struct jac_dim *one = e->dims.one;
  struct jac_dim *rows =
      kind == KIND_COLUMN || kind == KIND_MATRIX ? jac_dim_free_new(&e->dims, NULL) : one;
  struct jac_dim *cols =
      kind == KIND_ROW || kind == KIND_MATRIX ? jac_dim_free_new(&e->dims, NULL) : one;
  return jac_type_of(chosen(e, rows, because), chosen(e, cols, because));
}

static struct jac_type choose_kind(elaboration *e, const char *key,
                                   const unsigned price[KINDS]) {
  struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "kind:%s", key),
                         .about = key};
  enum kind kind[KINDS];
  bool rows = jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS;
  for (enum kind k = 0; k < KINDS; k++)
    if (price[k] < JAC_PRICE_NEVER) {
      if (rows && k == KIND_COLUMN && price[KIND_MATRIX] >= JAC_PRICE_NEVER)
        c.words[c.count] = N_("column vectors");
      kind[c.count] = k;
      c.price[c.count++] = price[k];
    }
  size_t pick = jac_choose(e, &c);
  return type_of_kind(e, kind[pick], c.count > 1 ? jac_choice_bit(e, c.site) : 0);
}

/* A size that was said, as a side that has an index. */
static struct jac_dim *side_of(elaboration *e, node *n, bool side) {
  return side && n->form == JAC_S_NUMBER && n->number == 1 ? jac_dim_side_new(&e->dims, 1)
                                                           : jac_size_of(e, n);
}

/* The shape that was said; false: nothing was. */
static bool said_type(elaboration *e, const char *key, node *where,
                      struct jac_type *type) {
  const struct jac_fact *f = shape_fact(e, key);
  unsigned properties = jac_properties(e, key);
  unsigned price[KINDS] = {JAC_PRICE_NEVER, JAC_PRICE_NEVER, JAC_PRICE_NEVER,
                           JAC_PRICE_NEVER};
  bool rows = jac_says(e, JAC_SAYS_ROWS, JAC_SAYS_COLUMNS) == JAC_SAYS_ROWS;
  if (f && f->rows && f->cols) {
    struct jac_dim *r = side_of(e, f->rows, f->sides & 1),
                   *c = side_of(e, f->cols, f->sides & 2);
    if (!r || !c) {
      jac_unknown(e, where, "the size of %s is not understood", key);
      return false;
    }
    *type = jac_type_of(r, c);
    return true;
  }
  if (f && f->rows) {
    struct jac_dim *n = jac_size_of(e, f->rows);
    if (!n) {
      jac_unknown(e, where, "the size of %s is not understood", key);
      return false;
    }
    if (properties & JAC_IS_ROW)
      *type = jac_type_of(e->dims.one, n);
    else if (properties & JAC_IS_COLUMN)
      *type = jac_type_of(n, e->dims.one);
    else {
      price[KIND_COLUMN] = rows ? 4 : 0;
      price[KIND_ROW] = rows ? 0 : 4;
      struct jac_type chosen_type = choose_kind(e, key, price);
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
  } else if (properties & JAC_IS_MATRIX)
    price[KIND_MATRIX] = 0;
  else
    return false;
  *type = choose_kind(e, key, price);
  return true;
}

static void give_values(elaboration *e, struct jac_symbol *s) {
  unsigned p = jac_properties(e, s->key);
  if (p & JAC_IS_POSITIVE)
    s->values = JAC_NOT_NEGATIVE;
  if (p & JAC_IS_UNIT)
    s->values = JAC_UNIT;
  if (p & JAC_IS_BINARY)
    s->values = JAC_BINARY;
  if (p & JAC_SUMS_TO_ONE)
    s->values = JAC_SIMPLEX;
  if (p & JAC_IS_ORTHOGONAL)
    s->orthogonal = true;
  s->symmetric = (p & JAC_IS_SYMMETRIC) != 0;
  bool square = s->symmetric || s->orthogonal;
  if (square && !jac_dim_unify(&e->dims, s->type.rows, s->type.cols, 0))
    jac_clash(e, NULL, jac_type_because(s->type), "%s is square, as it is symmetric",
              s->key);
  /* y log p: labels, which may sum to 1. */
  const struct jac_usage *u = jac_usage_of(e->evidence, s->key);
  if (u && u->logged && !u->denominator && s->values == JAC_ANY && !s->families &&
      !jac_type_is_number(s->type)) {
    bool matrix = !jac_dim_is_one(s->type.rows) && !jac_dim_is_one(s->type.cols);
    struct jac_choice c = {.site = jac_pool_printf(e->scope->pool, "labels:%s", s->key),
                           .count = matrix ? 3 : 2,
                           .price = {0, 8, 8},
                           .words = {NULL, N_("where the labels sum to 1"),
                                     N_("where the labels of every column sum to 1")},
                           .about = s->key,
                           .guess = true};
    static const enum jac_values_of picks[] = {JAC_ANY, JAC_SIMPLEX, JAC_SIMPLEX_COLUMNS};
    s->values = picks[jac_choose(e, &c)];
  }
  /* Only for symmetric matrices: a convention that a claim may need. */
  if (!square && !(p & JAC_NOT_SYMMETRIC) && !e->exact && !s->families &&
      !jac_type_is_number(s->type) && !jac_dim_is_one(s->type.rows) &&
      !jac_dim_is_one(s->type.cols)) {
    struct jac_choice c = {.site =
                               jac_pool_printf(e->scope->pool, "symmetric:%s", s->key),
                           .count = 2,
                           .price = {0, 8},
                           .words = {NULL, N_("only for symmetric matrices")},
                           .about = s->key};
    s->symmetric = jac_choose(e, &c) == 1; /* made square when all is read */
  }
}

static void lean(elaboration *e, const struct jac_fact *fact) {
  for (size_t k = 0; k < e->nleaned; k++)
    if (e->leaned[k] == fact)
      return;
  if (e->nleaned < sizeof e->leaned / sizeof *e->leaned)
    e->leaned[e->nleaned++] = fact;
}

static void name_place(elaboration *e, const struct jac_definition *d) {
  if (e->unfit && !e->strict && strncmp(e->message, "line ", 5) != 0) {
    char message[sizeof e->message];
    snprintf(message, sizeof message, "%s", e->message);
    if (d->fact->line)
      snprintf(e->message, sizeof e->message, "line %zu: %.350s", d->fact->line, message);
    else
      snprintf(e->message, sizeof e->message, "in the definition of %s: %.300s", d->key,
               message);
    e->start = e->end = 0;
  }
}

/* The symbol that a definition by entries gives. */
static struct jac_symbol *entries_symbol(elaboration *e, const char *key,
                                         const struct jac_definition *d, node *where) {
  struct jac_index *place[3] = {NULL, NULL, NULL};
  struct jac_bound bounds[3];
  for (size_t k = 0; k < d->indices; k++) {
    place[k] = jac_index_new(e, d->index[k], jac_dim_free_new(&e->dims, NULL));
    if (!place[k])
      return NULL;
    bounds[k] = (struct jac_bound){.key = jac_pool_text(e->scope->pool, d->index[k]),
                                   .index = place[k],
                                   .next = k ? &bounds[k - 1] : NULL};
  }
  struct jac_bound *outer = e->bound;
  e->bound = d->indices ? &bounds[d->indices - 1] : NULL;
  /* A shape that was said counts while the body is read. */
  struct jac_type said;
  const struct jac_fact *fact = shape_fact(e, key);
  bool known = fact && !fact->third && said_type(e, key, where, &said);
  if (fact && fact->third && d->indices == 3) {
    node *const sizes[3] = {fact->rows, fact->cols, fact->third};
    for (size_t k = 0; k < 3; k++) {
      struct jac_dim *size = side_of(e, sizes[k], fact->sides >> k & 1);
      if (size)
        jac_dim_unify(&e->dims, place[k]->range, size, 0);
    }
  }
  if (known && d->indices == 1)
    jac_dim_unify(&e->dims, place[0]->range,
                  jac_dim_is_one(said.rows) ? said.cols : said.rows, 0);
  if (known && d->indices == 2) {
    jac_dim_unify(&e->dims, place[0]->range, said.rows, 0);
    jac_dim_unify(&e->dims, place[1]->range, said.cols, 0);
  }
  term *body = jac_elaborate(e, d->fact->right);
  e->bound = outer;
  if (!body)
    return NULL;
  bool number = jac_type_is_number(body->type);
  struct name_entry *own =
      jac_name_entry(e, jac_pool_printf(e->scope->pool, "%s of itself", key));
  struct jac_symbol *s = own ? own->symbol : NULL;
  bool recursive = s != NULL;
  if (recursive && s->families != d->indices)
    return (struct jac_symbol *)jac_unknown(
        e, where, "%s is defined by members with other indices", key);
  if (s && (!jac_dim_unify(&e->dims, s->type.rows, body->type.rows, 0) ||
            !jac_dim_unify(&e->dims, s->type.cols, body->type.cols, 0)))
    return (struct jac_symbol *)jac_clash(
        e, where, e->dims.conflict, "%s is defined by members of another shape", key);
  if (!s)
    s = jac_symbol_new(e, key, body->type);
  if (!s)
    return NULL;
  for (size_t k = 0; recursive && k < d->indices; k++)
    jac_dim_unify(&e->dims, s->family[k], place[k]->range, 0);
  if (recursive || !number || d->indices == 3) { /* a family */
    s->families = d->indices;
    for (size_t k = 0; k < d->indices; k++) {
      s->family[k] = place[k]->range;
      s->place[k] = place[k];
    }
    s->body = body;
    return s;
  }
  struct jac_type type = jac_type_of(place[0]->range, e->dims.one);
  bool row = false;
  if (d->indices == 2)
    type.cols = place[1]->range;
  else if (known)
    row = jac_dim_is_one(said.rows);
  else {
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
    row = jac_dim_is_one(choose_kind(e, key, price).rows);
  }
  if (row)
    type = jac_type_of(e->dims.one, place[0]->range);
  struct jac_term *build = jac_term_new(e, JAC_TERM_BUILD, type, where, 1, &body);
  if (!build)
    return NULL;
  build->index = row ? NULL : place[0];
  build->index2 = d->indices == 2 ? place[1] : row ? place[0] : NULL;
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

static struct jac_symbol *defined_symbol(elaboration *e, const char *key,
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
    term *body = jac_function_body(e, d, where);
    if (body && d->defines == JAC_DEFINES_POWER && key != d->key)
      body = jac_term_op(e, JAC_C_SQRT, where, 1, &body);
    struct jac_type said;
    if (body && !e->unfit && jac_declared(e, key) && said_type(e, key, where, &said) &&
        !(jac_dim_unify(&e->dims, said.rows, body->type.rows, 0) &&
          jac_dim_unify(&e->dims, said.cols, body->type.cols, 0))) {
      char a[80], b[80];
      jac_type_words(said, a, sizeof a);
      jac_type_words(body->type, b, sizeof b);
      body = jac_clash(e, where, jac_type_because(body->type) | e->dims.conflict,
                       "%s is said to be %s, its definition is %s", key, a, b);
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

/* A name that stands for a function of which only calls are seen, as the quantity that
 * its first call gives: f in df/dg, where f(g(x)) stands somewhere. */
static struct jac_symbol *call_symbol(elaboration *e, const char *key, node *where) {
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (!u || !u->call || u->times > u->called + u->numerator + u->denominator ||
      !(u->numerator || u->denominator) || being_defined(e, key))
    return NULL;
  if (jac_declared(e, key))
    return NULL;
  bool called = false;
  e->defining[e->ndefining++] = key;
  term *value = jac_elaborate_call(e, where, u->call, &called);
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
  s->family[0] = side_of(e, f->rows, f->sides & 1);
  s->family[1] = side_of(e, f->cols, f->sides & 2);
  s->family[2] = side_of(e, f->third, f->sides & 4);
  return s->family[0] && s->family[1] && s->family[2] ? s : NULL;
}

static struct jac_symbol *given_symbol(elaboration *e, const char *key, node *where) {
  struct jac_type type;
  const struct jac_fact *f = shape_fact(e, key);
  if (f && f->third)
    return given_family(e, key, f);
  if (!said_type(e, key, where, &type)) {
    if (e->unfit)
      return NULL;
    unsigned price[KINDS];
    kind_prices(e, key, price);
    type = choose_kind(e, key, price);
  }
  struct jac_symbol *s = jac_symbol_new(e, key, type);
  if (s)
    give_values(e, s);
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
  const struct jac_definition *d =
      being_defined(e, key) ? NULL : jac_definition_of(e, key);
  const struct jac_definition *entries =
      being_defined(e, key) ? NULL : jac_entries_of(e, key, 0);
  if (entries && (!d || entries->order > d->order))
    d = entries;
  if (!d && !being_defined(e, key) &&
      !jac_declared(e, key)) { /* sigma, where sigma^2 is defined */
    const char *square = jac_pool_printf(e->scope->pool, "%s^2", key);
    d = last(e, square, false, JAC_DEFINES_POWER, 0);
  }
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  if (d)
    s = defined_symbol(e, key, d, where);
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
