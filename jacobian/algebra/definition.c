#include "jacobian/algebra/definition.h"

#include "jacobian/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;

static bool collect(term_t t, void *context) {
  struct jac_defined *d = context;
  if (t->kind != JAC_TERM_SYMBOL || t->symbol->body)
    return true;
  for (size_t k = 0; k < d->variables; k++)
    if (d->variable[k] == t->symbol)
      return true;
  if (d->variables < sizeof d->variable / sizeof *d->variable)
    d->variable[d->variables++] = t->symbol;
  return true;
}

static const struct jac_syntax *notation(struct jac_defined *d, const char *text,
                                         struct jac_error *err) {
  const struct jac_syntax *n = NULL;
  size_t position;
  return jac_notation_read(&d->notation, jac_pool_text(&d->notation, text), false, &n,
                           &position, err) == JAC_OK
             ? n
             : NULL;
}

/* The facts: what the equations define, what is said of sizes. */
static enum jac_status facts(struct jac_defined *d, const char *definition,
                             const struct jac_named_size *size, size_t count,
                             const struct jac_syntax **last, struct jac_error *err) {
  bool latex = jac_text_is_latex(definition);
  size_t parts = 1, at = 0;
  for (const char *c = definition; *c; c++)
    parts += *c == ';';
  struct jac_fact *fact = jac_pool_take(&d->notation, (parts + count + 1) * sizeof *fact);
  if (!fact)
    return jac_fail_memory(err);
  for (size_t k = 0; k < count; k++) {
    struct jac_fact *f = &fact[at++];
    f->kind = JAC_FACT_SHAPE;
    f->strong = true;
    f->left = notation(d, size[k].name, err);
    f->rows = f->left ? notation(d, size[k].rows, err) : NULL;
    f->cols = f->rows && size[k].cols ? notation(d, size[k].cols, err) : NULL;
    if (!f->rows || (size[k].cols && !f->cols))
      return JAC_EINPUT;
    bool row = strcmp(size[k].rows, "1") == 0,
         col = size[k].cols && strcmp(size[k].cols, "1") == 0;
    f->properties = size[k].cols ? (row && col ? JAC_IS_NUMBER
                                    : row      ? JAC_IS_ROW
                                    : col      ? JAC_IS_COLUMN
                                               : JAC_IS_MATRIX)
                                 : JAC_IS_VECTOR;
  }
  struct jac_display display;
  size_t position = 0;
  size_t depth = 0, from = 0, length = strlen(definition);
  for (size_t k = 0; k <= length; k++) {
    char c = definition[k];
    depth += c && strchr("([{", c) != NULL;
    depth -= c && strchr(")]}", c) != NULL && depth > 0;
    if (c && (c != ';' || depth))
      continue;
    const char *part = jac_pool_word(&d->notation, definition + from, k - from);
    from = k + 1;
    if (part[strspn(part, " \n\t")] == '\0')
      continue;
    enum jac_status status =
        jac_display_read(&d->notation, part, latex, &display, &position, err);
    if (status != JAC_OK)
      return status;
    if (display.count != 1 || display.statement[0].count < 1 ||
        display.statement[0].count > 2)
      return jac_fail(err, JAC_EINPUT, _("'%.60s' is no definition, as y = A*x is"),
                      part);
    const struct jac_statement_written *s = &display.statement[0];
    for (size_t side = 0; side < s->count; side++)
      if (!s->side[side].notation)
        return jac_fail(err, JAC_EINPUT, "%.60s: %s", part,
                        s->side[side].problem ? s->side[side].problem
                                              : _("it is not read"));
    struct jac_fact *f = &fact[at++];
    f->kind = JAC_FACT_DEFINITION;
    f->left = s->count == 2 ? s->side[0].notation
                            : notation(d, strchr(definition, 'y') ? "f" : "y", err);
    f->right = s->side[s->count - 1].notation;
    if (!f->left)
      return JAC_EINPUT;
    /* y[i] = ...: what is defined is y. */
    struct jac_definition read;
    bool entries = jac_definition_read(&d->notation, f->left, &read) &&
                   read.defines == JAC_DEFINES_ENTRIES;
    *last = entries ? read.name->child[0] : f->left;
  }
  d->scope = (struct jac_scope){&d->notation, fact, at};
  return at > count ? JAC_OK : jac_fail(err, JAC_EINPUT, _("there is no definition"));
}

static bool is_sigma(term_t t, void *context) {
  bool *found = context;
  *found = *found || (t->kind == JAC_TERM_SYMBOL && !t->symbol->body &&
                      strcmp(t->symbol->key, "sigma") == 0);
  return !*found;
}

