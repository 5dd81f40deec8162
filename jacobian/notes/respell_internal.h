/* What the files of respelling share. */
#ifndef JACOBIAN_NOTES_RESPELL_INTERNAL_H
#define JACOBIAN_NOTES_RESPELL_INTERNAL_H

#include "jacobian/notes/respell.h"

#include "jacobian/elaborate/evidence.h"

typedef const struct jac_syntax node;

enum { JAC_RESPELL_CHILDREN = 40 };

struct respelling {
  struct jac_section *section;
  size_t facts; /* those that count */
};

/* New notation at the place of like. NULL: memory ran out, or a child is NULL. */
/* \partial^n f / \partial x \partial y ..., or the sign alone where f is NULL. */
node *jac_respell_derivative(struct respelling *r, node *like, node *f, size_t order,
                             node *const *x);
node *jac_respell_name(struct respelling *r, node *like, const char *text);
node *jac_respell_number(struct respelling *r, node *like, double value);
node *jac_respell_made(struct respelling *r, enum jac_syntax_form form, const char *text,
                       node *like, size_t count, node *const *child);

/* A limit as the derivative that it is; NULL: it is not read. */
node *jac_limit(struct respelling *r, node *n);
/* A sum from 0 on as the first of its terms and the sum from 1 on; NULL: it is none. */
node *jac_zero_based(struct respelling *r, node *n);

#endif
