/* A display taken apart, on its tokens: what stands outside all brackets parts. */
#include "jacobian/notation/display_internal.h"

#include <stdio.h>
#include <string.h>

static bool add_statement(struct cutter *c) {
  struct jac_display *d = c->display;
  if (d->count == c->capacity) {
    size_t capacity = c->capacity ? 2 * c->capacity : 8;
    struct jac_statement_written *grown =
        jac_pool_take(c->pool, capacity * sizeof *grown);
    if (!grown)
      return false;
    if (d->count)
      memcpy(grown, d->statement, d->count * sizeof *grown);
    d->statement = grown;
    c->capacity = capacity;
  }
  d->statement[d->count++] = (struct jac_statement_written){
      .words = c->words ? c->words : "", .role = c->role ? c->role : ' ', .row = c->row};
  c->words = NULL;
  c->role = 0;
  c->row = false;
  return true;
}

static bool trailing(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_COMMA || t->kind == JAC_TOKEN_SEMICOLON ||
         t->kind == JAC_TOKEN_GAP || t->kind == JAC_TOKEN_CELL ||
         t->kind == JAC_TOKEN_COLON || t->kind == JAC_TOKEN_ROW;
}

/* 2, ii, b: what numbers a list. */
static bool ordinal(const char *text) {
  size_t n = strlen(text);
  return n && n < 5 &&
         (strspn(text, "0123456789") == n || strspn(text, "ivx") == n || n == 1);
}

/* Whether a derivative begins at a token. */
static bool derivative_at(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_FRACTION || t->kind == JAC_TOKEN_PARTIAL ||
         t->kind == JAC_TOKEN_NABLA;
}

/* Signs before and behind a formula that are no part of it. */
static bool ornament(const char *text) {
  static const char *const signs[] = {"bullet",  "star",        "bigstar",
                                      "diamond", "square",      "Box",
                                      "qed",     "blacksquare", "checkmark"};
  for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
    if (strcmp(signs[k], text) == 0)
      return true;
  return false;
}

/* Whether a token sets a mark: a bracket, a font. */
static bool sets_mark(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_FONT || jac_cut_opens(t) || jac_cut_closes(t);
}

/* Whether it is what counts. */
static bool counts(const struct jac_token *t) {
  return (t->kind == JAC_TOKEN_NAME || t->kind == JAC_TOKEN_NUMBER ||
          t->kind == JAC_TOKEN_WORDS) &&
         ordinal(t->text);
}

/* (\text{a}), (\textbf{2}), \rm{(a)} before a derivative: one that counts in brackets, in
 * a font. */
static size_t mark_in_font(const struct cutter *c, size_t from, size_t end) {
  const struct jac_token *t = &c->token[from];
  size_t n = 0, depth = 0, counted = 0;
  bool round = false, font = false;
  do {
    depth += jac_cut_opens(&t[n]);
    depth -= jac_cut_closes(&t[n]);
    round = round || strcmp(t[n].text, "(") == 0;
    font = font || t[n].kind == JAC_TOKEN_WORDS || strcmp(t[n].text, "{") == 0;
    counted += counts(&t[n]);
    if (!counts(&t[n]) && !sets_mark(&t[n]))
      return 0;
  } while (++n < 8 && from + n < end && depth > 0);
  bool whole = depth == 0 && from + n < end && derivative_at(&t[n]);
  return whole && round && font && counted == 1 ? n : 0;
}

/* (2), (b), (iv). */
static size_t bracketed_mark(const struct cutter *c, size_t from, size_t end) {
  const struct jac_token *t = &c->token[from];
  size_t n = 1;
  while (from + n < end && n < 5 && t[n].kind == JAC_TOKEN_NAME && ordinal(t[n].text) &&
         (n == 1 || strspn(t[n].text, "ivx")))
    n++;
  bool letters = n > 1,
       second = t[1].kind == JAC_TOKEN_NUMBER && t[1].number == (double)c->display->count;
  n = letters ? n : 2;
  bool closed = from + n + 1 < end && t[n].kind == JAC_TOKEN_CLOSE && t[n + 1].spaced;
  return closed && (second || (letters && derivative_at(&t[n + 1]))) ? n + 1 : 0;
}

