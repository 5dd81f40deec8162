#include "jacobian/formula/differentiate.h"

#include "jacobian/formula/read.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

struct derivation {
  struct jac_arena *arena;
  const struct jac_environment *env;
  const char *variable;
  const node_t *index;
  size_t count;
  size_t fresh, nested;
  struct jac_error *err;
  enum jac_status status;
};

static node_t derive(struct derivation *d, node_t n);

static node_t number(struct derivation *d, double x) {
  return jac_number(d->arena, x);
}
static node_t add(struct derivation *d, node_t a, node_t b) {
  if (jac_is_number(a, 0.0))
    return b;
  return jac_is_number(b, 0.0) ? a : jac_binary(d->arena, JAC_ADD, a, b);
}
static node_t times(struct derivation *d, node_t a, node_t b) {
  if (jac_is_number(a, 0.0) || jac_is_number(b, 1.0))
    return a;
  return jac_is_number(b, 0.0) || jac_is_number(a, 1.0)
             ? b
             : jac_binary(d->arena, JAC_MULTIPLY, a, b);
}
static node_t negate(struct derivation *d, node_t a) {
  return jac_is_number(a, 0.0) ? a : jac_unary(d->arena, JAC_NEGATE, a);
}
static node_t over(struct derivation *d, enum jac_kind kind, const char *name, node_t n,
                   node_t body) {
  if (jac_is_number(body, 0.0))
    return body;
  if (n != NULL && n->count == 3)
    return jac_node_named(d->arena, kind, name, 3,
                          (node_t[]){body, n->child[1], n->child[2]});
  return jac_node_named(d->arena, kind, name, 1, &body);
}

static node_t fail(struct derivation *d, const char *what) {
  if (d->status == JAC_OK)
    d->status =
        jac_fail(d->err, JAC_EINPUT, _("%s has no derivative as a formula"), what);
  return NULL;
}

static bool among_indices(const struct derivation *d, const char *name) {
  for (size_t k = 0; k < d->count; k++)
    if (jac_mentions(d->index[k], name))
      return true;
  return false;
}

/* An index that is bound inside must not be one of the variable's. */
static node_t renamed(struct derivation *d, node_t n, char name[JAC_FORMULA_NAME]) {
  snprintf(name, JAC_FORMULA_NAME, "%s", n->name);
  if (!among_indices(d, n->name))
    return n->child[0];
  snprintf(name, JAC_FORMULA_NAME, "%.20s_%zu", n->name, ++d->fresh);
  return jac_replace_name(d->arena, n->child[0], n->name,
                          jac_node_named(d->arena, JAC_NAME, name, 0, NULL));
}

static node_t deltas(struct derivation *d, const node_t *at, size_t count) {
  node_t all = number(d, 1.0);
  for (size_t k = 0; k < count; k++)
    all = times(d, all, jac_binary(d->arena, JAC_DELTA, at[k], d->index[k]));
  return all;
}

/* The definition of a quantity with its indices replaced by those of an entry. */
static node_t definition(struct derivation *d, node_t n, size_t which) {
  node_t left = d->env->where_left[which], right = d->env->where_right[which];
  char name[JAC_FORMULA_NAME];
  for (size_t k = 0; k < left->count; k++) { /* through names that nothing else has */
    snprintf(name, sizeof name, "#%zu", k);
    right = jac_replace_name(d->arena, right, left->child[k]->name,
                             jac_node_named(d->arena, JAC_NAME, name, 0, NULL));
  }
  for (size_t k = 0; k < left->count; k++) {
    snprintf(name, sizeof name, "#%zu", k);
    right = jac_replace_name(d->arena, right, name, n->child[k]);
  }
  return right;
}

/* What replaces an index inside a sum must not be captured by that sum's index. */
static node_t apart(struct derivation *d, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  if (n == NULL)
    return NULL;
  for (size_t k = 0; k < n->count; k++)
    child[k] = apart(d, n->child[k]);
  n = jac_rebuild(d->arena, n, child);
  bool binds =
      n != NULL && (n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT);
  if (!binds)
    return n;
  char name[JAC_FORMULA_NAME];
  snprintf(name, sizeof name, "%.20s_%zu", n->name, ++d->fresh);
  node_t body = jac_replace_name(d->arena, n->child[0], n->name,
                                 jac_node_named(d->arena, JAC_NAME, name, 0, NULL));
  if (n->count == 3)
    return jac_node_named(d->arena, n->kind, name, 3,
                          (node_t[]){body, n->child[1], n->child[2]});
  return jac_node_named(d->arena, n->kind, name, 1, &body);
}

