#include "jacobian/formula/latex_internal.h"

#include "jacobian/text.h"

#include <string.h>

typedef const struct jac_node *node_t;

const struct jac_token *jac_latex_after(const struct jac_token *token) {
  size_t depth = 0;
  for (; token->kind != JAC_TOKEN_END; token++) {
    if (token->kind == JAC_TOKEN_OPEN)
      depth++;
    else if (token->kind == JAC_TOKEN_CLOSE && depth > 0)
      depth--;
    if (depth == 0)
      return token + 1;
  }
  return token;
}

/* The sign of a derivative: \partial, d, an upright d; 0 tokens if it is none. */
static size_t differential(const struct jac_token *t) {
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "partial"))
    return 1;
  if (jac_latex_is(t, JAC_TOKEN_NAME, "d"))
    return 1;
  return 0;
}

/* d sigma / dz is that of sigma(z). */
static node_t derivative(struct jac_latex *r, node_t of, node_t by) {
  const char *function = of != NULL && by != NULL && of->kind == JAC_NAME
                             ? jac_latex_function(r, of->name)
                             : NULL;
  if (function != NULL)
    of = jac_latex_call(r, function, by);
  return jac_binary(r->arena, JAC_DERIVATIVE, of, by);
}

/* What is below the bar: \partial x, and for \partial x \partial y the second. */
static node_t below(struct jac_latex *r) {
  if (!jac_latex_expect(r, JAC_TOKEN_OPEN, "{"))
    return NULL;
  r->at += differential(r->at);
  bool brackets = jac_latex_is(r->at, JAC_TOKEN_SIGN, "(");
  node_t by = brackets ? jac_latex_expression(r) : jac_latex_term(r);
  return jac_latex_expect(r, JAC_TOKEN_CLOSE, "}") ? by : NULL;
}

/* ^2 behind the sign of a derivative; anything else there is an error. */
static bool twice(struct jac_latex *r, bool *second) {
  *second = jac_latex_accept(r, JAC_TOKEN_SUP, NULL);
  if (!*second)
    return true;
  node_t order = jac_latex_argument(r);
  if (order != NULL && jac_is_number(order, 2.0))
    return true;
  if (r->status == JAC_OK)
    jac_latex_fail(r, _("a first or second derivative"));
  return false;
}

/* Below a second derivative: \partial x^2, or \partial x \partial y^\top. */
static bool two_below(struct jac_latex *r, node_t by[2]) {
  if (!jac_latex_expect(r, JAC_TOKEN_OPEN, "{"))
    return false;
  r->at += differential(r->at);
  by[0] = r->at->kind == JAC_TOKEN_NAME ? jac_latex_name(r) : jac_latex_argument(r);
  if (by[0] == NULL)
    return false;
  bool same = by[0]->kind == JAC_POWER && jac_is_number(by[0]->child[1], 2.0), squared;
  if (same)
    by[0] = by[1] = by[0]->child[0];
  else if (!twice(r, &squared))
    return false;
  else if (squared)
    by[1] = by[0];
  else if (differential(r->at) > 0) {
    r->at += differential(r->at);
    by[1] = jac_latex_term(r);
  } else
    jac_latex_fail(r, _("the second variable, as in \\partial x \\partial y"));
  return r->status == JAC_OK && jac_latex_expect(r, JAC_TOKEN_CLOSE, "}");
}

/* From behind \partial^2 on. The transposition of a variable only says that the matrix
 * has its rows by the one and its columns by the other. */
