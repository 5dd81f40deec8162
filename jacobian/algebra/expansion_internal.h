/* Sums of products: shared by what multiplies and what simplifies them. */
#ifndef JACOBIAN_ALGEBRA_EXPANSION_INTERNAL_H
#define JACOBIAN_ALGEBRA_EXPANSION_INTERNAL_H

#include "jacobian/algebra/index.h"

/* A factor goes. */
void jac_monomial_drop(struct jac_monomial *p, size_t k);
/* Sum k goes. */
void jac_monomial_drop_over(struct jac_monomial *p, size_t k);
/* One factor more, to a power: itself where it is there already. False: too many. */
bool jac_monomial_factor(struct jac_monomial *p, const struct jac_term *base,
                         double power);
/* The monomial with an index put at a value, multiplied out again. False: memory ran out,
 * or it is too long. */
bool jac_monomial_put(struct jac_make *m, const struct jac_monomial *in,
                      const struct jac_index *index, const struct jac_term *value,
                      struct jac_monomial *out);
/* Whether an entry has an index for each side: it is a number. */
bool jac_entry_is_number(const struct jac_term *entry);
/* The entry of base at the places of another entry, those that base has. */
const struct jac_term *jac_entry_like(struct jac_make *m, const struct jac_term *of,
                                      const struct jac_term *base);
/* Factors that are one become one. False: memory ran out, or it is too long. */
bool jac_monomial_melt(struct jac_make *m, struct jac_monomial *p);

/* A factor that is 1 where this is at least 0, else 0: none where it always is; where it
 * never is the monomial is 0. False: memory ran out, or it is too long. */
bool jac_monomial_require(struct jac_make *m, struct jac_monomial *p,
                          const struct jac_affine *a);
/* The same where a value is at least `first` and at most `last` (NULL: no such end). */
bool jac_monomial_between(struct jac_make *m, struct jac_monomial *p,
                          const struct jac_term *value, const struct jac_term *first,
                          const struct jac_term *last);
/* Conditions on places that always hold go, what never holds makes it 0. */
bool jac_monomial_settle(struct jac_make *m, struct jac_monomial *p);
/* Whether it compares places: i <= j + 1. */
bool jac_is_place_condition(const struct jac_term *t);

/* A sum that an indicator leaves one term of: 1[j = i + k - 1] the one of k = j - i + 1.
 */
struct jac_solved {
  size_t factor, over;
  const struct jac_term *value;
  bool inside; /* the value is in the range whatever the other indices are */
};
/* The first such sum, one whose value is inside before the others; false: none. */
bool jac_monomial_solve(struct jac_make *m, const struct jac_monomial *p,
                        struct jac_solved *out);

/* Products that are an entry of a quantity with a name are called by it. */
void jac_expansion_call(struct jac_make *m, struct jac_expansion *p,
                        const struct jac_symbol *const *named, size_t count);

/* e^{u_i} / sum(e^u) becomes an entry of softmax(u). */
void jac_expansion_soften(struct jac_make *m, struct jac_expansion *p);

#endif
