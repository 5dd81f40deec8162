/* Index form: an entry of a derivative as a sum of products, with sums over indices and
 * deltas. Nothing is divided that the formula does not divide. */
#ifndef JACOBIAN_ALGEBRA_INDEX_H
#define JACOBIAN_ALGEBRA_INDEX_H

#include "jacobian/algebra/make.h"

enum { JAC_FACTORS = 28, JAC_OVERS = 12, JAC_MONOMIALS = 200 };

/* A number: an entry, a norm, a delta, a function of such; to a power. */
struct jac_factor {
  const struct jac_term *base;
  double power;
};

/* A sum over an index; NULL: from 1, to its range, no condition. */
struct jac_over {
  const struct jac_index *index;
  const struct jac_term *first, *last, *condition;
};

struct jac_monomial {
  double coefficient;
  size_t factors, overs;
  bool centred; /* it is zero as distances from a mean were added up */
  bool shared;  /* shares of 1 were added up */
  bool solved;  /* an indicator's equation was solved for a summed index */
  struct jac_factor factor[JAC_FACTORS];
  struct jac_over over[JAC_OVERS];
};

struct jac_expansion {
  struct jac_monomial *monomial; /* in the pool */
  size_t count, room;
  bool centred, shared, solved; /* a summand was */
  bool called;                  /* a product is called by the name that it has */
  bool softened;                /* a product is an entry of a softmax */
};

/* The rules that were used, a bit each. */
enum jac_rule {
  JAC_RULE_SUM = 1,      /* term by term */
  JAC_RULE_PRODUCT = 2,  /* both factors move */
  JAC_RULE_CHAIN = 4,    /* a function of a moving argument */
  JAC_RULE_QUOTIENT = 8, /* a moving denominator */
  JAC_RULE_INVERSE = 16,
  JAC_RULE_DET = 32,
  JAC_RULE_SOFTMAX = 64,
  JAC_RULE_NORM = 128,
  JAC_RULE_POWER = 256,
  JAC_RULE_LOGSOFTMAX = 512,
  JAC_RULE_MAX = 1024,
  JAC_RULE_LOGSUMEXP = 2048,
  JAC_RULE_ENTRIES = 4096 /* each entry of a matrix by itself */
};

/* A derivative's index form. */
struct jac_index_form {
  struct jac_make *make;
  const struct jac_symbol *variable;
  const struct jac_term *of; /* what the entries are of: M, where the output is vec(M) */
  /* Entry of the output and of the variable; NULL where that side is 1. */
  const struct jac_index *row, *column, *variable_row, *variable_column;
  struct jac_expansion raw;    /* as the rules of differentiation leave it */
  struct jac_expansion simple; /* deltas collapsed, like terms together */
  unsigned rules;              /* of enum jac_rule */
  bool inverse;                /* det(A) was differentiated by A^{-1} */
  char refusal[160];           /* why there is none, or "" */
};

/* The derivative of a term by a variable. False: there is no index form (refusal says of
 * what), or memory ran out. */
bool jac_index_form(struct jac_index_form *form, struct jac_make *make,
                    const struct jac_term *term, const struct jac_symbol *variable);

/* ... where some quantities stand still as themselves: what they do is called by their
 * own derivative, dc_i/dx_j. */
bool jac_index_form_by_steps(struct jac_index_form *form, struct jac_make *make,
                             const struct jac_term *term,
                             const struct jac_symbol *variable,
                             const struct jac_symbol *const *step, size_t steps);

/* The derivative of what a form says, entry by entry, by a variable: its rows and columns
 * are the entries of the first variable; the indices of the first form's output stay
 * there, as they are. */
bool jac_index_form_again(struct jac_index_form *form, const struct jac_index_form *first,
                          const struct jac_symbol *variable);

/* The slope at the number x of a function of one number; y is its value there. NULL:
 * there is no rule, or memory ran out. */
const struct jac_term *jac_index_slope(struct jac_make *make, enum jac_construct_id id,
                                       const struct jac_term *x,
                                       const struct jac_term *y);

/* Deltas collapse sums, numbers are worked out, like terms are added. */
bool jac_expansion_simplify(struct jac_make *make, const struct jac_expansion *in,
                            struct jac_expansion *out);
/* Multiplies factors that are sums out, where that makes the whole shorter: y (1 - s) -
 * (1 - y) s is y - s. False: memory ran out. */
bool jac_expansion_multiply(struct jac_make *make, struct jac_expansion *p);
/* Puts what is divided by a sum over one denominator, where that leaves less: 1/(1 + a) -
 * a/(1 + a)^2 is 1/(1 + a)^2. False: memory ran out. */
bool jac_expansion_join(struct jac_make *make, struct jac_expansion *p);
bool jac_expansion_add(struct jac_make *make, struct jac_expansion *p,
                       const struct jac_monomial *monomial);

/* With an index put at a value; to be simplified afterwards. */
bool jac_expansion_put(struct jac_make *make, const struct jac_expansion *in,
                       const struct jac_index *index, const struct jac_term *value,
                       struct jac_expansion *out);

/* Multiplies; false: it is too long. */
bool jac_monomial_times(struct jac_make *make, struct jac_monomial *monomial,
                        const struct jac_term *factor, double power);

/* As a term, common factors out; bound indices are called by letters that nothing else
 * there has. */
const struct jac_term *jac_expansion_term(struct jac_make *make,
                                          const struct jac_expansion *p);

#endif
