/* A line of text laid out: Unicode superscripts and subscripts become raised and lowered
 * letters, one above the other where a name has both, as in print. */
#ifndef VISUAL_PICTURE_SCRIPT_H
#define VISUAL_PICTURE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A letter and its place from the start of the baseline, y downwards. */
struct jac_letter {
  uint32_t letter;
  double x, y, size;
  bool italic;
};

typedef void jac_letter_put(void *context, const struct jac_letter *letter);

/* Gives each letter of a UTF-8 text to put (NULL: to nobody); returns the text's width.
 * In mathematics a letter that stands alone is a variable, and italic. */
double jac_script_lay(const char *text, double size, bool math, jac_letter_put *put,
                      void *context);

/* How many bytes of the text fit into a width: whole words, or as many letters of the
 * first word as fit (one at least). The whole length where all fits. */
size_t jac_script_fit(const char *text, double size, double width);

#endif
