/* {\sum_{j=1}^n} and {\sum}_j: braces around a sign of sums alone enclose nothing. */
#include "jacobian/notation/token.h"

#include <string.h>

/* Behind the script that begins at k, a token or what braces hold; 0: it does not end. */
static size_t behind_script(const struct jac_token *token, size_t k, size_t count) {
  size_t depth = 0;
  for (; k < count; k++) {
    depth += token[k].kind == JAC_TOKEN_OPEN;
    if (token[k].kind == JAC_TOKEN_CLOSE && depth-- == 0)
      return 0;
    if (depth == 0)
      return k + 1;
  }
  return 0;
}

/* The brace that closes what opens at k and holds a sign of sums with its scripts alone;
 * 0: it holds more. */
static size_t closing(const struct jac_token *token, size_t k, size_t count) {
  size_t at = k + 2;
  while (at && at < count &&
         (token[at].kind == JAC_TOKEN_SUB || token[at].kind == JAC_TOKEN_SUP))
    at = behind_script(token, at + 1, count);
  return at && at < count && token[at].kind == JAC_TOKEN_CLOSE &&
                 strcmp(token[at].text, "}") == 0
             ? at
             : 0;
}

void jac_tokens_unbraced(struct jac_token *token, size_t *count) {
  for (size_t k = 0; k + 2 < *count; k++) {
    if (token[k].kind != JAC_TOKEN_OPEN || strcmp(token[k].text, "{") != 0 ||
        token[k + 1].kind != JAC_TOKEN_BIG ||
        (k > 0 &&
         (token[k - 1].kind == JAC_TOKEN_SUB || token[k - 1].kind == JAC_TOKEN_SUP)))
      continue;
    size_t close = closing(token, k, *count);
    if (!close)
      continue;
    /* One more: the end's token goes along. */
    memmove(token + close, token + close + 1, (*count - close) * sizeof *token);
    --*count;
    memmove(token + k, token + k + 1, (*count + 1 - (k + 1)) * sizeof *token);
    --*count;
  }
}
