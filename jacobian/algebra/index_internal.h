/* A derivative being taken: shared by the rules. */
#ifndef JACOBIAN_ALGEBRA_INDEX_INTERNAL_H
#define JACOBIAN_ALGEBRA_INDEX_INTERNAL_H

#include "jacobian/algebra/index.h"

#include <string.h>

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;

enum { NAMED = 40 };

struct job {
  struct jac_index_form *form;
  struct jac_make *m;
  const struct jac_symbol *variable;
  term_t a, b;                           /* the variable's entry */
  const struct jac_symbol *named[NAMED]; /* quantities with a definition */
  size_t nnamed;
  const struct jac_symbol *const *step; /* quantities whose own derivative is called */
  size_t steps;
  size_t depth, work;
  bool failed;
};

static inline bool reads(term_t t, const char *type) {
  return strcmp(t->reading->type, type) == 0;
}

/* Whether a term is a quantity whose own derivative is called. */
bool jac_job_is_step(const struct job *j, term_t t);
/* There is no form; the first reason is kept. */
void jac_job_refuse(struct job *j, const char *what);
/* A quantity is called by its name where it has one. */
term_t jac_job_called(struct job *j, term_t t);
void jac_job_times(struct job *j, mono *p, term_t factor, double power);
/* The entry of an argument that may be a number, a row or a column beside a matrix. */
term_t jac_job_entry(struct job *j, term_t t, term_t row, term_t col);
/* A new summed index over a side of a shape; NULL where it is 1. */
term_t jac_job_sum_over(struct job *j, mono *p, struct jac_dim *range);

/* The differential of a term's entry times a prefix goes to the form, as what follows:
 * of any term; of an argument that may be a number, a row or a column. */
void jac_job_d(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);
void jac_job_spread(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);

/* Of an operation; of products, quotients, powers; of functions entry by entry; of
 * numbers of all entries; of matrices' own. */
void jac_job_operation(struct job *j, term_t t, term_t row, term_t col,
                       const mono *prefix);
void jac_job_product(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);
void jac_job_cross(struct job *j, term_t t, term_t row, const mono *prefix);
void jac_job_divide(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);
void jac_job_power(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);
void jac_job_entrywise(struct job *j, term_t t, term_t row, term_t col,
                       const mono *prefix);
void jac_job_softmax(struct job *j, term_t t, bool log, term_t row, term_t col,
                     const mono *prefix);
/* The sum, mean or norm of a product of Kronecker: those of its factors, multiplied.
 * NULL: it is none of them. */
term_t jac_job_factored(struct job *j, term_t t);
void jac_job_measure(struct job *j, term_t t, const mono *prefix);
void jac_job_big(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);
void jac_job_product_all(struct job *j, term_t t, const mono *prefix);
void jac_job_det(struct job *j, term_t t, bool logarithm, const mono *prefix);
void jac_job_inverse(struct job *j, term_t t, term_t row, term_t col, const mono *prefix);

#endif
