/* Names: letters and words of LaTeX and of plain notation, Greek, Unicode's, with small
 * letters and digits above and below. */
#include "jacobian/notation/token_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Greek letters: as Unicode writes them. Two bytes each. */
static const struct {
  const char *sign, *name;
} greek[] = {
    {"\xce\xb1", "alpha"},   {"\xce\xb2", "beta"},     {"\xce\xb3", "gamma"},
    {"\xce\xb4", "delta"},   {"\xce\xb5", "epsilon"},  {"\xce\xb6", "zeta"},
    {"\xce\xb7", "eta"},     {"\xce\xb8", "theta"},    {"\xce\xb9", "iota"},
    {"\xce\xba", "kappa"},   {"\xce\xbb", "lambda"},   {"\xce\xbc", "mu"},
    {"\xce\xbd", "nu"},      {"\xce\xbe", "xi"},       {"\xcf\x80", "pi"},
    {"\xcf\x81", "rho"},     {"\xcf\x83", "sigma"},    {"\xcf\x84", "tau"},
    {"\xcf\x85", "upsilon"}, {"\xcf\x86", "phi"},      {"\xcf\x87", "chi"},
    {"\xcf\x88", "psi"},     {"\xcf\x89", "omega"},    {"\xce\x93", "Gamma"},
    {"\xce\x94", "Delta"},   {"\xce\x98", "Theta"},    {"\xce\x9b", "Lambda"},
    {"\xce\x9e", "Xi"},      {"\xce\xa0", "Pi"},       {"\xce\xa3", "Sigma"},
    {"\xce\xa6", "Phi"},     {"\xce\xa8", "Psi"},      {"\xce\xa9", "Omega"},
    {"\xe2\x84\x93", "ell"}, {"\xe2\x84\x9d", "bb_R"},
};

/* Signs and letters that LaTeX itself has: no macros of somebody's. */
static const char *const signs[] = {
    "Upsilon", "Im",     "Re",       "aleph",   "ast",      "bigstar", "bullet",
    "circ",    "dagger", "ddagger",  "diamond", "emptyset", "flat",    "hbar",
    "infty",   "hslash", "natural",  "odot",    "parallel", "perp",    "sharp",
    "square",  "star",   "triangle", "varpi",   "wp"};

/* Variants of one letter, and words for signs. */
static const char *const variants[][2] = {
    {"varepsilon", "epsilon"},
    {"vartheta", "theta"},
    {"varphi", "phi"},
    {"varrho", "rho"},
    {"varsigma", "sigma"},
    {"varkappa", "kappa"},
    {"R", "bb_R"},
    {"reals", "bb_R"},
    {"Reals", "bb_R"},
    {"imath", "i"},
    {"jmath", "j"},
    {"mathbbm1", "bb_1"},
};

/* Whether a command is nobody's macro. */
static bool is_sign(const char *name) {
  for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
    if (strcmp(signs[k], name) == 0)
      return true;
  return false;
}

