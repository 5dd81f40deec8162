/* Networks in equations as maps. With D_k the derivative of what node k gives,
 *
 *   D_k = sum over its variables v of J_{k,v} D_{source of v},
 *
 * where D of the variable itself is I: the sum over all uses. The products go the same
 * way, tangents forwards and cotangents backwards. */
#include "layers/graph_internal.h"
#include "layers/network_internal.h"

#include <stdlib.h>
#include <string.h>

static const struct jac_graph *of(const struct jac_map *map) {
  return (const struct jac_graph *)map;
}

/* What the nodes give, and the point of each. */
struct pass {
  const struct jac_graph *g;
  gsl_matrix **value;
  const gsl_matrix ***point;
};

static void pass_free(struct pass *p) {
  for (size_t k = 0; k < p->g->count; k++) {
    if (p->value != NULL)
      gsl_matrix_free(p->value[k]);
    if (p->point != NULL)
      free(p->point[k]);
  }
  free(p->value);
  free(p->point);
}

static enum jac_status pass_run(const struct jac_graph *g, jac_point x, struct pass *p) {
  *p = (struct pass){g, calloc(g->count, sizeof *p->value),
                     calloc(g->count, sizeof *p->point)};
  enum jac_status status = p->value != NULL && p->point != NULL ? JAC_OK : JAC_ENOMEM;
  for (size_t k = 0; k < g->count && status == JAC_OK; k++) {
    const struct jac_map *m = g->node[k].map;
    p->point[k] = malloc((m->nvar + 1) * sizeof **p->point);
    p->value[k] = jac_matrix_alloc(m->rows, m->cols);
    if (p->point[k] == NULL || p->value[k] == NULL)
      return JAC_ENOMEM;
    for (size_t v = 0; v < m->nvar; v++) {
      struct jac_source s = g->node[k].source[v];
      p->point[k][v] = s.node ? p->value[s.at] : x[s.at];
    }
    status = m->type->forward(m, p->point[k], p->value[k]);
  }
  return status;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  struct pass p;
  enum jac_status status = pass_run(of(map), x, &p);
  if (status == JAC_OK)
    gsl_matrix_memcpy(y, p.value[of(map)->count - 1]);
  pass_free(&p);
  return status;
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
static enum jac_status derive_node(const struct jac_graph *g, const struct pass *p,
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
  struct pass p;
  enum jac_status status = pass_run(g, x, &p);
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
  pass_free(&p);
  return status;
}

/* Matrices of a pass over the nodes, each there once something flows through it. */
static void flow_free(gsl_matrix **flow, size_t count) {
  for (size_t k = 0; k < count && flow != NULL; k++)
    gsl_matrix_free(flow[k]);
  free(flow);
}

/* sum += part; the first part is the sum. Takes part over. */
static void add_part(gsl_matrix **sum, gsl_matrix *part) {
  if (*sum == NULL) {
    *sum = part;
    return;
  }
  gsl_matrix_add(*sum, part);
  gsl_matrix_free(part);
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct jac_graph *g = of(map);
  gsl_matrix **flow = calloc(g->count, sizeof *flow);
  struct pass p;
  enum jac_status status = pass_run(g, x, &p);
  if (flow == NULL)
    status = JAC_ENOMEM;
  for (size_t k = 0; k < g->count && status == JAC_OK; k++) {
    const struct jac_map *m = g->node[k].map;
    for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
      struct jac_source s = g->node[k].source[v];
      const gsl_matrix *along = s.node ? flow[s.at] : s.at == wrt ? tangent : NULL;
      gsl_matrix *part = along != NULL ? jac_matrix_alloc(m->rows, m->cols) : NULL;
      if (along == NULL)
        continue;
      status = part == NULL ? JAC_ENOMEM : m->type->jvp(m, p.point[k], v, along, part);
      if (part != NULL)
        add_part(&flow[k], part);
    }
  }
  gsl_matrix_set_zero(out);
  if (status == JAC_OK && flow[g->count - 1] != NULL)
    gsl_matrix_memcpy(out, flow[g->count - 1]);
  flow_free(flow, g->count);
  pass_free(&p);
  return status;
}

