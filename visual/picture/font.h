/* The letters of pictures: outlines that the PNG is filled from, widths that the layout
 * of every picture is measured with. */
#ifndef VISUAL_PICTURE_FONT_H
#define VISUAL_PICTURE_FONT_H

#include <stdbool.h>
#include <stdint.h>

/* Outlines are in units of 1/1024 of the font's size, y upwards from the baseline. */
#define JAC_FONT_UNITS 1024.0

struct jac_glyph {
  uint32_t letter; /* its code point */
  int advance;
  const char *outline; /* relative: m x y, l x y ..., q x y x y (a quadratic curve) */
};

/* The glyph of a code point; a letter that the font lacks has a box with a question mark.
 */
const struct jac_glyph *jac_font_glyph(uint32_t letter);

/* The next character of a UTF-8 text, which moves on; U+FFFD for a byte that is no UTF-8
 * or a character that XML does not allow. 0 at the end. */
uint32_t jac_utf8_next(const char **text);

/* The inverse: 1 to 4 bytes and a final zero. */
void jac_utf8_write(uint32_t letter, char text[5]);

#endif
