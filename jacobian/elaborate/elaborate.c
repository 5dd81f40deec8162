/* The run of a reading: choices, refusals, terms, operations. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TERMS = 20000, MOST_DEPTH = 120 };

bool jac_elaborate_start(struct jac_elaboration *e) {
  e->nchoice = e->nindex = e->nsymbol = e->nleaned = e->ndefining = 0;
  e->price = 0;
  e->unfit = JAC_FITS;
  e->message[0] = '\0';
  e->conflict = 0;
  e->missing = NULL;
  e->bound = NULL;
  e->pending = NULL;
  e->four = false;
  e->terms = e->depth = 0;
  e->names = jac_pool_take(e->pool, sizeof *e->names);
  return e->names && jac_dims_start(&e->dims, e->pool);
}

size_t jac_choose(struct jac_elaboration *e, const struct jac_choice *choice) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].site == choice->site && e->choice[k].count == choice->count)
      return e->choice[k].pick;
  size_t pick = 0;
  for (size_t k = 1; k < choice->count; k++)
    if (choice->price[k] < choice->price[pick])
      pick = k;
  for (size_t k = 0; k < e->nforced; k++)
    if (e->forced[k].site == choice->site && e->forced[k].pick < choice->count)
      pick = e->forced[k].pick;
  if (e->nchoice < JAC_CHOICES) {
    e->choice[e->nchoice] = *choice;
    e->choice[e->nchoice++].pick = pick;
  }
  e->price += choice->price[pick];
  return pick;
}

static uint64_t bit(const elaboration *e, const char *site) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].site == site)
      return k < 63 ? (uint64_t)1 << k : (uint64_t)1 << 63;
  return 0;
}

uint64_t jac_choice_bit(const elaboration *e, const char *site) {
  return bit(e, site);
}

JAC_PRINTF(4, 0)
static void refuse(elaboration *e, enum jac_unfit unfit, node *where, const char *format,
                   va_list list) {
  if (e->unfit)
    return;
  e->unfit = unfit;
  vsnprintf(e->message, sizeof e->message, format, list);
  if (where) {
    e->start = where->start;
    e->end = where->end;
  }
}

term *jac_clash(elaboration *e, node *where, uint64_t because, const char *format, ...) {
  va_list list;
  va_start(list, format);
  refuse(e, JAC_CLASH, where, format, list);
  va_end(list);
  e->conflict = because;
  return NULL;
}

term *jac_unknown(elaboration *e, node *where, const char *format, ...) {
  va_list list;
  va_start(list, format);
  refuse(e, JAC_UNKNOWN, where, format, list);
  va_end(list);
  e->conflict = ~(uint64_t)0;
  return NULL;
}

struct jac_term *jac_term_new(elaboration *e, enum jac_term_kind kind,
                              struct jac_type type, node *where, size_t count,
                              term *const *child) {
  if (e->unfit)
    return NULL;
  struct jac_term *t = jac_pool_take(e->pool, sizeof *t + count * sizeof(term *));
  if (!t || ++e->terms > MOST_TERMS) {
    e->unfit = e->pool->failed && !e->pool->limit ? JAC_SHORT : JAC_BOUND;
    snprintf(e->message, sizeof e->message, "it is too large to be worked out");
    return NULL;
  }
  t->kind = kind;
  t->type = type;
  t->id = e->terms;
  if (where) {
    t->start = where->start;
    t->end = where->end;
  }
  t->count = count;
  for (size_t k = 0; k < count; k++)
    t->child[k] = child[k];
  return t;
}

struct jac_type jac_type_of(struct jac_dim *rows, struct jac_dim *cols) {
  return (struct jac_type){rows, cols};
}

struct jac_type jac_type_number(elaboration *e) {
  return (struct jac_type){e->dims.one, e->dims.one};
}

uint64_t jac_type_because(struct jac_type type) {
  return jac_dim_because(type.rows) | jac_dim_because(type.cols);
}

struct jac_type jac_number_because(elaboration *e, uint64_t because) {
  if (!because)
    return jac_type_number(e);
  struct jac_dim *one = jac_dim_free_new(&e->dims, NULL);
  if (one != e->dims.one) {
    one->kind = JAC_DIM_ONE;
    one->because = because;
  }
  return jac_type_of(one, one);
}

term *jac_term_number(elaboration *e, double number, node *where) {
  struct jac_term *t =
      jac_term_new(e, JAC_TERM_NUMBER, jac_type_number(e), where, 0, NULL);
  if (t)
    t->number = number;
  return t;
}

term *jac_term_index(elaboration *e, const struct jac_index *index, node *where) {
  struct jac_term *t =
      jac_term_new(e, JAC_TERM_INDEX, jac_type_number(e), where, 0, NULL);
  if (t)
    t->index = index;
  return t;
}

term *jac_term_size(elaboration *e, const struct jac_dim *dim, node *where) {
  struct jac_term *t = jac_term_new(e, JAC_TERM_SIZE, jac_type_number(e), where, 0, NULL);
  if (t)
    t->dim = dim;
  return t;
}

term *jac_term_symbol(elaboration *e, struct jac_symbol *symbol, node *where) {
  if (!symbol)
    return NULL;
  struct jac_term *t = jac_term_new(e, JAC_TERM_SYMBOL, symbol->type, where, 0, NULL);
  if (t)
    t->symbol = symbol;
  return t;
}

/* A type's text against arguments: "(r,k)(k,c)->(r,c)". */
struct matcher {
  elaboration *e;
  const char *at;
  struct jac_dim *letter[26];
  bool square; /* a size was made equal to another of the same argument */
};

