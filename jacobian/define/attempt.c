#include "jacobian/define/attempt_internal.h"
#include "jacobian/buffer.h"
#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

enum { COLUMNS_PRICE = 4, ORDER_PRICE = 2, DIAGONAL_PRICE = 8 };

/* Free letters: single ones at the places of indices that nothing explains or binds. */
static bool known(const struct jac_asking *a, const char *name) {
  for (size_t k = 0; k < a->scope->count; k++) {
    const struct jac_fact *f = &a->scope->fact[k];
    struct jac_definition d;
    if (!f->left || f->kind == JAC_FACT_MEANING)
      continue;
    if (f->kind == JAC_FACT_DEFINITION &&
        jac_definition_read(a->scope->pool, f->left, &d) && strcmp(d.base, name) == 0)
      return true;
    if (strcmp(jac_notation_key(a->scope->pool, f->left), name) == 0)
      return true;
  }
  return false;
}

static void meet(struct jac_asking *a, const char *name, const char *bound) {
  if (name[1] || !islower((unsigned char)name[0]) || strchr(bound, name[0]) ||
      strchr(a->letter, name[0]) || known(a, name))
    return;
  if (a->letters < JAC_CLAIM_LETTERS) {
    size_t at = a->letters++;
    for (; at > 0 && a->letter[at - 1] > name[0]; at--)
      a->letter[at] = a->letter[at - 1];
    a->letter[at] = name[0];
  } else
    a->letters = JAC_CLAIM_LETTERS + 1;
}

static void bind(node *n, char *bound, size_t room) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME && !n->text[1] && strlen(bound) + 1 < room)
    strcat(bound, n->text);
  else if (n->form == JAC_S_CHAIN)
    bind(n->child[0], bound, room);
  else if (n->form != JAC_S_NAME)
    for (size_t k = 0; k < n->count; k++)
      bind(n->child[k], bound, room);
}

/* A_f of a scope that has it: f is no index. */
static bool known_script(const struct jac_asking *a, node *n) {
  struct jac_syntax plain = *n;
  node *child[3] = {n->child[0], n->child[1], NULL};
  plain.number = 0;
  node *name = jac_notation_node(a->scope->pool, &plain, 3, child);
  return name && n->child[1] && !*n->text &&
         known(a, jac_notation_key(a->scope->pool, name));
}

/* Long: one case for each form that an index can stand in. */
static void look(struct jac_asking *a, node *n, bool index, const char *outer) {
  char bound[40];
  if (!n || a->letters > JAC_CLAIM_LETTERS)
    return;
  snprintf(bound, sizeof bound, "%s", outer);
  switch (n->form) {
  case JAC_S_NAME:
    if (index && !n->row)
      meet(a, n->text, bound);
    return;
  case JAC_S_SCRIPT: {
    node *base = n->child[0];
    if (known_script(a, n)) {
      look(a, n->child[2], false, bound);
      return;
    }
    look(a, base, false, bound);
    node *item[4];
    bool entry = strcmp(n->text, "[]") == 0 || jac_index_items(n->child[1], item) > 0;
    look(a, n->child[1], entry, bound);
    look(a, n->child[2], jac_is_name(base, "delta"), bound);
    return;
  }
  case JAC_S_BIG:
    bind(n->child[0], bound, sizeof bound);
    look(a, n->child[0], true, bound);
    look(a, n->child[1], false, bound);
    look(a, n->child[2], index, bound);
    return;
  case JAC_S_APPLY: {
    node *inside = n->child[1]->form == JAC_S_GROUP ? n->child[1]->child[0] : n->child[1];
    enum jac_construct_id id = n->row->id;
    bool over =
        id == JAC_C_TOTAL || id == JAC_C_PRODUCTALL || id == JAC_C_MAX || id == JAC_C_MIN;
    bool places = id == JAC_C_DELTA || id == JAC_C_INDICATOR;
    if (over && inside->form == JAC_S_LIST &&
        (inside->child[0]->form == JAC_S_NAME || inside->child[0]->form == JAC_S_CHAIN))
      bind(inside->child[0], bound, sizeof bound);
    look(a, inside, places, bound);
    return;
  }
  case JAC_S_CHAIN:
    index = true;
    break;
  default:
    break;
  }
  for (size_t k = 0; k < n->count; k++)
    look(a, n->child[k], index, bound);
}

