/* Notation written back, as one would type it: for keys and messages. */
#include "jacobian/notation/notation.h"

#include "jacobian/buffer.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

static void sign(const struct jac_construct *row, struct jac_buffer *out) {
  size_t n;
  const char *names = *row->plain     ? row->plain
                      : *row->unicode ? row->unicode
                                      : row->latex;
  const char *name = jac_construct_name(names, &n);
  jac_buffer_add_bytes(out, name, n);
}

static void joined(node *n, const char *between, struct jac_buffer *out) {
  for (size_t k = 0; k < n->count; k++) {
    if (k)
      jac_buffer_add(out, between);
    if (n->child[k])
      jac_notation_spell(n->child[k], out);
  }
}

/* A script: bare where it is one character, in braces else. */
static void script(const char *mark, node *n, struct jac_buffer *out) {
  struct jac_buffer inside = JAC_BUFFER_INIT;
  jac_notation_spell(n, &inside);
  bool bare = *mark == '_';
  for (size_t k = 0; k < inside.length; k++)
    bare = bare && (inside.text[k] == '_' ? false : true) &&
           !strchr(",+-*/()[] ", inside.text[k]);
  if (inside.length <= 1)
    bare = true;
  jac_buffer_printf(out, bare ? "%s%s" : "%s{%s}", mark, inside.text);
  jac_buffer_free(&inside);
}

void jac_notation_spell(node *n, struct jac_buffer *out) {
  if (!n) /* memory ran out while it was made: the pool says so */
    return;
  switch (n->form) {
  case JAC_S_NUMBER:
  case JAC_S_NAME:
    jac_buffer_add(out, n->text);
    break;
  case JAC_S_GROUP: {
    static const char *const open[] = {"(", "[", "(", "{", "<", "|", "||"};
    static const char *const close[] = {")", "]", ")", "}", ">", "|", "||"};
    static const char *const text[] = {"()", "[]", "{}", "\\{\\}", "<>", "||", "|||"};
    for (size_t k = 0; k < 7; k++)
      if (strcmp(text[k], n->text) == 0) {
        jac_buffer_add(out, open[k]);
        joined(n, ", ", out);
        jac_buffer_add(out, close[k]);
      }
    break;
  }
  case JAC_S_SCRIPT:
    jac_notation_spell(n->child[0], out);
    if (strcmp(n->text, "[]") == 0) {
      jac_buffer_add(out, "[");
      jac_notation_spell(n->child[1], out);
      jac_buffer_add(out, "]");
      break;
    }
    if (n->child[1])
      script("_", n->child[1], out);
    if (n->child[2])
      script("^", n->child[2], out);
    for (long k = 0; k < (long)n->number; k++)
      jac_buffer_add(out, "'");
    break;
  case JAC_S_SIDE:
    for (size_t k = 0; k < n->count; k++) {
      bool word =
          k && (strlen(n->child[k]->text) > 1 || strlen(n->child[k - 1]->text) > 1 ||
                n->child[k]->count || n->child[k - 1]->count);
      if (word && n->child[k]->form != JAC_S_GROUP)
        jac_buffer_add(out, " ");
      jac_notation_spell(n->child[k], out);
    }
    break;
  case JAC_S_INFIX:
    jac_notation_spell(n->child[0], out);
    jac_buffer_add(out, n->row->role == JAC_ROLE_DIVIDE ? "" : " ");
    sign(n->row, out);
    jac_buffer_add(out, n->row->role == JAC_ROLE_DIVIDE ? "" : " ");
    bool whole = n->row->role == JAC_ROLE_DIVIDE && n->child[1]->form == JAC_S_SIDE &&
                 n->child[1]->child[0]->form == JAC_S_NUMBER;
    jac_buffer_add(out, whole ? "(" : "");
    jac_notation_spell(n->child[1], out);
    jac_buffer_add(out, whole ? ")" : "");
    break;
  case JAC_S_TERMS:
    for (size_t k = 0; k < n->count; k++) {
      if (n->text[k] != ' ')
        jac_buffer_add_char(out, n->text[k]);
      jac_notation_spell(n->child[k], out);
    }
    break;
  case JAC_S_APPLY:
    if (n->row && n->row->id == JAC_C_FACTORIAL && n->child[0]->form == JAC_S_NAME) {
      jac_notation_spell(n->child[1], out);
      jac_buffer_add(out, "!");
      break;
    }
    jac_notation_spell(n->child[0], out);
    if (n->child[1]->form != JAC_S_GROUP)
      jac_buffer_add(out, " ");
    jac_notation_spell(n->child[1], out);
    break;
  case JAC_S_FRACTION:
    jac_buffer_add(out, "(");
    jac_notation_spell(n->child[0], out);
    jac_buffer_add(out, ")/(");
    jac_notation_spell(n->child[1], out);
    jac_buffer_add(out, ")");
    break;
  case JAC_S_ROOT:
    jac_buffer_add(out, "sqrt(");
    jac_notation_spell(n->child[0], out);
    jac_buffer_add(out, ")");
    break;
  case JAC_S_BIG:
    sign(n->row, out);
    if (n->child[0])
      script("_", n->child[0], out);
    if (n->child[1])
      script("^", n->child[1], out);
    jac_buffer_add(out, " ");
    jac_notation_spell(n->child[2], out);
    break;
  case JAC_S_INTEGRAL:
    sign(n->row, out);
    script("_", n->child[1], out);
    script("^", n->child[2], out);
    jac_buffer_add(out, " ");
    jac_notation_spell(n->child[3], out);
    jac_buffer_add(out, " d");
    jac_notation_spell(n->child[0], out);
    break;
  case JAC_S_MATRIX:
    jac_buffer_add(out, "[");
    joined(n, "; ", out);
    jac_buffer_add(out, "]");
    break;
  case JAC_S_CASES:
    jac_buffer_add(out, "cases(");
    joined(n, ", ", out);
    jac_buffer_add(out, ")");
    break;
  case JAC_S_ROW:
    joined(n, ", ", out);
    break;
  case JAC_S_LIST:
    joined(n, ",", out);
    break;
  case JAC_S_CHAIN:
    joined(n, " ", out);
    break;
  case JAC_S_SIGN:
    sign(n->row, out);
    break;
  case JAC_S_POINT:
    jac_notation_spell(n->child[0], out);
    jac_buffer_add(out, "|");
    script("_", n->child[1], out);
    break;
  case JAC_S_STRING:
    jac_buffer_printf(out, "'%s'", n->text);
    break;
  case JAC_S_DOTS:
    jac_buffer_add(out, "...");
    break;
  case JAC_S_BLANK:
    break;
  }
}

