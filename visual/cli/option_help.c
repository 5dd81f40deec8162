#include "visual/cli/option_help.h"

#include "jacobian/text.h"

#include <string.h>

const char *jac_option_value(const struct jac_option *option) {
  return option->value != NULL ? _(option->value) : NULL;
}

/* Adds the words that the command's formats have too, or all where it is none. */
static void add_words(const char *words, const char *before,
                      const struct jac_format *formats, struct jac_buffer *out) {
  size_t length, count = 0;
  for (const char *at = words; (at = jac_words_next(at, &length)) != NULL; at += length) {
    bool here = formats == NULL;
    for (const struct jac_format *f = formats; f != NULL && f->name != NULL; f++)
      here = here || jac_words_have(f->name, at, length);
    if (here)
      jac_buffer_printf(out, "%s%s%.*s", count++ > 0 ? ", " : "", before, (int)length,
                        at);
  }
}

void jac_option_describe(const struct jac_option *o, const struct jac_command *command,
                         struct jac_buffer *out) {
  if (o->type == JAC_OPTION_FORMAT) {
    jac_format_names(command->formats, out);
    jac_buffer_printf(out, " (%s)", _(o->help));
    return;
  }
  jac_buffer_add(out, _(o->help));
  if (o->formats != NULL || o->with != NULL) {
    jac_buffer_add(out, " [");
    jac_buffer_add(out, o->formats != NULL ? "--format " : "");
    add_words(o->formats, "", command->formats, out);
    jac_buffer_add(out, o->formats != NULL && o->with != NULL ? ", " : "");
    add_words(o->with, "--", NULL, out);
    jac_buffer_add(out, "]");
  }
}

/* The bytes of what fits on a line of that many columns, broken between words. */
static size_t line_length(const char *text, size_t columns) {
  size_t length = 0, last = 0, wide = 0;
  for (; text[length] != '\0' && wide <= columns; length++) {
    if (text[length] == ' ')
      last = length;
    wide += ((unsigned char)text[length] & 0xC0) != 0x80;
  }
  return text[length] == '\0' && wide <= columns ? length : last > 0 ? last : length;
}

void jac_options_help(const struct jac_command *command, FILE *out) {
  enum { LEFT = 21, RIGHT = 56 };
  const struct jac_option *o;
  for (size_t k = 0; (o = jac_option_at(command->name, k)) != NULL; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    const char *value = jac_option_value(o);
    char left[64];
    jac_option_describe(o, command, &text);
    snprintf(left, sizeof left, "--%s%s%s", o->name, value != NULL ? " " : "",
             value != NULL ? value : "");
    /* A name that is too long for its column stands on a line of its own. */
    if (strlen(left) >= LEFT)
      fprintf(out, "  %s\n", left);
    for (const char *at = text.text; *at != '\0';) {
      size_t length = line_length(at, RIGHT);
      bool first = at == text.text && strlen(left) < LEFT;
      fprintf(out, "  %-*s %.*s\n", LEFT - 1, first ? left : "", (int)length, at);
      at += length;
      at += *at == ' ' ? 1 : 0;
    }
    jac_buffer_free(&text);
  }
}
