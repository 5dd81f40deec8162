#include "jacobian/notes/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Settings being read. */
struct settings {
  const char *text, *end;
  bool yaml;
  bool spelt; /* names have their backslash: MyST's `math` holds other things too */
  struct jac_buffer *out;
};

/* One macro: its body, and how many arguments it takes; -1: as many as the body says. */
struct value {
  struct jac_buffer body;
  int arguments;
  bool found;
};

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *line_end(const struct settings *s, const char *at) {
  const char *end = memchr(at, '\n', (size_t)(s->end - at));
  return end != NULL ? end : s->end;
}

/* Past spaces, and in flow style past line ends and comments too. */
static const char *space(const struct settings *s, const char *at, bool flow) {
  while (at < s->end) {
    bool comment =
        flow && (*at == '#' || (*at == '/' && at + 1 < s->end && at[1] == '/'));
    if (comment)
      at = line_end(s, at);
    else if (*at == ' ' || *at == '\t' || (flow && (*at == '\n' || *at == '\r')))
      at++;
    else
      break;
  }
  return at;
}

/* Whether the quotation at text[at] is without escapes: r'...', String.raw`...`. */
static bool raw_quote(const struct settings *s, const char *at) {
  if (s->yaml && *at == '\'')
    return true;
  return at > s->text && (at[-1] == 'r' || (at[-1] == 'w' && *at == '`'));
}

/* A quoted string: what stands behind it, or NULL where it does not end. */
static const char *quoted(const struct settings *s, const char *at,
                          struct jac_buffer *out) {
  char quote = *at;
  bool raw = raw_quote(s, at);
  for (at++; at < s->end; at++) {
    bool more = at + 1 < s->end, twice = raw && s->yaml && more && at[1] == quote;
    if (*at == quote && !twice)
      return at + 1;
    if (*at == quote || (*at == '\\' && !raw && more))
      at++; /* '' is ' */
    if (*at != '\n')
      jac_buffer_add_char(out, *at);
  }
  return NULL;
}

/* At a quotation, past what marks it as raw. */
static const char *quotation(const struct settings *s, const char *at) {
  static const char raw[] = "String.raw";
  size_t size = sizeof raw - 1;
  if ((size_t)(s->end - at) > size && memcmp(at, raw, size) == 0)
    at += size;
  else if (!s->yaml && s->end - at > 1 && *at == 'r' && (at[1] == '"' || at[1] == '\''))
    at++;
  return at < s->end && (*at == '"' || *at == '\'' || *at == '`') ? at : NULL;
}

/* A string in quotes, or bare up to what ends it; NULL where there is none. */
static const char *scalar(const struct settings *s, const char *at, const char *ends,
                          struct jac_buffer *out) {
  const char *quote = quotation(s, at);
  if (quote != NULL)
    return quoted(s, quote, out);
  const char *from = at;
  while (at < s->end && strchr(ends, *at) == NULL)
    at++;
  const char *last = at;
  while (last > from && (last[-1] == ' ' || last[-1] == '\r'))
    last--;
  jac_buffer_add_bytes(out, from, (size_t)(last - from));
  return last > from ? at : NULL;
}

/* What stands behind a default, ", 'd'"; NULL: there is none. */
static const char *skip_default(const struct settings *s, const char *at) {
  struct jac_buffer other = JAC_BUFFER_INIT;
  const char *next = *at == ',' ? space(s, at + 1, true) : at;
  const char *quote = next < s->end ? quotation(s, next) : NULL;
  next = quote != NULL ? quoted(s, quote, &other) : NULL;
  jac_buffer_free(&other);
  return next;
}

/* ["body", 2]; a macro with a default, ["body", 2, "default"], is not found: LaTeX has
 * that argument first, and in brackets. */
static const char *list(const struct settings *s, const char *at, struct value *v) {
  at = scalar(s, space(s, at + 1, true), ",]\n", &v->body);
  if (at == NULL)
    return NULL;
  v->found = true;
  at = space(s, at, true);
  if (at < s->end && *at == ',') {
    at = space(s, at + 1, true);
    if (at < s->end && *at >= '0' && *at <= '9')
      v->arguments = *at++ - '0';
    at = space(s, at, true);
  }
  if (at < s->end && *at == ',') {
    const char *next = skip_default(s, at);
    v->found = next == NULL; /* a comma alone is none */
    at = space(s, next != NULL ? next : at + 1, true);
  }
  return at < s->end && *at == ']' ? at + 1 : at;
}