/* What stands on the left, by the letters of its indices: "deriv(y[n,o], z[n,i])". */
static const char *left_of(struct jac_asking *a, const char *output, const char *rows,
                           const char *variable, const char *columns) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_printf(&text, "deriv(%s", output);
  for (const char *at = rows; *at; at++)
    jac_buffer_printf(&text, "%s%c%s", at == rows ? "[" : ",", *at, at[1] ? "" : "]");
  jac_buffer_printf(&text, ", %s", variable);
  for (const char *at = columns; *at; at++)
    jac_buffer_printf(&text, "%s%c%s", at == columns ? "[" : ",", *at, at[1] ? "" : "]");
  jac_buffer_add(&text, ")");
  a->pool.failed = a->pool.failed || text.failed;
  const char *kept = jac_pool_text(&a->pool, text.text ? text.text : "");
  jac_buffer_free(&text);
  return kept;
}

static struct jac_attempt *add(struct jac_asking *a, enum jac_manner manner,
                               const char *left, unsigned price) {
  static struct jac_attempt none;
  if (a->attempts == JAC_CLAIM_ATTEMPTS)
    return &none;
  struct jac_attempt *one = &a->attempt[a->attempts++];
  *one = (struct jac_attempt){.manner = manner, .left = left, .price = price};
  return one;
}

/* Long: every shape of a variable has its letters.
 * The letters that a module's own formulas use: of a row, and of a column. */
static void own_letters(const struct jac_asking *a, const char *output_of_definition,
                        char rows[5], char columns[5]) {
  static const char *const parameter[] = {"i", "ij", "hij"};
  const struct jac_map *map = a->claim->map;
  const struct jac_variable *var = &map->var[a->claim->wrt];
  size_t count = 0;
  if (jac_map_is_formula(map)) {
    snprintf(rows, 5, "%s", map->rows > 1 ? "no" : map->cols > 1 ? "o" : "");
    bool two = var->ndim > 1 && var->dims[0] > 1 && var->dims[1] > 1;
    bool one = jac_variable_size(var) > 1;
    snprintf(columns, 5, "%s", two ? "ij" : one ? "i" : "");
    return;
  }
  for (const char *at = output_of_definition + strcspn(output_of_definition, "[=");
       *at && *at != ']' && *at != '='; at++)
    if (islower((unsigned char)*at) && count < 4)
      rows[count++] = *at;
  rows[count] = '\0';
  if (var->role == JAC_DATA)
    snprintf(columns, 5, "%s%s", map->coupled ? "m" : "n", var->channels ? "qi" : "i");
  else
    snprintf(columns, 5, "%s", parameter[var->ndim - 1]);
}

static bool all_in(const struct jac_asking *a, const char *rows, const char *columns) {
  for (size_t k = 0; k < a->letters; k++)
    if (!strchr(rows, a->letter[k]) && !strchr(columns, a->letter[k]))
      return false;
  return true;
}

/* The next order of letters by the alphabet. */
static bool next_order(char *text) {
  size_t n = strlen(text), k = n - 1;
  while (k > 0 && text[k - 1] >= text[k])
    k--;
  if (n < 2 || k == 0)
    return false;
  size_t j = n - 1;
  while (text[j] <= text[k - 1])
    j--;
  char swap = text[k - 1];
  text[k - 1] = text[j];
  text[j] = swap;
  for (size_t i = k, last = n - 1; i < last; i++, last--) {
    swap = text[i];
    text[i] = text[last];
    text[last] = swap;
  }
  return true;
}

/* The letters of samples stand before those that are put in order. */
struct sampled {
  const char *rows, *columns;
};

