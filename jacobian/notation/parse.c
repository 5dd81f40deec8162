/* Tokens into notation: a Pratt parser whose bindings stand in the table of constructs.
 * One grammar, hence one file. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/text.h"

#include "jacobian/buffer.h"

#include <ctype.h>

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

static const struct jac_token end_token = {.kind = JAC_TOKEN_END, .text = ""};

static const struct jac_token *peek(const struct parser *p) {
  return p->token < p->end ? p->token : &end_token;
}

static const struct jac_token *peek_after(const struct parser *p, size_t k) {
  return p->token + k < p->end ? p->token + k : &end_token;
}

static size_t place(const struct parser *p) {
  return p->token < p->end ? p->token->start : p->end ? p->end[0].start : 0;
}

static node *fail(struct parser *p, const char *what) {
  if (!p->status) {
    p->position = place(p);
    p->status = jac_fail(p->err, JAC_EINPUT, "%s", what);
  }
  return NULL;
}

static void describe(const struct jac_token *t, char *out, size_t size) {
  size_t n;
  const char *name;
  switch (t->kind) {
  case JAC_TOKEN_END:
    snprintf(out, size, "%s", _("the end"));
    break;
  case JAC_TOKEN_SIGN:
    name = jac_construct_name(*t->row->plain ? t->row->plain : t->row->latex, &n);
    snprintf(out, size, "'%.*s'", (int)n, name);
    break;
  case JAC_TOKEN_CLOSE:
  case JAC_TOKEN_OPEN:
    snprintf(out, size, "'%s'", t->text);
    break;
  case JAC_TOKEN_COMMA:
    snprintf(out, size, "','");
    break;
  case JAC_TOKEN_CELL:
    snprintf(out, size, "'&'");
    break;
  case JAC_TOKEN_SUB:
    snprintf(out, size, "'_'");
    break;
  case JAC_TOKEN_SUP:
    snprintf(out, size, "'^'");
    break;
  case JAC_TOKEN_PRIME:
    snprintf(out, size, "a prime");
    break;
  default:
    snprintf(out, size, *t->text ? "'%s'" : "a sign", t->text);
  }
}

static node *unexpected(struct parser *p, const char *expected) {
  char found[80], message[200];
  const struct jac_token *t = peek(p);
  if (t->kind == JAC_TOKEN_UNREAD)
    snprintf(message, sizeof message, _("%s is not read here"), t->text);
  else {
    describe(t, found, sizeof found);
    snprintf(message, sizeof message, _("%s where %s is expected"), found, expected);
  }
  return fail(p, message);
}

static struct jac_syntax *make(struct parser *p, enum jac_syntax_form form, size_t start,
                               size_t count, node *const *child) {
  if (p->status)
    return NULL;
  struct jac_syntax *n = jac_pool_take(p->pool, sizeof *n + count * sizeof(node *));
  if (!n) {
    p->status = jac_pool_status(p->pool, p->err);
    return NULL;
  }
  n->form = form;
  n->home = p->pool;
  n->text = "";
  n->start = start;
  n->end = start;
  n->count = count;
  for (size_t k = 0; k < count; k++)
    n->child[k] = child[k];
  return n;
}

/* Ends what began at start: its last byte is the last token's. */
static node *done(struct parser *p, struct jac_syntax *n) {
  if (n)
    n->end = p->token[-1].end;
  return n;
}

static bool deeper(struct parser *p) {
  if (++p->depth <= JAC_NOTATION_DEPTH)
    return true;
  if (!p->status) {
    p->position = place(p);
    p->status = jac_fail(p->err, JAC_ELIMIT, "it is nested deeper than %d levels",
                         JAC_NOTATION_DEPTH);
  }
  return false;
}

/* A list of nodes while it grows. */
struct nodes {
  node **at; /* in the pool: what recurs keeps little on the stack */
  size_t count, room;
};

static bool push(struct parser *p, struct nodes *list, node *n) {
  if (!n)
    return false;
  if (list->count == JAC_NOTATION_CHILDREN) {
    fail(p, "it is longer than can be read");
    p->status = JAC_ELIMIT;
    return false;
  }
  if (list->count == list->room) {
    size_t room = list->room ? 2 * list->room : 4;
    node **wider = jac_pool_take(p->pool, room * sizeof *wider);
    if (!wider)
      return false;
    if (list->count)
      memcpy(wider, list->at, list->count * sizeof *wider);
    list->at = wider;
    list->room = room;
  }
  list->at[list->count++] = n;
  return true;
}

static bool sign_is(const struct jac_token *t, enum jac_role_of role) {
  return t->kind == JAC_TOKEN_SIGN && t->row->role == role;
}

static node *parse_factor(struct parser *p);
static node *parse_side(struct parser *p);
static node *parse_infix(struct parser *p);
static node *parse_condition(struct parser *p);

