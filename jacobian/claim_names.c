#include "jacobian/claim_names_internal.h"

#include <stdlib.h>
#include <string.h>

/* What the course and others call the input and the output. */
static const char *const input_names[] = {"z^{k-1}", "x", "z^{l-1}", "a^{k-1}"};
static const char *const output_names[] = {"y", "z^{k}", "z^{l}", "a^{k}", "hat_y", "a"};

enum {
  INPUTS = sizeof input_names / sizeof input_names[0],
  OUTPUTS = sizeof output_names / sizeof output_names[0]
};

static bool taken(const struct jac_claim_names *names, const char *name) {
  for (size_t k = 0; k < names->env.nnamed; k++)
    if (strcmp(names->named[k].name, name) == 0)
      return true;
  return false;
}

static void add(struct jac_claim_names *names, struct jac_named named) {
  if (names->env.nnamed < JAC_CLAIM_NAMES && !taken(names, named.name))
    names->named[names->env.nnamed++] = named;
}

static double *room(struct jac_claim_names *names, size_t count) {
  double *place =
      names->nowned < JAC_CLAIM_NAMES ? malloc((count + 1) * sizeof *place) : NULL;
  if (place != NULL)
    names->owned[names->nowned++] = place;
  return place;
}

/* A parameter; with columns a matrix stands the other way, W of y = W z. */
static enum jac_status parameter(struct jac_claim_names *names,
                                 const struct jac_variable *var, const gsl_matrix *m,
                                 bool columns) {
  struct jac_named named = {.name = var->name,
                            .ndim = var->ndim,
                            .dims = {var->dims[0], var->dims[1], var->dims[2]},
                            .data = m->data,
                            .tda = m->tda,
                            .column = columns};
  if (columns && var->ndim == 2) {
    double *copy = room(names, m->size1 * m->size2);
    if (copy == NULL)
      return JAC_ENOMEM;
    for (size_t i = 0; i < m->size1; i++)
      for (size_t j = 0; j < m->size2; j++)
        copy[j * m->size1 + i] = gsl_matrix_get(m, i, j);
    named.dims[0] = m->size2;
    named.dims[1] = named.tda = m->size1;
    named.data = copy;
  }
  add(names, named);
  if (strcmp(var->name, "W") == 0) {
    named.name = "w";
    add(names, named);
  }
  return JAC_OK;
}

static void data(struct jac_claim_names *names, const struct jac_map *map,
                 const char *name, const gsl_matrix *m, size_t sample, bool columns) {
  if (map->coupled) {
    add(names, (struct jac_named){.name = name,
                                  .ndim = 2,
                                  .dims = {m->size1, m->size2},
                                  .data = m->data,
                                  .tda = m->tda});
    return;
  }
  size_t row = m->size1 == 1 ? 0 : sample;
  add(names, (struct jac_named){.name = name,
                                .ndim = 1,
                                .dims = {m->size2},
                                .data = gsl_matrix_const_ptr(m, row, 0),
                                .tda = m->size2,
                                .column = columns});
}

/* A quantity of the map's own, s[n,o], at the sample. */
static enum jac_status quantity(struct jac_claim_names *names, const struct jac_map *map,
                                jac_point x, const struct jac_node *left, size_t sample,
                                bool columns, const struct jac_environment *all) {
  struct jac_result result;
  const struct jac_node *name =
      jac_node_named(&names->arena, JAC_NAME, left->name, 0, NULL);
  (void)x;
  if (name == NULL)
    return JAC_ENOMEM;
  if (jac_formula_value(name, all, NULL, 0, &result, NULL, NULL) != JAC_OK)
    return JAC_OK; /* claims do without it */
  bool by_sample = left->count > 0 && strcmp(left->child[0]->name, "n") == 0;
  bool number = left->count == 1 && by_sample;
  size_t count = result.rows * result.cols;
  double *copy = room(names, count);
  if (copy != NULL)
    memcpy(copy, result.value, count * sizeof *copy);
  struct jac_named named = {
      .name = left->name, .ndim = 2, .data = copy, .column = columns};
  if (map->coupled || (!by_sample && left->count == 2)) {
    named.dims[0] = result.rows;
    named.dims[1] = named.tda = result.cols;
  } else if (number) {
    named.data = copy + sample;
    named.dims[0] = named.dims[1] = named.tda = 1;
  } else {
    named.ndim = 1;
    named.dims[0] = named.tda = result.cols;
    named.data = copy + (result.rows > 1 ? sample * result.cols : 0);
  }
  jac_result_free(&result);
  if (copy == NULL)
    return JAC_ENOMEM;
  add(names, named);
  return JAC_OK;
}

