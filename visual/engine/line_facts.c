#include "visual/engine/line_facts.h"

#include "layers/network.h"
#include "layers/subject.h"
#include "visual/cli/derived_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 64, FORMULA = 512, DEFINITIONS = 4 };

/* Numbers that a module is told once and for all, by the names that its formula has. */
static const char *const letters[] = {"slope", "alpha", "margin", "p"};
enum { LETTERS = sizeof letters / sizeof *letters };

static void name_of(const char *spec, char name[WORD]) {
  snprintf(name, WORD, "%.*s", (int)strcspn(spec, ":,"), spec);
}

/* The next option of a spec, and the text from it on; NULL: there is none. */
static const char *next_option(const char *at, char word[WORD]) {
  at = strchr(at, ',');
  if (at)
    snprintf(word, WORD, "%.*s", (int)strcspn(at + 1, ","), at + 1);
  return at ? at + 1 : NULL;
}

static bool is_letter(const char *word) {
  for (size_t k = 0; k < LETTERS; k++)
    if (strncmp(word, letters[k], strlen(letters[k])) == 0 &&
        word[strlen(letters[k])] == '=')
      return true;
  return false;
}

/* The number that a letter is in all modules that have it; false: in none, or in two not
 * the same. */
static bool letter_value(const struct jac_map *map, const char *letter, double *value) {
  size_t found = 0;
  for (size_t k = 0; k < jac_network_count(map); k++) {
    const struct jac_map *module = jac_network_module(map, k);
    for (size_t c = 0; c < module->nconstant; c++) {
      const struct jac_constant *one = &module->constant[c];
      if (!one->name || strcmp(one->name, letter) != 0)
        continue;
      if (found++ > 0 && one->value != *value)
        return false;
      *value = one->value;
    }
  }
  return found > 0;
}

/* Whether an option of a network's module sets a letter that is one number there. */
static bool sets_letter(const struct jac_map *map, const char *word) {
  char letter[WORD];
  double value;
  snprintf(letter, sizeof letter, "%.*s", (int)strcspn(word, "="), word);
  return is_letter(word) && letter_value(map, letter, &value);
}

/* The definition of a module with an option, where the option is what it is about. */
static const struct jac_derived_row *row_of(const char *module, const char *option) {
  const struct jac_derived_row *row = jac_derived_row(module, option);
  return row && jac_derived_row_is_optional(row) ? row : NULL;
}

const char *jac_line_left_out(const struct jac_ask *ask) {
  const struct jac_options *options = &ask->options;
  char word[WORD], module[WORD];
  for (size_t k = 0; options->define == NULL && k < options->nspec; k++) {
    name_of(options->spec[k], module);
    for (const char *at = options->spec[k]; (at = next_option(at, word)) != NULL;) {
      bool known = strcmp(word, "bias") == 0 || strncmp(word, "eps=", 4) == 0;
      known =
          known || (options->nspec == 1 ? is_letter(word) || row_of(module, word) != NULL
                                        : sets_letter(ask->subject.map, word));
      if (!known)
        return at;
    }
  }
  return NULL;
}

/* text with each name that has been defined in brackets in its place. */
static void inlined(const char *text, char name[DEFINITIONS][WORD],
                    char value[DEFINITIONS][FORMULA], size_t count, char out[FORMULA]) {
  size_t put = 0;
  while (*text && put + 1 < FORMULA) {
    size_t length = 0, k = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_')
      length++;
    while (k < count &&
           (strlen(name[k]) != length || !length || strncmp(name[k], text, length) != 0))
      k++;
    int wrote = k < count ? snprintf(out + put, FORMULA - put, "(%s)", value[k])
                          : snprintf(out + put, FORMULA - put, "%.*s",
                                     (int)(length ? length : 1), text);
    put += wrote > 0 ? (size_t)wrote : 0;
    text += length ? length : 1;
  }
  out[put < FORMULA ? put : FORMULA - 1] = '\0';
}

/* "s = softmax(z); L = -sum(y .* log(s))" as the one equation of L: names on the way are
 * the student's to give. */