static struct jac_dim *result_dim(struct matcher *m) {
  struct jac_dim *left = NULL;
  char sign = 0;
  for (;;) {
    char c = *m->at++;
    struct jac_dim *dim = c == '1' ? m->e->dims.one
                          : isdigit((unsigned char)c)
                              ? jac_dim_fixed_new(&m->e->dims, (size_t)(c - '0'))
                              : m->letter[c - 'a'];
    left = !left         ? dim
           : sign == '*' ? jac_dim_product(&m->e->dims, left, dim)
                         : jac_dim_sum(&m->e->dims, left, dim);
    if (*m->at != '*' && *m->at != '+')
      return left;
    sign = *m->at++;
  }
}

static bool match_dim(struct matcher *m, struct jac_dim *dim, uint64_t because,
                      const bool *mine) {
  char c = *m->at++;
  if (c == '1')
    return jac_dim_is_one(dim);
  if (isdigit((unsigned char)c))
    return jac_dim_unify(&m->e->dims, jac_dim_fixed_new(&m->e->dims, (size_t)(c - '0')),
                         dim, because);
  struct jac_dim **letter = &m->letter[c - 'a'];
  if (!*letter) {
    *letter = dim;
    return true;
  }
  if (!jac_dim_same(*letter, dim) && mine[c - 'a'])
    m->square = true;
  return jac_dim_unify(&m->e->dims, *letter, dim, because);
}

static bool match(struct matcher *m, size_t count, term *const *child,
                  struct jac_type *result) {
  uint64_t because = 0;
  for (size_t k = 0; k < count; k++)
    because |= jac_type_because(child[k]->type);
  if (*m->at == 'i')
    m->at++;
  for (size_t k = 0; k < count; k++) {
    struct jac_type type = child[k]->type;
    if (*m->at == '1') {
      m->at++;
      if (!jac_type_is_number(type))
        return false;
      continue;
    }
    if (*m->at != '(')
      return false; /* fewer arguments */
    m->at++;
    bool mine[26] = {false};
    char first = *m->at;
    if (!match_dim(m, type.rows, because, mine))
      return false;
    if (first >= 'a')
      mine[first - 'a'] = true;
    m->at++;
    if (!match_dim(m, type.cols, because, mine))
      return false;
    m->at++;
  }
  if (m->at[0] != '-')
    return false; /* more arguments */
  m->at += 2;
  if (*m->at == '1') {
    *result = jac_number_because(m->e, because);
    return true;
  }
  m->at++;
  result->rows = result_dim(m);
  m->at++;
  result->cols = result_dim(m);
  return true;
}