static node *expect_close(struct parser *p, const char *close) {
  const struct jac_token *t = peek(p);
  /* Brackets of intervals may differ; a missing \right. is none of ours. */
  if (t->kind == JAC_TOKEN_CLOSE && strcmp(t->text, close) == 0) {
    p->token++;
    return (node *)t;
  }
  char what[32];
  snprintf(what, sizeof what, "'%s'", close);
  return unexpected(p, what);
}

static const char *closing(const char *open) {
  static const char *const pairs[][2] = {
      {"(", ")"}, {"[", "]"}, {"{", "}"}, {"\\{", "\\}"}, {"<", ">"}};
  for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
    if (strcmp(pairs[k][0], open) == 0)
      return pairs[k][1];
  return ")";
}

static node *parse_rows(struct parser *p, size_t start, const char *text, bool brackets);

/* ( ... ), [ ... ], { ... }. */
static node *parse_group(struct parser *p) {
  const struct jac_token *open = p->token++;
  const char *close = closing(open->text);
  int bars = p->bars, cells = p->cells;
  p->bars = p->cells = 0;
  if (!deeper(p))
    return NULL;
  node *inside = NULL;
  bool brace = strcmp(open->text, "{") == 0;
  if (peek(p)->kind == JAC_TOKEN_CLOSE && brace)
    inside = make(p, JAC_S_BLANK, open->start, 0, NULL);
  else if (strcmp(open->text, "[") == 0 && !p->latex)
    inside = parse_rows(p, open->start, "[]", true);
  else
    inside = parse_list(p);
  if (!p->latex && inside && peek(p)->kind == JAC_TOKEN_SEMICOLON)
    unexpected(p, close);
  if (inside && inside->form == JAC_S_MATRIX && inside->count >= 1 && !p->status &&
      strcmp(open->text, "[") == 0) {
    bool one = inside->count == 1;
    if (!expect_close(p, close))
      return NULL;
    p->depth--;
    p->bars = bars;
    p->cells = cells;
    if (!one)
      return inside;
    /* One row: a list in brackets. */
    node *row = inside->child[0];
    node *list = row->count == 1 ? row->child[0] : NULL;
    if (!list) {
      struct jac_syntax *made = make(p, JAC_S_LIST, row->start, row->count, row->child);
      list = done(p, made);
    }
    struct jac_syntax *group = make(p, JAC_S_GROUP, open->start, 1, &list);
    if (group)
      group->text = "[]";
    return done(p, group);
  }
  if (!inside || !expect_close(p, close))
    return NULL;
  p->depth--;
  p->bars = bars;
  p->cells = cells;
  /* Braces of LaTeX around one thing are nothing. */
  if (brace && (inside->form == JAC_S_NUMBER || inside->form == JAC_S_NAME ||
                inside->form == JAC_S_SCRIPT || inside->form == JAC_S_GROUP ||
                inside->form == JAC_S_MATRIX || inside->form == JAC_S_FRACTION ||
                inside->form == JAC_S_BLANK))
    return inside;
  struct jac_syntax *group = make(p, JAC_S_GROUP, open->start, 1, &inside);
  if (group)
    group->text = strcmp(open->text, "(") == 0     ? "()"
                  : strcmp(open->text, "[") == 0   ? "[]"
                  : strcmp(open->text, "{") == 0   ? "{}"
                  : strcmp(open->text, "\\{") == 0 ? "\\{\\}"
                                                   : "<>";
  return done(p, group);
}

static node *parse_bars(struct parser *p) {
  const struct jac_token *open = p->token++;
  bool norm = open->number == 2;
  int bars = p->bars;
  p->bars = 1 + norm;
  if (!deeper(p))
    return NULL;
  node *inside = parse_list(p);
  p->depth--;
  p->bars = bars;
  if (!inside)
    return NULL;
  const struct jac_token *t = peek(p);
  if (t->kind != JAC_TOKEN_BAR || t->number != open->number)
    return unexpected(p, norm ? "the other double bar" : "the other bar");
  p->token++;
  struct jac_syntax *group = make(p, JAC_S_GROUP, open->start, 1, &inside);
  if (group)
    group->text = norm ? "|||" : "||";
  return done(p, group);
}

static bool starts_cell(const struct jac_token *t) {
  return t->kind != JAC_TOKEN_CELL && t->kind != JAC_TOKEN_ROW &&
         t->kind != JAC_TOKEN_FINISH && t->kind != JAC_TOKEN_COMMA &&
         t->kind != JAC_TOKEN_SEMICOLON && t->kind != JAC_TOKEN_CLOSE &&
         t->kind != JAC_TOKEN_END;
}

static node *parse_cell(struct parser *p) {
  if (!starts_cell(peek(p)))
    return make(p, JAC_S_BLANK, place(p), 0, NULL);
  node *cell = parse_condition(p);
  return cell;
}

/* Rows of cells, up to what closes them (which stays). brackets: plain notation, cells
 * between commas and rows between semicolons. */
