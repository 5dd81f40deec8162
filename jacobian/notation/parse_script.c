/* What stands below and above: indices, layers, powers, primes. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/buffer.h"

#include <string.h>

/* w_{23}: two indices. */
static node *two_digits(struct parser *p, node *n) {
  node *digit[2];
  struct jac_syntax like = *n;
  for (size_t k = 0; k < 2; k++) {
    like.text = jac_pool_word(p->pool, n->text + k, 1);
    like.number = n->text[k] - '0';
    digit[k] = jac_notation_node(p->pool, &like, 0, NULL);
  }
  like.form = JAC_S_LIST;
  like.text = "";
  like.number = 0;
  return jac_notation_node(p->pool, &like, 2, digit);
}

static bool counts(char digit) {
  return digit > '0' && digit <= '9';
}

/* Letters run together below a name are a word: w_{input,1}, W_{hidden}. */
static node *worded(struct parser *p, node *n) {
  if (!p->latex || !n)
    return n;
  if (n->form == JAC_S_NUMBER && strlen(n->text) == 2 && counts(n->text[0]) &&
      counts(n->text[1]))
    return two_digits(p, n);
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

/* The brace that closes what opens before `from`; NULL: it is missing. */
static const struct jac_token *closing_brace(const struct parser *p,
                                             const struct jac_token *from) {
  int depth = 1;
  for (; from < p->end; from++) {
    if (from->kind == JAC_TOKEN_OPEN && strcmp(from->text, "{") == 0)
      depth++;
    if (from->kind == JAC_TOKEN_CLOSE && strcmp(from->text, "}") == 0 && --depth == 0)
      return from;
  }
  return NULL;
}

/* x^-1, x^(n + 1), x^t of plain notation; *taken: it was one of these. What follows a
 * letter above belongs to it, but below to the whole: x_f^2 is the square of x_f. */
static node *plain_script(struct parser *p, bool below, bool *taken) {
  const struct jac_token *t = peek(p), *next = peek_after(p, 1);
  *taken = true;
  if (t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_SUBTRACT) {
    p->token++;
    return jac_parse_negated(p, t->start, jac_parse_argument(p));
  }
  if (t->kind == JAC_TOKEN_OPEN) {
    node *power = jac_parse_group(p); /* braces alone make it a name */
    bool round = power && power->form == JAC_S_GROUP && strcmp(power->text, "()") == 0;
    return round ? power->child[0] : power;
  }
  bool indexed = next->kind == JAC_TOKEN_OPEN && !next->spaced &&
                 strcmp(next->text, "[") == 0; /* h_t[n, j]: an entry of h_t */
  if ((t->kind == JAC_TOKEN_NAME && !indexed && !below) || t->kind == JAC_TOKEN_FUNCTION)
    return jac_parse_factor(p);
  *taken = false;
  return NULL;
}

/* A script without braces that is more than one token; *taken: it was one. */
static node *unbraced_script(struct parser *p, bool below, bool *taken) {
  enum jac_token_kind kind = peek(p)->kind;
  *taken =
      kind == JAC_TOKEN_FONT || kind == JAC_TOKEN_ACCENT || kind == JAC_TOKEN_FRACTION;
  if (*taken) /* these have an argument of their own */
    return jac_parse_argument(p);
  return p->latex ? NULL : plain_script(p, below, taken);
}

/* A word made of whatever stands in [from, to), behind which the parser is. */
static node *word_of(struct parser *p, const struct jac_token *from,
                     const struct jac_token *to) {
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
  struct jac_syntax *name = jac_parse_node(p, JAC_S_NAME, from->start, 0, NULL);
  if (name) {
    name->text = jac_pool_text(p->pool, word.text);
    name->number = 1; /* no name that could be looked up */
  }
  jac_buffer_free(&word);
  return jac_parse_done(p, name);
}

static node *parse_one(struct parser *p, bool below) {
  const struct jac_token *t = peek(p);
  bool group = t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "{") == 0;
  const struct jac_token *from = p->token + group, *to;
  if (group) {
    to = closing_brace(p, from);
    if (!to)
      return jac_parse_fail(p, "'}' is missing");
  } else {
    bool taken;
    node *script = unbraced_script(p, below, &taken);
    if (taken)
      return script;
    to = from + (from < p->end);
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
  q.apart = false;
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
  p->token = to + group;
  return word_of(p, from, to);
}

node *jac_parse_script(struct parser *p) {
  return parse_one(p, false);
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

/* What was read of a base's scripts and does not stand at it yet. */
struct scripts {
  node *below, *above;
  double primes;
};

static node *attach(struct parser *p, node *base, struct scripts *s) {
  if (!s->below && !s->above && s->primes <= 0)
    return base;
  node *in = base; /* {g^{[l]}}' */
  while (in->form == JAC_S_GROUP && strcmp(in->text, "{}") == 0)
    in = in->child[0];
  if (p->latex && in->form == JAC_S_SCRIPT && in->number <= 0 && !*in->text &&
      !s->below && !s->above) {
    base = in->child[0];
    s->below = in->child[1];
    s->above = in->child[2];
  }
  base = jac_parse_done(p, jac_parse_scripted(p, base, s->below, s->above, s->primes));
  *s = (struct scripts){.primes = 0};
  return base;
}

static node *parse_below(struct parser *p, node *base, struct scripts *s) {
  node *script = worded(p, parse_one(p, true));
  if (!script)
    return NULL;
  if (s->below)
    base = attach(p, base, s);
  s->below = script;
  return base;
}

/* A power entry by entry of what was read. */
static node *dotpower_of(struct parser *p, node *base, node *power, struct scripts *s) {
  base = power ? attach(p, base, s) : NULL;
  if (!base)
    return NULL;
  node *pair[2] = {base, power};
  struct jac_syntax *infix = jac_parse_node(p, JAC_S_INFIX, base->start, 2, pair);
  if (infix)
    infix->row = jac_construct(JAC_C_DOTPOWER);
  return jac_parse_done(p, infix);
}

/* Whether x^{\odot 3}, a power entry by entry, follows: of a number or a letter. */
static bool is_dotpower(const struct parser *p) {
  const struct jac_token *open = peek(p), *sign = peek_after(p, 1),
                         *power = peek_after(p, 2), *close = peek_after(p, 3);
  return p->latex && open->kind == JAC_TOKEN_OPEN && strcmp(open->text, "{") == 0 &&
         sign->kind == JAC_TOKEN_SIGN &&
         (sign->row->id == JAC_C_HADAMARD || sign->row->id == JAC_C_CIRC) &&
         (power->kind == JAC_TOKEN_NUMBER || power->kind == JAC_TOKEN_NAME) &&
         close->kind == JAC_TOKEN_CLOSE && strcmp(close->text, "}") == 0;
}

static node *parse_above(struct parser *p, node *base, struct scripts *s) {
  size_t tokens;
  double primes;
  if (is_dotpower(p)) {
    p->token += 2;
    node *power = jac_parse_factor(p);
    return jac_parse_close(p, "}") ? dotpower_of(p, base, power, s) : NULL;
  }
  if (jac_parse_only_primes(p, &tokens, &primes)) {
    p->token += tokens;
    s->primes += primes;
    return base;
  }
  node *script = jac_parse_script(p);
  if (!script)
    return NULL;
  script = primes_out(script, &s->primes);
  if (s->above || (s->primes > 0 && !p->latex))
    base = attach(p, base, s);
  s->above = script;
  /* x^y^z of plain notation binds to the right. */
  if (!p->latex && peek(p)->kind == JAC_TOKEN_SUP)
    s->above = jac_parse_scripts(p, s->above);
  return s->above ? base : NULL;
}

/* x .^ y */
static node *parse_dotpower(struct parser *p, node *base, struct scripts *s) {
  return dotpower_of(p, base, jac_parse_factor(p), s);
}

/* x[i, j] of plain notation. */
static node *parse_entry(struct parser *p, node *base, struct scripts *s) {
  base = attach(p, base, s);
  if (!jac_parse_deeper(p))
    return NULL;
  node *index = jac_parse_list(p);
  p->depth--;
  if (!base || !index || !jac_parse_close(p, "]"))
    return NULL;
  struct jac_syntax *entry = jac_parse_scripted(p, base, index, NULL, 0);
  if (entry)
    entry->text = "[]";
  return jac_parse_done(p, entry);
}

/* n!, and no n!!, which is another. */
static node *parse_factorial(struct parser *p, node *base) {
  const struct jac_construct *row = jac_construct(JAC_C_FACTORIAL);
  if (peek(p)->kind == JAC_TOKEN_FACTORIAL)
    return jac_parse_fail(p, "a double factorial is not read");
  struct jac_syntax *name =
      base ? jac_parse_node(p, JAC_S_NAME, base->start, 0, NULL) : NULL;
  if (!name)
    return NULL;
  name->row = row;
  name->text = row->plain;
  return jac_parse_applied(p, row, name, base);
}

node *jac_parse_scripts(struct parser *p, node *base) {
  struct scripts s = {.primes = 0};
  while (base && !p->status) {
    const struct jac_token *t = peek(p);
    bool bracket = t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "[") == 0 && !p->latex &&
                   !t->spaced && base->form != JAC_S_NUMBER;
    bool dotpower = t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_DOTPOWER;
    if (t->kind != JAC_TOKEN_SUB && t->kind != JAC_TOKEN_SUP &&
        t->kind != JAC_TOKEN_PRIME && t->kind != JAC_TOKEN_FACTORIAL && !bracket &&
        !dotpower)
      break;
    p->token++;
    if (t->kind == JAC_TOKEN_SUB)
      base = parse_below(p, base, &s);
    else if (t->kind == JAC_TOKEN_SUP)
      base = parse_above(p, base, &s);
    else if (t->kind == JAC_TOKEN_FACTORIAL)
      base = parse_factorial(p, attach(p, base, &s));
    else if (t->kind == JAC_TOKEN_PRIME) {
      if (s.above && !p->latex)
        base = attach(p, base, &s);
      s.primes += t->number;
    } else
      base = bracket ? parse_entry(p, base, &s) : parse_dotpower(p, base, &s);
  }
  return base ? attach(p, base, &s) : NULL;
}