static bool fits(elaboration *e, const struct jac_reading *reading, size_t count,
                 term *const *child, struct jac_type *type, bool *square) {
  struct matcher m = {.e = e, .at = reading->type};
  /* No convention makes N what K is. */
  e->dims.strict = reading->words != NULL;
  bool fit = match(&m, count, child, type);
  e->dims.strict = false;
  *square = m.square;
  return fit;
}

/* "W is 3 x 2 and x is 3 x 1", where the arguments' names are short; else the shapes. */
static void say_types(elaboration *e, node *where, size_t count, term *const *child,
                      char *out, size_t size) {
  size_t at = 0;
  node *const *part = where ? where->child : NULL;
  size_t parts = where ? where->count : 0;
  if (where && where->form == JAC_S_APPLY) {
    node *inside = jac_inside(where->child[1]);
    part = inside->form == JAC_S_LIST ? inside->child : &where->child[1];
    parts = inside->form == JAC_S_LIST ? inside->count : 1;
  }
  for (size_t k = 0; k < count && at < size; k++) {
    char words[80], named[140];
    jac_type_words(child[k]->type, words, sizeof words);
    const char *name = parts == count && part[k]
                           ? jac_notation_key(e->scope->pool, jac_inside(part[k]))
                           : "";
    if (*name && strlen(name) < 40)
      snprintf(named, sizeof named, "%s is %s", name, words);
    else
      snprintf(named, sizeof named, "%s", words);
    int n = snprintf(out + at, size - at, "%s%s", k ? " and " : "", named);
    at += n > 0 ? (size_t)n : 0;
  }
}

static const char *construct_word(enum jac_construct_id id, size_t *length) {
  const struct jac_construct *row = jac_construct(id);
  if (id == JAC_C_SIDE)
    return jac_construct_name("a product", length), *length = 9, "a product";
  return jac_construct_name(*row->plain ? row->plain : row->unicode, length);
}

static enum jac_saying sayings[][2] = {{JAC_SAYS_STAR_HADAMARD, JAC_SAYS_STAR_PRODUCT},
                                       {JAC_SAYS_OTIMES_OUTER, JAC_SAYS_OTIMES_KRON}};

/* A product, quotient or power entry by entry, of a sign that is not for that. */
static bool loose(enum jac_construct_id id, const struct jac_reading *reading,
                  size_t count, term *const *child) {
  bool vector =
      jac_dim_is_one(child[0]->type.rows) != jac_dim_is_one(child[0]->type.cols);
  switch (id) {
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
  case JAC_C_DIVIDE:
    return reading->price > 0;
  case JAC_C_POWER:
    return reading->price > 0 || (vector && count == 2);
  default:
    return false;
  }
}

/* What the author said of a sign: the readings that are left. */
static bool said_otherwise(elaboration *e, enum jac_construct_id id,
                           const struct jac_reading *reading, unsigned *price) {
  if (id == JAC_C_STAR) {
    enum jac_saying s = jac_says(e, sayings[0][0], sayings[0][1]);
    bool hadamard = reading->words && reading->price == 2;
    if (s == JAC_SAYS_STAR_HADAMARD && hadamard)
      *price = 0;
    if (s == JAC_SAYS_STAR_HADAMARD && !hadamard && reading->type[0] == '(' &&
        !strstr(reading->type, "1->") && reading->price == 0)
      return true;
    return s == JAC_SAYS_STAR_PRODUCT && hadamard;
  }
  if (id == JAC_C_OTIMES) {
    enum jac_saying s = jac_says(e, sayings[1][0], sayings[1][1]);
    bool outer = reading->words && reading->price <= 2;
    if (s == JAC_SAYS_OTIMES_OUTER && outer)
      *price = 0;
    return (s == JAC_SAYS_OTIMES_OUTER && !outer) || (s == JAC_SAYS_OTIMES_KRON && outer);
  }
  return false;
}

