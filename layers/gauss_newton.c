#include "layers/gauss_newton.h"

#include "jacobian/define/second.h"
#include "jacobian/text.h"

#include <gsl/gsl_blas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct gauss_newton {
  struct jac_map map;
  struct jac_map *whole, *inner, *bend; /* bend: the second derivatives of the loss */
  const struct jac_map *loss;           /* of the network */
  size_t link;                          /* the loss's variable that inner gives */
  gsl_matrix **frozen;                  /* J at the last point, for forward() */
};

static const struct gauss_newton *of(const struct jac_map *map) {
  return (const struct gauss_newton *)map;
}

static void free_map(struct jac_map *map) {
  struct gauss_newton *g = (struct gauss_newton *)map;
  jac_map_free(g->bend);
  jac_map_free(g->inner);
  jac_map_free(g->whole);
  if (g->frozen != NULL)
    gsl_matrix_free(*g->frozen);
  free(g->frozen);
}

/* The number in the native numbering of what is row k. */
static size_t native(const struct jac_map *map, size_t k) {
  const struct jac_variable *var = &map->of->var[map->of_wrt];
  size_t index[3];
  jac_number_to_index(var, map->of_order, k, index);
  return jac_index_to_number(var, JAC_ORDER_F, index);
}

/* The loss's point: what inner gives there, and its own variables. */
struct at_loss {
  gsl_matrix *given;
  const gsl_matrix **point;
};

static void leave(struct at_loss *l) {
  gsl_matrix_free(l->given);
  free(l->point);
}

static enum jac_status arrive(const struct gauss_newton *g, jac_point x,
                              struct at_loss *l) {
  const struct jac_map *net = g->map.of;
  *l = (struct at_loss){jac_matrix_calloc(g->inner->rows, g->inner->cols),
                        calloc(g->loss->nvar + 1, sizeof *l->point)};
  if (l->given == NULL || l->point == NULL)
    return JAC_ENOMEM;
  for (size_t v = 0; v < g->loss->nvar; v++)
    l->point[v] = v == g->link
                      ? l->given
                      : x[jac_network_variable(net, jac_network_count(net) - 1, v)];
  return jac_map_forward(g->inner, x, l->given, NULL);
}

/* The Jacobian of inner, an output a row, all entries of the variable across; of what it
 * has not, zeros. NULL: memory ran out. */
