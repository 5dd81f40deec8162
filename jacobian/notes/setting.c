#include "jacobian/notes/setting.h"

#include "jacobian/text.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jac_setting_init(struct jac_setting *setting) {
  memset(setting, 0, sizeof *setting);
}

void jac_setting_free(struct jac_setting *setting) {
  jac_arena_free(&setting->arena);
  jac_setting_init(setting);
}

void jac_setting_word(struct jac_setting *s, const char *name, const char *means,
                      bool function, bool depends) {
  size_t k = 0;
  if (name[0] == '\0' || strlen(name) >= JAC_SETTING_NAME)
    return;
  while (k < s->words && strcmp(s->text[k][0], name) != 0)
    k++;
  if (k == JAC_SETTING_WORDS)
    return;
  s->words += k == s->words;
  snprintf(s->text[k][0], JAC_SETTING_NAME, "%s", name);
  snprintf(s->text[k][1], JAC_SETTING_NAME, "%s", means != NULL ? means : "");
  s->word[k] = (struct jac_word){s->text[k][0], means != NULL ? s->text[k][1] : NULL,
                                 function, depends};
}

void jac_setting_unword(struct jac_setting *s, const char *name) {
  for (size_t k = 0; k < s->words; k++)
    if (strcmp(s->text[k][0], name) == 0) {
      size_t last = --s->words;
      memmove(s->text[k], s->text[last], sizeof s->text[k]);
      s->word[k] = s->word[last];
      s->word[k].name = s->text[k][0];
      s->word[k].means = s->word[last].means != NULL ? s->text[k][1] : NULL;
      return;
    }
}

struct jac_vocabulary jac_setting_vocabulary(const struct jac_setting *s) {
  return (struct jac_vocabulary){s->word, s->words, s->manners};
}

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A base before a script: one letter, or a Greek letter's command without its backslash.
 */
static size_t base_before(const char *text, size_t at, char base[JAC_SETTING_NAME]) {
  size_t end = at;
  /* \mathbf{h}_t, \hat{y}_t: the letter in the braces */
  if (end > 0 && text[end - 1] == '}') {
    size_t open = end - 1;
    while (open > 0 && text[open] != '{')
      open--;
    if (end - open == 3 && letter(text[open + 1])) {
      size_t command = open;
      while (command > 0 && letter(text[command - 1]))
        command--;
      bool accent = command > 0 && text[command - 1] == '\\' &&
                    (strncmp(text + command, "hat", 3) == 0 ||
                     strncmp(text + command, "tilde", 5) == 0 ||
                     strncmp(text + command, "bar", 3) == 0);
      snprintf(base, JAC_SETTING_NAME, "%.*s%s%c", accent ? (int)(open - command) : 0,
               text + command, accent ? "_" : "", text[open + 1]);
      return 1;
    }
    return 0;
  }
  size_t start = end;
  while (start > 0 && letter(text[start - 1]))
    start--;
  if (start == end)
    return 0;
  bool command = start > 0 && text[start - 1] == '\\';
  if (!command)
    start = end - 1;
  if (end - start >= JAC_SETTING_NAME)
    return 0;
  if (strncmp(text + start, "sum", 3) == 0 || strncmp(text + start, "max", 3) == 0 ||
      strncmp(text + start, "nabla", 5) == 0 || strncmp(text + start, "prod", 4) == 0 ||
      strncmp(text + start, "partial", 7) == 0)
    return 0;
  memcpy(base, text + start, end - start);
  base[end - start] = '\0';
  return end - start;
}

/* The script's text without braces and blanks. */
static void script(const char *text, size_t at, char out[24]) {
  size_t used = 0, depth = 0;
  bool group = text[at] == '{';
  for (size_t k = at; text[k] != '\0' && used < 22; k++) {
    if (text[k] == '{')
      depth++;
    else if (text[k] == '}') {
      if (depth-- <= 1)
        break;
    } else if (text[k] == ' ' || text[k] == '\\') {
      if (!group && text[k] == ' ')
        break;
      if (text[k] == '\\' && (text[k + 1] == ',' || text[k + 1] == ';'))
        k++;
    } else
      out[used++] = text[k];
    if (!group)
      break;
  }
  out[used] = '\0';
}

