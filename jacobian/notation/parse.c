/* Tokens into notation: a Pratt parser whose bindings stand in the table of constructs.
 * Here is what binds factors: side by side, by signs, into terms, relations, conditions,
 * lists. Factors are parse_factor.c's. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/text.h"

#include <string.h>

static bool differential(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_PARTIAL ||
         (t->kind == JAC_TOKEN_NAME && strcmp(t->text, "d") == 0);
}

/* (x), directly behind a name: g(x)/h(x). */
static bool called_by_name(const struct parser *p) {
  const struct jac_token *t = peek(p);
  return t + 2 < p->end && t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "(") == 0 &&
         !t->spaced && t[1].kind == JAC_TOKEN_NAME && t[2].kind == JAC_TOKEN_CLOSE;
}

/* x / 2 s^2 of LaTeX: by all that follows the number, by h(x); 1/2 x is (1/2) x. */
static node *divisor(struct parser *p, node *left, node *right) {
  struct nodes factors = {.count = 0};
  if (p->latex && right && right->form == JAC_S_NAME && called_by_name(p)) {
    if (!jac_parse_push(p, &factors, right) ||
        !jac_parse_push(p, &factors, jac_parse_factor(p)))
      return NULL;
    return jac_parse_joined(p, JAC_S_SIDE, right->start, &factors);
  }
  if (!p->latex || !left || !right || left->form == JAC_S_NUMBER ||
      right->form != JAC_S_NUMBER || !jac_parse_starts(p))
    return right;
  jac_parse_push(p, &factors, right);
  while (jac_parse_starts(p))
    if (!jac_parse_push(p, &factors, jac_parse_factor(p)))
      return NULL;
  return jac_parse_joined(p, JAC_S_SIDE, right->start, &factors);
}

/* All factors so far at the point behind the bar: (a + b) e^t|_{t = 0}. */
static bool at_point(struct parser *p, struct nodes *factors, size_t start) {
  node *pair[2];
  pair[0] = jac_parse_joined(p, JAC_S_SIDE, start, factors);
  p->token += 2;
  pair[1] = pair[0] ? jac_parse_script(p) : NULL;
  factors->count = 0;
  return pair[1] && jac_parse_push(p, factors,
                                   jac_parse_done(p, jac_parse_node(p, JAC_S_POINT, start,
                                                                    2, pair)));
}

/* Long: what may follow a factor. Factors side by side, and quotients among them: 1/2 x
 * is (1/2) x. */
static node *parse_side(struct parser *p) {
  struct nodes factors = {.count = 0};
  size_t start = place(p);
  do {
    if (!jac_parse_push(p, &factors, jac_parse_factor(p)))
      return NULL;
    while (sign_is(peek(p), JAC_ROLE_DIVIDE)) {
      node *left = jac_parse_joined(p, JAC_S_SIDE, start, &factors);
      const struct jac_construct *row = peek(p)->row;
      p->token++;
      node *right;
      if (differential(peek(p)) && peek_after(p, 1)->kind != JAC_TOKEN_END && left &&
          left->form == JAC_S_SIDE) {
        struct nodes below = {.count = 0};
        size_t from = place(p);
        if (!jac_parse_push(p, &below, jac_parse_factor(p)) ||
            !jac_parse_push(p, &below, jac_parse_factor(p)))
          return NULL;
        right = jac_parse_joined(p, JAC_S_SIDE, from, &below);
      } else
        right = divisor(p, left, jac_parse_factor(p));
      if (!left || !right)
        return NULL;
      node *pair[2] = {left, right};
      struct jac_syntax *quotient = jac_parse_node(p, JAC_S_INFIX, start, 2, pair);
      if (!quotient)
        return NULL;
      quotient->row = row;
      factors.count = 0;
      jac_parse_push(p, &factors, jac_parse_done(p, quotient));
    }
    if (point_bar(p) && !at_point(p, &factors, start))
      return NULL;
  } while (jac_parse_starts(p));
  return jac_parse_series(p->pool, jac_parse_joined(p, JAC_S_SIDE, start, &factors));
}

node *jac_parse_negated(struct parser *p, size_t start, node *inside) {
  if (!inside)
    return NULL;
  struct jac_syntax *n = jac_parse_node(p, JAC_S_TERMS, start, 1, &inside);
  if (n)
    n->text = "-";
  return jac_parse_done(p, n);
}

node *jac_parse_infix(struct parser *p) {
  size_t start = place(p);
  node *left = parse_side(p);
  while (left && sign_is(peek(p), JAC_ROLE_INFIX)) {
    const struct jac_construct *row = peek(p)->row;
    p->token++;
    while (peek(p)->kind == JAC_TOKEN_CELL && !p->cells)
      p->token++;
    size_t at = place(p);
    bool minus = peek(p)->kind == JAC_TOKEN_SIGN && peek(p)->row->id == JAC_C_SUBTRACT;
    if (minus)
      p->token++;
    node *right = parse_side(p);
    if (minus)
      right = jac_parse_negated(p, at, right);
    if (!right)
      return NULL;
    node *pair[2] = {left, right};
    struct jac_syntax *n = jac_parse_node(p, JAC_S_INFIX, start, 2, pair);
    if (n)
      n->row = row;
    left = jac_parse_done(p, n);
  }
  return left;
}

/* Whether a sign goes on with the terms: in [1 -2] it begins a cell. */
static bool another_term(const struct parser *p) {
  return sign_is(peek(p), JAC_ROLE_TERM) && !stands_apart(p);
}

