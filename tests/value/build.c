#include "build.h"

#include <check.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

static struct jac_pool pool = JAC_POOL_INIT;
static size_t made;

void build_free(void) {
  jac_pool_free(&pool);
}

struct jac_dim *dim_of(size_t size) {
  struct jac_dim *dim = jac_pool_take(&pool, sizeof *dim);
  dim->kind = size == 1 ? JAC_DIM_ONE : JAC_DIM_FIXED;
  dim->fixed = dim->size = size;
  return dim;
}

struct jac_symbol *symbol_of(const char *key, size_t rows, size_t cols) {
  struct jac_symbol *s = jac_pool_take(&pool, sizeof *s);
  s->key = jac_pool_text(&pool, key);
  s->type = (struct jac_type){dim_of(rows), dim_of(cols)};
  s->id = ++made;
  return s;
}

struct jac_symbol *defined_as(const char *key, term_t body) {
  struct jac_symbol *s = symbol_of(key, 1, 1);
  s->type = body->type;
  s->body = body;
  return s;
}

struct jac_symbol *family_of(const char *key, size_t members, size_t rows, size_t cols) {
  struct jac_symbol *s = symbol_of(key, rows, cols);
  s->families = 1;
  s->family[0] = dim_of(members);
  s->place[0] = index_of("t", members);
  return s;
}

struct jac_index *index_of(const char *name, size_t range) {
  struct jac_index *i = jac_pool_take(&pool, sizeof *i);
  i->name = name;
  i->range = dim_of(range);
  i->id = ++made;
  return i;
}

static struct jac_term *make(enum jac_term_kind kind, size_t rows, size_t cols,
                             size_t count) {
  struct jac_term *t =
      jac_pool_take(&pool, sizeof *t + count * sizeof(const struct jac_term *));
  t->kind = kind;
  t->type = (struct jac_type){dim_of(rows), dim_of(cols)};
  t->count = count;
  t->id = ++made;
  return t;
}

static size_t rows(term_t t) {
  return jac_dim_size(t->type.rows);
}
static size_t cols(term_t t) {
  return jac_dim_size(t->type.cols);
}

term_t number(double x) {
  struct jac_term *t = make(JAC_TERM_NUMBER, 1, 1, 0);
  t->number = x;
  return t;
}

term_t sym(const struct jac_symbol *symbol) {
  struct jac_term *t = make(JAC_TERM_SYMBOL, 1, 1, 0);
  t->type = symbol->type;
  t->symbol = symbol;
  return t;
}

term_t member(const struct jac_symbol *symbol, term_t place) {
  struct jac_term *t = make(JAC_TERM_SYMBOL, 1, 1, 1);
  t->type = symbol->type;
  t->symbol = symbol;
  t->child[0] = place;
  return t;
}

term_t at_index(const struct jac_index *index) {
  struct jac_term *t = make(JAC_TERM_INDEX, 1, 1, 0);
  t->index = index;
  return t;
}

/* Sizes of letters so far; 0: not bound. */
struct match {
  size_t size[128];
};

/* One side of a shape: a letter, 1 or 3, products and sums of letters. */
static const char *side(const char *at, const struct match *m, size_t *size) {
  *size = isdigit((unsigned char)*at) ? (size_t)(*at - '0') : m->size[(int)*at];
  at++;
  while (*at == '*' || *at == '+') {
    size_t more = m->size[(int)at[1]];
    *size = *at == '*' ? *size * more : *size + more;
    at += 2;
  }
  return at;
}

static const char *bind(const char *at, struct match *m, size_t size, bool *fits) {
  if (isalpha((unsigned char)*at) && m->size[(int)*at] == 0)
    m->size[(int)*at] = size;
  size_t is = 0;
  at = side(at, m, &is);
  *fits = *fits && is == size;
  return at;
}

