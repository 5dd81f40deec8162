/* Integrals between bounds. What is integrated reaches to its dx, which may stand behind
 * it, before it, above a bar, or within what a sum is over. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/text.h"

#include <string.h>

/* What an integral is of, while its dx is sought. */
struct integrand {
  struct parser *p;
  node *variable;
  node *rest; /* what stands behind dx: factors of the integral; NULL: none */
};

static bool is_d(node *n) {
  return n->form == JAC_S_NAME && strcmp(n->text, "d") == 0;
}

static node *one(struct parser *p, node *where) {
  struct jac_syntax *n = jac_parse_node(p, JAC_S_NUMBER, where->start, 0, NULL);
  if (n) {
    n->number = 1.0;
    n->text = jac_pool_text(p->pool, "1");
    n->end = where->end;
  }
  return n;
}

/* Factors from one to another, side by side; none: 1. */
static node *factors(struct parser *p, node *side, size_t from, size_t to) {
  if (from == to)
    return one(p, side);
  if (to - from == 1)
    return side->child[from];
  struct jac_syntax *n = jac_parse_node(p, JAC_S_SIDE, side->child[from]->start,
                                        to - from, side->child + from);
  if (n)
    n->end = side->child[to - 1]->end;
  return n;
}

static node *without(struct integrand *i, node *n);

/* n with its child k without dx. */
static node *without_in(struct integrand *i, node *n, size_t k) {
  node *inside = without(i, n->child[k]), *child[JAC_NOTATION_CHILDREN];
  if (!i->variable || !inside)
    return NULL;
  memcpy(child, n->child, n->count * sizeof *child);
  child[k] = inside;
  return jac_notation_node(i->p->pool, n, n->count, child);
}

/* f(x) dx g(y): the part before dx; where nothing stands before it the part behind. */
static node *without_side(struct integrand *i, node *n) {
  for (size_t k = 0; k + 1 < n->count; k++)
    if (is_d(n->child[k]) && !n->child[k + 1]->spaced && jac_name_like(n->child[k + 1])) {
      i->variable = n->child[k + 1];
      if (k == 0)
        return factors(i->p, n, 2, n->count);
      i->rest = k + 2 < n->count ? factors(i->p, n, k + 2, n->count) : NULL;
      return factors(i->p, n, 0, k);
    }
  for (size_t k = 0; k < n->count && !i->variable; k++) {
    node *found = without_in(i, n, k);
    if (found)
      return found;
  }
  return NULL;
}

/* n without its dx; NULL where it has none. */
static node *without(struct integrand *i, node *n) {
  switch (n->form) {
  case JAC_S_SIDE:
    return without_side(i, n);
  case JAC_S_INFIX:
    return without_in(i, n, 1);
  case JAC_S_FRACTION:
    return without_in(i, n, 0);
  case JAC_S_BIG:
    return without_in(i, n, 2);
  case JAC_S_GROUP:
    return n->text[0] == '{' && !n->text[2] ? without_in(i, n, 0) : NULL;
  default:
    return NULL;
  }
}

/* A term's sign; ' ': it has none. */
static char sign_before(struct parser *p) {
  while (peek(p)->kind == JAC_TOKEN_GAP)
    p->token++;
  if (!sign_is(peek(p), JAC_ROLE_TERM))
    return ' ';
  return p->token++->row->id == JAC_C_SUBTRACT ? '-' : '+';
}

/* a + b dx: terms up to the one with dx, which says the variable. */
static node *integrated(struct integrand *i) {
  struct parser *p = i->p;
  struct nodes terms = {.count = 0};
  char signs[16] = "";
  size_t start = place(p);
  while (!i->variable) {
    char sign = sign_before(p);
    if (terms.count == sizeof signs || (terms.count && sign == ' '))
      return jac_parse_fail(p, _("nothing says what this integral is over"));
    signs[terms.count] = sign;
    node *term = jac_parse_infix(p);
    node *last = term ? without(i, term) : NULL;
    if (p->status || !jac_parse_push(p, &terms, last ? last : term))
      return NULL;
  }
  if (terms.count == 1 && signs[0] == ' ')
    return terms.at[0];
  struct jac_syntax *n = jac_parse_node(p, JAC_S_TERMS, start, terms.count, terms.at);
  if (n)
    n->text = jac_pool_printf(p->pool, "%.*s", (int)terms.count, signs);
  return jac_parse_done(p, n);
}

node *jac_parse_integral(struct parser *p, const struct jac_token *t, node *below,
                         node *above) {
  struct integrand i = {.p = p};
  if (!below || !above)
    return jac_parse_fail(p, _("an integral without bounds is not read here"));
  if (!jac_parse_deeper(p))
    return NULL;
  node *body = integrated(&i);
  p->depth--;
  if (!body)
    return NULL;
  node *child[4] = {i.variable, below, above, body};
  struct jac_syntax *n = jac_parse_node(p, JAC_S_INTEGRAL, t->start, 4, child);
  if (n)
    n->row = t->row;
  node *whole = jac_parse_done(p, n);
  if (!whole || !i.rest)
    return whole;
  node *pair[2] = {whole, i.rest};
  return jac_parse_done(p, jac_parse_node(p, JAC_S_SIDE, t->start, 2, pair));
}
