/* {"ask": "derive", "output": [ROW, COLUMN], "place": [ROW, COLUMN]}: what `derive` says
 * of the first variable, and beside each step its numbers: of a line in indices the one
 * of this output by this entry of the variable, of a line in matrices all of them. The
 * gradient by the output, g, picks the output out. {"steps": [{left, right, reason, put:
 * LaTeX with the numbers in place or null, value: rows or null}], "closed": whether a
 * closed form was found, "note": TEXT or null}. A step that the evaluator of formulas has
 * no numbers for has null: it is never guessed.
 *
 * Long: the parts of a module that are derived each find their numbers here. */
#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/render.h"
#include "jacobian/text.h"
#include "visual/cli/derived.h"
#include "visual/engine/ask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { NAMES = 24, GATES = 4, INDICES = 8, UNROLLED = 4, CELLS = 40 };

/* The numbers that the lines are about. */
struct numbers {
  struct jac_environment env;
  struct jac_named named[NAMES];
  struct jac_index_value size[2 * JAC_DERIVED_SIZES];
  double *delta, *mask, *bias;
  struct jac_arena arena;     /* of what is read and made */
  size_t output[2], place[2]; /* row and column */
  size_t only[2];             /* of the output and the place, where there is one index */
  bool whole;                 /* of coupled samples all rows are the definition's */
  bool feature;               /* ... and one column, where the features do not meet */
  size_t first, width; /* columns that the definition is of: a head's, a state's; or 0 */
  size_t gates;        /* so many stand side by side in a parameter, or 0 */
  char letter[2][16];  /* of the output's indices, where an entry of it has been said */
  size_t letters;
  bool apart; /* the definition's variables have other shapes than the module's */
};

/* A line's indices, and how many numbers have been written out in it. */
struct line {
  const struct numbers *with;
  struct jac_arena *arena;
  struct jac_index_value index[INDICES];
  size_t count, cells;
  bool unrolling, failed;
};

/* A vector has one index, whichever way it stands. */
static struct jac_named named_of(const char *name, const double *data, size_t rows,
                                 size_t cols, size_t tda) {
  struct jac_named n = {.name = name, .data = data, .tda = tda, .ndim = 2};
  n.dims[0] = rows, n.dims[1] = cols;
  if (rows == 1 || (cols == 1 && tda == 1)) {
    n.ndim = 1;
    n.dims[0] = rows * cols;
    n.column = rows > 1;
  }
  return n;
}

static const char *plain_size(const char *word) {
  return word && strspn(word, "0123456789") < strlen(word) ? word : NULL;
}

/* What a side's word is: a number, or one for all sides that have it. */
static void add_size(struct numbers *w, const char *word, size_t value) {
  const char *name = plain_size(word);
  w->apart = w->apart || (word && !name && strtoul(word, NULL, 10) != value);
  for (size_t k = 0; k < w->env.nsize && name; k++)
    w->apart =
        w->apart || (strcmp(w->size[k].name, name) == 0 && w->size[k].value != value);
  if (name)
    w->size[w->env.nsize++] = (struct jac_index_value){name, value};
}

/* A constant as the derivation has it: epsilon of eps, t of temperature; or NULL. */
static const char *letters_of(const char *constant, const struct jac_derived *d) {
  if (strcmp(constant, "eps") == 0)
    return "epsilon";
  return d->given && d->given[0] == constant[0] && !d->given[1] ? d->given : NULL;
}

/* Of several heads the one that the output is of. */
static void by_heads(struct numbers *w, const struct jac_map *map, const char *spec) {
  const char *option = spec ? strstr(spec, ",heads=") : NULL;
  size_t heads = option ? strtoul(option + strlen(",heads="), NULL, 10) : 1;
  if (!w->whole || heads < 2 || map->cols % heads != 0)
    return;
  w->width = map->cols / heads;
  w->first = w->output[1] / w->width * w->width;
  w->apart = w->apart || w->place[1] / w->width * w->width != w->first;
  w->output[1] -= w->first;
  w->place[1] %= w->width;
}

