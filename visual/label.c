#include "visual/label.h"

#include "jacobian/order.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

struct letter {
  const char *latex, *unicode, *ascii;
};

static const struct letter commands[] = {
    {"alpha", "α", "alpha"}, {"beta", "β", "beta"},       {"gamma", "γ", "gamma"},
    {"delta", "δ", "delta"}, {"epsilon", "ε", "eps"},     {"varepsilon", "ε", "eps"},
    {"zeta", "ζ", "zeta"},   {"eta", "η", "eta"},         {"theta", "θ", "theta"},
    {"iota", "ι", "iota"},   {"kappa", "κ", "kappa"},     {"lambda", "λ", "lambda"},
    {"mu", "μ", "mu"},       {"nu", "ν", "nu"},           {"xi", "ξ", "xi"},
    {"pi", "π", "pi"},       {"rho", "ρ", "rho"},         {"sigma", "σ", "sigma"},
    {"tau", "τ", "tau"},     {"upsilon", "υ", "upsilon"}, {"phi", "φ", "phi"},
    {"varphi", "φ", "phi"},  {"chi", "χ", "chi"},         {"psi", "ψ", "psi"},
    {"omega", "ω", "omega"}, {"Gamma", "Γ", "Gamma"},     {"Delta", "Δ", "Delta"},
    {"Theta", "Θ", "Theta"}, {"Lambda", "Λ", "Lambda"},   {"Xi", "Ξ", "Xi"},
    {"Pi", "Π", "Pi"},       {"Sigma", "Σ", "Sigma"},     {"Phi", "Φ", "Phi"},
    {"Psi", "Ψ", "Psi"},     {"Omega", "Ω", "Omega"},     {"ell", "ℓ", "L"},
    {"prime", "′", "'"},     {"top", "ᵀ", "T"},           {"star", "⋆", "*"},
    {"ast", "∗", "*"},
};

/* Commands that say how a name is set, not what it is. */
static const char *const fonts[] = {
    "mathrm",       "mathbf",     "mathit",     "mathsf", "mathtt",
    "mathcal",      "mathbb",     "mathfrak",   "text",   "textrm",
    "operatorname", "boldsymbol", "bm",         "left",   "right",
    "displaystyle", "pmb",        "mathnormal", "textbf", "textit"};

static const struct letter superscripts[] = {
    {"0", "⁰", 0}, {"1", "¹", 0}, {"2", "²", 0}, {"3", "³", 0}, {"4", "⁴", 0},
    {"5", "⁵", 0}, {"6", "⁶", 0}, {"7", "⁷", 0}, {"8", "⁸", 0}, {"9", "⁹", 0},
    {"+", "⁺", 0}, {"-", "⁻", 0}, {"(", "⁽", 0}, {")", "⁾", 0}, {"k", "ᵏ", 0},
    {"l", "ˡ", 0}, {"n", "ⁿ", 0}, {"i", "ⁱ", 0}, {"t", "ᵗ", 0}, {"h", "ʰ", 0},
};

