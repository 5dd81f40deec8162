/* An explicit Jacobian held against three references made by other code: finite
 * differences of the map, its vector-Jacobian products and its Jacobian-vector products.
 *
 * When do two numbers agree? An entry agrees with a finite difference d of estimated
 * error e when |J - d| <= 10 e + 1e-9 s, s the largest magnitude in the row: the error
 * comes from the difference itself (as GSL's gsl_deriv_central returns one, and as Ceres
 * accepts a Ridders extrapolation), and 1e-9 is what 5-point checkers accept in all
 * (ChainRulesTestUtils); PyTorch's gradcheck takes 1e-5 + 1e-3 |J| whatever the function.
 * Where the estimate itself is over 1e-3 s, or the function has no value, nothing is
 * said: the entry cannot be told, and is never wrong. At a kink an entry outside the
 * interval of the one-sided derivatives is wrong, one inside is neither wrong nor right.
 * An entry agrees with a product when they differ by no more than rounding can: 1e-12 s +
 * 1e-13 S + 8 eps F/X, S the largest magnitude in the whole Jacobian, F/X that of the
 * outputs over that of the variable: a derivative that cancels, as batch norm's over two
 * samples, is known no better than its terms, which have that size. The modules of a
 * network magnify each other's rounding: where a product would differ, it is made again
 * with the last places of all numbers moved, and what that changes is rounding too; so it
 * is of a Jacobian that is 0 but for rounding, whatever it is held against.
 */
#ifndef JACOBIAN_CHECK_H
#define JACOBIAN_CHECK_H

#include "jacobian/difference.h"
#include "jacobian/rounding.h"

/* What J is held against; the first JAC_REFERENCES are made by the map's own other codes.
 */
enum jac_reference {
  JAC_REFERENCE_DIFFERENCE,
  JAC_REFERENCE_VJP,
  JAC_REFERENCE_JVP,
  JAC_REFERENCE_OTHER,
  JAC_REFERENCE_CERTIFIED /* jacobian/certify.h */
};
enum { JAC_REFERENCES = 3, JAC_CHECK_LISTED = 20 };

enum jac_verdict {
  JAC_VERDICT_AGREES,
  JAC_VERDICT_DIFFERS,
  JAC_VERDICT_NOT_DIFFERENTIABLE, /* only at kinks do they differ */
  JAC_VERDICT_UNTOLD              /* an entry has no value, or no entry could be told */
};

/* "agrees", "differs", "not differentiable", "cannot be told": the words of the JSON. */
const char *jac_verdict_name(enum jac_verdict verdict);

/* One entry held against its reference, in native places. */
struct jac_checked_entry {
  size_t slice, row, col;
  double jacobian, reference;
  double tolerance;
  double left, right; /* one-sided derivatives, at a kink */
  bool kink;
};

struct jac_check_result {
  enum jac_reference reference;
  enum jac_verdict verdict;
  /* Of the wrong entries where there are any, else of all; relative: to the row's largest
   * magnitude. */
  double max_abs_error, max_rel_error;
  bool any;                       /* worst is an entry; false: none was compared */
  struct jac_checked_entry worst; /* whose error max_abs_error is */
  size_t compared, wrong, kinks, unreliable;
  size_t valueless; /* entries of which neither side is finite: there is no value here */
  size_t nonfinite; /* entries of which one side alone is finite */
  struct jac_checked_entry first_nonfinite; /* of either, the latter before the former */
  size_t listed;
  struct jac_checked_entry list[JAC_CHECK_LISTED]; /* the first wrong entries and kinks */
  size_t evaluations;                              /* of the map, or products */
  bool probed; /* random combinations instead of every row or column */
};

struct jac_check_options {
  enum jac_difference_mode mode;
  unsigned long seed; /* of random combinations */
};

/* Holds J (native form, the map's explicit Jacobian or somebody's own) against all three.
 * results has JAC_REFERENCES of them. References are made and compared piece by piece:
 * nothing of J's size is allocated. */
enum jac_status jac_check(const struct jac_map *map, jac_point x, size_t wrt,
                          const struct jac_array3 *J,
                          const struct jac_check_options *options,
                          struct jac_check_result *results, struct jac_error *err);

/* Holds another array of J's native shape (a user's own) against J: an entry agrees
 * within tolerance times the largest magnitude in J's row, and rounding as above, and
 * what its numbers were rounded to (NULL: they were not). Where they differ, differences
 * find the kinks: there a value between the one-sided derivatives is neither wrong nor
 * right. */
enum jac_status jac_check_against(const struct jac_map *map, jac_point x, size_t wrt,
                                  const struct jac_array3 *J,
                                  const struct jac_array3 *other, double tolerance,
                                  const struct jac_rounding *rounding,
                                  struct jac_check_result *result, struct jac_error *err);

#endif