/* Where samples meet: whether the definition has all of them, and of one feature. */
static void couple(struct numbers *w, const struct jac_map *map,
                   const struct jac_derived *d, const char *spec) {
  w->whole = spec && map->coupled;
  by_heads(w, map, spec);
  for (size_t k = 0; k < d->sizes; k++)
    if (w->whole && strcmp(d->size[k].name, map->var[0].name) == 0) {
      w->feature = d->size[k].cols && strcmp(d->size[k].cols, "1") == 0;
      w->whole = strcmp(d->size[k].rows, "1") != 0;
    }
  w->feature = w->feature && w->whole;
  w->apart = w->apart || (map->coupled && spec && !w->whole) ||
             (w->feature && w->place[1] != w->output[1]);
}

/* How many columns a definition has of so many. */
static size_t width_of(const struct numbers *w, size_t cols) {
  return w->feature ? 1 : w->width ? w->width : cols;
}

/* The part of a variable that the derivation's has its name: of data one sample, but
 * where they meet. */
static struct jac_named part_of(const struct numbers *w, const struct jac_variable *var,
                                const gsl_matrix *m, bool defined) {
  bool sample = !defined && !w->whole && var->role == JAC_DATA;
  bool head = w->whole && w->first + w->width <= m->size2;
  size_t row = sample && w->output[0] < m->size1 ? w->output[0] : 0,
         col = w->feature && w->output[1] < m->size2 ? w->output[1]
               : head                                ? w->first
                                                     : 0;
  return named_of(var->name, gsl_matrix_const_ptr(m, row, col), sample ? 1 : m->size1,
                  head || w->feature ? width_of(w, m->size2) : m->size2, m->tda);
}

static void add_sizes(struct numbers *w, const struct jac_derived *d, const char *name,
                      size_t rows, size_t cols) {
  for (size_t k = 0; k < d->sizes; k++)
    if (strcmp(d->size[k].name, name) == 0) {
      add_size(w, d->size[k].rows, rows);
      add_size(w, d->size[k].cols, cols);
    }
}

/* The gates' parts of a parameter, which stand side by side: a name each. */
static void bind_parts(struct numbers *w, const char *const *parts, size_t count,
                       const double *data, const gsl_matrix *m,
                       const struct jac_derived *d) {
  for (size_t k = 0; k < count && w->env.nnamed < NAMES; k++) {
    w->named[w->env.nnamed++] =
        named_of(parts[k], data + k * w->width, m->size1, w->width, m->tda);
    add_sizes(w, d, parts[k], m->size1, w->width);
  }
}

/* Of gru's gates the two biases, b and d, are added: one to the derivation; of n they are
 * b_n and c. */
static void bind_biases(struct numbers *w, const struct jac_subject *s,
                        const struct jac_derived *d) {
  static const char *const parts[] = {"b_r", "b_u"}, *const own[][1] = {{"b_n"}, {"c"}};
  const gsl_matrix *m[2] = {NULL, NULL};
  for (size_t v = 0; v < s->map->nvar; v++)
    if (strcmp(s->map->var[v].name, "b") == 0 || strcmp(s->map->var[v].name, "d") == 0)
      m[*s->map->var[v].name == 'd'] = s->values.matrix[v];
  size_t both = (w->gates - 1) * w->width;
  if (!m[0] || !m[1] || !w->bias)
    return;
  for (size_t k = 0; k < both; k++)
    w->bias[k] = gsl_matrix_get(m[0], 0, k) + gsl_matrix_get(m[1], 0, k);
  bind_parts(w, parts, w->gates - 1, w->bias, m[0], d);
  for (size_t k = 0; k < 2; k++)
    bind_parts(w, own[k], 1, gsl_matrix_const_ptr(m[k], 0, both), m[k], d);
}

