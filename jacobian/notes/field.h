/* Rules of vectors and fields that nobody defines, as rules of their components:
 * (u x v)' = u' x v + u x v', \nabla \cdot (f A) = f \nabla \cdot A + A \cdot \nabla f.
 */
#ifndef JACOBIAN_NOTES_FIELD_H
#define JACOBIAN_NOTES_FIELD_H

#include "jacobian/notes/section.h"

enum { JAC_FIELD_NAMES = 6, JAC_FIELD_FACTS = 3 * JAC_FIELD_NAMES + 6 };

/* What a function is taken to be: any; or what makes a rule right that others break. */
enum jac_field_as {
  JAC_FIELD_ANY,
  JAC_FIELD_CONSTANT,
  JAC_FIELD_GRADIENT, /* its curl is zero */
  JAC_FIELD_CURL,     /* its divergence is */
  JAC_FIELD_POSITION, /* (x, y, z) */
  JAC_FIELD_KINDS
};

struct jac_field_name {
  const struct jac_syntax *name;
  bool vector;
  bool moves;                     /* a function, no constant */
  bool derived, curled, diverged; /* by the right side */
  enum jac_field_as as;
};

struct jac_field_rule {
  struct jac_field_name name[JAC_FIELD_NAMES];
  size_t names;
  bool curve; /* of one variable; else of three, with \nabla */
  bool cross; /* vectors are multiplied so */
  bool
      tells; /* it says nothing but the rule: where it fails it is no equation to solve */
  const struct jac_syntax *variable[3];
  const struct jac_syntax *point; /* x of f(x), all three; or NULL */
};

/* Whether a claim is of such functions, none of which the section defines. */
bool jac_field_read(struct jac_section *section, const struct jac_link *link,
                    struct jac_field_rule *rule);

/* Its components as claims of numbers, each as a derivative: the number of them; 0: it is
 * not read. facts: what its names are. Sets which names are derived. */
size_t jac_field_claims(struct jac_section *section, const struct jac_link *link,
                        struct jac_field_rule *rule, const struct jac_syntax *left[3],
                        const struct jac_syntax *right[3],
                        struct jac_fact fact[JAC_FIELD_FACTS], size_t *facts);

#endif