static gsl_matrix *dense(const struct gauss_newton *g, jac_point x, size_t v) {
  const struct jac_map *inner = g->inner;
  const struct jac_variable *var = &g->map.var[v];
  gsl_matrix *J = jac_matrix_calloc(inner->rows * inner->cols, jac_variable_size(var));
  struct jac_array3 slices;
  if (J == NULL || v >= inner->nvar)
    return J;
  if (jac_map_jacobian_new(inner, x, v, &slices, NULL) != JAC_OK) {
    gsl_matrix_free(J);
    return NULL;
  }
  bool own = slices.slices > 1 && inner->var[v].role == JAC_DATA;
  for (size_t s = 0; s < slices.slices; s++)
    for (size_t i = 0; i < slices.rows; i++)
      for (size_t j = 0; j < slices.cols; j++)
        gsl_matrix_set(J, s * slices.rows + i, own ? s * slices.cols + j : j,
                       *jac_array3_at(&slices, s, i, j));
  jac_array3_free(&slices);
  return J;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct gauss_newton *g = of(map);
  struct at_loss l;
  gsl_matrix *one = jac_matrix_calloc(1, 1),
             *slope = jac_matrix_calloc(g->inner->rows, g->inner->cols);
  enum jac_status status = arrive(g, x, &l);
  if (*g->frozen == NULL)
    *g->frozen = dense(g, x, map->of_wrt);
  if (one == NULL || slope == NULL || *g->frozen == NULL)
    status = JAC_ENOMEM;
  if (status == JAC_OK) {
    gsl_matrix_set(one, 0, 0, 1.0);
    status = jac_map_vjp(g->loss, l.point, g->link, one, slope, NULL);
  }
  for (size_t i = 0; i < map->cols && status == JAC_OK; i++) {
    double sum = 0.0;
    for (size_t k = 0; k < slope->size1 * slope->size2; k++)
      sum += gsl_matrix_get(*g->frozen, k, native(map, i)) *
             gsl_matrix_get(slope, k / slope->size2, k % slope->size2);
    gsl_matrix_set(y, 0, i, sum);
  }
  gsl_matrix_free(one);
  gsl_matrix_free(slope);
  leave(&l);
  return status;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct gauss_newton *g = of(map);
  size_t n = g->inner->rows * g->inner->cols, columns = J->cols;
  struct at_loss l;
  struct jac_array3 bend = {0};
  gsl_matrix *A = dense(g, x, map->of_wrt), *B = dense(g, x, wrt),
             *H = jac_matrix_calloc(n, n), *HB = jac_matrix_calloc(n, columns),
             *G = jac_matrix_calloc(map->cols, columns);
  enum jac_status status = arrive(g, x, &l);
  if (A == NULL || B == NULL || H == NULL || HB == NULL || G == NULL)
    status = JAC_ENOMEM;
  if (status == JAC_OK)
    status = jac_map_jacobian_new(g->bend, l.point, g->link, &bend, NULL);
  if (status == JAC_OK) {
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        gsl_matrix_set(H, i, j, *jac_array3_at(&bend, 0, i, j));
    gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1.0, H, B, 0.0, HB);
    gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1.0, A, HB, 0.0, G);
    for (size_t i = 0; i < map->cols; i++)
      for (size_t j = 0; j < columns; j++)
        *jac_array3_at(J, 0, i, j) = gsl_matrix_get(G, native(map, i), j);
    gsl_matrix_free(*g->frozen);
    *g->frozen = A;
    A = NULL;
  }
  jac_array3_free(&bend);
  gsl_matrix_free(A);
  gsl_matrix_free(B);
  gsl_matrix_free(H);
  gsl_matrix_free(HB);
  gsl_matrix_free(G);
  leave(&l);
  return status;
}

/* J_to' H J_from times a direction of variable from. */
static enum jac_status through(const struct gauss_newton *g, jac_point x, size_t from,
                               const gsl_matrix *way, size_t to, gsl_matrix *out) {
  const struct jac_map *inner = g->inner;
  struct at_loss l;
  gsl_matrix *moved = jac_matrix_calloc(inner->rows, inner->cols),
             *bent = jac_matrix_calloc(1, inner->rows * inner->cols);
  enum jac_status status = arrive(g, x, &l);
  if (moved == NULL || bent == NULL)
    status = JAC_ENOMEM;
  gsl_matrix_set_zero(out);
  bool any = from < inner->nvar && to < inner->nvar;
  if (status == JAC_OK && any)
    status = jac_map_jvp(inner, x, from, way, moved, NULL);
  if (status == JAC_OK && any)
    status = jac_map_jvp(g->bend, l.point, g->link, moved, bent, NULL);
  if (status == JAC_OK && any) {
    for (size_t k = 0; k < bent->size2; k++)
      gsl_matrix_set(moved, k / moved->size2, k % moved->size2,
                     gsl_matrix_get(bent, 0, k));
    status = jac_map_vjp(inner, x, to, moved, out, NULL);
  }
  gsl_matrix_free(moved);
  gsl_matrix_free(bent);
  leave(&l);
  return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct jac_variable *first = &map->of->var[map->of_wrt];
  gsl_matrix *way = jac_matrix_calloc(x[map->of_wrt]->size1, x[map->of_wrt]->size2);
  double *row = malloc((map->cols + 1) * sizeof *row);
  enum jac_status status = way != NULL && row != NULL ? JAC_OK : JAC_ENOMEM;
  if (status == JAC_OK) {
    for (size_t i = 0; i < map->cols; i++)
      row[i] = gsl_matrix_get(cotangent, 0, i);
    jac_unvec(first, map->of_order, row, way);
    status = through(of(map), x, map->of_wrt, way, wrt, gradient);
  }
  gsl_matrix_free(way);
  free(row);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct jac_variable *first = &map->of->var[map->of_wrt];
  gsl_matrix *slope = jac_matrix_calloc(x[map->of_wrt]->size1, x[map->of_wrt]->size2);
  double *row = malloc((map->cols + 1) * sizeof *row);
  enum jac_status status = slope != NULL && row != NULL
                               ? through(of(map), x, wrt, tangent, map->of_wrt, slope)
                               : JAC_ENOMEM;
  if (status == JAC_OK) {
    jac_vec(first, map->of_order, slope, row);
    for (size_t i = 0; i < map->cols; i++)
      gsl_matrix_set(out, 0, i, row[i]);
  }
  gsl_matrix_free(slope);
  free(row);
  return status;
}

