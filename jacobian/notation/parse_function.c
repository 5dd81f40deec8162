/* Functions and sums, and what they are applied to. */
#include "jacobian/notation/parse_internal.h"

#include <string.h>

/* dx behind a space: \cos x \, dx. */
static bool differential_behind(const struct parser *p) {
  const struct jac_token *d = peek(p), *x = peek_after(p, 1);
  return d->kind == JAC_TOKEN_NAME && d->spaced && strcmp(d->text, "d") == 0 &&
         x->kind == JAC_TOKEN_NAME && !x->spaced;
}

/* d of dx, d^2 y, \partial x. */
static bool begins_with_d(const struct jac_syntax *n) {
  while (n->form == JAC_S_SIDE || n->form == JAC_S_SCRIPT || n->form == JAC_S_GROUP)
    n = n->child[0];
  return n->form == JAC_S_NAME &&
         (strcmp(n->text, "d") == 0 || strcmp(n->text, "partial") == 0);
}

/* dv/dx behind \ln u: a factor, and not of the argument. */
static bool slope(node *n) {
  return n && n->form == JAC_S_FRACTION && begins_with_d(n->child[0]) &&
         begins_with_d(n->child[1]);
}

/* A function's argument without brackets: what stands side by side behind it, up to the
 * next function, a differential or a derivative. */
static node *bare_argument(struct parser *p) {
  struct nodes factors = {.count = 0};
  size_t start = place(p);
  bool barred = false; /* \det|A| B: bars close it, as a bracket does */
  for (;;) {
    const struct jac_token *t = peek(p);
    bool starts =
        t->kind == JAC_TOKEN_NUMBER || t->kind == JAC_TOKEN_NAME ||
        t->kind == JAC_TOKEN_OPEN || t->kind == JAC_TOKEN_FRACTION ||
        t->kind == JAC_TOKEN_ROOT || t->kind == JAC_TOKEN_FONT ||
        t->kind == JAC_TOKEN_ACCENT || t->kind == JAC_TOKEN_PARTIAL ||
        t->kind == JAC_TOKEN_BEGIN ||
        (t->kind == JAC_TOKEN_BAR && !p->bars && !point_bar(p)) ||
        ((t->kind == JAC_TOKEN_FUNCTION || t->kind == JAC_TOKEN_BIG) && !factors.count);
    if (factors.count && (t->kind == JAC_TOKEN_BEGIN || differential_behind(p) ||
                          (barred && t->kind != JAC_TOKEN_BAR)))
      starts = false;
    if (!starts)
      break;
    barred = t->kind == JAC_TOKEN_BAR;
    const struct jac_token *before = p->token;
    node *factor = jac_parse_factor(p);
    if (factors.count && slope(factor)) {
      p->token = before;
      break;
    }
    if (!jac_parse_push(p, &factors, factor))
      return NULL;
    /* \log x (1 - y): a bracket behind a space or a name is taken too. */
  }
  return factors.count ? jac_parse_joined(p, JAC_S_SIDE, start, &factors) : NULL;
}

node *jac_parse_applied(struct parser *p, const struct jac_construct *row, node *name,
                        node *argument) {
  node *child[2] = {name, argument};
  struct jac_syntax *n = jac_parse_node(p, JAC_S_APPLY, name->start, 2, child);
  if (n)
    n->row = row;
  return jac_parse_done(p, n);
}

node *jac_parse_big(struct parser *p, const struct jac_token *t, node *below,
                    node *above) {
  /* In LaTeX \sum(a + b) is over what stands in brackets; what follows a sum belongs to
     it up to the next + or -. */
  if (!jac_parse_deeper(p))
    return NULL;
  while (peek(p)->kind == JAC_TOKEN_GAP)
    p->token++;
  size_t at = place(p);
  bool minus = peek(p)->kind == JAC_TOKEN_SIGN && peek(p)->row->id == JAC_C_SUBTRACT;
  if (minus) /* \sum_k - y_k */
    p->token++;
  node *body = jac_parse_infix(p);
  if (minus)
    body = jac_parse_negated(p, at, body);
  p->depth--;
  if (!body)
    return NULL;
  node *child[3] = {below, above, body};
  struct jac_syntax *n = jac_parse_node(p, JAC_S_BIG, t->start, 3, child);
  if (n)
    n->row = t->row;
  return jac_parse_done(p, n);
}

/* Scripts of a function: \sigma', \tanh^2, \max_k, \log_2; false: they are not read. */
static bool function_scripts(struct parser *p, node **below, node **above,
                             double *primes) {
  for (;;) {
    const struct jac_token *s = peek(p);
    size_t tokens;
    double n;
    if (s->kind == JAC_TOKEN_PRIME) {
      p->token++;
      *primes += s->number;
    } else if (s->kind == JAC_TOKEN_SUB && !*below) {
      p->token++;
      *below = jac_parse_script(p);
      if (!*below)
        return false;
    } else if (s->kind == JAC_TOKEN_SUP && !*above) {
      p->token++;
      if (jac_parse_only_primes(p, &tokens, &n)) {
        p->token += tokens;
        *primes += n;
        continue;
      }
      *above = jac_parse_script(p);
      if (!*above)
        return false;
    } else
      return true;
  }
}

/* The sign of \max_k, sum_k: what runs; NULL: this function never does. */
static const struct jac_construct *running(enum jac_construct_id id) {
  switch (id) {
  case JAC_C_MAX:
    return jac_construct(JAC_C_BIGMAX);
  case JAC_C_MIN:
    return jac_construct(JAC_C_BIGMIN);
  case JAC_C_TOTAL:
    return jac_construct(JAC_C_SUM);
  case JAC_C_PRODUCTALL:
    return jac_construct(JAC_C_PRODUCT);
  default:
    return NULL;
  }
}

node *jac_parse_function(struct parser *p) {
  const struct jac_token *t = p->token++;
  node *name = jac_parse_name(p, t);
  if (!name)
    return NULL;
  if (!p->latex && peek(p)->kind != JAC_TOKEN_OPEN && peek(p)->kind != JAC_TOKEN_PRIME) {
    /* Called so, and no function: a variable named phi, dot, mean. */
    return jac_parse_scripts(p, name);
  }
  node *below = NULL, *above = NULL;
  double primes = 0;
  if (!function_scripts(p, &below, &above, &primes))
    return NULL;
  const struct jac_construct *sign = running(t->row->id);
  if (sign && below && !above) {
    struct jac_token big = *t;
    big.row = sign;
    return jac_parse_big(p, &big, below, NULL);
  }
  if (t->row->id == JAC_C_COMMUTATION && below && !above && primes == 0)
    return jac_parse_applied(p, t->row, name, below);
  if (below || above || primes > 0)
    name = jac_parse_done(p, jac_parse_scripted(p, name, below, above, primes));
  if (!name || !jac_parse_deeper(p))
    return NULL;
  bool bracket = peek(p)->kind == JAC_TOKEN_OPEN;
  node *argument = bracket ? jac_parse_group(p) : bare_argument(p);
  p->depth--;
  if (p->status || (bracket && !argument))
    return NULL;
  node *whole = argument ? jac_parse_applied(p, t->row, name, argument) : name;
  return bracket ? jac_parse_scripts(p, whole) : whole;
}