static node *parse_rows(struct parser *p, size_t start, const char *text, bool brackets) {
  struct nodes rows = {.count = 0}, cells = {.count = 0};
  enum jac_token_kind cell_sign = brackets ? JAC_TOKEN_COMMA : JAC_TOKEN_CELL;
  enum jac_token_kind row_sign = brackets ? JAC_TOKEN_SEMICOLON : JAC_TOKEN_ROW;
  size_t row_start = place(p);
  for (;;) {
    if (!push(p, &cells, parse_cell(p)))
      return NULL;
    bool comma = false;
    while (peek(p)->kind == JAC_TOKEN_GAP ||
           (!brackets && peek(p)->kind == JAC_TOKEN_COMMA)) {
      comma = comma || peek(p)->kind == JAC_TOKEN_COMMA;
      p->token++;
    }
    const struct jac_token *t = peek(p);
    if (comma && starts_cell(t)) /* \begin{bmatrix} 2x, 1 \end{bmatrix} */
      continue;
    if (t->kind == cell_sign) {
      p->token++;
      continue;
    }
    bool ends = t->kind != row_sign;
    if (!ends)
      p->token++;
    /* A last row of nothing is none. */
    bool nothing = cells.count == 1 && cells.at[0]->form == JAC_S_BLANK;
    if (!(nothing && ends && rows.count)) {
      struct jac_syntax *row = make(p, JAC_S_ROW, row_start, cells.count, cells.at);
      if (!push(p, &rows, done(p, row)))
        return NULL;
    }
    cells.count = 0;
    row_start = place(p);
    if (ends)
      break;
  }
  struct jac_syntax *matrix = make(p, JAC_S_MATRIX, start, rows.count, rows.at);
  if (matrix)
    matrix->text = jac_pool_text(p->pool, text);
  return done(p, matrix);
}

/* The condition of a case, with its words; *otherwise: it has none. */
static node *case_condition(struct parser *p, bool *otherwise) {
  *otherwise = false;
  while (peek(p)->kind == JAC_TOKEN_WORDS || peek(p)->kind == JAC_TOKEN_CELL ||
         peek(p)->kind == JAC_TOKEN_COMMA || peek(p)->kind == JAC_TOKEN_GAP ||
         peek(p)->kind == JAC_TOKEN_FORALL || peek(p)->kind == JAC_TOKEN_COLON) {
    if (peek(p)->kind == JAC_TOKEN_WORDS && jac_words_role(peek(p)->text) == '!')
      *otherwise = true;
    p->token++;
  }
  const struct jac_token *t = peek(p);
  if (t->kind == JAC_TOKEN_ROW || t->kind == JAC_TOKEN_FINISH || *otherwise) {
    *otherwise = true;
    while (peek(p)->kind != JAC_TOKEN_ROW && peek(p)->kind != JAC_TOKEN_FINISH &&
           peek(p)->kind != JAC_TOKEN_END)
      p->token++;
    return NULL;
  }
  if (strchr("([", *t->text ? *t->text : ' ') && t->kind == JAC_TOKEN_OPEN) {
    /* (otherwise), (i = j) */
    const struct jac_token *next = peek_after(p, 1);
    if (next->kind == JAC_TOKEN_WORDS) {
      p->token++;
      node *inside = case_condition(p, otherwise);
      if (peek(p)->kind == JAC_TOKEN_CLOSE)
        p->token++;
      return inside;
    }
  }
  node *condition = parse_condition(p);
  if (!condition)
    return NULL;
  /* i = j, or words and a further condition */
  while (peek(p)->kind == JAC_TOKEN_COMMA || peek(p)->kind == JAC_TOKEN_WORDS ||
         peek(p)->kind == JAC_TOKEN_GAP) {
    bool joins = peek(p)->kind != JAC_TOKEN_WORDS || jac_words_role(peek(p)->text) == '&';
    p->token++;
    const struct jac_token *more = peek(p);
    if (more->kind == JAC_TOKEN_ROW || more->kind == JAC_TOKEN_FINISH || !joins)
      break;
    size_t start = condition->start;
    node *other = parse_condition(p);
    if (!other)
      return NULL;
    node *both[2] = {condition, other};
    struct jac_syntax *pair = make(p, JAC_S_INFIX, start, 2, both);
    if (!pair)
      return NULL;
    pair->row = jac_construct(JAC_C_AND);
    condition = done(p, pair);
  }
  return condition;
}

static node *parse_cases(struct parser *p, size_t start) {
  struct nodes list = {.count = 0};
  while (!p->status && peek(p)->kind != JAC_TOKEN_FINISH) {
    if (peek(p)->kind == JAC_TOKEN_ROW || peek(p)->kind == JAC_TOKEN_CELL) {
      p->token++;
      continue;
    }
    if (peek(p)->kind == JAC_TOKEN_END)
      return unexpected(p, "\\end{cases}");
    node *value = parse_terms(p);
    if (!push(p, &list, value))
      return NULL;
    bool otherwise;
    node *condition = case_condition(p, &otherwise);
    if (p->status)
      return NULL;
    if (list.count == JAC_NOTATION_CHILDREN)
      return fail(p, "it is longer than can be read");
    list.at[list.count++] = otherwise ? NULL : condition;
    while (peek(p)->kind == JAC_TOKEN_ROW || peek(p)->kind == JAC_TOKEN_COMMA ||
           peek(p)->kind == JAC_TOKEN_SEMICOLON || peek(p)->kind == JAC_TOKEN_GAP)
      p->token++;
  }
  return done(p, make(p, JAC_S_CASES, start, list.count, list.at));
}