static int most_arguments(const char *body) {
  int most = 0;
  for (; *body != '\0'; body++)
    if (body[0] == '#' && body[1] >= '1' && body[1] <= '9' && body[1] - '0' > most)
      most = body[1] - '0';
  return most;
}

static void define(struct settings *s, const char *name, struct value *v) {
  bool spelt = name[0] == '\\';
  name += spelt;
  size_t letters = 0;
  while (letter(name[letters]))
    letters++;
  bool word = letters > 0 && name[letters] == '\0';
  bool sign = !word && letters == 0 && name[0] != '\0' && name[1] == '\0';
  if (v->found && !v->body.failed && (word || sign) && (spelt || !s->spelt)) {
    int count = v->arguments >= 0 ? v->arguments : most_arguments(v->body.text);
    jac_buffer_printf(s->out, "\\newcommand{\\%s}", name);
    if (count > 0)
      jac_buffer_printf(s->out, "[%d]", count);
    jac_buffer_printf(s->out, "{%s}\n", v->body.text);
  }
  jac_buffer_free(&v->body);
}

/* Past a value in braces or brackets that is none of ours, up to the comma behind it. */
static const char *skip_flow(const struct settings *s, const char *at) {
  int depth = 0;
  for (; at < s->end; at++) {
    if (*at == '"' || *at == '\'') {
      struct jac_buffer none = JAC_BUFFER_INIT;
      const char *next = quoted(s, at, &none);
      jac_buffer_free(&none);
      if (next == NULL)
        return s->end;
      at = next - 1;
    } else if (*at == '{' || *at == '[')
      depth++;
    else if (depth == 0 && (*at == ',' || *at == '}' || *at == ']'))
      return at;
    else if (*at == '}' || *at == ']')
      depth--;
  }
  return at;
}

/* name: value, of a map in braces: what stands behind it, or NULL. */
static const char *pair(struct settings *s, const char *at) {
  struct jac_buffer name = JAC_BUFFER_INIT;
  struct value v = {JAC_BUFFER_INIT, -1, false};
  const char *next = scalar(s, at, ":,}\n", &name);
  next = next != NULL ? space(s, next, true) : NULL;
  if (next != NULL && next < s->end && *next == ':') {
    next = space(s, next + 1, true);
    bool bracket = next < s->end && *next == '[';
    const char *text = bracket ? list(s, next, &v) : scalar(s, next, ",}\n", &v.body);
    v.found = bracket ? v.found : text != NULL;
    next = text != NULL ? text : next;
    if (!name.failed && name.text != NULL)
      define(s, name.text, &v);
  }
  jac_buffer_free(&name);
  jac_buffer_free(&v.body);
  return next;
}

/* { name: value, ... }: what stands behind it. */
static const char *flow(struct settings *s, const char *at) {
  at = space(s, at + 1, true);
  while (at < s->end && *at != '}') {
    const char *next = pair(s, at);
    at = skip_flow(s, next != NULL ? next : at);
    if (at < s->end && *at == ']')
      return at;
    at = at < s->end && *at == ',' ? space(s, at + 1, true) : at;
  }
  return at < s->end ? at + 1 : at;
}

static bool line_over(const struct settings *s, const char *at) {
  return at == s->end || *at == '\n' || *at == '\r' || *at == '#';
}

static size_t indent_of(const struct settings *s, const char *line) {
  const char *at = space(s, line, false);
  return line_over(s, at) ? SIZE_MAX : (size_t)(at - line);
}

/* `- "body"` and `- 2`, or `macro: body`, of a macro. */
static void nested_line(const struct settings *s, const char *at, struct value *v) {
  static const char word[] = "macro:";
  size_t size = sizeof word - 1;
  if (*at == '-') {
    at = space(s, at + 1, false);
    if (v->found && at < s->end && *at >= '0' && *at <= '9')
      v->arguments = *at - '0';
    else if (!v->found)
      v->found = scalar(s, at, "\n", &v->body) != NULL;
  } else if ((size_t)(s->end - at) > size && memcmp(at, word, size) == 0)
    v->found = scalar(s, space(s, at + size, false), "\n", &v->body) != NULL;
}

