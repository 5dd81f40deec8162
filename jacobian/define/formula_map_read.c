/* Equations into the term of a map, and its variables. */
#include "jacobian/define/formula_map_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/elaborate/extent.h"
#include "jacobian/elaborate/search.h"
#include "jacobian/formula/caret.h"
#include "jacobian/formula/function.h"
#include "jacobian/formula/spell.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 120 }; /* readings that are tried */

/* One reading of all equations; the term of the last in *value. */
static bool run(struct jac_elaboration *e, const struct jac_defined *d,
                const struct jac_term **value) {
  *value = NULL;
  if (!jac_elaborate_start(e))
    return false;
  e->strict = e->exact = true;
  for (size_t k = 0; k < d->equations && !e->unfit; k++) {
    if (d->function[k] && k + 1 < d->equations)
      continue; /* read where it is called */
    struct jac_symbol *s = jac_symbol_of(e, d->key[k], d->name[k]);
    *value = s ? jac_term_symbol(e, s, d->name[k]) : NULL;
  }
  return *value != NULL && !e->unfit;
}

static node *find_name(const struct jac_elaboration *e, node *n, const char *key) {
  if (!n)
    return NULL;
  if ((n->form == JAC_S_NAME || n->form == JAC_S_SCRIPT) &&
      jac_notation_key(e->scope->pool, n) == key)
    return n;
  for (size_t k = 0; k < n->count; k++) {
    node *found = find_name(e, n->child[k], key);
    if (found)
      return found;
  }
  return NULL;
}

/* A message about a name, with its place. */
static enum jac_status about(const struct jac_elaboration *e, const char *text,
                             const char *key, struct jac_error *err) {
  for (size_t k = 0; k < e->scope->count; k++) {
    const struct jac_fact *f = &e->scope->fact[k];
    node *n = f->kind == JAC_FACT_DEFINITION ? find_name(e, f->right, key) : NULL;
    if (n)
      return jac_caret(err, text, n->start);
  }
  return JAC_EINPUT;
}

static const char *bare_key(const char *key, char *out, size_t size) {
  snprintf(out, size, "%.*s", (int)strcspn(key, "( "), key);
  return out;
}

/* Whether a name is written before a bracket: g(x).^2 is g times (x).^2. */
static bool before_bracket(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *at = text; length > 0 && (at = strstr(at, name)) != NULL; at += length)
    if ((at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
        at[length] == '(')
      return true;
  return false;
}

/* What is neither a variable nor defined. */
static enum jac_status unexplained(const struct jac_elaboration *e, const char *text,
                                   struct jac_error *err) {
  for (size_t k = 0; k < e->nsymbol; k++) {
    const struct jac_symbol *s = e->symbol[k];
    char name[80];
    bare_key(s->key, name, sizeof name);
    if (s->function) {
      jac_fail(err, JAC_EINPUT, _("%s: no function is called so"), name);
      return about(e, text, jac_pool_text(e->scope->pool, name), err);
    }
    if (s->body || strchr(s->key, '\''))
      continue;
    if (!jac_declared((struct jac_elaboration *)e, s->key) || s->families) {
      if (before_bracket(text, name)) {
        jac_fail(
            err, JAC_EINPUT,
            _("%s is read as a factor before the bracket: a function's power entry by "
              "entry is (%s(x)).^2"),
            name, name);
        return about(e, text, jac_pool_text(e->scope->pool, name), err);
      }
      jac_fail(err, JAC_EINPUT,
               jac_function_unbracketed(text, name)
                   ? _("%s is a function: what it is of stands in brackets, %s(x)")
                   : _("%s has no size: add --size %s=3x2, or 1 for a number"),
               name, name);
      return about(e, text, jac_pool_text(e->scope->pool, name), err);
    }
  }
  if (e->nindex) {
    const char *name = e->index[0]->name;
    jac_fail(err, JAC_EINPUT, _("%s has no size: add --size %s=3x2, or 1 for a number"),
             name, name);
    return about(e, text, jac_pool_text(e->scope->pool, name), err);
  }
  return JAC_OK;
}

