/* Terms and their types, as they are made. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <stdio.h>

enum { MOST_TERMS = 20000 };

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
