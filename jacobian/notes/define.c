/* What the text of a formula's sides means in a setting, and what they define. */
#include "jacobian/notes/judge_internal.h"

#include "jacobian/formula/latex.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum jac_status jac_notes_side(struct jac_setting *s, const char *text, size_t start,
                               size_t length, node_t *tree, struct jac_error *err) {
  char *part = malloc(length + 1);
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  size_t position = 0;
  if (part == NULL)
    return jac_fail_memory(err);
  memcpy(part, text + start, length);
  part[length] = '\0';
  enum jac_status status = jac_latex_read(&s->arena, part, &v, tree, &position, err);
  free(part);
  return status;
}

/* Whether a name is one that definitions know. */
static bool known_name(const struct jac_setting *s, const char *name) {
  if (jac_setting_quantity(s, name) < s->quantities)
    return true;
  for (size_t q = 0; q < s->quantities; q++)
    if (jac_mentions(s->right[q], name))
      return true;
  return false;
}

static bool is_d(const struct jac_setting *s, node_t n) {
  if (n->kind == JAC_POWER) /* d^2 x */
    n = n->child[0];
  return n->kind == JAC_NAME && strcmp(n->name, "d") == 0 && !known_name(s, "d");
}

static node_t gradient_of(struct jac_setting *s, node_t by) {
  node_t child[] = {jac_node_named(&s->arena, JAC_NAME, "L", 0, NULL), by};
  return jac_node_named(&s->arena, JAC_DERIVATIVE, "", 2, child);
}

/* The variable of what stands behind a gradient that names none. */
static const char *likely_variable(const struct jac_setting *s, node_t of) {
  static const char *const names[] = {"x", "z",    "theta", "w", "X",
                                      "Z", "beta", "W",     "u", "v"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    if (jac_setting_quantity(s, names[k]) < s->quantities)
      continue;
    if (jac_mentions(of, names[k]))
      return names[k];
    for (size_t q = 0; q < s->quantities; q++)
      if (jac_mentions(of, s->left[q]->name) && jac_mentions(s->right[q], names[k]))
        return names[k];
  }
  return NULL;
}

/* dW is the loss's derivative by W, dy/dx that of y by x, where d is nothing else. */
node_t jac_notes_differentials(struct jac_setting *s, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  if (n == NULL)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    if ((child[k] = jac_notes_differentials(s, n->child[k])) == NULL)
      return NULL;
  if (n->kind == JAC_DERIVATIVE && n->child[1]->kind == JAC_BLANK) {
    const char *by = s->wrt[0] != '\0'     ? s->wrt
                     : s->input[0] != '\0' ? s->input
                                           : likely_variable(s, n->child[0]);
    if (by == NULL)
      return jac_rebuild(&s->arena, n, child);
    child[1] = jac_node_named(&s->arena, JAC_NAME, by, 0, NULL);
    return jac_rebuild(&s->arena, n, child);
  }
  /* softmax(z_i) is the entry of softmax(z). */
  if (n->kind == JAC_CALL && n->count == 1 && child[0]->kind == JAC_ENTRY &&
      child[0]->count == 1 &&
      (strcmp(n->name, "softmax") == 0 || strcmp(n->name, "logsoftmax") == 0)) {
    node_t whole = jac_node_named(&s->arena, JAC_NAME, child[0]->name, 0, NULL);
    node_t at[] = {jac_node_named(&s->arena, JAC_CALL, n->name, 1, &whole),
                   child[0]->child[0]};
    return at[0] == NULL ? NULL : jac_node(&s->arena, JAC_AT, 2, at);
  }
  if (n->kind == JAC_MULTIPLY && n->child[0]->kind == JAC_DIVIDE &&
      is_d(s, n->child[0]->child[1]) && n->child[0]->child[0]->kind == JAC_MULTIPLY &&
      is_d(s, n->child[0]->child[0]->child[0])) {
    node_t pair[] = {n->child[0]->child[0]->child[1], n->child[1]};
    return jac_node_named(&s->arena, JAC_DERIVATIVE, "", 2, pair);
  }
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' && is_d(s, n->child[0]) &&
      n->child[1]->kind == JAC_NAME && known_name(s, n->child[1]->name))
    return gradient_of(s, n->child[1]);
  /* X^T d Y is read from the left. */
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' &&
      n->child[0]->kind == JAC_MULTIPLY && is_d(s, n->child[0]->child[1]) &&
      n->child[1]->kind == JAC_NAME && known_name(s, n->child[1]->name))
    return jac_binary(&s->arena, JAC_MULTIPLY, n->child[0]->child[0],
                      gradient_of(s, n->child[1]));
  if (n->kind == JAC_NAME && n->name[0] == 'd' && n->name[1] != '\0' &&
      !known_name(s, n->name) && known_name(s, n->name + 1))
    return gradient_of(s, jac_node_named(&s->arena, JAC_NAME, n->name + 1, 0, NULL));
  return jac_rebuild(&s->arena, n, child);
}

