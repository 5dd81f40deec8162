#include "layers/subject.h"

#include "jacobian/text.h"
#include "layers/module.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 24, LONGEST = 160 };

struct subject {
  const struct jac_module_library *library; /* or NULL */
  size_t modules, at;
  bool columns; /* vectors are columns, and a linear module W z + b */
  struct jac_buffer *text;
  struct jac_error *err;
};

static bool among(const char *const *list, size_t count, const char *word,
                  size_t length) {
  for (size_t k = 0; k < count; k++)
    if (strlen(list[k]) == length && memcmp(list[k], word, length) == 0)
      return true;
  return false;
}

static const char *const parameters[] = {"W", "b", "gamma", "beta", "m"};
enum { PARAMETERS = sizeof parameters / sizeof *parameters };

/* The definition with its input and its numbered parameters in their places. */
static void define(struct subject *s, const char *name, const char *formula,
                   const char *input, const char *number) {
  jac_buffer_printf(s->text, "define %s = ", name);
  for (const char *at = formula; *at;) {
    size_t length = 0;
    while (isalnum((unsigned char)at[length]) || at[length] == '_')
      length++;
    if (!length) {
      jac_buffer_add_char(s->text, *at++);
      continue;
    }
    if (length == 1 && *at == 'z')
      jac_buffer_add(s->text, input);
    else {
      jac_buffer_add_bytes(s->text, at, length);
      if (*number && among(parameters, PARAMETERS, at, length))
        jac_buffer_printf(s->text, "_%s", number);
    }
    at += length;
  }
  jac_buffer_add_char(s->text, '\n');
}

/* The shapes of what a module owns. in and out are the sizes' names. */
static void declare(struct subject *s, bool weighs, const char *number, const char *in,
                    const char *out) {
  const char *under = *number ? "_" : "";
  if (weighs) {
    jac_buffer_printf(s->text, "shape W%s%s %s %s\n", under, number,
                      s->columns ? out : in, s->columns ? in : out);
    if (*number)
      jac_buffer_printf(s->text, "alias W^{(%s)} W_%s\nalias W^{%s} W_%s\n", number,
                        number, number, number);
  }
  for (size_t k = 1; k < PARAMETERS; k++)
    jac_buffer_printf(s->text, "shape %s%s%s %s %s\n", parameters[k], under, number,
                      weighs && !s->columns ? "1" : out,
                      !weighs      ? "-"
                      : s->columns ? "1"
                                   : out);
}

static void constants(struct subject *s, const char *formula) {
  static const char *const names[] = {"slope", "alpha", "epsilon", "p", "d_k", "margin"};
  for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
    for (const char *at = strstr(formula, names[k]); at; at = strstr(at + 1, names[k])) {
      char after = at[strlen(names[k])];
      if ((at > formula && isalnum((unsigned char)at[-1])) ||
          isalnum((unsigned char)after) || after == '_')
        continue;
      jac_buffer_printf(s->text, "shape %s 1 1\npositive %s\n", names[k], names[k]);
      break;
    }
}

/* Names for the whole: input, output, error signals. */
static void synonyms(struct subject *s, const char *output, bool loss) {
  static const char *const inputs[] = {"z^{k-1}", "z^{l-1}", "a^{k-1}", "a^{l-1}", "x"};
  static const char *const outputs[] = {"z^{k}", "z^{l}", "M_W", "f",
                                        "a^{k}", "a^{l}", "M"};
  static const char *const losses[] = {"ell", "l", "J", "E", "C"};
  for (size_t k = 0; k < sizeof inputs / sizeof inputs[0]; k++)
    jac_buffer_printf(s->text, "alias %s z\n", inputs[k]);
  jac_buffer_add(s->text, "alias w W\n");
  if (loss) {
    jac_buffer_add(s->text, "shape y n -\nalias hat_y z\n");
    for (size_t k = 0; k < sizeof losses / sizeof losses[0]; k++)
      jac_buffer_printf(s->text, "alias %s %s\n", losses[k], output);
    return;
  }
  for (size_t k = 0; k < sizeof outputs / sizeof outputs[0]; k++)
    jac_buffer_printf(s->text, "alias %s %s\n", outputs[k], output);
  static const char *const layers[] = {"k", "l"};
  for (size_t k = 0; k < 2; k++)
    jac_buffer_printf(s->text,
                      "define \\delta^{%s} = \\frac{\\partial L}{\\partial %s}\n"
                      "define \\delta^{%s-1} = \\frac{\\partial L}{\\partial z}\n",
                      layers[k], output, layers[k]);
}

/* The next word of a list; false at its end. */
static bool next_word(const char **list, char word[LONGEST]) {
  size_t length = strcspn(*list += strspn(*list, " "), " ");
  snprintf(word, LONGEST, "%.*s", (int)length, *list);
  *list += length;
  return length > 0;
}

/* Functions that are names elsewhere: the normal law and its density. */
static void functions(struct subject *s, const struct jac_module *found) {
  static const struct {
    const char *name, *definition;
  } known[] = {{"Phi", "Phi(t) = (1 + erf(t/sqrt(2)))/2"},
               {"phi", "phi(t) = exp(-t^2/2)/sqrt(2*pi)"}};
  char name[LONGEST];
  for (const char *list = found->functions; next_word(&list, name);)
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
      if (strcmp(name, known[k].name) == 0)
        jac_buffer_printf(s->text, "define %s\n", known[k].definition);
}

/* Whether a module has a matrix of weights W: it turns round where vectors are columns.
 */
static bool has_weights(const struct jac_module *module) {
  return module != NULL && module->columns != NULL;
}