/* The cotangent of node k goes back to what it is made of. */
static enum jac_status back(const struct jac_graph *g, const struct pass *p, size_t k,
                            size_t wrt, gsl_matrix **flow, gsl_matrix *gradient) {
  const struct jac_map *m = g->node[k].map;
  enum jac_status status = JAC_OK;
  for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
    struct jac_source s = g->node[k].source[v];
    if (!s.node && s.at != wrt)
      continue;
    gsl_matrix *part = jac_matrix_alloc(p->point[k][v]->size1, p->point[k][v]->size2);
    status = part == NULL ? JAC_ENOMEM : m->type->vjp(m, p->point[k], v, flow[k], part);
    if (status == JAC_OK && !s.node)
      gsl_matrix_add(gradient, part);
    if (status == JAC_OK && s.node)
      add_part(&flow[s.at], part);
    else
      gsl_matrix_free(part);
  }
  return status;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct jac_graph *g = of(map);
  gsl_matrix **flow = calloc(g->count, sizeof *flow);
  struct pass p;
  enum jac_status status = pass_run(g, x, &p);
  gsl_matrix *first = jac_matrix_alloc(cotangent->size1, cotangent->size2);
  if (flow == NULL || first == NULL)
    status = JAC_ENOMEM;
  gsl_matrix_set_zero(gradient);
  if (status == JAC_OK) {
    gsl_matrix_memcpy(first, cotangent);
    flow[g->count - 1] = first;
  } else
    gsl_matrix_free(first);
  for (size_t k = g->count; k-- > 0 && status == JAC_OK;)
    if (flow[k] != NULL)
      status = back(g, &p, k, wrt, flow, gradient);
  flow_free(flow, g->count);
  pass_free(&p);
  return status;
}

/* The numbers of a node's output in the form of the whole. */
static size_t outputs(const struct jac_graph *g, size_t k) {
  const struct jac_map *m = g->node[k].map;
  return m->rows * m->cols / (g->map.coupled ? 1 : m->batch);
}

/* Marks what the marked outputs of node k can depend on, through its variable v; in the
 * form of the whole, where a node of uncoupled samples may be spread out. */
static void reach(const struct jac_graph *g, size_t k, size_t v, const bool *from,
                  bool *to, size_t *columns) {
  const struct jac_map *m = g->node[k].map;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(m, v, &slices, &rows, &cols);
  size_t samples = g->map.coupled && !m->coupled ? m->batch : 1;
  bool shared = m->var[v].role == JAC_PARAMETER;
  for (size_t n = 0; n < samples; n++)
    for (size_t i = 0; i < rows; i++) {
      if (!from[n * rows + i])
        continue;
      size_t base = shared ? 0 : n * cols, count = jac_map_columns(m, v, i, columns);
      for (size_t c = 0; c < count; c++)
        to[base + columns[c]] = true;
    }
}

/* Without memory every column is named: too many is safe. */
/* Long: three arrays are made, used and freed. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct jac_graph *g = of(map);
  size_t slices, rows, cols, count = 0, most = 0, all = 0;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  size_t *at = calloc(g->count + 1, sizeof *at);
  for (size_t k = 0; k < g->count && at != NULL; k++) {
    at[k] = all;
    all += outputs(g, k);
    for (size_t v = 0; v < g->node[k].map->nvar; v++)
      if (jac_variable_size(&g->node[k].map->var[v]) > most)
        most = jac_variable_size(&g->node[k].map->var[v]);
  }
  bool *marks = calloc(all + cols, sizeof *marks);
  size_t *scratch = malloc((most + 1) * sizeof *scratch);
  bool ready = at != NULL && marks != NULL && scratch != NULL;
  if (ready)
    marks[at[g->count - 1] + row] = true;
  for (size_t k = g->count; k-- > 0 && ready;)
    for (size_t v = 0; v < g->node[k].map->nvar; v++) {
      struct jac_source s = g->node[k].source[v];
      if (s.node || s.at == wrt)
        reach(g, k, v, marks + at[k], s.node ? marks + at[s.at] : marks + all, scratch);
    }
  for (size_t j = 0; j < cols; j++)
    if (!ready || marks[all + j])
      columns[count++] = j;
  free(at);
  free(marks);
  free(scratch);
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)map;
  (void)wrt;
  return (struct jac_structure){.columns = columns_of, .written = true};
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
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_graph,
};
