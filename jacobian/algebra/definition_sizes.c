/* Long: the guesses share the letters that are known. Sizes that nobody says: which
 * letters are columns, rows and numbers, and what their sizes are called. */
#include "jacobian/algebra/definition_internal.h"

#include "jacobian/algebra/product.h"
#include "jacobian/formula/function.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_term *term_t;

static bool ends_name(char c) {
  return !isalnum((unsigned char)c) && c != '_';
}

enum { SIZES = 40, LETTERS = 8 };

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

/* Whether a vector stands where a number is meant: in (y - q)^2, w*x, p/q. */
static bool stands_for_numbers(term_t t, void *context) {
  bool *found = context;
  char kind = t->kind == JAC_TERM_OP ? jac_product_kind(t) : 0;
  bool sign = kind == 'h' && (t->construct == JAC_C_STAR || t->construct == JAC_C_SIDE);
  bool power = t->kind == JAC_TERM_OP && t->construct == JAC_C_POWER &&
               !jac_type_is_number(t->child[0]->type) &&
               (jac_dim_is_one(t->type.rows) || jac_dim_is_one(t->type.cols));
  bool quotient = t->kind == JAC_TERM_OP && t->construct == JAC_C_DIVIDE &&
                  !jac_type_is_number(t->child[1]->type);
  *found = *found || sign || power || quotient;
  return !*found;
}

/* L = (w*x + b - y)^2: all its letters are numbers; how many, into `name`. */
static size_t all_numbers(const struct jac_defined *d, const char *definition,
                          const struct jac_named_size *size, size_t count,
                          char letter[LETTERS][40], size_t letters,
                          char name[LETTERS][40]) {
  struct jac_named_size with[SIZES];
  struct jac_defined *probe = jac_memory_take(1, sizeof *probe);
  struct jac_error quiet;
  bool found = false;
  jac_term_walk_through(d->term, stands_for_numbers, &found);
  found = found && probe && count + letters <= SIZES &&
          letters + count_numbers(d) == d->variables;
  for (size_t k = 0; k < count + letters && found; k++)
    with[k] = k < count ? size[k] : (struct jac_named_size){letter[k - count], "1", "1"};
  if (found) {
    found = jac_define_as(probe, definition, with, count + letters, &quiet) == JAC_OK &&
            jac_type_is_number(probe->term->type);
    jac_defined_free(probe);
  }
  free(probe);
  for (size_t k = 0; k < letters && found; k++)
    memcpy(name[k], letter[k], sizeof letter[k]);
  return found ? letters : 0;
}

/* Long: the letters of both sides. What is called f or L is a number where one or two
 * letters that nobody has said a size of can be numbers, or all of them: theirs into
 * `name`, how many of them. */
static size_t numbers(const struct jac_defined *d, const char *definition,
                      const struct jac_named_size *size, size_t count,
                      char name[LETTERS][40]) {
  static const char *const costs[] = {"f", "L", "J", "E", "ell", "k", "loss", "cost"};
  char letter[LETTERS][40];
  struct jac_named_size with[SIZES];
  struct jac_defined *probe = jac_memory_take(1, sizeof *probe);
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
        found =
            jac_define_as(probe, definition, with, count + several, &quiet) == JAC_OK &&
            is_number_of_vectors(probe, some);
        jac_defined_free(probe);
        if (found) {
          memcpy(name[0], letter[a], sizeof letter[a]);
          memcpy(name[1], letter[b], sizeof letter[b]);
          used = several;
        }
      }
  free(probe);
  return found || !asked ? used
                         : all_numbers(d, definition, size, count, letter, letters, name);
}

/* Long: the ways to write it. Whether a Greek letter stands where a vector does: X*beta,
 * beta'*x, (x - mu)'*A, in a norm. */
static bool acts_as_vector(const char *text, const char *key, bool turned_alone) {
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
    matrix = matrix && !turned_alone;
    inside = inside && !turned_alone;
    for (size_t k = 0; k < sizeof turned / sizeof *turned; k++)
      matrix = matrix || strncmp(behind, turned[k], strlen(turned[k])) == 0;
    if (matrix || inside)
      return true;
  }
  return false;
}

