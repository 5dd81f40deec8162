/* A formula's text cut into tokens, from the left: numbers and marks here, commands of
 * LaTeX in token_command.c, names in token_letter.c. */
#include "jacobian/notation/token_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum jac_status jac_token_refuse(struct lexer *l, size_t at, const char *message) {
  if (l->position)
    *l->position = at;
  return jac_fail(l->err, JAC_EINPUT, "%s", message);
}

/* d x and \mathrm d x of LaTeX are dx, as they are seen. Before the last token. */
static bool behind_d(const struct lexer *l) {
  const struct jac_token *d = l->count > 1 ? &l->token[l->count - 2] : NULL;
  return l->latex && d && d->kind == JAC_TOKEN_NAME && strcmp(d->text, "d") == 0;
}

struct jac_token *jac_token_add(struct lexer *l, enum jac_token_kind kind,
                                const char *text, size_t start) {
  if (l->count == l->capacity) {
    size_t capacity = l->capacity ? 2 * l->capacity : 64;
    struct jac_token *token = jac_pool_take(l->pool, capacity * sizeof *token);
    if (!token)
      return NULL;
    if (l->count)
      memcpy(token, l->token, l->count * sizeof *token);
    l->token = token;
    l->capacity = capacity;
  }
  struct jac_token *t = &l->token[l->count++];
  *t = (struct jac_token){.kind = kind,
                          .text = text ? jac_pool_text(l->pool, text) : "",
                          .start = start,
                          .end = l->at,
                          .spaced = l->spaced && !behind_d(l)};
  l->spaced = false;
  return t;
}

void jac_token_spaces(struct lexer *l) {
  while (l->at < l->length && (isspace((unsigned char)l->text[l->at]) ||
                               (l->latex && l->text[l->at] == '~'))) {
    l->at++;
    l->spaced = true;
  }
}

static enum jac_status number(struct lexer *l) {
  size_t start = l->at;
  if (l->single && isdigit((unsigned char)l->text[l->at])) {
    l->at++;
  } else {
    char *end;
    char digits[64];
    size_t n = 0;
    size_t at = l->at;
    while (at < l->length && n + 1 < sizeof digits &&
           (isdigit((unsigned char)l->text[at]) || l->text[at] == '.'))
      if (l->text[at] == '.' && at + 1 < l->length && strchr("*^/", l->text[at + 1]) &&
          !l->latex)
        break;
      else
        digits[n++] = l->text[at++];
    while (n && digits[n - 1] == '.') {
      n--;
      at--;
    }
    if (at < l->length && (l->text[at] == 'e' || l->text[at] == 'E')) {
      size_t sign =
          at + 1 + (at + 1 < l->length && strchr("+-", l->text[at + 1]) != NULL);
      if (sign < l->length && isdigit((unsigned char)l->text[sign]) &&
          (!l->latex || sign > at + 1)) {
        while (at < sign && n + 1 < sizeof digits)
          digits[n++] = l->text[at++];
        while (at < l->length && isdigit((unsigned char)l->text[at]) &&
               n + 1 < sizeof digits)
          digits[n++] = l->text[at++];
      }
    }
    digits[n] = '\0';
    (void)strtod(digits, &end);
    l->at = at;
    if (*end)
      return jac_token_refuse(l, start, "a number is not well written");
  }
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_NUMBER, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, l->text + start, l->at - start);
  t->number = strtod(t->text, NULL);
  return JAC_OK;
}

static enum jac_status primes(struct lexer *l) {
  size_t start = l->at;
  if (!l->latex) { /* a string of einsum: 'ij,jk->ik' */
    size_t k = l->at + 1;
    while (k < l->length && (letter(l->text[k]) || strchr(",->. ", l->text[k])))
      k++;
    bool opens = l->count && l->token[l->count - 1].kind == JAC_TOKEN_OPEN;
    if (opens && k < l->length && l->text[k] == '\'') {
      struct jac_token *t = jac_token_add(l, JAC_TOKEN_STRING, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + start + 1, k - start - 1);
      l->at = k + 1;
      return JAC_OK;
    }
  }
  size_t n = 0;
  while (l->at < l->length && l->text[l->at] == '\'') {
    l->at++;
    n++;
  }
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_PRIME, "", start);
  if (t)
    t->number = (double)n;
  return jac_pool_status(l->pool, l->err);
}

