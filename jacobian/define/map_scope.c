#include "jacobian/define/map_scope.h"

#include "jacobian/define/defined.h"
#include "jacobian/elaborate/evidence.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_syntax node;

enum { FACTS = 400, RENAMED = 40 };

/* What the course and others call a module's input and output. */
static const char *const inputs[] = {"z^{k-1}", "z^{l-1}", "a^{k-1}", "x"};
static const char *const outputs[] = {"y", "z^{k}", "z^{l}", "a^{k}", "hat_y", "a"};

struct making {
  struct jac_pool *pool;
  const struct jac_map *map;
  enum jac_manner manner;
  struct jac_fact *fact;
  size_t count;
  /* Names of a network's part, and what they are in the network. */
  const char *from[RENAMED], *to[RENAMED];
  size_t renamed;
};

static node *read(struct making *m, const char *text) {
  node *n = NULL;
  return jac_notation_read(m->pool, text, false, &n, NULL, NULL) ? NULL : n;
}

static void add(struct making *m, struct jac_fact fact) {
  fact.strong = true;
  if (m->count < FACTS && (fact.left || fact.kind == JAC_FACT_MEANING))
    m->fact[m->count++] = fact;
}

static void say(struct making *m, enum jac_saying saying) {
  add(m, (struct jac_fact){.kind = JAC_FACT_MEANING, .saying = saying});
}

static node *number(struct making *m, size_t n) {
  return read(m, jac_pool_printf(m->pool, "%zu", n));
}

static const struct jac_variable *variable(const struct making *m, node *base) {
  size_t v = base->form == JAC_S_NAME || base->form == JAC_S_SCRIPT
                 ? jac_map_find(m->map, jac_notation_key(m->pool, base))
                 : m->map->nvar;
  return v < m->map->nvar ? &m->map->var[v] : NULL;
}

static bool plain_index(node *n, const char *letter) {
  if (!n)
    return false;
  if (n->form == JAC_S_SCRIPT && n->child[1]) {
    node *below = n->child[1];
    if (jac_is_name(below, letter))
      return true;
    for (size_t k = 0; below->form == JAC_S_LIST && k < below->count; k++)
      if (jac_is_name(below->child[k], letter))
        return true;
  }
  for (size_t k = 0; k < n->count; k++)
    if (plain_index(n->child[k], letter))
      return true;
  return false;
}

/* The list "k, body" of a sum, product or maximum whose k no size fixes, or NULL. */
static node *unbounded(node *n) {
  if (n->form != JAC_S_APPLY || n->child[1]->form != JAC_S_GROUP)
    return NULL;
  node *list = n->child[1]->child[0];
  bool over = n->row->id == JAC_C_TOTAL || n->row->id == JAC_C_MAX ||
              n->row->id == JAC_C_PRODUCTALL;
  if (!over || list->form != JAC_S_LIST || list->count != 2)
    return NULL;
  node *index = list->child[0];
  bool letter = index->form == JAC_S_NAME && !index->text[1];
  return letter && !plain_index(list->child[1], index->text) ? list : NULL;
}

/* The same over 1 to a size: sum(k, 1, size, body). made: n with its body bounded. */
static node *over_size(struct making *m, node *n, node *made, node *list, double size) {
  node *body = made->child[1]->child[0]->child[1];
  node *range = read(m, jac_pool_printf(m->pool, "ind(%s = 1)", list->child[0]->text));
  node *last = number(m, (size_t)size);
  if (!range || !last || range->form != JAC_S_APPLY)
    return made;
  node *all[3] = {range->child[1]->child[0], last, body};
  node *three = jac_notation_node(m->pool, list, 3, all);
  node *group = jac_notation_node(m->pool, n->child[1], 1, &three);
  node *call[2] = {n->child[0], group};
  return jac_notation_node(m->pool, n, 2, call);
}

