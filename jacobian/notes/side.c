#include "jacobian/notes/trial_internal.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

enum { VALUES = 4096 };

static bool bound_name(const struct jac_environment *env, const char *name) {
  bool is = strcmp(name, "I") == 0 || strcmp(name, "1") == 0 || strcmp(name, ".") == 0 ||
            strcmp(name, "pi") == 0;
  for (size_t k = 0; k < env->nnamed; k++)
    is = is || strcmp(env->named[k].name, name) == 0;
  for (size_t k = 0; k < env->nwhere; k++)
    is = is || strcmp(env->where_left[k]->name, name) == 0;
  for (size_t k = 0; k < env->nsize; k++)
    is = is || strcmp(env->size[k].name, name) == 0;
  return is;
}

static void add_index(struct jac_indices *f, const char *name) {
  for (size_t k = 0; k < f->count; k++)
    if (strcmp(f->name[k], name) == 0)
      return;
  f->many = f->many || f->count == JAC_LINK_INDICES;
  if (f->count < JAC_LINK_INDICES)
    f->name[f->count++] = name;
}

void jac_indices_find(const struct jac_environment *env, node_t n, struct jac_indices *f,
                      bool index) {
  if (n->kind == JAC_NAME) {
    if (index && n->name[1] == '\0' && !bound_name(env, n->name))
      add_index(f, n->name); /* a longer name is a size */
    return;
  }
  bool binds = n->kind == JAC_SUM || n->kind == JAC_MAX || n->kind == JAC_PRODUCT;
  bool compared = n->kind == JAC_COMPARE && (n->name[0] == '=' || n->name[0] == '!');
  bool sized = n->kind == JAC_CALL &&
               (strcmp(n->name, "eye") == 0 || strcmp(n->name, "ones") == 0);
  for (size_t k = 0; k < n->count && !sized; k++) {
    struct jac_indices inside = {.count = 0};
    bool at = index || n->kind == JAC_ENTRY || n->kind == JAC_DELTA || compared ||
              (n->kind == JAC_AT && k > 0);
    jac_indices_find(env, n->child[k], &inside, at && !(binds && k > 0));
    f->many = f->many || inside.many;
    for (size_t j = 0; j < inside.count; j++)
      if (!binds || k > 0 || strcmp(inside.name[j], n->name) != 0)
        add_index(f, inside.name[j]);
  }
}

/* How far an index runs: by an entry that it indexes. */
static size_t range_of(const struct jac_environment *env, struct jac_arena *arena,
                       node_t n, const char *name) {
  if (n->kind == JAC_ENTRY || n->kind == JAC_AT) {
    node_t child[JAC_FORMULA_CHILDREN];
    bool mine = false;
    for (size_t k = 0; k < n->count; k++) {
      bool place = n->kind == JAC_ENTRY || k > 0;
      bool is =
          place && n->child[k]->kind == JAC_NAME && strcmp(n->child[k]->name, name) == 0;
      mine = mine || is;
      child[k] = !place || is ? n->child[k] : jac_number(arena, 1.0);
    }
    if (mine) {
      node_t entry = jac_rebuild(arena, n, child);
      /* One for each place; the entry only says how many there are. */
      node_t one = jac_number(arena, 1.0), pair[] = {one, one};
      node_t always = jac_node_named(arena, JAC_COMPARE, "=", 2, pair);
      node_t body = jac_node(arena, JAC_CASES, 3, (node_t[]){one, always, entry});
      node_t sum = jac_node_named(arena, JAC_SUM, name, 1, &body);
      double value = 0.0;
      struct jac_error err;
      if (sum != NULL &&
          jac_formula_evaluate(sum, env, NULL, 0, &value, &err) == JAC_OK && value >= 1.0)
        return (size_t)value;
    }
  }
  for (size_t k = 0; k < n->count; k++) {
    size_t range = range_of(env, arena, n->child[k], name);
    if (range > 0)
      return range;
  }
  return 0;
}