static void whole_of(const char *definition, char name[WORD], char formula[FORMULA]) {
  char names[DEFINITIONS][WORD], values[DEFINITIONS][FORMULA], right[FORMULA];
  for (size_t k = 0; k < DEFINITIONS && *definition; k++) {
    size_t length = strcspn(definition, ";"), equals = strcspn(definition, "=");
    snprintf(names[k], WORD, "%.*s", (int)(equals - 1), definition);
    snprintf(right, FORMULA, "%.*s", (int)(length - equals - 2), definition + equals + 2);
    inlined(right, names, values, k, values[k]);
    snprintf(name, WORD, "%s", names[k]);
    snprintf(formula, FORMULA, "%s", values[k]);
    definition += length;
    definition += strspn(definition, "; ");
  }
}

/* The shapes of what only the option's definition names: t=1x1, w=1xn. */
static void add_shapes(const char *sizes, const char *facts, struct jac_buffer *text) {
  char part[WORD], told[WORD + 16];
  for (; *sizes; sizes += *sizes == ',') {
    size_t length = strcspn(sizes, ",");
    snprintf(part, WORD, "%.*s", (int)length, sizes);
    sizes += length;
    char *rows = strchr(part, '='), *cols = rows ? strchr(rows, 'x') : NULL;
    if (!cols)
      continue;
    *rows++ = *cols++ = '\0';
    snprintf(told, sizeof told, "shape %s ", part);
    if (strstr(facts, told))
      continue;
    bool vector = strcmp(rows, "1") == 0 && strcmp(cols, "1") != 0;
    jac_buffer_printf(text, "shape %s %s %s\n", part, vector ? cols : rows,
                      vector ? "-" : cols);
  }
}

/* A number by the letters that people have for it. */
static void add_value(const char *option, const char *letter, struct jac_buffer *text) {
  jac_buffer_printf(text, "define %s = %.12f\n", letter,
                    strtod(strchr(option, '=') + 1, NULL));
  if (strncmp(option, "temperature", 11) == 0)
    jac_buffer_printf(text, "alias T %s\nalias tau %s\nalias temperature %s\n", letter,
                      letter, letter);
  if (strncmp(option, "smoothing", 9) == 0)
    jac_buffer_printf(text, "alias alpha %s\nalias epsilon %s\nalias smoothing %s\n",
                      letter, letter, letter);
}

/* The constant of the map with a name, as text; false: it has none. */
static bool constant(const struct jac_map *map, const char *name, char value[WORD]) {
  for (size_t k = 0; k < map->nconstant; k++)
    if (map->constant[k].name && strcmp(map->constant[k].name, name) == 0) {
      snprintf(value, WORD, "%.17g", map->constant[k].value);
      return strchr(value, 'e') == NULL;
    }
  return false;
}

/* A letter of a formula is the number that it is here: "shape alpha 1 1", "positive
 * alpha" become "define alpha = 2". */
static bool set_letter(const struct jac_line_subject *subject, const char *line,
                       struct jac_buffer *text) {
  const struct jac_map *map = subject->ask->subject.map;
  char name[WORD], value[WORD];
  bool shape = sscanf(line, "shape %63s 1 1", name) == 1 && strstr(line, " 1 1") != NULL;
  if (!shape && sscanf(line, "positive %63s", name) != 1)
    return false;
  bool width = subject->width && strcmp(name, "d_k") == 0, known = width;
  for (size_t k = 0; k < LETTERS; k++)
    known = known || strcmp(name, letters[k]) == 0;
  if (!known || !constant(map, width ? "D" : name, value))
    return false;
  if (shape)
    jac_buffer_printf(text, "define %s = %s\n", name, value);
  return true;
}

/* Whether indices and exponents are all that is left of a name. */
static bool only_scripts(const char *at) {
  for (at += strspn(at, " "); *at == '_' || *at == '^'; at += strspn(at, " ")) {
    at += 1 + strspn(at + 1, " ");
    if (*at == '{') {
      at += strcspn(at, "}");
      at += *at == '}';
    } else {
      at += *at != '\0';
      for (bool word = at[-1] == '\\'; word && isalpha((unsigned char)*at);)
        at++;
    }
  }
  return *at == '\0';
}