/* Whether the variable is a parameter with a part for each gate. */
static bool bind_gates(struct numbers *w, const struct jac_subject *s, size_t v,
                       const struct jac_derived *d) {
  static const char *const letters = "WUbd";
  static const char *const parts[2][3][GATES] = {
      /* of gru, of lstm */
      {{"W_r", "W_u", "W_n"}, {"U_r", "U_u", "U_n"}, {"b_r", "b_u", "b_n"}},
      {{"W_i", "W_f", "W_g", "W_o"},
       {"U_i", "U_f", "U_g", "U_o"},
       {"b_i", "b_f", "b_g", "b_o"}}};
  const gsl_matrix *m = s->values.matrix[v];
  const char *name = s->map->var[v].name, *at = strchr(letters, name[0]);
  if (at == NULL || name[1] != '\0' || w->gates == 0 || m->size2 != w->gates * w->width)
    return false;
  bool added = w->gates < GATES && at - letters >= 2;
  if (!added && *at != 'd')
    bind_parts(w, parts[w->gates == GATES][at - letters], w->gates,
               gsl_matrix_const_ptr(m, 0, 0), m, d);
  else if (*at == 'b')
    bind_biases(w, s, d);
  return true;
}

static void bind_variable(struct numbers *w, const struct jac_variable *var,
                          const gsl_matrix *m, const struct jac_derived *d,
                          bool defined) {
  bool sample = !defined && !w->whole && var->role == JAC_DATA;
  w->named[w->env.nnamed++] = part_of(w, var, m, defined);
  bool head = w->whole && w->first + w->width <= m->size2;
  add_sizes(w, d, var->name, sample ? 1 : m->size1,
            head || w->feature ? width_of(w, m->size2) : m->size2);
}

/* M of a mask: a token sees itself and those before it, or those that are there. */
static void bind_mask(struct numbers *w, const struct jac_subject *s, bool causal) {
  size_t n = s->values.matrix[0]->size1, last = s->map->nvar - 1;
  const gsl_matrix *there = s->values.matrix[last];
  w->mask = calloc(n * n, sizeof *w->mask);
  for (size_t k = 0; w->mask && k < n * n; k++)
    if (causal ? k % n > k / n
               : there->size1 == n && gsl_matrix_get(there, k % n, 0) == 0.0)
      w->mask[k] = -INFINITY;
  if (w->mask && w->env.nnamed < NAMES)
    w->named[w->env.nnamed++] = named_of("M", w->mask, n, n, n);
}

static bool starts(const char *spec, const char *module) {
  size_t length = strlen(module);
  return spec && strncmp(spec, module, length) == 0 && strchr(":,", spec[length]);
}

/* Modules whose derivation is of a part that the numbers are found for. */
static bool has_parts(const char *spec) {
  static const char *const names[] = {"attention", "lstm", "gru", "multi-head",
                                      "batch-norm"};
  bool found = false;
  for (size_t k = 0; k < sizeof names / sizeof *names; k++)
    found = found || starts(spec, names[k]);
  return found;
}

/* h' of h' and c' beside each other, or c'; of a parameter the gate's part. */
static void by_gate(struct numbers *w, const struct jac_subject *s, const char *spec) {
  w->gates = starts(spec, "lstm") ? GATES : starts(spec, "gru") ? GATES - 1 : 0;
  if (w->gates == 0)
    return;
  w->width = w->gates == GATES ? s->map->cols / 2 : s->map->cols;
  if (w->gates < GATES)
    w->bias = calloc((w->gates - 1) * w->width, sizeof *w->bias);
  w->output[1] %= w->width;
  if (s->nwrt > 0 && s->map->var[s->wrt[0]].role != JAC_DATA)
    w->place[1] %= w->width;
}

