/* The tensor network of a monomial, being contracted to a product of matrices: shared by
 * the files of closed forms. */
#ifndef JACOBIAN_ALGEBRA_CLOSED_INTERNAL_H
#define JACOBIAN_ALGEBRA_CLOSED_INTERNAL_H

#include "jacobian/algebra/closed.h"

typedef const struct jac_term *term_t;
typedef struct jac_monomial mono;
typedef const struct jac_index *index_t;

enum { CHAIN = 16, NODES = 40, PARTS = 40 };

/* A product of matrices with an index on each side; NULL: that side is 1. */
struct node {
  index_t row, col;
  size_t count;
  term_t chain[CHAIN];
};

/* A monomial being contracted. */
struct network {
  struct jac_make *m;
  double coefficient;
  struct node node[NODES];
  size_t count;
  mono scalar;          /* its factors are those without an index */
  const index_t *fixed; /* these are no indices here */
  size_t nfixed;
  bool failed;
};

/* A summand of the closed form. */
struct part {
  double coefficient;
  mono scalar;
  size_t count;
  term_t chain[CHAIN];
};

static inline bool is_op(term_t t, enum jac_construct_id id) {
  return t->kind == JAC_TERM_OP && t->construct == id;
}

static inline bool is_vector(const struct node *n) {
  return !n->col;
}

static inline bool is_eye(const struct node *n) {
  return n->count == 1 && n->chain[0]->kind == JAC_TERM_EYE;
}

/* The transpose; what is symmetric as it is written, X' X - I, is its own. It is moved
 * inwards where that takes some away. */
term_t jac_closed_turn(struct jac_make *m, term_t t);
/* The product of the matrices; NULL: there are none, or memory ran out. */
term_t jac_chain_product(struct jac_make *m, const term_t *chain, size_t count);

/* One more matrix behind the others; NULL, or one too many: the network has failed. */
void jac_node_push(struct network *w, struct node *n, term_t t);
/* A matrix's factors, signs and numbers apart. */
void jac_node_flatten(struct network *w, struct node *n, term_t t, bool transposed);
/* Its transpose. */
void jac_node_reverse(struct network *w, struct node *n);
/* The product of a chain that is a number: the way round with fewer transposes. */
term_t jac_node_plainer(struct network *w, const struct node *n);

/* A number before the product of all, or below it. */
void jac_network_weigh(struct network *w, term_t number, double power);
/* A factor of the monomial as a node, or as a number before all. */
void jac_network_add(struct network *w, const struct jac_factor *f);
void jac_network_remove(struct network *w, size_t k);
/* The column or matrix that is left on free indices (row, col; NULL: a column). */
void jac_network_read_matrix(struct network *w, index_t row, index_t col,
                             struct node *out);
/* Outputs i, j by variables a, b, matrices numbered column by column: a product of
 * Kronecker, between diagonals of what has both indices of a side; where nothing goes
 * across, a column times a row. */
void jac_network_read_kron(struct network *w, index_t i, index_t j, index_t a, index_t b,
                           struct node *out);

/* Whether it names a place: an index, a number, c of z[c]; NULL: all of them. */
bool jac_closed_place(term_t t);
/* The indices of a term, each once; four: it has no matrix's. */
void jac_closed_indices(term_t t, index_t *found, size_t *count);
/* A sum over an index that nothing else has, in matrices where it has such a form. */
term_t jac_closed_number(struct jac_make *m, term_t t);
/* A monomial as a summand: the free indices are those of the output's rows and columns,
 * then the variable's. False: it has no closed form, or memory ran out. */
bool jac_closed_contract(struct jac_make *m, const mono *p, const index_t free[4],
                         const index_t *fixed, size_t nfixed, struct part *part);

/* A summand as a term: its numbers, then its matrices. */
term_t jac_part_term(struct jac_make *m, const struct part *p, double coefficient);
/* The summands gathered, common factors out. NULL: all are zero, or memory ran out. */
term_t jac_parts_gather(struct jac_make *m, struct part *part, size_t *count);

#endif