/* Whether d stands before what is no quantity, as in x^T A dx. */
static bool has_differential(const struct jac_setting *s, node_t n) {
  if (n->kind == JAC_MULTIPLY) {
    node_t before = n->child[0];
    while (before->kind == JAC_MULTIPLY)
      before = before->child[1];
    if (is_d(s, before) && (n->child[1]->kind != JAC_NAME ||
                            jac_setting_quantity(s, n->child[1]->name) == s->quantities))
      return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (has_differential(s, n->child[k]))
      return true;
  return false;
}

bool jac_notes_differential(const struct jac_setting *s, node_t left, node_t right) {
  node_t first = left, second = NULL;
  while (first->kind == JAC_MULTIPLY || first->kind == JAC_TRANSPOSE) {
    second = first->kind == JAC_MULTIPLY ? first->child[1] : second;
    first = first->child[0];
  }
  if (!is_d(s, first) || second == NULL)
    return false;
  bool shorthand = second->kind == JAC_NAME && first != left &&
                   jac_setting_quantity(s, second->name) == s->quantities &&
                   left->kind == JAC_MULTIPLY && left->child[0] == first;
  return !shorthand || has_differential(s, right);
}

/* A derivative that is named: the whole Jacobian by its letter. */
node_t jac_notes_left(struct jac_setting *s, const char *text, size_t start,
                      size_t length, bool *symbol, struct jac_error *err) {
  char *part = malloc(length + 1);
  node_t tree = NULL;
  *symbol = false;
  if (part == NULL) {
    jac_fail_memory(err);
    return NULL;
  }
  memcpy(part, text + start, length);
  part[length] = '\0';
  if (err != NULL)
    err->status = JAC_OK;
  tree = jac_judge_symbol(s, part, err);
  *symbol = tree != NULL;
  if (tree == NULL && (err == NULL || err->status == JAC_OK))
    if (jac_notes_side(s, text, start, length, &tree, err) != JAC_OK)
      tree = NULL;
  free(part);
  return tree;
}

/* Whether no definition says what a name is, nor uses it other than in a derivative. */
static bool used_plainly(node_t n, const char *name) {
  if (n->kind == JAC_DERIVATIVE)
    return false;
  if ((n->kind == JAC_NAME || n->kind == JAC_ENTRY) && strcmp(n->name, name) == 0)
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (used_plainly(n->child[k], name))
      return true;
  return false;
}

static bool unknown_name(const struct jac_setting *s, node_t n) {
  if (jac_setting_quantity(s, n->name) < s->quantities)
    return false;
  for (size_t q = 0; q < s->quantities; q++)
    if (used_plainly(s->right[q], n->name))
      return false;
  return true;
}

static bool differentiates(node_t n) {
  bool does = n->kind == JAC_DERIVATIVE;
  for (size_t k = 0; k < n->count; k++)
    does = does || differentiates(n->child[k]);
  return does;
}

/* The output of which a loss that nobody defines is a function: what no definition uses;
 * Y where the formula speaks of the batch. */
static const char *last_quantity(const struct jac_setting *s, node_t n) {
  bool batch = jac_mentions(n, "X") || jac_mentions(n, "Y") || jac_mentions(n, "Z");
  if (batch && s->output[0] != '\0' && jac_setting_quantity(s, "Y") < s->quantities)
    return "Y";
  if (s->output[0] != '\0')
    return s->output;
  for (size_t q = s->quantities; q-- > 0;) {
    bool used = s->left[q]->count > 0 || s->left[q]->name[0] == '#' ||
                differentiates(s->right[q]);
    for (size_t k = 0; k < s->quantities; k++)
      used = used || (k != q && !differentiates(s->right[k]) &&
                      jac_mentions(s->right[k], s->left[q]->name));
    if (!used)
      return s->left[q]->name;
  }
  return NULL;
}

bool jac_notes_loss_name(const char *name) {
  static const char *const names[] = {"L",    "J",    "E",   "C", "l", "loss",
                                      "cost", "Loss", "ell", "R", "Q"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strcmp(names[k], name) == 0)
      return true;
  return false;
}

/* A loss in a derivative that nothing defines: any number made of the output. */
void jac_notes_losses(struct jac_setting *s, node_t n, node_t whole) {
  if (n->kind == JAC_DERIVATIVE && n->child[0]->kind == JAC_NAME &&
      jac_notes_loss_name(n->child[0]->name) && unknown_name(s, n->child[0])) {
    const char *output = last_quantity(s, whole);
    if (output != NULL) {
      node_t y = jac_node_named(&s->arena, JAC_NAME, output, 0, NULL);
      node_t g = jac_node_named(&s->arena, JAC_NAME, "#G", 0, NULL);
      node_t product = jac_binary(&s->arena, JAC_HADAMARD, g, y);
      node_t sum = jac_node_named(&s->arena, JAC_CALL, "sum", 1, &product);
      jac_setting_define(s, n->child[0], sum, false);
    }
  }
  for (size_t k = 0; k < n->count; k++)
    jac_notes_losses(s, n->child[k], whole);
}

static bool mentions_itself(const struct jac_setting *s, node_t n, const char *name,
                            int depth) {
  if (jac_mentions(n, name))
    return true;
  for (size_t q = 0; q < s->quantities && depth < 12; q++)
    if (strcmp(s->left[q]->name, name) != 0 && jac_mentions(n, s->left[q]->name) &&
        mentions_itself(s, s->right[q], name, depth + 1))
      return true;
  return false;
}

static bool numbers_only(node_t n) {
  if (n->kind == JAC_NAME || n->kind == JAC_ENTRY)
    return false;
  for (size_t k = 0; k < n->count; k++)
    if (!numbers_only(n->child[k]))
      return false;
  return true;
}

/* f(x) = ..., f = ..., z_i = ...: a definition when its name is new. */
static bool definition_left(node_t n, node_t *name, bool *function) {
  *function = false;
  if (n->kind == JAC_MULTIPLY && n->name[0] == '\0' && n->child[0]->kind == JAC_NAME &&
      n->child[1]->kind == JAC_NAME) { /* f(x), read as a product */
    *function = true;
    *name = n->child[0];
    return true;
  }
  if (n->kind == JAC_CALL && n->count == 1 && n->child[0]->kind == JAC_NAME &&
      strchr(n->name, '\'') == NULL)
    return false;
  bool entry = n->kind == JAC_ENTRY;
  for (size_t k = 0; entry && k < n->count; k++)
    entry = n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, ".") != 0;
  *name = n;
  return n->kind == JAC_NAME || entry;
}