/* k, l, L with at most one added or taken away. */
static bool layer(const char *s) {
  if (strchr("klL", s[0]) == NULL || s[0] == '\0')
    return false;
  return s[1] == '\0' || ((s[1] == '-' || s[1] == '+') && s[2] == '1' && s[3] == '\0');
}

static bool moment(const char *s) {
  if (s[0] != 't' && s[0] != 'T')
    return false;
  return s[1] == '\0' || ((s[1] == '-' || s[1] == '+') && s[2] == '1' && s[3] == '\0');
}

static bool has_word(const struct jac_setting *s, const char *name) {
  for (size_t k = 0; k < s->words; k++)
    if (strcmp(s->text[k][0], name) == 0)
      return true;
  return jac_setting_quantity(s, name) < s->quantities;
}

/* A guess is no better than what was said. */
static void guess(struct jac_setting *s, const char *name) {
  for (size_t k = 0; k < s->words; k++)
    if (strcmp(s->text[k][0], name) == 0)
      return;
  jac_setting_word(s, name, NULL, false, false);
}

void jac_setting_guess_words(struct jac_setting *s, const char *latex) {
  char base[JAC_SETTING_NAME], below[24], name[2 * JAC_SETTING_NAME];
  bool dots = strstr(latex, "dots") != NULL;
  for (size_t k = 0; latex[k] != '\0'; k++) {
    if ((latex[k] != '_' && latex[k] != '^') || k == 0 || !base_before(latex, k, base))
      continue;
    script(latex, k + 1, below);
    if (latex[k] == '^') {
      if (layer(below) && strchr("zahxyWbwuvsoYXZAHd", base[0]) != NULL) {
        snprintf(name, sizeof name, "%s^{%s}", base, below);
        guess(s, name);
      }
      continue;
    }
    bool number = below[0] >= '0' && below[0] <= '9' && strchr(below, ',') == NULL &&
                  strstr(latex, "\\sum") == NULL && !has_word(s, base);
    bool capital = base[0] >= 'A' && base[0] <= 'Z';
    /* s_1 and s_2 in a matrix are a vector's entries. */
    dots = dots ||
           (number && (!capital || below[1] != '\0') && strstr(latex, "matrix}") != NULL);
    bool single = below[0] != '\0' && below[1] == '\0';
    bool word =
        single &&
        (strchr("hxyozfcgu", below[0]) != NULL || (below[0] >= 'A' && below[0] <= 'Z')) &&
        capital;
    bool size = (strcmp(base, "d") == 0 || strcmp(base, "n") == 0) && strlen(below) < 8;
    word = word || size;
    if (moment(below) || (number && !dots) || word) {
      snprintf(name, sizeof name, "%s_%s", base, below);
      if (strlen(name) < JAC_SETTING_NAME)
        guess(s, name);
    }
  }
}

void jac_setting_declare(struct jac_setting *s, const char *name, const char *rows,
                         const char *cols) {
  size_t k = 0;
  while (k < s->ndeclared && strcmp(s->declared[k].name, name) != 0)
    k++;
  if (k == JAC_SETTING_SHAPES)
    return;
  s->ndeclared += k == s->ndeclared;
  struct jac_declared *d = &s->declared[k];
  snprintf(d->name, sizeof d->name, "%.*s", JAC_SETTING_NAME - 1, name);
  snprintf(d->rows, sizeof d->rows, "%.23s", rows);
  snprintf(d->cols, sizeof d->cols, "%.23s", cols);
}

size_t jac_setting_quantity(const struct jac_setting *s, const char *name) {
  size_t k = 0;
  while (k < s->quantities && strcmp(s->left[k]->name, name) != 0)
    k++;
  return k;
}

bool jac_setting_leads_to(const struct jac_setting *s, const struct jac_node *n,
                          bool (*is)(const struct jac_node *node), int depth) {
  if (is(n))
    return true;
  size_t q = n->kind == JAC_NAME || n->kind == JAC_ENTRY
                 ? jac_setting_quantity(s, n->name)
                 : s->quantities;
  if (q < s->quantities && depth < 8 &&
      jac_setting_leads_to(s, s->right[q], is, depth + 1))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (jac_setting_leads_to(s, n->child[k], is, depth))
      return true;
  return false;
}