bool jac_definition_has_word(const char *text, const struct jac_named_size *size,
                             size_t count, const char *word) {
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
    if (!jac_definition_has_word(text, size, count, sizes_words[n]))
      return sizes_words[n];
  return NULL;
}

static bool is_unnamed(const struct jac_dim *side) {
  return side->kind == JAC_DIM_FREE && !side->name;
}

static bool is_called(const struct jac_dim *side, const char *word) {
  side = jac_dim_root(side);
  return side->kind == JAC_DIM_FREE && side->name && strcmp(side->name, word) == 0;
}

/* What no one has said the size of is m x n, as paper has it: the sizes of variables in
 * order get letters that nothing else is called. */
static void name_sizes(struct jac_defined *d, const char *definition,
                       const struct jac_named_size *size, size_t count) {
  bool used[WORDS];
  for (size_t n = 0; n < WORDS; n++) {
    used[n] = jac_definition_has_word(definition, size, count, sizes_words[n]);
    for (size_t k = 0; k < d->variables; k++)
      used[n] = used[n] || is_called(d->variable[k]->type.rows, sizes_words[n]) ||
                is_called(d->variable[k]->type.cols, sizes_words[n]);
  }
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
  static const char *const letters[] = {"beta", "theta", "alpha", "mu", "lambda", "nu"};
  enum { MULTIPLIERS = 4 }; /* from here on where they are transposed alone */
  const char *word = free_word(definition, with, count);
  size_t used = count;
  for (size_t k = 0; k < sizeof letters / sizeof *letters && word; k++) {
    const struct jac_symbol *s = jac_defined_variable(d, letters[k]);
    bool given = !s || !jac_type_is_number(s->type) || used == SIZES - 2 ||
                 !acts_as_vector(definition, letters[k], k >= MULTIPLIERS);
    for (size_t n = 0; n < used; n++)
      given = given || strcmp(with[n].name, letters[k]) == 0;
    if (given)
      continue;
    struct jac_defined *probe = jac_memory_take(1, sizeof *probe);
    struct jac_error quiet;
    with[used] = (struct jac_named_size){letters[k], word, "1"};
    bool fits =
        probe && jac_define_as(probe, definition, with, used + 1, &quiet) == JAC_OK;
    if (probe)
      jac_defined_free(probe);
    free(probe);
    used += fits;
  }
  return used;
}

/* How often a letter stands there, and how often below a stroke that divides by a vector.
 */
struct places {
  const struct jac_symbol *symbol;
  size_t all, below;
};

static bool count_places(term_t t, void *context) {
  struct places *p = context;
  p->all += t->kind == JAC_TERM_SYMBOL && t->symbol == p->symbol;
  if (t->kind == JAC_TERM_OP && t->construct == JAC_C_DIVIDE &&
      !jac_type_is_number(t->child[1]->type)) {
    struct places under = {p->symbol, 0, 0};
    jac_term_walk_through(t->child[1], count_places, &under);
    p->below += under.all;
  }
  return true;
}

/* Whether a letter stands as the first factor of x*y read entry by entry, and whether
 * anywhere else but beside a number. */
static bool scales(term_t t, void *context) {
  struct places *p = context;
  term_t factor =
      t->kind == JAC_TERM_OP && t->construct == JAC_C_STAR && jac_product_kind(t) == 'h'
          ? t->child[0]
          : NULL;
  struct places within = {p->symbol, 0, 0};
  p->all += t->kind == JAC_TERM_SYMBOL && t->symbol == p->symbol;
  if (factor)
    jac_term_walk_through(factor, count_places, &within);
  p->below += within.all;
  return true;
}

static bool no_numbered_entry(term_t t, void *context) {
  (void)context;
  bool entry = t->kind == JAC_TERM_ENTRY;
  for (size_t k = 1; entry && k < t->count; k++)
    if (t->child[k] && t->child[k]->kind == JAC_TERM_NUMBER)
      return false;
  return true;
}

/* How often a letter stands there, and how often in a matrix of entries that are named by
 * number: a in [a*cos(q[1]); a*sin(q[1])]. */