static node_t quantity(struct derivation *d, node_t n, size_t which) {
  node_t left = d->env->where_left[which];
  if (d->nested == 16)
    return fail(d, _("what is defined by itself"));
  d->nested++;
  node_t result = NULL;
  if (left->count == 0) { /* of matrices: its entry is worked out first */
    node_t row = n->count > 0 ? n->child[0] : NULL,
           col = n->count > 1 ? n->child[1] : NULL;
    node_t entry = NULL, right = d->env->where_right[which];
    struct jac_environment env = *d->env;
    struct jac_result value;
    env.type = NULL;
    d->status = jac_formula_value(right, &env, NULL, 0, &value, NULL, d->err);
    if (n->count == 1 && value.rows == 1) {
      col = row;
      row = NULL;
    }
    jac_result_free(&value);
    if (d->status == JAC_OK)
      d->status = jac_formula_entry(d->arena, right, d->env, row, col, &entry, d->err);
    if (d->status == JAC_OK)
      result = derive(d, apart(d, entry));
  } else {
    node_t fresh = (node_t)n;
    /* Bound indices of the definition are renamed before the entry's come in. */
    struct jac_environment env = *d->env;
    env.where_right[which] = apart(d, d->env->where_right[which]);
    const struct jac_environment *before = d->env;
    d->env = &env;
    node_t right = definition(d, fresh, which);
    d->env = before;
    result = derive(d, right);
  }
  d->nested--;
  return result;
}

static size_t find_where(const struct derivation *d, const char *name) {
  size_t k = 0;
  while (k < d->env->nwhere && strcmp(d->env->where_left[k]->name, name) != 0)
    k++;
  return k;
}

static node_t named(struct derivation *d, node_t n) {
  if (strcmp(n->name, d->variable) == 0)
    return n->count == d->count
               ? deltas(d, n->child, d->count)
               : fail(d, _("an entry with other indices than the variable"));
  size_t which = find_where(d, n->name);
  for (size_t k = 0; k < d->env->nnamed; k++)
    if (strcmp(d->env->named[k].name, n->name) == 0)
      return number(d, 0.0);
  if (d->env->map != NULL && jac_map_find(d->env->map, n->name) < d->env->map->nvar)
    return number(d, 0.0);
  return which < d->env->nwhere ? quantity(d, n, which) : number(d, 0.0);
}

static node_t compare(struct derivation *d, const char *sign, node_t a, node_t b) {
  node_t child[] = {a, b};
  return jac_unary(d->arena, JAC_INDICATOR,
                   jac_node_named(d->arena, JAC_COMPARE, sign, 2, child));
}

/* det(X)' = det(X) sum over k, l of X^{-1}[l,k] X'[k,l]. */
static node_t determinant(struct derivation *d, node_t n) {
  node_t entry;
  char first[JAC_FORMULA_NAME], second[JAC_FORMULA_NAME];
  snprintf(first, sizeof first, "k_%zu", ++d->fresh);
  snprintf(second, sizeof second, "l_%zu", ++d->fresh);
  node_t k = jac_node_named(d->arena, JAC_NAME, first, 0, NULL);
  node_t l = jac_node_named(d->arena, JAC_NAME, second, 0, NULL);
  d->status = jac_formula_entry(d->arena, n->child[0], d->env, k, l, &entry, d->err);
  if (d->status != JAC_OK)
    return NULL;
  node_t inverse = jac_binary(d->arena, JAC_POWER, n->child[0],
                              jac_unary(d->arena, JAC_NEGATE, number(d, 1.0)));
  node_t at = jac_node(d->arena, JAC_AT, 3, (node_t[]){inverse, l, k});
  node_t body = times(d, at, derive(d, apart(d, entry)));
  return times(d, n, over(d, JAC_SUM, first, NULL, over(d, JAC_SUM, second, NULL, body)));
}

