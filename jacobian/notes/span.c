/* Where formulas begin and end. */
#include "jacobian/notes/reader_internal.h"

#include <string.h>

static const struct {
  const char *name;
  enum jac_item_kind kind;
} environments[] = {
    {"equation", JAC_ITEM_DISPLAY},      {"equation*", JAC_ITEM_DISPLAY},
    {"align", JAC_ITEM_DISPLAY},         {"align*", JAC_ITEM_DISPLAY},
    {"gather", JAC_ITEM_DISPLAY},        {"gather*", JAC_ITEM_DISPLAY},
    {"multline", JAC_ITEM_DISPLAY},      {"multline*", JAC_ITEM_DISPLAY},
    {"flalign", JAC_ITEM_DISPLAY},       {"flalign*", JAC_ITEM_DISPLAY},
    {"alignat", JAC_ITEM_DISPLAY},       {"alignat*", JAC_ITEM_DISPLAY},
    {"eqnarray", JAC_ITEM_DISPLAY},      {"eqnarray*", JAC_ITEM_DISPLAY},
    {"displaymath", JAC_ITEM_DISPLAY},   {"dmath", JAC_ITEM_DISPLAY},
    {"dmath*", JAC_ITEM_DISPLAY},        {"IEEEeqnarray", JAC_ITEM_DISPLAY},
    {"IEEEeqnarray*", JAC_ITEM_DISPLAY}, {"math", JAC_ITEM_INLINE},
};

enum {
  ENVIRONMENTS = sizeof environments / sizeof environments[0],
  /* How far past a closing sign inside an open brace one outside of it is looked for. */
  LOOK_PAST = 256
};

_Static_assert(ENVIRONMENTS <= JAC_CLOSINGS - JAC_CLOSE_ENVIRONMENT,
               "every environment has a closing of its own");

static const struct {
  const char *sign, *name;
  enum jac_closing closing;
  enum jac_item_kind kind;
  bool markdown_only;
} signs[] = {
    {"$$", "$$", JAC_CLOSE_DOLLARS, JAC_ITEM_DISPLAY, false},
    {"$`", "$", JAC_CLOSE_BACKTICK, JAC_ITEM_INLINE, true},
    {"$", "$", JAC_CLOSE_DOLLAR, JAC_ITEM_INLINE, false},
    {"\\\\[", "\\[", JAC_CLOSE_BRACKET_TWO, JAC_ITEM_DISPLAY, true},
    {"\\\\(", "\\(", JAC_CLOSE_PARENTHESIS_TWO, JAC_ITEM_INLINE, true},
    {"\\[", "\\[", JAC_CLOSE_BRACKET, JAC_ITEM_DISPLAY, false},
    {"\\(", "\\(", JAC_CLOSE_PARENTHESIS, JAC_ITEM_INLINE, false},
};

static bool starts(const struct jac_notes_reader *r, size_t at, const char *prefix) {
  size_t size = strlen(prefix);
  return r->length - at >= size && memcmp(r->text + at, prefix, size) == 0;
}

static bool space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool jac_environment_verbatim(const char *name, size_t length) {
  static const char *const names[] = {"verbatim",     "verbatim*",    "Verbatim",
                                      "lstlisting",   "minted",       "comment",
                                      "filecontents", "filecontents*"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strlen(names[k]) == length && memcmp(names[k], name, length) == 0)
      return true;
  return false;
}

/* The environment whose `\begin{name}` (or `\end`) stands at the start of text, and the
 * bytes it takes; -1 when none of ours does. */
static int environment_at(const char *text, size_t length, const char *word,
                          size_t *size) {
  size_t head = strlen(word);
  if (length < head || memcmp(text, word, head) != 0)
    return -1;
  for (int k = 0; k < ENVIRONMENTS; k++) {
    size_t name = strlen(environments[k].name);
    if (length - head > name && memcmp(text + head, environments[k].name, name) == 0 &&
        text[head + name] == '}') {
      *size = head + name + 1;
      return k;
    }
  }
  return -1;
}

