/* What is set above, below or around what counts. */
#include "jacobian/notation/token_internal.h"

#include <string.h>

/* {a \over b}: the group's opening brace becomes that of a fraction. */
enum jac_status jac_token_over(struct lexer *l, size_t start) {
  size_t open = l->count;
  for (int depth = 0; open-- > 0;) {
    depth += l->token[open].kind == JAC_TOKEN_CLOSE;
    if (l->token[open].kind == JAC_TOKEN_OPEN && depth-- == 0)
      break;
  }
  if (open >= l->count || strcmp(l->token[open].text, "{") != 0)
    return jac_token_refuse(l, start, "\\over outside braces");
  if (!jac_token_add(l, JAC_TOKEN_CLOSE, "}", start) ||
      !jac_token_add(l, JAC_TOKEN_CLOSE, "}", start) ||
      !jac_token_add(l, JAC_TOKEN_OPEN, "{", start))
    return jac_pool_status(l->pool, l->err);
  size_t last = l->count - 1;
  for (size_t k = last - 1; k > open; k--)
    l->token[k] = l->token[k - 1];
  l->token[open] = l->token[open + 1];
  l->token[open].kind = JAC_TOKEN_FRACTION;
  l->token[open].text = "";
  return JAC_OK;
}

/* The last argument alone; of \underbrace its label goes. */
enum jac_status jac_token_through(struct lexer *l, bool two, size_t start) {
  size_t from, to;
  if (two)
    jac_token_argument(l, &from, &to);
  if (!jac_token_argument(l, &from, &to))
    return JAC_OK;
  size_t after = l->at;
  bool label = after < l->length &&
               (l->text[start + 1] == 'u' || l->text[start + 1] == 'o') &&
               memcmp(l->text + start + 1, "underline", 9) != 0 &&
               memcmp(l->text + start + 1, "overline", 8) != 0;
  l->at = from;
  if (!jac_token_add(l, JAC_TOKEN_OPEN, "{", start))
    return jac_pool_status(l->pool, l->err);
  enum jac_status status = jac_token_until(l, to);
  if (status)
    return status;
  l->at = after;
  if (!jac_token_add(l, JAC_TOKEN_CLOSE, "}", to))
    return jac_pool_status(l->pool, l->err);
  /* The words below a brace are no index. */
  jac_token_spaces(l);
  if (label && l->at < l->length && strchr("_^", l->text[l->at])) {
    l->at++;
    jac_token_argument(l, &from, &to);
  }
  return JAC_OK;
}

/* Whether a relation is all that stands between two places. */
static bool relation_alone(const struct lexer *l, size_t from, size_t to) {
  while (from < to && l->text[from] == ' ')
    from++;
  while (to > from && l->text[to - 1] == ' ')
    to--;
  if (from < to && l->text[from] != '\\')
    return to - from <= 2 && l->text[to - 1] && strchr("=<>", l->text[to - 1]);
  const struct jac_construct *row =
      to > from + 1 ? jac_construct_latex(l->text + from + 1, to - from - 1) : NULL;
  return row && row->role == JAC_ROLE_RELATION;
}

enum jac_status jac_token_labelled(struct lexer *l, const char *sign, size_t start) {
  size_t name = l->at, from, to;
  bool label = jac_token_argument(l, &from, &to);
  bool asked = label && to > from && strchr("!?", l->text[to - 1]); /* must be */
  if (label && sign && !asked) {
    struct jac_token *t = jac_token_add(l, JAC_TOKEN_SIGN, sign, start);
    if (t)
      t->row = jac_construct(JAC_C_EQUAL);
    return jac_pool_status(l->pool, l->err);
  }
  if (asked || !jac_token_argument(l, &from, &to) || !relation_alone(l, from, to)) {
    l->at = name;
    return jac_token_name(l, l->text + start + 1, name - start - 1, start);
  }
  size_t after = l->at;
  l->at = from;
  enum jac_status status = jac_token_until(l, to);
  l->at = after;
  return status;
}
