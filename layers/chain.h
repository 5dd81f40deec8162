/* The chain rule through a network, local Jacobian by local Jacobian.
 *
 * J = J_n ... J_1, where J_n is the last module's Jacobian with respect to its input and
 * J_1 that of the variable's own module with respect to the variable. From the left this
 * is the backward pass (reverse mode): a row of the product is a cotangent delta on its
 * way back. From the right it is forward mode.
 *
 * Where weights are tied, or equations branch, several ways lead from the variable to the
 * output, each with factors of its own; the Jacobian is the sum over them. */
#ifndef LAYERS_CHAIN_H
#define LAYERS_CHAIN_H

#include "jacobian/pattern.h"
#include "layers/network.h"

/* One factor, from the loss's side: factor 0 is the last module's. */
struct jac_chain_factor {
  const struct jac_map *module; /* borrowed */
  size_t position;              /* of the module in the network, from 1 */
  size_t variable;              /* of the module: what the way comes in by */
  struct jac_array3 native;     /* the module's own explicit Jacobian; owned */
  struct jac_array3 J; /* in the form of the network: native itself, or where the module
                          is uncoupled in a coupled network its full form */
  struct jac_pattern pattern; /* of one slice of the module's own Jacobian; owned */
  struct jac_array3 left;     /* the product of the factors from 0 to this one; owned */
  gsl_matrix *delta;  /* of the fast backward pass: the cotangent that has come back
                         through  this factor, from a cotangent of ones; owned */
  double delta_error; /* its largest difference to the column sums of left */
};

/* Backpropagation through time inside a recurrent module of the chain: the factors
 * A_t = d s_t / d s_{t-1} of its steps, and, where it owns the variable, what the use of
 * the variable in each step adds; the Jacobian is the sum over these. */
struct jac_chain_time {
  const struct jac_map *module; /* borrowed */
  size_t position, steps;       /* of the module, from 1; steps of it */
  struct jac_array3 *factor;    /* steps of them, owned */
  struct jac_array3 *use;       /* steps of them, or NULL; owned */
  double sum_error; /* the largest difference of their sum to the module's Jacobian */
  bool shown;       /* a chain before has shown its factors: set by who shows several */
};

/* Scalar multiplications that dense factors cost, for one slice. */
struct jac_chain_cost {
  double left, right, best;
  char *order; /* the best order with its brackets, "((J4 J3) J2) J1"; owned */
};

struct jac_chain {
  const struct jac_map *map; /* borrowed */
  size_t wrt;
  size_t way, ways; /* which way from the variable to the output, from 1, and how many
                       there are: the Jacobian is the sum over them */
  struct jac_array3
      sum;          /* of several ways, in the chain of the last one: over all; owned */
  double sum_error; /* its largest difference to the map's own Jacobian */
  size_t count;
  struct jac_chain_factor *factor; /* count of them, owned */
  struct jac_chain_cost cost;
  size_t ntime;
  struct jac_chain_time *time; /* ntime of them, owned */
  double right_error; /* the largest difference between the products from both sides */
};

enum { JAC_CHAIN_WAYS = 1000000 };

/* How many ways lead from a variable to the output, at most JAC_CHAIN_WAYS; 0: the output
 * does not depend on it. Errors: JAC_ENOMEM. */
enum jac_status jac_chain_ways(const struct jac_map *map, size_t wrt, size_t *ways);

/* The chain of a map at x with respect to wrt along one of its ways (from 1 to
 * jac_chain_ways); free with jac_chain_free. Errors: JAC_ENOMEM. */
enum jac_status jac_chain_new(const struct jac_map *map, jac_point x, size_t wrt,
                              size_t way, struct jac_chain *chain, struct jac_error *err);
void jac_chain_free(struct jac_chain *chain);

/* The order in which a product of count matrices costs least: matrix k is size[k] x
 * size[k+1] (Cormen et al., Introduction to Algorithms, 15.2). Matrices are named count,
 * count - 1, ..., 1 in the text, as the factors of a chain are. */
enum jac_status jac_chain_order(const size_t *size, size_t count, double *cost,
                                char **order, struct jac_error *err);

#endif
