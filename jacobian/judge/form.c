/* What a claim is by its form: a differential, a constraint, what says what f is. */
#include "jacobian/judge/judge_internal.h"

#include <string.h>

typedef const struct jac_syntax node;

/* d(tr X), d|X|: d before what is no name. */
bool jac_form_differential(node *n) {
  if (!n)
    return false;
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (jac_is_name(n->child[k], "d") &&
        (n->child[k + 1]->form == JAC_S_GROUP || n->child[k + 1]->form == JAC_S_APPLY ||
         (n->child[k + 1]->form == JAC_S_SCRIPT &&
          n->child[k + 1]->child[0]->form == JAC_S_GROUP)))
      return true;
  for (size_t k = 0; k < n->count && n->form != JAC_S_FRACTION; k++)
    if (jac_form_differential(n->child[k]))
      return true;
  return false;
}

static bool has_matrix(node *n) {
  if (!n || n->form == JAC_S_MATRIX)
    return n != NULL;
  for (size_t k = 0; k < n->count; k++)
    if (has_matrix(n->child[k]))
      return true;
  return false;
}

static bool numbers_only(node *n) {
  if (n->form == JAC_S_NAME)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && !numbers_only(n->child[k]))
      return false;
  return true;
}

/* f(2, 3) of a function that is defined; A V is a product, E(X^2) of what is no number.
 */
static bool worked_call(node *n, const struct jac_evidence *all) {
  if ((n->form != JAC_S_SIDE && n->form != JAC_S_APPLY) || n->count != 2 ||
      n->child[0]->form != JAC_S_NAME || n->child[1]->form != JAC_S_GROUP ||
      !numbers_only(n->child[1]->child[0]))
    return false;
  for (size_t k = 0; k < all->definitions; k++)
    if (strcmp(all->definition[k].base, n->child[0]->text) == 0)
      return true;
  return false;
}

/* B of B = (b, 0), defined by its entries: that it is another column is said of these, of
 * which it cannot be told. */
static bool by_its_entries(const struct jac_claim_written *claim) {
  node *left = claim->left;
  const struct jac_evidence *all = claim->evidence;
  for (size_t k = 0; jac_name_like(left) && k < all->definitions; k++) {
    const struct jac_definition *d = &all->definition[k];
    if (d->fact && d->fact->right && jac_notation_equal(d->name, left))
      left = d->fact->right;
  }
  return jac_inside(left)->form == JAC_S_MATRIX;
}

/* f(2, 3) = 7, 7 = f(2, 3), z = (w_11 x_1 + ...): it can be told though nothing is
 * differentiated; M v = (2, 1) asks for v. */
bool jac_form_spelled_out(const struct jac_claim_written *claim) {
  node *left = claim->left, *right = claim->right;
  bool product = left->form == JAC_S_SIDE || left->form == JAC_S_INFIX;
  return claim->spelled ||
         (has_matrix(right) && !(product && has_matrix(left)) &&
          !(jac_inside(right)->form == JAC_S_MATRIX && by_its_entries(claim))) ||
         worked_call(left, claim->evidence) ||
         (numbers_only(left) && worked_call(right, claim->evidence));
}

/* E[(d log p)^2] = -E[d^2 log p]: true of all p together with their E. */
bool jac_form_expectation(const struct jac_claim_written *claim) {
  return jac_notation_has_name(claim->left, "bb_E") ||
         jac_notation_has_name(claim->right, "bb_E");
}

static node *base(node *n) {
  return n->form == JAC_S_SCRIPT ? n->child[0] : n;
}

/* theta_{t+1} = theta_t - eta grad, H = H G: a step, and no equality of two quantities.
 */
bool jac_form_update(const struct jac_claim_written *claim) {
  node *left = claim->left, *right = claim->right;
  if (base(left)->form == JAC_S_NAME && !base(left)->row &&
      jac_notation_stands(right, left))
    return true;
  if (left->form != JAC_S_SCRIPT || right->form != JAC_S_TERMS || right->count < 2)
    return false;
  node *first = right->child[0];
  return base(left)->form == JAC_S_NAME && jac_notation_equal(base(first), base(left)) &&
         !jac_notation_equal(first, left);
}