/* The same behind an author's shorthand: \def\be{\begin{equation}}. */
static const char *shorthand(const struct jac_notes_reader *r, size_t at, size_t *size) {
  *size = jac_control_length(r->text + at, r->length - at);
  const struct jac_macro *macro =
      *size > 1 ? jac_macros_find(r->macros, r->text + at + 1, *size - 1) : NULL;
  if (macro == NULL || macro->kind != JAC_MACRO_PLAIN || macro->arguments > 0)
    return NULL;
  return macro->body + strspn(macro->body, " \t");
}

static bool blank_after(const struct jac_notes_reader *r, size_t newline, size_t *next) {
  size_t k = newline + 1;
  while (k < r->length && (space(r->text[k]) || (r->markdown && r->text[k] == '>')))
    if (r->text[k++] == '\n')
      break;
  *next = k;
  return k >= r->length || (k > newline + 1 && r->text[k - 1] == '\n');
}

/* Whether a display goes on after a blank line. Where the closing sign is another than
 * the opening one it does; for `$$` when that stands alone there or, in Markdown, more of
 * a formula. Then *next is where. */
static bool goes_on(const struct jac_notes_reader *r, const struct jac_span *span,
                    size_t *next) {
  size_t at = *next, size;
  if (span->closing >= JAC_CLOSE_ENVIRONMENT ||
      (span->closing == JAC_CLOSE_BRACKET && !r->markdown))
    return at < r->length;
  if (span->kind != JAC_ITEM_DISPLAY)
    return false;
  while (at < r->length && (space(r->text[at]) || (r->markdown && r->text[at] == '>')))
    at++;
  *next = at;
  if (starts(r, at, span->closing == JAC_CLOSE_DOLLARS ? "$$" : "\\]"))
    return at + 2 == r->length || space(r->text[at + 2]);
  if (!r->markdown || at == r->length || span->closing != JAC_CLOSE_DOLLARS ||
      environment_at(r->text + at, r->length - at, "\\begin{", &size) >= 0 ||
      starts(r, at, "\\["))
    return false;
  return strchr("\\&=+", r->text[at]) != NULL;
}

/* What no price has: "$5 and $6" is none, $x = 2y $ is a formula. */
static bool formula_sign(char c) {
  return c == '=' || c == '\\' || c == '^' || c == '_';
}

/* The bytes of what ends the span's environment at text[at], else 0. */
static size_t environment_end(const struct jac_notes_reader *r,
                              const struct jac_span *span, size_t at) {
  int own = (int)(span->closing - JAC_CLOSE_ENVIRONMENT);
  size_t size;
  if (environment_at(r->text + at, r->length - at, "\\end{", &size) == own)
    return size;
  const char *body = r->text[at] == '\\' ? shorthand(r, at, &size) : NULL;
  const char *end = body != NULL ? strstr(body, "\\end{") : NULL;
  for (size_t other; end != NULL; end = strstr(end + 1, "\\end{"))
    if (environment_at(end, strlen(end), "\\end{", &other) == own)
      return size;
  return 0;
}

/* The bytes that the closing takes when it stands at text[at], else 0. sign: whether a
 * formula's sign stands before it. */
static size_t closing_at(const struct jac_notes_reader *r, const struct jac_span *span,
                         size_t at, bool sign) {
  static const char *const plain[] = {"$$",  "$",   "$",     "`$",
                                      "\\]", "\\)", "\\\\]", "\\\\)"};
  if (span->closing >= JAC_CLOSE_ENVIRONMENT)
    return environment_end(r, span, at);
  if (!starts(r, at, plain[span->closing]))
    return 0;
  char before = at > 0 ? r->text[at - 1] : ' ', after = r->text[at + 1];
  if (r->markdown && span->closing == JAC_CLOSE_DOLLAR)
    return (!space(before) || sign) && !(after >= '0' && after <= '9');
  if (span->closing == JAC_CLOSE_SPACED_DOLLAR)
    return space(before) && at > span->begin;
  return strlen(plain[span->closing]);
}

