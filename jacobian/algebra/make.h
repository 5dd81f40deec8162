/* Terms made by the algebra: every operation with the reading that its shapes ask for,
 * and simplifications that hold everywhere (1 A = A, A'' = A, I A = A). */
#ifndef JACOBIAN_ALGEBRA_MAKE_H
#define JACOBIAN_ALGEBRA_MAKE_H

#include "jacobian/elaborate/affine.h"
#include "jacobian/elaborate/dim.h"
#include "jacobian/elaborate/term.h"

#include "jacobian/buffer.h"

/* What terms are made in. Functions return NULL when memory ran out, or an argument was
 * NULL. */
struct jac_make {
  struct jac_pool *pool;
  struct jac_dims *dims;
  size_t ids; /* of the last term: start beyond those of elaboration */
};

const struct jac_term *jac_make_number(struct jac_make *m, double number);
/* The size of a coefficient, 1/3 as 3 below the line; what is 1 is left as it is. */
void jac_make_size_of(struct jac_make *m, double coefficient,
                      const struct jac_term **above, const struct jac_term **below);
const struct jac_term *jac_make_size(struct jac_make *m, const struct jac_dim *dim);
const struct jac_term *jac_make_index(struct jac_make *m, const struct jac_index *index);
const struct jac_term *jac_make_symbol(struct jac_make *m,
                                       const struct jac_symbol *symbol);
/* EYE, ONES, ZEROS. */
const struct jac_term *jac_make_sized(struct jac_make *m, enum jac_term_kind kind,
                                      struct jac_dim *rows, struct jac_dim *cols);
/* K_{m,n}, with K vec(A) = vec(A') for A of rows x cols. */
const struct jac_term *jac_make_commutation(struct jac_make *m,
                                            const struct jac_dim *rows,
                                            const struct jac_dim *cols);
/* What is added before what is taken off: j - i + 1. */
const struct jac_term *jac_make_affine(struct jac_make *m, const struct jac_affine *a);
/* A place with what cancels out: 2 + k - 1 is k + 1. */
const struct jac_term *jac_make_place(struct jac_make *m, const struct jac_term *place);
struct jac_index *jac_make_new_index(struct jac_make *m, const char *name,
                                     struct jac_dim *range);

/* Sums of one shape, or of a number and any. */
const struct jac_term *jac_make_add(struct jac_make *m, const struct jac_term *a,
                                    const struct jac_term *b);
const struct jac_term *jac_make_subtract(struct jac_make *m, const struct jac_term *a,
                                         const struct jac_term *b);
const struct jac_term *jac_make_negate(struct jac_make *m, const struct jac_term *a);
/* A product of matrices, or with a number. */
const struct jac_term *jac_make_times(struct jac_make *m, const struct jac_term *a,
                                      const struct jac_term *b);
/* Entry by entry: products, quotients (b may be a number), powers. */
const struct jac_term *jac_make_hadamard(struct jac_make *m, const struct jac_term *a,
                                         const struct jac_term *b);
const struct jac_term *jac_make_divide(struct jac_make *m, const struct jac_term *a,
                                       const struct jac_term *b);
const struct jac_term *jac_make_power(struct jac_make *m, const struct jac_term *a,
                                      double power);
/* The same with an exponent that is a term of a number. */
const struct jac_term *jac_make_raised(struct jac_make *m, const struct jac_term *a,
                                       const struct jac_term *power);
const struct jac_term *jac_make_transpose(struct jac_make *m, const struct jac_term *a);
/* The transpose, moved inwards through sums, products and all that is entry by entry. */
const struct jac_term *jac_make_turned(struct jac_make *m, const struct jac_term *a);
/* A function of numbers, entry by entry. */
const struct jac_term *jac_make_each(struct jac_make *m, enum jac_construct_id id,
                                     const struct jac_term *a);
/* MAX, MIN of two numbers. */
const struct jac_term *jac_make_larger(struct jac_make *m, enum jac_construct_id id,
                                       const struct jac_term *a,
                                       const struct jac_term *b);
/* TOTAL, TRACE, NORM, DET: a number of a matrix. */
const struct jac_term *jac_make_measure(struct jac_make *m, enum jac_construct_id id,
                                        const struct jac_term *a);
