#include "jacobian/formula/latex_internal.h"

#include "jacobian/text.h"

#include <string.h>

typedef const struct jac_node *node_t;

static bool dots(const struct jac_token *t, const char **which) {
  static const struct {
    const char *command, *which;
  } kinds[] = {{"cdots", "c"}, {"ldots", "c"}, {"dots", "c"},  {"hdots", "c"},
               {"vdots", "v"}, {"ddots", "d"}, {"dotsc", "c"}, {"dotsb", "c"},
               {"Cdots", "c"}, {"Vdots", "v"}, {"Ddots", "d"}, {"Ldots", "c"},
               {"iddots", "d"}};
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    if (jac_latex_is(t, JAC_TOKEN_COMMAND, kinds[k].command)) {
      *which = kinds[k].which;
      return true;
    }
  return false;
}

static bool ends_cell(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_CELL || t->kind == JAC_TOKEN_LINE ||
         t->kind == JAC_TOKEN_FINISH || t->kind == JAC_TOKEN_END;
}

static void skip_rules(struct jac_latex *r) {
  while (jac_latex_is(r->at, JAC_TOKEN_COMMAND, "hline") ||
         jac_latex_is(r->at, JAC_TOKEN_COMMAND, "hdashline"))
    r->at++;
}

static node_t cell(struct jac_latex *r) {
  const char *which = NULL;
  size_t braces = 0;
  const struct jac_token *t = r->at;
  if (ends_cell(t))
    return jac_node(r->arena, JAC_BLANK, 0, NULL);
  for (; t->kind == JAC_TOKEN_OPEN; t++)
    braces++;
  if (dots(t, &which)) {
    r->at = t + 1;
    while (braces-- > 0 && jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
      ;
    return jac_node_named(r->arena, JAC_DOTS, which, 0, NULL);
  }
  if (jac_latex_is(t, JAC_TOKEN_SIGN, ".") &&
      jac_latex_is(t + 1, JAC_TOKEN_SIGN, ".")) { /* three points */
    while (jac_latex_accept(r, JAC_TOKEN_SIGN, "."))
      ;
    return jac_node_named(r->arena, JAC_DOTS, "c", 0, NULL);
  }
  node_t inside = jac_latex_expression(r);
  jac_latex_accept(r, JAC_TOKEN_SIGN, ",");
  return inside;
}

static node_t row(struct jac_latex *r) {
  node_t child[JAC_FORMULA_CHILDREN];
  size_t count = 0;
  do {
    if (count == JAC_FORMULA_CHILDREN)
      return jac_latex_fail(r, _("a matrix of fewer columns"));
    child[count++] = cell(r);
  } while (jac_latex_accept(r, JAC_TOKEN_CELL, NULL));
  return r->status == JAC_OK ? jac_node(r->arena, JAC_ROW, count, child) : NULL;
}

static node_t matrix(struct jac_latex *r, const char *name) {
  node_t child[JAC_FORMULA_CHILDREN];
  size_t count = 0;
  do {
    skip_rules(r);
    if (r->at->kind == JAC_TOKEN_FINISH && count > 0)
      break; /* a line's end after the last */
    if (count == JAC_FORMULA_CHILDREN)
      return jac_latex_fail(r, _("a matrix of fewer rows"));
    child[count++] = row(r);
  } while (jac_latex_accept(r, JAC_TOKEN_LINE, NULL));
  if (!jac_latex_expect(r, JAC_TOKEN_FINISH, name))
    return NULL;
  size_t columns = 0;
  for (size_t k = 0; k < count; k++)
    columns = child[k] != NULL && child[k]->count > columns ? child[k]->count : columns;
  for (size_t k = 0; k < count; k++) { /* cells left out at a row's end are empty */
    node_t full[JAC_FORMULA_CHILDREN];
    if (child[k] == NULL)
      return NULL;
    for (size_t c = 0; c < columns; c++)
      full[c] = c < child[k]->count ? child[k]->child[c]
                                    : jac_node(r->arena, JAC_BLANK, 0, NULL);
    child[k] = jac_node(r->arena, JAC_ROW, columns, full);
  }
  return jac_node(r->arena, JAC_MATRIX, count, child);
}

static bool otherwise(const struct jac_token *t) {
  static const char *const words[] = {
      "otherwise",  "sinon",    "else",      "autrement",    "otherwise.", "sinon.",
      "otherwise,", "ailleurs", "elsewhere", "en otro caso", "其他"};
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    if (jac_latex_is(t, JAC_TOKEN_TEXT, words[k]))
      return true;
  return false;
}

static node_t cases(struct jac_latex *r, const char *name) {
  node_t child[JAC_FORMULA_CHILDREN], rest = NULL;
  size_t count = 0;
  do {
    if (r->at->kind == JAC_TOKEN_FINISH)
      break;
    if (count + 3 > JAC_FORMULA_CHILDREN)
      return jac_latex_fail(r, _("fewer cases"));
    node_t value = jac_latex_expression(r);
    while (jac_latex_accept(r, JAC_TOKEN_SIGN, ",") ||
           jac_latex_accept(r, JAC_TOKEN_CELL, NULL))
      ;
    bool last = otherwise(r->at);
    while (jac_latex_accept(r, JAC_TOKEN_TEXT, NULL))
      ;
    if (last || ends_cell(r->at))
      rest = value;
    else {
      child[count++] = value;
      child[count++] = jac_latex_condition(r);
    }
    while (jac_latex_accept(r, JAC_TOKEN_SIGN, ",") ||
           jac_latex_accept(r, JAC_TOKEN_SIGN, ".") ||
           jac_latex_accept(r, JAC_TOKEN_SIGN, ";") ||
           jac_latex_accept(r, JAC_TOKEN_TEXT, NULL))
      ;
  } while (jac_latex_accept(r, JAC_TOKEN_LINE, NULL));
  if (!jac_latex_expect(r, JAC_TOKEN_FINISH, name))
    return NULL;
  if (rest != NULL)
    child[count++] = rest;
  return count > 0 ? jac_node(r->arena, JAC_CASES, count, child)
                   : jac_latex_fail(r, _("a case"));
}

node_t jac_latex_environment(struct jac_latex *r) {
  static const char *const matrices[] = {
      "pmatrix",     "bmatrix",      "matrix",       "Bmatrix",     "array",
      "smallmatrix", "psmallmatrix", "bsmallmatrix", "pNiceMatrix", "bNiceMatrix"};
  const char *name = r->at->text;
  if (strcmp(name, "cases") == 0 || strcmp(name, "dcases") == 0) {
    r->at++;
    return cases(r, name);
  }
  if (strcmp(name, "vmatrix") == 0) {
    r->at++;
    return jac_latex_call(r, "det", matrix(r, name));
  }
  for (size_t k = 0; k < sizeof matrices / sizeof matrices[0]; k++)
    if (strcmp(name, matrices[k]) == 0) {
      r->at++;
      return matrix(r, name);
    }
  return jac_latex_fail(r, _("a matrix or cases"));
}