/* The variables by the names that a derivation has for them. */
static void bind(struct numbers *w, const struct jac_subject *s,
                 const struct jac_derived *d, const char *spec) {
  const char *mask = spec ? strstr(spec, ",mask=") : NULL;
  w->apart = w->apart || (d->apart && !has_parts(spec));
  couple(w, s->map, d, spec);
  by_gate(w, s, spec);
  if (mask && strncmp(mask, ",mask=none", 10) != 0)
    bind_mask(w, s, strncmp(mask, ",mask=causal", 12) == 0);
  for (size_t v = 0; v < s->map->nvar && w->env.nnamed < NAMES; v++)
    if (!bind_gates(w, s, v, d))
      bind_variable(w, &s->map->var[v], s->values.matrix[v], d, spec == NULL);
  /* What a module is told once and for all, where it says it in other letters. */
  for (size_t k = 0; k < s->map->nconstant && w->env.nnamed < NAMES; k++) {
    const char *letters = letters_of(s->map->constant[k].name, d);
    if (letters)
      w->named[w->env.nnamed++] = (struct jac_named){.name = letters,
                                                     .ndim = 1,
                                                     .dims = {1},
                                                     .data = &s->map->constant[k].value,
                                                     .tda = 1};
  }
}

/* The definitions among the steps, and delta. */
static void define(struct numbers *w, const struct jac_derivation *d,
                   const struct jac_map *map, bool column) {
  struct jac_error quiet;
  for (size_t k = 0; k < d->count && w->env.nwhere < JAC_EQUATIONS; k++) {
    const struct jac_derivation_step *s = &d->step[k];
    size_t n = w->env.nwhere;
    if (s->points == 0 &&
        jac_formula_read(&w->arena, s->left, &w->env.where_left[n], NULL, &quiet) ==
            JAC_OK &&
        jac_formula_read(&w->arena, s->right, &w->env.where_right[n], NULL, &quiet) ==
            JAC_OK)
      w->env.nwhere++;
  }
  size_t rows = w->whole ? map->rows : 1, cols = width_of(w, map->cols),
         at = w->feature ? w->output[0]
              : w->whole ? w->output[0] * cols + w->output[1]
                         : w->output[1];
  w->delta = calloc(rows * cols, sizeof *w->delta);
  if (!w->delta)
    return;
  if (at < rows * cols)
    w->delta[at] = 1.0;
  static const char *const called[] = {"g", "delta"};
  for (size_t k = 0; k < 2 && w->env.nnamed < NAMES; k++)
    w->named[w->env.nnamed++] = column ? named_of(called[k], w->delta, cols, 1, 1)
                                       : named_of(called[k], w->delta, rows, cols, cols);
}

static bool value_of(struct line *l, node_t n, struct jac_result *value) {
  struct jac_error quiet;
  return n && jac_formula_value(n, &l->with->env, l->index, l->count, value, NULL,
                                &quiet) == JAC_OK;
}

/* As many digits as the page shows. */
static node_t rounded(struct line *l, double x) {
  char text[40];
  snprintf(text, sizeof text, "%.4g", fabs(x));
  node_t size = jac_number(l->arena, strtod(text, NULL));
  return x < 0.0 && !jac_is_number(size, 0.0) ? jac_unary(l->arena, JAC_NEGATE, size)
                                              : size;
}

/* The value written out: a number, or a matrix of numbers. */
static node_t written(struct line *l, node_t n) {
  struct jac_result v;
  node_t row[JAC_FORMULA_CHILDREN], cell[JAC_FORMULA_CHILDREN], made = NULL;
  if (!value_of(l, n, &v)) {
    l->failed = true;
    return NULL;
  }
  l->cells += v.rows * v.cols;
  bool fits = v.rows <= 8 && v.cols <= 8 && l->cells <= CELLS;
  for (size_t k = 0; fits && k < v.rows * v.cols; k++)
    fits = isfinite(v.value[k]);
  if (fits && v.rows * v.cols == 1)
    made = rounded(l, v.value[0]);
  else if (fits) {
    for (size_t i = 0; i < v.rows; i++) {
      for (size_t j = 0; j < v.cols; j++)
        cell[j] = rounded(l, v.value[i * v.cols + j]);
      row[i] = jac_node(l->arena, JAC_ROW, v.cols, cell);
    }
    made = jac_node(l->arena, JAC_MATRIX, v.rows, row);
  }
  jac_result_free(&v);
  l->failed = l->failed || !made;
  return made;
}