/* sum(k, z[n,s*(l-1)+k]): no size fixes k, it runs to the constant K. */
static node *bounded(struct making *m, node *n) {
  if (!n || !n->count)
    return n;
  node **child = jac_pool_take(m->pool, n->count * sizeof *child);
  if (!child)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    child[k] = bounded(m, n->child[k]);
  node *made = jac_notation_node(m->pool, n, n->count, child), *list = unbounded(n);
  if (!made || !list)
    return made;
  char upper[2] = {(char)(list->child[0]->text[0] - 'a' + 'A'), '\0'};
  for (size_t k = 0; k < m->map->nconstant; k++)
    if (strcmp(m->map->constant[k].name, upper) == 0)
      return over_size(m, n, made, list, m->map->constant[k].value);
  return made;
}

/* The index of a name at one sample: n goes, and with columns those of a matrix change
 * places. NULL: nothing is left of it. */
static node *index_at_sample(struct making *m, node *base, node *below) {
  bool list = below->form == JAC_S_LIST;
  if (jac_is_name(below, "n"))
    return NULL;
  const struct jac_variable *var = variable(m, base);
  if (list && m->manner == JAC_MANNER_COLUMNS && var && var->role == JAC_PARAMETER &&
      var->ndim == 2 && below->count == 2) {
    node *turned[2] = {below->child[1], below->child[0]};
    return jac_notation_node(m->pool, below, 2, turned);
  }
  if (!list || !jac_is_name(below->child[0], "n"))
    return below;
  return below->count == 2
             ? below->child[1]
             : jac_notation_node(m->pool, below, below->count - 1, below->child + 1);
}

/* A module's formula at one sample: the index n goes, and with columns the indices of
 * matrices change places. */
static node *at_sample(struct making *m, node *n) {
  if (!n || !n->count)
    return n;
  node **child = jac_pool_take(m->pool, n->count * sizeof *child);
  if (!child)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    child[k] = at_sample(m, n->child[k]);
  if (n->form == JAC_S_SCRIPT && strcmp(n->text, "[]") == 0 && child[1]) {
    child[1] = index_at_sample(m, child[0], child[1]);
    if (!child[1])
      return m->pool->failed ? NULL : child[0];
  }
  return jac_notation_node(m->pool, n, n->count, child);
}

const struct jac_syntax *jac_map_scope_bound(struct jac_pool *pool,
                                             const struct jac_map *map,
                                             const struct jac_syntax *formula) {
  struct making m = {.pool = pool, .map = map};
  return bounded(&m, formula);
}

static void rename_as(struct making *m, const char *from, const char *to) {
  if (m->renamed < RENAMED && from && to) {
    m->from[m->renamed] = from;
    m->to[m->renamed++] = to;
  }
}

static node *renamed(struct making *m, node *n) {
  if (!n || !m->renamed)
    return n;
  if (n->form == JAC_S_NAME)
    for (size_t k = 0; k < m->renamed; k++)
      if (strcmp(m->from[k], n->text) == 0) {
        struct jac_syntax other = *n;
        other.text = jac_pool_text(m->pool, m->to[k]);
        return jac_notation_node(m->pool, &other, 0, NULL);
      }
  if (!n->count)
    return n;
  node **child = jac_pool_take(m->pool, n->count * sizeof *child);
  if (!child)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    child[k] = renamed(m, n->child[k]);
  return jac_notation_node(m->pool, n, n->count, child);
}

