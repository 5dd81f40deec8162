/* Networks in equations as maps. With D_k the derivative of what node k gives,
 *
 *   D_k = sum over its variables v of J_{k,v} D_{source of v},
 *
 * where D of the variable itself is I: the sum over all uses. The products go the same
 * way (pass.c). */
#include "layers/graph_internal.h"
#include "layers/network_internal.h"
#include "layers/pass_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_graph *of(const struct jac_map *map) {
  return (const struct jac_graph *)map;
}

/* Whether the node's variable v depends on the variable, where `made` says which nodes
 * do. */
static bool depends(const struct jac_node *node, size_t v, size_t wrt, const bool *made) {
  struct jac_source s = node->source[v];
  return s.node ? made[s.at] : s.at == wrt;
}

/* D += J of a slice each; what J has as zero meets nothing. */
static void add_product(const struct jac_array3 *J, const struct jac_array3 *before,
                        const struct jac_array3 *D) {
  for (size_t s = 0; s < D->slices; s++)
    for (size_t i = 0; i < D->rows; i++) {
      double *row = jac_array3_at(D, s, i, 0);
      const double *local = jac_array3_at(J, s, i, 0);
      for (size_t k = 0; k < J->cols; k++)
        for (size_t c = 0; c < D->cols && local[k] != 0.0; c++)
          row[c] += local[k] * *jac_array3_at(before, s, k, c);
    }
}

static void add_all(const struct jac_array3 *J, const struct jac_array3 *D) {
  for (size_t s = 0; s < D->slices; s++)
    for (size_t i = 0; i < D->rows; i++)
      for (size_t c = 0; c < D->cols; c++)
        *jac_array3_at(D, s, i, c) += *jac_array3_at(J, s, i, c);
}

/* D_k, where it is not zero. */
static enum jac_status derive_node(const struct jac_graph *g, const struct jac_pass *p,
                                   size_t k, size_t wrt, struct jac_array3 *D,
                                   bool *made) {
  const struct jac_map *map = &g->map, *m = g->node[k].map;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
    struct jac_array3 J;
    if (!depends(&g->node[k], v, wrt, made))
      continue;
    status = jac_network_local(map, m, p->point[k], v, &J);
    if (status == JAC_OK && !made[k]) {
      status = jac_array3_alloc(slices, J.rows, cols, &D[k], NULL);
      made[k] = status == JAC_OK;
    }
    struct jac_source s = g->node[k].source[v];
    if (status == JAC_OK && s.node)
      add_product(&J, &D[s.at], &D[k]);
    else if (status == JAC_OK)
      add_all(&J, &D[k]);
    jac_array3_free(&J);
  }
  return status;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct jac_graph *g = of(map);
  struct jac_array3 *D = calloc(g->count, sizeof *D);
  bool *made = calloc(g->count, sizeof *made);
  struct jac_pass p;
  enum jac_status status = jac_pass_run(map, x, g->count - 1, &p);
  if (D == NULL || made == NULL)
    status = JAC_ENOMEM;
  for (size_t k = 0; k < g->count && status == JAC_OK; k++)
    status = derive_node(g, &p, k, wrt, D, made);
  size_t last = g->count - 1;
  for (size_t s = 0; s < J->slices && status == JAC_OK; s++)
    for (size_t i = 0; i < J->rows; i++)
      for (size_t c = 0; c < J->cols; c++)
        *jac_array3_at(J, s, i, c) = made[last] ? *jac_array3_at(&D[last], s, i, c) : 0.0;
  for (size_t k = 0; k < g->count && D != NULL && made != NULL; k++)
    if (made[k])
      jac_array3_free(&D[k]);
  free(D);
  free(made);
  jac_pass_free(&p);
  return status;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = jac_pass_columns, .written = true};
}

static void free_graph(struct jac_map *map) {
  struct jac_graph *g = (struct jac_graph *)map;
  for (size_t k = 0; k < g->count; k++) {
    jac_map_free(g->node[k].map);
    free(g->node[k].source);
  }
  free(g->node);
}

const struct jac_map_type jac_graph_type = {
    .name = "graph",
    .forward = jac_pass_forward,
    .jacobian = jacobian,
    .vjp = jac_pass_vjp,
    .jvp = jac_pass_jvp,
    .structure = structure,
    .free = free_graph,
};