/* Long: a claim of one letter, then each order of several. */
static void by_letters(struct jac_asking *a, enum jac_manner manner, const char *output,
                       size_t rows, size_t columns, struct sampled by) {
  const char *variable = a->claim->map->var[a->claim->wrt].name;
  char order[JAC_CLAIM_LETTERS + 1] = "";
  size_t letters = 0;
  for (const char *at = a->letter; *at; at++)
    if (!strchr(by.rows, *at) && !strchr(by.columns, *at))
      order[letters++] = *at;
  order[letters] = '\0';
  if (letters == 1 && rows == 1 && columns == 1 && !*by.rows) {
    const char *other = a->letter[0] == 'j' ? "k" : "j";
    struct jac_attempt *one =
        add(a, manner, left_of(a, output, order, variable, other), DIAGONAL_PRICE);
    one->diagonal = true;
    snprintf(one->words, sizeof one->words, "%s",
             _("entry by entry: it is the diagonal"));
    return;
  }
  if (letters != rows + columns)
    return;
  bool first = true;
  do {
    char down[JAC_CLAIM_LETTERS + 3], across[JAC_CLAIM_LETTERS + 3];
    snprintf(down, sizeof down, "%s%.*s", by.rows, (int)rows, order);
    snprintf(across, sizeof across, "%s%s", by.columns, order + rows);
    struct jac_attempt *one = add(a, manner, left_of(a, output, down, variable, across),
                                  first ? 0 : ORDER_PRICE);
    if (!first && rows == 1 && columns == 1)
      snprintf(one->words, sizeof one->words,
               _("with %c the output's index and %c the variable's"), order[0], order[1]);
    else if (!first && rows == 1 && columns == 2)
      snprintf(one->words, sizeof one->words,
               _("with %c the output's index, %c and %c the variable's"), order[0],
               order[1], order[2]);
    else if (!first)
      snprintf(one->words, sizeof one->words, _("with the indices in the order %s"),
               order);
    first = false;
  } while (next_order(order));
}

/* Whether the letter of a sample is the first of a data variable's. */
static size_t of_sample(const char *columns) {
  return columns[0] == 'n' || columns[0] == 'm';
}

/* Letters of the claim's own, in the places that are left of the module's. */
static void by_places(struct jac_asking *a, enum jac_manner whole, const char *output,
                      const char *rows, const char *columns) {
  bool coupled = a->claim->map->coupled;
  size_t r = strlen(rows) - (rows[0] == 'n'), c = strlen(columns) - of_sample(columns);
  bool sample = coupled || (strchr(a->letter, 'n') && a->letters > r + c);
  bool out = r == 1 && strchr(a->letter, 'o') != NULL; /* o is the output's */
  struct sampled by = {out ? "o" : "", ""};
  if (sample && rows[0] == 'n')
    by.rows = out ? "no" : "n";
  if (sample && of_sample(columns))
    by.columns = columns[0] == 'n' ? "n" : "m";
  by_letters(a, sample ? whole : JAC_MANNER_ROWS, output, r - out, c, by);
}

/* Long: the letters as the module has them, none, and others. */
static void find(struct jac_asking *a, const char *output, const char *definition) {
  const struct jac_map *map = a->claim->map;
  const char *variable = map->var[a->claim->wrt].name;
  bool formula = jac_map_is_formula(map);
  char rows[5] = "", columns[5] = "";
  own_letters(a, definition, rows, columns);
  enum jac_manner whole = formula ? JAC_MANNER_AUTHOR : JAC_MANNER_WHOLE;
  bool own = formula
                 ? a->letters > 0 && all_in(a, rows, columns) && strchr(a->letter, 'o')
                 : strpbrk(a->letter, map->coupled ? "nom" : "no") != NULL &&
                       all_in(a, rows, columns);
  for (const char *at = rows; own && *at; at++)
    own = !known(a, (char[]){*at, '\0'});
  if (own) {
    add(a, whole, left_of(a, output, rows, variable, columns), 0);
    return;
  }
  if (!a->letters) {
    const char *left = left_of(a, output, "", variable, "");
    if (formula || map->coupled) {
      add(a, whole, left, 0);
      return;
    }
    add(a, JAC_MANNER_ROWS, left, 0);
    snprintf(add(a, JAC_MANNER_COLUMNS, left, COLUMNS_PRICE)->words,
             sizeof a->attempt->words, "%s", _("with column vectors"));
    return;
  }
  if (formula) {
    by_letters(a, whole, output, strlen(rows), strlen(columns), (struct sampled){"", ""});
    return;
  }
  by_places(a, whole, output, rows, columns);
}

void jac_attempts_find(struct jac_asking *a, const char *output, const char *definition) {
  look(a, a->right, false, "");
  if (a->letters <= JAC_CLAIM_LETTERS)
    find(a, output, definition);
}
