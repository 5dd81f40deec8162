#include "jacobian/algebra/brackets.h"

#include <stdbool.h>
#include <string.h>

static bool begins(const char *text, const char *word) {
  return strncmp(text, word, strlen(word)) == 0;
}

/* \leftarrow is no bracket. */
static bool opens(const char *text) {
  return begins(text, "\\left") && !begins(text, "\\leftarrow") &&
         !begins(text, "\\leftright");
}

/* The \right that closes the \left at text, or NULL. */
static char *closing(char *text) {
  size_t depth = 0;
  for (char *c = text; *c != '\0'; c++) {
    if (opens(c))
      depth++;
    else if (begins(c, "\\right") && !begins(c, "\\rightarrow") && --depth == 0)
      return c;
  }
  return NULL;
}

static bool tall(const char *from, const char *to) {
  static const char *const words[] = {"\\frac",  "\\sum", "\\prod",
                                      "\\begin", "\\int", "\\sqrt"};
  for (const char *c = from; c < to; c++) {
    if (opens(c))
      return true;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
      if (begins(c, words[k]))
        return true;
  }
  return false;
}

static void cut(struct jac_buffer *text, char *at, size_t count) {
  char *end = text->text + text->length;
  memmove(at, at + count, (size_t)(end - at) - count + 1);
  text->length -= count;
}

void jac_brackets_draw_near(struct jac_buffer *text, size_t from) {
  for (size_t at = text->length; at-- > from;) {
    const char *c = text->text + at;
    bool digit = at > from && c[-1] >= '0' && c[-1] <= '9';
    bool below = at >= from + 3 && strncmp(c - 3, "\xe2\x82", 2) == 0; /* a subscript */
    if (begins(c, " (") && (digit || below))
      cut(text, text->text + at, 1);
  }
}

/* From the last on, so that what is inside is settled before what is around it. */
void jac_brackets_settle(struct jac_buffer *text, size_t from) {
  for (size_t at = text->length; at-- > from;) {
    char *left = text->text + at;
    char *right = opens(left) ? closing(left) : NULL;
    if (right == NULL || tall(left + 5, right))
      continue;
    cut(text, right, 6);
    cut(text, left, 5);
  }
}
