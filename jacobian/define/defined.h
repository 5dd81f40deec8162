/* A definition as a scope: its equations and the sizes of its variables are facts. */
#ifndef JACOBIAN_DEFINE_DEFINED_H
#define JACOBIAN_DEFINE_DEFINED_H

#include "jacobian/define/size.h"
#include "jacobian/elaborate/scope.h"

enum { JAC_EQUATIONS_MOST = 24, JAC_VARIABLES_MOST = 24 };

struct jac_defined {
  struct jac_fact *fact;
  size_t count;
  const struct jac_syntax
      *name[JAC_EQUATIONS_MOST]; /* of each equation, without indices */
  const char *key[JAC_EQUATIONS_MOST];
  bool function[JAC_EQUATIONS_MOST]; /* f(x) = ... */
  size_t equations;                  /* the last is the output's */
  bool latex;
  bool named; /* the author has named the output */
};

/* Reads the text into facts, all in the pool. Errors: JAC_EINPUT, with the place. */
enum jac_status jac_defined_read(struct jac_pool *pool, const char *text,
                                 const struct jac_formula_size *size, size_t count,
                                 struct jac_defined *defined, struct jac_error *err);

/* Says of what an equation defines how large it is: before the equations. False: memory
 * ran out. */
bool jac_defined_say(struct jac_pool *pool, struct jac_defined *defined,
                     const struct jac_formula_size *size);

#endif
