#include "jacobian/swap.h"

#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/read.h"
#include "jacobian/order.h"

#include <math.h>

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* The index of z where y has its shape, or nvar: y is the output, unless a variable (a
 * loss's labels) is called so. */
static size_t alike(const struct jac_map *map) {
  size_t z = jac_map_find(map, "z");
  bool same = z < map->nvar && jac_map_find(map, "y") == map->nvar &&
              map->var[z].ndim == 2 && map->var[z].dims[0] == map->rows &&
              map->var[z].dims[1] == map->cols;
  return same ? z : map->nvar;
}

struct swapping {
  struct jac_arena *arena;
  node_t output;    /* the definition's right side, at the indices of z */
  node_t input;     /* z there */
  const char *name; /* of the quantity that is y, or NULL */
  bool changed;
};

static node_t swap(struct swapping *s, node_t n) {
  node_t child[JAC_FORMULA_CHILDREN];
  if (jac_equal(n, s->output)) {
    s->changed = true;
    return s->input;
  }
  for (size_t k = 0; k < n->count; k++)
    child[k] = swap(s, n->child[k]);
  if (s->name == NULL || n->kind != JAC_ENTRY || strcmp(n->name, s->name) != 0)
    return jac_rebuild(s->arena, n, child);
  s->changed = true;
  return jac_node_named(s->arena, JAC_ENTRY, "z", n->count, child);
}

/* The entry formula with z for y, NULL: there is none. */
static node_t swapped_entry(const struct jac_map *map, size_t wrt,
                            struct jac_arena *arena) {
  node_t left, right, entry, where_left[JAC_EQUATIONS], where_right[JAC_EQUATIONS];
  struct swapping s = {.arena = arena};
  size_t nwhere = 0;
  if (map->definition == NULL || map->var[wrt].entry == NULL ||
      jac_formula_read_equation(arena, map->definition, &left, &right, NULL, NULL) !=
          JAC_OK ||
      left->kind != JAC_ENTRY ||
      jac_formula_read(arena, map->var[wrt].entry, &entry, NULL, NULL) != JAC_OK)
    return NULL;
  if (map->where != NULL &&
      jac_formula_read_equations(arena, map->where, where_left, where_right, &nwhere,
                                 NULL) != JAC_OK)
    return NULL;
  s.output = right;
  s.input = jac_node_named(arena, JAC_ENTRY, "z", left->count, left->child);
  for (size_t k = 0; k < nwhere; k++)
    if (jac_equal(where_right[k], right))
      s.name = where_left[k]->name;
  node_t tree = swap(&s, entry);
  return s.changed ? tree : NULL;
}

size_t jac_native_indices(const struct jac_map *map, size_t v, size_t s, size_t i,
                          size_t j, struct jac_index_value index[JAC_NATIVE_INDICES]) {
  static const char *const parameter[3][3] = {{"i"}, {"i", "j"}, {"h", "i", "j"}};
  const struct jac_variable *var = &map->var[v];
  size_t n = map->coupled ? i / map->cols : s, o = map->coupled ? i % map->cols : i;
  size_t count = 0, at[3];
  index[count++] = (struct jac_index_value){"n", n + 1};
  index[count++] =
      (struct jac_index_value){"o", (map->channels > 0 ? o % map->channels : o) + 1};
  if (map->channels > 0)
    index[count++] = (struct jac_index_value){"l", o / map->channels + 1};
  jac_number_to_index(var, JAC_ORDER_F,
                      !map->coupled && var->role == JAC_DATA ? s * var->dims[1] + j : j,
                      at);
  if (var->role == JAC_DATA) {
    index[count++] = (struct jac_index_value){"m", at[0] + 1};
    if (var->channels > 0)
      index[count++] = (struct jac_index_value){"q", at[1] / var->channels + 1};
    index[count++] = (struct jac_index_value){
        "i", (var->channels > 0 ? at[1] % var->channels : at[1]) + 1};
    return count;
  }
  for (size_t d = 0; d < var->ndim; d++)
    index[count++] = (struct jac_index_value){parameter[var->ndim - 1][d], at[d] + 1};
  return count;
}

/* The formula at every native entry. */
static enum jac_status at_entries(const struct jac_map *map, jac_point x, size_t wrt,
                                  node_t entry, struct jac_arena *arena,
                                  struct jac_array3 *J, bool *there) {
  struct jac_environment env = {.map = map, .x = x};
  if (map->where != NULL &&
      jac_formula_read_equations(arena, map->where, env.where_left, env.where_right,
                                 &env.nwhere, NULL) != JAC_OK)
    return JAC_OK;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  enum jac_status status = jac_array3_alloc(slices, rows, cols, J, NULL);
  *there = status == JAC_OK;
  for (size_t k = 0; k < slices * rows * cols && *there; k++) {
    struct jac_index_value index[JAC_NATIVE_INDICES];
    size_t s = k / (rows * cols), i = k / cols % rows, j = k % cols;
    size_t count = jac_native_indices(map, wrt, s, i, j, index);
    *there = jac_formula_evaluate(entry, &env, index, count, jac_array3_at(J, s, i, j),
                                  NULL) == JAC_OK;
    if (!*there)
      jac_array3_free(J);
  }
  return status;
}

enum jac_status jac_swap_z_for_y(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, bool *there,
                                 struct jac_error *err) {
  struct jac_arena arena = JAC_ARENA_INIT;
  enum jac_status status = JAC_OK;
  *there = false;
  if (alike(map) == map->nvar || map->channels > 0)
    return JAC_OK;
  node_t entry = swapped_entry(map, wrt, &arena);
  if (entry != NULL)
    status = at_entries(map, x, wrt, entry, &arena, J, there);
  bool memory = status == JAC_ENOMEM || (arena.failed && !arena.limit);
  jac_arena_free(&arena);
  return memory ? jac_fail_memory(err) : JAC_OK;
}

enum jac_status jac_swap_y_for_z(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_array3 *J, bool *there,
                                 struct jac_error *err) {
  size_t z = alike(map);
  *there = false;
  if (z == map->nvar)
    return JAC_OK;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  const gsl_matrix **point = malloc(map->nvar * sizeof(*point));
  enum jac_status status = JAC_OK;
  if (y == NULL || point == NULL)
    status = jac_fail_memory(err);
  else {
    memcpy(point, x, map->nvar * sizeof *point);
    point[z] = y;
    status = jac_map_forward(map, x, y, err);
  }
  if (status == JAC_OK)
    status = jac_map_jacobian_new(map, point, wrt, J, err);
  *there = status == JAC_OK;
  free(point);
  gsl_matrix_free(y);
  return status;
}