/* A search over readings, and the first reason why one did not fit. */
struct reading {
  struct jac_search search;
  struct jac_error why;
};

/* Tries one reading; true: it fits, or no other can. *status says which. */
static bool try_reading(struct formula_map *f, struct jac_elaboration *e,
                        const struct jac_defined *d, const char *text,
                        const struct jac_candidate *c, bool first, struct reading *r,
                        enum jac_status *status) {
  struct jac_pool_mark mark = jac_pool_mark(&f->terms);
  struct jac_error name = {.status = JAC_OK, .message = ""};
  e->forced = c->forced;
  e->nforced = c->count;
  bool fits = run(e, d, &f->value), strange = unexplained(e, text, &name) != JAC_OK;
  if (strange && first) {
    r->why = name;
    *status = name.status;
    return true;
  }
  if (fits && !strange)
    return true;
  if (!strange && e->unfit == JAC_SHORT)
    *status = jac_fail_memory(&r->why);
  else if (!strange && r->why.status == JAC_OK) {
    jac_fail(&r->why, JAC_EINPUT, "%s", e->message);
    jac_caret(&r->why, text, e->start);
  }
  if (!strange)
    jac_search_branch(&r->search, e, c, e->unfit == JAC_CLASH ? e->conflict : 0,
                      e->price);
  jac_pool_release(&f->terms, mark);
  return *status != JAC_OK;
}

enum jac_status jac_formula_map_terms(struct formula_map *f, struct jac_elaboration *e,
                                      const struct jac_defined *d, const char *text,
                                      struct jac_error *err) {
  struct reading *r = jac_memory_take(1, sizeof *r);
  struct jac_candidate c;
  enum jac_status status = JAC_OK;
  bool done = false;
  if (r == NULL)
    return jac_fail_memory(err);
  jac_search_start(&r->search);
  for (size_t runs = 0; runs < RUNS && !done && jac_search_next(&r->search, &c); runs++)
    done = try_reading(f, e, d, text, &c, runs == 0, r, &status);
  if (r->search.failed)
    status = jac_fail_memory(&r->why);
  else if (!done)
    status = r->why.status ? r->why.status : JAC_EINPUT;
  if (status && err != NULL)
    *err = r->why;
  jac_search_free(&r->search);
  free(r);
  return status;
}

/* Reads what the definition says. */
static enum jac_status read_defined(struct formula_map *f, struct jac_elaboration *e,
                                    const struct jac_defined *d, struct jac_scope *scope,
                                    const char *text, struct jac_error *err) {
  struct jac_evidence *evidence = jac_pool_take(&f->pool, sizeof *evidence);
  *scope = (struct jac_scope){.pool = &f->pool, .fact = d->fact, .count = d->count};
  memset(e, 0, sizeof *e);
  if (!evidence || !jac_evidence_make(evidence, scope))
    return jac_fail_memory(err);
  e->pool = &f->terms;
  e->scope = scope;
  e->evidence = evidence;
  e->visible = d->count;
  e->plain = !d->latex;
  return jac_formula_map_terms(f, e, d, text, err);
}

/* Up to which place an index of y[i] = x[i+1] - x[i] may run, where it would run further
 * or nothing says it: into *side. */
static bool shortens(const struct jac_extent *reach, size_t count,
                     const struct jac_index *index, size_t *side) {
  if (!index)
    return false;
  const struct jac_dim *range = jac_dim_root(index->range);
  size_t most = jac_extent_most(reach, count, index);
  bool free = range->kind == JAC_DIM_FREE, known = range->kind == JAC_DIM_FIXED;
  if (known)
    *side = range->fixed;
  if (!most || (!free && !(known && most < range->fixed)))
    return false;
  *side = most;
  return true;
}

