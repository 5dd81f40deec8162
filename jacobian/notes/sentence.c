/* Sentences: what words around a name say of it. Long: the words, in ten languages. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/elaborate/evidence.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Of a matrix: orthogonal; of an angle it says nothing. Beside orthogonal: a projector.
 */
enum { ROTATION = 1 << 30, PROJECTION = 1 << 29, OF_SQUARES = 1 << 28 };

/* What stands as an adjective beside a name, and is no shape. */
enum {
  ADJECTIVES = JAC_OF_MATRICES | JAC_NOT_SYMMETRIC | JAC_IS_ORTHONORMAL | JAC_IS_ONES,
  VALUES = JAC_IS_BINARY | JAC_SUMS_TO_ONE
};

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
    {"orthogonale*", JAC_IS_ORTHOGONAL},
    {"ortogonal*", JAC_IS_ORTHOGONAL},
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
    {"integer", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"integers", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"entier", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"entiers", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"entero", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"inteiro", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"intero", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"\xe6\x95\xb4\xe6\x95\xb0", JAC_IS_NUMBER | JAC_IS_INTEGER},
    {"\xec\xa0\x95\xec\x88\x98", JAC_IS_NUMBER | JAC_IS_INTEGER},
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
    {"antisymmetric", JAC_IS_SKEW},
    {"skew-symmetric", JAC_IS_SKEW},
    {"skew", JAC_IS_SKEW},
    {"antisym\xc3\xa9trique*", JAC_IS_SKEW},
    {"antisim\xc3\xa9tric*", JAC_IS_SKEW},
    {"antisimmetric*", JAC_IS_SKEW},
    {"schiefsymmetrisch*", JAC_IS_SKEW},
    {"\xd0\xba\xd0\xbe\xd1\x81\xd0\xbe\xd1\x81\xd0\xb8\xd0\xbc\xd0\xbc\xd0\xb5\xd1\x82"
     "\xd1\x80\xd0\xb8\xd1\x87*",
     JAC_IS_SKEW},
    {"\xd0\xb0\xd0\xbd\xd1\x82\xd0\xb8\xd1\x81\xd0\xb8\xd0\xbc\xd0\xbc\xd0\xb5\xd1\x82"
     "\xd1\x80\xd0\xb8\xd1\x87*",
     JAC_IS_SKEW},
    {"\xe5\x8f\x8d\xe5\xaf\xb9\xe7\xa7\xb0", JAC_IS_SKEW},
    {"\xe5\x8f\x8d\xe5\xb0\x8d\xe7\xa8\xb1", JAC_IS_SKEW},
    {"\xe6\x96\x9c\xe5\xaf\xb9\xe7\xa7\xb0", JAC_IS_SKEW},
    {"\xe5\x8f\x8d\xe5\xaf\xbe\xe7\xa7\xb0", JAC_IS_SKEW},
    {"\xe6\xad\xaa\xe5\xaf\xbe\xe7\xa7\xb0", JAC_IS_SKEW},
    {"\xeb\xb0\x98\xeb\x8c\x80\xec\xb9\xad", JAC_IS_SKEW},
    {"diagonal", JAC_IS_DIAGONAL},
    {"diagonale", JAC_IS_DIAGONAL},
    {"general", JAC_NOT_SYMMETRIC},
    {"nonsymmetric", JAC_NOT_SYMMETRIC},
    {"unsymmetr*", JAC_NOT_SYMMETRIC},
    {"non-symmetric", JAC_NOT_SYMMETRIC},
    {"asymmetric", JAC_NOT_SYMMETRIC},
    {"orthonormal*", JAC_IS_ORTHONORMAL},
    {"ortonormal*", JAC_IS_ORTHONORMAL},
    {"permutation", JAC_IS_SPECIAL},
    {"permutations*", JAC_IS_SPECIAL},
    {"unit", JAC_IS_ORTHONORMAL},
    {"einheitsvektor*", JAC_IS_ORTHONORMAL},
    {"unitaire*", JAC_IS_ORTHONORMAL},
    {"unitari*", JAC_IS_ORTHONORMAL},
    {"probability", JAC_SUMS_TO_ONE},
    {"binary", JAC_IS_BINARY},
    {"binaire*", JAC_IS_BINARY},
    {"bin\xc3\xa4r*", JAC_IS_BINARY},
    {"binari*", JAC_IS_BINARY},
    {"positive", JAC_IS_POSITIVE},
    {"nonnegative", JAC_IS_POSITIVE},
    {"non-negative", JAC_IS_POSITIVE},
    {"positif*", JAC_IS_POSITIVE},
    {"positiv", JAC_IS_POSITIVE},
    {"positivo*", JAC_IS_POSITIVE},
    {"positiva*", JAC_IS_POSITIVE},
    {"triangular", JAC_IS_SPECIAL},
    {"triangulaire", JAC_IS_SPECIAL},
    {"idempotent*", JAC_IS_IDEMPOTENT},
    {"unitary", JAC_IS_SPECIAL},
    {"nilpotent", JAC_IS_SPECIAL},
    {"projection", PROJECTION},
    {"projector", PROJECTION},
    {"hessian", OF_SQUARES},
    {"hesse*", OF_SQUARES},
    {"hessienne", OF_SQUARES},
    {"hessiana", OF_SQUARES},
    {"covariance", OF_SQUARES},
    {"kovarianz*", OF_SQUARES},
    {"covarian*", OF_SQUARES},
    {"covarianz*", OF_SQUARES},
    {"gram", OF_SQUARES},
    {"projecteur", PROJECTION},
    {"projektion*", PROJECTION},
    {"projektor", PROJECTION},
    {"proyecci\xc3\xb3n", PROJECTION},
    {"proyector", PROJECTION},
    {"proiezione", PROJECTION},
    {"proiettore", PROJECTION},
    {"commute*", JAC_IS_SPECIAL},
    {"commuting", JAC_IS_SPECIAL},
    {"conmuta*", JAC_IS_SPECIAL},
    {"kommutier*", JAC_IS_SPECIAL},
    {"rotation", ROTATION},
    {"rotaci\xc3\xb3n", ROTATION},
    {"rotazione", ROTATION},
    {"rotationsmatri*", ROTATION | JAC_IS_MATRIX},
    {"drehmatri*", ROTATION | JAC_IS_MATRIX},
    {"\xe6\x97\x8b\xe8\xbd\xac", ROTATION},
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

