/* Second derivatives in symbols: the entries of the first differentiated again. */
#ifndef JACOBIAN_ALGEBRA_SECOND_H
#define JACOBIAN_ALGEBRA_SECOND_H

#include "jacobian/algebra/index.h"

struct jac_second_form {
  struct jac_index_form first, second;
  /* Of a number, the matrix of second derivatives in the layout that fits it: entries of
   * the first variable down, of the second across, matrices column by column. By a number
   * it has the other variable's shape. NULL: there is none, or of more than a number. */
  const struct jac_term *closed;
  enum jac_layout layout; /* of closed, by the second variable */
};

/* The derivative of a term by a variable and then by another, or the same. False: there
 * is no index form (second.refusal says of what), or memory ran out. closed is not yet
 * compared with anything. */
bool jac_second_form(struct jac_second_form *form, struct jac_make *make,
                     const struct jac_term *term, const struct jac_symbol *first,
                     const struct jac_symbol *second);

/* The same from a first derivative that is there already. */
bool jac_second_form_of(struct jac_second_form *form, const struct jac_index_form *first,
                        const struct jac_term *term, const struct jac_symbol *second);

/* The value that closed must have: the gradient, differentiated in the same layout.
 * NULL: memory ran out. */
const struct jac_term *jac_second_value(const struct jac_second_form *form,
                                        const struct jac_term *term);

#endif
