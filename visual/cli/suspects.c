#include "visual/cli/suspects.h"

#include "jacobian/swap.h"

#include <stdlib.h>
#include <string.h>

static double itself(double v) {
  return v;
}
static double logistic(double v) {
  return v * (1.0 - v);
}
static double one_minus_square(double v) {
  return 1.0 - v * v;
}
static double one_minus(double v) {
  return 1.0 - v;
}

/* The quantities of a row's own output y, and of the column's own input z. Where a
 * variable is called y, as a loss's labels, y is that one, by columns. */
static const struct {
  const char *name;
  double (*value)(double v);
  bool by_columns;
  const char *module; /* whose derivative has it as a factor, or NULL */
} kinds[] = {
    {"y(1 - y)", logistic, false, "sigmoid"},
    {"1 - y^2", one_minus_square, false, "tanh"},
    {"1 - y", one_minus, false, NULL},
    {"y", itself, false, "softmax"},
    {"z", itself, true, NULL},
    {"z(1 - z)", logistic, true, NULL},
    {"1 - z^2", one_minus_square, true, NULL},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Whether the map is that module, or a network that ends with it. */
static bool ends_with(const struct jac_map *map, const char *module) {
  const char *last =
      strrchr(map->spec, ' ') != NULL ? strrchr(map->spec, ' ') + 1 : map->spec;
  return module != NULL && strncmp(last, module, strlen(module)) == 0 &&
         strchr(":,", last[strlen(module)]) != NULL;
}

/* What a kind is taken of: a row's output, or a variable's value for each column. */
struct base {
  const double *value; /* NULL: there is none of that name */
  size_t count;
  bool by_columns;
};

static struct base of_variable(const struct jac_map *map, jac_point x, size_t wrt,
                               const char *name, size_t count) {
  size_t v = jac_map_find(map, name);
  bool fits = v < map->nvar && map->var[v].role == JAC_DATA &&
              map->var[wrt].role == JAC_DATA && x[v]->size1 * x[v]->size2 == count;
  return (struct base){fits ? x[v]->data : NULL, count, true};
}

static enum jac_status add_quantities(const struct jac_map *map, jac_point x, size_t wrt,
                                      const struct jac_array3 *J,
                                      struct jac_suspects *suspects) {
  size_t ncol = J->slices * J->cols;
  gsl_matrix *y = jac_matrix_alloc(map->rows, map->cols);
  struct jac_quantity *quantity = calloc(KINDS, sizeof *quantity);
  suspects->quantity = quantity;
  if (y == NULL || quantity == NULL) {
    gsl_matrix_free(y);
    return JAC_ENOMEM;
  }
  struct base output = {y->data, J->slices * J->rows, false};
  if (jac_map_find(map, "y") < map->nvar)
    output = of_variable(map, x, wrt, "y", ncol);
  struct base input = of_variable(map, x, wrt, "z", ncol);
  enum jac_status status = map->type->forward(map, x, y);
  for (size_t k = 0; k < KINDS && status == JAC_OK; k++) {
    const struct base *base = kinds[k].by_columns ? &input : &output;
    if (base->value == NULL)
      continue;
    double *value = malloc((base->count + 1) * sizeof *value);
    if (value == NULL)
      status = JAC_ENOMEM;
    else {
      for (size_t e = 0; e < base->count; e++)
        value[e] = kinds[k].value(base->value[e]);
      quantity[suspects->nquantity++] = (struct jac_quantity){
          kinds[k].name, value, base->by_columns, ends_with(map, kinds[k].module)};
    }
  }
  gsl_matrix_free(y);
  return status;
}

static enum jac_status add_others(const struct jac_map *map, jac_point x, size_t wrt,
                                  struct jac_suspects *suspects) {
  struct jac_array3 *other = calloc(map->nvar, sizeof *other);
  const char **name = calloc(map->nvar, sizeof *name);
  suspects->other = other;
  suspects->other_name = name;
  if (other == NULL || name == NULL)
    return JAC_ENOMEM;
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < map->nvar && status == JAC_OK; v++) {
    if (v == wrt)
      continue;
    status = jac_map_jacobian_new(map, x, v, &other[suspects->nother], NULL);
    if (status == JAC_OK)
      name[suspects->nother++] = map->var[v].name;
  }
  return status;
}

static enum jac_status add_swaps(const struct jac_map *map, jac_point x, size_t wrt,
                                 struct jac_suspects *suspects) {
  struct jac_array3 *swap = calloc(2, sizeof *swap);
  bool there[2] = {false, false};
  if (swap == NULL)
    return JAC_ENOMEM;
  enum jac_status status = jac_swap_z_for_y(map, x, wrt, &swap[0], &there[0], NULL);
  if (status == JAC_OK)
    status = jac_swap_y_for_z(map, x, wrt, &swap[1], &there[1], NULL);
  suspects->swap = swap;
  suspects->z_for_y = there[0] ? &swap[0] : NULL;
  suspects->y_for_z = there[1] ? &swap[1] : NULL;
  return status;
}

enum jac_status jac_suspects_make(const struct jac_map *map, jac_point x, size_t wrt,
                                  const struct jac_array3 *J,
                                  struct jac_suspects *suspects, struct jac_error *err) {
  *suspects = (struct jac_suspects){.map = map, .wrt = wrt, .truth = J};
  enum jac_status status = add_others(map, x, wrt, suspects);
  if (status == JAC_OK)
    status = add_quantities(map, x, wrt, J, suspects);
  if (status == JAC_OK)
    status = add_swaps(map, x, wrt, suspects);
  struct jac_slips *slips = NULL;
  if (status == JAC_OK)
    status = jac_slips_new(map, x, wrt, &slips, NULL);
  suspects->slips = slips;
  if (status == JAC_OK)
    return JAC_OK;
  jac_suspects_free(suspects);
  return jac_fail_memory(err);
}

void jac_suspects_free(struct jac_suspects *suspects) {
  for (size_t k = 0; k < suspects->nquantity; k++)
    free((double *)suspects->quantity[k].value);
  free((struct jac_quantity *)suspects->quantity);
  for (size_t k = 0; k < suspects->nother; k++)
    jac_array3_free((struct jac_array3 *)&suspects->other[k]);
  free((struct jac_array3 *)suspects->other);
  free((const char **)suspects->other_name);
  if (suspects->z_for_y != NULL)
    jac_array3_free((struct jac_array3 *)suspects->z_for_y);
  if (suspects->y_for_z != NULL)
    jac_array3_free((struct jac_array3 *)suspects->y_for_z);
  free((struct jac_array3 *)suspects->swap);
  jac_slips_free((struct jac_slips *)suspects->slips);
  *suspects = (struct jac_suspects){0};
}
