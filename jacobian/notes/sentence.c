/* Sentences: what words around a name say of it. */
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A star: any ending. Chinese, Japanese and Korean words are looked for anywhere. */
static const struct {
  const char *word;
  unsigned properties;
} sayings[] = {
    {"symmetric", JAC_IS_SYMMETRIC},
    {"sym\xc3\xa9trique*", JAC_IS_SYMMETRIC},
    {"symmetrisch*", JAC_IS_SYMMETRIC},
    {"sim\xc3\xa9tric*", JAC_IS_SYMMETRIC},
    {"simmetric*", JAC_IS_SYMMETRIC},
    {"\xd1\x81\xd0\xb8\xd0\xbc\xd0\xbc\xd0\xb5\xd1\x82\xd1\x80\xd0\xb8\xd1\x87*",
     JAC_IS_SYMMETRIC},
    {"\xe5\xaf\xb9\xe7\xa7\xb0", JAC_IS_SYMMETRIC},
    {"\xe5\xb0\x8d\xe7\xa8\xb1", JAC_IS_SYMMETRIC},
    {"\xe5\xaf\xbe\xe7\xa7\xb0", JAC_IS_SYMMETRIC},
    {"\xeb\x8c\x80\xec\xb9\xad", JAC_IS_SYMMETRIC},
    {"orthogonal", JAC_IS_ORTHOGONAL},
    {"scalar", JAC_IS_NUMBER},
    {"scalars", JAC_IS_NUMBER},
    {"scalaire", JAC_IS_NUMBER},
    {"scalaires", JAC_IS_NUMBER},
    {"escalar", JAC_IS_NUMBER},
    {"escalares", JAC_IS_NUMBER},
    {"skalar", JAC_IS_NUMBER},
    {"scalare", JAC_IS_NUMBER},
    {"\xd1\x81\xd0\xba\xd0\xb0\xd0\xbb\xd1\x8f\xd1\x80*", JAC_IS_NUMBER},
    {"number", JAC_IS_NUMBER},
    {"numbers", JAC_IS_NUMBER},
    {"nombre", JAC_IS_NUMBER},
    {"nombres", JAC_IS_NUMBER},
    {"real", JAC_IS_NUMBER},
    {"\xe6\xa0\x87\xe9\x87\x8f", JAC_IS_NUMBER},
    {"\xe3\x82\xb9\xe3\x82\xab\xe3\x83\xa9\xe3\x83\xbc", JAC_IS_NUMBER},
    {"\xec\x8a\xa4\xec\xb9\xbc\xeb\x9d\xbc", JAC_IS_NUMBER},
    {"column", JAC_IS_COLUMN},
    {"\xe5\x88\x97\xe5\x90\x91\xe9\x87\x8f", JAC_IS_COLUMN},
    {"\xe5\x88\x97\xe3\x83\x99\xe3\x82\xaf\xe3\x83\x88\xe3\x83\xab", JAC_IS_COLUMN},
    {"\xec\x97\xb4\xeb\xb2\xa1\xed\x84\xb0", JAC_IS_COLUMN},
    {"row", JAC_IS_ROW},
    {"\xe8\xa1\x8c\xe5\x90\x91\xe9\x87\x8f", JAC_IS_ROW},
    {"\xe8\xa1\x8c\xe3\x83\x99\xe3\x82\xaf\xe3\x83\x88\xe3\x83\xab", JAC_IS_ROW},
    {"\xed\x96\x89\xeb\xb2\xa1\xed\x84\xb0", JAC_IS_ROW},
    {"vector", JAC_IS_VECTOR},
    {"vectors", JAC_IS_VECTOR},
    {"vecteur", JAC_IS_VECTOR},
    {"vecteurs", JAC_IS_VECTOR},
    {"vektor*", JAC_IS_VECTOR},
    {"vetor", JAC_IS_VECTOR},
    {"vetores", JAC_IS_VECTOR},
    {"vettore", JAC_IS_VECTOR},
    {"\xd0\xb2\xd0\xb5\xd0\xba\xd1\x82\xd0\xbe\xd1\x80*", JAC_IS_VECTOR},
    {"\xe5\x90\x91\xe9\x87\x8f", JAC_IS_VECTOR},
    {"\xe3\x83\x99\xe3\x82\xaf\xe3\x83\x88\xe3\x83\xab", JAC_IS_VECTOR},
    {"\xeb\xb2\xa1\xed\x84\xb0", JAC_IS_VECTOR},
    {"matrix", JAC_IS_MATRIX},
    {"matrices", JAC_IS_MATRIX},
    {"matrice", JAC_IS_MATRIX},
    {"matriz", JAC_IS_MATRIX},
    {"\xd0\xbc\xd0\xb0\xd1\x82\xd1\x80\xd0\xb8\xd1\x86*", JAC_IS_MATRIX},
    {"\xe7\x9f\xa9\xe9\x98\xb5", JAC_IS_MATRIX},
    {"\xe7\x9f\xa9\xe9\x99\xa3", JAC_IS_MATRIX},
    {"one-hot", JAC_SUMS_TO_ONE},
    {"distribution", JAC_SUMS_TO_ONE},
    {"antisymmetric", JAC_IS_SPECIAL},
    {"skew-symmetric", JAC_IS_SPECIAL},
    {"skew", JAC_IS_SPECIAL},
    {"antisym\xc3\xa9trique*", JAC_IS_SPECIAL},
    {"antisim\xc3\xa9tric*", JAC_IS_SPECIAL},
    {"antisimmetric*", JAC_IS_SPECIAL},
    {"schiefsymmetrisch*", JAC_IS_SPECIAL},
    {"\xd0\xba\xd0\xbe\xd1\x81\xd0\xbe\xd1\x81\xd0\xb8\xd0\xbc\xd0\xbc\xd0\xb5\xd1\x82"
     "\xd1\x80\xd0\xb8\xd1\x87*",
     JAC_IS_SPECIAL},
    {"\xd0\xb0\xd0\xbd\xd1\x82\xd0\xb8\xd1\x81\xd0\xb8\xd0\xbc\xd0\xbc\xd0\xb5\xd1\x82"
     "\xd1\x80\xd0\xb8\xd1\x87*",
     JAC_IS_SPECIAL},
    {"\xe5\x8f\x8d\xe5\xaf\xb9\xe7\xa7\xb0", JAC_IS_SPECIAL},
    {"\xe5\x8f\x8d\xe5\xb0\x8d\xe7\xa8\xb1", JAC_IS_SPECIAL},
    {"\xe6\x96\x9c\xe5\xaf\xb9\xe7\xa7\xb0", JAC_IS_SPECIAL},
    {"\xe5\x8f\x8d\xe5\xaf\xbe\xe7\xa7\xb0", JAC_IS_SPECIAL},
    {"\xe6\xad\xaa\xe5\xaf\xbe\xe7\xa7\xb0", JAC_IS_SPECIAL},
    {"\xeb\xb0\x98\xeb\x8c\x80\xec\xb9\xad", JAC_IS_SPECIAL},
    {"diagonal", JAC_IS_SPECIAL},
    {"diagonale", JAC_IS_SPECIAL},
    {"triangular", JAC_IS_SPECIAL},
    {"triangulaire", JAC_IS_SPECIAL},
    {"idempotent", JAC_IS_SPECIAL},
    {"idempotente", JAC_IS_SPECIAL},
    {"unitary", JAC_IS_SPECIAL},
    {"nilpotent", JAC_IS_SPECIAL},
    {"projection", JAC_IS_SPECIAL},
};