static bool fits(const char *type, size_t count, const term_t *arg, size_t *r,
                 size_t *c) {
  struct match m = {{0}};
  bool ok = true;
  const char *at = type;
  for (size_t k = 0; k < count && ok; k++) {
    if (*at == 'i')
      at++;
    if (*at == '1') {
      ok = rows(arg[k]) == 1 && cols(arg[k]) == 1;
      at++;
    } else if (*at == '(') {
      at = bind(at + 1, &m, rows(arg[k]), &ok);
      at = bind(at + 1, &m, cols(arg[k]), &ok) + 1;
    } else
      return false;
  }
  if (!ok || strncmp(at, "->", 2) != 0)
    return false;
  at += 2;
  *r = *c = 1;
  if (*at == '(')
    side(side(at + 1, &m, r) + 1, &m, c);
  return true;
}

static struct jac_term *op(enum jac_construct_id id, enum jac_term_kind kind,
                           size_t fitted, size_t count, const term_t *arg) {
  size_t first = 0, n = jac_readings_of(id, &first), r = 0, c = 0;
  for (size_t k = first; k < first + n; k++) {
    const struct jac_reading *reading = jac_reading_at(k);
    if (!fits(reading->type, fitted, arg, &r, &c))
      continue;
    struct jac_term *t = make(kind, r, c, count);
    t->reading = reading;
    for (size_t i = 0; i < count; i++)
      t->child[i] = arg[i];
    return t;
  }
  ck_abort_msg("no reading of construct %d fits", (int)id);
  return NULL;
}

term_t op1(enum jac_construct_id id, term_t a) {
  return op(id, JAC_TERM_OP, 1, 1, &a);
}

term_t op2(enum jac_construct_id id, term_t a, term_t b) {
  term_t arg[2] = {a, b};
  return op(id, JAC_TERM_OP, 2, 2, arg);
}

term_t eye_of(size_t n) {
  return make(JAC_TERM_EYE, n, n, 0);
}

term_t big(enum jac_construct_id id, const struct jac_index *index, term_t body,
           term_t first, term_t last, term_t condition) {
  term_t part[4] = {body, first, last, condition};
  struct jac_term *t = op(id, JAC_TERM_BIG, 1, 4, part);
  t->index = index;
  return t;
}

term_t entry_of(term_t base, term_t row, term_t column) {
  size_t r = row ? 1 : rows(base), c = column || cols(base) == 1 ? 1 : cols(base);
  struct jac_term *t = make(JAC_TERM_ENTRY, r, c, 3);
  t->child[0] = base;
  t->child[1] = row;
  t->child[2] = column;
  return t;
}

term_t build_of(const struct jac_index *row, const struct jac_index *column,
                term_t entry) {
  struct jac_term *t = make(JAC_TERM_BUILD, row ? jac_dim_size(row->range) : 1,
                            column ? jac_dim_size(column->range) : 1, 1);
  t->index = row;
  t->index2 = column;
  t->child[0] = entry;
  return t;
}

term_t compare_of(enum jac_construct_id id, term_t a, term_t b) {
  struct jac_term *t = make(JAC_TERM_COMPARE, rows(a), cols(a), 2);
  t->construct = id;
  t->child[0] = a;
  t->child[1] = b;
  return t;
}

term_t cases_of(size_t count, const term_t *part, size_t r, size_t c) {
  struct jac_term *t = make(JAC_TERM_CASES, r, c, count);
  for (size_t k = 0; k < count; k++)
    t->child[k] = part[k];
  return t;
}

term_t call_of(const struct jac_symbol *function, size_t r, size_t c, term_t a) {
  struct jac_term *t = make(JAC_TERM_CALL, r, c, 1);
  t->symbol = function;
  t->child[0] = a;
  return t;
}

term_t blocks_of(size_t down, size_t across, size_t r, size_t c, const term_t *block) {
  struct jac_term *t = make(JAC_TERM_MATRIX, r, c, down * across);
  t->block_rows = down;
  t->block_cols = across;
  for (size_t k = 0; k < down * across; k++)
    t->child[k] = block[k];
  return t;
}