static enum jac_status mark(struct lexer *l) {
  static const struct {
    char c;
    enum jac_token_kind kind;
    const char *text;
  } marks[] = {{'(', JAC_TOKEN_OPEN, "("},     {')', JAC_TOKEN_CLOSE, ")"},
               {'[', JAC_TOKEN_OPEN, "["},     {']', JAC_TOKEN_CLOSE, "]"},
               {'{', JAC_TOKEN_OPEN, "{"},     {'}', JAC_TOKEN_CLOSE, "}"},
               {'_', JAC_TOKEN_SUB, ""},       {'&', JAC_TOKEN_CELL, ""},
               {',', JAC_TOKEN_COMMA, ""},     {';', JAC_TOKEN_SEMICOLON, ""},
               {'|', JAC_TOKEN_BAR, "1"},      {':', JAC_TOKEN_COLON, ""},
               {'!', JAC_TOKEN_FACTORIAL, "!"}};
  size_t start = l->at;
  const char *here = l->text + l->at;
  if (here[0] == '|' && here[1] == '|') {
    l->at += 2;
    struct jac_token *t = jac_token_add(l, JAC_TOKEN_BAR, "2", start);
    if (t)
      t->number = 2;
    return jac_pool_status(l->pool, l->err);
  }
  if (strncmp(here, "...", 3) == 0) {
    l->at += 3;
    return jac_token_add(l, JAC_TOKEN_DOTS, "c", start)
               ? JAC_OK
               : jac_pool_status(l->pool, l->err);
  }
  if (here[0] == ':' && here[1] == '=') {
    l->at += 2;
    struct jac_token *t = jac_token_add(l, JAC_TOKEN_SIGN, "", start);
    if (t)
      t->row = jac_construct(JAC_C_EQUAL);
    return jac_pool_status(l->pool, l->err);
  }
  size_t bars = l->latex ? strspn(here, "=") : 0;
  if (bars && here[bars] == '>') { /* ==> */
    l->at += bars + 1;
    return jac_token_add(l, JAC_TOKEN_STOP, "", start) ? JAC_OK
                                                       : jac_pool_status(l->pool, l->err);
  }
  if (bars == 2)
    l->at++;
  if (!l->latex && here[0] == '*' && here[1] == '*') {
    l->at += 2;
    return jac_token_add(l, JAC_TOKEN_SUP, "", start) ? JAC_OK
                                                      : jac_pool_status(l->pool, l->err);
  }
  if (here[0] == '^') {
    l->at++;
    return jac_token_add(l, JAC_TOKEN_SUP, "", start) ? JAC_OK
                                                      : jac_pool_status(l->pool, l->err);
  }
  size_t length;
  const struct jac_construct *row = jac_construct_sign(l->text + l->at, &length);
  /* .* of programs in a LaTeX formula too; else a full stop ends it. */
  if (row && !(l->latex && here[0] == '.' && here[1] != '*' && here[1] != '/')) {
    l->at += length;
    struct jac_token *t = jac_token_add(l, JAC_TOKEN_SIGN, "", start);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->row = row;
    if (row->role == JAC_ROLE_BIG)
      t->kind = JAC_TOKEN_BIG;
    if (row->role == JAC_ROLE_UNREAD) {
      t->kind = JAC_TOKEN_UNREAD;
      t->text = jac_pool_text(l->pool, row->plain);
    }
    return JAC_OK;
  }
  for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
    if (*here == marks[k].c) {
      l->at++;
      struct jac_token *t = jac_token_add(l, marks[k].kind, marks[k].text, start);
      if (t)
        t->number = 1;
      return jac_pool_status(l->pool, l->err);
    }
  if (*here == '.') { /* ends a sentence; in plain notation a whole row or column */
    l->at++;
    return l->latex || jac_token_add(l, JAC_TOKEN_NAME, "bullet", start)
               ? JAC_OK
               : jac_pool_status(l->pool, l->err);
  }
  if ((unsigned char)*here >= 0x80)
    return jac_token_unicode(l);
  char message[80];
  if (isprint((unsigned char)*here))
    snprintf(message, sizeof message, "'%c' is no sign of formulas", *here);
  else
    snprintf(message, sizeof message, "a character that formulas do not have (0x%02x)",
             (unsigned)(unsigned char)*here);
  return jac_token_refuse(l, start, message);
}

