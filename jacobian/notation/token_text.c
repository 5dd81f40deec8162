/* Words among signs: \text{...}, and names that \operatorname and \mathrm hold. */
#include "jacobian/notation/token_internal.h"

#include <ctype.h>
#include <string.h>

/* \operatorname{grad} f */
static void nabla(const struct lexer *l, struct jac_token *t) {
  t->kind = JAC_TOKEN_NABLA;
  t->text = jac_pool_text(l->pool, "nabla");
}

/* \text{e}^{x}, \text{loss}_i: a name, since it has scripts. */
static bool scripted(const struct lexer *l, size_t from, size_t to) {
  for (size_t k = from; k < to; k++)
    if (!isalpha((unsigned char)l->text[k]))
      return false;
  return to > from && l->text[to] == '}' && strchr("^_", l->text[to + 1]) &&
         l->text[to + 1] != '\0';
}

bool jac_token_one_letter(const struct lexer *l, size_t from, size_t to) {
  while (from < to && l->text[from] == ' ')
    from++;
  while (to > from && l->text[to - 1] == ' ')
    to--;
  return to - from == 1 && isalnum((unsigned char)l->text[from]);
}

enum jac_status jac_token_words(struct lexer *l, size_t start, size_t from, size_t to) {
  if (scripted(l, from, to))
    return jac_token_operator(l, start, from, to);
  while (from < to) {
    size_t dollar = from;
    while (dollar < to && l->text[dollar] != '$')
      dollar++;
    size_t a = from, b = dollar;
    while (a < b && strchr(" ~\t\n.,:;()", l->text[a]))
      a++;
    while (b > a && strchr(" ~\t\n.,:;()", l->text[b - 1]))
      b--;
    if (b > a) {
      struct jac_token *t = jac_token_add(l, JAC_TOKEN_WORDS, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + a, b - a);
      t->word = true;
      t->spaced = t->spaced || a > from;
      const struct jac_construct *row = jac_construct_latex(l->text + a, b - a);
      if (strcmp(t->text, "grad") == 0)
        nabla(l, t);
      else if (row && row->role != JAC_ROLE_RELATION && row->role != JAC_ROLE_UNREAD) {
        t->kind = row->role == JAC_ROLE_BIG ? JAC_TOKEN_BIG : JAC_TOKEN_FUNCTION;
        t->row = row;
      }
    } else if (dollar > from && l->count && memchr(l->text + from, ' ', dollar - from))
      l->spaced = true;
    if (dollar >= to)
      break;
    size_t close = dollar + 1;
    while (close < to && l->text[close] != '$')
      close++;
    size_t after = l->at;
    l->at = dollar + 1;
    enum jac_status status = jac_token_until(l, close);
    l->at = after;
    if (status)
      return status;
    from = close + 1;
  }
  return JAC_OK;
}

/* Whether a bracket is next, ( or \left(. */
static bool before_bracket(const struct lexer *l) {
  const char *next = l->text + l->at;
  size_t left = l->length - l->at;
  while (left && *next == ' ')
    next++, left--;
  return left && (*next == '(' || (left > 5 && strncmp(next, "\\left(", 6) == 0));
}

enum jac_status jac_token_operator(struct lexer *l, size_t start, size_t from,
                                   size_t to) {
  size_t length = to - from;
  char word[64];
  size_t n = 0;
  bool letters = true;
  for (size_t k = from; k < to; k++) {
    char c = l->text[k];
    if (isalnum((unsigned char)c) && n + 1 < sizeof word)
      word[n++] = c;
    else if (strchr(" -_~", c) ||
             (c == '\\' && k + 1 < to && strchr("_,;: -!", l->text[k + 1])))
      k += c == '\\';
    else
      letters = false;
  }
  word[n] = '\0';
  if (!letters || n == 0) {
    size_t after = l->at;
    l->at = from;
    enum jac_status status = length ? jac_token_until(l, to) : JAC_OK;
    l->at = after;
    return status;
  }
  const struct jac_construct *row = jac_construct_latex(word, n);
  if (!row)
    row = jac_construct_plain(word, n);
  if (strcmp(word, "K") == 0 && l->at < l->length && l->text[l->at] == '_')
    row = jac_construct(JAC_C_COMMUTATION); /* \\operatorname{K}_{m,n} */
  if (row && row->id == JAC_C_PRODUCT && before_bracket(l))
    row = jac_construct(JAC_C_PRODUCTALL); /* \operatorname{prod}(x), of all entries */
  if (row && (row->role == JAC_ROLE_TERM || row->role == JAC_ROLE_RELATION ||
              row->role == JAC_ROLE_SIDE || row->role == JAC_ROLE_INFIX ||
              row->role == JAC_ROLE_DIVIDE)) /* \operatorname{div} */
    row = NULL;
  if (row && row->role == JAC_ROLE_SPECIAL && row->id != JAC_C_INDICATOR &&
      row->id != JAC_C_EINSUM)
    row = NULL;
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_NAME, word, start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->word = !row;
  if (strcmp(word, "grad") == 0)
    nabla(l, t);
  else if (row && row->role == JAC_ROLE_UNREAD) {
    t->kind = JAC_TOKEN_UNREAD;
    t->text = jac_pool_text(l->pool, row->plain);
  } else if (row) {
    t->kind = row->role == JAC_ROLE_BIG ? JAC_TOKEN_BIG : JAC_TOKEN_FUNCTION;
    t->row = row;
  }
  return JAC_OK;
}