bool jac_setting_define(struct jac_setting *s, const struct jac_node *left,
                        const struct jac_node *right, bool own) {
  size_t k = jac_setting_quantity(s, left->name);
  if (k == JAC_EQUATIONS)
    return false;
  s->quantities += k == s->quantities;
  s->left[k] = left;
  s->right[k] = right;
  s->own[k] = own;
  s->any = true;
  return true;
}

/* Sizes differ from one another, and from one sample to the next. */
static size_t size_of(const struct jac_shaping *shaping, int number, size_t sample) {
  static const size_t sizes[3][6] = {
      {4, 3, 5, 6, 7, 8}, {3, 5, 4, 7, 6, 8}, {5, 4, 3, 6, 8, 7}};
  for (size_t k = 0; k < shaping->nfixed; k++)
    if (shaping->fixed[k].number == number)
      return shaping->fixed[k].size;
  return number == 0 ? 1 : sizes[sample % 3][(number - 1) % 6];
}

/* Values far from special ones; what is inside a logarithm or a root had better be
 * positive, so a third of the samples are. */
static double draw(gsl_rng *rng, size_t sample) {
  double x = gsl_ran_gaussian(rng, 1.0);
  x += x < 0.0 ? -0.1 : 0.1;
  return sample % 2 == 1 ? (x < 0.0 ? -x : x) * 0.7 : x;
}

/* Positive entries that sum to 1: all of a vector, each row of a matrix. */
static void share(double *value, size_t rows, size_t cols) {
  size_t length = rows > 1 && cols == 1 ? rows : cols;
  for (size_t first = 0; first < rows * cols; first += length) {
    double sum = 0.0;
    for (size_t k = 0; k < length; k++) {
      value[first + k] = fabs(value[first + k]);
      sum += value[first + k];
    }
    for (size_t k = 0; k < length; k++)
      value[first + k] /= sum;
  }
}

enum jac_status jac_setting_sample(const struct jac_setting *setting,
                                   const struct jac_shaping *shaping, size_t number,
                                   struct jac_noted *sample, struct jac_error *err) {
  *sample = (struct jac_noted){.arena = JAC_ARENA_INIT};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return jac_fail_memory(err);
  gsl_rng_set(rng, 4242 + number);
  for (size_t v = 0; v < shaping->count; v++) {
    const struct jac_shaped *shaped = &shaping->variable[v];
    size_t rows = size_of(shaping, shaped->rows, number),
           cols = size_of(shaping, shaped->cols, number);
    double *value = malloc(rows * cols * sizeof *value);
    if (value == NULL) {
      gsl_rng_free(rng);
      jac_setting_sample_free(sample);
      return jac_fail_memory(err);
    }
    for (size_t k = 0; k < rows * cols; k++)
      value[k] = draw(rng, number);
    for (size_t k = 0; setting->symmetric && rows == cols && k < rows * cols; k++)
      if (k / cols > k % cols)
        value[k] = value[k % cols * cols + k / cols];
    if (strcmp(setting->shares, shaped->name) == 0)
      share(value, rows, cols);
    sample->value[sample->nvalue++] = value;
    sample->named[v] = (struct jac_named){.name = shaped->name,
                                          .ndim = 2,
                                          .dims = {rows, cols},
                                          .data = value,
                                          .tda = cols};
  }
  gsl_rng_free(rng);
  size_t sizes = 0;
  for (size_t k = 0; k < shaping->ncalled; k++)
    sample->size[sizes++] = (struct jac_index_value){
        shaping->called[k].name, size_of(shaping, shaping->called[k].size, number)};
  sample->env = (struct jac_environment){
      .named = sample->named,
      .nnamed = shaping->count,
      .size = sample->size,
      .nsize = sizes,
      .nwhere = setting->quantities,
      .upright = !setting->rows,
      .liberties = JAC_LIBERTY_ELEMENTWISE | JAC_LIBERTY_INNER | JAC_LIBERTY_BROADCAST};
  memcpy(sample->env.where_left, setting->left, sizeof sample->env.where_left);
  memcpy(sample->env.where_right, setting->right, sizeof sample->env.where_right);
  return JAC_OK;
}

void jac_setting_sample_free(struct jac_noted *sample) {
  for (size_t k = 0; k < sample->nvalue; k++)
    free(sample->value[k]);
  jac_arena_free(&sample->arena);
  sample->nvalue = 0;
}
