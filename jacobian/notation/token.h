/* Tokens: a formula's text, LaTeX or plain, cut once into what everything after works on.
 * Fonts, sizes of brackets, spaces and colours are seen through here. */
#ifndef JACOBIAN_NOTATION_TOKEN_H
#define JACOBIAN_NOTATION_TOKEN_H

#include "jacobian/notation/construct.h"
#include "jacobian/notation/pool.h"

enum jac_token_kind {
  JAC_TOKEN_END,
  JAC_TOKEN_NUMBER,   /* number, text */
  JAC_TOKEN_NAME,     /* text: a letter, a word, a Greek letter's name */
  JAC_TOKEN_SIGN,     /* row: + = \odot */
  JAC_TOKEN_FUNCTION, /* row, text */
  JAC_TOKEN_BIG,      /* row */
  JAC_TOKEN_OPEN,     /* text: ( [ { \{ < |_ */
  JAC_TOKEN_CLOSE,    /* text: the closing one */
  JAC_TOKEN_BAR,      /* | or, with number 2, a double one */
  JAC_TOKEN_SUB,
  JAC_TOKEN_SUP,
  JAC_TOKEN_PRIME, /* number of them */
  JAC_TOKEN_FACTORIAL,
  JAC_TOKEN_CELL, /* & */
  JAC_TOKEN_ROW,  /* \\ */
  JAC_TOKEN_COMMA,
  JAC_TOKEN_SEMICOLON,
  JAC_TOKEN_GAP,    /* \quad */
  JAC_TOKEN_STOP,   /* \implies */
  JAC_TOKEN_WORDS,  /* text */
  JAC_TOKEN_BEGIN,  /* text: the environment */
  JAC_TOKEN_FINISH, /* its end */
  JAC_TOKEN_FRACTION,
  JAC_TOKEN_ROOT,
  JAC_TOKEN_FONT,    /* text: its command */
  JAC_TOKEN_ACCENT,  /* text: the accent */
  JAC_TOKEN_DOTS,    /* text: c, v or d */
  JAC_TOKEN_PARTIAL, /* \partial */
  JAC_TOKEN_NABLA,
  JAC_TOKEN_FORALL,
  JAC_TOKEN_STRING, /* text, of einsum */
  JAC_TOKEN_COLON,
  JAC_TOKEN_UNREAD /* text: what it is */
};

struct jac_token {
  enum jac_token_kind kind;
  const char *text; /* interned, or "" */
  const struct jac_construct *row;
  double number;
  size_t start, end; /* bytes of the text */
  bool spaced;       /* a space stands before it */
  bool bold;
  bool word;  /* of upright letters: \text{cm} */
  bool macro; /* a command that nothing explains: \ee */
};

struct jac_tokens {
  const struct jac_token *token; /* count of them, then one JAC_TOKEN_END */
  size_t count;
  bool latex;
};

enum { JAC_FORMULA_LONGEST = 100000 };

/* Whether a text is LaTeX rather than plain notation: it has a backslash, a brace that is
 * no layer's, or a subscript that plain names do not have. */
bool jac_text_is_latex(const char *text);

/* Takes braces away that hold a sign of sums and its scripts alone; the end stays behind
 * the last token. */
void jac_tokens_unbraced(struct jac_token *token, size_t *count);

/* Makes the bars of p(x | \mu), lone ones in a bracket behind a name, commas. */
void jac_tokens_given(struct jac_token *token, size_t count);

/* The tokens of a text, in the pool. Errors: JAC_EINPUT with what is not read, *position
 * (unless NULL) the byte where; JAC_ELIMIT; JAC_ENOMEM. */
enum jac_status jac_tokens_read(struct jac_pool *pool, const char *text, bool latex,
                                struct jac_tokens *tokens, size_t *position,
                                struct jac_error *err);

/* Whether words begin or join sentences and conditions (if, where, and, Thus ...), in the
 * languages of notes; what they do: ' ' nothing, '?' a condition follows, '!' otherwise,
 * '&' joins, 0: they are no such words. */
char jac_words_role(const char *words);

#endif