/* Whether the formula cannot go on past text[at], because the next one opens here. */
static bool opens_again(const struct jac_notes_reader *r, const struct jac_span *span,
                        size_t at) {
  size_t size;
  if (span->closing >= JAC_CLOSE_ENVIRONMENT)
    return environment_at(r->text + at, r->length - at, "\\begin{", &size) >= 0;
  return span->closing == JAC_CLOSE_BRACKET && starts(r, at, "\\[");
}

/* The bytes of the unit at text[at] that is no closing: a control sequence, a comment of
 * LaTeX, a character. */
static size_t unit(const struct jac_notes_reader *r, size_t at) {
  if (r->text[at] == '\\')
    return jac_control_length(r->text + at, r->length - at);
  if (!r->markdown && r->text[at] == '%') {
    const char *end = memchr(r->text + at, '\n', r->length - at);
    return end == NULL ? r->length - at : (size_t)(end - r->text) - at;
  }
  return 1;
}

/* Where the paragraph that text[at] stands in ends. */
static size_t paragraph_end(const struct jac_notes_reader *r, size_t at) {
  size_t next;
  while (at < r->length && !(r->text[at] == '\n' && blank_after(r, at, &next)))
    at++;
  return at;
}

/* A `$$` ends the search for a single one, unless it is two that touch: `$a$$b$`. */
static bool other_dollars(const struct jac_notes_reader *r, const struct jac_span *span,
                          size_t at) {
  return r->markdown &&
         (span->closing == JAC_CLOSE_DOLLAR ||
          span->closing == JAC_CLOSE_SPACED_DOLLAR) &&
         starts(r, at, "$$") && space(r->text[at - 1]);
}

/* Whether a formula in a sentence may stand inside this one, as in $x \text{ for $y$}$.
 */
static bool nests(const struct jac_span *span) {
  return span->closing == JAC_CLOSE_DOLLAR || span->closing == JAC_CLOSE_SPACED_DOLLAR ||
         span->closing == JAC_CLOSE_PARENTHESIS;
}

/* Looks for the end from span->begin on: the first closing, outside all braces where
 * formulas nest (or failing that the first in braces). Sets finish and end; when there is
 * none, to the paragraph's end or where the next formula opens. */
static bool find_end(struct jac_notes_reader *r, struct jac_span *span) {
  size_t limit = r->length, depth = 0, next, at = span->begin;
  size_t found = 0, taken = 0, blank = 0;
  bool sign = false;
  if (limit - at > JAC_NOTES_FORMULA)
    limit = at + JAC_NOTES_FORMULA;
  while (at < limit) {
    size_t size = closing_at(r, span, at, sign);
    bool outside = size > 0 && (depth == 0 || !nests(span));
    if (outside || (size > 0 && found == 0)) {
      found = at;
      taken = size;
    }
    if (outside || (found > 0 && at - found > LOOK_PAST) || opens_again(r, span, at) ||
        other_dollars(r, span, at))
      break;
    sign = sign || formula_sign(r->text[at]);
    depth += r->text[at] == '{';
    depth -= r->text[at] == '}' && depth > 0;
    if (r->text[at] == '\n' && blank_after(r, at, &next)) {
      blank = blank == 0 ? at : blank;
      if (!goes_on(r, span, &next))
        break;
      at = next;
    } else if (r->text[at] == '\n' && span->closing == JAC_CLOSE_SPACED_DOLLAR)
      break;
    else
      at += size > 0 ? size : unit(r, at);
  }
  span->closed = found > 0;
  if (found == 0) {
    r->none[span->closing] = at < limit ? at : limit;
    found = blank > 0 ? blank : r->none[span->closing];
  }
  span->finish = found;
  span->end = found + taken;
  return span->closed;
}

