/* Definitions for one layer, z^{[l]} = W^{[l]} a^{[l-1]}, say the next and the one before
 * as well. */
#include "jacobian/notes/judge_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* The layer in a name, "^{[l+1]}": its letter and what is added. */
struct layer {
  size_t at; /* of what stands in the braces */
  char open; /* [, ( or 0 */
  char letter;
  int more;
};

static bool find_layer(const char *name, struct layer *l) {
  const char *script = strstr(name, "^{");
  if (script == NULL)
    return false;
  const char *at = script + 2;
  l->at = (size_t)(at - name);
  l->open = *at == '[' || *at == '(' ? *at++ : '\0';
  if (strchr("lkLi", *at) == NULL || *at == '\0')
    return false;
  l->letter = *at++;
  l->more = 0;
  if (*at == '+' || *at == '-') {
    char *end;
    l->more = (int)strtol(at, &end, 10);
    if (end == at || l->more > 3 || l->more < -3)
      return false;
    at = end;
  }
  if (l->open != '\0' && *at++ != (l->open == '[' ? ']' : ')'))
    return false;
  return strcmp(at, "}") == 0;
}

static bool shift_name(const char *name, int by, char out[JAC_SETTING_NAME]) {
  struct layer l;
  char more[8] = "", text[2 * JAC_SETTING_NAME];
  if (!find_layer(name, &l))
    return false;
  if (l.more + by != 0)
    snprintf(more, sizeof more, "%+d", l.more + by);
  snprintf(text, sizeof text, "%.*s%s%c%s%s}", (int)l.at, name,
           l.open == '['   ? "["
           : l.open == '(' ? "("
                           : "",
           l.letter, more,
           l.open == '['   ? "]"
           : l.open == '(' ? ")"
                           : "");
  snprintf(out, JAC_SETTING_NAME, "%.*s", JAC_SETTING_NAME - 1, text);
  return strlen(text) < JAC_SETTING_NAME;
}

static node_t shifted(struct jac_arena *a, node_t n, int by) {
  node_t child[JAC_FORMULA_CHILDREN];
  char name[JAC_SETTING_NAME];
  for (size_t k = 0; k < n->count; k++)
    if ((child[k] = shifted(a, n->child[k], by)) == NULL)
      return NULL;
  if ((n->kind == JAC_NAME || n->kind == JAC_ENTRY) && shift_name(n->name, by, name))
    return jac_node_named(a, n->kind, name, n->count, child);
  return jac_rebuild(a, n, child);
}

void jac_notes_shift(struct jac_setting *s) {
  size_t count = s->quantities;
  for (int by = -1; by <= 1; by += 2)
    for (size_t q = 0; q < count; q++) {
      char name[JAC_SETTING_NAME];
      node_t left = s->left[q], right;
      if (!shift_name(left->name, by, name) ||
          jac_setting_quantity(s, name) < s->quantities)
        continue;
      left = shifted(&s->arena, left, by);
      right = shifted(&s->arena, s->right[q], by);
      if (left != NULL && right != NULL && !jac_mentions(right, name))
        jac_setting_define(s, left, right, false);
    }
}

bool jac_notes_same_layer(const char *a, const char *b) {
  const char *x = strchr(a, '^'), *y = strchr(b, '^');
  return x != NULL && y != NULL ? strcmp(x, y) == 0 : x == y;
}

bool jac_notes_at_layer(const char *name, const char *of, char out[JAC_SETTING_NAME]) {
  const char *script = strchr(of, '^');
  char text[2 * JAC_SETTING_NAME];
  snprintf(text, sizeof text, "%.*s%s", (int)strcspn(name, "^"), name,
           script != NULL ? script : "");
  snprintf(out, JAC_SETTING_NAME, "%.*s", JAC_SETTING_NAME - 1, text);
  return strlen(text) < JAC_SETTING_NAME;
}
