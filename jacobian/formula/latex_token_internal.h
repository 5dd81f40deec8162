/* Inside the LaTeX reader: the text as tokens, fonts, spaces and sizes of brackets gone.
 */
#ifndef JACOBIAN_FORMULA_LATEX_TOKEN_INTERNAL_H
#define JACOBIAN_FORMULA_LATEX_TOKEN_INTERNAL_H

#include "jacobian/formula/tree.h"

enum jac_token_kind {
  JAC_TOKEN_END,
  JAC_TOKEN_NUMBER,
  JAC_TOKEN_NAME,    /* a letter, a Greek letter, a word in upright type; text */
  JAC_TOKEN_ONES,    /* a bold or double-struck 1 */
  JAC_TOKEN_TEXT,    /* prose; text is its start */
  JAC_TOKEN_COMMAND, /* text without the backslash */
  JAC_TOKEN_SIGN,    /* any other character; text */
  JAC_TOKEN_OPEN,    /* { */
  JAC_TOKEN_CLOSE,   /* } */
  JAC_TOKEN_SUB,
  JAC_TOKEN_SUP,
  JAC_TOKEN_PRIME,
  JAC_TOKEN_CELL,  /* & */
  JAC_TOKEN_LINE,  /* \\ */
  JAC_TOKEN_BEGIN, /* an environment; text is its name */
  JAC_TOKEN_FINISH
};

struct jac_token {
  enum jac_token_kind kind;
  bool apart; /* a space stands before it */
  size_t position;
  double number;
  char text[JAC_FORMULA_NAME];
};

/* The tokens of a text, the last is JAC_TOKEN_END; the caller frees *tokens. JAC_EINPUT
 * for what cannot be a formula. */
enum jac_status jac_latex_tokens(const char *text, struct jac_token **tokens,
                                 size_t *position, struct jac_error *err);

#endif
