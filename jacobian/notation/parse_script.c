/* What stands below and above: indices, layers, powers, primes. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/buffer.h"

#include <string.h>

/* Letters run together below a name are a word: w_{input,1}, W_{hidden}. */
static node *worded(struct parser *p, node *n) {
  if (!p->latex || !n)
    return n;
  if (n->form == JAC_S_NUMBER && strlen(n->text) == 2 && n->text[0] > '0' &&
      n->text[1] > '0' && n->text[0] <= '9' && n->text[1] <= '9') {
    node *digit[2]; /* w_{23}: two indices */
    for (size_t k = 0; k < 2; k++) {
      struct jac_syntax like = *n;
      like.text = jac_pool_word(p->pool, n->text + k, 1);
      like.number = n->text[k] - '0';
      digit[k] = jac_notation_node(p->pool, &like, 0, NULL);
    }
    struct jac_syntax like = *n;
    like.form = JAC_S_LIST;
    like.text = "";
    like.number = 0;
    return jac_notation_node(p->pool, &like, 2, digit);
  }
  if (n->form == JAC_S_LIST) {
    node *child[JAC_NOTATION_CHILDREN];
    for (size_t k = 0; k < n->count; k++)
      child[k] = worded(p, n->child[k]);
    return jac_notation_node(p->pool, n, n->count, child);
  }
  if (n->form != JAC_S_SIDE || n->count < 4 || n->count > 30)
    return n;
  char word[32];
  for (size_t k = 0; k < n->count; k++) {
    node *l = n->child[k];
    if (l->form != JAC_S_NAME || l->text[1] || (k && l->spaced))
      return n;
    word[k] = l->text[0];
  }
  word[n->count] = '\0';
  struct jac_syntax like = *n;
  like.form = JAC_S_NAME;
  like.text = jac_pool_text(p->pool, word);
  return jac_notation_node(p->pool, &like, 0, NULL);
}

node *jac_parse_script(struct parser *p) {
  const struct jac_token *t = peek(p);
  bool group = t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "{") == 0;
  const struct jac_token *from = p->token + group, *to = from;
  if (group) {
    int depth = 1;
    while (to < p->end && depth) {
      if (to->kind == JAC_TOKEN_OPEN && strcmp(to->text, "{") == 0)
        depth++;
      if (to->kind == JAC_TOKEN_CLOSE && strcmp(to->text, "}") == 0)
        depth--;
      if (depth)
        to++;
    }
    if (depth)
      return jac_parse_fail(p, "'}' is missing");
  } else {
    to = from + (from < p->end);
    /* \mathbf x, \hat y and the like have an argument of their own. */
    if (t->kind == JAC_TOKEN_FONT || t->kind == JAC_TOKEN_ACCENT ||
        t->kind == JAC_TOKEN_FRACTION)
      return jac_parse_argument(p);
    if (t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_SUBTRACT && !p->latex) {
      p->token++;
      node *below = jac_parse_argument(p);
      struct jac_syntax *terms =
          below ? jac_parse_node(p, JAC_S_TERMS, t->start, 1, &below) : NULL;
      if (terms)
        terms->text = "-";
      return jac_parse_done(p, terms);
    }
    if (!p->latex && t->kind == JAC_TOKEN_OPEN) {
      node *power = jac_parse_group(p); /* x^(n + 1): braces alone make it a name */
      bool round = power && power->form == JAC_S_GROUP && strcmp(power->text, "()") == 0;
      return round ? power->child[0] : power;
    }
    bool indexed = to < p->end && to->kind == JAC_TOKEN_OPEN && !to->spaced &&
                   strcmp(to->text, "[") == 0; /* h_t[n, j]: an entry of h_t */
    if (!p->latex &&
        ((t->kind == JAC_TOKEN_NAME && !indexed) || t->kind == JAC_TOKEN_FUNCTION))
      return jac_parse_factor(p);
  }
  if (from >= p->end)
    return jac_parse_unexpected(p, "an index");
  size_t start = from->start;
  if (to == from) {
    p->token = to + group;
    return jac_parse_node(p, JAC_S_BLANK, start, 0, NULL);
  }
  if (to - from == 1 && from->kind == JAC_TOKEN_SIGN) {
    p->token = to + group;
    struct jac_syntax *sign = jac_parse_node(p, JAC_S_SIGN, start, 0, NULL);
    if (sign)
      sign->row = from->row;
    return jac_parse_done(p, sign);
  }
  if (!jac_parse_deeper(p))
    return NULL;
  struct parser q = *p;
  struct jac_error silent;
  q.err = &silent;
  q.token = from;
  q.end = to;
  q.bars = q.cells = 0;
  node *inside = jac_parse_list(&q);
  p->depth--;
  if (inside && q.token == to) {
    p->token = to + group;
    return inside;
  }
  if (q.status == JAC_ENOMEM || q.status == JAC_ELIMIT) {
    p->status = q.status;
    if (p->err)
      *p->err = silent;
    return NULL;
  }
  /* A word made of whatever stands there. */
  struct jac_buffer word = JAC_BUFFER_INIT;
  for (const struct jac_token *k = from; k < to; k++) {
    size_t n;
    if (k->kind == JAC_TOKEN_SIGN) {
      const char *name =
          jac_construct_name(*k->row->plain ? k->row->plain : k->row->latex, &n);
      jac_buffer_add_bytes(&word, name, n);
    } else
      jac_buffer_add(&word, k->kind == JAC_TOKEN_COMMA ? "," : k->text);
  }
  p->token = to + group;
  struct jac_syntax *name = jac_parse_node(p, JAC_S_NAME, start, 0, NULL);
  if (name) {
    name->text = jac_pool_text(p->pool, word.text);
    name->number = 1; /* no name that could be looked up */
  }
  jac_buffer_free(&word);
  return jac_parse_done(p, name);
}

