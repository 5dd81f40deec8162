#include "layers/subject.h"

#include "jacobian/formula/read.h"
#include "jacobian/text.h"
#include "layers/module.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { WORDS = 24, LONGEST = 160 };

struct subject {
  struct jac_setting *setting;
  bool columns;
  const struct jac_module_library *library; /* or NULL */
  size_t modules, at;
  struct jac_error *err;
};

static bool starts(const char *text, const char *word) {
  size_t length = strlen(word);
  return strncmp(text, word, length) == 0 &&
         (text[length] == '\0' || text[length] == ',');
}

/* A vector stands as the notes have it. */
static void vector(const struct subject *s, const char *name, const char *size) {
  jac_setting_declare(s->setting, name, s->columns ? size : "1", s->columns ? "1" : size);
}

static void constants(const struct subject *s) {
  static const char *const names[] = {"slope", "alpha", "epsilon", "p", "d_k"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
    jac_setting_declare(s->setting, names[k], "1", "1");
    jac_setting_word(s->setting, names[k], NULL, false, false);
  }
}

static bool define(const struct subject *s, const char *name, const char *formula,
                   const char *input, const char *number) {
  struct jac_arena *arena = &s->setting->arena;
  node_t right;
  static const char *const parameters[] = {"W", "b", "gamma", "beta", "m"};
  if (jac_formula_read(arena, formula, &right, NULL, s->err) != JAC_OK)
    return false;
  right = jac_replace_name(arena, right, "z",
                           jac_node_named(arena, JAC_NAME, input, 0, NULL));
  for (size_t k = 0; k < sizeof parameters / sizeof parameters[0] && number[0] != '\0';
       k++) {
    char own[LONGEST];
    snprintf(own, sizeof own, "%s_%s", parameters[k], number);
    right = jac_replace_name(arena, right, parameters[k],
                             jac_node_named(arena, JAC_NAME, own, 0, NULL));
  }
  if (right == NULL)
    return false;
  jac_setting_word(s->setting, name, NULL, false, true);
  return jac_setting_define(s->setting, jac_node_named(arena, JAC_NAME, name, 0, NULL),
                            right, true);
}

/* The shapes of what a module owns. in and out are the sizes' names. */
static void declare(const struct subject *s, const char *word, const char *number,
                    const char *in, const char *out) {
  static const char *const vectors[] = {"b", "gamma", "beta", "m"};
  char name[LONGEST], raised[LONGEST];
  bool linear = starts(word, "linear");
  snprintf(name, sizeof name, "W%s%s", number[0] != '\0' ? "_" : "", number);
  if (linear)
    jac_setting_declare(s->setting, name, s->columns ? out : in, s->columns ? in : out);
  jac_setting_word(s->setting, name, NULL, false, false);
  if (number[0] != '\0') {
    snprintf(raised, sizeof raised, "W^{(%s)}", number);
    jac_setting_word(s->setting, raised, name, false, false);
    snprintf(raised, sizeof raised, "W^{%s}", number);
    jac_setting_word(s->setting, raised, name, false, false);
  }
  for (size_t k = 0; k < sizeof vectors / sizeof vectors[0]; k++) {
    snprintf(name, sizeof name, "%s%s%s", vectors[k], number[0] != '\0' ? "_" : "",
             number);
    vector(s, name, out);
    jac_setting_word(s->setting, name, NULL, false, false);
  }
}

/* Names for the whole: input, output, error signals. */
static void synonyms(const struct subject *s, const char *output, bool loss) {
  struct jac_setting *t = s->setting;
  static const char *const inputs[] = {"z^{k-1}", "z^{l-1}", "a^{k-1}", "a^{l-1}"};
  static const char *const outputs[] = {"z^{k}", "z^{l}", "M_W", "f",
                                        "a^{k}", "a^{l}", "M"};
  jac_setting_word(t, "z", NULL, false, false);
  for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++)
    jac_setting_word(t, inputs[k], "z", false, false);
  jac_setting_word(t, "x", "z", false, false);
  jac_setting_word(t, "w", "W", false, false);
  for (size_t k = 0; !loss && k < sizeof outputs / sizeof outputs[0]; k++)
    jac_setting_word(t, outputs[k], output, false, true);
  if (loss) {
    vector(s, "y", "n");
    jac_setting_word(t, "hat_y", "z", false, false);
    static const char *const losses[] = {"ell", "l", "J", "E", "C"};
    for (size_t k = 0; k < sizeof losses / sizeof losses[0]; k++)
      jac_setting_word(t, losses[k], output, false, true);
    return;
  }
  node_t error, back;
  struct jac_error quiet;
  if (jac_formula_read(&t->arena, "deriv(L, y)", &error, NULL, &quiet) == JAC_OK &&
      jac_formula_read(&t->arena, "deriv(L, z)", &back, NULL, &quiet) == JAC_OK) {
    static const char *const names[] = {"delta^{k}", "delta^{l}"};
    static const char *const before[] = {"delta^{k-1}", "delta^{l-1}"};
    for (size_t k = 0; k < 2; k++) {
      jac_setting_define(t, jac_node_named(&t->arena, JAC_NAME, names[k], 0, NULL), error,
                         true);
      jac_setting_word(t, names[k], NULL, false, false);
      jac_setting_define(t, jac_node_named(&t->arena, JAC_NAME, before[k], 0, NULL), back,
                         true);
      jac_setting_word(t, before[k], NULL, false, false);
    }
  }
}