static node_t put(struct line *l, node_t n);

/* A short sum term by term; NULL where it is not short, has bounds, or is in another. */
static node_t unrolled(struct line *l, node_t n) {
  struct jac_result v;
  struct jac_index_value *k = &l->index[l->count];
  node_t sum = NULL;
  size_t terms = 0;
  if (n->count != 1 || l->count == INDICES || l->unrolling)
    return NULL;
  l->unrolling = true;
  for (l->count++; terms <= UNROLLED; terms++) {
    *k = (struct jac_index_value){n->name, terms + 1};
    if (!value_of(l, n->child[0], &v))
      break;
    jac_result_free(&v);
  }
  for (size_t t = 1; terms <= UNROLLED && t <= terms; t++) {
    *k = (struct jac_index_value){n->name, t};
    node_t term = put(l, n->child[0]);
    sum = sum ? jac_binary(l->arena, JAC_ADD, sum, term) : term;
  }
  l->count--;
  l->unrolling = false;
  return sum;
}

/* The formula with numbers for what it names; what is worked out on the way (a product, a
 * sum, a function of a number) stays to be seen. */
static node_t put(struct line *l, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN], sum;
  struct jac_result v;
  bool single = false;
  switch (n->kind) {
  case JAC_NUMBER:
    return n;
  case JAC_SUM:
    sum = unrolled(l, n);
    return sum ? sum : written(l, n);
  case JAC_CALL: /* of one number it is shown; of matrices its value is */
    if (n->count == 1 && value_of(l, n->child[0], &v)) {
      single = v.rows * v.cols == 1;
      jac_result_free(&v);
    }
    if (!single && strcmp(n->name, "kron") != 0)
      return written(l, n);
    break;
  case JAC_ADD:
  case JAC_NEGATE:
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
  case JAC_DIVIDE:
  case JAC_POWER:
    break;
  default:
    return written(l, n);
  }
  if (n->count > JAC_FORMULA_CHILDREN)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    if (!(child[k] = put(l, n->child[k])))
      return NULL;
  return jac_rebuild(l->arena, n, child);
}

/* Whether an index is one of the output's: p of S[i,p] is not. */
static bool of_output(const struct numbers *w, const char *name) {
  bool found = w->letters == 0;
  for (size_t k = 0; k < w->letters; k++)
    found = found || strcmp(w->letter[k], name) == 0;
  return found;
}

/* One part's indices, [j,k], from its bracket on: numbers of a place. The names last as
 * long as the arena. */
static void read_bracket(struct line *l, const char *open, const size_t at[2],
                         size_t only, bool output) {
  const char *name[2] = {NULL, NULL};
  size_t count = 0;
  for (const char *c = open; count < 2 && *c != '\0' && *c != ']';
       c += strcspn(c, ",]")) {
    char text[JAC_FORMULA_NAME];
    c++;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(c, ",]"), c);
    node_t kept = jac_node_named(l->arena, JAC_NAME, text, 0, NULL);
    name[count++] = kept ? kept->name : "";
  }
  for (size_t k = 0; k < count && l->count < INDICES; k++) {
    size_t place = count == 2 ? at[k] : only;
    if (output && !of_output(l->with, name[k]))
      continue;
    l->index[l->count++] = (struct jac_index_value){name[k], place + 1};
  }
}