/* Of a column, a row, or a matrix row by row. */
const struct jac_term *jac_make_softmax(struct jac_make *m, const struct jac_term *a);
const struct jac_term *jac_make_inverse(struct jac_make *m, const struct jac_term *a);
/* The matrix with a column on its diagonal; the diagonal of a matrix as a column. */
const struct jac_term *jac_make_diag(struct jac_make *m, const struct jac_term *a);
const struct jac_term *jac_make_diagonal(struct jac_make *m, const struct jac_term *a);
/* Numbers row by row as a matrix. */
const struct jac_term *jac_make_matrix(struct jac_make *m, size_t rows, size_t cols,
                                       const struct jac_term *const *cell);
/* ... blocks, rows by cols of them. */
const struct jac_term *jac_make_blocks(struct jac_make *m, struct jac_type type,
                                       size_t rows, size_t cols,
                                       const struct jac_term *const *cell);
/* Of a column of 3, the matrix [a]_x with [a]_x b = a x b. */
const struct jac_term *jac_make_skew(struct jac_make *m, const struct jac_term *a);
/* Of two columns of 3. */
const struct jac_term *jac_make_cross(struct jac_make *m, const struct jac_term *a,
                                      const struct jac_term *b);
/* Of a power of a matrix, that of one less. */
const struct jac_term *jac_make_less_power(struct jac_make *m, const struct jac_term *a);
const struct jac_term *jac_make_vec(struct jac_make *m, const struct jac_term *a);
const struct jac_term *jac_make_kron(struct jac_make *m, const struct jac_term *a,
                                     const struct jac_term *b);

/* The entry at places (numbers from 1; NULL where that side is 1): worked out where the
 * base says it (identity, transposes, matrices by their entries), else an ENTRY. */
const struct jac_term *jac_make_entry(struct jac_make *m, const struct jac_term *base,
                                      const struct jac_term *row,
                                      const struct jac_term *column);
/* A row or a column (the other place is NULL): itself where there is but one. */
const struct jac_term *jac_make_slice(struct jac_make *m, const struct jac_term *base,
                                      const struct jac_term *row,
                                      const struct jac_term *column);
/* EQUAL, UNEQUAL, MORE ... of two numbers: 1 where it is so, else 0. */
const struct jac_term *jac_make_compare(struct jac_make *m, enum jac_construct_id id,
                                        const struct jac_term *a,
                                        const struct jac_term *b);
/* A sum or a product over an index; first, last, condition as in JAC_TERM_BIG. */
const struct jac_term *
jac_make_over(struct jac_make *m, enum jac_construct_id id, const struct jac_index *index,
              const struct jac_term *body, const struct jac_term *first,
              const struct jac_term *last, const struct jac_term *condition);
/* A matrix by its entries. */
const struct jac_term *jac_make_build(struct jac_make *m, const struct jac_index *row,
                                      const struct jac_index *column,
                                      const struct jac_term *entry);
const struct jac_term *jac_make_derivative(struct jac_make *m,
                                           const struct jac_term *what,
                                           const struct jac_symbol *by,
                                           enum jac_layout layout);

/* The term with an index having another value: never captured, as indices are told by
 * identity. */
const struct jac_term *jac_make_put(struct jac_make *m, const struct jac_term *term,
                                    const struct jac_index *index,
                                    const struct jac_term *value);

/* Whether an index occurs in it; whether a symbol does, bodies entered. */
bool jac_term_has_index(const struct jac_term *term, const struct jac_index *index);
bool jac_term_depends(const struct jac_term *term, const struct jac_symbol *symbol);

/* Adds a spelling that is the same for terms of the same structure. blank: these indices
 * are spelled by their place in the list (from `numbered` on: without it). */
void jac_term_key(const struct jac_term *term, const struct jac_index *const *bound,
                  size_t count, bool blank, struct jac_buffer *out);
bool jac_term_equal(const struct jac_term *a, const struct jac_term *b);

static inline bool jac_term_is_number(const struct jac_term *t, double number) {
  return t && t->kind == JAC_TERM_NUMBER && t->number == number;
}

#endif
