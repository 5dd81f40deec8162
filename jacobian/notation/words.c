/* Words between formulas: English, French, German, Spanish, Chinese and Portuguese. */
#include "jacobian/notation/token.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const struct {
  char role;
  const char *words; /* '|' between */
} roles[] = {
    {'!', "otherwise|else|sinon|autrement|sonst|si no|en otro "
          "caso|\xe5\x85\xb6\xe4\xbb\x96|caso contrario|elsewhere|ailleurs|"
          "anders|senao|en caso contrario|in all other cases|if otherwise|for "
          "otherwise|altrimenti"},
    {'?', "if|when|for|si|pour|wenn|falls|fuer|f\xc3\xbcr|cuando|para|se|quando|for "
          "all|if and only if|"
          "whenever|lorsque|quand|where|o\xc3\xb9|wo|donde|onde|for any|for each|for "
          "every|pour tout|"
          "unless|given|provided|as long as|when "
          "i|\xe5\xa6\x82\xe6\x9e\x9c|\xe5\xbd\x93|at|in case|iff|for the case|case"},
    {'&',
     "and|et|und|y|e|with|avec|mit|con|com|or|ou|oder|where|so|thus|hence|then|therefore|"
     "donc|alors|also|since|because|car|as|let|we have|so that|such that|with respect to|"
     "which|that is|i.e.|ie|we get|we find|this gives|gives|implies|means|on a|soit|"
     "\xe5\x92\x8c|\xe5\x85\xb6\xe4\xb8\xad|\xe5\x9b\xa0\xe6\xad\xa4|"
     "\xe6\x89\x80\xe4\xbb\xa5|\xe5\x88\x99|by|from|using|note|now|but|"
     "here|yields|becomes|equals|is|are|finally|similarly|next|first|second|note that|"
     "recall|recall that|likewise|again|consequently|in matrix form|in vector form"},
};

/* "is greatest if": what follows is a condition. */
static bool ends_in_condition(const char *text, size_t length) {
  static const char *const words[] = {"if", "when", "wenn", "falls", "se", "si"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
    size_t n = strlen(words[k]);
    if (length > n && text[length - n - 1] == ' ' &&
        strncasecmp(text + length - n, words[k], n) == 0)
      return true;
  }
  return false;
}

char jac_words_role(const char *text) {
  while (isspace((unsigned char)*text))
    text++;
  size_t length = strlen(text);
  while (length && strchr(" ,.:;", text[length - 1]))
    length--;
  if (!length)
    return ' ';
  for (size_t k = 0; k < sizeof roles / sizeof *roles; k++)
    for (const char *word = roles[k].words; *word;) {
      size_t here = strcspn(word, "|");
      if (here == length && strncasecmp(word, text, length) == 0)
        return roles[k].role;
      word += here + (word[here] == '|');
    }
  /* Several words are prose; what begins like a condition is one. */
  const char *space = memchr(text, ' ', length);
  if (!space)
    return 0;
  char first[24];
  size_t n = (size_t)(space - text);
  if (n < sizeof first) {
    memcpy(first, text, n);
    first[n] = '\0';
    char role = jac_words_role(first);
    if (role == '?' || role == '!')
      return role;
  }
  return ends_in_condition(text, length) ? '?' : '&';
}
