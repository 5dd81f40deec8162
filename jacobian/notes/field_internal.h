/* What the files of fields share: numbers and vectors as notation of their components. */
#ifndef JACOBIAN_NOTES_FIELD_INTERNAL_H
#define JACOBIAN_NOTES_FIELD_INTERNAL_H

#include "jacobian/notes/field.h"
#include "jacobian/notes/respell_internal.h"

#include <string.h>

enum kind {
  NOTHING, /* not read */
  NUMBER,  /* part[0] */
  VECTOR,
  NABLA, /* the sign alone */
  ALONG, /* A \cdot \nabla: part is A's */
  SLOPES /* \nabla A, behind A \cdot alone: part is A's */
};

struct value {
  enum kind kind;
  node *part[3];
};

struct reading {
  struct respelling of;
  const struct jac_field_rule *rule;
  node *like; /* where what is made stands */
  /* A bit for each name that is differentiated; of which a curl, a divergence is. */
  unsigned derived, curled, diverged;
};

static const struct value nothing = {.kind = NOTHING};

/* Arithmetic: NOTHING where it has no meaning. */
struct value jac_field_sum(struct reading *r, const char *signs, size_t count,
                           const struct value *of);
struct value jac_field_scaled(struct reading *r, struct value a, struct value b);
struct value jac_field_over(struct reading *r, struct value a, struct value b);
struct value jac_field_dot(struct reading *r, struct value a, struct value b);
struct value jac_field_cross(struct reading *r, struct value a, struct value b);
struct value jac_field_power(struct reading *r, struct value a, node *exponent);

/* The derivative of each part by a variable. */
struct value jac_field_slope(struct reading *r, struct value a, node *by);
struct value jac_field_gradient(struct reading *r, struct value a);
struct value jac_field_divergence(struct reading *r, struct value a);
struct value jac_field_curl(struct reading *r, struct value a);
struct value jac_field_laplacian(struct reading *r, struct value a);
struct value jac_field_along(struct reading *r, struct value a, struct value of);

/* The function of its component 1, 2, 3, or of what it is the gradient of, 0; NULL: none.
 */
node *jac_field_part(struct reading *r, const struct jac_field_name *name, size_t part);
/* A name as its rule takes it: f(x, y, z), (A_1(x, y, z), ...). */
struct value jac_field_function(struct reading *r, const struct jac_field_name *name);

/* A side of a claim. */
struct value jac_field_side(struct reading *r, node *n);

/* u of \dot u, \ddot u. */
static inline const char *jac_field_bare(const char *text) {
  return strncmp(text, "dot_", 4) == 0    ? text + 4
         : strncmp(text, "ddot_", 5) == 0 ? text + 5
                                          : text;
}

static inline bool is_nabla(node *n) {
  return jac_is_name(n, "nabla");
}

#endif