static bool is_d(node *n) {
  return n->form == JAC_S_NAME && jac_is_name(n, "d");
}

/* A differential of x among the factors, where f is defined by x. */
static bool differential_of(node *n, node *f, const struct jac_evidence *all) {
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++) {
    node *x = n->child[k + 1];
    while (x->form == JAC_S_GROUP)
      x = x->child[0];
    if (!is_d(n->child[k]) || x->form != JAC_S_NAME)
      continue;
    for (size_t j = 0; j < all->definitions; j++)
      if (strcmp(all->definition[j].base, f->text) == 0 &&
          jac_notation_has_name(all->definition[j].fact->right, x->text))
        return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && differential_of(n->child[k], f, all))
      return true;
  return false;
}

static bool has_point(node *n) {
  bool found = n->form == JAC_S_POINT;
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] && has_point(n->child[k]);
  return found;
}

/* Whether d stands before a name that x has not: df(x, y). */
static bool moves_another(node *n, node *x) {
  for (size_t k = 0; n->form == JAC_S_SIDE && k + 1 < n->count; k++)
    if (is_d(n->child[k]) && jac_name_like(n->child[k + 1]) &&
        !jac_notation_has_name(x, base(n->child[k + 1])->text))
      return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && moves_another(n->child[k], x))
      return true;
  return false;
}

/* d(X Y) = (dX) Y + X dY: of an expression, all of which is there; 2 y dy at y = W x has
 * a dy of its own. */
bool jac_form_identity(const struct jac_claim_written *claim) {
  node *left = claim->left;
  return !has_point(claim->right) && !moves_another(claim->right, left) &&
         left->form == JAC_S_SIDE && left->count == 2 && is_d(left->child[0]) &&
         (left->child[1]->form == JAC_S_APPLY || left->child[1]->form == JAC_S_SCRIPT ||
          (left->child[1]->form == JAC_S_GROUP &&
           left->child[1]->child[0]->form != JAC_S_LIST));
}

/* x dx = dy: an equation between differentials, to be integrated. */
bool jac_form_separated(const struct jac_claim_written *claim) {
  node *left = claim->left;
  for (size_t k = 1; left->form == JAC_S_SIDE && k + 1 < left->count; k++)
    if (is_d(left->child[k]) && jac_name_like(left->child[k + 1]))
      return true;
  return false;
}

/* d(P V) = P dV + V dP: nothing in it says that its letters are matrices. */
bool jac_form_of_numbers(const struct jac_claim_written *claim) {
  node *side[2] = {claim->left, claim->right};
  for (size_t k = 0; k < 2; k++)
    if (jac_notation_has_name(side[k], "T") || jac_notation_has_name(side[k], "top"))
      return false;
  return jac_form_identity(claim);
}

static bool undefined(node *name, const struct jac_evidence *all) {
  for (size_t k = 0; k < all->definitions; k++)
    if (jac_notation_equal(all->definition[k].name, name))
      return false;
  return true;
}

/* dy = (dy/dx) dx of what nobody defines. */
bool jac_form_of_unknown(const struct jac_claim_written *claim) {
  node *left = claim->left;
  return left->form == JAC_S_SIDE && left->count == 2 && is_d(left->child[0]) &&
         jac_name_like(left->child[1]) && jac_notation_has(claim->right, left) &&
         undefined(left->child[1], claim->evidence);
}

/* df = a^T dx with f(x) defined: a differential, not the derivative of a loss. */
bool jac_form_total(const struct jac_claim_written *claim) {
  node *left = claim->left;
  return left->form == JAC_S_SIDE && left->count >= 2 && is_d(left->child[0]) &&
         left->child[1]->form == JAC_S_NAME &&
         differential_of(claim->right, left->child[1], claim->evidence);
}