term *jac_term_op(elaboration *e, enum jac_construct_id id, node *where, size_t count,
                  term *const *child) {
  if (e->unfit)
    return NULL;
  for (size_t k = 0; k < count; k++)
    if (!child[k])
      return NULL;
  size_t first, rows = jac_readings_of(id, &first);
  struct jac_choice choice = {.count = 0};
  size_t row[JAC_ALTERNATIVES];
  bool sure = false;
  char shapes[24] = "";
  for (size_t k = 0; k < count && k < 4; k++) {
    struct jac_type t = child[k]->type;
    size_t n = strlen(shapes);
    shapes[n] = jac_dim_is_one(t.rows)   ? (jac_dim_is_one(t.cols) ? '1' : 'r')
                : jac_dim_is_one(t.cols) ? 'c'
                                         : 'm';
    shapes[n + 1] = '\0';
  }
  for (size_t k = first; k < first + rows && !sure && choice.count < JAC_ALTERNATIVES;
       k++) {
    const struct jac_reading *r = jac_reading_at(k);
    struct jac_type type;
    bool square;
    size_t mark = jac_dims_mark(&e->dims);
    bool fit = fits(e, r, count, child, &type, &square);
    jac_dims_undo(&e->dims, mark);
    unsigned price = 2 * r->price;
    if (!fit || said_otherwise(e, id, r, &price) ||
        (e->strict && loose(id, r, count, child)))
      continue;
    price += square ? 1 : 0;
    row[choice.count] = k;
    choice.price[choice.count] = price;
    choice.words[choice.count++] = r->words;
    /* A first reading that costs nothing is the reading, but for signs with several. */
    sure = price == 0 && !(id == JAC_C_STAR && strcmp(shapes, "mm") == 0) &&
           !(id == JAC_C_POWER && strcmp(shapes, "m1") == 0) && id != JAC_C_OTIMES &&
           !(id == JAC_C_SIDE && strcmp(shapes, "mm") == 0);
  }
  if (!choice.count) {
    uint64_t because = 0;
    char words[300];
    for (size_t k = 0; k < count; k++)
      because |= jac_type_because(child[k]->type);
    say_types(e, where, count, child, words, sizeof words);
    size_t n;
    const char *name = construct_word(id, &n);
    return jac_clash(e, where, because,
                     strstr(words, " is ") ? "%s: %.*s does not fit"
                                           : "%.0s%.*s of %s does not fit",
                     words, (int)n, name, words);
  }
  size_t pick = 0;
  if (choice.count > 1) {
    size_t n;
    const char *name = construct_word(id, &n);
    choice.site = jac_pool_printf(e->scope->pool, "%.*s:%s", (int)n, name, shapes);
    pick = jac_choose(e, &choice);
  } else if (choice.price[0]) {
    size_t n;
    const char *name = construct_word(id, &n);
    choice.site = jac_pool_printf(e->scope->pool, "%.*s:%s:%zu", (int)n, name, shapes,
                                  row[0] - first);
    jac_choose(e, &choice);
  }
  const struct jac_reading *r = jac_reading_at(row[pick]);
  struct jac_type type;
  bool square;
  uint64_t chosen = choice.site ? bit(e, choice.site) : 0;
  if (!fits(e, r, count, child, &type, &square))
    return jac_clash(e, where, ~(uint64_t)0, "it does not fit");
  struct jac_term *t = jac_term_new(e, JAC_TERM_OP, type, where, count, child);
  if (!t)
    return NULL;
  for (size_t k = 0; k < count; k++) /* that an argument is a number decides too */
    if (count > 1 && jac_type_is_number(child[k]->type) && !jac_type_is_number(type))
      chosen |= jac_type_because(child[k]->type);
  if (chosen) {
    /* What follows rests on the choice. */
    struct jac_dim *rows_dim = jac_dim_root(type.rows),
                   *cols_dim = jac_dim_root(type.cols);
    rows_dim->because |= rows_dim == e->dims.one ? 0 : chosen;
    cols_dim->because |= cols_dim == e->dims.one ? 0 : chosen;
  }
  t->reading = r;
  t->construct = id;
  return t;
}