/* A module's formula in whole vectors and matrices; NULL: it has none, err says so. */
static const struct jac_module *formula_of(struct subject *s, const char *word,
                                           char formula[LONGEST]) {
  char name[LONGEST];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ",:"), word);
  const struct jac_module *found = jac_module_find(name, s->library, s->err);
  if (found == NULL)
    return NULL;
  if (found->matrices == NULL) {
    jac_fail(s->err, JAC_EINPUT, _("%s has no definition in vectors and matrices"), name);
    return NULL;
  }
  snprintf(formula, LONGEST, "%s",
           s->columns && found->columns != NULL ? found->columns : found->matrices);
  char *plus = strstr(formula, " + b");
  if (has_weights(found) && strstr(word, ",bias") == NULL && plus != NULL)
    *plus = '\0';
  return found;
}

/* The shape of the data that the first module takes. */
static void data(struct subject *s, const char *size, bool matrices) {
  const char *rows = matrices && !s->columns ? "1" : size;
  const char *cols = !matrices ? "-" : s->columns ? "1" : size;
  jac_buffer_printf(s->text, "shape z %s %s\n", rows, cols);
}

/* X, Z: a whole batch, samples in rows; other modules take it as they take a sample. */
static void batch(struct subject *s, const char *word, bool weighs) {
  bool bias = strstr(word, ",bias") != NULL;
  if (!weighs) {
    jac_buffer_add(s->text, "alias X z\n");
  } else if (s->modules == 1 && !s->columns) {
    jac_buffer_add(s->text, "shape X batch input\n");
    define(s, "Y", bias ? "X*W + b" : "X*W", "z", "");
    jac_buffer_add(s->text, "alias Z X\n");
  }
}

static bool module(struct subject *s, const char *word, const char *input,
                   const char *output, const char *number, bool matrices) {
  char formula[LONGEST], in[32], out[64], other[LONGEST];
  const struct jac_module *found = formula_of(s, word, formula);
  if (found == NULL)
    return false;
  bool weighs = has_weights(found);
  snprintf(in, sizeof in, "%s%s", weighs || s->modules > 1 ? "input" : "n", number);
  snprintf(out, sizeof out, "%s%s", weighs ? "output" : in, weighs ? number : "");
  if (s->at == 0 && found->inputs == NULL)
    data(s, in, matrices);
  declare(s, weighs, number, in, out);
  constants(s, formula);
  define(s, output, formula, input, number);
  batch(s, word, weighs);
  if (found->functions != NULL) /* elsewhere they are names */
    functions(s, found);
  const char *list = s->at + 1 == s->modules ? found->output_names : NULL;
  while (list && next_word(&list, other))
    jac_buffer_printf(s->text, "alias %s %s\n", other, output);
  if (found->quantity != NULL && s->modules == 1)
    jac_buffer_printf(s->text, "define s = %s\nalias p s\n", found->quantity);
  return true;
}

/* The module that a word names, or NULL. */
static const struct jac_module *find(const struct subject *s, const char *word) {
  char name[LONGEST];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word, ",:"), word);
  return jac_module_find(name, s->library, NULL);
}

/* The words of a subject, a module each; false: they are too many, or too long. */
static bool split(struct subject *s, const char *spec, char words[WORDS][LONGEST]) {
  for (const char *at = spec; *at != '\0';) {
    size_t length = strcspn(at, " \t\n");
    if (length > 0) {
      if (s->modules == WORDS || length >= LONGEST) {
        jac_fail(s->err, JAC_ELIMIT, _("a subject of more than %d modules"), WORDS);
        return false;
      }
      snprintf(words[s->modules++], LONGEST, "%.*s", (int)length, at);
    }
    at += length + strspn(at + length, " \t\n");
  }
  return s->modules > 0;
}

/* The modules one after another: the output of one is the input of the next. */
static bool modules(struct subject *s, char words[WORDS][LONGEST], const char *last,
                    bool matrices) {
  char input[80] = "z", output[80];
  for (s->at = 0; s->at < s->modules; s->at++) {
    char number[24] = "";
    if (s->modules > 1)
      snprintf(number, sizeof number, "%zu", s->at + 1);
    if (s->at + 1 == s->modules)
      snprintf(output, sizeof output, "%s", last);
    else
      snprintf(output, sizeof output, "z^{%zu}", s->at + 1);
    if (!module(s, words[s->at], input, output, number, matrices))
      return false;
    snprintf(input, sizeof input, "%s", output);
  }
  return true;
}

bool jac_subject_facts(void *context, const char *spec, bool columns,
                       struct jac_buffer *text, struct jac_error *err) {
  char words[WORDS][LONGEST], name[LONGEST], rows[LONGEST], cols[LONGEST];
  struct subject s = {.text = text, .library = context, .columns = columns, .err = err};
  bool matrices = false;
  if (!split(&s, spec, words))
    return false;
  for (size_t k = 0; k < s.modules; k++)
    matrices = matrices || has_weights(find(&s, words[k]));
  if (!columns)
    jac_buffer_add(text, "rows\n");
  const struct jac_module *first = find(&s, words[0]),
                          *end = find(&s, words[s.modules - 1]);
  bool loss = end != NULL && end->loss;
  const char *output = loss ? "L" : "y";
  if (!modules(&s, words, output, matrices))
    return false;
  for (const char *list = first != NULL ? first->inputs : NULL;
       list && next_word(&list, name) && next_word(&list, rows) &&
       next_word(&list, cols);)
    jac_buffer_printf(text, "shape %s %s %s\n", name, rows, cols);
  jac_buffer_printf(text, "subject %s\ninput z\n", output);
  synonyms(&s, output, loss);
  return true;
}
