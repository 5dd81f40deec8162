/* f and f' as f(x) and f'(x), compositions as calls. */
#include "jacobian/notes/rule_internal.h"

enum { FACTORS = 40 };

struct rewriting {
  struct jac_pool *pool;
  const struct letters *of;
  node *variable;
  bool failed;
};

static node *made(struct rewriting *w, enum jac_syntax_form form, node *like,
                  size_t count, node *const *child) {
  struct jac_syntax as = *like;
  as.form = form;
  as.row = NULL;
  as.number = 0;
  as.text = form == JAC_S_GROUP ? jac_pool_text(w->pool, "()") : "";
  node *n = jac_notation_node(w->pool, &as, count, child);
  w->failed = w->failed || !n;
  return n ? n : like;
}

static node *rewrite(struct rewriting *w, node *n);

/* (x) */
static node *at(struct rewriting *w, node *x, node *like) {
  return made(w, JAC_S_GROUP, like, 1, &x);
}

/* f(x) of f and what stands in its bracket. */
static node *call(struct rewriting *w, node *f, node *argument) {
  node *pair[2] = {f, at(w, argument, f)};
  return made(w, JAC_S_SIDE, f, 2, pair);
}

/* f'^2 without its 2. */
static node *bare(struct rewriting *w, node *f) {
  node *child[3] = {f->child[0], NULL, NULL};
  node *n = jac_notation_node(w->pool, f, 3, child);
  w->failed = w->failed || !n;
  return n ? n : f;
}

static bool is_function(const struct rewriting *w, node *n) {
  return (is_plain(n) && among(w->of->function, w->of->functions, n)) || primed(n);
}

/* d/dx (whole), as often as it is primed. */
static node *derived(struct rewriting *w, node *whole, double primes) {
  struct jac_syntax name = *whole;
  name.form = JAC_S_NAME;
  name.text = jac_pool_text(w->pool, "d");
  name.row = NULL;
  name.number = 0;
  node *d = jac_notation_node(w->pool, &name, 0, NULL);
  if (!d) {
    w->failed = true;
    return whole;
  }
  for (long k = 0; k < (long)primes && k < 3; k++) {
    node *below[2] = {d, w->variable};
    node *parts[2] = {d, made(w, JAC_S_SIDE, whole, 2, below)};
    node *pair[2] = {made(w, JAC_S_FRACTION, whole, 2, parts), at(w, whole, whole)};
    whole = made(w, JAC_S_SIDE, whole, 2, pair);
  }
  return whole;
}

/* f \circ g at x: f(g(x)); f' \circ g: f'(g(x)). */
static node *composed(struct rewriting *w, node *n, node *inner) {
  n = jac_inside(n);
  if (is_circle(n))
    return composed(w, n->child[0], composed(w, n->child[1], inner));
  if (is_plain(n) || (primed(n) && !n->child[2]))
    return call(w, n, inner);
  w->failed = true;
  return n;
}

/* What a bracket behind a function holds: x, g, g(x), (g \circ h)(x). */
static node *argument_of(struct rewriting *w, node *bracket) {
  node *inside = bracket->child[0];
  if (jac_notation_equal(inside, w->variable))
    return inside;
  bool called = inside->form == JAC_S_SIDE && inside->count == 2 &&
                is_function(w, inside->child[0]) && in_brackets(inside->child[1]);
  if (!is_function(w, inside) && !called && !is_circle(inside))
    w->failed = true;
  return rewrite(w, inside);
}

/* (g(x))^2 of (g)^2. */
static node *raised(struct rewriting *w, node *bracket, node *inside) {
  if (bracket->form != JAC_S_SCRIPT)
    return inside;
  node *child[3] = {inside, NULL, rewrite(w, bracket->child[2])};
  return made(w, JAC_S_SCRIPT, bracket, 3, child);
}

/* Long: each factor with what stands behind it. Factors: functions that stand alone are
 * called. */