/* Whether sigma is a variable, and nobody has said of what size. */
static bool reads_sigma_as_number(term_t t, const struct jac_named_size *size,
                                  size_t count) {
  bool found = false;
  for (size_t k = 0; k < count; k++)
    if (strcmp(size[k].name, "sigma") == 0)
      return false;
  jac_term_walk_through(t, is_sigma, &found);
  return found;
}

/* How a name is used: as a whole, and by numbered entries. */
struct uses {
  const struct jac_symbol *symbol;
  size_t all, numbered, most;
};

static bool count_uses(term_t t, void *context) {
  struct uses *u = context;
  bool entry = t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_SYMBOL &&
               t->child[0]->symbol == u->symbol;
  term_t place = entry ? t->child[jac_dim_is_one(u->symbol->type.cols) ? 1 : 2] : NULL;
  u->all += t->kind == JAC_TERM_SYMBOL && t->symbol == u->symbol;
  if (place && place->kind == JAC_TERM_NUMBER) {
    u->numbered++;
    u->most = place->number > (double)u->most ? (size_t)place->number : u->most;
  }
  return true;
}

/* What is only x_1, x_2, x_3 has three entries, where nobody says otherwise. */
static void count_entries(struct jac_defined *d) {
  for (size_t k = 0; k < d->variables; k++) {
    struct uses u = {.symbol = d->variable[k]};
    struct jac_type type = u.symbol->type;
    if (u.symbol->families || jac_dim_is_one(type.rows) == jac_dim_is_one(type.cols))
      continue;
    struct jac_dim *side =
        jac_dim_root(jac_dim_is_one(type.cols) ? type.rows : type.cols);
    jac_term_walk_through(d->term, count_uses, &u);
    if (side->kind != JAC_DIM_FREE || side->name || u.numbered < u.all || u.most < 2)
      continue;
    side->kind = JAC_DIM_FIXED;
    side->fixed = u.most;
  }
}

static enum jac_status define(struct jac_defined *d, const char *definition,
                              const struct jac_named_size *size, size_t count,
                              struct jac_error *err) {
  memset(d, 0, sizeof *d);
  d->notation = d->terms = (struct jac_pool)JAC_POOL_INIT;
  const struct jac_syntax *output = NULL;
  enum jac_status status = facts(d, definition, size, count, &output, err);
  if (status != JAC_OK)
    return status;
  d->evidence.pool = &d->notation;
  if (!jac_evidence_make(&d->evidence, &d->scope))
    return jac_fail_memory(err);
  struct jac_elaboration *e = &d->elaboration;
  e->pool = &d->terms;
  e->scope = &d->scope;
  e->evidence = &d->evidence;
  e->visible = d->scope.count;
  e->plain = !jac_text_is_latex(definition);
  if (!jac_elaborate_start(e))
    return jac_fail_memory(err);
  /* f(x) = ...: the function at its own arguments. */
  term_t t = jac_elaborate(e, output);
  if (!t || e->unfit)
    return jac_fail(err, JAC_EINPUT, "%.60s: %s", definition, e->message);
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->families)
    return jac_fail(
        err, JAC_EINPUT,
        _("%.60s: what the index of %.20s runs over is not known: say its size"),
        definition, t->symbol->key);
  /* sigma(x).^2: the function is a factor there. */
  if (t->kind == JAC_TERM_SYMBOL && strstr(definition, "sigma(") &&
      reads_sigma_as_number(t, size, count))
    return jac_fail(
        err, JAC_EINPUT,
        _("%s is read as a factor before the bracket: a function's power entry by "
          "entry is (%s(x)).^2"),
        "sigma", "sigma");
  d->make = (struct jac_make){&d->terms, &e->dims, 1000000};
  d->term = t;
  d->output = t->kind == JAC_TERM_SYMBOL ? t->symbol : NULL;
  jac_term_walk_through(t, collect, d);
  count_entries(d);
  return JAC_OK;
}

enum { SIZES = 32, LETTERS = 8 };

/* The letters that are vectors as nobody says otherwise: c in x'*A*x + b'*x + c. Then
 * those that are matrices: C in C*sum(x). */
static size_t vectors(const struct jac_defined *d, const struct jac_named_size *size,
                      size_t count, char name[LETTERS][40]) {
  size_t found = 0;
  for (size_t k = 0; k < 2 * d->variables && found < LETTERS; k++) {
    const struct jac_symbol *s = d->variable[k % d->variables];
    bool row = jac_dim_is_one(s->type.rows), column = jac_dim_is_one(s->type.cols);
    bool given = s->families || strlen(s->key) >= 40 ||
                 (k < d->variables ? row == column : row || column);
    for (size_t n = 0; n < count; n++)
      given = given || strcmp(size[n].name, s->key) == 0;
    if (!given)
      snprintf(name[found++], 40, "%.39s", s->key);
  }
  return found;
}