term_t reshape_of(term_t a, size_t r, size_t c) {
  struct jac_term *t = make(JAC_TERM_RESHAPE, r, c, 1);
  t->child[0] = a;
  return t;
}

term_t at_of(term_t body, const struct jac_symbol *symbol, term_t value) {
  struct jac_term *t = make(JAC_TERM_AT, rows(body), cols(body), 2);
  const struct jac_symbol **at = jac_pool_take(&pool, sizeof *at);
  at[0] = symbol;
  t->at = at;
  t->child[0] = body;
  t->child[1] = value;
  return t;
}

term_t integral_of(term_t body, const struct jac_symbol *over, term_t from, term_t to) {
  struct jac_term *t = make(JAC_TERM_INTEGRAL, rows(body), cols(body), 3);
  const struct jac_symbol **at = jac_pool_take(&pool, sizeof *at);
  at[0] = over;
  t->at = at;
  t->child[0] = body;
  t->child[1] = from;
  t->child[2] = to;
  return t;
}

struct jac_term *deriv_by(term_t what, size_t bys, const struct jac_by *by,
                          enum jac_layout layout, size_t r, size_t c) {
  struct jac_term *t = make(JAC_TERM_DERIVATIVE, r, c, 1);
  struct jac_by *own = jac_pool_take(&pool, bys * sizeof *own);
  memcpy(own, by, bys * sizeof *own);
  t->child[0] = what;
  t->bys = bys;
  t->by = own;
  t->layout = layout;
  return t;
}

struct jac_term *deriv(term_t what, const struct jac_symbol *by, enum jac_layout layout) {
  struct jac_by one = {.symbol = by};
  size_t m = rows(what) * cols(what), r = jac_dim_size(by->type.rows),
         c = jac_dim_size(by->type.cols);
  switch (layout) {
  case JAC_LAYOUT_JACOBIAN:
    return deriv_by(what, 1, &one, layout, m, r * c);
  case JAC_LAYOUT_TRANSPOSED:
    return deriv_by(what, 1, &one, layout, r * c, m);
  case JAC_LAYOUT_GRADIENT:
    return deriv_by(what, 1, &one, layout, r, c);
  case JAC_LAYOUT_GRADIENT_T:
    return deriv_by(what, 1, &one, layout, c, r);
  case JAC_LAYOUT_OUTPUT:
    return deriv_by(what, 1, &one, layout, rows(what), cols(what));
  case JAC_LAYOUT_OUTPUT_T:
    break;
  }
  return deriv_by(what, 1, &one, layout, cols(what), rows(what));
}

struct jac_value value_in(term_t term, struct jac_sample *sample) {
  struct jac_value v;
  struct jac_error err = {0};
  enum jac_status status = jac_value(term, sample, NULL, NULL, 0, &v, &err);
  ck_assert_msg(status == JAC_OK, "%s", err.message);
  return v;
}

void same(const struct jac_value *a, const struct jac_value *b, double tolerance) {
  ck_assert_uint_eq(a->rows, b->rows);
  ck_assert_uint_eq(a->cols, b->cols);
  for (size_t k = 0; k < a->rows * a->cols; k++)
    ck_assert_msg(fabs(a->x[k] - b->x[k]) <= tolerance * fmax(1.0, fabs(b->x[k])),
                  "entry %zu: %.17g and %.17g", k, a->x[k], b->x[k]);
}

void equal(term_t a, term_t b) {
  for (uint64_t seed = 1; seed <= 4; seed++) {
    struct jac_sample sample = {.seed = seed};
    struct jac_value x = value_in(a, &sample), y = value_in(b, &sample);
    same(&x, &y, 1e-11);
    jac_value_free(&x);
    jac_value_free(&y);
    jac_sample_clear(&sample);
  }
}