/* "definite", "semidefinite" behind "positive". */
static bool of_matrix(const char *text, size_t length) {
  size_t k = 0;
  while (k < length && (text[k] == ' ' || text[k] == '-'))
    k++;
  return length - k > 3 &&
         (strncasecmp(text + k, "def", 3) == 0 || strncasecmp(text + k, "sem", 3) == 0 ||
          strncasecmp(text + k,
                      "d\xc3\xa9"
                      "f",
                      4) == 0);
}

/* "0 or 1", a "0/1 mask"; "a vector of ones", "the all-ones matrix". */
static unsigned said_in_phrases(const char *text, size_t length) {
  static const struct {
    const char *words;
    unsigned property;
  } phrases[] = {{"0 or 1", JAC_IS_BINARY},
                 {"0/1", JAC_IS_BINARY},
                 {"zero or one", JAC_IS_BINARY},
                 {"0 ou 1", JAC_IS_BINARY},
                 {"0 oder 1", JAC_IS_BINARY},
                 {"of ones", JAC_IS_ONES},
                 {"of all ones", JAC_IS_ONES},
                 {"all ones", JAC_IS_ONES},
                 {"all-ones", JAC_IS_ONES},
                 {"ones vector", JAC_IS_ONES},
                 {"of 1s", JAC_IS_ONES},
                 {"de uns", JAC_IS_ONES},
                 {"de unos", JAC_IS_ONES},
                 {"rempli de 1", JAC_IS_ONES},
                 {"von einsen", JAC_IS_ONES},
                 {"aus einsen", JAC_IS_ONES},
                 {"di uno", JAC_IS_ONES},
                 {"\345\205\2501", JAC_IS_ONES},
                 {"\345\205\250\344\270\2721", JAC_IS_ONES}};
  unsigned properties = 0;
  for (size_t w = 0; w < sizeof phrases / sizeof *phrases; w++) {
    size_t n = strlen(phrases[w].words);
    for (size_t k = 0; k + n <= length; k++)
      if (strncasecmp(text + k, phrases[w].words, n) == 0)
        properties |= phrases[w].property;
  }
  return properties;
}