bool jac_elaborate_same(struct jac_elaboration *e, term *a, term *b) {
  uint64_t because = jac_type_because(a->type) | jac_type_because(b->type);
  size_t mark = jac_dims_mark(&e->dims);
  if (jac_dim_unify(&e->dims, a->type.rows, b->type.rows, because) &&
      jac_dim_unify(&e->dims, a->type.cols, b->type.cols, because))
    return true;
  jac_dims_undo(&e->dims, mark);
  e->conflict = because;
  return false;
}

static term *number_of(elaboration *e, node *n) {
  return jac_term_number(e, n->number, n);
}

static term *terms(elaboration *e, node *n) {
  term *sum = NULL;
  for (size_t k = 0; k < n->count; k++) {
    node *part = n->child[k];
    if (part->form == JAC_S_DOTS)
      return jac_unknown(e, part, "dots between terms are not read");
    /* The reach of a sum: its own term, or all that follows. */
    node *big = part;
    bool over = false;
    if (big->form == JAC_S_BIG && k + 1 < n->count) {
      struct jac_choice reach = {
          .site = jac_pool_printf(e->scope->pool, "reach:%zu", part->start),
          .count = 2,
          .price = {0, 6},
          .words = {NULL, "the sum reaches over all that follows it"}};
      over = jac_choose(e, &reach) == 1;
    }
    term *value;
    if (over) {
      struct jac_syntax *rest =
          jac_pool_take(e->pool, sizeof *rest + (n->count - k) * sizeof(node *));
      char signs[64];
      if (!rest || n->count - k >= sizeof signs)
        return NULL;
      *rest = *n;
      rest->count = n->count - k;
      rest->child[0] = big->child[2];
      signs[0] = ' ';
      bool minus = n->text[k] == '-';
      for (size_t j = 1; j < rest->count; j++) {
        rest->child[j] = n->child[k + j];
        signs[j] = minus ? (n->text[k + j] == '-' ? '-' : '+') : n->text[k + j];
      }
      signs[rest->count] = '\0';
      rest->text = jac_pool_text(e->scope->pool, signs);
      value = jac_elaborate_big(e, big, rest);
    } else
      value = jac_elaborate(e, part);
    if (!value)
      return NULL;
    if (n->text[k] == '-' && !sum) {
      value = jac_term_op(e, JAC_C_NEGATE, n, 1, &value);
    } else if (sum) {
      term *pair[2] = {sum, value};
      value = jac_term_op(e, n->text[k] == '-' ? JAC_C_SUBTRACT : JAC_C_ADD, n, 2, pair);
    }
    if (!value)
      return NULL;
    sum = value;
    if (over)
      break;
  }
  return sum;
}

static term *infix(elaboration *e, node *n) {
  if (n->row->role == JAC_ROLE_CONDITION)
    return jac_elaborate_condition(e, n);
  if (n->row->role == JAC_ROLE_DIVIDE && jac_is_derivative(n))
    return jac_elaborate_derivative(e, n, 0, NULL, n);
  /* \frac{d}{dx} \cdot f: the sign's operand. */
  if (jac_is_derivative(n->child[0]) && n->row->role == JAC_ROLE_INFIX) {
    node *sign = n->child[0];
    node *above = sign->child[0];
    if (sign->form == JAC_S_FRACTION && jac_is_differential(above))
      return jac_elaborate_derivative(e, sign, 1, &n->child[1], n);
  }
  term *pair[2];
  pair[0] = jac_elaborate(e, n->child[0]);
  pair[1] = pair[0] ? jac_elaborate(e, n->child[1]) : NULL;
  return pair[1] ? jac_term_op(e, n->row->id, n, 2, pair) : NULL;
}