/* How many tokens before a formula number it in a list: (2) before the second one, (b),
 * 3., and what is written as words. (2) before another is a factor. */
static size_t mark(const struct cutter *c, size_t from, size_t end) {
  const struct jac_token *t = &c->token[from];
  if (!c->latex || from + 1 >= end)
    return 0;
  if (t[0].kind == JAC_TOKEN_WORDS && derivative_at(&t[1]) &&
      (ordinal(t[0].text) || (unsigned char)t[0].text[0] >= 0x80))
    return 1;
  size_t cell = t[1].kind == JAC_TOKEN_CELL;
  if (t[0].kind == JAC_TOKEN_NUMBER && c->text[t[0].end] == '.' &&
      derivative_at(&t[1 + cell]))
    return 1 + cell;
  if (t[0].kind != JAC_TOKEN_OPEN)
    return t[0].kind == JAC_TOKEN_NAME && ornament(t[0].text) && derivative_at(&t[1]);
  size_t n = mark_in_font(c, from, end);
  return n || strcmp(t[0].text, "(") != 0 ? n : bracketed_mark(c, from, end);
}

static bool add_side(struct cutter *c, size_t end) {
  struct jac_statement_written *s = &c->display->statement[c->into];
  struct jac_written *grown = jac_pool_take(c->pool, (s->count + 1) * sizeof *grown);
  if (!grown)
    return false;
  if (s->count)
    memcpy(grown, s->side, s->count * sizeof *grown);
  s->side = grown;
  size_t from = c->start;
  while (from < end && trailing(&c->token[from]))
    from++;
  if (s->count == 0)
    from += mark(c, from, end);
  while (end > from && (trailing(&c->token[end - 1]) ||
                        (end > from + 1 && c->token[end - 1].kind == JAC_TOKEN_NAME &&
                         c->token[end - 1].spaced && ornament(c->token[end - 1].text))))
    end--;
  struct jac_written *side = &grown[s->count++];
  *side = (struct jac_written){.relation = c->relation,
                               .start = c->token[from].start,
                               .end = end > from ? c->token[end - 1].end
                                                 : c->token[from].start};
  if (end == from) {
    side->problem = "";
    side->position = side->start;
    return true;
  }
  struct jac_error mine = {.status = JAC_OK, .message = ""};
  side->notation = jac_parse_range(c->pool, &c->token[from], &c->token[end], c->latex,
                                   &side->position, &mine);
  if (!side->notation)
    side->problem = jac_pool_text(c->pool, mine.message);
  return true;
}

static bool empty(const struct cutter *c, size_t end) {
  for (size_t k = c->start; k < end; k++)
    if (!trailing(&c->token[k]))
      return false;
  return true;
}

static bool finish_side(struct cutter *c, size_t end, const struct jac_construct *next) {
  bool goes_on = !c->open && next && c->column < c->columns && empty(c, end);
  if (goes_on)
    c->into = c->above + c->column++;
  else if (!c->open) {
    if (!add_statement(c))
      return false;
    c->into = c->display->count - 1;
    c->relation = NULL;
  }
  c->open = true;
  if (!goes_on && !add_side(c, end))
    return false;
  c->relation = next;
  c->start = end + 1;
  return true;
}

/* Ends the statement before token k; the next begins behind it. */
static bool finish_statement(struct cutter *c, size_t k) {
  if (c->open || !empty(c, k))
    if (!finish_side(c, k, NULL))
      return false;
  c->open = false;
  c->relation = NULL;
  c->start = k + 1;
  return true;
}

