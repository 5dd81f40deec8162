/* Operations: the readings of a construct whose types fit its arguments, and the one that
 * is chosen. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

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
                                       {JAC_SAYS_OTIMES_OUTER, JAC_SAYS_OTIMES_KRON},
                                       {JAC_SAYS_SOFTMAX_ROWS, JAC_SAYS_SOFTMAX_COLUMNS}};

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
  if (id == JAC_C_SOFTMAX || id == JAC_C_LOGSOFTMAX) {
    enum jac_saying s = jac_says(e, sayings[2][0], sayings[2][1]);
    bool columns = reading->words != NULL, rows = !columns && reading->price;
    if (s == JAC_SAYS_SOFTMAX_COLUMNS && columns)
      *price = 0;
    return (s == JAC_SAYS_SOFTMAX_COLUMNS && rows) ||
           (s == JAC_SAYS_SOFTMAX_ROWS && columns);
  }
  return false;
}

/* The arguments' shapes, a letter each: 1, r(ow), c(olumn), m(atrix). */
static void write_shapes(size_t count, term *const *child, char shapes[24]) {
  size_t n = 0;
  for (; n < count && n < 4; n++) {
    struct jac_type t = child[n]->type;
    shapes[n] = jac_dim_is_one(t.rows)   ? (jac_dim_is_one(t.cols) ? '1' : 'r')
                : jac_dim_is_one(t.cols) ? 'c'
                                         : 'm';
  }
  shapes[n] = '\0';
}

/* Whether a first reading that costs nothing is the reading, but for signs with several.
 */
static bool settles(enum jac_construct_id id, const char *shapes) {
  bool matrices = strcmp(shapes, "mm") == 0;
  return !(id == JAC_C_STAR && matrices) && !(id == JAC_C_SIDE && matrices) &&
         !(id == JAC_C_POWER && strcmp(shapes, "m1") == 0) && id != JAC_C_OTIMES;
}

/* The readings that fit, with their prices. row: which they are. */
static void collect_readings(elaboration *e, enum jac_construct_id id, size_t count,
                             term *const *child, const char *shapes,
                             struct jac_choice *choice, size_t row[JAC_ALTERNATIVES]) {
  size_t first, rows = jac_readings_of(id, &first);
  bool sure = false;
  for (size_t k = first; k < first + rows && !sure && choice->count < JAC_ALTERNATIVES;
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
    row[choice->count] = k;
    choice->price[choice->count] = price;
    choice->words[choice->count++] = r->words;
    sure = price == 0 && settles(id, shapes);
  }
}

static bool no_diagonal(const struct jac_term *t, void *context) {
  (void)context;
  return t->kind != JAC_TERM_OP || t->construct != JAC_C_DIAG ||
         strcmp(t->reading->type, "(n,n)->(n,1)") != 0;
}

/* No reading fits. */
static term *misfit(elaboration *e, enum jac_construct_id id, node *where, size_t count,
                    term *const *child) {
  uint64_t because = 0;
  char words[300];
  for (size_t k = 0; k < count; k++)
    because |= jac_type_because(child[k]->type);
  say_types(e, where, count, child, words, sizeof words);
  size_t n;
  const char *name = construct_word(id, &n), *hint = "";
  for (size_t k = 0; k < count; k++)
    if (!jac_term_walk(child[k], no_diagonal, NULL))
      hint = "; diag of a matrix is its diagonal, a column: diag(diag(X)) is a matrix";
  return jac_clash(e, where, because,
                   strstr(words, " is ") ? "%s: %.*s does not fit%.0s%s"
                                         : "%.0s%.*s of %s does not fit%s",
                   words, (int)n, name, words, hint);
}

/* Which of the readings that fit is meant: a choice, which one that costs something is
 * alone too. number: of the first among the construct's readings. */
static size_t choose_reading(elaboration *e, enum jac_construct_id id, const char *shapes,
                             struct jac_choice *choice, size_t number) {
  if (choice->count == 1 && !choice->price[0])
    return 0;
  size_t n;
  const char *name = construct_word(id, &n);
  choice->site =
      choice->count > 1
          ? jac_pool_printf(e->scope->pool, "%.*s:%s", (int)n, name, shapes)
          : jac_pool_printf(e->scope->pool, "%.*s:%s:%zu", (int)n, name, shapes, number);
  size_t pick = jac_choose(e, choice);
  return choice->count > 1 ? pick : 0;
}

/* What follows from the type rests on the choices. */
static void rest_on(elaboration *e, struct jac_type type, uint64_t choices) {
  struct jac_dim *rows = jac_dim_root(type.rows), *cols = jac_dim_root(type.cols);
  rows->because |= rows == e->dims.one ? 0 : choices;
  cols->because |= cols == e->dims.one ? 0 : choices;
}

/* Whether the words around say that * is no product: of what is no number for sure. */
static bool convolves(elaboration *e, enum jac_construct_id id, size_t count,
                      term *const *child) {
  enum jac_saying c = JAC_SAYS_STAR_CONVOLUTION;
  if (id != JAC_C_STAR || jac_says(e, c, JAC_SAYS_STAR_PRODUCT) != c ||
      jac_says(e, c, JAC_SAYS_STAR_HADAMARD) != c)
    return false;
  for (size_t k = 0; k < count; k++)
    if (jac_type_is_number(child[k]->type) &&
        !(child[k]->kind == JAC_TERM_SYMBOL && !jac_declared(e, child[k]->symbol->key)))
      return false;
  return true;
}

term *jac_term_op(elaboration *e, enum jac_construct_id id, node *where, size_t count,
                  term *const *child) {
  if (e->unfit)
    return NULL;
  for (size_t k = 0; k < count; k++)
    if (!child[k])
      return NULL;
  struct jac_choice choice = {.count = 0};
  size_t row[JAC_ALTERNATIVES], first;
  char shapes[24];
  write_shapes(count, child, shapes);
  if (convolves(e, id, count, child))
    return jac_unknown(e, where, "* may be a convolution here, by the words beside it");
  collect_readings(e, id, count, child, shapes, &choice, row);
  if (!choice.count)
    return misfit(e, id, where, count, child);
  jac_readings_of(id, &first);
  size_t pick = choose_reading(e, id, shapes, &choice, row[0] - first);
  const struct jac_reading *r = jac_reading_at(row[pick]);
  struct jac_type type;
  bool square;
  uint64_t chosen = choice.site ? jac_choice_bit(e, choice.site) : 0;
  if (!fits(e, r, count, child, &type, &square))
    return jac_clash(e, where, ~(uint64_t)0, "it does not fit");
  struct jac_term *t = jac_term_new(e, JAC_TERM_OP, type, where, count, child);
  if (!t)
    return NULL;
  for (size_t k = 0; k < count; k++) /* that an argument is a number decides too */
    if (count > 1 && jac_type_is_number(child[k]->type) && !jac_type_is_number(type))
      chosen |= jac_type_because(child[k]->type);
  if (chosen)
    rest_on(e, type, chosen);
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
