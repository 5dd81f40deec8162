/* The value of a term: numbers for one sample of everything that is given. A term is
 * closed and sized (see jacobian/elaborate/term.h); nothing is guessed here. Derivatives
 * are exact: every number carries its truncated Taylor expansion along the directions
 * asked for. */
#ifndef JACOBIAN_VALUE_VALUE_H
#define JACOBIAN_VALUE_VALUE_H

#include "jacobian/elaborate/term.h"
#include "jacobian/error.h"

#include <stdint.h>

struct jac_field;
struct jac_sample_state;

/* Values for a symbol, in place of its body or of random ones: rows x cols, row by row;
 * of a family all members one after another, the last index fastest. Symbols are told by
 * their keys. */
struct jac_given {
  const char *key;
  const double *values;
};

/* One choice of values for all that is given, and what was worked out from it. Fill in
 * the upper half (the rest zero), use it for as many terms as wanted: what they share is
 * computed once. Terms, symbols, sizes and given values must live unchanged until
 * jac_sample_clear(). */
struct jac_sample {
  uint64_t seed; /* all random values follow from it and the symbols' keys */
  const struct jac_given *given;
  size_t givens;
  double nudge; /* given values are off by at most this factor, at random: how much a
                   result then moves is how far rounding may have moved it. 0: none */
  /* 0: values of size 0.3 to 2. 1, 2, ...: of 0.001 to 16, each name's of a size of its
   * own, so that in nine samples in a row any two names, but for every fourth, have been
   * small and large beside each other. */
  unsigned wide;
  const struct jac_field *field; /* NULL: jac_field_double */
  size_t work_most;              /* of base operations; 0: JAC_VALUE_WORK */
  size_t work;                   /* done so far; set it to 0 to start a new account */
  struct jac_sample_state *state;
};

#define JAC_VALUE_WORK ((size_t)50000000)

/* Frees what the sample keeps; the upper half stays, and may be changed then. */
void jac_sample_clear(struct jac_sample *sample);

/* A value: rows x cols numbers, row by row. */
struct jac_value {
  size_t rows, cols;
  double *x;
  double *radius; /* of balls: the number is within so much of x; NULL: of doubles */
  double scale;   /* the largest size of anything met on the way to it, its inputs
                     included: rounding errors are of the order 1e-16 scale, roughly */
};

void jac_value_free(struct jac_value *value);

/* The value of a term; its free indices index[0..nindex-1] have the values at[] (from 1).
 * out is new, the caller's (jac_value_free), and empty unless JAC_OK. NaN and infinities
 * are values. JAC_EINPUT: the value does not exist by structure: a place outside its
 * range, sizes that differ, no case that applies, a quantity that needs itself.
 * JAC_ELIMIT: it needs more work or memory than is allowed, or more than three
 * derivatives of each other. */
enum jac_status jac_value(const struct jac_term *term, struct jac_sample *sample,
                          const struct jac_index *const *index, const size_t *at,
                          size_t nindex, struct jac_value *out, struct jac_error *err);

#endif
