/* A network's chains by all variables at once, in about a page. */
#ifndef VISUAL_CHAIN_OVERVIEW_H
#define VISUAL_CHAIN_OVERVIEW_H

#include "visual/chain.h"

/* What is kept of the chain by one variable. */
struct jac_chain_brief {
  size_t wrt, ways;
  const struct jac_map *module; /* the variable's own, borrowed; and which of it */
  size_t variable, before;      /* before: how many factors stand before it */
  size_t rows, cols;            /* of the Jacobian by it, a sample's */
  double size;  /* of the gradient where the output is a cost, else of the Jacobian */
  double right; /* multiplications from the right */
  double worst; /* the largest of the differences that prove it */
  double **use; /* of each module in time of the path: a size a step, or NULL; owned */
  size_t nuse;  /* of them */
};

/* The longest chain with one way, kept whole, and what is kept of all. */
struct jac_chain_overview {
  const struct jac_map *map; /* borrowed */
  struct jac_chain path;     /* owned; count 0 where every variable goes several ways */
  bool shared;               /* the factors of all chains are those of the path */
  struct jac_chain_brief *brief; /* count of them, owned */
  size_t count;
};

/* Of these variables (those that the output depends on); jac_chain_overview_free in any
 * case. Errors: JAC_ENOMEM. */
enum jac_status jac_chain_overview_new(const struct jac_map *map, jac_point x,
                                       const size_t *wrt, size_t nwrt,
                                       struct jac_chain_overview *overview,
                                       struct jac_error *err);
void jac_chain_overview_free(struct jac_chain_overview *overview);

/* Adds it through the pen (its buffer is out): the path back with the products' norms and
 * numbers, a table of the variables, of recurrent modules the steps, and what proves it.
 * Errors: JAC_ENOMEM. */
enum jac_status jac_chain_overview_write(const struct jac_chain_overview *overview,
                                         int precision, struct jac_prose *prose,
                                         struct jac_error *err);

#endif
