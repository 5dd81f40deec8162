/* Jets: numbers with their derivatives, nested. Level l = 1, 2, 3 has n[l-1] directions;
 * a jet that moves along level l is 1 + n[l-1] jets of the levels below, one after
 * another: the value, then a slope for each direction. A jet is stored for the levels of
 * its mask (bit l-1) alone; a constant is one base number, whatever levels there are.
 *
 * The mathematics is two lines, applied level by level: (ab)_i = a b_i + a_i b, and
 * f(a)_i = f'(a) a_i. */
#ifndef JACOBIAN_VALUE_JET_H
#define JACOBIAN_VALUE_JET_H

#include "jacobian/notation/pool.h"
#include "jacobian/value/field.h"

/* Memory for base numbers, given back in the order of a stack. */
struct jac_store {
  struct jac_pool pool;
  const struct jac_field *field;
  struct jac_store_piece *piece; /* what the field must clear, the newest first */
};

struct jac_store_mark {
  struct jac_pool_mark pool;
  struct jac_store_piece *piece;
};

void jac_store_start(struct jac_store *store, const struct jac_field *field);
void jac_store_free(struct jac_store *store);
void *jac_store_take(struct jac_store *store, size_t n); /* n zeros, or NULL */
struct jac_store_mark jac_store_mark(const struct jac_store *store);
void jac_store_release(struct jac_store *store, struct jac_store_mark mark);

struct jac_jets {
  const struct jac_field *field;
  struct jac_store *store; /* for intermediate jets */
  size_t n[JAC_LEVELS];
};

/* Base numbers in a jet of that mask. */
size_t jac_jet_width(const struct jac_jets *jets, unsigned mask);

/* The i-th base number of an array. */
static inline void *jac_base(const struct jac_jets *jets, void *x, size_t i) {
  return (char *)x + i * jets->field->size;
}
static inline const void *jac_base_of(const struct jac_jets *jets, const void *x,
                                      size_t i) {
  return (const char *)x + i * jets->field->size;
}

/* out += a, out -= a; the mask of out holds that of a. */
void jac_jet_add(const struct jac_jets *jets, void *out, unsigned out_mask, const void *a,
                 unsigned a_mask);
void jac_jet_subtract(const struct jac_jets *jets, void *out, unsigned out_mask,
                      const void *a, unsigned a_mask);

/* out += a b; the mask of out holds both others. */
void jac_jet_accumulate(const struct jac_jets *jets, void *out, unsigned out_mask,
                        const void *a, unsigned a_mask, const void *b, unsigned b_mask);

/* out = a / b, with the mask of both together; out is zeros, no operand. */
void jac_jet_divide(const struct jac_jets *jets, void *out, const void *a,
                    unsigned a_mask, const void *b, unsigned b_mask);

/* out = f(a), where d[k] are the derivatives of f at a's value, as many as the mask has
 * levels; out is zeros, no operand. A slope that is zero stays zero, however steep f. */
void jac_jet_compose(const struct jac_jets *jets, void *out, const void *a, unsigned mask,
                     const void *d);

/* The number of levels in a mask. */
size_t jac_jet_order(unsigned mask);

#endif
