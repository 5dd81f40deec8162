/* What the files of rules share: the names of a claim, and its forms. */
#ifndef JACOBIAN_NOTES_RULE_INTERNAL_H
#define JACOBIAN_NOTES_RULE_INTERNAL_H

#include "jacobian/notes/rule.h"

#include "jacobian/elaborate/evidence.h"

typedef const struct jac_syntax node;

/* What the names of a claim are. */
struct letters {
  node *function[JAC_RULE_NAMES], *other[JAC_RULE_NAMES];
  size_t functions, others;
  node *variable; /* that the claim names: of d/dx, of f(x); or NULL */
  bool lone;      /* only what is called with a name counts: f(x), no delta(H t) */
  bool matrices;  /* the functions are matrices: f^{-1} is no inverse function */
  bool failed;
};

static inline bool is_plain(node *n) {
  return n && n->form == JAC_S_NAME && !n->row && !jac_is_differential(n);
}

static inline bool in_brackets(node *n) {
  return n->form == JAC_S_GROUP && (n->text[0] == '(' || n->text[0] == '[');
}

/* x of (x). */
static inline node *lone(node *n) {
  return in_brackets(n) && n->text[0] == '(' && is_plain(n->child[0]) ? n->child[0]
                                                                      : NULL;
}

/* (x) of (x) and (x)^2, behind f. */
static inline node *bracket_of(node *n) {
  if (n->form == JAC_S_SCRIPT && !n->child[1] && n->child[2] && n->number == 0)
    n = n->child[0];
  return in_brackets(n) ? n : NULL;
}

static inline bool among(node *const *name, size_t count, node *n) {
  for (size_t k = 0; k < count; k++)
    if (jac_notation_equal(name[k], n))
      return true;
  return false;
}

static inline bool primed(node *n) {
  return n->form == JAC_S_SCRIPT && n->number > 0 && is_plain(n->child[0]) &&
         !n->child[1];
}

static inline bool is_circle(node *n) {
  return n->form == JAC_S_INFIX && n->row && n->row->id == JAC_C_CIRC;
}

/* d of a fraction's numerator: d, d^2, d f; and x of dx. */
static inline node *sign_of(node *n) {
  n = jac_inside(n);
  return n->form == JAC_S_SIDE ? n->child[0] : n;
}

static inline node *by_of(node *n) {
  n = jac_inside(n);
  if (n->form != JAC_S_SIDE || n->count != 2 || !jac_is_differential(n->child[0]))
    return NULL;
  node *x = n->child[1];
  return x->form == JAC_S_SCRIPT ? x->child[0] : x;
}

static inline bool is_derivative(node *n) {
  return n->form == JAC_S_FRACTION && jac_is_differential(sign_of(n->child[0])) &&
         is_plain(by_of(n->child[1]));
}

/* The functions: what is primed, called, composed, or differentiated by name. */
void jac_rule_functions(struct letters *l, node *n);
/* All other names; below: those of a derivative's sign are none. */
void jac_rule_others(struct letters *l, node *n);
/* (...)', (...)'(x), d/dx (...), d(u v)/dx. */
bool jac_rule_differentiated(node *n);
/* Whether a derivative stands in n. */
bool jac_rule_derives(node *n);
/* Whether f is a matrix, whose factors keep their order: defined as one (*defined), or
 * said to be one. */
bool jac_rule_matrix(struct jac_section *s, node *f, bool *defined);

/* n with every function at the variable; *failed: it is not read so. */
node *jac_rule_at(struct jac_pool *pool, const struct letters *of, node *variable,
                  node *n, bool *failed);

#endif