static const struct jac_map_type gauss_newton_type = {.name = "Gauss-Newton",
                                                      .forward = forward,
                                                      .jacobian = jacobian,
                                                      .vjp = vjp,
                                                      .jvp = jvp,
                                                      .free = free_map};

/* Whether inner is the network without its last module. */
static bool fits(const struct jac_map *net, const struct jac_map *inner,
                 const struct jac_map *loss, size_t link, size_t first) {
  bool good = link < loss->nvar && net->rows * net->cols == 1 &&
              inner->nvar <= net->nvar && first < inner->nvar &&
              jac_variable_size(&loss->var[link]) == inner->rows * inner->cols;
  for (size_t v = 0; v < inner->nvar && good; v++)
    good = jac_variable_size(&inner->var[v]) == jac_variable_size(&net->var[v]);
  return good;
}

enum jac_status jac_gauss_newton_new(struct jac_map *second, struct jac_map *inner,
                                     struct jac_map **map, struct jac_error *err) {
  const struct jac_map *net = second->of;
  size_t count = jac_network_count(net);
  struct gauss_newton *g = calloc(1, sizeof *g);
  *map = NULL;
  if (g == NULL) {
    jac_map_free(second);
    jac_map_free(inner);
    return jac_fail_memory(err);
  }
  g->map = *second;
  g->map.type = &gauss_newton_type;
  g->whole = second;
  g->inner = inner;
  g->loss = jac_network_module(net, count - 1);
  while (g->link < g->loss->nvar &&
         jac_network_variable(net, count - 1, g->link) < net->nvar)
    g->link++;
  g->frozen = calloc(1, sizeof *g->frozen);
  g->map.spec = malloc(strlen(second->spec) + 1);
  g->map.var = malloc((second->nvar + 1) * sizeof *g->map.var);
  if (g->frozen == NULL || g->map.spec == NULL || g->map.var == NULL) {
    jac_map_free(&g->map);
    return jac_fail_memory(err);
  }
  strcpy(g->map.spec, second->spec);
  memcpy(g->map.var, second->var, second->nvar * sizeof *g->map.var);
  for (size_t v = 0; v < second->nvar; v++)
    g->map.var[v].writer = NULL;
  enum jac_status status = JAC_OK;
  if (count < 2 || !fits(net, inner, g->loss, g->link, second->of_wrt))
    status = jac_fail(err, JAC_EREFUSED,
                      _("the Gauss-Newton part is that of a network that ends in a "
                        "loss, one number, by what stands before the loss"));
  if (status == JAC_OK)
    status = jac_second_new(g->loss, NULL, g->link, JAC_ORDER_F, &g->bend, err);
  if (status == JAC_OK) {
    g->map.of_differences = g->bend->of_differences;
    *map = &g->map;
  } else
    jac_map_free(&g->map);
  return status;
}

enum jac_status jac_gauss_newton_apart(const struct jac_map *map, jac_point x, size_t wrt,
                                       double *largest, struct jac_error *err) {
  struct jac_array3 part = {0}, whole = {0};
  enum jac_status status = jac_map_jacobian_new(map, x, wrt, &part, err);
  if (status == JAC_OK)
    status = jac_map_jacobian_new(of(map)->whole, x, wrt, &whole, err);
  *largest = 0.0;
  for (size_t i = 0; i < part.rows && status == JAC_OK; i++)
    for (size_t j = 0; j < part.cols; j++)
      *largest = fmax(*largest, fabs(*jac_array3_at(&part, 0, i, j) -
                                     *jac_array3_at(&whole, 0, i, j)));
  jac_array3_free(&part);
  jac_array3_free(&whole);
  return status;
}
