/* What the files that cut tokens share: token.c goes through the text, token_command.c
 * knows LaTeX's commands, token_text.c the words among them, token_letter.c names.
 *
 * Each reads from the lexer's place on, adds tokens, and returns JAC_OK or why not. */
#ifndef JACOBIAN_NOTATION_TOKEN_INTERNAL_H
#define JACOBIAN_NOTATION_TOKEN_INTERNAL_H

#include "jacobian/notation/token.h"

#include <ctype.h>

struct lexer {
  struct jac_pool *pool;
  const char *text;
  size_t at, length;
  bool latex, spaced, single; /* single: one character is the argument of a script */
  struct jac_token *token;
  size_t count, capacity;
  struct jac_error *err;
  size_t *position;
  int depth;
};

static inline bool letter(char c) {
  return isalpha((unsigned char)c) != 0;
}

/* Whether a character of a plain word stands at this byte. */
static inline bool word_character(const struct lexer *l, size_t at) {
  return at < l->length && (isalnum((unsigned char)l->text[at]) || l->text[at] == '_');
}

/* token.c */

/* Refuses the byte `at`: JAC_EINPUT with the message. */
enum jac_status jac_token_refuse(struct lexer *l, size_t at, const char *message);

/* A token from byte start to the lexer's place; NULL when memory ran out. */
struct jac_token *jac_token_add(struct lexer *l, enum jac_token_kind kind,
                                const char *text, size_t start);

/* Past spaces. */
void jac_token_spaces(struct lexer *l);

/* Tokens up to the byte `end`. */
enum jac_status jac_token_until(struct lexer *l, size_t end);

/* token_command.c */

/* A command of LaTeX, at its backslash. */
enum jac_status jac_token_command(struct lexer *l);

/* Past a command's argument, {...} or one sign, with what stands in [...] before it: its
 * bytes. False: there is none. */
bool jac_token_argument(struct lexer *l, size_t *start, size_t *end);

/* Whether plain notation calls an accent so: hat, bar. */
bool jac_token_accent(const char *text, size_t length);

/* token_set.c */

/* {a \over b}: what stands before it in its braces is above. */
enum jac_status jac_token_over(struct lexer *l, size_t start);

/* \boxed{a}: its argument, the second of two, as a group; what labels a brace is no
 * index. */
enum jac_status jac_token_through(struct lexer *l, bool two, size_t start);

/* \overset{(a)}{=}: the relation, without what is set above or below it; sign: the
 * command is that one itself, \xlongequal{(a)}. What is none is a name like any other. */
enum jac_status jac_token_labelled(struct lexer *l, const char *sign, size_t start);

/* token_text.c */

/* Whether nothing but a letter or a digit stands between two places. */
bool jac_token_one_letter(const struct lexer *l, size_t from, size_t to);

/* The words between the bytes from and to, with the formulas among them. */
enum jac_status jac_token_words(struct lexer *l, size_t start, size_t from, size_t to);

/* \operatorname{word}, \mathrm{d}: one name, or a function that is known. What holds more
 * than letters is read as it stands. */
enum jac_status jac_token_operator(struct lexer *l, size_t start, size_t from, size_t to);

/* token_letter.c */

/* A letter by the name of its command: \alpha, \varphi, or one that nobody explained. */
enum jac_status jac_token_name(struct lexer *l, const char *name, size_t length,
                               size_t start);

/* A word of plain notation: hat_y is a name, h_0 a name with an index below. */
enum jac_status jac_token_plain_word(struct lexer *l);

/* Letters of LaTeX: each a name, unless the whole run is a function's. */
enum jac_status jac_token_latex_letter(struct lexer *l);

/* Letters and signs that are not ASCII. */
enum jac_status jac_token_unicode(struct lexer *l);

#endif
