#include "jacobian/define/claim.h"

#include "jacobian/buffer.h"
#include "jacobian/define/map_scope.h"
#include "jacobian/formula/caret.h"
#include "jacobian/judge/judge.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_syntax node;

enum { LETTERS = 6, ATTEMPTS = 64, COLUMNS_PRICE = 4, ORDER_PRICE = 2, DIAGONAL_PRICE = 8 };

/* A way to read a claim: what stands on its left. */
struct attempt {
  enum jac_manner manner;
  const char *left; /* plain notation */
  bool diagonal;    /* the claim is its diagonal alone */
  unsigned price;
  char words[120];
};

struct asking {
  const struct jac_map_claim *claim;
  struct jac_pool pool;
  node *right;
  bool latex;
  const struct jac_scope *scope; /* of the names, for a look */
  char letter[LETTERS + 1];
  size_t letters;
  struct attempt attempt[ATTEMPTS];
  size_t attempts;
};

/* Free letters: single ones at the places of indices that nothing explains or binds. */
static bool known(const struct asking *a, const char *name) {
  for (size_t k = 0; k < a->scope->count; k++) {
    const struct jac_fact *f = &a->scope->fact[k];
    struct jac_definition d;
    if (!f->left || f->kind == JAC_FACT_MEANING)
      continue;
    if (f->kind == JAC_FACT_DEFINITION && jac_definition_read(a->scope->pool, f->left, &d) &&
        strcmp(d.base, name) == 0)
      return true;
    if (strcmp(jac_notation_key(a->scope->pool, f->left), name) == 0)
      return true;
  }
  return false;
}

