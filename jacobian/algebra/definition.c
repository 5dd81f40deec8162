#include "jacobian/algebra/definition_internal.h"

#include "jacobian/formula/bare_sum.h"
#include "jacobian/suggest.h"
#include "jacobian/text.h"

#include <ctype.h>
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

enum jac_status jac_define_as(struct jac_defined *d, const char *definition,
                              const struct jac_named_size *size, size_t count,
                              struct jac_error *err) {
  memset(d, 0, sizeof *d);
  d->notation = d->terms = (struct jac_pool)JAC_POOL_INIT;
  const struct jac_syntax *output = NULL;
  enum jac_status status =
      jac_refuse_bare_sum(definition, size, sizeof *size, count, err);
  if (status == JAC_OK)
    status = facts(d, definition, size, count, &output, err);
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

void jac_defined_free(struct jac_defined *d) {
  jac_pool_free(&d->notation);
  jac_pool_free(&d->terms);
}

const struct jac_symbol *jac_defined_variable(const struct jac_defined *d,
                                              const char *name) {
  name += *name == '\\'; /* \mu */
  size_t letters = strcspn(name, "0123456789");
  char lowered[80];
  snprintf(lowered, sizeof lowered, "%.*s_%.60s", (int)(letters < 16 ? letters : 16),
           name, name + letters);
  for (size_t k = 0; k < d->variables; k++)
    if (strcmp(d->variable[k]->key, name) == 0)
      return d->variable[k];
  for (size_t k = 0; k < d->variables; k++) /* W1 of a network is W_1 */
    if (strcmp(d->variable[k]->key, lowered) == 0)
      return d->variable[k];
  return NULL;
}

const struct jac_symbol *jac_defined_needs(const struct jac_defined *d, const char *name,
                                           struct jac_error *err) {
  const struct jac_symbol *s = jac_defined_variable(d, name);
  const char *key[sizeof d->variable / sizeof *d->variable];
  char list[160] = "";
  size_t put = 0;
  if (s)
    return s;
  for (size_t k = 0; k < d->variables; k++) {
    key[k] = d->variable[k]->key;
    int n = snprintf(list + put, sizeof list - put, "%s%s", k ? ", " : "", key[k]);
    put += n > 0 && put + (size_t)n < sizeof list ? (size_t)n : 0;
  }
  list[put] = '\0';
  const char *near = jac_suggest(name, key, d->variables);
  if (near)
    jac_fail(err, JAC_EINPUT, _("there is no variable %.40s: did you mean %s? (%s)"),
             name, near, list);
  else
    jac_fail(err, JAC_EINPUT, _("there is no variable %.40s: there is %s"), name,
             *list ? list : "0");
  return NULL;
}