static enum jac_status output(struct jac_claim_names *names, const struct jac_map *map,
                              jac_point x, size_t sample, bool columns) {
  gsl_matrix y;
  double *values = room(names, map->rows * map->cols);
  if (values == NULL)
    return JAC_ENOMEM;
  y = gsl_matrix_view_array(values, map->rows, map->cols).matrix;
  enum jac_status status = map->type->forward(map, x, &y);
  for (size_t k = 0; k < OUTPUTS && status == JAC_OK; k++)
    data(names, map, output_names[k], &y, sample, columns);
  return status;
}

enum jac_status jac_claim_names_make(const struct jac_map *map, jac_point x,
                                     size_t sample, bool columns,
                                     struct jac_claim_names *names,
                                     struct jac_error *err) {
  enum jac_status status = JAC_OK;
  *names = (struct jac_claim_names){.arena = JAC_ARENA_INIT};
  names->env.named = names->named;
  names->env.map = map;
  names->env.x = x;
  names->env.upright = columns;
  names->env.liberties =
      JAC_LIBERTY_ELEMENTWISE | JAC_LIBERTY_INNER | JAC_LIBERTY_BROADCAST;
  struct jac_environment all = {.map = map, .x = x};
  if (map->where != NULL)
    status = jac_formula_read_equations(&names->arena, map->where, all.where_left,
                                        all.where_right, &all.nwhere, err);
  memcpy(names->env.where_left, all.where_left, sizeof all.where_left);
  memcpy(names->env.where_right, all.where_right, sizeof all.where_right);
  names->env.nwhere = all.nwhere;
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++)
    if (map->var[v].role == JAC_DATA)
      data(names, map, map->var[v].name, x[v], sample, columns);
    else
      status = parameter(names, &map->var[v], x[v], columns && !map->coupled);
  for (size_t k = 0; k < all.nwhere && status == JAC_OK; k++)
    status = quantity(names, map, x, all.where_left[k], sample, columns, &all);
  size_t z = jac_map_find(map, "z");
  for (size_t k = 0; k < INPUTS && z < map->nvar && status == JAC_OK; k++)
    data(names, map, input_names[k], x[z], sample, columns);
  if (status == JAC_OK)
    status = output(names, map, x, sample, columns);
  if (status == JAC_ENOMEM)
    jac_fail_memory(err);
  if (status != JAC_OK)
    jac_claim_names_free(names);
  return status;
}

void jac_claim_names_free(struct jac_claim_names *names) {
  jac_arena_free(&names->arena);
  for (size_t k = 0; k < names->nowned; k++)
    free(names->owned[k]);
  names->nowned = 0;
}

size_t jac_claim_vocabulary(const struct jac_map *map, struct jac_word *word,
                            size_t room_for) {
  size_t count = 0;
  for (size_t v = 0; v < map->nvar && count < room_for; v++)
    word[count++] = (struct jac_word){.name = map->var[v].name};
  for (size_t k = 0; k < map->nconstant && count < room_for; k++)
    word[count++] = (struct jac_word){.name = map->constant[k].name};
  for (size_t k = 0; k < INPUTS && count < room_for; k++)
    word[count++] = (struct jac_word){.name = input_names[k], .depends = false};
  for (size_t k = 0; k < OUTPUTS && count < room_for; k++)
    word[count++] = (struct jac_word){.name = output_names[k], .depends = true};
  return count;
}
