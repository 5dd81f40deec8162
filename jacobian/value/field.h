/* Base numbers: a table of operations on arrays of elements of a fixed size. Another kind
 * of number is one new file. Zeroed memory is an array of zeros in every field. */
#ifndef JACOBIAN_VALUE_FIELD_H
#define JACOBIAN_VALUE_FIELD_H

#include "jacobian/notation/construct.h"

enum { JAC_LEVELS = 3 }; /* derivatives of derivatives of derivatives */

/* A function of one number (an ENTRYWISE row). */
struct jac_function {
  enum jac_construct_id id;
  /* d[k] = the k-th derivative at x, k = 0 .. order <= JAC_LEVELS */
  void (*real)(double x, size_t order, double *d);
};

/* What comparisons of balls met. */
struct jac_undecided {
  bool order; /* an order could not be told: more bits may help */
};

/* n: number of elements; out may be an operand. */
struct jac_field {
  const char *name;
  size_t size;                     /* of an element, in bytes */
  long bits;                       /* the precision of balls */
  struct jac_undecided *undecided; /* of balls: written by comparisons; borrowed */
  void (*clear)(const struct jac_field *f, size_t n, void *x); /* NULL: nothing to free */
  void (*copy)(const struct jac_field *f, size_t n, void *out, const void *a);
  void (*set)(const struct jac_field *f, void *out, double x);
  void (*add)(const struct jac_field *f, size_t n, void *out, const void *a,
              const void *b);
  void (*subtract)(const struct jac_field *f, size_t n, void *out, const void *a,
                   const void *b);
  /* out = s a */
  void (*scale)(const struct jac_field *f, size_t n, void *out, const void *s,
                const void *a);
  /* out += s a */
  void (*accumulate)(const struct jac_field *f, size_t n, void *out, const void *s,
                     const void *a);
  void (*divide)(const struct jac_field *f, void *out, const void *a, const void *b);
  /* d[0..order]: derivatives of a function; of x^p, p a constant */
  void (*function)(const struct jac_field *f, const struct jac_function *function,
                   size_t order, void *d, const void *x);
  void (*power)(const struct jac_field *f, const void *p, size_t order, void *d,
                const void *x);
  /* -1, 0, 1; 2 where it cannot be told (NaN, balls that overlap) */
  int (*compare)(const struct jac_field *f, const void *a, const void *b);
  bool (*zero)(const struct jac_field *f, size_t n, const void *a);
  double (*largest)(const struct jac_field *f, size_t n, const void *a); /* |a|, finite */
  double (*get)(const struct jac_field *f, const void *a);               /* nearest */
  double (*radius)(const struct jac_field *f, const void *a, double middle); /* NULL: 0 */
};

extern const struct jac_field jac_field_double;

/* Balls of so many bits: intervals that hold the number whatever is rounded, from Arb
 * (FLINT). Only where jac_field_balls() is true; memory that runs out inside Arb ends the
 * program, as that library does. */
bool jac_field_balls(void);
struct jac_field jac_field_ball(long bits, struct jac_undecided *undecided);

#define CONSTRUCT(id, role, binding, plain, latex, unicode)
#define READING(id, type, price, words, value)
#define ENTRYWISE(id, plain, latex, unicode, function)                                   \
  extern const struct jac_function function;
#include "jacobian/notation/constructs.def"
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE

#endif
