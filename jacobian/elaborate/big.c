/* Sums and products over an index, conditions, cases, explicit matrices. */
#include "jacobian/elaborate/big_internal.h"

#include <math.h>
#include <string.h>

static bool number_is(node *n, double value) {
  return n->form == JAC_S_NUMBER && n->number == value;
}

/* The bounds of an index: its range where they say it, else terms. */
static bool bounds(elaboration *e, const struct over *o, node *above,
                   struct jac_index *index, term **first, term **last) {
  *first = *last = NULL;
  node *from = o->first, *to = above;
  if (from && from->form == JAC_S_LIST && from->count == 2)
    to = from->child[1], from = from->child[0]; /* i = 1:n */
  bool from_one = !from || number_is(from, 1);
  if (from && number_is(from, 0) && to && to->form == JAC_S_TERMS && to->count == 2 &&
      to->text[1] == '-' && number_is(to->child[1], 1)) {
    /* 0 ... n - 1: counted from 0, the same entries. */
    from_one = true;
    to = to->child[0];
  }
  if (to) {
    to = jac_inside(to);
    bool name = to->form == JAC_S_NAME || to->form == JAC_S_SCRIPT;
    const char *key = name ? jac_key(e, to) : NULL;
    bool value = key && (jac_bound_find(e, key) || jac_definition_of(e, key) ||
                         (jac_name_entry(e, key) && jac_name_entry(e, key)->index));
    /* A program's sum may end before what it runs over does. */
    bool number = number_is(to, to->number) && !e->strict;
    if (from_one && (number || (name && !value))) {
      struct jac_dim *size = jac_size_of(e, to);
      if (!size || !jac_dim_unify(&e->dims, index->range, size, 0)) {
        jac_clash(e, to, e->dims.conflict, "the sum runs over another size");
        return false;
      }
      return true;
    }
    *last = jac_index_value(e, to, NULL);
    if (!*last)
      return false;
    const struct jac_term *known = *last;
    if (known->kind == JAC_TERM_SYMBOL && known->symbol->body && !known->symbol->families)
      known = known->symbol->body;
    /* It runs to a number: so many are there of what no size is told of. */
    if (e->exact && from_one && known->kind == JAC_TERM_NUMBER && known->number >= 1 &&
        known->number <= 1e6 && floor(known->number) == known->number)
      jac_dim_unify(&e->dims, index->range,
                    jac_dim_fixed_new(&e->dims, (size_t)known->number), 0);
  }
  if (!from_one) {
    *first = jac_index_value(e, from, NULL);
    if (!*first)
      return false;
  }
  return true;
}

/* The index letters in n that nothing binds: *one, where there is one alone. */
static size_t free_letters(elaboration *e, node *n, node **one) {
  size_t count = 0;
  node *item[4];
  size_t items =
      n->form == JAC_S_SCRIPT && n->child[1] ? jac_index_items(n->child[1], item) : 0;
  for (size_t k = 0; k < items; k++) {
    node *l = jac_index_letter(item[k]);
    if (!l || jac_bound_find(e, jac_key(e, l)) || (*one && jac_notation_equal(l, *one)))
      continue;
    *one = l;
    count++;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !(n->form == JAC_S_SCRIPT && k == 1))
      count += free_letters(e, n->child[k], one);
  return count;
}

/* Whether a name stands in n for itself, and not as an index: z in \max_z f(z). */
static bool bare(node *n, node *name) {
  if (jac_notation_equal(n, name))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !(n->form == JAC_S_SCRIPT && k == 1) && bare(n->child[k], name))
      return true;
  return false;
}

/* dx_i of \prod_i dx_i: an element of volume. */
static bool of_differentials(node *body) {
  for (size_t k = 0; body && body->form == JAC_S_SIDE && k + 1 < body->count; k++)
    if (jac_d_before(body->child[k], body->child[k + 1]))
      return true;
  return false;
}