/* "not symmetric", "do not assume that": what follows is denied. */
static bool denies(const char *word, size_t length) {
  static const char *const words[] = {"not",     "no",    "non",  "nor", "never",
                                      "without", "pas",   "sans", "ni",  "nicht",
                                      "kein",    "keine", "sin",  "sem", "n\xc3\xa3o"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strlen(words[k]) == length && strncasecmp(words[k], word, length) == 0)
      return true;
  return false;
}

/* Whether a letter of a script without spaces between words begins here. */
static bool ideograph(char c) {
  return (unsigned char)c >= 0xe3;
}

static bool is_word(const char *word, const char *text, size_t length) {
  size_t n = strlen(word);
  if (word[n - 1] == '*')
    return length >= n - 1 && strncasecmp(word, text, n - 1) == 0;
  return length == n && strncasecmp(word, text, n) == 0;
}

static unsigned property(size_t j, bool denied) {
  return !denied                                     ? sayings[j].properties
         : sayings[j].properties == JAC_IS_SYMMETRIC ? JAC_NOT_SYMMETRIC
                                                     : 0;
}

/* In Chinese, Japanese, Korean. */
static unsigned said_there(const char *text, size_t length, bool *is) {
  static const char *const verbs[] = {"\xe6\x98\xaf", "\xe4\xb8\xba", "\xe3\x81\xaf",
                                      "\xec\x9d\x80", "\xeb\x8a\x94"};
  static const char *const not_so[] = {"\xe4\xb8\x8d", "\xe9\x9d\x9e", /* zh */
                                       "\xe3\x81\xaa\xe3\x81\x84",     /* ja: nai */
                                       "\xec\x95\x84\xeb\x8b"};        /* ko: ani */
  unsigned properties = 0;
  bool denied = false;
  for (size_t k = 0; k < length; k++)
    for (size_t w = 0; w < sizeof not_so / sizeof *not_so; w++)
      denied = denied || (k + strlen(not_so[w]) <= length &&
                          strncmp(text + k, not_so[w], strlen(not_so[w])) == 0);
  for (size_t k = 0; k + 3 <= length; k++) {
    if (!ideograph(text[k]))
      continue;
    for (size_t w = 0; w < sizeof verbs / sizeof *verbs; w++)
      *is = *is || strncmp(text + k, verbs[w], 3) == 0;
    for (size_t j = 0; j < sizeof sayings / sizeof *sayings; j++) {
      size_t n = strlen(sayings[j].word);
      if (k + n <= length && strncmp(text + k, sayings[j].word, n) == 0)
        properties |= property(j, denied);
    }
  }
  return properties;
}

