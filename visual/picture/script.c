#include "visual/picture/script.h"

#include "visual/picture/font.h"

#include <string.h>

enum level { BASE, RAISED, LOWERED };

/* Where raised and lowered letters stand, and how large they are, in sizes of the font.
 */
static const double shift[] = {0.0, -0.4, 0.24}, scale[] = {1.0, 0.72, 0.72};

static bool in_table(const char *from, const char *to, uint32_t *letter) {
  while (*from != '\0') {
    uint32_t a = jac_utf8_next(&from), b = jac_utf8_next(&to);
    if (a == *letter) {
      *letter = b;
      return true;
    }
  }
  return false;
}

/* The letter without its height, and the height. */
static enum level read_level(uint32_t *letter) {
  if (*letter < 0x80)
    return BASE;
  if (in_table("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵏˡⁿⁱᵗʰᵀ", "0123456789+−()klnithT", letter))
    return RAISED;
  if (in_table("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ‚•", "0123456789aehijklmnoprstuvx,•", letter))
    return LOWERED;
  return BASE;
}

static bool is_alphabetic(uint32_t letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= 0x3B1 && letter <= 0x3C9) || letter == 0x2113;
}

/* Long: one walk over the letters, and what each does to the pen. */
double jac_script_lay(const char *text, double size, bool math, jac_letter_put *put,
                      void *context) {
  double pen = 0.0, raised_at = 0.0, raised_end = 0.0;
  enum level level = BASE, before = BASE;
  bool letters_before = false;
  for (uint32_t letter; (letter = jac_utf8_next(&text)) != 0; before = level) {
    level = read_level(&letter);
    if (level == RAISED && before != RAISED)
      raised_at = pen;
    if (level == LOWERED && before == RAISED) {
      raised_end = pen;
      pen = raised_at;
    } else if (level != LOWERED && before == LOWERED) {
      pen = pen > raised_end ? pen : raised_end;
      raised_end = 0.0;
    }
    const char *ahead = text;
    bool alphabetic = is_alphabetic(letter);
    bool alone = alphabetic && !(before == level && letters_before);
    uint32_t next = jac_utf8_next(&ahead);
    alone =
        alone && !(read_level(&next) == level && level == BASE && is_alphabetic(next));
    struct jac_letter at = {letter, pen, shift[level] * size, scale[level] * size,
                            math && alphabetic && (alone || level != BASE)};
    if (put != NULL)
      put(context, &at);
    pen += jac_font_glyph(letter)->advance / JAC_FONT_UNITS * at.size;
    letters_before = alphabetic;
  }
  return pen > raised_end ? pen : raised_end;
}

size_t jac_script_fit(const char *text, double size, double width) {
  char part[8];
  double pen = 0.0;
  size_t word = 0;
  const char *at = text;
  while (*at != '\0') {
    const char *start = at;
    uint32_t letter = jac_utf8_next(&at);
    if (letter == ' ')
      word = (size_t)(start - text);
    jac_utf8_write(letter, part);
    pen += jac_script_lay(part, size, false, NULL, NULL);
    if (pen > width && start > text)
      return word > 0 ? word : (size_t)(start - text);
  }
  return (size_t)(at - text);
}
