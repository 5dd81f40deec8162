#include "jacobian/formula/caret.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { BEFORE = 60, AFTER = 30 };

static bool continues(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

/* The part of a text around a position: its bytes, none of a character's left out. */
static void around(const char *text, size_t position, size_t *from, size_t *to) {
  size_t length = strlen(text);
  *from = position > BEFORE ? position - BEFORE : 0;
  while (*from > 0 && continues(text[*from]))
    --*from;
  *to = length - position > AFTER ? position + AFTER : length;
  while (*to < length && continues(text[*to]))
    ++*to;
}

enum jac_status jac_caret(struct jac_error *err, const char *text, size_t position) {
  if (err == NULL)
    return JAC_EINPUT;
  size_t length = strlen(text), from, to, used = strlen(err->message);
  position = position < length ? position : length;
  around(text, position, &from, &to);
  char line[BEFORE + AFTER + 16];
  size_t count = 0, column = 0;
  for (size_t k = from; k < to && count + 1 < sizeof line; k++) {
    column += k < position && !continues(text[k]);
    line[count++] = text[k] == '\n' || text[k] == '\t' ? ' ' : text[k];
  }
  line[count] = '\0';
  const char *left = from > 0 ? "..." : "", *right = to < length ? "..." : "";
  snprintf(err->message + used, sizeof err->message - used, "\n  %s%s%s\n  %*s^", left,
           line, right, (int)(column + strlen(left)), "");
  return err->status;
}
