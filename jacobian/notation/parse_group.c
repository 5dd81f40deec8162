/* What stands in brackets, between bars, and the values of a list. */
#include "jacobian/notation/parse_internal.h"

#include <stdio.h>
#include <string.h>

node *jac_parse_close(struct parser *p, const char *close) {
  const struct jac_token *t = peek(p);
  /* Brackets of intervals may differ; a missing \right. is none of ours. */
  if (t->kind == JAC_TOKEN_CLOSE && strcmp(t->text, close) == 0) {
    p->token++;
    return (node *)t;
  }
  char what[32];
  snprintf(what, sizeof what, "'%s'", close);
  return jac_parse_unexpected(p, what);
}

static const char *closing(const char *open) {
  static const char *const pairs[][2] = {
      {"(", ")"}, {"[", "]"}, {"{", "}"}, {"\\{", "\\}"}, {"<", ">"}};
  for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++)
    if (strcmp(pairs[k][0], open) == 0)
      return pairs[k][1];
  return ")";
}

node *jac_parse_group(struct parser *p) {
  const struct jac_token *open = p->token++;
  const char *close = closing(open->text);
  int bars = p->bars, cells = p->cells;
  bool apart = p->apart;
  p->bars = p->cells = 0;
  p->apart = false;
  if (!jac_parse_deeper(p))
    return NULL;
  node *inside = NULL;
  bool brace = strcmp(open->text, "{") == 0;
  if (peek(p)->kind == JAC_TOKEN_CLOSE && brace)
    inside = jac_parse_node(p, JAC_S_BLANK, open->start, 0, NULL);
  else if (strcmp(open->text, "[") == 0 && !p->latex)
    inside = jac_parse_rows(p, open->start, "[]", true);
  else
    inside = jac_parse_list(p);
  if (!p->latex && inside && peek(p)->kind == JAC_TOKEN_SEMICOLON)
    jac_parse_unexpected(p, close);
  if (inside && inside->form == JAC_S_MATRIX && inside->count >= 1 && !p->status &&
      strcmp(open->text, "[") == 0) {
    bool one = inside->count == 1;
    if (!jac_parse_close(p, close))
      return NULL;
    p->depth--;
    p->bars = bars;
    p->cells = cells;
    p->apart = apart;
    if (!one)
      return inside;
    /* One row: a list in brackets. */
    node *row = inside->child[0];
    node *list = row->count == 1 ? row->child[0] : NULL;
    if (!list) {
      struct jac_syntax *made =
          jac_parse_node(p, JAC_S_LIST, row->start, row->count, row->child);
      if (made)
        made->spaced = row->spaced;
      list = jac_parse_done(p, made);
    }
    struct jac_syntax *group = jac_parse_node(p, JAC_S_GROUP, open->start, 1, &list);
    if (group)
      group->text = "[]";
    return jac_parse_done(p, group);
  }
  if (!inside || !jac_parse_close(p, close))
    return NULL;
  p->depth--;
  p->bars = bars;
  p->cells = cells;
  p->apart = apart;
  /* Braces of LaTeX around one thing are nothing. */
  if (brace && (inside->form == JAC_S_NUMBER || inside->form == JAC_S_NAME ||
                inside->form == JAC_S_SCRIPT || inside->form == JAC_S_GROUP ||
                inside->form == JAC_S_MATRIX || inside->form == JAC_S_FRACTION ||
                inside->form == JAC_S_BLANK))
    return inside;
  struct jac_syntax *group = jac_parse_node(p, JAC_S_GROUP, open->start, 1, &inside);
  if (group)
    group->text = strcmp(open->text, "(") == 0     ? "()"
                  : strcmp(open->text, "[") == 0   ? "[]"
                  : strcmp(open->text, "{") == 0   ? "{}"
                  : strcmp(open->text, "\\{") == 0 ? "\\{\\}"
                                                   : "<>";
  return jac_parse_done(p, group);
}

node *jac_parse_bars(struct parser *p) {
  const struct jac_token *open = p->token++;
  bool norm = open->number == 2;
  int bars = p->bars;
  p->bars = 1 + norm;
  if (!jac_parse_deeper(p))
    return NULL;
  node *inside = jac_parse_list(p);
  p->depth--;
  p->bars = bars;
  if (!inside)
    return NULL;
  const struct jac_token *t = peek(p);
  if (t->kind != JAC_TOKEN_BAR || t->number != open->number)
    return jac_parse_unexpected(p, norm ? "the other double bar" : "the other bar");
  p->token++;
  struct jac_syntax *group = jac_parse_node(p, JAC_S_GROUP, open->start, 1, &inside);
  if (group)
    group->text = norm ? "|||" : "||";
  return jac_parse_done(p, group);
}
