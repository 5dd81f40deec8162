#include "layers/graph_internal.h"
#include "layers/network_internal.h"
#include "layers/pass_internal.h"

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
static enum jac_status chain(const struct network *net, const struct jac_pass *p,
                             size_t wrt, const struct jac_array3 *J) {
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
  struct jac_pass p;
  enum jac_status status = jac_pass_run(map, x, last, &p);
  if (status == JAC_OK && owner == last)
    status = m->type->jacobian(m, p.point[owner], net->inner[wrt], &view);
  else if (status == JAC_OK)
    status = chain(net, &p, wrt, &view);
  jac_pass_free(&p);
  return status;
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
  struct jac_structure s = {.columns = jac_pass_columns};
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
    .forward = jac_pass_forward,
    .jacobian = jacobian,
    .vjp = jac_pass_vjp,
    .jvp = jac_pass_jvp,
    .structure = structure,
    .free = free_network,
};