static node *parse_environment(struct parser *p) {
  const struct jac_token *begin = p->token++;
  const char *name = begin->text;
  if (!deeper(p))
    return NULL;
  int bars = p->bars;
  p->bars = 0;
  bool cases = strstr(name, "cases") != NULL;
  bool matrix = strstr(name, "matrix") || strstr(name, "Matrix") ||
                strstr(name, "array") || strstr(name, "Array");
  node *inside = NULL;
  if (cases)
    inside = parse_cases(p, begin->start);
  else if (matrix)
    inside = parse_rows(p, begin->start, name, false);
  else { /* aligned, split, gathered: one expression over several lines */
    while (peek(p)->kind == JAC_TOKEN_CELL)
      p->token++;
    inside = parse_condition(p);
  }
  if (!inside)
    return NULL;
  if (peek(p)->kind != JAC_TOKEN_FINISH)
    return unexpected(p, "the end of the environment");
  p->token++;
  p->depth--;
  p->bars = bars;
  if (strcmp(name, "vmatrix") == 0 || strcmp(name, "Vmatrix") == 0) {
    struct jac_syntax *group = make(p, JAC_S_GROUP, begin->start, 1, &inside);
    if (group)
      group->text = name[0] == 'v' ? "||" : "|||";
    return done(p, group);
  }
  return inside;
}

/* The argument of \frac, \sqrt, an accent, a script: one token, or a group. */
static node *parse_argument(struct parser *p) {
  const struct jac_token *t = peek(p);
  if (t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "{") == 0)
    return parse_group(p);
  if (t->kind == JAC_TOKEN_NUMBER && t->text[1] && p->latex &&
      isdigit((unsigned char)t->text[0])) {
    /* \frac12: a digit each. The token is cut in the copy that we may change. */
    struct jac_token *cut = (struct jac_token *)t;
    struct jac_syntax *n = make(p, JAC_S_NUMBER, t->start, 0, NULL);
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
    return parse_factor(p);
  }
  if (t->kind == JAC_TOKEN_PARTIAL || t->kind == JAC_TOKEN_NABLA ||
      t->kind == JAC_TOKEN_NAME || t->kind == JAC_TOKEN_NUMBER ||
      t->kind == JAC_TOKEN_WORDS || t->kind == JAC_TOKEN_FUNCTION) {
    p->token++;
    bool number = t->kind == JAC_TOKEN_NUMBER;
    struct jac_syntax *n = make(p, number ? JAC_S_NUMBER : JAC_S_NAME, t->start, 0, NULL);
    if (!n)
      return NULL;
    n->text = t->text;
    n->number = t->number;
    n->row = t->kind == JAC_TOKEN_FUNCTION ? t->row : NULL;
    n->bold = p->bold;
    return done(p, n);
  }
  return unexpected(p, "an argument");
}

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

/* What stands below or above: an index, a layer, T, signs alone. Where it cannot be read
 * as an expression it is a word. */
static node *parse_script(struct parser *p) {
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
      return fail(p, "'}' is missing");
  } else {
    to = from + (from < p->end);
    /* \mathbf x, \hat y and the like have an argument of their own. */
    if (t->kind == JAC_TOKEN_FONT || t->kind == JAC_TOKEN_ACCENT ||
        t->kind == JAC_TOKEN_FRACTION)
      return parse_argument(p);
    if (t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_SUBTRACT && !p->latex) {
      p->token++;
      node *below = parse_argument(p);
      struct jac_syntax *terms = below ? make(p, JAC_S_TERMS, t->start, 1, &below) : NULL;
      if (terms)
        terms->text = "-";
      return done(p, terms);
    }
    if (!p->latex && t->kind == JAC_TOKEN_OPEN) {
      node *power = parse_group(p); /* x^(n + 1): braces alone make it a name */
      bool round = power && power->form == JAC_S_GROUP && strcmp(power->text, "()") == 0;
      return round ? power->child[0] : power;
    }
    bool indexed = to < p->end && to->kind == JAC_TOKEN_OPEN && !to->spaced &&
                   strcmp(to->text, "[") == 0; /* h_t[n, j]: an entry of h_t */
    if (!p->latex &&
        ((t->kind == JAC_TOKEN_NAME && !indexed) || t->kind == JAC_TOKEN_FUNCTION))
      return parse_factor(p);
  }
  if (from >= p->end)
    return unexpected(p, "an index");
  size_t start = from->start;
  if (to == from) {
    p->token = to + group;
    return make(p, JAC_S_BLANK, start, 0, NULL);
  }
  if (to - from == 1 && from->kind == JAC_TOKEN_SIGN) {
    p->token = to + group;
    struct jac_syntax *sign = make(p, JAC_S_SIGN, start, 0, NULL);
    if (sign)
      sign->row = from->row;
    return done(p, sign);
  }
  if (!deeper(p))
    return NULL;
  struct parser q = *p;
  struct jac_error silent;
  q.err = &silent;
  q.token = from;
  q.end = to;
  q.bars = q.cells = 0;
  node *inside = parse_list(&q);
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
  struct jac_syntax *name = make(p, JAC_S_NAME, start, 0, NULL);
  if (name) {
    name->text = jac_pool_text(p->pool, word.text);
    name->number = 1; /* no name that could be looked up */
  }
  jac_buffer_free(&word);
  return done(p, name);
}

