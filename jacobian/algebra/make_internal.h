/* What makes terms of each kind, for the files that make them. */
#ifndef JACOBIAN_ALGEBRA_MAKE_INTERNAL_H
#define JACOBIAN_ALGEBRA_MAKE_INTERNAL_H

#include "jacobian/algebra/make.h"

typedef const struct jac_term *term_t;

/* A term of a kind with its children, in the pool; NULL: memory ran out. */
struct jac_term *jac_make_fresh(struct jac_make *m, enum jac_term_kind kind,
                                struct jac_dim *rows, struct jac_dim *cols, size_t count,
                                const term_t *child);

/* The same, of a number. */
struct jac_term *jac_make_of_number(struct jac_make *m, enum jac_term_kind kind,
                                    size_t count, const term_t *child);

/* The size of a product of sizes. */
struct jac_dim *jac_make_times_dim(struct jac_make *m, struct jac_dim *a,
                                   struct jac_dim *b);

static inline bool is_number(term_t t) {
  return jac_type_is_number(t->type);
}

static inline bool is_transpose(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_TRANSPOSE;
}

#endif