/* The next token that is no cell sign. */
static const struct jac_token *next_of(const struct cutter *c, size_t k) {
  for (k++; k < c->count && c->token[k].kind == JAC_TOKEN_CELL; k++)
    ;
  return &c->token[k < c->count ? k : c->count];
}

/* Whether a relation stands between token k and the end of its row, outside brackets. */
static bool relation_follows(const struct cutter *c, size_t k) {
  int depth = 0;
  for (k++; k < c->count; k++) {
    depth += jac_cut_opens(&c->token[k]);
    depth -= jac_cut_closes(&c->token[k]);
    if (depth == 0 && c->token[k].kind == JAC_TOKEN_ROW)
      return false;
    if (depth == 0 && jac_cut_relation(&c->token[k]))
      return true;
  }
  return false;
}

static bool continues(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_SIGN &&
         (t->row->role == JAC_ROLE_RELATION || t->row->role == JAC_ROLE_TERM ||
          t->row->role == JAC_ROLE_INFIX || t->row->role == JAC_ROLE_DIVIDE);
}

/* Lines that end within round brackets end nothing: (a \\ &\quad + b). */
static void join_within(struct cutter *c, size_t k, size_t end) {
  for (size_t i = k + 1; i < end; i++) {
    if (c->token[i].kind == JAC_TOKEN_BEGIN) {
      i = jac_cut_partner(c, i);
      continue;
    }
    while (i < end && c->token[i].kind == JAC_TOKEN_ROW) {
      jac_cut_drop(c, i);
      end--;
      while (i < end &&
             (c->token[i].kind == JAC_TOKEN_CELL || c->token[i].kind == JAC_TOKEN_GAP)) {
        jac_cut_drop(c, i);
        end--;
      }
    }
  }
}

/* Whether a sign hangs at the end of the line that token k ends: a + \\ b. */
static bool hangs(const struct cutter *c, size_t k) {
  return k > 1 && c->token[k - 1].kind == JAC_TOKEN_SIGN &&
         c->token[k - 1].row->role != JAC_ROLE_RELATION && continues(&c->token[k - 1]) &&
         c->token[k - 2].kind != JAC_TOKEN_SUP && c->token[k - 2].kind != JAC_TOKEN_SUB;
}

/* Past &, \quad and {} from token k on; *cell: an & was among them. */
static size_t past_indent(const struct cutter *c, size_t k, bool *cell) {
  for (; k + 1 < c->count; k++) {
    const struct jac_token *t = &c->token[k];
    bool braces =
        t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "{") == 0 && jac_cut_closes(t + 1);
    *cell = *cell || t->kind == JAC_TOKEN_CELL;
    if (!braces && t->kind != JAC_TOKEN_GAP && t->kind != JAC_TOKEN_CELL)
      break;
    k += braces;
  }
  return k;
}

/* A line that goes on with a sign ends nothing, whatever sets it in: a \\ &\quad {}+ b. A
 * minus begins a line of its own too, -x = y, where no & is before it. */
static void join_behind(struct cutter *c, size_t k) {
  bool cell = false;
  size_t to = past_indent(c, k + 1, &cell);
  if (to >= c->count)
    return;
  const struct jac_token *next = &c->token[to];
  bool on = continues(next) && next->row->role != JAC_ROLE_RELATION;
  if (on && next->row->id == JAC_C_SUBTRACT && !cell && relation_follows(c, to))
    on = false;
  for (; (on || hangs(c, k)) && to > k; to--)
    jac_cut_drop(c, k);
}

static void join_lines(struct cutter *c) {
  for (size_t k = 0; k < c->count; k++) {
    const struct jac_token *t = &c->token[k];
    if (t->kind == JAC_TOKEN_BEGIN)
      k = jac_cut_partner(c, k);
    else if (t->kind == JAC_TOKEN_ROW && k > 0)
      join_behind(c, k);
    else if (t->kind == JAC_TOKEN_OPEN && strcmp(t->text, "(") == 0 &&
             jac_cut_partner(c, k) < c->count)
      join_within(c, k, jac_cut_partner(c, k));
  }
}

