/* The evidence of a scope: every fact is seen once. evidence_see.c goes through a
 * formula, evidence_definition.c reads left sides. */
#include "jacobian/elaborate/evidence_internal.h"

#include <stdint.h>

static size_t usage_bucket(const char *key) {
  return ((uintptr_t)key >> 4) % JAC_USAGE_BUCKETS;
}

static struct jac_usage *find_usage(const struct jac_evidence *evidence,
                                    const char *key) {
  struct jac_usage *u = evidence->bucket[usage_bucket(key)];
  while (u && u->key != key)
    u = u->next;
  return u;
}

bool jac_usage_met(const struct jac_evidence *evidence, const char *key) {
  return find_usage(evidence, key) != NULL;
}

struct jac_usage *jac_usage_of(struct jac_evidence *evidence, const char *key) {
  struct jac_usage *u = find_usage(evidence, key);
  if (u || !(u = jac_evidence_take(evidence, sizeof *u)))
    return u;
  size_t k = usage_bucket(key);
  u->key = key;
  u->next = evidence->bucket[k];
  evidence->bucket[k] = u;
  return u;
}

const char *jac_evidence_key(const struct jac_evidence *e, struct jac_pool *pool,
                             node *name) {
  const char *key = jac_notation_key(pool, name);
  for (size_t k = 0; k < e->aliases; k++)
    if (jac_notation_key(pool, e->alias[k].fact->left) == key)
      return e->alias[k].key;
  return key;
}

/* What a name is said to be: the last shape, strong ones win, and all properties. */
static bool tell(struct jac_evidence *e, const struct jac_told *told) {
  struct jac_usage *u = jac_usage_of(e, told->key);
  const struct jac_fact *f = told->fact;
  if (!u)
    return false;
  if (f->kind == JAC_FACT_SHAPE && (!u->shape || f->strong >= u->shape->strong))
    u->shape = f;
  u->properties |= f->properties;
  return true;
}

/* What is said of names, and of what other names they have. */
static bool gather_told(struct jac_evidence *e, const struct jac_scope *scope) {
  e->told = jac_evidence_take(e, (scope->count + 1) * sizeof *e->told);
  e->alias = jac_evidence_take(e, (scope->count + 1) * sizeof *e->alias);
  e->meaning = jac_evidence_take(e, (scope->count + 1) * sizeof *e->meaning);
  if (!e->told || !e->alias || !e->meaning)
    return false;
  for (size_t k = 0; k < scope->count; k++) {
    const struct jac_fact *f = &scope->fact[k];
    if (f->kind == JAC_FACT_MEANING)
      e->meaning[e->meanings++] = (struct jac_told){f, NULL};
    if (f->kind == JAC_FACT_ALIAS && f->left && f->right)
      e->alias[e->aliases++] =
          (struct jac_told){f, jac_notation_key(scope->pool, f->right)};
  }
  for (size_t k = 0; k < scope->count; k++) {
    const struct jac_fact *f = &scope->fact[k];
    if ((f->kind == JAC_FACT_SHAPE || f->kind == JAC_FACT_PROPERTY) && f->left) {
      struct jac_told told = {f, jac_evidence_key(e, scope->pool, f->left)};
      if (!tell(e, &told))
        return false;
      e->told[e->tolds++] = told;
    }
  }
  return true;
}

static size_t bucket_of(const char *key) {
  return ((uintptr_t)key >> 4) % JAC_DEFINITION_BUCKETS;
}

/* The lists of definitions by their names. */
static void list_definitions(struct jac_evidence *e) {
  for (size_t k = e->definitions; k-- > 0;) {
    struct jac_definition *d = &e->definition[k];
    const char *of[2] = {d->key, d->base};
    for (size_t j = 0; j < 2; j++) {
      size_t *head = &e->head[j][bucket_of(of[j])];
      d->after[j] = *head;
      *head = k + 1;
    }
  }
}

const struct jac_definition *jac_definition_first(const struct jac_evidence *e,
                                                  const char *key, bool base) {
  size_t at = e->head[base][bucket_of(key)];
  return at ? &e->definition[at - 1] : NULL;
}

const struct jac_definition *jac_definition_next(const struct jac_evidence *e,
                                                 const struct jac_definition *d,
                                                 bool base) {
  return d->after[base] ? &e->definition[d->after[base] - 1] : NULL;
}

static void see_right(struct walk *w, node *right) {
  if (!right)
    return;
  jac_see(w, right);
  jac_see_constant(w, right);
}

/* Whether a definition says of a letter what quantity it is. */
static bool is_quantity(const struct jac_evidence *e, const char *letter) {
  for (size_t k = 0; k < e->definitions; k++) {
    const struct jac_definition *d = &e->definition[k];
    if (d->defines == JAC_DEFINES_VALUE && jac_is_name(d->name, letter) &&
        d->fact->right && d->fact->right->form != JAC_S_NUMBER &&
        d->fact->right->form != JAC_S_NAME)
      return true;
  }
  return false;
}

/* z_g = ... beside g = tanh(z_g): z_g is a name, and g no index. */
static void name_by_quantities(struct jac_evidence *e) {
  for (size_t k = 0; k < e->definitions; k++) {
    struct jac_definition *d = &e->definition[k];
    const struct jac_usage *u =
        d->defines == JAC_DEFINES_ENTRIES ? jac_usage_of(e, d->base) : NULL;
    if (u && !u->bound && d->indices == 1 && is_quantity(e, d->index[0])) {
      d->defines = JAC_DEFINES_VALUE;
      d->indices = 0;
    }
  }
}

bool jac_evidence_make(struct jac_evidence *e, const struct jac_scope *scope) {
  *e = (struct jac_evidence){.pool = scope->pool, .store = e->store};
  e->definition = jac_evidence_take(e, (3 * scope->count + 1) * sizeof *e->definition);
  if (!e->definition || !gather_told(e, scope))
    return false;
  for (size_t k = 0; k < scope->count; k++) {
    const struct jac_fact *f = &scope->fact[k];
    struct walk w = {.e = e};
    jac_told_world(e, f);
    jac_see_world(e, f->left, f->right);
    if (f->kind == JAC_FACT_DEFINITION) {
      struct jac_definition d;
      if (jac_definition_read(scope->pool, f->left, &d)) {
        d.fact = f;
        d.order = k;
        e->definition[e->definitions++] = d;
        struct jac_usage *u = jac_usage_of(e, d.key);
        if (u)
          u->defined++;
        jac_layer_letters(e, d.name);
        for (size_t j = 0; j < d.indices; j++) {
          w.left[w.nleft++] = d.index[j];
          u = jac_usage_of(e, jac_pool_text(e->pool, d.index[j]));
          if (u)
            u->running++;
        }
        jac_see(&w, d.name);
        for (size_t j = 0; j < d.params; j++)
          jac_see(&w, d.param[j]);
      } else
        jac_see(&w, f->left);
      w.defines = true;
      see_right(&w, f->right);
    } else if (f->kind == JAC_FACT_SHAPE) {
      jac_see_bounds(&w, f->rows);
      jac_see_bounds(&w, f->cols);
    } else if (f->kind == JAC_FACT_USE || f->kind == JAC_FACT_EQUATION) {
      jac_see(&w, f->left);
      see_right(&w, f->right);
    }
  }
  name_by_quantities(e);
  jac_shift_layers(e);
  jac_find_steps(e);
  list_definitions(e);
  jac_evidence_within(e);
  return !scope->pool->failed;
}
