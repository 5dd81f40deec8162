#include "jacobian/notes/yaml.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct yaml {
  const char *at, *end;
  size_t line; /* of at */
  size_t deep; /* lines indented by as much belong to the value that is read */
};

static bool is_one(const struct yaml *y, const char *signs) {
  return y->at < y->end && *y->at != '\0' && strchr(signs, *y->at) != NULL;
}

static void step(struct yaml *y) {
  y->line += *y->at == '\n';
  y->at++;
}

static void skip_line(struct yaml *y) {
  while (y->at < y->end && *y->at != '\n')
    y->at++;
  if (y->at < y->end)
    step(y);
}

static size_t skip_spaces(struct yaml *y) {
  const char *from = y->at;
  while (y->at < y->end && *y->at == ' ')
    y->at++;
  return (size_t)(y->at - from);
}

/* Past a quotation; false: it has no end. */
static bool skip_quoted(struct yaml *y) {
  char quote = *y->at;
  for (step(y); y->at < y->end; step(y)) {
    bool more = y->at + 1 < y->end;
    if (more && ((quote == '"' && *y->at == '\\') ||
                 (quote == '\'' && *y->at == '\'' && y->at[1] == '\'')))
      step(y);
    else if (*y->at == quote) {
      step(y);
      return true;
    }
  }
  return false;
}

/* Whether a word goes on here, as in a:"b; in "a":"b" it does not. At least two
 * characters stand before, or no colon. */
static bool glued(const struct yaml *y) {
  return y->at[-1] == ':' && y->at[-2] != '"' && y->at[-2] != '\'';
}

/* Past what a bracket opens, and brackets within; false: it has no end. A quotation is
 * one where a value may begin. */
static bool skip_flow(struct yaml *y) {
  size_t depth = 0;
  char before = '[';
  while (y->at < y->end) {
    char c = *y->at;
    if ((c == '"' || c == '\'') && strchr("[{,:", before) != NULL && !glued(y)) {
      if (!skip_quoted(y))
        return false;
      before = c;
      continue;
    }
    if (c == '#' && strchr(" \t\n[]{},", y->at[-1]) != NULL) {
      skip_line(y);
      continue;
    }
    depth += c == '[' || c == '{';
    depth -= c == ']' || c == '}';
    step(y);
    if (depth == 0)
      return true;
    if (strchr(" \t\r\n", c) == NULL)
      before = c;
  }
  return false;
}

/* Past what a sign opens; false: it has no end. */
static bool skip_closed(struct yaml *y) {
  return is_one(y, "[{") ? skip_flow(y) : skip_quoted(y);
}

/* Past the lines that go on with a value: of a block scalar, or of words. */
static void skip_deep(struct yaml *y) {
  while (y->at < y->end) {
    struct yaml line = *y;
    if (skip_spaces(&line) < y->deep && line.at < line.end && !is_one(&line, "\r\n"))
      return;
    skip_line(y);
  }
}

/* Whether this many characters on a word has ended. */
static bool ends_word(const struct yaml *y, size_t length) {
  struct yaml behind = *y;
  behind.at += length;
  return behind.at == behind.end || is_one(&behind, " \r\n");
}

/* Past `name:`, where the line has one; false: it has none, or one of another kind. */
static bool skip_name(struct yaml *y) {
  struct yaml name = *y;
  if (is_one(&name, "[{?&!") || (is_one(&name, "\"'") && !skip_quoted(&name)))
    return false;
  while (name.at < name.end && !is_one(&name, "\n#")) {
    bool last = *name.at == ':' && ends_word(&name, 1);
    name.at++;
    if (last) {
      *y = name;
      return true;
    }
  }
  return false;
}

/* Past what says that a value follows on the line that begins there: the start of a
 * document, dashes, a name; false: nothing says so. */
static bool skip_to_value(struct yaml *y, const char *from) {
  bool value = y->at == from && y->end - from >= 3 && memcmp(from, "---", 3) == 0 &&
               ends_word(y, 3);
  if (value) {
    y->at += 3;
    y->deep = 0;
    skip_spaces(y);
  }
  for (; is_one(y, "-") && ends_word(y, 1); value = true) {
    y->at++;
    y->deep = (size_t)(y->at - from);
    skip_spaces(y);
  }
  size_t column = (size_t)(y->at - from);
  if (skip_name(y)) {
    y->deep = column + 1;
    value = true;
  }
  skip_spaces(y);
  return value;
}

size_t jac_notes_yaml_fault(const char *text, size_t length, char *sign) {
  struct yaml y = {text, text + length, 1, 0};
  bool awaited = true; /* a value may begin the line: of a name that stood alone before */
  while (y.at < y.end) {
    const char *from = y.at;
    size_t indent = skip_spaces(&y), line = y.line;
    *sign = '\t';
    if (indent == 0 && is_one(&y, "\t") && skip_name(&y))
      return line;
    if (!is_one(&y, "#\r\n")) {
      bool value = skip_to_value(&y, from) || awaited;
      if (!value)
        y.deep = indent;
      awaited = y.at == y.end || is_one(&y, "#\r\n");
      *sign = awaited ? '\n' : *y.at;
      bool closed = value && is_one(&y, "\"'[{");
      if (closed && !skip_closed(&y))
        return line;
      skip_line(&y);
      if (!closed && !awaited)
        skip_deep(&y);
    } else
      skip_line(&y);
  }
  return 0;
}