/* Whether a tree has a name that no definition uses; bound are indices of sums. */
static bool says_more(const struct jac_setting *s, node_t n, const char *const *bound,
                      size_t nbound) {
  const char *inside[16];
  bool binds = n->kind == JAC_SUM || n->kind == JAC_PRODUCT || n->kind == JAC_MAX;
  if (n->kind == JAC_NAME || n->kind == JAC_ENTRY) {
    bool known = strcmp(n->name, "I") == 0 || strcmp(n->name, "1") == 0;
    for (size_t k = 0; k < nbound; k++)
      known = known || strcmp(bound[k], n->name) == 0;
    return !known && !known_name(s, n->name);
  }
  for (size_t k = 0; k < nbound && k < 15; k++)
    inside[k] = bound[k];
  if (nbound > 15)
    nbound = 15;
  if (binds)
    inside[nbound] = n->name;
  for (size_t k = 0; k < n->count; k++)
    if (says_more(s, n->child[k], inside, nbound + binds))
      return true;
  return false;
}

/* Takes in a definition; false: it is none. The product f x is taken for f(x) only where
 * brackets stand there. */
bool jac_notes_define(struct jac_setting *s, node_t left, node_t right, const char *latex,
                      size_t length, bool own, bool again) {
  node_t name;
  bool function, brackets = memchr(latex, '(', length) != NULL;
  if (!definition_left(left, &name, &function) || (function && !brackets) ||
      numbers_only(right) || mentions_itself(s, right, name->name, 0))
    return false;
  size_t q = jac_setting_quantity(s, name->name);
  if (q < s->quantities && (!again || !brackets || s->own[q]))
    return false;
  /* A variable of what stands already is explained by something new: p = softmax(z). */
  for (size_t k = 0; k < s->quantities; k++)
    if (jac_mentions(s->right[k], name->name) && !says_more(s, right, NULL, 0))
      return false;
  if (!jac_setting_define(s, name, right, own))
    return false;
  jac_setting_word(s, name->name, NULL, false, true);
  return true;
}