/* A command's letter; *at moves behind its name. NULL: not one of ours. */
static const struct letter *command(const char **at) {
  size_t length = strspn(*at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const char *name = *at;
  *at += length;
  for (size_t k = 0; k < sizeof commands / sizeof commands[0]; k++)
    if (strlen(commands[k].latex) == length &&
        memcmp(commands[k].latex, name, length) == 0)
      return &commands[k];
  return NULL;
}

static bool is_font(const char *name, size_t length) {
  for (size_t k = 0; k < sizeof fonts / sizeof fonts[0]; k++)
    if (strlen(fonts[k]) == length && memcmp(fonts[k], name, length) == 0)
      return true;
  return false;
}

static const char *superscript(char c) {
  for (size_t k = 0; k < sizeof superscripts / sizeof superscripts[0]; k++)
    if (superscripts[k].latex[0] == c)
      return superscripts[k].unicode;
  return NULL;
}

/* Adds what stands above: raised letters if there are all of them, else ^(..). */
static void add_raised(const char *text, size_t length, enum jac_notation notation,
                       struct jac_buffer *out) {
  bool raised = notation == JAC_NOTATION_UNICODE;
  for (size_t k = 0; k < length; k++)
    raised = raised && superscript(text[k]) != NULL;
  if (raised) {
    for (size_t k = 0; k < length; k++)
      jac_buffer_add(out, superscript(text[k]));
    return;
  }
  bool bracket = length > 1 && text[0] != '(';
  jac_buffer_add(out, bracket ? "^(" : "^");
  jac_buffer_add_bytes(out, text, length);
  jac_buffer_add(out, bracket ? ")" : "");
}

/* The length of a group {..} or of one character, and where its inside starts. */
static size_t group(const char **at) {
  if (**at != '{')
    return **at != '\0';
  const char *close = strchr(++*at, '}');
  return close == NULL ? strlen(*at) : (size_t)(close - *at);
}

void jac_label_symbol(const char *symbol, enum jac_notation notation,
                      struct jac_buffer *out) {
  if (notation == JAC_NOTATION_LATEX) {
    jac_buffer_add(out, symbol);
    return;
  }
  const char *at = symbol;
  while (*at != '\0') {
    if (*at == '\\') {
      const char *name = ++at;
      const struct letter *letter = command(&at);
      if (letter == NULL && at == name && *at != '\0')
        at++; /* a blank or a bracket of LaTeX's own */
      else if (letter == NULL && !is_font(name, (size_t)(at - name)))
        jac_buffer_add_bytes(out, name, (size_t)(at - name));
      else if (letter != NULL)
        jac_buffer_add(out, notation == JAC_NOTATION_UNICODE ? letter->unicode
                                                             : letter->ascii);
      at += *at == ' ';
    } else if (*at == '^') {
      at++;
      size_t length = group(&at);
      add_raised(at, length, notation, out);
      at += length;
    } else if (*at == '{' || *at == '}')
      at++;
    else
      jac_buffer_add_char(out, *at++);
  }
}

/* Lowered letters where there are all of them. */
static bool lowered(const char *text) {
  bool all = *text != '\0';
  for (; *text != '\0'; text++)
    all = all && jac_subscript(*text) != NULL;
  return all;
}

static void add_lowered(const char *text, struct jac_buffer *out) {
  if (strcmp(text, "•") == 0)
    jac_buffer_add(out, text);
  else
    for (; *text != '\0'; text++)
      jac_buffer_add(out, jac_subscript(*text));
}

/* Long: three notations that differ in brackets, commas and letters. */
void jac_label_texts(const char *symbol, enum jac_notation notation, size_t count,
                     const char *const *index, bool wide, struct jac_buffer *out) {
  /* A second subscript needs a base of its own. */
  bool grouped = notation == JAC_NOTATION_LATEX && count > 0 && symbol[0] != '{' &&
                 strchr(symbol, '_') != NULL;
  jac_buffer_add(out, grouped ? "{" : "");
  jac_label_symbol(symbol, notation, out);
  jac_buffer_add(out, grouped ? "}" : "");
  if (count == 0)
    return;
  bool low = notation == JAC_NOTATION_UNICODE;
  for (size_t k = 0; k < count; k++) {
    low = low && (lowered(index[k]) || strcmp(index[k], "•") == 0);
    wide = wide || (strlen(index[k]) > 1 && strcmp(index[k], "•") != 0);
  }
  if (!low)
    jac_buffer_add(out, notation == JAC_NOTATION_LATEX ? "_{" : "[");
  for (size_t k = 0; k < count; k++) {
    if (k > 0 && !(low && !wide))
      jac_buffer_add(out, low ? "‚" : ",");
    if (low)
      add_lowered(index[k], out);
    else
      jac_buffer_add(out, index[k]);
  }
  jac_buffer_add(out, low ? "" : notation == JAC_NOTATION_LATEX ? "}" : "]");
}

enum { LABEL_INDICES = 4, INDEX_SIZE = 24 };

static void index_text(size_t index, enum jac_notation notation, char text[INDEX_SIZE]) {
  static const char *const all[] = {"\\bullet", "•", ":"};
  if (index == JAC_INDEX_ANY)
    snprintf(text, INDEX_SIZE, "n");
  else if (index == JAC_INDEX_ALL)
    snprintf(text, INDEX_SIZE, "%s", all[notation]);
  else
    snprintf(text, INDEX_SIZE, "%zu", index + 1);
}

void jac_label_indexed(const char *symbol, enum jac_notation notation, size_t count,
                       const size_t *index, const size_t *dims, struct jac_buffer *out) {
  char text[LABEL_INDICES][INDEX_SIZE];
  const char *texts[LABEL_INDICES];
  bool wide = false, all = false;
  for (size_t k = 0; k < count; k++) {
    index_text(index[k], notation, text[k]);
    texts[k] = text[k];
    wide = wide || dims[k] > 9;
    all = all || index[k] == JAC_INDEX_ALL;
  }
  jac_label_texts(symbol, notation, count, texts, wide && !all, out);
}

size_t jac_label_output_indices(const struct jac_map *map) {
  if (map->definition == NULL && strcmp(map->output_symbol, "\\ell") == 0)
    return map->rows == 1 && map->batch > 1 ? 0 : 1;
  if (map->definition == NULL)
    return 2;
  size_t count = 0;
  for (const char *at = map->definition; *at != '\0' && *at != '='; at++)
    count += *at == '[' || *at == ',';
  if (count == 0) /* a formula of matrices: an index for each dimension over 1 */
    return map->rows > 1 ? 2 : map->cols > 1;
  return count;
}

/* A number of an image by its sample, row, column and channel. */
static void label_image(const char *symbol, enum jac_notation notation, size_t n,
                        size_t feature, size_t channels, size_t width,
                        struct jac_buffer *out) {
  size_t position = feature / channels;
  const size_t index[4] = {n, position / width, position % width, feature % channels};
  jac_label_indexed(symbol, notation, 4, index, index, out);
}

/* An entry of another map's Jacobian: that of its output n by its variable's o. */
static void label_slope(const struct jac_map *map, enum jac_notation notation, size_t n,
                        size_t o, struct jac_buffer *out) {
  static const char *const signs[] = {"\\partial ", "∂", "d"};
  const struct jac_variable *var = &map->of->var[map->of_wrt];
  size_t index[3] = {JAC_INDEX_ALL, JAC_INDEX_ALL, JAC_INDEX_ALL};
  bool some = n == JAC_INDEX_ANY || n == JAC_INDEX_ALL;
  jac_buffer_add(out, signs[notation]);
  jac_label_output(map->of, notation, some ? n : n / map->of->cols,
                   some ? JAC_INDEX_ALL : n % map->of->cols, out);
  jac_buffer_printf(out, "/%s", signs[notation]);
  if (o != JAC_INDEX_ALL)
    jac_number_to_index(var, map->of_order, o, index);
  jac_label_entry(var, notation, index, out);
}

void jac_label_output(const struct jac_map *map, enum jac_notation notation, size_t n,
                      size_t o, struct jac_buffer *out) {
  if (map->of != NULL) {
    label_slope(map, notation, n, o, out);
    return;
  }
  size_t count = jac_label_output_indices(map);
  bool feature = count == 1 && map->rows == 1 && map->cols > 1;
  const size_t index[2] = {feature ? o : n, o}, dims[2] = {map->rows, map->cols};
  if (map->width > 0 && o != JAC_INDEX_ALL) {
    label_image(map->output_symbol, notation, n, o, map->channels, map->width, out);
    return;
  }
  jac_label_indexed(map->output_symbol, notation, count < 2 ? count : 2, index, dims,
                    out);
}

void jac_label_slice(const struct jac_map *map, enum jac_notation notation, size_t slice,
                     struct jac_buffer *out) {
  if (map->of != NULL)
    jac_label_output(map->of, notation, slice / map->of->cols, slice % map->of->cols,
                     out);
  else
    jac_buffer_printf(out, notation == JAC_NOTATION_LATEX ? "n=%zu" : _("sample %zu"),
                      slice + 1);
}

/* Of a formula that somebody typed, whose entries write x_1 of a column x, and x of a
 * number. */
static bool is_typed(const struct jac_variable *variable) {
  return variable->writer != NULL && variable->role == JAC_PARAMETER;
}

void jac_label_entry(const struct jac_variable *variable, enum jac_notation notation,
                     const size_t *index, struct jac_buffer *out) {
  if (variable->width > 0 && index[1] != JAC_INDEX_ALL) {
    label_image(variable->symbol, notation, index[0], index[1], variable->channels,
                variable->width, out);
    return;
  }
  size_t own[LABEL_INDICES], dims[LABEL_INDICES], count = 0;
  for (size_t k = 0; k < variable->ndim; k++)
    if (!is_typed(variable) || variable->dims[k] > 1) {
      own[count] = index[k];
      dims[count++] = variable->dims[k];
    }
  jac_label_indexed(variable->symbol, notation, count, own, dims, out);
}

size_t jac_label_width(const char *text) {
  size_t width = 0;
  for (; *text != '\0'; text++)
    width += ((unsigned char)*text & 0xC0) != 0x80;
  return width;
}

bool jac_label_by_step(const struct jac_map *map) {
  return map->shown != NULL && strstr(map->shown, "^{t}") != NULL;
}

bool jac_label_step(const struct jac_map *map, const char *name, char text[80]) {
  const char *step = strrchr(name, '_');
  bool numbered = step != NULL && step > name && step[1] != '\0' &&
                  step[1 + strspn(step + 1, "0123456789")] == '\0';
  if (!numbered || !jac_label_by_step(map))
    return false;
  size_t length = (size_t)(step - name);
  length -= length > 2 && strncmp(step - 2, "_t", 2) == 0 ? 2 : 0;
  snprintf(text, 80, "%.*s^{%s}", (int)(length < 40 ? length : 40), name, step + 1);
  return true;
}

const char *jac_label_quantity(const char *name, char text[80]) {
  static const char *const greek[] = {"alpha", "beta", "gamma", "mu", "sigma", "epsilon"};
  for (size_t k = 0; k < sizeof greek / sizeof greek[0]; k++)
    if (strcmp(name, greek[k]) == 0) {
      snprintf(text, 80, "\\%s", name);
      return text;
    }
  return name;
}