static unsigned said(const char *text, size_t length, bool *is, bool *denied) {
  static const char *const verbs[] = {"is",  "be",   "are", "est",      "sont",
                                      "ist", "sind", "sei", "\xc3\xa9", "\xc3\xa8",
                                      "es",  "sea",  "son", "sono"};
  *is = *denied = false;
  unsigned properties = said_there(text, length, is);
  for (size_t k = 0; k < length;) {
    while (k < length && !isalpha((unsigned char)text[k]) &&
           ((unsigned char)text[k] < 0x80 || ideograph(text[k])))
      k += ideograph(text[k]) ? 3 : 1;
    size_t from = k;
    while (k < length && (isalpha((unsigned char)text[k]) || text[k] == '-' ||
                          ((unsigned char)text[k] >= 0x80 && !ideograph(text[k]))))
      k++;
    if (k <= from)
      break;
    size_t n = k - from;
    for (size_t w = 0; w < sizeof verbs / sizeof *verbs; w++)
      *is = *is || is_word(verbs[w], text + from, n);
    /* isn't, don't: the t stands alone behind the sign. */
    *denied = *denied || denies(text + from, n) ||
              (n == 1 && text[from] == 't' && from > 1 && text[from - 1] == '\'' &&
               text[from - 2] == 'n');
    for (size_t j = 0; j < sizeof sayings / sizeof *sayings; j++)
      if (is_word(sayings[j].word, text + from, n))
        properties |= property(j, *denied);
  }
  return properties;
}

