/* Bars that say 'given': p(x | \mu), KL(p \| q). One bar alone in a bracket encloses
 * nothing: it parts arguments, as a comma does. */
#include "jacobian/notation/token.h"

#include <string.h>

/* The lone bar between an opening bracket at `open` and its closing one, or NULL. */
static struct jac_token *lone_bar(struct jac_token *open, const struct jac_token *end) {
  struct jac_token *bar = NULL;
  size_t depth = 0, bars = 0;
  for (struct jac_token *t = open + 1; t < end; t++) {
    if (t->kind == JAC_TOKEN_OPEN)
      depth++;
    else if (t->kind == JAC_TOKEN_CLOSE && depth == 0)
      return bars == 1 && bar != open + 1 && bar + 1 != t && bar[1].kind != JAC_TOKEN_SUB
                 ? bar
                 : NULL;
    else if (t->kind == JAC_TOKEN_CLOSE)
      depth--;
    else if (t->kind == JAC_TOKEN_BAR && depth == 0) {
      bars++;
      bar = t;
    }
  }
  return NULL;
}

/* Whether a name ends before a token: p(, p_{\theta}(. */
static bool behind_name(const struct jac_token *token, size_t k) {
  if (token[k - 1].kind != JAC_TOKEN_CLOSE || strcmp(token[k - 1].text, "}") != 0)
    return token[k - 1].kind == JAC_TOKEN_NAME;
  size_t depth = 1, at = k - 1;
  while (at > 0 && depth > 0) {
    at--;
    depth += token[at].kind == JAC_TOKEN_CLOSE;
    depth -= token[at].kind == JAC_TOKEN_OPEN;
  }
  return at > 1 && token[at - 1].kind == JAC_TOKEN_SUB &&
         token[at - 2].kind == JAC_TOKEN_NAME;
}

void jac_tokens_given(struct jac_token *token, size_t count) {
  for (size_t k = 1; k < count; k++) {
    if (token[k].kind != JAC_TOKEN_OPEN || strcmp(token[k].text, "(") != 0 ||
        !behind_name(token, k))
      continue;
    struct jac_token *bar = lone_bar(&token[k], token + count);
    if (bar)
      bar->kind = JAC_TOKEN_COMMA;
  }
}
