#include "visual/escape.h"

#include "visual/csv.h"

#include <stdbool.h>
#include <string.h>

/* How many bytes the UTF-8 character at text has, and its number; 0: it is none. */
static size_t character(const unsigned char *text, unsigned long *number) {
  static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t size = text[0] < 0x80             ? 1
                : (text[0] & 0xE0) == 0xC0 ? 2
                : (text[0] & 0xF0) == 0xE0 ? 3
                : (text[0] & 0xF8) == 0xF0 ? 4
                                           : 0;
  *number = size == 1 ? text[0] : size == 0 ? 0 : text[0] & (0x7Fu >> size);
  for (size_t k = 1; k < size; k++) {
    if ((text[k] & 0xC0) != 0x80)
      return 0;
    *number = *number << 6 | (text[k] & 0x3F);
  }
  bool surrogate = *number >= 0xD800 && *number <= 0xDFFF;
  return size > 0 && *number >= least[size] && *number <= 0x10FFFF && !surrogate ? size
                                                                                 : 0;
}

static bool control(unsigned long number) {
  return (number < 0x20 && number != '\n' && number != '\t') ||
         (number >= 0x7F && number < 0xA0) || number == 0x200E || number == 0x200F ||
         (number >= 0x202A && number <= 0x202E) || (number >= 0x2066 && number <= 0x2069);
}

void jac_escape_terminal(const char *text, struct jac_buffer *out) {
  const unsigned char *at = (const unsigned char *)text;
  while (*at != '\0') {
    unsigned long number;
    size_t size = character(at, &number);
    if (size == 0)
      jac_buffer_printf(out, "\\x%02x", (unsigned)*at++);
    else if (control(number))
      jac_buffer_printf(out, number < 0x100 ? "\\x%02lx" : "\\u%04lx", number);
    else
      jac_buffer_add_bytes(out, (const char *)at, size);
    at += size;
  }
}

void jac_escape_utf8(const char *text, struct jac_buffer *out) {
  const unsigned char *at = (const unsigned char *)text;
  while (*at != '\0') {
    unsigned long number;
    size_t size = character(at, &number);
    if (size == 0) {
      jac_buffer_add(out, "\xEF\xBF\xBD");
      at++;
    } else
      jac_buffer_add_bytes(out, (const char *)at, size);
    at += size;
  }
}

void jac_escape_csv(const char *text, struct jac_buffer *out) {
  struct jac_buffer cell = JAC_BUFFER_INIT;
  if (*text != '\0' && strchr("=+-@\t\r", *text) != NULL)
    jac_buffer_add_char(&cell, '\'');
  jac_escape_terminal(text, &cell);
  jac_csv_add_text(out, cell.text);
  out->failed = out->failed || cell.failed;
  jac_buffer_free(&cell);
}

void jac_escape_markdown(const char *text, struct jac_buffer *out) {
  struct jac_buffer plain = JAC_BUFFER_INIT;
  jac_escape_terminal(text, &plain);
  for (const char *at = plain.text; *at != '\0'; at++)
    if (*at == '<')
      jac_buffer_add(out, "&lt;");
    else if (*at == '>')
      jac_buffer_add(out, "&gt;");
    else if (*at == '&')
      jac_buffer_add(out, "&amp;");
    else if (*at == '\n' || *at == '\t')
      jac_buffer_add_char(out, ' ');
    else {
      if (strchr("\\`*_[]|~!#$", *at) != NULL)
        jac_buffer_add_char(out, '\\');
      jac_buffer_add_char(out, *at);
    }
  out->failed = out->failed || plain.failed;
  jac_buffer_free(&plain);
}

void jac_escape_uri(const char *name, struct jac_buffer *out) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789-._~/";
  jac_buffer_add(out, *name == '/' ? "file://" : "");
  for (; *name != '\0'; name++)
    if (strchr(plain, *name) != NULL)
      jac_buffer_add_char(out, *name);
    else
      jac_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)*name);
}
