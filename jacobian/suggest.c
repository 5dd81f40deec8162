#include "jacobian/suggest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 40 };

static int lower(char c) {
  return tolower((unsigned char)c);
}

static size_t min(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t edits(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  if (n > LONGEST || m > LONGEST)
    return LONGEST;
  size_t d[LONGEST + 1][LONGEST + 1];
  for (size_t i = 0; i <= n; i++)
    for (size_t j = 0; j <= m; j++) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      size_t replace = d[i - 1][j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      d[i][j] = min(replace, min(d[i - 1][j], d[i][j - 1]) + 1);
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1]))
        d[i][j] = min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[n][m];
}

const char *jac_suggest(const char *word, const char *const *words, size_t count) {
  const char *best = NULL;
  size_t length = strlen(word), limit = length / 3;
  size_t least = limit < 2 ? 3 : limit + 1;
  for (size_t k = 0; k < count && length >= 3; k++)
    if (strncmp(word, words[k], length) == 0 &&
        (best == NULL || strlen(words[k]) < strlen(best)))
      best = words[k];
  if (best != NULL)
    return best;
  for (size_t k = 0; k < count; k++) {
    size_t distance = edits(word, words[k]);
    if (distance < least && distance < strlen(words[k])) {
      least = distance;
      best = words[k];
    }
  }
  return best;
}
