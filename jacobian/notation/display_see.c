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

/* Whether an environment or a brace only holds equations together. */
static bool transparent(const struct cutter *c, size_t k, size_t end) {
  const struct jac_token *t = &c->token[k];
  if (t->kind == JAC_TOKEN_BEGIN) {
    if (strstr(t->text, "matrix") || strstr(t->text, "cases") ||
        strstr(t->text, "Matrix"))
      return false;
    if (!strstr(t->text, "array"))
      return true;
    return k == 0 && end + 1 >= c->count && holds_relation(c, k + 1, end);
  }
  if (strcmp(t->text, "{") != 0 && !(strcmp(t->text, "[") == 0 && k == 0))
    return false;
  if (k &&
      (c->token[k - 1].kind == JAC_TOKEN_SUB || c->token[k - 1].kind == JAC_TOKEN_SUP))
    return false;
  bool relations = false;
  int depth = 0;
  for (size_t i = k + 1; i < end; i++) {
    depth += jac_cut_opens(&c->token[i]);
    depth -= jac_cut_closes(&c->token[i]);
    relations = relations || (depth == 0 && jac_cut_relation(&c->token[i]));
  }
  return relations && (strcmp(t->text, "{") == 0 || end + 1 == c->count);
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

void jac_see_through(struct cutter *c) {
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
