/* Certified derivatives: a map's definition, evaluated in ball arithmetic over dual
 * numbers, proves for every entry of its Jacobian an interval that holds it. The
 * precision is raised until the interval is narrower than what the explicit Jacobian is
 * off by, or than a thousandth of its last place.
 *
 * The variables and the constants are what their doubles are, exactly. Kinks and poles
 * have intervals that no precision narrows: the derivatives on both sides of the point
 * are given for them. A tie that a comparison meets is decided by the slopes of what is
 * compared; both being 0, it is taken to hold on both sides. */
#ifndef JACOBIAN_CERTIFY_H
#define JACOBIAN_CERTIFY_H

#include "jacobian/check.h"
#include "jacobian/formula/number.h"

enum jac_certified {
  JAC_CERTIFIED_PROVED,
  JAC_CERTIFIED_KINK,     /* the sides differ */
  JAC_CERTIFIED_POLE,     /* the derivative is not finite, or there is none */
  JAC_CERTIFIED_UNDECIDED /* not narrowed at JAC_CERTIFY_BITS */
};

enum { JAC_CERTIFY_BITS = 16384, JAC_CERTIFY_ENTRIES = 100000 };

/* One derivative. */
struct jac_certified_entry {
  enum jac_certified kind;
  struct jac_enclosure truth;       /* where proved */
  struct jac_enclosure left, right; /* elsewhere: on both sides, as far as known */
  double ulps; /* at most so far is the Jacobian off, in last places of the truth */
  long bits;   /* the precision that it took */
};

struct jac_certificate {
  size_t entries, proved, kinks, poles, undecided;
  double ulps; /* the largest among the proved */
  size_t worst_slice, worst_row, worst_col;
  long bits; /* the largest precision that was needed */
};

/* Whether this build can certify; else JAC_EREFUSED with what is missing. */
enum jac_status jac_certify_available(struct jac_error *err);

/* Certifies an explicit Jacobian (native form). result is as jac_check fills it, the
 * middles of the intervals being the reference and a product's rounding the tolerance:
 * an entry is wrong when its interval proves so. JAC_EREFUSED for a map without a
 * definition, or without this library; JAC_ELIMIT for more than JAC_CERTIFY_ENTRIES. */
enum jac_status jac_certify(const struct jac_map *map, jac_point x, size_t wrt,
                            const struct jac_array3 *J,
                            struct jac_certificate *certificate,
                            struct jac_check_result *result, struct jac_error *err);

/* The definition of a map, read once for many entries. */
struct jac_certifier;
enum jac_status jac_certifier_new(const struct jac_map *map, jac_point x,
                                  struct jac_certifier **certifier,
                                  struct jac_error *err);
void jac_certifier_free(struct jac_certifier *certifier);

/* One entry at a native place, beside what the Jacobian says there. */
enum jac_status jac_certify_entry(struct jac_certifier *certifier, size_t wrt,
                                  size_t slice, size_t row, size_t col, double jacobian,
                                  struct jac_certified_entry *entry,
                                  struct jac_error *err);

/* An upper bound of |x - truth|, and a lower one. */
double jac_enclosure_farthest(const struct jac_enclosure *truth, double x);
double jac_enclosure_nearest(const struct jac_enclosure *truth, double x);

#endif