/* "vector", "norm", "length" behind "unit" or "probability": no unit of a layer. */
static bool of_length(const char *text, size_t length) {
  static const char *const words[] = {"vector", "norm", "length"};
  size_t k = 0;
  while (k < length && (text[k] == ' ' || text[k] == '-'))
    k++;
  for (size_t w = 0; w < sizeof words / sizeof *words; w++)
    if (length - k >= strlen(words[w]) &&
        strncasecmp(text + k, words[w], strlen(words[w])) == 0)
      return true;
  return false;
}

/* Long: a word, its verbs, what it denies. */
static unsigned said(const char *text, size_t length, bool *is, bool *denied) {
  static const char *const verbs[] = {"is",  "be",   "are", "est",      "sont",
                                      "ist", "sind", "sei", "\xc3\xa9", "\xc3\xa8",
                                      "es",  "sea",  "son", "sono"};
  *is = *denied = false;
  unsigned properties = said_there(text, length, is);
  properties |= said_in_phrases(text, length);
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
      if (is_word(sayings[j].word, text + from, n) &&
          !(sayings[j].properties == JAC_IS_POSITIVE &&
            of_matrix(text + k, length - k)) &&
          !(strcmp(sayings[j].word, "unit") == 0 && !of_length(text + k, length - k)) &&
          !(strcmp(sayings[j].word, "probability") == 0 &&
            !of_length(text + k, length - k)))
        properties |= property(j, *denied);
  }
  return properties;
}

/* w_{ij}, which "is a number" as every entry is. */
static bool an_entry(node *name) {
  node *item[4];
  size_t items = name->form == JAC_S_SCRIPT ? jac_index_items(name->child[1], item) : 0;
  for (size_t k = 0; k < items; k++)
    if (jac_index_letter(item[k]))
      return true;
  return false;
}

/* Full-width signs end clauses too. */
static bool wide_sign(const char *at, bool comma) {
  static const char *const signs[] = {"\xe3\x80\x82", "\xef\xbc\x9b", "\xef\xbc\x8c",
                                      "\xe3\x80\x81"};
  for (size_t k = 0; k < (comma ? 4 : 2); k++)
    if (strncmp(at, signs[k], 3) == 0)
      return true;
  return false;
}

/* Whether a word that joins clauses stands there, and its length. */
static size_t joining(const char *at, size_t length) {
  static const char *const joins[] = {" and ", " et ", " y ", " und ", " e ", " with "};
  for (size_t w = 0; w < sizeof joins / sizeof *joins; w++)
    if (strlen(joins[w]) <= length && strncmp(at, joins[w], strlen(joins[w])) == 0)
      return strlen(joins[w]);
  return 0;
}

/* Whether the word that begins there is an adjective of a name. */
static bool is_adjective(const char *text, size_t length) {
  size_t n = strcspn(text, " .,;:$\n");
  n = n < length ? n : length;
  for (size_t j = 0; n && j < sizeof sayings / sizeof *sayings; j++)
    if ((sayings[j].properties & ADJECTIVES) && is_word(sayings[j].word, text, n))
      return true;
  return false;
}

/* Where the clause that goes on there ends: "$x$ is a row vector and $y = x W$" is of x
 * up to "and". */
static size_t clause_end(const struct jac_document *d, size_t from, size_t most,
                         const char *signs) {
  size_t to = from;
  bool comma = strchr(signs, ',') != NULL;
  while (to < d->length && to < from + most && !strchr(signs, d->source[to]) &&
         !wide_sign(d->source + to, comma))
    to++;
  for (size_t k = from + 1; k < to; k++) {
    size_t n = joining(d->source + k, to - k);
    if (n && !is_adjective(d->source + k + n, to - k - n)) /* symmetric and idempotent */
      return k;
  }
  return to;
}

/* Where the clause that leads there begins: in "$q$ a vector and $r$ a scalar" what
 * stands before "and" is not of r. */
static size_t clause_start(const struct jac_document *d, size_t to) {
  size_t from = to;
  while (from > 0 && from + 48 > to && !strchr(".;,\n$", d->source[from - 1]))
    from--;
  for (size_t k = from; k < to; k++) {
    size_t n = wide_sign(d->source + k, true) ? 3 : joining(d->source + k, to - k);
    size_t word = k;
    while (word > from && isalpha((unsigned char)d->source[word - 1]))
      word--;
    bool both = n && word < k && is_adjective(d->source + word, k - word) &&
                is_adjective(d->source + k + n, to - k - n);
    if (n && !both) /* symmetric and idempotent */
      from = k + n;
  }
  return from;
}

