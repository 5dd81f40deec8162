/* Translations without gettext: catalogues as msgfmt writes them, compiled in. */
#include "jacobian/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* `catalogues`, NULL first for English: made by .ci/engine from visual/po. */
#include "catalogues.h"

static size_t language;

__attribute__((export_name("engine_language"), used)) void engine_language(size_t number);
void engine_language(size_t number) {
  language = number < sizeof catalogues / sizeof catalogues[0] ? number : 0;
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
  const unsigned char *mo = catalogues[language];
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

/* French has the singular for 0 too. */
const char *jac_text_plural(const char *one, const char *many, unsigned long count) {
  const char *found = jac_text(one);
  if (found == one)
    return count == 1 ? one : many;
  return count > 1 ? found + strlen(found) + 1 : found;
}
