/* Environments and braces that only hold equations together: aligned, a brace before a
 * system, a box. */
#include "jacobian/notation/display_internal.h"

#include <string.h>

size_t jac_cut_partner(const struct cutter *c, size_t k) {
  int depth = 0;
  for (; k < c->count; k++) {
    depth += jac_cut_opens(&c->token[k]);
    depth -= jac_cut_closes(&c->token[k]);
    if (depth <= 0)
      return k;
  }
  return c->count;
}

static bool holds_relation(const struct cutter *c, size_t from, size_t to) {
  int depth = 0;
  for (size_t k = from; k < to; k++) {
    depth += jac_cut_opens(&c->token[k]);
    depth -= jac_cut_closes(&c->token[k]);
    if (depth == 0 &&
        (jac_cut_relation(&c->token[k]) || c->token[k].kind == JAC_TOKEN_ROW))
      return true;
  }
  return false;
}

void jac_cut_drop(struct cutter *c, size_t k) {
  memmove(&c->token[k], &c->token[k + 1], (c->count - k) * sizeof *c->token);
  c->count--;
}

/* An environment of rows, none of cells: aligned, or all of an array of equations. */
static bool of_rows(const struct cutter *c, size_t k, size_t end) {
  const char *name = c->token[k].text;
  if (strstr(name, "matrix") || strstr(name, "cases") || strstr(name, "Matrix"))
    return false;
  return !strstr(name, "array") ||
         (k == 0 && end + 1 >= c->count && holds_relation(c, k + 1, end));
}

/* A relation outside all brackets between two tokens. */
static bool related(const struct cutter *c, size_t from, size_t to) {
  int depth = 0;
  for (size_t k = from; k < to; k++) {
    depth += jac_cut_opens(&c->token[k]);
    depth -= jac_cut_closes(&c->token[k]);
    if (depth == 0 && jac_cut_relation(&c->token[k]))
      return true;
  }
  return false;
}

static bool script_sign(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_SUB || t->kind == JAC_TOKEN_SUP;
}

/* Whether an environment or a brace only holds equations together. */
static bool transparent(const struct cutter *c, size_t k, size_t end) {
  const struct jac_token *t = &c->token[k];
  if (t->kind == JAC_TOKEN_BEGIN)
    return of_rows(c, k, end);
  if (k && script_sign(&c->token[k - 1]))
    return false;
  bool brace = strcmp(t->text, "{") == 0;
  bool all = strcmp(t->text, "[") == 0 && k == 0 && end + 1 == c->count;
  return (brace || all) && related(c, k + 1, end);
}

/* Whether every row from token `from` to `to` is an equation: u = x + y, u &= x + y. */
static bool equations(const struct cutter *c, size_t from, size_t to) {
  int depth = 0;
  bool cell = false, equal = false;
  for (size_t k = from; k <= to; k++) {
    const struct jac_token *t = &c->token[k];
    if (k == to || (depth == 0 && t->kind == JAC_TOKEN_ROW)) {
      if (!equal)
        return k == to && k > from && c->token[k - 1].kind == JAC_TOKEN_ROW;
      cell = equal = false;
      continue;
    }
    depth += jac_cut_opens(t);
    depth -= jac_cut_closes(t);
    if (depth == 0 && t->kind == JAC_TOKEN_CELL)
      cell = true;
    bool first = !cell || c->token[k - 1].kind == JAC_TOKEN_CELL;
    if (depth == 0 && jac_cut_relation(t) && t->row->id == JAC_C_EQUAL && first)
      equal = true;
  }
  return true;
}

/* A brace before equations, one below the other: they stand as in any display. */
static void see_system(struct cutter *c) {
  bool brace =
      c->count > 2 && jac_cut_opens(&c->token[0]) && strstr(c->token[0].text, "{");
  size_t begin = brace, end;
  if (c->count < 3 || c->token[begin].kind != JAC_TOKEN_BEGIN ||
      strstr(c->token[begin].text, "atrix") ||
      !(brace || strstr(c->token[begin].text, "cases")))
    return;
  end = jac_cut_partner(c, begin);
  bool closed = brace && end + 1 < c->count && jac_cut_closes(&c->token[end + 1]);
  if (end >= c->count || end + 1 + closed < c->count || !equations(c, begin + 1, end))
    return;
  if (closed)
    jac_cut_drop(c, end + 1);
  jac_cut_drop(c, end);
  jac_cut_drop(c, begin);
  if (brace)
    jac_cut_drop(c, 0);
}

static bool ends_sentence(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_COMMA || t->kind == JAC_TOKEN_SEMICOLON;
}

void jac_see_through(struct cutter *c) {
  while (c->count > 1 && ends_sentence(&c->token[c->count - 1]))
    jac_cut_drop(c, c->count - 1);
  see_system(c);
  for (size_t k = 0; k < c->count;) {
    const struct jac_token *t = &c->token[k];
    if (!jac_cut_opens(t)) {
      k++;
      continue;
    }
    size_t end = jac_cut_partner(c, k);
    if (!transparent(c, k, end)) {
      k = end < c->count ? end + 1 : c->count;
      continue;
    }
    if (end < c->count)
      jac_cut_drop(c, end);
    jac_cut_drop(c, k);
  }
}