/* {} that only ends a command: \partial{} f. */
static bool spacer(const struct lexer *l) {
  const char *here = l->text + l->at;
  if (here[1] != '}' || l->at + 2 > l->length || !l->count || l->single)
    return false;
  enum jac_token_kind before = l->token[l->count - 1].kind;
  return (before == JAC_TOKEN_PARTIAL || before == JAC_TOKEN_NABLA ||
          before == JAC_TOKEN_NAME || before == JAC_TOKEN_SIGN) &&
         (l->at + 2 == l->length || !strchr("^_", here[2]));
}

/* a ~~~ (17): as much room as \quad gives. */
static bool wide(const struct lexer *l, size_t from) {
  size_t ties = 0;
  for (size_t k = from; k < l->at; k++)
    ties += l->text[k] == '~';
  return ties > 1;
}

enum jac_status jac_token_until(struct lexer *l, size_t end) {
  size_t whole = l->length;
  enum jac_status status = JAC_OK;
  if (++l->depth > 60)
    return jac_fail(l->err, JAC_ELIMIT, "it is nested too deeply");
  l->length = end;
  while (!status) {
    size_t blank = l->at;
    jac_token_spaces(l);
    if (wide(l, blank) && !jac_token_add(l, JAC_TOKEN_GAP, "", blank))
      return jac_pool_status(l->pool, l->err);
    if (l->at >= l->length)
      break;
    char c = l->text[l->at];
    l->single = l->latex && l->count &&
                (l->token[l->count - 1].kind == JAC_TOKEN_SUB ||
                 l->token[l->count - 1].kind == JAC_TOKEN_SUP);
    if (l->latex && c == '{' && spacer(l))
      l->at += 2;
    else if (l->latex && c == '\\')
      status = jac_token_command(l);
    else if (isdigit((unsigned char)c) ||
             (c == '.' && isdigit((unsigned char)l->text[l->at + 1]) &&
              !(l->count && l->token[l->count - 1].kind == JAC_TOKEN_NUMBER &&
                !l->spaced)))
      status = number(l);
    else if (letter(c) || (c == '_' && !l->latex && word_character(l, l->at + 1)))
      status = l->latex ? jac_token_latex_letter(l) : jac_token_plain_word(l);
    else if (c == '\'')
      status = primes(l);
    else
      status = mark(l);
  }
  l->length = whole;
  l->depth--;
  return status ? status : jac_pool_status(l->pool, l->err);
}

bool jac_text_is_latex(const char *text) {
  for (const char *c = text; *c; c++) {
    if (*c == '\\')
      return true;
    if (*c == '{' && (c == text || c[-1] != '^'))
      return true;
  }
  return false;
}

enum jac_status jac_tokens_read(struct jac_pool *pool, const char *text, bool latex,
                                struct jac_tokens *tokens, size_t *position,
                                struct jac_error *err) {
  *tokens = (struct jac_tokens){.latex = latex};
  struct lexer l = {.pool = pool,
                    .text = text,
                    .length = strlen(text),
                    .latex = latex,
                    .err = err,
                    .position = position};
  if (position)
    *position = 0;
  if (l.length > JAC_FORMULA_LONGEST)
    return jac_fail(err, JAC_ELIMIT, "a formula longer than %d bytes is not read",
                    JAC_FORMULA_LONGEST);
  enum jac_status status = jac_token_until(&l, l.length);
  if (status)
    return status;
  tokens->count = l.count;
  if (!jac_token_add(&l, JAC_TOKEN_END, "", l.length))
    return jac_pool_status(pool, err);
  if (latex) {
    jac_tokens_unbraced(l.token, &tokens->count);
    jac_tokens_given(l.token, tokens->count);
  }
  tokens->token = l.token;
  return JAC_OK;
}