/* dy[i]/dW[j,k]: the output's indices before the stroke, the variable's after it. */
static void read_indices(struct line *l, const char *left) {
  const char *slash = strchr(left, '/'), *open = strchr(left, '[');
  if (open && (!slash || open < slash))
    read_bracket(l, open, l->with->output, l->with->only[0], true);
  open = slash ? strchr(slash, '[') : NULL;
  if (open)
    read_bracket(l, open, l->with->place, l->with->only[1], false);
}

/* y[i,j] = ...: i and j are the output's indices from here on. */
static void learn_letters(struct numbers *w, const char *left) {
  if (w->letters > 0 || strncmp(left, "y[", 2) != 0 || strchr(left, '/') != NULL)
    return;
  for (const char *c = left + 1; w->letters < 2 && *c != '\0' && *c != ']';
       c += strcspn(c, ",]")) {
    c++;
    snprintf(w->letter[w->letters++], sizeof w->letter[0], "%.*s", (int)strcspn(c, ",]"),
             c);
  }
}

static json_t *step_json(struct numbers *w, const struct jac_derivation_step *shown,
                         const struct jac_derivation_step *plain, const char *left) {
  struct line l = {.with = w, .arena = &w->arena};
  struct jac_error quiet;
  struct jac_result v;
  node_t tree = NULL;
  json_t *value = json_null(), *text = json_null();
  learn_letters(w, left);
  read_indices(&l, left);
  /* Of several channels or heads a derivation is of one. */
  if (!w->apart &&
      jac_formula_read(&w->arena, plain->right, &tree, NULL, &quiet) == JAC_OK &&
      value_of(&l, tree, &v)) {
    value = jac_rows_json(v.rows, v.cols, v.value);
    jac_result_free(&v);
    node_t made = put(&l, tree);
    struct jac_buffer out = JAC_BUFFER_INIT;
    if (made && !l.failed && jac_arena_status(&w->arena, &quiet) == JAC_OK) {
      jac_formula_render(made, JAC_NOTATION_LATEX, NULL, &out);
      text = json_string(out.text);
    }
    jac_buffer_free(&out);
  }
  return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o}", "left", shown->left, "right",
                   shown->right, "reason", shown->reason, "points", (int)shown->points,
                   "put", text, "value", value);
}

/* lstm's output is h' and then c': of c' the definition ends with it, as y, and is
 * without the gate that only h' has. */
static void by_cell(struct jac_derived *d, const struct jac_subject *s, size_t column,
                    const char *spec) {
  char *gate = strstr(d->definition, "; o = "), *cell = strstr(d->definition, "; q = "),
       *end = strstr(d->definition, "; y = ");
  if (!starts(spec, "lstm") || column < s->map->cols / 2 || !gate || !cell || !end ||
      cell < gate || end < cell)
    return;
  *end = '\0';
  memmove(gate, cell, strlen(cell) + 1);
  gate[strlen("; ")] = 'y';
  d->note =
      _("One step: y is the new c, k what g_t is in the module. W_i, W_f, W_g stand side "
        "by side in W, then comes what the new c does not depend on; so it is with "
        "U and b.");
}

/* Of W the gate's part whose column it is; of gru's d, where it is one with b, b's. */
static const char *part_by(const struct jac_derived *d, const struct jac_subject *s,
                           size_t column, const char *spec) {
  static const char *const bias[] = {"b_r", "b_u"};
  const struct jac_variable *var = s->nwrt > 0 ? &s->map->var[s->wrt[0]] : NULL;
  if (var && starts(spec, "gru") && strcmp(var->name, "d") == 0)
    return column / s->map->cols < 2 ? bias[column / s->map->cols] : "c";
  bool gates = (starts(spec, "lstm") || starts(spec, "gru")) && d->variables > 1 && var;
  size_t gate = gates ? column / (s->values.matrix[s->wrt[0]]->size2 / d->variables) : 0;
  return d->variable[gate < d->variables ? gate : 0];
}

/* What is differentiated by; of a gate that this output has not the first, without
 * numbers: its derivative is 0. */