static node_t second_derivative(struct jac_latex *r, const struct jac_token *bottom) {
  node_t of = NULL, by[2] = {NULL, NULL};
  if (r->at->kind != JAC_TOKEN_CLOSE) {
    of = jac_latex_expression(r);
    if (!jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      return NULL;
  }
  r->at = bottom;
  if (!two_below(r, by))
    return NULL;
  for (int k = 0; k < 2; k++)
    while (by[k]->kind == JAC_TRANSPOSE)
      by[k] = by[k]->child[0];
  if (of == NULL)
    of = jac_latex_term(r);
  else
    jac_latex_skip_point(r);
  return derivative(r, derivative(r, of, by[0]), by[1]);
}

node_t jac_latex_fraction(struct jac_latex *r) {
  const struct jac_token *top = r->at + 1, *bottom = jac_latex_after(top);
  size_t position = r->at->position;
  bool braced = top->kind == JAC_TOKEN_OPEN && bottom->kind == JAC_TOKEN_OPEN, second;
  size_t up = braced ? differential(top + 1) : 0;
  size_t down = braced ? differential(bottom + 1) : 0;
  /* d / d... with nothing behind the lower d is a quotient of names. */
  if (down > 0 && (bottom + 1 + down)->kind == JAC_TOKEN_CLOSE)
    down = 0;
  r->at++;
  if (up == 0 || down == 0) {
    node_t a = jac_latex_argument(r);
    node_t b = r->status == JAC_OK ? jac_latex_argument(r) : NULL;
    return jac_placed(jac_binary(r->arena, JAC_DIVIDE, a, b), position);
  }
  r->at = top + 1 + up;
  if (!twice(r, &second))
    return NULL;
  if (second)
    return jac_placed(second_derivative(r, bottom), position);
  if (r->at->kind != JAC_TOKEN_CLOSE) { /* \frac{\partial y}{\partial x} */
    node_t of = jac_latex_expression(r);
    if (!jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      return NULL;
    node_t by = below(r);
    /* \partial L(x) / \partial x: L depends on x. */
    bool applied = of != NULL && by != NULL && of->kind == JAC_MULTIPLY &&
                   of->name[0] == '\0' && of->child[0]->kind == JAC_NAME &&
                   jac_equal(of->child[1], by) &&
                   jac_latex_is(top + 2 + up, JAC_TOKEN_SIGN, "(");
    node_t whole = derivative(r, applied ? of->child[0] : of, by);
    jac_latex_skip_point(r); /* \frac{\partial f}{\partial x}(x) */
    return jac_placed(whole, position);
  }
  r->at = bottom;
  node_t by = below(r);
  if (r->status != JAC_OK)
    return NULL;
  /* The operator's operand: the rest of the term, as with a sum. */
  node_t of = jac_latex_term(r);
  return jac_placed(derivative(r, of, by), position);
}

/* \nabla_x f, \nabla_x (...), \nabla f(x): shaped as the variable; \nabla^2 f: the
 * Hessian. */
node_t jac_latex_gradient(struct jac_latex *r) {
  size_t position = r->at->position;
  bool second, late = false;
  r->at++;
  node_t by = NULL;
  if (!twice(r, &second))
    return NULL;
  if (jac_latex_accept(r, JAC_TOKEN_SUB, NULL)) {
    bool group = jac_latex_accept(r, JAC_TOKEN_OPEN, NULL);
    by = group ? jac_latex_expression(r) : jac_latex_argument(r);
    if (group && !jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      return NULL;
  }
  if (!second && by != NULL && !twice(r, &late))
    return NULL;
  node_t of = jac_latex_term(r);
  if (by == NULL)
    by = jac_node(r->arena, JAC_BLANK, 0, NULL);
  node_t child[] = {of, by};
  if (second || late)
    child[0] = jac_node_named(r->arena, JAC_DERIVATIVE, "nabla", 2, child);
  return jac_placed(jac_node_named(r->arena, JAC_DERIVATIVE, "nabla", 2, child),
                    position);
}

/* \partial y / \partial x, \partial_x y. */
node_t jac_latex_partial(struct jac_latex *r) {
  size_t position = r->at->position;
  r->at++;
  if (jac_latex_accept(r, JAC_TOKEN_SUB, NULL)) {
    node_t by = jac_latex_argument(r);
    node_t of = r->status == JAC_OK ? jac_latex_term(r) : NULL;
    return jac_placed(derivative(r, of, by), position);
  }
  node_t of = NULL;
  if (jac_latex_accept(r, JAC_TOKEN_SIGN, "(")) {
    of = jac_latex_expression(r);
    jac_latex_expect(r, JAC_TOKEN_SIGN, ")");
  } else
    of = r->at->kind == JAC_TOKEN_NAME ? jac_latex_name(r) : jac_latex_argument(r);
  if (r->status == JAC_OK && jac_latex_accept(r, JAC_TOKEN_SIGN, "/") &&
      jac_latex_accept(r, JAC_TOKEN_COMMAND, "partial")) {
    node_t by = r->at->kind == JAC_TOKEN_NAME ? jac_latex_name(r) : jac_latex_argument(r);
    return jac_placed(derivative(r, of, by), position);
  }
  return jac_latex_fail(r, _("/ \\partial"));
}
