/* Functions and sums, and what they are applied to. */
#include "jacobian/notation/parse_internal.h"

#include <string.h>

/* A function's argument without brackets: what stands side by side behind it, up to the
 * next function. */
static node *bare_argument(struct parser *p) {
  struct nodes factors = {.count = 0};
  size_t start = place(p);
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
    if (t->kind == JAC_TOKEN_BEGIN && factors.count)
      starts = false;
    if (!starts)
      break;
    if (!jac_parse_push(p, &factors, jac_parse_factor(p)))
      return NULL;
    /* \log x (1 - y): a bracket behind a space or a name is taken too. */
  }
  return factors.count ? jac_parse_joined(p, JAC_S_SIDE, start, &factors) : NULL;
}

static node *apply(struct parser *p, const struct jac_construct *row, node *name,
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

node *jac_parse_function(struct parser *p) {
  const struct jac_token *t = p->token++;
  struct jac_syntax *plain_name = jac_parse_name(p, t);
  if (!plain_name)
    return NULL;
  bool big = t->row->id == JAC_C_MAX || t->row->id == JAC_C_MIN ||
             t->row->id == JAC_C_TOTAL || t->row->id == JAC_C_PRODUCTALL;
  if (!p->latex && peek(p)->kind != JAC_TOKEN_OPEN && peek(p)->kind != JAC_TOKEN_PRIME) {
    /* Called so, and no function: a variable named phi, dot, mean. */
    return jac_parse_scripts(p, plain_name);
  }
  /* Scripts of the function: \sigma', \tanh^2, \max_k, \log_2. */
  node *below = NULL, *above = NULL, *name = plain_name;
  double primes = 0;
  for (;;) {
    const struct jac_token *s = peek(p);
    size_t tokens;
    double n;
    if (s->kind == JAC_TOKEN_SUB && !below) {
      p->token++;
      below = jac_parse_script(p);
      if (!below)
        return NULL;
    } else if (s->kind == JAC_TOKEN_SUP && !above) {
      p->token++;
      if (jac_parse_only_primes(p, &tokens, &n)) {
        p->token += tokens;
        primes += n;
        continue;
      }
      above = jac_parse_script(p);
      if (!above)
        return NULL;
    } else if (s->kind == JAC_TOKEN_PRIME) {
      p->token++;
      primes += s->number;
    } else
      break;
  }
  if (big && below && !above) {
    struct jac_token sign = *t;
    sign.row = jac_construct(t->row->id == JAC_C_MAX     ? JAC_C_BIGMAX
                             : t->row->id == JAC_C_MIN   ? JAC_C_BIGMIN
                             : t->row->id == JAC_C_TOTAL ? JAC_C_SUM
                                                         : JAC_C_PRODUCT);
    return jac_parse_big(p, &sign, below, NULL);
  }
  if (below || above || primes > 0)
    name = jac_parse_done(p, jac_parse_scripted(p, name, below, above, primes));
  if (!name)
    return NULL;
  const struct jac_token *next = peek(p);
  node *argument = NULL;
  if (next->kind == JAC_TOKEN_OPEN) {
    if (!jac_parse_deeper(p))
      return NULL;
    argument = jac_parse_group(p);
    p->depth--;
    if (!argument)
      return NULL;
    return jac_parse_scripts(p, apply(p, t->row, name, argument));
  }
  if (!jac_parse_deeper(p))
    return NULL;
  argument = bare_argument(p);
  p->depth--;
  if (p->status)
    return NULL;
  return argument ? apply(p, t->row, name, argument) : name;
}