const char *jac_notation_key(struct jac_pool *pool, node *n) {
  if (n && n->key && n->home == pool)
    return n->key;
  struct jac_buffer spelled = JAC_BUFFER_INIT;
  jac_notation_spell(n, &spelled);
  const char *key = jac_pool_text(pool, spelled.text);
  pool->failed = pool->failed || spelled.failed;
  if (n && n->home == pool && !pool->failed)
    ((struct jac_syntax *)n)->key = key; /* asked for often, and a tree does not change */
  jac_buffer_free(&spelled);
  return key;
}

bool jac_notation_equal(node *a, node *b) {
  if (a == b)
    return true;
  if (!a || !b || a->form != b->form || a->count != b->count || a->row != b->row ||
      a->number != b->number || strcmp(a->text, b->text) != 0)
    return false;
  for (size_t k = 0; k < a->count; k++)
    if (!jac_notation_equal(a->child[k], b->child[k]))
      return false;
  return true;
}

bool jac_notation_has(node *n, node *part) {
  bool found = n && jac_notation_equal(n, part);
  for (size_t k = 0; n && k < n->count && !found; k++)
    found = jac_notation_has(n->child[k], part);
  return found;
}

bool jac_notation_any(node *n, bool (*is)(node *n, const void *of), const void *of) {
  bool found = is(n, of);
  for (size_t k = 0; k < n->count && !found; k++)
    found = n->child[k] && jac_notation_any(n->child[k], is, of);
  return found;
}

/* c_0, c^{(l)}: another name than c, which c^T and c^2 are not. */
static bool other_name(node *n) {
  node *above = n->child[2];
  bool top = above && above->form == JAC_S_NAME &&
             (strcmp(above->text, "T") == 0 || strcmp(above->text, "top") == 0);
  return n->child[1] || (above && above->form != JAC_S_NUMBER && !top);
}

bool jac_notation_stands(node *n, node *quantity) {
  bool found = n && jac_notation_equal(n, quantity);
  bool script = n && n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME;
  /* What stands below is an index. */
  for (size_t k = script && other_name(n) ? 2 : 0; n && k < n->count && !found; k++)
    found = jac_notation_stands(n->child[k], quantity);
  return found;
}

bool jac_notation_has_name(node *n, const char *name) {
  bool found = n && n->form == JAC_S_NAME && strcmp(n->text, name) == 0;
  for (size_t k = 0; n && k < n->count && !found; k++)
    found = jac_notation_has_name(n->child[k], name);
  return found;
}
