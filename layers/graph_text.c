/* Parts of the text of equations: names, what stands outside brackets, calls of modules.
 */
#include "layers/graph_read_internal.h"

#include "jacobian/formula/function.h"

#include <ctype.h>

struct jac_graph_span jac_graph_trim(struct jac_graph_span s) {
  while (s.at < s.end && isspace((unsigned char)*s.at))
    s.at++;
  while (s.end > s.at && isspace((unsigned char)s.end[-1]))
    s.end--;
  return s;
}

struct jac_graph_span jac_graph_whole_of(const char *text) {
  return (struct jac_graph_span){text, text + strlen(text)};
}

int jac_graph_shown(struct jac_graph_span s) {
  return s.end - s.at < JAC_GRAPH_SHOWN ? (int)(s.end - s.at) : JAC_GRAPH_SHOWN;
}

bool jac_graph_is_letter(char c) {
  return isalnum((unsigned char)c) || c == '_';
}

/* The end of a name: letters, digits, _, and ^{...}. */
static const char *name_end(struct jac_graph_span s) {
  const char *at = s.at;
  if (at == s.end || !isalpha((unsigned char)*at))
    return s.at;
  while (at < s.end && jac_graph_is_letter(*at))
    at++;
  if (s.end - at > 2 && at[0] == '^' && at[1] == '{') {
    const char *close = memchr(at, '}', (size_t)(s.end - at));
    at = close != NULL ? close + 1 : at;
  }
  return at;
}

bool jac_graph_is_name(struct jac_graph_span s) {
  return s.at < s.end && name_end(s) == s.end && s.end - s.at < JAC_NAME_SIZE;
}

/* The first of the letters outside all brackets, or the end. */
const char *jac_graph_find_outside(struct jac_graph_span s, const char *letters) {
  size_t depth = 0;
  for (const char *at = s.at; at < s.end; at++) {
    if (depth == 0 && strchr(letters, *at) != NULL)
      return at;
    if (strchr("([{", *at) != NULL)
      depth++;
    else if (strchr(")]}", *at) != NULL && depth > 0)
      depth--;
  }
  return s.end;
}

/* The call that begins at s.at, of a module that formulas do not know, or that has sizes
 * or options.
 * Long: a name, what may follow it, and brackets. */
bool jac_graph_find_call(struct jac_graph_span s,
                         const struct jac_module_library *library, bool specs,
                         struct jac_graph_call *call) {
  char name[JAC_SPEC_WORD];
  const char *at = s.at;
  if (at == s.end || !isalpha((unsigned char)*at))
    return false;
  while (at < s.end && (jac_graph_is_letter(*at) || *at == '-' || *at == '.'))
    at++;
  size_t length = (size_t)(at - s.at);
  if (length >= sizeof name || at == s.end || strchr(":,(", *at) == NULL)
    return false;
  memcpy(name, s.at, length);
  name[length] = '\0';
  if (jac_module_find(name, library, NULL) == NULL ||
      (!specs && *at == '(' && jac_function_known(name)))
    return false;
  const char *open = at;
  while (open < s.end &&
         (jac_graph_is_letter(*open) || strchr(":,=.-+^{}", *open) != NULL))
    open++;
  struct jac_graph_span inside = {open + 1, s.end};
  if (open == s.end || *open != '(')
    return false;
  const char *close = jac_graph_find_outside(inside, ")");
  if (close == s.end)
    return false;
  *call = (struct jac_graph_call){
      .spec = {s.at, open}, .arguments = {open + 1, close}, .whole = {s.at, close + 1}};
  return true;
}

/* The first call from s.at on. */
bool jac_graph_next_call(struct jac_graph_span s,
                         const struct jac_module_library *library, bool specs,
                         struct jac_graph_call *call) {
  for (const char *at = s.at; at < s.end;) {
    struct jac_graph_span rest = {at, s.end};
    if (jac_graph_find_call(rest, library, specs, call))
      return true;
    const char *after = name_end(rest);
    at = after > at ? after : at + 1;
  }
  return false;
}

bool jac_graph_calls(const char *text, const struct jac_module_library *library) {
  struct jac_graph_call call;
  struct jac_graph_span all = jac_graph_whole_of(text);
  return jac_graph_next_call(all, library, false, &call);
}