term *jac_elaborate_big(elaboration *e, node *n, node *body) {
  node *below = n->child[0];
  enum jac_construct_id id = n->row->id;
  if (id == JAC_C_LIMIT)
    return jac_unknown(e, n, "this limit is not read here");
  if (id == JAC_C_PRODUCT && of_differentials(body))
    return jac_unknown(e, n, "an element of volume is not read");
  node *letter = NULL;
  if (!below && id == JAC_C_SUM && body && free_letters(e, body, &letter) == 1 &&
      jac_choose2(e, jac_pool_text(e->scope->pool, "sum over what"), 0, 6, NULL, NULL,
                  NULL) == 0)
    below = letter; /* \sum e^{z_i}: over i */
  if (!below) {
    if (id == JAC_C_SUM || id == JAC_C_BIGMAX) {
      /* \sum x: over all entries. */
      term *value = jac_elaborate(e, body);
      if (!value)
        return NULL;
      if (jac_type_is_number(value->type))
        return jac_unknown(e, n, "nothing says what this sum runs over");
      return jac_term_op(e, id == JAC_C_SUM ? JAC_C_TOTAL : JAC_C_MAX, n, 1, &value);
    }
    return jac_unknown(e, n, "nothing says what this product runs over");
  }
  struct over over[3];
  size_t count = 0;
  bool good = jac_one_over(e, below, over, &count);
  if (e->unfit)
    return NULL;
  if (!good || !count)
    return jac_unknown(e, below, "what this sum runs over is not read");
  jac_over_pairs(e, body, over, &count);
  for (size_t k = 0; k < count; k++)
    if (over[k].set && jac_is_below(body, over[k].letter))
      return jac_unknown(e, below, "a sum over a set is not read");
  if ((id == JAC_C_BIGMAX || id == JAC_C_BIGMIN) && bare(body, over[0].letter))
    return jac_unknown(e, n, "an extreme value over all %s is not read",
                       jac_key(e, over[0].letter));
  struct jac_bound bound[3];
  struct jac_index *index[3];
  term *first[3], *last[3];
  struct jac_bound *outer = e->bound;
  struct jac_dim *pending = e->pending;
  e->pending = NULL;
  for (size_t k = 0; k < count; k++) {
    const char *key = jac_key(e, over[k].letter);
    struct jac_dim *range = pending && !k ? pending : jac_dim_free_new(&e->dims, NULL);
    index[k] = jac_index_new(e, key, range);
    if (!index[k] || !bounds(e, &over[k], n->child[1], index[k], &first[k], &last[k]) ||
        !jac_up_to(e, &over[k], index[k], over, count)) {
      e->bound = outer;
      return NULL;
    }
    bound[k] = (struct jac_bound){.key = key, .index = index[k], .next = e->bound};
    /* Lent: taken back below. */
    /* cppcheck-suppress autoVariables */
    e->bound = &bound[k];
  }
  term *value = jac_elaborate(e, body);
  size_t row, rows = jac_readings_of(id, &row);
  (void)rows;
  for (size_t k = 0; value && k < count; k++)
    jac_end_there(e, index[k], last[k]);
  for (size_t k = 0; value && k < count; k++)
    jac_same_range(e, &over[k], n->child[1], index[k]);
  for (size_t k = count; value && k-- > 0;) {
    term *condition = NULL;
    for (size_t j = 0; j < over[k].conditions; j++) {
      term *one = jac_elaborate_condition(e, over[k].condition[j]);
      if (!one) {
        value = NULL;
        break;
      }
      if (!condition)
        condition = one;
      else {
        term *pair[2] = {condition, one};
        struct jac_term *both =
            jac_term_new(e, JAC_TERM_LOGIC, jac_type_number(e), n, 2, pair);
        if (both)
          both->construct = JAC_C_AND;
        condition = both;
      }
    }
    if (!value)
      break;
    if (id != JAC_C_SUM && id != JAC_C_PRODUCT && !jac_type_is_number(value->type)) {
      value =
          jac_clash(e, n, jac_type_because(value->type), "a largest one is of numbers");
      break;
    }
    if (id == JAC_C_PRODUCT &&
        !jac_dim_unify(&e->dims, value->type.rows, value->type.cols, 0)) {
      value = jac_clash(e, n, e->dims.conflict, "the factors of a product are square");
      break;
    }
    term *child[4] = {value, first[k], last[k], condition};
    struct jac_term *big = jac_term_new(e, JAC_TERM_BIG, value->type, n, 4, child);
    if (big) {
      big->reading = jac_reading_at(row);
      big->construct = id;
      big->index = index[k];
      big->descending =
          id == JAC_C_PRODUCT && !jac_type_is_number(value->type) &&
          jac_choose2(e, jac_pool_text(e->scope->pool, "order of factors"), 0, 4, NULL,
                      N_("the last factor of a product stands first"), NULL) == 1;
    }
    value = big;
  }
  e->bound = outer;
  return value;
}