/* The words after a name up to the end of the clause. */
void jac_sentence(struct jac_section *s, const struct jac_document *document,
                  size_t which, node *names, unsigned of) {
  const struct jac_item *item = &document->item[which];
  size_t from = item->end, to = from;
  while (to < document->length && to < from + 70 &&
         !strchr(".;\n$", document->source[to]))
    to++;
  /* "$x$ is a row vector and $y = x W$": the first clause is of x. */
  static const char *const joins[] = {" and ", " et ", " y ", " und ", " e ", " with "};
  for (size_t k = from; k < to; k++)
    for (size_t w = 0; w < sizeof joins / sizeof *joins; w++) {
      size_t n = strlen(joins[w]);
      if (k > from && k + n <= to && strncmp(document->source + k, joins[w], n) == 0)
        to = k;
    }
  bool is, denied, denied_before;
  unsigned properties = said(document->source + from, to - from, &is, &denied);
  static const char *const verbs[] = {
      "is ",          "are ",         "be ",          "est ",        "sont ",
      "ist ",         "sind ",        "sei ",         "es ",         "sea ",
      "son ",         "sono ",        "\xc3\xa9 ",    "\xc3\xa8 ",   "a ",
      "an ",          "the ",         "une ",         "un ",         "una ",
      "uma ",         "eine ",        "ein ",         "some ",       "\xe6\x98\xaf",
      "\xe4\xb8\xba", "\xe3\x81\xaf", "\xec\x9d\x80", "\xeb\x8a\x94"};
  size_t word = from;
  while (word < to && strchr(" ,", document->source[word]))
    word++;
  bool verb = false;
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
    verb =
        verb || (to - word >= strlen(verbs[k]) &&
                 strncasecmp(document->source + word, verbs[k], strlen(verbs[k])) == 0);
  if (verb && !is) /* let $Q$ a symmetric matrix, ... */
    properties = said(document->source + from, to - from < 30 ? to - from : 30, &is,
                      &denied) &
                 JAC_OF_MATRICES;
  else if (!verb)
    properties = 0;
  if (is && to < document->length && document->source[to] == '$')
    properties = 0; /* "is the derivative by a matrix $A$" */
  /* "$P$ an $n\\times n$ symmetric matrix": the words behind the size. */
  if (verb && document->source[to] == '$' && to - from < 16) {
    size_t close = to + 1;
    while (close < document->length && close < to + 30 &&
           !strchr("$\n", document->source[close]))
      close++;
    bool size = false;
    for (size_t k = to; k + 5 < close; k++)
      size = size || strncmp(document->source + k, "times", 5) == 0;
    size_t end = close + 1;
    while (end < document->length && end < close + 40 &&
           !strchr(".;,\n$", document->source[end]))
      end++;
    if (size && end > close)
      properties |= said(document->source + close + 1, end - close - 1, &is, &denied) &
                    (JAC_OF_MATRICES | JAC_IS_MATRIX);
  }
  size_t back = item->start, begin = back;
  while (begin > 0 && begin + 28 > back && !strchr(".;,\n$", document->source[begin - 1]))
    begin--;
  /* "$q$ a vector and $r$ a scalar": what stands before "and" is not of r. */
  for (size_t k = begin; k < back; k++)
    for (size_t w = 0; w < sizeof joins / sizeof *joins; w++) {
      size_t n = strlen(joins[w]);
      if (k + n <= back && strncmp(document->source + k, joins[w], n) == 0)
        begin = k + n;
    }
  bool unused;
  unsigned before = said(document->source + begin, back - begin, &unused, &denied_before);
  if (denied_before)
    properties = properties & JAC_IS_SYMMETRIC ? JAC_NOT_SYMMETRIC : 0;
  /* "a symmetric matrix $A$": the words directly before it. */
  properties |= before & JAC_OF_MATRICES;
  unsigned shape =
      JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX | JAC_IS_VECTOR;
  if (!(properties & shape))
    properties |= before & shape;
  if (properties & (JAC_IS_COLUMN | JAC_IS_ROW))
    properties &= ~(unsigned)(JAC_IS_VECTOR | JAC_IS_NUMBER);
  if (properties & JAC_IS_SPECIAL) /* skew symmetric */
    properties &= ~(unsigned)JAC_IS_SYMMETRIC;
  if (properties & JAC_IS_VECTOR)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_MATRIX);
  if (properties & JAC_IS_MATRIX)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW);
  properties &= of;
  if (!properties)
    return;
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  for (size_t k = 0; k < count; k++) {
    node *name = names->form == JAC_S_LIST ? names->child[k] : names;
    if (jac_name_like(name))
      jac_section_fact(
          s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                               .left = name,
                               .properties = properties,
                               .line = jac_document_place(document, item->start).line});
  }
}
