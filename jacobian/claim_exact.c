/* A map's quantities and its output as formulas among a claim's names, so that they have
 * their exact values in certified arithmetic. The map's own formulas are kept under names
 * that no reader gives (s@ for s); what a sample calls s[o] is s@[n,o] at its n. */
#include "jacobian/claim_names_internal.h"

#include "jacobian/formula/read.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

struct defining {
  struct jac_claim_names *names;
  const struct jac_map *map;
  node_t own[JAC_EQUATIONS]; /* left sides of the map's formulas, the definition's last */
  size_t count;
  size_t sample;
  bool columns;
};

static bool is_own(const struct defining *d, const char *name) {
  for (size_t k = 0; k < d->count; k++)
    if (strcmp(d->own[k]->name, name) == 0)
      return true;
  return jac_map_find(d->map, name) < d->map->nvar;
}

static void kept_name(const char *name, char kept[JAC_FORMULA_NAME]) {
  snprintf(kept, JAC_FORMULA_NAME, "%.*s@", JAC_FORMULA_NAME - 2, name);
}

/* The tree with the map's names as they are kept. */
static node_t keep(struct defining *d, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  struct jac_arena *arena = &d->names->arena;
  char kept[JAC_FORMULA_NAME];
  for (size_t k = 0; k < n->count; k++)
    child[k] = keep(d, n->child[k]);
  if ((n->kind != JAC_NAME && n->kind != JAC_ENTRY) || !is_own(d, n->name))
    return jac_rebuild(arena, n, child);
  kept_name(n->name, kept);
  return jac_node_named(arena, n->kind, kept, n->count, child);
}

static bool taken(const struct jac_claim_names *names, const char *name) {
  for (size_t k = 0; k < names->env.nnamed; k++)
    if (strcmp(names->named[k].name, name) == 0)
      return true;
  for (size_t k = 0; k < names->env.nwhere; k++)
    if (strcmp(names->env.where_left[k]->name, name) == 0)
      return true;
  return false;
}

static void equation(struct defining *d, node_t left, node_t right) {
  struct jac_environment *env = &d->names->env;
  if (env->nwhere == JAC_EQUATIONS || left == NULL || right == NULL)
    return;
  env->where_left[env->nwhere] = left;
  env->where_right[env->nwhere++] = right;
}

/* What a sample calls name is the map's left side at that sample. */
static void at_sample(struct defining *d, const char *name, node_t left) {
  struct jac_arena *arena = &d->names->arena;
  node_t index[JAC_FORMULA_CHILDREN];
  char kept[JAC_FORMULA_NAME];
  if (taken(d->names, name))
    return;
  kept_name(left->name, kept);
  bool by_sample =
      !d->map->coupled && left->count > 0 && strcmp(left->child[0]->name, "n") == 0;
  for (size_t k = 0; k < left->count; k++)
    index[k] = left->child[k];
  if (by_sample)
    index[0] = jac_number(arena, (double)d->sample + 1.0);
  node_t right = jac_node_named(arena, left->count > 0 ? JAC_ENTRY : JAC_NAME, kept,
                                left->count, index);
  if (left->count == 0 && d->columns && !d->map->coupled)
    right = jac_unary(arena, JAC_TRANSPOSE, right);
  size_t first = by_sample ? 1 : 0, count = left->count - first;
  equation(d,
           jac_node_named(arena, count > 0 ? JAC_ENTRY : JAC_NAME, name, count,
                          left->child + first),
           right);
}

static void keep_variables(struct defining *d, jac_point x) {
  struct jac_claim_names *names = d->names;
  for (size_t v = 0; v < d->map->nvar && names->env.nnamed < JAC_CLAIM_NAMES; v++) {
    const struct jac_variable *var = &d->map->var[v];
    char kept[JAC_FORMULA_NAME];
    kept_name(var->name, kept);
    node_t name = jac_node_named(&names->arena, JAC_NAME, kept, 0, NULL);
    if (name == NULL)
      return;
    names->named[names->env.nnamed++] =
        (struct jac_named){.name = name->name,
                           .ndim = var->ndim,
                           .dims = {var->dims[0], var->dims[1], var->dims[2]},
                           .data = x[v]->data,
                           .tda = x[v]->tda,
                           .channels = var->channels};
  }
}

enum jac_status jac_claim_names_define(struct jac_claim_names *names,
                                       const struct jac_map *map, jac_point x,
                                       size_t sample, bool columns,
                                       const char *const *output, size_t count,
                                       struct jac_error *err) {
  struct defining d = {.names = names, .map = map, .sample = sample, .columns = columns};
  node_t left = NULL, right = NULL, own_right[JAC_EQUATIONS];
  enum jac_status status = JAC_OK;
  if (map->definition != NULL)
    status = jac_formula_read_equation(&names->arena, map->definition, &left, &right,
                                       NULL, err);
  if (status != JAC_OK)
    return status;
  for (size_t k = 0; k < names->whole.nwhere && d.count + 1 < JAC_EQUATIONS; k++) {
    d.own[d.count] = names->whole.where_left[k];
    own_right[d.count++] = names->whole.where_right[k];
  }
  bool defined = false; /* a formula's output may stand among its quantities */
  for (size_t k = 0; k < d.count && left != NULL; k++)
    defined = defined || strcmp(d.own[k]->name, left->name) == 0;
  if (left != NULL && !defined) {
    d.own[d.count] = left;
    own_right[d.count++] = right;
  }
  keep_variables(&d, x);
  names->env.nwhere = 0;
  for (size_t k = 0; k < d.count; k++)
    equation(&d, keep(&d, d.own[k]), keep(&d, own_right[k]));
  for (size_t k = 0; k < d.count; k++)
    if (d.own[k] != left || defined)
      at_sample(&d, d.own[k]->name, d.own[k]);
  for (size_t k = 0; k < count && left != NULL && left->count < 3; k++)
    at_sample(&d, output[k], left);
  return jac_arena_status(&names->arena, err);
}
