#include "layers/graph_internal.h"
#include "layers/network_internal.h"

#include "jacobian/form.h"
#include "jacobian/product.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct network *of(const struct jac_map *map) {
  return (const struct network *)map;
}

static bool is_network(const struct jac_map *map) {
  return map->type == &jac_network_type;
}

static bool is_graph(const struct jac_map *map) {
  return map->type == &jac_graph_type;
}

size_t jac_network_count(const struct jac_map *map) {
  return is_network(map) ? of(map)->count
         : is_graph(map) ? ((const struct jac_graph *)map)->count
                         : 1;
}

const struct jac_map *jac_network_module(const struct jac_map *map, size_t k) {
  return is_network(map) ? of(map)->module[k]
         : is_graph(map) ? ((const struct jac_graph *)map)->node[k].map
                         : map;
}

size_t jac_network_variable(const struct jac_map *map, size_t k, size_t v) {
  size_t found = 0;
  if (is_graph(map)) {
    struct jac_source s = ((const struct jac_graph *)map)->node[k].source[v];
    return s.node ? map->nvar : s.at;
  }
  if (!is_network(map))
    return v;
  while (found < map->nvar && (of(map)->owner[found] != k || of(map)->inner[found] != v))
    found++;
  return found;
}

size_t jac_network_before(const struct jac_map *map, size_t k, size_t v) {
  return is_graph(map) ? ((const struct jac_graph *)map)->node[k].source[v].at : k - 1;
}

size_t jac_network_find(const struct jac_map *map, const char *name) {
  size_t stem = strlen(name), v = jac_map_find(map, name);
  while (stem > 0 && name[stem - 1] >= '0' && name[stem - 1] <= '9')
    stem--;
  if (v < map->nvar || name[stem] == '\0')
    return v;
  for (v = 0; v < map->nvar; v++) {
    char numbered[JAC_NAME_SIZE + 24];
    size_t number = is_network(map) ? of(map)->ordinal[v] : 1;
    snprintf(numbered, sizeof numbered, "%s%zu", map->var[v].name, number);
    if (strcmp(numbered, name) == 0)
      break;
  }
  return v;
}

/* The values between the modules, made by the forward pass: value[k] is what module k
 * gives. Module k is evaluated at point[k]. */
struct pass {
  const struct network *net;
  gsl_matrix **value;
  const gsl_matrix ***point;
};

static void pass_free(struct pass *p) {
  for (size_t k = 0; k < p->net->count; k++) {
    if (p->value != NULL)
      gsl_matrix_free(p->value[k]);
    if (p->point != NULL)
      free(p->point[k]);
  }
  free(p->value);
  free(p->point);
}

/* Runs the modules before `modules`, and readies the point of that one too. */
static enum jac_status pass_run(const struct network *net, jac_point x, size_t modules,
                                struct pass *p) {
  *p = (struct pass){net, calloc(net->count, sizeof *p->value),
                     calloc(net->count, sizeof *p->point)};
  enum jac_status status = p->value != NULL && p->point != NULL ? JAC_OK : JAC_ENOMEM;
  for (size_t k = 0; k <= modules && k < net->count && status == JAC_OK; k++) {
    const struct jac_map *m = net->module[k];
    p->point[k] = malloc((m->nvar + 1) * sizeof **p->point);
    p->value[k] = jac_matrix_alloc(m->rows, m->cols);
    if (p->point[k] == NULL || p->value[k] == NULL)
      return JAC_ENOMEM;
    for (size_t v = 0; v < m->nvar; v++) {
      size_t own = jac_network_variable(&net->map, k, v);
      p->point[k][v] = own < net->map.nvar ? x[own] : p->value[k - 1];
    }
    if (k < modules)
      status = m->type->forward(m, p->point[k], p->value[k]);
  }
  return status;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  const struct network *net = of(map);
  struct pass p;
  enum jac_status status = pass_run(net, x, net->count - 1, &p);
  if (status == JAC_OK) {
    const struct jac_map *last = net->module[net->count - 1];
    status = last->type->forward(last, p.point[net->count - 1], y);
  }
  pass_free(&p);
  return status;
}

/* The local Jacobian of module k with respect to its variable v, in the network's own
 * form: slices where the network is uncoupled, else full. */
enum jac_status jac_network_local(const struct jac_map *map, const struct jac_map *m,
                                  jac_point x, size_t v, struct jac_array3 *J) {
  struct jac_array3 native;
  enum jac_status status = jac_map_jacobian_new(m, x, v, &native, NULL);
  if (status != JAC_OK || !map->coupled || m->coupled) {
    *J = native;
    return status;
  }
  struct jac_layout layout;
  status = jac_layout_make(m, v, JAC_FORM_FULL, JAC_ORDER_F, &layout, NULL);
  if (status == JAC_OK)
    status = jac_layout_from_native(&layout, &native, J, NULL);
  jac_array3_free(&native);
  return status;
}

