/* Constructs: what formulas are made of, a row each in constructs.def. A row has all that
 * anybody knows of it: how it is written, how tightly it binds, the shapes it takes and
 * gives, what an author means by it and how likely, how it is computed. Each pass looks
 * at its own columns. */
#ifndef JACOBIAN_NOTATION_CONSTRUCT_H
#define JACOBIAN_NOTATION_CONSTRUCT_H

#include <stdbool.h>
#include <stddef.h>

/* How a construct is written. */
enum jac_role_of {
  JAC_ROLE_TERM,      /* a + b, -a */
  JAC_ROLE_SIDE,      /* a b */
  JAC_ROLE_INFIX,     /* a * b */
  JAC_ROLE_DIVIDE,    /* a / b */
  JAC_ROLE_POWER,     /* a ^ b */
  JAC_ROLE_POSTFIX,   /* a' */
  JAC_ROLE_RELATION,  /* a = b */
  JAC_ROLE_CONDITION, /* a and b */
  JAC_ROLE_ENTRYWISE, /* tanh(a), of numbers */
  JAC_ROLE_FUNCTION,  /* det(A) */
  JAC_ROLE_STACK,     /* [a; b] */
  JAC_ROLE_SIZED,     /* eye(n) */
  JAC_ROLE_SPECIAL,   /* its arguments are no values: delta(i, j) */
  JAC_ROLE_BIG,       /* sum(i, a) */
  JAC_ROLE_UNREAD
};

#define CONSTRUCT(id, role, binding, plain, latex, unicode) JAC_C_##id,
#define READING(id, type, price, words, value)
#define ENTRYWISE(id, plain, latex, unicode, function) JAC_C_##id,
enum jac_construct_id {
#include "jacobian/notation/constructs.def"
  JAC_CONSTRUCTS
};
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE

struct jac_construct {
  enum jac_construct_id id;
  enum jac_role_of role;
  int binding;
  const char *plain, *latex, *unicode; /* names with spaces between */
};

const struct jac_construct *jac_construct(enum jac_construct_id id);

/* The construct of a name (length bytes) in a role that is written by name, or NULL: a
 * function, a big sign, a sign between, a relation. */
const struct jac_construct *jac_construct_plain(const char *name, size_t length);
const struct jac_construct *jac_construct_latex(const char *name, size_t length);

/* The construct whose sign (of any notation) stands at text, the longest; *length is its
 * bytes. NULL: none. Names made of letters are not signs. */
const struct jac_construct *jac_construct_sign(const char *text, size_t *length);

/* Its first name in each notation; *length is its bytes. */
const char *jac_construct_name(const char *names, size_t *length);

#endif
