/* Matrices, cases and the other environments: rows of cells. */
#include "jacobian/notation/parse_internal.h"

#include <string.h>

static bool starts_cell(const struct jac_token *t) {
  return t->kind != JAC_TOKEN_CELL && t->kind != JAC_TOKEN_ROW &&
         t->kind != JAC_TOKEN_FINISH && t->kind != JAC_TOKEN_COMMA &&
         t->kind != JAC_TOKEN_SEMICOLON && t->kind != JAC_TOKEN_CLOSE &&
         t->kind != JAC_TOKEN_END;
}

static node *parse_cell(struct parser *p) {
  if (!starts_cell(peek(p)))
    return jac_parse_node(p, JAC_S_BLANK, place(p), 0, NULL);
  node *cell = jac_parse_condition(p);
  return cell;
}

/* Whether spaces part the cells in these brackets, where no comma does: a number after a
 * space is no factor, [1 2; 3 4], and a sign between a space and what it belongs to no
 * difference, [cos(t) -sin(t)]. */
static bool cells_apart(const struct parser *p) {
  int depth = peek(p)->kind == JAC_TOKEN_CLOSE ? -1 : 0;
  bool apart = false;
  for (size_t k = 1; depth >= 0; k++) {
    const struct jac_token *before = peek_after(p, k - 1), *t = peek_after(p, k);
    if (t->kind == JAC_TOKEN_END || (depth == 0 && t->kind == JAC_TOKEN_COMMA))
      return false;
    depth += (before->kind == JAC_TOKEN_OPEN) - (t->kind == JAC_TOKEN_CLOSE);
    bool value = before->kind == JAC_TOKEN_NUMBER || before->kind == JAC_TOKEN_NAME ||
                 before->kind == JAC_TOKEN_CLOSE || before->kind == JAC_TOKEN_PRIME;
    bool begins = t->kind == JAC_TOKEN_NUMBER ||
                  (sign_is(t, JAC_ROLE_TERM) && !peek_after(p, k + 1)->spaced);
    apart = apart || (depth == 0 && value && begins && t->spaced);
  }
  return apart;
}

node *jac_parse_rows(struct parser *p, size_t start, const char *text, bool brackets) {
  struct nodes rows = {.count = 0}, cells = {.count = 0};
  enum jac_token_kind cell_sign = brackets ? JAC_TOKEN_COMMA : JAC_TOKEN_CELL;
  enum jac_token_kind row_sign = brackets ? JAC_TOKEN_SEMICOLON : JAC_TOKEN_ROW;
  size_t row_start = place(p);
  if (brackets)
    p->apart = cells_apart(p);
  for (;;) {
    if (!jac_parse_push(p, &cells, parse_cell(p)))
      return NULL;
    bool comma = false;
    while (peek(p)->kind == JAC_TOKEN_GAP ||
           (!brackets && peek(p)->kind == JAC_TOKEN_COMMA)) {
      comma = comma || peek(p)->kind == JAC_TOKEN_COMMA;
      p->token++;
    }
    const struct jac_token *t = peek(p);
    /* \begin{bmatrix} 2x, 1 \end{bmatrix}, [1 2] */
    if ((comma || stands_apart(p)) && starts_cell(t))
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
      struct jac_syntax *row =
          jac_parse_node(p, JAC_S_ROW, row_start, cells.count, cells.at);
      if (row)
        row->spaced = p->apart;
      if (!jac_parse_push(p, &rows, jac_parse_done(p, row)))
        return NULL;
    }
    cells.count = 0;
    row_start = place(p);
    if (ends)
      break;
  }
  struct jac_syntax *matrix = jac_parse_node(p, JAC_S_MATRIX, start, rows.count, rows.at);
  if (matrix)
    matrix->text = jac_pool_text(p->pool, text);
  return jac_parse_done(p, matrix);
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
  node *condition = jac_parse_condition(p);
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
    node *other = jac_parse_condition(p);
    if (!other)
      return NULL;
    node *both[2] = {condition, other};
    struct jac_syntax *pair = jac_parse_node(p, JAC_S_INFIX, start, 2, both);
    if (!pair)
      return NULL;
    pair->row = jac_construct(JAC_C_AND);
    condition = jac_parse_done(p, pair);
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
      return jac_parse_unexpected(p, "\\end{cases}");
    node *value = jac_parse_terms(p);
    if (!jac_parse_push(p, &list, value))
      return NULL;
    bool otherwise;
    node *condition = case_condition(p, &otherwise);
    if (p->status)
      return NULL;
    if (list.count == JAC_NOTATION_CHILDREN)
      return jac_parse_fail(p, "it is longer than can be read");
    list.at[list.count++] = otherwise ? NULL : condition;
    while (peek(p)->kind == JAC_TOKEN_ROW || peek(p)->kind == JAC_TOKEN_COMMA ||
           peek(p)->kind == JAC_TOKEN_SEMICOLON || peek(p)->kind == JAC_TOKEN_GAP)
      p->token++;
  }
  return jac_parse_done(p, jac_parse_node(p, JAC_S_CASES, start, list.count, list.at));
}

node *jac_parse_environment(struct parser *p) {
  const struct jac_token *begin = p->token++;
  const char *name = begin->text;
  if (!jac_parse_deeper(p))
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
    inside = jac_parse_rows(p, begin->start, name, false);
  else { /* aligned, split, gathered: one expression over several lines */
    while (peek(p)->kind == JAC_TOKEN_CELL)
      p->token++;
    inside = jac_parse_condition(p);
  }
  if (!inside)
    return NULL;
  if (peek(p)->kind != JAC_TOKEN_FINISH)
    return jac_parse_unexpected(p, "the end of the environment");
  p->token++;
  p->depth--;
  p->bars = bars;
  if (strcmp(name, "vmatrix") == 0 || strcmp(name, "Vmatrix") == 0) {
    struct jac_syntax *group = jac_parse_node(p, JAC_S_GROUP, begin->start, 1, &inside);
    if (group)
      group->text = name[0] == 'v' ? "||" : "|||";
    return jac_parse_done(p, group);
  }
  return inside;
}