/* A module's local Jacobian, and its place in the chain. */
struct local {
  struct jac_array3 native;
  struct jac_pattern pattern;
};

/* How many columns of their own the rows of a module's local Jacobian have
 * (jacobian/product.h), sample by sample; 0: they share them. */
static size_t own_width(const struct jac_map *m, size_t v) {
  return m->coupled && m->batch > 1 ? 0 : jac_map_structure(m, v).width;
}

/* Such rows are stored as one: in a view without a step from row to row the module finds
 * the place of each of its entries. */
static enum jac_status local_make(const struct jac_map *map, const struct jac_map *m,
                                  jac_point x, size_t v, struct local *local,
                                  struct jac_factor *factor) {
  enum jac_status status = jac_pattern_new(m, v, &local->pattern, NULL);
  if (status != JAC_OK)
    return status;
  const struct jac_pattern *p = &local->pattern;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(m, v, &slices, &rows, &cols);
  bool alike = jac_map_structure(m, v).alike;
  size_t width = own_width(m, v);
  bool own = width > 0;
  struct jac_array3 *J = &local->native;
  status = jac_array3_alloc(alike ? 1 : slices, own ? 1 : rows, cols, J, NULL);
  if (status != JAC_OK)
    return status;
  J->rows = rows;
  J->row_step = own ? 0 : cols;
  *factor = (struct jac_factor){
      .data = J->data,
      .groups = slices,
      .rows = rows,
      .cols = cols,
      .group_step = J->slice_step,
      .row_step = J->row_step,
      .width = width,
      .sparse = p->kind == JAC_PATTERN_SPARSE && !own ? p : NULL,
      .alike = alike,
      .stacked = map->coupled && !m->coupled && m->var[v].role == JAC_PARAMETER,
  };
  return m->type->jacobian(m, x, v, J);
}

/* Whether nothing from the variable on couples samples, though the network does. */
static bool behind_coupling(const struct network *net, size_t wrt) {
  bool coupled = false;
  for (size_t k = net->owner[wrt]; k < net->count; k++)
    coupled = coupled || net->module[k]->coupled;
  return net->map.coupled && !coupled;
}

/* The product of the local Jacobians from the last module's to the owner's. */
static enum jac_status chain(const struct network *net, const struct pass *p, size_t wrt,
                             const struct jac_array3 *J) {
  size_t owner = net->owner[wrt], count = net->count - owner;
  struct local *local = calloc(count, sizeof *local);
  struct jac_factor *factor = malloc(count * sizeof *factor);
  enum jac_status status = local != NULL && factor != NULL ? JAC_OK : JAC_ENOMEM;
  for (size_t f = 0; f < count && status == JAC_OK; f++) {
    size_t k = net->count - 1 - f;
    status = local_make(&net->map, net->module[k], p->point[k],
                        k == owner ? net->inner[wrt] : 0, &local[f], &factor[f]);
  }
  if (status == JAC_OK)
    status = jac_factor_chain(factor, count, J);
  for (size_t f = 0; f < count && local != NULL; f++) {
    jac_array3_free(&local[f].native);
    jac_pattern_free(&local[f].pattern);
  }
  free(local);
  free(factor);
  return status;
}

/* Behind all coupling the full Jacobian is slices: on the diagonal for data, one under
 * the other for a parameter. */
static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  const struct network *net = of(map);
  size_t owner = net->owner[wrt], last = net->count - 1;
  const struct jac_map *m = net->module[owner];
  struct jac_array3 view = *J;
  if (behind_coupling(net, wrt)) {
    bool diagonal = map->var[wrt].role == JAC_DATA;
    view.slices = map->batch;
    view.rows = J->rows / map->batch;
    view.cols = J->cols / (diagonal ? map->batch : 1);
    view.slice_step = view.rows * J->row_step + (diagonal ? view.cols : 0);
  }
  struct pass p;
  enum jac_status status = pass_run(net, x, last, &p);
  if (status == JAC_OK && owner == last)
    status = m->type->jacobian(m, p.point[owner], net->inner[wrt], &view);
  else if (status == JAC_OK)
    status = chain(net, &p, wrt, &view);
  pass_free(&p);
  return status;
}