node *jac_parse_terms(struct parser *p) {
  struct nodes terms = {.count = 0};
  char *signs = NULL;
  size_t start = place(p), room = 0;
  if (!jac_parse_deeper(p))
    return NULL;
  char sign = ' ';
  for (;;) {
    const struct jac_token *t = peek(p);
    while (sign_is(t, JAC_ROLE_TERM)) {
      char now = t->row->id == JAC_C_SUBTRACT ? '-' : '+';
      sign = sign == ' ' ? now : sign == now ? '+' : '-';
      p->token++;
      t = peek(p);
    }
    node *term = jac_parse_infix(p);
    if (!jac_parse_push(p, &terms, term))
      return NULL;
    if (terms.count + 1 > room) {
      char *wider = jac_pool_take(p->pool, 2 * terms.count + 6);
      if (!wider)
        return NULL;
      if (room)
        memcpy(wider, signs, terms.count - 1);
      room = 2 * terms.count + 6;
      signs = wider;
    }
    signs[terms.count - 1] = sign;
    sign = ' ';
    if (!another_term(p))
      break;
  }
  p->depth--;
  if (terms.count == 1 && signs[0] == ' ')
    return terms.at[0];
  signs[terms.count] = '\0';
  struct jac_syntax *n = jac_parse_node(p, JAC_S_TERMS, start, terms.count, terms.at);
  if (n)
    n->text = jac_pool_text(p->pool, signs);
  return jac_parse_series(p->pool, jac_parse_done(p, n));
}

static node *parse_relation(struct parser *p) {
  struct nodes sides = {.count = 0};
  size_t start = place(p);
  if (!jac_parse_push(p, &sides, jac_parse_terms(p)))
    return NULL;
  while (sign_is(peek(p), JAC_ROLE_RELATION)) {
    struct jac_syntax *sign = jac_parse_node(p, JAC_S_SIGN, place(p), 0, NULL);
    if (!sign)
      return NULL;
    sign->row = p->token++->row;
    sign->end = p->token[-1].end;
    while (peek(p)->kind == JAC_TOKEN_CELL && !p->cells && p->latex)
      p->token++;
    if (!jac_parse_push(p, &sides, sign) ||
        !jac_parse_push(p, &sides, jac_parse_terms(p)))
      return NULL;
  }
  return jac_parse_joined(p, JAC_S_CHAIN, start, &sides);
}

node *jac_parse_condition(struct parser *p) {
  size_t start = place(p);
  node *left = parse_relation(p);
  while (left) {
    const struct jac_token *t = peek(p);
    const struct jac_construct *row = NULL;
    if (sign_is(t, JAC_ROLE_CONDITION))
      row = t->row;
    else if (t->kind == JAC_TOKEN_WORDS && left->form == JAC_S_CHAIN &&
             (strcmp(t->text, "and") == 0 || strcmp(t->text, "et") == 0))
      row = jac_construct(JAC_C_AND);
    else if (t->kind == JAC_TOKEN_WORDS && left->form == JAC_S_CHAIN &&
             (strcmp(t->text, "or") == 0 || strcmp(t->text, "ou") == 0))
      row = jac_construct(JAC_C_OR);
    if (!row)
      break;
    p->token++;
    node *right = parse_relation(p);
    if (!right)
      return NULL;
    node *pair[2] = {left, right};
    struct jac_syntax *n = jac_parse_node(p, JAC_S_INFIX, start, 2, pair);
    if (n)
      n->row = row;
    left = jac_parse_done(p, n);
  }
  return left;
}

node *jac_parse_list(struct parser *p) {
  struct nodes list = {.count = 0};
  size_t start = place(p);
  if (!jac_parse_deeper(p))
    return NULL;
  for (;;) {
    while (peek(p)->kind == JAC_TOKEN_GAP)
      p->token++;
    if (!jac_parse_push(p, &list, jac_parse_condition(p)))
      return NULL;
    const struct jac_token *t = peek(p);
    /* p(x | y), {x : y}, sum(i = 1:n, ...) */
    bool comma = t->kind == JAC_TOKEN_COMMA ||
                 (t->kind == JAC_TOKEN_SEMICOLON && p->latex) ||
                 t->kind == JAC_TOKEN_COLON || t->kind == JAC_TOKEN_GAP ||
                 (t->kind == JAC_TOKEN_BAR && t->number == 1 && !p->bars);
    if (!comma)
      break;
    p->token++;
    if (peek(p)->kind == JAC_TOKEN_CLOSE || peek(p)->kind == JAC_TOKEN_END)
      break;
  }
  p->depth--;
  return jac_parse_joined(p, JAC_S_LIST, start, &list);
}

node *jac_parse_range(struct jac_pool *pool, const struct jac_token *token,
                      const struct jac_token *end, bool latex, size_t *position,
                      struct jac_error *err) {
  struct parser p = {
      .pool = pool, .token = token, .end = end, .latex = latex, .err = err};
  node *n = jac_parse_list(&p);
  while (n && (peek(&p)->kind == JAC_TOKEN_GAP || peek(&p)->kind == JAC_TOKEN_CELL))
    p.token++;
  if (n && p.token != end)
    n = jac_parse_unexpected(&p, _("the end"));
  if (position)
    *position = p.position;
  return n;
}

enum jac_status jac_notation_read(struct jac_pool *pool, const char *text, bool latex,
                                  const struct jac_syntax **notation, size_t *position,
                                  struct jac_error *err) {
  struct jac_tokens tokens;
  struct jac_error mine = {.status = JAC_OK};
  *notation = NULL;
  enum jac_status status = jac_tokens_read(pool, text, latex, &tokens, position, err);
  if (status)
    return status;
  *notation = jac_parse_range(pool, tokens.token, tokens.token + tokens.count, latex,
                              position, &mine);
  if (pool->failed) { /* a name may be missing in what was read */
    *notation = NULL;
    return jac_pool_status(pool, err);
  }
  return *notation ? JAC_OK : jac_fail(err, mine.status, "%s", mine.message);
}
