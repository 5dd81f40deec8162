#include "visual/formula_lines.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

enum { LEAST = 30 };

/* What it costs to read on in the next line at this blank. */
static unsigned price_of(const char *blank, unsigned depth) {
  static const char *const signs[] = {"+ ", "- ", "− ", "⊗ ", "⊙ "};
  enum { COUNT = sizeof signs / sizeof *signs, SUMS = 3 };
  size_t k = 0;
  if (blank[-1] == ';')
    return 4 * depth;
  while (k < COUNT && strncmp(blank + 1, signs[k], strlen(signs[k])) != 0)
    k++;
  return 4 * depth + (k < SUMS ? 1 : k < COUNT ? 2 : 3);
}

/* Where the part of a formula ends that so many characters hold: at the blank of the
 * least price, the last such one. All of it where it fits. */
static size_t part_of(const char *formula, size_t room) {
  size_t best = 0, wide = 0, k = 0;
  unsigned best_price = UINT_MAX, depth = 0;
  for (; formula[k] && (wide < room || best == 0); k++) {
    wide += ((unsigned char)formula[k] & 0xC0) != 0x80;
    if (strchr("([{", formula[k]) != NULL)
      depth++;
    else if (strchr(")]}", formula[k]) != NULL && depth > 0)
      depth--;
    if (formula[k] != ' ' || k == 0)
      continue;
    unsigned price = price_of(formula + k, depth) + (wide < LEAST ? 100 : 0);
    if (price <= best_price) {
      best = k;
      best_price = price;
    }
  }
  return formula[k] == '\0' && wide <= room ? k : best > 0 ? best : k;
}

void jac_formula_lines(const char *before, const char *formula, size_t indent,
                       size_t width, struct jac_buffer *out) {
  struct jac_buffer all = JAC_BUFFER_INIT;
  jac_buffer_printf(&all, "%s%s", before, formula);
  for (const char *at = all.failed ? "" : all.text; *at;) {
    bool first = at == all.text;
    size_t lead = first ? strspn(at, " ") : 0, own = first ? lead : indent;
    size_t room = width == 0 ? SIZE_MAX : width > own + LEAST ? width - own : LEAST;
    size_t part = lead + part_of(at + lead, room);
    for (size_t k = 0; k < indent && !first; k++)
      jac_buffer_add_char(out, ' ');
    jac_buffer_add_bytes(out, at, part);
    jac_buffer_add_char(out, '\n');
    at += part + strspn(at + part, " ");
  }
  out->failed = out->failed || all.failed;
  jac_buffer_free(&all);
}