static bool count_cells(term_t t, void *context) {
  struct places *p = context;
  p->all += t->kind == JAC_TERM_SYMBOL && t->symbol == p->symbol;
  if (t->kind == JAC_TERM_MATRIX && !jac_term_walk(t, no_numbered_entry, NULL)) {
    struct places within = {p->symbol, 0, 0};
    jac_term_walk(t, count_places, &within);
    p->below += within.all;
  }
  return true;
}

/* Whether a letter is often a number: d, d_k, s, t ... */
static bool is_often_number(const char *key) {
  return strchr("cdhkmnrst", key[0]) && (!key[1] || key[1] == '_');
}

static bool is_vector_term(term_t t, void *context) {
  bool *found = context;
  *found = *found || (t->kind == JAC_TERM_SYMBOL && !jac_type_is_number(t->type));
  return !*found;
}

struct addend {
  const struct jac_symbol *symbol;
  bool found;
};

/* b in w'*x + b: added to a number that is made of vectors. */
static bool is_addend(term_t t, void *context) {
  struct addend *a = context;
  if (t->kind != JAC_TERM_OP || t->count != 2 ||
      (t->construct != JAC_C_ADD && t->construct != JAC_C_SUBTRACT))
    return true;
  for (size_t k = 0; k < 2; k++) {
    term_t letter = t->child[k], number = t->child[1 - k];
    bool vectors = false;
    if (letter->kind != JAC_TERM_SYMBOL || letter->symbol != a->symbol ||
        !jac_type_is_number(number->type))
      continue;
    jac_term_walk_through(number, is_vector_term, &vectors);
    a->found = a->found || vectors;
  }
  return true;
}

static bool is_given(const struct jac_named_size *size, size_t count, const char *key) {
  for (size_t n = 0; n < count; n++)
    if (strcmp(size[n].name, key) == 0)
      return true;
  return strlen(key) >= 40;
}

/* Whether the definition is read with one number more, no other, and no vector for a
 * number: then it is in `with`. */
static bool takes(const struct jac_defined *d, const char *definition,
                  struct jac_named_size *with, size_t *count, const char *name,
                  size_t numbers_before) {
  struct jac_defined *probe = jac_memory_take(1, sizeof *probe);
  struct jac_error quiet;
  with[*count] = (struct jac_named_size){name, "1", "1"};
  bool fits =
      probe && *count < SIZES - 2 &&
      jac_define_as(probe, definition, with, *count + 1, &quiet) == JAC_OK &&
      count_numbers(probe) == numbers_before + 1 &&
      (jac_type_is_number(probe->term->type) || !jac_type_is_number(d->term->type));
  if (probe)
    jac_defined_free(probe);
  free(probe);
  *count += fits;
  return fits;
}

struct loose {
  char *name;
  const struct jac_index *index;
};

/* d_k below a root: an entry whose index nothing runs through is a name. */
static bool find_loose(term_t t, void *context) {
  struct loose *l = context;
  bool named = t->kind == JAC_TERM_ENTRY && t->child[0]->kind == JAC_TERM_SYMBOL;
  for (size_t k = 1; t->kind == JAC_TERM_ENTRY && k < t->count; k++)
    if (t->child[k] && t->child[k]->kind == JAC_TERM_INDEX &&
        t->child[k]->index == l->index)
      snprintf(l->name, 40, "%.30s%s%.8s", named ? t->child[0]->symbol->key : "",
               named ? "_" : "", l->index->name);
  return true;
}

/* Long: loose indices, then letters. Those that stand only where a number does: sqrt(d)
 * below a matrix, b beside w'*x. */