/* Where the last two words of a text begin. */
static size_t last_words(const char *text, size_t from, size_t to) {
  for (int words = 0; words < 2 && to > from; words++) {
    while (to > from && text[to - 1] == ' ')
      to--;
    while (to > from && text[to - 1] != ' ')
      to--;
  }
  return to;
}

/* "with $S$ symmetric", "$S$ real symmetric": the property stands behind its name without
 * a verb. */
static bool adjective(const char *text, size_t length) {
  static const char *const before[] = {"real", "positive", "square", "invertible"};
  for (size_t k = 0; k < length;) {
    while (k < length && text[k] == ' ')
      k++;
    size_t n = strcspn(text + k, " .,;:$\n"), skip = 0;
    n = n < length - k ? n : length - k;
    if (is_adjective(text + k, length - k))
      return true;
    while (skip < sizeof before / sizeof *before && !is_word(before[skip], text + k, n))
      skip++;
    if (!n || skip == sizeof before / sizeof *before)
      return false;
    k += n;
  }
  return false;
}

/* Whether a clause says what the name before it is. */
static bool says_what_it_is(const char *text, size_t length) {
  static const char *const verbs[] = {
      "commute",     "have ",        "has ",         "of ",          "with ",
      "not ",        "non ",         "no ",          "pas ",         "nicht ",
      "niet ",       "need ",        "is ",          "are ",         "be ",
      "est ",        "sont ",        "ist ",         "sind ",        "sei ",
      "es ",         "sea ",         "son ",         "sono ",        "\xc3\xa9 ",
      "\xc3\xa8 ",   "a ",           "an ",          "the ",         "une ",
      "un ",         "una ",         "uma ",         "eine ",        "ein ",
      "some ",       "\xe6\x98\xaf", "\xe4\xb8\xba", "\xe3\x81\xaf", "\xec\x9d\x80",
      "\xeb\x8a\x94"};
  while (length && strchr(" ,", *text))
    text++, length--;
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
    if (length >= strlen(verbs[k]) && strncasecmp(text, verbs[k], strlen(verbs[k])) == 0)
      return true;
  return adjective(text, length);
}

/* "$P$ an $n\\times n$ symmetric matrix": the words behind the size, which opens at. */
static unsigned behind_size(const struct jac_document *d, size_t open) {
  size_t close = open + 1;
  while (close < d->length && close < open + 30 && !strchr("$\n", d->source[close]))
    close++;
  bool size = false, is, denied;
  for (size_t k = open; k + 5 < close; k++)
    size = size || strncmp(d->source + k, "times", 5) == 0;
  if (!size || close + 1 >= d->length)
    return 0;
  size_t end = clause_end(d, close + 1, 40, ".;,\n$");
  return said(d->source + close + 1, end - close - 1, &is, &denied) &
         (JAC_OF_MATRICES | JAC_IS_MATRIX);
}

/* Behind " and $B$" or ", $B$" that stands there: a short formula, a name. */
static size_t behind_another(const struct jac_document *d, size_t at) {
  size_t comma = strncmp(d->source + at, ", ", 2) == 0; /* $A$, and $B$ */
  size_t open = at + comma, joins = joining(d->source + open, d->length - open);
  open = joins ? open + joins : at + 2 * comma;
  if (open == at || open >= d->length || d->source[open] != '$')
    return at;
  size_t close = open + 1;
  while (close < d->length && close < open + 14 && !strchr("$=\n", d->source[close]))
    close++;
  return close < d->length && d->source[close] == '$' ? close + 1 : at;
}

/* Behind "and $B$" of "$A$ and $B$ are matrices", which says it of both; from: there is
 * no such name, or what follows is of the last alone ("... is"). */