/* Whether an inequality stands in the brackets that open at k, and nothing else does. */
static bool holds_inequality(const struct cutter *c, size_t k, size_t close) {
  bool any = false;
  for (size_t i = k + 1; i < close; i++) {
    const struct jac_token *t = &c->token[i];
    if (jac_cut_opens(t) || t->kind == JAC_TOKEN_FRACTION || t->kind == JAC_TOKEN_COMMA)
      return false;
    any = any || (jac_cut_relation(t) && t->row->id != JAC_C_EQUAL);
  }
  return any && close < k + 16;
}

/* Whether what stands before a bracket is a formula that may end there. */
static bool may_end(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_NAME || t->kind == JAC_TOKEN_NUMBER ||
         t->kind == JAC_TOKEN_GAP || jac_cut_closes(t);
}

/* f'(x) = 2x \ (x > 0): what stands in brackets at the end of a line is a condition. */
static void see_condition(struct cutter *c, size_t k) {
  struct jac_token *t = &c->token[k];
  if (!c->open || k == 0 || !t->spaced || strcmp(t->text, "(") != 0 || !may_end(t - 1))
    return;
  size_t close = jac_cut_partner(c, k);
  if (close >= c->count || !holds_inequality(c, k, close))
    return;
  const struct jac_token *behind = &c->token[close + 1];
  if (close + 1 < c->count && behind->kind != JAC_TOKEN_ROW &&
      behind->kind != JAC_TOKEN_COMMA)
    return;
  t->kind = JAC_TOKEN_WORDS;
  t->text = "if";
  jac_cut_drop(c, close);
}

/* Whether a relation begins a later column of the row behind token k: && &= d. */
static bool second_column(const struct cutter *c, size_t k) {
  int depth = 0;
  bool seen = false;
  for (k++; k + 1 < c->count; k++) {
    const struct jac_token *t = &c->token[k];
    depth += jac_cut_opens(t);
    depth -= jac_cut_closes(t);
    if (depth == 0 && t->kind == JAC_TOKEN_ROW)
      return false;
    seen = seen || (depth == 0 && jac_cut_relation(t));
    if (seen && depth == 0 && t->kind == JAC_TOKEN_CELL &&
        c->token[k + 1].kind == JAC_TOKEN_CELL && jac_cut_relation(next_of(c, k)))
      return true;
  }
  return false;
}

/* y &= a && z &= b \\ &= c && &= d: the row behind token k goes on with several. */
static bool columns_go_on(struct cutter *c, size_t k) {
  bool on = jac_cut_relation(next_of(c, k)) && second_column(c, k);
  size_t begun = c->display->count - c->first + (!c->open && !empty(c, k));
  if (on && !c->columns && begun > 1) {
    c->above = c->first;
    c->columns = begun;
  } else if (!on)
    c->columns = 0;
  c->column = 0;
  return c->columns > 0;
}

/* y &= a && \text{since } u = b \\ &= c: whether the row behind token k goes on with what
 * is aligned, past an equation beside it. */
static bool lead_goes_on(struct cutter *c, size_t k) {
  if (!c->lead || !c->open || c->into + 1 == c->lead ||
      c->token[k + 1].kind != JAC_TOKEN_CELL || !jac_cut_relation(&c->token[k + 2]))
    return false;
  c->above = c->lead - 1;
  c->columns = 1;
  c->column = 0;
  return true;
}

