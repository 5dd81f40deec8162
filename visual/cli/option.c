#include "visual/cli/option.h"

#include <string.h>

const char *jac_words_next(const char *at, size_t *length) {
  if (at == NULL)
    return NULL;
  at += strspn(at, " ");
  *length = strcspn(at, " ");
  return *length > 0 ? at : NULL;
}

bool jac_words_have(const char *words, const char *word, size_t length) {
  size_t here;
  for (const char *at = words; (at = jac_words_next(at, &here)) != NULL; at += here)
    if (here == length && strncmp(at, word, length) == 0)
      return true;
  return false;
}

bool jac_option_known(const struct jac_option *option, const char *command) {
  return option->commands == NULL ||
         jac_words_have(option->commands, command, strlen(command));
}

const struct jac_option *jac_option_at(const char *command, size_t k) {
  const struct jac_option *option;
  for (size_t row = 0; (option = jac_option_row(row)) != NULL; row++)
    if (jac_option_known(option, command) && k-- == 0)
      return option;
  return NULL;
}
