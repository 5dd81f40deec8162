/* A factor: a number, a name with its font and accent, a fraction, a root, a bracket, a
 * function; what stands below and above it belongs to it. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/buffer.h"

#include <ctype.h>
#include <string.h>

/* L of \mathcal L is cal_L. */
static const char *in_font(struct parser *p, const struct jac_token *t) {
  return p->font && *p->font && strlen(t->text) <= 8 && t->kind == JAC_TOKEN_NAME
             ? jac_pool_printf(p->pool, "%s_%s", p->font, t->text)
             : t->text;
}

node *jac_parse_argument(struct parser *p) {
  const struct jac_token *t = peek(p);
  if (t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "{") == 0)
    return jac_parse_group(p);
  if (t->kind == JAC_TOKEN_NUMBER && t->text[1] && p->latex &&
      isdigit((unsigned char)t->text[0])) {
    /* \frac12: a digit each. The token is cut in the copy that we may change. */
    struct jac_token *cut = (struct jac_token *)t;
    struct jac_syntax *n = jac_parse_node(p, JAC_S_NUMBER, t->start, 0, NULL);
    if (!n)
      return NULL;
    n->text = jac_pool_word(p->pool, t->text, 1);
    n->number = t->text[0] - '0';
    n->end = t->start + 1;
    cut->text = jac_pool_text(p->pool, t->text + 1);
    cut->number = 0;
    for (const char *c = cut->text; *c >= '0' && *c <= '9'; c++)
      cut->number = 10 * cut->number + (*c - '0');
    cut->start++;
    return n;
  }
  if (t->kind == JAC_TOKEN_FONT || t->kind == JAC_TOKEN_ACCENT ||
      t->kind == JAC_TOKEN_FRACTION || t->kind == JAC_TOKEN_ROOT) {
    return jac_parse_factor(p);
  }
  if (t->kind == JAC_TOKEN_PARTIAL || t->kind == JAC_TOKEN_NABLA ||
      t->kind == JAC_TOKEN_NAME || t->kind == JAC_TOKEN_NUMBER ||
      t->kind == JAC_TOKEN_WORDS || t->kind == JAC_TOKEN_FUNCTION) {
    p->token++;
    bool number = t->kind == JAC_TOKEN_NUMBER;
    struct jac_syntax *n =
        jac_parse_node(p, number ? JAC_S_NUMBER : JAC_S_NAME, t->start, 0, NULL);
    if (!n)
      return NULL;
    n->text = in_font(p, t);
    n->number = t->number;
    n->row = t->kind == JAC_TOKEN_FUNCTION ? t->row : NULL;
    n->bold = p->bold;
    return jac_parse_done(p, n);
  }
  return jac_parse_unexpected(p, "an argument");
}

struct jac_syntax *jac_parse_name(struct parser *p, const struct jac_token *t) {
  struct jac_syntax *n = jac_parse_node(p, JAC_S_NAME, t->start, 0, NULL);
  if (!n)
    return NULL;
  n->text = in_font(p, t);
  n->row = t->row;
  n->bold = p->bold;
  n->spaced = t->spaced;
  n->word = t->word;
  n->macro = t->macro;
  jac_parse_done(p, n);
  return n;
}

static node *parse_font(struct parser *p) {
  const struct jac_token *t = p->token++;
  bool bold = p->bold;
  const char *font = p->font;
  const struct jac_token *a = peek(p);
  if (strcmp(t->text, "bold") == 0)
    p->bold = true;
  else
    p->font = t->text;
  /* \mathbf 1, \mathbb{1}: the ones, an indicator. */
  bool one = a->kind == JAC_TOKEN_NUMBER && strcmp(a->text, "1") == 0;
  if (!one && a->kind == JAC_TOKEN_OPEN && peek_after(p, 1)->kind == JAC_TOKEN_NUMBER &&
      strcmp(peek_after(p, 1)->text, "1") == 0 &&
      peek_after(p, 2)->kind == JAC_TOKEN_CLOSE)
    one = true;
  bool zero = a->kind == JAC_TOKEN_OPEN && peek_after(p, 1)->kind == JAC_TOKEN_NUMBER &&
              strcmp(peek_after(p, 1)->text, "0") == 0 &&
              peek_after(p, 2)->kind == JAC_TOKEN_CLOSE;
  node *inside;
  if (one) {
    p->token += a->kind == JAC_TOKEN_OPEN ? 3 : 1;
    struct jac_syntax *n = jac_parse_node(p, JAC_S_NAME, t->start, 0, NULL);
    if (n)
      n->text = strcmp(t->text, "bb") == 0 ? "bb_1" : "bold_1";
    inside = jac_parse_done(p, n);
  } else if (zero) {
    p->token += 3;
    struct jac_syntax *n = jac_parse_node(p, JAC_S_NUMBER, t->start, 0, NULL);
    if (n)
      n->text = "0";
    inside = jac_parse_done(p, n);
  } else
    inside = jac_parse_argument(p);
  p->bold = bold;
  p->font = font;
  if (inside &&
      inside->form == JAC_S_NAME) { /* \mathbf{W}: it goes where its name goes */
    struct jac_syntax *whole = (struct jac_syntax *)inside;
    whole->start = t->start;
    whole->end = p->token[-1].end;
  }
  /* \mathbf{W x}: braces that served the font alone. */
  return inside;
}

