#include "jacobian/formula/bare_sum.h"

#include "jacobian/formula/caret.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool begins(const char *text, const char *at) {
  return at == text || !(isalnum((unsigned char)at[-1]) || strchr("_\\{", at[-1]));
}

static bool is_given(const char *name, const void *given, size_t bytes, size_t count) {
  for (size_t k = 0; k < count; k++)
    if (strcmp(*(const char *const *)((const char *)given + k * bytes), name) == 0)
      return true;
  return false;
}

enum jac_status jac_refuse_bare_sum(const char *text, const void *given, size_t bytes,
                                    size_t count, struct jac_error *err) {
  static const char *const words[] = {"sum", "prod"};
  for (const char *c = text; *c; c++)
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
      size_t length = strlen(words[k]);
      if (!begins(text, c) || strncmp(c, words[k], length) != 0 || c[length] != '_')
        continue;
      const char *letter = c + length + 1 + (c[length + 1] == '{');
      size_t letters = 0;
      while (isalnum((unsigned char)letter[letters]) || letter[letters] == '_')
        letters++;
      char name[40];
      snprintf(name, sizeof name, "%s_%.*s", words[k], (int)letters, letter);
      if (!letters || letters > 30 || is_given(name, given, bytes, count))
        continue;
      jac_fail(
          err, JAC_EINPUT,
          _("%s is a name: a sum over %c is %s(%c, ...), with ends %s(%c = 1:n, ...), "
            "in LaTeX \\%s_%c"),
          name, *letter, words[k], *letter, words[k], *letter, words[k], *letter);
      return jac_caret(err, text, (size_t)(c - text));
    }
  return JAC_OK;
}