static term *group(elaboration *e, node *n) {
  node *inside = n->child[0];
  if (strcmp(n->text, "||") == 0 || strcmp(n->text, "|||") == 0) {
    term *value = jac_elaborate(e, inside);
    if (!value)
      return NULL;
    if (n->text[2])
      return jac_term_op(e, JAC_C_NORM, n, 1, &value);
    if (jac_type_is_number(value->type))
      return jac_term_op(e, JAC_C_ABS, n, 1, &value);
    if (jac_dim_is_one(value->type.rows) || jac_dim_is_one(value->type.cols)) {
      struct jac_choice c = {
          .site = jac_pool_text(e->scope->pool, "bars of a vector"),
          .count = 2,
          .price = {0, 2},
          .words = {"bars are a norm", "bars are taken entry by entry"}};
      return jac_term_op(e, jac_choose(e, &c) ? JAC_C_ABS : JAC_C_NORM, n, 1, &value);
    }
    return jac_term_op(e, JAC_C_DET, n, 1, &value);
  }
  if (strcmp(n->text, "<>") == 0) {
    if (inside->form != JAC_S_LIST || inside->count != 2)
      return jac_unknown(e, n, "angle brackets are read around two vectors");
    term *pair[2];
    pair[0] = jac_elaborate(e, inside->child[0]);
    pair[1] = pair[0] ? jac_elaborate(e, inside->child[1]) : NULL;
    return pair[1] ? jac_term_op(e, JAC_C_INNER, n, 2, pair) : NULL;
  }
  if (inside->form == JAC_S_CHAIN && strcmp(n->text, "[]") == 0) {
    return jac_elaborate_condition(e, inside); /* [i = j] */
  }
  if (inside->form == JAC_S_LIST)
    return jac_elaborate_matrix(e, n);
  return jac_elaborate(e, inside);
}

static term *root(elaboration *e, node *n) {
  term *value = jac_elaborate(e, n->child[0]);
  if (!value)
    return NULL;
  if (n->count == 1)
    return jac_term_op(e, JAC_C_SQRT, n, 1, &value);
  term *which = jac_elaborate(e, n->child[1]);
  if (!which)
    return NULL;
  term *pair[2] = {jac_term_number(e, 1, n), which};
  pair[1] = jac_term_op(e, JAC_C_DIVIDE, n, 2, pair);
  pair[0] = value;
  return jac_term_op(e, JAC_C_POWER, n, 2, pair);
}

static term *fraction(elaboration *e, node *n) {
  if (jac_is_derivative(n))
    return jac_elaborate_derivative(e, n, 0, NULL, n);
  term *pair[2];
  pair[0] = jac_elaborate(e, n->child[0]);
  pair[1] = pair[0] ? jac_elaborate(e, n->child[1]) : NULL;
  return pair[1] ? jac_term_op(e, JAC_C_DIVIDE, n, 2, pair) : NULL;
}

/* f|_{x = a}: the value where the symbols have other values. */
static term *at_point(elaboration *e, node *n) {
  node *where = n->child[1];
  size_t count = where->form == JAC_S_LIST ? where->count : 1;
  if (count > 4)
    return jac_unknown(e, n, "a point of more than four values is not read");
  const struct jac_symbol **symbols =
      jac_pool_take(e->pool, count * sizeof(const struct jac_symbol *));
  term *child[5];
  child[0] = jac_elaborate(e, n->child[0]);
  if (!child[0] || !symbols)
    return NULL;
  for (size_t k = 0; k < count; k++) {
    node *one = where->form == JAC_S_LIST ? where->child[k] : where;
    if (one->form != JAC_S_CHAIN || one->count != 3 ||
        one->child[1]->row->id != JAC_C_EQUAL)
      return jac_unknown(e, n, "what stands below the bar is no point");
    symbols[k] = jac_symbol_of(e, jac_key(e, one->child[0]), one->child[0]);
    child[k + 1] = jac_elaborate(e, one->child[2]);
    if (!symbols[k] || !child[k + 1])
      return NULL;
    if (!jac_dim_unify(&e->dims, symbols[k]->type.rows, child[k + 1]->type.rows, 0) ||
        !jac_dim_unify(&e->dims, symbols[k]->type.cols, child[k + 1]->type.cols, 0))
      return jac_clash(e, one, jac_type_because(child[k + 1]->type),
                       "the point is not of the variable's shape");
  }
  struct jac_term *t = jac_term_new(e, JAC_TERM_AT, child[0]->type, n, count + 1, child);
  if (t)
    t->at = symbols;
  return t;
}