static node *parse_accent(struct parser *p) {
  const struct jac_token *t = p->token++;
  node *inside = jac_parse_argument(p);
  if (!inside)
    return NULL;
  node *base = inside;
  while (base->form == JAC_S_GROUP && base->count == 1 && strcmp(base->text, "{}") == 0)
    base = base->child[0];
  node *script = NULL;
  if (base->form == JAC_S_SCRIPT && base->child[0]->form == JAC_S_NAME) {
    script = base;
    base = base->child[0];
  }
  if (base->form != JAC_S_NAME) {
    struct jac_buffer spelled = JAC_BUFFER_INIT;
    jac_notation_spell(base, &spelled);
    struct jac_syntax *n = jac_parse_node(p, JAC_S_NAME, t->start, 0, NULL);
    if (n)
      n->text = jac_pool_printf(p->pool, "%s_%s", t->text, spelled.text);
    jac_buffer_free(&spelled);
    return jac_parse_done(p, n);
  }
  struct jac_syntax *name = jac_parse_node(p, JAC_S_NAME, t->start, 0, NULL);
  if (!name)
    return NULL;
  name->text = jac_pool_printf(p->pool, "%s_%s", t->text, base->text);
  name->bold = base->bold;
  name->spaced = t->spaced;
  jac_parse_done(p, name);
  if (!script)
    return name;
  return jac_parse_done(
      p, jac_parse_scripted(p, name, script->child[1], script->child[2], script->number));
}

/* Braces that only held an argument together. */
static node *unbraced(node *n) {
  while (n && n->form == JAC_S_GROUP && strcmp(n->text, "{}") == 0)
    n = n->child[0];
  return n;
}

static node *parse_primary(struct parser *p) {
  const struct jac_token *t = peek(p);
  struct jac_syntax *n;
  node *pair[2];
  switch (t->kind) {
  case JAC_TOKEN_NUMBER:
    p->token++;
    n = jac_parse_node(p, JAC_S_NUMBER, t->start, 0, NULL);
    if (n) {
      n->text = t->text;
      n->number = t->number;
      n->spaced = t->spaced;
    }
    return jac_parse_done(p, n);
  case JAC_TOKEN_NAME:
  case JAC_TOKEN_PARTIAL:
  case JAC_TOKEN_NABLA:
    p->token++;
    n = jac_parse_name(p, t);
    if (n && t->kind != JAC_TOKEN_NAME)
      n->text = t->text;
    return n;
  case JAC_TOKEN_WORDS:
    if (strchr(t->text, ' ') || jac_words_role(t->text))
      return jac_parse_unexpected(p, "a formula");
    p->token++;
    return jac_parse_name(p, t);
  case JAC_TOKEN_STRING:
    p->token++;
    n = jac_parse_node(p, JAC_S_STRING, t->start, 0, NULL);
    if (n)
      n->text = t->text;
    return jac_parse_done(p, n);
  case JAC_TOKEN_OPEN:
    return jac_parse_group(p);
  case JAC_TOKEN_BAR:
    return jac_parse_bars(p);
  case JAC_TOKEN_FRACTION:
    p->token++;
    pair[0] = unbraced(jac_parse_argument(p));
    pair[1] = pair[0] ? unbraced(jac_parse_argument(p)) : NULL;
    return pair[1]
               ? jac_parse_done(p, jac_parse_node(p, JAC_S_FRACTION, t->start, 2, pair))
               : NULL;
  case JAC_TOKEN_ROOT:
    p->token++;
    pair[1] = NULL;
    if (peek(p)->kind == JAC_TOKEN_OPEN && strcmp(peek(p)->text, "[") == 0) {
      p->token++;
      pair[1] = jac_parse_terms(p);
      if (!pair[1] || !jac_parse_close(p, "]"))
        return NULL;
    }
    pair[0] = unbraced(jac_parse_argument(p));
    return pair[0] ? jac_parse_done(p, jac_parse_node(p, JAC_S_ROOT, t->start,
                                                      pair[1] ? 2 : 1, pair))
                   : NULL;
  case JAC_TOKEN_FONT:
    return parse_font(p);
  case JAC_TOKEN_ACCENT:
    return parse_accent(p);
  case JAC_TOKEN_BEGIN:
    return jac_parse_environment(p);
  case JAC_TOKEN_DOTS:
    p->token++;
    n = jac_parse_node(p, JAC_S_DOTS, t->start, 0, NULL);
    if (n)
      n->text = t->text;
    return jac_parse_done(p, n);
  default:
    return jac_parse_unexpected(p, "a number, a name or a bracket");
  }
}

