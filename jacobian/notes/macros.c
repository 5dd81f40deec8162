#include "jacobian/notes/macros_internal.h"

#include "jacobian/buffer.h"

#include <stdlib.h>
#include <string.h>

struct jac_macros *jac_macros_new(void) {
  return jac_memory_take(1, sizeof(struct jac_macros));
}

static void macro_free(struct jac_macro *macro) {
  free(macro->name);
  free(macro->body);
  free(macro->optional);
}

void jac_macros_free(struct jac_macros *macros) {
  for (size_t k = 0; macros != NULL && k < macros->count; k++)
    macro_free(&macros->macro[k]);
  if (macros != NULL)
    free(macros->macro);
  free(macros);
}

/* Where the name stands, or should. */
static size_t lower_bound(const struct jac_macros *macros, const char *name,
                          size_t length) {
  size_t low = 0, high = macros->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *other = macros->macro[middle].name;
    int order = strncmp(other, name, length);
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const struct jac_macro *jac_macros_find(const struct jac_macros *macros, const char *name,
                                        size_t length) {
  size_t k = lower_bound(macros, name, length);
  if (k == macros->count || strncmp(macros->macro[k].name, name, length) != 0 ||
      macros->macro[k].name[length] != '\0')
    return NULL;
  return &macros->macro[k];
}

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

size_t jac_control_length(const char *text, size_t length) {
  size_t k = 1;
  while (k < length && letter(text[k]))
    k++;
  if (k > 1 || k == length)
    return k;
  for (k = 2; k < length && ((unsigned char)text[k] & 0xC0) == 0x80;)
    k++;
  return k;
}

size_t jac_group_end(const char *text, size_t length, size_t at, size_t most) {
  size_t depth = 0;
  if (length - at > most)
    length = at + most;
  while (at < length) {
    char c = text[at];
    if (c == '\\') {
      at += jac_control_length(text + at, length - at);
      continue;
    }
    if (c == '%')
      while (at < length && text[at] != '\n')
        at++;
    if (c == '{')
      depth++;
    if (c == '}' && --depth == 0)
      return at + 1;
    at++;
  }
  return 0;
}

/* A definition being read: a window on the text. */
struct definition {
  const char *text;
  size_t length, at;
  struct jac_macro macro;
};

static void skip_space(struct definition *d) {
  while (d->at < d->length && strchr(" \t\r\n", d->text[d->at]) != NULL)
    d->at++;
}

static bool accept(struct definition *d, char c) {
  skip_space(d);
  bool found = d->at < d->length && d->text[d->at] == c;
  d->at += found;
  return found;
}

/* A copy without comments; a comment's line end stays, as a space. */
static char *copy_body(const char *text, size_t length) {
  struct jac_buffer body = JAC_BUFFER_INIT;
  for (size_t k = 0; k < length; k++) {
    if (text[k] == '\\' && k + 1 < length)
      jac_buffer_add_char(&body, text[k++]);
    else if (text[k] == '%')
      while (k + 1 < length && text[k] != '\n')
        k++;
    if (length - k >= 3 && memcmp(text + k, "\xE2\x88\x92", 3) == 0) {
      jac_buffer_add_char(&body, '-');
      k += 2;
    } else
      jac_buffer_add_char(&body, text[k] == '\n' || text[k] == '%' ? ' ' : text[k]);
  }
  return jac_buffer_take(&body);
}

/* \name or {\name}. */
static bool read_name(struct definition *d) {
  bool braced = accept(d, '{');
  skip_space(d);
  if (d->at >= d->length || d->text[d->at] != '\\')
    return false;
  size_t size = jac_control_length(d->text + d->at, d->length - d->at);
  d->macro.name = size > 1 ? strndup(d->text + d->at + 1, size - 1) : NULL;
  d->at += size;
  return d->macro.name != NULL && (!braced || accept(d, '}'));
}

/* {body}, or one control sequence or character. */
static char *read_body(struct definition *d) {
  skip_space(d);
  if (d->at >= d->length || d->text[d->at] == '}')
    return NULL;
  const char *from = d->text + d->at;
  if (*from == '{') {
    size_t end = jac_group_end(d->text, d->length, d->at, JAC_MACRO_BODY);
    size_t size = end > 0 ? end - d->at - 2 : 0;
    d->at = end > 0 ? end : d->at;
    return end > 0 ? copy_body(from + 1, size) : NULL;
  }
  size_t size = *from == '\\' ? jac_control_length(from, d->length - d->at) : 1;
  d->at += size;
  return copy_body(from, size);
}

/* [text], up to the bracket that no brace encloses. */
static char *read_optional(struct definition *d) {
  size_t depth = 0, from = d->at;
  for (; d->at < d->length && d->at < from + JAC_MACRO_BODY; d->at++) {
    char c = d->text[d->at];
    if (c == '\\' && d->at + 1 < d->length)
      d->at++;
    else if (c == '{')
      depth++;
    else if (c == '}' && depth > 0)
      depth--;
    else if (c == ']' && depth == 0)
      return copy_body(d->text + from, d->at++ - from);
  }
  return NULL;
}

/* \newcommand's tail: * {\name} [2] [default] {body}. */
static bool read_newcommand(struct definition *d) {
  accept(d, '*');
  if (!read_name(d))
    return false;
  if (accept(d, '[')) {
    skip_space(d);
    char digit = d->at < d->length ? d->text[d->at] : '\0';
    if (digit < '0' || digit > '9')
      return false;
    d->at++;
    d->macro.arguments = (size_t)(digit - '0');
    if (!accept(d, ']'))
      return false;
    if (d->macro.arguments > 0 && accept(d, '[') &&
        (d->macro.optional = read_optional(d)) == NULL)
      return false;
  }
  d->macro.body = read_body(d);
  return d->macro.body != NULL;
}

/* \def's tail: \name #1#2 {body}. */
static bool read_def(struct definition *d) {
  skip_space(d);
  if (!read_name(d))
    return false;
  for (size_t k = 0; d->at < d->length && d->text[d->at] != '{'; k++, d->at++) {
    char c = d->text[d->at];
    if (c == '\\' || c == '}' || c == '\n' || k > 80)
      return false;
    if (c == ' ')
      continue;
    if (c == '#' && d->at + 1 < d->length &&
        d->text[d->at + 1] == (char)('1' + (char)d->macro.arguments) &&
        d->macro.arguments < JAC_MACRO_ARGUMENTS) {
      d->macro.arguments++;
      d->at++;
    } else
      d->macro.kind = JAC_MACRO_DELIMITED;
  }
  d->macro.body = read_body(d);
  return d->macro.body != NULL;
}

static bool read_let(struct definition *d) {
  if (!read_name(d))
    return false;
  accept(d, '=');
  d->macro.body = read_body(d);
  d->macro.kind = JAC_MACRO_ALIAS;
  return d->macro.body != NULL;
}

static bool read_operator(struct definition *d) {
  struct jac_buffer body = JAC_BUFFER_INIT;
  bool starred = accept(d, '*');
  if (!read_name(d))
    return false;
  char *name = read_body(d);
  if (name == NULL)
    return false;
  jac_buffer_printf(&body, "\\operatorname%s{%s}", starred ? "*" : "", name);
  free(name);
  d->macro.body = jac_buffer_take(&body);
  return d->macro.body != NULL;
}

static const struct {
  const char *word;
  bool (*read)(struct definition *d);
  bool keeps; /* what is defined already stays */
} words[] = {
    {"newcommand", read_newcommand, false},
    {"renewcommand", read_newcommand, false},
    {"providecommand", read_newcommand, true},
    {"DeclareRobustCommand", read_newcommand, false},
    {"def", read_def, false},
    {"gdef", read_def, false},
    {"edef", read_def, false},
    {"xdef", read_def, false},
    {"let", read_let, false},
    {"DeclareMathOperator", read_operator, false},
};

enum { WORDS = sizeof words / sizeof words[0] };

/* \let to a macro copies what it is now. */
static bool resolve_let(const struct jac_macros *macros, struct jac_macro *macro) {
  if (macro->kind != JAC_MACRO_ALIAS || macro->body[0] != '\\')
    return true;
  const struct jac_macro *other =
      jac_macros_find(macros, macro->body + 1, strlen(macro->body + 1));
  if (other == NULL)
    return true;
  char *body = strdup(other->body);
  macro->optional = other->optional != NULL ? strdup(other->optional) : NULL;
  macro->kind = other->kind;
  macro->arguments = other->arguments;
  free(macro->body);
  macro->body = body;
  return body != NULL && (other->optional == NULL || macro->optional != NULL);
}

/* Puts the macro in its place and takes it over. */
static bool store(struct jac_macros *macros, struct jac_macro *macro, bool keeps) {
  size_t length = strlen(macro->name), k = lower_bound(macros, macro->name, length);
  if (jac_macros_find(macros, macro->name, length) != NULL) {
    if (keeps) {
      macro_free(macro);
      return true;
    }
    macro_free(&macros->macro[k]);
    macros->macro[k] = *macro;
    return true;
  }
  if (macros->count == JAC_MACRO_COUNT)
    return false;
  if (macros->count == macros->capacity) {
    size_t capacity = macros->capacity == 0 ? 32 : 2 * macros->capacity;
    struct jac_macro *grown = realloc(macros->macro, capacity * sizeof *grown);
    if (grown == NULL)
      return false;
    macros->macro = grown;
    macros->capacity = capacity;
  }
  memmove(&macros->macro[k + 1], &macros->macro[k],
          (macros->count - k) * sizeof *macros->macro);
  macros->macro[k] = *macro;
  macros->count++;
  return true;
}

size_t jac_macros_define(struct jac_macros *macros, const char *text, size_t length,
                         size_t at) {
  size_t size = jac_control_length(text + at, length - at);
  for (size_t k = 0; k < WORDS; k++) {
    if (strlen(words[k].word) != size - 1 ||
        memcmp(text + at + 1, words[k].word, size - 1) != 0)
      continue;
    struct definition d = {.text = text, .length = length, .at = at + size};
    if (words[k].read(&d) && resolve_let(macros, &d.macro) &&
        store(macros, &d.macro, words[k].keeps))
      return d.at;
    macro_free(&d.macro);
    return 0;
  }
  return 0;
}