/* Says of what is defined by its entries how many there are. False: nothing new. */
static bool say_lengths(struct formula_map *f, const struct jac_elaboration *e,
                        struct jac_defined *d) {
  struct jac_extent reach[JAC_EXTENTS];
  size_t count = jac_extent_find(f->value, reach);
  bool said = false;
  for (size_t k = 0; k < e->nsymbol; k++) {
    const struct jac_symbol *s = e->symbol[k];
    if (!s->body || s->body->kind != JAC_TERM_BUILD || s->families)
      continue;
    size_t rows = !s->body->index, cols = !s->body->index2; /* 0: not known */
    bool row = shortens(reach, count, s->body->index, &rows),
         col = shortens(reach, count, s->body->index2, &cols);
    struct jac_formula_size size = {.name = s->key, .ndim = 2, .dims = {rows, cols}};
    bool told = (row || col) && rows && cols;
    said = (told && jac_defined_say(&f->pool, d, &size)) || said;
  }
  return said;
}

enum jac_status jac_formula_map_read(struct formula_map *f, struct jac_elaboration *e,
                                     struct jac_defined *d, struct jac_scope *scope,
                                     const char *text, struct jac_error *err) {
  enum jac_status status = read_defined(f, e, d, scope, text, err);
  return status == JAC_OK && say_lengths(f, e, d)
             ? read_defined(f, e, d, scope, text, err)
             : status;
}

/* The size that was given for a symbol, or NULL. */
static const struct jac_formula_size *size_given(struct jac_elaboration *e,
                                                 const struct jac_symbol *s,
                                                 const struct jac_formula_size *size,
                                                 size_t count) {
  for (size_t k = 0; k < count; k++) {
    node *name;
    if (jac_notation_read(e->scope->pool, size[k].name, false, &name, NULL, NULL) ==
            JAC_OK &&
        jac_notation_key(e->scope->pool, name) == s->key)
      return &size[k];
  }
  return NULL;
}

static void name_variable(struct formula_map *f, struct jac_symbol *s,
                          const struct jac_formula_size *own) {
  struct jac_variable *var = &f->map.var[f->map.nvar];
  struct jac_buffer latex = JAC_BUFFER_INIT;
  snprintf(var->name, sizeof var->name, "%s", own->name);
  jac_spell_latex(var->name, 0, NULL, &latex);
  snprintf(var->symbol, sizeof var->symbol, "%s", latex.text);
  jac_buffer_free(&latex);
  var->role = own->data ? JAC_DATA : JAC_PARAMETER;
  var->ndim = own->ndim;
  memcpy(var->dims, own->dims, sizeof own->dims);
  f->symbol[f->map.nvar++] = s;
}

enum jac_status jac_formula_map_variables(struct formula_map *f,
                                          struct jac_elaboration *e,
                                          const struct jac_defined *d,
                                          const struct jac_formula_size *size,
                                          size_t count, const char *text,
                                          struct jac_error *err) {
  for (size_t k = 0; k < e->nsymbol; k++) {
    struct jac_symbol *s = e->symbol[k];
    if (s->body || s->function || strchr(s->key, '\''))
      continue;
    for (size_t j = 0; j < d->equations; j++)
      if (d->key[j] == s->key) {
        jac_fail(err, JAC_EINPUT, _("%s is defined by itself"), s->key);
        return about(e, text, s->key, err);
      }
    if (f->map.nvar == JAC_VARIABLES_MOST)
      return jac_fail(err, JAC_ELIMIT, _("a formula of more than %d variables"),
                      JAC_VARIABLES_MOST);
    const struct jac_formula_size *own = size_given(e, s, size, count);
    if (own == NULL)
      continue;
    if (strlen(own->name) >= JAC_NAME_SIZE) {
      jac_fail(err, JAC_EINPUT, _("the name %s is too long"), own->name);
      return about(e, text, s->key, err);
    }
    name_variable(f, s, own);
  }
  if (e->scope->pool->failed)
    return jac_pool_status(e->scope->pool, err);
  return f->map.nvar ? JAC_OK
                     : jac_fail(err, JAC_EINPUT,
                                _("the formula has no variable to differentiate by"));
}