static size_t behind_others(const struct jac_document *d, size_t from) {
  static const char *const verbs[] = {" are ",  " be ",    " sont ",
                                      " sind ", " seien ", " son ",
                                      " sean ", " sono ",  " s\xc3\xa3o "};
  size_t at = from, next = behind_another(d, from);
  for (int k = 0; k < 6 && next > at; k++) {
    at = next;
    next = behind_another(d, at);
  }
  for (size_t k = 0; k < sizeof verbs / sizeof *verbs && at > from; k++)
    if (d->length - at > strlen(verbs[k]) &&
        strncmp(d->source + at, verbs[k], strlen(verbs[k])) == 0)
      return at;
  if (at > from && adjective(d->source + at, d->length - at))
    return at;
  return from;
}

/* What a clause says before it comes to another name: "is an integer, on $r = 1$", "are
 * matrices depending on $t$"; 0: all is of the other. */
static size_t before_other(const char *text, size_t length) {
  static const char *const cut[] = {",", " depend", " qui d", " abh", " que d", " che d"};
  for (size_t k = 1; k < length; k++)
    for (size_t w = 0; w < sizeof cut / sizeof *cut; w++)
      if (strlen(cut[w]) < length - k && strncmp(text + k, cut[w], strlen(cut[w])) == 0)
        return k;
  return 0;
}

static unsigned said_after(const struct jac_document *d, size_t from) {
  from = behind_others(d, from);
  size_t to = clause_end(d, from, 70, ".;\n$");
  bool is, denied;
  unsigned properties = said(d->source + from, to - from, &is, &denied);
  if (!says_what_it_is(d->source + from, to - from))
    return 0;
  if (!is) /* let $Q$ a symmetric matrix, ... */
    properties = said(d->source + from, to - from < 56 ? to - from : 56, &is, &denied) &
                 (ADJECTIVES | PROJECTION | JAC_IS_BINARY);
  bool formula = to < d->length && d->source[to] == '$';
  if (is && formula) { /* "is the derivative by a matrix $A$" */
    size_t end = before_other(d->source + from, to - from);
    properties = end ? said(d->source + from, end, &is, &denied) : 0;
  }
  return formula && to - from < 16 ? properties | behind_size(d, to) : properties;
}

/* A row vector is no number, a matrix no row. */
static unsigned consistent(unsigned properties) {
  if ((properties & ROTATION) && (properties & JAC_IS_MATRIX))
    properties |= JAC_IS_ORTHOGONAL;
  if ((properties & PROJECTION) && (properties & JAC_IS_ORTHOGONAL))
    properties = (properties & ~(unsigned)JAC_IS_ORTHOGONAL) | JAC_IS_IDEMPOTENT |
                 JAC_IS_SYMMETRIC;
  else if (properties & PROJECTION)
    properties |= JAC_IS_SPECIAL;
  if ((properties & OF_SQUARES) && (properties & JAC_IS_MATRIX))
    properties |= JAC_IS_SYMMETRIC; /* the Hessian matrix $H$ */
  properties &= ~(unsigned)(ROTATION | PROJECTION | OF_SQUARES);
  if (properties & (JAC_IS_COLUMN | JAC_IS_ROW))
    properties &= ~(unsigned)(JAC_IS_VECTOR | JAC_IS_NUMBER);
  if (properties & (JAC_IS_SPECIAL | JAC_IS_SKEW)) /* skew symmetric */
    properties &= ~(unsigned)JAC_IS_SYMMETRIC;
  if (properties & JAC_IS_VECTOR)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_MATRIX);
  if (properties & JAC_IS_MATRIX)
    properties &= ~(unsigned)(JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW);
  return properties;
}

/* "The gradient of $f$ is a vector": of the gradient, and not of f, is it said. */
static bool of_another(const char *text, size_t from, size_t to) {
  static const char *const words[] = {"of",    "de", "du",  "des", "del",
                                      "della", "di", "von", "do",  "da"};
  while (to > from && text[to - 1] == ' ')
    to--;
  size_t start = to;
  while (start > from && isalpha((unsigned char)text[start - 1]))
    start--;
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (is_word(words[k], text + start, to - start))
      return true;
  return false;
}