static size_t scalars(const struct jac_defined *d, const char *definition,
                      struct jac_named_size *with, size_t count, char name[LETTERS][40]) {
  size_t first = count, already = count_numbers(d);
  for (size_t k = 0; k < d->elaboration.nindex && count < first + LETTERS; k++) {
    struct loose l = {name[count - first], d->elaboration.index[k]};
    l.name[0] = '\0';
    jac_term_walk_through(d->term, find_loose, &l);
    if (l.name[0] &&
        !takes(d, definition, with, &count, l.name, already + count - first) &&
        jac_type_is_number(
            d->term->type)) { /* z[k] of a number: k is one of its places */
      snprintf(l.name, 40, "%.39s", l.index->name);
      takes(d, definition, with, &count, l.name, already + count - first);
    }
  }
  for (size_t k = 0; k < d->variables && count < first + LETTERS; k++) {
    const struct jac_symbol *s = d->variable[k];
    char *own = name[count - first]; /* the definition is read once more */
    struct places places = {.symbol = s};
    struct addend addend = {.symbol = s};
    if (s->families || jac_type_is_number(s->type) ||
        jac_dim_is_one(s->type.rows) == jac_dim_is_one(s->type.cols) ||
        is_given(with, count, s->key))
      continue;
    jac_term_walk_through(d->term, count_places, &places);
    jac_term_walk_through(d->term, is_addend, &addend);
    snprintf(own, 40, "%.39s", s->key);
    bool divisor = places.below > 0 && places.below >= places.all;
    struct places factor = {.symbol = s};
    jac_term_walk_through(d->term, scales, &factor);
    struct places cell = {.symbol = s};
    jac_term_walk_through(d->term, count_cells, &cell);
    bool within = cell.below > 0 && cell.below >= cell.all;
    /* t*x + (1 - t)*y */
    bool scale = factor.below > 0 && factor.below >= factor.all &&
                 strchr("ckst", s->key[0]) && !s->key[1];
    if (scale || within || (divisor && is_often_number(s->key)) ||
        (addend.found && places.all == 1))
      takes(d, definition, with, &count, own, already + count - first);
  }
  return count;
}

/* The letters that are columns where a definition does not fit: into `name`, those that
 * are new. */
static size_t more_columns(const struct jac_defined *d, const struct jac_named_size *size,
                           size_t count, char name[LETTERS][40], size_t found) {
  for (size_t k = 0; k < d->elaboration.nsymbol && found < LETTERS; k++) {
    const struct jac_symbol *s = d->elaboration.symbol[k];
    bool known = s->body || s->families || is_given(size, count, s->key) ||
                 !islower((unsigned char)s->key[0]) || !jac_dim_is_one(s->type.cols) ||
                 jac_dim_is_one(s->type.rows);
    for (size_t n = 0; n < found; n++)
      known = known || strcmp(name[n], s->key) == 0;
    if (!known)
      snprintf(name[found++], 40, "%.39s", s->key);
  }
  return found;
}

/* A definition whose columns do not fit, z*W + b: the letters that it has to that point
 * as rows, all of them or one, until it is read; from `from` on into `with`. False: it is
 * not, and *d is as it was. */
static bool as_rows(struct jac_defined *d, const char *definition,
                    struct jac_named_size *with, size_t *count, char name[LETTERS][40]) {
  enum { ROUNDS = 4 };
  struct jac_error quiet;
  size_t from = *count, letters = more_columns(d, with, from, name, 0), before = 0;
  for (size_t round = 0; round < ROUNDS && letters > before; round++) {
    before = letters;
    for (size_t attempt = 0; attempt <= letters; attempt++) {
      size_t used = from;
      for (size_t k = 0; k < letters && used < SIZES - 2; k++)
        if (attempt == 0 || attempt == k + 1)
          with[used++] = (struct jac_named_size){name[k], "1", NULL};
      for (size_t k = from; k < used; k++) {
        with[k].cols = free_word(definition, with, k);
        if (!with[k].cols)
          return false;
      }
      jac_defined_free(d);
      if (jac_define_as(d, definition, with, used, &quiet) == JAC_OK) {
        *count = used;
        return true;
      }
      if (attempt == 0)
        letters = more_columns(d, with, from, name, letters);
      if (letters > before)
        break;
    }
  }
  return false;
}

/* A definition that does not fit with a letter as a column: the first letter that it is
 * read with as a number, v in (1 + norm(x)^2/v)^(-(v + 1)/2), behind the others in
 * `with`. False: it is not, and *d is as it was. */
static bool as_number(struct jac_defined *d, const char *definition,
                      struct jac_named_size *with, size_t *count,
                      char name[LETTERS][40]) {
  struct jac_error quiet;
  jac_defined_free(d);
  jac_define_as(d, definition, with, *count, &quiet);
  size_t letters = more_columns(d, with, *count, name, 0);
  for (size_t k = 0; k < letters && *count < SIZES - 2; k++) {
    with[*count] = (struct jac_named_size){name[k], "1", "1"};
    jac_defined_free(d);
    if (jac_define_as(d, definition, with, *count + 1, &quiet) == JAC_OK) {
      ++*count;
      return true;
    }
  }
  return false;
}