/* Backpropagation: the cotangent goes back through the modules' fast products. */
static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *cotangent, gsl_matrix *gradient) {
  const struct network *net = of(map);
  struct pass p;
  gsl_matrix *delta = jac_matrix_alloc(cotangent->size1, cotangent->size2);
  enum jac_status status = pass_run(net, x, net->count - 1, &p);
  if (delta == NULL)
    status = JAC_ENOMEM;
  else
    gsl_matrix_memcpy(delta, cotangent);
  for (size_t k = net->count; k-- > net->owner[wrt] + 1 && status == JAC_OK;) {
    gsl_matrix *before = jac_matrix_alloc(p.point[k][0]->size1, p.point[k][0]->size2);
    status = before == NULL ? JAC_ENOMEM
                            : net->module[k]->type->vjp(net->module[k], p.point[k], 0,
                                                        delta, before);
    gsl_matrix_free(delta);
    delta = before;
  }
  size_t owner = net->owner[wrt];
  if (status == JAC_OK)
    status = net->module[owner]->type->vjp(net->module[owner], p.point[owner],
                                           net->inner[wrt], delta, gradient);
  gsl_matrix_free(delta);
  pass_free(&p);
  return status;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *tangent, gsl_matrix *out) {
  const struct network *net = of(map);
  size_t owner = net->owner[wrt];
  struct pass p;
  gsl_matrix *moved = NULL;
  enum jac_status status = pass_run(net, x, net->count - 1, &p);
  for (size_t k = owner; k < net->count && status == JAC_OK; k++) {
    const struct jac_map *m = net->module[k];
    gsl_matrix *next = jac_matrix_alloc(m->rows, m->cols);
    status = next == NULL ? JAC_ENOMEM
                          : m->type->jvp(m, p.point[k], k == owner ? net->inner[wrt] : 0,
                                         k == owner ? tangent : moved, next);
    gsl_matrix_free(moved);
    moved = next;
  }
  if (status == JAC_OK)
    gsl_matrix_memcpy(out, moved);
  gsl_matrix_free(moved);
  pass_free(&p);
  return status;
}

/* Which numbers of module k's variable v the marked outputs can depend on; in the
 * network's form, so that a module of uncoupled samples in a coupled network is spread
 * out. */
static void reach(const struct network *net, size_t k, size_t v, const bool *outputs,
                  bool *inputs, size_t *columns) {
  const struct jac_map *m = net->module[k];
  size_t slices, rows, cols;
  jac_map_jacobian_shape(m, v, &slices, &rows, &cols);
  bool spread = net->map.coupled && !m->coupled;
  size_t samples = spread ? m->batch : 1;
  bool shared = m->var[v].role == JAC_PARAMETER;
  memset(inputs, 0, (shared ? 1 : samples) * cols * sizeof *inputs);
  for (size_t n = 0; n < samples; n++)
    for (size_t i = 0; i < rows; i++) {
      if (!outputs[n * rows + i])
        continue;
      size_t base = shared ? 0 : n * cols, count = jac_map_columns(m, v, i, columns);
      for (size_t c = 0; c < count; c++)
        inputs[base + columns[c]] = true;
    }
}

/* The most numbers that any module has as outputs or in a variable. */
static size_t widest(const struct network *net) {
  size_t most = net->map.rows * net->map.cols;
  for (size_t k = 0; k < net->count; k++) {
    const struct jac_map *m = net->module[k];
    if (m->rows * m->cols > most)
      most = m->rows * m->cols;
    for (size_t v = 0; v < m->nvar; v++)
      if (jac_variable_size(&m->var[v]) > most)
        most = jac_variable_size(&m->var[v]);
  }
  return most;
}

/* Without memory every column is named: too many is safe. */
static size_t columns_of(const struct jac_map *map, size_t wrt, size_t row,
                         size_t *columns) {
  const struct network *net = of(map);
  size_t slices, rows, cols, count = 0, most = widest(net);
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  bool *marks = calloc(2 * most, sizeof *marks), *from = marks;
  size_t *scratch = malloc(most * sizeof *scratch);
  if (marks != NULL && scratch != NULL) {
    bool *to = marks + most;
    from[row] = true;
    for (size_t k = net->count; k-- > net->owner[wrt];) {
      reach(net, k, k == net->owner[wrt] ? net->inner[wrt] : 0, from, to, scratch);
      bool *swap = from;
      from = to;
      to = swap;
    }
  }
  for (size_t j = 0; j < cols; j++)
    if (marks == NULL || scratch == NULL || from[j])
      columns[count++] = j;
  free(marks);
  free(scratch);
  return count;
}

static void free_network(struct jac_map *map) {
  struct network *net = (struct network *)map;
  for (size_t k = 0; k < net->count; k++)
    jac_map_free(net->module[k]);
  free(net->module);
  free(net->owner);
  free(net->inner);
  free(net->ordinal);
}

/* Rows with columns of their own keep them in a product, which then has the product of
 * the widths; any other product writes every entry. */
static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  const struct network *net = of(map);
  size_t owner = net->owner[wrt], width = 1;
  struct jac_structure s = {.columns = columns_of};
  for (size_t k = owner; k < net->count; k++)
    width *= own_width(net->module[k], k == owner ? net->inner[wrt] : 0);
  if (width > 0 && !map->coupled)
    s = (struct jac_structure){.width = width};
  if (behind_coupling(net, wrt) && map->var[wrt].role == JAC_DATA)
    return s;
  s.written = owner + 1 < net->count
                  ? width == 0
                  : jac_map_structure(net->module[owner], net->inner[wrt]).written;
  return s;
}

const struct jac_map_type jac_network_type = {
    .name = "network",
    .forward = forward,
    .jacobian = jacobian,
    .vjp = vjp,
    .jvp = jvp,
    .structure = structure,
    .free = free_network,
};