/* (X^-1)[i,j]' = -sum over k, l of X^{-1}[i,k] X'[k,l] X^{-1}[l,j]. */
static node_t inverse_entry(struct derivation *d, node_t n) {
  node_t inverse = n->child[0], entry;
  bool fits = n->count == 3 && inverse->kind == JAC_POWER;
  if (!fits)
    return fail(d, _("an entry of an expression"));
  char first[JAC_FORMULA_NAME], second[JAC_FORMULA_NAME];
  snprintf(first, sizeof first, "k_%zu", ++d->fresh);
  snprintf(second, sizeof second, "l_%zu", ++d->fresh);
  node_t k = jac_node_named(d->arena, JAC_NAME, first, 0, NULL);
  node_t l = jac_node_named(d->arena, JAC_NAME, second, 0, NULL);
  d->status =
      jac_formula_entry(d->arena, inverse->child[0], d->env, k, l, &entry, d->err);
  if (d->status != JAC_OK)
    return NULL;
  node_t left = jac_node(d->arena, JAC_AT, 3, (node_t[]){inverse, n->child[1], k});
  node_t right = jac_node(d->arena, JAC_AT, 3, (node_t[]){inverse, l, n->child[2]});
  node_t body = times(d, times(d, left, derive(d, apart(d, entry))), right);
  return negate(d, over(d, JAC_SUM, first, NULL, over(d, JAC_SUM, second, NULL, body)));
}

static node_t call(struct derivation *d, node_t n) {
  enum jac_function f = n->count == 1 ? jac_function_find(n->name) : JAC_FUNCTIONS;
  if (f != JAC_FUNCTIONS) {
    node_t inner = derive(d, n->child[0]), table = NULL;
    if (inner == NULL || jac_is_number(inner, 0.0))
      return inner;
    d->status = jac_formula_read(d->arena, jac_function_text(f)->derivative, &table, NULL,
                                 d->err);
    if (d->status != JAC_OK)
      return NULL;
    return times(d, jac_replace_name(d->arena, table, "x", n->child[0]), inner);
  }
  if (n->count == 1 && strcmp(n->name, "det") == 0)
    return determinant(d, n);
  bool larger = strcmp(n->name, "max") == 0;
  if (n->count == 2 && (larger || strcmp(n->name, "min") == 0)) {
    node_t a = n->child[0], b = n->child[1];
    node_t first = times(d, compare(d, larger ? ">" : "<", a, b), derive(d, a));
    return add(d, first, times(d, compare(d, larger ? "<=" : ">=", a, b), derive(d, b)));
  }
  for (size_t k = 0; k < n->count; k++)
    if (!jac_is_number(derive(d, n->child[k]), 0.0))
      return fail(d, n->name);
  return number(d, 0.0);
}

static node_t power(struct derivation *d, node_t n) {
  node_t a = n->child[0], b = n->child[1], da = derive(d, a), db = derive(d, b);
  if (da == NULL || db == NULL)
    return NULL;
  node_t less = b->kind == JAC_NUMBER ? number(d, b->number - 1.0)
                                      : jac_binary(d->arena, JAC_ADD, b, number(d, -1.0));
  node_t lower = jac_is_number(less, 1.0) ? a : jac_binary(d->arena, JAC_POWER, a, less);
  node_t first = times(d, times(d, b, lower), da);
  if (jac_is_number(db, 0.0))
    return first;
  node_t log = jac_node_named(d->arena, JAC_CALL, "log", 1, &a);
  return add(d, first, times(d, times(d, n, log), db));
}

static node_t quotient(struct derivation *d, node_t n) {
  node_t a = n->child[0], b = n->child[1], da = derive(d, a), db = derive(d, b);
  if (da == NULL || db == NULL)
    return NULL;
  node_t first = jac_is_number(da, 0.0) ? da : jac_binary(d->arena, JAC_DIVIDE, da, b);
  if (jac_is_number(db, 0.0))
    return first;
  node_t square = jac_binary(d->arena, JAC_POWER, b, number(d, 2.0));
  return add(d, first,
             negate(d, jac_binary(d->arena, JAC_DIVIDE, times(d, a, db), square)));
}