/* sum P(x_i) = 1, an integral that is 0: what is asked of P. */
bool jac_form_constraint(const struct jac_claim_written *claim) {
  node *left = claim->left;
  if (left->form == JAC_S_TERMS && left->count == 1)
    left = left->child[0];
  return (left->form == JAC_S_BIG || left->form == JAC_S_INTEGRAL) &&
         claim->right->form == JAC_S_NUMBER;
}

static bool mentioned(node *n, const char *name, bool *differentiated) {
  bool found = false;
  if (!n)
    return false;
  *differentiated = *differentiated || (n->form == JAC_S_SCRIPT && n->number > 0) ||
                    jac_is_name(n, "partial") || jac_is_name(n, "d") ||
                    jac_is_name(n, "nabla");
  if (jac_is_name(n, name))
    found = true;
  for (size_t k = 0; k < n->count; k++)
    found = mentioned(n->child[k], name, differentiated) || found;
  return found;
}

/* Long: the ways to write it. f'(x) = f(x) (1 - f(x)), df/dx = f of an f that nothing
 * defines: it says what f is. Its name, or NULL. */
const char *jac_form_of_itself(const struct jac_claim_written *claim) {
  node *left = claim->left, *f = NULL, *sum = jac_inside(claim->right);
  for (size_t k = 0; sum->form == JAC_S_TERMS && k < sum->count; k++)
    if (left->form == JAC_S_FRACTION && sum->text[k] != '-' &&
        jac_notation_equal(sum->child[k], left)) /* dL/dC = ... + dL/dC, from later */
      return jac_notation_key(claim->scope->pool,
                              left->child[0]->count ? left->child[0]->child[1] : left);
  if (left->form == JAC_S_SIDE && left->count == 2)
    left = left->child[0];
  if (left->form == JAC_S_SCRIPT && left->number > 0)
    f = left->child[0];
  else if (left->form == JAC_S_FRACTION && left->child[0]->form == JAC_S_SIDE &&
           left->child[0]->count == 3)
    f = left->child[0]->child[1];
  bool differentiated = false;
  if (!f || f->form != JAC_S_NAME || f->row || strcmp(f->text, "sigma") == 0 ||
      !mentioned(claim->right, f->text, &differentiated) || differentiated)
    return NULL;
  for (size_t k = 0; k < claim->evidence->definitions; k++)
    if (strcmp(claim->evidence->definition[k].base, f->text) == 0 ||
        strcmp(claim->evidence->definition[k].key, f->text) == 0)
      return NULL;
  return f->text;
}

/* Whether all entries of a matrix or a list are derivatives of names by names. */
static bool all_steps(node *n) {
  struct jac_step step;
  if (n->form != JAC_S_GROUP && n->form != JAC_S_MATRIX && n->form != JAC_S_ROW &&
      n->form != JAC_S_LIST)
    return jac_formal_step(n, &step);
  for (size_t k = 0; k < n->count; k++)
    if (!n->child[k] || !all_steps(n->child[k]))
      return false;
  return n->count > 0;
}

/* \nabla f = [df/da, df/db], J = [du_i/dx_j]: it says how derivatives are arranged, and
 * of no formula. */
bool jac_form_arrangement(const struct jac_claim_written *claim) {
  struct jac_step step;
  node *right = claim->right;
  while (right->form == JAC_S_SCRIPT && right->child[0]->form == JAC_S_GROUP)
    right = right->child[0]; /* transposed */
  return (right->form == JAC_S_GROUP || right->form == JAC_S_MATRIX) &&
         all_steps(right) && !jac_formal_step(right, &step) &&
         !jac_formal_step(claim->left, &step);
}