static void equation(struct making *m, const char *text) {
  struct jac_display d;
  if (jac_display_read(m->pool, text, false, &d, NULL, NULL))
    return;
  for (size_t k = 0; k < d.count; k++) {
    const struct jac_statement_written *s = &d.statement[k];
    if (s->count != 2 || !s->side[0].notation || !s->side[1].notation)
      continue;
    struct jac_fact fact = {.kind = JAC_FACT_DEFINITION,
                            .left = s->side[0].notation,
                            .right = bounded(m, s->side[1].notation)};
    if (m->manner == JAC_MANNER_ROWS || m->manner == JAC_MANNER_COLUMNS) {
      fact.left = at_sample(m, fact.left);
      fact.right = at_sample(m, fact.right);
    }
    fact.left = renamed(m, fact.left);
    fact.right = renamed(m, fact.right);
    add(m, fact);
    struct jac_definition definition;
    if (m->manner != JAC_MANNER_WHOLE &&
        jac_definition_read(m->pool, fact.left, &definition) && definition.indices == 1)
      add(m,
          (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                            .left = read(m, definition.base),
                            .properties = m->manner == JAC_MANNER_ROWS ? JAC_IS_ROW
                                                                       : JAC_IS_COLUMN});
  }
}

static bool taken(const struct making *m, const char *name) {
  if (jac_map_find(m->map, name) < m->map->nvar)
    return true;
  for (size_t k = 0; k < m->count; k++) {
    struct jac_definition d;
    const struct jac_fact *f = &m->fact[k];
    if ((f->kind == JAC_FACT_DEFINITION && jac_definition_read(m->pool, f->left, &d) &&
         strcmp(d.base, name) == 0) ||
        (f->kind == JAC_FACT_ALIAS &&
         strcmp(jac_notation_key(m->pool, f->left), name) == 0))
      return true;
  }
  return false;
}

static void alias(struct making *m, const char *name, const char *of) {
  node *left = read(m, name);
  if (left && !taken(m, jac_notation_key(m->pool, left)))
    add(m, (struct jac_fact){.kind = JAC_FACT_ALIAS, .left = left, .right = read(m, of)});
}

static unsigned domain(const struct jac_variable *var) {
  switch (var->domain) {
  case JAC_POSITIVE:
    return JAC_IS_POSITIVE;
  case JAC_PROBABILITY:
    return JAC_IS_UNIT;
  case JAC_DISTRIBUTION:
    return JAC_SUMS_TO_ONE;
  case JAC_MASK:
    return JAC_IS_BINARY;
  default:
    return 0;
  }
}

static void shape(struct making *m, const struct jac_variable *var) {
  struct jac_fact fact = {.kind = JAC_FACT_SHAPE, .left = read(m, var->name)};
  bool data = var->role == JAC_DATA,
       sample = m->manner == JAC_MANNER_ROWS || m->manner == JAC_MANNER_COLUMNS;
  bool column = m->manner == JAC_MANNER_COLUMNS;
  size_t rows = var->ndim > 1 ? var->dims[0] : 1,
         cols = var->ndim > 1 ? var->dims[1] : var->dims[0];
  fact.properties = domain(var);
  fact.sides = 7;
  if ((data && sample) || var->ndim == 1) {
    rows = 1;
    fact.sides = column ? 1 : 6;
  }
  if (var->ndim == 3) {
    fact.third = number(m, var->dims[2]);
  } else if (data && var->channels > 0) {
    fact.third = number(m, var->channels);
    cols = cols / var->channels;
  } else if (column) {
    size_t swap = rows;
    rows = cols;
    cols = swap;
  }
  fact.rows = number(m, rows);
  fact.cols = number(m, cols);
  add(m, fact);
}

static void constants(struct making *m, const struct jac_map *map, const char *suffix) {
  for (size_t k = 0; k < map->nconstant; k++) {
    const char *name = map->constant[k].name;
    if (*suffix && taken(m, name)) {
      const char *own = jac_pool_printf(m->pool, "%s%s", name, suffix);
      rename_as(m, name, own);
      name = own;
    }
    add(m, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                             .left = read(m, name),
                             .right = read(m, jac_pool_printf(m->pool, "%.17g",
                                                              map->constant[k].value))});
  }
}