/* The lines under `name:` in a block. */
static const char *nested(const struct settings *s, const char *line, size_t indent,
                          struct value *v) {
  while (line < s->end) {
    size_t deep = indent_of(s, line);
    if (deep != SIZE_MAX) {
      if (deep < indent || (deep == indent && line[deep] != '-'))
        break;
      nested_line(s, line + deep, v);
    }
    line = line_end(s, line);
    line += line < s->end;
  }
  return line;
}

/* name: value, a line each, indented by more than this: what stands behind them. */
static const char *block(struct settings *s, const char *line, size_t least) {
  size_t indent = SIZE_MAX;
  while (line < s->end) {
    size_t own = indent_of(s, line);
    const char *next = line_end(s, line);
    next += next < s->end;
    if (own != SIZE_MAX) {
      if (indent == SIZE_MAX)
        indent = own;
      if (own <= least || own != indent)
        return line;
      struct jac_buffer name = JAC_BUFFER_INIT;
      struct value v = {JAC_BUFFER_INIT, -1, false};
      const char *at = scalar(s, line + own, ":\n", &name);
      at = at != NULL ? space(s, at, false) : NULL;
      if (at != NULL && at < s->end && *at == ':') {
        at = space(s, at + 1, false);
        if (line_over(s, at))
          next = nested(s, next, own, &v);
        else if (*at == '[')
          list(s, at, &v);
        else
          v.found = scalar(s, at, "\n", &v.body) != NULL;
        if (!name.failed && name.text != NULL)
          define(s, name.text, &v);
      }
      jac_buffer_free(&name);
      jac_buffer_free(&v.body);
    }
    line = next;
  }
  return line;
}

/* The word of a map of macros at text[at], 0 where there is none: how long it is. */
static size_t map_word(const struct settings *s, const char *at, bool *spelt) {
  static const char *const words[] = {"macros", "Macros", "math"};
  if (at > s->text && (letter(at[-1]) || at[-1] == '_' || at[-1] == '-'))
    return 0;
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
    size_t size = strlen(words[k]);
    if ((size_t)(s->end - at) > size && memcmp(at, words[k], size) == 0 &&
        !letter(at[size])) {
      *spelt = k == 2;
      return size;
    }
  }
  return 0;
}

/* The map behind its word: what stands behind it, or behind the word. */
static const char *map(struct settings *s, const char *word, size_t size) {
  const char *at = word + size;
  at += at < s->end && (*at == '"' || *at == '\'');
  const char *sign = space(s, at, false);
  if (sign == s->end || (*sign != ':' && *sign != '='))
    return at;
  const char *from = space(s, sign + 1, false);
  if (from < s->end && *from == '{')
    return flow(s, from);
  if (!s->yaml || !line_over(s, from))
    return at;
  const char *line = word;
  while (line > s->text && line[-1] != '\n')
    line--;
  from = line_end(s, from);
  return block(s, from < s->end ? from + 1 : from, indent_of(s, line));
}

/* \newcommand and its like, as they stand: the line, and what it goes on with. */
static const char *plain(struct settings *s, const char *at) {
  static const char *const words[] = {"\\newcommand", "\\renewcommand",
                                      "\\providecommand", "\\DeclareMathOperator",
                                      "\\def\\"};
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
    size_t size = strlen(words[k]);
    if ((size_t)(s->end - at) <= size || memcmp(at, words[k], size) != 0)
      continue;
    const char *end = line_end(s, at);
    jac_buffer_add_bytes(s->out, at, (size_t)(end - at));
    jac_buffer_add(s->out, "\n");
    return end;
  }
  return at + 1;
}

void jac_notes_settings(const char *text, size_t length, bool yaml,
                        struct jac_buffer *out) {
  struct settings s = {.text = text, .end = text + length, .yaml = yaml, .out = out};
  const char *at = text;
  while (at < s.end) {
    size_t size = *at == 'm' || *at == 'M' ? map_word(&s, at, &s.spelt) : 0;
    bool doubled = *at == '\\' && at > text && at[-1] == '\\';
    if (size > 0)
      at = map(&s, at, size);
    else
      at = *at == '\\' && !doubled ? plain(&s, at) : at + 1;
  }
}