static bool only_primes(const struct parser *p, size_t *tokens, double *primes) {
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

static struct jac_syntax *script_node(struct parser *p, node *base, node *below,
                                      node *above, double primes) {
  node *child[3] = {base, below, above};
  struct jac_syntax *n = make(p, JAC_S_SCRIPT, base->start, 3, child);
  if (n) {
    n->number = primes;
    n->spaced = base->spaced;
  }
  return n;
}

/* Whether a bar here closes a value at a point: f|_{x = a}. */
static bool point_bar(const struct parser *p) {
  return peek(p)->kind == JAC_TOKEN_BAR && peek(p)->number == 1 &&
         peek_after(p, 1)->kind == JAC_TOKEN_SUB && p->bars != 1;
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

/* Indices, layers, primes behind a base; in plain notation the index in brackets. */
static node *parse_scripts(struct parser *p, node *base) {
  node *below = NULL, *above = NULL;
  double primes = 0;
  while (base && !p->status) {
    const struct jac_token *t = peek(p);
    if (t->kind == JAC_TOKEN_SUB) {
      p->token++;
      node *script = worded(p, parse_script(p));
      if (!script)
        return NULL;
      if (below) {
        base = done(p, script_node(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      below = script;
    } else if (t->kind == JAC_TOKEN_SUP) {
      p->token++;
      size_t tokens;
      double n;
      if (only_primes(p, &tokens, &n)) {
        p->token += tokens;
        primes += n;
        continue;
      }
      node *script = parse_script(p);
      if (!script)
        return NULL;
      script = primes_out(script, &primes);
      if (above || (primes > 0 && !p->latex)) {
        base = done(p, script_node(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      above = script;
      /* x^y^z of plain notation binds to the right. */
      if (!p->latex && peek(p)->kind == JAC_TOKEN_SUP) {
        above = parse_scripts(p, above);
        if (!above)
          return NULL;
      }
    } else if (t->kind == JAC_TOKEN_SIGN && t->row->id == JAC_C_DOTPOWER) {
      p->token++;
      node *power = parse_factor(p);
      if (!power)
        return NULL;
      if (below || above || primes > 0)
        base = done(p, script_node(p, base, below, above, primes));
      below = above = NULL;
      primes = 0;
      node *pair[2] = {base, power};
      struct jac_syntax *infix = base ? make(p, JAC_S_INFIX, base->start, 2, pair) : NULL;
      if (infix)
        infix->row = jac_construct(JAC_C_DOTPOWER);
      base = done(p, infix);
    } else if (t->kind == JAC_TOKEN_PRIME) {
      p->token++;
      if (above && !p->latex) {
        base = done(p, script_node(p, base, below, above, primes));
        below = above = NULL;
        primes = 0;
      }
      primes += t->number;
    } else if (t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "[") == 0 && !p->latex &&
               !t->spaced && base->form != JAC_S_NUMBER) {
      if (below || above || primes > 0)
        base = done(p, script_node(p, base, below, above, primes));
      above = NULL;
      primes = 0;
      p->token++;
      if (!deeper(p))
        return NULL;
      below = parse_list(p);
      p->depth--;
      if (!below || !expect_close(p, "]"))
        return NULL;
      struct jac_syntax *entry = base ? script_node(p, base, below, NULL, 0) : NULL;
      if (entry)
        entry->text = "[]";
      base = done(p, entry);
      below = NULL;
    } else
      break;
  }
  if (base && (below || above || primes > 0))
    base = done(p, script_node(p, base, below, above, primes));
  return base;
}

static struct jac_syntax *name_node(struct parser *p, const struct jac_token *t) {
  struct jac_syntax *n = make(p, JAC_S_NAME, t->start, 0, NULL);
  if (!n)
    return NULL;
  n->text = t->text;
  n->row = t->row;
  n->bold = p->bold;
  n->spaced = t->spaced;
  if (p->font && *p->font && strlen(t->text) <= 8 && t->kind == JAC_TOKEN_NAME)
    n->text = jac_pool_printf(p->pool, "%s_%s", p->font, t->text);
  done(p, n);
  return n;
}

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
    if (!push(p, &factors, parse_factor(p)))
      return NULL;
    /* \log x (1 - y): a bracket behind a space or a name is taken too. */
  }
  if (!factors.count)
    return NULL;
  if (factors.count == 1)
    return factors.at[0];
  return done(p, make(p, JAC_S_SIDE, start, factors.count, factors.at));
}

static node *apply(struct parser *p, const struct jac_construct *row, node *name,
                   node *argument) {
  node *child[2] = {name, argument};
  struct jac_syntax *n = make(p, JAC_S_APPLY, name->start, 2, child);
  if (n)
    n->row = row;
  return done(p, n);
}

static node *negated(struct parser *p, size_t start, node *inside) {
  if (!inside)
    return NULL;
  struct jac_syntax *n = make(p, JAC_S_TERMS, start, 1, &inside);
  if (n)
    n->text = "-";
  return done(p, n);
}

static node *parse_big(struct parser *p, const struct jac_token *t, node *below,
                       node *above) {
  /* In LaTeX \sum(a + b) is over what stands in brackets; what follows a sum belongs to
     it up to the next + or -. */
  if (!deeper(p))
    return NULL;
  while (peek(p)->kind == JAC_TOKEN_GAP)
    p->token++;
  size_t at = place(p);
  bool minus = peek(p)->kind == JAC_TOKEN_SIGN && peek(p)->row->id == JAC_C_SUBTRACT;
  if (minus) /* \sum_k - y_k */
    p->token++;
  node *body = parse_infix(p);
  if (minus)
    body = negated(p, at, body);
  p->depth--;
  if (!body)
    return NULL;
  node *child[3] = {below, above, body};
  struct jac_syntax *n = make(p, JAC_S_BIG, t->start, 3, child);
  if (n)
    n->row = t->row;
  return done(p, n);
}

static node *parse_function(struct parser *p) {
  const struct jac_token *t = p->token++;
  struct jac_syntax *plain_name = name_node(p, t);
  if (!plain_name)
    return NULL;
  bool big = t->row->id == JAC_C_MAX || t->row->id == JAC_C_MIN ||
             t->row->id == JAC_C_TOTAL || t->row->id == JAC_C_PRODUCTALL;
  if (!p->latex && peek(p)->kind != JAC_TOKEN_OPEN && peek(p)->kind != JAC_TOKEN_PRIME) {
    /* Called so, and no function: a variable named phi, dot, mean. */
    return parse_scripts(p, plain_name);
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
      below = parse_script(p);
      if (!below)
        return NULL;
    } else if (s->kind == JAC_TOKEN_SUP && !above) {
      p->token++;
      if (only_primes(p, &tokens, &n)) {
        p->token += tokens;
        primes += n;
        continue;
      }
      above = parse_script(p);
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
    return parse_big(p, &sign, below, NULL);
  }
  if (below || above || primes > 0)
    name = done(p, script_node(p, name, below, above, primes));
  if (!name)
    return NULL;
  const struct jac_token *next = peek(p);
  node *argument = NULL;
  if (next->kind == JAC_TOKEN_OPEN) {
    if (!deeper(p))
      return NULL;
    argument = parse_group(p);
    p->depth--;
    if (!argument)
      return NULL;
    return parse_scripts(p, apply(p, t->row, name, argument));
  }
  if (!deeper(p))
    return NULL;
  argument = bare_argument(p);
  p->depth--;
  if (p->status)
    return NULL;
  return argument ? apply(p, t->row, name, argument) : name;
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
    struct jac_syntax *n = make(p, JAC_S_NAME, t->start, 0, NULL);
    if (n)
      n->text = strcmp(t->text, "bb") == 0 ? "bb_1" : "bold_1";
    inside = done(p, n);
  } else if (zero) {
    p->token += 3;
    struct jac_syntax *n = make(p, JAC_S_NUMBER, t->start, 0, NULL);
    if (n)
      n->text = "0";
    inside = done(p, n);
  } else
    inside = parse_argument(p);
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
  node *inside = parse_argument(p);
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
    struct jac_syntax *n = make(p, JAC_S_NAME, t->start, 0, NULL);
    if (n)
      n->text = jac_pool_printf(p->pool, "%s_%s", t->text, spelled.text);
    jac_buffer_free(&spelled);
    return done(p, n);
  }
  struct jac_syntax *name = make(p, JAC_S_NAME, t->start, 0, NULL);
  if (!name)
    return NULL;
  name->text = jac_pool_printf(p->pool, "%s_%s", t->text, base->text);
  name->bold = base->bold;
  name->spaced = t->spaced;
  done(p, name);
  if (!script)
    return name;
  return done(p,
              script_node(p, name, script->child[1], script->child[2], script->number));
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
    n = make(p, JAC_S_NUMBER, t->start, 0, NULL);
    if (n) {
      n->text = t->text;
      n->number = t->number;
      n->spaced = t->spaced;
    }
    return done(p, n);
  case JAC_TOKEN_NAME:
  case JAC_TOKEN_PARTIAL:
  case JAC_TOKEN_NABLA:
    p->token++;
    n = name_node(p, t);
    if (n && t->kind != JAC_TOKEN_NAME)
      n->text = t->text;
    return n;
  case JAC_TOKEN_WORDS:
    if (strchr(t->text, ' ') || jac_words_role(t->text))
      return unexpected(p, "a formula");
    p->token++;
    return name_node(p, t);
  case JAC_TOKEN_STRING:
    p->token++;
    n = make(p, JAC_S_STRING, t->start, 0, NULL);
    if (n)
      n->text = t->text;
    return done(p, n);
  case JAC_TOKEN_OPEN:
    return parse_group(p);
  case JAC_TOKEN_BAR:
    return parse_bars(p);
  case JAC_TOKEN_FRACTION:
    p->token++;
    pair[0] = unbraced(parse_argument(p));
    pair[1] = pair[0] ? unbraced(parse_argument(p)) : NULL;
    return pair[1] ? done(p, make(p, JAC_S_FRACTION, t->start, 2, pair)) : NULL;
  case JAC_TOKEN_ROOT:
    p->token++;
    pair[1] = NULL;
    if (peek(p)->kind == JAC_TOKEN_OPEN && strcmp(peek(p)->text, "[") == 0) {
      p->token++;
      pair[1] = parse_terms(p);
      if (!pair[1] || !expect_close(p, "]"))
        return NULL;
    }
    pair[0] = unbraced(parse_argument(p));
    return pair[0] ? done(p, make(p, JAC_S_ROOT, t->start, pair[1] ? 2 : 1, pair)) : NULL;
  case JAC_TOKEN_FONT:
    return parse_font(p);
  case JAC_TOKEN_ACCENT:
    return parse_accent(p);
  case JAC_TOKEN_BEGIN:
    return parse_environment(p);
  case JAC_TOKEN_DOTS:
    p->token++;
    n = make(p, JAC_S_DOTS, t->start, 0, NULL);
    if (n)
      n->text = t->text;
    return done(p, n);
  default:
    return unexpected(p, "a number, a name or a bracket");
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

static node *parse_factor(struct parser *p) {
  if (!deeper(p))
    return NULL;
  const struct jac_token *t = peek(p);
  node *n;
  if (t->kind == JAC_TOKEN_FUNCTION)
    n = parse_function(p);
  else if (t->kind == JAC_TOKEN_BIG) {
    p->token++;
    node *below = NULL, *above = NULL;
    for (;;) {
      bool sub = peek(p)->kind == JAC_TOKEN_SUB;
      if (!(sub ? !below : peek(p)->kind == JAC_TOKEN_SUP && !above))
        break;
      p->token++;
      node *script = parse_script(p);
      if (!script)
        return NULL;
      *(sub ? &below : &above) = script;
    }
    n = parse_big(p, t, below, above);
  } else
    n = parse_scripts(p, parse_primary(p));
  if (n && p->latex && transposes_next(n)) { /* {}^t A */
    node *turned = parse_factor(p);
    n = turned ? done(p, script_node(p, turned, NULL, n->child[2], 0)) : NULL;
  }
  p->depth--;
  return p->status ? NULL : n;
}

static bool starts_factor(const struct parser *p) {
  const struct jac_token *t = peek(p);
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

static bool differential(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_PARTIAL ||
         (t->kind == JAC_TOKEN_NAME && strcmp(t->text, "d") == 0);
}

/* x / 2 s^2 of LaTeX: by all that follows the number; 1/2 x is (1/2) x. */
static node *divisor(struct parser *p, node *left, node *right) {
  struct nodes factors = {.count = 0};
  if (!p->latex || !left || !right || left->form == JAC_S_NUMBER ||
      right->form != JAC_S_NUMBER || !starts_factor(p))
    return right;
  push(p, &factors, right);
  while (starts_factor(p))
    if (!push(p, &factors, parse_factor(p)))
      return NULL;
  return done(p, make(p, JAC_S_SIDE, right->start, factors.count, factors.at));
}

/* All factors so far at the point behind the bar: (a + b) e^t|_{t = 0}. */
static bool at_point(struct parser *p, struct nodes *factors, size_t start) {
  node *pair[2];
  pair[0] = factors->count == 1
                ? factors->at[0]
                : done(p, make(p, JAC_S_SIDE, start, factors->count, factors->at));
  p->token += 2;
  pair[1] = pair[0] ? parse_script(p) : NULL;
  factors->count = 0;
  return pair[1] && push(p, factors, done(p, make(p, JAC_S_POINT, start, 2, pair)));
}

/* Long: what may follow a factor. Factors side by side, and quotients among them: 1/2 x
 * is (1/2) x. */
static node *parse_side(struct parser *p) {
  struct nodes factors = {.count = 0};
  size_t start = place(p);
  do {
    if (!push(p, &factors, parse_factor(p)))
      return NULL;
    while (sign_is(peek(p), JAC_ROLE_DIVIDE)) {
      node *left = factors.count == 1
                       ? factors.at[0]
                       : done(p, make(p, JAC_S_SIDE, start, factors.count, factors.at));
      const struct jac_construct *row = peek(p)->row;
      p->token++;
      node *right;
      if (differential(peek(p)) && peek_after(p, 1)->kind != JAC_TOKEN_END && left &&
          left->form == JAC_S_SIDE) {
        struct nodes below = {.count = 0};
        size_t from = place(p);
        if (!push(p, &below, parse_factor(p)) || !push(p, &below, parse_factor(p)))
          return NULL;
        right = done(p, make(p, JAC_S_SIDE, from, below.count, below.at));
      } else
        right = divisor(p, left, parse_factor(p));
      if (!left || !right)
        return NULL;
      node *pair[2] = {left, right};
      struct jac_syntax *quotient = make(p, JAC_S_INFIX, start, 2, pair);
      if (!quotient)
        return NULL;
      quotient->row = row;
      factors.count = 0;
      push(p, &factors, done(p, quotient));
    }
    if (point_bar(p) && !at_point(p, &factors, start))
      return NULL;
  } while (starts_factor(p));
  if (factors.count == 1)
    return factors.at[0];
  return done(p, make(p, JAC_S_SIDE, start, factors.count, factors.at));
}

static node *parse_infix(struct parser *p) {
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
      right = negated(p, at, right);
    if (!right)
      return NULL;
    node *pair[2] = {left, right};
    struct jac_syntax *n = make(p, JAC_S_INFIX, start, 2, pair);
    if (n)
      n->row = row;
    left = done(p, n);
  }
  return left;
}

const struct jac_syntax *parse_terms(struct parser *p) {
  struct nodes terms = {.count = 0};
  char *signs = NULL;
  size_t start = place(p), room = 0;
  if (!deeper(p))
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
    node *term = parse_infix(p);
    if (!push(p, &terms, term))
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
    if (!sign_is(peek(p), JAC_ROLE_TERM))
      break;
  }
  p->depth--;
  if (terms.count == 1 && signs[0] == ' ')
    return terms.at[0];
  signs[terms.count] = '\0';
  struct jac_syntax *n = make(p, JAC_S_TERMS, start, terms.count, terms.at);
  if (n)
    n->text = jac_pool_text(p->pool, signs);
  return done(p, n);
}

static node *parse_relation(struct parser *p) {
  struct nodes sides = {.count = 0};
  size_t start = place(p);
  if (!push(p, &sides, parse_terms(p)))
    return NULL;
  while (sign_is(peek(p), JAC_ROLE_RELATION)) {
    struct jac_syntax *sign = make(p, JAC_S_SIGN, place(p), 0, NULL);
    if (!sign)
      return NULL;
    sign->row = p->token++->row;
    sign->end = p->token[-1].end;
    while (peek(p)->kind == JAC_TOKEN_CELL && !p->cells && p->latex)
      p->token++;
    if (!push(p, &sides, sign) || !push(p, &sides, parse_terms(p)))
      return NULL;
  }
  if (sides.count == 1)
    return sides.at[0];
  return done(p, make(p, JAC_S_CHAIN, start, sides.count, sides.at));
}

/* a and b, a or b. */
static node *parse_condition(struct parser *p) {
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
    struct jac_syntax *n = make(p, JAC_S_INFIX, start, 2, pair);
    if (n)
      n->row = row;
    left = done(p, n);
  }
  return left;
}

const struct jac_syntax *parse_list(struct parser *p) {
  struct nodes list = {.count = 0};
  size_t start = place(p);
  if (!deeper(p))
    return NULL;
  for (;;) {
    while (peek(p)->kind == JAC_TOKEN_GAP)
      p->token++;
    if (!push(p, &list, parse_condition(p)))
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
  if (list.count == 1)
    return list.at[0];
  return done(p, make(p, JAC_S_LIST, start, list.count, list.at));
}

const struct jac_syntax *parse_range(struct jac_pool *pool, const struct jac_token *token,
                                     const struct jac_token *end, bool latex,
                                     size_t *position, struct jac_error *err) {
  struct parser p = {
      .pool = pool, .token = token, .end = end, .latex = latex, .err = err};
  node *n = parse_list(&p);
  while (n && (peek(&p)->kind == JAC_TOKEN_GAP || peek(&p)->kind == JAC_TOKEN_CELL))
    p.token++;
  if (n && p.token != end)
    n = unexpected(&p, _("the end"));
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
  *notation = parse_range(pool, tokens.token, tokens.token + tokens.count, latex,
                          position, &mine);
  if (pool->failed) { /* a name may be missing in what was read */
    *notation = NULL;
    return jac_pool_status(pool, err);
  }
  return *notation ? JAC_OK : jac_fail(err, mine.status, "%s", mine.message);
}

const struct jac_syntax *jac_notation_node(struct jac_pool *pool,
                                           const struct jac_syntax *like, size_t count,
                                           node *const *child) {
  struct jac_syntax *n = jac_pool_take(pool, sizeof *n + count * sizeof(node *));
  if (!n)
    return NULL;
  *n = *like;
  n->home = pool;
  n->key = n->bare[0] = n->bare[1] = NULL;
  n->count = count;
  for (size_t k = 0; k < count; k++)
    n->child[k] = child[k];
  return n;
}