/* The bases of what a module's equations define, but for the last if output is told. */
static void rename_quantities(struct making *m, const char *text, const char *suffix,
                              const char *output) {
  struct jac_display d;
  struct jac_definition definition;
  if (!text || jac_display_read(m->pool, text, false, &d, NULL, NULL))
    return;
  for (size_t k = 0; k < d.count; k++)
    if (d.statement[k].side[0].notation &&
        jac_definition_read(m->pool, d.statement[k].side[0].notation, &definition)) {
      if (output)
        rename_as(m, definition.base, output);
      else if (taken(m, definition.base))
        rename_as(m, definition.base,
                  jac_pool_printf(m->pool, "%s%s", definition.base, suffix));
    }
}

/* The output's sizes, where it has an index for each. */
static void output_shape(struct making *m, const char *definition) {
  const struct jac_map *map = m->map;
  const char *bracket = strchr(definition, '['), *equals = strchr(definition, '=');
  size_t indices = 0;
  bool sample = m->manner != JAC_MANNER_WHOLE;
  if (!bracket || !equals || bracket > equals)
    return;
  for (const char *at = bracket; at < equals; at++)
    indices += *at == '[' || *at == ',';
  if (indices < 2)
    return;
  struct jac_fact fact = {
      .kind = JAC_FACT_SHAPE,
      .left = read(m, jac_pool_word(m->pool, definition, (size_t)(bracket - definition))),
      .sides = 7};
  size_t channels = map->channels ? map->channels : 1;
  if (sample && indices == 3) { /* places and channels */
    fact.rows = number(m, map->cols / channels);
    fact.cols = number(m, channels);
  } else if (sample) {
    bool column = m->manner == JAC_MANNER_COLUMNS;
    fact.sides = column ? 1 : 2;
    fact.rows = number(m, column ? map->cols : 1);
    fact.cols = number(m, column ? 1 : map->cols);
  } else {
    fact.rows = number(m, map->rows);
    fact.cols = number(m, map->cols / (indices == 3 ? channels : 1));
    if (indices == 3)
      fact.third = number(m, channels);
  }
  add(m, fact);
}

/* The parts' formulas one after another; the output of one is the input of the next. */
static bool network_facts(struct making *m, const struct jac_map_parts *parts) {
  const struct jac_map *whole = m->map;
  const char *before = NULL;
  for (size_t k = 0; k < parts->count; k++) {
    const struct jac_map *map = parts->map[k];
    bool last = k + 1 == parts->count;
    char suffix[12] = "hidden";
    for (size_t j = 0, rest = k; j < 3; j++, rest /= 26)
      suffix[6 + j] = (char)('a' + rest % 26);
    suffix[9] = '\0';
    if (!map->definition)
      return false;
    m->renamed = 0;
    for (size_t v = 0; v < map->nvar; v++) {
      const char *name = parts->name(parts, k, v);
      rename_as(m, map->var[v].name, name ? name : before);
    }
    m->map = whole;
    constants(m, map, suffix);
    if (!last)
      rename_quantities(m, map->definition, suffix, jac_pool_text(m->pool, suffix));
    rename_quantities(m, map->where, suffix, NULL);
    m->map = map; /* whose matrices are turned */
    if (map->where)
      equation(m, map->where);
    equation(m, map->definition);
    m->map = whole;
    before = jac_pool_text(m->pool, suffix);
  }
  m->renamed = 0;
  return true;
}

/* Whether the batch is a constant of the formulas, or the name of a variable. */
static bool has_batch(const struct jac_map *map, const struct jac_map_parts *parts) {
  bool has = jac_map_find(map, "batch") < map->nvar;
  for (size_t k = 0; k < map->nconstant; k++)
    has = has || strcmp(map->constant[k].name, "batch") == 0;
  for (size_t k = 0; parts && k < parts->count; k++)
    has = has || has_batch(parts->map[k], NULL);
  return has;
}

