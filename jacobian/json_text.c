#include "jacobian/json_text.h"

#include <stdbool.h>
#include <string.h>

const char *jac_json_space(const char *at) {
  return at + strspn(at, " \t\r\n");
}

/* Past the string that opens at c. */
static const char *past_string(const char *c) {
  for (c++; *c != '"'; c++)
    c += *c == '\\';
  return c + 1;
}

const char *jac_json_past(const char *at) {
  size_t depth = 0;
  do {
    if (*at == '"')
      at = past_string(at);
    else {
      depth += *at == '{' || *at == '[';
      depth -= *at == '}' || *at == ']';
      at++;
    }
    if (depth == 0)
      return at + (at[-1] != '}' && at[-1] != ']' && at[-1] != '"'
                       ? strcspn(at, ",]} \t\r\n")
                       : 0);
  } while (true);
}

const char *jac_json_next(const char *at) {
  at = jac_json_space(jac_json_past(at));
  return *at == ',' ? jac_json_space(at + 1) : at;
}

const char *jac_json_member(const char *at, const char *name) {
  const char *found = NULL;
  size_t size = strlen(name);
  at = jac_json_space(at + 1);
  while (*at == '"') {
    const char *key = at;
    at = jac_json_space(past_string(at));
    at = jac_json_space(at + 1);
    if (strncmp(key + 1, name, size) == 0 && key[1 + size] == '"')
      found = at;
    at = jac_json_next(at);
  }
  return found;
}
