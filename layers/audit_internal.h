/* What the files of the audit share. Each check leaves what it found first in the audit,
 * and returns JAC_OK unless it could not be made. */
#ifndef LAYERS_AUDIT_INTERNAL_H
#define LAYERS_AUDIT_INTERNAL_H

#include "layers/audit.h"

#include "jacobian/values.h"

#include <gsl/gsl_rng.h>
#include <math.h>

enum { JAC_AUDIT_NUDGES = 32, JAC_AUDIT_DRAWN = 3 };

/* A module under audit at a point. */
struct work {
  const struct jac_map *map;
  jac_point x;
  const char *place;       /* words for the point */
  double outputs, slopes;  /* the usual size of its outputs and derivatives, or 0 */
  bool wordless;           /* its formulas are not looked at: they do not name the option
                              that was changed */
  bool valueless;          /* an output has no finite value here */
  bool chosen;             /* numbers that were not drawn: they may cancel */
  struct jac_values moved; /* of chosen ones: x with its last places moved */
  gsl_rng *rng;            /* by how much */
  struct jac_audit *audit; /* what was found */
  struct jac_error *err;
};

/* The largest finite number, without its sign. */
static inline double largest(const double *data, size_t count) {
  double most = 0.0;
  for (size_t k = 0; k < count; k++)
    if (isfinite(data[k]))
      most = fmax(most, fabs(data[k]));
  return most;
}

static inline bool same(const double *a, const double *b, size_t count) {
  for (size_t k = 0; k < count; k++)
    if (a[k] != b[k] && !(isnan(a[k]) && isnan(b[k])))
      return false;
  return true;
}

/* A number as it is printed: the sign of a zero tells nothing, nor that of a NaN. */
static inline double as_printed(double value) {
  return isnan(value) ? (double)NAN : value + 0.0;
}

/* As many digits as tell two numbers apart. */
int jac_audit_digits(double a, double b);

/* Adds the point, with its numbers where they are few. */
void jac_audit_place(const struct work *w, struct jac_buffer *out);

/* Leaves a finding: what it is about, by which variable (nvar: none), what was said and
 * what is done, NaN where there are no two numbers. */
void jac_audit_found(struct work *w, const char *about, size_t wrt, double said,
                     double done);

/* The chosen numbers with their last places moved, another way for each k: every number's
 * own where k is even, those of the largest where it is odd. */
jac_point jac_audit_nudged(struct work *w, size_t k);

/* audit_formula.c: the definition against the outputs y, the entry formula against J. */
enum jac_status jac_audit_definition(struct work *w, const gsl_matrix *y);
/* audit_matrices.c: the definition in one sample's vectors and matrices. */
enum jac_status jac_audit_matrices(struct work *w, const struct jac_spec *spec,
                                   const struct jac_module_place *place,
                                   unsigned long seed);
enum jac_status jac_audit_entries(struct work *w, size_t wrt, const struct jac_array3 *J);

/* audit_structure.c: zeros; every entry written over what stood there, and slices that
 * are one; columns in their order; whether samples are coupled. */
enum jac_status jac_audit_columns(struct work *w, size_t wrt, const struct jac_array3 *J);
enum jac_status jac_audit_promises(struct work *w, size_t wrt,
                                   const struct jac_array3 *J);
enum jac_status jac_audit_addresses(struct work *w, size_t wrt);
enum jac_status jac_audit_coupled(struct work *w, unsigned long seed);

/* audit_option.c: the default that an option's help names against the one that the code
 * takes; an option whose number its definition names, and nothing looks at. */
enum jac_status jac_audit_defaults(struct work *w, const struct jac_spec *spec,
                                   const struct jac_module_place *place);
/* Whether definition or entry formulas name it. */
bool jac_audit_named(const struct jac_map *map, const char *option);
enum jac_status jac_audit_ignored(struct work *w, const struct jac_module_option *option,
                                  const struct jac_map *with, const char *value,
                                  unsigned long seed);

#endif