static term *name(elaboration *e, node *n) {
  bool taken = false;
  term *t = jac_elaborate_jacobian(e, n, NULL, &taken);
  if (taken || e->unfit)
    return t;
  t = jac_elaborate_special(e, n, NULL, NULL, &taken);
  if (taken || e->unfit)
    return t;
  const char *key = jac_key(e, n);
  struct jac_bound *b = jac_bound_find(e, key);
  if (b && b->value)
    return b->value;
  if (b && b->index)
    return jac_term_index(e, b->index, n);
  if (n->row && n->row->role != JAC_ROLE_ENTRYWISE && n->row->role != JAC_ROLE_FUNCTION &&
      !jac_declared(e, key) && !jac_definition_of(e, key))
    return jac_unknown(e, n, "%s: an argument in brackets is missing", n->text);
  struct name_entry *entry = jac_name_entry(e, key);
  if (entry && entry->dim)
    return jac_term_size(e, entry->dim, n);
  if (entry && entry->index)
    return jac_term_index(e, entry->index, n);
  const struct jac_usage *u = jac_usage_of(e->evidence, key);
  bool known = jac_definition_of(e, key) || jac_declared(e, key);
  if (u && u->bounds && !known && !u->denominator && !u->numerator)
    return jac_term_size(e, jac_named_size(e, key), n);
  if (!known && jac_is_index(e, key)) {
    struct jac_index *index = jac_free_index(e, key);
    return index ? jac_term_index(e, index, n) : NULL;
  }
  if (strncmp(n->text, "bb_", 3) == 0 && !jac_definition_of(e, key))
    return jac_unknown(e, n,
                       strcmp(n->text, "bb_E") == 0 ? "an expectation is not read"
                                                    : "a set is not read here");
  return jac_term_symbol(e, jac_symbol_of(e, key, n), n);
}

term *jac_elaborate(elaboration *e, node *n) {
  if (e->unfit)
    return NULL;
  if (++e->depth > MOST_DEPTH) {
    e->unfit = JAC_BOUND;
    snprintf(e->message, sizeof e->message, "it is nested too deeply to be worked out");
    return NULL;
  }
  term *t = NULL;
  switch (n->form) {
  case JAC_S_NUMBER:
    t = number_of(e, n);
    break;
  case JAC_S_NAME:
    t = name(e, n);
    break;
  case JAC_S_GROUP:
    t = group(e, n);
    break;
  case JAC_S_SCRIPT:
    t = jac_elaborate_script(e, n);
    break;
  case JAC_S_SIDE:
    t = jac_elaborate_side(e, n);
    break;
  case JAC_S_INFIX:
    t = infix(e, n);
    break;
  case JAC_S_TERMS:
    t = terms(e, n);
    break;
  case JAC_S_APPLY:
    t = jac_elaborate_apply(e, n);
    break;
  case JAC_S_FRACTION:
    t = fraction(e, n);
    break;
  case JAC_S_ROOT:
    t = root(e, n);
    break;
  case JAC_S_BIG:
    t = jac_elaborate_big(e, n, n->child[2]);
    break;
  case JAC_S_MATRIX:
    t = jac_elaborate_matrix(e, n);
    break;
  case JAC_S_CASES:
    t = jac_elaborate_cases(e, n);
    break;
  case JAC_S_CHAIN:
    t = jac_elaborate_condition(e, n);
    break;
  case JAC_S_POINT:
    t = at_point(e, n);
    break;
  case JAC_S_LIST:
    t = jac_unknown(e, n, "a list is not read here");
    break;
  case JAC_S_ROW:
  case JAC_S_SIGN:
  case JAC_S_STRING:
  case JAC_S_DOTS:
  case JAC_S_BLANK:
    t = jac_unknown(e, n, "dots, blanks and signs alone are not read here");
    break;
  }
  e->depth--;
  if (!t && !e->unfit) {
    e->unfit = e->pool->failed ? JAC_SHORT : JAC_UNKNOWN;
    snprintf(e->message, sizeof e->message, "it is not read");
    e->start = n->start;
    e->end = n->end;
  }
  return t;
}