/* Conditions: chains of relations, and, or. */
term *jac_elaborate_condition(elaboration *e, node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_GROUP && n->text[0] == '[')
    n = n->child[0];
  if (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION) {
    term *pair[2];
    pair[0] = jac_elaborate_condition(e, n->child[0]);
    pair[1] = pair[0] ? jac_elaborate_condition(e, n->child[1]) : NULL;
    struct jac_term *t =
        pair[1] ? jac_term_new(e, JAC_TERM_LOGIC, pair[0]->type, n, 2, pair) : NULL;
    if (t)
      t->construct = n->row->id;
    return t;
  }
  if (n->form == JAC_S_LIST) { /* i = j, k = l */
    term *all = NULL;
    for (size_t k = 0; k < n->count; k++) {
      term *one = jac_elaborate_condition(e, n->child[k]);
      if (!one)
        return NULL;
      term *pair[2] = {all, one};
      struct jac_term *both =
          all ? jac_term_new(e, JAC_TERM_LOGIC, one->type, n, 2, pair) : NULL;
      if (both)
        both->construct = JAC_C_AND;
      all = all ? both : one;
    }
    return all;
  }
  if (n->form != JAC_S_CHAIN)
    return jac_unknown(e, n, "this condition is not read");
  term *all = NULL;
  for (size_t k = 1; k + 1 < n->count; k += 2) {
    enum jac_construct_id id = n->child[k]->row->id;
    if (id == JAC_C_APPROXIMATE || id == JAC_C_MEMBER || id == JAC_C_ARROW ||
        id == JAC_C_BECOMES)
      return jac_unknown(e, n, "this condition is not read");
    term *pair[2];
    pair[0] = jac_elaborate(e, n->child[k - 1]);
    pair[1] = pair[0] ? jac_elaborate(e, n->child[k + 1]) : NULL;
    if (!pair[1])
      return NULL;
    bool a = jac_type_is_number(pair[0]->type), b = jac_type_is_number(pair[1]->type);
    if (!a && !b && !jac_elaborate_same(e, pair[0], pair[1]))
      return jac_clash(e, n, e->conflict, "two shapes are compared");
    /* Two indices that are compared run over the same. */
    if (pair[0]->kind == JAC_TERM_INDEX && pair[1]->kind == JAC_TERM_INDEX)
      jac_dim_unify(&e->dims, pair[0]->index->range, pair[1]->index->range, 0);
    for (size_t j = 0; j < 2; j++)
      if (pair[j]->kind == JAC_TERM_INDEX && pair[1 - j]->kind == JAC_TERM_SYMBOL &&
          pair[1 - j]->symbol->values == JAC_PLACES)
        jac_dim_unify(&e->dims, pair[j]->index->range, pair[1 - j]->symbol->places, 0);
    struct jac_term *one =
        jac_term_new(e, JAC_TERM_COMPARE, a ? pair[1]->type : pair[0]->type, n, 2, pair);
    if (!one)
      return NULL;
    one->construct = id;
    if (all) {
      term *both[2] = {all, one};
      one = jac_term_new(e, JAC_TERM_LOGIC, one->type, n, 2, both);
      if (one)
        one->construct = JAC_C_AND;
    }
    all = one;
  }
  return all;
}

term *jac_elaborate_cases(elaboration *e, node *n) {
  term *child[JAC_ALTERNATIVES * 4];
  size_t count = n->count;
  if (count > sizeof child / sizeof *child || count < 2)
    return jac_unknown(e, n, "these cases are not read");
  struct jac_type type = jac_type_number(e);
  for (size_t k = 0; k < count; k++) {
    bool condition = k % 2 == 1;
    if (condition && !n->child[k]) {
      if (k + 1 != count)
        return jac_unknown(e, n, "'otherwise' comes last");
      count = k;
      break;
    }
    child[k] = condition ? jac_elaborate_condition(e, n->child[k])
                         : jac_elaborate(e, n->child[k]);
    if (!child[k])
      return NULL;
    if (jac_type_is_number(child[k]->type))
      continue;
    if (jac_type_is_number(type))
      type = child[k]->type;
    else if (!jac_dim_unify(&e->dims, type.rows, child[k]->type.rows, 0) ||
             !jac_dim_unify(&e->dims, type.cols, child[k]->type.cols, 0))
      return jac_clash(e, n, e->dims.conflict, "the cases are of different shapes");
  }
  return jac_term_new(e, JAC_TERM_CASES, type, n, count, child);
}