/* p_Y(y) = ... once more: a second definition more likely than a claim. */
bool jac_form_call(node *left) {
  return (left->form == JAC_S_SIDE || left->form == JAC_S_APPLY) && left->count == 2 &&
         (left->child[0]->form == JAC_S_NAME ||
          (left->child[0]->form == JAC_S_SCRIPT && left->child[0]->number == 0 &&
           left->child[0]->child[0]->form == JAC_S_NAME)) &&
         !jac_is_differential(left->child[0]) && !jac_is_name(left->child[0], "nabla") &&
         !(left->child[0]->form == JAC_S_SCRIPT &&
           jac_is_name(left->child[0]->child[0], "nabla")) &&
         left->child[1]->form == JAC_S_GROUP && left->child[1]->text[0] == '(' &&
         !numbers_only(left->child[1]);
}

/* d, d^2. */
static bool straight_sign(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_SCRIPT && !n->child[1] && n->child[2] &&
      jac_inside(n->child[2])->form == JAC_S_NUMBER)
    n = n->child[0];
  return is_d(n);
}

/* y of d^2y/dx^2, d^2/dx^2 y(x); or NULL. */
static node *of_order(node *n) {
  if (n->form == JAC_S_FRACTION && n->child[0]->form == JAC_S_SIDE &&
      n->child[0]->count == 2 && straight_sign(n->child[0]->child[0]) &&
      n->child[0]->child[1]->form == JAC_S_NAME)
    return n->child[0]->child[1];
  return n->form == JAC_S_SIDE && n->child[0]->form == JAC_S_FRACTION &&
                 straight_sign(n->child[0]->child[0]) &&
                 n->child[1]->form == JAC_S_NAME && !n->child[1]->row && n->count <= 3
             ? n->child[1]
             : NULL;
}

/* Long: the ways to write it. dy/dx, y', y'(x), d/dt(...), by a straight d or a prime:
 * what is differentiated. */
static node *straightly(node *n) {
  node *of = of_order(n);
  if (of)
    return of;
  if (n->form == JAC_S_SIDE && n->count == 2 && n->child[1]->form == JAC_S_GROUP) {
    node *f = n->child[0];
    if (f->form == JAC_S_SCRIPT && f->number > 0)
      return f->child[0];
    if (f->form == JAC_S_FRACTION && is_d(f->child[0]) &&
        f->child[1]->form == JAC_S_SIDE && is_d(f->child[1]->child[0]))
      return n->child[1];
  }
  if (n->form == JAC_S_SCRIPT && n->number > 0)
    return n->child[0];
  struct jac_step step;
  return jac_formal_step(n, &step) && n->form == JAC_S_FRACTION &&
                 is_d(n->child[0]->child[0])
             ? step.above
             : NULL;
}

/* Whether a name of n, none of a function, stands nowhere in the right side nor on the
 * left of a definition. */
static bool lone_name(node *n, const struct jac_claim_written *claim, node *variable) {
  if (n->form == JAC_S_NAME) {
    if (n->row || jac_notation_equal(n, variable) ||
        jac_notation_has_name(claim->right, n->text))
      return false;
    for (size_t k = 0; k < claim->evidence->definitions; k++)
      if (strcmp(claim->evidence->definition[k].base, n->text) == 0)
        return false;
    return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && lone_name(n->child[k], claim, variable))
      return true;
  return false;
}

/* A name among the factors that stands nowhere in the right side nor is defined. */
static bool lone_factor(node *n, const struct jac_claim_written *claim) {
  if (n->form == JAC_S_NAME || n->form == JAC_S_SCRIPT) {
    if (base(n)->form != JAC_S_NAME || n->row || jac_notation_has(claim->right, n))
      return false;
    for (size_t k = 0; k < claim->evidence->definitions; k++)
      if (strcmp(claim->evidence->definition[k].base, base(n)->text) == 0)
        return false;
    return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && lone_factor(n->child[k], claim))
      return true;
  return false;
}