void jac_indices_range(const struct jac_environment *env, struct jac_arena *arena,
                       node_t left, node_t right, struct jac_indices *f) {
  for (size_t k = 0; k < f->count; k++) {
    f->range[k] = range_of(env, arena, left, f->name[k]);
    if (f->range[k] == 0)
      f->range[k] = range_of(env, arena, right, f->name[k]);
  }
}

enum jac_status jac_side_evaluate(const struct jac_environment *env, node_t n,
                                  const struct jac_indices *f,
                                  struct jac_side_values *out, struct jac_error *err) {
  size_t total = 1, at[JAC_LINK_INDICES] = {0};
  *out = (struct jac_side_values){0};
  for (size_t k = 0; k < f->count; k++)
    total *= f->range[k];
  if (total > VALUES)
    return jac_fail(err, JAC_ELIMIT, _("the claim has too many entries to be judged"));
  for (size_t t = 0; t < total; t++) {
    struct jac_index_value index[JAC_LINK_INDICES];
    struct jac_result result;
    for (size_t k = 0; k < f->count; k++)
      index[k] = (struct jac_index_value){f->name[k], at[k] + 1};
    enum jac_status status =
        jac_formula_value(n, env, index, f->count, &result, NULL, err);
    if (status == JAC_OK && t == 0) {
      out->rows = result.rows;
      out->cols = result.cols;
      out->value = malloc((total * result.rows * result.cols + 1) * sizeof(double));
      if (out->value == NULL)
        status = jac_fail_memory(err);
    }
    if (status == JAC_OK && (result.rows != out->rows || result.cols != out->cols))
      status =
          jac_fail(err, JAC_EINPUT, _("its value has another shape for other indices"));
    if (status == JAC_OK) {
      memcpy(out->value + out->count, result.value,
             result.rows * result.cols * sizeof(double));
      out->count += result.rows * result.cols;
    }
    jac_result_free(&result);
    if (status != JAC_OK) {
      free(out->value);
      *out = (struct jac_side_values){0};
      return status;
    }
    for (size_t k = 0; k < f->count && ++at[k] == f->range[k]; k++)
      at[k] = 0;
  }
  return JAC_OK;
}

bool jac_side_finite(const struct jac_side_values *v) {
  for (size_t k = 0; k < v->count; k++)
    if (!isfinite(v->value[k]))
      return false;
  return true;
}

double jac_side_distance(const struct jac_side_values *a,
                         const struct jac_side_values *b) {
  double most = 0.0, scale = 1e-3;
  if (a->rows != b->rows || a->cols != b->cols || a->count != b->count)
    return INFINITY;
  for (size_t k = 0; k < a->count; k++) {
    scale = fmax(scale, fmax(fabs(a->value[k]), fabs(b->value[k])));
    most = fmax(most, fabs(a->value[k] - b->value[k]));
    if (isnan(a->value[k] - b->value[k]))
      return INFINITY;
  }
  return most / scale;
}

double jac_side_diagonal_distance(const struct jac_side_values *matrix,
                                  const struct jac_side_values *vector) {
  size_t n = matrix->rows;
  if (matrix->rows != matrix->cols || n < 2 || vector->count != n ||
      matrix->count != n * n || (vector->rows != 1 && vector->cols != 1))
    return INFINITY;
  double most = 0.0, scale = 0.0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double wanted = i == j ? vector->value[i] : 0.0, is = matrix->value[i * n + j];
      scale = fmax(scale, fabs(is));
      most = fmax(most, fabs(is - wanted));
    }
  return scale > 0.0 ? most / scale : INFINITY;
}

double jac_side_beside_diagonal(const struct jac_side_values *matrix,
                                const struct jac_side_values *vector) {
  double most = 0.0, scale = 0.0;
  if (matrix->rows != matrix->cols || matrix->rows < 2 || vector->count != matrix->rows ||
      matrix->count != matrix->rows * matrix->rows)
    return INFINITY;
  for (size_t i = 0; i < matrix->rows; i++) {
    double wanted = vector->value[i], is = matrix->value[i * matrix->rows + i];
    scale = fmax(scale, fabs(is));
    most = fmax(most, fabs(is - wanted));
  }
  return scale > 0.0 ? most / scale : INFINITY;
}