static bool module_facts(struct making *m, const struct jac_map_parts *parts) {
  const struct jac_map *map = m->map;
  for (size_t v = 0; v < map->nvar; v++)
    shape(m, &map->var[v]);
  if (!has_batch(map, parts)) /* what a claim may speak of where no formula does */
    add(m, (struct jac_fact){.kind = JAC_FACT_DEFINITION,
                             .left = read(m, "batch"),
                             .right = number(m, map->batch)});
  bool good = true;
  if (parts)
    good = network_facts(m, parts);
  else {
    constants(m, map, "");
    if (map->where)
      equation(m, map->where);
    equation(m, map->definition);
    output_shape(m, map->definition);
  }
  say(m, m->manner == JAC_MANNER_COLUMNS ? JAC_SAYS_COLUMNS : JAC_SAYS_ROWS);
  return good;
}

static enum jac_status author_facts(struct making *m, struct jac_defined *d,
                                    struct jac_error *err) {
  struct jac_formula_size size[JAC_VARIABLES_MOST];
  const struct jac_map *map = m->map;
  for (size_t v = 0; v < map->nvar; v++)
    size[v] =
        (struct jac_formula_size){.name = map->var[v].name,
                                  .ndim = map->var[v].ndim,
                                  .dims = {map->var[v].dims[0], map->var[v].dims[1]},
                                  .data = map->var[v].role == JAC_DATA};
  enum jac_status status = jac_defined_read(m->pool, map->spec, size, map->nvar, d, err);
  for (size_t k = 0; k < d->count && !status; k++)
    add(m, d->fact[k]);
  return status;
}

/* The name of what is defined last, and what notes call a module's input. */
static const char *module_names(struct making *m) {
  struct jac_definition d;
  const char *output = "y";
  for (size_t k = 0; k < m->count; k++)
    if (m->fact[k].kind == JAC_FACT_DEFINITION &&
        jac_definition_read(m->pool, m->fact[k].left, &d))
      output = d.base;
  for (size_t k = 0; k < sizeof inputs / sizeof *inputs; k++)
    if (jac_map_find(m->map, "z") < m->map->nvar)
      alias(m, inputs[k], "z");
  if (jac_map_find(m->map, "W") < m->map->nvar)
    alias(m, "w", "W");
  return output;
}

enum jac_status jac_map_scope_make(struct jac_pool *pool, const struct jac_map *map,
                                   const struct jac_map_parts *parts,
                                   enum jac_manner manner, enum jac_order order,
                                   struct jac_map_scope *out, struct jac_error *err) {
  struct making m = {.pool = pool, .map = map, .manner = manner};
  enum jac_status status = JAC_OK;
  m.fact = jac_pool_take(pool, FACTS * sizeof *m.fact);
  if (!m.fact)
    return jac_fail_memory(err);
  if (manner == JAC_MANNER_AUTHOR) {
    struct jac_defined d;
    status = author_facts(&m, &d, err);
    out->output = status ? "" : d.key[d.equations - 1];
  } else if ((!parts && map->definition == NULL) || !module_facts(&m, parts)) {
    return jac_fail(err, JAC_EREFUSED,
                    _("%s has no formula of its own: judge its modules one by one"),
                    map->spec);
  } else
    out->output = module_names(&m);
  for (size_t k = 0; k < sizeof outputs / sizeof *outputs && !status; k++)
    if (manner != JAC_MANNER_AUTHOR || k == 0)
      alias(&m, outputs[k], out->output);
  say(&m, JAC_SAYS_NUMERATOR);
  if (order == JAC_ORDER_C || manner == JAC_MANNER_WHOLE)
    say(&m, JAC_SAYS_BY_ROWS);
  out->scope = (struct jac_scope){.pool = pool, .fact = m.fact, .count = m.count};
  out->manner = manner;
  const char *definition =
      parts ? parts->map[parts->count - 1]->definition : map->definition;
  out->definition = definition ? definition : "";
  return status ? status : jac_pool_status(pool, err);
}