/* f'(x_n) (x_{n+1} - x_n) = -f(x_n): a step of Newton's, which asks for x_{n+1}. */
static bool asks_for_factor(const struct jac_claim_written *claim) {
  node *left = claim->left;
  if (left->form != JAC_S_SIDE || left->count < 3 ||
      left->child[0]->form != JAC_S_SCRIPT || left->child[0]->number <= 0 ||
      left->child[1]->form != JAC_S_GROUP)
    return false;
  for (size_t k = 2; k < left->count; k++)
    if (lone_factor(left->child[k], claim))
      return true;
  return false;
}

/* Whether a derivative stands in n. */
static bool differentiates(node *n) {
  struct jac_step step;
  if (jac_formal_step(n, &step) || (n->form == JAC_S_SCRIPT && n->number > 0))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && differentiates(n->child[k]))
      return true;
  return false;
}

/* z = f(a, b) + f_x (x - a) + ..., of which another z = ... is the same at a point, or
 * another one: it has terms that are no derivatives. */
bool jac_form_again(const struct jac_claim_written *claim) {
  node *left = claim->left;
  const struct jac_evidence *all = claim->evidence;
  for (size_t k = 0; left->form == JAC_S_NAME && k < all->definitions; k++) {
    node *right = all->definition[k].fact->right;
    bool some = false, none = false;
    if (!right || right->form != JAC_S_TERMS ||
        !jac_notation_equal(all->definition[k].name, left))
      continue;
    for (size_t j = 0; j < right->count; j++)
      *(differentiates(right->child[j]) ? &some : &none) = true;
    if (some && none)
      return true;
  }
  return false;
}

/* (e^{-3x} y)' = e^{-2x}, where y' stands somewhere and y does not on the right. */
static bool asks_within(node *n, const struct jac_claim_written *claim) {
  if (n->form == JAC_S_NAME) {
    const struct jac_usage *u = jac_usage_of(claim->evidence, n->text);
    return !n->row && u && u->primed && undefined(n, claim->evidence) &&
           !jac_notation_has(claim->right, n);
  }
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && asks_within(n->child[k], claim))
      return true;
  return false;
}

/* x y', of a y that nothing defines. */
static bool asks_for_function(node *n, const struct jac_evidence *all) {
  if (n->form != JAC_S_SIDE && n->form != JAC_S_INFIX)
    return false;
  for (size_t k = 0; k < n->count; k++) {
    node *of = straightly(n->child[k]);
    if (of && of->form == JAC_S_NAME && undefined(of, all))
      return true;
  }
  return false;
}

/* y'' + y = x^2, dy/dx = x y, d/dt((1 + t) x) = t: it asks for y. */
bool jac_form_equation(const struct jac_claim_written *claim) {
  node *left = claim->left;
  if (asks_for_factor(claim))
    return true;
  for (size_t k = 0; left->form == JAC_S_TERMS && k < left->count; k++)
    if (straightly(left->child[k]) || asks_for_function(left->child[k], claim->evidence))
      return true;
  node *of = straightly(left);
  bool differentiated = false;
  if (!of)
    return false;
  if (left->form == JAC_S_SCRIPT && of->form != JAC_S_NAME)
    return asks_within(of, claim);
  if (of->form == JAC_S_NAME)
    return mentioned(claim->right, of->text, &differentiated) && !differentiated;
  return left->form == JAC_S_SIDE && left->child[0]->form == JAC_S_FRACTION &&
         lone_name(of, claim, left->child[0]->child[1]->child[1]);
}

/* 8 x_0 x + 2 y_0 y - z = c: terms beside each other, which are no quantity's value. */
bool jac_form_relation(const struct jac_claim_written *claim) {
  node *left = jac_inside(claim->left);
  return left->form == JAC_S_TERMS && left->count > 1;
}

/* B s = g: what is asked of B, where it is not true. */
bool jac_form_product(node *left) {
  bool names = left->form == JAC_S_SIDE;
  for (size_t k = 0; k < left->count && names; k++)
    names = base(left->child[k])->form == JAC_S_NAME &&
            !jac_is_differential(base(left->child[k])) &&
            !jac_is_name(base(left->child[k]), "nabla");
  return names;
}
