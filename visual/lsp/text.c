#include "visual/lsp/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A line ends with \n, \r\n or \r alone, as the protocol says. */
static bool ends_line(const char *bytes, size_t k) {
  return bytes[k] == '\n' || (bytes[k] == '\r' && bytes[k + 1] != '\n');
}

static bool find_lines(struct jac_lsp_text *t) {
  size_t count = 1;
  for (size_t k = 0; k < t->length; k++)
    count += ends_line(t->bytes, k);
  size_t *line = malloc(count * sizeof *line);
  if (line == NULL)
    return false;
  free(t->line);
  t->line = line;
  t->lines = 0;
  line[t->lines++] = 0;
  for (size_t k = 0; k < t->length; k++)
    if (ends_line(t->bytes, k))
      line[t->lines++] = k + 1;
  return true;
}

enum jac_status jac_lsp_text_set(struct jac_lsp_text *t, const char *bytes,
                                 size_t length) {
  *t = (struct jac_lsp_text){.bytes = malloc(length + 1), .length = length};
  if (t->bytes != NULL) {
    memcpy(t->bytes, bytes, length);
    t->bytes[length] = '\0';
    if (find_lines(t))
      return JAC_OK;
  }
  jac_lsp_text_free(t);
  return JAC_ENOMEM;
}

void jac_lsp_text_free(struct jac_lsp_text *t) {
  free(t->bytes);
  free(t->line);
  *t = (struct jac_lsp_text){0};
}

enum jac_status jac_lsp_text_edit(struct jac_lsp_text *t, size_t from, size_t to,
                                  const char *bytes, size_t length) {
  to = to < t->length ? to : t->length;
  from = from < to ? from : to;
  size_t rest = t->length - to, whole = from + length + rest;
  struct jac_lsp_text made = {.bytes = malloc(whole + 1), .length = whole};
  if (made.bytes == NULL)
    return JAC_ENOMEM;
  memcpy(made.bytes, t->bytes, from);
  memcpy(made.bytes + from, bytes, length);
  memcpy(made.bytes + from + length, t->bytes + to, rest);
  made.bytes[whole] = '\0';
  if (!find_lines(&made)) {
    free(made.bytes);
    return JAC_ENOMEM;
  }
  jac_lsp_text_free(t);
  *t = made;
  return JAC_OK;
}

/* The bytes of the character at an offset, and its units of UTF-16. */
static size_t character(const char *at, size_t left, size_t *units) {
  unsigned char c = (unsigned char)*at;
  size_t size = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  *units = size == 4 ? 2 : 1;
  return size < left ? size : left;
}

static size_t line_end(const struct jac_lsp_text *t, size_t line) {
  size_t end = line + 1 < t->lines ? t->line[line + 1] : t->length;
  while (end > t->line[line] && strchr("\r\n", t->bytes[end - 1]) != NULL && end > 0 &&
         line + 1 < t->lines)
    end--;
  return end;
}

size_t jac_lsp_offset(const struct jac_lsp_text *t, struct jac_lsp_place place) {
  if (place.line >= t->lines)
    return t->length;
  size_t at = t->line[place.line], end = line_end(t, place.line), units;
  for (size_t unit = 0; at < end && unit < place.unit;) {
    size_t size = character(t->bytes + at, end - at, &units);
    if (unit + units > place.unit)
      break;
    unit += units;
    at += size;
  }
  return at;
}

struct jac_lsp_place jac_lsp_place(const struct jac_lsp_text *t, size_t offset) {
  size_t low = 0, high = t->lines, units;
  offset = offset < t->length ? offset : t->length;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (t->line[middle] <= offset)
      low = middle;
    else
      high = middle;
  }
  struct jac_lsp_place place = {low, 0};
  for (size_t at = t->line[low]; at < offset;) {
    size_t size = character(t->bytes + at, t->length - at, &units);
    if (at + size > offset)
      break;
    at += size;
    place.unit += units;
  }
  return place;
}