static size_t count_numbers(const struct jac_defined *d) {
  size_t found = 0;
  for (size_t k = 0; k < d->variables; k++)
    found += jac_type_is_number(d->variable[k]->type);
  return found;
}

/* Whether it is a number made of what is not all numbers; or of numbers alone, where some
 * had to be. */
static bool is_number_of_vectors(const struct jac_defined *d, bool some) {
  return jac_type_is_number(d->term->type) && (some || count_numbers(d) < d->variables);
}

/* Long: the letters of both sides. What is called f or L is a number where one or two
 * letters that nobody has said a size of can be numbers: theirs into `name`, how many of
 * them. */
static size_t numbers(const struct jac_defined *d, const char *definition,
                      const struct jac_named_size *size, size_t count, char name[2][40]) {
  static const char *const costs[] = {"f", "L", "J", "E", "ell"};
  char letter[LETTERS][40];
  struct jac_named_size with[SIZES];
  struct jac_defined *probe = malloc(sizeof *probe);
  struct jac_error quiet;
  bool cost = false, found = false;
  for (size_t k = 0; k < sizeof costs / sizeof *costs; k++)
    cost = cost || (d->output && strcmp(d->output->key, costs[k]) == 0);
  size_t letters = vectors(d, size, count, letter), used = 0;
  bool some = count_numbers(d) > 0;
  bool asked = probe && cost && count + 2 <= SIZES && !jac_type_is_number(d->term->type);
  for (size_t k = 0; k < count && asked; k++)
    with[k] = size[k];
  for (size_t several = 1; several <= 2 && asked && !found; several++)
    for (size_t a = 0; a < letters && !found; a++)
      for (size_t b = several == 1 ? a : a + 1;
           b < (several == 1 ? a + 1 : letters) && !found; b++) {
        with[count] = (struct jac_named_size){letter[a], "1", "1"};
        with[count + 1] = (struct jac_named_size){letter[b], "1", "1"};
        found = define(probe, definition, with, count + several, &quiet) == JAC_OK &&
                is_number_of_vectors(probe, some);
        jac_defined_free(probe);
        if (found) {
          memcpy(name[0], letter[a], sizeof letter[a]);
          memcpy(name[1], letter[b], sizeof letter[b]);
          used = several;
        }
      }
  free(probe);
  return used;
}

static bool ends_name(char c) {
  return !isalnum((unsigned char)c) && c != '_';
}

/* Long: the ways to write it. Whether a Greek letter stands where a vector does: X*beta,
 * beta'*x, (x - mu)'*A, in a norm. */
static bool acts_as_vector(const char *text, const char *key) {
  static const char *const turned[] = {"'", "^T", "^\\top", "^{T}", "^{\\top}"};
  size_t length = strlen(key);
  for (const char *at = text; (at = strstr(at, key)) != NULL; at += length) {
    const char *before = at, *behind = at + length;
    if ((at > text && !ends_name(at[-1])) || !ends_name(*behind))
      continue;
    while (before > text && strchr(" *\\", before[-1]))
      before--;
    bool matrix = before < at && before > text && isupper((unsigned char)before[-1]) &&
                  (before - 1 == text || ends_name(before[-2]));
    const char *norm = NULL;
    for (const char *n = text; (n = strstr(n, "norm(")) != NULL && n < at; n++)
      norm = n;
    bool inside = norm && !memchr(norm, ')', (size_t)(at - norm));
    behind += *behind == ')';
    for (size_t k = 0; k < sizeof turned / sizeof *turned; k++)
      matrix = matrix || strncmp(behind, turned[k], strlen(turned[k])) == 0;
    if (matrix || inside)
      return true;
  }
  return false;
}

/* Whether a definition, or the sizes given to it, have a word. */
static bool has_word(const char *text, const struct jac_named_size *size, size_t count,
                     const char *word) {
  for (size_t k = 0; k < count; k++)
    if ((size[k].rows && strcmp(size[k].rows, word) == 0) ||
        (size[k].cols && strcmp(size[k].cols, word) == 0))
      return true;
  for (const char *at = text; (at = strchr(at, *word)) != NULL; at++)
    if ((at == text || ends_name(at[-1])) && ends_name(at[1]))
      return true;
  return false;
}