static bool separate(struct cutter *c, size_t k) {
  const struct jac_token *t = &c->token[k];
  switch (t->kind) {
  case JAC_TOKEN_ROW:
    c->cells = 0;
    if (columns_go_on(c, k) || lead_goes_on(c, k))
      return finish_statement(c, k);
    if (c->open || !empty(c, k)) {
      /* a = \\ b, a \\ = b; other signs have joined their lines. */
      if (jac_cut_relation(next_of(c, k)) || (k && jac_cut_relation(&c->token[k - 1])))
        return true;
    }
    if (!finish_statement(c, k))
      return false;
    c->row = true;
    c->first = c->display->count;
    c->lead = 0;
    return true;
  case JAC_TOKEN_CELL:
    c->cells++;
    if (c->open && c->column < c->columns && k &&
        c->token[k - 1].kind != JAC_TOKEN_CELL &&
        c->token[k + 1].kind == JAC_TOKEN_CELL && jac_cut_relation(next_of(c, k)))
      return finish_statement(c, k);
    if (!c->open || c->start >= k || empty(c, k) || continues(next_of(c, k)) ||
        (k && continues(&c->token[k - 1])))
      return true;
    return finish_statement(c, k);
  case JAC_TOKEN_GAP:
    if ((empty(c, k) && !c->open) || continues(next_of(c, k)) || empty(c, k) ||
        (k && continues(&c->token[k - 1])))
      return true;
    return finish_statement(c, k);
  case JAC_TOKEN_SIGN: /* a = b \land c = d */
    return t->row->id != JAC_C_AND || !c->open || !relation_follows(c, k)
               ? true
               : finish_statement(c, k);
  case JAC_TOKEN_STOP:
  case JAC_TOKEN_SEMICOLON:
    return finish_statement(c, k);
  case JAC_TOKEN_COMMA:
    if (!c->open)
      return true;
    return finish_statement(c, k);
  case JAC_TOKEN_FORALL:
    if (!finish_statement(c, k))
      return false;
    c->words = "for all";
    c->role = '?';
    return true;
  case JAC_TOKEN_WORDS: {
    char role = jac_words_role(t->text);
    bool said = !role && empty(c, k) && c->latex && t->end > t->start + 2 &&
                c->text[t->end - 2] == ' '; /* \text{symmetric } f = ...: no factor */
    if (!role && !said && !strchr(t->text, ' '))
      return true;
    if (role == '&' && empty(c, k) && c->open)
      return true;
    if (!finish_statement(c, k))
      return false;
    c->words = t->text;
    c->role = role ? role : '&';
    return true;
  }
  case JAC_TOKEN_COLON: {
    /* f: R^n -> R^m */
    if (!c->open && !empty(c, k) && relation_follows(c, k))
      return finish_side(c, k, jac_construct(JAC_C_MEMBER));
    return finish_statement(c, k);
  }
  default:
    return true;
  }
}

enum jac_status jac_display_read(struct jac_pool *pool, const char *text, bool latex,
                                 struct jac_display *display, size_t *position,
                                 struct jac_error *err) {
  *display = (struct jac_display){NULL, 0};
  struct jac_tokens tokens;
  enum jac_status status = jac_tokens_read(pool, text, latex, &tokens, position, err);
  if (status)
    return status;
  struct cutter c = {.pool = pool,
                     .token = (struct jac_token *)tokens.token,
                     .count = tokens.count,
                     .latex = latex,
                     .text = text,
                     .display = display,
                     .err = err};
  jac_see_through(&c);
  join_lines(&c);
  int depth = 0;
  bool good = true;
  for (size_t k = 0; k < c.count && good; k++) {
    const struct jac_token *t = &c.token[k];
    if (depth == 0)
      see_condition(&c, k);
    if (jac_cut_opens(t))
      depth++;
    else if (jac_cut_closes(t))
      depth -= depth > 0;
    else if (depth == 0 && jac_cut_relation(t)) {
      good = finish_side(&c, k, t->row);
      if (k && c.cells == 1 && c.token[k - 1].kind == JAC_TOKEN_CELL)
        c.lead = c.into + 1;
    } else if (depth == 0)
      good = separate(&c, k);
  }
  if (good)
    finish_statement(&c, c.count);
  return jac_pool_status(pool, err);
}
