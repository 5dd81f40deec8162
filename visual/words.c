#include "visual/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Primes, so that products tell their factors; no two are as far apart as others, or as
 * far as any is from 0, so that a difference tells what it is of; and none is so near
 * another that the difference could be a number of a formula. */
static const size_t stand_in[JAC_WORDS] = {101, 163, 227, 293, 367, 439};

enum { LEAST = 60 }; /* numbers of formulas are below, those made of sizes above */

size_t jac_words_stand_in(struct jac_words *words, const char *word) {
  for (size_t k = 0; k < words->count; k++)
    if (strcmp(words->word[k], word) == 0)
      return stand_in[k];
  if (words->count == JAC_WORDS || strlen(word) >= JAC_WORD_SIZE)
    return 0;
  strcpy(words->word[words->count], word);
  return stand_in[words->count++];
}

/* One word, or two with a sign between. */
static bool add_named(const struct jac_words *words, size_t size, const char *times,
                      struct jac_buffer *out) {
  for (size_t k = 0; k < words->count; k++)
    if (stand_in[k] == size) {
      jac_buffer_add(out, words->word[k]);
      return true;
    }
  for (size_t k = 0; k < words->count; k++)
    if (size > stand_in[k] && size % stand_in[k] == 0) {
      if (!add_named(words, size / stand_in[k], times, out)) {
        if (size / stand_in[k] >= LEAST)
          return false;
        jac_buffer_printf(out, "%zu", size / stand_in[k]);
      }
      jac_buffer_printf(out, "%s%s", times, words->word[k]);
      return true;
    }
  return false;
}

/* A size less another, or a place beside the last: n-1, L-K+1. */
static bool add_difference(const struct jac_words *words, size_t size,
                           struct jac_buffer *out) {
  static const int by[] = {-1, 1, -2, 2};
  long wanted = (long)size;
  for (size_t i = 0; i < words->count; i++)
    for (size_t k = 0; k < sizeof by / sizeof by[0]; k++)
      if ((long)stand_in[i] + by[k] == wanted) {
        jac_buffer_printf(out, "%s%+d", words->word[i], by[k]);
        return true;
      }
  for (size_t i = 0; i < words->count; i++)
    for (size_t j = 0; j < words->count; j++)
      if (i != j && (long)stand_in[i] - (long)stand_in[j] + 1 == wanted) {
        jac_buffer_printf(out, "%s-%s+1", words->word[i], words->word[j]);
        return true;
      }
  return false;
}

void jac_words_size(const struct jac_words *words, size_t size, const char *times,
                    struct jac_buffer *out) {
  if (size < LEAST ||
      (!add_named(words, size, times, out) && !add_difference(words, size, out)))
    jac_buffer_printf(out, "%zu", size);
}

size_t jac_words_part(size_t size) {
  for (size_t times = LEAST - 1; times > 1 && size >= LEAST; times--)
    if (size % times == 0)
      return size / times;
  return 0;
}

void jac_words_letter(struct jac_words *words, const char *letter, size_t size) {
  struct jac_buffer word = JAC_BUFFER_INIT;
  if (words->letters < JAC_WORDS && size >= LEAST && add_named(words, size, " ", &word))
    words->letter[words->letters++] = (struct jac_word_letter){letter, size};
  jac_buffer_free(&word);
}

/* A whole name that is the letter of a size: its words. */
static bool add_letter(const struct jac_words *words, const char *text, const char *at,
                       size_t *length, struct jac_buffer *out) {
  bool inside = at > text && (isalnum((unsigned char)at[-1]) || strchr("_\\", at[-1]));
  for (size_t k = 0; k < words->letters && !inside; k++) {
    *length = strlen(words->letter[k].letter);
    if (strncmp(at, words->letter[k].letter, *length) == 0 &&
        !isalnum((unsigned char)at[*length]) && strchr("_[(", at[*length]) == NULL)
      return add_named(words, words->letter[k].size, " ", out);
  }
  return false;
}

bool jac_words_add(const struct jac_words *words, const char *text,
                   struct jac_buffer *out) {
  bool all = true;
  for (const char *at = text; *at != '\0';) {
    size_t whole;
    if (add_letter(words, text, at, &whole, out)) {
      at += whole;
      continue;
    }
    size_t length = strspn(at, "0123456789");
    bool decimal = at[length] == '.' && isdigit((unsigned char)at[length + 1]);
    if (length == 0 || length > 12 || decimal) {
      size_t copied = length == 0 ? 1 : decimal ? length + 1 : length;
      jac_buffer_add_bytes(out, at, copied);
      at += copied;
      if (decimal) { /* what stands behind the point belongs to it */
        length = strspn(at, "0123456789");
        jac_buffer_add_bytes(out, at, length);
        at += length;
      }
      continue;
    }
    size_t size = strtoul(at, NULL, 10);
    if (words->count == 0 || size < LEAST)
      jac_buffer_add_bytes(out, at, length);
    else if (!add_named(words, size, " ", out) && !add_difference(words, size, out)) {
      jac_buffer_add_bytes(out, at, length);
      all = false;
    }
    at += length;
  }
  return all;
}