static node *factors(struct rewriting *w, node *n) {
  node *out[FACTORS];
  size_t count = 0;
  for (size_t k = 0; k < n->count; k++) {
    node *f = n->child[k];
    node *next = k + 1 < n->count ? n->child[k + 1] : NULL;
    node *bracket = next ? bracket_of(next) : NULL;
    bool whole = f->form == JAC_S_SCRIPT && f->number > 0 && in_brackets(f->child[0]);
    bool power = f->form == JAC_S_SCRIPT && f->number == 0 && is_plain(f->child[0]) &&
                 is_function(w, f->child[0]);
    bool round = in_brackets(f) && is_circle(f->child[0]);
    if (count + 2 > FACTORS) {
      w->failed = true;
      return n;
    }
    if (power && bracket) { /* f^2(x) */
      if (bracket != next || !jac_notation_equal(lone(bracket), w->variable))
        w->failed = true;
      out[count++] = rewrite(w, f);
      k++;
    } else if (is_function(w, f) && bracket) {
      if (f->form == JAC_S_SCRIPT && f->child[2])
        w->failed = true;
      out[count++] = f;
      out[count++] = raised(w, next, at(w, argument_of(w, bracket), f));
      k++;
    } else if (is_function(w, f) && !(f->form == JAC_S_SCRIPT && f->child[2])) {
      out[count++] = f;
      out[count++] = at(w, w->variable, f);
    } else if (whole || (round && bracket)) {
      out[count++] = rewrite(w, f);
      if (bracket == next && bracket && jac_notation_equal(lone(bracket), w->variable))
        k++;
      else if (bracket)
        w->failed = true;
    } else
      out[count++] = rewrite(w, f);
  }
  return made(w, JAC_S_SIDE, n, count, out);
}

static node *children(struct rewriting *w, node *n) {
  node *child[FACTORS];
  if (n->count > FACTORS) {
    w->failed = true;
    return n;
  }
  for (size_t k = 0; k < n->count; k++)
    child[k] = n->child[k] && !(n->form == JAC_S_APPLY && k == 0)
                   ? rewrite(w, n->child[k])
                   : n->child[k];
  node *copy = jac_notation_node(w->pool, n, n->count, child);
  w->failed = w->failed || !copy;
  return copy ? copy : n;
}

/* Long: the forms of notation. */
static node *rewrite(struct rewriting *w, node *n) {
  if (is_plain(n))
    return is_function(w, n) ? call(w, n, w->variable) : n;
  if (primed(n)) {
    if (!n->child[2])
      return call(w, n, w->variable);
    node *child[3] = {at(w, call(w, bare(w, n), w->variable), n), NULL,
                      rewrite(w, n->child[2])};
    return made(w, JAC_S_SCRIPT, n, 3, child);
  }
  if (n->form == JAC_S_SCRIPT && n->number > 0) {
    if (!in_brackets(n->child[0]) || n->child[1] || n->child[2]) {
      w->failed = true;
      return n;
    }
    return derived(w, rewrite(w, n->child[0]->child[0]), n->number);
  }
  if (n->form == JAC_S_SCRIPT) { /* f^n: (f(x))^n; no f^{-1}, no f^{(n)} */
    node *above = n->child[2];
    bool inverse = above && above->form == JAC_S_TERMS && above->count == 1;
    bool other = above && (above->form == JAC_S_GROUP || above->form == JAC_S_SIGN);
    node *base = rewrite(w, n->child[0]);
    node *child[3] = {base == n->child[0] || base->form == JAC_S_GROUP ? base
                                                                       : at(w, base, n),
                      n->child[1], above ? rewrite(w, above) : NULL};
    bool function = is_plain(n->child[0]) && is_function(w, n->child[0]);
    w->failed = w->failed || n->child[1] ||
                (function && ((inverse && !w->of->matrices) || other));
    return made(w, JAC_S_SCRIPT, n, 3, child);
  }
  if (is_circle(n))
    return composed(w, n, w->variable);
  if (n->form == JAC_S_SIDE)
    return factors(w, n);
  if (is_derivative(n)) {
    node *pair[2] = {jac_inside(n->child[0]), n->child[1]};
    if (pair[0]->form == JAC_S_SIDE)
      pair[0] = factors(w, pair[0]);
    return made(w, JAC_S_FRACTION, n, 2, pair);
  }
  return children(w, n);
}

node *jac_rule_at(struct jac_pool *pool, const struct letters *of, node *variable,
                  node *n, bool *failed) {
  struct rewriting w = {.pool = pool, .of = of, .variable = variable};
  node *made_of = rewrite(&w, n);
  *failed = *failed || w.failed;
  return made_of;
}