/* A transpose above nothing, before what it turns. */
static bool transposes_next(node *n) {
  node *above =
      n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_BLANK && !n->child[1]
          ? n->child[2]
          : NULL;
  return above && above->form == JAC_S_NAME &&
         (strcmp(above->text, "t") == 0 || strcmp(above->text, "T") == 0 ||
          strcmp(above->text, "top") == 0);
}

/* \mathbf{ab}^T is set as a b^T: what stands above belongs to the last letter. */
static node *scripted(struct parser *p) {
  bool font = peek(p)->kind == JAC_TOKEN_FONT;
  node *n = parse_primary(p), *inside = font ? unbraced(n) : NULL;
  enum jac_token_kind next = peek(p)->kind;
  bool script = next == JAC_TOKEN_SUP || next == JAC_TOKEN_SUB || next == JAC_TOKEN_PRIME;
  if (!script || !inside || inside->form != JAC_S_SIDE ||
      inside->count > JAC_NOTATION_CHILDREN)
    return jac_parse_scripts(p, n);
  node *child[JAC_NOTATION_CHILDREN];
  for (size_t k = 0; k < inside->count; k++)
    child[k] = inside->child[k];
  size_t last = inside->count - 1;
  child[last] = jac_parse_scripts(p, child[last]);
  node *whole =
      child[last] ? jac_notation_node(p->pool, inside, inside->count, child) : NULL;
  if (whole)
    ((struct jac_syntax *)whole)->start = n->start;
  return whole ? jac_parse_done(p, (struct jac_syntax *)whole) : NULL;
}

/* A sum, an integral, with what stands below and above its sign. */
static node *bounded(struct parser *p) {
  const struct jac_token *t = p->token++;
  node *below = NULL, *above = NULL;
  for (;;) {
    bool sub = peek(p)->kind == JAC_TOKEN_SUB;
    if (!(sub ? !below : peek(p)->kind == JAC_TOKEN_SUP && !above))
      break;
    p->token++;
    node *script = jac_parse_script(p);
    if (!script)
      return NULL;
    *(sub ? &below : &above) = script;
  }
  return t->row->id == JAC_C_INTEGRAL ? jac_parse_integral(p, t, below, above)
                                      : jac_parse_big(p, t, below, above);
}

node *jac_parse_factor(struct parser *p) {
  if (!jac_parse_deeper(p))
    return NULL;
  const struct jac_token *t = peek(p);
  node *n;
  if (t->kind == JAC_TOKEN_FUNCTION)
    n = jac_parse_function(p);
  else if (t->kind == JAC_TOKEN_BIG)
    n = bounded(p);
  else
    n = scripted(p);
  if (n && p->latex && transposes_next(n)) { /* {}^t A */
    node *turned = jac_parse_factor(p);
    n = turned ? jac_parse_done(p, jac_parse_scripted(p, turned, NULL, n->child[2], 0))
               : NULL;
  }
  p->depth--;
  return p->status ? NULL : n;
}

bool jac_parse_starts(const struct parser *p) {
  const struct jac_token *t = peek(p);
  if (stands_apart(p))
    return false;
  switch (t->kind) {
  case JAC_TOKEN_NUMBER:
  case JAC_TOKEN_NAME:
  case JAC_TOKEN_FUNCTION:
  case JAC_TOKEN_BIG:
  case JAC_TOKEN_OPEN:
  case JAC_TOKEN_FRACTION:
  case JAC_TOKEN_ROOT:
  case JAC_TOKEN_FONT:
  case JAC_TOKEN_ACCENT:
  case JAC_TOKEN_DOTS:
  case JAC_TOKEN_PARTIAL:
  case JAC_TOKEN_NABLA:
  case JAC_TOKEN_STRING:
  case JAC_TOKEN_BEGIN:
  case JAC_TOKEN_UNREAD:
    return true;
  case JAC_TOKEN_WORDS:
    return !strchr(t->text, ' ') && !jac_words_role(t->text);
  case JAC_TOKEN_BAR:
    return !p->bars && !point_bar(p);
  default:
    return false;
  }
}