bool jac_parse_only_primes(const struct parser *p, size_t *tokens, double *primes) {
  const struct jac_token *t = peek(p);
  *primes = 0;
  *tokens = 0;
  if (t->kind == JAC_TOKEN_PRIME) {
    *primes = t->number;
    *tokens = 1;
    return true;
  }
  if (t->kind != JAC_TOKEN_OPEN || strcmp(t->text, "{") != 0)
    return false;
  size_t k = 1;
  for (; peek_after(p, k)->kind == JAC_TOKEN_PRIME; k++)
    *primes += peek_after(p, k)->number;
  if (k == 1 || peek_after(p, k)->kind != JAC_TOKEN_CLOSE)
    return false;
  *tokens = k + 1;
  return true;
}

struct jac_syntax *jac_parse_scripted(struct parser *p, node *base, node *below,
                                      node *above, double primes) {
  node *child[3] = {base, below, above};
  struct jac_syntax *n = jac_parse_node(p, JAC_S_SCRIPT, base->start, 3, child);
  if (n) {
    n->number = primes;
    n->spaced = base->spaced;
  }
  return n;
}

/* g^{[l]'}: the derivative of g^{[l]}. */
static node *primes_out(node *script, double *primes) {
  node *in = script;
  while (in->form == JAC_S_GROUP && strcmp(in->text, "{}") == 0)
    in = in->child[0];
  if (in->form != JAC_S_SCRIPT || in->number <= 0 || in->child[1] || in->child[2] ||
      in->child[0]->form != JAC_S_GROUP)
    return script;
  *primes += in->number;
  return in->child[0];
}

node *jac_parse_scripts(struct parser *p, node *base) {
  node *below = NULL, *above = NULL;
  double primes = 0;
  while (base && !p->status) {
    const struct jac_token *t = peek(p);
    if (t->kind == JAC_TOKEN_SUB) {
      p->token++;
      node *script = worded(p, jac_parse_script(p));
      if (!script)
        return NULL;
      if (below) {
        base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      below = script;
    } else if (t->kind == JAC_TOKEN_SUP) {
      p->token++;
      size_t tokens;
      double n;
      if (jac_parse_only_primes(p, &tokens, &n)) {
        p->token += tokens;
        primes += n;
        continue;
      }
      node *script = jac_parse_script(p);
      if (!script)
        return NULL;
      script = primes_out(script, &primes);
      if (above || (primes > 0 && !p->latex)) {
        base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      above = script;
      /* x^y^z of plain notation binds to the right. */
      if (!p->latex && peek(p)->kind == JAC_TOKEN_SUP) {
        above = jac_parse_scripts(p, above);
        if (!above)
          return NULL;
      }
    } else if (t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_DOTPOWER) {
      p->token++;
      node *power = jac_parse_factor(p);
      if (!power)
        return NULL;
      if (below || above || primes > 0)
        base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
      below = above = NULL;
      primes = 0;
      node *pair[2] = {base, power};
      struct jac_syntax *infix =
          base ? jac_parse_node(p, JAC_S_INFIX, base->start, 2, pair) : NULL;
      if (infix)
        infix->row = jac_construct(JAC_C_DOTPOWER);
      base = jac_parse_done(p, infix);
    } else if (t->kind == JAC_TOKEN_PRIME) {
      p->token++;
      if (above && !p->latex) {
        base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      primes += t->number;
    } else if (t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "[") == 0 && !p->latex &&
               !t->spaced && base->form != JAC_S_NUMBER) {
      if (below || above || primes > 0)
        base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
      above = NULL;
      primes = 0;
      p->token++;
      if (!jac_parse_deeper(p))
        return NULL;
      below = jac_parse_list(p);
      p->depth--;
      if (!below || !jac_parse_close(p, "]"))
        return NULL;
      struct jac_syntax *entry =
          base ? jac_parse_scripted(p, base, below, NULL, 0) : NULL;
      if (entry)
        entry->text = "[]";
      base = jac_parse_done(p, entry);
      below = NULL;
    } else
      break;
  }
  if (base && (below || above || primes > 0))
    base = jac_parse_done(p, jac_parse_scripted(p, base, below, above, primes));
  return base;
}