static bool is_accent(const char *name, size_t length) {
  static const char *const accents[] = {"hat", "tilde", "bar", "dot"};
  for (size_t k = 0; k < sizeof accents / sizeof *accents; k++)
    if (strlen(accents[k]) == length && memcmp(name, accents[k], length) == 0)
      return true;
  return false;
}

bool jac_line_name(const char *left, char *name, size_t room) {
  size_t length = 0;
  left += strspn(left, " \\");
  for (; length + 2 < room && isalpha((unsigned char)*left); left++)
    name[length++] = *left;
  if (is_accent(name, length) && *left == ' ' && isalpha((unsigned char)left[1])) {
    name[length++] = '_';
    name[length++] = left[1];
    left += 2;
  } else if (length > 1 && *left == '{') {
    name[length++] = '_';
    for (left += 1 + (left[1] == '\\');
         length + 1 < room && isalnum((unsigned char)*left); left++)
      name[length++] = *left;
    left += *left == '}';
  }
  name[length] = '\0';
  return length > 0 && only_scripts(left);
}

/* Whether a definition above the line gives a name to something else. */
static bool redefined(const struct jac_ask *ask, const char *name) {
  const json_t *before = json_object_get(ask->question, "before");
  char left[WORD * 2], given[WORD];
  for (size_t k = 0; k < json_array_size(before); k++) {
    const char *text = json_string_value(json_array_get(before, k));
    snprintf(left, sizeof left, "%.*s", (int)(text ? strcspn(text, "=") : 0),
             text ? text : "");
    if (jac_line_name(left, given, sizeof given) && strcmp(given, name) == 0)
      return true;
  }
  return false;
}

/* Some modules have a definition in vectors with an option only: what flatten is called,
 * they are. */
static bool base_facts(const struct jac_ask *ask, const char *spec, bool columns,
                       struct jac_buffer *facts, struct jac_error *err) {
  char module[WORD], word[WORD];
  if (jac_subject_facts(NULL, spec, columns, facts, err))
    return true;
  if (ask->options.nspec != 1)
    return false;
  name_of(ask->options.spec[0], module);
  for (const char *at = ask->options.spec[0]; (at = next_option(at, word)) != NULL;) {
    const struct jac_derived_row *row = row_of(module, word);
    if (row && row->sizes && strncmp(row->sizes, "z=", 2) == 0)
      return jac_subject_facts(NULL, "flatten", columns, facts, err);
  }
  return false;
}

/* What an option changes: the definition, and what it names. True: it is a mask. */
static bool add_option(const struct jac_ask *ask, const char *facts, char name[WORD],
                       char formula[FORMULA], struct jac_buffer *text) {
  char module[WORD], word[WORD];
  bool masked = false;
  name_of(ask->options.spec[0], module);
  for (const char *at = ask->options.spec[0]; (at = next_option(at, word)) != NULL;) {
    const struct jac_derived_row *row = row_of(module, word);
    if (!row)
      continue;
    whole_of(row->definition, name, formula);
    /* The mask of attention, in the words of its module. */
    masked = masked || strncmp(word, "mask=", 5) == 0;
    if (masked)
      jac_buffer_add(text, "alias d d_k\nshape M queries keys\n");
    else if (row->sizes)
      add_shapes(row->sizes, facts, text);
    const char *letter = row->given ? strpbrk(row->given, "ta") : NULL;
    if (letter && strchr(word, '=') && isdigit((unsigned char)strchr(word, '=')[1]))
      add_value(word, (char[]){*letter, '\0'}, text);
  }
  return masked;
}

void jac_line_written(const char *name, char *out, size_t room) {
  size_t bare = strcspn(name, "0123456789");
  snprintf(out, room, "%.*s%s%s", (int)bare, name, name[bare] ? "_" : "", name + bare);
}

/* The facts count all modules, the network's variables those that have parameters: W_3
 * of linear tanh linear is W_2 to who writes the line. False: there is no such name. */
