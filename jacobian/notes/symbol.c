/* J_f, J_{M_W}^{z}, \mathbf{J}_g(x): the letter that stands for a Jacobian, whose scripts
 * say the function, the variable, or the entry, in no fixed order. */
#include "jacobian/notes/judge.h"

#include "jacobian/formula/latex.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* Past the letter, with its font; 0: it is none. */
static size_t letter_length(const char *text) {
  static const char *const letters[] = {"\\mathbf{J}",     "\\mathbf J",
                                        "\\mathcal{J}",    "\\mathrm{J}",
                                        "\\boldsymbol{J}", "\\operatorname{Jac}",
                                        "\\mathrm{Jac}",   "\\text{Jac}",
                                        "\\bm{J}",         "{\\bf J}",
                                        "\\mathsf{J}",     "\\mathbb{J}",
                                        "\\mathit{J}",     "J"};
  for (size_t k = 0; k < sizeof letters / sizeof letters[0]; k++) {
    size_t length = strlen(letters[k]);
    if (strncmp(text, letters[k], length) == 0)
      return length;
  }
  return 0;
}

struct parts {
  char script[4][160];
  size_t count;
  bool entry; /* the last script is of indices */
};

/* {...} or one sign, or a bracket, copied without its braces. */
static const char *group(const char *at, char *out, size_t size) {
  char open = *at, close = open == '{' ? '}' : ')';
  size_t depth = 0, used = 0;
  out[0] = '\0';
  if (open != '{' && open != '(') {
    size_t length = 1;
    if (open == '\\')
      while ((at[length] >= 'a' && at[length] <= 'z') ||
             (at[length] >= 'A' && at[length] <= 'Z'))
        length++;
    snprintf(out, size, "%.*s", (int)length, at);
    return at + length;
  }
  for (; *at != '\0'; at++) {
    depth += *at == open;
    if (*at == close && --depth == 0)
      break;
    if (depth > 0 && !(depth == 1 && *at == open && used == 0) && used + 1 < size)
      out[used++] = *at;
  }
  out[used] = '\0';
  return *at != '\0' ? at + 1 : at;
}

/* i,j or ij: indices, when they are nothing that the setting knows. */
static bool entry_indices(const struct jac_setting *s, const char *text,
                          char index[2][16]) {
  size_t count = 0;
  for (const char *at = text; *at != '\0'; at++) {
    if (*at == ' ' || *at == ',' || *at == '{' || *at == '}')
      continue;
    if (!((*at >= 'a' && *at <= 'z') || (*at >= '1' && *at <= '9')) || count == 2)
      return false;
    snprintf(index[count++], 16, "%c", *at);
  }
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  return count == 2 && jac_vocabulary_find(&v, text) == NULL;
}

/* The name that a script is, when it is one. */
static bool name_of(struct jac_setting *s, const char *latex,
                    char name[JAC_SETTING_NAME]) {
  struct jac_vocabulary v = jac_setting_vocabulary(s);
  struct jac_error quiet;
  node_t tree;
  if (jac_latex_read(&s->arena, latex, &v, &tree, NULL, &quiet) != JAC_OK)
    return false;
  if (tree->kind == JAC_CALL && tree->count == 1 && tree->child[0]->kind == JAC_NAME)
    tree = tree->child[0]; /* vec(W) */
  if (tree->kind != JAC_NAME)
    return false;
  snprintf(name, JAC_SETTING_NAME, "%s", tree->name);
  return true;
}

static bool in_definitions(const struct jac_setting *s, const char *name) {
  for (size_t q = 0; q < s->quantities; q++)
    if (jac_mentions(s->right[q], name))
      return true;
  return false;
}

/* The variable that a function of this section most likely is one of. */
static const char *likely_variable(const struct jac_setting *s) {
  static const char *const names[] = {"x", "z", "X", "Z", "u", "v", "t"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    if (jac_setting_quantity(s, names[k]) == s->quantities && in_definitions(s, names[k]))
      return names[k];
  return "";
}

node_t jac_judge_symbol(struct jac_setting *s, const char *latex, struct jac_error *err) {
  const char *at = latex;
  char index[2][16], wrt[JAC_SETTING_NAME] = "", of[JAC_SETTING_NAME] = "";
  struct parts p = {.count = 0};
  while (*at == ' ' || (*at == '(' && at == latex))
    at++;
  bool bracketed = at > latex && at[-1] == '(';
  size_t length = letter_length(at);
  if (length == 0)
    return NULL;
  at += length;
  bool has_index = false;
  while (*at != '\0') {
    if (*at == '_' || *at == '^' || *at == '(') {
      bool bracket = *at == '(';
      at += bracket ? 0 : 1;
      while (*at == ' ')
        at++;
      if (strncmp(at, "\\left", 5) == 0)
        at += 5;
      if (p.count == 4)
        return NULL;
      at = group(at, p.script[p.count], sizeof p.script[0]);
      if (!bracket && entry_indices(s, p.script[p.count], index))
        has_index = true;
      else
        p.count++;
    } else if (*at == ' ' || *at == '\\' || *at == '{' || *at == '}' ||
               (*at == ')' && bracketed)) {
      if (*at == '\\' && strncmp(at, "\\left", 5) != 0 &&
          strncmp(at, "\\right", 6) != 0 && strncmp(at, "\\big", 4) != 0 &&
          strchr(",;!: ", at[1]) == NULL)
        return NULL;
      at++;
      if (at[-1] == '\\')
        while ((*at >= 'a' && *at <= 'z'))
          at++;
    } else
      return NULL;
  }
  if (p.count == 0 && !has_index && s->output[0] == '\0')
    return NULL;
  for (size_t k = 0; k < p.count; k++) {
    char name[JAC_SETTING_NAME];
    if (!name_of(s, p.script[k], name))
      continue;
    bool quantity = jac_setting_quantity(s, name) < s->quantities;
    if (quantity && of[0] == '\0')
      snprintf(of, sizeof of, "%s", name);
    else if (wrt[0] == '\0' &&
             (quantity ? strcmp(name, of) != 0 : in_definitions(s, name)))
      snprintf(wrt, sizeof wrt, "%s", name);
  }
  if (of[0] == '\0')
    snprintf(of, sizeof of, "%s", s->output);
  if (s->wrt[0] != '\0' && wrt[0] == '\0')
    snprintf(wrt, sizeof wrt, "%s", s->wrt);
  if (wrt[0] == '\0')
    snprintf(wrt, sizeof wrt, "%s", s->input[0] != '\0' ? s->input : likely_variable(s));
  if (of[0] == '\0' || wrt[0] == '\0') {
    jac_fail(err, JAC_EINPUT,
             _("which function and which variable this Jacobian is of is not said: add "
               "`jacobian: FORMULA wrt=NAME` above"));
    return NULL;
  }
  node_t y = jac_node_named(&s->arena, JAC_NAME, of, 0, NULL);
  node_t x = jac_node_named(&s->arena, JAC_NAME, wrt, 0, NULL);
  if (has_index) {
    node_t i[2];
    for (size_t k = 0; k < 2; k++)
      i[k] = index[k][0] >= '1' && index[k][0] <= '9'
                 ? jac_number(&s->arena, index[k][0] - '0')
                 : jac_node_named(&s->arena, JAC_NAME, index[k], 0, NULL);
    y = jac_node_named(&s->arena, JAC_ENTRY, of, 1, &i[0]);
    x = jac_node_named(&s->arena, JAC_ENTRY, wrt, 1, &i[1]);
  }
  node_t child[] = {y, x};
  return jac_node_named(&s->arena, JAC_DERIVATIVE, "", 2, child);
}
