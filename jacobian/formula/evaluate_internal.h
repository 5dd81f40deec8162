/* Inside the evaluator: what its files share. */
#ifndef JACOBIAN_FORMULA_EVALUATE_INTERNAL_H
#define JACOBIAN_FORMULA_EVALUATE_INTERNAL_H

#include "jacobian/formula/evaluate.h"

enum { JAC_MOST_INDICES = 240, JAC_MOST_NESTED = 50 };

/* I and a bold 1 take the size that stands beside them. */
enum jac_flexible {
  JAC_FIXED,
  JAC_IDENTITY,
  JAC_ONES_COLUMN,
  JAC_ONES_ROW,
  JAC_ONES_SQUARE
};

/* A matrix of elements, row by row, in a pool. What is flexible has no rows, and one
 * element: its factor. */
struct jac_value {
  size_t rows, cols;
  char *data;
  enum jac_flexible flexible;
};

/* Elements by the chunk; released to a mark, cleared at the end. */
struct jac_pool {
  struct jac_chunk *chunk;
  size_t used; /* elements of the newest chunk */
  size_t total;
};

/* A quantity's values at indices where it was evaluated; the places grow, by fours. */
enum { JAC_MEMO_FIRST = 32, JAC_MEMO = 2048, JAC_MEMO_INDICES = 4 };
struct jac_memo {
  size_t which, index[JAC_MEMO_INDICES]; /* from 1; index 0: the place is free */
  char *data;
};

struct jac_evaluation {
  const struct jac_environment *env;
  const struct jac_number_type *type;
  struct jac_pool pool, kept; /* kept: values of quantities without indices */
  struct jac_value cached[JAC_EQUATIONS];
  bool has[JAC_EQUATIONS];
  struct jac_memo *memo; /* NULL: none yet */
  size_t memos;          /* places, at most JAC_MEMO */
  struct jac_index_value index[JAC_MOST_INDICES];
  size_t base, count; /* those of who asks for a quantity are before the base */
  size_t nested;      /* quantities inside one another */
  size_t steps;       /* nodes evaluated so far */
  size_t beside_rows, beside_cols; /* of the term beside 1 b or c 1^T in a sum, or 0 */
  size_t position;
  struct jac_error *err;
  enum jac_status status;
};

/* A matrix of zeros; the first failure makes everything after it 1 x 1 and nothing. */
struct jac_value jac_value_new(struct jac_evaluation *e, size_t rows, size_t cols);
void *jac_value_at(const struct jac_evaluation *e, struct jac_value v, size_t row,
                   size_t col);
struct jac_value jac_value_number(struct jac_evaluation *e, double x);
double jac_value_get(const struct jac_evaluation *e, struct jac_value v, size_t row,
                     size_t col);

/* count zeros in a pool; NULL: it failed (evaluate_pool.c). */
void *jac_evaluation_take(struct jac_evaluation *e, struct jac_pool *pool, size_t count);
/* Frees the chunks newer than one, of which `used` elements stay. */
void jac_pool_back(const struct jac_number_type *type, struct jac_pool *pool,
                   struct jac_chunk *to, size_t used);

/* Fails at node; the value is 1 x 1. */
struct jac_value jac_evaluation_fail(struct jac_evaluation *e,
                                     const struct jac_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Fails at an I or ones whose size nothing tells: JAC_EUNKNOWN. */
struct jac_value jac_evaluation_sizeless(struct jac_evaluation *e,
                                         const struct jac_node *node);

struct jac_value jac_evaluation_node(struct jac_evaluation *e,
                                     const struct jac_node *node);

/* A number from a formula of one: an index, a bound. NAN after a failure. */
double jac_evaluation_number(struct jac_evaluation *e, const struct jac_node *node);

/* The value of a size or index by name; false: it has none. */
bool jac_evaluation_size(const struct jac_evaluation *e, const char *name, size_t *value);

/* A name, an entry; entries of a matrix by their indices (evaluate_name.c). */
struct jac_value jac_evaluation_name(struct jac_evaluation *e,
                                     const struct jac_node *node);
struct jac_value jac_evaluation_entry(struct jac_evaluation *e,
                                      const struct jac_node *node);
struct jac_value jac_evaluation_pick(struct jac_evaluation *e,
                                     const struct jac_node *node, struct jac_value m,
                                     size_t count, const struct jac_node *const *index);

/* Sums and their kin; conditions (evaluate_over.c). */
struct jac_value jac_evaluation_over(struct jac_evaluation *e,
                                     const struct jac_node *node);
bool jac_evaluation_truth(struct jac_evaluation *e, const struct jac_node *node);
struct jac_value jac_evaluation_indicator(struct jac_evaluation *e,
                                          const struct jac_node *node);
struct jac_value jac_evaluation_cases(struct jac_evaluation *e,
                                      const struct jac_node *node);

/* The range of an index in a body, 0 when it is not known (evaluate_range.c). */
size_t jac_evaluation_range(struct jac_evaluation *e, const char *index,
                            const struct jac_node *body);

struct jac_value jac_value_flexible(struct jac_evaluation *e, enum jac_flexible which);

/* What is flexible at a size; an identity must be square. */
struct jac_value jac_value_settle(struct jac_evaluation *e, const struct jac_node *node,
                                  struct jac_value v, size_t rows, size_t cols);

/* Operations on matrices (evaluate_matrix.c) and calls (evaluate_call.c). */
struct jac_value jac_value_add(struct jac_evaluation *e, const struct jac_node *node,
                               struct jac_value a, struct jac_value b);
struct jac_value jac_value_negate(struct jac_evaluation *e, struct jac_value a);
struct jac_value jac_value_multiply(struct jac_evaluation *e, const struct jac_node *node,
                                    struct jac_value a, struct jac_value b);
struct jac_value jac_value_hadamard(struct jac_evaluation *e, const struct jac_node *node,
                                    struct jac_value a, struct jac_value b);
struct jac_value jac_value_divide(struct jac_evaluation *e, const struct jac_node *node,
                                  struct jac_value a, struct jac_value b);
struct jac_value jac_value_power(struct jac_evaluation *e, const struct jac_node *node,
                                 struct jac_value a, struct jac_value b);
struct jac_value jac_value_transpose(struct jac_evaluation *e, struct jac_value a);
struct jac_value jac_value_inverse(struct jac_evaluation *e, const struct jac_node *node,
                                   struct jac_value a);
struct jac_value jac_value_call(struct jac_evaluation *e, const struct jac_node *node);

/* An explicit matrix; dots in it have no value (evaluate_explicit.c). */
struct jac_value jac_value_matrix(struct jac_evaluation *e, const struct jac_node *node);

/* Whether the map has a constant of that name. */
bool jac_evaluation_constant(const struct jac_evaluation *e, const char *name);

/* A named quantity by its place in the environment; nwhere: none is called so. */
size_t jac_evaluation_where(const struct jac_evaluation *e, const char *name);

/* Whether a name is bound to values, and its shape as they are stored. */
bool jac_evaluation_named(const struct jac_evaluation *e, const char *name,
                          struct jac_named *named);

#endif