static bool starts_name(const char *text, const char *at) {
  return islower((unsigned char)*at) &&
         (at == text || (ends_name(at[-1]) && at[-1] != '\\'));
}

/* Whether what ends there is a matrix by its capital, alone: in z*W + s*U it is not, and
 * s is a row as z is. */
static bool matrix_ends(const char *text, const char *end) {
  while (end > text && end[-1] == ' ')
    end--;
  const char *name = end;
  while (name > text && !ends_name(name[-1]))
    name--;
  const char *before = name;
  while (before > text && before[-1] == ' ')
    before--;
  bool alone = before == text || strchr("(+-=,;", before[-1]);
  return name < end && isupper((unsigned char)*name) && alone;
}

/* The same of what begins there. */
static bool matrix_begins(const char *at) {
  if (!isupper((unsigned char)*at))
    return false;
  while (!ends_name(*at))
    at++;
  at += strspn(at, " ");
  return !*at || strchr(")+-,;", *at);
}

/* A + t*B, t*A + (1 - t)*B: a letter that scales a matrix beside another. sign: what
 * stands before the letter, unless it is the first; matrix: what stands behind it. */
static bool scales_one_of_two(const char *text, const char *sign, const char *matrix) {
  if (sign && matrix_ends(text, sign))
    return true;
  while (!ends_name(*matrix))
    matrix++;
  matrix += strspn(matrix, " ");
  if (*matrix != '+' && *matrix != '-')
    return false;
  matrix += 1 + strspn(matrix + 1, " ");
  const char *closed = *matrix == '(' ? strchr(matrix, ')') : NULL;
  return matrix_begins(matrix) ||
         (closed && closed[1] == '*' && matrix_begins(closed + 2));
}

/* Long: how a product may be spelled. Letters that multiply I, or a matrix in an
 * exponential of one or beside another, and exponents: numbers, K + s^2*I, expm(t*A), A +
 * t*B, x.^p. */
static size_t multipliers(const char *text, const struct jac_named_size *size,
                          size_t count, char name[LETTERS][40]) {
  size_t found = 0;
  for (const char *at = text; *at && found < LETTERS; at++) {
    size_t length = 0;
    while (starts_name(text, at) && !ends_name(at[length]))
      length++;
    if (!length || length >= 40)
      continue;
    const char *next = at + length, *before = at;
    next += strncmp(next, "^2", 2) == 0 ? 2 : 0;
    next += strspn(next, " *");
    while (before > text && before[-1] == ' ')
      before--;
    bool exponent = length == 1 && before - text >= 2 && before[-1] == '^' &&
                    before[-2] == '.' && *next != '\'';
    if (before > text && !exponent && !strchr("(+-=,;", before[-1]))
      continue; /* x' * x I */
    const char *sign = before > text && strchr("+-", before[-1]) ? before - 1 : NULL;
    bool scale = length == 1 && strchr("ckst", *at) && next[-1] == '*' &&
                 isupper((unsigned char)*next) && scales_one_of_two(text, sign, next);
    before -= before > text && before[-1] == '-';
    bool power = next[-1] == '*' && before - text >= 5 &&
                 strncmp(before - 5, "expm(", 5) == 0 && isupper((unsigned char)*next);
    bool identity = next > at + length && ((*next == 'I' && ends_name(next[1])) ||
                                           strncmp(next, "eye(", 4) == 0);
    snprintf(name[found], 40, "%.*s", (int)length, at);
    bool known = is_given(size, count, name[found]);
    for (size_t k = 0; k < found; k++)
      known = known || strcmp(name[k], name[found]) == 0;
    found += (power || identity || exponent || scale) && !known;
  }
  return found;
}

/* As it stands, else with rows; then with the letters that are columns, then with those
 * that must be numbers. */