/* A linear module of a whole batch, samples in rows: Y = X W + b. */
static void batch(const struct subject *s, bool bias) {
  struct jac_setting *t = s->setting;
  if (s->columns)
    return;
  define(s, "Y", bias ? "X*W + b" : "X*W", "z", "");
  jac_setting_declare(t, "X", "batch", "input");
  jac_setting_word(t, "X", NULL, false, false);
  jac_setting_word(t, "Z", "X", false, false);
}

/* The next word of a list; false at its end. */
static bool next_word(const char **list, char word[LONGEST]) {
  size_t length = strcspn(*list += strspn(*list, " "), " ");
  snprintf(word, LONGEST, "%.*s", (int)length, *list);
  *list += length;
  return length > 0;
}

/* The output's other names: a softmax is called s, p, sigma as well. */
static void output_names(const struct subject *s, const struct jac_module *found,
                         const char *output) {
  struct jac_setting *t = s->setting;
  char name[LONGEST];
  for (const char *list = found->output_names; next_word(&list, name);) {
    bool function = strcmp(name, "sigma") == 0;
    jac_setting_word(t, name, function ? found->name : output, function, true);
    jac_setting_define(t, jac_node_named(&t->arena, JAC_NAME, name, 0, NULL),
                       jac_node_named(&t->arena, JAC_NAME, output, 0, NULL), true);
  }
}

/* Names that are functions here, and elsewhere names. */
static void functions(const struct subject *s, const struct jac_module *found) {
  char name[LONGEST];
  for (const char *list = found->functions; next_word(&list, name);)
    jac_setting_word(s->setting, name, name, true, false);
}

/* Inputs that are not z, with their sizes. */
static void inputs(struct jac_setting *setting, const struct jac_module *found) {
  char name[LONGEST], rows[LONGEST], cols[LONGEST];
  for (const char *list = found->inputs;
       next_word(&list, name) && next_word(&list, rows) && next_word(&list, cols);)
    jac_setting_declare(setting, name, rows, cols);
}

static bool module(struct subject *s, const char *word, const char *input,
                   const char *output, const char *number) {
  char name[LONGEST], formula[LONGEST], in[32], out[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ",:"), word);
  const struct jac_module *found = jac_module_find(name, s->library, s->err);
  if (found == NULL)
    return false;
  if (found->matrices == NULL) {
    jac_fail(s->err, JAC_EINPUT, _("%s has no definition in vectors and matrices"), name);
    return false;
  }
  snprintf(formula, sizeof formula, "%s",
           s->columns && found->columns != NULL ? found->columns : found->matrices);
  bool linear = starts(name, "linear"), bias = strstr(word, ",bias") != NULL;
  char *plus = strstr(formula, " + b");
  if (linear && !bias && plus != NULL)
    *plus = '\0';
  snprintf(in, sizeof in, "%s%s", linear || s->modules > 1 ? "input" : "n", number);
  snprintf(out, sizeof out, "%s%s", linear ? "output" : in, linear ? number : "");
  if (s->at == 0 && found->inputs == NULL)
    vector(s, "z", in);
  declare(s, word, number, in, out);
  constants(s);
  if (!define(s, output, formula, input, number))
    return false;
  if (linear && s->modules == 1)
    batch(s, bias);
  if (!linear)
    jac_setting_word(s->setting, "X", "z", false, false);
  if (found->functions != NULL)
    functions(s, found);
  if (found->output_names != NULL && s->at + 1 == s->modules)
    output_names(s, found, output);
  if (found->quantity != NULL && s->modules == 1) {
    define(s, "s", found->quantity, "z", "");
    jac_setting_word(s->setting, "p", "s", false, true);
    jac_setting_word(s->setting, "hat_y", "s", false, true);
  }
  return true;
}

/* The module that a word names, or NULL. */
static const struct jac_module *find(const struct subject *s, const char *word) {
  char name[LONGEST];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ",:"), word);
  return jac_module_find(name, s->library, NULL);
}

bool jac_subject_define(void *context, const char *spec, bool columns,
                        struct jac_setting *setting, struct jac_error *err) {
  char words[WORDS][LONGEST], input[JAC_SETTING_NAME] = "z", output[JAC_SETTING_NAME];
  struct subject s = {
      .setting = setting, .columns = columns, .library = context, .err = err};
  for (const char *at = spec; *at != '\0';) {
    size_t length = strcspn(at, " \t\n");
    if (length > 0) {
      if (s.modules == WORDS || length >= LONGEST) {
        jac_fail(err, JAC_ELIMIT, _("a subject of more than %d modules"), WORDS);
        return false;
      }
      memcpy(words[s.modules], at, length);
      words[s.modules++][length] = '\0';
    }
    at += length + strspn(at + length, " \t\n");
  }
  if (s.modules == 0)
    return false;
  const struct jac_module *first = find(&s, words[0]),
                          *end = find(&s, words[s.modules - 1]);
  bool loss = end != NULL && end->loss;
  for (s.at = 0; s.at < s.modules; s.at++) {
    char number[24] = "";
    bool last = s.at + 1 == s.modules;
    if (s.modules > 1)
      snprintf(number, sizeof number, "%zu", s.at + 1);
    if (last)
      snprintf(output, sizeof output, "%s", loss ? "L" : "y");
    else
      snprintf(output, sizeof output, "z^{%zu}", s.at + 1);
    if (!module(&s, words[s.at], input, output, number))
      return false;
    snprintf(input, sizeof input, "%s", output);
  }
  snprintf(setting->output, sizeof setting->output, "%s", output);
  snprintf(setting->input, sizeof setting->input, "z");
  if (first != NULL && first->inputs != NULL)
    inputs(setting, first);
  synonyms(&s, output, loss);
  return true;
}