static void meet(struct asking *a, const char *name, const char *bound) {
  if (name[1] || !islower((unsigned char)name[0]) || strchr(bound, name[0]) ||
      strchr(a->letter, name[0]) || known(a, name))
    return;
  if (a->letters < LETTERS) {
    size_t at = a->letters++;
    for (; at > 0 && a->letter[at - 1] > name[0]; at--)
      a->letter[at] = a->letter[at - 1];
    a->letter[at] = name[0];
  } else
    a->letters = LETTERS + 1;
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

static void look(struct asking *a, node *n, bool index, const char *outer) {
  char bound[40];
  if (!n || a->letters > LETTERS)
    return;
  snprintf(bound, sizeof bound, "%s", outer);
  switch (n->form) {
  case JAC_S_NAME:
    if (index && !n->row)
      meet(a, n->text, bound);
    return;
  case JAC_S_SCRIPT: {
    node *base = n->child[0];
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
    bool over = id == JAC_C_TOTAL || id == JAC_C_PRODUCTALL || id == JAC_C_MAX ||
                id == JAC_C_MIN;
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
static const char *left_of(struct asking *a, const char *output, const char *rows,
                           const char *variable, const char *columns) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_buffer_printf(&text, "deriv(%s", output);
  for (const char *at = rows; *at; at++)
    jac_buffer_printf(&text, "%s%c%s", at == rows ? "[" : ",", *at, at[1] ? "" : "]");
  jac_buffer_printf(&text, ", %s", variable);
  for (const char *at = columns; *at; at++)
    jac_buffer_printf(&text, "%s%c%s", at == columns ? "[" : ",", *at, at[1] ? "" : "]");
  jac_buffer_add(&text, ")");
  const char *kept = jac_pool_text(&a->pool, text.text);
  jac_buffer_free(&text);
  return kept;
}

static struct attempt *add(struct asking *a, enum jac_manner manner, const char *left,
                           unsigned price) {
  static struct attempt none;
  if (a->attempts == ATTEMPTS)
    return &none;
  struct attempt *one = &a->attempt[a->attempts++];
  *one = (struct attempt){.manner = manner, .left = left, .price = price};
  return one;
}

/* The letters that a module's own formulas use: of a row, and of a column. */
static void own_letters(const struct asking *a, const char *output_of_definition,
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

static bool all_in(const struct asking *a, const char *rows, const char *columns) {
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

static void by_letters(struct asking *a, enum jac_manner manner, const char *output,
                       size_t rows, size_t columns, unsigned price) {
  const char *variable = a->claim->map->var[a->claim->wrt].name;
  char order[LETTERS + 1];
  snprintf(order, sizeof order, "%s", a->letter);
  if (a->letters == 1 && rows == 1 && columns == 1) {
    const char *other = a->letter[0] == 'j' ? "k" : "j";
    struct attempt *one =
        add(a, manner, left_of(a, output, a->letter, variable, other), price + DIAGONAL_PRICE);
    one->diagonal = true;
    snprintf(one->words, sizeof one->words, "%s", _("entry by entry: it is the diagonal"));
    return;
  }
  if (a->letters != rows + columns)
    return;
  bool first = true;
  do {
    char down[LETTERS + 1], across[LETTERS + 1];
    snprintf(down, sizeof down, "%.*s", (int)rows, order);
    snprintf(across, sizeof across, "%s", order + rows);
    struct attempt *one = add(a, manner, left_of(a, output, down, variable, across),
                              price + (first ? 0 : ORDER_PRICE));
    if (!first && rows == 1 && columns == 1)
      snprintf(one->words, sizeof one->words,
               _("with %c the output's index and %c the variable's"), order[0], order[1]);
    else if (!first && rows == 1 && columns == 2)
      snprintf(one->words, sizeof one->words,
               _("with %c the output's index, %c and %c the variable's"), order[0],
               order[1], order[2]);
    else if (!first)
      snprintf(one->words, sizeof one->words, _("with the indices in the order %s"), order);
    first = false;
  } while (next_order(order));
}

static void find_attempts(struct asking *a, const char *output,
                          const char *definition) {
  const struct jac_map *map = a->claim->map;
  const char *variable = map->var[a->claim->wrt].name;
  bool formula = jac_map_is_formula(map);
  char rows[5] = "", columns[5] = "";
  own_letters(a, definition, rows, columns);
  enum jac_manner whole = formula ? JAC_MANNER_AUTHOR : JAC_MANNER_WHOLE;
  bool own = formula ? a->letters > 0 && all_in(a, rows, columns) && strchr(a->letter, 'o')
                     : strpbrk(a->letter, map->coupled ? "nom" : "no") != NULL;
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
    by_letters(a, whole, output, strlen(rows), strlen(columns), 0);
    return;
  }
  if (map->coupled)
    return;
  size_t r = strlen(rows) - (rows[0] == 'n'), c = strlen(columns) - (columns[0] == 'n');
  by_letters(a, JAC_MANNER_ROWS, output, r, c, 0);
}

/* The values that count, in the shapes of a manner. */
struct givens {
  struct jac_given given[32];
  double *copy[32];
  size_t count;
};

static bool drawn_otherwise(const struct jac_variable *var, enum jac_manner manner) {
  switch (var->domain) {
  case JAC_CLASS:
  case JAC_GUMBEL:
  case JAC_SIGN:
  case JAC_UNIT_ROWS:
  case JAC_ZERO:
    return true;
  case JAC_DISTRIBUTION:
    return manner == JAC_MANNER_WHOLE && var->dims[0] > 1;
  default:
    return false;
  }
}

static bool give(struct asking *a, enum jac_manner manner, bool set, struct givens *g) {
  const struct jac_map *map = a->claim->map;
  *g = (struct givens){.count = 0};
  for (size_t v = 0; v < map->nvar && g->count < 32; v++) {
    const struct jac_variable *var = &map->var[v];
    bool sample = manner == JAC_MANNER_ROWS || manner == JAC_MANNER_COLUMNS;
    bool is_set = set && a->claim->set && a->claim->set[v];
    if ((!is_set && !drawn_otherwise(var, manner)) || !a->claim->x)
      continue;
    const gsl_matrix *m = a->claim->x[v];
    size_t rows = sample && var->role == JAC_DATA ? 1 : m->size1;
    double *copy = malloc((m->size1 * m->size2 + 1) * sizeof *copy);
    if (!copy)
      return false;
    bool turned = manner == JAC_MANNER_COLUMNS && var->role == JAC_PARAMETER && var->ndim == 2;
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < m->size2; j++)
        copy[turned ? j * rows + i : i * m->size2 + j] = gsl_matrix_get(m, i, j);
    node *name;
    const char *key = jac_notation_read(&a->pool, var->name, false, &name, NULL, NULL)
                          ? var->name
                          : jac_notation_key(&a->pool, name);
    g->copy[g->count] = copy;
    g->given[g->count++] = (struct jac_given){key, copy};
  }
  return true;
}

static enum jac_status judge(struct asking *a, const struct attempt *attempt, bool set,
                             struct jac_judgement_of *judged, struct jac_error *err) {
  struct jac_map_scope scope;
  struct jac_evidence *evidence = jac_pool_take(&a->pool, sizeof *evidence);
  struct givens g;
  enum jac_status status = jac_map_scope_make(&a->pool, a->claim->map, a->claim->parts,
                                              attempt->manner, a->claim->order, &scope,
                                              err);
  node *left = NULL, *right = a->right;
  if (status)
    return status;
  if (attempt->diagonal) { /* delta(i,j) times the claim */
    node *delta;
    const char *bracket = strrchr(attempt->left, '[');
    const char *text = jac_pool_printf(&a->pool, "delta(%c,%c)*x", a->letter[0], bracket[1]);
    if (jac_notation_read(&a->pool, text, false, &delta, NULL, NULL))
      return jac_fail_memory(err);
    node *pair[2] = {delta->child[0], a->right};
    right = jac_notation_node(&a->pool, delta, 2, pair);
  }
  if (jac_notation_read(&a->pool, attempt->left, false, &left, NULL, err))
    return JAC_EINPUT;
  if (!evidence || !jac_evidence_make(evidence, &scope.scope) || !right)
    return jac_fail_memory(err);
  jac_evidence_see(evidence, left);
  jac_evidence_see(evidence, right);
  if (!give(a, attempt->manner, set, &g))
    status = jac_fail_memory(err);
  struct jac_claim_written claim = {.scope = &scope.scope,
                                    .evidence = evidence,
                                    .visible = scope.scope.count,
                                    .left = left,
                                    .right = right,
                                    .text = a->claim->text,
                                    .plain = !a->latex,
                                    .correct = !attempt->diagonal && !set,
                                    .spelled = true,
                                    .given = g.given,
                                    .givens = g.count,
                                    .certify = a->claim->certify && !set};
  if (!status)
    status = jac_judge_claim(&claim, judged, err);
  for (size_t k = 0; k < g.count; k++)
    free(g.copy[k]);
  return status;
}

static void say(const struct attempt *attempt, const struct jac_judgement_of *judged,
                char words[400]) {
  snprintf(words, 400, "%s%s%s", attempt->words,
           *attempt->words && *judged->convention ? ", " : "", judged->convention);
}

static bool holds(const struct jac_judgement_of *j) {
  return j->verdict == JAC_HOLDS || j->verdict == JAC_HOLDS_CONVENTION;
}

/* How much a verdict that is none of holding says. */
static int weight(const struct jac_judgement_of *j) {
  switch (j->verdict) {
  case JAC_DOES_NOT_HOLD:
    return j->shapes ? 2 : 3;
  case JAC_NOT_JUDGED:
    return 1;
  default:
    return 0;
  }
}

static enum jac_status try_all(struct asking *a, struct jac_judgement_of *best,
                               size_t *which, struct jac_error *err) {
  bool any = false;
  unsigned price = 0;
  for (size_t k = 0; k < a->attempts; k++) {
    struct jac_judgement_of judged;
    if (any && holds(best) && a->attempt[k].price >= price)
      continue;
    enum jac_status status = judge(a, &a->attempt[k], false, &judged, err);
    if (status)
      return status;
    bool better = !any || (holds(&judged) ? !holds(best) || judged.price + a->attempt[k].price < price
                                          : !holds(best) && weight(&judged) > weight(best));
    if (!better || (a->attempt[k].diagonal && !holds(&judged) && any))
      continue;
    any = true;
    *best = judged;
    *which = k;
    price = judged.price + a->attempt[k].price;
    if (judged.verdict == JAC_HOLDS && a->attempt[k].price == 0)
      break;
  }
  return JAC_OK;
}

static enum jac_status ask(struct asking *a, struct jac_judgement_of *judged,
                           char words[400], struct jac_error *err) {
  const char *text = a->claim->text;
  struct jac_map_scope scope;
  size_t position = 0, which = 0;
  bool formula = jac_map_is_formula(a->claim->map), any_set = false;
  a->latex = jac_text_is_latex(text);
  enum jac_status status =
      jac_notation_read(&a->pool, text, a->latex, &a->right, &position, err);
  if (status == JAC_EINPUT)
    return jac_caret(err, text, position);
  if (!status)
    status = jac_map_scope_make(&a->pool, a->claim->map, a->claim->parts,
                                formula ? JAC_MANNER_AUTHOR : JAC_MANNER_WHOLE,
                                a->claim->order, &scope, err);
  if (status)
    return status;
  a->scope = &scope.scope;
  look(a, a->right, false, "");
  if (a->letters <= LETTERS)
    find_attempts(a, scope.output, scope.definition);
  if (!a->attempts)
    return jac_fail(err, JAC_EINPUT,
                    _("the claim's free indices do not fit: an entry has one for the "
                      "output and one for each dimension of the variable"));
  status = try_all(a, judged, &which, err);
  if (status)
    return status;
  for (size_t v = 0; v < a->claim->map->nvar && a->claim->set; v++)
    any_set = any_set || a->claim->set[v];
  if (judged->verdict == JAC_NOT_UNDERSTOOD) {
    jac_fail(err, JAC_EINPUT, "%s", judged->diagnosis);
    return judged->end > judged->start ? jac_caret(err, text, judged->start) : JAC_EINPUT;
  }
  if (judged->verdict == JAC_NOT_JUDGED)
    return jac_fail(err, JAC_EREFUSED, _("the claim is not judged: %s"), judged->diagnosis);
  if (judged->verdict == JAC_DOES_NOT_HOLD && any_set) {
    struct jac_judgement_of here;
    status = judge(a, &a->attempt[which], true, &here, err);
    if (!status && holds(&here))
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s",
               _("it holds at these values only"));
  }
  say(&a->attempt[which], judged, words);
  return status;
}

enum jac_status jac_map_claim_judge(const struct jac_map_claim *claim,
                                    struct jac_map_judgement *out,
                                    struct jac_error *err) {
  struct asking *a = calloc(1, sizeof *a);
  struct jac_judgement_of judged = {.verdict = JAC_NOT_UNDERSTOOD};
  *out = (struct jac_map_judgement){.holds = false};
  if (!a)
    return jac_fail_memory(err);
  a->claim = claim;
  a->pool = (struct jac_pool)JAC_POOL_INIT;
  enum jac_status status = ask(a, &judged, out->words, err);
  jac_pool_free(&a->pool);
  free(a);
  out->holds = holds(&judged);
  out->shapes = judged.shapes;
  snprintf(out->diagnosis, sizeof out->diagnosis, "%s", judged.diagnosis);
  snprintf(out->correction, sizeof out->correction, "%s", judged.correction);
  out->proved = judged.proof == JAC_PROOF_HOLDS;
  out->refuted = judged.proof == JAC_PROOF_REFUTES;
  out->untold = judged.proof == JAC_PROOF_UNTOLD;
  out->samples = judged.samples;
  out->error = judged.error;
  out->apart = fabs(judged.left - judged.right);
  return status;
}
