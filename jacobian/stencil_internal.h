/* Six values of a function around a point, and what they say of its derivative. */
#ifndef JACOBIAN_STENCIL_INTERNAL_H
#define JACOBIAN_STENCIL_INTERNAL_H

#include "jacobian/difference.h"

enum {
  JAC_POINTS = 6, /* x + h, x - h, x + h/2, x - h/2, x + h/4, x - h/4 */
  JAC_STEPS = 10  /* what is known of a step: x, JAC_POINTS of 1/h with h as it was really
                     made, 1 / (the distance of the two) for each pair of points */
};

/* What one level of steps says of one output. */
struct jac_estimate {
  double value, error, right, left;
  double right_error, left_error;
  double rounding; /* the part of the error that smaller steps make larger */
  bool meet, part; /* the one-sided derivatives agree; they clearly do not */
  bool finite;
  bool flat; /* all six values are that of the point itself */
};

/* The outputs k and places t of an estimate: values[p * outputs + k] at point p and, for
 * p = JAC_POINTS, at x itself; steps[q * places + t]. */
struct jac_stencil {
  const double *values, *steps;
  const double *noise; /* of each output: more than its own last places; or NULL */
  size_t outputs, places;
  bool shared; /* the outputs of a slice are moved from one place */
};

/* The estimate of output k, moved by the step at place t. Sides that were seen apart
 * (jump: by how much; else 0) meet again only where both are well known: at the smallest
 * steps rounding would let anything meet. */
struct jac_estimate jac_stencil_estimate(const struct jac_stencil *s, size_t k, size_t t,
                                         double jump);

/* The same, with jump 0, for count outputs of a slice from k on, at once, t being the
 * place of the first, as
 * smooth entries; agreed: whether the sides meet. value and error are raised to the
 * largest magnitudes among these. Returns how many outputs are not finite or have sides
 * that part: where it is not 0, none of it is of use. */
size_t jac_stencil_smooth(const struct jac_stencil *s, size_t k, size_t t, size_t count,
                          struct jac_difference_entry *entry, bool *agreed, double *value,
                          double *error);

#endif