/* The same where a search has failed before. */
static bool known_open(const struct jac_notes_reader *r, struct jac_span *span) {
  if (span->start >= r->none[span->closing])
    return false;
  if (span->kind == JAC_ITEM_DISPLAY)
    span->end = span->finish = paragraph_end(r, span->begin);
  return true;
}

/* In Markdown `\[1\]` and `\(see below\)` are escaped brackets: a formula has a control
 * sequence, an index or an equality, and no link but what braces hold: Z^{[l](i)}. */
static bool escaped_brackets(const struct jac_notes_reader *r,
                             const struct jac_span *span) {
  const char *inside = r->text + span->begin;
  size_t length = span->finish - span->begin;
  bool sign = false;
  size_t depth = 0;
  for (size_t k = 0; k < length; k++) {
    depth += inside[k] == '{';
    depth -= inside[k] == '}' && depth > 0;
    if (inside[k] == ']' && k + 1 < length && inside[k + 1] == '(' && depth == 0)
      return true;
    sign = sign || strchr("\\_^=", inside[k]) != NULL;
  }
  return !sign;
}

static bool find_sign(struct jac_notes_reader *r, size_t at, struct jac_span *span) {
  size_t k = 0, count = sizeof signs / sizeof signs[0];
  while (k < count &&
         ((signs[k].markdown_only && !r->markdown) || !starts(r, at, signs[k].sign)))
    k++;
  if (k == count)
    return false;
  *span = (struct jac_span){.kind = signs[k].kind,
                            .environment = signs[k].name,
                            .closing = signs[k].closing,
                            .start = at,
                            .begin = at + strlen(signs[k].sign)};
  if (span->closing == JAC_CLOSE_DOLLAR && r->markdown && space(r->text[span->begin]))
    span->closing = JAC_CLOSE_SPACED_DOLLAR;
  bool bracket = span->closing != JAC_CLOSE_DOLLARS && span->closing != JAC_CLOSE_DOLLAR;
  bool display = span->kind == JAC_ITEM_DISPLAY && !(r->markdown && bracket);
  if (span->start < r->none[span->closing] && !display)
    return false;
  if (known_open(r, span) || !find_end(r, span))
    return display;
  if (r->markdown && bracket && span->closing != JAC_CLOSE_BACKTICK)
    return !escaped_brackets(r, span);
  return true;
}

bool jac_span_find(struct jac_notes_reader *reader, size_t at, struct jac_span *span) {
  if (find_sign(reader, at, span))
    return true;
  if (reader->text[at] != '\\')
    return false;
  size_t size, ignored;
  int k = environment_at(reader->text + at, reader->length - at, "\\begin{", &size);
  if (k < 0 && !reader->markdown) {
    const char *body = shorthand(reader, at, &size);
    if (body != NULL)
      k = environment_at(body, strlen(body), "\\begin{", &ignored);
  }
  if (k < 0)
    return false;
  *span = (struct jac_span){.kind = environments[k].kind,
                            .environment = environments[k].name,
                            .closing = (enum jac_closing)(JAC_CLOSE_ENVIRONMENT + k),
                            .start = at,
                            .begin = at + size};
  return (!known_open(reader, span) && find_end(reader, span)) ||
         span->kind == JAC_ITEM_DISPLAY;
}

bool jac_span_inside(const char *text, size_t length, struct jac_span *span) {
  size_t at = 0, size, close = length;
  int k = -1;
  for (; at < length && k < 0; at++)
    k = environment_at(text + at, length - at, "\\begin{", &size);
  if (k < 0)
    return false;
  for (size_t end = at; end < length && close == length; end++)
    if (environment_at(text + end, length - end, "\\end{", &(size_t){0}) == k)
      close = end;
  *span = (struct jac_span){.kind = environments[k].kind,
                            .environment = environments[k].name,
                            .closing = (enum jac_closing)(JAC_CLOSE_ENVIRONMENT + k),
                            .begin = at - 1 + size,
                            .finish = close,
                            .closed = true};
  return true;
}
