/* The numbers that formulas are evaluated in. A type is a table of operations on elements
 * of a fixed size; another number type is one new file. */
#ifndef JACOBIAN_FORMULA_NUMBER_H
#define JACOBIAN_FORMULA_NUMBER_H

#include "jacobian/formula/function.h"

/* An interval that holds a number for certain: middle + rest, within radius. The middle
 * is the nearest double; infinite or NaN radius: nothing is known. */
struct jac_enclosure {
  double middle, rest, radius;
};

/* What comparisons in certified arithmetic met, and how they are to be decided: with dual
 * numbers a tie falls as it does a little to one side of the point. */
struct jac_certainty {
  int side;       /* 1 or -1: the variable a little larger or smaller; 0: at the point */
  bool tied;      /* a tie was decided by the side */
  bool undecided; /* an order could not be told: more bits may help */
};

/* Operations may find their result among their operands. An order that cannot be told
 * (balls that overlap) compares as 2. */
struct jac_number_type {
  const char *name;
  size_t size;                        /* of an element, in bytes */
  long bits;                          /* the precision of balls */
  struct jac_certainty *certainty;    /* of balls, and duals of them; borrowed */
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
  /* NULL: the type proves nothing. Of a dual number, its slope. */
  void (*enclose)(const struct jac_number_type *type, const void *x,
                  struct jac_enclosure *enclosure);
};

/* double. */
extern const struct jac_number_type jac_double;

/* Balls: intervals that hold the number whatever is rounded, from Arb (FLINT), with so
 * many bits. certainty is written by comparisons, one for each evaluation that runs at a
 * time. Only where jac_ball_library() is not NULL; memory that runs out inside Arb ends
 * the program, as that library does. */
struct jac_number_type jac_ball_of(long bits, struct jac_certainty *certainty);

/* The library behind balls, "FLINT 2.9.0"; NULL: this build has none. */
const char *jac_ball_library(void);

/* Gives back what the calling thread keeps for balls: constants, spare numbers. */
void jac_ball_cleanup(void);

/* Dual numbers a + b e with e^2 = 0 over another type: b is the derivative along the
 * direction that was seeded. An element is two elements of the base, value first. */
struct jac_number_type jac_dual_of(const struct jac_number_type *base);

#endif
