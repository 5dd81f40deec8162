/* The numbers that formulas are evaluated in. A type is a table of operations on elements
 * of a fixed size; another number type is one new file. */
#ifndef JACOBIAN_FORMULA_NUMBER_H
#define JACOBIAN_FORMULA_NUMBER_H

#include "jacobian/formula/function.h"

/* Operations may find their result among their operands. An order that cannot be told
 * (balls that overlap) compares as 2. */
struct jac_number_type {
  const char *name;
  size_t size;                        /* of an element, in bytes */
  const struct jac_number_type *base; /* what a dual number is made of, or NULL */
  void (*init)(const struct jac_number_type *type, void *x); /* to 0 */
  void (*clear)(const struct jac_number_type *type, void *x);
  void (*set)(const struct jac_number_type *type, void *result, const void *x);
  void (*set_double)(const struct jac_number_type *type, void *result, double x);
  double (*get)(const struct jac_number_type *type, const void *x); /* nearest */
  void (*add)(const struct jac_number_type *type, void *result, const void *a,
              const void *b);
  void (*subtract)(const struct jac_number_type *type, void *result, const void *a,
                   const void *b);
  void (*multiply)(const struct jac_number_type *type, void *result, const void *a,
                   const void *b);
  void (*divide)(const struct jac_number_type *type, void *result, const void *a,
                 const void *b);
  void (*power)(const struct jac_number_type *type, void *result, const void *a,
                const void *b);
  void (*function)(const struct jac_number_type *type, enum jac_function f, void *result,
                   const void *x);
  int (*compare)(const struct jac_number_type *type, const void *a, const void *b);
};

/* double. */
extern const struct jac_number_type jac_double;

/* Dual numbers a + b e with e^2 = 0 over another type: b is the derivative along the
 * direction that was seeded. An element is two elements of the base, value first. */
struct jac_number_type jac_dual_of(const struct jac_number_type *base);

#endif