/* "The entries of $P$ are 0 or 1", "the columns of $U$ are orthonormal". */
static bool of_its_own(const char *text, size_t from, size_t to) {
  static const char *const words[] = {
      "entries of",      "elements of",         "components of",     "coordinates of",
      "coefficients of", "columns of",          "entr\303\251es de", "colonnes de",
      "coefficients de", "eintr\303\244ge von", "spalten von",       "entradas de",
      "elementos de",    "columnas de",         "colunas de",        "elementi di",
      "colonne di"};
  while (to > from && text[to - 1] == ' ')
    to--;
  for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
    size_t n = strlen(words[k]);
    if (to - from >= n && strncasecmp(text + to - n, words[k], n) == 0)
      return true;
  }
  return false;
}

/* A of A(t), which is said to be a matrix. */
static node *matrix_of(node *n, unsigned properties) {
  bool call = n->form == JAC_S_SIDE && n->count == 2 && jac_name_like(n->child[0]) &&
              n->child[1]->form == JAC_S_GROUP && jac_all_names(n->child[1]);
  return call && (properties & JAC_IS_MATRIX) ? n->child[0] : n;
}

/* Whether nothing but a comma or "and" stands between two items. */
static bool listed(const struct jac_document *d, size_t a) {
  const struct jac_item *one = &d->item[a], *next = &d->item[a + 1];
  if (one->kind != JAC_ITEM_INLINE || next->start < one->end ||
      next->start - one->end > 12)
    return false;
  for (size_t k = one->end; k < next->start;) {
    size_t n = joining(d->source + k, next->start - k);
    if (!n && d->source[k] != ',' && d->source[k] != ' ' && d->source[k] != '$')
      return false;
    k += n ? n : 1;
  }
  return true;
}

/* "symmetric $S$, $R$", "symmetric matrices $A$ and $B$": what stands before the first of
 * a list. */
static unsigned said_of_list(const struct jac_document *d, size_t which) {
  size_t first = which;
  while (first > 0 && listed(d, first - 1))
    first--;
  if (first == which)
    return 0;
  size_t to = d->item[first].start, begin = clause_start(d, to);
  size_t near = last_words(d->source, begin, to);
  bool is, denied;
  unsigned all = said(d->source + near, to - near, &is, &denied);
  size_t last = to;
  while (last > near && d->source[last - 1] == ' ')
    last--;
  size_t word = last;
  while (word > near && isalpha((unsigned char)d->source[word - 1]))
    word--;
  unsigned own = said(d->source + word, last - word, &is, &denied);
  bool plural = last > word && d->source[last - 1] != 'x'; /* matrices, Matrizen */
  return (own & ADJECTIVES) || plural ? all & ADJECTIVES : 0;
}

void jac_sentence(struct jac_section *s, const struct jac_document *document,
                  size_t which, node *names, unsigned of) {
  const struct jac_item *item = &document->item[which];
  size_t begin = clause_start(document, item->start);
  bool own = of_its_own(document->source, begin, item->start);
  unsigned properties = !own && of_another(document->source, begin, item->start)
                            ? 0
                            : said_after(document, item->end);
  if (own)
    properties &= VALUES | JAC_IS_ORTHONORMAL | JAC_IS_ONES | JAC_IS_POSITIVE;
  bool is, denied;
  unsigned before = said(document->source + begin, item->start - begin, &is, &denied);
  if (denied)
    properties = properties & JAC_IS_SYMMETRIC ? JAC_NOT_SYMMETRIC : 0;
  /* "a symmetric matrix $A$": the words directly before it. */
  unsigned shape =
      JAC_IS_NUMBER | JAC_IS_COLUMN | JAC_IS_ROW | JAC_IS_MATRIX | JAC_IS_VECTOR;
  properties |= said_of_list(document, which);
  properties |= before & (ADJECTIVES | ROTATION | PROJECTION | OF_SQUARES);
  if (!(properties & shape)) { /* not "a vector of length $n$" */
    size_t near = last_words(document->source, begin, item->start);
    properties |= said(document->source + near, item->start - near, &is, &denied) &
                  (shape | VALUES);
  }
  properties = consistent(properties) & of;
  if (!properties)
    return;
  size_t count = names->form == JAC_S_LIST ? names->count : 1;
  for (size_t k = 0; k < count; k++) {
    node *name =
        matrix_of(names->form == JAC_S_LIST ? names->child[k] : names, properties);
    if (jac_name_like(name) && !(properties == JAC_IS_NUMBER && an_entry(name)))
      jac_section_fact(
          s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                               .left = name,
                               .properties = properties,
                               .line = jac_document_place(document, item->start).line});
  }
}