static bool network_name(const struct jac_map *map, const char *word, size_t length,
                         char out[WORD]) {
  size_t bare = 0;
  while (bare < length && isalpha((unsigned char)word[bare]))
    bare++;
  size_t k = bare && word[bare] == '_' ? strtoul(word + bare + 1, NULL, 10) : 0;
  if (k < 1 || k > jac_network_count(map))
    return false;
  const struct jac_map *module = jac_network_module(map, k - 1);
  for (size_t v = 0; v < module->nvar; v++)
    if (strlen(module->var[v].name) == bare &&
        memcmp(module->var[v].name, word, bare) == 0) {
      size_t at = jac_network_variable(map, k - 1, v);
      if (at == map->nvar)
        return false;
      jac_line_written(map->var[at].name, out, WORD);
      return true;
    }
  return false;
}

/* A fact of a network with the names that its variables have. */
static void add_renamed(const struct jac_map *map, const char *line,
                        struct jac_buffer *text) {
  char name[WORD];
  while (*line) {
    size_t length = 0;
    while (isalnum((unsigned char)line[length]) || line[length] == '_')
      length++;
    if (length && network_name(map, line, length, name))
      jac_buffer_add(text, name);
    else
      jac_buffer_add_bytes(text, line, length ? length : 1);
    line += length ? length : 1;
  }
  jac_buffer_add_char(text, '\n');
}

/* The facts of a network: its names, and letters that are one number in it. */
static void add_network(const struct jac_map *map, const char *facts,
                        struct jac_buffer *text) {
  char line[FORMULA], name[WORD];
  double value;
  for (const char *at = facts, *end; *at; at = end) {
    size_t length = strcspn(at, "\n");
    end = at + length + (at[length] == '\n');
    snprintf(line, sizeof line, "%.*s", (int)length, at);
    bool shape = sscanf(line, "shape %63s 1 1", name) == 1 && strstr(line, " 1 1");
    bool letter = (shape || sscanf(line, "positive %63s", name) == 1) &&
                  letter_value(map, name, &value);
    if (letter && shape)
      jac_buffer_printf(text, "define %s = %.12f\n", name, value);
    else if (!letter && strncmp(line, "alias W^", 8) != 0)
      add_renamed(map, line, text);
  }
  jac_buffer_add(text, "alias z^{0} z\n");
  if (strstr(facts, "subject y\n"))
    jac_buffer_printf(text, "alias z^{%zu} y\n", jac_network_count(map));
  for (size_t v = 0; v < map->nvar; v++) {
    const char *number = map->var[v].name + 1;
    if (map->var[v].name[0] == 'W' && isdigit((unsigned char)*number))
      jac_buffer_printf(text, "alias W^{(%s)} W_%s\nalias W^{%s} W_%s\n", number, number,
                        number, number);
  }
}

bool jac_line_facts(void *context, const char *spec, bool columns,
                    struct jac_buffer *text, struct jac_error *err) {
  const struct jac_line_subject *subject = context;
  const struct jac_ask *ask = subject->ask;
  struct jac_buffer facts = JAC_BUFFER_INIT;
  char name[WORD] = "", formula[FORMULA] = "";
  bool fine = base_facts(ask, spec, columns, &facts, err) && facts.text;
  if (!fine || ask->options.nspec != 1) {
    if (fine && ask->options.define == NULL)
      add_network(ask->subject.map, facts.text, text);
    else
      jac_buffer_add(text, facts.text ? facts.text : "");
    jac_buffer_free(&facts);
    return fine;
  }
  bool masked = add_option(ask, facts.text, name, formula, text);
  for (char *line = facts.text, *end; *line; line = end) {
    char copy[FORMULA], start[WORD + 16];
    end = line + strcspn(line, "\n");
    snprintf(copy, sizeof copy, "%.*s", (int)(end - line), line);
    end += *end == '\n';
    snprintf(start, sizeof start, "define %s = ", name);
    char alias[WORD];
    if (sscanf(copy, "alias %63s", alias) == 1 &&
        (redefined(ask, alias) || (masked && strcmp(alias, "M") == 0)))
      continue;
    if (*name && strncmp(copy, start, strlen(start)) == 0)
      jac_buffer_printf(text, "define %s = %s\n", name, formula);
    else if (!set_letter(subject, copy, text))
      jac_buffer_printf(text, "%s\n", copy);
  }
  jac_buffer_free(&facts);
  return true;
}