/* The reals themselves, \mathbb{R} or \mathbb{R}_{>0}, and \{0, 1\}, [0, 1]. */
static bool of_numbers(const char *set, size_t length) {
  char text[80];
  size_t used = 0;
  for (size_t k = 0; k < length && used + 1 < sizeof text; k++)
    if (strchr(" {}\\~,;.", set[k]) == NULL)
      text[used++] = set[k];
  text[used] = '\0';
  const char *at = strncmp(text, "math", 4) == 0 ? text + 4 : text;
  static const char *const names[] = {"bbR", "bfR", "rmR", "R"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (strncmp(at, names[k], strlen(names[k])) == 0) {
      at += strlen(names[k]);
      return *at == '\0' || *at == '_' || *at == '+';
    }
  return used > 0 && strspn(text, "0123456789-+[]()") == used;
}

/* x \in R^n, W \in \mathbb{R}^{m \times n}: declares. */
bool jac_notes_member(struct jac_setting *s, const char *text,
                      const struct jac_side *left, const struct jac_side *set) {
  char sizes[2][24] = {"", "1"};
  node_t tree;
  struct jac_error quiet;
  const char *at = text + set->start, *end = at + set->length;
  const char *power = memchr(at, '^', set->length);
  bool real = set->length > 0 && (strstr(at, "R") != NULL && strstr(at, "R") < end);
  bool number = power == NULL && of_numbers(at, set->length);
  if ((!real && !number) ||
      jac_notes_side(s, text, left->start, left->length, &tree, &quiet) != JAC_OK ||
      tree->kind != JAC_NAME)
    return false;
  size_t which = 0, used = 0;
  if (number)
    jac_setting_declare(s, tree->name, "1", "1");
  if (power == NULL)
    return number;
  for (at = power + 1; at < end && which < 2; at++) {
    bool times = strncmp(at, "\\times", 6) == 0;
    if (times || *at == ',') {
      sizes[which++][used] = '\0';
      used = 0;
      at += times ? 5 : 0;
    } else if (*at == '\\') { /* \text{batch}, \mathrm{in} */
      while (at + 1 < end && ((at[1] >= 'a' && at[1] <= 'z') || at[1] == '\\'))
        at++;
    } else if (*at != '{' && *at != '}' && *at != ' ' && used < 22)
      sizes[which][used++] = *at;
  }
  if (which < 2)
    sizes[which][used] = '\0';
  if (sizes[0][0] == '\0' || sizes[1][0] == '\0')
    return false;
  jac_setting_declare(s, tree->name, sizes[0], sizes[1]);
  jac_setting_word(s, sizes[0], NULL, false, false);
  if (strcmp(sizes[1], "1") != 0)
    jac_setting_word(s, sizes[1], NULL, false, false);
  return true;
}
