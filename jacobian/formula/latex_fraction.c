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

static node_t derivative(struct jac_latex *r, node_t of, node_t by) {
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

node_t jac_latex_fraction(struct jac_latex *r) {
  const struct jac_token *top = r->at + 1, *bottom = jac_latex_after(top);
  size_t position = r->at->position;
  bool braced = top->kind == JAC_TOKEN_OPEN && bottom->kind == JAC_TOKEN_OPEN;
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
  if (r->at->kind == JAC_TOKEN_SUP)
    return jac_latex_fail(r, _("a first derivative"));
  if (r->at->kind != JAC_TOKEN_CLOSE) { /* \frac{\partial y}{\partial x} */
    node_t of = jac_latex_expression(r);
    if (!jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      return NULL;
    node_t whole = derivative(r, of, below(r));
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

/* \nabla_x f, \nabla_x (...), \nabla f(x): shaped as the variable. */
node_t jac_latex_gradient(struct jac_latex *r) {
  size_t position = r->at->position;
  r->at++;
  node_t by = NULL;
  if (jac_latex_accept(r, JAC_TOKEN_SUB, NULL)) {
    bool group = jac_latex_accept(r, JAC_TOKEN_OPEN, NULL);
    by = group ? jac_latex_expression(r) : jac_latex_argument(r);
    if (group && !jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      return NULL;
  }
  node_t of = jac_latex_term(r);
  if (by == NULL)
    by = jac_node(r->arena, JAC_BLANK, 0, NULL);
  node_t child[] = {of, by};
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
