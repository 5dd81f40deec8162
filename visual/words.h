/* Sizes that are words: input, output, n. A module of general sizes is a module whose
 * sizes are numbers that nothing else in its texts is; wherever one of them stands in a
 * text, the word is meant. */
#ifndef VISUAL_WORDS_H
#define VISUAL_WORDS_H

#include "jacobian/buffer.h"

#include <stdbool.h>

enum { JAC_WORDS = 6, JAC_WORD_SIZE = 32 };

/* A size's letter in the formulas of a module, N. */
struct jac_word_letter {
  const char *letter;
  size_t size;
};

struct jac_words {
  size_t count;
  char word[JAC_WORDS][JAC_WORD_SIZE];
  size_t letters;
  struct jac_word_letter letter[JAC_WORDS]; /* which are the words too */
};

/* The number that stands for the word, which is added where it is new; 0: there is no
 * more room for one, or it is too long. */
size_t jac_words_stand_in(struct jac_words *words, const char *word);

/* A letter of formulas that is this size: the words stand for it too, where it is a size
 * that has some. The letter is borrowed. */
void jac_words_letter(struct jac_words *words, const char *letter, size_t size);

/* Adds a size as a person writes it: 3, input, input output (of a product, with times
 * between). */
void jac_words_size(const struct jac_words *words, size_t size, const char *times,
                    struct jac_buffer *out);

/* The part of a size that is a few times as large: hidden of 4 hidden; 0: it is none. */
size_t jac_words_part(size_t size);

/* Adds a text with the words in place of the numbers that stand for them. False: a number
 * in it is made of sizes in a way that has no word. */
bool jac_words_add(const struct jac_words *words, const char *text,
                   struct jac_buffer *out);

#endif