enum jac_status jac_token_name(struct lexer *l, const char *name, size_t length,
                               size_t start) {
  for (size_t k = 0; k < sizeof variants / sizeof *variants; k++)
    if (strlen(variants[k][0]) == length && memcmp(variants[k][0], name, length) == 0)
      return jac_token_add(l, JAC_TOKEN_NAME, variants[k][1], start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
  for (size_t k = 0; k < sizeof greek / sizeof *greek; k++)
    if (strlen(greek[k].name) == length && memcmp(greek[k].name, name, length) == 0)
      return jac_token_add(l, JAC_TOKEN_NAME, greek[k].name, start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, name, length);
  t->macro = !is_sign(t->text);
  /* A macro that nobody explained, with an argument: what it means is not known. */
  size_t at = l->at;
  while (at < l->length && isspace((unsigned char)l->text[at]))
    at++;
  if (t->macro && at < l->length && l->text[at] == '{') {
    t->kind = JAC_TOKEN_UNREAD;
    t->text = jac_pool_printf(l->pool, "\\%s", t->text);
  }
  return JAC_OK;
}

enum jac_status jac_token_plain_word(struct lexer *l) {
  size_t start = l->at, end = l->at;
  while (word_character(l, end))
    end++;
  const struct jac_construct *row = jac_construct_plain(l->text + start, end - start);
  if (row && row->role != JAC_ROLE_BIG && row->role != JAC_ROLE_POSTFIX) {
    l->at = end;
    struct jac_token *t = jac_token_add(l, JAC_TOKEN_FUNCTION, "", start);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->text = jac_pool_word(l->pool, l->text + start, end - start);
    t->row = row;
    if (row->role == JAC_ROLE_CONDITION || row->role == JAC_ROLE_RELATION ||
        row->role == JAC_ROLE_INFIX) {
      bool call = end < l->length && l->text[end] == '(' && row->role == JAC_ROLE_INFIX;
      t->kind = call ? JAC_TOKEN_FUNCTION : JAC_TOKEN_SIGN;
      if (row->role == JAC_ROLE_INFIX && !call) {
        t->kind = JAC_TOKEN_NAME; /* a variable called dot */
        t->row = NULL;
      }
    }
    return JAC_OK;
  }
  size_t stop = start;
  while (stop < end && l->text[stop] != '_')
    stop++;
  if (stop < end && (jac_token_accent(l->text + start, stop - start) ||
                     (stop - start == 2 && memcmp(l->text + start, "bb", 2) == 0))) {
    stop++;
    while (stop < end && l->text[stop] != '_')
      stop++;
  }
  if (stop == start || stop + 1 >= end)
    stop = end; /* _x, x_ */
  l->at = stop;
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, l->text + start, stop - start);
  while (stop < end) {
    size_t under = stop++;
    l->at = stop;
    if (!jac_token_add(l, JAC_TOKEN_SUB, "", under))
      return jac_pool_status(l->pool, l->err);
    size_t next = stop;
    while (next < end && l->text[next] != '_')
      next++;
    bool digits = true;
    for (size_t k = stop; k < next; k++)
      digits = digits && isdigit((unsigned char)l->text[k]);
    l->at = next;
    t = jac_token_add(l, digits ? JAC_TOKEN_NUMBER : JAC_TOKEN_NAME, "", stop);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->text = jac_pool_word(l->pool, l->text + stop, next - stop);
    t->number = digits ? strtod(t->text, NULL) : 0;
    stop = next;
  }
  return JAC_OK;
}

static bool is_joined(const struct jac_pool *pool, const char *text, size_t length) {
  for (size_t k = 0; k < pool->njoined; k++)
    if (strlen(pool->joined[k]) == length && memcmp(pool->joined[k], text, length) == 0)
      return true;
  return false;
}

enum jac_status jac_token_latex_letter(struct lexer *l) {
  size_t start = l->at, end = l->at;
  while (end < l->length && letter(l->text[end]))
    end++;
  size_t length = end - start;
  bool before = start && (letter(l->text[start - 1]) || l->text[start - 1] == '\\');
  if (!l->single && !before && is_joined(l->pool, l->text + start, length)) {
    l->at = end;
    return jac_token_operator(l, start, start, end);
  }
  if (!l->single && !before && length >= 2) {
    const struct jac_construct *row = jac_construct_latex(l->text + start, length);
    if (!row && length >= 3)
      row = jac_construct_plain(l->text + start, length);
    bool call = end < l->length && (l->text[end] == '(' || l->text[end] == '\\');
    if (row && (length >= 3 || call) &&
        (row->role == JAC_ROLE_ENTRYWISE || row->role == JAC_ROLE_FUNCTION ||
         row->role == JAC_ROLE_SIZED || row->id == JAC_C_CASES ||
         row->id == JAC_C_EINSUM)) {
      l->at = end;
      struct jac_token *t = jac_token_add(l, JAC_TOKEN_FUNCTION, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + start, length);
      t->row = row;
      return JAC_OK;
    }
  }
  l->at = start + 1;
  char one[2] = {l->text[start], '\0'};
  return jac_token_add(l, JAC_TOKEN_NAME, one, start) ? JAC_OK
                                                      : jac_pool_status(l->pool, l->err);
}

