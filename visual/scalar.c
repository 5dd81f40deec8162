/* Formulas of activations, written as of one number. */
#include "visual/scalar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What the activations' formulas lose: the indices, for each is of one number. */
static const struct {
  const char *from, *to;
} losses[] = {
    {"z^{k}_{n,o} = ", ""},
    {"z^{k-1}_{n,o}", "z"},
    {"{\\delta_{o,i}}", "{1}"},
    {"\\delta_{o,i} \\cdot ", ""},
    {"\\delta_{o,i} ", ""},
    {"\\delta_{o,i}", ""},
    {"zᵏₙₒ = ", ""},
    {"zᵏ⁻¹ₙₒ", "z"},
    {"δₒᵢ/", "1/"},
    {"δₒᵢ·", ""},
    {"δₒᵢ ", ""},
    {"δₒᵢ", ""},
    {"y[n,o] = ", ""},
    {"z[n,o]", "z"},
    {"delta(o, i)/", "1/"},
    {"delta(o, i)*", ""},
    {"delta(o, i)", ""},
};

/* How many bytes of a number with more digits than a table wants; 0: none is here. */
static size_t long_number(const char *at, const char *start) {
  size_t whole = strspn(at, "0123456789");
  if (whole == 0 || at[whole] != '.' ||
      (at > start && (isdigit((unsigned char)at[-1]) || at[-1] == '.')))
    return 0;
  size_t digits = strspn(at + whole + 1, "0123456789");
  digits -= at[whole + 1 + digits] == '['; /* the one of 1[z > 0] */
  return digits > 6 ? whole + 1 + digits : 0;
}

void jac_scalar_add(const char *text, struct jac_buffer *out) {
  size_t begun = out->length;
  for (const char *at = text; *at != '\0';) {
    size_t k = 0, count = sizeof losses / sizeof losses[0],
           digits = long_number(at, text);
    while (k < count && strncmp(at, losses[k].from, strlen(losses[k].from)) != 0)
      k++;
    if (k < count) {
      jac_buffer_add(out, losses[k].to);
      at += strlen(losses[k].from);
    } else if (digits > 0) {
      jac_buffer_printf(out, "%.5g", strtod(at, NULL));
      at += digits;
      jac_buffer_add(out, *at == '1' ? "·" : "");
    } else
      jac_buffer_add_char(out, *at++);
  }
  if (out->length == begun)
    jac_buffer_add_char(out, '1');
}

const char *jac_scalar_bare(struct jac_buffer *text) {
  static const char *const pairs[][2] = {{"\\left(", "\\right)"}, {"(", ")"}};
  for (size_t k = 0; k < 2 && !text->failed; k++) {
    size_t open = strlen(pairs[k][0]), close = strlen(pairs[k][1]), depth = 0;
    if (strncmp(text->text, pairs[k][0], open) != 0 || text->length < open + close ||
        strcmp(text->text + text->length - close, pairs[k][1]) != 0)
      continue;
    for (const char *at = text->text + open - 1; *at != '\0'; at++) {
      depth += *at == '(';
      depth -= *at == ')';
      if (depth == 0 && at[1] != '\0')
        return text->text; /* (a)(b) */
    }
    text->text[text->length - close] = '\0';
    return text->text + open;
  }
  return text->text;
}