/* The factor delta(index, e) of a product, or NULL; *rest is what stands beside it. */
static node_t find_delta(struct derivation *d, node_t n, const char *index,
                         node_t *rest) {
  if (n->kind == JAC_DELTA) {
    for (size_t k = 0; k < 2; k++)
      if (n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, index) == 0 &&
          !jac_mentions(n->child[1 - k], index)) {
        *rest = number(d, 1.0);
        return n->child[1 - k];
      }
    return NULL;
  }
  for (size_t k = 0; k < 2 && n->kind == JAC_MULTIPLY; k++) {
    node_t inner = NULL, found = find_delta(d, n->child[k], index, &inner);
    if (found != NULL) {
      *rest = k == 0 ? times(d, inner, n->child[1]) : times(d, n->child[0], inner);
      return found;
    }
  }
  return NULL;
}

/* A sum over an index that a delta selects has one term: without it nothing may be left
 * that tells the index's range. */
static node_t summed(struct derivation *d, const char *index, node_t n, node_t body) {
  node_t rest = NULL, at = n->count == 1 ? find_delta(d, body, index, &rest) : NULL;
  return at != NULL ? jac_replace_name(d->arena, rest, index, at)
                    : over(d, JAC_SUM, index, n, body);
}

static node_t over_index(struct derivation *d, node_t n) {
  char name[JAC_FORMULA_NAME];
  node_t body = renamed(d, n, name), inner = derive(d, body);
  if (inner == NULL || jac_is_number(inner, 0.0))
    return inner;
  if (n->kind == JAC_SUM)
    return summed(d, name, n, inner);
  if (n->kind == JAC_PRODUCT) /* the product times the sum of u'/u */
    return times(
        d, n, over(d, JAC_SUM, name, n, jac_binary(d->arena, JAC_DIVIDE, inner, body)));
  return over(d, JAC_SUM, name, n, times(d, compare(d, "=", body, n), inner));
}

static node_t cases(struct derivation *d, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  bool zero = true;
  for (size_t k = 0; k < n->count; k++) {
    bool condition = k % 2 == 1;
    child[k] = condition ? n->child[k] : derive(d, n->child[k]);
    if (child[k] == NULL)
      return NULL;
    zero = zero && (condition || jac_is_number(child[k], 0.0));
  }
  return zero ? number(d, 0.0) : jac_rebuild(d->arena, n, child);
}

static node_t derive(struct derivation *d, node_t n) {
  if (d->status != JAC_OK || n == NULL)
    return NULL;
  switch (n->kind) {
  case JAC_NAME:
  case JAC_ENTRY:
    return named(d, n);
  case JAC_ADD:
    return add(d, derive(d, n->child[0]), derive(d, n->child[1]));
  case JAC_NEGATE:
    return negate(d, derive(d, n->child[0]));
  case JAC_MULTIPLY:
  case JAC_HADAMARD:
    return add(d, times(d, derive(d, n->child[0]), n->child[1]),
               times(d, n->child[0], derive(d, n->child[1])));
  case JAC_DIVIDE:
    return quotient(d, n);
  case JAC_POWER:
    return power(d, n);
  case JAC_CALL:
    return call(d, n);
  case JAC_SUM:
  case JAC_PRODUCT:
  case JAC_MAX:
    return over_index(d, n);
  case JAC_CASES:
    return cases(d, n);
  case JAC_AT:
    return inverse_entry(d, n);
  case JAC_TRANSPOSE:
  case JAC_MATRIX:
  case JAC_DERIVATIVE:
    return fail(d, _("a matrix"));
  default:
    return number(d, 0.0);
  }
}

enum jac_status
jac_formula_derivative(struct jac_arena *arena, const struct jac_node *tree,
                       const struct jac_environment *environment, const char *variable,
                       const struct jac_node *const *index, size_t count,
                       const struct jac_node **derivative, struct jac_error *err) {
  struct derivation d = {.arena = arena,
                         .env = environment,
                         .variable = variable,
                         .index = index,
                         .count = count,
                         .err = err};
  *derivative = derive(&d, tree);
  return d.status != JAC_OK ? d.status : jac_arena_status(arena, err);
}
