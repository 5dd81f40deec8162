#include "visual/picture/font.h"

#include <stddef.h>

static const struct jac_glyph glyphs[] = {
#include "visual/picture/font_table.h"
};

enum { GLYPHS = sizeof glyphs / sizeof glyphs[0], MISSING = 0xFFFD };

const struct jac_glyph *jac_font_glyph(uint32_t letter) {
  size_t low = 0, high = GLYPHS;
  while (low + 1 < high) {
    size_t middle = low + (high - low) / 2;
    if (glyphs[middle].letter <= letter)
      low = middle;
    else
      high = middle;
  }
  return glyphs[low].letter == letter || letter == MISSING ? &glyphs[low]
                                                           : jac_font_glyph(MISSING);
}

/* The characters of XML 1.0, but for line breaks and tabs, which no text of a picture
 * has. */
static bool allowed(uint32_t letter) {
  return letter >= 0x20 && !(letter >= 0x7F && letter < 0xA0) &&
         !(letter >= 0xD800 && letter < 0xE000) && letter != 0xFFFE && letter != 0xFFFF &&
         letter < 0x110000;
}

uint32_t jac_utf8_next(const char **text) {
  static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  const unsigned char *at = (const unsigned char *)*text;
  if (*at == 0)
    return 0;
  int more = *at < 0x80 ? 0 : *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : *at >= 0xC0 ? 1 : -1;
  (*text)++;
  if (more < 0 || *at >= 0xF8)
    return MISSING;
  uint32_t letter = more == 0 ? *at : *at & (0x3Fu >> more);
  for (int k = 1; k <= more; k++) {
    if ((at[k] & 0xC0) != 0x80)
      return MISSING;
    letter = letter << 6 | (at[k] & 0x3Fu);
  }
  *text += more;
  return letter >= least[more] && allowed(letter) ? letter : MISSING;
}

void jac_utf8_write(uint32_t letter, char text[5]) {
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  int more = letter < 0x80 ? 0 : letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
  text[more + 1] = '\0';
  for (int k = more; k > 0; k--, letter >>= 6)
    text[k] = (char)(0x80 | (letter & 0x3F));
  text[0] = (char)(lead[more] | letter);
}