/* Superscripts and subscripts of Unicode. */
static const struct {
  const char *sign, *text;
  bool above;
} small[] = {
    {"\xc2\xb2", "2", true},      {"\xc2\xb3", "3", true},
    {"\xc2\xb9", "1", true},      {"\xe1\xb5\x80", "T", true},
    {"\xe2\x8a\xa4", "T", true},  {"\xe2\x82\x80", "0", false},
    {"\xe2\x82\x81", "1", false}, {"\xe2\x82\x82", "2", false},
    {"\xe2\x82\x83", "3", false}, {"\xe2\x82\x84", "4", false},
    {"\xe1\xb5\xa2", "i", false}, {"\xe2\xb1\xbc", "j", false},
    {"\xe2\x82\x96", "k", false}, {"\xe2\x82\x99", "n", false},
};

enum jac_status jac_token_unicode(struct lexer *l) {
  const char *here = l->text + l->at;
  size_t start = l->at;
  for (size_t k = 0; k < sizeof greek / sizeof *greek; k++)
    if (strncmp(here, greek[k].sign, strlen(greek[k].sign)) == 0) {
      l->at += strlen(greek[k].sign);
      return jac_token_add(l, JAC_TOKEN_NAME, greek[k].name, start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
    }
  for (size_t k = 0; k < sizeof small / sizeof *small; k++)
    if (strncmp(here, small[k].sign, strlen(small[k].sign)) == 0) {
      l->at += strlen(small[k].sign);
      if (!jac_token_add(l, small[k].above ? JAC_TOKEN_SUP : JAC_TOKEN_SUB, "", start))
        return jac_pool_status(l->pool, l->err);
      bool digit = isdigit((unsigned char)small[k].text[0]) != 0;
      struct jac_token *t =
          jac_token_add(l, digit ? JAC_TOKEN_NUMBER : JAC_TOKEN_NAME,
                        *small[k].text == 'T' ? "top" : small[k].text, start);
      if (t && digit)
        t->number = small[k].text[0] - '0';
      return jac_pool_status(l->pool, l->err);
    }
  static const struct {
    const char *sign;
    enum jac_token_kind kind;
    const char *text;
  } others[] = {{"\xe2\x88\x82", JAC_TOKEN_PARTIAL, "partial"},
                {"\xe2\x88\x87", JAC_TOKEN_NABLA, "nabla"},
                {"\xe2\x80\x96", JAC_TOKEN_BAR, "2"},
                {"\xe2\x80\xa6", JAC_TOKEN_DOTS, "c"},
                {"\xe2\x8b\xaf", JAC_TOKEN_DOTS, "c"},
                {"\xe2\x80\xb2", JAC_TOKEN_PRIME, ""},
                {"\xe2\x87\x92", JAC_TOKEN_STOP, ""},
                {"\xe2\x88\x80", JAC_TOKEN_FORALL, ""}};
  for (size_t k = 0; k < sizeof others / sizeof *others; k++)
    if (strncmp(here, others[k].sign, strlen(others[k].sign)) == 0) {
      l->at += strlen(others[k].sign);
      struct jac_token *t = jac_token_add(l, others[k].kind, others[k].text, start);
      if (t)
        t->number = t->kind == JAC_TOKEN_BAR ? 2 : 1;
      return jac_pool_status(l->pool, l->err);
    }
  if (strncmp(here, "\xc2\xa0", 2) == 0) {
    l->at += 2;
    l->spaced = true;
    return JAC_OK;
  }
  /* Signs that are not seen: U+2061 to U+2064, U+200B, U+FEFF. */
  if ((strncmp(here, "\xe2\x81", 2) == 0 && here[2] >= '\xa1' && here[2] <= '\xa4') ||
      strncmp(here, "\xe2\x80\x8b", 3) == 0 || strncmp(here, "\xef\xbb\xbf", 3) == 0) {
    l->at += 3;
    return JAC_OK;
  }
  /* A letter of another script is a name of its own. */
  size_t length = 1;
  while (start + length < l->length && ((unsigned char)here[length] & 0xc0) == 0x80)
    length++;
  l->at += length;
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, here, length);
  /* CJK and other prose between formulas. */
  if (length >= 3)
    t->kind = JAC_TOKEN_WORDS;
  return JAC_OK;
}