static const char *variable_of(struct numbers *w, struct jac_derived *d,
                               const struct jac_subject *s, const char *spec) {
  by_cell(d, s, w->output[1], spec);
  const char *variable = part_by(d, s, w->place[1], spec);
  if (!starts(spec, "lstm") || strstr(d->definition, variable))
    return variable;
  w->apart = true;
  return d->variable[0];
}

static enum jac_status derive(struct jac_ask *ask, struct jac_derived *d, json_t *json,
                              struct jac_error *err) {
  const struct jac_subject *s = &ask->subject;
  struct jac_derivation shown = {0}, plain = {0};
  struct numbers w = {.arena = JAC_ARENA_INIT};
  bool defined = ask->options.define != NULL;
  w.env = (struct jac_environment){.map = s->map,
                                   .x = jac_values_point(&s->values),
                                   .named = w.named,
                                   .size = w.size,
                                   .broadcast = true};
  for (size_t k = 0; k < 2; k++) {
    const json_t *output = json_object_get(ask->question, "output"),
                 *place = json_object_get(ask->question, "place");
    w.output[k] = (size_t)json_integer_value(json_array_get(output, k));
    w.place[k] = (size_t)json_integer_value(json_array_get(place, k));
  }
  const gsl_matrix *by = s->nwrt > 0 ? s->values.matrix[s->wrt[0]] : NULL;
  bool upright = by && by->size2 == 1 && by->size1 > 1 &&
                 (defined || s->map->var[s->wrt[0]].role != JAC_DATA);
  const char *spec = defined ? NULL : ask->options.spec[0];
  const char *variable = variable_of(&w, d, s, spec);
  enum jac_status status =
      jac_derivation_new(d->definition, variable, d->size, d->sizes, JAC_DERIVATION_INDEX,
                         JAC_NOTATION_LATEX, &shown, err);
  if (status == JAC_OK)
    status = jac_derivation_new(d->definition, variable, d->size, d->sizes,
                                JAC_DERIVATION_INDEX, JAC_NOTATION_ASCII, &plain, err);
  if (status == JAC_OK) {
    json_t *steps = json_array();
    const char *left = "";
    bind(&w, s, d, spec);
    w.only[0] = w.output[1];
    w.only[1] = w.place[upright ? 0 : 1];
    if (w.feature)
      w.only[0] = w.output[0], w.only[1] = w.place[0];
    define(&w, &plain, s->map, defined);
    for (size_t k = 0; k < shown.count && k < plain.count; k++) {
      left = *plain.step[k].left ? plain.step[k].left : left;
      json_array_append_new(steps, step_json(&w, &shown.step[k], &plain.step[k], left));
    }
    json_object_set_new(json, "steps", steps);
    json_object_set_new(json, "closed", json_boolean(shown.closed != NULL));
    json_object_set_new(json, "note", d->note ? json_string(d->note) : json_null());
    free(w.delta);
    free(w.bias);
    free(w.mask);
  }
  jac_arena_free(&w.arena);
  jac_derivation_free(&shown);
  jac_derivation_free(&plain);
  return status;
}

static enum jac_status answer(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_derived *d = calloc(1, sizeof *d);
  struct jac_options options = ask->options;
  if (!d)
    return jac_fail_memory(err);
  options.batch = 1; /* a sample: what differs between them are the numbers */
  if (ask->subject.nwrt > 0)
    options.wrt = ask->subject.map->var[ask->subject.wrt[0]].name;
  enum jac_status status = jac_derived_read(d, &options, err);
  if (status == JAC_OK && d->variables == 0)
    status = jac_fail(err, JAC_EINPUT, _("%s has no variable to differentiate by"),
                      d->definition);
  if (status == JAC_OK)
    status = derive(ask, d, json, err);
  free(d);
  return status;
}

const struct jac_ask_type jac_ask_derive = {.name = "derive", .answer = answer};