/* Words for sizes, letters that are seldom anything else. */
static const char *const sizes_words[] = {"n", "m", "p", "q", "d", "k", "h", "N", "M"};
enum { WORDS = sizeof sizes_words / sizeof *sizes_words };

static const char *free_word(const char *text, const struct jac_named_size *size,
                             size_t count) {
  for (size_t n = 0; n < WORDS; n++)
    if (!has_word(text, size, count, sizes_words[n]))
      return sizes_words[n];
  return NULL;
}

static bool is_unnamed(const struct jac_dim *side) {
  return side->kind == JAC_DIM_FREE && !side->name;
}

/* What no one has said the size of is m x n, as paper has it: the sizes of variables in
 * order get letters that nothing else is called. */
static void name_sizes(struct jac_defined *d, const char *definition,
                       const struct jac_named_size *size, size_t count) {
  bool used[WORDS];
  for (size_t n = 0; n < WORDS; n++)
    used[n] = has_word(definition, size, count, sizes_words[n]);
  for (size_t k = 0; k < d->variables; k++) {
    struct jac_dim *side[2] = {jac_dim_root(d->variable[k]->type.rows),
                               jac_dim_root(d->variable[k]->type.cols)};
    bool oblong = is_unnamed(side[0]) && is_unnamed(side[1]) && side[0] != side[1];
    if (oblong && !used[0] && !used[1]) {
      side[0]->name = sizes_words[1];
      side[1]->name = sizes_words[0];
      used[0] = used[1] = true;
    }
    for (size_t which = 0; which < 2; which++)
      for (size_t n = 0; n < WORDS && is_unnamed(side[which]); n++)
        if (!used[n]) {
          side[which]->name = sizes_words[n];
          used[n] = true;
        }
  }
}

/* Greek letters are numbers as nobody says otherwise; these are columns where they stand
 * as such, and the definition can be read so: into `with`. */
static size_t columns(const struct jac_defined *d, const char *definition,
                      struct jac_named_size *with, size_t count) {
  static const char *const letters[] = {"beta", "theta", "alpha", "mu"};
  const char *word = free_word(definition, with, count);
  size_t used = count;
  for (size_t k = 0; k < sizeof letters / sizeof *letters && word; k++) {
    const struct jac_symbol *s = jac_defined_variable(d, letters[k]);
    bool given = !s || !jac_type_is_number(s->type) || used == SIZES - 2 ||
                 !acts_as_vector(definition, letters[k]);
    for (size_t n = 0; n < used; n++)
      given = given || strcmp(with[n].name, letters[k]) == 0;
    if (given)
      continue;
    struct jac_defined *probe = malloc(sizeof *probe);
    struct jac_error quiet;
    with[used] = (struct jac_named_size){letters[k], word, "1"};
    bool fits = probe && define(probe, definition, with, used + 1, &quiet) == JAC_OK;
    if (probe)
      jac_defined_free(probe);
    free(probe);
    used += fits;
  }
  return used;
}

/* As it stands; then with the letters that are columns, then with those that must be
 * numbers. */
static enum jac_status define_sized(struct jac_defined *d, const char *definition,
                                    const struct jac_named_size *size, size_t count,
                                    struct jac_error *err) {
  struct jac_named_size with[SIZES];
  char name[2][40];
  enum jac_status status = define(d, definition, size, count, err);
  if (status != JAC_OK || count > SIZES - 4)
    return status;
  for (size_t k = 0; k < count; k++)
    with[k] = size[k];
  size_t used = columns(d, definition, with, count);
  if (used > count) {
    jac_defined_free(d);
    status = define(d, definition, with, used, err);
  }
  size_t more = status == JAC_OK ? numbers(d, definition, with, used, name) : 0;
  if (more == 0)
    return status;
  for (size_t k = 0; k < more; k++)
    with[used + k] = (struct jac_named_size){name[k], "1", "1"};
  jac_defined_free(d);
  return define(d, definition, with, used + more, err);
}

enum jac_status jac_define(struct jac_defined *d, const char *definition,
                           const struct jac_named_size *size, size_t count,
                           struct jac_error *err) {
  enum jac_status status = define_sized(d, definition, size, count, err);
  if (status == JAC_OK)
    name_sizes(d, definition, size, count);
  return status;
}

void jac_defined_free(struct jac_defined *d) {
  jac_pool_free(&d->notation);
  jac_pool_free(&d->terms);
}

const struct jac_symbol *jac_defined_variable(const struct jac_defined *d,
                                              const char *name) {
  name += *name == '\\'; /* \mu */
  for (size_t k = 0; k < d->variables; k++)
    if (strcmp(d->variable[k]->key, name) == 0)
      return d->variable[k];
  return NULL;
}
