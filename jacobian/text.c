/* Texts in another language, from a catalogue in memory: the same in the program, on a
 * machine without locales, and in the page. */
#include "jacobian/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const unsigned char *catalogue;

void jac_text_use(const unsigned char *mo) {
  catalogue = mo;
}

static uint32_t word(const unsigned char *at) {
  return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The k-th text of the table that the word at `table` points to: 12 for ours, sorted, 16
 * for theirs (GNU gettext's manual, "The Format of GNU MO Files"). */
static const char *text_at(const unsigned char *mo, size_t table, size_t k) {
  return (const char *)mo + word(mo + word(mo + table) + 8 * k + 4);
}

const char *jac_text(const char *text) {
  const unsigned char *mo = catalogue;
  size_t low = 0, high = mo != NULL ? word(mo + 8) : 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(text, text_at(mo, 12, middle));
    if (order == 0)
      return text_at(mo, 16, middle);
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return text;
}

/* Of two forms; French has the singular for 0 too, as the catalogue's head says. */
const char *jac_text_plural(const char *one, const char *many, unsigned long count) {
  const char *found = jac_text(one);
  if (found == one)
    return count == 1 ? one : many;
  bool plural = strstr(jac_text(""), "plural=(n > 1)") != NULL ? count > 1 : count != 1;
  return plural ? found + strlen(found) + 1 : found;
}