/* [a, b], (a, b), [a; b], pmatrix: blocks. */
term *jac_elaborate_matrix(elaboration *e, node *n) {
  if (n->form == JAC_S_MATRIX && jac_has_dots(n))
    return jac_elaborate_dots(e, n);
  e->dims.spelled = e->dims.spelled || n->form == JAC_S_MATRIX;
  size_t rows = 1, cols;
  bool list = n->form == JAC_S_GROUP;
  node *inside = list ? n->child[0] : n;
  cols = list ? inside->count : 0;
  if (!list) {
    rows = n->count;
    for (size_t k = 0; k < rows; k++)
      cols = n->child[k]->count > cols ? n->child[k]->count : cols;
    for (size_t k = 0; k < rows && strcmp(n->text, "[]") == 0; k++)
      if (n->child[k]->count != cols) /* LaTeX may leave cells out: they are zero */
        return jac_unknown(e, n, "rows of different lengths, %zu and %zu", cols,
                           n->child[k]->count);
  }
  if (rows * cols > 256 || rows * cols == 0)
    return jac_unknown(e, n, "a matrix of so many cells is not read");
  term *child[256];
  struct jac_dim *high[32] = {NULL}, *wide[256] = {NULL};
  bool numbers = true;
  if (rows > 32)
    return jac_unknown(e, n, "a matrix of so many rows is not read");
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) {
      node *cell = list                     ? inside->child[j]
                   : j < n->child[i]->count ? n->child[i]->child[j]
                                            : NULL;
      child[i * cols + j] = NULL;
      if (!cell || cell->form == JAC_S_BLANK)
        continue;
      if (cell->form == JAC_S_DOTS)
        return jac_unknown(e, cell, "a matrix with dots is not read here");
      term *t = jac_elaborate(e, cell);
      if (!t)
        return NULL;
      bool zero = t->kind == JAC_TERM_NUMBER && t->number == 0;
      child[i * cols + j] = t;
      if (!jac_type_is_number(t->type))
        numbers = false;
      (void)zero;
    }
  /* [h, x] of two columns is one above the other; (a, b) of numbers a row, or a column.
   */
  size_t column = 0;
  if (list && (numbers || inside->count > 1)) {
    bool columns = !numbers && child[0] && jac_dim_is_one(child[0]->type.cols);
    const char *site = jac_pool_printf(e->scope->pool, "list:%s%s", n->text,
                                       numbers   ? ""
                                       : columns ? "c"
                                                 : "r");
    unsigned tuple = n->text[0] == '(' ? 1 : 0;
    if (numbers)
      column = jac_choose2(e, site, tuple ? 2 : 0, tuple ? 0 : 5, NULL, NULL, NULL);
    else
      column = jac_choose2(e, site, columns ? 6 : 0, columns ? 0 : 6, NULL, NULL, NULL);
    if (column) {
      rows = cols;
      cols = 1;
    }
  }
  /* Sizes: all of a row as high, all of a column as wide; zeros are of any size. */
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) {
      term *t = child[i * cols + j];
      if (!t)
        continue;
      bool zero = t->kind == JAC_TERM_NUMBER && t->number == 0 && !numbers;
      if (zero) {
        child[i * cols + j] = NULL;
        continue;
      }
      struct jac_dim **h = &high[i], **w = &wide[j];
      if (!*h)
        *h = t->type.rows;
      if (!*w)
        *w = t->type.cols;
      if (!jac_dim_unify(&e->dims, *h, t->type.rows, 0) ||
          !jac_dim_unify(&e->dims, *w, t->type.cols, 0))
        return jac_clash(e, n, e->dims.conflict | jac_type_because(t->type),
                         "the blocks of the matrix do not fit beside each other");
    }
  struct jac_dim *r = NULL, *c = NULL;
  if (numbers) {
    r = jac_dim_fixed_new(&e->dims, rows);
    c = jac_dim_fixed_new(&e->dims, cols);
  }
  for (size_t i = 0; i < rows && !numbers; i++) {
    struct jac_dim *h = high[i] ? high[i] : e->dims.one;
    r = r ? jac_dim_sum(&e->dims, r, h) : h;
  }
  for (size_t j = 0; j < cols && !numbers; j++) {
    struct jac_dim *w = wide[j] ? wide[j] : e->dims.one;
    c = c ? jac_dim_sum(&e->dims, c, w) : w;
  }
  struct jac_term *t =
      jac_term_new(e, JAC_TERM_MATRIX, jac_type_of(r, c), n, rows * cols, child);
  if (t) {
    t->block_rows = rows;
    t->block_cols = cols;
  }
  return t;
}