static enum jac_status define_with(struct jac_defined *d, const char *definition,
                                   const struct jac_named_size *size, size_t count,
                                   struct jac_error *err) {
  struct jac_named_size with[SIZES];
  char number[LETTERS][40], row[LETTERS][40], single[LETTERS][40];
  enum jac_status status = jac_define_as(d, definition, size, count, err);
  if ((status != JAC_OK && status != JAC_EINPUT) || count > SIZES - 2 * LETTERS - 4)
    return status;
  for (size_t k = 0; k < count; k++)
    with[k] = size[k];
  size_t rows = count;
  if (status != JAC_OK && !as_rows(d, definition, with, &rows, row) &&
      !as_number(d, definition, with, &rows, row)) {
    jac_defined_free(d);
    return jac_define_as(d, definition, size, count, err);
  }
  size_t used = columns(d, definition, with, rows);
  used = scalars(d, definition, with, used, single);
  if (used > rows) {
    jac_defined_free(d);
    status = jac_define_as(d, definition, with, used, err);
  } else
    status = JAC_OK;
  size_t more = status == JAC_OK ? numbers(d, definition, with, used, number) : 0;
  if (more == 0)
    return status;
  for (size_t k = 0; k < more; k++)
    with[used + k] = (struct jac_named_size){number[k], "1", "1"};
  jac_defined_free(d);
  return jac_define_as(d, definition, with, used + more, err);
}

/* With what multiplies I as a number, where it is read so. */
static enum jac_status define_sized(struct jac_defined *d, const char *definition,
                                    const struct jac_named_size *size, size_t count,
                                    struct jac_error *err) {
  struct jac_named_size with[SIZES];
  char name[LETTERS][40];
  size_t more = count + LETTERS <= SIZES ? multipliers(definition, size, count, name) : 0;
  if (more == 0)
    return define_with(d, definition, size, count, err);
  for (size_t k = 0; k < count; k++)
    with[k] = size[k];
  for (size_t k = 0; k < more; k++)
    with[count + k] = (struct jac_named_size){name[k], "1", "1"};
  if (define_with(d, definition, with, count + more, err) == JAC_OK)
    return JAC_OK;
  jac_defined_free(d);
  return define_with(d, definition, size, count, err);
}

/* With the sizes that entries at sums of indices ask for, where it is read so. True: it
 * is not, and has to be read again. */
static bool define_reaching(struct jac_defined *d, const char *definition,
                            const struct jac_named_size *size, size_t count) {
  struct jac_reached reached[JAC_REACHED_MOST];
  struct jac_named_size with[SIZES];
  struct jac_error quiet;
  size_t more = jac_definition_reach(d, definition, size, count, reached);
  if (more == 0 || count + more + LETTERS > SIZES)
    return false;
  for (size_t k = 0; k < count; k++)
    with[k] = size[k];
  for (size_t k = 0; k < more; k++)
    with[count + k] =
        (struct jac_named_size){reached[k].name, reached[k].rows, reached[k].cols};
  jac_defined_free(d);
  if (define_sized(d, definition, with, count + more, &quiet) == JAC_OK)
    return false;
  jac_defined_free(d);
  return true;
}

/* log x is no product of two variables, unless log is said to be one. */
static enum jac_status refuse_unbracketed(const struct jac_defined *d,
                                          const char *definition,
                                          const struct jac_named_size *size, size_t count,
                                          struct jac_error *err) {
  for (size_t k = 0; k < d->variables; k++) {
    const char *name = d->variable[k]->key;
    size_t n = 0;
    while (n < count && strcmp(size[n].name, name) != 0)
      n++;
    if (n == count && jac_function_unbracketed(definition, name))
      return jac_fail(err, JAC_EINPUT,
                      _("%s is a function: what it is of stands in brackets, %s(x)"),
                      name, name);
  }
  return JAC_OK;
}

enum jac_status jac_define(struct jac_defined *d, const char *definition,
                           const struct jac_named_size *size, size_t count,
                           struct jac_error *err) {
  enum jac_status status = define_sized(d, definition, size, count, err);
  if (status == JAC_OK && define_reaching(d, definition, size, count))
    status = define_sized(d, definition, size, count, err);
  if (status == JAC_OK)
    status = refuse_unbracketed(d, definition, size, count, err);
  if (status == JAC_OK) {
    name_sizes(d, definition, size, count);
    jac_mark_places(&d->elaboration, d->term);
  }
  return status;
}
