/* Names of several letters. MSE = ... names one quantity where its letters mean nothing
 * by themselves; A B = ... is a product of what the text speaks of. */
#include "jacobian/notes/joined.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 8, MOST = 32, LETTERS = 26 };

/* A part of a formula's text, from `at` on. */
struct reader {
  const char *text;
  size_t at, length;
};

static bool next_is(const struct reader *r, const char *words) {
  size_t n = strlen(words);
  return r->at + n <= r->length && memcmp(r->text + r->at, words, n) == 0;
}

static void past_blanks(struct reader *r) {
  while (r->at < r->length && (isspace((unsigned char)r->text[r->at]) || next_is(r, "&")))
    r->at++;
}

/* Past (...), \left(...\right), {...}; no bracket: nothing. */
static void past_bracket(struct reader *r, char open, char close) {
  struct reader at = *r;
  if (next_is(&at, "\\left"))
    at.at += 5;
  if (at.at >= at.length || at.text[at.at] != open)
    return;
  for (size_t depth = 0; at.at < at.length; at.at++) {
    depth += at.text[at.at] == open;
    depth -= at.text[at.at] == close;
    if (depth == 0) {
      at.at++;
      *r = at;
      return;
    }
  }
}

/* How many capitals stand together from here on; 0: other letters join them. */
static size_t capitals(const struct reader *r) {
  size_t n = 0;
  while (r->at + n < r->length && isupper((unsigned char)r->text[r->at + n]))
    n++;
  bool more = r->at + n < r->length && isalpha((unsigned char)r->text[r->at + n]);
  return more ? 0 : n;
}

/* The capitals that an equality from here on begins with; *called: a bracket is behind.
 */
static size_t left_side(struct reader r, bool *called) {
  size_t n = capitals(&r);
  r.at += n;
  if (next_is(&r, "_")) {
    r.at++;
    if (next_is(&r, "{"))
      past_bracket(&r, '{', '}');
    else
      r.at++;
  }
  past_blanks(&r);
  size_t before = r.at;
  past_bracket(&r, '(', ')');
  *called = r.at > before;
  past_blanks(&r);
  return n >= 2 && n <= LONGEST &&
                 (next_is(&r, "=") || next_is(&r, ":=") || next_is(&r, "\\triangleq") ||
                  next_is(&r, "\\equiv"))
             ? n
             : 0;
}

/* Which letters stand by themselves in formulas. */
static void see_alone(const struct jac_item *item, bool alone[LETTERS]) {
  for (size_t k = 0; k < item->length; k++) {
    const char *text = item->text;
    if (text[k] == '\\') {
      k++;
      while (k + 1 < item->length && isalpha((unsigned char)text[k + 1]))
        k++;
      continue;
    }
    size_t from = k;
    while (k < item->length && isalpha((unsigned char)text[k]))
      k++;
    if (k == from + 1 && isupper((unsigned char)text[from]))
      alone[text[from] - 'A'] = true;
    k -= k > from;
  }
}

/* Whether capitals are a name: some mean nothing by themselves, and not the first alone,
 * which may be an operator, D F; or one of a call is doubled, LL(x). */
static bool is_name(const char *text, size_t n, bool called, const bool alone[LETTERS]) {
  size_t strange = 0;
  bool doubled = false;
  for (size_t k = 0; k < n; k++) {
    strange += !alone[text[k] - 'A'];
    doubled = doubled || (k && text[k] == text[k - 1]);
  }
  bool first = strange == 1 && !alone[text[0] - 'A'];
  return (strange && !first) || (doubled && called);
}

static void add(struct jac_pool *pool, const char *text, size_t n, const char **name) {
  const char *own = jac_pool_word(pool, text, n);
  for (size_t k = 0; k < pool->njoined; k++)
    if (name[k] == own)
      return;
  if (pool->njoined < MOST && !pool->failed)
    name[pool->njoined++] = own;
}

void jac_joined_see(const struct jac_document *document, struct jac_pool *pool) {
  bool alone[LETTERS] = {false};
  const char **name = jac_pool_take(pool, MOST * sizeof *name);
  if (!name)
    return;
  pool->joined = name;
  for (size_t k = 0; k < document->count; k++)
    if (document->item[k].kind == JAC_ITEM_DISPLAY ||
        document->item[k].kind == JAC_ITEM_INLINE)
      see_alone(&document->item[k], alone);
  for (size_t k = 0; k < document->count; k++) {
    const struct jac_item *item = &document->item[k];
    bool formula = item->kind == JAC_ITEM_DISPLAY || item->kind == JAC_ITEM_INLINE;
    struct reader r = {.text = item->text, .length = formula ? item->length : 0};
    while (r.at < r.length) { /* at the start, and behind each \\ */
      bool called;
      past_blanks(&r);
      size_t n = left_side(r, &called);
      if (n && is_name(r.text + r.at, n, called, alone))
        add(pool, r.text + r.at, n, name);
      while (r.at < r.length && !next_is(&r, "\\\\"))
        r.at++;
      r.at += 2;
    }
  }
}
